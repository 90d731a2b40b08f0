/*
 * Where threads meet: each stage is held against those since the last barrier, share by share.
 */
#include "backend/c/builder.h"

#include "backend/c/thresholds.h"

/* The bytes of an access that thread t's share touches. */
static void share_of(const onn_c_builder *b, const onn_c_access *a, size_t t, size_t threads,
    size_t *begin, size_t *end)
{
	const onn_c_stage *stage = &b->stage[a->stage];
	size_t first = onn_c_share_begin(stage, t, threads),
	       last = onn_c_share_begin(stage, t + 1, threads);
	*begin = a->begin;
	*end = first < last ? a->end : a->begin;
	if (!a->edge || first >= last)
		return;
	*begin = a->begin + a->edge(stage->data, first);
	size_t edge = last == stage->chunks ? a->end : a->begin + a->edge(stage->data, last);
	*end = edge < a->end ? edge : a->end;
}

/* Whether shares of two different threads meet in these accesses. */
static bool shares_meet(
    const onn_c_builder *b, const onn_c_access *x, const onn_c_access *y, size_t threads)
{
	for (size_t t = 0; t < threads; t++) {
		size_t begin, end;
		share_of(b, x, t, threads, &begin, &end);
		for (size_t u = 0; u < threads && begin < end; u++) {
			size_t from, to;
			if (u == t)
				continue;
			share_of(b, y, u, threads, &from, &to);
			if (from < to && from < end && begin < to)
				return true;
		}
	}
	return false;
}

static bool conflict(const onn_c_builder *b, uint32_t earlier, uint32_t later, size_t threads)
{
	size_t x0 = b->stage[earlier].access, x1 = x0 + b->stage[earlier].naccesses;
	size_t y0 = b->stage[later].access, y1 = y0 + b->stage[later].naccesses;
	if (b->stage[earlier].serial && b->stage[later].serial)
		return false;
	if (x0 == x1 || y0 == y1)
		return true;
	for (size_t i = x0; i < x1; i++)
		for (size_t j = y0; j < y1; j++) {
			const onn_c_access *x = &b->access[i], *y = &b->access[j];
			if ((x->write || y->write) && x->memory == y->memory && x->begin < y->end &&
			    y->begin < x->end && shares_meet(b, x, y, threads))
				return true;
		}
	return false;
}

void onn_c_place_barriers(onn_c_builder *b, size_t threads)
{
	uint32_t since = 0;
	for (uint32_t i = 0; i < b->nstages; i++) {
		bool needed = false;
		for (uint32_t j = since; j < i && !needed; j++)
			needed = conflict(b, j, i, threads);
		/* a search through long lists costs more than the barrier */
		needed = needed || i - since > ONN_C_STAGES_BACK;
		b->stage[i].barrier = needed;
		if (needed)
			since = i;
	}
}
