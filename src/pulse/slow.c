#include "pulse/slow.h"

#include <math.h>
#include <string.h>

#include <onn/pulse.h>

/* Gauss and Legendre's sixteen points on [-1, 1], those above 0, and their weights. */
enum { HALF_PANEL = 8 };
static const double point[HALF_PANEL] = {0.09501250983763744, 0.28160355077925891,
    0.45801677765722739, 0.61787624440264375, 0.75540440835500303, 0.86563120238783174,
    0.94457502307323258, 0.98940093499164993};
static const double weight[HALF_PANEL] = {0.1894506104550685, 0.18260341504492359,
    0.16915651939500254, 0.14959598881657673, 0.12462897125553387, 0.095158511682492785,
    0.062253523938647893, 0.027152459411754095};

/* ln[1 + e^-a (e^S - 1)]/S, and its slopes; G(S, a) goes with S as e^-G(a, S), with a as
 * e^-G(S, a) - 1. */
static double saturated(double *by_s, double *by_a, double s, double a)
{
	if (s < 1e-7) { /* e^-a (1 + S (1 - e^-a)/2) */
		double weak = exp(-a), half = -expm1(-a) / 2;
		*by_s = weak * half;
		*by_a = -weak * (1 + s * half) + weak * s * weak / 2;
		return weak * (1 + s * half);
	}
	double g = onn_pulse_slow_fluence(s, a), probe = exp(-onn_pulse_slow_fluence(a, s));
	*by_s = (probe - g / s) / s;
	*by_a = expm1(-g) / s;
	return g / s;
}

static double at_fluence(double slope[], const onn_slow_values *v, double f)
{
	double fsat = v->of[ONN_PULSE_FIT_FSAT], by_s, by_a;
	double keep = exp(-v->of[ONN_PULSE_FIT_LOSS] - f * v->of[ONN_PULSE_FIT_F2]);
	double t = keep * saturated(&by_s, &by_a, f / fsat, v->of[ONN_PULSE_FIT_DEPTH]);

	slope[ONN_PULSE_FIT_FSAT] = -keep * by_s * f / (fsat * fsat);
	slope[ONN_PULSE_FIT_DEPTH] = keep * by_a;
	slope[ONN_PULSE_FIT_LOSS] = -t;
	slope[ONN_PULSE_FIT_F2] = -t * f;
	return t;
}

/* A weak probe, a delay behind a pump of fluence `part` of the mean one. */
static double at_delay(double slope[], const onn_slow_values *v, double delay, double part)
{
	double a = v->of[ONN_PULSE_FIT_DEPTH], t1 = v->of[ONN_PULSE_FIT_T1];
	double s = part * v->of[ONN_PULSE_FIT_FLUENCE], x = exp(-delay / t1);
	double left = onn_pulse_slow_fluence(a, s), through = onn_pulse_slow_fluence(s, a);
	double t = exp(-v->of[ONN_PULSE_FIT_LOSS] - a + (a - left) * x);

	/* G(a, S) goes with a as e^-G(S, a), with S as e^-G(a, S) - 1 */
	slope[ONN_PULSE_FIT_DEPTH] = t * (-1 - expm1(-through) * x);
	slope[ONN_PULSE_FIT_LOSS] = -t;
	slope[ONN_PULSE_FIT_T1] = t * (a - left) * x * delay / (t1 * t1);
	slope[ONN_PULSE_FIT_FLUENCE] = -t * part * expm1(-left) * x;
	return t;
}

/* Adds a panel of fluences, from `low` to `high` of the mean one, to the means. */
static void add_panel(double *t, double mean[], onn_pulse_data data, const onn_slow_values *v,
    double x, double low, double high)
{
	double middle = (low + high) / 2, half = (high - low) / 2;

	for (int i = 0; i < 2 * HALF_PANEL; i++) {
		double slope[ONN_PULSE_FIT_COUNT] = {0}, side = i % 2 ? -1 : 1;
		double part = middle + side * half * point[i / 2];
		double share = weight[i / 2] * half / 2; /* the mean is over parts 0 to 2 */
		double one = data == ONN_PULSE_DATA_FLUENCE ? at_fluence(slope, v, part * x)
		                                            : at_delay(slope, v, x, part);
		*t += share * one;
		for (int k = 0; k < ONN_PULSE_FIT_COUNT; k++) /* fluences scale with their part */
			mean[k] += share * slope[k];
	}
}

/*
 * Panels of Gauss and Legendre, the first up to where light begins to saturate (and where the
 * medium lets through, at a times that), each one twice as far as the one before.
 */
double onn_slow_model(double slope[ONN_PULSE_FIT_COUNT], onn_pulse_data data,
    onn_pulse_profile profile, const onn_slow_values *v, double x)
{
	double t = 0;
	bool fluence = data == ONN_PULSE_DATA_FLUENCE;
	double s = fluence ? x / v->of[ONN_PULSE_FIT_FSAT] : v->of[ONN_PULSE_FIT_FLUENCE];

	memset(slope, 0, ONN_PULSE_FIT_COUNT * sizeof *slope);
	if (profile == ONN_PULSE_FLAT)
		return fluence ? at_fluence(slope, v, x) : at_delay(slope, v, x, 1);
	double width = 2 * s > 1 ? 1 / s : 2;
	for (double low = 0; low < 2;) {
		double high = fmin(low + width, 2);
		add_panel(&t, slope, data, v, x, low, high);
		low = high;
		if (low * s > 4 + 2 * fabs(v->of[ONN_PULSE_FIT_DEPTH]))
			width *= 2;
	}
	return t;
}
