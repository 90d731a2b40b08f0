/*
 * The gain of transforms in single precision. The constants of some radices have no near f32, so a
 * line that goes to frequencies and back is short or long by up to 1e-7, the same at each hop, and
 * 32 hops add that up. Which constants a library has is not known, nor what a compiler makes of
 * ours: the transforms of a filter, once made, run on a trial field without the filter, and what is
 * stored makes up for what they did to it.
 */
#include <complex.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "backend/opencl/fourier/fourier.h"
#include "backend/opencl/thresholds.h"
#include "core/dft.h"
#include "core/memory.h"

void onn_cl_gain_add(const onn_cl_work *w, const onn_cl_trial *trial)
{
	onn_cl_executable *e = w->e;

	if (w->type != ONN_C64 || e->no_memory)
		return;
	if (!onn_grow(&e->trial, &e->trial_room, e->trials + 1, sizeof *e->trial)) {
		e->no_memory = true;
		return;
	}
	e->trial[e->trials++] = *trial;
}

static size_t points_of(const onn_cl_place *p) { return (p->rows - 1) * p->pitch + p->columns; }

/* Element (y, x) of the field, which must be within. */
static float *element(float *numbers, const onn_cl_place *p, size_t y, size_t x)
{
	return numbers + 2 * ((y - p->y) * p->pitch + (x - p->x));
}

/* Numbers of modulus 1 that have no period. */
static double _Complex trial_number(size_t i)
{
	const double k = (double)i, phase = 2.399963 * k * k;

	return cos(phase) + sin(phase) * _Complex_I;
}

static void fill(float *numbers, const onn_cl_place *p, const onn_cl_place *whole)
{
	memset(numbers, 0, points_of(whole) * sizeof(float[2]));
	for (size_t y = p->y; y < p->y + p->rows; y++)
		for (size_t x = p->x; x < p->x + p->columns; x++) {
			const double _Complex k = trial_number(y * p->columns + x);
			float *z = element(numbers, whole, y, x);
			z[0] = (float)creal(k);
			z[1] = (float)cimag(k);
		}
}

static onn_status run_trial(onn_cl_executable *e, const onn_cl_trial *t, float *in, float *out)
{
	cl_command_queue queue = e->device->queue;
	const size_t size = sizeof(float[2]);
	onn_status status = ONN_OK;
	cl_int code = clEnqueueWriteBuffer(queue, e->scratch, CL_TRUE, t->in.element * size,
	    points_of(&t->in) * size, in, 0, NULL, NULL);

	for (size_t i = t->load + 1; !code && !status && i < t->store.launch; i++)
		if (i != t->multiply.launch)
			status = onn_cl_enqueue(e, &e->launch[i], NULL, NULL);
	if (!code && !status)
		status = onn_cl_take_off(e->device, NULL);
	if (!code && !status)
		status = onn_cl_settle(e->device, "onn_plan_create");
	if (!code && !status)
		code = clEnqueueReadBuffer(queue, e->scratch, CL_TRUE, t->out.element * size,
		    points_of(&t->out) * size, out, 0, NULL, NULL);
	return code ? onn_cl_error("onn_plan_create", "a trial transform", code) : status;
}

/* Where both windows are. False: too little to tell. */
static bool compare(const onn_cl_trial *t, float *in, float *out, double *gain)
{
	const size_t points = t->n[0] * t->n[1];
	double kept = 0, all = 0;

	for (size_t y = t->wanted.y; y < t->wanted.y + t->wanted.rows; y++)
		for (size_t x = t->wanted.x; x < t->wanted.x + t->wanted.columns; x++) {
			if (y - t->there.y >= t->there.rows || x - t->there.x >= t->there.columns)
				continue;
			const float *a = element(in, &t->in, y, x),
			            *b = element(out, &t->out, y, x);
			kept += (double)a[0] * b[0] + (double)a[1] * b[1];
			all += (double)a[0] * a[0] + (double)a[1] * a[1];
		}
	/* the numbers are of modulus 1, so that the sum counts them */
	if (all <
	    0.9 * (double)(points / 4 < ONN_CL_TRIAL_POINTS ? points / 4 : ONN_CL_TRIAL_POINTS))
		return false;
	*gain = kept * t->scale / all;
	return true;
}

/* told: whether the trial could tell. */
static onn_status measure(onn_cl_executable *e, const onn_cl_trial *t, double *gain, bool *told)
{
	const size_t n = points_of(&t->in), m = points_of(&t->out);
	float *in = malloc(n * sizeof(float[2])), *out = malloc(m * sizeof(float[2]));
	onn_status status = ONN_OK;

	if (!in || !out)
		status = onn_error_memory("onn_plan_create", (n + m) * sizeof(float[2]));
	if (!status) {
		fill(in, &t->there, &t->in);
		status = run_trial(e, t, in, out);
	}
	if (!status)
		*told = compare(t, in, out, gain);
	free(in);
	free(out);
	return status;
}

/* The device's, by length; measured by the first filter whose windows allow it. 1: not measured. */
static onn_status find_gain(onn_cl_executable *e, const onn_cl_trial *t, double *gain)
{
	onn_cl_device *d = e->device;
	bool found = false, told = false;

	*gain = 1;
	onn_mutex_lock(d->lock);
	for (size_t i = 0; i < d->gains && !found; i++) {
		const onn_cl_gain *g = &d->gain[i];
		found = g->n[0] == t->n[0] && g->n[1] == t->n[1] && g->library == t->library;
		*gain = found ? g->gain : 1;
	}
	onn_mutex_unlock(d->lock);
	if (found)
		return ONN_OK;
	onn_status status = measure(e, t, gain, &told);
	if (status || !told) {
		*gain = 1;
		return status;
	}
	/* not to be helped by a factor */
	if (!(fabs(*gain - 1) <= 1e-5))
		return onn_error(ONN_ERROR_DEVICE,
		    "onn_plan_create: a field of %zu x %zu that goes to frequencies and back comes "
		    "out %g times as large on device %s; expected 1: its driver computes something "
		    "else",
		    t->n[0], t->n[1], *gain, e->base.device->name);
	onn_mutex_lock(d->lock);
	if (onn_grow(&d->gain, &d->gain_room, d->gains + 1, sizeof *d->gain))
		d->gain[d->gains++] = (onn_cl_gain){{t->n[0], t->n[1]}, t->library, *gain};
	onn_mutex_unlock(d->lock);
	return ONN_OK;
}

/*
 * Two f32 whose product is near: the nearest f32 alone would be off by as much as a gain is. One of
 * the first is as good as random in the error of the second.
 */
void onn_cl_gain_split(double scale, cl_float pair[2])
{
	double best = INFINITY;

	for (int k = 0; k < 256; k++) {
		const cl_float a = 1 + (cl_float)k * FLT_EPSILON, b = (cl_float)(scale / a);
		const double error = fabs((double)a * b / scale - 1);
		if (error >= best)
			continue;
		best = error;
		pair[0] = a;
		pair[1] = b;
	}
}

/* ---- lines whose constants are known ---- */

/*
 * The transform as cl/fourier/lines.cl computes it, but without rounding: its butterflies, too, are
 * sums with roots in single precision.
 */
static void run_passes(
    double _Complex *x, double _Complex *to, const float _Complex *roots, size_t n, bool inverse)
{
	for (size_t below = 1, rest = n; rest > 1;) {
		const size_t radix = onn_cl_next_factor(rest), count = n / radix;
		for (size_t e = 0; e < n; e++) {
			const size_t q = e % (below * radix) / below, k = e % below;
			const size_t j = e / (below * radix) * below + k;
			to[e] = 0;
			for (size_t p = 0; p < radix; p++) {
				const double _Complex w =
				    (double _Complex)roots[k * p * (count / below)] *
				    (double _Complex)roots[p * q % radix * (n / radix)];
				to[e] += x[j + p * count] * (inverse ? conj(w) : w);
			}
		}
		memcpy(x, to, n * sizeof *x);
		below *= radix;
		rest /= radix;
	}
}

double onn_cl_gain_of_lines(size_t n)
{
	const size_t lines = (ONN_CL_TRIAL_POINTS + n - 1) / n;
	double _Complex *x = malloc(4 * n * sizeof *x);
	double _Complex *y, *to;
	float _Complex *roots; /* kept as such: GCC 12 leaves out pairs' rounding to f32 and back */
	double kept = 0;

	if (!x)
		return 1;
	y = x + n;
	to = y + n;
	roots = (float _Complex *)(to + n);
	for (size_t k = 0; k < n; k++)
		roots[k] = (float _Complex)onn_root_of_unity(k, n);
	for (size_t i = 0; i < lines; i++) {
		for (size_t k = 0; k < n; k++)
			y[k] = x[k] = trial_number(i * n + k);
		run_passes(y, to, roots, n, false);
		run_passes(y, to, roots, n, true);
		for (size_t k = 0; k < n; k++)
			kept += creal(conj(x[k]) * y[k]);
	}
	free(x);
	return kept / (double)n / (double)(lines * n);
}

static onn_status set_scale(const onn_cl_executable *e, const onn_cl_scale *to, cl_float scale)
{
	const cl_int code =
	    clSetKernelArg(e->launch[to->launch].kernel, to->argument, sizeof scale, &scale);

	return code ? onn_cl_error("onn_plan_create", "clSetKernelArg", code) : ONN_OK;
}

onn_status onn_cl_gain_correct(onn_cl_executable *e)
{
	onn_status status = ONN_OK;

	for (size_t i = 0; i < e->trials && !status; i++) {
		const onn_cl_trial *t = &e->trial[i];
		cl_float pair[2] = {1, (cl_float)t->scale};
		double gain;
		status = find_gain(e, t, &gain);
		onn_cl_gain_split(t->scale / gain, pair);
		if (!status)
			status = set_scale(e, &t->multiply, pair[0]);
		if (!status)
			status = set_scale(e, &t->store, pair[1]);
	}
	memset(e->seconds, 0, e->base.schedule->nsteps * sizeof *e->seconds);
	free(e->trial);
	e->trial = NULL;
	e->trials = 0;
	return status;
}
