/*
 * Filters in a row, as light goes through plates: a launch stores what one filter gives, goes on
 * with the next one's program and transforms that along y, so a hop has two launches, this one and
 * that of the rows. Steps in between run before it or behind it, whichever their values allow, and
 * steps behind it that work on the same elements, such as a plate's update, are done in it.
 */
#include <stdlib.h>

#include "backend/opencl/fourier/fourier.h"
#include "backend/opencl/thresholds.h"
#include "backend/opencl/touch.h"
#include "core/memory.h"

/* What is to be launched before step `at`: the last launch of `from`, with or without the first of
 * the filter that goes on. */
typedef struct onn_cl_joint {
	bool there, goes_on;
	uint32_t at;
	uint32_t given;
	onn_cl_whole from, to;
} onn_cl_joint;

static const onn_view *output_of(const onn_step *step)
{
	return &step->u.pointwise.program.output[0].view;
}

/* ---- whether a filter goes on from another ---- */

/* Whether the field that is stored lies dense. */
static bool is_stored_densely(const onn_cl_whole *f)
{
	size_t shape[ONN_MAX_DIMS];

	onn_cl_stored_shape(shape, f->step);
	return onn_cl_view_is_dense(output_of(f->step), shape, f->step->u.pointwise.ndim);
}

static bool is_joinable(const onn_cl_whole *f)
{
	return f->planes && f->part == f->fields && f->step->u.pointwise.transform.filtered;
}

/* Whether `to` goes on from f; which of its inputs are f's field. */
static bool goes_on(
    uint32_t *given, const onn_schedule *s, const onn_cl_whole *f, const onn_cl_whole *to)
{
	bool same = is_joinable(to) && f->type == to->type && f->fields == to->fields &&
	            f->pitch == to->pitch && f->from[0] == to->at[0];

	for (int i = 0; i < 2 && same; i++)
		same = f->n[i] == to->n[i] && f->size[i] == to->shape[i];
	return same && is_stored_densely(f) &&
	       onn_cl_find_given(given, s, output_of(f->step), to->number) && *given != 0;
}

/* Whether a step from k+1 on writes what `to` reads, so that it cannot begin before. */
static bool is_overtaken(const onn_schedule *s, uint32_t step, const onn_cl_whole *to)
{
	const onn_program *p = &to->step->u.pointwise.program;

	if (onn_cl_touch_of(s, step, to->step->u.pointwise.transform.filter.value).written)
		return true;
	for (uint32_t i = 0; i < p->ninputs; i++)
		if (onn_cl_touch_of(s, step, p->input[i].value).written)
			return true;
	return false;
}

/*
 * Where the joint of f and `to` stands: before the first step in between that touches f's field.
 * False: nowhere.
 */
static bool find_place(
    uint32_t *at, const onn_schedule *s, const onn_cl_whole *f, const onn_cl_whole *to)
{
	const uint32_t field = output_of(f->step)->value;

	*at = f->number + 1;
	while (*at < to->number) {
		const onn_cl_touch t = onn_cl_touch_of(s, *at, field);
		if (t.read || t.written)
			break;
		++*at;
	}
	for (uint32_t i = *at; i < to->number; i++)
		if (is_overtaken(s, i, to) || s->step[i].kind == ONN_STEP_FFT)
			return false;
	return true;
}

/* Looks for the filter that goes on from f. */
static bool find_joint(onn_cl_joint *j, const onn_cl_executable *e, const onn_cl_whole *f)
{
	const onn_schedule *s = e->base.schedule;

	if (e->base.device->check || !is_joinable(f))
		return false;
	for (uint32_t i = f->number + 1; i < s->nsteps && i <= f->number + ONN_CL_JOINT_STEPS;
	     i++) {
		if (i == s->early)
			return false;
		if (s->step[i].kind != ONN_STEP_FFT)
			continue;
		if (!onn_cl_whole_find(&j->to, e, i) || !goes_on(&j->given, s, f, &j->to) ||
		    !find_place(&j->at, s, f, &j->to))
			return false;
		j->from.wide = j->to.wide = f->wide || j->to.wide;
		return true;
	}
	return false;
}

/* ---- steps on the same elements ---- */

/* Whether step `number` is one over f's elements that can be done where f's field is made: `to`
 * (NULL: none) then goes on behind it. */
static bool is_also(uint32_t *given, const onn_cl_executable *e, const onn_cl_whole *f,
    const onn_cl_whole *to, const onn_cl_also *also, uint32_t number)
{
	const onn_schedule *s = e->base.schedule;
	const onn_step *step = &s->step[number];
	const onn_program *p = &step->u.pointwise.program;
	const uint32_t field = output_of(f->step)->value;
	size_t count;

	if (step->kind != ONN_STEP_POINTWISE || number == s->early ||
	    !onn_size_product(&count, step->u.pointwise.ndim, step->u.pointwise.shape) ||
	    count != f->fields * f->size[0] * f->size[1] || !is_stored_densely(f) ||
	    !onn_cl_find_given(given, s, output_of(f->step), number) || (*given == 0 && !to) ||
	    onn_cl_is_wide(step))
		return false;
	for (uint32_t i = 0; i < p->noutputs; i++) {
		const uint32_t value = p->output[i].view.value;
		if (onn_cl_overlap(s, value, field))
			return false;
		/* `to` stores its own field, and reads its filter, later than this */
		if (to &&
		    (onn_cl_overlap(s, value, output_of(to->step)->value) ||
		        onn_cl_overlap(s, value, to->step->u.pointwise.transform.filter.value)))
			return false;
	}
	for (uint32_t i = 0; i < p->ninputs && to; i++)
		if (onn_cl_overlap(s, p->input[i].value, output_of(to->step)->value))
			return false;
	for (uint32_t i = 0; i < also->count; i++)
		if (!onn_cl_is_apart(s, &s->step[also->step[i]], step, true))
			return false;
	return !to || onn_cl_is_apart(s, to->step, step, false);
}

/* The steps from `first` on that are done in the launch, too; none of them then has its own. */
static void find_also(onn_cl_also *also, onn_cl_executable *e, const onn_cl_whole *f,
    const onn_cl_whole *to, uint32_t first)
{
	const onn_schedule *s = e->base.schedule;
	const size_t bytes = to ? onn_cl_parameter_bytes(&to->step->u.pointwise.program) : 0;

	for (uint32_t i = first; i < s->nsteps; i++) {
		uint32_t given;
		if (e->base.device->check || e->taken[i] || !is_also(&given, e, f, to, also, i) ||
		    !onn_cl_also_take(also, e, i, given, to ? to->number : f->number, bytes))
			return;
	}
}

/* ---- launches ---- */

/* Its last launch, and what else is done there. */
static onn_status end(onn_cl_executable *e, const onn_cl_whole *f, size_t first, size_t fields)
{
	onn_cl_also also = {0};
	bool stored = true;

	if (f->part == f->fields) {
		find_also(&also, e, f, NULL, f->number + 1);
		stored = onn_cl_is_wanted(
		    e->base.schedule, output_of(f->step)->value, f->number, UINT32_MAX, &also);
	}
	onn_status status = onn_cl_also_operations(e, &also);
	return status ? status : onn_cl_whole_end(e, f, first, fields, stored, &also);
}

/* Behind its transform along y. */
static onn_status go_along_x(
    onn_cl_executable *e, const onn_cl_whole *f, size_t first, size_t fields)
{
	onn_status status = onn_cl_whole_rows(e, f, first, fields);

	if (status || !f->planes || !f->step->u.pointwise.transform.filtered)
		return status;
	if (fields < f->fields)
		return end(e, f, first, fields);
	*e->joint = (onn_cl_joint){.there = true, .from = *f};
	e->joint->goes_on = find_joint(e->joint, e, f);
	/* not before its own turn, though it may have begun before */
	if (!e->joint->goes_on)
		e->joint->at = f->number + 1;
	return ONN_OK;
}

onn_status onn_cl_add_whole(onn_cl_executable *e, const onn_cl_whole *f)
{
	onn_status status = ONN_OK;

	if (!e->joint) {
		e->joint = calloc(1, sizeof *e->joint);
		if (!e->joint)
			return onn_error_memory("onn_plan_create", sizeof *e->joint);
	}
	onn_cl_say(e, f->number, "own kernels, whole lines");
	if (f->part < f->fields)
		onn_cl_say(e, f->number, "%zu parts", onn_size_divide_up(f->fields, f->part));
	for (size_t first = 0; first < f->fields && !status; first += f->part) {
		const size_t fields = onn_size_least(f->part, f->fields - first);
		if (f->planes)
			status = onn_cl_whole_columns(e, f, first, fields);
		if (!status)
			status = go_along_x(e, f, first, fields);
	}
	return status;
}

bool onn_cl_fft_waits(const onn_cl_executable *e) { return e->joint && e->joint->there; }

bool onn_cl_fft_waits_at(const onn_cl_executable *e, uint32_t number)
{
	return onn_cl_fft_waits(e) && e->joint->at == number;
}

onn_status onn_cl_fft_go_on(onn_cl_executable *e, uint32_t number)
{
	onn_cl_also also = {0};

	if (!onn_cl_fft_waits_at(e, number))
		return ONN_OK;
	const onn_cl_joint j = *e->joint;
	e->joint->there = false;
	if (!j.goes_on)
		return end(e, &j.from, 0, j.from.fields);
	e->taken[j.to.number] = true;
	onn_cl_say(e, j.to.number, "own kernels, whole lines with %u", (unsigned)j.from.number);
	onn_status status = onn_cl_add_operations(e, &j.to.step->u.pointwise.program);
	/* those behind `to` must find done what stands before it */
	if (!status && j.at == j.to.number)
		find_also(&also, e, &j.from, &j.to, j.to.number + 1);
	const bool stored = onn_cl_is_wanted(
	    e->base.schedule, output_of(j.from.step)->value, j.from.number, j.to.number, &also);
	if (!status)
		status = onn_cl_also_operations(e, &also);
	if (!status)
		status = onn_cl_whole_join(e, &j.from, &j.to, j.given, stored, &also);
	return status ? status : go_along_x(e, &j.to, 0, j.to.fields);
}
