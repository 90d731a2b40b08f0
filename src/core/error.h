/*
 * How the library's own files report failures: onn_last_error()'s text, this thread's.
 */
#ifndef ONN_SRC_CORE_ERROR_H
#define ONN_SRC_CORE_ERROR_H

#include <stdarg.h>
#include <stddef.h>

#include <onn/status.h>

#if defined(__GNUC__)
#define ONN_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define ONN_PRINTF(text, first)
#endif

/* Writes the text and returns status: return onn_error(ONN_ERROR_FILE, "onn_x: ...", ...). */
#define onn_error onn_set_error
onn_status onn_error_v(onn_status status, const char *format, va_list arguments);

/* ONN_ERROR_MEMORY with the function's name and the bytes asked for. */
onn_status onn_error_memory(const char *function, size_t bytes);

#ifdef __clang_analyzer__
/* So that it knows these statuses, and does not go on with what was not made. */
#undef onn_error
#define onn_error(status, ...)            (onn_set_error(status, __VA_ARGS__), (status))
#define onn_error_memory(function, bytes) ((onn_error_memory)(function, bytes), ONN_ERROR_MEMORY)
#endif

#endif
