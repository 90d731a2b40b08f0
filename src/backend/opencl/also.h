/*
 * Pointwise steps that a launch of another kind does besides, for each element of its result: there
 * the element is at hand, and need not be stored and read again.
 *
 * In the kernel's text each is a function, and ALSO(i) calls them all with `given`, element i. The
 * names of their parameters begin with a mark each.
 */
#ifndef ONN_SRC_BACKEND_OPENCL_ALSO_H
#define ONN_SRC_BACKEND_OPENCL_ALSO_H

#include "backend/opencl/opencl_backend.h"

enum { ONN_CL_MOST_ALSO = 3 };
typedef struct onn_cl_also {
	uint32_t count, step[ONN_CL_MOST_ALSO];
	uint32_t given[ONN_CL_MOST_ALSO]; /* inputs, a bit each, that are the launch's result */
} onn_cl_also;

/* Takes step `number` over; false: there are too many, or their parameters with `bytes` of others
 * are. */
bool onn_cl_also_take(onn_cl_also *also, onn_cl_executable *e, uint32_t number, uint32_t given,
    uint32_t in, size_t bytes);
/* Bytes of a program's parameters. */
size_t onn_cl_parameter_bytes(const onn_program *p);
/* Functions of user operations. */
onn_status onn_cl_also_operations(onn_cl_executable *e, const onn_cl_also *also);
/* The functions and #define ALSO(i). */
void onn_cl_print_also(onn_text *text, const onn_schedule *s, const onn_cl_also *also, bool wide);
void onn_cl_print_also_parameters(onn_text *text, const onn_schedule *s, const onn_cl_also *also);
void onn_cl_pass_also(onn_cl_executable *e, const onn_cl_also *also);
/* What the programs read and write. */
double onn_cl_also_bytes(const onn_schedule *s, const onn_cl_also *also);
double onn_cl_input_bytes(const onn_schedule *s, const onn_step *step, uint32_t given);

#endif
