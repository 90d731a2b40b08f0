/*
 * Pictures of another size as targets.
 */
#include <math.h>

#include <onn/design.h>

#include "core/error.h"

/* Mean of a picture over a rectangle, whose edges may cut pixels. */
static double mean_over(const double *x, size_t w, double y0, double y1, double x0, double x1)
{
	double sum = 0;

	for (size_t i = (size_t)y0; (double)i < y1; i++) {
		double rows = fmin(y1, (double)i + 1) - fmax(y0, (double)i);
		for (size_t j = (size_t)x0; (double)j < x1; j++)
			sum +=
			    rows * (fmin(x1, (double)j + 1) - fmax(x0, (double)j)) * x[i * w + j];
	}
	return sum / ((y1 - y0) * (x1 - x0));
}

/* f64 [h, w] as large as fits into [n, n], centred, dark around it. */
static void fit(double *t, const double *x, size_t h, size_t w, size_t n)
{
	double large = (double)(h > w ? h : w), scale = large / (double)n;
	double top = (large - (double)h) / 2, left = (large - (double)w) / 2;

	for (size_t i = 0; i < n * n; i++) {
		double y0 = (double)(i / n) * scale - top, x0 = (double)(i % n) * scale - left;
		double y1 = fmin(y0 + scale, (double)h), x1 = fmin(x0 + scale, (double)w);
		y0 = fmax(y0, 0);
		x0 = fmax(x0, 0);
		/* pixels at the picture's edge take it as it is, not mixed with the dark */
		t[i] = y1 - y0 < scale / 2 || x1 - x0 < scale / 2 ? 0
		                                                  : mean_over(x, w, y0, y1, x0, x1);
	}
}

onn_status onn_design_fit(onn_array **target, const onn_array *picture, size_t n)
{
	onn_array *real = NULL;

	*target = NULL;
	if (!picture || onn_array_ndim(picture) != 2 || onn_array_count(picture) == 0 ||
	    onn_type_is_complex(onn_array_type(picture)) || n == 0)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_design_fit: a picture of %zu axes of %s for %zu pixels; expected real "
		    "[height, width], and pixels to fit it into",
		    picture ? onn_array_ndim(picture) : 0,
		    picture ? onn_type_name(onn_array_type(picture)) : "nothing", n);
	onn_status status = onn_array_convert(&real, picture, ONN_F64);
	if (!status)
		status = onn_array_create(target, ONN_F64, 2, (size_t[]){n, n});
	if (!status)
		fit(onn_array_data(*target), onn_array_const_data(real), onn_array_shape(real)[0],
		    onn_array_shape(real)[1], n);
	onn_array_destroy(real);
	return status;
}
