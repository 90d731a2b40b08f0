#include "core/nearest.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "core/memory.h"

enum { LONGEST = 63, BEGINNING = 3 };

static bool same(char a, char b) { return tolower((unsigned char)a) == tolower((unsigned char)b); }

/* Optimal string alignment (Damerau-Levenshtein without overlapping swaps), by three rows. */
static size_t edits(const char *a, size_t n, const char *b, size_t m)
{
	size_t row[3][LONGEST + 1];

	for (size_t j = 0; j <= m; j++)
		row[0][j] = j;
	for (size_t i = 1; i <= n; i++) {
		const size_t *above2 = row[(i + 1) % 3], *above = row[(i + 2) % 3];
		size_t *here = row[i % 3];
		here[0] = i;
		for (size_t j = 1; j <= m; j++) {
			size_t d = above[j - 1] + !same(a[i - 1], b[j - 1]);
			d = onn_size_least(d, onn_size_least(above[j], here[j - 1]) + 1);
			if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
				d = onn_size_least(d, above2[j - 2] + 1);
			here[j] = d;
		}
	}
	return row[n % 3][m];
}

size_t onn_word_distance(const char *text, const char *word)
{
	size_t n = onn_size_least(strlen(text), LONGEST), m = onn_size_least(strlen(word), LONGEST),
	       shared = 0;

	while (shared < onn_size_least(n, m) && same(text[shared], word[shared]))
		shared++;
	size_t distance = edits(text, n, word, m);
	if (shared == onn_size_least(n, m) && shared >= BEGINNING)
		return onn_size_least(distance, 2);
	return distance <= (n < 3 ? 1 : n / 2) ? distance : SIZE_MAX;
}

bool onn_nearest_try(onn_nearest *n, const char *word)
{
	size_t distance = onn_word_distance(n->text, word);

	if (distance >= n->distance)
		return false;
	n->distance = distance;
	n->word = word;
	return true;
}

const char *onn_nearest_hint(char hint[ONN_NEAREST_HINT], const onn_nearest *n)
{
	hint[0] = '\0';
	if (n->word)
		snprintf(hint, ONN_NEAREST_HINT, "; did you mean \"%.*s\"?", LONGEST, n->word);
	return hint;
}
