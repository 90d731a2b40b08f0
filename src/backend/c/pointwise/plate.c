/*
 * The update of a complex plate by the phase of its gradient as one loop:
 *
 *     w' = w - s sign(a conj(b))        (or a b)
 *
 * a the gradient behind the plate, b the field before it. Beside two Fourier transforms a plate it
 * is the rest of a step, and instruction by instruction, each a loop of its own with a division and
 * a square root in the longest, it takes a third of the transforms' time.
 */
#include "backend/c/pointwise/plate.h"

#include "backend/c/thresholds.h"
#include "backend/c/view.h"
#include "core/memory.h"

enum { NUMBER = sizeof(float[2]) }; /* bytes of an element */

void onn_c_plate_step_run(const onn_c_plate_step *t, const onn_c_thread *thread, size_t first,
    const void *a, const onn_plate_rows *rows)
{
	size_t at = first * NUMBER;
	t->kernel(onn_c_at(thread, t->out) + at, onn_c_at(thread, t->w) + at, a,
	    onn_c_at(thread, t->b) + at, t->plain, t->s, rows);
}

static void work(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	const onn_c_plate_step *t = data;
	size_t from = begin * ONN_C_PLATE_CHUNK,
	       to = end * ONN_C_PLATE_CHUNK < t->count ? end * ONN_C_PLATE_CHUNK : t->count;
	onn_plate_rows row = {1, to - from, 0, 0};
	onn_c_plate_step_run(t, thread, from, onn_c_at(thread, t->a) + from * NUMBER, &row);
}

static size_t edge(const void *data, size_t chunk)
{
	(void)data;
	return chunk * ONN_C_PLATE_CHUNK * NUMBER;
}

/* ---- finding it ---- */

typedef struct match {
	const onn_program *program;
	uint16_t w, a, b; /* inputs */
	bool plain;
	double s;
} match;

/* The instruction that makes a register, if it is of this kind; else NULL. */
static const onn_instr *made_by(const onn_program *p, uint16_t reg, onn_op op)
{
	uint32_t first = p->ninputs + p->nimmediates;
	const onn_instr *i = reg >= first ? &p->instr[reg - first] : NULL;
	return i && i->op == op ? i : NULL;
}

static bool find_gradient(match *m, const onn_instr *product)
{
	const onn_program *p = m->program;
	const onn_instr *conj = NULL;
	m->a = product->src[0];
	m->b = product->src[1];
	if ((conj = made_by(p, m->a, ONN_OP_CONJ)))
		m->a = m->b;
	else
		conj = made_by(p, m->b, ONN_OP_CONJ);
	m->plain = !conj;
	if (conj)
		m->b = conj->src[0];
	return p->ninstrs == (conj ? 5u : 4u) && m->a < p->ninputs && m->b < p->ninputs;
}

static bool find(match *m)
{
	const onn_program *p = m->program;
	if (p->noutputs != 1 || p->ninstrs < 4 || p->ninstrs > 5)
		return false;
	const onn_instr *difference = made_by(p, p->output[0].reg, ONN_OP_SUB);
	const onn_instr *step = difference ? made_by(p, difference->src[1], ONN_OP_MUL) : NULL;
	if (!step || difference->type != ONN_C64 || difference->src[0] >= p->ninputs)
		return false;
	m->w = difference->src[0];
	for (int k = 0; k < 2; k++) {
		const onn_instr *sign = made_by(p, step->src[k], ONN_OP_SIGN);
		uint32_t s = (uint32_t)step->src[1 - k] - p->ninputs;
		if (!sign || s >= p->nimmediates || p->immediate[s].im != 0)
			continue;
		const onn_instr *product = made_by(p, sign->src[0], ONN_OP_MUL);
		m->s = p->immediate[s].re;
		return product && find_gradient(m, product);
	}
	return false;
}

/* The place of an operand that lies dense; what is written over may only be the old w. */
static bool place(const onn_c_builder *b, const onn_view *view, const onn_c_space *space,
    onn_c_plate_step *t, onn_c_place *to, bool own)
{
	onn_c_view v;
	onn_c_view_init(&v, b, view, space);
	*to = v.place;
	if (!v.dense || b->schedule->value[view->value].type != ONN_C64)
		return false;
	return v.place.memory != t->out.memory ||
	       v.place.offset >= t->out.offset + t->count * v.size ||
	       t->out.offset >= v.place.offset + t->count * v.size ||
	       (own && v.place.offset == t->out.offset);
}

bool onn_c_find_plate_step(const onn_c_builder *b, const onn_step *step, void *subject)
{
	const onn_program *p = &step->u.pointwise.program;
	onn_c_plate_step *t = subject;
	match m = {.program = p};
	onn_c_space space;
	if (!b->kernels->plate || step->kind != ONN_STEP_POINTWISE)
		return false;
	onn_c_space_init(&space, step->u.pointwise.ndim, step->u.pointwise.shape, NULL);
	if (space.count < 2 || !find(&m))
		return false;
	*t = (onn_c_plate_step){
	    .kernel = b->kernels->plate, .plain = m.plain, .s = m.s, .count = space.count};
	return place(b, &p->output[0].view, &space, t, &t->out, true) &&
	       place(b, &p->input[m.w], &space, t, &t->w, true) &&
	       place(b, &p->input[m.a], &space, t, &t->a, false) &&
	       place(b, &p->input[m.b], &space, t, &t->b, false);
}

onn_status onn_c_prepare_plate_step(onn_c_builder *b, const onn_step *step, void *subject)
{
	onn_c_plate_step *t = onn_c_allocate(b, sizeof *t);
	(void)step;
	if (!t)
		return ONN_ERROR_MEMORY;
	*t = *(const onn_c_plate_step *)subject;
	onn_status status =
	    onn_c_add_stage(b, work, t, onn_size_divide_up(t->count, ONN_C_PLATE_CHUNK),
	        ONN_C_COST_PLATE_STEP * (double)t->count);
	const onn_c_place *touched[] = {&t->w, &t->a, &t->b, &t->out};
	for (int i = 0; i < 4 && !status; i++)
		status = onn_c_touch(
		    b, touched[i]->memory, touched[i]->offset, t->count * NUMBER, i == 3, edge);
	return status;
}
