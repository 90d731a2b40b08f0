/*
 * A run: light from layer to layer, each a small plan, so that each gap can be measured with the
 * light that arrives there.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/plan.h>

#include "core/element.h"
#include "core/error.h"
#include "core/streams.h"
#include "nn/layers/camera.h"
#include "nn/layers/space.h"
#include "optics/light.h"
#include "system/system.h"

struct onn_system_result {
	size_t count, ncameras;
	onn_system_step step[ONN_SYSTEM_MAX_LAYERS];
	onn_system_camera camera[ONN_SYSTEM_MAX_LAYERS];
	onn_array *owned[2 * ONN_SYSTEM_MAX_LAYERS];
	size_t nowned;
};

typedef struct run {
	onn_system *system;
	onn_device *device;
	const onn_signal *signal;
	onn_system_result *result;
	onn_array *field; /* as far as light has come */
	double power;     /* of the sources */
} run;

/* ---- one layer ---- */

/* Outputs of a graph as arrays, which the caller destroys. */
static onn_status compute(
    onn_array **array, const run *r, onn_graph *g, const onn_node *node, size_t count)
{
	onn_plan *plan = NULL;
	onn_tensor *field = NULL;
	onn_status status = onn_graph_status(g)
	                        ? onn_error(onn_graph_status(g), "%s", onn_graph_error(g))
	                        : onn_plan_create(&plan, r->device, g, node, count, NULL);
	if (!status && r->field)
		status = onn_tensor_from_array(&field, r->device, r->field);
	if (!status && field)
		status = onn_plan_bind(plan, "field", field);
	if (!status)
		status = onn_plan_run(plan);
	for (size_t i = 0; i < count && !status; i++)
		status = onn_tensor_to_array(&array[i], onn_plan_output(plan, i));
	onn_plan_destroy(plan);
	onn_tensor_destroy(field);
	return status;
}

/* Light passes layer i. */
static onn_status pass(run *r, size_t i)
{
	onn_graph *g;
	onn_array *behind = NULL;
	onn_status status = onn_graph_create(&g);
	if (status)
		return status;
	onn_way way = {.system = r->system, .g = g, .signal = r->signal};
	if (r->field) {
		way.flow.x = onn_variable(g, "field", onn_array_type(r->field),
		    onn_array_ndim(r->field), onn_array_shape(r->field));
		way.flow.lit = onn_whole(&r->signal[i].grid);
	}
	onn_way_pass(&way, i);
	status = compute(&behind, r, g, &way.flow.x, 1);
	onn_graph_destroy(g);
	if (status)
		return status;
	onn_array_destroy(r->field);
	r->field = behind;
	return ONN_OK;
}

/* ---- what is measured on the way ---- */

static double power_of(const onn_array *field, const onn_grid *grid)
{
	double sum = 0;
	onn_type type = onn_array_type(field);
	for (size_t i = 0; i < 2 * onn_array_count(field); i++) {
		double part = onn_part_get(onn_array_const_data(field), type, i);
		sum += part * part;
	}
	return sum * grid->dy * grid->dx;
}

/* How a gap is best computed for the light before it, or how good the way that was asked for is. */
static onn_status measure_gap(run *r, size_t i)
{
	onn_item *item = &r->system->item[i];
	const onn_space_values *v = item->values;
	const onn_signal *in = &r->signal[i];
	onn_way way = {.system = r->system, .signal = r->signal};
	onn_measure *m = &r->result->step[i].sampling;
	onn_propagation how;
	item->settled = false;
	onn_way_gap(&how, &way, i);
	onn_status status = onn_propagation_measure(m, r->device, r->field, &in->grid, &in->beam,
	    v->distance, &how, r->system->options.tolerance);
	if (!status && v->method == ONN_METHOD_AUTO) {
		item->settled = true;
		item->method = m->method;
		memcpy(item->pad, m->pad, sizeof item->pad);
	}
	return status;
}

/* Whether light turns too fast for its pixels there. */
static onn_status measure_layer(run *r, size_t i)
{
	const onn_item *item = &r->system->item[i];
	onn_measure *m = &r->result->step[i].sampling;
	onn_phase_sampling s;
	m->enough = true;
	if (!item->kind->sampling)
		return ONN_OK;
	onn_status status = item->kind->sampling(&s, item->values, &r->signal[i]);
	m->enough = s.enough;
	memcpy(m->why, s.why, sizeof m->why);
	return status;
}

/* ---- cameras ---- */

/* In f64: colours and modes added up. */
static onn_status add_up(onn_array **intensity, const onn_array *field, const onn_grid *grid)
{
	size_t pixels = grid->ny * grid->nx, layers = onn_array_count(field) / pixels;
	onn_status status = onn_array_create(intensity, ONN_F64, 2, (size_t[]){grid->ny, grid->nx});
	double *to = status ? NULL : onn_array_data(*intensity);
	const void *from = onn_array_const_data(field);
	for (size_t k = 0; to && k < layers; k++)
		for (size_t i = 0; i < pixels; i++) {
			size_t at = 2 * (k * pixels + i);
			double re = onn_part_get(from, onn_array_type(field), at);
			double im = onn_part_get(from, onn_array_type(field), at + 1);
			to[i] += re * re + im * im;
		}
	return status;
}

/* Noise of the parts of all light, then intensities again; each camera has its own. */
static onn_status disturb(
    onn_array **intensity, const run *r, const onn_camera_values *c, const onn_grid *grid)
{
	onn_graph *g;
	onn_array *seen = NULL;
	onn_type real = r->system->options.precision;
	double unit = r->power / (grid->dy * grid->dx);
	if (c->photons == 0 || !(r->power > 0))
		return ONN_OK;
	onn_status status = onn_graph_create(&g);
	if (status)
		return status;
	onn_camera camera = ONN_CAMERA_INIT;
	camera.photons = c->photons;
	camera.read_noise = c->read_noise;
	camera.shot_noise = true;
	camera.stream = ONN_STREAM_CAMERA + 2 * (uint32_t)r->result->ncameras;
	onn_node parts = onn_mul_real(g, onn_constant(g, *intensity), 1 / unit);
	parts = onn_cast(g, parts, real);
	onn_node node = onn_camera_reading(g, parts, &camera, onn_scalar(g, ONN_U32, 0));
	run no_field = *r;
	no_field.field = NULL;
	status = compute(&seen, &no_field, g, &node, 1);
	double *to = onn_array_data(*intensity);
	for (size_t i = 0; !status && i < onn_array_count(seen); i++)
		to[i] = unit * onn_part_get(onn_array_const_data(seen), real, i);
	onn_array_destroy(seen);
	onn_graph_destroy(g);
	return status;
}

static onn_status photograph(run *r, size_t i)
{
	onn_system_result *result = r->result;
	const onn_item *item = &r->system->item[i];
	const onn_grid *grid = &r->signal[i].grid;
	onn_system_camera *c = &result->camera[result->ncameras];
	onn_array *intensity = NULL, *field = NULL;
	onn_status status = add_up(&intensity, r->field, grid);
	if (!status)
		status = disturb(&intensity, r, item->values, grid);
	if (!status)
		status = onn_array_convert(&field, r->field, onn_array_type(r->field));
	if (intensity)
		result->owned[result->nowned++] = intensity;
	if (field)
		result->owned[result->nowned++] = field;
	if (status)
		return status;
	*c = (onn_system_camera){.layer = i,
	    .z = result->step[i].z,
	    .grid = *grid,
	    .intensity = intensity,
	    .field = field};
	result->ncameras++;
	status = onn_measure_light(&c->measure, intensity, grid);
	if (!status)
		status = onn_watch_measure(&c->measure, &item->watch, intensity, grid, r->power);
	return status;
}

/* ---- all of it ---- */

static onn_status do_layer(run *r, size_t i)
{
	onn_system_step *step = &r->result->step[i];
	const onn_item *item = &r->system->item[i];
	bool gap = item->kind == &onn_space_layer;
	bool source = item->kind->takes == ONN_TAKES_NOTHING;
	const onn_grid *behind = &r->signal[i + 1].grid;
	onn_status status = onn_system_place(&step->z, r->system, i);
	step->grid = *behind;
	onn_item_misfit(step->misfit, sizeof step->misfit, item, behind);
	if (!status)
		status = gap ? measure_gap(r, i) : measure_layer(r, i);
	if (!status && item->kind == &onn_camera_layer)
		status = photograph(r, i);
	else if (!status)
		status = pass(r, i);
	if (status)
		return status;
	double power = power_of(r->field, behind);
	if (source)
		r->power = power;
	step->share = r->power > 0 ? power / r->power : 0;
	return isfinite(power) ? ONN_OK
	                       : onn_error(ONN_ERROR_ARGUMENT,
	                             "its light is %g behind it; expected numbers "
	                             "that the precision can hold",
	                             power);
}

static onn_status go(run *r, onn_system_watch watch, void *user)
{
	const onn_system *s = r->system;
	onn_status status = ONN_OK;
	for (size_t i = 0; i < s->count && !status; i++) {
		const onn_system_stage stage = {i, s->count, s->item[i].name};
		if (watch && !watch(&stage, user))
			return onn_error(
			    ONN_CANCELLED, "onn_system_run: stopped before %s", stage.name);
		status = onn_at_item(do_layer(r, i), s, i);
	}
	return status;
}

onn_status onn_system_run(onn_system_result **result, onn_system *s, onn_device *device)
{
	return onn_system_run_watched(result, s, device, NULL, NULL);
}

onn_status onn_system_run_watched(onn_system_result **result, onn_system *s, onn_device *device,
    onn_system_watch watch, void *user)
{
	onn_signal *signal = malloc((s->count + 1) * sizeof *signal);
	onn_device *own = NULL;
	run r = {.system = s, .device = device, .signal = signal};
	*result = NULL;
	r.result = calloc(1, sizeof *r.result);
	onn_status status = signal && r.result
	                        ? onn_system_signals(signal, s)
	                        : onn_error_memory("onn_system_run", sizeof *r.result);
	if (!status && !device) {
		status = onn_device_create(&own, "c", NULL);
		r.device = own;
	}
	if (!status)
		status = go(&r, watch, user);
	if (r.result)
		r.result->count = s->count;
	onn_array_destroy(r.field);
	onn_device_destroy(own);
	free(signal);
	if (status)
		onn_system_result_destroy(r.result);
	else
		*result = r.result;
	return status;
}

void onn_system_result_destroy(onn_system_result *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->nowned; i++)
		onn_array_destroy(r->owned[i]);
	free(r);
}

size_t onn_system_cameras(const onn_system_result *r) { return r->ncameras; }

const onn_system_camera *onn_system_camera_at(const onn_system_result *r, size_t i)
{
	return i < r->ncameras ? &r->camera[i] : NULL;
}

const onn_system_step *onn_system_step_at(const onn_system_result *r, size_t i)
{
	return i < r->count ? &r->step[i] : NULL;
}
