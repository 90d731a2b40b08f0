/* What stands for JPEG where libjpeg is not. */
#include "core/error.h"
#include "data/jpeg.h"

static onn_status refuse(const char *path)
{
	return onn_error(ONN_ERROR_UNSUPPORTED,
	    "%s is a JPEG, and this build has no libjpeg; expected a PNG, or a build with it "
	    "(libjpeg-dev)",
	    path);
}

onn_status onn_jpeg_read(
    const onn_image_reader *reader, const char *path, const void *file, size_t bytes)
{
	(void)reader;
	(void)file;
	(void)bytes;
	return refuse(path);
}

onn_status onn_jpeg_size(
    size_t *height, size_t *width, const char *path, const void *file, size_t bytes)
{
	(void)file;
	(void)bytes;
	*height = *width = 0;
	return refuse(path);
}
