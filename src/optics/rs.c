/*
 * Rayleigh-Sommerfeld's integral of the first kind, as a linear convolution: the
 * kernel at all differences of pixels, its spectrum by the host's transform.
 */
#include "optics/rs.h"

#include <string.h>

#include <onn/fourier.h>

#include "core/dft.h"
#include "optics/source.h"

typedef struct request {
	char name[16];
	onn_grid grid;
	onn_light light;
	double z;
} request;

/* z/(2 pi) exp(ikr)/r^2 (1/r - ik), z > 0 */
static double _Complex kernel(long double rho2, double z, double wavelength)
{
	long double r2 = rho2 + (long double)z * z, r = sqrtl(r2);
	double scale = (double)(z / (2 * ONN_PI * r2)), k = (double)(2 * ONN_PI / wavelength);
	return scale * ((double)(1 / r) - k * _Complex_I) *
	       onn_turns(onn_radial_turns(z, rho2, wavelength));
}

/* J1(t) + i Y1(t) by the ascending series, 0 < t < 1. */
static double _Complex hankel_near(double t)
{
	const double euler = 0.57721566490153286;
	double term = t / 2, psi = 1 - 2 * euler, j = 0, y = 0;
	for (int i = 0; i < 12; i++) {
		j += term;
		y += psi * term;
		term *= -t * t / (4. * (i + 1) * (i + 2));
		psi += 1. / (i + 1) + 1. / (i + 2);
	}
	return j + (2 * log(t / 2) * j - y - 2 / t) / (double)ONN_PI * _Complex_I;
}

/*
 * Hankel's H1(t) without its exp(it), t >= 1:
 *
 *     exp(-3 pi i/4) sqrt(2/(pi t)) 2/sqrt(pi) int u^2 exp(-u^2) sqrt(1 + i u^2/(2t)) du
 *
 * over all real u. The trapezoidal rule's error falls as exp(-2 pi a/h), a the distance to the
 * branch point, sqrt(t), or what the Gaussian allows: with this h below a double's rounding.
 */
static double _Complex hankel_far(double t)
{
	double h = fmin(.4, .14 * sqrt(t));
	double _Complex sum = 0;
	for (double u = h; u < 6.5; u += h)
		sum += 2 * u * u * exp(-u * u) * csqrt(1 + u * u / (2 * t) * _Complex_I);
	return sqrt(2 / t) * 2 / (double)ONN_PI * h * sum * onn_turns(-.375L);
}

/* The kernel of one dimension, (ik/2) (z/r) H1(kr), z > 0. */
static double _Complex row_kernel(long double rho2, double z, double wavelength)
{
	double k = (double)(2 * ONN_PI / wavelength), r = (double)sqrtl(rho2 + (long double)z * z);
	double _Complex h =
	    k * r < 1 ? hankel_near(k * r)
	              : hankel_far(k * r) * onn_turns(onn_radial_turns(z, rho2, wavelength));
	return k / 2 * (z / r) * h * _Complex_I;
}

/* Its spectrum; the kernel is even in both axes. */
static onn_status fill(
    const request *r, double wavelength, size_t ny, size_t nx, double _Complex *h)
{
	const onn_grid *grid = &r->grid;
	bool row = grid->ny == 1;
	double area = row ? grid->dx : grid->dy * grid->dx, z = fabs(r->z);
	for (size_t iy = 0; iy < grid->ny; iy++) {
		for (size_t ix = 0; ix < grid->nx; ix++) {
			long double y = (long double)iy * grid->dy, x = (long double)ix * grid->dx;
			double _Complex value = area * (row ? row_kernel(x * x, z, wavelength)
			                                    : kernel(y * y + x * x, z, wavelength));
			if (r->z < 0)
				value = conj(value);
			size_t my = (ny - iy) % ny, mx = (nx - ix) % nx;
			h[iy * nx + ix] = h[iy * nx + mx] = value;
			h[my * nx + ix] = h[my * nx + mx] = value;
		}
	}
	return onn_dft_2d(h, ny, nx, false);
}

static onn_status make(onn_array **table, const void *argument)
{
	const request *r = argument;
	size_t ny = onn_smooth_size(2 * r->grid.ny - 1), nx = onn_smooth_size(2 * r->grid.nx - 1);
	onn_status status = onn_light_table(table, "onn_propagate", &r->light, ny, nx);
	if (status)
		return status;
	double _Complex *value = onn_array_data(*table);
	for (size_t w = 0; w < r->light.nwavelengths && status == ONN_OK; w++)
		status = fill(r, r->light.wavelength[w], ny, nx, value + w * ny * nx);
	if (status) {
		onn_array_destroy(*table);
		*table = NULL;
		return status;
	}
	return onn_round_table(table, r->light.type);
}

onn_node onn_rs(onn_graph *g, const onn_field *field, double z)
{
	request r;
	memset(&r, 0, sizeof r);
	memcpy(r.name, "rs", 2);
	r.grid = field->grid;
	r.grid.y0 = r.grid.x0 = 0; /* only differences count */
	onn_light_key(&r.light, &field->light);
	r.z = z;
	onn_node spectrum = onn_keyed_constant(g, &r, sizeof r, make, &r);
	return onn_filter(g, field->e, spectrum, NULL, NULL);
}
