/*
 * NumPy's .npy in memory: what array files and the members of archives hold.
 */
#ifndef ONN_SRC_CORE_NPY_H
#define ONN_SRC_CORE_NPY_H

#include <onn/array.h>

/* where is what messages call the bytes: a path, or a member of one. */
onn_status onn_npy_decode(onn_array **a, const char *where, const void *data, size_t bytes);
enum { ONN_NPY_HEADER = 384 /* bytes of the longest header */ };
/* What stands before the elements; the elements themselves follow as they lie. Returns its
 * bytes. */
size_t onn_npy_header(char header[ONN_NPY_HEADER], const onn_array *a);

#endif
