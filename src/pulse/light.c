/* Pulses in time: the integrals of their shapes. */
#include <math.h>

#include <onn/pulse_light.h>

#include "core/error.h"
#include "core/options.h"
#include "core/pi.h"
#include "core/settings.h"

ONN_WORDS(onn_pulse_shape, ONN_PULSE_SHAPE_WORDS)

#define ROW(name, kind, member) ONN_SETTING(name, kind, onn_pulse_light, member)
#define POSITIVE                .low = 0, .high = INFINITY, .low_open = true
static const onn_setting rows[] = {
    {ROW("shape", WORD, shape), .words = &onn_pulse_shape_words},
    {ROW("width", REAL, width), POSITIVE, .unit = "s",
        .needs = "shape=cw|gaussian|square|sech|exponential|double|train"},
    {ROW("separation", REAL, separation), .low = 0, .high = INFINITY, .unit = "s",
        .zero = "ten widths", .needs = "shape=double|train"},
    {ROW("pulses", UNSIGNED, pulses), .low = 1, .high = 10000, .needs = "shape=train"},
    {ROW("rise", REAL, rise), .low = 0, .high = INFINITY, .high_open = true, .unit = "s",
        .needs = "shape=cw", .late = true},
};

static onn_status check_samples(const onn_pulse_light *l)
{
	static const char *const what = "onn_pulse_light_check";
	double most = 0;

	if (l->count < 2 || !l->time || !l->power)
		return onn_error(ONN_ERROR_ARGUMENT, "%s: %zu samples; expected at least 2", what,
		    l->time && l->power ? l->count : 0);
	for (size_t i = 0; i < l->count; i++) {
		if (!isfinite(l->time[i]) || (i > 0 && !(l->time[i] > l->time[i - 1])))
			return onn_error(ONN_ERROR_ARGUMENT,
			    "%s: sample %zu is at time %g; expected one behind that of the sample "
			    "before",
			    what, i, l->time[i]);
		if (!(l->power[i] >= 0 && isfinite(l->power[i])))
			return onn_error(ONN_ERROR_ARGUMENT,
			    "%s: sample %zu has the power %g; expected a finite one >= 0", what, i,
			    l->power[i]);
		most = fmax(most, l->power[i]);
	}
	return most > 0 ? ONN_OK
	                : onn_error(ONN_ERROR_ARGUMENT,
	                      "%s: all %zu samples are 0; expected some light", what, l->count);
}

static onn_status check(const void *values)
{
	const onn_pulse_light *l = values;
	if (l->shape == ONN_PULSE_CW && l->rise > l->width)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_pulse_light_check: rise is %g; expected at most the width, %g", l->rise,
		    l->width);
	return l->shape == ONN_PULSE_SAMPLES ? check_samples(l) : ONN_OK;
}

const onn_settings *onn_pulse_light_settings(void)
{
	ONN_RETURN_SETTINGS("light", rows, onn_pulse_light, check, ONN_PULSE_LIGHT_INIT);
}

onn_status onn_pulse_light_check(const onn_pulse_light *light)
{
	onn_status status = onn_options_exact(
	    light, sizeof *light, "onn_pulse_light_check", "light", "ONN_PULSE_LIGHT_INIT");
	return status ? status : onn_settings_check(onn_pulse_light_settings(), light);
}

/* ---- one pulse of fluence 1 ---- */

static const double ln2 = 0.693147180559945309417, pi = (double)ONN_PI,
                    sech_half = 0.881373587019543025233; /* sech^2 of it is 1/2 */

/* The fluence that comes behind time t, |t| in units of the pulse; even shapes. */
static double gaussian_behind(double x) { return erfc(x) / 2; }
static double sech_behind(double x) { return 1 / (1 + exp(2 * x)); }

/* Between two times, without the difference of numbers that are near 1. */
static double even_between(double a, double b, double (*behind)(double))
{
	if (a >= 0)
		return behind(a) - behind(b);
	if (b <= 0)
		return behind(-b) - behind(-a);
	return 1 - behind(-a) - behind(b);
}

static double square_between(double a, double b, double from, double to)
{
	return fmax(fmin(b, to) - fmax(a, from), 0) / (to - from);
}

/* Of light that is switched on at 0, up to time x: within `rise` along a straight line. */
static double risen(const onn_pulse_light *l, double x)
{
	x = fmin(fmax(x, 0), l->width);
	return x < l->rise ? x * x / (2 * l->rise) : x - l->rise / 2;
}

/* Of straight lines between samples; not divided by the whole. */
static double samples_between(const onn_pulse_light *l, double a, double b)
{
	double sum = 0;
	for (size_t i = 0; i + 1 < l->count; i++) {
		double t0 = l->time[i], t1 = l->time[i + 1];
		double from = fmax(a, t0), to = fmin(b, t1);
		if (!(from < to))
			continue;
		double slope = (l->power[i + 1] - l->power[i]) / (t1 - t0);
		sum += (to - from) * (l->power[i] + slope * ((from + to) / 2 - t0));
	}
	return sum;
}

static bool is_gaussian(onn_pulse_shape shape)
{
	return shape == ONN_PULSE_GAUSSIAN || shape == ONN_PULSE_DOUBLE || shape == ONN_PULSE_TRAIN;
}

static double one_between(const onn_pulse_light *l, double a, double b)
{
	double w = l->width, scale;
	switch (l->shape) {
	case ONN_PULSE_CW:
		return l->rise > 0 ? (risen(l, b) - risen(l, a)) / risen(l, w)
		                   : square_between(a, b, 0, w);
	case ONN_PULSE_SQUARE:
		return square_between(a, b, -w / 2, w / 2);
	case ONN_PULSE_SECH:
		scale = 2 * sech_half / w;
		return even_between(a * scale, b * scale, sech_behind);
	case ONN_PULSE_EXPONENTIAL:
		a = fmax(a, 0) * ln2 / w;
		b = fmax(b, 0) * ln2 / w;
		return isinf(b) ? exp(-a) : -exp(-a) * expm1(a - b);
	default:
		scale = 2 * sqrt(ln2) / w;
		return even_between(a * scale, b * scale, gaussian_behind);
	}
}

static double separation(const onn_pulse_light *l)
{
	return l->separation > 0 ? l->separation : 10 * l->width;
}

static unsigned copies(const onn_pulse_light *l)
{
	return l->shape == ONN_PULSE_DOUBLE ? 2 : l->shape == ONN_PULSE_TRAIN ? l->pulses : 1;
}

/* ---- windows and slots ---- */

onn_status onn_pulse_light_window(double window[2], const onn_pulse_light *light, double tail)
{
	onn_status status = onn_pulse_light_check(light);
	if (status)
		return status;
	if (!(tail > 0 && tail < .5))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_pulse_light_window: tail is %g; expected a number above 0 and below 0.5",
		    tail);
	if (light->shape == ONN_PULSE_SAMPLES) {
		window[0] = light->time[0];
		window[1] = light->time[light->count - 1];
		return ONN_OK;
	}
	/* by halves: at most the tail lies before `low`, and behind `high` */
	double w = light->width, low = 0, high = 0;
	for (double step = 1024 * w; step > 1e-9 * w; step /= 2) {
		if (one_between(light, high + step, INFINITY) >= tail)
			high += step;
		if (one_between(light, -INFINITY, low - step) >= tail)
			low -= step;
	}
	bool sharp = light->shape == ONN_PULSE_CW || light->shape == ONN_PULSE_SQUARE;
	window[0] = light->shape == ONN_PULSE_SQUARE ? -w / 2 : low;
	window[1] = light->shape == ONN_PULSE_SQUARE ? w / 2 : sharp ? w : high;
	window[1] += (copies(light) - 1) * separation(light);
	return ONN_OK;
}

onn_status onn_pulse_light_shares(
    double *share, const onn_pulse_light *light, const double window[2], size_t slots)
{
	onn_status status = onn_pulse_light_check(light);
	if (status)
		return status;
	double slot = (window[1] - window[0]) / (double)slots;
	if (slots == 0 || !(slot > 0 && isfinite(slot)))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_pulse_light_shares: %zu slots from %g to %g; expected at least one and a "
		    "finite duration above 0",
		    slots, window[0], window[1]);
	bool sampled = light->shape == ONN_PULSE_SAMPLES;
	double whole = sampled ? samples_between(light, -INFINITY, INFINITY) : copies(light);
	double gap = separation(light);
	for (size_t i = 0; i < slots; i++) {
		double a = i == 0 ? -INFINITY : window[0] + slot * (double)i;
		double b = i + 1 == slots ? INFINITY : window[0] + slot * (double)(i + 1), sum = 0;
		for (unsigned k = 0; k < copies(light) && !sampled; k++)
			sum += one_between(light, a - k * gap, b - k * gap);
		share[i] = (sampled ? samples_between(light, a, b) : sum) / whole;
	}
	return ONN_OK;
}

/* ---- single numbers ---- */

static double samples_peak(const onn_pulse_light *l)
{
	double most = 0;
	for (size_t i = 0; i < l->count; i++)
		most = fmax(most, l->power[i]);
	return most / samples_between(l, -INFINITY, INFINITY);
}

double onn_pulse_light_peak(const onn_pulse_light *light)
{
	if (onn_pulse_light_check(light))
		return NAN;
	double w = light->width;
	switch (light->shape) {
	case ONN_PULSE_SAMPLES:
		return samples_peak(light);
	case ONN_PULSE_CW:
		return 1 / risen(light, w);
	case ONN_PULSE_SQUARE:
		return 1 / w;
	case ONN_PULSE_SECH:
		return sech_half / w;
	case ONN_PULSE_EXPONENTIAL:
		return ln2 / w;
	default:
		return 2 * sqrt(ln2 / pi) / w / copies(light);
	}
}

/* The integral of a parabola, of straight lines squared. */
static double samples_duration(const onn_pulse_light *l)
{
	double whole = samples_between(l, -INFINITY, INFINITY), squares = 0;
	for (size_t i = 0; i + 1 < l->count; i++) {
		double a = l->power[i], b = l->power[i + 1];
		squares += (l->time[i + 1] - l->time[i]) * (a * a + a * b + b * b) / 3;
	}
	return whole * whole / squares;
}

double onn_pulse_light_duration(const onn_pulse_light *light)
{
	if (onn_pulse_light_check(light))
		return NAN;
	double w = light->width;
	if (is_gaussian(light->shape))
		return w * sqrt(pi / (2 * ln2));
	switch (light->shape) {
	case ONN_PULSE_SAMPLES:
		return samples_duration(light);
	case ONN_PULSE_SECH:
		return 1.5 * w / sech_half;
	case ONN_PULSE_EXPONENTIAL:
		return 2 * w / ln2;
	case ONN_PULSE_CW:
		return risen(light, w) * risen(light, w) / (w - 2 * light->rise / 3);
	default:
		return w;
	}
}
