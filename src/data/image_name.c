/* What the names of files say that they hold. */
#include <string.h>

#include <onn/fabrication.h>

#include "core/formats.h"
#include "data/image.h"

static bool ends_in(const char *path, const char *ending)
{
	return onn_path_ends(path, strlen(path), ending);
}

bool onn_tiff_named(const char *path) { return ends_in(path, ".tif") || ends_in(path, ".tiff"); }

bool onn_image_named(const char *path)
{
	return ends_in(path, ".png") || onn_tiff_named(path) || onn_jpeg_named(path);
}

bool onn_jpeg_named(const char *path) { return ends_in(path, ".jpg") || ends_in(path, ".jpeg"); }

bool onn_numbers_named(const char *path)
{
	return onn_image_named(path) || onn_array_named(path) || ends_in(path, ".dat");
}

onn_status onn_image_or_array_load(onn_array **a, const char *path)
{
	if (ends_in(path, ".dat"))
		return onn_zemax_read(a, NULL, path);
	return onn_image_named(path) ? onn_image_load(a, path) : onn_array_load(a, path);
}
