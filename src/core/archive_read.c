#include "core/archive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zip.h>

#include "core/error.h"
#include "core/memory.h"
#include "core/npy.h"
#include "core/os.h"
#include "core/safetensors.h"

static const char function[] = "onn_archive_load";

enum {
	PIECE = 1 << 20,     /* zip counts what it inflates at once in 32 bits */
	MOST_TEXT = 1 << 28, /* a text is a description: some kilobytes */
	LONGEST_NAME = 65000
};

struct onn_archive_file {
	zip_t *zip;
	onn_mutex *mutex; /* threads may ask one archive for members */
	char path[];
};

onn_status onn_zip_failure(
    const char *caller, const char *path, const char *member, zip_error_t *error)
{
	onn_status status =
	    zip_error_code_zip(error) == ZIP_ER_MEMORY ? ONN_ERROR_MEMORY : ONN_ERROR_FORMAT;
	return onn_error(status, "%s: %s%s%s: %s", caller, path, member ? ", member " : "",
	    member ? member : "", zip_error_strerror(error));
}

/* ---- members ---- */

/* A header may claim any size. Deflate makes at most 1032 bytes of one. */
static onn_status check_size(const zip_stat_t *info, const char *path, bool array)
{
	const zip_uint64_t need = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD;
	if ((info->valid & need) != need ||
	    (info->comp_method != ZIP_CM_STORE && info->comp_method != ZIP_CM_DEFLATE) ||
	    info->size / 1040 > info->comp_size || info->size >= SIZE_MAX)
		return onn_error(ONN_ERROR_FORMAT,
		    "%s: %s, member %s: expected stored or deflated data of a plausible size",
		    function, path, info->name);
	if (!array && info->size > MOST_TEXT)
		return onn_error(ONN_ERROR_FORMAT,
		    "%s: %s, member %s: %llu bytes of text; expected at most %d", function, path,
		    info->name, (unsigned long long)info->size, MOST_TEXT);
	return ONN_OK;
}

/* Reads up to one byte more than there should be; *used tells how many there were. zip compares the
 * checksum when the end is reached. */
static onn_status read_pieces(
    size_t *used, char *buffer, size_t size, zip_file_t *file, const char *path, const char *name)
{
	zip_int64_t got = 1;
	for (*used = 0; got > 0 && *used <= size; *used += (size_t)got) {
		got = zip_fread(file, buffer + *used, onn_size_least(size + 1 - *used, PIECE));
		if (got < 0)
			return onn_zip_failure(function, path, name, zip_file_get_error(file));
	}
	if (*used != size)
		return onn_error(ONN_ERROR_FORMAT,
		    "%s: %s, member %s: %s than the %zu bytes of its header", function, path, name,
		    *used < size ? "less" : "more", size);
	return ONN_OK;
}

/* The whole of a member, 0 behind it. */
static onn_status read_member(
    char **data, size_t *bytes, zip_t *zip, const zip_stat_t *info, const char *path, bool array)
{
	onn_status status = check_size(info, path, array);
	if (status)
		return status;
	size_t size = (size_t)info->size;
	char *buffer = malloc(size + 1);
	if (!buffer)
		return onn_error_memory(function, size + 1);
	zip_file_t *file = zip_fopen_index(zip, info->index, 0);
	if (!file)
		status = onn_zip_failure(function, path, info->name, zip_get_error(zip));
	else
		status = read_pieces(bytes, buffer, size, file, path, info->name);
	if (file)
		zip_fclose(file);
	if (status) {
		free(buffer);
		return status;
	}
	buffer[size] = 0;
	*data = buffer;
	return ONN_OK;
}

static onn_status read_locked(onn_archive_file *f, onn_member *member, bool array)
{
	zip_stat_t info;
	char where[512], *data;
	size_t bytes;
	if (member->array || member->text)
		return ONN_OK;
	zip_stat_init(&info);
	if (zip_stat_index(f->zip, member->index, 0, &info) != 0)
		return onn_zip_failure(function, f->path, member->name, zip_get_error(f->zip));
	onn_status status = read_member(&data, &bytes, f->zip, &info, f->path, array);
	if (status)
		return status;
	if (!array) {
		member->text = data;
		member->length = bytes;
		return ONN_OK;
	}
	snprintf(where, sizeof where, "%s, member %s,", f->path, info.name);
	status = onn_npy_decode(&member->array, where, data, bytes);
	free(data);
	return status;
}

onn_status onn_archive_file_read(onn_archive_file *f, onn_member *member, bool array)
{
	if (!f)
		return ONN_OK;
	onn_mutex_lock(f->mutex);
	onn_status status = read_locked(f, member, array);
	onn_mutex_unlock(f->mutex);
	return status;
}

/* ---- files ---- */

/* What libzip does not find its way in: the list of members stands at an archive's end, so one that
 * is cut off has none. */
static onn_status not_zip(const char *path, const char *head, size_t bytes)
{
	bool begins = bytes >= 4 && memcmp(head, "PK\3\4", 4) == 0;
	return onn_error(ONN_ERROR_FORMAT,
	    begins
	        ? "%s: %s begins as an .npz does and has no list of members at its end: it is cut "
	          "off or damaged; expected a whole one"
	        : "%s: %s is no .npz: it does not begin as a zip archive does",
	    function, path);
}

/* Takes the source over. NULL with *status: no zip, and why. head: its first bytes. */
static zip_t *open_source(onn_status *status, zip_source_t *source, zip_error_t *error,
    const char *path, const char *head, size_t bytes)
{
	zip_t *zip = source ? zip_open_from_source(source, ZIP_RDONLY, error) : NULL;
	if (!zip) {
		int code = zip_error_code_zip(error);
		*status = code == ZIP_ER_NOZIP || code == ZIP_ER_INCONS
		              ? not_zip(path, head, bytes)
		              : onn_zip_failure(function, path, NULL, error);
		zip_source_free(source);
	}
	zip_error_fini(error);
	return zip;
}

/* *bytes: of the file. What is no regular file cannot be gone back in: it is read first. */
static zip_t *open_zip(onn_status *status, size_t *bytes, const char *path)
{
	zip_error_t error;
	void *data = NULL;
	char head[4];
	size_t begin = 0;
	*status = onn_file_size(bytes, path);
	if (*status)
		return NULL;
	if (*bytes == SIZE_MAX)
		*status = onn_file_read(&data, bytes, path);
	else
		*status = onn_file_read_head(head, sizeof head, &begin, path);
	if (!*status && *bytes == 0)
		*status = onn_error(
		    ONN_ERROR_FORMAT, "%s: %s is empty; expected an .npz", function, path);
	if (*status) {
		free(data);
		return NULL;
	}
	if (data) {
		begin = onn_size_least(*bytes, sizeof head);
		memcpy(head, data, begin);
	}
	zip_error_init(&error);
	zip_source_t *source = data ? zip_source_buffer_create(data, *bytes, 1, &error)
	                            : zip_source_file_create(path, 0, -1, &error);
	if (data && !source)
		free(data);
	return open_source(status, source, &error, path, head, begin);
}

void onn_archive_file_close(onn_archive_file *f)
{
	if (!f)
		return;
	zip_discard(f->zip);
	onn_mutex_destroy(f->mutex);
	free(f);
}

static onn_status open_file(onn_archive_file **file, size_t *bytes, const char *path)
{
	size_t length = strlen(path) + 1;
	onn_status status;
	*file = NULL;
	zip_t *zip = open_zip(&status, bytes, path);
	if (!zip)
		return status;
	onn_archive_file *f = calloc(1, sizeof *f + length);
	status = f ? onn_mutex_create(&f->mutex) : onn_error_memory(function, sizeof *f + length);
	if (status) {
		zip_discard(zip);
		free(f);
		return status;
	}
	f->zip = zip;
	memcpy(f->path, path, length);
	*file = f;
	return ONN_OK;
}

static onn_status list_member(
    onn_archive *archive, zip_uint64_t *packed, zip_uint64_t i, const char *path)
{
	zip_stat_t info;
	zip_stat_init(&info);
	if (zip_stat_index(archive->file->zip, i, 0, &info) != 0)
		return onn_zip_failure(function, path, NULL, zip_get_error(archive->file->zip));
	size_t length = info.valid & ZIP_STAT_NAME ? strlen(info.name) : LONGEST_NAME;
	if (length >= LONGEST_NAME)
		return onn_error(ONN_ERROR_FORMAT, "%s: %s: member %llu has no name", function,
		    path, (unsigned long long)i);
	if (info.valid & ZIP_STAT_COMP_SIZE)
		*packed =
		    info.comp_size > UINT64_MAX - *packed ? UINT64_MAX : *packed + info.comp_size;
	if (!length || onn_ends_with(info.name, "/"))
		return ONN_OK; /* a folder */
	bool array = length > strlen(".npy") && onn_ends_with(info.name, ".npy");
	onn_member *member = onn_members_add(array ? &archive->arrays : &archive->texts, info.name,
	    array ? length - strlen(".npy") : length, archive->order++);
	if (!member)
		return onn_error_memory(function, sizeof *member + length);
	member->index = i;
	return ONN_OK;
}

/* The names of what the file holds. Members that lie in each other would make much of little. */
static onn_status list_all(onn_archive *archive, size_t bytes, const char *path)
{
	onn_status status = ONN_OK;
	zip_uint64_t packed = 0;
	zip_int64_t count = zip_get_num_entries(archive->file->zip, 0);
	for (zip_int64_t i = 0; i < count && !status; i++)
		status = list_member(archive, &packed, (zip_uint64_t)i, path);
	if (!status && packed > bytes)
		status = onn_error(ONN_ERROR_FORMAT,
		    "%s: %s has %zu bytes, and its members claim %llu of them", function, path,
		    bytes, (unsigned long long)packed);
	onn_members_sort(&archive->arrays);
	onn_members_sort(&archive->texts);
	return status;
}

onn_status onn_archive_load(onn_archive **archive, const char *path)
{
	onn_archive *made;
	size_t bytes = 0;
	*archive = NULL;
	if (onn_safetensors_named(path))
		return onn_safetensors_load(archive, path);
	onn_status status = onn_archive_create(&made);
	if (!status)
		status = open_file(&made->file, &bytes, path);
	if (!status)
		status = list_all(made, bytes, path);
	if (status)
		onn_archive_destroy(made);
	else
		*archive = made;
	return status;
}

onn_status onn_archive_load_text(char **text, const char *path, const char *name)
{
	zip_stat_t info;
	size_t bytes;
	onn_status status;
	*text = NULL;
	zip_t *zip = open_zip(&status, &bytes, path);
	if (!zip)
		return status;
	zip_stat_init(&info);
	if (zip_stat(zip, name, 0, &info) != 0)
		status = onn_zip_failure(function, path, name, zip_get_error(zip));
	else
		status = read_member(text, &bytes, zip, &info, path, false);
	zip_discard(zip);
	return status;
}
