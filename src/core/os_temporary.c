#define _GNU_SOURCE
#include "core/os_temporary.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { MOST_LINKS = 40, DIGITS = 16 };
static const char before[] = ".onn-", behind[] = ".tmp";

/* ---- names ---- */

/* The folder part of a path, with its slash; 0: the current one. */
static size_t folder_length(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? (size_t)(slash - path) + 1 : 0;
}

/* FOLDER/NAME, FOLDER given with its slash. */
static bool join(char to[ONN_OS_PATH], const char *folder, size_t length, const char *name)
{
	int n = snprintf(to, ONN_OS_PATH, "%.*s%s", (int)length, folder, name);
	if (n >= 0 && n < ONN_OS_PATH)
		return true;
	errno = ENAMETOOLONG;
	return false;
}

/* The name that opening path would write to: the last link may point to what is not there. */
static bool follow(char target[ONN_OS_PATH], const char *path)
{
	char link[ONN_OS_PATH], next[ONN_OS_PATH];
	if (!join(target, "", 0, path))
		return false;
	for (int i = 0; i < MOST_LINKS; i++) {
		ssize_t n = readlink(target, link, sizeof link - 1);
		if (n < 0) /* no link, or nothing at all */
			return true;
		link[n] = 0;
		if (!join(next, target, link[0] == '/' ? 0 : folder_length(target), link))
			return false;
		strcpy(target, next);
	}
	errno = ELOOP;
	return false;
}

static uint64_t draw(void)
{
	uint64_t x;
	struct timespec now;
	if (getrandom(&x, sizeof x, GRND_NONBLOCK) == (ssize_t)sizeof x)
		return x;
	clock_gettime(CLOCK_REALTIME, &now);
	return ((uint64_t)now.tv_nsec << 32 ^ (uint64_t)getpid()) * 0x9e3779b97f4a7c15u;
}

static bool is_temporary(const char *name)
{
	size_t start = sizeof before - 1;
	return strncmp(name, before, start) == 0 &&
	       strspn(name + start, "0123456789abcdef") == DIGITS &&
	       strcmp(name + start + DIGITS, behind) == 0;
}

/* ---- files ---- */

/* A lock tells a sweeper that the file is being written. A sweeper may have come in between making
 * and locking: then the name is no longer this file's. Some file systems know no locks. */
static bool is_held(int file, const char *name)
{
	struct stat mine, named;
	if (flock(file, LOCK_EX | LOCK_NB) != 0)
		return errno != EWOULDBLOCK;
	return fstat(file, &mine) == 0 && lstat(name, &named) == 0 && mine.st_ino == named.st_ino &&
	       mine.st_dev == named.st_dev;
}

static int make(onn_temporary *t, mode_t mode)
{
	for (int i = 0; i < 100; i++) {
		char name[64];
		snprintf(
		    name, sizeof name, "%s%016llx%s", before, (unsigned long long)draw(), behind);
		if (!join(t->name, t->target, folder_length(t->target), name))
			return -1;
		int file = open(t->name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
		if (file < 0 && errno != EEXIST)
			return -1;
		if (file >= 0 && is_held(file, t->name))
			return file;
		if (file >= 0)
			close(file);
	}
	errno = EEXIST;
	return -1;
}

static const int stops[] = {SIGINT, SIGTERM, SIGHUP};
enum { STOPS = sizeof stops / sizeof *stops };

static unsigned hold_signals(void)
{
	sigset_t set, was;
	unsigned held = 0;
	sigemptyset(&set);
	for (int i = 0; i < STOPS; i++)
		sigaddset(&set, stops[i]);
	pthread_sigmask(SIG_BLOCK, &set, &was);
	for (int i = 0; i < STOPS; i++)
		held |= sigismember(&was, stops[i]) ? 0 : 1u << i;
	return held;
}

static void let_signals(unsigned held)
{
	sigset_t set;
	sigemptyset(&set);
	for (int i = 0; i < STOPS; i++)
		if (held & 1u << i)
			sigaddset(&set, stops[i]);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

/* Behind rename or unlink. */
static void forget(onn_temporary *t)
{
	close(t->file);
	t->file = -1;
	let_signals(t->held);
}

bool onn_temporary_open(onn_temporary *t, const char *path)
{
	struct stat old;
	t->file = -1;
	t->name[0] = 0;
	t->held = 0;
	if (stat(path, &old) == 0 && !S_ISREG(old.st_mode) && !S_ISDIR(old.st_mode)) {
		t->file = open(path, O_WRONLY | O_CLOEXEC);
		return t->file >= 0;
	}
	if (!follow(t->target, path))
		return false;
	bool there = stat(t->target, &old) == 0 && S_ISREG(old.st_mode);
	t->held = hold_signals();
	/* nobody reads meanwhile what only the owner of the old file may */
	t->file = make(t, there ? old.st_mode & 0600 : 0666);
	if (t->file < 0)
		let_signals(t->held);
	if (t->file < 0 || !there)
		return t->file >= 0;
	/* an owner can be given by a few only: the file is then the writer's */
	if (fchown(t->file, old.st_uid, old.st_gid) != 0)
		errno = 0;
	if (fchmod(t->file, old.st_mode & 0777) == 0)
		return true;
	onn_temporary_discard(t);
	return false;
}

static void sync_folder_of(const char *path)
{
	char folder[ONN_OS_PATH];
	size_t length = folder_length(path);
	join(folder, path, length, length ? "" : ".");
	int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (file < 0)
		return;
	fsync(file); /* some file systems cannot: the data are on the disk all the same */
	close(file);
}

bool onn_temporary_commit(onn_temporary *t)
{
	if (!*t->name) {
		forget(t);
		return true;
	}
	if (fsync(t->file) != 0 || rename(t->name, t->target) != 0) {
		onn_temporary_discard(t);
		return false;
	}
	forget(t);
	sync_folder_of(t->target);
	return true;
}

void onn_temporary_discard(onn_temporary *t)
{
	int code = errno;
	if (t->file >= 0) {
		if (*t->name)
			unlink(t->name);
		forget(t);
	}
	errno = code;
}

/* ---- what is left ---- */

static void remove_left(const char *path)
{
	int file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (file < 0)
		return;
	if (flock(file, LOCK_EX | LOCK_NB) == 0)
		unlink(path);
	close(file);
}

static void sweep(const char *folder, int depth)
{
	char path[ONN_OS_PATH], room[ONN_OS_PATH];
	struct stat info;
	DIR *stream = opendir(folder);
	if (!stream || !join(room, folder, strlen(folder), "/")) {
		if (stream)
			closedir(stream);
		return;
	}
	for (struct dirent *e; (e = readdir(stream)) != NULL;) {
		if (!join(path, room, strlen(room), e->d_name))
			continue;
		if (is_temporary(e->d_name))
			remove_left(path);
		else if (depth > 0 && e->d_name[0] != '.' && lstat(path, &info) == 0 &&
		         S_ISDIR(info.st_mode))
			sweep(path, depth - 1);
	}
	closedir(stream);
}

void onn_temporary_sweep(const char *folder) { sweep(folder, 1); }
