#define _GNU_SOURCE
#include "inject.h"

#include <dirent.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PLACES = 1 << 14 };

/* What parent and children share. */
typedef struct shared {
	atomic_long counted, failed;
	atomic_bool taken; /* the first failure is being noted */
	inject_result first;
	size_t nplaces;
	uint64_t place[PLACES]; /* a hash table of their addresses; 0: free */
} shared;

static shared *all;
static inject_plan plan;
static _Thread_local bool within; /* backtrace may allocate */

void inject_start(void)
{
	void *frame[4];
	all = mmap(NULL, sizeof *all, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (all == MAP_FAILED) {
		perror("inject_start");
		exit(EXIT_FAILURE);
	}
	backtrace(frame, 4); /* loads the unwinder */
}

void inject_forget(void)
{
	all->nplaces = 0;
	memset(all->place, 0, sizeof all->place);
}

void inject_arm(const inject_plan *now)
{
	plan = *now;
	atomic_store(&all->counted, 0);
	atomic_store(&all->failed, 0);
	atomic_store(&all->taken, false);
	memset(&all->first, 0, sizeof all->first);
}

inject_result inject_result_now(void)
{
	inject_result r = all->first;
	r.counted = atomic_load(&all->counted);
	r.failed = atomic_load(&all->failed);
	return r;
}

size_t inject_places(void) { return all->nplaces; }
int inject_code(void) { return plan.code; }

void inject_print_place(const inject_result *r)
{
	fflush(stderr);
	backtrace_symbols_fd(r->frame, r->frames, STDERR_FILENO);
}

/* From caller on, which is behind what stands before a function. */
static int callers(void *frame[INJECT_FRAMES], const void *caller)
{
	void *whole[INJECT_FRAMES + 6];
	int n = 0, from = 0;
	within = true;
	int depth = backtrace(whole, INJECT_FRAMES + 6);
	within = false;
	while (from < depth && whole[from] != caller)
		from++;
	for (; from < depth && n < INJECT_FRAMES; n++)
		frame[n] = whole[from++];
	if (n == 0) /* the unwinder did not see it */
		frame[n++] = (void *)(uintptr_t)caller;
	return n;
}

/* True where the place was not in the table; it is now. */
static bool is_new(void *const *frame, int frames)
{
	uint64_t hash = 14695981039346656037u;
	for (int i = 0; i < frames && i < plan.depth; i++)
		hash = (hash ^ (uint64_t)(uintptr_t)frame[i]) * 1099511628211u;
	hash |= 1;
	for (size_t i = (size_t)(hash >> 20) % PLACES, tries = 0; tries < PLACES;
	     i = (i + 1) % PLACES, tries++) {
		if (all->place[i] == hash)
			return false;
		if (all->place[i] == 0) {
			all->place[i] = hash;
			all->nplaces++;
			return true;
		}
	}
	return false;
}

bool inject_fails(unsigned kinds, const char *function, const void *caller)
{
	void *frame[INJECT_FRAMES];
	int frames = 0;
	bool now;
	if (!(plan.kinds & kinds) || within || (plan.only && strcmp(plan.only, function) != 0))
		return false;
	long n = atomic_fetch_add(&all->counted, 1) + 1;
	if (atomic_load(&all->failed) > 0)
		now = plan.onward;
	else if (plan.at == INJECT_EACH_PLACE)
		now = is_new(frame, frames = callers(frame, caller));
	else
		now = n == plan.at;
	if (!now)
		return false;
	atomic_fetch_add(&all->failed, 1);
	if (!atomic_exchange(&all->taken, true)) {
		all->first.frames = frames ? frames : callers(frame, caller);
		memcpy(all->first.frame, frame, sizeof frame);
		snprintf(all->first.function, sizeof all->first.function, "%s", function);
	}
	errno = plan.code;
	return true;
}

/* ---- what stands before the C library ---- */

#define WRAP(kind, type, nothing, name, parameters, arguments)                                     \
	type __real_##name parameters;                                                             \
	type __wrap_##name parameters;                                                             \
	type __wrap_##name parameters                                                              \
	{                                                                                          \
		return inject_fails(kind, #name, INJECT_CALLER) ? nothing                          \
		                                                : __real_##name arguments;         \
	}

WRAP(INJECT_MEMORY, void *, NULL, malloc, (size_t bytes), (bytes))
WRAP(INJECT_MEMORY, void *, NULL, calloc, (size_t count, size_t bytes), (count, bytes))
WRAP(INJECT_MEMORY, void *, NULL, realloc, (void *old, size_t bytes), (old, bytes))
WRAP(INJECT_MEMORY, void *, NULL, aligned_alloc, (size_t alignment, size_t bytes),
    (alignment, bytes))
WRAP(INJECT_MEMORY, int, ENOMEM, posix_memalign, (void **to, size_t alignment, size_t bytes),
    (to, alignment, bytes))
WRAP(INJECT_MEMORY, char *, NULL, strdup, (const char *text), (text))

WRAP(INJECT_FILES, ssize_t, -1, read, (int file, void *to, size_t bytes), (file, to, bytes))
WRAP(INJECT_FILES | INJECT_DISK, ssize_t, -1, write, (int file, const void *data, size_t bytes),
    (file, data, bytes))
WRAP(INJECT_FILES | INJECT_DISK, int, -1, fsync, (int file), (file))
WRAP(INJECT_FILES | INJECT_DISK, int, -1, rename, (const char *from, const char *to), (from, to))
WRAP(INJECT_FILES | INJECT_DISK, int, -1, mkdir, (const char *path, mode_t mode), (path, mode))
WRAP(INJECT_FILES, int, -1, fchmod, (int file, mode_t mode), (file, mode))
WRAP(INJECT_FILES, FILE *, NULL, fopen, (const char *path, const char *mode), (path, mode))
WRAP(INJECT_FILES, FILE *, NULL, fdopen, (int file, const char *mode), (file, mode))
WRAP(INJECT_FILES | INJECT_DISK, FILE *, NULL, tmpfile, (void), ())
WRAP(INJECT_FILES, DIR *, NULL, opendir, (const char *path), (path))

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...)
{
	va_list more;
	if (inject_fails(INJECT_FILES | (flags & O_CREAT ? INJECT_DISK : 0), "open", INJECT_CALLER))
		return -1;
	va_start(more, flags);
	mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
	va_end(more);
	return __real_open(path, flags, mode);
}

static bool backwards;

void inject_clock(bool right) { backwards = !right; }

int __real_clock_gettime(clockid_t clock, struct timespec *t);
int __wrap_clock_gettime(clockid_t clock, struct timespec *t);
int __wrap_clock_gettime(clockid_t clock, struct timespec *t)
{
	static atomic_long looks;
	int code = __real_clock_gettime(clock, t);
	if (backwards)
		t->tv_sec -= 100 * (atomic_fetch_add(&looks, 1) + 1);
	return code;
}

/* ---- the sanitizers: a finding is no failure of the kind that is expected ---- */

const char *__asan_default_options(void);
const char *__asan_default_options(void) { return "exitcode=99:allocator_may_return_null=1"; }
const char *__ubsan_default_options(void);
const char *__ubsan_default_options(void) { return "exitcode=99:halt_on_error=1"; }
