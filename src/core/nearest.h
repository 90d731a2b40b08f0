/*
 * Which right word a wrong one is near. Plain C of its own: the command compiles it too.
 */
#ifndef ONN_SRC_CORE_NEAREST_H
#define ONN_SRC_CORE_NEAREST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Letters to insert, leave out, replace or exchange with a neighbour to turn text into word, letter
 * case ignored, of 63 letters at most; 2 at most where one begins with the other. SIZE_MAX where
 * that is more than half of text: not near. */
size_t onn_word_distance(const char *text, const char *word);

/* The word nearest to a text of those that it is held against, one after another. */
typedef struct onn_nearest {
	const char *text, *word; /* word: NULL, none is near */
	size_t distance;
} onn_nearest;

#define ONN_NEAREST_INIT(text)                                                                     \
	{                                                                                          \
		text, NULL, SIZE_MAX                                                               \
	}

/* Whether this one is nearer than all before, and then kept; lent. */
bool onn_nearest_try(onn_nearest *n, const char *word);

enum { ONN_NEAREST_HINT = 96 };
/* "; did you mean \"word\"?", or "" where none is near; returns hint. */
const char *onn_nearest_hint(char hint[ONN_NEAREST_HINT], const onn_nearest *n);

#endif
