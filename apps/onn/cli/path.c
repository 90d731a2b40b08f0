/* Names of files, and text files that are whole or not there. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "command.h"
#include "core/formats.h"
#include "core/os_temporary.h"
#include "system.h"

char *path_join(const char *folder, const char *name)
{
	size_t n = folder ? strlen(folder) : 0, room = n + strlen(name) + 2;
	char *path = malloc(room);

	if (path)
		snprintf(path, room, "%s%s%s", folder ? folder : "",
		    !folder || (n && folder[n - 1] == '/') ? "" : "/", name);
	else
		command_no_memory();
	return path;
}

bool path_exists(const char *path)
{
	FILE *file = fopen(path, "rb");

	if (file)
		fclose(file);
	return file != NULL;
}

char *path_read(const char *folder, const char *name)
{
	char *path = path_join(folder, name), *text = NULL;
	FILE *file = path ? fopen(path, "rb") : NULL;
	long size = -1;

	if (file && fseek(file, 0, SEEK_END) == 0)
		size = ftell(file);
	if (size >= 0 && fseek(file, 0, SEEK_SET) == 0)
		text = calloc((size_t)size + 1, 1);
	if (text && fread(text, 1, (size_t)size, file) != (size_t)size)
		text[0] = '\0';
	if (file)
		fclose(file);
	free(path);
	return text;
}

bool path_ends_in(const char *path, const char *ending)
{
	size_t n = strlen(path), m = strlen(ending);
	return n > m && !strcasecmp(path + n - m, ending);
}

int path_check_folder(const command *c, const char *path)
{
	char file[ONN_FORMAT_PATH];
	const char *member, *slash;

	/* a member's name may have folders of its own */
	if (onn_format_ending(file, &member, path))
		path = file;
	slash = strrchr(path, '/');
	if (!slash)
		return EXIT_OK;
	size_t length = (size_t)(slash - path) + 1;
	char *folder = malloc(length + 1);
	if (!folder)
		return command_fail(c, "no memory for a name");
	snprintf(folder, length + 1, "%.*s", (int)length, path);
	char *full = system_full_path(folder);
	free(folder);
	if (!full)
		return command_fail(c, "%s: there is no folder %.*s", path, (int)length, path);
	free(full);
	return EXIT_OK;
}

int path_write(const command *c, const char *folder, const char *name,
    void (*write)(FILE *file, const void *user), const void *user)
{
	char *path = path_join(folder, name);
	onn_temporary *t = malloc(sizeof *t);
	bool fine = false;

	if (path && t) {
		errno = 0;
		FILE *file = onn_temporary_open(t, path) ? system_stream(t->file) : NULL;
		if (file)
			write(file, user);
		/* The first that fails has the reason; errno is whatever a call that went well
		 * left. */
		fine = file && !ferror(file) && !fflush(file);
		int reason = errno;
		if (file && fclose(file) != 0 && fine)
			fine = false, reason = errno;
		if (fine && !onn_temporary_commit(t))
			fine = false, reason = errno;
		if (!fine) {
			onn_temporary_discard(t);
			command_fail(c, "%s could not be written: %s", path, strerror(reason));
		}
	} else {
		command_fail(c, "no memory");
	}
	free(t);
	free(path);
	return fine ? EXIT_OK : EXIT_FAILED;
}

static void copy(FILE *to, const void *user)
{
	FILE *from = (FILE *)user;
	char block[4096];

	rewind(from);
	for (size_t n; (n = fread(block, 1, sizeof block, from)) > 0;)
		fwrite(block, 1, n, to);
}

int path_copy(const command *c, const char *path, FILE *from)
{
	return path_write(c, NULL, path, copy, from);
}
