/* Fields in, fields out: each distance and wavelength by the way that suits its light. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/sha256.h"
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

static size_t pixels_of(const propagate_work *w) { return w->grid.ny * w->grid.nx; }
static size_t fields_of(const propagate_work *w) { return onn_array_count(w->in) / pixels_of(w); }

/* Of what one run comes to: all fields, or the intensity that they make together. */
static size_t run_bytes(const propagate_work *w)
{
	return w->s->incoherent ? pixels_of(w) * sizeof(double)
	                        : onn_array_count(w->in) * onn_type_size(w->type);
}

/* Systems promise memory that they don't have, so it is asked for here. A propagation keeps four
 * copies of the padded field at least: the transfer function where it is made, in the graph and on
 * the device, and the spectrum; chirps take four times as much (measured). What the runs come to is
 * there once in parts and once as OUT. */
int propagate_check_memory(const propagate_work *w)
{
	bool padded = w->how.method != ONN_METHOD_FRAUNHOFER;
	double have = system_memory(), copies = w->how.method == ONN_METHOD_SCALED ? 16 : 4;
	double ny = (double)w->grid.ny + (padded ? 2 * (double)propagate_padding(w, 0) : 0);
	double nx = (double)w->grid.nx + (padded ? 2 * (double)propagate_padding(w, 1) : 0);
	double each = copies * ny * nx * (double)onn_type_size(w->type);
	double stack = 2 * (double)w->jobs.count * (double)run_bytes(w);
	double need = (double)w->jobs.at_once * each + stack;

	if (have > 0 && need > have)
		return command_fail(&command_propagate,
		    "%zu x %zu pixels padded by %zu x %zu on each side need %.0f bytes (%.3g GB); "
		    "this machine has %.0f (%.3g GB)",
		    w->grid.ny, w->grid.nx, propagate_padding(w, 0), propagate_padding(w, 1), need,
		    need * 1e-9, have, have * 1e-9);
	return EXIT_OK;
}

/* How a run was computed; in its numbers its fields are behind it. */
typedef struct head {
	onn_measure measure;
	onn_grid grid; /* of what comes out */
} head;
enum { HEAD = (sizeof(head) + sizeof(double) - 1) / sizeof(double) };

static double wavelength_of(const propagate_work *w, size_t run)
{
	return w->s->wavelength.value[run / w->s->distance.count];
}

static double distance_of(const propagate_work *w, size_t run)
{
	return w->s->distance.value[run % w->s->distance.count];
}

static onn_status open_device(propagate_work *w)
{
	onn_device_options options = ONN_DEVICE_OPTIONS_INIT;

	return device_open_for(&w->device, jobs_device(&w->jobs), &options, w->type);
}

/* What a measurement took for auto. */
static void take(propagate_work *w, const onn_measure *m)
{
	w->how.method = m->method;
	for (int axis = 0; axis < 2 && w->s->r.method == ONN_METHOD_AUTO; axis++)
		w->how.pad[axis] = (ptrdiff_t)m->pad[axis];
}

/* The way that this light takes best, or how good the one that was asked for is. */
static onn_status choose(onn_measure *m, propagate_work *w, size_t run)
{
	propagate_describe(w, wavelength_of(w, run));
	onn_status status = onn_propagation_measure(m, w->device, w->in, &w->grid, &w->light,
	    distance_of(w, run), &w->how, w->s->r.tolerance);
	if (!status)
		take(w, m);
	return status;
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

/* Intensities of a run's fields, added up. */
static void add_up(double *seen, const propagate_work *w, const onn_array *fields)
{
	size_t pixels = pixels_of(w);
	const float *narrow = onn_array_const_data(fields);
	const double *wide = onn_array_const_data(fields);

	for (size_t k = 0; k < onn_array_count(fields); k++)
		for (size_t part = 2 * k; part < 2 * k + 2; part++) {
			double e = w->type == ONN_C64 ? (double)narrow[part] : wide[part];
			seen[k % pixels] += e * e;
		}
}

/* One field after the other: a stack needs no more memory on the device than one field. */
static onn_status propagate_stack(propagate_work *w, char *to)
{
	size_t bytes = pixels_of(w) * onn_type_size(w->type);
	char *from = onn_array_data(w->in);
	onn_status status = ONN_OK;

	for (size_t i = 0; i < fields_of(w) && !status; i++) {
		int power = faint_power(w, from + i * bytes);
		shift(w->type, from + i * bytes, bytes, power);
		status = onn_tensor_write(w->field, from + i * bytes, bytes);
		shift(w->type, from + i * bytes, bytes, -power);
		if (!status)
			status = onn_plan_run(w->plan);
		if (!status)
			status =
			    onn_tensor_read(to + i * bytes, onn_plan_output(w->plan, 0), bytes);
		if (!status)
			shift(w->type, to + i * bytes, bytes, -power);
	}
	return status;
}

static onn_status propagate_incoherent(propagate_work *w, double *seen)
{
	onn_array *fields;
	onn_status status =
	    onn_array_create(&fields, w->type, onn_array_ndim(w->in), onn_array_shape(w->in));

	if (!status)
		status = propagate_stack(w, onn_array_data(fields));
	if (!status)
		add_up(seen, w, fields);
	onn_array_destroy(fields);
	return status;
}

/* The fields of one wavelength at one distance. */
static int run_one(double *number, void *user, size_t run)
{
	propagate_work *w = user;
	head h;
	onn_status status = w->device ? ONN_OK : open_device(w);

	if (w->shown)
		fprintf(stderr, "\r\033[Konn propagate: %zu of %zu", run + 1, w->jobs.count);
	memset(&h, 0, sizeof h);
	if (!status)
		status = choose(&h.measure, w, run);
	if (!status)
		status = prepare(w, distance_of(w, run));
	h.grid = w->out_grid;
	memcpy(number, &h, sizeof h);
	if (!status)
		status = w->s->incoherent ? propagate_incoherent(w, number + HEAD)
		                          : propagate_stack(w, (char *)(number + HEAD));
	release_plan(w);
	if (status)
		return command_status(&command_propagate, status);
	jobs_tell_device(&w->jobs, run, w->device);
	return EXIT_OK;
}

/* ---- all of them ---- */

/* Room for all; in front axes of wavelengths and distances, where there are several. */
static onn_status make_out(propagate_work *w)
{
	const propagate_settings *s = w->s;
	size_t shape[ONN_MAX_DIMS + 2], ndim = 0;

	if (s->wavelength.count > 1 && !s->incoherent)
		shape[ndim++] = s->wavelength.count;
	if (s->distance.count > 1)
		shape[ndim++] = s->distance.count;
	size_t left = s->incoherent ? onn_array_ndim(w->in) - 2 : 0;
	memcpy(shape + ndim, onn_array_shape(w->in) + left,
	    (onn_array_ndim(w->in) - left) * sizeof *shape);
	ndim += onn_array_ndim(w->in) - left;
	return onn_array_create(
	    s->incoherent ? &w->seen : &w->out, s->incoherent ? ONN_F64 : w->type, ndim, shape);
}

/* To its place in OUT; colours that do not interfere are added up. */
static void place(propagate_work *w, size_t run)
{
	size_t bytes = run_bytes(w), pixels = pixels_of(w);
	const double *from = jobs_numbers(&w->jobs, run) + HEAD;

	if (!w->seen) {
		memcpy((char *)onn_array_data(w->out) + run * bytes, from, bytes);
		return;
	}
	double *to = (double *)onn_array_data(w->seen) + run % w->s->distance.count * pixels;
	for (size_t i = 0; i < pixels; i++)
		to[i] += from[i];
}

static int gather(propagate_work *w)
{
	onn_status status = make_out(w);
	head h;

	for (size_t run = 0; run < w->jobs.count && !status; run++) {
		memcpy(&h, jobs_numbers(&w->jobs, run), sizeof h);
		const onn_measure *m = &h.measure;
		bool worse = m->enough == w->worst.enough ? m->error > w->worst.error : !m->enough;
		if (worse || run == 0) {
			w->worst = *m;
			w->worst_at = distance_of(w, run);
			w->worst_of = wavelength_of(w, run);
			w->out_grid = h.grid;
		}
		place(w, run);
	}
	if (status)
		return command_status(&command_propagate, status);
	propagate_describe(w, w->worst_of);
	take(w, &w->worst);
	return EXIT_OK;
}

/* What is put in: its numbers, whatever the file is called. */
static void add_digest(record *r, const onn_array *in)
{
	unsigned char digest[ONN_SHA256_BYTES];
	char text[ONN_SHA256_TEXT], shape[256];
	onn_sha256 sha;

	onn_sha256_start(&sha);
	onn_sha256_add(&sha, onn_array_const_data(in),
	    onn_array_count(in) * onn_type_size(onn_array_type(in)));
	onn_sha256_finish(digest, &sha);
	onn_sha256_text(text, digest);
	record_add(r, "IN", text);
	record_add(r, "shape of IN", shape_text(shape, sizeof shape, in));
}

int propagate_compute(propagate_work *w, const command_line *line)
{
	jobs *j = &w->jobs;
	onn_status status = onn_numbers_sampling(&w->steps, w->in, &w->grid);
	if (status)
		return command_status(&command_propagate, status);
	if (w->folder) {
		j->record = record_begin(&command_propagate);
		record_add_options(&j->record, line); /* first: IN is in the precision of one */
		add_digest(&j->record, w->in);
		j->folder = w->folder;
		j->kept = true;
	}
	j->reals = HEAD + (run_bytes(w) + sizeof(double) - 1) / sizeof(double);
	j->what = "runs";
	j->work = run_one;
	j->user = w;
	w->shown = j->at_once == 1 && j->count > 1 && !j->quiet && system_is_terminal(stderr);
	int code = jobs_run(j);
	if (w->shown)
		fputs("\r\033[K", stderr);
	return !code && jobs_is_first(j) ? gather(w) : code;
}
