/* Targets, with their good inputs: pictures and arrays of formats that other programs write. */
#include "fuzz.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <onn/fabrication.h>
#include <onn/image.h>

#include "core/formats.h"
#include "core/os.h"
#include "core/safetensors.h"
#include "data/tiff.h"

#define TESTS ONN_SOURCE_DIR "/tests/"

static volatile unsigned sum;

/* Every byte is there to be read. */
static void take(onn_status status, onn_array *a)
{
	fuzz_judge(status, a);
	const uint8_t *p = status ? NULL : onn_array_const_data(a);
	size_t bytes = status ? 0 : onn_array_count(a) * onn_type_size(onn_array_type(a));
	for (size_t i = 0; i < bytes; i++)
		sum += p[i];
	onn_array_destroy(a);
}

static bool one_of(fuzz_bytes *b, const char *const *paths, size_t count, size_t i)
{
	void *data;
	size_t size;
	if (i >= count)
		return false;
	FUZZ_CHECK(!onn_file_read(&data, &size, paths[i]));
	fuzz_append(b, data, size);
	onn_free(data);
	return true;
}

static void append_text(fuzz_bytes *b, const char *text) { fuzz_append(b, text, strlen(text)); }

/* ---- pictures ---- */

void fuzz_tiff(const uint8_t *data, size_t size)
{
	onn_array *a;
	onn_status status = onn_image_load(&a, fuzz_file(data, size));
	take(status, a);
}

/* Of 8 and 16 bits, grey and colours, and of floats; without libtiff a head that is refused. */
bool fuzz_seed_tiff(fuzz_bytes *b, size_t i)
{
	unsigned char pixels[4 * 6 * 4] = {0};
	for (size_t k = 0; k < sizeof pixels; k++)
		pixels[k] = (unsigned char)(k * 37);
	const onn_tiff_pixels kind[] = {{4, 6, 1, 8, pixels}, {4, 6, 1, 16, pixels},
	    {4, 2, 3, 8, pixels}, {4, 6, 1, 32, pixels}};
	void *file = NULL;
	size_t bytes = 0;
	if (i >= sizeof kind / sizeof *kind)
		return false;
	if (onn_tiff_encode(&file, &bytes, &kind[i]))
		fuzz_append(b, "II*\0", 4);
	else
		fuzz_append(b, file, bytes);
	free(file);
	return true;
}

void fuzz_jpeg(const uint8_t *data, size_t size)
{
	onn_array *a;
	onn_status status = onn_image_load(&a, fuzz_file(data, size));
	for (size_t i = 0; !status && i < onn_array_count(a); i++) {
		double x = ((const double *)onn_array_const_data(a))[i];
		FUZZ_CHECK(x >= 0 && x <= 1);
	}
	take(status, a);
}

bool fuzz_seed_jpeg(fuzz_bytes *b, size_t i)
{
	static const char *const path[] = {
	    TESTS "data/fixtures/ramp.jpg", TESTS "data/fixtures/colours.jpg"};
	return one_of(b, path, 2, i);
}

/* ---- arrays ---- */

void fuzz_safetensors(const uint8_t *data, size_t size)
{
	onn_archive *archive;
	const char *name;
	onn_status status = onn_safetensors_load(&archive, fuzz_file(data, size));
	fuzz_judge(status, archive);
	for (size_t i = 0; !status && (name = onn_archive_name(archive, i)) != NULL; i++) {
		const onn_array *a = onn_archive_get(archive, name);
		FUZZ_CHECK(a);
		sum += (unsigned)onn_array_count(a);
	}
	onn_archive_destroy(archive);
}

bool fuzz_seed_safetensors(fuzz_bytes *b, size_t i)
{
	static const char *const head[] = {
	    "{\"__metadata__\":{\"a\":\"text\"},\"x\":{\"dtype\":\"F32\",\"shape\":[2,3],"
	    "\"data_offsets\":[0,24]},\"n\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[24,"
	    "32]}}",
	    "{\"h\":{\"dtype\":\"BF16\",\"shape\":[16],\"data_offsets\":[0,32]}}"};
	if (i >= 2)
		return false;
	fuzz_append(b, (uint8_t[8]){(uint8_t)strlen(head[i])}, 8);
	append_text(b, head[i]);
	fuzz_append(b, (uint8_t[32]){0, 0, 128, 63}, 32);
	return true;
}

/* Behind the first byte: with no name, or one. */
void fuzz_mat(const uint8_t *data, size_t size)
{
	static const char *const name[] = {NULL, "a", "c", "n"};
	onn_array *a;
	if (!size)
		return;
	onn_status status = onn_mat_decode(&a, "fuzz", data + 1, size - 1, name[data[0] % 4]);
	if (status == ONN_ERROR_UNSUPPORTED) /* HDF5, which goes to its library */
		return;
	take(status, a);
}

bool fuzz_seed_mat(fuzz_bytes *b, size_t i)
{
	static const char *const path[] = {TESTS "core/fixtures/two.mat",
	    TESTS "core/fixtures/two.mat", TESTS "core/fixtures/narrow.mat",
	    TESTS "core/fixtures/narrow.mat"};
	static const uint8_t name[] = {1, 2, 0, 3};
	fuzz_append(b, &name[i % 4], 1);
	return one_of(b, path, 4, i);
}

/* Its library works in a child process, which may die of what it reads: an error as any other. */
void fuzz_hdf5(const uint8_t *data, size_t size)
{
	static const char *const name[] = {"x", "light/field", "light/packed", "half"};
	onn_array *a;
	if (!size)
		return;
	onn_status status = onn_hdf5_load(&a, fuzz_file(data + 1, size - 1), name[data[0] % 4]);
	FUZZ_CHECK(status == ONN_OK || status == ONN_ERROR_FORMAT ||
	           status == ONN_ERROR_UNSUPPORTED || status == ONN_ERROR_MEMORY);
	take(status, a);
}

bool fuzz_seed_hdf5(fuzz_bytes *b, size_t i)
{
	static const char *const path[] = {TESTS "core/fixtures/groups.h5",
	    TESTS "core/fixtures/groups.h5", TESTS "core/fixtures/groups.h5",
	    TESTS "core/fixtures/groups.h5"};
	fuzz_append(b, &(uint8_t){(uint8_t)i}, 1);
	return one_of(b, path, 4, i);
}

/* ---- texts ---- */

void fuzz_zemax(const uint8_t *data, size_t size)
{
	onn_array *a;
	onn_grid grid;
	onn_status status = onn_zemax_read(&a, &grid, fuzz_file(data, size));
	if (!status)
		FUZZ_CHECK(onn_array_shape(a)[0] == grid.ny && onn_array_shape(a)[1] == grid.nx &&
		           grid.dx >= 0 && grid.dy >= 0);
	take(status, a);
}

bool fuzz_seed_zemax(fuzz_bytes *b, size_t i)
{
	static const char *const text[] = {
	    "2 2 .1 .2 0 0 0\n1 0 0 0\n2 0 0 0 0\n3 1e-3 0 0\n4 0 0 0\n",
	    "! remark\r\n3 1 8e-6 8e-6 3 1 -1\r\n0,0,0,0\r\n1 0 0 0 0\r\n2 0 0 0 0\r\n"};
	if (i < 2)
		append_text(b, text[i]);
	return i < 2;
}

void fuzz_lut(const uint8_t *data, size_t size)
{
	onn_array *a;
	onn_status status = onn_slm_lut_load(&a, fuzz_file(data, size));
	if (!status)
		FUZZ_CHECK(onn_array_count(a) == 256);
	take(status, a);
}

bool fuzz_seed_lut(fuzz_bytes *b, size_t i)
{
	for (int line = 0; i == 1 && line < 256; line++)
		append_text(b, line % 2 ? ".5\n" : "1\n");
	if (i == 0)
		append_text(b, "# level, phase\n0 0\n100, 2.5\n255 7\n");
	return i < 2;
}
