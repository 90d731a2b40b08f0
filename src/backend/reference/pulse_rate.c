/*
 * The rate model: docs/physics.md, "Pulses in time". One beam goes through all cells within a slot;
 * of two that meet, each moves by a cell in a step, the second from behind.
 */
#include <math.h>
#include <string.h>

#include "backend/reference/pulse.h"

/* ---- functions ---- */

/* ln[1 + e^-v (e^u - 1)] */
static double g_of(double u, double v)
{
	if (u > v)
		return (u - v) + log1p(-exp(v - u) * expm1(-v));
	return u < 1 ? log1p(exp(-v) * expm1(u)) : log1p(-exp(u - v) * expm1(-u));
}

/* e^-G(u, a) a - G(a, u), which is a difference of nearly equal numbers for small a. */
static double thin_difference(double u, double a)
{
	long double x = expm1l(a), e = expl(-(long double)u), y = e * x;
	if (a < 1e-6) {
		long double g = e * (1 + x) / (1 + y);
		return (double)((long double)a * a * g * (1 - g) *
		                (0.5L - (1 - 2 * g) * a / 6 + (1 - 6 * g * (1 - g)) * a * a / 24));
	}
	return (double)(isinf(x) ? a - g_of(a, u) : e * (1 + x) * a / (1 + y) - log1pl(y));
}

/* ---- a row's numbers ---- */

typedef struct rates {
	double e;         /* exp(-slot/(2 T1)) */
	double keep, two; /* of the loss of half a cell */
	double piece;     /* half a cell, of the whole medium */
	double length;    /* (1 - keep)/loss */
} rates;

/* Where no depth is, what follows is the limit of a thin medium. */
static double depth_of(const onn_ref_pulse_row *r, uint32_t j)
{
	const double *x = r->parameters, off = x[ONN_PULSE_ROW_FIRST_CLASS + j];
	double weight = x[ONN_PULSE_ROW_FIRST_CLASS + r->kind->classes + j];
	return fmax(x[ONN_PULSE_ROW_DEPTH] * weight / ((1 + off * off) * r->kind->cells), 1e-150);
}

static double scale_of(const onn_ref_pulse_row *r, uint32_t j)
{
	double off = r->parameters[ONN_PULSE_ROW_FIRST_CLASS + j];
	return 1 / (1 + off * off);
}

static double weight_of(const onn_ref_pulse_row *r, uint32_t j)
{
	return r->parameters[ONN_PULSE_ROW_FIRST_CLASS + r->kind->classes + j];
}

static rates rates_of(const onn_ref_pulse_row *r)
{
	const double *x = r->parameters;
	double b = x[ONN_PULSE_ROW_LOSS];
	rates c = {.piece = 0.5 / r->kind->cells};
	c.e = exp(-x[ONN_PULSE_ROW_SLOT] * x[ONN_PULSE_ROW_G1] / 2);
	c.keep = exp(-b * c.piece);
	c.length = b * c.piece < 1e-30 ? c.piece : -expm1(-b * c.piece) / b;
	c.two = x[ONN_PULSE_ROW_TWO_PHOTON] / x[ONN_PULSE_ROW_SLOT] * c.length;
	return c;
}

/* ---- the way forward ---- */

/* What a step does in a class of a cell: rest at its start and before the absorption, both beams
 * before and behind, what is left. */
typedef struct visit {
	double start, rest, in[2], out[2], left;
} visit;

/* And both beams before the loss in front of the cell, and before that behind it. */
typedef struct passage {
	double front[2], behind[2];
} passage;

enum { VISIT = sizeof(visit) / sizeof(double), PASSAGE = sizeof(passage) / sizeof(double) };

size_t onn_ref_pulse_rate_tape(const onn_pulse_rows *kind)
{
	size_t cells = onn_pulse_rows_steps(kind) * kind->cells;
	return cells * (PASSAGE + (size_t)VISIT * kind->classes) + 2 * (size_t)kind->classes;
}

static passage *passage_at(const onn_ref_pulse_row *r, size_t n, size_t k)
{
	return (passage *)(void *)r->tape + n * r->kind->cells + k;
}

static visit *visit_at(const onn_ref_pulse_row *r, size_t n, size_t k, size_t j)
{
	size_t cells = onn_pulse_rows_steps(r->kind) * r->kind->cells;
	double *visits = r->tape + cells * PASSAGE;
	return (visit *)(void *)visits + (n * r->kind->cells + k) * r->kind->classes + j;
}

static void dim(double f[2], const rates *c)
{
	for (int beam = 0; beam < 2; beam++)
		f[beam] = f[beam] * c->keep / (1 + f[beam] * c->two);
}

static void pass_class(visit *v, double f[2], double *state, double h, double s, const rates *c)
{
	v->start = *state;
	v->rest = 1 - (1 - *state) * c->e;
	memcpy(v->in, f, sizeof v->in);
	double t = s * (f[0] + f[1]), a = h * v->rest, through = g_of(t, a);
	double ratio = t > 0 ? through / t : exp(-a);
	v->left = g_of(a, t) / h;
	f[0] *= ratio;
	f[1] *= ratio;
	memcpy(v->out, f, sizeof v->out);
	*state = 1 - (1 - v->left) * c->e;
}

static void put_record(const onn_ref_pulse_row *r, size_t n, const double *state)
{
	const onn_pulse_rows *p = r->kind;
	double *to = r->given + onn_pulse_rows_light(p) + onn_pulse_rows_state(p) + n * p->cells;
	for (uint32_t k = 0; p->record && k < p->cells; k++) {
		to[k] = 0;
		for (uint32_t j = 0; j < p->classes; j++)
			to[k] += weight_of(r, j) * (1 - state[k * p->classes + j]);
	}
}

/* Classes absorb one behind the other, in every other cell from the last to the first. */
static uint32_t class_at(const onn_pulse_rows *p, uint32_t cell, uint32_t i)
{
	return cell % 2 ? p->classes - 1 - i : i;
}

void onn_ref_pulse_rate_forward(onn_ref_pulse_row *r)
{
	const onn_pulse_rows *p = r->kind;
	rates c = rates_of(r);
	double *light = r->given, *state = r->given + onn_pulse_rows_light(p);
	size_t at;
	for (size_t i = 0; i < onn_pulse_rows_light(p); i++)
		light[i] = r->light[i] < 0 ? 0 : r->light[i];
	memcpy(state, r->state, onn_pulse_rows_state(p) * sizeof *state);
	for (size_t n = 0; n < onn_pulse_rows_steps(p); n++) {
		put_record(r, n, state);
		for (uint32_t k = 0; k < p->cells; k++) {
			passage *through = passage_at(r, n, k);
			double f[2] = {0, 0};
			for (int beam = 0; beam < 2; beam++)
				if (onn_ref_pulse_sample_at(&at, p, beam, n, k))
					f[beam] = light[(size_t)beam * p->slots + at];
			memcpy(through->front, f, sizeof f);
			if (p->lossy)
				dim(f, &c);
			for (uint32_t i = 0; i < p->classes; i++) {
				uint32_t j = class_at(p, k, i);
				pass_class(visit_at(r, n, k, j), f, &state[k * p->classes + j],
				    depth_of(r, j), scale_of(r, j), &c);
			}
			memcpy(through->behind, f, sizeof f);
			if (p->lossy)
				dim(f, &c);
			for (int beam = 0; beam < 2; beam++)
				if (onn_ref_pulse_sample_at(&at, p, beam, n, k))
					light[(size_t)beam * p->slots + at] = f[beam];
		}
	}
	put_record(r, onn_pulse_rows_steps(p), state);
}

/* ---- the way back ---- */

/* Sums of the gradients of what a row's numbers come to; h and s have one of each class. */
typedef struct sums {
	double e, keep, two, *h, *s;
} sums;

static void dim_back(double df[2], const double f[2], const rates *c, sums *d)
{
	for (int beam = 0; beam < 2; beam++) {
		double per = 1 / (1 + f[beam] * c->two);
		d->keep += df[beam] * f[beam] * per;
		d->two -= df[beam] * f[beam] * f[beam] * c->keep * per * per;
		df[beam] *= c->keep * per * per;
	}
}

/*
 * t' = G(t, a) and a' = G(a, t) have dt'/dt = e^-a', dt'/da = e^-t' - 1, da'/da = e^-t', da'/dt =
 * e^-a' - 1; of each beam f' = f t'/t. dr: gradient of the rest behind, then of that before.
 */
static void pass_class_back(double df[2], double *dr, const visit *v, uint32_t j, double h,
    double s, const rates *c, sums *d)
{
	double t = s * (v->in[0] + v->in[1]), a = h * v->rest, after = h * v->left;
	double through = g_of(t, a), ratio = t > 0 ? through / t : exp(-a);
	double both = df[0] * v->in[0] + df[1] * v->in[1];
	d->e -= (1 - v->left) * *dr;
	*dr *= c->e;
	/* gradient of t', and through the ratio that of t: of one beam they cancel but for t' */
	double dthrough = t > 0 ? both / t : 0;
	double dt = t > 0 ? dthrough * exp(-after) - both * through / (t * t) : 0;
	dt += expm1(-after) / h * *dr;
	double drest = h * expm1(-through) * dthrough + exp(-through) * *dr;
	d->h[j] += v->rest * expm1(-through) * dthrough + thin_difference(t, a) / (h * h) * *dr;
	d->s[j] += dt * (v->in[0] + v->in[1]);
	for (int beam = 0; beam < 2; beam++)
		df[beam] = df[beam] * ratio + dt * s;
	d->e -= (1 - v->start) * drest;
	*dr = drest * c->e;
}

static void take_record(const onn_ref_pulse_row *r, size_t n, double *dstate, double *dweight)
{
	const onn_pulse_rows *p = r->kind;
	const double *dy =
	    r->given + onn_pulse_rows_light(p) + onn_pulse_rows_state(p) + n * p->cells;
	for (uint32_t i = 0; p->record && i < p->cells * p->classes; i++) {
		uint32_t k = i / p->classes, j = i % p->classes;
		const visit *v = visit_at(r, n < onn_pulse_rows_steps(p) ? n : n - 1, k, j);
		double state =
		    n < onn_pulse_rows_steps(p) ? v->start : 1 - (1 - v->left) * rates_of(r).e;
		dstate[i] -= weight_of(r, j) * dy[k];
		dweight[j] += (1 - state) * dy[k];
	}
}

/* (1 - e^-b z)/b derived by b */
static double length_slope(double b, double z)
{
	double x = b * z, sum = 0, term = -z * z;
	if (x > 0.5)
		return (z * exp(-x) + expm1(-x) / b) / b;
	for (int k = 2; k < 24; k++) { /* sum of (k-1) (-x)^(k-2)/k! */
		term /= k;
		sum += term * (k - 1);
		term *= -x;
	}
	return sum;
}

static void parameters_back(const onn_ref_pulse_row *r, const rates *c, const sums *d, double *to)
{
	const double *x = r->parameters;
	double slot = x[ONN_PULSE_ROW_SLOT], de = -d->e * c->e / 2;
	uint32_t classes = r->kind->classes;
	to[ONN_PULSE_ROW_SLOT] = de * x[ONN_PULSE_ROW_G1] - d->two * c->two / slot;
	to[ONN_PULSE_ROW_G1] = de * slot;
	to[ONN_PULSE_ROW_G2] = 0;
	to[ONN_PULSE_ROW_LOSS] =
	    -c->piece * c->keep * d->keep + d->two * x[ONN_PULSE_ROW_TWO_PHOTON] / slot *
	                                        length_slope(x[ONN_PULSE_ROW_LOSS], c->piece);
	to[ONN_PULSE_ROW_TWO_PHOTON] = d->two * c->length / slot;
	to[ONN_PULSE_ROW_DEPTH] = 0;
	for (uint32_t j = 0; j < classes; j++) {
		double s = scale_of(r, j), weight = weight_of(r, j), dh = d->h[j] / r->kind->cells;
		double ds = d->s[j] + dh * x[ONN_PULSE_ROW_DEPTH] * weight;
		to[ONN_PULSE_ROW_DEPTH] += dh * weight * s;
		to[ONN_PULSE_ROW_FIRST_CLASS + j] =
		    -2 * x[ONN_PULSE_ROW_FIRST_CLASS + j] * s * s * ds;
		to[ONN_PULSE_ROW_FIRST_CLASS + classes + j] += dh * x[ONN_PULSE_ROW_DEPTH] * s;
	}
}

void onn_ref_pulse_rate_backward(onn_ref_pulse_row *r)
{
	const onn_pulse_rows *p = r->kind;
	rates c = rates_of(r);
	size_t light = onn_pulse_rows_light(p), state = onn_pulse_rows_state(p), at;
	double *dlight = r->gradients, *dstate = dlight + light, *dparameters = dstate + state;
	sums d = {.h = r->tape + onn_ref_pulse_rate_tape(p) - 2 * p->classes};
	d.s = d.h + p->classes;
	memset(d.h, 0, 2 * p->classes * sizeof *d.h);
	memset(dparameters, 0, onn_pulse_rows_parameters(p) * sizeof *dparameters);
	double *dweight = dparameters + ONN_PULSE_ROW_FIRST_CLASS + p->classes;
	memcpy(dlight, r->given, (light + state) * sizeof *dlight);
	take_record(r, onn_pulse_rows_steps(p), dstate, dweight);
	for (size_t n = onn_pulse_rows_steps(p); n-- > 0;) {
		for (uint32_t k = p->cells; k-- > 0;) {
			const passage *through = passage_at(r, n, k);
			double df[2] = {0, 0};
			for (int beam = 0; beam < 2; beam++)
				if (onn_ref_pulse_sample_at(&at, p, beam, n, k))
					df[beam] = dlight[(size_t)beam * p->slots + at];
			if (p->lossy)
				dim_back(df, through->behind, &c, &d);
			for (uint32_t i = p->classes; i-- > 0;) {
				uint32_t j = class_at(p, k, i);
				pass_class_back(df, &dstate[k * p->classes + j],
				    visit_at(r, n, k, j), j, depth_of(r, j), scale_of(r, j), &c,
				    &d);
			}
			if (p->lossy)
				dim_back(df, through->front, &c, &d);
			for (int beam = 0; beam < 2; beam++)
				if (onn_ref_pulse_sample_at(&at, p, beam, n, k))
					dlight[(size_t)beam * p->slots + at] = df[beam];
		}
		take_record(r, n, dstate, dweight);
	}
	for (size_t i = 0; i < light; i++)
		dlight[i] = r->light[i] < 0 ? 0 : dlight[i];
	parameters_back(r, &c, &d, dparameters);
}
