#include <onn/archive.h>

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zip.h>

#include "core/error.h"
#include "core/memory.h"
#include "core/npy.h"
#include "core/os.h"

/* An array, or a text where array is NULL. */
typedef struct entry {
	char *name;
	onn_array *array;
	char *text;
	size_t length;
} entry;

struct onn_archive {
	entry *entries;
	size_t count, capacity;
};

onn_status onn_archive_create(onn_archive **archive)
{
	*archive = calloc(1, sizeof **archive);
	return *archive ? ONN_OK : onn_error_memory("onn_archive_create", sizeof **archive);
}

static void free_contents(entry *e)
{
	onn_array_destroy(e->array);
	free(e->text);
	e->array = NULL;
	e->text = NULL;
}

void onn_archive_destroy(onn_archive *archive)
{
	if (!archive)
		return;
	for (size_t i = 0; i < archive->count; i++) {
		free_contents(&archive->entries[i]);
		free(archive->entries[i].name);
	}
	free(archive->entries);
	free(archive);
}

/* Arrays and texts have names of their own: "a" is the member a.npy as an array, a as a text. */
static entry *find(const onn_archive *archive, const char *name, bool array)
{
	for (size_t i = 0; i < archive->count; i++) {
		entry *e = &archive->entries[i];
		if (!!e->array == array && strcmp(e->name, name) == 0)
			return e;
	}
	return NULL;
}

static bool ends_with(const char *name, const char *end)
{
	size_t length = strlen(name), tail = strlen(end);
	return length >= tail && strcmp(name + length - tail, end) == 0;
}

/* Takes contents over, also on failure. */
static onn_status put(onn_archive *archive, const char *name, entry contents)
{
	entry *e = find(archive, name, contents.array != NULL);
	if (e) {
		free_contents(e);
	} else {
		char *copy = malloc(strlen(name) + 1);
		if (!copy || !onn_grow(&archive->entries, &archive->capacity, archive->count + 1,
		                 sizeof *archive->entries)) {
			free(copy);
			free_contents(&contents);
			return onn_error_memory("onn_archive_put", sizeof *e + strlen(name) + 1);
		}
		strcpy(copy, name);
		e = &archive->entries[archive->count++];
		e->name = copy;
	}
	e->array = contents.array;
	e->text = contents.text;
	e->length = contents.length;
	return ONN_OK;
}

/* zip's names have 16 bits of length, and a folder's ends with a slash. */
static bool good_name(const char *name)
{
	return name && name[0] && strlen(name) < 65000 && !ends_with(name, "/");
}

onn_status onn_archive_put(onn_archive *archive, const char *name, const onn_array *a)
{
	entry contents = {0};
	if (!good_name(name))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_archive_put: name is \"%s\"; expected 1 to 64999 characters, the last no "
		    "/",
		    name ? name : "(null)");
	onn_status status = onn_array_convert(&contents.array, a, onn_array_type(a));
	return status == ONN_OK ? put(archive, name, contents) : status;
}

static onn_status put_text(onn_archive *archive, const char *name, const char *text, size_t length)
{
	entry contents = {.length = length};
	contents.text = malloc(length + 1);
	if (!contents.text)
		return onn_error_memory("onn_archive_put_text", length + 1);
	memcpy(contents.text, text, length);
	contents.text[length] = 0;
	return put(archive, name, contents);
}

onn_status onn_archive_put_text(onn_archive *archive, const char *name, const char *text)
{
	if (!good_name(name) || ends_with(name, ".npy"))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_archive_put_text: name is \"%s\"; expected 1 to 64999 characters, the "
		    "last no / and not .npy",
		    name ? name : "(null)");
	if (!text)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_archive_put_text: the text of \"%s\" is NULL; expected a text", name);
	return put_text(archive, name, text, strlen(text));
}

const onn_array *onn_archive_get(const onn_archive *archive, const char *name)
{
	const entry *e = find(archive, name, true);
	return e ? e->array : NULL;
}

const char *onn_archive_get_text(const onn_archive *archive, const char *name)
{
	const entry *e = find(archive, name, false);
	return e ? e->text : NULL;
}

const char *onn_archive_name(const onn_archive *archive, size_t i)
{
	for (size_t k = 0; k < archive->count; k++) {
		if (archive->entries[k].array && i-- == 0)
			return archive->entries[k].name;
	}
	return NULL;
}

/* ---- reading ---- */

static onn_status zip_failure(
    const char *function, const char *path, const char *member, zip_error_t *error)
{
	onn_status status =
	    zip_error_code_zip(error) == ZIP_ER_MEMORY ? ONN_ERROR_MEMORY : ONN_ERROR_FORMAT;
	return onn_error(status, "%s: %s%s%s: %s", function, path, member ? ", member " : "",
	    member ? member : "", zip_error_strerror(error));
}

/* The whole of a member, 0 behind it; zip compares its checksum when the end is reached. */
static onn_status read_member(
    zip_t *zip, const zip_stat_t *info, const char *path, char **data, size_t *bytes)
{
	const zip_uint64_t need = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD;
	/* A header may claim any size. Deflate makes at most 1032 bytes of one. */
	if ((info->valid & need) != need ||
	    (info->comp_method != ZIP_CM_STORE && info->comp_method != ZIP_CM_DEFLATE) ||
	    info->size / 1040 > info->comp_size || info->size >= SIZE_MAX)
		return onn_error(ONN_ERROR_FORMAT,
		    "onn_archive_load: %s, member %s: expected stored or deflated data of a "
		    "plausible size",
		    path, info->name);
	size_t size = (size_t)info->size, used = 0;
	char *buffer = malloc(size + 1);
	if (!buffer)
		return onn_error_memory("onn_archive_load", size + 1);
	zip_file_t *file = zip_fopen_index(zip, info->index, 0);
	if (!file) {
		free(buffer);
		return zip_failure("onn_archive_load", path, info->name, zip_get_error(zip));
	}
	for (;;) {
		zip_int64_t got = zip_fread(file, buffer + used, size + 1 - used);
		if (got < 0) {
			onn_status status = zip_failure(
			    "onn_archive_load", path, info->name, zip_file_get_error(file));
			zip_fclose(file);
			free(buffer);
			return status;
		}
		if (got == 0 || used + (size_t)got > size) {
			used += (size_t)got;
			break;
		}
		used += (size_t)got;
	}
	zip_fclose(file);
	if (used != size) {
		free(buffer);
		return onn_error(ONN_ERROR_FORMAT,
		    "onn_archive_load: %s, member %s: %s than the %zu bytes of its header", path,
		    info->name, used < size ? "less" : "more", size);
	}
	buffer[size] = 0;
	*data = buffer;
	*bytes = size;
	return ONN_OK;
}

static onn_status load_array(
    onn_archive *archive, const char *path, const char *member, const char *data, size_t bytes)
{
	char where[512];
	entry contents = {0};
	snprintf(where, sizeof where, "%s, member %s,", path, member);
	onn_status status = onn_npy_decode(&contents.array, where, data, bytes);
	if (status != ONN_OK)
		return status;
	char *name = malloc(strlen(member) + 1);
	if (!name) {
		onn_array_destroy(contents.array);
		return onn_error_memory("onn_archive_load", strlen(member) + 1);
	}
	strcpy(name, member);
	name[strlen(name) - strlen(".npy")] = 0;
	status = put(archive, name, contents);
	free(name);
	return status;
}

static onn_status load_member(onn_archive *archive, zip_t *zip, zip_uint64_t i, const char *path)
{
	zip_stat_t info;
	zip_stat_init(&info);
	if (zip_stat_index(zip, i, 0, &info) != 0)
		return zip_failure("onn_archive_load", path, NULL, zip_get_error(zip));
	if (!(info.valid & ZIP_STAT_NAME) || strlen(info.name) >= 65000)
		return onn_error(ONN_ERROR_FORMAT, "onn_archive_load: %s: member %llu has no name",
		    path, (unsigned long long)i);
	if (!info.name[0] || ends_with(info.name, "/"))
		return ONN_OK; /* a folder */

	char *data = NULL;
	size_t bytes = 0;
	onn_status status = read_member(zip, &info, path, &data, &bytes);
	if (status != ONN_OK)
		return status;
	if (ends_with(info.name, ".npy") && strlen(info.name) > strlen(".npy"))
		status = load_array(archive, path, info.name, data, bytes);
	else
		status = put_text(archive, info.name, data, bytes);
	free(data);
	return status;
}

/* Takes the source over. NULL with *status: no zip, and why. */
static zip_t *open_zip(
    onn_status *status, zip_source_t *source, zip_error_t *error, const char *path)
{
	zip_t *zip = source ? zip_open_from_source(source, ZIP_RDONLY, error) : NULL;
	if (!zip) {
		*status = zip_failure("onn_archive_load", path, NULL, error);
		zip_source_free(source);
	}
	zip_error_fini(error);
	return zip;
}

/* The members of the zip in data, which outlives the call. */
static onn_status load_all(onn_archive *archive, const void *data, size_t bytes, const char *path)
{
	zip_error_t error;
	onn_status status = ONN_OK;
	zip_error_init(&error);
	zip_t *zip =
	    open_zip(&status, zip_source_buffer_create(data, bytes, 0, &error), &error, path);
	if (!zip)
		return status;
	zip_int64_t count = zip_get_num_entries(zip, 0);
	for (zip_int64_t i = 0; i < count && status == ONN_OK; i++)
		status = load_member(archive, zip, (zip_uint64_t)i, path);
	zip_discard(zip);
	return status;
}

onn_status onn_archive_load_text(char **text, const char *path, const char *name)
{
	zip_error_t error;
	zip_stat_t info;
	size_t bytes;
	onn_status status = ONN_OK;
	*text = NULL;
	if (!onn_file_exists(path))
		return onn_error(ONN_ERROR_FILE, "onn_archive_load: %s could not be read", path);
	zip_error_init(&error);
	zip_t *zip = open_zip(&status, zip_source_file_create(path, 0, -1, &error), &error, path);
	if (!zip)
		return status;
	zip_stat_init(&info);
	if (zip_stat(zip, name, 0, &info) != 0)
		status = zip_failure("onn_archive_load", path, name, zip_get_error(zip));
	else
		status = read_member(zip, &info, path, text, &bytes);
	zip_discard(zip);
	return status;
}

onn_status onn_archive_load(onn_archive **archive, const char *path)
{
	void *data = NULL;
	size_t bytes;
	onn_archive *made = NULL;
	*archive = NULL;
	onn_status status = onn_file_read(&data, &bytes, path);
	if (status == ONN_OK)
		status = onn_archive_create(&made);
	if (status == ONN_OK)
		status = load_all(made, data, bytes, path);
	free(data);
	if (status != ONN_OK) {
		onn_archive_destroy(made);
		return status;
	}
	*archive = made;
	return ONN_OK;
}

/* ---- writing ---- */

/* Adds a member, whose pieces are lent: the archive and its headers outlive the zip. */
static bool add_member(
    zip_t *zip, const char *name, const zip_buffer_fragment_t *piece, zip_uint64_t count)
{
	zip_source_t *source = zip_source_buffer_fragment(zip, piece, count, 0);
	if (!source)
		return false;
	zip_int64_t i = zip_file_add(zip, name, source, ZIP_FL_ENC_UTF_8);
	if (i < 0) {
		zip_source_free(source);
		return false;
	}
	/* Stored, as numpy.savez does: weights do not compress, and zlib's output is not the same
	 * in every version. The date is zip's first, 1980-01-01. */
	return zip_set_file_compression(zip, (zip_uint64_t)i, ZIP_CM_STORE, 0) == 0 &&
	       zip_file_set_dostime(zip, (zip_uint64_t)i, 0, 1 << 5 | 1, 0) == 0;
}

static onn_status add_entry(zip_t *zip, const entry *e, char *header, const char *path)
{
	zip_buffer_fragment_t piece[2] = {{(zip_uint8_t *)e->text, e->length}, {NULL, 0}};
	char *name = malloc(strlen(e->name) + 5);
	onn_status status = ONN_OK;
	if (!name)
		return onn_error_memory("onn_archive_save", strlen(e->name) + 5);
	strcpy(name, e->name);
	if (e->array) {
		strcat(name, ".npy");
		piece[0].data = (zip_uint8_t *)header;
		piece[0].length = onn_npy_header(header, e->array);
		piece[1].data = onn_array_data(e->array);
		piece[1].length =
		    onn_array_count(e->array) * onn_type_size(onn_array_type(e->array));
	}
	if (!add_member(zip, name, piece, piece[1].length ? 2 : piece[0].length ? 1 : 0))
		status = zip_failure("onn_archive_save", path, name, zip_get_error(zip));
	free(name);
	return status;
}

/* Fills a buffer of zip's own. */
static onn_status fill(const onn_archive *archive, const char *path, char (*header)[ONN_NPY_HEADER],
    zip_source_t *source)
{
	onn_status status = ONN_OK;
	zip_error_t error;
	zip_error_init(&error);
	zip_t *zip = zip_open_from_source(source, ZIP_CREATE | ZIP_TRUNCATE, &error);
	if (!zip) {
		status = zip_failure("onn_archive_save", path, NULL, &error);
		zip_error_fini(&error);
		return status;
	}
	zip_source_keep(source); /* to be read after zip_close */
	for (size_t i = 0; i < archive->count && status == ONN_OK; i++)
		status = add_entry(zip, &archive->entries[i], header[i], path);
	bool closed = status == ONN_OK && zip_close(zip) == 0;
	if (status == ONN_OK && !closed)
		status = zip_failure("onn_archive_save", path, NULL, zip_get_error(zip));
	if (!closed)
		zip_discard(zip);
	zip_error_fini(&error);
	return status;
}

/* What zip wrote, a piece at a time: an archive may be large. */
typedef struct reader {
	zip_source_t *source;
	const char *path;
	char block[1 << 16];
} reader;

static bool read_block(void *user, const void **data, size_t *bytes)
{
	reader *r = user;
	zip_int64_t got = zip_source_read(r->source, r->block, sizeof r->block);
	*data = r->block;
	*bytes = got < 0 ? 0 : (size_t)got;
	if (got < 0)
		zip_failure("onn_archive_save", r->path, NULL, zip_source_error(r->source));
	return got >= 0;
}

static onn_status write_source(zip_source_t *source, const char *path)
{
	reader *r = malloc(sizeof *r);
	if (!r)
		return onn_error_memory("onn_archive_save", sizeof *r);
	r->source = source;
	r->path = path;
	onn_status status = ONN_OK;
	if (zip_source_open(source) != 0)
		status = zip_failure("onn_archive_save", path, NULL, zip_source_error(source));
	if (status == ONN_OK) {
		status = onn_file_write_pieces(path, read_block, r);
		zip_source_close(source);
	}
	free(r);
	return status;
}

onn_status onn_archive_save(const onn_archive *archive, const char *path)
{
	/* zip_close removes an archive without members: this one is the end record alone. */
	static const char empty[22] = "PK\x05\x06";
	if (archive->count == 0)
		return onn_file_write(path, empty, sizeof empty);
	zip_error_t error;
	zip_error_init(&error);
	onn_status status = ONN_OK;
	char(*header)[ONN_NPY_HEADER] = calloc(archive->count, sizeof *header);
	zip_source_t *source = header ? zip_source_buffer_create(NULL, 0, 0, &error) : NULL;
	if (!header)
		status = onn_error_memory("onn_archive_save", archive->count * sizeof *header);
	else if (!source)
		status = zip_failure("onn_archive_save", path, NULL, &error);
	else
		status = fill(archive, path, header, source);
	if (status == ONN_OK)
		status = write_source(source, path);
	zip_source_free(source);
	zip_error_fini(&error);
	free(header);
	return status;
}
