/*
 * NumPy's .npy in memory: what array files and the members of archives hold.
 */
#ifndef ONN_SRC_CORE_NPY_H
#define ONN_SRC_CORE_NPY_H

#include <onn/array.h>

/* where is what messages call the bytes: a path, or a member of one. */
onn_status onn_npy_decode(onn_array **a, const char *where, const void *data, size_t bytes);
/* *data is freed with onn_free. */
onn_status onn_npy_encode(const onn_array *a, void **data, size_t *bytes);

#endif
