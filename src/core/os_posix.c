#define _GNU_SOURCE
#include "core/os_posix.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* strerror_r comes in two kinds: POSIX's returns a code, GNU's a text that may lie elsewhere. */
static const char *text_of_code(int code, const char *text) { return code == 0 ? text : "error"; }

static const char *text_itself(const char *text, const char *room)
{
	(void)room;
	return text;
}

const char *onn_os_reason(int code, char *room, size_t bytes)
{
	return _Generic(strerror_r(code, room, bytes), int: text_of_code, char *: text_itself)(
	    strerror_r(code, room, bytes), room);
}

bool onn_os_write_all(int file, const void *data, size_t bytes)
{
	const char *rest = data;
	while (bytes > 0) {
		ssize_t put = write(file, rest, bytes);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return false;
		rest += put;
		bytes -= (size_t)put;
	}
	return true;
}
