/*
 * How alike two pictures are, in double.
 */
#include <math.h>
#include <stdlib.h>

#include <onn/elements.h>

#include "core/error.h"

static const char *const function = "onn_compare_pictures";

enum { WINDOW = 11 };

/* The window along an axis: a Gaussian, cut to an odd length that fits. */
typedef struct window {
	size_t length, places; /* places: where the whole window lies within the picture */
	double weight[WINDOW];
} window;

static window make_window(size_t size)
{
	window w = {.length = size < WINDOW ? size - (size % 2 == 0) : WINDOW};
	double sum = 0, middle = ((double)w.length - 1) / 2;
	w.places = size - w.length + 1;
	for (size_t i = 0; i < w.length; i++) {
		double at = ((double)i - middle) / 1.5;
		sum += w.weight[i] = exp(-at * at / 2);
	}
	for (size_t i = 0; i < w.length; i++)
		w.weight[i] /= sum;
	return w;
}

typedef struct moments {
	double x, y, xx, yy, xy;
} moments;

static void add(moments *to, double weight, moments m)
{
	to->x += weight * m.x;
	to->y += weight * m.y;
	to->xx += weight * m.xx;
	to->yy += weight * m.yy;
	to->xy += weight * m.xy;
}

/* Of one window; (0.01 peak)^2 and (0.03 peak)^2 keep the quotients finite. */
static double alike(const moments *m, double peak)
{
	double c1 = .01 * peak * .01 * peak, c2 = .03 * peak * .03 * peak;
	double vx = m->xx - m->x * m->x, vy = m->yy - m->y * m->y, v = m->xy - m->x * m->y;
	return (2 * m->x * m->y + c1) * (2 * v + c2) /
	       ((m->x * m->x + m->y * m->y + c1) * (vx + vy + c2));
}

/* Wang, Bovik, Sheikh, Simoncelli, IEEE Trans. Image Process. 13, 600 (2004); down columns first,
 * for one row of windows at a time. */
static onn_status mean_ssim(
    double *ssim, const double *x, const double *y, size_t ny, size_t nx, double peak)
{
	window down = make_window(ny), along = make_window(nx);
	moments *column = malloc(nx * sizeof *column);
	double sum = 0;
	if (!column)
		return onn_error_memory(function, nx * sizeof *column);
	for (size_t i = 0; i < down.places; i++) {
		for (size_t k = 0; k < nx; k++) {
			column[k] = (moments){0, 0, 0, 0, 0};
			for (size_t j = 0; j < down.length; j++) {
				double a = x[(i + j) * nx + k], b = y[(i + j) * nx + k];
				add(&column[k], down.weight[j],
				    (moments){a, b, a * a, b * b, a * b});
			}
		}
		for (size_t k = 0; k < along.places; k++) {
			moments m = {0, 0, 0, 0, 0};
			for (size_t j = 0; j < along.length; j++)
				add(&m, along.weight[j], column[k + j]);
			sum += alike(&m, peak);
		}
	}
	free(column);
	*ssim = sum / (double)down.places / (double)along.places;
	return ONN_OK;
}

static double mean_of(const double *x, size_t n)
{
	double sum = 0;
	for (size_t i = 0; i < n; i++)
		sum += x[i];
	return sum / (double)n;
}

static double correlation(const double *x, const double *y, size_t n)
{
	double mx = mean_of(x, n), my = mean_of(y, n), xx = 0, yy = 0, xy = 0;
	for (size_t i = 0; i < n; i++) {
		xx += (x[i] - mx) * (x[i] - mx);
		yy += (y[i] - my) * (y[i] - my);
		xy += (x[i] - mx) * (y[i] - my);
	}
	return xx > 0 && yy > 0 ? xy / (sqrt(xx) * sqrt(yy)) : 0;
}

static double efficiency(const double *x, const double *target, size_t n)
{
	double top = target[0], all = 0, there = 0;
	for (size_t i = 1; i < n; i++)
		top = fmax(top, target[i]);
	for (size_t i = 0; i < n; i++) {
		all += x[i];
		there += target[i] > top / 2 ? x[i] : 0;
	}
	return all != 0 ? there / all : 0;
}

static onn_status check(const onn_array *picture, const onn_array *target, double peak)
{
	if (!(peak > 0 && isfinite(peak)))
		return onn_error(ONN_ERROR_ARGUMENT, "%s: peak is %g; expected a finite value > 0",
		    function, peak);
	const onn_array *const both[] = {picture, target};
	for (int i = 0; i < 2; i++) {
		const onn_array *a = both[i];
		if (!a || onn_array_ndim(a) != 2 || onn_array_count(a) == 0 ||
		    !onn_type_is_float(onn_array_type(a)) || onn_type_is_complex(onn_array_type(a)))
			return onn_error(ONN_ERROR_ARGUMENT,
			    "%s: %s has %zu axes of %s; expected [y, x] of f32 or f64", function,
			    i ? "target" : "picture", a ? onn_array_ndim(a) : 0,
			    a ? onn_type_name(onn_array_type(a)) : "nothing");
	}
	const size_t *p = onn_array_shape(picture), *t = onn_array_shape(target);
	if (p[0] != t[0] || p[1] != t[1])
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: picture is [%zu, %zu], target [%zu, %zu]; expected equal shapes", function,
		    p[0], p[1], t[0], t[1]);
	return ONN_OK;
}

onn_status onn_compare_pictures(
    onn_likeness *likeness, const onn_array *picture, const onn_array *target, double peak)
{
	onn_array *a = NULL, *b = NULL;
	onn_status status = check(picture, target, peak);
	if (!status)
		status = onn_array_convert(&a, picture, ONN_F64);
	if (!status)
		status = onn_array_convert(&b, target, ONN_F64);
	if (!status) {
		const double *x = onn_array_const_data(a), *y = onn_array_const_data(b);
		size_t n = onn_array_count(a);
		likeness->mse = 0;
		for (size_t i = 0; i < n; i++)
			likeness->mse += (x[i] - y[i]) * (x[i] - y[i]) / (double)n;
		likeness->psnr = 20 * log10(peak) - 10 * log10(likeness->mse);
		likeness->correlation = correlation(x, y, n);
		likeness->efficiency = efficiency(x, y, n);
		status = mean_ssim(
		    &likeness->ssim, x, y, onn_array_shape(a)[0], onn_array_shape(a)[1], peak);
	}
	onn_array_destroy(a);
	onn_array_destroy(b);
	return status;
}
