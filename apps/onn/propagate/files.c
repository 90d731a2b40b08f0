/* Fields in files: NumPy arrays, and pictures as amplitude and intensity. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/formats.h"
#include "data/image.h"
#include "propagate.h"
#include "system.h"

bool field_path_fits(const char *path, bool written)
{
	return written ? onn_array_named(path) || path_ends_in(path, ".png") || onn_tiff_named(path)
	               : onn_numbers_named(path);
}

bool field_folder_fits(const char *path)
{
	const char *slash = strrchr(path, '/');

	return !strchr(slash ? slash : path, '.') || (slash && !slash[1]);
}

bool field_is_finite(const onn_array *a, char *text, size_t room)
{
	bool wide = onn_array_type(a) == ONN_C128;
	const double *f64 = onn_array_const_data(a);
	const float *f32 = onn_array_const_data(a);
	char at[256];

	for (size_t i = 0; i < 2 * onn_array_count(a); i++) {
		double x = wide ? f64[i] : (double)f32[i];
		if (isfinite(x))
			continue;
		snprintf(text, room, "%s at %s", isnan(x) ? "nan" : "inf",
		    place_text(at, sizeof at, a, i / 2));
		return false;
	}
	return true;
}

int field_check_wavelength(const command *c, double lambda, const onn_grid *grid)
{
	const double longest = 1e-2;
	double side = fmax((double)grid->ny * grid->dy, (double)grid->nx * grid->dx);

	if (lambda <= longest && lambda <= side)
		return EXIT_OK;
	return command_usage(c,
	    "--wavelength is %g m, %s; expected metres, such as 532e-9, and --pitch in metres",
	    lambda, lambda > longest ? "above 1 cm" : "longer than the grid");
}

static int check(const command *c, const char *path, const onn_array *a)
{
	char text[256];
	size_t ndim = onn_array_ndim(a);

	if (ndim < 2)
		return command_fail(c, "%s has the shape %s; expected [y, x] or [..., y, x]", path,
		    shape_text(text, sizeof text, a));
	if (!onn_array_count(a))
		return command_fail(c, "%s has the shape %s; expected sizes of at least 1", path,
		    shape_text(text, sizeof text, a));
	return EXIT_OK;
}

int field_load(const command *c, const char *path, onn_type type, onn_array **a)
{
	onn_array *read = NULL;
	char text[256];
	onn_status status = onn_image_or_array_load(&read, path);

	*a = NULL;
	if (status)
		return command_status(c, status);
	int code = check(c, path, read);
	if (!code) {
		status = onn_array_convert(a, read, type);
		code = status ? command_status(c, status) : EXIT_OK;
	}
	onn_array_destroy(read);
	if (!code && !field_is_finite(*a, text, sizeof text))
		code = command_fail(c, "%s holds %s; expected numbers that %s can hold", path, text,
		    type == ONN_C128 ? "f64" : "f32");
	return code;
}

/* The intensity of one field, over its peak; a field without light stays dark. */
static onn_status picture_of(const onn_array *a, onn_array **picture, double *peak)
{
	const size_t *shape = onn_array_shape(a) + onn_array_ndim(a) - 2;
	onn_array *wide;
	onn_status status = onn_array_create(picture, ONN_F64, 2, shape);

	if (status)
		return status;
	status = onn_array_convert(&wide, a, ONN_C128);
	if (status)
		return status;
	const double *e = onn_array_const_data(wide);
	double *p = onn_array_data(*picture), most = 0;
	size_t count = onn_array_count(wide);
	for (size_t i = 0; i < count; i++) {
		p[i] = hypot(e[2 * i], e[2 * i + 1]);
		most = fmax(most, p[i]);
	}
	/* Divided before it is squared, which overflows nowhere. */
	for (size_t i = 0; i < count && most > 0; i++)
		p[i] = p[i] / most * (p[i] / most);
	*peak = most * most;
	onn_array_destroy(wide);
	return ONN_OK;
}

int field_save(const command *c, const char *path, const onn_array *a, double *peak)
{
	bool tiff = onn_tiff_named(path);
	onn_array *picture = NULL;

	if (onn_array_named(path)) {
		onn_status status = onn_array_save(a, path);
		return status ? command_status(c, status) : EXIT_OK;
	}
	onn_status status = picture_of(a, &picture, peak);
	int code = status ? command_status(c, status) : EXIT_OK;
	if (!code && !(*peak <= (tiff ? (double)FLT_MAX : DBL_MAX)))
		code = command_fail(c,
		    "%s: the largest intensity is beyond %s; expected weaker light, or a name that "
		    "ends in .npy",
		    path, tiff ? "f32" : "f64");
	double *p = code ? NULL : onn_array_data(picture);
	for (size_t i = 0; tiff && p && i < onn_array_count(picture); i++)
		p[i] *= *peak;
	status = code ? ONN_OK : onn_image_save(picture, path, tiff ? 32 : 16);
	onn_array_destroy(picture);
	return status ? command_status(c, status) : code;
}

onn_status field_of_intensity(onn_array **light, const onn_array *intensity)
{
	onn_status status = onn_array_create(
	    light, ONN_C128, onn_array_ndim(intensity), onn_array_shape(intensity));
	const double *seen = onn_array_const_data(intensity);
	double *to = status ? NULL : onn_array_data(*light);

	for (size_t i = 0; i < onn_array_count(intensity) && to; i++) {
		to[2 * i] = sqrt(seen[i]);
		to[2 * i + 1] = 0;
	}
	return status;
}
