/*
 * Layers, losses and limits.
 */
#include <math.h>

#include <onn/nn.h>

#include "core/error.h"
#include "core/settings.h"

ONN_WORDS(onn_activation, ONN_ACTIVATION_WORDS)
ONN_WORDS(onn_loss, ONN_LOSS_WORDS)
ONN_WORDS(onn_norm, ONN_NORM_WORDS)

onn_node onn_linear(onn_graph *g, onn_node x, onn_node w) { return onn_matmul(g, x, w); }

onn_node onn_linear_bias(onn_graph *g, onn_node x, onn_node w, onn_node bias)
{
	return onn_add(g, onn_matmul(g, x, w), bias);
}

onn_node onn_activate(
    onn_graph *g, onn_node x, onn_activation activation, const onn_absorber *absorber)
{
	switch (activation) {
	case ONN_ACTIVATION_SA:
		return onn_saturable_absorber(g, x, absorber);
	case ONN_ACTIVATION_RELU:
		return onn_relu(g, x);
	case ONN_ACTIVATION_TANH:
		return onn_tanh(g, x);
	case ONN_ACTIVATION_SIGMOID:
		return onn_sigmoid(g, x);
	}
	return onn_fail(g, ONN_ERROR_ARGUMENT,
	    "onn_activate: activation is %d; expected a value of onn_activation", (int)activation);
}

/* True for [batch, outputs] of f32 or f64 with labels [batch]. */
static bool check_batch(onn_graph *g, const char *function, onn_node output, onn_node label)
{
	if (onn_graph_status(g) || !output.id || !label.id)
		return false;
	onn_type type = onn_node_type(g, output), index = onn_node_type(g, label);
	if (onn_node_ndim(g, output) == 2 && onn_node_ndim(g, label) == 1 &&
	    onn_node_shape(g, output)[0] == onn_node_shape(g, label)[0] &&
	    (type == ONN_F32 || type == ONN_F64) && (index == ONN_I32 || index == ONN_U32))
		return true;
	onn_fail(g, ONN_ERROR_ARGUMENT,
	    "%s: output is %s with %zu axes, label %s with %zu; expected f32 or f64 [batch, "
	    "outputs] "
	    "and i32 or u32 [batch]",
	    function, onn_type_name(type), onn_node_ndim(g, output), onn_type_name(index),
	    onn_node_ndim(g, label));
	return false;
}

onn_node onn_loss_of(onn_graph *g, onn_loss loss, onn_node output, onn_node label)
{
	if (!check_batch(g, "onn_loss_of", output, label))
		return ONN_NULL_NODE;
	onn_type type = onn_node_type(g, output);
	size_t batch = onn_node_shape(g, output)[0], classes = onn_node_shape(g, output)[1];
	onn_node target = onn_one_hot(g, label, classes, type);
	if (loss == ONN_LOSS_MSE)
		return onn_mean(g, onn_square(g, onn_sub(g, output, target)), NULL, 0, false);
	if (loss != ONN_LOSS_NLL)
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_loss_of: loss is %d; expected a value of onn_loss", (int)loss);
	/* chosen, not multiplied: a probability of 0 elsewhere has the logarithm -infinity */
	onn_node p = onn_select(g, target, onn_log_softmax(g, output, -1), onn_scalar(g, type, 0));
	return onn_mul_real(g, onn_sum(g, p, NULL, 0, false), -1.0 / (double)(batch ? batch : 1));
}

onn_node onn_hits(onn_graph *g, onn_node output, onn_node label)
{
	if (!check_batch(g, "onn_hits", output, label))
		return ONN_NULL_NODE;
	onn_node found = onn_argmax(g, output, -1);
	return onn_cast(
	    g, onn_equal(g, found, onn_cast(g, label, ONN_I32)), onn_node_type(g, output));
}

#define ROW(name, kind, member) ONN_SETTING(name, kind, onn_weight_limits, member)
static const onn_setting limit_rows[] = {
    {ROW("weight_low", REAL, low), .infinite = true},
    {ROW("weight_high", REAL, high), .infinite = true},
    {ROW("weight_norm", WORD, norm), .words = &onn_norm_words},
};

static onn_status check_limits(const void *values)
{
	const onn_weight_limits *l = values;
	return l->low <= l->high ? ONN_OK
	                         : onn_error(ONN_ERROR_ARGUMENT,
	                               "weight limits: weights from %g to %g; expected low <= high",
	                               l->low, l->high);
}

const onn_settings *onn_weight_limits_settings(void)
{
	ONN_RETURN_SETTINGS(
	    "weight limits", limit_rows, onn_weight_limits, check_limits, ONN_WEIGHT_LIMITS_INIT);
}

onn_node onn_limit_weights(onn_graph *g, onn_node w, const onn_weight_limits *limits)
{
	if (onn_graph_status(g) || !w.id)
		return ONN_NULL_NODE;
	if (!limits || limits->size != sizeof *limits)
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_limit_weights: no limits of this version; expected some made by "
		    "ONN_WEIGHT_LIMITS_INIT");
	onn_status status = onn_settings_check(onn_weight_limits_settings(), limits);
	if (status)
		return onn_fail(g, status, "%s", onn_last_error());
	onn_type type = onn_node_type(g, w);
	if (limits->low > -INFINITY)
		w = onn_max(g, w, onn_scalar(g, type, limits->low));
	if (limits->high < INFINITY)
		w = onn_min(g, w, onn_scalar(g, type, limits->high));
	if (limits->norm == ONN_NORM_NONE)
		return w;
	onn_node norm = limits->norm == ONN_NORM_L1
	                    ? onn_sum(g, onn_abs(g, w), NULL, 0, false)
	                    : onn_sqrt(g, onn_sum(g, onn_square(g, w), NULL, 0, false));
	return onn_div(g, w, onn_max(g, norm, onn_scalar(g, type, 1)));
}
