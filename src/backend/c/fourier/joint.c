/*
 * Chains of filters on one field, as light goes through plates: the next filter reads what one
 * stores, times a plate, and in a training step the plate then moves by it. A tile of columns
 * passes all three while it is in the cache, and threads meet once less.
 *
 * Tiles are columns of both steps alike, so each tile's part of the plane is its own.
 */
#include "backend/c/fourier/step.h"

#include <stdatomic.h>

#include "backend/c/thresholds.h"
#include "core/memory.h"
#include "core/subnormal.h"

static bool same_place(const onn_c_place *a, const onn_c_place *b)
{
	return a->memory == b->memory && a->offset == b->offset;
}

static bool apart(const onn_c_place *a, const onn_c_place *b, size_t bytes)
{
	return a->memory != b->memory || a->offset >= b->offset + bytes ||
	       b->offset >= a->offset + bytes;
}

/* Whether it is one field that lies dense. */
static bool is_dense(const onn_fft_step *f, const onn_fft_operand *o)
{
	bool single = o->view.ndim == 0 || (o->view.ndim == 1 && o->view.shape[0] == 1);
	return single && o->row == (ptrdiff_t)f->shape[1];
}

/* ---- whether a field is read by others ---- */

typedef struct reads {
	const onn_schedule *schedule;
	onn_c_place place;
	size_t bytes;
	bool found, ended; /* ended: written anew */
} reads;

static void look(void *user, uint32_t value, bool written)
{
	reads *r = user;
	const onn_value *v = &r->schedule->value[value];
	size_t end = onn_value_end(v);
	if (v->memory != r->place.memory || v->offset >= r->place.offset + r->bytes ||
	    r->place.offset >= end || r->ended)
		return;
	if (!written)
		r->found = true;
	else if (v->offset <= r->place.offset && end >= r->place.offset + r->bytes)
		r->ended = true;
	else
		r->found = true; /* in part: to be left alone */
}

/* From step `first` on. */
static bool is_read(const onn_schedule *s, onn_c_place place, size_t bytes, uint32_t first)
{
	reads r = {s, place, bytes, s->memory[place.memory].kind != ONN_MEMORY_ARENA, false};
	for (uint32_t i = first; i < s->nsteps && !r.found && !r.ended; i++)
		onn_step_visit(&s->step[i], look, &r);
	return r.found;
}

/* ---- joining ---- */

/* The columns on the way back that this step's columns can go on from, or NULL. */
static const onn_fft_piece *goes_on(const onn_c_builder *b, const onn_fft_step *f)
{
	if (b->apart || b->step == b->schedule->early || b->nstages == 0 || f->program ||
	    !f->t->filtered)
		return NULL;
	const onn_c_stage *stage = &b->stage[b->nstages - 1];
	if (stage->work != onn_fft_columns_back_work)
		return NULL;
	const onn_fft_piece *back = stage->data;
	const onn_fft_step *g = back->f;
	bool same = g->kernels == f->kernels && g->axis[0] == f->axis[0] &&
	            g->blocks == f->blocks && g->block_bytes == f->block_bytes &&
	            g->t->size[0] == f->shape[0] && g->t->size[1] == f->shape[1] &&
	            g->t->from[0] == f->t->at[0];
	if (!same || !is_dense(f, &g->out) || !is_dense(f, &f->x) ||
	    !same_place(&g->out.view.place, &f->x.view.place))
		return NULL;
	return f->factor == ONN_FFT_ALONE ||
	               (is_dense(f, &f->y) &&
	                   apart(&f->y.view.place, &f->x.view.place, f->area * f->size))
	           ? back
	           : NULL;
}

bool onn_fft_find_joint(const onn_c_builder *b, const onn_step *step, void *subject)
{
	onn_fft_step *f = subject;
	const onn_fft_piece *back = goes_on(b, f);
	(void)step;
	if (back)
		f->joint = (onn_fft_joint){.back = *back, .in = {f, 0}};
	return back != NULL;
}

/* The next step moves this one's y, a plate, by its x. */
bool onn_fft_find_joint_and_plate(const onn_c_builder *b, const onn_step *step, void *subject)
{
	onn_fft_step *f = subject;
	const onn_schedule *s = b->schedule;
	onn_c_plate_step t;
	size_t bytes = f->area * f->size, out = f->t->size[0] * f->t->size[1] * f->size;
	size_t most = out > bytes ? out : bytes;
	if (!onn_fft_find_joint(b, step, f) || b->step + 1 >= s->nsteps ||
	    b->step + 1 == s->early || f->factor == ONN_FFT_ALONE || !is_dense(f, &f->out) ||
	    !onn_c_find_plate_step(b, &s->step[b->step + 1], &t))
		return false;
	if (t.count != f->area || f->size != sizeof(float[2]) ||
	    !same_place(&t.a, &f->x.view.place) || !same_place(&t.w, &f->y.view.place) ||
	    !same_place(&t.out, &t.w) || !apart(&t.b, &f->x.view.place, bytes) ||
	    !apart(&t.b, &f->out.view.place, most) || !apart(&t.b, &t.w, bytes) ||
	    !apart(&f->out.view.place, &t.w, most) ||
	    !apart(&f->out.view.place, &f->x.view.place, most))
		return false;
	f->joint.moves_plate = true;
	f->joint.plate = t;
	return true;
}

void onn_fft_join(onn_c_builder *b, onn_fft_step *f)
{
	onn_fft_joint *j = &f->joint;
	onn_c_place out = j->back.f->out.view.place;
	onn_c_stage *stage = &b->stage[b->nstages - 1];
	onn_c_say(b, b->step, " with %u", (unsigned)stage->step);
	if (j->moves_plate)
		onn_c_take_next(b, "plate step");
	j->store = is_read(b->schedule, out, f->area * f->size, b->step + 1 + b->taken);
	j->late = b->schedule->memory[out.memory].bytes > ONN_C_CACHES;
	stage->work = onn_fft_joint_work;
	stage->data = j;
	stage->step = b->step;
}

/* ---- running ---- */

/* Columns first ... first+width-1 of what is stored, the plate, and what moves the plate. */
typedef struct tile {
	size_t first, width;
	onn_fft_field out, y, b;
} tile;

static tile open_tile(const onn_fft_joint *j, const onn_c_thread *thread, size_t number)
{
	const onn_fft_step *g = j->back.f, *f = j->in.f;
	size_t first = number * f->kernels->lanes;
	tile t = {.first = first, .width = onn_size_least(f->kernels->lanes, f->shape[1] - first)};
	t.out = onn_fft_tile(g, onn_fft_field_at(&g->out, thread, j->back.batch), first);
	if (f->factor != ONN_FFT_ALONE)
		t.y = onn_fft_tile(f, onn_fft_field_at(&f->y, thread, j->in.batch), first);
	if (j->moves_plate)
		t.b = (onn_fft_field){onn_c_at(thread, j->plate.b) + first * f->size, t.y.row};
	return t;
}

static void ask_for(const onn_fft_joint *j, const tile *t, size_t begin, size_t end)
{
	const onn_fft_step *f = j->in.f;
	if (f->factor != ONN_FFT_ALONE)
		onn_fft_ask_for(f, t->y, begin, end, j->moves_plate);
	if (j->moves_plate)
		onn_fft_ask_for(f, t->b, begin, end, false);
	if (j->store && !j->late)
		onn_fft_ask_for(f, t->out, begin, end, true);
}

/*
 * What lines hold of a tile's points is stored, multiplied by the plate, and moves the plate. A few
 * rows at a time stay in the first-level cache, where rows of the field, which lie far apart, would
 * not. The plate moves outside of the transforms: there numbers below the normal range count.
 */
static void go_on(const onn_fft_joint *j, const onn_c_thread *thread, const tile *t, char *lines,
    unsigned outside)
{
	const onn_fft_step *f = j->in.f;
	const onn_fft_kernels *k = f->kernels;
	_Alignas(ONN_C_LINE) char few[ONN_C_JOINT_ROWS * ONN_FFT_ROW_MAX];
	onn_fft_field dense = {few, (ptrdiff_t)k->lanes};
	size_t height = f->shape[0];
	for (size_t at = 0; at < height;
	     at += ONN_C_JOINT_ROWS, lines += ONN_C_JOINT_ROWS * k->row) {
		size_t rows = onn_size_least(ONN_C_JOINT_ROWS, height - at);
		if (t->width == k->lanes)
			ask_for(j, t, onn_size_least(at + ONN_C_JOINT_AHEAD, height),
			    onn_size_least(at + ONN_C_JOINT_AHEAD + ONN_C_JOINT_ROWS, height));
		k->store_columns(dense, lines, rows, t->width);
		if (j->store)
			(j->late ? k->stream_columns : k->store_columns)(
			    onn_fft_rows(f, t->out, at), lines, rows, t->width);
		if (f->factor != ONN_FFT_ALONE)
			k->load_columns(
			    lines, dense, onn_fft_rows(f, t->y, at), f->factor, rows, t->width);
		if (j->moves_plate) {
			onn_plate_rows part = {rows, t->width, f->shape[1], k->lanes};
			onn_subnormals_restore(outside);
			onn_c_plate_step_run(
			    &j->plate, thread, at * f->shape[1] + t->first, few, &part);
			onn_subnormals_to_zero();
		}
	}
}

void onn_fft_joint_work(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	const onn_fft_joint *j = data;
	const onn_fft_step *g = j->back.f, *f = j->in.f;
	char *lines = (char *)thread->scratch + f->lines_at;
	char *work = (char *)thread->scratch + f->work_at;
	unsigned before = onn_subnormals_to_zero();
	for (size_t number = begin; number < end; number++) {
		tile t = open_tile(j, thread, number);
		char *plane = f->room->plane + t.first * f->kernels->row;
		for (size_t block = 0; block < g->blocks; block++)
			onn_fft_transpose_in(g, lines, plane, block);
		onn_fft_axis_run_back(g->axis[0], lines, work);
		go_on(j, thread, &t, lines + f->t->at[0] * f->kernels->row, before);
		onn_fft_axis_clear_around(f->axis[0], lines, onn_fft_window_in(f, 0));
		onn_fft_axis_run(f->axis[0], lines, false, work);
		for (size_t block = 0; block < f->blocks; block++)
			onn_fft_transpose_out(f, plane, lines, block, NULL, f->t->n[0]);
	}
	if (j->late)
		atomic_thread_fence(memory_order_seq_cst);
	onn_subnormals_restore(before);
}
