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
	size_t most; /* no more is asked for; SIZE_MAX until the head is there */
	onn_inflated_most limit;
} output;

enum { HEAD = 64 };

/* Some kilobytes may claim to be gigabytes: what the format cannot need is left where it is. */
static bool is_enough(output *out)
{
	if (out->most == SIZE_MAX && out->used >= HEAD)
		out->most = out->limit(out->data, out->used);
	return out->used > out->most;
}

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
	while (code == Z_OK && !is_enough(out)) {
		if (!make_room(out))
			return Z_MEM_ERROR;
		uInt input = piece(*left), room = piece(out->room - 1 - out->used);
		if (out->most == SIZE_MAX && room > HEAD)
			room = HEAD;
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

/* Tapes and block devices fill up with zeros behind a file's end; a member begins otherwise. */
static bool is_padding(const unsigned char *at, size_t left)
{
	for (; left > 0 && *at == 0; at++)
		left--;
	return left == 0;
}

static onn_status inflate_all(const char *path, const unsigned char *at, size_t left, void **data,
    size_t *bytes, onn_inflated_most limit)
{
	z_stream z = {0};
	output out = {NULL, 0, 4 * left + 64, SIZE_MAX, limit};
	if (inflateInit2(&z, 16 + MAX_WBITS) != Z_OK)
		return onn_error_memory("onn_dataset_load", sizeof z);
	out.data = malloc(out.room);
	int code = out.data ? Z_STREAM_END : Z_MEM_ERROR;
	do
		code = code == Z_STREAM_END ? inflate_member(&z, &at, &left, &out) : code;
	while (code == Z_STREAM_END && !is_padding(at, left));
	inflateEnd(&z);
	if (code == Z_STREAM_END || code == Z_OK) {
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

onn_status onn_inflated_read(void **data, size_t *bytes, const char *path, onn_inflated_most limit)
{
	onn_status status = onn_file_read(data, bytes, path);
	unsigned char *file = *data;
	if (status != ONN_OK || *bytes < 2 || file[0] != 0x1f || file[1] != 0x8b)
		return status;
	size_t packed = *bytes;
	*data = NULL;
	*bytes = 0;
	status = inflate_all(path, file, packed, data, bytes, limit);
	free(file);
	return status;
}
