/*
 * Chains of filters on one field, as light goes through plates: the next filter reads what one stores,
 * times a plate, and in a training step the plate then moves by it. A tile of columns passes all three
 * while it is in the cache, and threads meet once less.
 *
 * Tiles are columns of both steps alike, so each tile's part of the plane is its own.
 */
#include "backend/c/fft_step.h"

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
	size_t end = v->offset + v->count * onn_type_size(v->type);
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
	reads r = {s, place, bytes, s->memory[place.memory].role != ONN_ROLE_ARENA, false};
	for (uint32_t i = first; i < s->nsteps && !r.found && !r.ended; i++)
		onn_step_visit(&s->step[i], look, &r);
	return r.found;
}

/* ---- joining ---- */

/* The columns on the way back that this step's columns can go on from, or NULL. */
static const onn_fft_piece *goes_on(const onn_c_builder *b, const onn_fft_step *f)
{
	if (b->apart || b->nphases == 0 || f->program || !f->t->filtered)
		return NULL;
	const onn_c_phase *phase = &b->phase[b->nphases - 1];
	if (phase->work != onn_fft_columns_back_work)
		return NULL;
	const onn_fft_piece *back = phase->data;
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

/* The next step, if it is the turn of this one's y by its x; *turn NULL if it is not. */
static onn_status find_turn(onn_c_builder *b, const onn_fft_step *f, const onn_c_turn **turn)
{
	const onn_schedule *s = b->schedule;
	onn_c_turn t;
	size_t bytes = f->area * f->size, out = f->t->size[0] * f->t->size[1] * f->size;
	size_t most = out > bytes ? out : bytes;
	if (b->step + 1 >= s->nsteps || f->factor == ONN_FFT_ALONE || !is_dense(f, &f->out) ||
	    !onn_c_find_turn(b, &s->step[b->step + 1], &t))
		return ONN_OK;
	if (t.count != f->area || f->size != sizeof(float[2]) ||
	    !same_place(&t.a, &f->x.view.place) || !same_place(&t.w, &f->y.view.place) ||
	    !same_place(&t.out, &t.w) || !apart(&t.b, &f->x.view.place, bytes) ||
	    !apart(&t.b, &f->out.view.place, most) || !apart(&t.b, &t.w, bytes) ||
	    !apart(&f->out.view.place, &t.w, most) ||
	    !apart(&f->out.view.place, &f->x.view.place, most))
		return ONN_OK;
	onn_c_turn *kept = onn_c_allocate(b, sizeof *kept);
	if (!kept)
		return ONN_ERROR_MEMORY;
	*kept = t;
	*turn = kept;
	b->next_done = true;
	return ONN_OK;
}

onn_status onn_fft_join(onn_c_builder *b, const onn_fft_piece *in, const onn_fft_joint **made)
{
	const onn_fft_piece *back = goes_on(b, in->f);
	*made = NULL;
	if (!back)
		return ONN_OK;
	onn_fft_joint *joint = onn_c_allocate(b, sizeof *joint);
	if (!joint)
		return ONN_ERROR_MEMORY;
	*joint = (onn_fft_joint){.back = *back, .in = *in};
	onn_status status = find_turn(b, in->f, &joint->turn);
	joint->store = is_read(b->schedule, back->f->out.view.place, in->f->area * in->f->size,
	    b->step + 1 + (joint->turn != NULL));
	onn_c_phase *phase = &b->phase[b->nphases - 1];
	phase->work = onn_fft_joint_work;
	phase->data = joint;
	phase->step = b->step;
	*made = joint;
	return status;
}
