/* The nearest right word for a wrong one. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "command.h"

enum { LONGEST = 63, BEGINNING = 3 };

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

static bool same(char a, char b) { return tolower((unsigned char)a) == tolower((unsigned char)b); }

/* Optimal string alignment (Damerau-Levenshtein without overlapping swaps), three rows at a time.
 */
size_t edit_distance(const char *a, const char *b)
{
	size_t row[3][LONGEST + 1];
	size_t n = least(strlen(a), LONGEST), m = least(strlen(b), LONGEST);

	for (size_t j = 0; j <= m; j++)
		row[0][j] = j;
	for (size_t i = 1; i <= n; i++) {
		const size_t *above2 = row[(i + 1) % 3], *above = row[(i + 2) % 3];
		size_t *here = row[i % 3];
		here[0] = i;
		for (size_t j = 1; j <= m; j++) {
			size_t d = above[j - 1] + !same(a[i - 1], b[j - 1]);
			d = least(d, least(above[j], here[j - 1]) + 1);
			if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
				d = least(d, above2[j - 2] + 1);
			here[j] = d;
		}
	}
	return row[n % 3][m];
}

/* A beginning of the other is as near as one wrong letter. */
static size_t distance(const char *text, const char *name)
{
	size_t n = least(strlen(text), strlen(name)), shared = 0;

	while (shared < n && same(text[shared], name[shared]))
		shared++;
	return shared == n && n >= BEGINNING ? 1 : edit_distance(text, name);
}

void nearest_name(const char *text, const char *names, char *found, size_t room)
{
	size_t near = strlen(text) < 3 ? 1 : strlen(text) / 2, best = near + 1;

	found[0] = '\0';
	while (*names) {
		char name[LONGEST + 1];
		size_t length = strcspn(names, "|");
		size_t kept = least(length, least(LONGEST, room - 1));
		memcpy(name, names, kept);
		name[kept] = '\0';
		size_t d = distance(text, name);
		if (d < best) {
			best = d;
			memcpy(found, name, kept + 1);
		}
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
