/* The examples, as cmake/EmbedExamples.cmake embeds them by apps/examples/examples.def. */
#ifndef ONN_APPS_EXAMPLES_H
#define ONN_APPS_EXAMPLES_H

#include <stddef.h>

typedef struct example {
	const char *name;  /* "c/airy.c", where it is copied to */
	const char *shows; /* what it shows; "" of what others read */
	const unsigned char *data;
	size_t bytes;
} example;

/* A NULL name ends it. */
extern const example example_files[];

#endif
