/*
 * A pulse through a medium, and the gradient of that.
 */
#include "ops/pulse.h"

#include "core/memory.h"
#include "ops/rules.h"

onn_pulse_rows onn_pulse_rows_of(const onn_attr *a, size_t light)
{
	onn_pulse_rows p = {a->pulse.model, 1, a->pulse.cells, a->pulse.classes, a->pulse.beams,
	    a->pulse.lossy, a->pulse.record};
	p.slots = (uint32_t)(light / onn_pulse_rows_light(&p));
	return p;
}

/* Whether x is [rows or 1, size] of that type. */
static bool is_rows(const onn_node_data *x, onn_type type, size_t rows, size_t size)
{
	return x->type == type && x->ndim == 2 && (x->shape[0] == rows || x->shape[0] == 1) &&
	       x->shape[1] == size;
}

/* The rows that the first `count` inputs are; false, with the error, where they are not. */
static bool read_rows(onn_pulse_rows *p, onn_graph *g, const onn_node_data *n)
{
	const uint32_t *in = onn_node_inputs(n);
	const onn_node_data *light = onn_node_get(g, in[0]);
	bool real = onn_type_is_float(light->type) && !onn_type_is_complex(light->type);
	*p = real && light->ndim == 2 ? onn_pulse_rows_of(n->attr, light->shape[1])
	                              : (onn_pulse_rows){0};
	bool right = p->slots > 0 && light->shape[1] == onn_pulse_rows_light(p);
	for (uint32_t i = 1; right && i < n->ninputs; i++) {
		size_t size = i == 1   ? onn_pulse_rows_state(p)
		              : i == 2 ? onn_pulse_rows_parameters(p)
		                       : onn_pulse_rows_given(p);
		const onn_node_data *x = onn_node_get(g, in[i]);
		right = is_rows(x, light->type, light->shape[0], size) &&
		        (i < 3 || x->shape[0] == light->shape[0]);
	}
	if (!right) {
		char text[96];
		onn_fail(g, ONN_ERROR_ARGUMENT,
		    "pulse: light %s %s with a state, parameters or a gradient that do not go with "
		    "it; expected rows of real numbers of one type",
		    onn_shape_text(text, sizeof text, light->ndim, light->shape),
		    onn_type_name(light->type));
	}
	return right;
}

static bool infer(onn_graph *g, onn_node_data *n, size_t (*size)(const onn_pulse_rows *))
{
	onn_pulse_rows p;
	if (!read_rows(&p, g, n))
		return false;
	const onn_node_data *light = onn_node_get(g, onn_node_inputs(n)[0]);
	return onn_infer_as(n, light->type, 2, (size_t[]){light->shape[0], size(&p)});
}

bool infer_pulse(onn_graph *g, onn_node_data *n) { return infer(g, n, onn_pulse_rows_given); }
bool infer_pulse_adjoint(onn_graph *g, onn_node_data *n)
{
	return infer(g, n, onn_pulse_rows_gradients);
}

ONN_RULE(grad_pulse)
{
	const onn_node_data *light = onn_node_get(g, b->in[0].id);
	onn_pulse_rows p = onn_pulse_rows_of(b->attr, light->shape[1]);
	size_t rows = light->shape[0], at = 0;
	const size_t size[3] = {
	    onn_pulse_rows_light(&p), onn_pulse_rows_state(&p), onn_pulse_rows_parameters(&p)};
	onn_attr attr = *b->attr;
	onn_node all = onn_make(
	    g, ONN_OP_PULSE_ADJOINT, (onn_node[]){b->in[0], b->in[1], b->in[2], b->dy}, 4, &attr);
	for (uint32_t i = 0; i < 3 && all.id; at += size[i++]) {
		grad[i] = onn_slice(g, all, 1, (ptrdiff_t)at, size[i], 1);
		if (rows > 1 && onn_node_shape(g, b->in[i])[0] == 1)
			grad[i] = onn_sum(g, grad[i], (int[]){0}, 1, true);
	}
}

ONN_RULE(grad_pulse_adjoint)
{
	(void)grad, (void)b;
	onn_fail(g, ONN_ERROR_UNSUPPORTED,
	    "onn_gradient: a second derivative of a pulse through a medium; expected a first one: "
	    "the steady absorbers of onn/saturable.h have more");
}
