/*
 * Which steps are transforms of whole lines in local memory, and by which groups: a field is read
 * along y, with its program, goes along x, and is stored along y, so a filter has three launches,
 * and one where fields are rows. Between them it lies in the executable's plane.
 */
#include <string.h>

#include "backend/opencl/fourier/fourier.h"
#include "backend/opencl/thresholds.h"
#include "core/memory.h"

/* ---- groups ---- */

static size_t number_size(onn_type type) { return onn_type_size(type) / 2; }

static size_t lanes_of(const onn_cl_device *d, onn_type type)
{
	size_t lanes = 1;

	if (!d->serial_items)
		return 1;
	while (2 * lanes <= d->lanes && lanes < ONN_CL_LINE_LANES)
		lanes *= 2;
	return type == ONN_C128 && lanes > 1 ? lanes / 2 : lanes;
}

/* Bytes of so many lines in local memory. */
static size_t bytes_of(const onn_cl_device *d, onn_type type, size_t n, size_t lines, bool spread)
{
	const size_t points = n * lines;

	if (d->serial_items)
		return 4 * points * lanes_of(d, type) * number_size(type);
	return 2 * (points + (spread ? points / 32 : 0)) * number_size(type);
}

static size_t items_of(const onn_cl_device *d, size_t n)
{
	return d->serial_items ? 1 : onn_size_least(onn_size_divide_up(n, 8), d->group);
}

/* Whether a group can hold a line of n points. */
static bool fits(const onn_cl_device *d, onn_type type, size_t n)
{
	const size_t held = onn_size_divide_up(n, items_of(d, n)) * onn_type_size(type);

	return !onn_cl_own_chirps(n) && bytes_of(d, type, n, 1, false) <= d->local &&
	       (d->serial_items || held <= ONN_CL_LINE_HELD);
}

/*
 * Several short lines a group, so that it has items enough and columns of them are read side by
 * side, but groups enough for the device.
 */
onn_cl_group onn_cl_line_group(
    const onn_cl_device *d, onn_type type, size_t n, size_t total, bool columns)
{
	const size_t room = onn_size_least(d->local, ONN_CL_LINE_BYTES);
	onn_cl_group s = {.per = items_of(d, n), .lines = 1, .lanes = lanes_of(d, type)};

	while (!d->serial_items) {
		const size_t next = 2 * s.lines;
		const bool small = s.lines * s.per < ONN_CL_LINE_ITEMS ||
		                   (columns && s.lines * onn_type_size(type) < ONN_CL_LINE_SECTOR);
		if (next * s.per > d->group || bytes_of(d, type, n, next, false) > room ||
		    next > total ||
		    !(small || total / next >= (size_t)ONN_CL_GROUPS_A_UNIT * d->units))
			break;
		s.lines = next;
	}
	s.items = s.per * s.lines;
	s.spread = !d->serial_items && bytes_of(d, type, n, s.lines, true) + 64 <= d->local;
	return s;
}

/* ---- steps ---- */

static void find_axes(onn_cl_whole *f, const onn_transform *t, const size_t *there)
{
	for (int i = 0; i < 2; i++) {
		f->n[i] = t->n[i];
		f->at[i] = t->at[i];
		f->from[i] = t->from[i];
		f->shape[i] = there[i];
		f->size[i] = t->size[i];
	}
	f->planes = t->axes == 2 && t->n[0] > 1 && t->n[1] > 1;
	f->rows = t->axes == 1 ? t->n[0] : 1;
	/* a field of one column lies as one row */
	if (!f->planes && t->axes == 2 && t->n[0] > 1) {
		f->n[1] = t->n[0];
		f->at[1] = t->at[0];
		f->from[1] = t->from[0];
		f->shape[1] = there[0];
		f->size[1] = t->size[0];
	}
	if (f->planes)
		f->rows = t->filtered ? t->n[0] : t->size[0];
	f->pitch = f->planes && t->filtered && f->size[1] > there[1] ? f->size[1] : there[1];
}

static void find_scales(onn_cl_whole *f, const onn_transform *t)
{
	const double points = (double)f->n[1] * (f->planes ? (double)f->n[0] : 1);
	cl_float pair[2];

	f->scale = t->filtered || t->inverse ? 1 / points : 1;
	f->filter_scale = 1;
	if (!t->filtered || f->type == ONN_C128)
		return;
	double gain = onn_cl_gain_of_lines(f->n[1]);
	if (f->planes)
		gain *= f->n[0] == f->n[1] ? gain : onn_cl_gain_of_lines(f->n[0]);
	onn_cl_gain_split(f->scale / gain, pair);
	f->filter_scale = pair[0];
	f->scale = pair[1];
}

static bool is_wide(const onn_cl_whole *f)
{
	const onn_transform *t = &f->step->u.pointwise.transform;

	return (f->planes ? f->part * f->rows * f->pitch : 0) > ONN_CL_NARROW ||
	       onn_cl_fft_is_wide(f->step, f->fields * f->rows) ||
	       (t->filtered && t->n[0] * t->n[1] > ONN_CL_NARROW);
}

bool onn_cl_whole_find(onn_cl_whole *f, const onn_cl_executable *e, uint32_t number)
{
	const onn_schedule *s = e->base.schedule;
	const onn_step *step = &s->step[number];
	const onn_transform *t = &step->u.pointwise.transform;
	const uint32_t nbatch = step->u.pointwise.ndim - 2;
	const onn_cl_device *d = e->device;

	*f = (onn_cl_whole){.step = step, .number = number};
	f->type = s->value[step->u.pointwise.program.output[0].view.value].type;
	onn_size_product(&f->fields, nbatch, step->u.pointwise.shape);
	if (!d->whole_lines[f->type == ONN_C128] || f->fields == 0)
		return false;
	find_axes(f, t, step->u.pointwise.shape + nbatch);
	if (!fits(d, f->type, f->n[1]) || (f->planes && !fits(d, f->type, f->n[0])))
		return false;
	const size_t bytes = f->rows * f->pitch * onn_type_size(f->type);
	f->part = f->fields;
	if (f->planes) {
		const size_t most = bytes < d->fft_bytes ? d->fft_bytes / bytes : 1;
		if (bytes > d->max_alloc)
			return false;
		f->part = onn_size_divide_up(f->fields, onn_size_divide_up(f->fields, most));
	}
	f->wide = is_wide(f);
	find_scales(f, t);
	return true;
}
