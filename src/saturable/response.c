/*
 * The response of an absorber to single numbers, in double: what a plot shows and a table prints.
 */
#include <complex.h>
#include <math.h>

#include <onn/saturable.h>

#include "core/error.h"
#include "saturable/broadened.h"

/* Output, slope and probe of one medium or slice, as factors of the input and of what is behind. */
typedef struct passage {
	double complex output, slope, probe;
} passage;

/* t = exp[-(a0/2)(1 - i Delta)/(D1+s)]; slope along a real input t (1 + 2 c s), since s = E^2/Isat
 */
static passage thin_field(double e, const onn_absorber *a, double depth, double loss)
{
	double d1 = 1 + a->detuning * a->detuning, s = e * e / a->isat, r = 1 / (d1 + s);
	double complex half = depth / 2 * (1 - I * a->detuning);
	double complex t = cexp(-half * r) * exp(-loss / 2);
	return (passage){e * t, t * (1 + 2 * half * r * (1 - d1 * r)), t};
}

static passage thin_intensity(double i, const onn_absorber *a, double depth, double loss)
{
	double r = 1 / (1 + i / a->isat), t = exp(-depth * r - loss);
	return (passage){i * t, t * (1 + depth * r * (1 - r)), t};
}

static double solve(double s, const onn_absorber *a, double d1)
{
	if (a->doppler)
		return onn_solve_doppler(s, a->depth);
	if (a->loss != 0)
		return onn_solve_lossy(s, a->depth, a->loss);
	return onn_solve_resonant(s / d1, a->depth / d1);
}

/* dI_out/dI_in over the transmission, on resonance */
static double intensity_slope(double s, double out, const onn_absorber *a)
{
	if (a->doppler)
		return sqrt(1 + s) / sqrt(1 + out);
	if (a->loss != 0)
		return (a->depth / (1 + out) + a->loss) / (a->depth / (1 + s) + a->loss);
	return (1 + s) / (1 + out);
}

static passage thick(double x, const onn_absorber *a)
{
	bool field = a->encoding == ONN_ENCODING_AMPLITUDE;
	double s = (field ? x * x : x) / a->isat, d1 = 1 + a->detuning * a->detuning;
	double absorbed = solve(s, a, d1), t = exp(-absorbed), out = s * t;
	if (a->detuning != 0) {
		double complex half = (1 - I * a->detuning) / 2, h = cexp(-half * absorbed);
		double complex kappa = half * -expm1(-absorbed) / (d1 + out);
		return (passage){x * h, h * (1 + 2 * kappa * s), h};
	}
	double ratio = intensity_slope(s, out, a);
	double seen = field ? exp(-absorbed / 2) : t;
	return (passage){x * seen, seen * ratio,
	    seen * pow((1 + s) / (1 + out), field ? a->grating / 2 : a->grating)};
}

static passage respond(double x, const onn_absorber *a)
{
	if (a->medium == ONN_MEDIUM_THICK)
		return thick(x, a);
	unsigned slices = a->slices > 1 ? a->slices : 1;
	double depth = a->depth / slices, loss = a->loss / slices;
	passage all = {x, 1, 1};
	for (unsigned i = 0; i < slices; i++) {
		double in = creal(all.output);
		passage one = a->encoding == ONN_ENCODING_AMPLITUDE
		                  ? thin_field(in, a, depth, loss)
		                  : thin_intensity(in, a, depth, loss);
		all = (passage){one.output, all.slope * one.slope, all.probe * one.probe};
	}
	return all;
}

onn_status onn_absorber_response(
    onn_response *response, const onn_absorber *a, const double *input, size_t count)
{
	onn_status status = onn_absorber_check(a);
	if (status)
		return status;
	if (a->medium == ONN_MEDIUM_DYNAMIC)
		return onn_error(ONN_ERROR_UNSUPPORTED,
		    "onn_absorber_response: a dynamic medium; expected thin or thick, which answer "
		    "at once");
	if (a->detuning != 0 && a->slices > 1)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_absorber_response: %u slices, detuned; expected 1: behind the first the "
		    "field is not real",
		    a->slices);
	if (count > 0 && (!input || !response))
		return onn_error(ONN_ERROR_ARGUMENT, "onn_absorber_response: no %s; expected %zu",
		    input ? "responses" : "inputs", count);
	for (size_t i = 0; i < count; i++) {
		if (!isfinite(input[i]) || (a->encoding == ONN_ENCODING_INTENSITY && input[i] < 0))
			return onn_error(ONN_ERROR_ARGUMENT,
			    "onn_absorber_response: input %zu is %g; expected a finite %s", i,
			    input[i],
			    a->encoding == ONN_ENCODING_INTENSITY ? "intensity >= 0" : "amplitude");
		passage p = respond(input[i], a);
		response[i] = (onn_response){
		    creal(p.output), cimag(p.output), creal(p.slope), creal(p.probe)};
	}
	return ONN_OK;
}
