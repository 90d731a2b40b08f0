/*
 * Fourier transforms and filters of schedule.h: what the program computes is loaded into scratch
 * memory, an engine transforms it there, and a window of the result is stored.
 */
#include "backend/opencl/fourier/fourier.h"

#include <stdio.h>
#include <string.h>

#include "kernels.h"

#include "backend/opencl/thresholds.h"
#include "core/memory.h"

/* ---- kernels ---- */

void onn_cl_fft_begin(onn_text *text, const onn_cl_work *w, const char *part)
{
	onn_text_add(text,
	    "#define FFT FFT_%s\n#define NAME fft_@\n#define GROUP %zu\n#define T pw_%s\n"
	    "#define S pw_%s\n#define F pw_%s\n#define I %s\n",
	    part, w->e->device->group, onn_type_name(w->type),
	    onn_type_name(onn_type_real(w->type)), onn_type_name(w->field),
	    w->wide ? "ulong" : "uint");
}

void onn_cl_fft_end(onn_text *text, const onn_cl_work *w, size_t total)
{
	static const char *const words[] = {
	    "FFT", "NAME", "GROUP", "T", "S", "F", "I", "PARAMETERS", "ELEMENT", "PLACE", "RADIX"};

	onn_text_add(text, "%s", onn_cl_text_fourier);
	for (size_t i = 0; i < ONN_COUNT(words); i++)
		onn_text_add(text, "#undef %s\n", words[i]);
	size_t section = onn_cl_add_section(w->e, text);
	onn_cl_add_kernel(w->e, w->step, total, w->e->device->group, "fft_%zu", section);
}

void onn_cl_fft_pass(const onn_cl_work *w, size_t number)
{
	if (w->wide)
		onn_cl_pass_ulong(w->e, number);
	else
		onn_cl_pass_uint(w->e, number);
}

static void pass_work(const onn_cl_work *w)
{
	onn_cl_pass_scratch(
	    w->e, w->elements * onn_type_size(w->type), onn_type_size(w->type), w->at);
}

/* Some fields of the batch that go through the workspace at once. */
typedef struct part {
	const onn_step *step;
	size_t first, fields;
} part;

/* Which fields, and where in [rows, columns] their window of a size is. */
static void pass_window(const onn_cl_work *w, const part *p, const size_t dense[2],
    const size_t from[2], const size_t size[2])
{
	onn_cl_pass_ulong(w->e, p->first);
	for (int i = 0; i < 2; i++)
		onn_cl_fft_pass(w, dense[i]);
	for (int i = 0; i < 2; i++)
		onn_cl_fft_pass(w, from[i]);
	for (int i = 0; i < 2; i++)
		onn_cl_fft_pass(w, size[i]);
}

/* The program's fields, at their place among zeros in [rows, columns]. */
static void add_load(const onn_cl_work *w, const part *p, const size_t dense[2], const size_t at[2])
{
	const onn_step *step = p->step;
	const onn_schedule *s = w->e->base.schedule;
	const onn_program *program = &step->u.pointwise.program;
	const uint32_t nbatch = step->u.pointwise.ndim - 2;
	const size_t *shape = step->u.pointwise.shape;
	const size_t total = p->fields * dense[0] * dense[1];
	const onn_cl_axes axes = {shape, 0, nbatch + 2, "i"};
	onn_text text = ONN_TEXT_INIT;

	onn_cl_fft_begin(&text, w, "LOAD");
	onn_text_add(&text, "static F element_@(");
	onn_cl_print_parameters(&text, s, program, ONN_CL_ALONE);
	onn_text_add(&text, "const I i)\n{\n");
	onn_cl_print_registers(&text, s, program, &axes, 1, w->wide, ONN_CL_ALONE);
	onn_text_add(
	    &text, "\treturn r%u;\n}\n#define ELEMENT(i) element_@(", program->output[0].reg);
	onn_cl_print_names(&text, program, ONN_CL_ALONE);
	onn_text_add(&text, "i)\n#define PARAMETERS ");
	onn_cl_print_parameters(&text, s, program, ONN_CL_ALONE);
	onn_text_add(&text, "\n");
	onn_cl_fft_end(&text, w, total);
	onn_cl_pass_parameters(w->e, program, ONN_CL_ALONE);
	pass_work(w);
	pass_window(w, p, dense, at, shape + nbatch);
	onn_cl_fft_pass(w, total);
	onn_cl_moves(w->e, (double)(total * onn_type_size(w->type)));
}

static onn_cl_scale pass_scale(const onn_cl_work *w, double scale)
{
	const cl_float single = (cl_float)scale;
	const cl_double full = scale;
	const onn_cl_executable *e = w->e;
	onn_cl_scale scaled = {0, 0};

	if (!e->no_memory)
		scaled =
		    (onn_cl_scale){e->launches - 1, (cl_uint)e->launch[e->launches - 1].arguments};

	if (w->type == ONN_C64)
		onn_cl_pass_bytes(w->e, &single, sizeof single);
	else
		onn_cl_pass_bytes(w->e, &full, sizeof full);
	return scaled;
}

static size_t batch_of(const onn_step *step)
{
	size_t batch = 1;

	onn_size_product(&batch, step->u.pointwise.ndim - 2, step->u.pointwise.shape);
	return batch;
}

/* The window from `from` of fields [rows, columns], times scale. */
static onn_cl_scale add_store(
    const onn_cl_work *w, const part *p, const size_t dense[2], const size_t from[2], double scale)
{
	const onn_transform *t = &p->step->u.pointwise.transform;
	const onn_view *out = &p->step->u.pointwise.program.output[0].view;
	const uint32_t nbatch = p->step->u.pointwise.ndim - 2;
	const size_t total = p->fields * t->size[0] * t->size[1];
	size_t shape[ONN_MAX_DIMS];
	const onn_cl_axes axes = {shape, 0, nbatch + 2, "i"};
	const char *place = w->wide ? "long" : "int";
	onn_text text = ONN_TEXT_INIT;

	memcpy(shape, p->step->u.pointwise.shape, sizeof shape);
	shape[nbatch] = t->size[0];
	shape[nbatch + 1] = t->size[1];
	onn_cl_fft_begin(&text, w, "STORE");
	onn_text_add(&text, "static %s place_@(const I i)\n{\n", place);
	onn_cl_print_axes(&text, &axes, w->wide);
	onn_text_add(&text, "\treturn 0");
	onn_cl_print_place(&text, out, &axes, w->wide);
	onn_text_add(&text, ";\n}\n#define PLACE(i) place_@(i)\n");
	onn_cl_fft_end(&text, w, total);
	onn_cl_pass_value(w->e, out->value, out->offset);
	pass_work(w);
	const onn_cl_scale scaled = pass_scale(w, scale);
	pass_window(w, p, dense, from, t->size);
	onn_cl_fft_pass(w, total);
	/* what the step itself reads and writes is beside the scratch memory */
	onn_cl_moves(w->e, (double)(total * onn_type_size(w->type)) +
	                       p->step->bytes * (double)p->fields / (double)batch_of(p->step));
	return scaled;
}

/* Whole fields times the filter. */
static onn_cl_scale add_multiply(const onn_cl_work *w, const part *p)
{
	const onn_transform *t = &p->step->u.pointwise.transform;
	const size_t area = t->n[0] * t->n[1];
	const onn_cl_axes axes = {
	    p->step->u.pointwise.shape, 0, p->step->u.pointwise.ndim - 2, "o"};
	onn_text text = ONN_TEXT_INIT;

	onn_cl_fft_begin(&text, w, "MULTIPLY");
	onn_text_add(&text, "static %s place_@(const I o)\n{\n", w->wide ? "long" : "int");
	onn_cl_print_axes(&text, &axes, w->wide);
	onn_text_add(&text, "\treturn 0");
	onn_cl_print_place(&text, &t->filter, &axes, w->wide);
	onn_text_add(&text, ";\n}\n#define PLACE(o) place_@(o)\n");
	onn_cl_fft_end(&text, w, p->fields * area);
	onn_cl_pass_input(w->e, t->filter.value, t->filter.offset);
	pass_work(w);
	onn_cl_pass_ulong(w->e, p->first);
	onn_cl_fft_pass(w, area);
	onn_cl_pass_int(w->e, t->conjugate);
	const onn_cl_scale scaled = pass_scale(w, 1);
	onn_cl_fft_pass(w, p->fields * area);
	onn_cl_moves(w->e, 2 * (double)(p->fields * area * onn_type_size(w->type)));
	return scaled;
}

/* ---- our own engine ---- */

/*
 * The transforms of a step in order: along x and y, and for a filter along y and x back. Only rows
 * that hold something are transformed along x, and only what is kept is computed at the end.
 */
static int own_lines(const part *p, onn_cl_lines lines[4])
{
	const onn_transform *t = &p->step->u.pointwise.transform;
	const size_t *shape = p->step->u.pointwise.shape + p->step->u.pointwise.ndim - 2;
	const size_t ny = t->n[0], nx = t->n[1], fields = p->fields;
	const bool f = t->filtered;
	int count = 0;

	lines[count++] = (onn_cl_lines){fields * shape[0], nx, 1, t->at[1], shape[1],
	    f ? 0 : t->from[1], f ? nx : t->size[1], t->inverse};
	if (t->axes == 2)
		lines[count++] = (onn_cl_lines){fields, ny, f ? nx : t->size[1], t->at[0], shape[0],
		    f ? 0 : t->from[0], f ? ny : t->size[0], t->inverse};
	if (f && t->axes == 2)
		lines[count++] =
		    (onn_cl_lines){fields, ny, nx, 0, ny, t->from[0], t->size[0], true};
	if (f)
		lines[count++] =
		    (onn_cl_lines){fields * t->size[0], nx, 1, 0, nx, t->from[1], t->size[1], true};
	return count;
}

static size_t own_room(const part *p)
{
	const size_t *shape = p->step->u.pointwise.shape + p->step->u.pointwise.ndim - 2;
	onn_cl_lines lines[4];
	const int count = own_lines(p, lines);
	size_t most = p->fields * shape[0] * shape[1];

	for (int i = 0; i < count; i++) {
		const size_t room = onn_cl_own_room(&lines[i]);
		most = room > most ? room : most;
	}
	return most;
}

/* A trial of the part's filter, whose windows are said; all else is left. */
static onn_cl_trial trial_of(const onn_cl_work *w, const part *p, bool library, double scale)
{
	const onn_transform *t = &p->step->u.pointwise.transform;
	const size_t *shape = p->step->u.pointwise.shape + p->step->u.pointwise.ndim - 2;

	return (onn_cl_trial){.n = {t->axes == 2 ? t->n[0] : 1, t->n[1]},
	    .library = library,
	    .load = w->e->launches,
	    .scale = scale,
	    .there = {t->at[0], t->at[1], shape[0], shape[1], 0, 0},
	    .wanted = {t->from[0], t->from[1], t->size[0], t->size[1], 0, 0}};
}

/* Our own lines lie densely, without what is around a window. */
static onn_status add_own(onn_cl_work *w, const part *p, double scale)
{
	static const size_t origin[2] = {0, 0};
	const onn_transform *t = &p->step->u.pointwise.transform;
	const size_t *shape = p->step->u.pointwise.shape + p->step->u.pointwise.ndim - 2;
	onn_cl_lines lines[4];
	const int count = own_lines(p, lines);
	onn_status status = ONN_OK;

	w->at = 0;
	onn_cl_trial trial = trial_of(w, p, false, scale);
	trial.in = trial.there;
	trial.in.pitch = trial.in.columns;
	add_load(w, p, shape, origin);
	for (int i = 0; i < count && !status; i++) {
		if (t->filtered && 2 * i == count) {
			trial.multiply = add_multiply(w, p);
		}
		if (lines[i].n > 1)
			status = onn_cl_own_add(w, &lines[i]);
	}
	trial.out = trial.wanted;
	trial.out.pitch = trial.out.columns;
	trial.out.element = w->at;
	if (!status)
		trial.store = add_store(w, p, t->size, origin, scale);
	if (!status && t->filtered)
		onn_cl_gain_add(w, &trial);
	return status;
}

/* ---- a library ---- */

static onn_cl_block block_of(const onn_cl_work *w, const part *p)
{
	const onn_transform *t = &p->step->u.pointwise.transform;

	return (onn_cl_block){w->type, p->fields, {t->n[0], t->n[1]}, t->n[0],
	    {t->axes == 2 && t->n[0] > 1, t->n[1] > 1}};
}

/*
 * The blocks that transform both axes of whole fields, or along x `rows` of them alone, in the
 * order of the way forward: 0 to 2 of them.
 */
static int planes_of(onn_cl_block planes[2], const onn_cl_work *w, const part *p, size_t rows)
{
	const onn_cl_block block = block_of(w, p);

	planes[0] = planes[1] = block;
	if (!block.along[0] && !block.along[1])
		return 0;
	if (!block.along[0] || !block.along[1] || rows == block.n[0] || !w->e->device->fft->rows)
		return 1;
	planes[0].along[0] = false;
	planes[0].rows = rows;
	planes[1].along[1] = false;
	return 2;
}

/* The rows that are left in begin with `first`. */
static onn_status add_planes(onn_cl_work *w, const part *p, size_t first, size_t rows, bool inverse)
{
	onn_cl_block planes[2];
	const int count = planes_of(planes, w, p, rows);
	onn_status status = ONN_OK;

	for (int i = 0; i < count && !status; i++) {
		const onn_cl_block *block = &planes[inverse ? count - 1 - i : i];
		status = onn_cl_library_add(
		    w, block, count == 2 && !block->along[0] ? first : 0, inverse);
	}
	return status;
}

/* Whether the library transforms all blocks of such parts rightly. */
static onn_status is_trusted(bool *trusted, const onn_cl_work *w, const part *whole)
{
	const onn_transform *t = &whole->step->u.pointwise.transform;
	const size_t *shape = whole->step->u.pointwise.shape + whole->step->u.pointwise.ndim - 2;
	const size_t rows[2] = {
	    t->filtered ? shape[0] : t->n[0], t->filtered ? t->size[0] : t->n[0]};
	onn_status status = ONN_OK;

	*trusted = true;
	for (int i = 0; i < 2; i++) {
		onn_cl_block planes[2];
		const int count = planes_of(planes, w, whole, rows[i]);
		for (int k = 0; k < count && !status && *trusted; k++) {
			size_t number;
			status = onn_cl_library_plan(&number, w->e, &planes[k]);
			*trusted = number != SIZE_MAX;
		}
	}
	return status;
}

/* `whole` is a part of the usual size, which the plans are for; the last one may have less. */
static onn_status add_library(onn_cl_work *w, const part *p, const part *whole, double scale)
{
	const onn_transform *t = &p->step->u.pointwise.transform;
	const size_t *shape = p->step->u.pointwise.shape + p->step->u.pointwise.ndim - 2;
	onn_cl_trial trial = trial_of(w, p, true, scale);
	onn_status status;

	trial.in = trial.out = (onn_cl_place){0, 0, t->n[0], t->n[1], 0, t->n[1]};
	add_load(w, p, t->n, t->at);
	if (!t->filtered) {
		status = add_planes(w, whole, 0, t->n[0], t->inverse);
	} else {
		status = add_planes(w, whole, t->at[0], shape[0], false);
		trial.multiply = add_multiply(w, p);
		if (!status)
			status = add_planes(w, whole, t->from[0], t->size[0], true);
	}
	if (!status)
		trial.store = add_store(w, p, t->n, t->from, scale);
	if (!status && t->filtered)
		onn_cl_gain_add(w, &trial);
	return status;
}

/* ---- the step ---- */

void onn_cl_stored_shape(size_t shape[ONN_MAX_DIMS], const onn_step *step)
{
	const onn_transform *t = &step->u.pointwise.transform;
	const uint32_t ndim = step->u.pointwise.ndim;

	memcpy(shape, step->u.pointwise.shape, sizeof step->u.pointwise.shape);
	shape[ndim - 2] = t->size[0];
	shape[ndim - 1] = t->size[1];
}

bool onn_cl_fft_is_wide(const onn_step *step, size_t elements)
{
	const onn_transform *t = &step->u.pointwise.transform;
	const uint32_t ndim = step->u.pointwise.ndim;
	size_t shape[ONN_MAX_DIMS];

	onn_cl_stored_shape(shape, step);
	return elements > ONN_CL_NARROW || onn_cl_is_wide(step) ||
	       onn_cl_view_is_wide(&step->u.pointwise.program.output[0].view, shape, ndim) ||
	       (t->filtered && onn_cl_view_is_wide(&t->filter, shape, ndim - 2));
}

/*
 * A chirp in single precision is off in the same way at each transform, and hops in a row add that
 * up. room: elements of each half of the workspace, where double must fit.
 */
static bool works_in_double(
    const onn_cl_executable *e, const onn_transform *t, onn_type type, size_t room)
{
	return type == ONN_C64 && e->base.device->fp64 &&
	       (onn_cl_own_chirps(t->n[1]) || (t->axes == 2 && onn_cl_own_chirps(t->n[0]))) &&
	       2 * room <= e->device->max_alloc / onn_type_size(ONN_C128);
}

/* Parts of the same size, as few as the workspace allows: fields of each, and of the batch. */
static onn_status cut(
    onn_cl_work *w, const onn_step *step, bool library, size_t *fields, size_t *batch)
{
	const onn_transform *t = &step->u.pointwise.transform;
	const onn_cl_device *d = w->e->device;
	const part one = {step, 0, 1};
	const size_t room = library ? t->n[0] * t->n[1] : own_room(&one) * 2;
	const size_t bytes = room * onn_type_size(w->type);

	onn_size_product(batch, step->u.pointwise.ndim - 2, step->u.pointwise.shape);
	char what[128];
	snprintf(what, sizeof what, "onn_plan_create: step %u (%s) works in", (unsigned)w->step,
	    step->label);
	onn_status status = onn_cl_check_size(d, what, bytes);
	if (status)
		return status;
	const size_t most = bytes < d->fft_bytes ? d->fft_bytes / bytes : 1;
	const size_t parts = (*batch + most - 1) / most;
	*fields = (*batch + parts - 1) / parts;
	if (parts > 1)
		onn_cl_say(w->e, w->step, "%zu parts", parts);
	const part whole = {step, 0, *fields};
	w->half = library ? 0 : own_room(&whole);
	w->elements = library ? *fields * room : 2 * w->half;
	w->wide = onn_cl_fft_is_wide(step, w->elements);
	return ONN_OK;
}

/* By the library where that is right: *done says whether it was. */
static onn_status try_library(bool *done, onn_cl_work *w, const onn_step *step, double scale)
{
	const onn_cl_engine *library = w->e->device->fft;
	const part one = {step, 0, 1};
	const onn_cl_block field = block_of(w, &one);
	size_t fields, batch;

	*done = false;
	if (!library || w->e->base.schedule->own || !library->takes(w->e->device, &field))
		return ONN_OK;
	onn_said said = w->e->said[w->step];
	onn_cl_say(w->e, w->step, "%s", library->library);
	onn_status status = cut(w, step, true, &fields, &batch);
	const part whole = {step, 0, fields};
	if (!status)
		status = is_trusted(done, w, &whole);
	if (status || !*done) {
		w->e->said[w->step] = said;
		return status;
	}
	for (size_t first = 0; !status && first < batch; first += fields) {
		const size_t left = batch - first;
		const part p = {step, first, left < fields ? left : fields};
		status = add_library(w, &p, &whole, scale);
	}
	return status;
}

onn_status onn_cl_add_fft(onn_cl_executable *e, uint32_t number)
{
	const onn_schedule *s = e->base.schedule;
	const onn_step *step = &s->step[number];
	const onn_transform *t = &step->u.pointwise.transform;
	const onn_type field_type = s->value[step->u.pointwise.program.output[0].view.value].type;
	const double points = (double)t->n[1] * (t->axes == 2 ? (double)t->n[0] : 1);
	const double scale = t->filtered || t->inverse ? 1 / points : 1;
	onn_cl_work w = {.e = e, .step = number, .field = field_type, .type = field_type};
	size_t batch, fields;
	bool done;

	onn_size_product(&batch, step->u.pointwise.ndim - 2, step->u.pointwise.shape);
	if (batch == 0)
		return ONN_OK;
	onn_status status = onn_cl_add_operations(e, &step->u.pointwise.program);
	onn_cl_whole whole;
	if (!status && onn_cl_whole_find(&whole, e, number))
		return onn_cl_add_whole(e, &whole);
	if (!status)
		status = try_library(&done, &w, step, scale);
	if (status || done)
		return status;
	const part one = {step, 0, 1};
	onn_cl_say(e, number, "own kernels");
	if (works_in_double(e, t, field_type, own_room(&one))) {
		w.type = ONN_C128;
		e->fp64 = true;
		onn_cl_say(e, number, "chirp in f64");
	}
	status = cut(&w, step, false, &fields, &batch);
	for (size_t first = 0; !status && first < batch; first += fields) {
		const size_t left = batch - first;
		const part p = {step, first, left < fields ? left : fields};
		status = add_own(&w, &p, scale);
	}
	return status;
}
