/*
 * Which right word a wrong one is near. Plain C of its own: the command compiles it too.
 */
#ifndef ONN_SRC_CORE_NEAREST_H
#define ONN_SRC_CORE_NEAREST_H

#include <stddef.h>

/* Letters to insert, leave out, replace or exchange with a neighbour to turn text into word, letter
 * case ignored, of 63 letters at most; 2 at most where one begins with the other. SIZE_MAX where
 * that is more than half of text: not near. */
size_t onn_word_distance(const char *text, const char *word);

#endif
