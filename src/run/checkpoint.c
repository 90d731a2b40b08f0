#include "run/checkpoint.h"

#include <string.h>

#include "core/element.h"
#include "core/error.h"
#include "core/memory.h"
#include "core/settings.h"

/* ---- tensors ---- */

onn_status onn_tensor_read_real(double *number, const onn_tensor *t)
{
	float single = 0;
	*number = 0;
	if (onn_tensor_type(t) == ONN_F64)
		return onn_tensor_read(number, t, sizeof *number);
	onn_status status = onn_tensor_read(&single, t, sizeof single);
	*number = single;
	return status;
}

onn_status onn_checkpoint_put(onn_archive *archive, const char *name, const onn_tensor *tensor)
{
	onn_array *a = NULL;
	onn_status status = onn_tensor_to_array(&a, tensor);
	if (!status)
		status = onn_archive_put(archive, name, a);
	onn_array_destroy(a);
	return status;
}

onn_status onn_checkpoint_find(const onn_array **array, const onn_archive *archive,
    const char *name, onn_type type, size_t count, const char *path)
{
	const onn_array *a;
	*array = NULL;
	onn_status status = onn_archive_find(&a, archive, name);
	if (status)
		return status;
	if (!a || onn_array_type(a) != type || onn_array_count(a) != count)
		return onn_error(ONN_ERROR_FORMAT,
		    "%s: array %s is not there or not %s of %zu numbers; expected a checkpoint of "
		    "this run",
		    path, name, onn_type_name(type), count);
	*array = a;
	return ONN_OK;
}

onn_status onn_checkpoint_text(
    const char **text, const onn_archive *archive, const char *name, const char *path)
{
	onn_status status = onn_archive_find_text(text, archive, name);
	if (status || *text)
		return status;
	return onn_error(
	    ONN_ERROR_FORMAT, "%s: no %s in it; expected a run's last.npz", path, name);
}

onn_status onn_checkpoint_finite(const onn_array *a, const char *name, const char *path)
{
	onn_type type = onn_array_type(a);
	size_t at = onn_first_not_finite(a);
	return at == SIZE_MAX ? ONN_OK
	                      : onn_error(ONN_ERROR_FORMAT,
	                            "%s: array %s holds %g at %zu; expected finite numbers", path,
	                            name, onn_part_get(onn_array_const_data(a), type, at),
	                            at / onn_type_parts(type));
}

static onn_status check_shape(
    const onn_array *a, const onn_tensor *like, const char *name, const char *path)
{
	char have[96], want[96];
	size_t ndim = onn_tensor_ndim(like);
	onn_shape_text(want, sizeof want, ndim, onn_tensor_shape(like));
	onn_shape_text(have, sizeof have, onn_array_ndim(a), onn_array_shape(a));
	return strcmp(have, want) == 0
	           ? ONN_OK
	           : onn_error(ONN_ERROR_FORMAT, "%s: array %s is %s; expected %s", path, name,
	                 have, want);
}

onn_status onn_checkpoint_take(
    onn_tensor *tensor, const onn_archive *archive, const char *name, const char *path)
{
	const onn_array *a;
	onn_type type = onn_tensor_type(tensor);
	size_t count = onn_tensor_count(tensor);
	onn_status status = onn_checkpoint_find(&a, archive, name, type, count, path);
	if (!status)
		status = check_shape(a, tensor, name, path);
	if (!status)
		status = onn_checkpoint_finite(a, name, path);
	return status
	           ? status
	           : onn_tensor_write(tensor, onn_array_const_data(a), count * onn_type_size(type));
}

/* ---- settings ---- */

onn_status onn_checkpoint_differs(
    const char *what, const char *name, const char *had, const char *want)
{
	return onn_error(ONN_ERROR_ARGUMENT,
	    "%s with %s %s, and %s is asked for; a run goes on as it began", what, name, had, want);
}

typedef struct comparison {
	const onn_settings *settings;
	const char *saved, *asked;
	const char *const *may_differ;
	const char *what;
	onn_status status;
} comparison;

static bool is_among(const char *const *names, const char *name)
{
	for (; *names; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

static bool compare_row(void *user, const char *name, const onn_setting *row, size_t base)
{
	comparison *c = user;
	const onn_settings alone = {.row = row, .count = 1};
	char text[128];
	if (is_among(c->may_differ, name) ||
	    !onn_settings_difference(text, sizeof text, &alone, c->saved + base, c->asked + base))
		return true;
	char *had = onn_settings_get(c->settings, c->saved, name);
	char *want = onn_settings_get(c->settings, c->asked, name);
	c->status = onn_checkpoint_differs(c->what, name, had ? had : "?", want ? want : "?");
	onn_free(had);
	onn_free(want);
	return false;
}

onn_status onn_checkpoint_compare(const onn_settings *settings, const void *saved,
    const void *asked, const char *const *may_differ, const char *what)
{
	comparison c = {settings, saved, asked, may_differ, what, ONN_OK};
	onn_settings_each(settings, compare_row, &c);
	return c.status;
}
