#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zip.h>

#include "core/archive.h"
#include "core/error.h"
#include "core/npy.h"
#include "core/os.h"
#include "core/safetensors.h"

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

static onn_status add_entry(zip_t *zip, const onn_member *e, char *header, const char *path)
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
		status = onn_zip_failure("onn_archive_save", path, name, zip_get_error(zip));
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
		status = onn_zip_failure("onn_archive_save", path, NULL, &error);
		zip_error_fini(&error);
		return status;
	}
	zip_source_keep(source); /* to be read after zip_close */
	const onn_members *a = &archive->arrays, *t = &archive->texts;
	for (size_t i = 0, k = 0; (i < a->count || k < t->count) && status == ONN_OK;) {
		bool array = k == t->count || (i < a->count && a->item[i].order < t->item[k].order);
		const onn_member *e = array ? &a->item[i] : &t->item[k];
		status = add_entry(zip, e, array ? header[i++] : NULL, path);
		k += !array;
	}
	bool closed = status == ONN_OK && zip_close(zip) == 0;
	if (status == ONN_OK && !closed)
		status = onn_zip_failure("onn_archive_save", path, NULL, zip_get_error(zip));
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
		onn_zip_failure("onn_archive_save", r->path, NULL, zip_source_error(r->source));
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
		status = onn_zip_failure("onn_archive_save", path, NULL, zip_source_error(source));
	if (status == ONN_OK) {
		status = onn_file_write_pieces(path, read_block, r);
		zip_source_close(source);
	}
	free(r);
	return status;
}

/* Of a file that was opened what nobody has asked for yet. */
static onn_status read_all(const onn_archive *archive)
{
	onn_status status = ONN_OK;
	for (size_t i = 0; i < archive->arrays.count && !status; i++)
		status = onn_archive_file_read(archive->file, &archive->arrays.item[i], true);
	for (size_t i = 0; i < archive->texts.count && !status; i++)
		status = onn_archive_file_read(archive->file, &archive->texts.item[i], false);
	return status;
}

onn_status onn_archive_save(const onn_archive *archive, const char *path)
{
	/* zip_close removes an archive without members: this one is the end record alone. */
	static const char empty[22] = "PK\x05\x06";
	size_t count = archive->arrays.count;
	if (onn_safetensors_named(path))
		return onn_safetensors_save(archive, path);
	if (count + archive->texts.count == 0)
		return onn_file_write(path, empty, sizeof empty);
	onn_status status = read_all(archive);
	if (status)
		return status;
	zip_error_t error;
	zip_error_init(&error);
	char(*header)[ONN_NPY_HEADER] = calloc(count + 1, sizeof *header);
	zip_source_t *source = header ? zip_source_buffer_create(NULL, 0, 0, &error) : NULL;
	if (!header)
		status = onn_error_memory("onn_archive_save", count * sizeof *header);
	else if (!source)
		status = onn_zip_failure("onn_archive_save", path, NULL, &error);
	else
		status = fill(archive, path, header, source);
	if (status == ONN_OK)
		status = write_source(source, path);
	zip_source_free(source);
	zip_error_fini(&error);
	free(header);
	return status;
}
