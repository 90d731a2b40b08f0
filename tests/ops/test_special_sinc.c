/*
 * Derivatives of sin(x)/x on ONN_TEST_DEVICE in f64: by composition, and by onn_sinc. Expected
 * values are integrals in long double: d^n/dx^n sin(x)/x = integral over t from 0 to 1 of t^n cos(x
 * t + n pi/2).
 */
#include "testing.h"

#include <onn/plan.h>

#include "device.h"

enum { MAX_ORDER = 8 };

static onn_device *device;

/* Boole's rule; its error is below 1e-13 for |x| <= 33. */
static double expected(int n, double x)
{
	enum { PIECES = 2000 };
	static const int inner[] = {14, 32, 12, 32};
	const long double half_pi = 1.570796326794896619231321691639751442L;
	long double sum = 0;

	for (int k = 0; k <= PIECES; k++) {
		long double t = (long double)k / PIECES, power = 1;
		for (int i = 0; i < n; i++)
			power *= t;
		int weight = k == 0 || k == PIECES ? 7 : inner[k % 4];
		sum += weight * power * cosl(x * t + n * half_pi);
	}
	return (double)(2 * sum / 45 / PIECES);
}

static onn_node by_composition(onn_graph *g, onn_node x) { return onn_div(g, onn_sin(g, x), x); }

/* y[order][i]: derivatives of f at x[i]. */
static void derivatives(
    onn_node (*f)(onn_graph *, onn_node), const double *x, size_t n, double (*y)[64])
{
	onn_graph *g;
	onn_plan *plan;
	onn_tensor *t;
	onn_node in, out[MAX_ORDER + 1];

	check_ok(onn_graph_create(&g));
	in = onn_variable(g, "x", ONN_F64, 1, &n);
	out[0] = f(g, in);
	for (int order = 1; order <= MAX_ORDER; order++)
		check_ok(onn_gradient(&out[order], g, onn_sum(g, out[order - 1], NULL, 0, false),
		    ONN_NULL_NODE, &in, 1));
	check_ok(onn_plan_create(&plan, device, g, out, MAX_ORDER + 1, NULL));
	check_ok(onn_tensor_create(&t, device, ONN_F64, 1, &n));
	check_ok(onn_tensor_write(t, x, n * sizeof *x));
	check_ok(onn_plan_bind(plan, "x", t));
	check_ok(onn_plan_run(plan));
	for (size_t order = 0; order <= MAX_ORDER; order++)
		check_ok(onn_tensor_read(y[order], onn_plan_output(plan, order), n * sizeof *x));
	onn_tensor_destroy(t);
	onn_plan_destroy(plan);
	onn_graph_destroy(g);
}

START_TEST(derivatives_of_a_composed_sinc_are_right_to_order_6_and_finite_to_8)
{
	double x[64], y[MAX_ORDER + 1][64];
	size_t n = 0;

	for (double v = 1; v <= 32; v += 1.0625, n += 2) {
		x[n] = v;
		x[n + 1] = -v;
	}
	derivatives(by_composition, x, n, y);
	for (int order = 0; order <= MAX_ORDER; order++)
		for (size_t i = 0; i < n; i++) {
			double error = fabs(y[order][i] - expected(order, x[i]));
			/* at order 8, 1e-16 has grown by 8!: still no overflow, and digits are
			 * left */
			ck_assert_msg(error <= (order <= 6 ? 1e-9 : 1e-6),
			    "order %d at %g: %.17g is off by %g", order, x[i], y[order][i], error);
		}
}
END_TEST

START_TEST(derivatives_of_onn_sinc_are_right_everywhere_to_order_8)
{
	double x[64] = {0, 1e-8, -1e-8, 1e-300, 1e-3, -0.03, 31.4, -31.4}, y[MAX_ORDER + 1][64];
	size_t n = 8;

	for (double v = -31.4; n < 64; v += 62.8 / 55.5)
		x[n++] = v;
	derivatives(onn_sinc, x, n, y);
	for (int order = 0; order <= MAX_ORDER; order++)
		for (size_t i = 0; i < n; i++) {
			double error = fabs(y[order][i] - expected(order, x[i]));
			ck_assert_msg(error <= 1e-12, "order %d at %g: %.17g is off by %g", order,
			    x[i], y[order][i], error);
		}
}
END_TEST

START_TEST(sinc_near_0_is_its_series)
{
	double x[64] = {1e-8, 1e-5, -2e-4, 1e-100, 3e-308}, y[MAX_ORDER + 1][64];

	derivatives(onn_sinc, x, 5, y);
	for (int i = 0; i < 5; i++) {
		double v = x[i];
		/* relative: the odd orders are as small as x */
		check_near(y[1][i], -v / 3 + v * v * v / 30, 1e-14 * fabs(v));
		check_near(y[3][i], v / 5 - v * v * v / 42, 1e-14 * fabs(v));
		check_near(y[7][i], v / 9 - v * v * v / 66, 1e-14 * fabs(v));
	}
}
END_TEST

/* 1/x is infinite for these. */
START_TEST(sinc_is_1_below_the_normal_range_and_0_at_infinity)
{
	double x[64] = {0, 1e-320, -1e-310, 5.5e-309, 2.3e-308, INFINITY, -INFINITY};
	double y[MAX_ORDER + 1][64];

	derivatives(onn_sinc, x, 7, y);
	for (int i = 0; i < 5; i++) {
		ck_assert_msg(y[0][i] == 1, "%g: %g", x[i], y[0][i]);
		/* or 0, where a device has no such numbers */
		check_near(y[1][i], -x[i] / 3, 1e-308);
		check_near(y[2][i], -1 / 3., 1e-16);
	}
	for (int order = 0; order <= MAX_ORDER; order++)
		ck_assert_msg(y[order][5] == 0 && y[order][6] == 0, "order %d: %g %g", order,
		    y[order][5], y[order][6]);
}
END_TEST

START_TEST(sinc_of_small_floats_is_1)
{
	static const float x[] = {0, 1e-45f, -1e-40f, 2.9e-39f, 1e-38f, 1e-30f, 1e-10f};
	size_t n = COUNT(x);
	float y[COUNT(x)];
	onn_graph *g;
	onn_plan *plan;
	onn_tensor *t;

	check_ok(onn_graph_create(&g));
	onn_node out = onn_sinc(g, onn_variable(g, "x", ONN_F32, 1, &n));
	check_ok(onn_plan_create(&plan, device, g, &out, 1, NULL));
	check_ok(onn_tensor_create(&t, device, ONN_F32, 1, &n));
	check_ok(onn_tensor_write(t, x, sizeof x));
	check_ok(onn_plan_bind(plan, "x", t));
	check_ok(onn_plan_run(plan));
	check_ok(onn_tensor_read(y, onn_plan_output(plan, 0), sizeof y));
	for (size_t i = 0; i < n; i++)
		ck_assert_msg(y[i] == 1, "%g: %g", (double)x[i], (double)y[i]);
	onn_tensor_destroy(t);
	onn_plan_destroy(plan);
	onn_graph_destroy(g);
}
END_TEST

TESTS_IN_F64("sinc", derivatives_of_a_composed_sinc_are_right_to_order_6_and_finite_to_8,
    derivatives_of_onn_sinc_are_right_everywhere_to_order_8, sinc_near_0_is_its_series,
    sinc_is_1_below_the_normal_range_and_0_at_infinity, sinc_of_small_floats_is_1)
