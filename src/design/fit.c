/*
 * Pictures of another size as targets.
 */
#include <math.h>
#include <stdlib.h>

#include <onn/design.h>

#include "core/element.h"
#include "core/error.h"
#include "data/image.h"

enum { MOST_INTERLACED = 1 << 30 /* bytes */ };

/* Sums over the picture's pixels that each of the target's covers, whose edges may cut them. */
typedef struct fit {
	size_t h, w, n;
	double scale;        /* a pixel of the target in the picture's */
	double top, left;    /* the dark above, and beside it */
	double *sum, *along; /* [n, n]; [n] of one row */
} fit;

/* What pixel i along a side of `length` covers, from low to high; false: hardly any of it. */
static bool cover(double *low, double *high, const fit *f, size_t i, double dark, size_t length)
{
	double from = (double)i * f->scale - dark;

	*low = fmax(from, 0);
	*high = fmin(from + f->scale, (double)length);
	/* pixels at the picture's edge take it as it is, not mixed with the dark */
	return !(*high - *low < f->scale / 2);
}

static void begin_fit(fit *f, size_t h, size_t w)
{
	double large = (double)(h > w ? h : w);

	f->h = h;
	f->w = w;
	f->scale = large / (double)f->n;
	f->top = (large - (double)h) / 2;
	f->left = (large - (double)w) / 2;
}

static void sum_along(fit *f, const double *x)
{
	for (size_t j = 0; j < f->n; j++) {
		double x0, x1, sum = 0;
		if (cover(&x0, &x1, f, j, f->left, f->w))
			for (size_t k = (size_t)x0; (double)k < x1; k++)
				sum += (fmin(x1, (double)k + 1) - fmax(x0, (double)k)) * x[k];
		f->along[j] = sum;
	}
}

static void add_row(void *user, size_t row, const double *x)
{
	fit *f = user;
	double r = (double)row, first = floor((r + f->top) / f->scale) - 1, y0, y1;

	sum_along(f, x);
	for (size_t i = first > 0 ? (size_t)first : 0; i < f->n; i++) {
		bool covers = cover(&y0, &y1, f, i, f->top, f->h);
		double part = fmin(y1, r + 1) - fmax(y0, r);
		if (y0 >= r + 1)
			return;
		for (size_t j = 0; j < f->n && covers && part > 0; j++)
			f->sum[i * f->n + j] += part * f->along[j];
	}
}

/* Sums become means. */
static void finish_fit(fit *f)
{
	for (size_t i = 0; i < f->n * f->n; i++) {
		double y0, y1, x0, x1;
		if (cover(&y0, &y1, f, i / f->n, f->top, f->h) &&
		    cover(&x0, &x1, f, i % f->n, f->left, f->w))
			f->sum[i] /= (y1 - y0) * (x1 - x0);
	}
}

/* An empty target of n x n. */
static onn_status make_target(onn_array **target, fit *f, const char *function, size_t n)
{
	*f = (fit){.n = n};
	*target = NULL;
	if (n == 0)
		return onn_error(
		    ONN_ERROR_ARGUMENT, "%s: no pixels to fit a picture into", function);
	onn_status status = onn_array_create(target, ONN_F64, 2, (size_t[]){n, n});
	if (status)
		return status;
	f->sum = onn_array_data(*target);
	f->along = malloc(n * sizeof *f->along);
	return f->along ? ONN_OK : onn_error_memory(function, n * sizeof *f->along);
}

static onn_status end_target(onn_array **target, fit *f, onn_status status)
{
	if (!status)
		finish_fit(f);
	free(f->along);
	if (status) {
		onn_array_destroy(*target);
		*target = NULL;
	}
	return status;
}

static onn_status add_rows(fit *f, const onn_array *picture)
{
	const void *data = onn_array_const_data(picture);
	onn_type type = onn_array_type(picture);
	size_t w = onn_array_shape(picture)[1];
	double *row = malloc(w * sizeof *row);

	if (!row)
		return onn_error_memory("onn_design_fit", w * sizeof *row);
	begin_fit(f, onn_array_shape(picture)[0], w);
	for (size_t i = 0; i < f->h; i++) {
		for (size_t k = 0; k < w; k++)
			row[k] = onn_part_get(data, type, i * w + k);
		add_row(f, i, row);
	}
	free(row);
	return ONN_OK;
}

onn_status onn_design_fit(onn_array **target, const onn_array *picture, size_t n)
{
	fit f;

	*target = NULL;
	if (!picture || onn_array_ndim(picture) != 2 || onn_array_count(picture) == 0 ||
	    onn_type_is_complex(onn_array_type(picture)) || n == 0)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_design_fit: a picture of %zu axes of %s for %zu pixels; expected real "
		    "[height, width], and pixels to fit it into",
		    picture ? onn_array_ndim(picture) : 0,
		    picture ? onn_type_name(onn_array_type(picture)) : "nothing", n);
	onn_status status = make_target(target, &f, "onn_design_fit", n);
	return end_target(target, &f, status ? status : add_rows(&f, picture));
}

static onn_status begin_file(void *user, size_t height, size_t width)
{
	begin_fit(user, height, width);
	return ONN_OK;
}

onn_status onn_design_fit_file(onn_array **target, const char *path, size_t n)
{
	fit f;
	const onn_image_reader reader = {&f, begin_file, add_row, MOST_INTERLACED};
	onn_status status = make_target(target, &f, "onn_design_fit_file", n);

	return end_target(target, &f, status ? status : onn_image_read(&reader, path));
}
