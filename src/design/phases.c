/*
 * Complex plates as plates of phase, which are those that can be made.
 */
#include <math.h>
#include <stdlib.h>

#include "core/error.h"
#include "design/builder.h"
#include "design/designer.h"
#include "run/checkpoint.h"

static const char *const function = "onn_designer_result_of_phases";

/* p/|p|, and 1 where p is 0. */
static onn_node phase_of(onn_graph *g, onn_node p)
{
	onn_node size = onn_abs(g, p);
	onn_node dark = onn_equal(g, size, onn_scalar(g, onn_node_type(g, size), 0));

	return onn_add(g, onn_sign(g, p), dark);
}

/* output: loss, intensity, and the largest |p|^2 of each plate. */
static void build(onn_node *output, onn_design_builder *b)
{
	const onn_design *d = b->design;
	const onn_design_model *m = b->m;
	onn_graph *g = b->g;
	size_t shape[2] = {d->pixels, d->pixels};
	onn_node e = onn_variable(g, "source", b->light.type, 2, shape), part[2], behind;
	onn_node target = onn_variable(g, "target", d->precision, 2, shape);

	for (size_t k = 0; k < d->plates; k++) {
		for (size_t i = 0; i < m->parts; i++) {
			const onn_design_variable *v = &m->variable[k * m->parts + i];
			part[i] = onn_variable(g, v->name, v->type, 2, shape);
		}
		onn_node p = onn_design_transmission(g, d, m->parts, part);
		output[2 + k] = onn_reduce_max(g, onn_abs2(g, p), NULL, 0, false);
		e = onn_design_through(b, &behind, phase_of(g, p), e);
	}
	output[1] = onn_abs2(g, e);
	output[0] = onn_design_loss_node(g, d, e, output[1], target);
}

static onn_status run(onn_plan **plan, onn_designer *d)
{
	onn_design_builder b = onn_design_builder_of(&d->model, &d->config.design);
	size_t count = d->config.design.plates + 2;
	onn_node *output = calloc(count, sizeof *output);
	onn_status status =
	    output ? onn_graph_create(&b.g) : onn_error_memory(function, count * sizeof *output);

	if (!status) {
		build(output, &b);
		status = onn_plan_create(plan, d->device, b.g, output, count, NULL);
	}
	if (!status)
		status = onn_plan_bind(*plan, "source", d->source_on);
	if (!status)
		status = onn_plan_bind(*plan, "target", d->target_on);
	for (size_t i = 0; i < d->config.design.plates * d->model.parts && !status; i++)
		status = onn_plan_bind(*plan, d->model.variable[i].name, d->state[i]);
	if (!status)
		status = onn_plan_run(*plan);
	onn_graph_destroy(b.g);
	free(output);
	return status;
}

static onn_status read_gain(double *gain, const onn_designer *d, const onn_plan *plan)
{
	onn_status status = ONN_OK;
	double most;

	*gain = 0;
	for (size_t k = 0; k < d->config.design.plates && !status; k++) {
		status = onn_tensor_read_real(&most, onn_plan_output(plan, 2 + k));
		*gain = fmax(*gain, sqrt(most));
	}
	return status;
}

onn_status onn_designer_result_of_phases(
    onn_design_result *result, double *gain, onn_array **picture, onn_designer *d)
{
	onn_plan *plan = NULL;
	onn_array *intensity = NULL;
	double loss = 0;

	if (d->config.design.modulation == ONN_DESIGN_MODULATION_PHASE) {
		if (gain)
			*gain = 1;
		return onn_designer_result(result, picture, d);
	}
	if (picture)
		*picture = NULL;
	onn_status status = run(&plan, d);
	if (!status)
		status = onn_tensor_read_real(&loss, onn_plan_output(plan, 0));
	if (!status && !isfinite(loss))
		status = onn_error(ONN_ERROR_NUMERIC,
		    "%s: the loss of plates of phase is %g; expected a finite one", function, loss);
	if (!status && gain)
		status = read_gain(gain, d, plan);
	if (!status)
		status = onn_tensor_to_array(&intensity, onn_plan_output(plan, 1));
	if (!status)
		status = onn_designer_compare(result, picture, d, intensity, loss);
	onn_array_destroy(intensity);
	onn_plan_destroy(plan);
	return status;
}
