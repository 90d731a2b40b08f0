/* Good inputs, made by onn's own writers, or of the files that other tests have. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/archive.h>
#include <onn/array.h>

#include "core/npy.h"
#include "core/os.h"

#define TESTS ONN_SOURCE_DIR "/tests/"

const fuzz_target fuzz_targets[] = {{"npy", fuzz_npy, 0}, {"npz", fuzz_npz, 0},
    {"png", fuzz_png, 0}, {"idx", fuzz_idx, 0}, {"csv", fuzz_csv, 0}, {"set", fuzz_set, 0},
    {"config", fuzz_config, 0}, {"design", fuzz_design, 0}, {"network", fuzz_network, 0},
    {"checkpoint", fuzz_checkpoint, 0}, {"options", fuzz_options, 0}, {"tiff", fuzz_tiff, 0},
    {"jpeg", fuzz_jpeg, 0}, {"safetensors", fuzz_safetensors, 0}, {"mat", fuzz_mat, 0},
    {"hdf5", fuzz_hdf5, 20}, {"zemax", fuzz_zemax, 0}, {"lut", fuzz_lut, 0}, {NULL, NULL, 0}};

const fuzz_target *fuzz_find(const char *name)
{
	const fuzz_target *t = fuzz_targets;
	while (t->name && strcmp(t->name, name) != 0)
		t++;
	return t->name ? t : NULL;
}

static void append_text(fuzz_bytes *b, const char *text) { fuzz_append(b, text, strlen(text)); }

static void append_file(fuzz_bytes *b, const char *path)
{
	void *data;
	size_t size;
	FUZZ_CHECK(!onn_file_read(&data, &size, path));
	fuzz_append(b, data, size);
	onn_free(data);
}

static void append_array(fuzz_bytes *b, const onn_array *a)
{
	char header[ONN_NPY_HEADER];
	fuzz_append(b, header, onn_npy_header(header, a));
	fuzz_append(
	    b, onn_array_const_data(a), onn_array_count(a) * onn_type_size(onn_array_type(a)));
}

static void append_numbers(fuzz_bytes *b, onn_type type, size_t ndim, const size_t *shape)
{
	onn_array *a;
	FUZZ_CHECK(!onn_array_create(&a, type, ndim, shape)); /* zeros */
	append_array(b, a);
	onn_array_destroy(a);
}

/* A member of an archive that tests have; an absent one is an empty piece. */
static void append_member(fuzz_bytes *b, const char *path, const char *name)
{
	onn_archive *archive;
	const onn_array *a = NULL;
	const char *text = NULL;
	FUZZ_CHECK(!onn_archive_load(&archive, path));
	if (!onn_archive_find_text(&text, archive, name) && text)
		append_text(b, text);
	else if (!onn_archive_find(&a, archive, name) && a)
		append_array(b, a);
	onn_archive_destroy(archive);
}

static bool one_of(fuzz_bytes *b, const char *const *paths, size_t count, size_t i)
{
	if (i < count)
		append_file(b, paths[i]);
	return i < count;
}
#define ONE_OF(b, paths, i) one_of(b, paths, sizeof(paths) / sizeof *(paths), i)

/* ---- by target; false: there is no i-th ---- */

static bool seed_npy(fuzz_bytes *b, size_t i)
{
	static const char *const path[] = {TESTS "core/fixtures/big_endian_fortran.npy",
	    TESTS "core/fixtures/big_endian_complex.npy", TESTS "core/fixtures/version_2.npy",
	    TESTS "core/fixtures/version_3.npy", TESTS "core/fixtures/half.npy",
	    TESTS "core/fixtures/bool.npy", TESTS "core/fixtures/i8.npy"};
	return ONE_OF(b, path, i);
}

static bool seed_npz(fuzz_bytes *b, size_t i)
{
	static const char *const path[] = {
	    TESTS "core/fixtures/savez.npz", TESTS "core/fixtures/savez_compressed.npz"};
	if (i < 2)
		return ONE_OF(b, path, i);
	append_text(b, "W");
	append_numbers(b, ONN_F32, 2, (size_t[]){2, 3});
	append_text(b, FUZZ_CUT);
	append_numbers(b, ONN_C128, 0, NULL);
	append_text(b, FUZZ_CUT "{\"a\": 1}");
	return i == 2;
}

static bool seed_png(fuzz_bytes *b, size_t i)
{
	static const char *const path[] = {TESTS "data/fixtures/grey8.png",
	    TESTS "data/fixtures/grey1.png", TESTS "data/fixtures/grey16.png",
	    TESTS "data/fixtures/rgb8.png", TESTS "data/fixtures/rgba16.png",
	    TESTS "data/fixtures/palette2.png", TESTS "data/fixtures/palette_alpha8.png",
	    TESTS "data/fixtures/interlaced8.png"};
	return ONE_OF(b, path, i);
}

static bool seed_idx(fuzz_bytes *b, size_t i)
{
	static const char images[] = "\0\0\10\3\0\0\0\4\0\0\0\3\0\0\0\2",
	                  labels[] = "\0\0\10\1\0\0\0\4";
	fuzz_append(b, &(uint8_t){(uint8_t)i}, 1); /* 0 1: labels, 2 3: images */
	fuzz_append(b, i & 2 ? images : labels, i & 2 ? 16 : 8);
	fuzz_append(b, "\0\1\2\3\4\5\6\7\10\0\1\2\3\4\5\6\7\10\0\1\2\3\4\5", i & 2 ? 24 : 4);
	return i < 4;
}

static bool seed_csv(fuzz_bytes *b, size_t i)
{
	fuzz_append(b, &(uint8_t){(uint8_t)i}, 1);
	for (int line = 0; line < 3; line++)
		for (int k = 0; k < 65; k++) {
			char number[8];
			snprintf(number, sizeof number, "%d%c", k < 64 ? (line + k) % 17 : line,
			    k < 64 ? ',' : '\n');
			append_text(b, number);
		}
	return i < 2;
}

static bool seed_set(fuzz_bytes *b, size_t i)
{
	static const onn_type type[] = {ONN_U8, ONN_F32, ONN_F64};
	if (i >= sizeof type / sizeof *type)
		return false;
	for (size_t part = 0; part < 2; part++) {
		append_text(b, part ? FUZZ_CUT : "");
		append_numbers(b, type[i], 3, (size_t[]){3, 2, 2});
		append_text(b, FUZZ_CUT);
		append_numbers(b, i ? ONN_I32 : ONN_U8, 1, (size_t[]){3});
	}
	return true;
}

static bool seed_config(fuzz_bytes *b, size_t i)
{
	static const char *const path[] = {
	    TESTS "train/data/mlp/config.json", TESTS "train/data/d2nn/config.json"};
	return ONE_OF(b, path, i);
}

static bool seed_design(fuzz_bytes *b, size_t i)
{
	static const char *const path[] = {TESTS "design/data/adam/last.npz",
	    TESTS "design/data/phase_sign/last.npz", TESTS "design/data/gerchberg_saxton/last.npz"};
	if (i < 3)
		append_member(b, path[i], "config.json");
	return i < 3;
}

static const char *const trained[] = {
    TESTS "train/data/mlp/best.npz", TESTS "train/data/d2nn/best.npz"};

static bool seed_network(fuzz_bytes *b, size_t i)
{
	if (i < 2)
		append_member(b, trained[i], "model.json");
	else
		append_text(b,
		    "{\"loss\": \"nll\", \"layers\": [{\"layer\": \"encode\", \"grid\": 8},"
		    "{\"layer\": \"plate\", \"levels\": 16}, {\"layer\": \"space\", \"distance\": "
		    "1e-3},"
		    "{\"layer\": \"detect\", \"regions\": [2, 2], \"reading\": \"fraction\"},"
		    "{\"layer\": \"linear\", \"outputs\": 3, \"bias\": true}]}");
	return i < 3;
}

static bool seed_checkpoint(fuzz_bytes *b, size_t i)
{
	static const char *const names[] = {"w0", "w1", "b0", "b1", "plate0", "plate1"};
	if (i >= 2)
		return false;
	append_member(b, trained[i], "model.json");
	for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
		append_text(b, FUZZ_CUT);
		append_member(b, trained[i], names[k]);
	}
	return true;
}

/* The first byte: the command's place in its list. */
static bool seed_options(fuzz_bytes *b, size_t i)
{
	static const char *const words[] = {
	    "\2--medium\nthick\n--od\n10\n--inputs\n0:5:101",
	    ("\12a.npy\nb.npy\n--wavelength\n5e-7\n--pitch\n8e-6,4e-6\n--distance\n.3\n"
	     "--method\nauto"),
	    "\3--hidden\n128,64\n--weight-range\n-1:1\n--dataset\nx.npz\n--lr=5e-4",
	    "\11--size=16\n--update\nadam\n--slm-levels\n16\n--modulation\nphase",
	    "\4--help",
	    "\1--device\nopencl:1\n--",
	    "\4--misalign\n1e-4\n--size\n64\n--layers\n3",
	    "\7runs\n--copies\n3\n--weight-noise\n.1",
	    "\10runs\nfour.png\n--top\n3",
	};
	if (i < sizeof words / sizeof *words)
		append_text(b, words[i]);
	return i < sizeof words / sizeof *words;
}

uint8_t *fuzz_seed(size_t *size, const char *target, size_t i)
{
	static bool (*const seeds[])(fuzz_bytes *, size_t) = {seed_npy, seed_npz, seed_png,
	    seed_idx, seed_csv, seed_set, seed_config, seed_design, seed_network, seed_checkpoint,
	    seed_options, fuzz_seed_tiff, fuzz_seed_jpeg, fuzz_seed_safetensors, fuzz_seed_mat,
	    fuzz_seed_hdf5, fuzz_seed_zemax, fuzz_seed_lut}; /* as fuzz_targets */
	fuzz_bytes b = {0};
	const fuzz_target *t = fuzz_find(target);
	FUZZ_CHECK(t);
	if (seeds[t - fuzz_targets](&b, i)) {
		*size = b.size;
		return b.data;
	}
	free(b.data);
	return NULL;
}
