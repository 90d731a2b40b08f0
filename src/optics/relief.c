/*
 * Where phases are cut to become a surface.
 */
#include <string.h>

#include "optics/relief.h"

enum { PLACES = 4096 /* of a turn, where it may be cut */ };

/* Calls for each pair of neighbours. */
static void each_pair(
    const double *p, size_t ny, size_t nx, void (*call)(void *user, double a, double b), void *user)
{
	for (size_t i = 0; i < ny * nx; i++) {
		if (i % nx + 1 < nx)
			call(user, p[i], p[i + 1]);
		if (i + nx < ny * nx)
			call(user, p[i], p[i + nx]);
	}
}

static double extreme(const double *p, size_t n, int sign)
{
	double most = p[0];

	for (size_t i = 1; i < n; i++)
		most = sign * p[i] > sign * most ? p[i] : most;
	return most;
}

/* ---- the cut ---- */

/* How many pairs more lie across each place than across the one before it. */
static void span(void *user, double a, double b)
{
	ptrdiff_t *more = user;
	double way = onn_phase_way(a, b), from = way < 0 ? b : a;

	if (way == 0)
		return;
	size_t first = (size_t)(from / ONN_TWO_PI * PLACES);
	size_t end = (size_t)((from + fabs(way)) / ONN_TWO_PI * PLACES) + 1;
	/* ends beyond a turn go on from 0 */
	more[first]++;
	if (end > PLACES) {
		more[0]++;
		end -= PLACES;
	}
	more[end]--;
}

/* The middle of the widest range of places that the fewest pairs lie across. */
static double best_cut(const double *p, size_t ny, size_t nx)
{
	ptrdiff_t across[PLACES + 2] = {0}, least;
	size_t width = 0, begin = 0, run = 0;

	each_pair(p, ny, nx, span, across);
	least = across[0];
	for (size_t i = 1; i < PLACES; i++) {
		across[i] += across[i - 1];
		least = across[i] < least ? across[i] : least;
	}
	/* twice around, for the range that goes on from 0 */
	for (size_t i = 0; i < 2 * PLACES; i++) {
		run = across[i % PLACES] == least ? run + 1 : 0;
		if (run > width && run <= PLACES) {
			width = run;
			begin = i + 1 - run;
		}
	}
	return onn_phase_wrap(ONN_TWO_PI * ((double)begin + .5 * (double)width) / PLACES);
}

/* ---- figures ---- */

static void count_step(void *user, double a, double b)
{
	onn_relief *r = user;

	r->pairs++;
	/* two levels, half a turn apart, are no step of a wave, whatever they round to */
	r->steps += fabs(b - a) > ONN_TWO_PI / 2 * (1 + 1e-6);
}

/* Squares of pixels around which the ways add up to a turn. */
static size_t vortices_of(const double *p, size_t ny, size_t nx)
{
	size_t count = 0;

	for (size_t y = 0; y + 1 < ny; y++)
		for (size_t x = 0; x + 1 < nx; x++) {
			const double *a = p + y * nx + x, *b = a + nx;
			double turn = onn_phase_way(a[0], a[1]) + onn_phase_way(a[1], b[1]) -
			              onn_phase_way(b[0], b[1]) - onn_phase_way(a[0], b[0]);
			count += fabs(turn) > ONN_TWO_PI / 2;
		}
	return count;
}

onn_status onn_relief_make(onn_array *phase, onn_relief *relief, bool unwrap)
{
	double *p = onn_array_data(phase), cut = 0;
	size_t ny = onn_array_shape(phase)[0], nx = onn_array_shape(phase)[1], n = ny * nx;
	onn_relief r = {0};

	if (n == 0) {
		if (relief)
			*relief = r;
		return ONN_OK;
	}
	if (relief)
		r.vortices = vortices_of(p, ny, nx);
	if (!unwrap)
		cut = best_cut(p, ny, nx);
	for (size_t i = 0; i < n && !unwrap; i++)
		p[i] = onn_phase_wrap(p[i] - cut);
	onn_status status = unwrap ? onn_phase_unwrap(p, ny, nx) : ONN_OK;
	if (status)
		return status;
	double low = extreme(p, n, -1);
	for (size_t i = 0; i < n; i++)
		p[i] -= low;
	if (relief) {
		r.constant = onn_phase_wrap(-cut - low);
		r.range = extreme(p, n, 1);
		each_pair(p, ny, nx, count_step, &r);
		*relief = r;
	}
	return ONN_OK;
}

onn_status onn_plate_relief(
    onn_array **phase, onn_relief *relief, const onn_array *plate, bool unwrap)
{
	onn_status status = onn_phases_take(phase, "onn_plate_relief", plate);

	if (!status)
		status = onn_relief_make(*phase, relief, unwrap);
	if (!status)
		return ONN_OK;
	onn_array_destroy(*phase);
	*phase = NULL;
	return status;
}
