/*
 * Along its own way the probe's amplitude e obeys, in a cell of depth h and a slot in which the
 * pulse has the fluence F = u^2 slot and leaves the part n of the absorption,
 *
 *     de/dz = -(h/2) (n e - eta u c)     dc/dt = -(1/T1 + 1/Tg + u^2) c + n u e
 *
 * c being minus the inversion's part at 2k. Both are linear: a slot and a cell are solved exactly
 * for F, n, and the e of c's equation, which are taken for constant: errors of second order.
 */
#include "pulse/grating.h"

#include <math.h>
#include <stdlib.h>

#include "core/error.h"
#include "core/memory.h"

struct onn_pulse_scenery {
	const onn_pulse_way *way;
	double *fluence; /* [cells, slots]: mean over the cell */
	double *rest;    /* [cells, slots]: n, as the pulse sees it */
	double *probe;   /* [slots]: its amplitude, as it is by now */
};

/* (1 - e^-x)/x, and (1 - that)/x. */
static double mean_of_fall(double x) { return x > 0 ? -expm1(-x) / x : 1; }
static double mean_of_rise(double x)
{
	return x > 1e-3 ? (1 - mean_of_fall(x)) / x : .5 - x * (1. / 6 - x / 24);
}

/* ---- the pulse ---- */

static void follow(onn_pulse_scenery *s, double *light)
{
	const onn_pulse_way *w = s->way;
	double h = w->depth / (double)w->cells, half_way = exp(-w->slot / (2 * w->t1));
	double keep = exp(-w->loss / (2 * (double)w->cells));

	for (size_t n = 0; n < w->slots; n++)
		light[n] = w->fluence * w->share[n];
	for (size_t k = 0; k < w->cells; k++)
		for (size_t n = 0; n < w->slots; n++) {
			double rest = 1 - w->bleached[n * w->cells + k] * half_way;
			double in = light[n] * keep, out = onn_pulse_slow_fluence(in, h * rest);
			bool seen = out > 0 && h > 1e-12;
			s->fluence[k * w->slots + n] = (in + out) / 2;
			s->rest[k * w->slots + n] = seen ? log(in / out) / h : rest;
			light[n] = out * keep;
		}
}

onn_status onn_pulse_scenery_create(onn_pulse_scenery **scenery, const onn_pulse_way *way)
{
	size_t count = way->slots * way->cells;
	onn_pulse_scenery *s = *scenery = calloc(1, sizeof *s);

	if (s) {
		s->way = way;
		s->fluence = malloc(count * sizeof(double));
		s->rest = malloc(count * sizeof(double));
		s->probe = malloc(way->slots * sizeof(double));
	}
	if (!s || !s->fluence || !s->rest || !s->probe) {
		onn_pulse_scenery_destroy(s);
		*scenery = NULL;
		return onn_error_memory("onn_pulse_probe_run", 2 * count * sizeof(double));
	}
	follow(s, s->probe);
	return ONN_OK;
}

void onn_pulse_scenery_destroy(onn_pulse_scenery *s)
{
	if (s)
		onn_free_all(s->fluence, s->rest, s->probe, s);
}

/* ---- the probe ---- */

/* Slot n of the pulse in cell k, also before its first and behind its last. */
static void at_slot(double *fluence, double *rest, const onn_pulse_scenery *s, size_t k, double n)
{
	const onn_pulse_way *w = s->way;
	double last = (double)w->slots, later = (n + .5 - last) * w->slot;

	*fluence = 0;
	if (n < 0) {
		*rest = 1;
	} else if (n >= last) {
		*rest = 1 - w->bleached[w->slots * w->cells + k] * exp(-later / w->t1);
	} else {
		*fluence = s->fluence[k * w->slots + (size_t)n];
		*rest = s->rest[k * w->slots + (size_t)n];
	}
}

/* Between two slots by a straight line. */
static void between(double *fluence, double *rest, const onn_pulse_scenery *s, size_t k, double at)
{
	double low = floor(at), part = at - low, f, n;

	at_slot(fluence, rest, s, k, low);
	if (part == 0)
		return;
	at_slot(&f, &n, s, k, low + 1);
	*fluence += part * (f - *fluence);
	*rest += part * (n - *rest);
}

double onn_pulse_scenery_probe(onn_pulse_scenery *s, const onn_pulse_weak_probe *probe)
{
	const onn_pulse_way *w = s->way;
	double cells = (double)w->cells, half = w->depth / cells / 2, energy = 0;
	double keep = exp(-w->loss / (4 * cells)), eta = probe->grating;
	double fade = w->slot / w->t1;

	if (probe->grating_time > 0)
		fade += w->slot / probe->grating_time;
	for (size_t m = 0; m < w->slots; m++)
		s->probe[m] = sqrt(w->share[m]);
	for (size_t k = w->cells; k-- > 0;) {
		double way = 2 * (1 - ((double)k + .5) / cells) * probe->transit;
		double ahead = (probe->delay + way) / w->slot, grating = 0;
		for (size_t m = 0; m < w->slots; m++) {
			double f, n, e = s->probe[m] * keep;
			between(&f, &n, s, k, (double)m + ahead);
			double rate = f + fade, mean = mean_of_fall(rate);
			double seen = rate > 0 ? eta * f / rate * (1 - mean) : 0;
			double x = half * n * (1 - seen);
			double back = half * eta * sqrt(f) * grating * mean;
			double through = e * mean_of_fall(x) + back * mean_of_rise(x);
			grating = grating * exp(-rate) + n * sqrt(f) * through * mean;
			s->probe[m] = (e * exp(-x) + back * mean_of_fall(x)) * keep;
		}
	}
	for (size_t m = 0; m < w->slots; m++)
		energy += s->probe[m] * s->probe[m];
	return energy;
}
