/*
 * Random numbers from a counter: the element's number, the stream and the step name each draw.
 */
#include <string.h>

#include "core/memory.h"
#include "core/pi.h"
#include "ops/rules.h"

/* Draws of one word stream: uniform numbers and counts use word 2 stream, normal numbers that and
 * the next. A count has a mean. */
static onn_node draw(onn_graph *g, const char *function, onn_type type, size_t ndim,
    const size_t *shape, uint64_t seed, uint32_t word, onn_node step, onn_node mean)
{
	onn_attr attr = {.draw = {type, seed, word}};
	if (!onn_graph_ok(g, function, step))
		return ONN_NULL_NODE;
	size_t count = 0;
	if (ndim > ONN_MAX_DIMS || !onn_size_product(&count, ndim, shape) || count > INT32_MAX)
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "%s: %zu axes, %zu elements; expected at most %d and 2^31-1", function, ndim,
		    count, ONN_MAX_DIMS);
	if (word >= 1u << 31 || onn_node_type(g, step) != ONN_U32 || onn_node_ndim(g, step) != 0)
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "%s: stream %u, step %s with %zu axes; expected a stream below 2^30 and a 0-d "
		    "u32",
		    function, word / 2, onn_type_name(onn_node_type(g, step)),
		    onn_node_ndim(g, step));
	onn_node in[3] = {onn_reshape(g, onn_iota(g, ONN_U32, count), ndim, shape),
	    onn_broadcast(g, step, ndim, shape), mean};
	return onn_make(g, mean.id ? ONN_OP_POISSON : ONN_OP_RANDOM, in, mean.id ? 3 : 2, &attr);
}

bool infer_random(onn_graph *g, onn_node_data *n)
{
	const onn_node_data *element = onn_node_get(g, n->inline_input[0]);
	onn_type type = n->attr->draw.type;
	if (type != ONN_F32 && type != ONN_F64) {
		onn_fail(g, ONN_ERROR_ARGUMENT, "onn_random: type is %s; expected f32 or f64",
		    onn_type_name(type));
		return false;
	}
	return onn_infer_as(n, type, element->ndim, element->shape);
}

onn_node onn_random_uniform(onn_graph *g, onn_type type, size_t ndim, const size_t *shape,
    uint64_t seed, uint32_t stream, onn_node step)
{
	uint32_t word = stream < 1u << 30 ? 2 * stream : UINT32_MAX;
	return draw(g, "onn_random_uniform", type, ndim, shape, seed, word, step, ONN_NULL_NODE);
}

/* Box and Muller's: sqrt(-2 log(1-u)) cos(2 pi v); u is never 1 */
onn_node onn_random_normal(onn_graph *g, onn_type type, size_t ndim, const size_t *shape,
    uint64_t seed, uint32_t stream, onn_node step)
{
	uint32_t word = stream < 1u << 30 ? 2 * stream : UINT32_MAX;
	onn_node u =
	    draw(g, "onn_random_normal", type, ndim, shape, seed, word, step, ONN_NULL_NODE);
	onn_node v = draw(g, "onn_random_normal", type, ndim, shape, seed,
	    word == UINT32_MAX ? word : word + 1, step, ONN_NULL_NODE);
	onn_node r = onn_sqrt(g, onn_mul_real(g, onn_log1p(g, onn_neg(g, u)), -2));
	return onn_mul(g, r, onn_cos(g, onn_mul_real(g, v, ONN_TWO_PI)));
}

bool infer_poisson(onn_graph *g, onn_node_data *n)
{
	const onn_node_data *mean = onn_node_get(g, n->inline_input[2]);
	return onn_infer_as(n, mean->type, mean->ndim, mean->shape);
}

/* straight through the noise */
ONN_RULE(grad_poisson)
{
	(void)g;
	grad[2] = b->dy;
}

onn_node onn_random_poisson(
    onn_graph *g, onn_node mean, uint64_t seed, uint32_t stream, onn_node step)
{
	static const char *const function = "onn_random_poisson";
	if (!onn_graph_ok(g, function, mean))
		return ONN_NULL_NODE;
	onn_type type = onn_node_type(g, mean);
	if (type != ONN_F32 && type != ONN_F64)
		return onn_fail(g, ONN_ERROR_ARGUMENT, "%s: mean is %s; expected f32 or f64",
		    function, onn_type_name(type));
	size_t ndim = onn_node_ndim(g, mean), shape[ONN_MAX_DIMS];
	memcpy(shape, onn_node_shape(g, mean), ndim * sizeof *shape);
	uint32_t word = stream < 1u << 30 ? 2 * stream : UINT32_MAX;
	return draw(g, function, type, ndim, shape, seed, word, step, mean);
}
