#include "data/tiff.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tiffio.h>

#include "core/error.h"
#include "core/memory.h"

/* A file in memory, and what libtiff says of it. */
typedef struct stream {
	unsigned char *file;
	size_t bytes, room, at;
	bool grows, out_of_memory;
	char message[160]; /* the first */
} stream;

/* ---- what libtiff calls ---- */

static tmsize_t read_bytes(thandle_t handle, void *data, tmsize_t bytes)
{
	stream *s = handle;
	size_t left = s->at < s->bytes ? s->bytes - s->at : 0;
	size_t n = (size_t)bytes < left ? (size_t)bytes : left;
	if (n)
		memcpy(data, s->file + s->at, n);
	s->at += n;
	return (tmsize_t)n;
}

/* What lies between the end and where it is written is 0. */
static tmsize_t write_bytes(thandle_t handle, void *data, tmsize_t bytes)
{
	stream *s = handle;
	size_t end = s->at + (size_t)bytes;
	if (!s->grows || end < s->at)
		return 0;
	if (end > s->room) {
		size_t room = end > SIZE_MAX / 2 ? end : 2 * end;
		unsigned char *larger = realloc(s->file, room);
		if (!larger) {
			s->out_of_memory = true;
			return 0;
		}
		s->file = larger;
		s->room = room;
	}
	if (s->at > s->bytes)
		memset(s->file + s->bytes, 0, s->at - s->bytes);
	memcpy(s->file + s->at, data, (size_t)bytes);
	s->at = end;
	s->bytes = end > s->bytes ? end : s->bytes;
	return bytes;
}

static toff_t seek(thandle_t handle, toff_t offset, int whence)
{
	stream *s = handle;
	size_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? s->at : s->bytes;
	if (offset > SIZE_MAX / 2 - from)
		return (toff_t)-1;
	s->at = from + (size_t)offset;
	return s->at;
}

static toff_t size_of(thandle_t handle) { return ((stream *)handle)->bytes; }

static int close_nothing(thandle_t handle)
{
	(void)handle;
	return 0;
}

static int on_error(TIFF *tiff, void *user, const char *module, const char *format, va_list list)
{
	stream *s = user;
	(void)tiff;
	(void)module;
	if (!s->message[0])
		vsnprintf(s->message, sizeof s->message, format, list);
	return 1;
}

static int on_warning(TIFF *tiff, void *user, const char *module, const char *format, va_list list)
{
	(void)tiff;
	(void)user;
	(void)module;
	(void)format;
	(void)list;
	return 1;
}

/* NULL: the message, or that there is no memory. */
static TIFF *open_stream(stream *s, const char *mode)
{
	TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
	if (!options) {
		s->out_of_memory = true;
		return NULL;
	}
	/* No strip is longer than its file, no row longer than those that are taken. */
	TIFFOpenOptionsSetMaxSingleMemAlloc(options, (tmsize_t)s->bytes + (256 << 20));
	TIFFOpenOptionsSetErrorHandlerExtR(options, on_error, s);
	TIFFOpenOptionsSetWarningHandlerExtR(options, on_warning, s);
	TIFF *tiff = TIFFClientOpenExt("onn", mode, s, read_bytes, write_bytes, seek, close_nothing,
	    size_of, NULL, NULL, options);
	TIFFOpenOptionsFree(options);
	return tiff;
}

/* ---- reading ---- */

typedef struct picture {
	TIFF *tiff;
	uint32_t width, height;
	uint16_t samples, bits, photometric;
	int channels; /* that count: not alpha where light was multiplied by it already */
	size_t row_bytes;
	double *grey;
} picture;

static uint16_t tag_of(TIFF *tiff, uint32_t tag)
{
	uint16_t value = 0;
	return TIFFGetFieldDefaulted(tiff, tag, &value) ? value : 0;
}

/* Nothing but grey or colours, with or without alpha, one picture a file. NULL, or what else was
 * expected, given being what there is. */
static const char *find_kind(picture *p, int *given)
{
	TIFF *t = p->tiff;
	uint16_t extras = 0, *extra = NULL, format = tag_of(t, TIFFTAG_SAMPLEFORMAT);
	p->samples = tag_of(t, TIFFTAG_SAMPLESPERPIXEL);
	p->bits = tag_of(t, TIFFTAG_BITSPERSAMPLE);
	p->photometric = tag_of(t, TIFFTAG_PHOTOMETRIC);
	TIFFGetFieldDefaulted(t, TIFFTAG_EXTRASAMPLES, &extras, &extra);

	bool floats = format == SAMPLEFORMAT_IEEEFP && (p->bits == 32 || p->bits == 64);
	*given = p->bits;
	if (!floats && !((p->bits == 8 || p->bits == 16) &&
	                   (format == SAMPLEFORMAT_UINT || format == SAMPLEFORMAT_VOID)))
		return "bits a sample, signed or whole; expected 8 or 16 bits from 0 up, or floats";
	int colours = p->photometric == PHOTOMETRIC_RGB ? 3 : 1;
	*given = p->photometric;
	if (colours == 1 && p->photometric != PHOTOMETRIC_MINISBLACK &&
	    p->photometric != PHOTOMETRIC_MINISWHITE)
		return "as its kind of colours; expected grey (0 or 1) or RGB (2)";
	*given = p->samples;
	bool alpha = p->samples == colours + 1 && extras == 1 &&
	             (*extra == EXTRASAMPLE_ASSOCALPHA || *extra == EXTRASAMPLE_UNASSALPHA);
	if ((p->samples != colours && !alpha) || (floats && p->samples > 1))
		return floats ? "samples a pixel; expected 1 float"
		              : "samples a pixel; expected grey, or three colours, and alpha or "
		                "none";
	p->channels = alpha && *extra == EXTRASAMPLE_UNASSALPHA ? colours + 1 : colours;
	*given = tag_of(t, TIFFTAG_PLANARCONFIG);
	if (p->samples > 1 && *given != PLANARCONFIG_CONTIG)
		return "as its order of samples; expected those of a pixel together (1)";
	*given = tag_of(t, TIFFTAG_ORIENTATION);
	if (*given != ORIENTATION_TOPLEFT)
		return "as its orientation; expected the first row at the top (1)";
	*given = tag_of(t, TIFFTAG_COMPRESSION);
	if (*given != COMPRESSION_NONE && *given != COMPRESSION_LZW &&
	    *given != COMPRESSION_PACKBITS && *given != COMPRESSION_DEFLATE &&
	    *given != COMPRESSION_ADOBE_DEFLATE)
		return "as its compression; expected none (1), LZW (5), deflate or PackBits";
	return NULL;
}

/* A header may claim any size; LZW and deflate make less than 4096 bytes of one. */
static bool is_too_short(const stream *s, size_t bytes) { return bytes / 4096 > s->bytes; }

static onn_status read_header(picture *p, stream *s, const char *path)
{
	int given = 0;
	TIFFGetField(p->tiff, TIFFTAG_IMAGEWIDTH, &p->width);
	TIFFGetField(p->tiff, TIFFTAG_IMAGELENGTH, &p->height);
	if (!p->width || !p->height || p->width > ONN_IMAGE_MAX_SIDE ||
	    p->height > ONN_IMAGE_MAX_SIDE)
		return onn_error(ONN_ERROR_FORMAT,
		    "onn_image_load: %s is a TIFF of %u x %u pixels; expected sides from 1 to %d",
		    path, (unsigned)p->height, (unsigned)p->width, ONN_IMAGE_MAX_SIDE);
	const char *expected = find_kind(p, &given);
	if (expected)
		return onn_error(ONN_ERROR_FORMAT, "onn_image_load: %s is a TIFF with %d %s", path,
		    given, expected);
	if (!TIFFLastDirectory(p->tiff))
		return onn_error(ONN_ERROR_FORMAT,
		    "onn_image_load: %s is a TIFF of several pictures; expected one", path);
	p->row_bytes = (size_t)p->width * p->samples * (p->bits / 8u);
	if (is_too_short(s, p->row_bytes * p->height))
		return onn_error(ONN_ERROR_FORMAT,
		    "onn_image_load: %s is a damaged TIFF: too short for its size in pixels", path);
	p->grey = calloc(p->width, sizeof *p->grey);
	return p->grey ? ONN_OK : onn_error_memory("onn_image_load", p->width * sizeof *p->grey);
}

/* Sample i of a row in the host's byte order: fractions of full scale, and floats as they are. */
static double sample(const picture *p, const unsigned char *row, size_t i)
{
	uint16_t level;
	float f32;
	double f64;
	switch (p->bits) {
	case 8:
		return row[i] / 255.0;
	case 16:
		memcpy(&level, row + 2 * i, sizeof level);
		return level / 65535.0;
	case 32:
		memcpy(&f32, row + 4 * i, sizeof f32);
		return (double)f32;
	default:
		memcpy(&f64, row + 8 * i, sizeof f64);
		return f64;
	}
}

static void give_row(
    const picture *p, const onn_image_reader *reader, size_t y, const unsigned char *row)
{
	bool inverted = p->photometric == PHOTOMETRIC_MINISWHITE && p->bits <= 16;
	for (size_t x = 0; x < p->width; x++) {
		double c[4] = {0};
		for (size_t k = 0; k < p->samples; k++)
			c[k] = sample(p, row, x * p->samples + k);
		if (inverted)
			c[0] = 1 - c[0];
		p->grey[x] = p->samples == 1 ? c[0] : onn_image_shade(c, p->channels);
	}
	reader->row(reader->user, y, p->grey);
}

static bool read_strips(const picture *p, const onn_image_reader *reader, stream *s)
{
	size_t room = (size_t)TIFFScanlineSize(p->tiff);
	unsigned char *row = room == p->row_bytes ? calloc(1, room) : NULL;
	bool good = row != NULL;
	s->out_of_memory = room == p->row_bytes && !row;
	for (uint32_t y = 0; y < p->height && good; y++) {
		good = TIFFReadScanline(p->tiff, row, y, 0) == 1;
		if (good)
			give_row(p, reader, y, row);
	}
	free(row);
	return good;
}

/* Tiles that lie beside each other make as many rows as one of them has. */
static bool read_tiles(const picture *p, const onn_image_reader *reader, stream *s)
{
	uint32_t high = 0, wide = 0;
	TIFFGetField(p->tiff, TIFFTAG_TILELENGTH, &high);
	TIFFGetField(p->tiff, TIFFTAG_TILEWIDTH, &wide);
	size_t bytes = (size_t)TIFFTileSize(p->tiff), step = (size_t)TIFFTileRowSize(p->tiff);
	uint32_t rows = high < p->height ? high : p->height;
	if (!rows || !wide || !step || bytes / step != high || is_too_short(s, bytes))
		return false;
	unsigned char *tile = calloc(1, bytes), *band = calloc(rows, p->row_bytes);
	bool good = tile && band;
	s->out_of_memory = !good;
	for (uint32_t y = 0; y < p->height && good; y += rows) {
		uint32_t here = p->height - y < rows ? p->height - y : rows;
		for (uint32_t x = 0; x < p->width && good; x += wide) {
			size_t at = x * (p->row_bytes / p->width), left = p->row_bytes - at;
			good = TIFFReadTile(p->tiff, tile, x, y, 0, 0) >= 0;
			for (uint32_t i = 0; i < here && good; i++)
				memcpy(band + i * p->row_bytes + at, tile + i * step,
				    left < step ? left : step);
			if (p->width - x <= wide)
				break;
		}
		for (uint32_t i = 0; i < here && good; i++)
			give_row(p, reader, y + i, band + i * p->row_bytes);
	}
	free(band);
	free(tile);
	return good;
}

static onn_status refuse(const stream *s, const char *path)
{
	if (s->out_of_memory)
		return onn_error(
		    ONN_ERROR_MEMORY, "onn_image_load: %s: no memory for its rows", path);
	return onn_error(ONN_ERROR_FORMAT, "onn_image_load: %s is a damaged TIFF: %s", path,
	    s->message[0] ? s->message : "its rows are not as long as its header says");
}

onn_status onn_tiff_read(
    const onn_image_reader *reader, const char *path, const void *file, size_t bytes)
{
	/* libtiff has no other way to read than to be given what it could write to. */
	stream s = {.file = (unsigned char *)(uintptr_t)file, .bytes = bytes};
	picture p = {.tiff = open_stream(&s, "rm")};
	if (!p.tiff)
		return refuse(&s, path);
	onn_status status = read_header(&p, &s, path);
	if (!status)
		status = reader->begin(reader->user, p.height, p.width);
	s.message[0] = 0;
	if (!status && !(TIFFIsTiled(p.tiff) ? read_tiles : read_strips)(&p, reader, &s))
		status = refuse(&s, path);
	free(p.grey);
	TIFFClose(p.tiff);
	return status;
}

onn_status onn_tiff_size(
    size_t *height, size_t *width, const char *path, const void *file, size_t bytes)
{
	stream s = {.file = (unsigned char *)(uintptr_t)file, .bytes = bytes};
	uint32_t h = 0, w = 0;
	TIFF *tiff = open_stream(&s, "rm");
	if (!tiff)
		return refuse(&s, path);
	TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &w);
	TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &h);
	TIFFClose(tiff);
	*height = h;
	*width = w;
	return ONN_OK;
}

/* ---- writing ---- */

static bool encode(TIFF *t, const onn_tiff_pixels *p)
{
	size_t row_bytes = p->width * (size_t)(p->channels * p->bits / 8);
	bool good = TIFFSetField(t, TIFFTAG_IMAGEWIDTH, (uint32_t)p->width) &&
	            TIFFSetField(t, TIFFTAG_IMAGELENGTH, (uint32_t)p->height) &&
	            TIFFSetField(t, TIFFTAG_SAMPLESPERPIXEL, p->channels) &&
	            TIFFSetField(t, TIFFTAG_BITSPERSAMPLE, p->bits) &&
	            TIFFSetField(t, TIFFTAG_SAMPLEFORMAT,
	                p->bits == 32 ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT) &&
	            TIFFSetField(t, TIFFTAG_PHOTOMETRIC,
	                p->channels == 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK) &&
	            TIFFSetField(t, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) &&
	            TIFFSetField(t, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT) &&
	            TIFFSetField(t, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
	uint32_t rows = good ? TIFFDefaultStripSize(t, 0) : 1, strip = 0;
	good = good && TIFFSetField(t, TIFFTAG_ROWSPERSTRIP, rows);
	for (size_t y = 0; y < p->height && good; y += rows, strip++) {
		size_t here = p->height - y < rows ? p->height - y : rows;
		good = TIFFWriteRawStrip(
		           t, strip, p->data + y * row_bytes, (tmsize_t)(here * row_bytes)) >= 0;
	}
	return good && TIFFWriteDirectory(t);
}

/* Most significant bytes first, so that pixels stand in the file as they are given. BigTIFF where
 * the offsets of a TIFF, of 32 bits, do not reach. */
onn_status onn_tiff_encode(void **file, size_t *bytes, const onn_tiff_pixels *p)
{
	stream s = {.grows = true};
	bool large = (double)p->height * (double)p->width * p->channels * p->bits / 8 > 4.2e9;
	TIFF *tiff = open_stream(&s, large ? "wb8" : "wb");
	bool good = tiff && encode(tiff, p);
	if (tiff)
		TIFFClose(tiff);
	*file = s.file;
	*bytes = s.bytes;
	if (good && !s.out_of_memory)
		return ONN_OK;
	free(s.file);
	*file = NULL;
	return onn_error(ONN_ERROR_MEMORY, "onn_image_save: %s",
	    s.out_of_memory || !s.message[0] ? "no memory" : s.message);
}
