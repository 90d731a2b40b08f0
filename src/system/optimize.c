/*
 * The best free numbers, by exact gradients and Adam.
 *
 * A number p is p0 + s u, s its own size of a step, so that Adam's steps of 1 are as large as the
 * file says; they shrink along half a cosine, so that the end is found and not circled about.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/optimizer.h>
#include <onn/plan.h>

#include "core/error.h"
#include "system/system.h"

typedef struct search {
	onn_system *system;
	onn_device *device;
	onn_plan *plan;
	size_t count;
	onn_tensor *value[ONN_SYSTEM_MAX_FREE];
	double best_loss, best[ONN_SYSTEM_MAX_FREE];
	double m[ONN_SYSTEM_MAX_FREE], v[ONN_SYSTEM_MAX_FREE];
	double *row; /* of the history */
} search;

/* A fiftieth of where it starts; of lengths at least a quarter of a pixel; of what starts at 0 a
 * hundredth. */
static double first_step(const search *a, size_t i)
{
	const onn_free_number *f = &a->system->free[i];
	double part = .02 * fabs(*f->member);
	if (f->step > 0)
		return f->step;
	if (f->row->unit && strcmp(f->row->unit, "m") == 0 && f->item != ONN_SYSTEM_OWN)
		return fmax(part, a->system->options.pitch[1] / 4);
	return part > 0 ? part : .01;
}

/* Within what was said, and what its row says. */
static double within(const onn_free_number *f, double was, double x)
{
	x = fmin(fmax(x, f->low), f->high);
	bool any = f->row->low == 0 && f->row->high == 0;
	if (any || (x > f->row->low && x < f->row->high))
		return x;
	double edge = x <= f->row->low ? f->row->low : f->row->high;
	return edge + .5 * (was - edge); /* half of the way to a bound that may be out itself */
}

static onn_status prepare(search *a)
{
	onn_graph *g;
	onn_system_graph built;
	onn_node out[ONN_SYSTEM_MAX_FREE + 1];
	onn_status status = onn_graph_create(&g);
	if (status)
		return status;
	status = onn_system_build(&built, g, a->system);
	out[0] = built.loss;
	if (!status)
		status = onn_gradient(out + 1, g, built.loss, ONN_NULL_NODE, built.free, a->count);
	if (status)
		status = onn_error(status, "%s", onn_graph_error(g));
	else
		status = onn_plan_create(&a->plan, a->device, g, out, a->count + 1, NULL);
	onn_graph_destroy(g);
	for (size_t i = 0; i < a->count && !status; i++) {
		status = onn_tensor_create(&a->value[i], a->device, ONN_F64, 0, NULL);
		if (!status)
			status = onn_plan_bind(a->plan, a->system->free[i].name, a->value[i]);
	}
	return status;
}

static onn_status read_real(double *value, const onn_tensor *t)
{
	float narrow;
	if (onn_tensor_type(t) == ONN_F64)
		return onn_tensor_read(value, t, sizeof *value);
	onn_status status = onn_tensor_read(&narrow, t, sizeof narrow);
	*value = status ? NAN : (double)narrow;
	return status;
}

/* One of them may be what has no answer, such as a focal length of 0: where all of them are. */
static onn_status no_number(const search *a, double loss)
{
	char all[640] = "", value[48];
	size_t n = 0;
	for (size_t i = 0; i < a->count && n < sizeof all; i++) {
		const onn_free_number *f = &a->system->free[i];
		onn_quantity_text(value, sizeof value, 6, *f->member, f->row->unit);
		n += (size_t)snprintf(
		    all + n, sizeof all - n, "%s%s = %s", i ? ", " : "", f->name, value);
	}
	return onn_error(ONN_ERROR_ARGUMENT,
	    "objective: it, which is %g, or a derivative is no number at %s; expected numbers",
	    loss, all);
}

/* The loss and its gradient at the numbers as they are. */
static onn_status look(search *a, double *loss, double *grad)
{
	onn_status status = ONN_OK;
	for (size_t i = 0; i < a->count && !status; i++)
		status = onn_tensor_write(a->value[i], a->system->free[i].member, sizeof(double));
	if (!status)
		status = onn_plan_run(a->plan);
	if (!status)
		status = read_real(loss, onn_plan_output(a->plan, 0));
	for (size_t i = 0; i < a->count && !status; i++)
		status = read_real(&grad[i], onn_plan_output(a->plan, i + 1));
	for (size_t i = 0; i < a->count && !status; i++)
		if (!isfinite(*loss) || !isfinite(grad[i]))
			status = no_number(a, *loss);
	if (status || !(*loss < a->best_loss))
		return status;
	a->best_loss = *loss;
	for (size_t i = 0; i < a->count; i++)
		a->best[i] = *a->system->free[i].member;
	return ONN_OK;
}

/* Kingma and Ba, arXiv 1412.6980, in units of each number's step. */
static void move(search *a, const double *grad, const double *size, size_t step, double rate)
{
	const onn_optimizer adam = ONN_OPTIMIZER_INIT;
	for (size_t i = 0; i < a->count; i++) {
		double g = grad[i] * size[i], t = (double)step + 1;
		double *p = a->system->free[i].member;
		a->m[i] = adam.beta1 * a->m[i] + (1 - adam.beta1) * g;
		a->v[i] = adam.beta2 * a->v[i] + (1 - adam.beta2) * g * g;
		double m = a->m[i] / (1 - pow(adam.beta1, t));
		double v = a->v[i] / (1 - pow(adam.beta2, t));
		double way = v > 0 ? m / sqrt(v) : 0;
		*p = within(&a->system->free[i], *p, *p - rate * size[i] * way);
	}
}

static void note(search *a, double loss)
{
	if (!a->row)
		return;
	*a->row++ = loss;
	for (size_t i = 0; i < a->count; i++)
		*a->row++ = *a->system->free[i].member;
}

static onn_status go(search *a, onn_system_told told, void *user, size_t *done)
{
	size_t steps = a->system->objective.steps;
	double size[ONN_SYSTEM_MAX_FREE], grad[ONN_SYSTEM_MAX_FREE], value[ONN_SYSTEM_MAX_FREE];
	double loss = NAN;
	onn_optimizer schedule = ONN_OPTIMIZER_INIT;
	schedule.rate = 1;
	schedule.decay = ONN_DECAY_COSINE;
	onn_status status = ONN_OK;
	for (size_t i = 0; i < a->count; i++)
		size[i] = first_step(a, i);
	for (size_t step = 0; step < steps && !status; step++) {
		status = look(a, &loss, grad);
		if (status)
			break;
		note(a, loss);
		++*done;
		for (size_t i = 0; i < a->count; i++)
			value[i] = *a->system->free[i].member;
		onn_system_progress p = {step, steps, loss, value, a->count};
		if (told && !told(&p, user))
			break;
		move(a, grad, size, step, onn_optimizer_rate(&schedule, step, steps));
	}
	if (!status)
		status = look(a, &loss, grad);
	for (size_t i = 0; i < a->count && isfinite(a->best_loss); i++)
		*a->system->free[i].member = a->best[i];
	note(a, a->best_loss);
	++*done;
	return status;
}

static onn_status check(const onn_system *s)
{
	if (s->nfree == 0)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_system_optimize: no number is free; expected some that are {\"optimize\": "
		    "true, \"start\": ...}");
	return s->objective.maximize || s->objective.minimize
	           ? ONN_OK
	           : onn_error(ONN_ERROR_ARGUMENT,
	                 "onn_system_optimize: no objective; expected \"objective\": "
	                 "{\"maximize\": \"power\"} or such");
}

/* The rows that were filled. */
static onn_status shorten(onn_array **history, size_t rows)
{
	onn_array *all = *history;
	const size_t *shape = onn_array_shape(all);
	if (shape[0] == rows)
		return ONN_OK;
	*history = NULL;
	onn_status status = onn_array_from(
	    history, ONN_F64, 2, (size_t[]){rows, shape[1]}, onn_array_const_data(all));
	onn_array_destroy(all);
	return status;
}

/* How gaps are computed follows from the light as it is at first. */
static onn_status settle(search *a)
{
	onn_system_result *result;
	onn_status status = onn_system_run(&result, a->system, a->device);
	if (!status)
		onn_system_result_destroy(result);
	return status;
}

onn_status onn_system_optimize(
    onn_array **history, onn_system *s, onn_device *device, onn_system_told told, void *user)
{
	onn_device *own = NULL;
	search a = {.system = s, .device = device, .count = s->nfree, .best_loss = INFINITY};
	onn_array *rows = NULL;
	size_t done = 0;
	if (history)
		*history = NULL;
	onn_status status = check(s);
	if (!status && !device)
		status = onn_device_create(&own, "c", NULL);
	a.device = device ? device : own;
	if (!status)
		status = onn_array_create(
		    &rows, ONN_F64, 2, (size_t[]){s->objective.steps + 1, 1 + a.count});
	a.row = rows ? onn_array_data(rows) : NULL;
	if (!status)
		status = settle(&a);
	if (!status)
		status = prepare(&a);
	if (!status)
		status = go(&a, told, user, &done);
	if (!status)
		status = shorten(&rows, done);
	for (size_t i = 0; i < a.count; i++)
		onn_tensor_destroy(a.value[i]);
	onn_plan_destroy(a.plan);
	onn_device_destroy(own);
	if (history && !status)
		*history = rows;
	else
		onn_array_destroy(rows);
	return status;
}
