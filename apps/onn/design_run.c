/* A design under way: plans, tensors, the loop of steps. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "design.h"
#include "system.h"

/* ---- preparing ---- */

static onn_status make_state(design_run *r)
{
	design_model *m = &r->model;

	r->state = calloc(m->nvariables, sizeof *r->state);
	if (!r->state)
		return ONN_ERROR_MEMORY;
	for (size_t i = 0; i < m->nvariables; i++) {
		const design_variable *v = &m->variable[i];
		onn_status status =
		    onn_tensor_create(&r->state[i], r->device, v->type, v->ndim, v->shape);
		if (status)
			return status;
	}
	onn_status status = onn_tensor_from_array(&r->target, r->device, r->in.target);
	return status ? status : onn_tensor_from_array(&r->source, r->device, r->in.source);
}

/* Plate k of the start, in the form that its variables have. */
static onn_status start_plate(design_run *r, size_t k, onn_array *part)
{
	const design_problem *p = &r->problem;
	size_t n = p->size * p->size, parts = r->model.parts;
	size_t one = onn_type_size(p->real), width = p->phase ? one : 2 * one;
	const char *from =
	    r->in.start ? (const char *)onn_array_const_data(r->in.start) + k * n * width : NULL;
	onn_type type = onn_array_type(part);

	for (size_t i = 0; i < parts; i++) {
		char *to = onn_array_data(part);
		size_t count = onn_type_is_complex(type) ? 2 * n : n;
		/* every `stride`-th real number of the start; else 1 + 0i, phase 0 */
		size_t stride = parts == 2 ? 2 : 1;
		for (size_t j = 0; j < count; j++) {
			bool imaginary = parts == 2 ? i == 1 : onn_type_is_complex(type) && j % 2;
			double x = p->phase || imaginary ? 0 : 1;
			if (from)
				memcpy(to + j * one,
				    from + (j * stride + (parts == 2 ? i : 0)) * one, one);
			else if (one == sizeof(float))
				((float *)to)[j] = (float)x;
			else
				((double *)to)[j] = x;
		}
		onn_status status = onn_tensor_write(r->state[k * parts + i], to, count * one);
		if (status)
			return status;
	}
	return ONN_OK;
}

static onn_status start_plates(design_run *r)
{
	const design_variable *v = &r->model.variable[0];
	onn_array *part = NULL;
	onn_status status = onn_array_create(&part, v->type, 2, v->shape);

	for (size_t k = 0; k < r->problem.plates && !status; k++)
		status = start_plate(r, k, part);
	onn_array_destroy(part);
	onn_array_destroy(r->in.start);
	r->in.start = NULL;
	return status;
}

static onn_status bind(design_run *r, onn_plan *plan)
{
	onn_status status = onn_plan_bind(plan, "source", r->source);

	if (!status)
		status = onn_plan_bind(plan, "target", r->target);
	for (size_t i = 0; i < r->model.nvariables && !status; i++)
		status = onn_plan_bind(plan, r->model.variable[i].name, r->state[i]);
	return status;
}

static onn_status make_plans(design_run *r)
{
	design_model *m = &r->model;
	onn_node look[] = {m->loss, m->intensity};
	onn_node *outputs = malloc((m->nassigns + 1) * sizeof *outputs);

	if (!outputs)
		return ONN_ERROR_MEMORY;
	outputs[0] = m->loss;
	memcpy(outputs + 1, m->assign, m->nassigns * sizeof *outputs);
	onn_status status =
	    onn_plan_create(&r->step, r->device, m->g, outputs, m->nassigns + 1, NULL);
	free(outputs);
	if (!status)
		status = onn_plan_create(&r->look, r->device, m->g, look, 2, NULL);
	if (!status)
		status = bind(r, r->step);
	return status ? status : bind(r, r->look);
}

onn_status design_prepare(design_run *r)
{
	r->loss = calloc(r->s->steps + 1, sizeof *r->loss);
	onn_status status = r->loss ? design_model_build(&r->model, &r->problem) : ONN_ERROR_MEMORY;

	if (!status)
		status = make_state(r);
	if (!status)
		status = start_plates(r);
	return status ? status : make_plans(r);
}

void design_release(design_run *r)
{
	onn_plan_destroy(r->step);
	onn_plan_destroy(r->look);
	for (size_t i = 0; r->state && i < r->model.nvariables; i++)
		onn_tensor_destroy(r->state[i]);
	free(r->state);
	onn_tensor_destroy(r->target);
	onn_tensor_destroy(r->source);
	design_model_clear(&r->model);
	onn_device_destroy(r->device);
	design_inputs_clear(&r->in);
	free(r->config);
	free(r->loss);
}

/* ---- looking ---- */

static onn_status read_loss(const onn_plan *plan, double *loss)
{
	const onn_tensor *t = onn_plan_output(plan, 0);
	float single = 0;

	if (onn_tensor_type(t) == ONN_F64)
		return onn_tensor_read(loss, t, sizeof *loss);
	onn_status status = onn_tensor_read(&single, t, sizeof single);
	*loss = (double)single;
	return status;
}

onn_status design_look(design_run *r, onn_array **intensity, double *loss)
{
	onn_status status = onn_plan_run(r->look);

	if (!status)
		status = read_loss(r->look, loss);
	if (!status && intensity)
		status = onn_tensor_to_array(intensity, onn_plan_output(r->look, 1));
	return status;
}

onn_status design_plate(design_run *r, size_t k, onn_array **plate)
{
	const design_model *m = &r->model;
	const design_variable *v = &m->variable[k * m->parts];
	onn_graph *g = NULL;
	onn_plan *plan = NULL;
	onn_node part[2];
	onn_status status = onn_graph_create(&g);

	if (status)
		return status;
	for (size_t i = 0; i < m->parts; i++)
		part[i] = onn_variable(g, v[i].name, v[i].type, v[i].ndim, v[i].shape);
	onn_node seen = design_transmission(g, &r->problem, part);
	status = onn_plan_create(&plan, r->device, g, &seen, 1, NULL);
	for (size_t i = 0; i < m->parts && !status; i++)
		status = onn_plan_bind(plan, v[i].name, r->state[k * m->parts + i]);
	if (!status)
		status = onn_plan_run(plan);
	if (!status)
		status = onn_tensor_to_array(plate, onn_plan_output(plan, 0));
	onn_plan_destroy(plan);
	onn_graph_destroy(g);
	return status;
}

/* ---- the loop ---- */

bool design_draws(const design_run *r, size_t step)
{
	return step == r->s->steps || (step & (step - 1)) == 0;
}

static int check_loss(const design_run *r, double loss)
{
	if (isfinite(loss))
		return EXIT_OK;
	if (r->done == 0)
		return command_fail(&command_design,
		    "the loss before the first step is %g; expected a target, a source and a start "
		    "whose light is finite, and for a correlation not the same everywhere",
		    loss);
	return command_fail(&command_design,
	    "the loss after %zu step%s is %g; expected a smaller --lr or another start", r->done,
	    r->done == 1 ? "" : "s", loss);
}

int design_check_start(design_run *r)
{
	double loss;
	onn_status status = design_look(r, NULL, &loss);

	return status ? command_status(&command_design, status) : check_loss(r, loss);
}

static int draw(design_run *r)
{
	onn_array *intensity = NULL;
	double loss;
	onn_status status = design_look(r, &intensity, &loss);
	int code = status ? command_status(&command_design, status) : check_loss(r, loss);

	if (!code)
		code = design_camera_write(r, r->done, intensity);
	onn_array_destroy(intensity);
	return code;
}

/* On a terminal a line that is written over; else a line where the light is drawn. */
static void tell(const design_run *r, bool terminal, double *last)
{
	if (r->s->quiet)
		return;
	if (design_draws(r, r->done - 1)) {
		if (terminal)
			fputs("\r\033[K", stderr);
		printf("step %zu/%llu  loss %.6g\n", r->done - 1, (unsigned long long)r->s->steps,
		    r->loss[r->done - 1]);
		fflush(stdout);
	} else if (terminal && system_clock() - *last >= 0.1) {
		*last = system_clock();
		fprintf(stderr, "\rstep %zu/%llu  loss %.6g\033[K", r->done - 1,
		    (unsigned long long)r->s->steps, r->loss[r->done - 1]);
		fflush(stderr);
	}
}

/* known: steps whose loss is known. */
static int save(design_run *r, size_t known)
{
	int code = r->s->out ? design_metrics_write(r, known) : EXIT_OK;

	return !code && r->s->out ? design_checkpoint_write(r) : code;
}

/* One update, and the loss before it. */
static int take_step(design_run *r)
{
	double loss;
	onn_status status = onn_plan_run(r->step);

	if (!status)
		status = read_loss(r->step, &loss);
	if (status)
		return command_status(&command_design, status);
	int code = check_loss(r, loss);
	if (!code)
		r->loss[r->done++] = loss;
	return code;
}

int design_loop(design_run *r, bool *stopped)
{
	bool terminal = system_is_terminal(stderr) && !r->s->quiet;
	size_t every = (size_t)r->s->save_every, sixteenth = (size_t)r->s->steps / 16;
	double last = 0, loss;
	int code = EXIT_OK;

	if (!every)
		every = sixteenth > 32 ? sixteenth : 32;
	*stopped = false;
	while (!code && r->done < r->s->steps && !*stopped) {
		if (r->s->out && design_draws(r, r->done))
			code = draw(r);
		if (!code)
			code = take_step(r);
		if (code)
			break;
		tell(r, terminal, &last);
		*stopped = system_stop_asked();
		if (r->done % every == 0 && r->done < r->s->steps && !*stopped)
			code = save(r, r->done - 1);
	}
	if (terminal)
		fputs("\r\033[K", stderr);
	if (code)
		return code;
	onn_status status = design_look(r, NULL, &loss);
	if (status)
		return command_status(&command_design, status);
	r->loss[r->done] = loss;
	code = check_loss(r, loss);
	if (code)
		return code;
	*stopped = *stopped && r->done < r->s->steps;
	return save(r, r->done);
}
