/*
 * What is said of a step's way in onn_plan_describe: a line of words with commas.
 */
#ifndef ONN_SRC_BACKEND_SAID_H
#define ONN_SRC_BACKEND_SAID_H

#include <stdarg.h>

typedef struct onn_said {
	char text[128];
} onn_said;

/* Adds to it: behind a comma, but for a format that begins with a blank. What is too long is cut.
 * */
void onn_say(onn_said *said, const char *format, va_list arguments);

#endif
