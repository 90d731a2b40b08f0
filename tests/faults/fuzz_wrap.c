#define _GNU_SOURCE
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

void fuzz_fail(const char *what, const char *file, int line)
{
	fprintf(stderr, "%s:%d: not so: %s; the last error is \"%s\"\n", file, line, what,
	    onn_last_error());
	abort();
}

void fuzz_append(fuzz_bytes *b, const void *data, size_t size)
{
	if (b->size + size > b->room) {
		b->room = 2 * (b->size + size);
		b->data = realloc(b->data, b->room);
		FUZZ_CHECK(b->data);
	}
	if (size)
		memcpy(b->data + b->size, data, size);
	b->size += size;
}

static void append_little(fuzz_bytes *b, uint64_t value, int size)
{
	for (; size > 0; size--, value >>= 8)
		fuzz_append(b, &(uint8_t){(uint8_t)value}, 1);
}

const char *fuzz_file(const void *data, size_t size)
{
	static char path[64];
	static int file = -1;
	if (file < 0)
		file = memfd_create("fuzz", MFD_CLOEXEC);
	snprintf(path, sizeof path, "/proc/self/fd/%d", file);
	FUZZ_CHECK(ftruncate(file, 0) == 0 && pwrite(file, data, size, 0) == (ssize_t)size);
	return path;
}

/* A member's local header, or its row of the directory, which has its place as well. */
static void add_header(
    fuzz_bytes *b, const char *name, const uint8_t *data, size_t size, const size_t *place)
{
	fuzz_append(b, place ? "PK\1\2\24\0" : "PK\3\4", place ? 6 : 4);
	append_little(b, 20, 2);                 /* version */
	append_little(b, (uint64_t)33 << 48, 8); /* flags, stored, time, date */
	append_little(b, crc32(0, data, (uInt)size), 4);
	append_little(b, size, 4);
	append_little(b, size, 4);
	append_little(b, strlen(name), 4); /* and nothing extra */
	if (place) {
		fuzz_append(b, "\0\0\0\0\0\0\0\0\0\0", 10);
		append_little(b, *place, 4);
	}
	fuzz_append(b, name, strlen(name));
}

fuzz_bytes fuzz_zip(const uint8_t *data, size_t size, const char *const *names)
{
	fuzz_bytes zip = {0}, directory = {0};
	size_t members = 0;
	for (const uint8_t *cut = data; cut && names[members]; members++) {
		cut = memmem(data, size, FUZZ_CUT, sizeof FUZZ_CUT - 1);
		size_t length = cut ? (size_t)(cut - data) : size, place = zip.size;
		add_header(&zip, names[members], data, length, NULL);
		fuzz_append(&zip, data, length);
		add_header(&directory, names[members], data, length, &place);
		size_t used = length + (cut ? sizeof FUZZ_CUT - 1 : 0);
		data += used;
		size -= used;
	}
	size_t place = zip.size;
	fuzz_append(&zip, directory.data, directory.size);
	fuzz_append(&zip, "PK\5\6\0\0\0\0", 8);
	append_little(&zip, members, 2);
	append_little(&zip, members, 2);
	append_little(&zip, directory.size, 4);
	append_little(&zip, place, 4);
	append_little(&zip, 0, 2);
	free(directory.data);
	return zip;
}

fuzz_bytes fuzz_gzip(const uint8_t *data, size_t size)
{
	z_stream z = {0};
	fuzz_bytes out = {malloc(size + 1000), 0, size + 1000};
	FUZZ_CHECK(out.data && deflateInit2(&z, 1, Z_DEFLATED, 16 + MAX_WBITS, 8, 0) == Z_OK);
	z.next_in = (Bytef *)(uintptr_t)data;
	z.avail_in = (uInt)size;
	z.next_out = out.data;
	z.avail_out = (uInt)out.room;
	FUZZ_CHECK(deflate(&z, Z_FINISH) == Z_STREAM_END);
	out.size = z.total_out;
	deflateEnd(&z);
	return out;
}

void fuzz_judge(onn_status status, const void *result)
{
	if (status == ONN_OK) {
		FUZZ_CHECK(result);
		return;
	}
	FUZZ_CHECK(!result);
	FUZZ_CHECK(strlen(onn_last_error()) > 10);
	FUZZ_CHECK(status == ONN_ERROR_FORMAT || status == ONN_ERROR_MEMORY ||
	           status == ONN_ERROR_ARGUMENT);
}
