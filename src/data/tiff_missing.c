/* What stands for TIFF where libtiff is not. */
#include "core/error.h"
#include "data/tiff.h"

static onn_status refuse(const char *path)
{
	return onn_error(ONN_ERROR_UNSUPPORTED,
	    "%s is a TIFF, and this build has no libtiff; expected a PNG, or a build with it "
	    "(libtiff-dev)",
	    path);
}

onn_status onn_tiff_read(
    const onn_image_reader *reader, const char *path, const void *file, size_t bytes)
{
	(void)reader;
	(void)file;
	(void)bytes;
	return refuse(path);
}

onn_status onn_tiff_size(
    size_t *height, size_t *width, const char *path, const void *file, size_t bytes)
{
	(void)file;
	(void)bytes;
	*height = *width = 0;
	return refuse(path);
}

onn_status onn_tiff_encode(void **file, size_t *bytes, const onn_tiff_pixels *pixels)
{
	(void)pixels;
	*file = NULL;
	*bytes = 0;
	return refuse("what is to be written");
}
