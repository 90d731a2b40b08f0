/*
 * What tests of light share: fields of numbers, runs on a device, and propagation computed in
 * another way, in long double by the plain sums.
 */
#ifndef ONN_TESTS_OPTICS_LIGHT_H
#define ONN_TESTS_OPTICS_LIGHT_H

#include <complex.h>

#include <onn/fourier.h>
#include <onn/optics.h>

#include "device.h"
#include "network.h"

typedef double _Complex number;
typedef long double _Complex wide;

#define PI 3.14159265358979323846264338327950288L

/* Numbers between -1 and 1 that do not repeat. */
static inline void random_numbers(number *e, size_t count, unsigned seed)
{
	uint64_t state = 0x9e3779b97f4a7c15u * (seed + 1);
	double part[2];
	for (size_t i = 0; i < count; i++) {
		for (int k = 0; k < 2; k++) {
			state = state * 6364136223846793005u + 1442695040888963407u;
			part[k] = (double)(state >> 11) * 0x1p-52 - 1;
		}
		e[i] = part[0] + part[1] * _Complex_I;
	}
}

static inline onn_propagation with(
    onn_method method, onn_evanescent policy, ptrdiff_t py, ptrdiff_t px)
{
	onn_propagation p = ONN_PROPAGATION_INIT;
	p.method = method;
	p.evanescent = policy;
	p.pad[0] = py;
	p.pad[1] = px;
	return p;
}

static inline onn_field field_of_numbers(
    onn_graph *g, const onn_grid *grid, const onn_light *light, const number *e)
{
	size_t shape[3] = {light->nwavelengths, grid->ny, grid->nx},
	       skip = light->nwavelengths == 1;
	onn_node x = constant_of(g, light->type, 3 - skip, shape + skip, (const double *)e);
	return onn_field_of(g, x, grid, light);
}

/* One propagation of plain numbers; *to, where it is not NULL, receives the new grid. */
static inline void run_propagation(onn_device *device, const onn_grid *grid, const onn_light *light,
    double z, const onn_propagation *how, const number *in, number *out, onn_grid *to)
{
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	onn_field f = onn_propagate(g, field_of_numbers(g, grid, light, in), z, how);
	ck_assert_msg(f.e.id, "%s", onn_graph_error(g));
	compute(device, g, &f.e, 1, (double *[]){(double *)out});
	if (to)
		*to = f.grid;
	onn_graph_destroy(g);
}

/* Largest difference over the largest magnitude of the second. */
static inline double worst(const number *a, const number *b, size_t count)
{
	double difference = 0, peak = 0;
	for (size_t i = 0; i < count; i++) {
		double d = cabs(a[i] - b[i]);
		difference = d > difference || isnan(d) ? d : difference;
		peak = cabs(b[i]) > peak ? cabs(b[i]) : peak;
	}
	return difference / peak;
}

static inline wide turn(long double turns)
{
	long double angle = 2 * PI * (turns - rintl(turns));
	return cosl(angle) + sinl(angle) * (wide)_Complex_I;
}

/* X[k] = sum of x[j] exp(-+ 2 pi i j k/n) along one axis, as it is written. */
static inline void wide_dft(wide *x, size_t n, size_t stride, int sign)
{
	wide *root = calloc(n, sizeof *root), *y = calloc(n, sizeof *y);
	for (size_t k = 0; k < n; k++)
		root[k] = turn(sign * (long double)k / (long double)n);
	for (size_t k = 0; k < n; k++)
		for (size_t j = 0; j < n; j++)
			y[k] += x[j * stride] * root[j * k % n];
	for (size_t k = 0; k < n; k++)
		x[k * stride] = y[k];
	free(root);
	free(y);
}

static inline void wide_dft_2d(wide *x, size_t ny, size_t nx, int sign)
{
	for (size_t iy = 0; iy < ny; iy++)
		wide_dft(x + iy * nx, nx, 1, sign);
	for (size_t ix = 0; ix < nx; ix++)
		wide_dft(x + ix, ny, nx, sign);
}

/* Frequency of index k of n, cycles a metre. */
static inline long double frequency(size_t k, size_t n, double d)
{
	return (long double)(2 * k < n ? (ptrdiff_t)k : (ptrdiff_t)k - (ptrdiff_t)n) /
	       ((long double)n * d);
}

/* H by the textbook's formula, its whole phase in long double. */
static inline wide wide_transfer(onn_method method, onn_evanescent policy, long double fy,
    long double fx, double z, double lambda)
{
	long double l = lambda, root = 1 / (l * l) - fy * fy - fx * fx;
	if (method == ONN_METHOD_FRESNEL)
		return turn(fmodl(z / l, 1) - fmodl(l * z * (fy * fy + fx * fx) / 2, 1));
	if (root >= 0)
		return turn(fmodl(z * sqrtl(root), 1));
	return policy == ONN_EVANESCENT_DECAY  ? expl(-2 * PI * z * sqrtl(-root))
	       : policy == ONN_EVANESCENT_DROP ? 0
	                                       : 1;
}

/* One wavelength by that H; band: whether [M]'s limit applies. */
static inline void wide_propagation(const onn_grid *grid, double lambda, double z,
    onn_method method, onn_evanescent policy, const size_t pad[2], const number *in, number *out)
{
	size_t ny = grid->ny + 2 * pad[0], nx = grid->nx + 2 * pad[1];
	wide *x = calloc(ny * nx, sizeof *x);
	for (size_t iy = 0; iy < grid->ny; iy++)
		for (size_t ix = 0; ix < grid->nx; ix++)
			x[(iy + pad[0]) * nx + ix + pad[1]] = in[iy * grid->nx + ix];
	wide_dft_2d(x, ny, nx, -1);
	for (size_t iy = 0; iy < ny; iy++) {
		for (size_t ix = 0; ix < nx; ix++) {
			long double fy = frequency(iy, ny, grid->dy),
			            fx = frequency(ix, nx, grid->dx);
			long double dfy = 1 / ((long double)ny * grid->dy);
			long double dfx = 1 / ((long double)nx * grid->dx);
			wide h = wide_transfer(method, policy, fy, fx, z, lambda);
			if (method == ONN_METHOD_BAND_LIMITED &&
			    (fabsl(fy) > 1 / (lambda * sqrtl(4 * z * z * dfy * dfy + 1)) ||
			        fabsl(fx) > 1 / (lambda * sqrtl(4 * z * z * dfx * dfx + 1))))
				h = 0;
			x[iy * nx + ix] *= h / (long double)(ny * nx);
		}
	}
	wide_dft_2d(x, ny, nx, 1);
	for (size_t iy = 0; iy < grid->ny; iy++)
		for (size_t ix = 0; ix < grid->nx; ix++)
			out[iy * grid->nx + ix] = (number)x[(iy + pad[0]) * nx + ix + pad[1]];
	free(x);
}

#endif
