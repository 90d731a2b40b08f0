/*
 * The files that a run leaves in its folder.
 */
#ifndef ONN_TESTS_RUN_FOLDER_H
#define ONN_TESTS_RUN_FOLDER_H

#include <stdio.h>
#include <string.h>

#include "core/os.h"
#include "testing.h"

static inline char *path_in(const char *folder, const char *name)
{
	static char path[4][512];
	static int next;
	next = (next + 1) % 4;
	snprintf(path[next], sizeof path[next], "%s/%s", folder, name);
	return path[next];
}

/* Removes the files of a run; the folder stays. */
static inline void clean(const char *folder)
{
	static const char *const names[] = {"last.npz", "best.npz", "metrics.csv", "config.json",
	    "seconds.npy", "interrupted.csv", "summary.json", "last.npz.tmp", "best.npz.tmp",
	    "metrics.csv.tmp", "config.json.tmp", "seconds.npy.tmp", "interrupted.csv.tmp"};
	for (size_t i = 0; i < COUNT(names); i++)
		remove(path_in(folder, names[i]));
}

static inline char *read_text(const char *folder, const char *name, size_t *bytes)
{
	void *data;
	check_ok(onn_file_read(&data, bytes, path_in(folder, name)));
	return data;
}

/* Both folders hold the same bytes under this name. */
static inline void check_same_file(const char *a, const char *b, const char *name)
{
	size_t na, nb;
	char *x = read_text(a, name, &na), *y = read_text(b, name, &nb);
	ck_assert_msg(na == nb && memcmp(x, y, na) == 0, "%s differs in %s and %s", name, a, b);
	onn_free(x);
	onn_free(y);
}

#endif
