/*
 * Numbers as texts and back: a decimal point, whatever the locale.
 */
#ifndef ONN_SRC_CORE_NUMBER_H
#define ONN_SRC_CORE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ONN_NUMBER_ROOM = 40 }; /* holds any %g and an %f of sane size */

/* A decimal number and nothing else: no blanks, no hexadecimal, no infinity. */
bool onn_number_read(double *value, const char *text, size_t length);
/* Digits only, so that 1e3, 3.0 and -0 are none. */
bool onn_number_read_whole(uint64_t *value, const char *text, size_t length);

/* The shortest text that reads back to the same bits. text has ONN_NUMBER_ROOM bytes; returned. */
const char *onn_number_text(char *text, double value);
/* By a format of one %: "%.6f". */
const char *onn_number_format(char *text, const char *format, double value);

#endif
