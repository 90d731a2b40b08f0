/* Targets: files of numbers. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <onn/archive.h>
#include <onn/image.h>

#include "core/npy.h"
#include "data/files.h"

static volatile unsigned sum;

static size_t bytes_of(const onn_array *a)
{
	return onn_array_count(a) * onn_type_size(onn_array_type(a));
}

/* Every byte is there to be read. */
static void touch(const onn_array *a)
{
	const uint8_t *p = onn_array_const_data(a);
	for (size_t i = 0; i < bytes_of(a); i++)
		sum += p[i];
}

/* What is read is written so that it is read again. */
void fuzz_npy(const uint8_t *data, size_t size)
{
	onn_array *a, *again;
	onn_status status = onn_npy_decode(&a, "fuzz", data, size);
	fuzz_judge(status, a);
	if (!status) {
		char header[ONN_NPY_HEADER];
		fuzz_bytes b = {0};
		fuzz_append(&b, header, onn_npy_header(header, a));
		fuzz_append(&b, onn_array_const_data(a), bytes_of(a));
		FUZZ_CHECK(!onn_npy_decode(&again, "again", b.data, b.size));
		FUZZ_CHECK(bytes_of(again) == bytes_of(a));
		FUZZ_CHECK(
		    !memcmp(onn_array_const_data(again), onn_array_const_data(a), bytes_of(a)));
		onn_array_destroy(again);
		free(b.data);
	}
	onn_array_destroy(a);
}

void fuzz_npz(const uint8_t *data, size_t size)
{
	static const char *const names[] = {
	    "x.npy", "y.npy", "model.json", "../../up.npy", "x.npy", "a/b.npy", ".npy", "n", NULL};
	fuzz_bytes zip = {0};
	onn_archive *archive;
	const char *name;
	if (size && data[0] == 'W')
		zip = fuzz_zip(data + 1, size - 1, names);
	onn_status status = onn_archive_load(
	    &archive, zip.data ? fuzz_file(zip.data, zip.size) : fuzz_file(data, size));
	fuzz_judge(status, archive);
	for (size_t i = 0; !status && (name = onn_archive_name(archive, i)) != NULL; i++) {
		const onn_array *a = NULL;
		const char *text = NULL;
		onn_status found = onn_archive_find(&a, archive, name);
		if (found)
			fuzz_judge(found, a);
		else if (a) /* or there are two of the name */
			touch(a);
		if (!onn_archive_find_text(&text, archive, name) && text)
			sum += (unsigned)strlen(text);
	}
	onn_archive_destroy(archive);
	free(zip.data);
}

static void mend_checksums(fuzz_bytes *b)
{
	for (size_t at = 8; at + 12 <= b->size;) {
		uint8_t *p = b->data + at;
		size_t length = (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
		if (length > b->size - at - 12)
			break;
		uLong crc = crc32(0, p + 4, (uInt)length + 4);
		for (int i = 0; i < 4; i++)
			p[8 + length + (size_t)i] = (uint8_t)(crc >> (24 - 8 * i));
		at += 12 + length;
	}
}

void fuzz_png(const uint8_t *data, size_t size)
{
	fuzz_bytes b = {0};
	onn_array *a;
	fuzz_append(&b, data, size);
	if (size && data[size - 1] & 1)
		mend_checksums(&b);
	onn_status status = onn_image_load(&a, fuzz_file(b.data, b.size));
	fuzz_judge(status, a);
	for (size_t i = 0; !status && i < onn_array_count(a); i++) {
		double x = ((const double *)onn_array_const_data(a))[i];
		FUZZ_CHECK(x >= 0 && x <= 1);
	}
	onn_array_destroy(a);
	free(b.data);
}

/* Behind the first byte, packed where it is odd. */
static const char *maybe_packed(const uint8_t *data, size_t size)
{
	if (!(data[0] & 1))
		return fuzz_file(data + 1, size - 1);
	fuzz_bytes packed = fuzz_gzip(data + 1, size - 1);
	const char *path = fuzz_file(packed.data, packed.size);
	free(packed.data);
	return path;
}

void fuzz_idx(const uint8_t *data, size_t size)
{
	onn_array *a;
	if (!size)
		return;
	const char *path = maybe_packed(data, size);
	onn_status status = data[0] & 2 ? onn_idx_load(&a, path, 3) : onn_idx_load_labels(&a, path);
	fuzz_judge(status, a);
	if (!status)
		touch(a);
	onn_array_destroy(a);
}

/* Images and labels that belong together. */
static void check_set(const onn_array *x, const onn_array *y, size_t classes)
{
	const int32_t *label = onn_array_const_data(y);
	FUZZ_CHECK(onn_array_ndim(x) == 3 && onn_array_count(y) == onn_array_shape(x)[0]);
	for (size_t i = 0; i < onn_array_count(y); i++)
		FUZZ_CHECK(label[i] >= 0 && (size_t)label[i] < classes);
	touch(x);
}

void fuzz_csv(const uint8_t *data, size_t size)
{
	onn_array *x, *y;
	if (!size)
		return;
	onn_status status = onn_digits_load(&x, &y, maybe_packed(data, size));
	fuzz_judge(status, x);
	if (!status)
		check_set(x, y, 10);
	onn_array_destroy(x);
	onn_array_destroy(y);
}

void fuzz_set(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"x.npy", "y.npy", "x_test.npy", "y_test.npy", NULL};
	fuzz_bytes zip = fuzz_zip(data, size, names);
	onn_archive *archive;
	if (!onn_archive_load(&archive, fuzz_file(zip.data, zip.size))) {
		onn_array *x, *y;
		size_t classes = 0;
		onn_status status =
		    onn_dataset_from_archive(&x, &y, &classes, archive, "x", "y", "fuzz");
		fuzz_judge(status, x);
		if (!status)
			check_set(x, y, classes);
		onn_array_destroy(x);
		onn_array_destroy(y);
	}
	onn_archive_destroy(archive);
	free(zip.data);
}
