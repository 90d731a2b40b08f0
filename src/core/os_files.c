/* Files and folders by POSIX. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/error.h"
#include "core/os.h"
#include "core/os_posix.h"
#include "core/os_temporary.h"

/* onn_error with errno's own words behind the text. */
static onn_status file_error(const char *function, const char *path, const char *what, int code)
{
	char text[128];
	return onn_error(ONN_ERROR_FILE, "%s: %s %s: %s", function, path, what,
	    onn_os_reason(code, text, sizeof text));
}

static onn_status read_all(int file, const char *path, void **data, size_t *bytes)
{
	struct stat info;
	size_t used = 0, room = 4096;
	if (fstat(file, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0 &&
	    (uint64_t)info.st_size < SIZE_MAX - 2)
		room = (size_t)info.st_size + 2; /* one to see the end, one behind it */
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

onn_status onn_file_read_head(void *head, size_t room, size_t *bytes, const char *path)
{
	ssize_t got = 1;
	*bytes = 0;
	int file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return file_error("onn_file_read", path, "could not be opened", errno);
	while (*bytes < room && got != 0) {
		got = read(file, (char *)head + *bytes, room - *bytes);
		if (got < 0 && errno != EINTR)
			break;
		*bytes += got > 0 ? (size_t)got : 0;
	}
	int code = errno;
	close(file);
	return got < 0 && *bytes < room
	           ? file_error("onn_file_read", path, "could not be read", code)
	           : ONN_OK;
}

onn_status onn_file_size(size_t *bytes, const char *path)
{
	struct stat info;
	if (stat(path, &info) != 0)
		return file_error("onn_file_read", path, "could not be opened", errno);
	*bytes = S_ISREG(info.st_mode) && (uint64_t)info.st_size < SIZE_MAX ? (size_t)info.st_size
	                                                                    : SIZE_MAX;
	return ONN_OK;
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
		if (p->failed || !onn_os_write_all(file, data, bytes))
			return false;
	} while (bytes > 0);
	return true;
}

/* own: what is there already may be of another mode or user. */
static onn_status write_beside(const char *path, pieces *p, bool own)
{
	onn_temporary t;
	if (!onn_temporary_open(&t, path))
		return file_error("onn_file_write", path, "could not be written", errno);
	bool fits =
	    !own || (fchmod(t.file, 0600) == 0 && fchown(t.file, geteuid(), (gid_t)-1) == 0);
	if (fits && write_pieces(t.file, p) && onn_temporary_commit(&t))
		return ONN_OK;
	onn_temporary_discard(&t);
	return p->failed ? ONN_ERROR_FILE
	                 : file_error("onn_file_write", path, "could not be written", errno);
}

onn_status onn_file_write_pieces(
    const char *path, bool (*next)(void *user, const void **data, size_t *bytes), void *user)
{
	pieces p = {next, user, false};
	return write_beside(path, &p, false);
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

onn_status onn_file_write_own(const char *path, const void *data, size_t bytes)
{
	block b = {data, bytes};
	pieces p = {next_block, &b, false};
	return write_beside(path, &p, true);
}

static bool is_own(const struct stat *info)
{
	return info->st_uid == geteuid() && !(info->st_mode & (S_IWGRP | S_IWOTH));
}

bool onn_file_own(const char *path)
{
	struct stat info;
	return stat(path, &info) == 0 && S_ISREG(info.st_mode) && is_own(&info);
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

static onn_status make_folders(const char *path, mode_t mode)
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
		int code = mkdir(part, mode) == 0 ? 0 : errno; /* which the next call overwrites */
		/* "File exists" is no reason: a folder may */
		if (code && !onn_directory_exists(part))
			return file_error("onn_directory_make", part, "could not be made",
			    code == EEXIST ? ENOTDIR : code);
		part[i] = end;
	}
	return ONN_OK;
}

onn_status onn_directory_make(const char *path) { return make_folders(path, 0777); }

bool onn_directory_own(const char *path)
{
	struct stat info;
	return make_folders(path, 0700) == ONN_OK && stat(path, &info) == 0 && is_own(&info);
}

onn_status onn_file_remove(const char *path)
{
	if (unlink(path) != 0)
		return file_error("onn_file_remove", path, "could not be removed", errno);
	return ONN_OK;
}

/* ---- locks ---- */

struct onn_lock {
	int folder;
};

/* A process that was killed holds its locks until it is gone, and programs that it was just
 * starting do until they run: some moments are waited for. */
static int lock_file(int file)
{
	for (int i = 0; flock(file, LOCK_EX | LOCK_NB) != 0; i++) {
		if (errno != EWOULDBLOCK || i == 30)
			return errno;
		nanosleep(&(struct timespec){0, 10000000}, NULL);
	}
	return 0;
}

onn_status onn_directory_lock(onn_lock **lock, const char *path)
{
	*lock = malloc(sizeof **lock);
	if (!*lock)
		return onn_error_memory("onn_directory_lock", sizeof **lock);
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int code = folder < 0 ? errno : lock_file(folder);
	if (!code) {
		(*lock)->folder = folder;
		return ONN_OK;
	}
	onn_free(*lock);
	*lock = NULL;
	if (folder < 0)
		return file_error("onn_directory_lock", path, "could not be opened", code);
	close(folder);
	return code == EWOULDBLOCK ? onn_error(ONN_ERROR_FILE, "%s is in use", path) : ONN_OK;
}

void onn_directory_unlock(onn_lock *lock)
{
	if (lock)
		close(lock->folder);
	onn_free(lock);
}
