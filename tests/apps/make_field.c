/*
 * Fields for the tests of the command, and what came of them.
 *
 * make_field random|delta|ones|nan|huge TYPE SHAPE FILE     such as c128 3,64,48
 * make_field gaussian N PITCH WAVELENGTH W0 Z FILE     the paraxial beam, N x N
 * make_field square N SIDE FILE                        1 on SIDE x SIDE pixels of N x N
 * make_field grating N PERIOD FILE                     N x 1, half of each period lit
 * make_field lens N PITCH WAVELENGTH F FILE            a thin lens's phase, N x N
 * make_field times FACTOR IN OUT                       as c128
 * make_field shape FILE                                prints "c128 3,64,48"
 * make_field near A B TOLERANCE                        max |a - b| <= TOLERANCE max |b|, of any
 *                                                      two shapes but for axes of 1
 * make_field intensity-near A B TOLERANCE             the same of |a|^2 and |b|^2
 * make_field value FILE INDEX RE IM TOLERANCE          the element at 5,7, relative
 * make_field power FILE PITCH WANTED TOLERANCE         the sum of |E|^2 PITCH^2, relative
 * make_field intensity PICTURE FILE TOLERANCE          grey against |E|^2 over its peak
 */
#include <complex.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/array.h>
#include <onn/image.h>

static const double pi = 3.14159265358979323846;

static void must(onn_status status)
{
	if (!status)
		return;
	fprintf(stderr, "make_field: %s\n", onn_last_error());
	exit(1);
}

static size_t numbers(const char *text, size_t *value)
{
	size_t n = 0;

	for (char *end; n < ONN_MAX_DIMS && *text; text = *end ? end + 1 : end)
		value[n++] = strtoul(text, &end, 10);
	return n;
}

static onn_type type_of(const char *name)
{
	for (int t = 0; t < ONN_TYPE_COUNT; t++)
		if (!strcmp(onn_type_name((onn_type)t), name))
			return (onn_type)t;
	exit(2);
}

/* Numbers in [-1, 1) that only depend on the call. */
static double next(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (double)(*state >> 11) * 0x1p-52 - 1;
}

static void save(const onn_array *values, onn_type type, const char *path)
{
	onn_array *a = NULL;

	must(onn_array_convert(&a, values, type));
	must(onn_array_save(a, path));
	onn_array_destroy(a);
}

static int make(char **argv)
{
	size_t shape[ONN_MAX_DIMS], ndim = numbers(argv[2], shape);
	uint64_t state = 1;
	onn_array *a = NULL;

	must(onn_array_create(&a, ONN_C128, ndim, shape));
	double *x = onn_array_data(a);
	size_t count = onn_array_count(a);
	for (size_t i = 0; i < 2 * count; i++)
		x[i] = !strcmp(argv[0], "random") ? next(&state)
		                                  : strcmp(argv[0], "delta") && i % 2 == 0;
	if (!strcmp(argv[0], "delta")) {
		size_t ny = shape[ndim - 2], nx = shape[ndim - 1];
		x[2 * (ny / 2 * nx + nx / 2)] = 1;
	}
	if (!strcmp(argv[0], "huge"))
		x[0] = 1e300;
	if (!strcmp(argv[0], "nan"))
		x[2 * (count - 1)] = NAN;
	save(a, type_of(argv[1]), argv[3]);
	onn_array_destroy(a);
	return 0;
}

/* (w0/w) exp(-r^2/w^2) exp(i[kz + k r^2/(2R) - atan(z/zR)]), written as 1/q. */
static int gaussian(char **argv)
{
	size_t n = strtoul(argv[1], NULL, 10), shape[2] = {n, n};
	double pitch = atof(argv[2]), wavelength = atof(argv[3]), w0 = atof(argv[4]),
	       z = atof(argv[5]);
	double complex q = 1 + I * z * wavelength / (pi * w0 * w0);
	double complex front = cexp(2 * pi * I * fmod(z, wavelength) / wavelength) / q;
	onn_array *a = NULL;

	must(onn_array_create(&a, ONN_C128, 2, shape));
	double complex *e = onn_array_data(a);
	for (size_t i = 0; i < n * n; i++) {
		double y = ((double)(i / n) - (double)(n / 2)) * pitch;
		double x = ((double)(i % n) - (double)(n / 2)) * pitch;
		e[i] = front * cexp(-(x * x + y * y) / (w0 * w0 * q));
	}
	must(onn_array_save(a, argv[6]));
	onn_array_destroy(a);
	return 0;
}

/* Amplitudes of a square, a grating or a lens by their row and column. */
static int shaped(int argc, char **argv)
{
	bool grating = !strcmp(argv[0], "grating"), lens = !strcmp(argv[0], "lens");
	size_t n = strtoul(argv[1], NULL, 10), shape[2] = {n, grating ? 1 : n};
	onn_array *a = NULL;

	must(onn_array_create(&a, ONN_C128, 2, shape));
	double complex *e = onn_array_data(a);
	for (size_t i = 0; i < onn_array_count(a); i++) {
		size_t iy = i / shape[1], ix = i % shape[1], half = n / 2;
		if (grating) {
			size_t period = strtoul(argv[2], NULL, 10);
			e[i] = iy % period < period / 2;
		} else if (lens) {
			double y = ((double)iy - (double)half) * atof(argv[2]);
			double x = ((double)ix - (double)half) * atof(argv[2]);
			e[i] = cexp(-I * pi * (y * y + x * x) / (atof(argv[3]) * atof(argv[4])));
		} else {
			size_t side = strtoul(argv[2], NULL, 10), first = (n - side) / 2;
			e[i] = iy - first < side && ix - first < side;
		}
	}
	must(onn_array_save(a, argv[argc - 1]));
	onn_array_destroy(a);
	return 0;
}

static onn_array *load(const char *path)
{
	onn_array *read = NULL, *a = NULL;

	must(onn_array_load(&read, path));
	must(onn_array_convert(&a, read, ONN_C128));
	onn_array_destroy(read);
	return a;
}

static int shape(const char *path)
{
	onn_array *a = NULL;

	must(onn_array_load(&a, path));
	printf("%s ", onn_type_name(onn_array_type(a)));
	for (size_t i = 0; i < onn_array_ndim(a); i++)
		printf("%s%zu", i ? "," : "", onn_array_shape(a)[i]);
	printf("\n");
	onn_array_destroy(a);
	return 0;
}

static int report(double error, double tolerance)
{
	if (error <= tolerance)
		return 0;
	printf("off by %.3g, more than %g\n", error, tolerance);
	return 1;
}

/* Axes of more than one element. */
static size_t squeezed(const onn_array *a, size_t shape[ONN_MAX_DIMS])
{
	size_t n = 0;

	for (size_t i = 0; i < onn_array_ndim(a); i++)
		if (onn_array_shape(a)[i] != 1)
			shape[n++] = onn_array_shape(a)[i];
	return n;
}

static int near(char **argv)
{
	bool intensity = strcmp(argv[0], "near") != 0;
	onn_array *a = load(argv[1]), *b = load(argv[2]);
	double complex *x = onn_array_data(a), *y = onn_array_data(b);
	size_t count = onn_array_count(a), first[ONN_MAX_DIMS], second[ONN_MAX_DIMS];
	size_t n = squeezed(a, first);
	double peak = 0, most = 0;

	if (n != squeezed(b, second) || memcmp(first, second, n * sizeof *first) != 0) {
		printf("shapes differ\n");
		return 1;
	}
	for (size_t i = 0; i < count; i++) {
		if (intensity) {
			x[i] *= conj(x[i]);
			y[i] *= conj(y[i]);
		}
		double difference = cabs(x[i] - y[i]);
		most = difference <= most ? most : difference;
		peak = fmax(peak, cabs(y[i]));
	}
	onn_array_destroy(a);
	onn_array_destroy(b);
	return report(most / peak, atof(argv[3]));
}

static int times(char **argv)
{
	onn_array *a = load(argv[2]);
	double complex *x = onn_array_data(a);

	for (size_t i = 0; i < onn_array_count(a); i++)
		x[i] *= atof(argv[1]);
	save(a, ONN_C128, argv[3]);
	return 0;
}

static int value(char **argv)
{
	onn_array *a = load(argv[1]);
	size_t index[ONN_MAX_DIMS], n = numbers(argv[2], index), i = 0;
	double complex wanted = atof(argv[3]) + I * atof(argv[4]);

	if (n != onn_array_ndim(a))
		return 2;
	for (size_t k = 0; k < n; k++)
		i = i * onn_array_shape(a)[k] + index[k];
	double complex found = ((const double complex *)onn_array_const_data(a))[i];
	onn_array_destroy(a);
	int code = report(cabs(found - wanted) / cabs(wanted), atof(argv[5]));
	if (code)
		printf("found %.17g %.17g\n", creal(found), cimag(found));
	return code;
}

static int power(char **argv)
{
	onn_array *a = load(argv[1]);
	const double complex *e = onn_array_const_data(a);
	double pitch = atof(argv[2]), wanted = atof(argv[3]), sum = 0;

	for (size_t i = 0; i < onn_array_count(a); i++)
		sum += creal(e[i] * conj(e[i])) * pitch * pitch;
	onn_array_destroy(a);
	return report(fabs(sum / wanted - 1), atof(argv[4]));
}

static int intensity(char **argv)
{
	onn_array *picture = NULL, *a = load(argv[2]);
	double peak = 0, most = 0;

	must(onn_image_load(&picture, argv[1]));
	const double *grey = onn_array_const_data(picture);
	const double complex *e = onn_array_const_data(a);
	size_t count = onn_array_count(a);
	if (count != onn_array_count(picture))
		return 1;
	for (size_t i = 0; i < count; i++)
		peak = fmax(peak, cabs(e[i]));
	for (size_t i = 0; i < count; i++) {
		double s = cabs(e[i]) / peak, difference = fabs((double)grey[i] - s * s);
		most = difference <= most ? most : difference;
	}
	onn_array_destroy(picture);
	onn_array_destroy(a);
	return report(most, atof(argv[3]));
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (!strcmp(what, "gaussian") && argc == 8)
		return gaussian(argv + 1);
	if (!strcmp(what, "times") && argc == 5)
		return times(argv + 1);
	if (!strcmp(what, "shape") && argc == 3)
		return shape(argv[2]);
	if ((!strcmp(what, "square") || !strcmp(what, "grating")) && argc == 5)
		return shaped(argc - 1, argv + 1);
	if (!strcmp(what, "lens") && argc == 7)
		return shaped(argc - 1, argv + 1);
	if ((!strcmp(what, "near") || !strcmp(what, "intensity-near")) && argc == 5)
		return near(argv + 1);
	if (!strcmp(what, "power") && argc == 6)
		return power(argv + 1);
	if (!strcmp(what, "value") && argc == 7)
		return value(argv + 1);
	if (!strcmp(what, "intensity") && argc == 5)
		return intensity(argv + 1);
	return argc == 5 ? make(argv + 1) : 2;
}
