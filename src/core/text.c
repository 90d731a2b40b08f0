/*
 * Text that grows.
 */
#include "core/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"

void onn_text_add(onn_text *text, const char *format, ...)
{
	va_list arguments, again;
	va_start(arguments, format);
	va_copy(again, arguments);
	int length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0 || text->failed ||
	    !onn_grow(&text->data, &text->capacity, text->length + (size_t)length + 1, 1)) {
		text->failed = true;
	} else {
		vsnprintf(text->data + text->length, (size_t)length + 1, format, again);
		text->length += (size_t)length;
	}
	va_end(again);
}

char *onn_text_take(onn_text *text)
{
	onn_text_add(text, "%s", "");
	char *data = text->data;
	if (text->failed) {
		onn_error_memory("onn_text_take", text->length + 1);
		free(data);
		data = NULL;
	}
	*text = (onn_text)ONN_TEXT_INIT;
	return data;
}

void onn_text_free(onn_text *text)
{
	free(text->data);
	*text = (onn_text)ONN_TEXT_INIT;
}

void onn_append(char *text, size_t room, const char *format, ...)
{
	size_t used = strlen(text);
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text + used, room - used, format, arguments);
	va_end(arguments);
}
