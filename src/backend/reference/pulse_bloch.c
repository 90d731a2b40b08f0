/*
 * The Bloch model: docs/physics.md, "Pulses in time". The midpoint of a cell is found by halving an
 * interval, and the gradients through it by elimination in the whole system of its equations.
 *
 * Of two beams that meet each has a polarisation of its own in every class, and both share the
 * inversion. The second meets atoms that move with the opposite velocity: the detuning of the class
 * as far from the other end.
 */
#include <complex.h>
#include <math.h>
#include <string.h>

#include "backend/reference/pulse.h"

typedef onn_ref_number number;

enum { BEAMS = 2 }; /* at most */

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

/* The class whose detuning a beam meets in class j. */
static uint32_t met_by(const onn_ref_pulse_row *r, uint32_t j, uint32_t beam)
{
	return beam == 0 ? j : r->kind->classes - 1 - j;
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

/* A class of a cell in a step: at its start, before the midpoint, behind it. */
typedef struct visit {
	double p[3][BEAMS][2], w[3];
} visit;

/* A cell: the fields before the loss in front, behind that, behind the midpoint. */
typedef struct passage {
	double field[3][BEAMS][2];
} passage;

enum { VISIT = sizeof(visit) / sizeof(double), PASSAGE = sizeof(passage) / sizeof(double) };

/* The equations of a cell: two of each field; and of each class two of each polarisation, one of
 * the inversion. */
static size_t of_class(const onn_pulse_rows *kind) { return 2 * (size_t)kind->beams + 1; }
static size_t equations(const onn_pulse_rows *kind)
{
	return 2 * (size_t)kind->beams + of_class(kind) * kind->classes;
}

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

/* Re(conj(a) b) */
static double dot(number a, number b) { return creal(a) * creal(b) + cimag(a) * cimag(b); }

/* The sum of these over beams. */
static double dots(const onn_pulse_rows *p, const number *a, const number *b)
{
	double sum = 0;
	for (uint32_t i = 0; i < p->beams; i++)
		sum += dot(a[i], b[i]);
	return sum;
}

static void get_middle(number *to, const onn_pulse_rows *p, double x[3][BEAMS][2])
{
	for (uint32_t i = 0; i < p->beams; i++)
		to[i] = (get(x[1][i]) + get(x[2][i])) / 2;
}

/* Whether a beam has a sample in cell k at step n: where not, the atoms do not radiate into it. */
static bool is_there(const onn_pulse_rows *p, uint32_t beam, size_t n, size_t k)
{
	size_t at;
	return onn_ref_pulse_sample_at(&at, p, (int)beam, n, k);
}

/* x of Wm = x (W + h P) = x b, P and inversion sums over the classes: x (1 - h t s(x)) = 1. */
static double midpoint(
    const onn_pulse_rows *p, const number *b, const number *sum, double inversion, const rates *c)
{
	double low = 0, high = 1, along = dots(p, b, sum), square = dots(p, b, b);
	for (int i = 0; i < 2200; i++) {
		double x = i < 1000 ? high : low + (high - low) / 2;
		double s = (inversion - c->t * x * along) / (1 + c->t * c->t * x * x * square);
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
	size_t each = (size_t)p->cells * p->classes, last = of_class(p) - 1;
	number sum[BEAMS] = {0}, m[BEAMS], p0[BEAMS];
	double inversion = 0;
	for (uint32_t j = 0; j < p->classes; j++) {
		visit *v = visit_at(r, n, k, j);
		double *at = state + k * p->classes + j;
		for (uint32_t b = 0; b < p->beams; b++) {
			number start = onn_ref_complex(at[2 * b * each], at[(2 * b + 1) * each]);
			put(v->p[0][b], start);
			put(v->p[1][b], start * turn_of(r, met_by(r, j, b), c));
			sum[b] += weight_of(r, j) * get(v->p[1][b]);
		}
		v->w[0] = at[last * each];
		v->w[1] = (1 + v->w[0]) * c->e - 1;
		inversion += weight_of(r, j) * v->w[1];
	}
	for (uint32_t b = 0; b < p->beams; b++)
		m[b] = is_there(p, b, n, k) ? field[b] + c->h * sum[b] : 0;
	double x = midpoint(p, m, sum, inversion, c);
	for (uint32_t b = 0; b < p->beams; b++) {
		m[b] *= x;
		field[b] = 2 * m[b] - field[b];
	}
	for (uint32_t j = 0; j < p->classes; j++) {
		visit *v = visit_at(r, n, k, j);
		double *at = state + k * p->classes + j;
		for (uint32_t b = 0; b < p->beams; b++)
			p0[b] = get(v->p[1][b]);
		double w = (v->w[1] - c->t * dots(p, m, p0)) / (1 + c->t * c->t * dots(p, m, m));
		for (uint32_t b = 0; b < p->beams; b++) {
			put(v->p[2][b], p0[b] + 2 * c->t * w * m[b]);
			number end = get(v->p[2][b]) * turn_of(r, met_by(r, j, b), c);
			at[2 * b * each] = creal(end);
			at[(2 * b + 1) * each] = cimag(end);
		}
		v->w[2] = 2 * w - v->w[1];
		at[last * each] = (1 + v->w[2]) * c->e - 1;
	}
}

static void put_record(const onn_ref_pulse_row *r, size_t n, const double *state)
{
	const onn_pulse_rows *p = r->kind;
	const double *w = state + (of_class(p) - 1) * p->cells * p->classes;
	double *to = r->given + onn_pulse_rows_light(p) + onn_pulse_rows_state(p) + n * p->cells;
	for (uint32_t k = 0; p->record && k < p->cells; k++) {
		to[k] = 0;
		for (uint32_t j = 0; j < p->classes; j++)
			to[k] += weight_of(r, j) * (1 + w[k * p->classes + j]);
	}
}

/* Fields, or their gradients, of the samples that are in cell k at step n; 0 where there are none.
 */
static void load(number *field, const onn_pulse_rows *p, const double *light, size_t n, size_t k)
{
	size_t at;
	for (uint32_t b = 0; b < BEAMS; b++)
		field[b] = onn_ref_pulse_sample_at(&at, p, (int)b, n, k)
		               ? onn_ref_complex(light[2 * (size_t)b * p->slots + at],
		                     light[(2 * (size_t)b + 1) * p->slots + at])
		               : 0;
}

static void store(double *light, const onn_pulse_rows *p, const number *field, size_t n, size_t k)
{
	size_t at;
	for (uint32_t b = 0; b < p->beams; b++)
		if (onn_ref_pulse_sample_at(&at, p, (int)b, n, k)) {
			light[2 * (size_t)b * p->slots + at] = creal(field[b]);
			light[(2 * (size_t)b + 1) * p->slots + at] = cimag(field[b]);
		}
}

void onn_ref_pulse_bloch_forward(onn_ref_pulse_row *r)
{
	const onn_pulse_rows *p = r->kind;
	rates c = rates_of(r);
	double *light = r->given, *state = r->given + onn_pulse_rows_light(p);
	memcpy(light, r->light, onn_pulse_rows_light(p) * sizeof *light);
	memcpy(state, r->state, onn_pulse_rows_state(p) * sizeof *state);
	for (size_t n = 0; n < onn_pulse_rows_steps(p); n++) {
		put_record(r, n, state);
		for (uint32_t k = 0; k < p->cells; k++) {
			passage *through = passage_at(r, n, k);
			number field[BEAMS];
			load(field, p, light, n, k);
			for (uint32_t b = 0; b < p->beams; b++) {
				put(through->field[0][b], field[b]);
				field[b] *= c.keep;
				put(through->field[1][b], field[b]);
			}
			pass_cell(r, n, k, field, state, &c);
			for (uint32_t b = 0; b < p->beams; b++) {
				put(through->field[2][b], field[b]);
				field[b] *= c.keep;
			}
			store(light, p, field, n, k);
		}
	}
	put_record(r, onn_pulse_rows_steps(p), state);
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
 * in the order Re Wm, Im Wm of each beam, then of each class Re pm, Im pm of each beam, wm.
 */
static void write_equations(
    double *a, const onn_ref_pulse_row *r, size_t n, uint32_t k, const number *m, const rates *c)
{
	const onn_pulse_rows *p = r->kind;
	size_t size = equations(p), width = size + 1, fields = 2 * (size_t)p->beams;
	memset(a, 0, size * width * sizeof *a);
	for (size_t i = 0; i < size; i++)
		a[i * width + i] = 1;
	for (uint32_t j = 0; j < p->classes; j++) {
		visit *v = visit_at(r, n, k, j);
		size_t at = fields + of_class(p) * j, last = at + fields;
		number pm[BEAMS];
		get_middle(pm, p, v->p);
		double wm = (v->w[1] + v->w[2]) / 2;
		for (size_t i = 0; i < fields; i++) {
			double field = i % 2 ? cimag(m[i / 2]) : creal(m[i / 2]);
			double polarisation = i % 2 ? cimag(pm[i / 2]) : creal(pm[i / 2]);
			/* row: by which unknown; column: of which equation */
			if (is_there(p, (uint32_t)(i / 2), n, k))
				a[(at + i) * width + i] = -c->h * weight_of(r, j);
			a[i * width + at + i] = -c->t * wm;
			a[last * width + at + i] = -c->t * field;
			a[i * width + last] = c->t * polarisation;
			a[(at + i) * width + last] = c->t * field;
		}
	}
}

/* Back through half a slot in the dark of class j, which began with (p, w): gradients behind, then
 * before; at: each is `each` numbers from the one before. */
static void relax_back(double *at, size_t each, double p[BEAMS][2], double w,
    const onn_ref_pulse_row *r, uint32_t j, const rates *c, sums *d)
{
	size_t last = of_class(r->kind) - 1;
	for (uint32_t b = 0; b < r->kind->beams; b++) {
		uint32_t met = met_by(r, j, b);
		number g = onn_ref_complex(at[2 * b * each], at[(2 * b + 1) * each]);
		number sum = get(d->turn[met]) + g * conj(get(p[b]));
		put(d->turn[met], sum);
		g *= conj(turn_of(r, met, c));
		at[2 * b * each] = creal(g);
		at[(2 * b + 1) * each] = cimag(g);
	}
	d->e += at[last * each] * (1 + w);
	at[last * each] *= c->e;
}

/* From the solved equations to the gradients before class j. */
static void class_back(onn_ref_pulse_row *r, size_t n, uint32_t k, uint32_t j, const double *a,
    const number *m, double *at, const rates *c, sums *d, double *dweight)
{
	const onn_pulse_rows *p = r->kind;
	size_t each = (size_t)p->cells * p->classes, width = equations(p) + 1;
	size_t fields = 2 * (size_t)p->beams, first = fields + of_class(p) * j;
	visit *v = visit_at(r, n, k, j);
	double wm = (v->w[1] + v->w[2]) / 2, uw = a[(first + fields) * width + width - 1];
	number pm[BEAMS];
	get_middle(pm, p, v->p);
	for (uint32_t b = 0; b < p->beams; b++) {
		size_t i = first + 2 * (size_t)b;
		number u = onn_ref_complex(
		    a[2 * b * width + width - 1], a[(2 * b + 1) * width + width - 1]);
		number x =
		    onn_ref_complex(a[i * width + width - 1], a[(i + 1) * width + width - 1]);
		if (is_there(p, b, n, k)) {
			d->h += weight_of(r, j) * dot(u, pm[b]);
			dweight[j] += c->h * dot(u, pm[b]);
		}
		d->t += dot(x, m[b]) * wm - uw * dot(m[b], pm[b]);
	}
	for (size_t i = 0; i < of_class(p); i++)
		at[i * each] = a[(first + i) * width + width - 1] - at[i * each];
	relax_back(at, each, v->p[0], v->w[0], r, j, c, d);
}

/* d: of a cell's fields and states behind, then before. */
static void pass_cell_back(onn_ref_pulse_row *r, size_t n, uint32_t k, number *dfield,
    double *dstate, const rates *c, sums *d, double *dweight)
{
	const onn_pulse_rows *p = r->kind;
	passage *through = passage_at(r, n, k);
	size_t each = (size_t)p->cells * p->classes, size = equations(p), width = size + 1;
	size_t fields = 2 * (size_t)p->beams;
	double *a = r->tape + onn_ref_pulse_bloch_tape(p) - size * width - 2 * p->classes;
	number m[BEAMS];
	get_middle(m, p, through->field);
	write_equations(a, r, n, k, m, c);
	for (uint32_t b = 0; b < p->beams; b++) {
		a[2 * b * width + size] = 2 * creal(dfield[b]);
		a[(2 * b + 1) * width + size] = 2 * cimag(dfield[b]);
	}
	for (uint32_t j = 0; j < p->classes; j++) {
		visit *v = visit_at(r, n, k, j);
		double *at = dstate + k * p->classes + j;
		relax_back(at, each, v->p[2], v->w[2], r, j, c, d);
		for (size_t i = 0; i < of_class(p); i++)
			a[(fields + of_class(p) * j + i) * width + size] = 2 * at[i * each];
	}
	eliminate(a, size);
	for (uint32_t j = 0; j < p->classes; j++)
		class_back(r, n, k, j, a, m, dstate + k * p->classes + j, c, d, dweight);
	for (uint32_t b = 0; b < p->beams; b++)
		dfield[b] =
		    onn_ref_complex(a[2 * b * width + size], a[(2 * b + 1) * width + size]) -
		    dfield[b];
}

static void take_record(const onn_ref_pulse_row *r, size_t n, double *dstate, double *dweight)
{
	const onn_pulse_rows *p = r->kind;
	const double *dy =
	    r->given + onn_pulse_rows_light(p) + onn_pulse_rows_state(p) + n * p->cells;
	size_t steps = onn_pulse_rows_steps(p), last = of_class(p) - 1;
	double e = rates_of(r).e;
	for (uint32_t i = 0; p->record && i < p->cells * p->classes; i++) {
		uint32_t k = i / p->classes, j = i % p->classes;
		const visit *v = visit_at(r, n < steps ? n : n - 1, k, j);
		dstate[last * p->cells * p->classes + i] += weight_of(r, j) * dy[k];
		dweight[j] += (n < steps ? 1 + v->w[0] : (1 + v->w[2]) * e) * dy[k];
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
	take_record(r, onn_pulse_rows_steps(p), dstate, dweight);
	for (size_t n = onn_pulse_rows_steps(p); n-- > 0;) {
		for (uint32_t k = p->cells; k-- > 0;) {
			passage *through = passage_at(r, n, k);
			number df[BEAMS];
			load(df, p, dlight, n, k);
			for (uint32_t b = 0; b < p->beams; b++) {
				d.keep += dot(df[b], get(through->field[2][b]));
				df[b] *= c.keep;
			}
			pass_cell_back(r, n, k, df, dstate, &c, &d, dweight);
			for (uint32_t b = 0; b < p->beams; b++) {
				d.keep += dot(df[b], get(through->field[0][b]));
				df[b] *= c.keep;
			}
			store(dlight, p, df, n, k);
		}
		take_record(r, n, dstate, dweight);
	}
	parameters_back(r, &c, &d, dparameters);
}
