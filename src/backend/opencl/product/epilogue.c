/*
 * Pointwise steps behind a product go into its kernel, each element where its sum is at hand: a
 * layer's absorber, what the light that comes back is multiplied by, an optimiser where a gradient
 * is made. They may stand further behind, where nothing in between is in their way.
 */
#include "backend/opencl/product/epilogue.h"

#include "backend/opencl/thresholds.h"
#include "backend/opencl/touch.h"
#include "core/memory.h"

typedef struct epilogue {
	const onn_schedule *schedule;
	uint32_t number; /* of the step that makes c */
	onn_view c;
	bool overwritten; /* by a step in the kernel */
} epilogue;

/* Whether the step's writes are in nobody's way: other groups still read what c is made of, and c
 * is written only element by element. *overwrites: c is. */
static bool may_write(bool *overwrites, const epilogue *x, const onn_step *step)
{
	const onn_program *p = &step->u.pointwise.program;
	const onn_schedule *s = x->schedule;

	*overwrites = false;
	for (uint32_t i = 0; i < p->noutputs; i++) {
		const onn_view *out = &p->output[i].view;
		if (onn_cl_touch_of(s, x->number, out->value).read)
			return false;
		if (!onn_cl_overlap(s, out->value, x->c.value))
			continue;
		if (!onn_cl_same_elements(s, out, &x->c) ||
		    !onn_cl_view_is_dense(out, step->u.pointwise.shape, step->u.pointwise.ndim))
			return false;
		*overwrites = true;
	}
	return true;
}

/* Whether step i can be done for each element of c, before what stands between. */
static bool is_behind(uint32_t *given, bool *overwrites, const epilogue *x,
    const onn_cl_executable *e, const onn_cl_also *also, uint32_t i)
{
	const onn_schedule *s = x->schedule;
	const onn_step *step = &s->step[i];
	size_t count;

	if (step->kind != ONN_STEP_POINTWISE || x->overwritten ||
	    !onn_size_product(&count, step->u.pointwise.ndim, step->u.pointwise.shape) ||
	    count != s->value[x->c.value].count || onn_cl_is_wide(step) ||
	    (i < s->early) != (x->number < s->early) || !onn_cl_find_given(given, s, &x->c, i) ||
	    *given == 0 || !may_write(overwrites, x, step))
		return false;
	for (uint32_t j = 0; j < also->count; j++)
		if (!onn_cl_is_apart(s, &s->step[also->step[j]], step, true))
			return false;
	for (uint32_t j = x->number + 1; j < i; j++)
		if (!e->taken[j] && !onn_cl_are_independent(s, j, i))
			return false;
	return true;
}

void onn_cl_find_epilogue(
    onn_cl_also *also, bool *stored, onn_cl_executable *e, uint32_t number, uint32_t c)
{
	const onn_schedule *s = e->base.schedule;
	epilogue x = {.schedule = s, .number = number, .c = {.value = c}, .overwritten = false};

	*also = (onn_cl_also){.count = 0};
	*stored = true;
	/* a filter that is still to be launched may be read by what moves before it */
	if (e->base.device->check || onn_cl_fft_waits(e) || s->value[c].count > ONN_CL_NARROW)
		return;
	for (uint32_t i = number + 1; i < s->nsteps && i <= number + ONN_CL_EPILOGUE_STEPS; i++) {
		uint32_t given;
		bool overwrites;
		if (!e->taken[i] && is_behind(&given, &overwrites, &x, e, also, i)) {
			if (!onn_cl_also_take(also, e, i, given, number, ONN_CL_PRODUCT_PARAMETERS))
				break;
			x.overwritten = overwrites;
		}
	}
	*stored = !x.overwritten && onn_cl_is_wanted(s, c, number, UINT32_MAX, also);
}
