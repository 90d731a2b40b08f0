/*
 * Numbers in lines of text, between blanks or commas.
 */
#ifndef ONN_SRC_DATA_LINES_H
#define ONN_SRC_DATA_LINES_H

#include <stddef.h>

/* Lent; line: of the last one that was read, from 1. */
typedef struct onn_lines {
	const char *at, *end;
	size_t line;
} onn_lines;

enum { ONN_LINE_NUMBERS = 8 };

/* How many numbers the next line has that has some; 0: there is none; SIZE_MAX: it has more than
 * there is room for, or something else. What begins with ! or # is a remark. */
size_t onn_lines_next(double number[ONN_LINE_NUMBERS], onn_lines *s);

#endif
