/*
 * The Bloch model: docs/physics.md, "Pulses in time". The midpoint of a cell is found by halving an
 * interval, and the gradients through it by elimination in the whole system of its equations.
 */
#include <complex.h>
#include <math.h>
#include <string.h>

#include "backend/reference/pulse.h"

typedef onn_ref_number number;

/* ---- a row's numbers ---- */

typedef struct rates {
	double e, keep; /* exp(-slot/(2 T1)); of the field in half a cell */
	double h, t;    /* depth/(4 T2 cells), slot/2 */
	double g1, g2;
} rates;

static rates rates_of(const onn_ref_pulse_row *r)
{
	const double *x = r->parameters;
	rates c = {
	    .t = x[ONN_PULSE_ROW_SLOT] / 2, .g1 = x[ONN_PULSE_ROW_G1], .g2 = x[ONN_PULSE_ROW_G2]};
	c.e = exp(-c.t * c.g1);
	c.keep = r->kind->lossy ? exp(-x[ONN_PULSE_ROW_LOSS] / 4 / r->kind->cells) : 1;
	c.h = x[ONN_PULSE_ROW_DEPTH] * c.g2 / 4 / r->kind->cells;
	return c;
}

static double offset_of(const onn_ref_pulse_row *r, uint32_t j)
{
	return r->parameters[ONN_PULSE_ROW_FIRST_CLASS + j];
}

static double weight_of(const onn_ref_pulse_row *r, uint32_t j)
{
	return r->parameters[ONN_PULSE_ROW_FIRST_CLASS + r->kind->classes + j];
}

/* By what half a slot multiplies a polarisation. */
static number turn_of(const onn_ref_pulse_row *r, uint32_t j, const rates *c)
{
	return cexp(-c->t * c->g2 * onn_ref_complex(1, offset_of(r, j)));
}

/* ---- the way forward ---- */

/* A class of a cell in a step: at the slot's start, before the midpoint, behind it. */
typedef struct visit {
	double p[3][2], w[3];
} visit;

/* A cell: the field before the loss in front, behind that, behind the midpoint. */
typedef struct passage {
	double field[3][2];
} passage;

enum { VISIT = sizeof(visit) / sizeof(double), PASSAGE = sizeof(passage) / sizeof(double) };

/* The equations of a cell: two of the field and three of each class. */
static size_t equations(const onn_pulse_rows *kind) { return 2 + 3 * (size_t)kind->classes; }

size_t onn_ref_pulse_bloch_tape(const onn_pulse_rows *kind)
{
	size_t cells = onn_pulse_rows_steps(kind) * kind->cells, n = equations(kind);
	return cells * (PASSAGE + (size_t)VISIT * kind->classes) + n * (n + 1) +
	       2 * (size_t)kind->classes;
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

static number get(const double x[2]) { return onn_ref_complex(x[0], x[1]); }
static void put(double x[2], number z)
{
	x[0] = creal(z);
	x[1] = cimag(z);
}

static double square(number z) { return creal(z) * creal(z) + cimag(z) * cimag(z); }
/* Re(conj(a) b) */
static double dot(number a, number b) { return creal(a) * creal(b) + cimag(a) * cimag(b); }

/* x of Wm = x (W + h P), P and inversion sums over the classes: x (1 - h t s(x)) = 1. */
static double midpoint(number field, number sum, double inversion, const rates *c)
{
	number b = field + c->h * sum;
	double low = 0, high = 1;
	for (int i = 0; i < 2200; i++) {
		double x = i < 1000 ? high : low + (high - low) / 2;
		double s =
		    (inversion - c->t * x * dot(b, sum)) / (1 + c->t * c->t * x * x * square(b));
		bool above = x * (1 - c->h * c->t * s) >= 1;
		if (i < 1000 && !above) {
			low = high;
			high *= 2;
		} else if (i < 1000) {
			i = 1000;
		} else if (x <= low || x >= high) {
			break;
		} else {
			*(above ? &high : &low) = x;
		}
	}
	return low + (high - low) / 2;
}

static void pass_cell(
    const onn_ref_pulse_row *r, size_t n, uint32_t k, number *field, double *state, const rates *c)
{
	const onn_pulse_rows *p = r->kind;
	size_t each = (size_t)p->cells * p->classes;
	number sum = 0;
	double inversion = 0;
	for (uint32_t j = 0; j < p->classes; j++) {
		visit *v = visit_at(r, n, k, j);
		size_t i = k * p->classes + j;
		number start = onn_ref_complex(state[i], state[each + i]);
		put(v->p[0], start);
		put(v->p[1], start * turn_of(r, j, c));
		v->w[0] = state[2 * each + i];
		v->w[1] = (1 + v->w[0]) * c->e - 1;
		sum += weight_of(r, j) * get(v->p[1]);
		inversion += weight_of(r, j) * v->w[1];
	}
	number m = midpoint(*field, sum, inversion, c) * (*field + c->h * sum);
	for (uint32_t j = 0; j < p->classes; j++) {
		visit *v = visit_at(r, n, k, j);
		size_t i = k * p->classes + j;
		number p0 = get(v->p[1]);
		double w = (v->w[1] - c->t * dot(m, p0)) / (1 + c->t * c->t * square(m));
		put(v->p[2], p0 + 2 * c->t * w * m);
		v->w[2] = 2 * w - v->w[1];
		number end = get(v->p[2]) * turn_of(r, j, c);
		state[i] = creal(end);
		state[each + i] = cimag(end);
		state[2 * each + i] = (1 + v->w[2]) * c->e - 1;
	}
	*field = 2 * m - *field;
}

static void put_record(const onn_ref_pulse_row *r, size_t n, const double *state)
{
	const onn_pulse_rows *p = r->kind;
	const double *w = state + 2 * (size_t)p->cells * p->classes;
	double *to = r->given + onn_pulse_rows_light(p) + onn_pulse_rows_state(p) + n * p->cells;
	for (uint32_t k = 0; p->record && k < p->cells; k++) {
		to[k] = 0;
		for (uint32_t j = 0; j < p->classes; j++)
			to[k] += weight_of(r, j) * (1 + w[k * p->classes + j]);
	}
}

void onn_ref_pulse_bloch_forward(onn_ref_pulse_row *r)
{
	const onn_pulse_rows *p = r->kind;
	rates c = rates_of(r);
	double *state = r->given + onn_pulse_rows_light(p);
	memcpy(state, r->state, onn_pulse_rows_state(p) * sizeof *state);
	for (size_t n = 0; n < p->slots; n++) {
		number field = onn_ref_complex(r->light[n], r->light[p->slots + n]);
		put_record(r, n, state);
		for (uint32_t k = 0; k < p->cells; k++) {
			passage *through = passage_at(r, n, k);
			put(through->field[0], field);
			field *= c.keep;
			put(through->field[1], field);
			pass_cell(r, n, k, &field, state, &c);
			put(through->field[2], field);
			field *= c.keep;
		}
		r->given[n] = creal(field);
		r->given[p->slots + n] = cimag(field);
	}
	put_record(r, p->slots, state);
}

/* ---- the way back ---- */

typedef struct sums {
	double e, keep, h, t;
	double (*turn)[2]; /* of each class */
} sums;

/* Solves the n equations a x = b, which stand as rows of n + 1 numbers; x replaces b. */
static void eliminate(double *a, size_t n)
{
	size_t width = n + 1;
	for (size_t k = 0; k < n; k++) {
		size_t best = k;
		for (size_t i = k + 1; i < n; i++)
			if (fabs(a[i * width + k]) > fabs(a[best * width + k]))
				best = i;
		for (size_t j = 0; j < width; j++) {
			double x = a[k * width + j];
			a[k * width + j] = a[best * width + j];
			a[best * width + j] = x;
		}
		for (size_t i = 0; i < n; i++) {
			double factor = i == k ? 0 : a[i * width + k] / a[k * width + k];
			for (size_t j = k; factor != 0 && j < width; j++)
				a[i * width + j] -= factor * a[k * width + j];
		}
	}
	for (size_t k = 0; k < n; k++)
		a[k * width + n] /= a[k * width + k];
}

/*
 * The transposed derivatives of a midpoint's equations,
 *     Wm - W - h sum c pm = 0,  pm - p - t Wm wm = 0,  wm - w + t Re(conj(Wm) pm) = 0,
 * in the order Re Wm, Im Wm, then Re pm, Im pm, wm of each class.
 */
static void write_equations(
    double *a, const onn_ref_pulse_row *r, size_t n, uint32_t k, number m, const rates *c)
{
	size_t size = equations(r->kind), width = size + 1;
	memset(a, 0, size * width * sizeof *a);
	for (size_t i = 0; i < size; i++)
		a[i * width + i] = 1;
	for (uint32_t j = 0; j < r->kind->classes; j++) {
		const visit *v = visit_at(r, n, k, j);
		size_t at = 2 + 3 * (size_t)j;
		number pm = (get(v->p[1]) + get(v->p[2])) / 2;
		double wm = (v->w[1] + v->w[2]) / 2,
		       part[2][2] = {{creal(m), cimag(m)}, {creal(pm), cimag(pm)}};
		for (size_t i = 0; i < 2; i++) {
			/* row: by which unknown; column: of which equation */
			a[(at + i) * width + i] = -c->h * weight_of(r, j);
			a[i * width + at + i] = -c->t * wm;
			a[(at + 2) * width + at + i] = -c->t * part[0][i];
			a[i * width + at + 2] = c->t * part[1][i];
			a[(at + i) * width + at + 2] = c->t * part[0][i];
		}
	}
}

/* Back through half a slot in the dark: gradients of what was (p, w) before. */
static void relax_back(double dp[2], double *dw, const double p[2], double w, number turn, double e,
    double dturn[2], double *de)
{
	number d = get(dp), sum = get(dturn) + d * conj(get(p));
	put(dturn, sum);
	put(dp, d * conj(turn));
	*de += *dw * (1 + w);
	*dw *= e;
}

/* d: of a cell's field and states behind, then before. */
static void pass_cell_back(onn_ref_pulse_row *r, size_t n, uint32_t k, double dfield[2],
    double *dstate, const rates *c, sums *d, double *dweight)
{
	const onn_pulse_rows *p = r->kind;
	const passage *through = passage_at(r, n, k);
	size_t each = (size_t)p->cells * p->classes, size = equations(p), width = size + 1;
	double *a = r->tape + onn_ref_pulse_bloch_tape(p) - size * width - 2 * p->classes;
	number m = (get(through->field[1]) + get(through->field[2])) / 2;
	write_equations(a, r, n, k, m, c);
	a[size] = 2 * dfield[0];
	a[width + size] = 2 * dfield[1];
	for (uint32_t j = 0; j < p->classes; j++) {
		const visit *v = visit_at(r, n, k, j);
		double *at = dstate + k * p->classes + j, dp[2] = {at[0], at[each]};
		relax_back(
		    dp, &at[2 * each], v->p[2], v->w[2], turn_of(r, j, c), c->e, d->turn[j], &d->e);
		at[0] = dp[0];
		at[each] = dp[1];
		for (size_t i = 0; i < 3; i++)
			a[(2 + 3 * (size_t)j + i) * width + size] = 2 * at[i * each];
	}
	eliminate(a, size);
	number u = onn_ref_complex(a[size], a[width + size]);
	for (uint32_t j = 0; j < p->classes; j++) {
		const visit *v = visit_at(r, n, k, j);
		double *at = dstate + k * p->classes + j, x[3];
		number pm = (get(v->p[1]) + get(v->p[2])) / 2;
		for (size_t i = 0; i < 3; i++)
			x[i] = a[(2 + 3 * (size_t)j + i) * width + size];
		d->h += weight_of(r, j) * dot(u, pm);
		dweight[j] += c->h * dot(u, pm);
		d->t += dot(get(x), m) * (v->w[1] + v->w[2]) / 2 - x[2] * dot(m, pm);
		for (size_t i = 0; i < 3; i++)
			at[i * each] = x[i] - at[i * each];
		double dp[2] = {at[0], at[each]};
		relax_back(
		    dp, &at[2 * each], v->p[0], v->w[0], turn_of(r, j, c), c->e, d->turn[j], &d->e);
		at[0] = dp[0];
		at[each] = dp[1];
	}
	put(dfield, u - get(dfield));
}

static void take_record(const onn_ref_pulse_row *r, size_t n, double *dstate, double *dweight)
{
	const onn_pulse_rows *p = r->kind;
	const double *dy =
	    r->given + onn_pulse_rows_light(p) + onn_pulse_rows_state(p) + n * p->cells;
	double e = rates_of(r).e;
	for (uint32_t i = 0; p->record && i < p->cells * p->classes; i++) {
		uint32_t k = i / p->classes, j = i % p->classes;
		const visit *v = visit_at(r, n < p->slots ? n : n - 1, k, j);
		dstate[2 * (size_t)p->cells * p->classes + i] += weight_of(r, j) * dy[k];
		dweight[j] += (n < p->slots ? 1 + v->w[0] : (1 + v->w[2]) * e) * dy[k];
	}
}

static void parameters_back(const onn_ref_pulse_row *r, const rates *c, const sums *d, double *to)
{
	const double *x = r->parameters;
	double per = 4.0 * r->kind->cells, dt = d->t - d->e * c->e * c->g1;
	to[ONN_PULSE_ROW_DEPTH] = d->h * c->g2 / per;
	to[ONN_PULSE_ROW_G1] = -d->e * c->e * c->t;
	to[ONN_PULSE_ROW_G2] = d->h * x[ONN_PULSE_ROW_DEPTH] / per;
	to[ONN_PULSE_ROW_LOSS] = r->kind->lossy ? -d->keep * c->keep / per : 0;
	for (uint32_t j = 0; j < r->kind->classes; j++) {
		/* turn = exp(-t g2 (1 + i off)) */
		number by = conj(get(d->turn[j])) * turn_of(r, j, c);
		number rate = onn_ref_complex(1, offset_of(r, j));
		dt -= creal(by * rate) * c->g2;
		to[ONN_PULSE_ROW_G2] -= creal(by * rate) * c->t;
		to[ONN_PULSE_ROW_FIRST_CLASS + j] = cimag(by) * c->t * c->g2;
	}
	to[ONN_PULSE_ROW_SLOT] = dt / 2;
}

void onn_ref_pulse_bloch_backward(onn_ref_pulse_row *r)
{
	const onn_pulse_rows *p = r->kind;
	rates c = rates_of(r);
	size_t light = onn_pulse_rows_light(p), state = onn_pulse_rows_state(p);
	double *dlight = r->gradients, *dstate = dlight + light, *dparameters = dstate + state;
	double *turns = r->tape + onn_ref_pulse_bloch_tape(p) - 2 * p->classes;
	sums d = {.turn = (double(*)[2])(void *)turns};
	memset(turns, 0, 2 * p->classes * sizeof *turns);
	memset(dparameters, 0, onn_pulse_rows_parameters(p) * sizeof *dparameters);
	double *dweight = dparameters + ONN_PULSE_ROW_FIRST_CLASS + p->classes;
	memcpy(dlight, r->given, (light + state) * sizeof *dlight);
	take_record(r, p->slots, dstate, dweight);
	for (size_t n = p->slots; n-- > 0;) {
		double df[2] = {dlight[n], dlight[p->slots + n]};
		for (uint32_t k = p->cells; k-- > 0;) {
			const passage *through = passage_at(r, n, k);
			d.keep += dot(get(df), get(through->field[2]));
			put(df, get(df) * c.keep);
			pass_cell_back(r, n, k, df, dstate, &c, &d, dweight);
			d.keep += dot(get(df), get(through->field[0]));
			put(df, get(df) * c.keep);
		}
		dlight[n] = df[0];
		dlight[p->slots + n] = df[1];
		take_record(r, n, dstate, dweight);
	}
	parameters_back(r, &c, &d, dparameters);
}
