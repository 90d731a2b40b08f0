/**
 * @file
 * What a call returns, and the text that explains a failure.
 *
 * Every function that can fail returns an onn_status and writes one line of text, which
 * onn_last_error() lends: the function's name, what it was given, what it expected. The library
 * never prints, never aborts and never exits.
 */
#ifndef ONN_STATUS_H
#define ONN_STATUS_H

#include <onn/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The outcome of a call. Only ONN_OK is 0. */
typedef enum onn_status {
	ONN_OK = 0,
	ONN_ERROR_ARGUMENT,    /**< a value, shape, type or name that the call does not take */
	ONN_ERROR_UNSUPPORTED, /**< right in itself, but not possible with this device or build */
	ONN_ERROR_MEMORY,      /**< memory could not be had, or a size overflows */
	ONN_ERROR_FILE,        /**< a file could not be found, read or written */
	ONN_ERROR_FORMAT,      /**< a file was read, and its contents are not what they must be */
	ONN_ERROR_DEVICE,      /**< a device or its driver failed */
	ONN_ERROR_NUMERIC,     /**< a result is not finite where it must be */
	ONN_CANCELLED          /**< a callback asked to stop; nothing is wrong */
} onn_status;

/** A status's name as in this header, for logs: "ONN_ERROR_ARGUMENT". Never NULL. */
ONN_API const char *onn_status_name(onn_status status);

/**
 * The text of this thread's latest failure; "" if there was none. Never NULL.
 *
 * Set by each failure and kept by success. The library owns it; it is valid until this thread's
 * next failing call.
 */
ONN_API const char *onn_last_error(void);

/**
 * Sets the text of onn_last_error from a function of a program's own that the library calls and
 * that may refuse: return onn_set_error(ONN_ERROR_ARGUMENT, "%zu numbers", n).
 *
 * @param status  what is returned
 * @param format  as of printf; cut to some 1000 bytes
 * @return status
 */
ONN_API onn_status onn_set_error(onn_status status, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

/** Frees memory that a function of this library gave to the caller as char *. NULL is fine. */
ONN_API void onn_free(void *memory);

#ifdef __cplusplus
}
#endif

#endif
