/* Child processes by POSIX. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/error.h"
#include "core/os.h"
#include "core/os_posix.h"

bool onn_at_exit(void (*function)(void)) { return atexit(function) == 0; }

long onn_process(void) { return (long)getpid(); }

/*
 * A pipe whose ends are none of the standard descriptors: in a process that lacks some of those
 * (daemons) the kernel hands out their numbers, which the child would then cover with /dev/null.
 */
static bool make_pipe(int ends[2])
{
	int made[2];
	if (pipe2(made, O_CLOEXEC) != 0)
		return false;
	for (int i = 0; i < 2; i++) {
		ends[i] = fcntl(made[i], F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
		close(made[i]);
	}
	if (ends[0] >= 0 && ends[1] >= 0)
		return true;
	for (int i = 0; i < 2; i++)
		if (ends[i] >= 0)
			close(ends[i]);
	return false;
}

/* What the child sends: the reply's length, then the reply. */
static void child_main(
    int file, size_t (*function)(void *, void *, size_t), void *argument, size_t room)
{
#ifdef __linux__
	/* one that hangs in its driver would keep itself, and our files, for ever */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
	/* A driver that fails may print and dump its core: neither is wanted. */
	struct rlimit none = {0, 0};
	setrlimit(RLIMIT_CORE, &none);
	int nowhere = open("/dev/null", O_RDWR);
	for (int standard = 0; standard <= STDERR_FILENO && nowhere >= 0; standard++)
		if (standard > 0 ||
		    fcntl(standard, F_GETFD) < 0) /* input stays where there is one */
			dup2(nowhere, standard);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGABRT, SIG_DFL);
	signal(SIGSEGV, SIG_DFL);
	void *reply = calloc(1, room ? room : 1);
	if (!reply)
		_exit(1);
	size_t length = function(argument, reply, room);
	bool sent = length <= room && onn_os_write_all(file, &length, sizeof length) &&
	            onn_os_write_all(file, reply, length);
	_exit(sent ? 0 : 1);
}

/* Reads exactly `bytes` before the deadline. */
static bool read_before(int file, void *data, size_t bytes, double deadline)
{
	char *rest = data;
	while (bytes > 0) {
		double left = deadline - onn_clock();
		if (!(left > 0))
			return false;
		struct pollfd wait = {file, POLLIN, 0};
		int ready = poll(&wait, 1, left < 1000 ? (int)(left * 1000) + 1 : 1000000);
		if (ready < 0 && errno != EINTR)
			return false;
		if (ready <= 0)
			continue;
		ssize_t got = read(file, rest, bytes);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		rest += got;
		bytes -= (size_t)got;
	}
	return true;
}

onn_status onn_in_child(void *reply, size_t room, size_t *replied,
    size_t (*function)(void *argument, void *reply, size_t room), void *argument, double seconds)
{
	int ends[2];
	*replied = 0;
	if (!make_pipe(ends))
		return onn_error(ONN_ERROR_DEVICE, "onn_in_child: no pipe could be made");
	double deadline = onn_clock() + seconds;
	pid_t child = fork();
	if (child < 0) {
		close(ends[0]);
		close(ends[1]);
		return onn_error(ONN_ERROR_DEVICE, "onn_in_child: no process could be made");
	}
	if (child == 0) {
		close(ends[0]);
		child_main(ends[1], function, argument, room);
	}
	close(ends[1]);
	size_t length = 0;
	bool answered = read_before(ends[0], &length, sizeof length, deadline) && length <= room &&
	                read_before(ends[0], reply, length, deadline);
	bool late = !answered && onn_clock() >= deadline;
	close(ends[0]);
	kill(child, SIGKILL);
	int code = 0;
	while (waitpid(child, &code, 0) < 0 && errno == EINTR)
		;
	if (answered) {
		*replied = length;
		return ONN_OK;
	}
	if (late)
		return onn_error(ONN_ERROR_DEVICE,
		    "onn_in_child: the child process did not answer within %g s", seconds);
	return onn_error(ONN_ERROR_DEVICE, "onn_in_child: the child process died (%s %d)",
	    WIFSIGNALED(code) ? "signal" : "exit code",
	    WIFSIGNALED(code) ? WTERMSIG(code) : WEXITSTATUS(code));
}
