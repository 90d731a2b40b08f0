/*
 * Ways to convolve: what they share.
 */
#ifndef ONN_SRC_BACKEND_C_PRODUCT_CONVOLVE_H
#define ONN_SRC_BACKEND_C_PRODUCT_CONVOLVE_H

#include "backend/c/builder.h"
#include "backend/c/product/gemm.h"

/* A step, and the sums of its parts where the result is kernels. */
typedef struct onn_c_convolve {
	onn_convolve of;
	const onn_kernels *kernels;
	onn_type type;
	size_t size; /* of an element */
	onn_c_place x, w, y;
	size_t weights; /* numbers of all kernels */
	size_t parts;   /* of a sum over images */
	char *part;     /* parts arrays of kernels; NULL where there is one, which is the result */
	size_t images;  /* of a chunk */
	void *made;     /* convolve_dnnl.c's */
} onn_c_convolve;

/* The array that part i adds up in. */
char *onn_c_convolve_part(const onn_c_convolve *s, const onn_c_thread *thread, size_t i);
/* How many parts units of work are worth, and their memory. */
onn_status onn_c_convolve_part_room(onn_c_builder *b, onn_c_convolve *s, size_t units);
/* The stage that adds them up, where there are several. */
onn_status onn_c_convolve_add_parts(onn_c_builder *b, const onn_c_convolve *s);
/* What a stage reads beside what it writes. */
onn_status onn_c_convolve_touch_operands(onn_c_builder *b, const onn_c_convolve *s);

/* Whether ONN_CONVOLVE names this path; NULL: any. */
bool onn_c_convolve_forced(const char *path);

/* Whether columns are products by our own loops, which are faster than oneDNN's convolutions. */
bool onn_c_convolve_has_lanes(const onn_c_builder *b, const onn_c_convolve *s);
/* The paths: matrix products of columns, which do any; and products at roots of unity. */
onn_status onn_c_prepare_columns(onn_c_builder *b, const onn_step *step, void *subject);
bool onn_c_find_roots(const onn_c_builder *b, const onn_step *step, void *subject);
onn_status onn_c_prepare_roots(onn_c_builder *b, const onn_step *step, void *subject);

/* Makes oneDNN's primitives where it has fast ones (s->made, else NULL); then the stages. */
onn_status onn_c_convolve_dnnl_make(onn_c_builder *b, onn_c_convolve *s);
onn_status onn_c_convolve_dnnl_prepare(onn_c_builder *b, const onn_step *step, void *subject);

#endif
