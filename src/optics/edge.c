/*
 * The truth is the field as a sum of plane waves with frequencies up to 1/(2 d), which travels with
 * the kernel
 *
 *     g(x) = d int_-F^F H(f) exp(2 pi i f x) df,   F = 1/(2 d).
 *
 * Its integrand's phase stands still where light arrives at x, and what is left comes from the ends
 * of the integral: with X = z tan(asin(lambda F)), where light of frequency F arrives,
 *
 *     +- (-1)^(x/d) d H(F)/(2 pi i) [1/(x - X) - 1/(x + X)].
 *
 * Beyond X that is all of g. The angular spectrum on N pixels adds g at x + k N d, k != 0, to g(x);
 * Rayleigh's kernel, which has all frequencies, lacks the ends. Both errors are thus known but for
 * higher orders: a sum over the field with alternating signs and slowly varying weights, for each
 * line; and across the lines, where the other axis' frequencies are still to travel, with H(F, .).
 * Near X the ends' terms are no larger than half of the kernel itself.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "optics/edge.h"

#include "core/dft.h"
#include "core/error.h"
#include "core/memory.h"
#include "optics/source.h"

enum { PLACES = 9, IMAGES = 60, MOST_ACROSS = 1 << 18 };

/* Along an axis. */
typedef struct span {
	size_t n, padded;
	double d, reach, most; /* most: of an end's term */
	bool rs, repeats;
} span;

static double cosine(double d, double wavelength)
{
	double sine = wavelength / (2 * d);
	return sine < 1 ? sqrt(1 - sine * sine) : 0;
}

double onn_edge_reach(double d, double wavelength, double z)
{
	double c = cosine(d, wavelength);
	return c > 0 ? fabs(z) * (wavelength / (2 * d)) / c : INFINITY;
}

static double ends(const span *s, double x)
{
	double near = 1 / (ONN_TWO_PI * fabs(x - s->reach));
	double far = 1 / (ONN_TWO_PI * fabs(x + s->reach));
	if (s->rs) /* within the reach: both have one sign */
		return fmin(near, s->most) + fmin(far, s->most);
	return fmin(near, s->most) - fmin(far, s->most);
}

/* The weight of light that is x aside, but for the alternating sign. */
static double weight(const span *s, double x)
{
	double sum = 0, period = (double)s->padded * s->d;
	if (s->rs)
		return s->d * ends(s, fabs(x));
	for (int k = 1; k <= IMAGES; k++) {
		double both = ends(s, k * period + x) + ends(s, k * period - x);
		sum += s->padded % 2 && k % 2 ? -both : both;
	}
	return s->d * sum;
}

/* H(F, .) over the frequencies of the other axis, m of them. */
static void transfer(double _Complex *h, size_t m, double d, double rest, double z)
{
	for (size_t i = 0; i < m; i++) {
		double f = (double)(i < m - i ? i : m - i) / ((double)m * d), root = rest - f * f;
		h[i] = root >= 0 ? onn_turns((long double)z * sqrtl(root))
		                 : exp(-ONN_TWO_PI * z * sqrt(-root));
	}
}

double onn_largest_amplitude(const double _Complex *e, size_t n)
{
	double most = 0;
	for (size_t i = 0; i < n; i++)
		most = fmax(most, cabs(e[i]));
	return most;
}

/* Lines of errors as they arrive across: n lit pixels of m. */
static onn_status travel(
    double *error, double _Complex *line, size_t n, size_t m, const double _Complex *h)
{
	onn_dft *dft = NULL;
	onn_status status = onn_dft_create(&dft, m);
	double _Complex *work = status ? NULL : malloc(sizeof *work * (onn_dft_work(dft) + 1));
	if (!status && !work)
		status = onn_error_memory("onn_propagation_measure", onn_dft_work(dft) * 16);
	for (size_t k = 0; k < PLACES && !status; k++) {
		double _Complex *e = line + k * m;
		onn_dft_run(dft, e, 1, false, work);
		for (size_t i = 0; i < m; i++)
			e[i] *= h[i] / (double)m;
		onn_dft_run(dft, e, 1, true, work);
		*error = fmax(*error, onn_largest_amplitude(e, n));
	}
	free(work);
	onn_dft_destroy(dft);
	return status;
}

/* The error at some places along the axis, for each line across: [place, m]. */
static onn_status gather(
    double _Complex *line, size_t m, const onn_edge *g, int axis, const span *s)
{
	size_t lines = g->n[!axis], step = axis ? 1 : g->n[1], across = axis ? g->n[1] : 1;
	double *w = malloc(sizeof *w * s->n);
	if (!w)
		return onn_error_memory("onn_propagation_measure", sizeof *w * s->n);
	for (size_t k = 0; k < PLACES; k++) {
		size_t at = k * (s->n - 1) / (PLACES - 1);
		for (size_t i = 0; i < s->n; i++) {
			double x = ((double)at - (double)i) * s->d;
			w[i] = i % 2 ? -weight(s, x) : weight(s, x);
		}
		for (size_t j = 0; j < lines; j++) {
			const double _Complex *e = g->e + j * across;
			double _Complex sum = 0;
			for (size_t i = 0; i < s->n; i++)
				sum += w[i] * e[i * step];
			line[k * m + j] = sum;
		}
	}
	free(w);
	return ONN_OK;
}

static span span_of(const onn_edge *g, int axis, bool rs)
{
	double d = g->d[axis], c = cosine(d, g->wavelength);
	return (span){g->n[axis], g->padded[axis], d, onn_edge_reach(d, g->wavelength, g->z),
	    pow(c, 1.5) / (2 * sqrt(g->wavelength * g->z)), rs, g->repeats[axis]};
}

double onn_edge_worst(const onn_edge *g, int axis, bool rs)
{
	size_t n = g->n[axis], step = onn_size_divide_up(n, 256);
	double most = 0;
	if (n == 1 || cosine(g->d[axis], g->wavelength) <= 0 || (g->repeats[axis] && !rs))
		return 0;
	span s = span_of(g, axis, rs);
	for (size_t k = 0; k < PLACES; k++) {
		double at = (double)(k * (n - 1)) / (PLACES - 1), sum = 0;
		for (size_t i = 0; i < n; i += step)
			sum += fabs(weight(&s, (at - (double)i) * s.d)) * (double)step;
		most = fmax(most, sum);
	}
	return most;
}

onn_status onn_edge_error(double *error, const onn_edge *g, int axis, bool rs)
{
	double d = g->d[axis], c = cosine(d, g->wavelength), rest = c / g->wavelength;
	size_t lines = g->n[!axis], m = lines;
	*error = 0;
	if (g->n[axis] == 1 || c <= 0 || (g->repeats[axis] && !rs))
		return ONN_OK;
	span s = span_of(g, axis, rs);
	if (g->repeats[!axis])
		m = g->padded[!axis];
	else if (lines > 1) {
		double reach = onn_edge_reach(g->d[!axis], 1 / rest, g->z) / g->d[!axis];
		m = (size_t)fmin((double)lines + 1.2 * reach + 16, (double)(lines + MOST_ACROSS));
		m = onn_smooth_size(m);
	}
	double _Complex *line = calloc((PLACES + 1) * m, sizeof *line), *h = line + PLACES * m;
	if (!line)
		return onn_error_memory("onn_propagation_measure", (PLACES + 1) * m * sizeof *line);
	onn_status status = gather(line, m, g, axis, &s);
	if (!status && lines > 1) {
		transfer(h, m, g->d[!axis], rest * rest, g->z);
		status = travel(error, line, lines, m, h);
	} else if (!status) {
		*error = onn_largest_amplitude(line, PLACES);
	}
	free(line);
	return status;
}
