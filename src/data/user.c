#include "data/files.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "core/error.h"
#include "core/memory.h"

enum { MOST_CLASSES = 65536 };

/* [n, h, w], with an axis of one colour before or behind, or [n, features]: a square if that fits.
 */
static bool image_size(const onn_array *x, size_t *height, size_t *width)
{
	const size_t *shape = onn_array_shape(x);
	size_t ndim = onn_array_ndim(x);
	if (ndim == 2) {
		size_t side = (size_t)sqrt((double)shape[1]);
		*height = side * side == shape[1] ? side : 1;
		*width = side * side == shape[1] ? side : shape[1];
	} else if (ndim == 3 || (ndim == 4 && shape[3] == 1)) {
		*height = shape[1];
		*width = shape[2];
	} else if (ndim == 4 && shape[1] == 1) {
		*height = shape[2];
		*width = shape[3];
	} else {
		return false;
	}
	return onn_array_count(x) > 0;
}

static onn_status take_images(
    onn_array **x, const onn_array *from, const char *name, const char *path)
{
	size_t height, width;
	char text[128];
	onn_type type = onn_array_type(from) == ONN_F64 ? ONN_F32 : onn_array_type(from);
	if (!image_size(from, &height, &width))
		return onn_error(ONN_ERROR_FORMAT,
		    "onn_dataset_load: %s: %s is %s; expected [n, height, width] or [n, features], "
		    "none 0",
		    path, name,
		    onn_shape_text(text, sizeof text, onn_array_ndim(from), onn_array_shape(from)));
	if (type != ONN_U8 && type != ONN_F32) {
		/* read as i32 or u32, whatever their type is in the file */
		bool whole = type == ONN_I32 || type == ONN_U32;
		return onn_error(ONN_ERROR_FORMAT,
		    "onn_dataset_load: %s: the elements of %s are %s; expected u8, f32 or f64",
		    path, name, whole ? "whole numbers of another type" : onn_type_name(type));
	}
	onn_array *flat;
	onn_status status = onn_array_convert(&flat, from, type);
	if (status != ONN_OK)
		return status;
	const float *pixel = onn_array_const_data(flat);
	for (size_t i = 0; type == ONN_F32 && i < onn_array_count(flat); i++) {
		if (isfinite(pixel[i]))
			continue;
		onn_array_destroy(flat);
		return onn_error(ONN_ERROR_FORMAT,
		    "onn_dataset_load: %s: element %zu of %s is not finite in f32", path, i, name);
	}
	status = onn_array_from(x, type, 3, (size_t[]){onn_array_shape(from)[0], height, width},
	    onn_array_const_data(flat));
	onn_array_destroy(flat);
	return status;
}

static onn_status take_labels(onn_array **y, size_t *classes, size_t count, const onn_array *from,
    const char *name, const char *path)
{
	char text[128];
	const size_t *shape = onn_array_shape(from);
	size_t ndim = onn_array_ndim(from);
	if (!(ndim == 1 || (ndim == 2 && shape[1] == 1)) || shape[0] != count)
		return onn_error(ONN_ERROR_FORMAT,
		    "onn_dataset_load: %s: %s is %s; expected [%zu], a label for each image", path,
		    name, onn_shape_text(text, sizeof text, ndim, shape), count);
	if (onn_type_is_complex(onn_array_type(from)))
		return onn_error(ONN_ERROR_FORMAT,
		    "onn_dataset_load: %s: %s is complex; expected whole numbers", path, name);
	onn_array *exact;
	onn_status status = onn_array_convert(&exact, from, ONN_F64);
	if (status != ONN_OK)
		return status;
	const double *label = onn_array_const_data(exact);
	for (size_t i = 0; i < count && status == ONN_OK; i++) {
		if (!(label[i] >= 0 && label[i] < MOST_CLASSES && label[i] == floor(label[i])))
			status = onn_error(ONN_ERROR_FORMAT,
			    "onn_dataset_load: %s: label %zu in %s is %g; expected a whole number "
			    "from 0 to %d",
			    path, i, name, label[i], MOST_CLASSES - 1);
		else if ((size_t)label[i] >= *classes)
			*classes = (size_t)label[i] + 1;
	}
	if (status == ONN_OK)
		status = onn_array_create(y, ONN_I32, 1, &count);
	for (size_t i = 0; i < count && status == ONN_OK; i++)
		((int32_t *)onn_array_data(*y))[i] = (int32_t)label[i];
	onn_array_destroy(exact);
	return status;
}

onn_status onn_dataset_from_archive(onn_array **x, onn_array **y, size_t *classes,
    const onn_archive *archive, const char *x_name, const char *y_name, const char *path)
{
	const onn_array *images, *labels = NULL;
	*x = *y = NULL;
	onn_status status = onn_archive_find(&images, archive, x_name);
	if (status == ONN_OK)
		status = onn_archive_find(&labels, archive, y_name);
	if (status != ONN_OK)
		return status;
	if (!images || !labels)
		return onn_error(ONN_ERROR_FORMAT,
		    "onn_dataset_load: %s has no %s; expected arrays x and y, and x_test and "
		    "y_test or neither",
		    path, images ? y_name : x_name);
	status = take_images(x, images, x_name, path);
	if (status == ONN_OK)
		status = take_labels(y, classes, onn_array_shape(images)[0], labels, y_name, path);
	if (status != ONN_OK) {
		onn_array_destroy(*x);
		*x = NULL;
	}
	return status;
}
