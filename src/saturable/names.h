/*
 * Enumerations as words, both ways: for files and command lines.
 */
#ifndef ONN_SRC_SATURABLE_NAMES_H
#define ONN_SRC_SATURABLE_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static inline const char *onn_name_of(const char *const *names, size_t count, size_t value)
{
	return value < count ? names[value] : "?";
}

/* Position of a word in a list; false if it is not there. */
static inline bool onn_name_find(
    size_t *value, const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; name && i < count; i++)
		if (strcmp(names[i], name) == 0) {
			*value = i;
			return true;
		}
	return false;
}

/* Both functions for an enumeration whose values count from 0. */
#define ONN_NAMED(type, function, list)                                                            \
	const char *function##_name(type value)                                                    \
	{                                                                                          \
		return onn_name_of(list, sizeof(list) / sizeof((list)[0]), (size_t)value);         \
	}                                                                                          \
	bool function##_from_name(type *value, const char *name)                                   \
	{                                                                                          \
		size_t i;                                                                          \
		if (!onn_name_find(&i, list, sizeof(list) / sizeof((list)[0]), name))              \
			return false;                                                              \
		*value = (type)i;                                                                  \
		return true;                                                                       \
	}

#endif
