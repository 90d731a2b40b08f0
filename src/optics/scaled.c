/*
 * The angular spectrum summed at the points of another grid, by the chirp-z transform.
 *
 * On one axis, with N padded pixels of pitch d, the spectrum S_k and the points X_j = A + j d' (A
 * counted from the first padded pixel) the sum is
 *
 *     u_j = 1/N sum over q of S_(k0+q) exp(2 pi i (k0 + q)(A + j d')/(N d)),   k0 = -floor(N/2),
 *
 * and with alpha = d'/(N d) and q j = (q^2 + j^2 - (j - q)^2)/2 it is a convolution with
 * exp(-pi i alpha o^2), between a factor of q and a factor of j.
 *
 * @see Bluestein, IEEE Trans. Audio Electroacoust. 18, 451 (1970); Rabiner, Schafer and Rader, Bell
 * Syst. Tech. J. 48, 1249 (1969)
 */
#include <stdlib.h>
#include <string.h>

#include <onn/fourier.h>

#include "core/dft.h"
#include "core/error.h"
#include "optics/far.h"
#include "optics/source.h"
#include "optics/transfer.h"

/* One axis of the sum above. */
typedef struct axis_sum {
	size_t n, m, size; /* padded pixels, points, length of the convolution */
	double d, to;      /* pitches */
	double start;      /* A */
} axis_sum;

typedef enum quantity { BEFORE, CHIRP, AFTER } quantity;

typedef struct request {
	char name[16];
	quantity what;
	onn_type type;
	axis_sum axis[2];
} request;

static axis_sum sum_along(const onn_request *r, int axis)
{
	const onn_grid *from = r->grid, *to = &r->how.to;
	size_t n = axis ? from->nx : from->ny, m = axis ? to->nx : to->ny;
	double d = axis ? from->dx : from->dy, centre = axis ? from->x0 : from->y0;
	axis_sum s;
	memset(&s, 0, sizeof s);
	s.n = n + 2 * r->pad[axis];
	s.m = m;
	s.size = onn_smooth_size(s.n + m - 1);
	s.d = d;
	s.to = axis ? to->dx : to->dy;
	s.start = onn_grid_at(to, axis, 0) - centre + (double)(r->pad[axis] + n / 2) * d;
	return s;
}

/* What the table holds along one axis; zeros between the chirp's two sides. */
static void fill_line(quantity what, const axis_sum *s, double _Complex *line)
{
	long double n = (long double)s->n, period = n * s->d, alpha = s->to / period;
	long double first = -(long double)(s->n / 2);
	if (what == BEFORE)
		for (size_t q = 0; q < s->n; q++)
			line[q] = onn_turns((long double)q * s->start / period +
			                    alpha / 2 * (long double)q * (long double)q);
	if (what == CHIRP)
		for (size_t o = 0; o < (s->m > s->n ? s->m : s->n); o++) {
			double _Complex value =
			    onn_turns(-alpha / 2 * (long double)o * (long double)o);
			if (o < s->m)
				line[o] = value;
			if (o > 0 && o < s->n)
				line[s->size - o] = value;
		}
	if (what == AFTER)
		for (size_t j = 0; j < s->m; j++)
			line[j] = onn_turns(first * (s->start + (long double)j * s->to) / period +
			                    alpha / 2 * (long double)j * (long double)j) /
			          (double)n;
}

static size_t length_of(quantity what, const axis_sum *s)
{
	return what == BEFORE ? s->n : what == CHIRP ? s->size : s->m;
}

/* The product of both axes' lines; of the chirps their transforms'. */
static onn_status make(onn_array **table, const void *argument)
{
	const request *r = argument;
	size_t n[2] = {length_of(r->what, &r->axis[0]), length_of(r->what, &r->axis[1])};
	onn_light light = onn_monochromatic(ONN_C128, 1);
	onn_status status = onn_light_table(table, "onn_propagate", &light, n[0], n[1]);
	double _Complex *line[2] = {calloc(n[0], sizeof **line), calloc(n[1], sizeof **line)};
	if (status == ONN_OK && (!line[0] || !line[1]))
		status = onn_error_memory("onn_propagate", (n[0] + n[1]) * sizeof **line);
	for (int axis = 0; axis < 2 && status == ONN_OK; axis++) {
		fill_line(r->what, &r->axis[axis], line[axis]);
		if (r->what == CHIRP)
			status = onn_dft_2d(line[axis], 1, n[axis], false);
	}
	if (status == ONN_OK) {
		double _Complex *value = onn_array_data(*table);
		for (size_t iy = 0; iy < n[0]; iy++)
			for (size_t ix = 0; ix < n[1]; ix++)
				*value++ = line[0][iy] * line[1][ix];
		status = onn_round_table(table, r->type);
	} else {
		onn_array_destroy(*table);
		*table = NULL;
	}
	free(line[0]);
	free(line[1]);
	return status;
}

onn_field onn_scaled(onn_graph *g, const onn_request *r, onn_node e)
{
	onn_transfer t;
	onn_transfer_request(
	    &t, r->grid, r->light, ONN_METHOD_ASM, r->how.evanescent, r->pad, r->z);
	request key;
	memset(&key, 0, sizeof key);
	memcpy(key.name, "scaled", 6);
	key.type = r->light->type;
	key.axis[0] = sum_along(r, 0);
	key.axis[1] = sum_along(r, 1);
	onn_node factor[3];
	for (int i = 0; i < 3; i++) {
		key.what = (quantity)i;
		factor[i] = onn_keyed_constant(g, &key, sizeof key, make, &key);
	}
	e = onn_pad(g, onn_pad(g, e, -1, r->pad[1], r->pad[1]), -2, r->pad[0], r->pad[0]);
	e = onn_mul(g, onn_fft2(g, e), onn_transfer_node(g, &t));
	/* the lowest frequency first, as the sum counts them */
	e = onn_mul(g, onn_fftshift(g, onn_fftshift(g, e, -1), -2), factor[BEFORE]);
	onn_window keep = {{0, 0}, {r->how.to.ny, r->how.to.nx}};
	e = onn_mul(g, onn_filter(g, e, factor[CHIRP], NULL, &keep), factor[AFTER]);
	return e.id ? (onn_field){e, r->how.to, *r->light} : onn_null_field;
}
