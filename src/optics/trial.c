#include "optics/trial.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <onn/plan.h>

#include "core/error.h"
#include "optics/edge.h"

size_t onn_trial_padded(const onn_trial *t, const onn_bench *b, int axis)
{
	return onn_bench_pixels(b, axis) + 2 * t->pad[axis];
}

double onn_trial_points(const onn_trial *t, const onn_bench *b)
{
	return (double)onn_trial_padded(t, b, 0) * (double)onn_trial_padded(t, b, 1);
}

bool onn_bench_is_coarse(const onn_bench *b)
{
	for (size_t w = 0; w < b->waves; w++) {
		double sum = 0;
		for (int axis = 0; axis < 2; axis++) {
			double sine =
			    b->request->light->wavelength[w] / (2 * onn_bench_pitch(b, axis));
			sum += onn_bench_pixels(b, axis) > 1 ? sine * sine : 0;
		}
		if (sum > .9)
			return false;
	}
	return true;
}

/* ---- runs ---- */

typedef struct machine {
	onn_graph *graph;
	onn_plan *plan;
	onn_tensor *tensor;
} machine;

static onn_status build(machine *m, const onn_trial *t, const onn_bench *b, double wavelength)
{
	const onn_grid *grid = b->request->grid;
	const size_t shape[2] = {grid->ny, grid->nx};
	onn_light light = onn_monochromatic(b->type, wavelength);
	onn_propagation how = b->request->how;
	how.method = t->method;
	how.distance.id = how.wavelength.id = 0;
	if (b->request->z < 0 && how.evanescent == ONN_EVANESCENT_DECAY) /* of rs, fresnel */
		how.evanescent = ONN_EVANESCENT_DROP;
	for (int axis = 0; axis < 2; axis++)
		how.pad[axis] = (ptrdiff_t)t->pad[axis];
	onn_status status = onn_graph_create(&m->graph);
	if (status)
		return status;
	onn_node e = onn_variable(m->graph, "field", b->type, 2, shape);
	onn_field field = onn_field_of(m->graph, e, grid, &light);
	field = onn_propagate(m->graph, field, b->request->z, &how);
	status = onn_plan_create(&m->plan, b->device, m->graph, &field.e, 1, NULL);
	if (!status)
		status = onn_tensor_create(&m->tensor, b->device, b->type, 2, shape);
	return status ? status : onn_plan_bind(m->plan, "field", m->tensor);
}

/* One field there and back, in the type of the runs. */
static onn_status run(const machine *m, const onn_bench *b, const double _Complex *from,
    double _Complex *to, float _Complex *narrow)
{
	bool wide = b->type == ONN_C128;
	size_t bytes = b->pixels * onn_type_size(b->type);
	for (size_t i = 0; i < b->pixels && !wide; i++)
		narrow[i] = (float _Complex)from[i];
	onn_status status = onn_tensor_write(m->tensor, wide ? (const void *)from : narrow, bytes);
	if (!status)
		status = onn_plan_run(m->plan);
	if (!status)
		status =
		    onn_tensor_read(wide ? (void *)to : narrow, onn_plan_output(m->plan, 0), bytes);
	for (size_t i = 0; i < b->pixels && !wide && !status; i++)
		to[i] = narrow[i];
	return status;
}

onn_status onn_trial_run(onn_trial *t, const onn_bench *b)
{
	size_t count = b->fields * b->waves * b->pixels;
	float _Complex *narrow = malloc(sizeof *narrow * b->pixels);
	onn_status status = ONN_OK;
	t->out = malloc(sizeof *t->out * count);
	if (!t->out || !narrow)
		status = onn_error_memory("onn_propagation_measure", count * sizeof *t->out);
	for (size_t w = 0; w < b->waves && !status; w++) {
		machine m = {NULL, NULL, NULL};
		status = build(&m, t, b, b->request->light->wavelength[w]);
		for (size_t i = w; i < b->fields * b->waves && !status; i += b->waves)
			status = run(&m, b, b->e + i * b->pixels, t->out + i * b->pixels, narrow);
		onn_tensor_destroy(m.tensor);
		onn_plan_destroy(m.plan);
		onn_graph_destroy(m.graph);
	}
	free(narrow);
	if (status)
		onn_trial_end(t);
	return status;
}

void onn_trial_end(onn_trial *t)
{
	free(t->out);
	t->out = NULL;
}

/* ---- errors ---- */

static double share(double error, double of)
{
	return error == 0 ? 0 : of > 0 ? error / of : INFINITY;
}

/* Whether rs' kernel is sampled at all offsets, and light ends within the reach of the finest. */
bool onn_bench_samples_rs(const onn_bench *b)
{
	double z = fabs(b->request->z);
	for (int axis = 0; axis < 2; axis++)
		for (size_t w = 0; w < b->waves; w++) {
			double n = (double)onn_bench_pixels(b, axis), d = onn_bench_pitch(b, axis);
			double reach = onn_edge_reach(d, b->request->light->wavelength[w], z) / d;
			if (onn_bench_pixels(b, axis) > 1 && (reach < n - 1 || z < 2 * d))
				return false;
			if (b->repeats[axis])
				return false;
		}
	return true;
}

bool onn_trial_is_known(const onn_trial *t, const onn_bench *b)
{
	if (t->method == ONN_METHOD_RS)
		return onn_bench_is_coarse(b) && onn_bench_samples_rs(b);
	if ((t->method != ONN_METHOD_ASM && t->method != ONN_METHOD_SCALED) ||
	    !onn_bench_is_coarse(b))
		return false;
	for (int axis = 0; axis < 2; axis++)
		for (size_t w = 0; w < b->waves; w++) {
			double d = onn_bench_pitch(b, axis),
			       lambda = b->request->light->wavelength[w];
			double reach = onn_edge_reach(d, lambda, b->request->z) / d;
			if (onn_bench_pixels(b, axis) > 1 && !b->repeats[axis] &&
			    (double)(2 * t->pad[axis]) < reach)
				return false;
		}
	return true;
}

static onn_status errors_of(
    double error[2], const onn_trial *t, const onn_bench *b, size_t field, size_t wave)
{
	const onn_request *r = b->request;
	onn_edge edge = {b->e + (field * b->waves + wave) * b->pixels, {r->grid->ny, r->grid->nx},
	    {r->grid->dy, r->grid->dx}, r->light->wavelength[wave], fabs(r->z),
	    {onn_trial_padded(t, b, 0), onn_trial_padded(t, b, 1)}, {b->repeats[0], b->repeats[1]}};
	onn_status status = ONN_OK;
	for (int axis = 0; axis < 2 && !status; axis++)
		status = onn_edge_error(&error[axis], &edge, axis, t->method == ONN_METHOD_RS);
	return status;
}

onn_status onn_trial_know(onn_trial *t, const onn_bench *b)
{
	onn_status status = t->out ? ONN_OK : onn_trial_run(t, b);
	t->error = t->axis_error[0] = t->axis_error[1] = 0;
	for (size_t i = 0; i < b->fields * b->waves && !status && b->request->z != 0; i++) {
		double error[2] = {0, 0},
		       most = onn_largest_amplitude(t->out + i * b->pixels, b->pixels);
		status = errors_of(error, t, b, i / b->waves, i % b->waves);
		for (int axis = 0; axis < 2; axis++) {
			error[axis] = b->safety * share(error[axis], most);
			t->axis_error[axis] = fmax(t->axis_error[axis], error[axis]);
		}
		t->error = fmax(t->error, error[0] + error[1]);
	}
	return status;
}

double onn_trial_difference(const onn_trial *a, const onn_trial *b, const onn_bench *bench)
{
	double most = 0;
	for (size_t i = 0; i < bench->fields * bench->waves; i++) {
		const double _Complex *x = a->out + i * bench->pixels;
		const double _Complex *y = b->out + i * bench->pixels;
		double difference = 0;
		for (size_t k = 0; k < bench->pixels; k++)
			difference = fmax(difference, cabs(x[k] - y[k]));
		most = fmax(most, share(difference, onn_largest_amplitude(y, bench->pixels)));
	}
	return most;
}
