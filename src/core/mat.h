/*
 * MATLAB's files of version 5, element by element: what mat.c, which reads them, and mat_write.c
 * share.
 */
#ifndef ONN_SRC_CORE_MAT_H
#define ONN_SRC_CORE_MAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Kinds of elements. */
enum {
	ONN_MAT_I8 = 1,
	ONN_MAT_U8,
	ONN_MAT_I16,
	ONN_MAT_U16,
	ONN_MAT_I32,
	ONN_MAT_U32,
	ONN_MAT_F32,
	ONN_MAT_F64 = 9,
	ONN_MAT_I64 = 12,
	ONN_MAT_U64,
	ONN_MAT_MATRIX,
	ONN_MAT_COMPRESSED,
	ONN_MAT_HEADER = 128, /* bytes */
	ONN_MAT_OPAQUE = 17   /* a class of variables */
};

/* Lent; swapped: the most significant byte comes first. */
typedef struct onn_mat_bytes {
	const unsigned char *data;
	size_t bytes;
	bool swapped;
} onn_mat_bytes;

typedef struct onn_mat_element {
	uint32_t kind;
	onn_mat_bytes data;
	const unsigned char *begin; /* of its tag */
	size_t whole;               /* bytes from there to the next one */
} onn_mat_element;

/* What lies behind the header; false: this is none of version 5. */
bool onn_mat_begin(onn_mat_bytes *b, const void *file, size_t bytes);
/* Takes an element off the bytes; false: there is none, or it claims more than there is. */
bool onn_mat_element_next(onn_mat_element *e, onn_mat_bytes *b);
/* The elements of a variable. *inflated is to be freed, false or not. */
bool onn_mat_variable_open(
    unsigned char **inflated, onn_mat_bytes *matrix, const onn_mat_element *e);
bool onn_mat_is_named(const onn_mat_element *e, const char *name);

#endif
