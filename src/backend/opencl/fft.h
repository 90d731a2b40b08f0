/* What the files of Fourier transforms share: fft.c, and an engine in each of the others. */
#ifndef ONN_SRC_BACKEND_OPENCL_FFT_H
#define ONN_SRC_BACKEND_OPENCL_FFT_H

#include "backend/opencl/opencl_backend.h"

/* While launches of a step are added: its part of the scratch memory, in elements. */
typedef struct onn_cl_work {
	onn_cl_executable *e;
	uint32_t step;
	onn_type type;   /* complex */
	bool wide;       /* 32 bits cannot count the elements */
	size_t elements; /* in all */
	size_t half;     /* from where a second copy has room */
	size_t at;       /* where the data stands now: 0 or half */
} onn_cl_work;

/*
 * Lines along n of an array [outer, n, inner]. Elements in_from ... in_from+in_count-1 are there,
 * as [outer, in_count, inner]; the others are 0. Only out_from ... are wanted, as
 * [outer, out_count, inner].
 */
typedef struct onn_cl_lines {
	size_t outer, n, inner;
	size_t in_from, in_count, out_from, out_count;
	bool inverse; /* with the other sign; nothing is divided */
} onn_cl_lines;

/* Starts the text of a kernel of cl/fft.cl: part is "LOAD" ... */
void onn_cl_fft_begin(onn_text *text, const onn_cl_work *w, const char *part);
/* Ends it and adds its launch over `total` items; its arguments follow, `total` the last of
 * onn_cl_fft_pass. */
void onn_cl_fft_end(onn_text *text, const onn_cl_work *w, size_t total);
/* A number of the kernel's type I. */
void onn_cl_fft_pass(const onn_cl_work *w, size_t number);

/* ---- our own engine: fft_own.c ---- */

/* Elements that each half of the workspace must have for these lines. */
size_t onn_cl_own_room(const onn_cl_lines *lines);
onn_status onn_cl_own_add(onn_cl_work *w, const onn_cl_lines *lines);

#endif
