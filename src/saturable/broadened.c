#include "saturable/broadened.h"

#include "shared/all.h"

double onn_solve_resonant(double s, double depth) { return pw_absorbance_f64(s, depth); }

double onn_solve_doppler(double s, double depth) { return pw_absorbance_doppler_f64(s, depth); }

double onn_solve_lossy(double s, double depth, double loss)
{
	return loss == 0 ? onn_solve_resonant(s, depth) : pw_absorbance_lossy_f64(s, depth, loss);
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
    .opencl = "return PW_R(absorbance_doppler)(a, b);",
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
    .opencl = "return PW_R(absorbance_lossy)(a, b, c);",
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
