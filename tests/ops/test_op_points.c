/*
 * Values and the first two derivatives at odd points: 0, below the normal range, tiny, huge,
 * infinite and NaN, in each precision of ONN_TEST_DEVICE, against closed forms in long double,
 * which is as wide as they need. What the closed form has as infinite or NaN has to be that.
 */
#include "testing.h"

#include <complex.h>
#include <float.h>

#include <onn/plan.h>
#include <onn/saturable.h>

#include "device.h"
#include "network.h"

enum { MOST = 40, ORDERS = 3 };

static onn_device *device;
static onn_type real;
static double fine;

typedef long double exact; /* wider than double in its exponent, too */
typedef long double complex exact_complex;

/* C11's CMPLXL, which not every compiler's header has. */
static exact_complex complex_of(exact re, exact im)
{
	exact part[2] = {re, im};
	exact_complex z;
	memcpy(&z, part, sizeof z);
	return z;
}

/* ---- closed forms: the derivative of that order ---- */

static exact square_of(exact x) { return x * x; }

static exact f_recip(int n, exact x)
{
	return n == 0 ? 1 / x : n == 1 ? -1 / x / x : 2 / x / x / x;
}
static exact f_sqrt(int n, exact x)
{
	exact y = sqrtl(x);
	return n == 0 ? y : n == 1 ? .5L / y : -.25L / y / x;
}
static exact f_exp(int n, exact x)
{
	(void)n;
	return expl(x);
}
static exact f_log(int n, exact x) { return n == 0 ? logl(x) : n == 1 ? 1 / x : -1 / x / x; }
static exact f_sin(int n, exact x) { return n == 0 ? sinl(x) : n == 1 ? cosl(x) : -sinl(x); }
static exact f_cos(int n, exact x) { return n == 0 ? cosl(x) : n == 1 ? -sinl(x) : -cosl(x); }
static exact f_tanh(int n, exact x)
{
	exact slope = 1 / square_of(coshl(x));
	return n == 0 ? tanhl(x) : n == 1 ? slope : -2 * tanhl(x) * slope;
}
static exact f_sigmoid(int n, exact x)
{
	return n == 0 ? 1 / (1 + expl(-x)) : f_tanh(n, x / 2) / (n == 1 ? 4 : 8);
}
static exact f_asinh(int n, exact x)
{
	exact r = hypotl(1, x);
	if (n == 0)
		return asinhl(x);
	return isinf(x) ? 0 : n == 1 ? 1 / r : -x / r / r / r;
}
static exact f_expm1(int n, exact x) { return n == 0 ? expm1l(x) : expl(x); }
static exact f_log1p(int n, exact x)
{
	return n == 0 ? log1pl(x) : n == 1 ? 1 / (1 + x) : -1 / square_of(1 + x);
}
static exact f_abs(int n, exact x)
{
	return n == 0 ? fabsl(x) : n == 1 ? (isnan(x) ? x : (x > 0) - (x < 0)) : 0;
}
static exact f_sinc(int n, exact x)
{
	if (isinf(x))
		return 0;
	if (fabsl(x) < 1e-4L)
		return n == 0   ? 1 - x * x / 6
		       : n == 1 ? -x / 3 + x * x * x / 30
		                : x * x / 10 - 1 / 3.L;
	exact s = sinl(x), c = cosl(x);
	return n == 0 ? s / x : n == 1 ? (c - s / x) / x : -s / x - 2 * (c - s / x) / x / x;
}
static exact f_relu(int n, exact x) { return n == 0 ? (x <= 0 ? 0 : x) : n == 1 ? !(x <= 0) : 0; }
static exact f_square(int n, exact x) { return n == 0 ? x * x : n == 1 ? 2 * x : 2; }
static exact f_cube(int n, exact x) { return n == 0 ? x * x * x : n == 1 ? 3 * x * x : 6 * x; }
static exact f_recip_square(int n, exact x)
{
	return n == 0 ? 1 / x / x : n == 1 ? -2 / x / x / x : 6 / x / x / x / x;
}
static exact f_one(int n, exact x)
{
	(void)x;
	return n == 0;
}
static exact f_itself(int n, exact x) { return n == 0 ? x : n == 1; }
static exact f_atan(int n, exact x)
{
	exact q = 1 + x * x;
	return n == 0 ? atanl(x) : n == 1 ? 1 / q : isinf(x) ? 0 : -2 * x / q / q;
}
static exact f_max(int n, exact x) { return n == 0 ? fmaxl(x, .25L) : n == 1 ? x > .25L : 0; }
static exact f_min(int n, exact x) { return n == 0 ? fminl(x, .25L) : n == 1 ? x < .25L : 0; }
/* A + x (1 - e) = 10 and its derivatives, e = exp(-A); A as onn_absorbance has it */
static exact f_absorbance(int n, exact x)
{
	exact a = fmaxl(10 / (1 + x), 10 - x);
	if (isnan(x) || isinf(x))
		return n == 2     ? NAN
		       : isnan(x) ? x
		                  : 0; /* 0 in the limit; the rule has 0 times it */
	for (int i = 0; i < 60; i++)
		a -= (a - 10 - x * expm1l(-a)) / (1 + x * expl(-a));
	exact e = expl(-a), slope = expm1l(-a) / (1 + x * e);
	return n == 0 ? a : n == 1 ? slope : -slope * e * (2 - x * slope) / (1 + x * e);
}
/* ---- the functions ---- */

static onn_node b_square(onn_graph *g, onn_node x) { return onn_square(g, x); }
static onn_node b_powi_3(onn_graph *g, onn_node x) { return onn_powi(g, x, 3); }
static onn_node b_powi_less_2(onn_graph *g, onn_node x) { return onn_powi(g, x, -2); }
static onn_node power(onn_graph *g, onn_node x, double by, bool number)
{
	if (number)
		return onn_pow(g, x, onn_scalar(g, real, by));
	/* an array, so that the rule cannot see its numbers */
	size_t n = onn_node_shape(g, x)[0];
	double e[MOST];
	for (size_t i = 0; i < MOST; i++)
		e[i] = by;
	return onn_pow(g, x, constant_of(g, real, 1, &n, e));
}
static onn_node b_pow_0(onn_graph *g, onn_node x) { return power(g, x, 0, false); }
static onn_node b_pow_1(onn_graph *g, onn_node x) { return power(g, x, 1, false); }
static onn_node b_pow_2(onn_graph *g, onn_node x) { return power(g, x, 2, false); }
static onn_node b_pow_3(onn_graph *g, onn_node x) { return power(g, x, 3, false); }
static onn_node b_pow_half(onn_graph *g, onn_node x) { return power(g, x, .5, false); }
static onn_node b_to_0(onn_graph *g, onn_node x) { return power(g, x, 0, true); }
static onn_node b_to_1(onn_graph *g, onn_node x) { return power(g, x, 1, true); }
static onn_node b_to_2(onn_graph *g, onn_node x) { return power(g, x, 2, true); }
static onn_node b_atan2(onn_graph *g, onn_node x)
{
	return onn_atan2(g, x, onn_scalar(g, real, 1));
}
static onn_node b_max(onn_graph *g, onn_node x) { return onn_max(g, x, onn_scalar(g, real, .25)); }
static onn_node b_min(onn_graph *g, onn_node x) { return onn_min(g, x, onn_scalar(g, real, .25)); }
static onn_node b_div(onn_graph *g, onn_node x) { return onn_div(g, onn_scalar(g, real, 1), x); }
static onn_node b_select(onn_graph *g, onn_node x)
{
	return onn_select(g, onn_less(g, onn_scalar(g, real, .25), x), x, onn_scalar(g, real, .25));
}
static onn_node b_absorbance(onn_graph *g, onn_node x)
{
	return onn_thick_absorbance(g, x, onn_scalar(g, real, 10));
}
typedef struct row {
	const char *name;
	onn_node (*build)(onn_graph *, onn_node);
	exact (*f)(int, exact);
	bool positive; /* not below 0 */
	bool modest;   /* not where the argument is huge or infinite */
} row;

static const row rows[] = {
    {"recip", onn_recip, f_recip, 0, 0},
    {"sqrt", onn_sqrt, f_sqrt, 1, 0},
    {"exp", onn_exp, f_exp, 0, 0},
    {"log", onn_log, f_log, 1, 0},
    {"sin", onn_sin, f_sin, 0, 1},
    {"cos", onn_cos, f_cos, 0, 1},
    {"tanh", onn_tanh, f_tanh, 0, 0},
    {"sigmoid", onn_sigmoid, f_sigmoid, 0, 0},
    {"asinh", onn_asinh, f_asinh, 0, 0},
    {"expm1", onn_expm1, f_expm1, 0, 0},
    {"log1p", onn_log1p, f_log1p, 1, 0},
    {"abs", onn_abs, f_abs, 0, 0},
    {"sinc", onn_sinc, f_sinc, 0, 0},
    {"relu", onn_relu, f_relu, 0, 0},
    {"square", b_square, f_square, 0, 0},
    {"powi 3", b_powi_3, f_cube, 0, 0},
    {"powi -2", b_powi_less_2, f_recip_square, 0, 0},
    {"x^[0]", b_pow_0, f_one, 0, 0},
    {"x^[1]", b_pow_1, f_itself, 0, 0},
    {"x^[2]", b_pow_2, f_square, 0, 0},
    {"x^[3]", b_pow_3, f_cube, 0, 0},
    {"x^[.5]", b_pow_half, f_sqrt, 1, 0},
    {"x^0", b_to_0, f_one, 0, 0},
    {"x^1", b_to_1, f_itself, 0, 0},
    {"x^2", b_to_2, f_square, 0, 0},
    {"atan2(x, 1)", b_atan2, f_atan, 0, 0},
    {"max(x, .25)", b_max, f_max, 0, 0},
    {"select", b_select, f_max, 0, 0},
    {"min(x, .25)", b_min, f_min, 0, 0},
    {"1 / x", b_div, f_recip, 0, 0},
    {"absorbance", b_absorbance, f_absorbance, 1, 0},
};

/*
 * y as the type has it: infinite past its end, and near 0 where its numbers lose digits. What does
 * not depend on NaN may be NaN for it.
 */
static void check_point(const char *name, int order, double x, double y, exact want)
{
	double most = real == ONN_F32 ? FLT_MAX : DBL_MAX;
	exact size = fabsl(want), least = 2 * (exact)(real == ONN_F32 ? FLT_MIN : DBL_MIN);
	bool right;
	if (isnan(want) || isnan(x))
		right = isnan(y) || y == want;
	else if (size > most)
		right = isinf(y) && (y > 0) == (want > 0);
	else
		right = fabsl(y - want) <= (size < least ? least : fine * size);
	ck_assert_msg(right, "%s, derivative %d at %g: %.9g, not %.9Lg", name, order, x, y, want);
}

static size_t make_points(double *x, const row *r)
{
	bool single = real == ONN_F32;
	double least = single ? FLT_MIN : DBL_MIN;
	const double some[] = {0, least / 8, least, single ? 1e-30 : 1e-290,
	    single ? 1e-20 : 1e-160, single ? 1e-12 : 1e-100, 1e-5, .5, 1, 4, 20, 40, 80,
	    single ? 1e12 : 1e100, single ? 3e19 : 1e160, single ? 1e38 : 1e308, INFINITY};
	size_t n = 0;
	for (size_t i = 0; i < COUNT(some); i++)
		if (!r->modest || some[i] <= 80) {
			x[n++] = single ? (float)some[i] : some[i];
			if (!r->positive && some[i] > 0)
				x[n] = -x[n - 1], n++;
		}
	ck_assert(n < MOST - 1);
	x[n++] = NAN;
	return n;
}

START_TEST(functions_and_two_derivatives_are_right_at_odd_points)
{
	for (size_t k = 0; k < COUNT(rows); k++) {
		const row *r = &rows[k];
		double x[MOST], y[ORDERS][MOST];
		size_t n = make_points(x, r);
		onn_graph *g;
		check_ok(onn_graph_create(&g));
		onn_node in = constant_of(g, real, 1, &n, x), out[ORDERS] = {r->build(g, in)};
		for (int i = 1; i < ORDERS; i++)
			check_ok(onn_gradient(&out[i], g, onn_sum(g, out[i - 1], NULL, 0, false),
			    ONN_NULL_NODE, &in, 1));
		compute(device, g, out, ORDERS, (double *[]){y[0], y[1], y[2]});
		for (int order = 0; order < ORDERS; order++)
			for (size_t i = 0; i < n; i++)
				check_point(r->name, order, x[i], y[order][i], r->f(order, x[i]));
		onn_graph_destroy(g);
	}
}
END_TEST

/* ---- complex ---- */

typedef struct complex_row {
	const char *name;
	onn_node (*build)(onn_graph *, onn_node);
	/* The value, the gradient d of its real part and the gradient of d's: of an analytic
	 * function conj(f') and conj(f''). */
	void (*f)(exact_complex y[ORDERS], exact_complex z);
} complex_row;

/* z/|z| and 1/|z|; a phase has no derivative at 0, where it counts as 0 */
static exact_complex unit(exact *over, exact_complex z)
{
	*over = z == 0 ? 0 : 1 / cabsl(z);
	return z * *over;
}
static void z_abs(exact_complex y[ORDERS], exact_complex z)
{
	exact over;
	y[1] = unit(&over, z);
	y[0] = cabsl(z);
	y[2] = -I * y[1] * cimagl(y[1]) * over; /* the part of 1 across u, over |z| */
}
static void z_arg(exact_complex y[ORDERS], exact_complex z)
{
	exact over;
	exact_complex u = unit(&over, z);
	y[0] = cargl(z);
	y[1] = I * u * over;
	y[2] = (2 * u * cimagl(u) - I) * over * over;
}
static void z_abs2(exact_complex y[ORDERS], exact_complex z)
{
	y[0] = cabsl(z) * cabsl(z);
	y[1] = 2 * z;
	y[2] = 2;
}
static void z_sign(exact_complex y[ORDERS], exact_complex z)
{
	exact over;
	exact_complex u = unit(&over, z);
	y[0] = u;
	y[1] = -I * u * cimagl(u) * over;
	y[2] = (2 * I * cimagl(u) - 3 * u * cimagl(u) * cimagl(u)) * over * over;
}
static void analytic(
    exact_complex y[ORDERS], exact_complex value, exact_complex first, exact_complex second)
{
	y[0] = value;
	y[1] = conjl(first);
	y[2] = conjl(second);
}
static void z_recip(exact_complex y[ORDERS], exact_complex z)
{
	analytic(y, 1 / z, -1 / z / z, 2 / z / z / z);
}
static void z_sqrt(exact_complex y[ORDERS], exact_complex z)
{
	exact_complex root = csqrtl(z);
	analytic(y, root, .5L / root, -.25L / root / z);
}
static void z_log(exact_complex y[ORDERS], exact_complex z)
{
	analytic(y, clogl(z), 1 / z, -1 / z / z);
}
static void z_tanh(exact_complex y[ORDERS], exact_complex z)
{
	exact_complex slope = 1 / ccoshl(z) / ccoshl(z);
	analytic(y, ctanhl(z), slope, -2 * ctanhl(z) * slope);
}
static void z_sigmoid(exact_complex y[ORDERS], exact_complex z)
{
	exact_complex slope = .25L / ccoshl(z / 2) / ccoshl(z / 2);
	analytic(y, 1 / (1 + cexpl(-z)), slope, -ctanhl(z / 2) * slope);
}
static void z_exp(exact_complex y[ORDERS], exact_complex z)
{
	analytic(y, cexpl(z), cexpl(z), cexpl(z));
}
static void z_sin(exact_complex y[ORDERS], exact_complex z)
{
	analytic(y, csinl(z), ccosl(z), -csinl(z));
}
static void z_cos(exact_complex y[ORDERS], exact_complex z)
{
	analytic(y, ccosl(z), -csinl(z), -ccosl(z));
}
static void z_square(exact_complex y[ORDERS], exact_complex z) { analytic(y, z * z, 2 * z, 2); }
static void z_cube(exact_complex y[ORDERS], exact_complex z)
{
	analytic(y, z * z * z, 3 * z * z, 6 * z);
}
static onn_node b_complex_div(onn_graph *g, onn_node z)
{
	return onn_div(g, onn_complex_scalar(g, onn_type_complex(real), 1, 0), z);
}

static const complex_row complex_rows[] = {
    {"abs", onn_abs, z_abs},
    {"arg", onn_arg, z_arg},
    {"abs2", onn_abs2, z_abs2},
    {"sign", onn_sign, z_sign},
    {"recip", onn_recip, z_recip},
    {"sqrt", onn_sqrt, z_sqrt},
    {"log", onn_log, z_log},
    {"tanh", onn_tanh, z_tanh},
    {"sigmoid", onn_sigmoid, z_sigmoid},
    {"exp", onn_exp, z_exp},
    {"sin", onn_sin, z_sin},
    {"cos", onn_cos, z_cos},
    {"1 / z", b_complex_div, z_recip},
    {"square", b_square, z_square},
    {"powi 3", b_powi_3, z_cube},
};

/* Parts against the modulus: a small part beside a large one may have lost digits. */
static void check_complex(
    const char *name, int order, const double *z, const double *y, exact_complex want, size_t parts)
{
	double most = real == ONN_F32 ? FLT_MAX : DBL_MAX;
	exact size = cabsl(want), least = 2 * (exact)(real == ONN_F32 ? FLT_MIN : DBL_MIN);
	exact error = cabsl(complex_of(y[0], parts == 2 ? y[1] : 0) - want);
	if (size <= most / 2)
		ck_assert_msg(error <= (size < least ? least : 4 * fine * size),
		    "%s, derivative %d at %g%+gi: %g%+gi, not %Lg%+Lgi", name, order, z[0], z[1],
		    y[0], parts == 2 ? y[1] : 0, creall(want), cimagl(want));
}

START_TEST(complex_functions_and_gradients_are_right_at_all_moduli)
{
	static const double turn[][2] = {{1, 0}, {.6, .8}, {-.28, .96}, {0, -1}, {-.8, -.6}};
	const bool single = real == ONN_F32;
	const double size[] = {0, single ? 4e-37 : 4e-306, single ? 1e-25 : 1e-200, 1e-9, .5, 1.3,
	    30, single ? 1e12 : 1e100, single ? 5e25 : 1e200, single ? 1e38 : 1e307};
	for (size_t k = 0; k < COUNT(complex_rows); k++) {
		const complex_row *r = &complex_rows[k];
		bool grows = r->f == z_exp || r->f == z_tanh || r->f == z_sigmoid ||
		             r->f == z_sin || r->f == z_cos;
		double z[2 * MOST * 2], y[ORDERS][2 * MOST * 2];
		size_t n = 0;
		for (size_t i = 0; i < COUNT(size); i++)
			for (size_t t = 0; t < COUNT(turn) && (!grows || size[i] <= 30); t++, n++)
				for (int part = 0; part < 2; part++) {
					double v = size[i] * turn[t][part];
					z[2 * n + part] = single ? (float)v : v;
				}
		onn_graph *g;
		check_ok(onn_graph_create(&g));
		onn_type type = onn_type_complex(real);
		onn_node in = constant_of(g, type, 1, &n, z), out[ORDERS] = {r->build(g, in)};
		for (int i = 1; i < ORDERS; i++) {
			onn_node sum = onn_sum(g, out[i - 1], NULL, 0, false);
			if (onn_type_is_complex(onn_node_type(g, sum)))
				sum = onn_real(g, sum);
			check_ok(onn_gradient(&out[i], g, sum, ONN_NULL_NODE, &in, 1));
		}
		size_t parts = onn_type_is_complex(onn_node_type(g, out[0])) ? 2 : 1;
		compute(device, g, out, ORDERS, (double *[]){y[0], y[1], y[2]});
		for (size_t i = 0; i < n; i++) {
			exact_complex want[ORDERS];
			r->f(want, complex_of(z[2 * i], z[2 * i + 1]));
			for (int order = 0; order < ORDERS; order++) {
				size_t p = order ? 2 : parts;
				check_complex(
				    r->name, order, &z[2 * i], &y[order][p * i], want[order], p);
			}
		}
		onn_graph_destroy(g);
	}
}
END_TEST

START_TEST(logsumexp_of_infinite_numbers_is_infinite)
{
	const double x[] = {INFINITY, 0, -INFINITY, -INFINITY, -INFINITY, 3, 2, 2};
	double y[4];
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	onn_node out = onn_logsumexp(g, constant_of(g, real, 2, (size_t[]){4, 2}, x), 1);
	compute(device, g, &out, 1, (double *[]){y});
	ck_assert(isinf(y[0]) && y[0] > 0 && isinf(y[1]) && y[1] < 0);
	check_near(y[2], 3, 3 * fine);
	check_near(y[3], 2 + log(2), 3 * fine);
	onn_graph_destroy(g);
}
END_TEST

/* d/da d/db a^b at (23, 0), and both orders of deriving. */
START_TEST(mixed_derivatives_of_pow_do_not_mind_a_power_of_0)
{
	const double a[] = {23, .25}, b[] = {0, 0};
	size_t n = 2;
	double y[2][2];
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	onn_node in[2] = {constant_of(g, real, 1, &n, a), constant_of(g, real, 1, &n, b)}, out[2];
	onn_node sum = onn_sum(g, onn_pow(g, in[0], in[1]), NULL, 0, false);
	for (int i = 0; i < 2; i++) {
		onn_node first;
		check_ok(onn_gradient(&first, g, sum, ONN_NULL_NODE, &in[i], 1));
		check_ok(onn_gradient(
		    &out[i], g, onn_sum(g, first, NULL, 0, false), ONN_NULL_NODE, &in[1 - i], 1));
	}
	compute(device, g, out, 2, (double *[]){y[0], y[1]});
	for (int i = 0; i < 2; i++)
		for (int k = 0; k < 2; k++)
			check_near(y[i][k], 1 / a[k], fine / a[k]);
	onn_graph_destroy(g);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {functions_and_two_derivatives_are_right_at_odd_points,
	    complex_functions_and_gradients_are_right_at_all_moduli,
	    logsumexp_of_infinite_numbers_is_infinite,
	    mixed_derivatives_of_pow_do_not_mind_a_power_of_0, NULL};
	return run_in_each_precision(&device, tests, &real, &fine, 2e-6, 1e-14);
}
