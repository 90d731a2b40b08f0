#include "data/jpeg.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include "core/error.h"
#include "core/memory.h"

/*
 * libjpeg leaves by longjmp when something is wrong. So everything that it may leave behind is held
 * in a picture, which outlives the function that called setjmp; that function has no variables of
 * its own.
 */
typedef struct picture {
	struct jpeg_decompress_struct jpeg;
	struct jpeg_error_mgr errors;
	jmp_buf back;
	char message[JMSG_LENGTH_MAX]; /* the first, of an error or of a warning */
	const onn_image_reader *reader;
	const char *path;
	const unsigned char *file;
	size_t bytes;
	unsigned char *row;
	double *grey;
	onn_status status; /* of a reader that refused */
} picture;

/* A decoder's jpeg is the first member of its picture. */
static void on_message(j_common_ptr jpeg, int level)
{
	picture *p = (picture *)jpeg;
	if (level < 0 && !p->message[0])
		jpeg->err->format_message(jpeg, p->message);
}

static void on_error(j_common_ptr jpeg)
{
	picture *p = (picture *)jpeg;
	if (!p->message[0])
		jpeg->err->format_message(jpeg, p->message);
	longjmp(p->back, 1);
}

static void print_nothing(j_common_ptr jpeg) { (void)jpeg; }

static void refuse(picture *p, onn_status status, const char *why)
{
	p->status = onn_error(status, "onn_image_load: %s is a JPEG %s", p->path, why);
	longjmp(p->back, 1);
}

static void read_header(picture *p)
{
	p->jpeg.err = jpeg_std_error(&p->errors);
	p->errors.error_exit = on_error;
	p->errors.emit_message = on_message;
	p->errors.output_message = print_nothing;
	jpeg_create_decompress(&p->jpeg);
	jpeg_mem_src(&p->jpeg, p->file, (unsigned long)p->bytes);
	jpeg_read_header(&p->jpeg, TRUE);
}

/* One shade a pixel: of YCbCr its Y, 0.299 R + 0.587 G + 0.114 B, and of RGB the same. */
static void begin(picture *p)
{
	struct jpeg_decompress_struct *j = &p->jpeg;
	double pixels = (double)j->image_width * j->image_height;
	char text[160];
	if (j->image_width > ONN_IMAGE_MAX_SIDE || j->image_height > ONN_IMAGE_MAX_SIDE) {
		snprintf(text, sizeof text, "of %u x %u pixels; expected sides from 1 to %d",
		    (unsigned)j->image_height, (unsigned)j->image_width, ONN_IMAGE_MAX_SIDE);
		refuse(p, ONN_ERROR_FORMAT, text);
	}
	if (j->jpeg_color_space != JCS_GRAYSCALE && j->jpeg_color_space != JCS_YCbCr &&
	    j->jpeg_color_space != JCS_RGB)
		refuse(p, ONN_ERROR_FORMAT, "in other colours; expected grey, YCbCr or RGB");
	/* The header may claim any size: a block of 64 pixels has a bit of its own at least. */
	if (pixels / 4096 > (double)p->bytes)
		refuse(p, ONN_ERROR_FORMAT, "that is too short for its size in pixels");
	/* What comes in several passes is held whole, two bytes a coefficient. */
	if (p->reader->most && jpeg_has_multiple_scans(j) &&
	    2 * pixels * j->num_components > (double)p->reader->most)
		refuse(p, ONN_ERROR_UNSUPPORTED, "in several passes, and too large for those");
	j->out_color_space = JCS_GRAYSCALE;
	jpeg_start_decompress(j);
	p->row = calloc(j->output_width, 1);
	p->grey = calloc(j->output_width, sizeof *p->grey);
	if (!p->row || !p->grey)
		refuse(p, ONN_ERROR_MEMORY, "for whose rows there is no memory");
	p->status = p->reader->begin(p->reader->user, j->output_height, j->output_width);
	if (p->status)
		longjmp(p->back, 1);
}

/* libjpeg goes on with grey where a file is cut, and warns. */
static bool decode(picture *p)
{
	if (setjmp(p->back))
		return false;
	read_header(p);
	begin(p);
	while (p->jpeg.output_scanline < p->jpeg.output_height && !p->message[0]) {
		jpeg_read_scanlines(&p->jpeg, &p->row, 1);
		for (unsigned x = 0; x < p->jpeg.output_width; x++)
			p->grey[x] = p->row[x] / 255.0;
		p->reader->row(p->reader->user, p->jpeg.output_scanline - 1, p->grey);
	}
	if (!p->message[0])
		jpeg_finish_decompress(&p->jpeg);
	return !p->message[0];
}

static onn_status damaged(const picture *p)
{
	return onn_error(ONN_ERROR_FORMAT, "onn_image_load: %s is a damaged JPEG: %s", p->path,
	    p->message[0] ? p->message : "its rows end early");
}

onn_status onn_jpeg_read(
    const onn_image_reader *reader, const char *path, const void *file, size_t bytes)
{
	picture *p = calloc(1, sizeof *p);
	if (!p)
		return onn_error_memory("onn_image_load", sizeof *p);
	p->reader = reader;
	p->path = path;
	p->file = file;
	p->bytes = bytes;
	onn_status status = decode(p) ? ONN_OK : p->status ? p->status : damaged(p);
	jpeg_destroy_decompress(&p->jpeg);
	free(p->row);
	free(p->grey);
	free(p);
	return status;
}

static bool look(picture *p)
{
	if (setjmp(p->back))
		return false;
	read_header(p);
	return true;
}

onn_status onn_jpeg_size(
    size_t *height, size_t *width, const char *path, const void *file, size_t bytes)
{
	picture *p = calloc(1, sizeof *p);
	if (!p)
		return onn_error_memory("onn_image_size", sizeof *p);
	p->path = path;
	p->file = file;
	p->bytes = bytes;
	onn_status status = look(p) ? ONN_OK : damaged(p);
	*height = status ? 0 : p->jpeg.image_height;
	*width = status ? 0 : p->jpeg.image_width;
	jpeg_destroy_decompress(&p->jpeg);
	free(p);
	return status;
}
