#include "pulse/rings.h"

#include <math.h>

#include <onn/pulse.h>

#include "core/pi.h"

/* Newton's way to the roots of Legendre's polynomial, from Tricomi's estimate. */
void onn_gauss_legendre(double *x, double *weight, size_t count)
{
	double n = (double)count;

	for (size_t i = 0; i < count; i++) {
		double z = cos((double)ONN_PI * ((double)i + .75) / (n + .5)), slope = 1;
		for (int turn = 0; turn < 100; turn++) {
			double p = 1, before = 0;
			for (size_t k = 1; k <= count; k++) {
				double next =
				    ((2 * (double)k - 1) * z * p - ((double)k - 1) * before) /
				    (double)k;
				before = p;
				p = next;
			}
			slope = n * (z * p - before) / (z * z - 1);
			double move = p / slope;
			z -= move;
			if (fabs(move) < 1e-15)
				break;
		}
		x[i] = (1 - z) / 2;
		weight[i] = 1 / ((1 - z * z) * slope * slope);
	}
}

/*
 * With u = F/F(axis) the mean transmission is the integral of T(F(axis) u) over u from 0 to 1, for
 * the area where the fluence is between u and u + du goes as du/u, and its energy as du. u = v^2
 * places points where little light is, where T turns.
 */
void onn_pulse_rings(double *scale, double *weight, size_t count)
{
	onn_gauss_legendre(scale, weight, count);
	for (size_t i = 0; i < count; i++) {
		double v = scale[i];
		weight[i] *= 2 * v;
		scale[i] = 2 * v * v;
	}
}

/* What is let through of the mean fluence, and of a weak probe behind it. */
static void means(double both[2], double depth, double fluence, size_t count)
{
	double scale[ONN_PULSE_MOST_RINGS], weight[ONN_PULSE_MOST_RINGS];

	onn_pulse_rings(scale, weight, count);
	both[0] = both[1] = 0;
	for (size_t i = 0; i < count; i++) {
		double f = scale[i] * fluence;
		both[0] += weight[i] * onn_pulse_slow_fluence(f, depth) / scale[i];
		both[1] += weight[i] * exp(-onn_pulse_slow_fluence(depth, f));
	}
}

size_t onn_pulse_rings_needed(double depth, double fluence, double tolerance)
{
	double now[2], finer[2];
	size_t count = 8;

	if (fluence == 0 || depth == 0)
		return count;
	means(now, depth, fluence, count);
	while (2 * count <= ONN_PULSE_MOST_RINGS) {
		means(finer, depth, fluence, 2 * count);
		if (fabs(finer[0] - now[0]) <= tolerance * finer[0] &&
		    fabs(finer[1] - now[1]) <= tolerance * finer[1])
			break;
		now[0] = finer[0];
		now[1] = finer[1];
		count *= 2;
	}
	return count;
}
