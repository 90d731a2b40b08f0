/*
 * The way that known light is propagated best, and how far any way is from the truth.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/sampling.h>

#include "core/error.h"
#include "core/os.h"
#include "core/text.h"
#include "core/units.h"
#include "optics/edge.h"
#include "optics/trial.h"

static const char *const function = "onn_propagation_measure";

/* Padded pixels that a search may take, where the usual padding takes fewer; how often it may look
 * for a better padding. */
enum { MOST_POINTS = 1 << 24, FINE_POINTS = 1 << 23, ROUNDS = 5, RUNGS = 9 };

/* Beyond the reach of the light, so that its closed form holds well. */
static const double beyond = 1.15;

/* ---- geometry ---- */

/* The least padding from this one on whose transform is fast. */
static size_t smooth_pad(size_t n, double pad)
{
	size_t p = (size_t)fmin(pad, 1e9);
	while (onn_smooth_size(n + 2 * p) != n + 2 * p)
		p++;
	return p;
}

static bool affordable(const onn_trial *t, const onn_bench *b, double most)
{
	double points = onn_trial_points(t, b), memory = (double)onn_physical_memory();
	double usual = 4. * (double)b->pixels;
	/* field, spectrum, table, and copies of the latter while it is made */
	return points <= fmax(most, usual) && (memory == 0 || points * 16 * 5 < memory / 2);
}

/* asm on a grid that reaches as far as light does, with the usual padding at least. */
static onn_trial far_enough(const onn_bench *b)
{
	onn_trial t = {ONN_METHOD_ASM, {0, 0}, {0, 0}, INFINITY, NULL};
	for (int axis = 0; axis < 2; axis++) {
		size_t n = onn_bench_pixels(b, axis);
		double pad = (double)(n / 2);
		for (size_t w = 0; w < b->waves; w++)
			pad =
			    fmax(pad, beyond / 2 *
			                      onn_edge_reach(onn_bench_pitch(b, axis),
			                          b->request->light->wavelength[w], b->request->z) /
			                      onn_bench_pitch(b, axis) +
			                  4);
		bool none = b->repeats[axis] || (axis == 0 && n == 1);
		t.pad[axis] = none ? 0 : pad == (double)(n / 2) ? n / 2 : smooth_pad(n, pad);
	}
	return t;
}

/* ---- the best way ---- */

/* Keeps the better of two; the other ends. */
static void keep(onn_trial *best, onn_trial *t)
{
	if (!best->out || t->error < best->error) {
		onn_trial_end(best);
		*best = *t;
	} else {
		onn_trial_end(t);
	}
	t->out = NULL;
}

static onn_status try_rs(onn_trial *best, const onn_bench *b)
{
	onn_trial t = {ONN_METHOD_RS, {0, 0}, {0, 0}, INFINITY, NULL};
	if (!onn_trial_is_known(&t, b) || !onn_request_rs_fits(b->request))
		return ONN_OK;
	onn_status status = onn_trial_know(&t, b);
	keep(best, &t);
	return status;
}

/* More padding, as the error falls with its square. */
static onn_status try_asm(onn_trial *best, const onn_bench *b, double tolerance)
{
	onn_trial t = far_enough(b);
	onn_status status = ONN_OK;
	for (int i = 0; i < ROUNDS && !status && affordable(&t, b, MOST_POINTS); i++) {
		onn_trial next = t;
		status = onn_trial_know(&t, b);
		for (int axis = 0; axis < 2; axis++) {
			double much = t.axis_error[axis] / (.4 * tolerance);
			size_t n = onn_bench_pixels(b, axis),
			       padded = onn_trial_padded(&t, b, axis);
			if (much > 1)
				next.pad[axis] = smooth_pad(n,
				    ((double)padded * fmin(fmax(sqrt(much), 1.1), 6) - (double)n) /
				        2);
		}
		bool fine = t.error <= tolerance;
		keep(best, &t);
		if (fine)
			break;
		t = next;
	}
	return status;
}

/* Where grazing light belongs to the grid, but pixels are still above half a wavelength, rs' closed
 * form is right within a factor. */
static onn_status try_grazing_rs(onn_trial *best, const onn_bench *b)
{
	onn_trial t = {ONN_METHOD_RS, {0, 0}, {0, 0}, INFINITY, NULL};
	for (int axis = 0; axis < 2; axis++)
		for (size_t w = 0; w < b->waves; w++)
			if (onn_bench_pixels(b, axis) > 1 &&
			    b->request->light->wavelength[w] > 1.85 * onn_bench_pitch(b, axis))
				return ONN_OK;
	if (!onn_bench_samples_rs(b))
		return ONN_OK;
	onn_status status = onn_trial_know(&t, b);
	t.error *= 3;
	keep(best, &t);
	return status;
}

/* The next rung, twice as large where there is padding; false where there is none. */
static bool double_padding(onn_trial *t, const onn_bench *b)
{
	bool any = false;
	for (int axis = 0; axis < 2; axis++) {
		size_t n = onn_bench_pixels(b, axis);
		if (t->pad[axis])
			t->pad[axis] =
			    smooth_pad(n, (double)onn_trial_padded(t, b, axis) - (double)n / 2);
		any = any || t->pad[axis];
	}
	t->out = NULL;
	return any;
}

/* Grids are enlarged until results no longer differ. Tails of the kernel fall as 1/x^1.5 at least,
 * so that a doubling leaves .35 of the error or little more. rs, which needs no padding, is
 * compared with the largest. */
static onn_status try_fine(onn_trial *best, const onn_bench *b, double tolerance)
{
	onn_trial t = {ONN_METHOD_ASM, {0, 0}, {0, 0}, INFINITY, NULL}, last = t, rs = t;
	onn_status status = try_grazing_rs(best, b);
	bool far = !b->repeats[0] && !b->repeats[1];
	for (int axis = 0; axis < 2; axis++) {
		bool none = b->repeats[axis] || onn_bench_pixels(b, axis) == 1;
		t.pad[axis] = none ? 0 : (onn_bench_pixels(b, axis) + 1) / 2;
		far = far && (none || fabs(b->request->z) >= 2 * onn_bench_pitch(b, axis));
	}
	for (int i = 0; i < RUNGS && !status && !(best->out && best->error <= tolerance) &&
	                affordable(&t, b, FINE_POINTS);
	     i++) {
		status = onn_trial_run(&t, b);
		if (last.out && !status) {
			double difference = onn_trial_difference(&last, &t, b);
			last.error = 2 * difference;
			t.error = difference;
			keep(best, &last);
		}
		last = t;
		if (!double_padding(&t, b)) /* all axes repeat */
			last.error = 0;
	}
	if (!status && far && last.out && !(best->out && best->error <= tolerance)) {
		rs.method = ONN_METHOD_RS;
		status = onn_trial_run(&rs, b);
		if (!status)
			rs.error = onn_trial_difference(&rs, &last, b) + last.error;
		keep(best, &rs);
	}
	if (last.out)
		keep(best, &last);
	return status;
}

/* With paddings of its own choice. */
static onn_status find_best(onn_trial *best, const onn_bench *b, double tolerance)
{
	onn_status status = ONN_OK;
	if (b->request->z == 0 || (b->repeats[0] && b->repeats[1])) {
		*best = (onn_trial){ONN_METHOD_ASM, {0, 0}, {0, 0}, 0, NULL};
		return onn_trial_run(best, b);
	}
	if (!onn_bench_is_coarse(b))
		return try_fine(best, b, tolerance);
	status = try_rs(best, b);
	if (!status && !(best->out && best->error <= tolerance))
		status = try_asm(best, b, tolerance);
	if (!status && !best->out) { /* too large for more than what is usual */
		onn_trial t = {ONN_METHOD_ASM, {0, 0}, {0, 0}, INFINITY, NULL};
		memcpy(t.pad, b->request->pad, sizeof t.pad);
		bool known = onn_trial_is_known(&t, b);
		t.method = known ? ONN_METHOD_ASM : ONN_METHOD_BAND_LIMITED;
		status = known ? onn_trial_know(&t, b) : onn_trial_run(&t, b);
		*best = t;
	}
	return status;
}

/* ---- a way that is given ---- */

static onn_status judge(onn_trial *t, const onn_bench *b, onn_trial *best, double tolerance)
{
	if (onn_trial_is_known(t, b)) {
		onn_trial run = *t;
		if (t->method == ONN_METHOD_SCALED) /* which has another grid */
			run.method = ONN_METHOD_ASM;
		onn_status status = onn_trial_know(&run, b);
		*t = run;
		return status;
	}
	onn_status status = best->out ? ONN_OK : find_best(best, b, tolerance);
	onn_trial run = *t;
	if (t->method == ONN_METHOD_SCALED)
		run.method = ONN_METHOD_ASM;
	if (!status)
		status = onn_trial_run(&run, b);
	if (!status)
		run.error = onn_trial_difference(&run, best, b) + best->error;
	*t = run;
	return status;
}

/* auto with a padding that was given. */
static onn_status choose(onn_trial *chosen, const onn_bench *b, onn_trial *best, double tolerance)
{
	static const onn_method list[] = {ONN_METHOD_RS, ONN_METHOD_ASM, ONN_METHOD_BAND_LIMITED};
	onn_status status = ONN_OK;
	for (size_t i = 0; i < 3 && !status; i++) {
		onn_trial t = {list[i], {0, 0}, {0, 0}, INFINITY, NULL};
		memcpy(t.pad, b->request->pad, sizeof t.pad);
		if (list[i] == ONN_METHOD_RS && !onn_trial_is_known(&t, b))
			continue;
		status = judge(&t, b, best, tolerance);
		keep(chosen, &t);
		if (!status && chosen->error <= tolerance)
			break;
	}
	return status;
}

/* ---- the far field ---- */

/* The largest side of what is lit. */
static double lit_side(const onn_bench *b)
{
	size_t ny = b->request->grid->ny, nx = b->request->grid->nx;
	size_t low[2] = {ny, nx}, high[2] = {0, 0};
	for (size_t k = 0; k < b->fields * b->waves; k++) {
		const double _Complex *e = b->e + k * b->pixels;
		double most = onn_largest_amplitude(e, b->pixels);
		for (size_t i = 0; i < b->pixels; i++) {
			size_t at[2] = {i / nx, i % nx};
			for (int axis = 0; axis < 2 && cabs(e[i]) >= .01 * most && most > 0;
			     axis++) {
				low[axis] = at[axis] < low[axis] ? at[axis] : low[axis];
				high[axis] = at[axis] + 1 > high[axis] ? at[axis] + 1 : high[axis];
			}
		}
	}
	double side = 0;
	for (int axis = ny == 1; axis < 2; axis++)
		if (high[axis] > low[axis])
			side =
			    fmax(side, (double)(high[axis] - low[axis]) * onn_bench_pitch(b, axis));
	return side;
}

static void far_field(onn_measure *m, const onn_bench *b)
{
	double side = lit_side(b), z = fabs(b->request->z), begins = 0;
	for (size_t w = 0; w < b->waves; w++)
		begins = fmax(begins, side * side / b->request->light->wavelength[w]);
	m->enough = z >= begins;
	m->error = m->enough ? 0 : INFINITY;
	snprintf(m->why, sizeof m->why,
	    "the far field of what is lit, %s, begins at its square over lambda, %s; z is "
	    "%s, a Fresnel number of %.3g%s",
	    ONN_METRES(side), ONN_METRES(begins), ONN_METRES(z),
	    z > 0 ? begins / (4 * z) : INFINITY,
	    m->enough ? "" : "; expected method auto, or scaled for another pitch");
}

/* ---- the answer ---- */

static onn_status open_bench(
    onn_bench *b, const onn_array *field, const onn_request *r, onn_device *device)
{
	onn_array *wide;
	size_t ndim = field ? onn_array_ndim(field) : 0, shape[3];
	size_t n = onn_light_shape(shape, r->light, r->grid->ny, r->grid->nx);
	if (!field || !onn_type_is_float(onn_array_type(field)) || ndim < n ||
	    memcmp(onn_array_shape(field) + ndim - n, shape, n * sizeof *shape) != 0)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: the field has %zu axes of %s; expected its last to be the grid's",
		    function, ndim, field ? onn_type_name(onn_array_type(field)) : "nothing");
	onn_status status = onn_array_convert(&wide, field, ONN_C128);
	if (status)
		return status;
	const double _Complex *e = onn_array_const_data(wide);
	size_t count = onn_array_count(wide);
	double most = onn_largest_amplitude(e, count);
	b->request = r;
	b->device = device;
	b->type = onn_device_supports(device, ONN_C128) ? ONN_C128 : ONN_C64;
	b->waves = r->light->nwavelengths;
	b->pixels = r->grid->ny * r->grid->nx;
	b->fields = count / (b->waves * b->pixels);
	b->safety = 1.2;
	for (int axis = 0; axis < 2; axis++) {
		b->repeats[axis] = r->pad[axis] == 0 && !(axis == 0 && r->grid->ny == 1);
		for (size_t w = 0; w < b->waves; w++)
			if (r->light->wavelength[w] > 1.4 * onn_bench_pitch(b, axis))
				b->safety = 1.4;
	}
	b->e = malloc(sizeof *b->e * (count ? count : 1));
	if (!b->e)
		status = onn_error_memory(function, sizeof *b->e * count);
	for (size_t i = 0; i < count && !status; i++)
		b->e[i] = most > 0 ? e[i] / most : 0;
	onn_array_destroy(wide);
	return status;
}

/* The number, and what would be better. */
static void tell(onn_measure *m, const onn_bench *b, const onn_trial *best, double tolerance)
{
	bool automatic = b->request->how.method == ONN_METHOD_AUTO;
	if (isinf(m->error))
		onn_append(m->why, sizeof m->why, "an error that is not known");
	else if (m->error < 1e-12)
		onn_append(m->why, sizeof m->why, "exact to rounding");
	else
		onn_append(m->why, sizeof m->why, "some %.1e of the peak is wrong", m->error);
	if (b->repeats[0] || b->repeats[1])
		onn_append(m->why, sizeof m->why,
		    ", for a field that repeats itself in %s, where there is no padding",
		    b->repeats[0] && b->repeats[1] ? "y and x"
		    : b->repeats[0]                ? "y"
		                                   : "x");
	if (m->enough)
		return;
	onn_append(m->why, sizeof m->why, ", %.1e is asked for", tolerance);
	if (best->out && best->error < m->error && best->error <= tolerance) {
		onn_append(
		    m->why, sizeof m->why, "; expected method %s", onn_method_name(best->method));
		if (best->method == ONN_METHOD_ASM)
			onn_append(m->why, sizeof m->why, " with padding of %zu x %zu pixels",
			    best->pad[0], best->pad[1]);
		onn_append(m->why, sizeof m->why, ": %.1e", best->error);
	} else {
		onn_append(m->why, sizeof m->why,
		    "; expected %s softer edges of the light, or a finer pitch",
		    automatic ? "a larger tolerance," : "");
	}
}

/* The window of scaled lies within the padded grid. */
static bool window_fits(const onn_bench *b, const onn_trial *t)
{
	onn_sampling s;
	onn_propagation how = b->request->how;
	for (int axis = 0; axis < 2; axis++)
		how.pad[axis] = (ptrdiff_t)t->pad[axis];
	how.evanescent = ONN_EVANESCENT_DROP;
	how.distance.id = how.wavelength.id = 0;
	return !onn_propagation_choose(&s, b->request->grid, b->request->light, 0, &how) &&
	       s.enough;
}

static onn_status measure_with(onn_measure *m, const onn_bench *b, double tolerance, bool free_pad)
{
	const onn_request *r = b->request;
	onn_trial best = {ONN_METHOD_ASM, {0, 0}, {0, 0}, INFINITY, NULL}, given = best;
	onn_status status;
	if (r->how.method == ONN_METHOD_FRAUNHOFER) {
		m->method = ONN_METHOD_FRAUNHOFER;
		far_field(m, b);
		return ONN_OK;
	}
	memcpy(given.pad, r->pad, sizeof given.pad);
	given.method = r->how.method;
	if (r->how.method != ONN_METHOD_AUTO) {
		status = judge(&given, b, &best, tolerance);
		given.method = r->how.method;
		if (!status && !(given.error <= tolerance) && !best.out)
			status = find_best(&best, b, tolerance);
	} else if (free_pad) {
		status = find_best(&given, b, tolerance);
	} else {
		given.out = NULL;
		status = choose(&given, b, &best, tolerance);
		if (!status && !(given.error <= tolerance) && !best.out)
			status = find_best(&best, b, tolerance);
	}
	m->method = given.method;
	memcpy(m->pad, given.pad, sizeof m->pad);
	m->error = given.error;
	m->enough = m->error <= tolerance;
	if (!status)
		tell(m, b, &best, tolerance);
	if (!status && m->method == ONN_METHOD_SCALED && !window_fits(b, &given)) {
		m->enough = false;
		onn_append(m->why, sizeof m->why, "; the window goes beyond the padded grid");
	}
	onn_trial_end(&given);
	onn_trial_end(&best);
	return status;
}

onn_status onn_propagation_measure(onn_measure *measure, onn_device *device, const onn_array *field,
    const onn_grid *grid, const onn_light *light, double z, const onn_propagation *propagation,
    double tolerance)
{
	onn_request r;
	onn_bench b;
	onn_device *own = NULL;
	memset(measure, 0, sizeof *measure);
	memset(&b, 0, sizeof b);
	onn_status status = onn_request_make(&r, function, grid, light, z, propagation);
	if (!status && !(tolerance > 0 && isfinite(tolerance)))
		status = onn_error(ONN_ERROR_ARGUMENT,
		    "%s: the tolerance is %g; expected a finite one > 0", function, tolerance);
	if (!status && !device)
		status = onn_device_create(&own, "c", NULL);
	if (!status)
		status = open_bench(&b, field, &r, device ? device : own);
	bool free_pad = true;
	for (int axis = 0; axis < 2 && !status; axis++)
		free_pad = free_pad && (r.how.pad[axis] == ONN_PAD_HALF || r.pad[axis] == 0);
	if (!status)
		status = measure_with(measure, &b, tolerance, free_pad);
	free(b.e);
	onn_device_destroy(own);
	return status;
}
