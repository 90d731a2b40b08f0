/* The nearest right word for a wrong one. */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "core/nearest.h"

enum { LONGEST = 63 };

void nearest_name(const char *text, const char *names, char *found, size_t room)
{
	onn_nearest nearest = ONN_NEAREST_INIT(text);

	found[0] = '\0';
	while (*names) {
		char name[LONGEST + 1];
		size_t length = strcspn(names, "|");
		size_t kept = length < LONGEST ? length : LONGEST;
		kept = kept < room ? kept : room - 1;
		memcpy(name, names, kept);
		name[kept] = '\0';
		if (onn_nearest_try(&nearest, name)) /* which lasts as long as this turn */
			memcpy(found, name, kept + 1);
		names += length + (names[length] == '|');
	}
}

const char *nearest_hint(char *hint, size_t room, const char *text, const char *names)
{
	char found[LONGEST + 1];

	nearest_name(text, names, found, sizeof found);
	hint[0] = '\0';
	if (*found)
		snprintf(hint, room, "; the nearest is '%s'", found);
	return hint;
}
