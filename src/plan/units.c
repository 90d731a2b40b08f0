/*
 * Units of work, and which pointwise nodes become one program. Two units may merge where no third
 * has to run between them and the program stays within the limits of schedule.h.
 */
#include <string.h>

#include "core/error.h"
#include "core/memory.h"
#include "plan/planner.h"

uint32_t onn_unit_find(const onn_planner *p, uint32_t unit)
{
	while (p->unit[unit].into)
		unit = p->unit[unit].into;
	return unit;
}

static bool add_id(uint32_t **list, size_t *count, size_t *capacity, uint32_t id)
{
	if (!onn_grow(list, capacity, *count + 1, sizeof **list))
		return false;
	(*list)[(*count)++] = id;
	return true;
}

uint32_t onn_unit_new(onn_planner *p, onn_unit_kind kind, uint32_t member)
{
	if (!onn_grow(&p->unit, &p->unit_capacity, p->nunits + 2, sizeof *p->unit))
		return 0;
	uint32_t id = (uint32_t)++p->nunits;
	onn_unit *u = &p->unit[id];
	memset(u, 0, sizeof *u);
	u->kind = kind;
	bool fine =
	    onn_rank_last(p, id) && add_id(&u->member, &u->nmembers, &u->member_capacity, member);
	return fine ? id : 0;
}

bool onn_unit_add_pred(onn_planner *p, uint32_t unit, uint32_t pred)
{
	onn_unit *u = &p->unit[unit];
	for (size_t i = 0; i < u->npreds; i++)
		if (u->pred[i] == pred)
			return true;
	/* one that reads what the unit overwrites may be later */
	onn_rank_behind(p, unit, onn_unit_find(p, pred));
	return add_id(&u->pred, &u->npreds, &u->pred_capacity, pred);
}

/* Its members are all of one part. */
bool onn_unit_is_early(const onn_planner *p, const onn_unit *unit)
{
	return p->fact[unit->member[0]].early;
}

bool onn_unit_reaches(onn_planner *p, uint32_t from, uint32_t to)
{
	return p->unit[from].rank > p->unit[to].rank && onn_rank_search(p, from, to, false);
}

bool onn_unit_computes(const onn_planner *p, uint32_t unit, uint32_t id)
{
	const onn_fact *f = &p->fact[id];
	return f->owns && !f->copied && f->unit && onn_unit_find(p, f->unit) == unit &&
	       onn_op_is_pointwise(onn_node_get(p->g, id)->op);
}

/* ---- limits ---- */

typedef struct tally {
	size_t ninputs, nimmediates, ninstrs, noutputs;
	onn_ref input[ONN_PROGRAM_MAX_INPUTS];
	struct {
		onn_type type;
		double re, im;
	} immediate[ONN_PROGRAM_MAX_IMMEDIATES];
} tally;

static bool count_operand(tally *t, const onn_ref *ref, onn_type type)
{
	if (!ref->uniform) {
		for (size_t i = 0; i < t->ninputs; i++)
			if (memcmp(&t->input[i], ref, sizeof *ref) == 0)
				return true;
		if (t->ninputs == ONN_PROGRAM_MAX_INPUTS)
			return false;
		t->input[t->ninputs++] = *ref;
		return true;
	}
	for (size_t i = 0; i < t->nimmediates; i++)
		if (t->immediate[i].type == type &&
		    memcmp(&t->immediate[i].re, &ref->re, sizeof ref->re) == 0 &&
		    memcmp(&t->immediate[i].im, &ref->im, sizeof ref->im) == 0)
			return true;
	if (t->nimmediates == ONN_PROGRAM_MAX_IMMEDIATES)
		return false;
	t->immediate[t->nimmediates].type = type;
	t->immediate[t->nimmediates].re = ref->re;
	t->immediate[t->nimmediates++].im = ref->im;
	return true;
}

/* Whether an operand is looked at through a view of what a or b computes: it has to be in memory
 * before. */
static bool looks_inside(const onn_planner *p, const onn_ref *ref, uint32_t a, uint32_t b)
{
	uint32_t unit = ref->uniform ? 0 : p->fact[ref->base].unit;
	unit = unit ? onn_unit_find(p, unit) : 0;
	return unit && (unit == a || unit == b);
}

/* Whether somebody outside of a and b reads a member, as far as units have merged. */
static bool is_read_outside(const onn_planner *p, uint32_t id, uint32_t a, uint32_t b)
{
	for (uint32_t i = p->first_reader[id]; i < p->first_reader[id + 1]; i++) {
		const onn_fact *reader = &p->fact[p->reader[i]];
		uint32_t unit = reader->owns && !reader->copied ? reader->unit : 0;
		unit = unit ? onn_unit_find(p, unit) : 0;
		if (unit == 0 || (unit != a && unit != b))
			return true;
	}
	return p->fact[id].result;
}

/* Counts what a unit's program needs when a and b are one; false where they can't be. */
static bool count_unit(const onn_planner *p, tally *t, uint32_t unit, uint32_t a, uint32_t b)
{
	const onn_unit *u = &p->unit[unit];
	for (size_t i = 0; i < u->nmembers; i++) {
		const onn_node_data *n = onn_node_get(p->g, u->member[i]);
		t->noutputs += is_read_outside(p, u->member[i], a, b);
		if (++t->ninstrs > ONN_PROGRAM_MAX_INSTRS || t->noutputs > ONN_PROGRAM_MAX_OUTPUTS)
			return false;
		for (uint32_t k = 0; k < n->ninputs; k++) {
			uint32_t in = onn_plan_resolve(p, onn_node_inputs(n)[k]);
			const onn_ref *ref = &p->fact[in].ref;
			if (onn_unit_computes(p, a, in) || onn_unit_computes(p, b, in))
				continue;
			if (looks_inside(p, ref, a, b) ||
			    !count_operand(t, ref, onn_node_get(p->g, in)->type))
				return false;
		}
	}
	return true;
}

bool onn_plan_expression_fits(const onn_planner *p, const uint32_t *member, size_t n)
{
	tally t;
	t.ninputs = t.nimmediates = t.ninstrs = t.noutputs = 0;
	for (size_t i = 0; i < n; i++) {
		const onn_node_data *d = onn_node_get(p->g, member[i]);
		for (uint32_t k = 0; k < d->ninputs; k++) {
			uint32_t in = onn_plan_resolve(p, onn_node_inputs(d)[k]);
			size_t j = 0;
			while (j < i && member[j] != in)
				j++;
			if (j == i &&
			    !count_operand(&t, &p->fact[in].ref, onn_node_get(p->g, in)->type))
				return false;
		}
	}
	return true;
}

static bool can_be_one(const onn_planner *p, uint32_t a, uint32_t b)
{
	tally t;
	t.ninputs = t.nimmediates = t.ninstrs = t.noutputs = 0;
	return count_unit(p, &t, a, a, b) && count_unit(p, &t, b, a, b);
}

/* ---- merging ---- */

static bool absorb(onn_planner *p, uint32_t into, uint32_t other)
{
	onn_unit *u = &p->unit[into], *v = &p->unit[other];
	size_t n = u->nmembers + v->nmembers;
	if (!onn_grow(&u->member, &u->member_capacity, n, sizeof *u->member))
		return false;
	/* both lists ascend: merge them from the back */
	for (size_t i = u->nmembers, k = v->nmembers; k > 0;)
		if (i > 0 && u->member[i - 1] > v->member[k - 1]) {
			u->member[i + k - 1] = u->member[i - 1];
			i--;
		} else {
			u->member[i + k - 1] = v->member[k - 1];
			k--;
		}
	u->nmembers = n;
	for (size_t i = 0; i < v->npreds; i++)
		if (!onn_unit_add_pred(p, into, v->pred[i]))
			return false;
	v->into = into;
	return true;
}

static bool try_merge(onn_planner *p, uint32_t a, uint32_t b, bool *merged)
{
	bool behind = p->unit[a].rank > p->unit[b].rank;
	uint32_t late = behind ? a : b, early = behind ? b : a;
	*merged = false;
	if (a == b || onn_unit_is_early(p, &p->unit[a]) != onn_unit_is_early(p, &p->unit[b]) ||
	    !can_be_one(p, a, b) || onn_rank_search(p, late, early, true))
		return true;
	*merged = true;
	onn_rank_move(p, early);
	onn_rank_merge(p, a, b);
	return absorb(p, a, b);
}

/* The units that have to run before the one of a node. */
static bool add_preds(onn_planner *p, uint32_t id, uint32_t unit)
{
	const onn_node_data *n = onn_node_get(p->g, id);
	const onn_fact *f = &p->fact[id];
	if (f->copied) {
		uint32_t pred = f->source.uniform ? 0 : p->fact[f->source.base].unit;
		return pred == 0 || onn_unit_add_pred(p, unit, pred);
	}
	for (uint32_t i = 0; i < n->ninputs; i++) {
		const onn_ref *ref = &p->fact[onn_plan_resolve(p, onn_node_inputs(n)[i])].ref;
		uint32_t pred = ref->uniform ? 0 : p->fact[ref->base].unit;
		if (pred && pred != unit && !onn_unit_add_pred(p, unit, pred))
			return false;
	}
	return true;
}

/* A new pointwise node joins the units of its operands that it can. */
static bool join(onn_planner *p, uint32_t id)
{
	const onn_node_data *n = onn_node_get(p->g, id);
	for (uint32_t i = 0; i < n->ninputs; i++) {
		uint32_t in = onn_plan_resolve(p, onn_node_inputs(n)[i]);
		const onn_node_data *x = onn_node_get(p->g, in);
		const onn_fact *f = &p->fact[in];
		bool merged;
		if (!f->owns || f->copied || !f->unit || !onn_op_is_pointwise(x->op) ||
		    !onn_shape_equal(n->ndim, n->shape, x->ndim, x->shape))
			continue;
		uint32_t mine = onn_unit_find(p, p->fact[id].unit),
		         other = onn_unit_find(p, f->unit);
		if (!try_merge(p, other, mine, &merged))
			return false;
	}
	return true;
}

/* Searches come by few units; where a graph is such that they come by many, units stay apart from
 * some moment on, lest the time grows with the square of its size. */
enum { SEARCHES = 1000 };

onn_status onn_plan_units(onn_planner *p)
{
	p->searches = SEARCHES * (size_t)p->g->nnodes;
	for (uint32_t id = 1; id < p->g->nnodes; id++) {
		const onn_node_data *n = onn_node_get(p->g, id);
		onn_fact *f = &p->fact[id];
		onn_role role = onn_op_role(n->op);
		if (!f->live || !f->owns || role == ONN_ROLE_VALUE || role == ONN_ROLE_ASSIGN)
			continue;
		bool pointwise = !f->copied && onn_op_is_pointwise(n->op);
		onn_unit_kind kind = f->copied   ? ONN_UNIT_COPY
		                     : pointwise ? ONN_UNIT_POINTWISE
		                                 : ONN_UNIT_NODE;
		f->unit = onn_unit_new(p, kind, id);
		if (!f->unit || !add_preds(p, id, f->unit) ||
		    (pointwise && p->fuse && !join(p, id)))
			return onn_error_memory("onn_plan_create", p->nunits * sizeof *p->unit);
	}
	return ONN_OK;
}
