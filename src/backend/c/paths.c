/* Which way a step is done, and what is said of it. */
#include "backend/c/builder.h"

onn_status onn_c_take_path(
    onn_c_builder *b, const onn_step *step, const onn_c_path *paths, size_t count, void *subject)
{
	size_t i = 0;
	while (i + 1 < count && paths[i].find && !paths[i].find(b, step, subject))
		i++;
	onn_c_say(b, b->step, "%s", paths[i].name);
	return paths[i].prepare ? paths[i].prepare(b, step, subject) : ONN_OK;
}

void onn_c_say(onn_c_builder *b, uint32_t step, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	onn_say(&b->said[step], format, arguments);
	va_end(arguments);
}

void onn_c_take_next(onn_c_builder *b, const char *name)
{
	b->taken++;
	onn_c_say(b, b->step + b->taken, "%s in %u", name, (unsigned)b->step);
}
