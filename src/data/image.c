#include <onn/image.h>

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

#include "core/error.h"
#include "core/memory.h"
#include "core/os.h"
#include "data/jpeg.h"
#include "data/tiff.h"

/*
 * libpng leaves by longjmp when something is wrong. So everything that it may leave behind is held
 * in a picture, which outlives the function that called setjmp; that function has no variables of
 * its own.
 */
typedef struct picture {
	png_structp png;
	png_infop info;
	char message[160];
	/* the file: read from, or written to */
	unsigned char *file;
	size_t bytes, at, room;
	/* the pixels as libpng has them */
	png_uint_32 width, height;
	int channels, bits, passes;
	size_t row_bytes;
	unsigned char *pixels; /* all of them, or one row of a file that is read row by row */
	/* who reads them */
	const onn_image_reader *reader;
	double *grey; /* one row */
	onn_status refused;
	bool out_of_memory;
} picture;

static void on_error(png_structp png, png_const_charp message)
{
	picture *p = png_get_error_ptr(png);
	snprintf(p->message, sizeof p->message, "%s", message);
	png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp message)
{
	(void)png;
	(void)message;
}

/* ---- reading ---- */

static void read_bytes(png_structp png, png_bytep data, size_t bytes)
{
	picture *p = png_get_io_ptr(png);
	if (bytes > p->bytes - p->at)
		png_error(png, "the file is truncated");
	memcpy(data, p->file + p->at, bytes);
	p->at += bytes;
}

/* All PNGs become 8 or 16 bits of grey or colour, with or without alpha. */
static void read_header(picture *p)
{
	png_read_info(p->png, p->info);
	png_set_expand(p->png); /* palettes, 1 to 4 bits, transparent colours */
	p->passes = png_set_interlace_handling(p->png);
	png_read_update_info(p->png, p->info);
	p->width = png_get_image_width(p->png, p->info);
	p->height = png_get_image_height(p->png, p->info);
	p->channels = png_get_channels(p->png, p->info);
	p->bits = png_get_bit_depth(p->png, p->info);
	p->row_bytes = png_get_rowbytes(p->png, p->info);
	if (p->bits != 8 && p->bits != 16)
		png_error(p->png, "the bits of a channel are neither 8 nor 16");
	/* The header may claim any size. Deflate makes at most 1032 bytes of one, and expanding a
	 * palette of 1 bit 32 of those. */
	if (p->row_bytes * p->height / (1040 * 32) > p->bytes)
		png_error(p->png, "the file is too short for its size in pixels");
	size_t most = p->reader->most;
	if (p->passes > 1 && most && p->row_bytes * p->height > most) {
		snprintf(p->message, sizeof p->message,
		    "is interlaced, %u x %u pixels of %.1f GB; expected %.1f GB at most, or rows "
		    "one "
		    "after another",
		    (unsigned)p->height, (unsigned)p->width, (double)p->row_bytes * p->height / 1e9,
		    (double)most / 1e9);
		p->refused = ONN_ERROR_UNSUPPORTED;
		png_longjmp(p->png, 1);
	}
	p->pixels = calloc(p->passes > 1 ? p->height : 1, p->row_bytes);
	p->grey = calloc(p->width, sizeof *p->grey);
	if (!p->pixels || !p->grey) {
		p->out_of_memory = true;
		png_error(p->png, "no memory");
	}
}

/* Channel c of a pixel in [0, 1]; the file's order is the most significant byte first. */
static double channel(const picture *p, const unsigned char *pixel, int c)
{
	return p->bits == 8 ? pixel[c] / 255.0 : (pixel[2 * c] << 8 | pixel[2 * c + 1]) / 65535.0;
}

double onn_image_shade(const double channel[4], int channels)
{
	double y = channel[0];
	if (channels >= 3)
		y = 0.299 * y + 0.587 * channel[1] + 0.114 * channel[2];
	if (channels % 2 == 0)
		y *= channel[channels - 1];
	return fmin(y, 1);
}

static void to_grey(const picture *p, const unsigned char *pixel)
{
	size_t step = (size_t)(p->channels * p->bits / 8);
	double *grey = p->grey;
	for (size_t j = 0; j < p->width; j++, pixel += step) {
		double c[4] = {0};
		for (int k = 0; k < p->channels; k++)
			c[k] = channel(p, pixel, k);
		*grey++ = onn_image_shade(c, p->channels);
	}
}

/* A file whose rows come one after another needs room for one of them. */
static void read_rows(picture *p)
{
	for (int pass = 1; pass <= p->passes; pass++) {
		for (size_t i = 0; i < p->height; i++) {
			unsigned char *row = p->pixels + (p->passes > 1 ? i : 0) * p->row_bytes;
			png_read_row(p->png, row, NULL);
			if (pass < p->passes)
				continue;
			to_grey(p, row);
			p->reader->row(p->reader->user, i, p->grey);
		}
	}
	png_read_end(p->png, NULL);
}

static bool decode(picture *p)
{
	p->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, p, on_error, on_warning);
	p->info = p->png ? png_create_info_struct(p->png) : NULL;
	if (!p->info) {
		p->out_of_memory = true;
		return false;
	}
	if (setjmp(png_jmpbuf(p->png)))
		return false;
	png_set_user_limits(p->png, ONN_IMAGE_MAX_SIDE, ONN_IMAGE_MAX_SIDE);
	png_set_chunk_malloc_max(p->png, (png_alloc_size_t)8 << 20);
	png_set_chunk_cache_max(p->png, 128);
	png_set_read_fn(p->png, p, read_bytes);
	read_header(p);
	p->refused = p->reader->begin(p->reader->user, p->height, p->width);
	if (p->refused)
		return false;
	read_rows(p);
	return true;
}

/* TIFF's mark: its byte order, and 42, or 43 of BigTIFF, in it. */
static bool begins_as_tiff(const unsigned char *file, size_t bytes)
{
	return bytes >= 4 && (memcmp(file, "II*\0", 4) == 0 || memcmp(file, "MM\0*", 4) == 0 ||
	                         memcmp(file, "II+\0", 4) == 0 || memcmp(file, "MM\0+", 4) == 0);
}

/* JPEG's start of image, and the next marker. */
static bool begins_as_jpeg(const unsigned char *file, size_t bytes)
{
	return bytes >= 3 && memcmp(file, "\377\330\377", 3) == 0;
}

/* These have their size anywhere. */
static onn_status size_within(size_t *height, size_t *width, const char *path)
{
	void *file;
	size_t bytes;
	onn_status status = onn_file_read(&file, &bytes, path);
	if (status != ONN_OK)
		return status;
	status = (begins_as_jpeg(file, bytes) ? onn_jpeg_size : onn_tiff_size)(
	    height, width, path, file, bytes);
	onn_free(file);
	return status;
}

/* The signature, and the first chunk: its length, "IHDR", width and height. */
onn_status onn_image_size(size_t *height, size_t *width, const char *path)
{
	unsigned char head[24];
	size_t bytes;
	onn_status status = onn_file_read_head(head, sizeof head, &bytes, path);
	if (status != ONN_OK)
		return status;
	if (begins_as_tiff(head, bytes) || begins_as_jpeg(head, bytes))
		return size_within(height, width, path);
	if (bytes < sizeof head || png_sig_cmp(head, 0, 8) != 0 ||
	    memcmp(head + 12, "IHDR", 4) != 0)
		return onn_error(
		    ONN_ERROR_FORMAT, "onn_image_load: %s is no PNG, TIFF or JPEG", path);
	*width = png_get_uint_32(head + 16);
	*height = png_get_uint_32(head + 20);
	return ONN_OK;
}

onn_status onn_image_read(const onn_image_reader *reader, const char *path)
{
	picture p = {.reader = reader};
	void *file;
	onn_status status = onn_file_read(&file, &p.bytes, path);
	if (status != ONN_OK)
		return status;
	p.file = file;
	if (begins_as_tiff(p.file, p.bytes))
		status = onn_tiff_read(reader, path, p.file, p.bytes);
	else if (begins_as_jpeg(p.file, p.bytes))
		status = onn_jpeg_read(reader, path, p.file, p.bytes);
	else if (p.bytes < 8 || png_sig_cmp(p.file, 0, 8) != 0)
		status =
		    onn_error(ONN_ERROR_FORMAT, "onn_image_load: %s is no PNG, TIFF or JPEG", path);
	else if (decode(&p))
		status = ONN_OK;
	else if (p.refused)
		status = p.message[0]
		             ? onn_error(p.refused, "onn_image_load: %s %s", path, p.message)
		             : p.refused;
	else if (p.out_of_memory)
		status = onn_error_memory("onn_image_load", p.row_bytes * p.height);
	else
		status = onn_error(
		    ONN_ERROR_FORMAT, "onn_image_load: %s is a damaged PNG: %s", path, p.message);
	png_destroy_read_struct(&p.png, &p.info, NULL);
	free(p.pixels);
	free(p.grey);
	free(p.file);
	return status;
}

static onn_status begin_array(void *user, size_t height, size_t width)
{
	return onn_array_create(user, ONN_F64, 2, (size_t[]){height, width});
}

static void take_row(void *user, size_t row, const double *grey)
{
	onn_array *a = *(onn_array **)user;
	size_t width = onn_array_shape(a)[1];
	memcpy((double *)onn_array_data(a) + row * width, grey, width * sizeof *grey);
}

onn_status onn_image_load(onn_array **a, const char *path)
{
	const onn_image_reader reader = {a, begin_array, take_row, 0};
	*a = NULL;
	onn_status status = onn_image_read(&reader, path);
	if (status != ONN_OK) {
		onn_array_destroy(*a);
		*a = NULL;
	}
	return status;
}

/* ---- writing ---- */

static void write_bytes(png_structp png, png_bytep data, size_t bytes)
{
	picture *p = png_get_io_ptr(png);
	if (bytes > p->room - p->bytes) {
		size_t room = 2 * p->room + bytes;
		unsigned char *larger = realloc(p->file, room);
		if (!larger)
			png_error(png, "no memory");
		p->file = larger;
		p->room = room;
	}
	memcpy(p->file + p->bytes, data, bytes);
	p->bytes += bytes;
}

static void flush_bytes(png_structp png) { (void)png; }

static bool encode(picture *p)
{
	p->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, p, on_error, on_warning);
	p->info = p->png ? png_create_info_struct(p->png) : NULL;
	if (!p->info || setjmp(png_jmpbuf(p->png)))
		return false;
	png_set_write_fn(p->png, p, write_bytes, flush_bytes);
	png_set_user_limits(p->png, ONN_IMAGE_MAX_SIDE, ONN_IMAGE_MAX_SIDE);
	png_set_IHDR(p->png, p->info, p->width, p->height, p->bits,
	    p->channels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE,
	    PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	png_write_info(p->png, p->info);
	for (p->at = 0; p->at < p->height; p->at++)
		png_write_row(p->png, p->pixels + p->at * p->row_bytes);
	png_write_end(p->png, p->info);
	return true;
}

/* An IEEE float, most significant byte first; false where it is beyond those. */
static bool put_float(unsigned char *to, double x)
{
	float narrow = (float)x;
	uint32_t bits;
	memcpy(&bits, &narrow, sizeof bits);
	for (int k = 0; k < 4; k++)
		to[k] = (unsigned char)(bits >> (24 - 8 * k));
	return isfinite(narrow);
}

/* x in [0, 1] as whole steps of the file, most significant byte first; or floats as they are. */
static onn_status fill_pixels(picture *p, const onn_array *a)
{
	onn_array *wide;
	onn_status status = onn_array_convert(&wide, a, ONN_F64);
	if (status != ONN_OK)
		return status;
	const double *x = onn_array_const_data(wide);
	double full = p->bits == 8 ? 255 : 65535, scale = onn_array_type(a) == ONN_U8 ? 255 : 1;
	for (size_t i = 0; i < onn_array_count(a) && status == ONN_OK; i++) {
		if (isnan(x[i])) {
			status = onn_error(ONN_ERROR_ARGUMENT,
			    "onn_image_save: element %zu is NaN; expected numbers", i);
			break;
		}
		if (p->bits == 32) {
			if (!put_float(p->pixels + 4 * i, x[i] / scale))
				status = onn_error(ONN_ERROR_ARGUMENT,
				    "onn_image_save: element %zu is %g; expected numbers that f32 "
				    "can hold",
				    i, x[i]);
			continue;
		}
		unsigned level = (unsigned)(fmax(0, fmin(1, x[i] / scale)) * full + 0.5);
		if (p->bits == 16)
			p->pixels[2 * i] = (unsigned char)(level >> 8);
		p->pixels[p->bits == 16 ? 2 * i + 1 : i] = (unsigned char)(level & 255);
	}
	onn_array_destroy(wide);
	return status;
}

static onn_status check_picture(picture *p, const onn_array *a, int bits, bool tiff)
{
	const size_t *shape = onn_array_shape(a);
	size_t ndim = onn_array_ndim(a);
	onn_type type = onn_array_type(a);
	char text[128];
	if (!(ndim == 2 || (ndim == 3 && shape[2] == 3)) || shape[0] == 0 || shape[1] == 0 ||
	    shape[0] > ONN_IMAGE_MAX_SIDE || shape[1] > ONN_IMAGE_MAX_SIDE)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_image_save: a is %s; expected [height, width] or [height, width, 3], "
		    "sides from 1 to %d",
		    onn_shape_text(text, sizeof text, ndim, shape), ONN_IMAGE_MAX_SIDE);
	if (type != ONN_U8 && type != ONN_F32 && type != ONN_F64)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_image_save: a is %s; expected u8, f32 or f64", onn_type_name(type));
	if (bits != 8 && bits != 16 && !(tiff && bits == 32))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_image_save: bits is %d; expected 8%s 16%s", bits, tiff ? "," : " or",
		    tiff ? " or 32" : "");
	p->height = (png_uint_32)shape[0];
	p->width = (png_uint_32)shape[1];
	p->channels = ndim == 3 ? 3 : 1;
	p->bits = bits;
	p->row_bytes = (size_t)p->width * (size_t)(p->channels * bits / 8);
	return ONN_OK;
}

/* All arguments are checked before: what can still fail is memory. */
static onn_status encode_png(picture *p, const char *path)
{
	bool good = encode(p);
	png_destroy_write_struct(&p->png, &p->info);
	return good ? ONN_OK
	            : onn_error(ONN_ERROR_MEMORY, "onn_image_save: %s: %s", path,
	                  p->message[0] ? p->message : "no memory");
}

static onn_status encode_tiff(picture *p)
{
	const onn_tiff_pixels pixels = {p->height, p->width, p->channels, p->bits, p->pixels};
	void *file = NULL;
	onn_status status = onn_tiff_encode(&file, &p->bytes, &pixels);
	p->file = file;
	return status;
}

onn_status onn_image_save(const onn_array *a, const char *path, int bits)
{
	picture p = {0};
	bool tiff = onn_tiff_named(path);
	onn_status status = check_picture(&p, a, bits, tiff);
	if (status == ONN_OK && onn_jpeg_named(path))
		status = onn_error(ONN_ERROR_UNSUPPORTED,
		    "onn_image_save: %s would be a JPEG, which loses what small numbers say; "
		    "expected "
		    ".png or .tif",
		    path);
	if (status != ONN_OK)
		return status;
	p.pixels = malloc(p.row_bytes * p.height);
	if (!p.pixels)
		return onn_error_memory("onn_image_save", p.row_bytes * p.height);
	status = fill_pixels(&p, a);
	if (status == ONN_OK)
		status = tiff ? encode_tiff(&p) : encode_png(&p, path);
	if (status == ONN_OK)
		status = onn_file_write(path, p.file, p.bytes);
	free(p.pixels);
	free(p.file);
	return status;
}

double onn_image_white(const onn_array *x)
{
	if (onn_type_is_float(onn_array_type(x)))
		return 1;
	if (onn_array_type(x) != ONN_U8)
		return 0;
	const uint8_t *pixel = onn_array_const_data(x);
	for (size_t i = 0; i < onn_array_count(x); i++)
		if (pixel[i] > 1)
			return 255;
	return 1;
}
