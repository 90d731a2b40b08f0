/*
 * Public structures of options: their first field is their size, so that later versions can add
 * fields and programs built against another version go on working.
 */
#ifndef ONN_SRC_CORE_OPTIONS_H
#define ONN_SRC_CORE_OPTIONS_H

#include "core/error.h"

/*
 * Takes a caller's structure over `own`, which holds the defaults (ONN_..._INIT) and so its own
 * size. NULL leaves the defaults.
 *
 * A smaller structure is an older version's: the fields that it has are taken, the others keep
 * their defaults. A larger one is a newer version's: it is taken where all that this version does
 * not know is 0, since what it asks for could not be left out unseen. A size that no version has, 0
 * or no multiple of a size_t, is an error.
 *
 * New fields go to the end of a structure, and never into padding that it had.
 *
 * @param function  for the message, as is `init`: "ONN_DEVICE_OPTIONS_INIT"
 * @return ONN_ERROR_ARGUMENT; own is then as it was
 */
onn_status onn_options_take(void *own, const void *given, const char *function, const char *init);

/* For functions that know this version alone: ONN_ERROR_ARGUMENT, "FUNCTION: no WHAT of this
 * version", where it is NULL or of another size. */
onn_status onn_options_exact(
    const void *given, size_t size, const char *function, const char *what, const char *init);

#endif
