/* Compositions: chains that plans fuse, and what training is made of. */
#include <math.h>

#include "core/memory.h"
#include "selftest/cases.h"

static onn_node draw(onn_case_build *b, size_t ndim, const size_t *shape, double low, double high)
{
	return onn_case_draw(b, b->type, ndim, shape, low, high);
}

/*
 * A chain's error is measured against 1, about the size of its values: intermediate roundings of
 * that size are its conditioning.
 */
static void add(onn_case_build *b, const char *label, onn_node value)
{
	onn_node size =
	    onn_type_is_complex(onn_node_type(b->g, value)) ? onn_abs(b->g, value) : value;
	size_t shape[ONN_MAX_DIMS], ndim = onn_node_ndim(b->g, value);
	const size_t *lent = onn_node_shape(b->g, value);

	if (onn_graph_status(b->g))
		return;
	for (size_t i = 0; i < ndim; i++)
		shape[i] = lent[i];
	onn_case_output_add(
	    b, label, value, onn_full(b->g, onn_node_type(b->g, size), ndim, shape, 1));
}

static const size_t matrix[] = {5, 7}, wide[] = {129, 83};

/* The thin saturable absorber of amplitude: x exp(-(depth/2)/(1 + |x|^2)). */
static onn_node absorber(onn_graph *g, onn_node x, double depth)
{
	onn_node s = onn_add_real(g, onn_abs2(g, x), 1);

	return onn_mul(g, x, onn_exp(g, onn_mul_real(g, onn_recip(g, s), -depth / 2)));
}

/* Sum over all of |x|^2 / count: a real number to derive. */
static onn_node mean_square(onn_graph *g, onn_node x)
{
	return onn_mean(g, onn_abs2(g, x), NULL, 0, false);
}

static void build_absorber(onn_case_build *b)
{
	onn_graph *g = b->g;
	onn_node x = draw(b, 2, b->small ? matrix : wide, -1.5, 1.5), grad;
	onn_node y = absorber(g, x, 4);

	add(b, "forward", y);
	if (onn_gradient(&grad, g, onn_mul_real(g, mean_square(g, y), b->small ? 35 : 129 * 83),
	        ONN_NULL_NODE, &x, 1) == ONN_OK)
		add(b, "gradient", grad);
}

/* Many short steps over many inputs: more than one fused program can hold. */
static void build_long_chain(onn_case_build *b)
{
	onn_graph *g = b->g;
	onn_node y = draw(b, 2, matrix, -1, 1);

	for (int i = 0; i < 30; i++) {
		onn_node x = i % 2 ? draw(b, 2, matrix, -1, 1) : draw(b, 1, (size_t[]){7}, -1, 1);
		y = onn_add(
		    g, onn_mul_real(g, y, 0.5), onn_mul(g, x, onn_mul_real(g, x, 0.1 * (i % 7))));
		if (i % 5 == 0)
			y = onn_sin(g, y);
	}
	add(b, "30 inputs", y);
	for (int i = 0; i < 60; i++)
		y = onn_mul_real(g, onn_add_real(g, onn_sin(g, y), 0.01 * i), 0.9);
	add(b, "180 operations", y);
}

/* One value read by several chains, by views of it, and by a sum. */
static void build_shared_value(onn_case_build *b)
{
	onn_graph *g = b->g;
	onn_node x = draw(b, 2, b->small ? matrix : wide, -1, 1);
	onn_node e = onn_exp(g, x);
	onn_node total = onn_sum(g, e, (int[]){1}, 1, true);

	add(b, "normalised", onn_div(g, e, onn_add_real(g, onn_abs(g, total), 1)));
	if (b->few && onn_type_is_complex(b->type))
		return;
	add(b, "difference with its mirror",
	    onn_sub(g, e, onn_slice(g, e, 1, (b->small ? 7 : 83) - 1, b->small ? 7 : 83, -1)));
	add(b, "transposed", onn_transpose(g, onn_mul(g, e, onn_sin(g, x))));
}

static void build_log_softmax(onn_case_build *b)
{
	onn_graph *g = b->g;
	size_t rows = b->small ? 4 : 64;
	onn_node x = draw(b, 2, (size_t[]){rows, 10}, -4, 4), grad;
	onn_node label = onn_case_draw(b, ONN_I32, 1, (size_t[]){rows}, 0, 10);
	onn_node y = onn_log_softmax(g, x, 1);
	onn_node picked = onn_mul(g, y, onn_one_hot(g, label, 10, b->type));
	onn_node loss = onn_neg(g, onn_sum(g, picked, NULL, 0, false));
	onn_node large = onn_mul_real(g, x, 300);

	onn_case_output_add(b, "log_softmax", y, ONN_NULL_NODE);
	onn_case_output_add(b, "loss", loss, ONN_NULL_NODE);
	/* where exp(x) would overflow; measured against x, whose rounding passes on */
	onn_case_output_add(b, "logsumexp", onn_logsumexp(g, large, 1), ONN_NULL_NODE);
	if (onn_gradient(&grad, g, loss, ONN_NULL_NODE, &x, 1) == ONN_OK)
		add(b, "gradient", grad);
}

/* A training step of a network with two layers: loss, gradients, momentum, new weights. */
static void build_training_step(onn_case_build *b)
{
	onn_graph *g = b->g;
	size_t batch = b->small ? 2 : 32, in = b->small ? 3 : 50, hidden = b->small ? 4 : 24,
	       out = 3;
	onn_node images = onn_case_draw(b, ONN_U8, 2, (size_t[]){61, in}, 0, 256);
	onn_node index = onn_case_draw(b, ONN_I32, 1, (size_t[]){batch}, 0, 61);
	onn_node target = draw(b, 2, (size_t[]){batch, out}, -1, 1);
	onn_node w[2] = {draw(b, 2, (size_t[]){in, hidden}, -0.3, 0.3),
	    draw(b, 2, (size_t[]){hidden, out}, -0.3, 0.3)};
	onn_node v[2] = {draw(b, 2, (size_t[]){in, hidden}, -0.1, 0.1),
	    draw(b, 2, (size_t[]){hidden, out}, -0.1, 0.1)};
	onn_node x = onn_mul_real(g, onn_cast(g, onn_take(g, images, index), b->type), 1 / 255.0);
	onn_node y = onn_matmul(g, absorber(g, onn_matmul(g, x, w[0]), 4), w[1]);
	onn_node loss = mean_square(g, onn_sub(g, y, target)), grad[2];

	onn_case_output_add(b, "loss", loss, ONN_NULL_NODE);
	if (b->small || onn_gradient(grad, g, loss, ONN_NULL_NODE, w, 2))
		return;
	for (int i = 0; i < 2; i++) {
		onn_node moved = onn_add(g, onn_mul_real(g, v[i], 0.9), grad[i]);
		add(b, i ? "gradient 1" : "gradient 0", grad[i]);
		onn_case_output_add(b, "velocity", onn_assign(g, v[i], moved), ONN_NULL_NODE);
		onn_case_output_add(b, "weights",
		    onn_assign(g, w[i], onn_sub(g, w[i], onn_mul_real(g, moved, 0.05))),
		    ONN_NULL_NODE);
	}
}

/* Functions made of several rows each. */
static void build_functions(onn_case_build *b)
{
	onn_graph *g = b->g;
	onn_node x = draw(b, 2, matrix, 0.3, 2.5);

	add(b, "sigmoid", onn_sigmoid(g, x));
	add(b, "powi 5", onn_mul_real(g, onn_powi(g, x, 5), 0.01));
	add(b, "arg", onn_arg(g, x));
	if (b->few)
		return;
	add(b, "powi -3", onn_powi(g, x, -3));
	add(b, "powi 0", onn_powi(g, x, 0));
	add(b, "square", onn_square(g, x));
	add(b, "mean", onn_mean(g, x, (int[]){0}, 1, true));
	if (!onn_type_is_complex(b->type)) {
		add(b, "relu", onn_relu(g, onn_add_real(g, x, -1)));
		add(b, "expi", onn_expi(g, x));
	}
}

const onn_case onn_cases_composed[] = {
    ONN_CASE(NONE, "absorber chain", ONN_TYPES_RC, ONN_CASE_SMOOTH, build_absorber),
    ONN_CASE(NONE, "long chain", ONN_TYPES_R, ONN_CASE_SMOOTH, build_long_chain),
    ONN_CASE(NONE, "shared value", ONN_TYPES_RC, ONN_CASE_SMOOTH, build_shared_value),
    ONN_CASE(NONE, "log_softmax", ONN_TYPES_R, ONN_CASE_SMOOTH, build_log_softmax),
    ONN_CASE(NONE, "training step", ONN_TYPES_R, ONN_CASE_SMOOTH, build_training_step),
    ONN_CASE(NONE, "functions", ONN_TYPES_RC, ONN_CASE_SMOOTH, build_functions),
    {0},
};
