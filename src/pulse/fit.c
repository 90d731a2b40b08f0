/* Absorbers from measurements. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/options.h"
#include "pulse/least.h"
#include "pulse/slow.h"

static const char *const function = "onn_pulse_fit_run";
static const char *const names[] = {ONN_PULSE_FIT_WORDS};

/* What is no answer: the weakest combination of parameters, of curvature 1 alone, and relative
 * standard errors of both. */
static const double no_curvature = 1e-11, alike = .99, unknown = .5;
static const double far = 12;        /* of logarithms */
static const double explained = .02; /* what is left of the data's spread by a fit */

typedef struct problem {
	const onn_pulse_fit *fit;
	const double *x, *y, *sigma;
	size_t count;
	onn_slow_values at;
	int free[ONN_PULSE_FIT_COUNT]; /* of the parameters */
	size_t parameters;
	double first[ONN_PULSE_FIT_COUNT]; /* where the parameters were at first */
	double unit[ONN_PULSE_FIT_COUNT];  /* of a parameter that is no logarithm */
} problem;

static bool belongs(onn_pulse_data data, int i)
{
	bool fluence = i == ONN_PULSE_FIT_FSAT || i == ONN_PULSE_FIT_F2;
	bool delay = i == ONN_PULSE_FIT_T1 || i == ONN_PULSE_FIT_FLUENCE;
	return data == ONN_PULSE_DATA_FLUENCE ? !delay : !fluence;
}

/* Of what is above 0 the logarithm is fitted. */
static bool is_positive(int i)
{
	return i == ONN_PULSE_FIT_FSAT || i == ONN_PULSE_FIT_T1 || i == ONN_PULSE_FIT_FLUENCE;
}

/* ---- checks ---- */

static onn_status check_values(const char *who, const onn_pulse_fit *fit, const double *value)
{
	for (int i = 0; i < ONN_PULSE_FIT_COUNT; i++)
		if (belongs(fit->data, i) && is_positive(i) &&
		    !(value[i] > 0 && isfinite(value[i])))
			return onn_error(ONN_ERROR_ARGUMENT,
			    "%s: %s is %g; expected a finite number above 0", who, names[i],
			    value[i]);
		else if (belongs(fit->data, i) && (isnan(value[i]) || value[i] == -INFINITY))
			return onn_error(ONN_ERROR_ARGUMENT, "%s: %s is %g; expected a number", who,
			    names[i], value[i]);
	return ONN_OK;
}

static onn_status check_x(const char *who, const onn_pulse_fit *fit, double x, size_t i)
{
	bool fluence = fit->data == ONN_PULSE_DATA_FLUENCE;
	if (isfinite(x) && (fluence ? x > 0 : x >= 0))
		return ONN_OK;
	return onn_error(ONN_ERROR_ARGUMENT, "%s: point %zu is at %s %g; expected a finite %s", who,
	    i, fluence ? "fluence" : "delay", x,
	    fluence ? "fluence above 0" : "delay of at least 0");
}

static onn_status check(const problem *p)
{
	const double most = 1.25; /* of a transmission, with its noise */
	onn_status status =
	    onn_options_exact(p->fit, sizeof *p->fit, function, "fit", "ONN_PULSE_FIT_INIT");

	for (size_t i = 0; i < p->count && !status; i++) {
		status = check_x(function, p->fit, p->x[i], i);
		if (!status && !(p->y[i] > 0 && isfinite(p->y[i])))
			status = onn_error(ONN_ERROR_ARGUMENT,
			    "%s: point %zu has the transmission %g; expected a finite number "
			    "above 0",
			    function, i, p->y[i]);
		if (!status && p->y[i] > most)
			status = onn_error(ONN_ERROR_ARGUMENT,
			    "%s: point %zu has the transmission %g; expected a part of 1: no "
			    "absorber gives more than it gets, and noise not that much",
			    function, i, p->y[i]);
		if (!status && p->sigma && !(p->sigma[i] > 0 && isfinite(p->sigma[i])))
			status = onn_error(ONN_ERROR_ARGUMENT,
			    "%s: point %zu has the deviation %g; expected a finite number above 0",
			    function, i, p->sigma[i]);
	}
	return status;
}

/* ---- from the data to a first guess ---- */

static size_t extreme(const double *of, size_t count, bool largest)
{
	size_t found = 0;
	for (size_t i = 1; i < count; i++)
		if (largest ? of[i] > of[found] : of[i] < of[found])
			found = i;
	return found;
}

/* The x where y is nearest to a value. */
static double where(const problem *p, double y)
{
	size_t found = 0;
	for (size_t i = 1; i < p->count; i++)
		if (fabs(p->y[i] - y) < fabs(p->y[found] - y))
			found = i;
	return p->x[found];
}

static void guess(double *start, const problem *p)
{
	double high = p->y[extreme(p->y, p->count, true)];
	double low = p->y[extreme(p->y, p->count, false)];
	bool fluence = p->fit->data == ONN_PULSE_DATA_FLUENCE;

	start[ONN_PULSE_FIT_LOSS] = fmax(-log(high), 0);
	start[ONN_PULSE_FIT_DEPTH] = fmax(log(high / low), 1e-4);
	start[ONN_PULSE_FIT_F2] = INFINITY;
	if (fluence) {
		start[ONN_PULSE_FIT_FSAT] = where(p, (low + high) / 2);
		return;
	}
	/* the pump has bleached a part of it only */
	double s = p->fit->start[ONN_PULSE_FIT_FLUENCE];
	double base = -log(low), peak = -log(high), x = where(p, low + (high - low) / exp(1));
	double bleached = s > 0 ? -expm1(-s) : 1;
	start[ONN_PULSE_FIT_DEPTH] = fmax((base - peak) / bleached, 1e-4);
	start[ONN_PULSE_FIT_LOSS] = base - start[ONN_PULSE_FIT_DEPTH];
	start[ONN_PULSE_FIT_T1] = x > 0 ? x : p->x[extreme(p->x, p->count, true)] / 3;
}

static onn_status begin(problem *p)
{
	double start[ONN_PULSE_FIT_COUNT] = {1, 1, 0, INFINITY, 1, NAN};
	size_t need = 0;

	guess(start, p);
	for (int i = 0; i < ONN_PULSE_FIT_COUNT; i++) {
		bool asked = belongs(p->fit->data, i);
		if (asked && !isnan(p->fit->start[i]))
			start[i] = p->fit->start[i];
		if (asked && !p->fit->fixed[i])
			p->free[need++] = i;
	}
	p->parameters = need;
	if (p->count <= need || need == 0)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: %zu points and %zu parameters to fit; expected more points, and a "
		    "parameter",
		    function, p->count, need);
	onn_status status = check_values(function, p->fit, start);
	memcpy(p->at.of, start, sizeof start);
	p->at.of[ONN_PULSE_FIT_F2] = 1 / start[ONN_PULSE_FIT_F2];
	double last = p->x[extreme(p->x, p->count, true)];
	for (int i = 0; i < ONN_PULSE_FIT_COUNT; i++)
		p->unit[i] = i == ONN_PULSE_FIT_F2 ? 1 / last : 1;
	return status;
}

/* ---- least squares ---- */

static void put(problem *p, const double *parameter)
{
	for (size_t k = 0; k < p->parameters; k++) {
		int i = p->free[k];
		p->at.of[i] = is_positive(i) ? exp(parameter[k]) : parameter[k] * p->unit[i];
	}
}

static void take(double *parameter, const problem *p)
{
	for (size_t k = 0; k < p->parameters; k++) {
		int i = p->free[k];
		parameter[k] = is_positive(i) ? log(p->at.of[i]) : p->at.of[i] / p->unit[i];
	}
}

static bool residual(void *user, const double *parameter, size_t i, double *r, double *slope)
{
	problem *p = user;
	double by[ONN_PULSE_FIT_COUNT], over = p->sigma ? 1 / p->sigma[i] : 1;

	put(p, parameter);
	/* negative depths are no absorber's, and G is not made for them; beyond all data nothing
	 * depends on Fsat and T1 */
	for (size_t k = 0; k < p->parameters; k++)
		if (is_positive(p->free[k]) && !(fabs(parameter[k] - p->first[k]) < far))
			return false;
	if (!(p->at.of[ONN_PULSE_FIT_DEPTH] >= 0))
		return false;
	double y = onn_slow_model(by, p->fit->data, p->fit->profile, &p->at, p->x[i]);
	*r = (y - p->y[i]) * over;
	for (size_t k = 0; k < p->parameters; k++) {
		int which = p->free[k];
		slope[k] =
		    by[which] * over * (is_positive(which) ? p->at.of[which] : p->unit[which]);
	}
	return isfinite(*r);
}

/* The sum of squares about the mean. */
static double spread_of(const problem *p)
{
	double sum = 0, squares = 0, weights = 0;
	for (size_t i = 0; i < p->count; i++) {
		double w = p->sigma ? 1 / (p->sigma[i] * p->sigma[i]) : 1;
		weights += w;
		sum += w * p->y[i];
		squares += w * p->y[i] * p->y[i];
	}
	return squares - sum * sum / weights;
}

/* From some starts, since far from the answer nothing depends on Fsat or T1. */
static double search(double *best, problem *p)
{
	static const double factor[] = {1, .1, 10, .01};
	onn_slow_values first = p->at;
	double least = NAN;

	take(p->first, p);
	for (size_t i = 0; i < sizeof factor / sizeof *factor; i++) {
		double parameter[ONN_PULSE_FIT_COUNT];
		p->at = first;
		p->at.of[ONN_PULSE_FIT_FSAT] *= factor[i];
		p->at.of[ONN_PULSE_FIT_T1] *= factor[i];
		take(parameter, p);
		double sum = onn_least_squares(parameter, p->parameters, residual, p, p->count);
		if (sum < least || (isnan(least) && !isnan(sum))) {
			least = sum;
			memcpy(best, parameter, sizeof parameter);
		}
		if (least < explained * spread_of(p))
			break;
	}
	p->at = first;
	return least;
}

/* ---- what it comes to ---- */

/* The standard error of parameter k over what would make a difference: of a logarithm itself, of a
 * depth over all there is. */
static double relative(const problem *p, const double *parameter, const double *c, size_t k)
{
	int i = p->free[k];
	double error = sqrt(c[k * p->parameters + k]);
	double depth = p->at.of[ONN_PULSE_FIT_DEPTH] + fabs(p->at.of[ONN_PULSE_FIT_LOSS]);

	if (is_positive(i) || i == ONN_PULSE_FIT_F2)
		return error;
	return error / fmax(i == ONN_PULSE_FIT_LOSS ? depth : fabs(parameter[k]), 1e-300);
}

/* Two that cannot be told apart: least curvature along both, or errors that go together and are as
 * large as they are. */
static onn_status tell_apart(
    const problem *p, const double *parameter, const double *c, double weakest, const double *v)
{
	size_t n = p->parameters, a = 0, b = 1;
	double most = 0;

	if (n < 2)
		return ONN_OK;
	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n; j++) {
			double rho = c[i * n + j] / sqrt(c[i * n + i] * c[j * n + j]);
			double worse = weakest < no_curvature ? fabs(v[i] * v[j]) : fabs(rho);
			if (worse > most)
				most = worse, a = i, b = j;
		}
	double rho = c[a * n + b] / sqrt(c[a * n + a] * c[b * n + b]);
	bool lost =
	    relative(p, parameter, c, a) > unknown && relative(p, parameter, c, b) > unknown;
	if (weakest >= no_curvature && !(fabs(rho) > alike && lost))
		return ONN_OK;
	return onn_error(ONN_ERROR_NUMERIC,
	    "%s: the data cannot tell %s and %s apart (their errors' correlation is %.5f); "
	    "expected "
	    "one of them fixed, or data that saturate more",
	    function, names[p->free[a]], names[p->free[b]],
	    weakest < no_curvature ? -copysign(1, v[a] * v[b]) : rho);
}

/* A standard error of a function of depth and loss, from its slopes. */
static double error_of(const onn_pulse_fitted *f, double by_depth, double by_loss)
{
	double a = by_depth * f->error[ONN_PULSE_FIT_DEPTH],
	       b = by_loss * f->error[ONN_PULSE_FIT_LOSS];
	double rho = f->correlation[ONN_PULSE_FIT_DEPTH][ONN_PULSE_FIT_LOSS];
	return sqrt(fmax(a * a + b * b + 2 * rho * a * b, 0));
}

static void report(onn_pulse_fitted *f, const problem *p, const double *c, double scale)
{
	size_t n = p->parameters;
	double inverse = p->at.of[ONN_PULSE_FIT_F2], spread = 0;

	memcpy(f->value, p->at.of, sizeof f->value);
	for (size_t k = 0; k < n; k++) {
		int i = p->free[k];
		double error = scale * sqrt(c[k * n + k]);
		f->free[i] = true;
		f->error[i] = error * (is_positive(i) ? p->at.of[i] : p->unit[i]);
		for (size_t m = 0; m < n; m++)
			f->correlation[i][p->free[m]] =
			    c[k * n + m] / sqrt(c[k * n + k] * c[m * n + m]);
	}
	spread = f->error[ONN_PULSE_FIT_F2];
	f->f2_least = 1 / (fmax(inverse, 0) + 2 * spread);
	f->value[ONN_PULSE_FIT_F2] = inverse > 0 ? 1 / inverse : INFINITY;
	f->error[ONN_PULSE_FIT_F2] = inverse > 0 ? spread / (inverse * inverse) : 0;
	double a = f->value[ONN_PULSE_FIT_DEPTH], b = f->value[ONN_PULSE_FIT_LOSS];
	f->modulation = -exp(-b) * expm1(-a);
	f->modulation_error = error_of(f, exp(-a - b), -f->modulation);
	f->lost = -expm1(-b);
	f->lost_error = error_of(f, 0, exp(-b));
}

onn_status onn_pulse_fit_run(onn_pulse_fitted *fitted, const onn_pulse_fit *fit, const double *x,
    const double *y, const double *sigma, size_t count)
{
	problem p = {.fit = fit, .x = x, .y = y, .sigma = sigma, .count = count};
	double best[ONN_PULSE_FIT_COUNT] = {0}, weakest, direction[ONN_LEAST_MOST];
	double c[ONN_LEAST_MOST * ONN_LEAST_MOST];
	size_t nothing;
	onn_status status = check(&p);

	if (!status && count == 0)
		status = onn_error(ONN_ERROR_ARGUMENT, "%s: no points", function);
	if (!status)
		status = begin(&p);
	if (status)
		return status;
	double chi2 = search(best, &p);
	if (isnan(chi2))
		return onn_error(ONN_ERROR_NUMERIC,
		    "%s: no least squares were found; expected other starts", function);
	double noise = sqrt(chi2 / (double)(count - p.parameters)), scale = sigma ? 1 : noise;
	if (!onn_least_covariance(
	        c, &weakest, direction, &nothing, best, p.parameters, residual, &p, count))
		return onn_error(ONN_ERROR_NUMERIC,
		    "%s: %s does nothing to these data; expected it fixed", function,
		    names[p.free[nothing]]);
	for (size_t i = 0; i < p.parameters * p.parameters; i++)
		c[i] *= scale * scale;
	put(&p, best);
	status = tell_apart(&p, best, c, weakest, direction);
	if (status)
		return status;
	*fitted = (onn_pulse_fitted){
	    .chi2 = chi2, .noise = noise, .points = count, .parameters = p.parameters};
	report(fitted, &p, c, 1);
	return ONN_OK;
}

onn_status onn_pulse_fit_model(
    double *y, const onn_pulse_fit *fit, const double *value, const double *x, size_t count)
{
	static const char *const who = "onn_pulse_fit_model";
	double slope[ONN_PULSE_FIT_COUNT];
	onn_slow_values v;
	onn_status status = onn_options_exact(fit, sizeof *fit, who, "fit", "ONN_PULSE_FIT_INIT");

	if (!status)
		status = check_values(who, fit, value);
	if (!status && !(value[ONN_PULSE_FIT_DEPTH] >= 0))
		status = onn_error(ONN_ERROR_ARGUMENT,
		    "%s: depth is %g; expected one of at least 0", who, value[ONN_PULSE_FIT_DEPTH]);
	if (status)
		return status;
	memcpy(v.of, value, sizeof v.of);
	v.of[ONN_PULSE_FIT_F2] = 1 / value[ONN_PULSE_FIT_F2];
	for (size_t i = 0; i < count && !status; i++) {
		status = check_x(who, fit, x[i], i);
		if (!status)
			y[i] = onn_slow_model(slope, fit->data, fit->profile, &v, x[i]);
	}
	return status;
}
