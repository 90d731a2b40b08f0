#define _GNU_SOURCE
#include "core/os_posix.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>
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

static bool write_all(int file, const void *data, size_t bytes)
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

/* Beyond the process's limit of a file's size, write has EFBIG and sends a signal that ends the
 * process: here the signal is blocked, and one that has come is taken. */
bool onn_os_write_all(int file, const void *data, size_t bytes)
{
	sigset_t beyond, before, pending;
	sigemptyset(&beyond);
	sigaddset(&beyond, SIGXFSZ);
	sigpending(&pending);
	pthread_sigmask(SIG_BLOCK, &beyond, &before);
	bool written = write_all(file, data, bytes);
	int code = errno;
	if (!written && code == EFBIG && !sigismember(&pending, SIGXFSZ)) {
		struct timespec now = {0, 0};
		while (sigtimedwait(&beyond, NULL, &now) < 0 && errno == EINTR)
			;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = code;
	return written;
}
