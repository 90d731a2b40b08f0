/*
 * Questions about a schedule that backends share.
 */
#include "backend/schedule.h"

#include <string.h>

#include "core/element.h"
#include "core/memory.h"

size_t onn_value_end(const onn_value *v) { return v->offset + v->count * onn_type_size(v->type); }

bool onn_values_overlap(const onn_value *a, const onn_value *b)
{
	return a->memory == b->memory && a->offset < onn_value_end(b) &&
	       b->offset < onn_value_end(a);
}

size_t onn_copy_apart(size_t bytes) { return onn_size_round_up(bytes, ONN_VALUE_ALIGN); }

onn_type onn_program_type(const onn_program *p, const onn_value *values, uint16_t reg)
{
	if (reg < p->ninputs)
		return values[p->input[reg].value].type;
	reg = (uint16_t)(reg - p->ninputs);
	if (reg < p->nimmediates)
		return p->immediate[reg].type;
	return p->instr[reg - p->nimmediates].type;
}

void onn_immediate_store(void *to, const onn_immediate *c)
{
	onn_part_set(to, c->type, 0, c->re);
	if (onn_type_is_complex(c->type))
		onn_part_set(to, c->type, 1, c->im);
}

/* ---- values that a step reads and writes ---- */

static void visit_program(const onn_step *step, onn_value_visitor visit, void *user)
{
	const onn_program *p = &step->u.pointwise.program;
	for (uint32_t i = 0; i < p->ninputs; i++)
		visit(user, p->input[i].value, false);
	for (uint32_t i = 0; i < p->noutputs; i++)
		visit(user, p->output[i].view.value, true);
}

static void visit_fft(const onn_step *step, onn_value_visitor visit, void *user)
{
	if (step->u.pointwise.transform.filtered)
		visit(user, step->u.pointwise.transform.filter.value, false);
	visit_program(step, visit, user);
}

static void visit_argmax(const onn_step *step, onn_value_visitor visit, void *user)
{
	visit(user, step->u.argmax.x, false);
	visit(user, step->u.argmax.out, true);
}

static void visit_take(const onn_step *step, onn_value_visitor visit, void *user)
{
	visit(user, step->u.take.x.value, false);
	visit(user, step->u.take.index, false);
	visit(user, step->u.take.out, true);
}

static void visit_scatter(const onn_step *step, onn_value_visitor visit, void *user)
{
	visit(user, step->u.scatter.index, false);
	visit(user, step->u.scatter.updates, false);
	visit(user, step->u.scatter.out, true);
}

static void visit_matmul(const onn_step *step, onn_value_visitor visit, void *user)
{
	visit(user, step->u.matmul.a.value, false);
	visit(user, step->u.matmul.b.value, false);
	visit(user, step->u.matmul.c, true);
}

static void visit_pulse(const onn_step *step, onn_value_visitor visit, void *user)
{
	visit(user, step->u.pulse.light, false);
	visit(user, step->u.pulse.state, false);
	visit(user, step->u.pulse.parameters, false);
	if (step->u.pulse.adjoint)
		visit(user, step->u.pulse.cotangent, false);
	visit(user, step->u.pulse.out, true);
}

static void visit_convolve(const onn_step *step, onn_value_visitor visit, void *user)
{
	const onn_convolve *c = &step->u.convolve;
	const uint32_t value[] = {[ONN_CONVOLVE_OUTPUT] = c->y,
	    [ONN_CONVOLVE_INPUT] = c->x,
	    [ONN_CONVOLVE_WEIGHT] = c->w};
	for (int part = ONN_CONVOLVE_OUTPUT; part <= ONN_CONVOLVE_WEIGHT; part++)
		if (part != (int)c->part)
			visit(user, value[part], false);
	visit(user, value[c->part], true);
}

static void visit_zero(const onn_step *step, onn_value_visitor visit, void *user)
{
	visit(user, step->u.zero.out, true);
}

/* ---- sizes ---- */

static size_t shape_program(size_t *shape, const onn_step *step, const onn_schedule *s)
{
	(void)s;
	memcpy(shape, step->u.pointwise.shape, step->u.pointwise.ndim * sizeof *shape);
	return step->u.pointwise.ndim;
}

static size_t shape_argmax(size_t *shape, const onn_step *step, const onn_schedule *s)
{
	(void)s;
	shape[0] = step->u.argmax.outer;
	shape[1] = step->u.argmax.n;
	shape[2] = step->u.argmax.inner;
	return 3;
}

static size_t shape_take(size_t *shape, const onn_step *step, const onn_schedule *s)
{
	(void)s;
	shape[0] = step->u.take.count;
	shape[1] = step->u.take.row;
	return 2;
}

static size_t shape_scatter(size_t *shape, const onn_step *step, const onn_schedule *s)
{
	(void)s;
	shape[0] = step->u.scatter.count;
	shape[1] = step->u.scatter.row;
	return 2;
}

static size_t shape_matmul(size_t *shape, const onn_step *step, const onn_schedule *s)
{
	uint32_t nbatch = step->u.matmul.nbatch;
	(void)s;
	memcpy(shape, step->u.matmul.batch, nbatch * sizeof *shape);
	shape[nbatch] = step->u.matmul.m;
	shape[nbatch + 1] = step->u.matmul.n;
	shape[nbatch + 2] = step->u.matmul.k;
	return nbatch + 3;
}

static size_t shape_pulse(size_t *shape, const onn_step *step, const onn_schedule *s)
{
	(void)s;
	shape[0] = step->u.pulse.rows;
	shape[1] = step->u.pulse.kind.slots;
	shape[2] = (size_t)step->u.pulse.kind.cells * step->u.pulse.kind.classes;
	return 3;
}

/* results, and the sum of each */
static size_t shape_convolve(size_t *shape, const onn_step *step, const onn_schedule *s)
{
	const onn_convolve *c = &step->u.convolve;
	(void)s;
	const size_t sizes[] = {c->batch, c->outputs, c->result[0], c->result[1],
	    c->channels / c->groups, c->kernel[0], c->kernel[1]};
	memcpy(shape, sizes, sizeof sizes);
	return sizeof sizes / sizeof *sizes;
}

static size_t shape_zero(size_t *shape, const onn_step *step, const onn_schedule *s)
{
	shape[0] = s->value[step->u.zero.out].count;
	return 1;
}

/* ---- the rows ---- */

typedef struct row {
	const char *name;
	bool program, overwrites;
	onn_measure measure;
	void (*visit)(const onn_step *step, onn_value_visitor visit, void *user);
	size_t (*shape)(size_t *shape, const onn_step *step, const onn_schedule *s);
} row;

enum { PROGRAM = 1, OWN = 0, IN_PLACE = 1, APART = 0 };

static const row rows[ONN_STEP_KINDS] = {
#define ONN_STEP_KIND(id, name, body, values, shape, place, measure)                               \
	[ONN_STEP_##id] = {                                                                        \
	    #name, body, place, ONN_MEASURE_##measure, visit_##values, shape_##shape},
#include "backend/step_kinds.def"
};

const char *onn_step_name(onn_step_kind kind) { return rows[kind].name; }
bool onn_step_has_program(onn_step_kind kind) { return rows[kind].program; }
bool onn_step_may_overwrite(onn_step_kind kind) { return rows[kind].overwrites; }
onn_measure onn_step_measure(onn_step_kind kind) { return rows[kind].measure; }

void onn_step_visit(const onn_step *step, onn_value_visitor visit, void *user)
{
	rows[step->kind].visit(step, visit, user);
}

size_t onn_step_shape(size_t *shape, const onn_step *step, const onn_schedule *s)
{
	return rows[step->kind].shape(shape, step, s);
}

static void keep_first(void *user, uint32_t value, bool written)
{
	uint32_t *first = user;
	if (written && *first == UINT32_MAX)
		*first = value;
}

onn_type onn_step_type(const onn_step *step, const onn_schedule *s)
{
	uint32_t first = UINT32_MAX;
	onn_step_visit(step, keep_first, &first);
	return s->value[first].type;
}
