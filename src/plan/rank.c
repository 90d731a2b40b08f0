/*
 * Units in a line in which each stands behind those it needs: their ranks. Whether one has to run
 * after another is then a search among the units between the two, which are few where they stand
 * close together, however deep the graph is. The line is mended as units merge: what has to run
 * before the later of two moves before the earlier one, whose place the merged one takes.
 */
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "plan/planner.h"

/* Between the ranks of neighbours, before others move in between. */
static const uint64_t gap = UINT64_C(1) << 32;

/* Unit 0 is none: it stands before the first and behind the last. */
static void link_before(onn_planner *p, uint32_t unit, uint32_t next, uint64_t rank)
{
	onn_unit *u = &p->unit[unit];
	u->rank = rank;
	u->next = next;
	u->previous = p->unit[next].previous;
	p->unit[u->previous].next = unit;
	p->unit[next].previous = unit;
}

static void unlink_unit(onn_planner *p, uint32_t unit)
{
	const onn_unit *u = &p->unit[unit];
	p->unit[u->previous].next = u->next;
	p->unit[u->next].previous = u->previous;
}

bool onn_rank_last(onn_planner *p, uint32_t unit)
{
	if (!onn_grow(&p->between, &p->between_capacity, p->nunits, sizeof *p->between))
		return false;
	if (unit == 1)
		memset(&p->unit[0], 0, sizeof p->unit[0]);
	link_before(p, unit, 0, p->unit[p->unit[0].previous].rank + gap);
	return true;
}

static void spread(onn_planner *p)
{
	uint64_t rank = 0;
	for (uint32_t u = p->unit[0].next; u; u = p->unit[u].next)
		p->unit[u].rank = rank += gap;
}

bool onn_rank_search(onn_planner *p, uint32_t late, uint32_t early, bool indirectly)
{
	uint64_t least = p->unit[early].rank;
	uint32_t from = late;
	p->stamp++;
	p->nbetween = 0;
	for (size_t done = 0;; from = p->between[done++].unit) {
		const onn_unit *u = &p->unit[from];
		for (size_t i = 0; i < u->npreds; i++) {
			uint32_t next = onn_unit_find(p, u->pred[i]);
			onn_unit *n = &p->unit[next];
			if (next == early && (from != late || !indirectly))
				return true;
			if (next == late || n->rank <= least || n->stamp == p->stamp)
				continue;
			if (p->searches == 0)
				return true;
			p->searches--;
			n->stamp = p->stamp;
			p->between[p->nbetween++] = (onn_ranked){n->rank, next};
		}
		if (done == p->nbetween)
			return false;
	}
}

static int ascending(const void *a, const void *b)
{
	uint64_t x = ((const onn_ranked *)a)->rank, y = ((const onn_ranked *)b)->rank;
	return (x > y) - (x < y);
}

void onn_rank_move(onn_planner *p, uint32_t early)
{
	size_t n = p->nbetween;
	if (n == 0)
		return;
	qsort(p->between, n, sizeof *p->between, ascending);
	for (size_t i = 0; i < n; i++)
		unlink_unit(p, p->between[i].unit);
	uint64_t low = p->unit[p->unit[early].previous].rank, step = p->unit[early].rank - low;
	if (step <= n) {
		spread(p);
		low = p->unit[p->unit[early].previous].rank;
		step = gap;
	}
	step /= n + 1;
	for (size_t i = 0; i < n; i++)
		link_before(p, p->between[i].unit, early, low + (i + 1) * step);
}

void onn_rank_behind(onn_planner *p, uint32_t unit, uint32_t pred)
{
	size_t left = p->searches;
	if (p->unit[pred].rank <= p->unit[unit].rank)
		return;
	p->searches = SIZE_MAX;
	if (!onn_rank_search(p, pred, unit, false)) {
		p->between[p->nbetween++] = (onn_ranked){p->unit[pred].rank, pred};
		onn_rank_move(p, unit);
	}
	p->searches = left;
}

void onn_rank_merge(onn_planner *p, uint32_t into, uint32_t other)
{
	if (p->unit[into].rank > p->unit[other].rank) {
		unlink_unit(p, into);
		link_before(p, into, other, p->unit[other].rank);
	}
	unlink_unit(p, other);
}
