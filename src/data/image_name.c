/* What the names of files say that they hold. */
#include <string.h>

#include "data/image.h"

/* ending in small letters */
static bool ends_in(const char *path, const char *ending)
{
	size_t n = strlen(path), m = strlen(ending);
	if (n <= m)
		return false;
	for (size_t i = 0; i < m; i++) {
		char c = path[n - m + i];
		if ((c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) != ending[i])
			return false;
	}
	return true;
}

bool onn_tiff_named(const char *path) { return ends_in(path, ".tif") || ends_in(path, ".tiff"); }

bool onn_image_named(const char *path) { return ends_in(path, ".png") || onn_tiff_named(path); }

onn_status onn_image_or_array_load(onn_array **a, const char *path)
{
	return onn_image_named(path) ? onn_image_load(a, path) : onn_array_load(a, path);
}
