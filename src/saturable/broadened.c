#include "saturable/broadened.h"

#include <math.h>

/*
 * All three solve F(A) = 0 by Halley's steps from a lower bound. F rises and is concave, so the
 * steps do not leave the solution's side; five reach 1e-14 for s to 1e9 and depths to 700.
 */
enum { STEPS = 5 };

static double halley(double f, double f1, double f2) { return f / (f1 - f * f2 / (2 * f1)); }

/* A + s (1 - e) = a0, e = exp(-A) */
double onn_solve_resonant(double s, double depth)
{
	double a = fmax(depth / (1 + s), depth - s);
	for (int i = 0; i < STEPS; i++) {
		double e = exp(-a);
		a -= halley(a - s * expm1(-a) - depth, 1 + s * e, -s * e);
	}
	return a;
}

/* A + 2 [d - log1p(d/(1+u_out))] = a0, d = s (1-e)/(u_in+u_out), u = sqrt(1+s); dF/dA = u_out */
double onn_solve_doppler(double s, double depth)
{
	double u = sqrt(1 + s), most = s / (u + 1); /* d with nothing left behind the medium */
	double a = fmax(depth / u, depth - 2 * (most - log1p(most / 2)));
	for (int i = 0; i < STEPS; i++) {
		double e = exp(-a), out = sqrt(1 + s * e), d = -s * expm1(-a) / (u + out);
		a -= halley(a + 2 * (d - log1p(d / (1 + out))) - depth, out, -s * e / (2 * out));
	}
	return a;
}

/* A + (a0/b) log1p(b s (1-e)/q) = a0 + b, q = a0 + b + b s e; dF/dA = 1 + a0 s e/q */
double onn_solve_lossy(double s, double depth, double loss)
{
	if (loss == 0)
		return onn_solve_resonant(s, depth);
	double total = depth + loss, ratio = depth / loss;
	double a = fmax(loss + depth / (1 + s), total - ratio * log1p(loss * s / total));
	for (int i = 0; i < STEPS; i++) {
		double e = exp(-a), q = total + loss * s * e;
		a -= halley(a + ratio * log1p(-loss * s * expm1(-a) / q) - total,
		    1 + depth * s * e / q, -depth * s * e * total / (q * q));
	}
	return a;
}

/* ---- as operations of a graph: inputs s, depth (and loss), the latter two numbers ---- */

/* A function of an onn_operation: a solver in double, element by element. */
#define BLOCK(name, real, value)                                                                   \
	static void name(real *y, const real *const x[], size_t n)                                 \
	{                                                                                          \
		for (size_t i = 0; i < n; i++)                                                     \
			y[i] = (real)value;                                                        \
	}

BLOCK(doppler_f32, float, onn_solve_doppler(x[0][i], x[1][i]))
BLOCK(doppler_f64, double, onn_solve_doppler(x[0][i], x[1][i]))

/* dA/ds = -(1-e)/((u_in+u_out) u_out); dA/da0 = 1/u_out */
static void doppler_gradient(
    onn_node grad[], onn_graph *g, const onn_node x[], onn_node y, onn_node dy)
{
	onn_node in = onn_sqrt(g, onn_add_real(g, x[0], 1));
	onn_node e = onn_exp(g, onn_neg(g, y));
	onn_node out = onn_sqrt(g, onn_add_real(g, onn_mul(g, x[0], e), 1));
	grad[1] = onn_div(g, dy, out);
	grad[0] = onn_div(g, onn_mul(g, grad[1], onn_expm1(g, onn_neg(g, y))), onn_add(g, in, out));
}

static const onn_operation doppler = {
    .name = "doppler_absorbance",
    .arity = 2,
    .f32 = doppler_f32,
    .f64 = doppler_f64,
    .opencl = "real u = sqrt(R(1.0) + a), most = a / (u + R(1.0));\n"
              "real y = fmax(b / u, b - R(2.0) * (most - log1p(most / R(2.0))));\n"
              "for (int i = 0; i < 5; i++) {\n"
              "	real e = exp(-y), o = sqrt(R(1.0) + a * e);\n"
              "	real d = -a * expm1(-y) / (u + o);\n"
              "	real f = y + R(2.0) * (d - log1p(d / (R(1.0) + o))) - b;\n"
              "	y -= f / (o + f * a * e / (R(4.0) * o * o));\n"
              "}\n"
              "return y;",
    .gradient = doppler_gradient,
};

BLOCK(lossy_f32, float, onn_solve_lossy(x[0][i], x[1][i], x[2][i]))
BLOCK(lossy_f64, double, onn_solve_lossy(x[0][i], x[1][i], x[2][i]))

/*
 * dA/ds = -a0 (1-e)/((1+s_out)(a0+b(1+s))), s_out = s e. With q = a0+b+b s_out, R = b s (1-e)/q and
 * 1+R = (a0+b+b s)/q, F's slopes are dF/dA = (a0+b)(1+s_out)/q and dF/da0 = log1p(R)/b -
 * (a0/b) R/(a0+b+b s) - 1. The loss is a number here: nothing flows into it.
 */
static void lossy_gradient(
    onn_node grad[], onn_graph *g, const onn_node x[], onn_node y, onn_node dy)
{
	onn_node minus = onn_neg(g, y), absorbed = onn_neg(g, onn_expm1(g, minus));
	onn_node out = onn_mul(g, x[0], onn_exp(g, minus)), out_1 = onn_add_real(g, out, 1);
	onn_node total = onn_add(g, x[1], x[2]), in = onn_add(g, total, onn_mul(g, x[2], x[0]));
	onn_node slope = onn_div(g, onn_div(g, onn_mul(g, x[1], absorbed), out_1), in);
	grad[0] = onn_neg(g, onn_mul(g, dy, slope));

	onn_node q = onn_add(g, total, onn_mul(g, x[2], out));
	onn_node lost = onn_div(g, onn_mul(g, x[0], absorbed), q); /* R/b */
	onn_node by_depth = onn_sub(g, onn_add_real(g, onn_div(g, onn_mul(g, x[1], lost), in), 1),
	    onn_div(g, onn_log1p(g, onn_mul(g, x[2], lost)), x[2]));
	grad[1] = onn_mul(g, dy, onn_div(g, onn_mul(g, by_depth, q), onn_mul(g, total, out_1)));
}

static const onn_operation lossy = {
    .name = "lossy_absorbance",
    .arity = 3,
    .f32 = lossy_f32,
    .f64 = lossy_f64,
    .opencl = "real t = b + c, ratio = b / c;\n"
              "real y = fmax(c + b / (R(1.0) + a), t - ratio * log1p(c * a / t));\n"
              "for (int i = 0; i < 5; i++) {\n"
              "	real e = exp(-y), q = t + c * a * e;\n"
              "	real f = y + ratio * log1p(-c * a * expm1(-y) / q) - t;\n"
              "	real f1 = R(1.0) + b * a * e / q;\n"
              "	y -= f / (f1 + f * b * a * e * t / (q * q * R(2.0) * f1));\n"
              "}\n"
              "return y;",
    .gradient = lossy_gradient,
};

onn_node onn_doppler_absorbance(onn_graph *g, onn_node s, onn_node depth)
{
	return onn_custom(g, &doppler, (onn_node[]){s, depth});
}

onn_node onn_lossy_absorbance(onn_graph *g, onn_node s, onn_node depth, double loss)
{
	onn_type type = onn_node_type(g, s);
	return onn_custom(g, &lossy, (onn_node[]){s, depth, onn_scalar(g, type, loss)});
}
