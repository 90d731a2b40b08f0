/* TIFFs of every kind that is read, each built here from its tags, and what is written. */
#include "testing.h"

#include <zlib.h>

#include <onn/design.h>
#include <onn/image.h>

#include "config.h"
#include "core/os.h"

#ifdef ONN_HAVE_TIFF

enum { WIDE = 3, HIGH = 2, TILE = 16, ROOM = 4096 };
enum { NONE = 1, LZW = 5, DEFLATE = 8, PACKBITS = 32773 };

/* What a file has; 0 is the usual: 8 bits, whole numbers, one sample, no compression. */
typedef struct kind {
	bool big_endian, large, tiled, two_pages;
	int bits, format, photometric, samples, extra, compression, planar, orientation;
	double sample[6 * 4];
} kind;

typedef struct bytes {
	unsigned char data[ROOM];
	size_t count;
	bool big_endian;
} bytes;

static void put(bytes *b, uint64_t value, int size)
{
	for (int i = 0; i < size; i++)
		b->data[b->count++] =
		    (unsigned char)(value >> 8 * (b->big_endian ? size - 1 - i : i));
}

static void put_sample(bytes *b, const kind *k, double x)
{
	int bits = k->bits ? k->bits : 8;
	float f32 = (float)x;
	uint32_t u32;
	uint64_t u64 = (uint64_t)(int64_t)x;
	memcpy(&u32, &f32, 4);
	if (k->format == 3 && bits == 64)
		memcpy(&u64, &x, 8);
	put(b, k->format == 3 && bits == 32 ? u32 : u64, bits / 8);
}

static void put_pixels(bytes *b, const kind *k)
{
	int samples = k->samples ? k->samples : 1, side = k->tiled ? TILE : 0;
	for (int y = 0; y < (side ? side : HIGH); y++)
		for (int x = 0; x < (side ? side : WIDE) * samples; x++)
			put_sample(b, k,
			    x < WIDE * samples && y < HIGH ? k->sample[y * WIDE * samples + x]
			                                   : 77);
}

/* Codes of 9 bits: clear, a literal for each byte, end. */
static void pack_lzw(bytes *to, const bytes *from)
{
	uint32_t held = 0;
	int bits = 0;
	for (size_t i = 0; i < from->count + 2; i++) {
		uint32_t code = i == 0 ? 256 : i <= from->count ? from->data[i - 1] : 257;
		held = held << 9 | code;
		for (bits += 9; bits >= 8; bits -= 8)
			put(to, held >> (bits - 8) & 255, 1);
	}
	put(to, held << (8 - bits) & 255, 1);
}

static bytes pack(const kind *k)
{
	bytes raw = {.big_endian = k->big_endian}, packed = {0};
	put_pixels(&raw, k);
	if (k->compression == LZW) {
		pack_lzw(&packed, &raw);
	} else if (k->compression == DEFLATE) {
		uLongf room = ROOM;
		ck_assert_int_eq(compress(packed.data, &room, raw.data, raw.count), Z_OK);
		packed.count = room;
	} else if (k->compression == PACKBITS) {
		/* each row by itself, a single run of bytes as they are */
		for (size_t at = 0; at < raw.count; at += raw.count / HIGH) {
			put(&packed, raw.count / HIGH - 1, 1);
			memcpy(packed.data + packed.count, raw.data + at, raw.count / HIGH);
			packed.count += raw.count / HIGH;
		}
	} else {
		packed = raw;
	}
	return packed;
}

static void put_tag(bytes *b, const kind *k, int tag, uint64_t value)
{
	put(b, (uint64_t)tag, 2);
	put(b, k->large ? 16 : 4, 2);
	put(b, 1, k->large ? 8 : 4);
	put(b, value, k->large ? 8 : 4);
}

/* The header, the pixels, one directory; bits and formats of several samples are read from their
 * first where the count is 1. */
static void put_tags(bytes *b, const kind *k, size_t pixels, size_t count)
{
	const int usual[][2] = {{256, WIDE}, {257, HIGH}, {258, k->bits ? k->bits : 8},
	    {259, k->compression ? k->compression : NONE}, {262, k->photometric}};
	int tags = 12 + (k->tiled ? 1 : 0) + (k->extra ? 1 : 0);
	put(b, (uint64_t)tags, k->large ? 8 : 2);
	for (size_t i = 0; i < COUNT(usual); i++)
		put_tag(b, k, usual[i][0], (uint64_t)usual[i][1]);
	if (!k->tiled)
		put_tag(b, k, 273, pixels);
	put_tag(b, k, 274, k->orientation ? (uint64_t)k->orientation : 1);
	put_tag(b, k, 277, k->samples ? (uint64_t)k->samples : 1);
	if (!k->tiled) {
		put_tag(b, k, 278, HIGH);
		put_tag(b, k, 279, count);
	}
	put_tag(b, k, 284, k->planar ? (uint64_t)k->planar : 1);
	if (k->tiled) {
		put_tag(b, k, 322, TILE);
		put_tag(b, k, 323, TILE);
		put_tag(b, k, 324, pixels);
		put_tag(b, k, 325, count);
	}
	if (k->extra)
		put_tag(b, k, 338, (uint64_t)k->extra);
	put_tag(b, k, 339, k->format ? (uint64_t)k->format : 1);
}

static bytes build(const kind *k)
{
	bytes b = {.big_endian = k->big_endian}, packed = pack(k);
	size_t head = k->large ? 16 : 8, at = head + (packed.count + 1) / 2 * 2;
	put(&b, k->big_endian ? 0x4d4d : 0x4949, 2);
	put(&b, k->large ? 43 : 42, 2);
	if (k->large) {
		put(&b, 8, 2);
		put(&b, 0, 2);
	}
	put(&b, at, k->large ? 8 : 4);
	memcpy(b.data + b.count, packed.data, packed.count);
	b.count = at;
	put_tags(&b, k, head, packed.count);
	size_t next = k->two_pages ? b.count + 4 : 0;
	put(&b, next, k->large ? 8 : 4);
	if (k->two_pages) {
		put_tags(&b, k, head, packed.count);
		put(&b, 0, 4);
	}
	return b;
}

static void write_kind(const char *path, const kind *k)
{
	bytes b = build(k);
	check_ok(onn_file_write(path, b.data, b.count));
}

/* ---- reading ---- */

START_TEST(tiffs_of_each_kind_load_as_grey)
{
	static const struct {
		kind k;
		double want[6];
	} row[] = {
	    {{.photometric = 1, .sample = {0, 51, 102, 153, 204, 255}}, {0, .2, .4, .6, .8, 1}},
	    {{.photometric = 0, .sample = {0, 51, 102, 153, 204, 255}}, {1, .8, .6, .4, .2, 0}},
	    {{.photometric = 1, .bits = 16, .sample = {0, 1, 32768, 65534, 65535, 257}},
	        {0, 1 / 65535., 32768 / 65535., 65534 / 65535., 1, 257 / 65535.}},
	    {{.photometric = 1,
	         .bits = 16,
	         .big_endian = true,
	         .sample = {0, 1, 32768, 65534, 65535, 257}},
	        {0, 1 / 65535., 32768 / 65535., 65534 / 65535., 1, 257 / 65535.}},
	    {{.photometric = 1, .bits = 32, .format = 3, .sample = {-1.5, 0, 2.5, 1e30, 1, 3}},
	        {-1.5, 0, 2.5, 1e30, 1, 3}},
	    {{.photometric = 1,
	         .bits = 64,
	         .format = 3,
	         .big_endian = true,
	         .large = true,
	         .sample = {-1.5, 0, 2.5, 1e300, 1, 3}},
	        {-1.5, 0, 2.5, 1e300, 1, 3}},
	    {{.photometric = 1, .large = true, .sample = {0, 51, 102, 153, 204, 255}},
	        {0, .2, .4, .6, .8, 1}},
	    {{.photometric = 2,
	         .samples = 3,
	         .sample = {255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 51, 51, 51}},
	        {.299, .587, .114, 1, 0, .2}},
	    {{.photometric = 1,
	         .samples = 2,
	         .extra = 2,
	         .sample = {255, 255, 255, 51, 51, 51, 0, 255, 51, 255, 255, 0}},
	        {1, .2, .04, 0, .2, 0}},
	    {{.photometric = 1,
	         .samples = 2,
	         .extra = 1,
	         .sample = {255, 255, 51, 51, 0, 51, 0, 255, 51, 255, 0, 0}},
	        {1, .2, 0, 0, .2, 0}},
	    {{.photometric = 1, .compression = LZW, .sample = {0, 51, 102, 153, 204, 255}},
	        {0, .2, .4, .6, .8, 1}},
	    {{.photometric = 1, .compression = DEFLATE, .bits = 16, .sample = {0, 13107, 65535}},
	        {0, .2, 1, 0, 0, 0}},
	    {{.photometric = 1, .compression = PACKBITS, .sample = {0, 51, 102, 153, 204, 255}},
	        {0, .2, .4, .6, .8, 1}},
	    {{.photometric = 1, .tiled = true, .sample = {0, 51, 102, 153, 204, 255}},
	        {0, .2, .4, .6, .8, 1}},
	    {{.photometric = 1,
	         .tiled = true,
	         .compression = DEFLATE,
	         .bits = 32,
	         .format = 3,
	         .sample = {-1, 2, 3, 4, 5, 6}},
	        {-1, 2, 3, 4, 5, 6}},
	};
	for (size_t i = 0; i < COUNT(row); i++) {
		size_t high, wide;
		onn_array *a;
		write_kind("test_tiff_1.tif", &row[i].k);
		onn_status status = onn_image_load(&a, "test_tiff_1.tif");
		ck_assert_msg(!status, "row %zu: %s", i, onn_last_error());
		check_ok(onn_image_size(&high, &wide, "test_tiff_1.tif"));
		ck_assert(high == HIGH && wide == WIDE);
		ck_assert_int_eq(onn_array_type(a), ONN_F64);
		ck_assert(onn_array_shape(a)[0] == HIGH && onn_array_shape(a)[1] == WIDE);
		const double *x = onn_array_const_data(a);
		for (int p = 0; p < 6; p++)
			ck_assert_msg(fabs(x[p] - row[i].want[p]) <= 2e-7 * fabs(row[i].want[p]),
			    "row %zu: %d is %.9g, not %.9g", i, p, x[p], row[i].want[p]);
		onn_array_destroy(a);
	}
	remove("test_tiff_1.tif");
}
END_TEST

START_TEST(tiffs_that_are_not_read_say_what_was_expected)
{
	static const struct {
		kind k;
		const char *text;
	} row[] = {
	    {{.photometric = 1, .two_pages = true}, "is a TIFF of several pictures; expected one"},
	    {{.photometric = 1, .bits = 32}, "with 32 bits a sample"},
	    {{.photometric = 1, .bits = 16, .format = 2}, "with 16 bits a sample, signed or whole"},
	    {{.photometric = 8},
	        "with 8 as its kind of colours; expected grey (0 or 1) or RGB (2)"},
	    {{.photometric = 1, .samples = 2}, "with 2 samples a pixel; expected grey"},
	    {{.photometric = 1, .samples = 2, .extra = 2, .bits = 32, .format = 3},
	        "with 2 samples a pixel; expected 1 float"},
	    {{.photometric = 1, .orientation = 4}, "with 4 as its orientation"},
	    {{.photometric = 1, .compression = 34925}, "with 34925 as its compression"},
	};
	for (size_t i = 0; i < COUNT(row); i++) {
		onn_array *a;
		write_kind("test_tiff_2.tif", &row[i].k);
		check_error(onn_image_load(&a, "test_tiff_2.tif"), ONN_ERROR_FORMAT, row[i].text);
		ck_assert_ptr_null(a);
	}
	remove("test_tiff_2.tif");
}
END_TEST

START_TEST(damaged_tiffs_are_format_errors)
{
	static const kind good = {.photometric = 1, .bits = 16, .sample = {0, 1, 2, 3, 4, 5}};
	bytes b = build(&good);
	onn_array *a;
	for (size_t left = 8; left < b.count - 4; left++) {
		check_ok(onn_file_write("test_tiff_3.tif", b.data, left));
		check_error(onn_image_load(&a, "test_tiff_3.tif"), ONN_ERROR_FORMAT, "TIFF");
		ck_assert_ptr_null(a);
	}
	/* Width and height, the first two tags behind the count, claim 32768 x 32768. */
	size_t tags = b.data[4] + 2;
	b.data[tags + 9] = b.data[tags + 12 + 9] = 0x80;
	check_ok(onn_file_write("test_tiff_3.tif", b.data, b.count));
	check_error(onn_image_load(&a, "test_tiff_3.tif"), ONN_ERROR_FORMAT, "sides from 1 to");
	b.data[tags + 8] = b.data[tags + 12 + 8] = 0;
	check_ok(onn_file_write("test_tiff_3.tif", b.data, b.count));
	check_error(onn_image_load(&a, "test_tiff_3.tif"), ONN_ERROR_FORMAT, "too short");
	remove("test_tiff_3.tif");
}
END_TEST

/* ---- writing ---- */

static void load_back(const char *path, const double want[6], double off)
{
	onn_array *a;
	check_ok(onn_image_load(&a, path));
	ck_assert(onn_array_shape(a)[0] == HIGH && onn_array_shape(a)[1] == WIDE);
	for (int i = 0; i < 6; i++)
		check_near(((const double *)onn_array_const_data(a))[i], want[i], off);
	onn_array_destroy(a);
}

START_TEST(saved_tiffs_load_as_they_were_and_floats_are_not_cut)
{
	static const double x[] = {-3, .25, .5, 1e-6, 1, 7.125};
	static const unsigned char pixel[] = {0, 51, 102, 153, 204, 255};
	static const double shade[] = {0, .2, .4, .6, .8, 1};
	onn_array *a, *b;
	check_ok(onn_array_from(&a, ONN_F64, 2, (size_t[]){HIGH, WIDE}, x));
	check_ok(onn_array_from(&b, ONN_U8, 2, (size_t[]){HIGH, WIDE}, pixel));
	for (int bits = 8; bits <= 16; bits += 8) {
		double full = bits == 8 ? 255 : 65535, want[6];
		for (int i = 0; i < 6; i++)
			want[i] = floor(fmax(0, fmin(1, x[i])) * full + .5) / full;
		check_ok(onn_image_save(a, "test_tiff_4.tif", bits));
		load_back("test_tiff_4.tif", want, 1e-15);
	}
	for (int bits = 8; bits <= 32; bits *= 2) {
		check_ok(onn_image_save(b, "test_tiff_4.TIFF", bits));
		load_back("test_tiff_4.TIFF", shade, 1e-7);
	}
	check_ok(onn_image_save(a, "test_tiff_4.tif", 32));
	load_back("test_tiff_4.tif", x, 1e-13);
	onn_array_destroy(a);
	onn_array_destroy(b);
	remove("test_tiff_4.tif");
	remove("test_tiff_4.TIFF");
}
END_TEST

START_TEST(large_tiffs_of_colours_are_saved_in_strips)
{
	enum { N = 301 };
	onn_array *a, *b;
	check_ok(onn_array_create(&a, ONN_U8, 3, (size_t[]){N, N + 1, 3}));
	unsigned char *x = onn_array_data(a);
	for (size_t i = 0; i < onn_array_count(a); i++)
		x[i] = (unsigned char)(i * 2654435761u >> 13);
	check_ok(onn_image_save(a, "test_tiff_5.tif", 8));
	check_ok(onn_image_load(&b, "test_tiff_5.tif"));
	ck_assert(onn_array_shape(b)[0] == N && onn_array_shape(b)[1] == N + 1);
	const double *y = onn_array_const_data(b);
	for (size_t i = 0; i < onn_array_count(b); i++, x += 3)
		check_near(y[i], (.299 * x[0] + .587 * x[1] + .114 * x[2]) / 255, 1e-12);
	onn_array_destroy(a);
	onn_array_destroy(b);
	remove("test_tiff_5.tif");
}
END_TEST

START_TEST(what_no_tiff_can_hold_is_an_error_and_no_file)
{
	onn_array *a;
	check_ok(onn_array_from(&a, ONN_F64, 2, (size_t[]){1, 2}, (double[]){0, 1e300}));
	check_error(onn_image_save(a, "test_tiff_6.tif", 32), ONN_ERROR_ARGUMENT,
	    "element 1 is 1e+300; expected numbers that f32 can hold");
	check_error(onn_image_save(a, "test_tiff_6.tif", 64), ONN_ERROR_ARGUMENT, "8, 16 or 32");
	check_error(onn_image_save(a, "test_tiff_6.png", 32), ONN_ERROR_ARGUMENT, "8 or 16");
	check_error(onn_image_save(a, "no folder/a.tif", 8), ONN_ERROR_FILE, "no folder/a.tif");
	((double *)onn_array_data(a))[1] = NAN;
	check_error(onn_image_save(a, "test_tiff_6.tif", 32), ONN_ERROR_ARGUMENT, "1 is NaN");
	onn_array_destroy(a);
	ck_assert(!onn_file_exists("test_tiff_6.tif"));
}
END_TEST

START_TEST(a_tiff_is_a_target)
{
	static const kind picture = {
	    .photometric = 1, .bits = 32, .format = 3, .sample = {1, 2, 3, 4, 5, 6}};
	onn_array *target;
	write_kind("test_tiff_7.tif", &picture);
	check_ok(onn_design_fit_file(&target, "test_tiff_7.tif", 3));
	/* 3 x 2 in 3 x 3: half a row of darkness above and below, and a pixel is a mean. */
	const double *x = onn_array_const_data(target);
	check_near(x[3], 2.5, 1e-12);
	check_near(x[5], 4.5, 1e-12);
	onn_array_destroy(target);
	remove("test_tiff_7.tif");
}
END_TEST

TESTS("tiff", tiffs_of_each_kind_load_as_grey, tiffs_that_are_not_read_say_what_was_expected,
    damaged_tiffs_are_format_errors, saved_tiffs_load_as_they_were_and_floats_are_not_cut,
    large_tiffs_of_colours_are_saved_in_strips, what_no_tiff_can_hold_is_an_error_and_no_file,
    a_tiff_is_a_target)

#else

START_TEST(without_libtiff_a_tiff_is_an_error_that_says_so)
{
	onn_array *a;
	size_t height, width;
	check_ok(onn_file_write("test_tiff_1.tif", "II*\0\10\0\0\0", 8));
	check_error(onn_image_load(&a, "test_tiff_1.tif"), ONN_ERROR_UNSUPPORTED, "no libtiff");
	check_error(onn_image_size(&height, &width, "test_tiff_1.tif"), ONN_ERROR_UNSUPPORTED,
	    "test_tiff_1.tif is a TIFF");
	remove("test_tiff_1.tif");
	check_ok(onn_array_create(&a, ONN_F64, 2, (size_t[]){1, 2}));
	check_error(onn_image_save(a, "test_tiff_1.tif", 8), ONN_ERROR_UNSUPPORTED, "no libtiff");
	ck_assert(!onn_file_exists("test_tiff_1.tif"));
	onn_array_destroy(a);
}
END_TEST

TESTS("tiff", without_libtiff_a_tiff_is_an_error_that_says_so)

#endif
