#define _POSIX_C_SOURCE 200809L
#define _DEFAULT_SOURCE

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include <onn/device.h>

#include "workers.h"

void *workers_share(size_t bytes)
{
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

void workers_unshare(void *memory, size_t bytes)
{
	if (memory)
		munmap(memory, bytes);
}

/* ---- in a worker ---- */

/* A group of its own, which the terminal's signals do not reach; and an end with its parent. */
static void settle(pid_t parent)
{
	setpgid(0, 0);
#ifdef __linux__
	prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
	if (getppid() != parent)
		_exit(1);
}

static void live(workers *w, size_t self, void (*work)(void *user, size_t self), void *user)
{
	close(w->news[0]);
	if (dup2(fileno(w->text[self][0]), STDOUT_FILENO) == -1 ||
	    dup2(fileno(w->text[self][1]), STDERR_FILENO) == -1)
		_exit(1);
	work(user, self);
	if (onn_device_stuck()) { /* a driver's own end would not come back */
		fflush(NULL);
		_exit(0);
	}
	exit(0);
}

void workers_tell(const workers *w)
{
	/* a pipe that is full says the same */
	if (write(w->news[1], "", 1) == -1)
		return;
}

long workers_written(size_t text)
{
	fflush(text ? stderr : stdout);
	return (long)lseek(text ? STDERR_FILENO : STDOUT_FILENO, 0, SEEK_CUR);
}

/* ---- in their parent ---- */

static bool open_texts(workers *w, size_t i)
{
	for (size_t k = 0; k < WORKERS_TEXTS; k++) {
		w->text[i][k] = tmpfile();
		if (!w->text[i][k])
			return false;
	}
	return true;
}

bool workers_start(workers *w, size_t count, void (*work)(void *user, size_t self), void *user)
{
	pid_t parent = getpid();

	*w = (workers){.news = {-1, -1}};
	if (pipe(w->news) == -1)
		return false;
	fflush(NULL); /* lest each worker writes what waits here */
	for (; w->count < count; w->count++) {
		pid_t process = open_texts(w, w->count) ? fork() : -1;
		if (process == -1)
			return false;
		if (process == 0) {
			settle(parent);
			live(w, w->count, work, user);
		}
		w->process[w->count] = (long)process;
		w->left++;
	}
	close(w->news[1]);
	w->news[1] = -1;
	return true;
}

static void note_end(workers *w, size_t i, int status)
{
	w->process[i] = 0;
	w->left--;
	w->broken = w->broken || !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

void workers_wait(workers *w, double seconds)
{
	struct pollfd news = {w->news[0], POLLIN, 0};
	char bytes[256];
	int status;

	if (poll(&news, 1, (int)(1e3 * seconds)) > 0 && (news.revents & POLLIN) &&
	    read(w->news[0], bytes, sizeof bytes) == -1)
		w->broken = true;
	for (size_t i = 0; i < w->count; i++)
		if (w->process[i] && waitpid((pid_t)w->process[i], &status, WNOHANG) > 0)
			note_end(w, i, status);
}

void workers_show(const workers *w, size_t worker, size_t text, long from, long to, FILE *stream)
{
	char part[4096];

	while (from < to) {
		size_t want = (size_t)(to - from) < sizeof part ? (size_t)(to - from) : sizeof part;
		ssize_t got = pread(fileno(w->text[worker][text]), part, want, (off_t)from);
		if (got <= 0)
			return;
		fwrite(part, 1, (size_t)got, stream);
		from += (long)got;
	}
}

void workers_end(workers *w, int signal)
{
	int status;

	for (size_t i = 0; i < w->count; i++)
		if (w->process[i] && signal)
			kill((pid_t)w->process[i], signal);
	for (size_t i = 0; i < w->count; i++) {
		while (w->process[i] && waitpid((pid_t)w->process[i], &status, 0) == -1)
			if (errno != EINTR)
				break;
		w->process[i] = 0;
	}
	for (size_t i = 0; i < WORKERS_MOST; i++)
		for (size_t k = 0; k < WORKERS_TEXTS; k++)
			if (w->text[i][k])
				fclose(w->text[i][k]);
	for (size_t i = 0; i < 2; i++)
		if (w->news[i] != -1)
			close(w->news[i]);
	*w = (workers){.news = {-1, -1}};
}

int workers_ask(int (*question)(void *user), void *user)
{
	fflush(NULL);
	pid_t parent = getpid(), process = fork();
	int status = 0;

	if (process == 0) {
		settle(parent);
		_exit(question(user));
	}
	while (process > 0 && waitpid(process, &status, 0) == -1)
		if (errno != EINTR)
			return -1;
	return process > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
