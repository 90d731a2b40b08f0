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
	uint32_t next;        /* another value, plus 1, whose last step is the same; 0: none */
	bool placed;          /* has a place */
	bool taken;           /* which went on to an output of its last step */
} life;

typedef struct block {
	size_t offset, bytes;
	uint32_t value;
} block;

typedef struct placer {
	onn_schedule *s;
	life *life;
	uint32_t *ends; /* of each step: a value, plus 1, whose last it is; 0: none */
	block *block;   /* in use, by offset */
	size_t nblocks;
	size_t full; /* no gap lies before this many of them */
	size_t peak;
} placer;

/* What visits of a step's values see. */
typedef struct visit {
	placer *pl;
	uint32_t step;
} visit;

static void touch(void *user, uint32_t value, bool written)
{
	const visit *v = user;
	life *l = &v->pl->life[value];
	(void)written;
	if (l->first == UINT32_MAX)
		l->first = v->step;
	l->last = v->step;
}

static size_t bytes_of(const onn_value *v)
{
	size_t bytes = v->count * onn_type_size(v->type);
	return (bytes + ONN_VALUE_ALIGN - 1) / ONN_VALUE_ALIGN * ONN_VALUE_ALIGN;
}

static void take_lowest(placer *pl, uint32_t value)
{
	size_t bytes = bytes_of(&pl->s->value[value]), i = pl->full, offset = 0;
	pl->life[value].placed = true;
	if (bytes == 0)
		return;
	if (i > 0)
		offset = pl->block[i - 1].offset + pl->block[i - 1].bytes;
	for (; i < pl->nblocks && offset + bytes > pl->block[i].offset; i++) {
		pl->full += i == pl->full && offset == pl->block[i].offset;
		offset = pl->block[i].offset + pl->block[i].bytes;
	}
	memmove(&pl->block[i + 1], &pl->block[i], (pl->nblocks - i) * sizeof *pl->block);
	pl->block[i] = (block){offset, bytes, value};
	pl->full += i == pl->full;
	pl->nblocks++;
	pl->s->value[value].offset = offset;
	if (offset + bytes > pl->peak)
		pl->peak = offset + bytes;
}

/* The block that begins there, or the one behind. */
static size_t block_at(const placer *pl, size_t offset)
{
	size_t low = 0, high = pl->nblocks;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (pl->block[middle].offset < offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void release(placer *pl, uint32_t step)
{
	for (uint32_t v = pl->ends[step]; v > 0; v = pl->life[v - 1].next) {
		size_t i = block_at(pl, pl->s->value[v - 1].offset);
		if (i == pl->nblocks || pl->block[i].value != v - 1)
			continue;
		pl->nblocks--;
		memmove(&pl->block[i], &pl->block[i + 1], (pl->nblocks - i) * sizeof *pl->block);
		if (pl->full > i)
			pl->full = i;
	}
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

static void overwrite(placer *pl, uint32_t step, onn_program *pr, uint32_t output)
{
	const onn_view *out = &pr->output[output].view;
	for (uint32_t k = 0; k < pr->ninputs; k++) {
		uint32_t from = pr->input[k].value;
		if (!may_overwrite(pl, step, pr, k, out))
			continue;
		pl->life[from].taken = true;
		pl->life[out->value].placed = true;
		pl->s->value[out->value].offset = pl->s->value[from].offset;
		pr->output[output].in_place = true;
		size_t i = block_at(pl, pl->s->value[from].offset);
		if (i < pl->nblocks && pl->block[i].value == from)
			pl->block[i].value = out->value;
		return;
	}
}

/* A value that begins here gets its place. */
static void settle(void *user, uint32_t value, bool written)
{
	const visit *v = user;
	const life *l = &v->pl->life[value];
	if (written && in_arena(v->pl, value) && l->first == v->step && !l->placed)
		take_lowest(v->pl, value);
}

static void place_step(placer *pl, uint32_t i)
{
	onn_step *step = &pl->s->step[i];
	onn_program *pr = &step->u.pointwise.program;
	bool may = onn_step_may_overwrite(step->kind);
	for (uint32_t k = 0; may && k < pr->noutputs; k++) {
		uint32_t value = pr->output[k].view.value;
		if (in_arena(pl, value) && pl->life[value].first == i)
			overwrite(pl, i, pr, k);
	}
	onn_step_visit(step, settle, &(visit){pl, i});
	release(pl, i);
}

onn_status onn_plan_place(onn_schedule *s)
{
	placer pl = {.s = s,
	    .life = calloc(s->nvalues + 1, sizeof *pl.life),
	    .ends = calloc(s->nsteps + 1, sizeof *pl.ends),
	    .block = calloc(s->nvalues + 1, sizeof *pl.block)};
	if (!pl.life || !pl.ends || !pl.block) {
		onn_free_all(pl.life, pl.ends, pl.block);
		return onn_error_memory("onn_plan_create", s->nvalues * sizeof *pl.block);
	}
	for (uint32_t i = 0; i < s->nvalues; i++)
		pl.life[i].first = UINT32_MAX;
	for (uint32_t i = 0; i < s->nsteps; i++)
		onn_step_visit(&s->step[i], touch, &(visit){&pl, i});
	for (uint32_t i = 0; i < s->nvalues; i++)
		if (pl.life[i].first != UINT32_MAX) {
			pl.life[i].next = pl.ends[pl.life[i].last];
			pl.ends[pl.life[i].last] = i + 1;
		}
	for (uint32_t i = 0; i < s->nsteps; i++)
		place_step(&pl, i);
	s->memory[0].bytes = pl.peak;
	onn_free_all(pl.life, pl.ends, pl.block);
	return ONN_OK;
}
