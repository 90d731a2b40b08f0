#include "core/options.h"

#include <stdbool.h>
#include <string.h>

static bool is_zero(const unsigned char *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (bytes[i])
			return false;
	return true;
}

onn_status onn_options_take(void *own, const void *given, const char *function, const char *init)
{
	size_t known, size;

	if (!given)
		return ONN_OK;
	memcpy(&known, own, sizeof known);
	memcpy(&size, given, sizeof size);
	if (size == 0 || size % sizeof size)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: the options' size is %zu; expected %zu, as from %s", function, size, known,
		    init);
	if (size > known && !is_zero((const unsigned char *)given + known, size - known))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: the options have %zu bytes, of which this version knows %zu; expected 0 "
		    "in the others",
		    function, size, known);
	memcpy(own, given, size < known ? size : known);
	memcpy(own, &known, sizeof known);
	return ONN_OK;
}

onn_status onn_options_exact(
    const void *given, size_t size, const char *function, const char *what, const char *init)
{
	size_t has = 0;

	if (given)
		memcpy(&has, given, sizeof has);
	return has == size ? ONN_OK
	                   : onn_error(ONN_ERROR_ARGUMENT,
	                         "%s: no %s of this version; expected one made by %s", function,
	                         what, init);
}
