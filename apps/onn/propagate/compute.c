/* Fields in, fields out: each distance and wavelength by the way that suits its light. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "propagate.h"
#include "system.h"

void propagate_describe(propagate_work *w, double wavelength)
{
	const propagate_request *r = &w->s->r;
	const size_t *size = onn_array_shape(w->in) + onn_array_ndim(w->in) - 2;

	w->light = onn_monochromatic(w->type, wavelength);
	w->grid = (onn_grid){size[0], size[1], r->pitch[0], r->pitch[1], 0, 0};
	w->how = (onn_propagation)ONN_PROPAGATION_INIT;
	w->how.method = r->method;
	w->how.evanescent = r->evanescent;
	for (int axis = 0; axis < 2; axis++)
		w->how.pad[axis] =
		    r->padding[axis] == SIZE_MAX ? ONN_PAD_HALF : (ptrdiff_t)r->padding[axis];
	if (r->method == ONN_METHOD_SCALED)
		w->how.to = (onn_grid){size[0], size[1],
		    r->out_pitch[0] > 0 ? r->out_pitch[0] : r->pitch[0],
		    r->out_pitch[1] > 0 ? r->out_pitch[1] : r->pitch[1], r->out_shift[0],
		    r->out_shift[1]};
}

size_t propagate_padding(const propagate_work *w, int axis)
{
	size_t size = axis ? w->grid.nx : w->grid.ny;

	if (!axis && size == 1)
		return 0; /* one row is a field in one dimension */
	return w->how.pad[axis] == ONN_PAD_HALF ? size / 2 : (size_t)w->how.pad[axis];
}

/* Systems promise memory that they don't have, so it is asked for here. A propagation keeps four
 * copies of the padded field at least: the transfer function where it is made, in the graph and on
 * the device, and the spectrum; chirps take four times as much (measured). */
int propagate_check_memory(const propagate_work *w)
{
	bool padded = w->how.method != ONN_METHOD_FRAUNHOFER;
	double have = system_memory(), copies = w->how.method == ONN_METHOD_SCALED ? 16 : 4;
	double ny = (double)w->grid.ny + (padded ? 2 * (double)propagate_padding(w, 0) : 0);
	double nx = (double)w->grid.nx + (padded ? 2 * (double)propagate_padding(w, 1) : 0);
	double runs = (double)w->s->distance.count * (double)w->s->wavelength.count;
	double stack = runs * (double)onn_array_count(w->in);
	double need = (copies * ny * nx + stack) * (double)onn_type_size(w->type);

	if (have > 0 && need > have)
		return command_fail(&command_propagate,
		    "%zu x %zu pixels padded by %zu x %zu on each side need %.0f bytes (%.3g GB); "
		    "this "
		    "machine has %.0f (%.3g GB)",
		    w->grid.ny, w->grid.nx, propagate_padding(w, 0), propagate_padding(w, 1), need,
		    need * 1e-9, have, have * 1e-9);
	return EXIT_OK;
}

static onn_status open_device(propagate_work *w)
{
	onn_device_options options = ONN_DEVICE_OPTIONS_INIT;

	options.threads = (int)w->s->threads;
	return device_open_for(&w->device, w->s->device, &options, w->type);
}

/* The way that this light takes best, or how good the one that was asked for is. */
static onn_status choose(propagate_work *w, double wavelength, double z)
{
	propagate_describe(w, wavelength);
	onn_status status = onn_propagation_measure(
	    &w->measure, w->device, w->in, &w->grid, &w->light, z, &w->how, w->s->r.tolerance);
	if (status)
		return status;
	w->how.method = w->measure.method;
	for (int axis = 0; axis < 2 && w->s->r.method == ONN_METHOD_AUTO; axis++)
		w->how.pad[axis] = (ptrdiff_t)w->measure.pad[axis];
	bool worse = w->measure.enough == w->worst.enough ? w->measure.error > w->worst.error
	                                                  : !w->measure.enough;
	if (worse || !w->out) {
		w->worst = w->measure;
		w->worst_at = z;
		w->worst_of = wavelength;
	}
	return ONN_OK;
}

static void release_plan(propagate_work *w)
{
	onn_plan_destroy(w->plan);
	onn_graph_destroy(w->graph);
	w->plan = NULL;
	w->graph = NULL;
}

static onn_status prepare(propagate_work *w, double z)
{
	const size_t size[2] = {w->grid.ny, w->grid.nx};
	onn_status status = onn_graph_create(&w->graph);

	if (status)
		return status;
	onn_node e = onn_variable(w->graph, "field", w->type, 2, size);
	onn_field field = onn_field_of(w->graph, e, &w->grid, &w->light);
	field = onn_propagate(w->graph, field, z, &w->how);
	w->out_grid = field.grid;
	status = onn_plan_create(&w->plan, w->device, w->graph, &field.e, 1, NULL);
	if (!status && !w->field)
		status = onn_tensor_create(&w->field, w->device, w->type, 2, size);
	if (!status)
		status = onn_plan_bind(w->plan, "field", w->field);
	return status;
}

/* Times 2^power. */
static void shift(onn_type type, void *data, size_t bytes, int power)
{
	float *narrow = data;
	double *wide = data;
	if (power == 0)
		return;
	for (size_t i = 0; i < bytes / sizeof *narrow && type == ONN_C64; i++)
		narrow[i] = ldexpf(narrow[i], power);
	for (size_t i = 0; i < bytes / sizeof *wide && type == ONN_C128; i++)
		wide[i] = ldexp(wide[i], power);
}

/*
 * Which power of 2 brings a faint field to about 1: numbers below the normal range count as 0 in
 * transforms, which takes digits from fields of 1e-31 and less in f32, and all of them at 1e-36.
 */
static int faint_power(const propagate_work *w, const void *field)
{
	const float *narrow = field;
	const double *wide = field;
	size_t parts = 2 * w->grid.ny * w->grid.nx;
	double peak = 0;
	for (size_t i = 0; i < parts; i++)
		peak = fmax(peak, fabs(w->type == ONN_C64 ? narrow[i] : wide[i]));
	return peak > 0 && peak < 0x1p-60 ? -ilogb(peak) : 0;
}

/* Room for all; in front axes of wavelengths and distances, where there are several. Incoherent
 * light needs it for one field after the other alone. */
static onn_status make_out(propagate_work *w)
{
	const propagate_settings *s = w->s;
	size_t shape[ONN_MAX_DIMS + 2], ndim = 0;

	if (s->wavelength.count > 1 && !s->incoherent)
		shape[ndim++] = s->wavelength.count;
	if (s->distance.count > 1 && !s->incoherent)
		shape[ndim++] = s->distance.count;
	memcpy(shape + ndim, onn_array_shape(w->in), onn_array_ndim(w->in) * sizeof *shape);
	ndim += onn_array_ndim(w->in);
	shape[ndim - 2] = w->out_grid.ny;
	shape[ndim - 1] = w->out_grid.nx;
	onn_status status = onn_array_create(&w->out, w->type, ndim, shape);
	if (status || !s->incoherent)
		return status;
	const size_t all[3] = {s->distance.count, w->out_grid.ny, w->out_grid.nx};
	bool one = s->distance.count == 1;
	return onn_array_create(&w->seen, ONN_F64, one ? 2 : 3, all + one);
}

/* Intensities of the fields at hand, to what is seen at distance i. */
static void add_up(const propagate_work *w, size_t i)
{
	size_t pixels = w->out_grid.ny * w->out_grid.nx;
	double *seen = (double *)onn_array_data(w->seen) + i * pixels;
	const float *narrow = onn_array_const_data(w->out);
	const double *wide = onn_array_const_data(w->out);

	for (size_t k = 0; k < onn_array_count(w->out); k++)
		for (size_t part = 2 * k; part < 2 * k + 2; part++) {
			double e = w->type == ONN_C64 ? (double)narrow[part] : wide[part];
			seen[k % pixels] += e * e;
		}
}

/* One field after the other: a stack needs no more memory on the device than one field. */
static onn_status propagate_stack(propagate_work *w, char *to)
{
	size_t bytes = w->grid.ny * w->grid.nx * onn_type_size(w->type);
	size_t out_bytes = w->out_grid.ny * w->out_grid.nx * onn_type_size(w->type);
	size_t count = onn_array_count(w->in) / (w->grid.ny * w->grid.nx);
	char *from = onn_array_data(w->in);
	onn_status status = ONN_OK;

	for (size_t i = 0; i < count && !status; i++) {
		int power = faint_power(w, from + i * bytes);
		shift(w->type, from + i * bytes, bytes, power);
		status = onn_tensor_write(w->field, from + i * bytes, bytes);
		shift(w->type, from + i * bytes, bytes, -power);
		if (!status)
			status = onn_plan_run(w->plan);
		if (!status)
			status = onn_tensor_read(
			    to + i * out_bytes, onn_plan_output(w->plan, 0), out_bytes);
		if (!status)
			shift(w->type, to + i * out_bytes, out_bytes, -power);
	}
	return status;
}

/* The fields of one wavelength at one distance, to place `run` of OUT. */
static onn_status go(propagate_work *w, size_t colour, size_t at)
{
	const propagate_settings *s = w->s;
	size_t runs = s->incoherent ? 1 : s->wavelength.count * s->distance.count;
	size_t run = s->incoherent ? 0 : colour * s->distance.count + at;
	double z = s->distance.value[at];
	onn_status status = choose(w, s->wavelength.value[colour], z);

	if (!status)
		status = prepare(w, z);
	if (!status && !w->out)
		status = make_out(w);
	size_t bytes = w->out ? onn_array_count(w->out) / runs * onn_type_size(w->type) : 0;
	if (!status)
		status = propagate_stack(w, (char *)onn_array_data(w->out) + run * bytes);
	if (!status && s->incoherent)
		add_up(w, at);
	release_plan(w);
	return status;
}

onn_status propagate_compute(propagate_work *w)
{
	const propagate_settings *s = w->s;
	size_t runs = s->wavelength.count * s->distance.count;
	bool shown = runs > 1 && system_is_terminal(stderr);
	onn_status status = open_device(w);

	if (!status)
		status = onn_numbers_sampling(&w->steps, w->in, &w->grid);
	for (size_t i = 0; i < runs && !status; i++) {
		if (shown)
			fprintf(stderr, "\r\033[Konn propagate: %zu of %zu", i + 1, runs);
		status = system_stop_asked() ? ONN_CANCELLED
		                             : go(w, i / s->distance.count, i % s->distance.count);
	}
	if (shown)
		fputs("\r\033[K", stderr);
	return status;
}
