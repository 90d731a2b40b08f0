/*
 * The order of the units: each behind those it needs, otherwise in the order in which the graph was
 * built, which keeps few values alive at once. What nothing waits for, such as the update of a
 * weight, comes as soon as it can, and lets go of what it reads; so do single numbers, which others
 * wait for. Copies to variables come last; what part 0 of a run needs comes before all else.
 */
#include <stdlib.h>

#include "core/error.h"
#include "core/memory.h"
#include "plan/planner.h"

typedef struct heap {
	uint32_t *unit;
	uint32_t *key;
	size_t count;
} heap;

static void swap(heap *h, size_t a, size_t b)
{
	uint32_t u = h->unit[a], k = h->key[a];
	h->unit[a] = h->unit[b];
	h->key[a] = h->key[b];
	h->unit[b] = u;
	h->key[b] = k;
}

static void push(heap *h, uint32_t unit, uint32_t key)
{
	size_t i = h->count++;
	h->unit[i] = unit;
	h->key[i] = key;
	for (; i > 0 && h->key[i] < h->key[(i - 1) / 2]; i = (i - 1) / 2)
		swap(h, i, (i - 1) / 2);
}

static uint32_t pop(heap *h)
{
	uint32_t top = h->unit[0];
	swap(h, 0, --h->count);
	for (size_t i = 0;;) {
		size_t least = i;
		for (size_t child = 2 * i + 1; child <= 2 * i + 2; child++)
			if (child < h->count && h->key[child] < h->key[least])
				least = child;
		if (least == i)
			return top;
		swap(h, i, least);
		i = least;
	}
}

static bool runs(const onn_unit *u) { return !u->into && !u->dead; }

/* Merged units' edges are seen as those of the unit they are in now, each once. */
static bool counts(const onn_planner *p, uint32_t u, uint32_t pred, uint32_t *seen)
{
	if (pred == u || !runs(&p->unit[pred]) || seen[pred] == u)
		return false;
	seen[pred] = u;
	return true;
}

typedef struct edges {
	uint32_t *first; /* nunits + 3: see sort */
	uint32_t *list;
	uint32_t *waits; /* how many a unit still waits for */
	uint32_t *seen;
} edges;

static bool build(onn_planner *p, edges *e)
{
	size_t n = p->nunits + 3, total = 0;
	e->first = calloc(n, sizeof *e->first);
	e->waits = calloc(n, sizeof *e->waits);
	e->seen = calloc(n, sizeof *e->seen);
	if (!e->first || !e->waits || !e->seen)
		return false;
	for (int pass = 0; pass < 2; pass++) {
		for (uint32_t u = 1; u <= p->nunits; u++)
			for (size_t i = 0; runs(&p->unit[u]) && i < p->unit[u].npreds; i++) {
				uint32_t pred = onn_unit_find(p, p->unit[u].pred[i]);
				if (!counts(p, u, pred, e->seen))
					continue;
				if (pass == 0) {
					e->first[pred + 1]++;
					e->waits[u]++;
					total++;
				} else {
					e->list[--e->first[pred + 1]] = u;
				}
			}
		if (pass == 0) {
			for (size_t u = 1; u < n; u++)
				e->first[u] += e->first[u - 1];
			e->list = calloc(total ? total : 1, sizeof *e->list);
			if (!e->list)
				return false;
			for (size_t u = 0; u < n; u++)
				e->seen[u] = 0;
		}
	}
	return true;
}

/* Unit u's successors: filled from the back, they are first[u + 1] ... first[u + 2] - 1. */
static uint32_t successors(const edges *e, uint32_t u, const uint32_t **list)
{
	*list = e->list + e->first[u + 1];
	return e->first[u + 2] - e->first[u + 1];
}

static const uint32_t late = 1u << 31; /* no graph has so many nodes */

static uint32_t key_of(const onn_planner *p, const edges *e, uint32_t u)
{
	const onn_unit *unit = &p->unit[u];
	const uint32_t *list;
	uint32_t part = onn_unit_is_early(p, unit) ? 0 : late;
	if (unit->kind == ONN_UNIT_STORE)
		return UINT32_MAX;
	if (successors(e, u, &list) == 0 ||
	    onn_data_count(onn_node_get(p->g, unit->member[0])) == 1)
		return part;
	return part | unit->member[unit->nmembers - 1];
}

static bool sort(onn_planner *p, edges *e, heap *h)
{
	size_t expected = 0;
	for (uint32_t u = 1; u <= p->nunits; u++) {
		expected += runs(&p->unit[u]);
		if (runs(&p->unit[u]) && e->waits[u] == 0)
			push(h, u, key_of(p, e, u));
	}
	while (h->count) {
		uint32_t u = pop(h);
		const uint32_t *next;
		p->order[p->norder++] = u;
		for (uint32_t n = successors(e, u, &next); n-- > 0;)
			if (--e->waits[next[n]] == 0)
				push(h, next[n], key_of(p, e, next[n]));
	}
	return p->norder == expected;
}

onn_status onn_plan_order(onn_planner *p)
{
	edges e = {0};
	heap h = {calloc(p->nunits + 1, sizeof *h.unit), calloc(p->nunits + 1, sizeof *h.key), 0};
	onn_status status = ONN_OK;
	p->order = calloc(p->nunits + 1, sizeof *p->order);
	if (!p->order || !h.unit || !h.key || !build(p, &e))
		status = onn_error_memory("onn_plan_create", p->nunits * sizeof *p->order);
	else if (!sort(p, &e, &h))
		status = onn_error(ONN_ERROR_UNSUPPORTED,
		    "onn_plan_create: units wait for each other in a circle");
	free(e.first);
	free(e.list);
	free(e.waits);
	free(e.seen);
	free(h.unit);
	free(h.key);
	return status;
}
