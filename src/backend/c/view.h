/*
 * Operands in memory.
 *
 * A space is a step's iteration with its axes in some order; its elements are numbered in row-major
 * order.
 */
#ifndef ONN_SRC_BACKEND_C_VIEW_H
#define ONN_SRC_BACKEND_C_VIEW_H

#include "backend/c/builder.h"

typedef struct onn_c_space {
	uint32_t ndim;
	size_t shape[ONN_MAX_DIMS];
	uint32_t axis[ONN_MAX_DIMS]; /* axis of the views */
	size_t count;
} onn_c_space;

/* An operand in memory over a space, its axes merged as far as they go. */
typedef struct onn_c_view {
	onn_c_place place;
	size_t size; /* of an element, bytes */
	uint32_t ndim;
	size_t shape[ONN_MAX_DIMS];
	ptrdiff_t stride[ONN_MAX_DIMS]; /* bytes */
	bool dense, uniform;
} onn_c_view;

void onn_c_space_init(onn_c_space *space, uint32_t ndim, const size_t *shape, const uint32_t *axis);
void onn_c_view_init(
    onn_c_view *view, const onn_c_builder *b, const onn_view *from, const onn_c_space *space);
/* Where element i of the space is. */
char *onn_c_view_element(const onn_c_view *view, const onn_c_thread *thread, size_t i);

/* n elements, strides in bytes: how all copies below are made. */
void onn_c_copy_run(
    char *to, ptrdiff_t to_stride, const char *from, ptrdiff_t from_stride, size_t n, size_t size);
/* Elements start ... start+n-1 of the space to and from a dense block. */
void onn_c_view_load(
    const onn_c_view *v, const onn_c_thread *thread, void *block, size_t start, size_t n);
void onn_c_view_store(
    const onn_c_view *v, const onn_c_thread *thread, const void *block, size_t start, size_t n);

#endif
