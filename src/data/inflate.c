#include "data/files.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>

#include <zlib.h>

#include "core/error.h"
#include "core/os.h"

/* The growing output; a byte stays free behind the data. */
typedef struct output {
	unsigned char *data;
	size_t used, room;
} output;

static bool make_room(output *out)
{
	if (out->room - out->used > 1)
		return true;
	unsigned char *larger = out->room > SIZE_MAX / 2 ? NULL : realloc(out->data, 2 * out->room);
	if (!larger)
		return false;
	out->data = larger;
	out->room *= 2;
	return true;
}

static uInt piece(size_t bytes) { return bytes < INT_MAX ? (uInt)bytes : INT_MAX; }

/* One gzip member from *at on; *at moves behind it. */
static int inflate_member(z_stream *z, const unsigned char **at, size_t *left, output *out)
{
	int code = inflateReset(z);
	while (code == Z_OK) {
		if (!make_room(out))
			return Z_MEM_ERROR;
		uInt input = piece(*left), room = piece(out->room - 1 - out->used);
		z->next_in = (unsigned char *)*at; /* zlib does not write there */
		z->avail_in = input;
		z->next_out = out->data + out->used;
		z->avail_out = room;
		code = inflate(z, Z_NO_FLUSH);
		*at += input - z->avail_in;
		*left -= input - z->avail_in;
		out->used += room - z->avail_out;
	}
	return code;
}

static onn_status inflate_all(
    const char *path, const unsigned char *at, size_t left, void **data, size_t *bytes)
{
	z_stream z = {0};
	output out = {NULL, 0, 4 * left + 64};
	if (inflateInit2(&z, 16 + MAX_WBITS) != Z_OK)
		return onn_error_memory("onn_dataset_load", sizeof z);
	out.data = malloc(out.room);
	int code = out.data ? Z_STREAM_END : Z_MEM_ERROR;
	while (code == Z_STREAM_END && left > 0)
		code = inflate_member(&z, &at, &left, &out);
	inflateEnd(&z);
	if (code == Z_STREAM_END) {
		out.data[out.used] = 0;
		*data = out.data;
		*bytes = out.used;
		return ONN_OK;
	}
	free(out.data);
	if (code == Z_MEM_ERROR)
		return onn_error_memory("onn_dataset_load", out.room);
	return onn_error(ONN_ERROR_FORMAT, "onn_dataset_load: %s is a gzip file that is %s", path,
	    code == Z_BUF_ERROR ? "truncated" : "corrupt");
}

onn_status onn_inflated_read(void **data, size_t *bytes, const char *path)
{
	onn_status status = onn_file_read(data, bytes, path);
	unsigned char *file = *data;
	if (status != ONN_OK || *bytes < 2 || file[0] != 0x1f || file[1] != 0x8b)
		return status;
	size_t packed = *bytes;
	*data = NULL;
	*bytes = 0;
	status = inflate_all(path, file, packed, data, bytes);
	free(file);
	return status;
}
