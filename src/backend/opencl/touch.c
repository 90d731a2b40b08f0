#include "backend/opencl/touch.h"

bool onn_cl_overlap(const onn_schedule *s, uint32_t a, uint32_t b)
{
	return onn_values_overlap(&s->value[a], &s->value[b]);
}

typedef struct look {
	const onn_schedule *schedule;
	uint32_t value;
	onn_cl_touch touch;
} look;

static void look_at(void *user, uint32_t value, bool written)
{
	look *l = user;

	if (onn_cl_overlap(l->schedule, l->value, value))
		*(written ? &l->touch.written : &l->touch.read) = true;
}

onn_cl_touch onn_cl_touch_of(const onn_schedule *s, uint32_t step, uint32_t value)
{
	look l = {s, value, {false, false}};

	onn_step_visit(&s->step[step], look_at, &l);
	return l.touch;
}

typedef struct pair {
	const onn_schedule *schedule;
	uint32_t other; /* step */
	bool apart;
} pair;

static void look_at_other(void *user, uint32_t value, bool written)
{
	pair *p = user;
	const onn_cl_touch t = onn_cl_touch_of(p->schedule, p->other, value);

	p->apart = p->apart && !t.written && !(t.read && written);
}

bool onn_cl_are_independent(const onn_schedule *s, uint32_t a, uint32_t b)
{
	pair p = {s, b, true};

	onn_step_visit(&s->step[a], look_at_other, &p);
	return p.apart;
}

bool onn_cl_same_elements(const onn_schedule *s, const onn_view *a, const onn_view *b)
{
	const onn_value *v = &s->value[a->value], *w = &s->value[b->value];

	return v->type == w->type && v->memory == w->memory &&
	       v->offset + (size_t)a->offset * onn_type_size(v->type) ==
	           w->offset + (size_t)b->offset * onn_type_size(w->type);
}

bool onn_cl_find_given(uint32_t *given, const onn_schedule *s, const onn_view *dense, uint32_t step)
{
	const onn_step *to = &s->step[step];
	const onn_program *p = &to->u.pointwise.program;

	*given = 0;
	for (uint32_t i = 0; i < p->ninputs; i++) {
		if (!onn_cl_overlap(s, p->input[i].value, dense->value))
			continue;
		if (!onn_cl_same_elements(s, &p->input[i], dense) ||
		    !onn_cl_view_is_dense(
		        &p->input[i], to->u.pointwise.shape, to->u.pointwise.ndim))
			return false;
		*given |= (uint32_t)1 << i;
	}
	return true;
}

/* Whether both go through the same memory, each element by the same work item, or through none that
 * is shared. */
static bool is_safe(const onn_schedule *s, const onn_step *a, const onn_view *x, const onn_step *b,
    const onn_view *y)
{
	if (!onn_cl_overlap(s, x->value, y->value))
		return true;
	return onn_cl_same_elements(s, x, y) &&
	       onn_cl_view_is_dense(x, a->u.pointwise.shape, a->u.pointwise.ndim) &&
	       onn_cl_view_is_dense(y, b->u.pointwise.shape, b->u.pointwise.ndim);
}

bool onn_cl_is_apart(const onn_schedule *s, const onn_step *a, const onn_step *b, bool a_stores)
{
	const onn_program *p = &a->u.pointwise.program, *q = &b->u.pointwise.program;

	for (uint32_t j = 0; j < q->noutputs; j++) {
		for (uint32_t i = 0; i < p->ninputs; i++)
			if (!is_safe(s, a, &p->input[i], b, &q->output[j].view))
				return false;
		for (uint32_t i = 0; i < p->noutputs && a_stores; i++)
			if (onn_cl_overlap(s, p->output[i].view.value, q->output[j].view.value))
				return false;
	}
	for (uint32_t j = 0; j < q->ninputs; j++)
		for (uint32_t i = 0; i < p->noutputs && a_stores; i++)
			if (!is_safe(s, a, &p->output[i].view, b, &q->input[j]))
				return false;
	return true;
}

static bool is_also_step(const onn_cl_also *also, uint32_t step)
{
	for (uint32_t i = 0; i < also->count; i++)
		if (also->step[i] == step)
			return true;
	return false;
}

/* Whether a step writes all of a value. */
typedef struct cover {
	const onn_schedule *schedule;
	uint32_t value;
	bool whole;
} cover;

static void look_whether_covered(void *user, uint32_t value, bool written)
{
	cover *c = user;
	const onn_value *v = &c->schedule->value[c->value], *w = &c->schedule->value[value];

	if (written && v->memory == w->memory && w->offset <= v->offset &&
	    onn_value_end(v) <= onn_value_end(w))
		c->whole = value != c->value;
}

bool onn_cl_is_wanted(
    const onn_schedule *s, uint32_t value, uint32_t maker, uint32_t to, const onn_cl_also *also)
{
	if (s->memory[s->value[value].memory].kind != ONN_MEMORY_ARENA)
		return true;
	for (uint32_t i = maker + 1; i < s->nsteps; i++) {
		const onn_cl_touch t = onn_cl_touch_of(s, i, value);
		cover c = {s, value, false};
		if (t.read && i != to && !is_also_step(also, i))
			return true;
		onn_step_visit(&s->step[i], look_whether_covered, &c);
		/* what is written in part may be read in part */
		if (t.written)
			return !c.whole;
	}
	return false;
}
