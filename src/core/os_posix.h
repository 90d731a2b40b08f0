/*
 * What the files os_*.c share.
 */
#ifndef ONN_SRC_CORE_OS_POSIX_H
#define ONN_SRC_CORE_OS_POSIX_H

#include <stdbool.h>
#include <stddef.h>

/* The text of a code of errno; in room, or elsewhere. */
const char *onn_os_reason(int code, char *room, size_t bytes);
/* Writes all bytes, also where a call takes some only; false with errno set, EFBIG without its
 * signal. */
bool onn_os_write_all(int file, const void *data, size_t bytes);

#endif
