/*
 * Letters as squares, for light in their shape.
 */
#ifndef ONN_SRC_NN_LAYERS_LETTERS_H
#define ONN_SRC_NN_LAYERS_LETTERS_H

#include <stdbool.h>
#include <stddef.h>

enum { ONN_LETTER_ROWS = 7, ONN_LETTER_COLUMNS = 5 };

/* Whether there is a letter for this character. */
bool onn_letter_is(char c);
/* Whether its square is bright: row 0 at the top, column 0 at the left; dark beyond them. */
bool onn_letter_square(char c, size_t row, size_t column);

#endif
