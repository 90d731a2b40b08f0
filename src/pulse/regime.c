/* Bloch's equations against the rate model, in a thin medium. */
#include <complex.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <onn/pulse_regime.h>

#include "core/error.h"
#include "core/pi.h"

static const char *const function = "onn_pulse_regime_of";

enum { LEAST_SLOTS = 2048, MOST_SLOTS = 1 << 18, SHORT_T2 = 4000 };
static const double tail = 1e-8;

typedef struct thin {
	double complex p; /* polarisation */
	double w;         /* inversion + 1: what is bleached */
	double rest;      /* what is not, by the rate model */
} thin;

/* What a slot multiplies by: half a relaxation each. */
typedef struct decay {
	double t1;
	double complex t2;
} decay;

static void relax(thin *m, const decay *d)
{
	m->p *= d->t2;
	m->w *= d->t1;
	m->rest = 1 - (1 - m->rest) * d->t1;
}

/* Implicit midpoint, which is closed for a field that the medium does not change. */
static void step(thin *m, double rabi, double slot, double absorbed)
{
	double half = slot / 2, w0 = m->w - 1;
	double wm = (w0 - half * rabi * creal(m->p)) / (1 + half * half * rabi * rabi);
	double complex pm = m->p + half * rabi * wm;
	m->p = 2 * pm - m->p;
	m->w = 2 * wm - w0 + 1;
	m->rest *= exp(-absorbed);
}

typedef struct problem {
	double fluence, t1, t2, detuning;
	double window[2];
	size_t slots;
} problem;

/* As many slots as the fastest of it takes. */
static void choose(problem *p, const onn_pulse_light *light)
{
	double whole = p->window[1] - p->window[0];
	double rabi = sqrt(p->fluence * onn_pulse_light_peak(light) / p->t2);
	double fast = fmin(p->t1, p->t2 / (1 + fabs(p->detuning)));
	double slot = fmin(fast / 16, .05 / fmax(rabi, 1e-300));
	slot = fmin(slot, (light->shape == ONN_PULSE_SAMPLES ? whole : light->width) / 64);
	p->slots = (size_t)fmin(fmax(whole / slot, LEAST_SLOTS), MOST_SLOTS);
}

static void follow(onn_pulse_regime *r, const problem *p, const double *share)
{
	double slot = (p->window[1] - p->window[0]) / (double)p->slots, difference = 0, area = 0;
	double wide = 1 + p->detuning * p->detuning;
	decay d = {exp(-slot / (2 * p->t1)), cexp(-(1 + I * p->detuning) * slot / (2 * p->t2))};
	thin m = {0, 0, 1};

	r->bloch_peak = r->rate_peak = 0;
	for (size_t i = 0; i < p->slots; i++) {
		double f = p->fluence * share[i], rabi = sqrt(f / (slot * p->t2));
		area += rabi * slot;
		relax(&m, &d);
		step(&m, rabi, slot, f / wide);
		relax(&m, &d);
		r->bloch_peak = fmax(r->bloch_peak, m.w);
		r->rate_peak = fmax(r->rate_peak, 1 - m.rest);
		difference = fmax(difference, fabs(m.w - (1 - m.rest)));
	}
	double most = fmax(r->bloch_peak, r->rate_peak);
	r->bloch = m.w;
	r->rate = 1 - m.rest;
	r->area = area / (double)ONN_PI;
	r->deviation = most > 0 ? difference / most : 0;
}

/* The rate model alone, and the leading term of what it lacks. */
static void follow_rate(onn_pulse_regime *r, const problem *p, const double *share)
{
	double slot = (p->window[1] - p->window[0]) / (double)p->slots, area = 0;
	double wide = 1 + p->detuning * p->detuning, half = exp(-slot / (2 * p->t1)), rest = 1;

	r->rate_peak = 0;
	for (size_t i = 0; i < p->slots; i++) {
		area += sqrt(p->fluence * share[i] * slot);
		rest = 1 - (1 - rest) * half;
		rest *= exp(-p->fluence * share[i] / wide);
		rest = 1 - (1 - rest) * half;
		r->rate_peak = fmax(r->rate_peak, 1 - rest);
	}
	r->rate = r->bloch = 1 - rest;
	r->bloch_peak = r->rate_peak;
	r->area = p->t2 > 0 ? area / sqrt(p->t2) / (double)ONN_PI : NAN;
	r->deviation = isfinite(r->t2_ratio) ? 1 / r->t2_ratio : 0;
}

static void explain(onn_pulse_regime *r, double tolerance)
{
	r->rate_holds = r->deviation <= tolerance;
	if (isinf(r->t2_ratio)) {
		snprintf(r->why, sizeof r->why,
		    "width/T1 %.3g; no T2 is known, so that the rate model is taken to hold",
		    r->t1_ratio);
		return;
	}
	snprintf(r->why, sizeof r->why,
	    "width/T2 %.3g, width/T1 %.3g, area %.3g pi; a thin medium is bleached by %.3g "
	    "(Bloch) or %.3g (rate), and on the way they are %.2g %% apart",
	    r->t2_ratio, r->t1_ratio, r->area, r->bloch, r->rate, 100 * r->deviation);
}

static onn_status check(const problem *p, double tolerance)
{
	if (!(p->fluence >= 0 && isfinite(p->fluence)))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: fluence is %g; expected a finite number >= 0", function, p->fluence);
	if (!(p->t1 > 0))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: t1 is %g; expected a time above 0, or infinity", function, p->t1);
	if (!(p->t2 >= 0 && isfinite(p->t2)))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: t2 is %g; expected a finite time >= 0, 0 where it is not known", function,
		    p->t2);
	if (!isfinite(p->detuning))
		return onn_error(ONN_ERROR_ARGUMENT, "%s: detuning is %g; expected a finite number",
		    function, p->detuning);
	return tolerance > 0
	           ? ONN_OK
	           : onn_error(ONN_ERROR_ARGUMENT, "%s: tolerance is %g; expected a number above 0",
	                 function, tolerance);
}

onn_status onn_pulse_regime_of(onn_pulse_regime *regime, const onn_pulse_light *light,
    double fluence, double t1, double t2, double detuning, double tolerance)
{
	problem p = {fluence, t1, t2, detuning, {0, 0}, LEAST_SLOTS};
	onn_status status = check(&p, tolerance);

	if (!status)
		status = onn_pulse_light_window(p.window, light, tail);
	if (status)
		return status;
	double whole = p.window[1] - p.window[0];
	double width =
	    light->shape == ONN_PULSE_SAMPLES ? onn_pulse_light_duration(light) : light->width;
	bool follows = t2 > 0 && whole / t2 <= SHORT_T2;
	*regime = (onn_pulse_regime){.t2_ratio = width / t2, .t1_ratio = width / t1};
	if (follows)
		choose(&p, light);
	double *share = malloc(p.slots * sizeof *share);
	if (!share)
		return onn_error_memory(function, p.slots * sizeof *share);
	status = onn_pulse_light_shares(share, light, p.window, p.slots);
	if (!status && follows)
		follow(regime, &p, share);
	else if (!status)
		follow_rate(regime, &p, share);
	if (!status && light->shape == ONN_PULSE_DOUBLE)
		regime->area /= 2;
	if (!status && light->shape == ONN_PULSE_TRAIN)
		regime->area /= light->pulses;
	free(share);
	explain(regime, tolerance);
	return status;
}
