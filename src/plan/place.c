/*
 * Memory of temporaries: each value lives from the first step that writes it to the last that
 * touches it, and takes the lowest place that is free all the while. A pointwise step writes over
 * an input that dies with it.
 */
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/memory.h"
#include "plan/planner.h"

typedef struct life {
	uint32_t first, last; /* steps; first is UINT32_MAX where none writes */
	bool taken;           /* its place went on to an output of its last step */
} life;

typedef struct block {
	size_t offset, bytes;
	uint32_t value;
} block;

typedef struct placer {
	onn_schedule *s;
	life *life;
	block *block; /* in use, by offset */
	size_t nblocks;
	size_t peak;
} placer;

static void touch(placer *pl, uint32_t value, uint32_t step)
{
	life *l = &pl->life[value];
	if (l->first == UINT32_MAX)
		l->first = step;
	l->last = step;
}

static void touch_step(placer *pl, uint32_t i)
{
	const onn_step *step = &pl->s->step[i];
	const onn_program *pr = &step->u.pointwise.program;
	switch (step->kind) {
	case ONN_STEP_POINTWISE:
	case ONN_STEP_REDUCE:
		for (uint32_t k = 0; k < pr->ninputs; k++)
			touch(pl, pr->input[k].value, i);
		for (uint32_t k = 0; k < pr->noutputs; k++)
			touch(pl, pr->output[k].view.value, i);
		break;
	case ONN_STEP_ARGMAX:
		touch(pl, step->u.argmax.x, i);
		touch(pl, step->u.argmax.out, i);
		break;
	case ONN_STEP_TAKE:
		touch(pl, step->u.take.x.value, i);
		touch(pl, step->u.take.index, i);
		touch(pl, step->u.take.out, i);
		break;
	case ONN_STEP_SCATTER_ADD:
		touch(pl, step->u.scatter.index, i);
		touch(pl, step->u.scatter.updates, i);
		touch(pl, step->u.scatter.out, i);
		break;
	case ONN_STEP_MATMUL:
		touch(pl, step->u.matmul.a.value, i);
		touch(pl, step->u.matmul.b.value, i);
		touch(pl, step->u.matmul.c, i);
		break;
	case ONN_STEP_ZERO:
		touch(pl, step->u.zero.out, i);
		break;
	}
}

static size_t bytes_of(const onn_value *v)
{
	size_t bytes = v->count * onn_type_size(v->type);
	return (bytes + ONN_VALUE_ALIGN - 1) / ONN_VALUE_ALIGN * ONN_VALUE_ALIGN;
}

static void take_lowest(placer *pl, uint32_t value)
{
	size_t bytes = bytes_of(&pl->s->value[value]), offset = 0, i = 0;
	for (; i < pl->nblocks && offset + bytes > pl->block[i].offset; i++)
		offset = pl->block[i].offset + pl->block[i].bytes;
	memmove(&pl->block[i + 1], &pl->block[i], (pl->nblocks - i) * sizeof *pl->block);
	pl->block[i] = (block){offset, bytes, value};
	pl->nblocks++;
	pl->s->value[value].offset = offset;
	if (offset + bytes > pl->peak)
		pl->peak = offset + bytes;
}

static void release(placer *pl, uint32_t step)
{
	size_t n = 0;
	for (size_t i = 0; i < pl->nblocks; i++)
		if (pl->life[pl->block[i].value].last != step)
			pl->block[n++] = pl->block[i];
	pl->nblocks = n;
}

static bool in_arena(const placer *pl, uint32_t value) { return pl->s->value[value].memory == 0; }

/* Whether the output may be written where the input lies: the same elements at the same iterations.
 */
static bool may_overwrite(
    const placer *pl, uint32_t step, const onn_program *pr, uint32_t input, const onn_view *out)
{
	const onn_view *in = &pr->input[input];
	const onn_value *from = &pl->s->value[in->value], *to = &pl->s->value[out->value];
	if (!in_arena(pl, in->value) || pl->life[in->value].last != step ||
	    pl->life[in->value].taken || from->count != to->count ||
	    onn_type_size(from->type) != onn_type_size(to->type) || in->offset != out->offset ||
	    memcmp(in->stride, out->stride, sizeof in->stride) != 0)
		return false;
	for (uint32_t k = 0; k < pr->ninputs; k++)
		if (k != input && pr->input[k].value == in->value)
			return false;
	return true;
}

static bool overwrite(placer *pl, uint32_t step, onn_program *pr, uint32_t output)
{
	const onn_view *out = &pr->output[output].view;
	for (uint32_t k = 0; k < pr->ninputs; k++) {
		uint32_t from = pr->input[k].value;
		if (!may_overwrite(pl, step, pr, k, out))
			continue;
		pl->life[from].taken = true;
		pl->s->value[out->value].offset = pl->s->value[from].offset;
		pr->output[output].in_place = true;
		for (size_t i = 0; i < pl->nblocks; i++)
			if (pl->block[i].value == from)
				pl->block[i].value = out->value;
		return true;
	}
	return false;
}

static void place_step(placer *pl, uint32_t i)
{
	onn_step *step = &pl->s->step[i];
	onn_program *pr = &step->u.pointwise.program;
	for (uint32_t k = 0; step->kind == ONN_STEP_POINTWISE && k < pr->noutputs; k++) {
		uint32_t value = pr->output[k].view.value;
		if (in_arena(pl, value) && pl->life[value].first == i && !overwrite(pl, i, pr, k))
			take_lowest(pl, value);
	}
	uint32_t other = step->kind == ONN_STEP_REDUCE        ? pr->output[0].view.value
	                 : step->kind == ONN_STEP_ARGMAX      ? step->u.argmax.out
	                 : step->kind == ONN_STEP_TAKE        ? step->u.take.out
	                 : step->kind == ONN_STEP_SCATTER_ADD ? step->u.scatter.out
	                 : step->kind == ONN_STEP_MATMUL      ? step->u.matmul.c
	                 : step->kind == ONN_STEP_ZERO        ? step->u.zero.out
	                                                      : UINT32_MAX;
	if (other != UINT32_MAX && in_arena(pl, other) && pl->life[other].first == i)
		take_lowest(pl, other);
	release(pl, i);
}

onn_status onn_plan_place(onn_schedule *s)
{
	placer pl = {s, calloc(s->nvalues + 1, sizeof *pl.life),
	    calloc(s->nvalues + 1, sizeof *pl.block), 0, 0};
	if (!pl.life || !pl.block) {
		free(pl.life);
		free(pl.block);
		return onn_error_memory("onn_plan_create", s->nvalues * sizeof *pl.block);
	}
	for (uint32_t i = 0; i < s->nvalues; i++)
		pl.life[i].first = UINT32_MAX;
	for (uint32_t i = 0; i < s->nsteps; i++)
		touch_step(&pl, i);
	for (uint32_t i = 0; i < s->nsteps; i++)
		place_step(&pl, i);
	s->memory[0].bytes = pl.peak;
	free(pl.life);
	free(pl.block);
	return ONN_OK;
}
