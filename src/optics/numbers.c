/*
 * Phase steps of numbers. One step is known but for whole turns; steps that change slowly along a
 * line are followed across half a turn, and where the first and the last of such a run differ by
 * more than a turn one of them is more than half a turn, whatever the first one really is.
 */
#include <complex.h>
#include <math.h>
#include <string.h>

#include "core/text.h"
#include "optics/steps.h"

/* What counts as slow: the second difference of the phase; and as light: of the largest amplitude;
 * and how much of the light has to be on such runs. */
static const double slow = (double)ONN_PI / 4, faint = 1e-2, share = 1e-3;

typedef struct sheet {
	const double _Complex *e;
	size_t n[2];
	double least; /* amplitude that counts */
} sheet;

/* What is found along one axis. */
typedef struct found {
	double plain; /* largest step as it is seen */
	double wide;  /* half the largest difference of steps followed */
	double light; /* of runs that are too wide, sum of |e|^2 */
} found;

typedef struct follow {
	double step, low, high, light; /* of the present run */
	bool running;
} follow;

static void finish(found *f, follow *r)
{
	double half = (r->high - r->low) / 2;
	if (r->running && half > (double)ONN_PI) {
		f->wide = fmax(f->wide, half);
		f->light += r->light;
	}
	r->running = false;
}

static void along(found *f, const sheet *s, const double _Complex *e, size_t n, size_t stride)
{
	follow r = {0, 0, 0, 0, false};
	for (size_t i = 1; i < n; i++) {
		double _Complex a = e[(i - 1) * stride], b = e[i * stride];
		if (cabs(a) < s->least || cabs(b) < s->least) {
			finish(f, &r);
			continue;
		}
		double step = carg(b / a), bend = step - r.step, weight = creal(b * conj(b));
		f->plain = fmax(f->plain, fabs(step));
		bend -= 2 * (double)ONN_PI * rint(bend / (2 * (double)ONN_PI));
		if (r.running && fabs(bend) >= slow)
			finish(f, &r);
		if (!r.running)
			r = (follow){step, step, step, 0, true};
		else
			r.step += bend;
		r.low = fmin(r.low, r.step);
		r.high = fmax(r.high, r.step);
		r.light += weight;
	}
	finish(f, &r);
}

static double lit(sheet *s)
{
	double peak = 0, light = 0;
	for (size_t i = 0; i < s->n[0] * s->n[1]; i++) {
		peak = fmax(peak, cabs(s->e[i]));
		light += creal(s->e[i] * conj(s->e[i]));
	}
	s->least = fmax(faint * peak, 1e-300);
	return light;
}

/* Every field of a stack; the largest step of all. */
static void measure(onn_phase_sampling *s, const double _Complex *e, size_t count, size_t ny,
    size_t nx, double *part)
{
	for (size_t i = 0; i < count; i++) {
		sheet one = {e + i * ny * nx, {ny, nx}, 0};
		double light = lit(&one);
		found f[2] = {{0, 0, 0}, {0, 0, 0}};
		for (size_t ix = 0; ix < nx; ix++)
			along(&f[0], &one, one.e + ix, ny, nx);
		for (size_t iy = 0; iy < ny; iy++)
			along(&f[1], &one, one.e + iy * nx, nx, 1);
		for (int axis = 0; axis < 2; axis++) {
			bool coarse = f[axis].light > share * light;
			double step = coarse ? f[axis].wide : f[axis].plain;
			s->step[axis] = fmax(s->step[axis], step);
			if (coarse)
				*part = fmax(*part, f[axis].light / light);
		}
	}
}

static onn_status phasors(onn_array **a, const onn_array *numbers)
{
	onn_status status = onn_array_convert(a, numbers, ONN_C128);
	if (status || onn_type_is_complex(onn_array_type(numbers)))
		return status;
	double _Complex *e = onn_array_data(*a);
	for (size_t i = 0; i < onn_array_count(*a); i++)
		e[i] = cos(creal(e[i])) + sin(creal(e[i])) * _Complex_I;
	return ONN_OK;
}

onn_status onn_numbers_sampling(
    onn_phase_sampling *sampling, const onn_array *numbers, const onn_grid *grid)
{
	static const char *const function = "onn_numbers_sampling";
	memset(sampling, 0, sizeof *sampling);
	onn_status status = onn_grid_check_for(function, grid);
	if (status)
		return status;
	if (!numbers)
		return onn_error(ONN_ERROR_ARGUMENT, "%s: no numbers", function);
	onn_type type = onn_array_type(numbers);
	size_t ndim = onn_array_ndim(numbers);
	const size_t *shape = onn_array_shape(numbers);
	if (!onn_type_is_float(type) || ndim < 2 || shape[ndim - 2] != grid->ny ||
	    shape[ndim - 1] != grid->nx)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: %zu axes of %s; expected [..., %zu, %zu], complex or real", function, ndim,
		    onn_type_name(type), grid->ny, grid->nx);
	onn_array *a = NULL;
	double part = 0;
	status = phasors(&a, numbers);
	if (status)
		return status;
	size_t count = onn_array_count(a) / (grid->ny * grid->nx);
	measure(sampling, onn_array_const_data(a), count, grid->ny, grid->nx, &part);
	onn_array_destroy(a);
	onn_steps_tell(sampling, grid, "the %s", onn_type_is_complex(type) ? "light" : "phase");
	if (part > 0)
		onn_append(
		    sampling->why, sizeof sampling->why, "; %.3g %% of it is finer", 100 * part);
	return ONN_OK;
}
