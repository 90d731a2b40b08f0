/* Linux and its like. The one file to write again for another system. */
#define _GNU_SOURCE
#include "core/os.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/error.h"
#include "core/memory.h"

/* strerror_r comes in two kinds: POSIX's returns a code, GNU's a text that may lie elsewhere. */
static const char *text_of_code(int code, const char *text) { return code == 0 ? text : "error"; }

static const char *text_itself(const char *text, const char *room)
{
	(void)room;
	return text;
}

static const char *reason(int code, char *room, size_t bytes)
{
	return _Generic(strerror_r(code, room, bytes), int: text_of_code, char *: text_itself)(
	    strerror_r(code, room, bytes), room);
}

/* ---- the machine ---- */

double onn_clock(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Containers limit time rather than processors: "200000 100000" in cpu.max means two of them. */
static int processors_by_quota(void)
{
	FILE *file = fopen("/sys/fs/cgroup/cpu.max", "re");
	if (!file)
		return 0;
	long quota = 0, period = 0;
	int count = 0;
	if (fscanf(file, "%ld %ld", &quota, &period) == 2 && quota > 0 && period > 0)
		count = (int)((quota + period - 1) / period);
	fclose(file);
	return count;
}

int onn_processors(void)
{
	cpu_set_t set;
	int count = sched_getaffinity(0, sizeof set, &set) == 0
	                ? CPU_COUNT(&set)
	                : (int)sysconf(_SC_NPROCESSORS_ONLN);
	int quota = processors_by_quota();
	if (quota > 0 && quota < count)
		count = quota;
	return count > 0 ? count : 1;
}

void onn_processor_name(char *text, size_t room)
{
	char line[512];
	if (room == 0)
		return;
	text[0] = 0;
	FILE *file = fopen("/proc/cpuinfo", "re");
	if (!file)
		return;
	while (fgets(line, sizeof line, file)) {
		const char *colon = strchr(line, ':');
		if (strncmp(line, "model name", 10) != 0 || !colon)
			continue;
		snprintf(text, room, "%.*s", (int)strcspn(colon + 2, "\n"), colon + 2);
		break;
	}
	fclose(file);
}

uint64_t onn_physical_memory(void)
{
	long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
	return pages > 0 && size > 0 ? (uint64_t)pages * (uint64_t)size : 0;
}

void onn_advise_huge_pages(void *memory, size_t bytes) { madvise(memory, bytes, MADV_HUGEPAGE); }

/* ---- threads ---- */

void onn_thread_yield(void) { sched_yield(); }

struct onn_thread {
	pthread_t handle;
	void (*function)(void *);
	void *argument;
};

struct onn_mutex {
	pthread_mutex_t handle;
};

struct onn_condition {
	pthread_cond_t handle;
};

static void *thread_main(void *argument)
{
	onn_thread *thread = argument;
	thread->function(thread->argument);
	return NULL;
}

/* Signals belong to the program's own threads: a worker blocks them all, so that its caller's
 * handlers run where the caller expects them. */
onn_status onn_thread_start(onn_thread **thread, void (*function)(void *), void *argument)
{
	*thread = NULL;
	onn_thread *made = malloc(sizeof *made);
	if (!made)
		return onn_error_memory("onn_thread_start", sizeof *made);
	made->function = function;
	made->argument = argument;
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int code = pthread_create(&made->handle, NULL, thread_main, made);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (code != 0) {
		char text[128];
		free(made);
		return onn_error(ONN_ERROR_MEMORY, "onn_thread_start: no thread could be made: %s",
		    reason(code, text, sizeof text));
	}
	*thread = made;
	return ONN_OK;
}

void onn_thread_join(onn_thread *thread)
{
	if (!thread)
		return;
	pthread_join(thread->handle, NULL);
	free(thread);
}

onn_status onn_mutex_create(onn_mutex **mutex)
{
	*mutex = malloc(sizeof **mutex);
	if (!*mutex)
		return onn_error_memory("onn_mutex_create", sizeof **mutex);
	pthread_mutex_init(&(*mutex)->handle, NULL);
	return ONN_OK;
}

void onn_mutex_destroy(onn_mutex *mutex)
{
	if (!mutex)
		return;
	pthread_mutex_destroy(&mutex->handle);
	free(mutex);
}

void onn_mutex_lock(onn_mutex *mutex) { pthread_mutex_lock(&mutex->handle); }

void onn_mutex_unlock(onn_mutex *mutex) { pthread_mutex_unlock(&mutex->handle); }

onn_status onn_condition_create(onn_condition **condition)
{
	*condition = malloc(sizeof **condition);
	if (!*condition)
		return onn_error_memory("onn_condition_create", sizeof **condition);
	pthread_cond_init(&(*condition)->handle, NULL);
	return ONN_OK;
}

void onn_condition_destroy(onn_condition *condition)
{
	if (!condition)
		return;
	pthread_cond_destroy(&condition->handle);
	free(condition);
}

void onn_condition_wait(onn_condition *condition, onn_mutex *mutex)
{
	pthread_cond_wait(&condition->handle, &mutex->handle);
}

void onn_condition_broadcast(onn_condition *condition)
{
	pthread_cond_broadcast(&condition->handle);
}

static pthread_mutex_t global = PTHREAD_MUTEX_INITIALIZER;

void onn_global_lock(void) { pthread_mutex_lock(&global); }
void onn_global_unlock(void) { pthread_mutex_unlock(&global); }

/* ---- the locale ---- */

struct onn_locale {
	locale_t plain, before;
};

onn_locale *onn_locale_plain(void)
{
	onn_locale *l = malloc(sizeof *l);
	locale_t plain = l ? newlocale(LC_ALL_MASK, "C", (locale_t)0) : (locale_t)0;

	if (!plain) {
		free(l);
		return NULL;
	}
	l->plain = plain;
	l->before = uselocale(plain);
	return l;
}

void onn_locale_restore(onn_locale *l)
{
	if (!l)
		return;
	uselocale(l->before);
	freelocale(l->plain);
	free(l);
}

/* ---- files ---- */

/* onn_error with errno's own words behind the text. */
static onn_status file_error(const char *function, const char *path, const char *what, int code)
{
	char text[128];
	return onn_error(
	    ONN_ERROR_FILE, "%s: %s %s: %s", function, path, what, reason(code, text, sizeof text));
}

static onn_status read_all(int file, const char *path, void **data, size_t *bytes)
{
	struct stat info;
	size_t used = 0, room = 4096;
	if (fstat(file, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0 &&
	    (uint64_t)info.st_size < SIZE_MAX - 1)
		room = (size_t)info.st_size + 1;
	char *buffer = malloc(room);
	if (!buffer)
		return onn_error_memory("onn_file_read", room);
	for (;;) {
		if (used == room - 1) {
			/* Full: either the file's end, or a pipe or a file that grows. */
			char *larger = room > SIZE_MAX / 2 ? NULL : realloc(buffer, 2 * room);
			if (!larger) {
				free(buffer);
				return onn_error_memory("onn_file_read", room);
			}
			buffer = larger;
			room *= 2;
		}
		ssize_t got = read(file, buffer + used, room - 1 - used);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			int code = errno;
			free(buffer);
			return file_error("onn_file_read", path, "could not be read", code);
		}
		if (got == 0)
			break;
		used += (size_t)got;
	}
	buffer[used] = 0;
	*data = buffer;
	*bytes = used;
	return ONN_OK;
}

onn_status onn_file_read(void **data, size_t *bytes, const char *path)
{
	*data = NULL;
	*bytes = 0;
	int file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return file_error("onn_file_read", path, "could not be opened", errno);
	onn_status status = read_all(file, path, data, bytes);
	close(file);
	return status;
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

/* What is written: a function that hands out pieces. */
typedef struct pieces {
	bool (*next)(void *user, const void **data, size_t *bytes);
	void *user;
	bool failed; /* next has, and has set the error */
} pieces;

static bool write_pieces(int file, pieces *p)
{
	const void *data = NULL;
	size_t bytes = 0;
	do {
		p->failed = !p->next(p->user, &data, &bytes);
		if (p->failed || !write_all(file, data, bytes))
			return false;
	} while (bytes > 0);
	return true;
}

/* Opens the temporary file and locks it: two writers of one path take turns, and what a killed one
 * left behind is written over. A lock may come when the file was renamed meanwhile: then once more.
 */
static int open_temporary(const char *path)
{
	for (;;) {
		int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
		if (file < 0)
			return -1;
		while (flock(file, LOCK_EX) != 0 && errno == EINTR)
			;
		struct stat mine, named;
		if (fstat(file, &mine) == 0 && stat(path, &named) == 0 &&
		    mine.st_ino == named.st_ino && mine.st_dev == named.st_dev)
			return file;
		close(file);
	}
}

static void sync_folder_of(const char *path)
{
	char folder[4096];
	const char *slash = strrchr(path, '/');
	int length = slash ? (int)(slash - path) : 0;
	snprintf(
	    folder, sizeof folder, "%.*s", slash ? (length ? length : 1) : 1, slash ? path : ".");
	int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (file < 0)
		return;
	fsync(file); /* some file systems cannot: the data is synced all the same */
	close(file);
}

/* A device, pipe or terminal is written in place: renaming over /dev/null would replace it. */
static onn_status write_in_place(const char *path, pieces *p)
{
	int file = open(path, O_WRONLY | O_CLOEXEC);
	if (file < 0)
		return file_error("onn_file_write", path, "could not be opened", errno);
	bool written = write_pieces(file, p);
	int code = errno;
	close(file);
	if (p->failed)
		return ONN_ERROR_FILE;
	return written ? ONN_OK : file_error("onn_file_write", path, "could not be written", code);
}

onn_status onn_file_write_pieces(
    const char *path, bool (*next)(void *user, const void **data, size_t *bytes), void *user)
{
	char temporary[4096];
	struct stat info;
	pieces p = {next, user, false};
	if (stat(path, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode))
		return write_in_place(path, &p);
	int length = snprintf(temporary, sizeof temporary, "%s.tmp", path);
	if (length < 0 || (size_t)length >= sizeof temporary)
		return file_error("onn_file_write", path, "could not be written", ENAMETOOLONG);
	int file = open_temporary(temporary);
	if (file < 0)
		return file_error("onn_file_write", temporary, "could not be made", errno);
	if (ftruncate(file, 0) != 0 || !write_pieces(file, &p) || fsync(file) != 0 ||
	    rename(temporary, path) != 0) {
		int code = errno;
		unlink(temporary);
		close(file);
		return p.failed ? ONN_ERROR_FILE
		                : file_error("onn_file_write", path, "could not be written", code);
	}
	close(file);
	sync_folder_of(path);
	return ONN_OK;
}

/* One piece. */
typedef struct block {
	const void *data;
	size_t bytes;
} block;

static bool next_block(void *user, const void **data, size_t *bytes)
{
	block *b = user;
	*data = b->data;
	*bytes = b->bytes;
	b->bytes = 0;
	return true;
}

onn_status onn_file_write(const char *path, const void *data, size_t bytes)
{
	return onn_file_write_pieces(path, next_block, &(block){data, bytes});
}

bool onn_file_exists(const char *path)
{
	struct stat info;
	return stat(path, &info) == 0 && !S_ISDIR(info.st_mode);
}

bool onn_directory_exists(const char *path)
{
	struct stat info;
	return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

onn_status onn_directory_make(const char *path)
{
	char part[4096];
	size_t length = strlen(path);
	if (length == 0 || length >= sizeof part)
		return file_error("onn_directory_make", path, "could not be made",
		    length ? ENAMETOOLONG : ENOENT);
	memcpy(part, path, length + 1);
	for (size_t i = 1; i <= length; i++) {
		if (part[i] != '/' && part[i] != 0)
			continue;
		char end = part[i];
		part[i] = 0;
		if (mkdir(part, 0777) != 0 && !onn_directory_exists(part))
			return file_error("onn_directory_make", part, "could not be made", errno);
		part[i] = end;
	}
	return ONN_OK;
}

onn_status onn_file_remove(const char *path)
{
	if (unlink(path) != 0)
		return file_error("onn_file_remove", path, "could not be removed", errno);
	return ONN_OK;
}

bool onn_cache_directory(char *path, size_t room)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	int length;
	if (cache && cache[0] == '/') /* the specification ignores relative ones */
		length = snprintf(path, room, "%s/onn", cache);
	else if (home && home[0] == '/')
		length = snprintf(path, room, "%s/.cache/onn", home);
	else
		return false;
	if (length < 0 || (size_t)length >= room)
		return false;
	return onn_directory_make(path) == ONN_OK;
}

bool onn_library_directory(char *path, size_t room)
{
	/* Any object of the library serves as an address in it. */
	static const char here;
	Dl_info info;
	char full[4096];
	if (!dladdr(&here, &info) || !info.dli_fname || !realpath(info.dli_fname, full))
		return false;
	char *slash = strrchr(full, '/');
	if (!slash)
		return false;
	*slash = 0;
	int length = snprintf(path, room, "%s", full[0] ? full : "/");
	return length >= 0 && (size_t)length < room;
}

/* ---- child processes ---- */

/* What the child sends: the reply's length, then the reply. */
static void child_main(
    int file, size_t (*function)(void *, void *, size_t), void *argument, size_t room)
{
	/* A driver that fails may print and dump its core: neither is wanted. */
	struct rlimit none = {0, 0};
	setrlimit(RLIMIT_CORE, &none);
	int nowhere = open("/dev/null", O_WRONLY);
	if (nowhere >= 0) {
		dup2(nowhere, 1);
		dup2(nowhere, 2);
	}
	signal(SIGPIPE, SIG_IGN);
	signal(SIGABRT, SIG_DFL);
	signal(SIGSEGV, SIG_DFL);
	void *reply = calloc(1, room ? room : 1);
	if (!reply)
		_exit(1);
	size_t length = function(argument, reply, room);
	bool sent = length <= room && write_all(file, &length, sizeof length) &&
	            write_all(file, reply, length);
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
	if (pipe2(ends, O_CLOEXEC) != 0)
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
