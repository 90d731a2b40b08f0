#include "kept.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "system.h"

static const char name_of_jobs[] = "jobs";

int kept_open(const command *c, const char *folder)
{
	char *path = path_join(folder, name_of_jobs);
	int code = EXIT_OK;

	if (!path)
		code = command_fail(c, "no memory");
	else if (!system_make_folder(path))
		code = command_fail(c, "cannot make the folder %s: %s", path, strerror(errno));
	free(path);
	return code;
}

static char *path_of(const char *folder, size_t job)
{
	char name[40];

	snprintf(name, sizeof name, "%s/%05zu.npy", name_of_jobs, job);
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
	if (!path)
		return EXIT_FAILED; /* which path_join has said */
	onn_status status = onn_array_from(&a, ONN_F64, 1, &count, number);
	if (!status)
		status = onn_array_save(a, path);
	onn_array_destroy(a);
	free(path);
	return status ? command_status(c, status) : EXIT_OK;
}
