#include "core/error.h"

#undef onn_error_memory /* a macro, for the analyzer */

#include <stdio.h>
#include <stdlib.h>

static _Thread_local char last_error[1024];

onn_status onn_error_v(onn_status status, const char *format, va_list arguments)
{
	/* Arguments may point into the text itself, where a message quotes the one before. */
	char text[sizeof last_error];
	if (vsnprintf(text, sizeof text, format, arguments) < 0)
		text[0] = 0;
	snprintf(last_error, sizeof last_error, "%s", text);
	return status;
}

onn_status onn_set_error(onn_status status, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	onn_error_v(status, format, arguments);
	va_end(arguments);
	return status;
}

onn_status onn_error_memory(const char *function, size_t bytes)
{
	return onn_error(ONN_ERROR_MEMORY, "%s: %zu bytes could not be had", function, bytes);
}

const char *onn_last_error(void) { return last_error; }

const char *onn_status_name(onn_status status)
{
	switch (status) {
	case ONN_OK:
		return "ONN_OK";
	case ONN_ERROR_ARGUMENT:
		return "ONN_ERROR_ARGUMENT";
	case ONN_ERROR_UNSUPPORTED:
		return "ONN_ERROR_UNSUPPORTED";
	case ONN_ERROR_MEMORY:
		return "ONN_ERROR_MEMORY";
	case ONN_ERROR_FILE:
		return "ONN_ERROR_FILE";
	case ONN_ERROR_FORMAT:
		return "ONN_ERROR_FORMAT";
	case ONN_ERROR_DEVICE:
		return "ONN_ERROR_DEVICE";
	case ONN_ERROR_NUMERIC:
		return "ONN_ERROR_NUMERIC";
	case ONN_CANCELLED:
		return "ONN_CANCELLED";
	}
	return "unknown onn_status";
}

void onn_free(void *memory) { free(memory); }
