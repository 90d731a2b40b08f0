#include "kept.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "system.h"

static const char what_name[] = "what.txt";

/* The text of a file, which the caller frees; NULL where it cannot be read. */
static char *text_of(const char *path)
{
	FILE *file = fopen(path, "rb");
	char *text = NULL;

	if (!file)
		return NULL;
	if (fseek(file, 0, SEEK_END) == 0) {
		long bytes = ftell(file);
		rewind(file);
		text = bytes < 0 ? NULL : calloc((size_t)bytes + 1, 1);
		if (text && fread(text, 1, (size_t)bytes, file) != (size_t)bytes)
			text[0] = '\0';
	}
	fclose(file);
	return text;
}

static void write_text(FILE *file, const void *user) { fputs(user, file); }

int kept_open(const command *c, const char *folder, const char *same)
{
	if (!system_make_folder(folder))
		return command_fail(c, "cannot make the folder %s: %s", folder, strerror(errno));
	char *path = path_join(folder, what_name);
	if (!path)
		return command_fail(c, "no memory");
	char *before = text_of(path);
	int code = EXIT_OK;
	if (!before)
		code = path_write(c, folder, what_name, write_text, same);
	else if (strcmp(before, same) != 0)
		code = command_fail(c,
		    "%s holds other runs than these: expected the same options as before, or "
		    "another "
		    "--out",
		    folder);
	free(before);
	free(path);
	return code;
}

static char *path_of(const char *folder, size_t job)
{
	char name[40];

	snprintf(name, sizeof name, "%05zu.npy", job);
	return path_join(folder, name);
}

bool kept_read(double *number, size_t count, const char *folder, size_t job)
{
	char *path = path_of(folder, job);
	onn_array *a = NULL;
	bool there = path && path_exists(path) && onn_array_load(&a, path) == ONN_OK &&
	             onn_array_type(a) == ONN_F64 && onn_array_count(a) == count;

	if (there)
		memcpy(number, onn_array_const_data(a), count * sizeof *number);
	onn_array_destroy(a);
	free(path);
	return there;
}

int kept_write(const command *c, const char *folder, size_t job, const double *number, size_t count)
{
	char *path = path_of(folder, job);
	onn_array *a = NULL;
	onn_status status = path ? ONN_OK : command_no_memory();

	if (!status)
		status = onn_array_from(&a, ONN_F64, 1, &count, number);
	if (!status)
		status = onn_array_save(a, path);
	onn_array_destroy(a);
	free(path);
	return status ? command_status(c, status) : EXIT_OK;
}
