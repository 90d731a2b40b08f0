#include "saturable/broadened.h"

#include <math.h>

#include "shared/all.h"

/*
 * Both solve F(A) = 0 by Halley's steps from a lower bound. F rises and is concave, so the steps do
 * not leave the solution's side. Light is dimmed no less than without loss or motion, hence the
 * bound by Wright's function that cl/shared/special.h has for a medium whose s is near its depth,
 * both large. One to four steps do for nearly all, STEPS for s to 1e7 and any depth; a step below
 * NEAR leaves an error of its third power.
 */
enum { STEPS = 12 };
static const double NEAR = 1e-6;

static double halley(double f, double f1, double f2) { return f / (f1 - f * f2 / (2 * f1)); }

double onn_solve_resonant(double s, double depth) { return pw_absorbance_f64(s, depth); }

/*
 * A + 2 [d - log1p(d/(1+u_out))] = a0, d = s (1-e)/(u_in+u_out), u = sqrt(1+s); dF/dA = u_out. With
 * m = u_out - 1 that is A - 2 [m - log1p(m/2)], which has no large terms behind a deep medium, less
 * what A would be with nothing left there.
 */
double onn_solve_doppler(double s, double depth)
{
	double u = sqrt(1 + s), most = s / (u + 1);
	double strong = depth - 2 * (most - log1p(most / 2));
	double a = fmax(depth / u, strong), step = INFINITY;
	if (isinf(s) || isinf(depth)) /* bleached; without end */
		return isinf(s) ? depth * 0 : depth;
	for (int i = 0; i < STEPS && !(fabs(step) <= NEAR * fabs(a)); i++) {
		double e = exp(-a), out = sqrt(1 + s * e);
		double d = -s * expm1(-a) / (u + out), m = s * e / (1 + out);
		double f = a > 1 ? (a - strong) - 2 * (m - log1p(m / 2))
		                 : a + 2 * (d - log1p(d / (1 + out))) - depth;
		step = halley(f, out, -s * e / (2 * out));
		a -= step;
	}
	return a;
}

/*
 * b + (a0/b) (b - log1p(b s/(a0+b))): the lossy A with nothing left behind the medium. For small b
 * the bracket is -log1p((b s/(a0+b) - expm1(b))/e^b), and s - a0 comes first.
 */
static double lossy_strong(double s, double depth, double loss)
{
	double total = depth + loss, ratio = depth / loss, rest = 1;
	if (loss >= 1)
		return total - ratio * log1p(loss * s / total);
	for (int k = 18; k > 2; k--) /* expm1(b) = b + b^2/2 rest */
		rest = 1 + loss / k * rest;
	double bracket = loss * (s - depth - loss) / total - .5 * loss * loss * rest;
	return loss - ratio * log1p(bracket * exp(-loss));
}

/*
 * A + (a0/b) log1p(b s (1-e)/q) = a0 + b, q = a0 + b + b s e; dF/dA = 1 + a0 s e/q. Or, less the
 * large terms, A - (a0/b) log1p(b s e/(a0+b)) = lossy_strong().
 */
double onn_solve_lossy(double s, double depth, double loss)
{
	if (loss == 0)
		return onn_solve_resonant(s, depth);
	if (isinf(s) || isinf(depth)) /* bleached; without end */
		return isinf(s) ? depth * 0 + loss : depth;
	double total = depth + loss, ratio = depth / loss, step = INFINITY;
	double strong = lossy_strong(s, depth, loss);
	double dark = log(s) - log(fmax(log(s) + s - depth, 1));
	double a = fmax(fmax(loss + depth / (1 + s), strong), dark);
	for (int i = 0; i < STEPS && !(fabs(step) <= NEAR * fabs(a)); i++) {
		double e = exp(-a), q = total + loss * s * e;
		double f = a > 1 ? (a - strong) - ratio * log1p(loss * s * e / total)
		                 : a + ratio * log1p(-loss * s * expm1(-a) / q) - total;
		step = halley(f, 1 + depth * s * e / q, -depth * s * e * total / (q * q));
		a -= step;
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
              "real strong = b - R(2.0) * (most - log1p(most / R(2.0)));\n"
              "real y = fmax(b / u, strong), step = y;\n"
              "if (isinf(a) || isinf(b))\n"
              "	return isinf(a) ? b * R(0.0) : b;\n"
              "for (int i = 0; i < 12 && !(fabs(step) <= R(1e-6) * fabs(y)); i++) {\n"
              "	real e = exp(-y), o = sqrt(R(1.0) + a * e);\n"
              "	real d = -a * expm1(-y) / (u + o), m = a * e / (R(1.0) + o);\n"
              "	real f = y > R(1.0) ? (y - strong) - R(2.0) * (m - log1p(m / R(2.0)))\n"
              "		: y + R(2.0) * (d - log1p(d / (R(1.0) + o))) - b;\n"
              "	step = f / (o + f * a * e / (R(4.0) * o * o));\n"
              "	y -= step;\n"
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
    .opencl = "real t = b + c, ratio = b / c, z = log(a) + a - b, rest = R(1.0);\n"
              "for (int k = 18; k > 2; k--)\n"
              "	rest = R(1.0) + c / (real)k * rest;\n"
              "real strong = c < R(1.0) ? c - ratio * log1p((c * (a - b - c) / t -\n"
              "	R(0.5) * c * c * rest) * exp(-c)) : t - ratio * log1p(c * a / t);\n"
              "real y = fmax(c + b / (R(1.0) + a), strong);\n"
              "y = fmax(y, log(a) - log(fmax(z, R(1.0))));\n"
              "real step = y;\n"
              "if (isinf(a) || isinf(b))\n"
              "	return isinf(a) ? b * R(0.0) + c : b;\n"
              "for (int i = 0; i < 12 && !(fabs(step) <= R(1e-6) * fabs(y)); i++) {\n"
              "	real e = exp(-y), q = t + c * a * e;\n"
              "	real f = y > R(1.0) ? (y - strong) - ratio * log1p(c * a * e / t)\n"
              "		: y + ratio * log1p(-c * a * expm1(-y) / q) - t;\n"
              "	real f1 = R(1.0) + b * a * e / q;\n"
              "	step = f / (f1 + f * b * a * e * t / (q * q * R(2.0) * f1));\n"
              "	y -= step;\n"
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
