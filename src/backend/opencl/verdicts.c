/*
 * What trials came to, beside the cached programs, for `onn devices`: a file for each device and
 * driver, a line for each kind of work, "work: right" or what was wrong. It is for people; no plan
 * is made by it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/version.h>

#include "backend/opencl/opencl_backend.h"
#include "core/sha256.h"

enum { MOST_LINES = 64 };

static const char right[] = "right";

static bool path_of(char *path, size_t room, const char *name, const char *driver)
{
	const char *const words[] = {"verdicts 1", onn_version(), name, driver};
	unsigned char key[ONN_SHA256_BYTES];
	onn_sha256 sha;

	if (!onn_cl_choice("ONN_OPENCL_CACHE", true))
		return false;
	onn_sha256_start(&sha);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		onn_sha256_add(&sha, words[i], strlen(words[i]) + 1);
	onn_sha256_finish(key, &sha);
	return onn_cl_cache_path(key, ".verdicts", path, room);
}

/* The file as text, freed with onn_free; NULL where there is none. */
static char *read_lines(const char *path)
{
	void *data = NULL;
	size_t bytes;

	if (!onn_file_own(path) || onn_file_read(&data, &bytes, path))
		return NULL;
	return data;
}

/* The lines, of the other works the latest, and this work's at their end. */
static void add_line(onn_text *text, const char *old, const char *work, const char *how)
{
	const size_t length = strlen(work);
	size_t lines = 0;

	for (const char *at = old; at && *at; at += *at == '\n')
		at += strcspn(at, "\n"), lines++;
	for (const char *at = old; at && *at;) {
		const size_t line = strcspn(at, "\n");
		const bool same = strncmp(at, work, length) == 0 && at[length] == ':';
		if (!same && lines-- < MOST_LINES)
			onn_text_add(text, "%.*s\n", (int)line, at);
		at += line + (at[line] == '\n');
	}
	onn_text_add(text, "%s: %s\n", work, how);
}

void onn_cl_verdict_keep(const onn_cl_device *d, const char *work, const char *wrong)
{
	char path[1200], last[1024], name[128], driver[64];
	onn_text text = ONN_TEXT_INIT;

	onn_cl_device_text(name, sizeof name, d->id, CL_DEVICE_NAME);
	onn_cl_device_text(driver, sizeof driver, d->id, CL_DRIVER_VERSION);
	/* what fails here is nobody's error: the text of the last one stays */
	snprintf(last, sizeof last, "%s", onn_last_error());
	if (path_of(path, sizeof path, name, driver)) {
		char *old = read_lines(path);
		add_line(&text, old, work, wrong ? wrong : right);
		if (!text.failed)
			onn_file_write_own(path, text.data, text.length);
		onn_free(old);
		onn_text_free(&text);
	}
	onn_error(ONN_OK, "%s", last);
}

/* Appends "; text" as far as there is room. */
static void join(char *list, size_t room, const char *text, size_t length)
{
	const size_t used = strlen(list);

	snprintf(list + used, room - used, "%s%.*s", used ? "; " : "", (int)length, text);
}

void onn_cl_verdicts(char *list, size_t room, const char *name, const char *driver)
{
	static const char own[] = "own kernels";
	char path[1200], count[64];
	size_t libraries = 0;
	char *text = path_of(path, sizeof path, name, driver) ? read_lines(path) : NULL;

	list[0] = '\0';
	for (const char *at = text; at && *at;) {
		const size_t line = strcspn(at, "\n"), end = sizeof right - 1;
		const bool is_right = line > end && strncmp(at + line - end, right, end) == 0;
		if (!is_right || strncmp(at, own, sizeof own - 1) == 0)
			join(list, room, at, line);
		else
			libraries++;
		at += line + (at[line] == '\n');
	}
	snprintf(count, sizeof count, "%zu trials of others right", libraries);
	if (libraries > 0)
		join(list, room, count, strlen(count));
	onn_free(text);
}
