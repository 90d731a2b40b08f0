/*
 * The update of a complex plate by the phase of its gradient: w' = w - s sign(a conj(b)), or a b.
 */
#ifndef ONN_SRC_BACKEND_C_POINTWISE_PLATE_H
#define ONN_SRC_BACKEND_C_POINTWISE_PLATE_H

#include "backend/c/builder.h"

typedef struct onn_c_plate_step {
	onn_plate_kernel kernel;
	onn_c_place w, a, b, out; /* dense, of equal shapes; out is w or apart from all */
	bool plain;               /* a b */
	double s;
	size_t count;
} onn_c_plate_step;

/* The path: an onn_c_plate_step is its subject. For any kind of step. */
bool onn_c_find_plate_step(const onn_c_builder *b, const onn_step *step, void *subject);
onn_status onn_c_prepare_plate_step(onn_c_builder *b, const onn_step *step, void *subject);

/* Rows of w, b and out from element `first` on, and of what is at a instead of t->a. */
void onn_c_plate_step_run(const onn_c_plate_step *t, const onn_c_thread *thread, size_t first,
    const void *a, const onn_plate_rows *rows);

#endif
