#include "plot/axis.h"

#include <string.h>

/* Both numbers, in the unit of one kind that they have; "" where they have none. */
static bool read_ends(double end[2], const char **unit, char *const text[2])
{
	const char *kind = NULL; /* plain numbers first */
	size_t k = 0;

	do {
		if (onn_quantity_read(&end[0], text[0], strlen(text[0]), kind) &&
		    onn_quantity_read(&end[1], text[1], strlen(text[1]), kind)) {
			*unit = kind ? kind : "";
			return true;
		}
		kind = onn_quantity_unit(k++);
	} while (kind);
	return false;
}

int axis_read(
    const command *c, picture_axis *axis, const char *option, char text[AXIS_TEXT], size_t count)
{
	char given[AXIS_TEXT];
	const char *unit = "";
	double end[2];

	strcpy(given, text);
	char *from = strchr(text, ':'), *to = from ? strchr(from + 1, ':') : NULL;
	if (to) {
		*from = *to = '\0';
		from++;
		to++;
	}
	if (!to || !*text || strchr(text, '\'') ||
	    !read_ends(end, &unit, (char *const[]){from, to}) || end[0] == end[1])
		return command_usage(c,
		    "%s is '%s'; expected NAME:FROM:TO, what the first and the last pixel are at, "
		    "in "
		    "units of one kind, as z:0:40mm",
		    option, given);
	*axis = (picture_axis){
	    text, end[0], count > 1 ? (end[1] - end[0]) / (double)(count - 1) : 1, unit};
	return EXIT_OK;
}
