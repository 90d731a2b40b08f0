/*
 * A design under way: its tensors and plans, a step, the light.
 */
#include "design/designer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "run/checkpoint.h"

/* ---- plans and tensors ---- */

static onn_status bind(onn_designer *d, onn_plan *plan)
{
	onn_status status = onn_plan_bind(plan, "source", d->source_on);

	if (!status)
		status = onn_plan_bind(plan, "target", d->target_on);
	for (size_t i = 0; i < d->model.nvariables && !status; i++)
		status = onn_plan_bind(plan, d->model.variable[i].name, d->state[i]);
	return status;
}

onn_status onn_designer_make_tensors(onn_designer *d)
{
	onn_design_model *m = &d->model;

	d->state = calloc(m->nvariables, sizeof *d->state);
	if (!d->state)
		return onn_error_memory("onn_designer_create", m->nvariables * sizeof *d->state);
	for (size_t i = 0; i < m->nvariables; i++) {
		const onn_design_variable *v = &m->variable[i];
		onn_status status =
		    onn_tensor_create(&d->state[i], d->device, v->type, v->ndim, v->shape);
		if (status)
			return status;
	}
	onn_status status = onn_tensor_from_array(&d->target_on, d->device, d->target);
	return status ? status : onn_tensor_from_array(&d->source_on, d->device, d->source);
}

static onn_status make_step(onn_designer *d)
{
	const onn_design_model *m = &d->model;
	size_t count = m->nassigns + 1;
	onn_node *outputs = malloc(count * sizeof *outputs);

	if (!outputs)
		return onn_error_memory("onn_designer_create", count * sizeof *outputs);
	outputs[0] = m->loss;
	memcpy(outputs + 1, m->assign, m->nassigns * sizeof *outputs);
	onn_status status = onn_plan_create(&d->step, d->device, m->g, outputs, count, NULL);
	free(outputs);
	return status ? status : bind(d, d->step);
}

onn_status onn_designer_make_plans(onn_designer *d)
{
	onn_node outputs[] = {d->model.loss, d->model.intensity};
	onn_status status = make_step(d);

	if (!status)
		status = onn_plan_create(&d->look, d->device, d->model.g, outputs, 2, NULL);
	return status ? status : bind(d, d->look);
}

void onn_designer_destroy(onn_designer *d)
{
	if (!d)
		return;
	onn_plan_destroy(d->step);
	onn_plan_destroy(d->look);
	for (size_t i = 0; d->state && i < d->model.nvariables; i++)
		onn_tensor_destroy(d->state[i]);
	free(d->state);
	onn_tensor_destroy(d->target_on);
	onn_tensor_destroy(d->source_on);
	onn_design_model_clear(&d->model);
	onn_array_destroy(d->target);
	onn_array_destroy(d->source);
	onn_history_free(&d->losses);
	onn_run_folder_close(&d->files);
	free(d);
}

/* ---- steps ---- */

static onn_status read_loss(onn_designer *d, const onn_plan *plan, const char *function)
{
	double loss;

	onn_status status = onn_tensor_read_real(&loss, onn_plan_output(plan, 0));
	if (status)
		return status;
	if (isfinite(loss))
		return onn_history_add(&d->losses, &loss);
	if (d->done == 0)
		return onn_error(ONN_ERROR_NUMERIC,
		    "%s: the loss before the first step is %g; expected a target, a source and a "
		    "start whose light is finite and, for a correlation, not dark",
		    function, loss);
	return onn_error(ONN_ERROR_NUMERIC,
	    "%s: the loss after %zu step%s is %g; expected a smaller lr or another start", function,
	    d->done, d->done == 1 ? "" : "s", loss);
}

onn_status onn_designer_look(onn_designer *d, const char *function)
{
	if (d->losses.count > d->done)
		return ONN_OK;
	onn_status status = onn_plan_run(d->look);
	return status ? status : read_loss(d, d->look, function);
}

onn_status onn_designer_step(onn_designer *d)
{
	/* and of a look behind it, which leaves onn_designer_losses where they are */
	onn_status status = onn_history_reserve(&d->losses, d->done + 2);

	if (!status && !d->step)
		status = make_step(d);
	onn_designer_forget_look(d);
	if (!status)
		status = onn_plan_run(d->step);
	if (!status)
		status = read_loss(d, d->step, "onn_designer_step");
	d->done += !status;
	return status;
}

void onn_designer_rest(onn_designer *d)
{
	onn_plan_destroy(d->step);
	d->step = NULL;
}

/* ---- what there is to see ---- */

onn_status onn_designer_intensity(onn_array **intensity, onn_designer *d)
{
	*intensity = NULL;
	onn_status status = onn_designer_look(d, "onn_designer_intensity");
	return status ? status : onn_tensor_to_array(intensity, onn_plan_output(d->look, 1));
}

onn_status onn_designer_field(onn_array **field, onn_designer *d)
{
	onn_plan *plan = NULL;

	*field = NULL;
	onn_status status =
	    onn_plan_create(&plan, d->device, d->model.g, &d->model.camera, 1, NULL);
	if (!status)
		status = bind(d, plan);
	if (!status)
		status = onn_plan_run(plan);
	if (!status)
		status = onn_tensor_to_array(field, onn_plan_output(plan, 0));
	onn_plan_destroy(plan);
	return status;
}

const onn_design *onn_designer_design(const onn_designer *d) { return &d->config.design; }
const onn_array *onn_designer_target(const onn_designer *d) { return d->target; }
const onn_array *onn_designer_source(const onn_designer *d) { return d->source; }
size_t onn_designer_steps(const onn_designer *d) { return d->done; }
const onn_plan *onn_designer_plan(const onn_designer *d) { return d->step; }

const double *onn_designer_losses(size_t *count, const onn_designer *d)
{
	*count = d->losses.count;
	return d->losses.row;
}
