/* The nearest right word for a wrong one. */
#include <ctype.h>
#include <string.h>

#include "command.h"

enum { LONGEST = 63 };

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

void nearest_name(const char *text, const char *names, char *found, size_t room)
{
	size_t best = (size_t)-1;

	found[0] = '\0';
	while (*names) {
		char name[LONGEST + 1];
		size_t length = strcspn(names, "|");
		size_t kept = least(length, least(LONGEST, room - 1));
		memcpy(name, names, kept);
		name[kept] = '\0';
		size_t distance = edit_distance(text, name);
		if (distance < best) {
			best = distance;
			memcpy(found, name, kept + 1);
		}
		names += length + (names[length] == '|');
	}
}
