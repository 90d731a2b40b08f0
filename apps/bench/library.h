/*
 * The matrix products of the libraries below onn, called directly on one thread: oneDNN in f32
 * where onn has it, else OpenBLAS, else plain loops in C.
 */
#ifndef ONN_APPS_BENCH_LIBRARY_H
#define ONN_APPS_BENCH_LIBRARY_H

#include <stdbool.h>

#include <onn/array.h>

/* "oneDNN", "OpenBLAS for SkylakeX" or "loops". */
void library_name(onn_type type, char *text, size_t room);
/* Keeps the libraries on the calling thread alone; each thread that multiplies calls it first. */
void library_one_thread(void);
/* c [m, n] = op(a) op(b), row-major and dense; transposed: a is [k, m], b is [n, k]. */
void library_gemm(onn_type type, bool a_transposed, bool b_transposed, int m, int n, int k,
    const void *a, const void *b, void *c);

#endif
