/*
 * Text that grows. An error of memory sticks, and taking the text then gives NULL.
 */
#ifndef ONN_SRC_CORE_TEXT_H
#define ONN_SRC_CORE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/error.h"

typedef struct onn_text {
	char *data; /* NULL, or ends with a 0 */
	size_t length, capacity;
	bool failed;
} onn_text;

#define ONN_TEXT_INIT                                                                              \
	{                                                                                          \
		NULL, 0, 0, false                                                                  \
	}

/* Appends as printf would; reals must be written in a way that no locale changes. */
void onn_text_add(onn_text *text, const char *format, ...) ONN_PRINTF(2, 3);
/* Hands the text over, to be freed with onn_free: "" where nothing was added, NULL where memory
 * failed, which is then this thread's error. */
char *onn_text_take(onn_text *text);
void onn_text_free(onn_text *text);
/* Appends as printf would to a text in an array of that size, as much as there is room for. */
void onn_append(char *text, size_t room, const char *format, ...) ONN_PRINTF(3, 4);

#endif
