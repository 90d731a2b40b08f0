#include "core/formats.h"

#include <stdio.h>
#include <string.h>

#include <onn/archive.h>

#include "core/error.h"
#include "core/memory.h"
#include "core/os.h"

/* ---- messages ---- */

void onn_name_list_add(onn_name_list *list, const char *name, size_t length)
{
	int added = snprintf(list->text + list->used, sizeof list->text - list->used, "%s%.*s",
	    list->count ? ", " : "", length < 100 ? (int)length : 100, name);
	list->count++;
	list->used += added > 0 ? (size_t)added : 0;
	if (list->used >= sizeof list->text)
		list->used = sizeof list->text - 1;
}

onn_status onn_member_refuse(const char *path, const char *member, const onn_name_list *list)
{
	if (list->count == 0)
		return onn_error(ONN_ERROR_FORMAT,
		    "onn_array_load: %s has no array of numbers; expected one", path);
	if (member)
		return onn_error(ONN_ERROR_FORMAT,
		    "onn_array_load: %s has no array %s; expected one of %s", path, member,
		    list->text);
	return onn_error(ONN_ERROR_FORMAT,
	    "onn_array_load: %s has several arrays; expected %s:NAME with one of %s", path, path,
	    list->text);
}

/* ---- columns and rows ---- */

onn_status onn_array_turned(onn_array **a, const onn_array *from)
{
	size_t ndim = onn_array_ndim(from), shape[ONN_MAX_DIMS], stride[ONN_MAX_DIMS],
	       index[ONN_MAX_DIMS] = {0}, at = 0;
	for (size_t i = 0; i < ndim; i++)
		shape[i] = onn_array_shape(from)[ndim - 1 - i];
	for (size_t i = 0, step = 1; i < ndim; step *= shape[i++])
		stride[i] = step;
	onn_status status = onn_array_create(a, onn_array_type(from), ndim, shape);
	if (status)
		return status;
	size_t size = onn_type_size(onn_array_type(from));
	const char *source = onn_array_const_data(from);
	char *to = onn_array_data(*a);
	for (size_t k = 0; k < onn_array_count(from); k++) {
		memcpy(to + k * size, source + at * size, size);
		for (size_t i = ndim; i-- > 0;) {
			at += stride[i];
			if (++index[i] < shape[i])
				break;
			at -= index[i] * stride[i];
			index[i] = 0;
		}
	}
	return ONN_OK;
}

/* ---- archives ---- */

static onn_status find_member(
    const onn_array **found, const onn_archive *archive, const char *path, const char *member)
{
	onn_name_list list = {.count = 0};
	const char *name;
	*found = NULL;
	for (size_t i = 0; (name = onn_archive_name(archive, i)) != NULL; i++)
		onn_name_list_add(&list, name, strlen(name));
	if (!member && list.count != 1)
		return onn_member_refuse(path, NULL, &list);
	onn_status status =
	    onn_archive_find(found, archive, member ? member : onn_archive_name(archive, 0));
	return status || *found ? status : onn_member_refuse(path, member, &list);
}

static onn_status load_archived(onn_array **a, const char *path, const char *member)
{
	const onn_array *found;
	onn_archive *archive;
	*a = NULL;
	onn_status status = onn_archive_load(&archive, path);
	if (status)
		return status;
	status = find_member(&found, archive, path, member);
	if (!status)
		status = onn_array_convert(a, found, onn_array_type(found));
	onn_archive_destroy(archive);
	return status;
}

static onn_status save_archived(const onn_array *a, const char *path, const char *member)
{
	onn_archive *archive;
	onn_status status = member && onn_file_exists(path) ? onn_archive_load(&archive, path)
	                                                    : onn_archive_create(&archive);
	if (status)
		return status;
	status = onn_archive_put(archive, member ? member : "data", a);
	if (!status)
		status = onn_archive_save(archive, path);
	onn_archive_destroy(archive);
	return status;
}

/* ---- by name ---- */

static const onn_format formats[] = {
    {".npz", load_archived, save_archived},
    {".safetensors", load_archived, save_archived},
    {".h5", onn_hdf5_load, onn_hdf5_save},
    {".hdf5", onn_hdf5_load, onn_hdf5_save},
    {".mat", onn_mat_load, onn_mat_save},
};

const onn_format *onn_format_find(char path[ONN_FORMAT_PATH], const char **member, const char *name)
{
	const char *ending = onn_format_ending(path, member, name);
	for (size_t i = 0; ending && i < ONN_COUNT(formats); i++)
		if (strcmp(formats[i].ending, ending) == 0)
			return &formats[i];
	return NULL;
}
