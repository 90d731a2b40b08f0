/*
 * NumPy's .npy in memory: what array files and the members of archives hold.
 */
#ifndef ONN_SRC_CORE_NPY_H
#define ONN_SRC_CORE_NPY_H

#include <stdbool.h>

#include <onn/array.h>

/* where is what messages call the bytes: a path, or a member of one. */
onn_status onn_npy_decode(onn_array **a, const char *where, const void *data, size_t bytes);
/* Elements of NumPy's kind (b u i f c) and size that lie one behind the other, little-endian, as an
 * array: as onn_array_load has them. ONN_ERROR_FORMAT (an integer that does not fit),
 * ONN_ERROR_MEMORY. */
onn_status onn_elements_decode(onn_array **a, const char *where, char kind, size_t size,
    size_t ndim, const size_t *shape, const void *data);
/* Whether the least significant byte comes first here. */
bool onn_host_is_little(void);
enum { ONN_NPY_HEADER = 384 /* bytes of the longest header */ };
/* What stands before the elements; the elements themselves follow as they lie. Returns its
 * bytes. */
size_t onn_npy_header(char header[ONN_NPY_HEADER], const onn_array *a);

#endif
