/*
 * Which memory steps touch, and so which of them may change places or share a launch.
 */
#ifndef ONN_SRC_BACKEND_OPENCL_TOUCH_H
#define ONN_SRC_BACKEND_OPENCL_TOUCH_H

#include "backend/opencl/also.h"

typedef struct onn_cl_touch {
	bool read, written;
} onn_cl_touch;

bool onn_cl_overlap(const onn_schedule *s, uint32_t a, uint32_t b);
/* How a step touches a value. */
onn_cl_touch onn_cl_touch_of(const onn_schedule *s, uint32_t step, uint32_t value);
/* Whether neither of two steps writes what the other touches. */
bool onn_cl_are_independent(const onn_schedule *s, uint32_t a, uint32_t b);
/* The inputs of pointwise or FFT step `step`, a bit each, that are the elements of a dense view in
 * order; false: it sees them otherwise, too. */
bool onn_cl_find_given(
    uint32_t *given, const onn_schedule *s, const onn_view *dense, uint32_t step);
/* Whether two views begin at the same element. */
bool onn_cl_same_elements(const onn_schedule *s, const onn_view *a, const onn_view *b);
/* Whether nothing that b writes is in the way of what a reads and writes, and the other way round,
 * where a work item does its element of both. */
bool onn_cl_is_apart(const onn_schedule *s, const onn_step *a, const onn_step *b, bool a_stores);
/* Whether a value that step `maker` makes is to be stored: a step other than `to` and those in
 * `also` reads it, or the user may. */
bool onn_cl_is_wanted(
    const onn_schedule *s, uint32_t value, uint32_t maker, uint32_t to, const onn_cl_also *also);

#endif
