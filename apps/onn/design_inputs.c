/* What a design starts from: target, source and plates, drawn or from files. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/image.h>

#include "design.h"

/* ---- the smiley ---- */

enum { SAMPLES = 4 /* of a pixel, along each axis */ };

/* Whether a point is on the face; whole numbers, x to the right, y down, unit: half the side is h.
 * All lengths are percents of h, so that no machine rounds otherwise. */
static bool is_lit(int64_t x, int64_t y, int64_t h)
{
	const int64_t side = 100 * (x < 0 ? -x : x), down = 100 * y, h2 = h * h;
	const int64_t r2 = side * side + down * down;
	const int64_t ex = side - 16 * h, ey = down + 14 * h; /* from an eye's centre */
	const int64_t mx = side - 26 * h, my = down - 7 * h;  /* from the mouth's end */

	if (r2 >= 44 * 44 * h2 && r2 <= 50 * 50 * h2) /* the face's edge */
		return true;
	if (4 * ex * ex + ey * ey <= 11 * 11 * h2) /* eyes: twice as high as wide */
		return true;
	if (r2 >= 24 * 24 * h2 && r2 <= 30 * 30 * h2 && my >= 0) /* mouth */
		return true;
	return mx * mx + my * my <= 3 * 3 * h2; /* its round ends */
}

onn_status design_smiley(onn_array **a, size_t n)
{
	onn_status status = onn_array_create(a, ONN_F64, 2, (size_t[]){n, n});

	if (status)
		return status;
	double *t = onn_array_data(*a);
	const int64_t h = SAMPLES * (int64_t)n;
	for (size_t i = 0; i < n * n; i++) {
		int lit = 0;
		for (int k = 0; k < SAMPLES * SAMPLES; k++) {
			/* samples stand at odd places, the edges of the grid at -h and h */
			int64_t y = 2 * (SAMPLES * (int64_t)(i / n) + k / SAMPLES) + 1 - h;
			int64_t x = 2 * (SAMPLES * (int64_t)(i % n) + k % SAMPLES) + 1 - h;
			lit += is_lit(x, y, h);
		}
		t[i] = (double)lit / (SAMPLES * SAMPLES);
	}
	return ONN_OK;
}

/* ---- pictures of another size ---- */

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

/* A picture [h, w] made as large as fits into [n, n], centred, dark around it. */
static onn_status fit(onn_array **a, const onn_array *picture, size_t n)
{
	const size_t *shape = onn_array_shape(picture);
	size_t large = shape[0] > shape[1] ? shape[0] : shape[1];
	onn_status status = onn_array_create(a, ONN_F64, 2, (size_t[]){n, n});

	if (status)
		return status;
	double *t = onn_array_data(*a), scale = (double)large / (double)n;
	double top = ((double)large - (double)shape[0]) / 2;
	double left = ((double)large - (double)shape[1]) / 2;
	for (size_t i = 0; i < n * n; i++) {
		double y0 = (double)(i / n) * scale - top, x0 = (double)(i % n) * scale - left;
		double y1 = fmin(y0 + scale, (double)shape[0]),
		       x1 = fmin(x0 + scale, (double)shape[1]);
		y0 = fmax(y0, 0);
		x0 = fmax(x0, 0);
		/* pixels at the picture's edge take it as it is, not mixed with the dark */
		t[i] = y1 - y0 < scale / 2 || x1 - x0 < scale / 2
		           ? 0
		           : mean_over(onn_array_const_data(picture), shape[1], y0, y1, x0, x1);
	}
	return ONN_OK;
}

/* ---- files ---- */

static int fail_status(onn_status status) { return command_status(&command_design, status); }

static int check_array(const char *option, const char *path, const onn_array *a, size_t ndim,
    const size_t *shape, bool complex_too)
{
	bool same = onn_array_ndim(a) == ndim;
	char given[128];

	for (size_t i = 0; i < ndim && same; i++)
		same = onn_array_shape(a)[i] == shape[i];
	if (!same) {
		shape_text(given, sizeof given, a);
		if (ndim == 3)
			return command_fail(&command_design,
			    "--%s: %s is %s; expected [%zu, %zu, %zu], as --plates and --size say",
			    option, path, given, shape[0], shape[1], shape[2]);
		return command_fail(&command_design,
		    "--%s: %s is %s; expected [%zu, %zu], as --size says", option, path, given,
		    shape[0], shape[1]);
	}
	if (!complex_too && onn_type_is_complex(onn_array_type(a)))
		return command_fail(&command_design, "--%s: %s is %s; expected real numbers",
		    option, path, onn_type_name(onn_array_type(a)));
	return EXIT_OK;
}

/* Each number finite and, where it has to be, not negative. */
static int check_values(const char *option, const char *path, const onn_array *c128, bool real)
{
	const double *x = onn_array_const_data(c128);
	size_t n = onn_array_count(c128);
	double sum = 0;
	char at[100];

	for (size_t i = 0; i < n; i++) {
		double re = x[2 * i], im = x[2 * i + 1];
		sum += fabs(re);
		if (!isfinite(re) || !isfinite(im))
			return command_fail(&command_design,
			    "--%s: %s holds %g%+gi at %s; expected finite numbers", option, path,
			    re, im, place_text(at, sizeof at, c128, i));
		if (real && re < 0)
			return command_fail(&command_design,
			    "--%s: %s holds %g at %s; an intensity is not negative", option, path,
			    re, place_text(at, sizeof at, c128, i));
	}
	if (real && sum == 0)
		return command_fail(&command_design, "--%s: %s is dark everywhere", option, path);
	return EXIT_OK;
}

/* A .npy as c128, checked. */
static int load_numbers(onn_array **a, const char *option, const char *path, size_t ndim,
    const size_t *shape, bool intensity, bool *was_real)
{
	onn_array *raw = NULL;
	onn_status status = onn_array_load(&raw, path);
	int code =
	    status ? fail_status(status) : check_array(option, path, raw, ndim, shape, !intensity);

	if (!code) {
		*was_real = !onn_type_is_complex(onn_array_type(raw));
		status = onn_array_convert(a, raw, ONN_C128);
		code = status ? fail_status(status) : check_values(option, path, *a, intensity);
	}
	onn_array_destroy(raw);
	return code;
}

/* Replaces *a by itself in another type. */
static int convert(onn_array **a, onn_type type)
{
	onn_array *other = NULL;
	onn_status status = onn_array_convert(&other, *a, type);

	if (status)
		return fail_status(status);
	onn_array_destroy(*a);
	*a = other;
	return EXIT_OK;
}

/* ---- the three ---- */

static int load_target(design_inputs *in, const design_settings *s, const design_problem *p)
{
	size_t n = p->size;
	onn_array *picture = NULL;
	onn_status status;
	bool real;
	int code = EXIT_OK;

	if (!strcmp(s->target, "smiley")) {
		status = design_smiley(&in->target, n);
	} else if (path_ends_in(s->target, ".npy")) {
		code = load_numbers(
		    &in->target, "target", s->target, 2, (size_t[]){n, n}, true, &real);
		return code ? code : convert(&in->target, p->real);
	} else {
		status = onn_image_load(&picture, s->target);
		if (!status)
			status = fit(&in->target, picture, n);
		onn_array_destroy(picture);
	}
	if (status)
		return fail_status(status);
	const double *t = onn_array_const_data(in->target);
	double sum = 0;
	for (size_t i = 0; i < n * n; i++)
		sum += t[i];
	if (sum == 0)
		return command_fail(&command_design, "--target: %s is dark everywhere", s->target);
	return convert(&in->target, p->real);
}

/* 1 where r <= aperture. Radius in pixels is compared in whole numbers where it is one. */
static int make_disc(design_inputs *in, const design_settings *s, const design_problem *p)
{
	size_t n = p->size;
	onn_status status = onn_array_create(&in->source, ONN_C128, 2, (size_t[]){n, n});
	double radius = s->aperture * (double)n / s->side, whole = nearbyint(radius);

	if (status)
		return fail_status(status);
	if (fabs(radius - whole) <= 1e-9 * whole)
		radius = whole;
	double *e = onn_array_data(in->source);
	for (size_t i = 0; i < n * n; i++) {
		double y = (double)(i / n) - (double)(n / 2), x = (double)(i % n) - (double)(n / 2);
		e[2 * i] = x * x + y * y <= radius * radius;
	}
	return EXIT_OK;
}

static int load_source(design_inputs *in, const design_settings *s, const design_problem *p)
{
	bool real;
	int code = s->source ? load_numbers(&in->source, "source", s->source, 2,
	                           (size_t[]){p->size, p->size}, false, &real)
	                     : make_disc(in, s, p);

	return code ? code : convert(&in->source, onn_type_complex(p->real));
}

static int load_start(design_inputs *in, const design_settings *s, const design_problem *p)
{
	bool real;
	int code = load_numbers(&in->start, "start", s->start, 3,
	    (size_t[]){p->plates, p->size, p->size}, false, &real);

	if (code || !p->phase)
		return code ? code : convert(&in->start, onn_type_complex(p->real));
	double *z = onn_array_data(in->start);
	for (size_t i = 0; !real && i < onn_array_count(in->start); i++)
		z[2 * i] = atan2(z[2 * i + 1], z[2 * i]);
	return convert(&in->start, p->real);
}

int design_inputs_load(design_inputs *in, const design_settings *s, const design_problem *p)
{
	int code = load_target(in, s, p);

	if (!code)
		code = load_source(in, s, p);
	if (!code && s->start)
		code = load_start(in, s, p);
	return code;
}

void design_inputs_clear(design_inputs *in)
{
	onn_array_destroy(in->target);
	onn_array_destroy(in->source);
	onn_array_destroy(in->start);
	*in = (design_inputs){0};
}
