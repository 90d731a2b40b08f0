/*
 * Whether our own kernels are trusted on a device: they answer what is known (plan/answers.c)
 * before the first plan in a precision. Where whole lines are wrong, or end with an error, passes
 * do instead; where the others are, no plan is made. What was answered is kept beside the cached
 * programs, by device, driver, library and kernels; an error and a refusal are not, so that what
 * passes is not held against a device.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels.h"

#include <onn/version.h>

#include "backend/opencl/opencl_backend.h"
#include "core/sha256.h"

enum { WRONG_TEXT = 120 };

/* ---- kept ---- */

static const char is_right[] = "right", by_passes[] = "by passes: ";

static bool path_of(const onn_cl_device *d, onn_type real, char *path, size_t room)
{
	static const char *const texts[] = {onn_cl_text_all, onn_cl_text_lines, onn_cl_text_fourier,
	    onn_cl_text_reduce, onn_cl_text_matmul};
	unsigned char key[ONN_SHA256_BYTES];
	char words[256];
	onn_sha256 sha;

	if (!onn_cl_choice("ONN_OPENCL_CACHE", true))
		return false;
	snprintf(words, sizeof words, "answers 2, onn %s, %s, %zu %zu %zu %u %d %d %d",
	    onn_version(), onn_type_name(real), d->group, d->local, d->lanes, (unsigned)d->units,
	    d->serial_items, d->divide, d->whole_lines[real == ONN_F64]);
	onn_sha256_start(&sha);
	onn_sha256_add(&sha, words, strlen(words) + 1);
	onn_sha256_add(&sha, d->identity, strlen(d->identity) + 1);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		onn_sha256_add(&sha, texts[i], strlen(texts[i]) + 1);
	onn_sha256_finish(key, &sha);
	return onn_cl_cache_path(key, ".txt", path, room);
}

/* What was kept; false: nothing of use. wrong: of whole lines, or "". */
static bool recall(const onn_cl_device *d, onn_type real, char wrong[WRONG_TEXT])
{
	char path[1200];
	void *data = NULL;
	size_t bytes;
	bool found = false;

	if (!path_of(d, real, path, sizeof path) || !onn_file_own(path) ||
	    onn_file_read(&data, &bytes, path))
		return false;
	const char *text = data;
	wrong[0] = '\0';
	if (strcmp(text, is_right) == 0) {
		found = true;
	} else if (strncmp(text, by_passes, strlen(by_passes)) == 0) {
		found = true;
		snprintf(wrong, WRONG_TEXT, "%s", text + strlen(by_passes));
	}
	onn_free(data);
	return found;
}

/* path: of the device before it turned to passes. */
static void keep(const char *path, const char *wrong)
{
	char text[WRONG_TEXT + sizeof by_passes];
	const int length =
	    snprintf(text, sizeof text, "%s%s", *wrong ? by_passes : is_right, wrong);

	if (*path && length > 0)
		onn_file_write_own(path, text, (size_t)length); /* a failure costs time, later */
}

/* ---- asked ---- */

/* An error is wrong, too, but for want of memory, or where no answer came. */
static onn_status ask_device(
    char wrong[WRONG_TEXT], onn_cl_device *d, onn_type real, onn_ask *ask, bool *is_error)
{
	const onn_status status = ask(wrong, WRONG_TEXT, &d->base, real);

	*is_error = status != ONN_OK;
	if (status == ONN_ERROR_MEMORY || atomic_load(&d->stuck))
		return status;
	if (status)
		snprintf(wrong, WRONG_TEXT, "%s", onn_last_error());
	return ONN_OK;
}

/* For `onn devices`; wrong: "", or what is. */
static void tell(const onn_cl_device *d, onn_type real, const char *wrong)
{
	char work[ONN_CL_WORK_TEXT];

	snprintf(work, sizeof work, "own kernels in %s", onn_type_name(real));
	onn_cl_verdict_keep(d, work, *wrong ? wrong : NULL);
}

static void turn_to_passes(onn_cl_device *d, onn_type real, const char *wrong)
{
	char work[ONN_CL_WORK_TEXT];

	snprintf(work, sizeof work, "whole lines in %s", onn_type_name(real));
	onn_cl_judge(d, work, wrong, "passes");
}

static onn_status ask_all(onn_cl_device *d, onn_type real, onn_ask *ask)
{
	bool *whole_lines = &d->whole_lines[real == ONN_F64], is_error, again;
	const bool had_lines = *whole_lines;
	char path[1200] = "", first[WRONG_TEXT], wrong[WRONG_TEXT] = "";

	if (!path_of(d, real, path, sizeof path))
		path[0] = '\0';
	onn_status status = ask_device(first, d, real, ask, &is_error);
	if (status)
		return status;
	again = is_error;
	if (*first && had_lines) {
		*whole_lines = false;
		status = ask_device(wrong, d, real, ask, &again);
		if (status || *wrong)
			*whole_lines = true; /* whoever asks again starts anew */
	} else {
		snprintf(wrong, sizeof wrong, "%s", first);
	}
	if (status)
		return status;
	tell(d, real, wrong);
	if (*wrong)
		return onn_error(ONN_ERROR_DEVICE,
		    "onn_plan_create: device %s (%s) %s in %s where %s known: %s; expected another "
		    "driver, or device c",
		    d->base.name, d->base.description,
		    again ? "ends with an error" : "gives wrong answers", onn_type_name(real),
		    again ? "its answers would be" : "they are", wrong);
	if (*first)
		turn_to_passes(d, real, first);
	if (!is_error)
		keep(path, first);
	return ONN_OK;
}

onn_status onn_cl_trust(onn_device *device, onn_type real, onn_ask *ask)
{
	onn_cl_device *d = (onn_cl_device *)device;
	const int precision = real == ONN_F64;
	char wrong[WRONG_TEXT], text[1024];
	onn_status status = onn_cl_enter("onn_plan_create", d);

	if (status || d->native || (precision && !device->fp64))
		return status;
	/* what fails on the way is nobody's error: the text of the last one stays */
	snprintf(text, sizeof text, "%s", onn_last_error());
	onn_mutex_lock(d->asking);
	if (!d->answered[precision]) {
		if (!recall(d, real, wrong)) {
			status = ask_all(d, real, ask);
		} else if (*wrong) {
			d->whole_lines[precision] = false;
			turn_to_passes(d, real, wrong);
		}
		d->answered[precision] = status == ONN_OK;
		if (!status)
			onn_error(ONN_OK, "%s", text);
	}
	onn_mutex_unlock(d->asking);
	return status;
}
