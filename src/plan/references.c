/*
 * Which nodes live, and where each node's elements are found: reshape, broadcast, permute and slice
 * become strides over another node's value, and are copied only where a consumer can't read them
 * so.
 */
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "plan/planner.h"

void onn_dense_strides(ptrdiff_t *stride, size_t ndim, const size_t *shape)
{
	ptrdiff_t step = 1;
	for (size_t i = ndim; i-- > 0;) {
		stride[i] = step;
		step *= (ptrdiff_t)shape[i];
	}
}

bool onn_ref_is_dense(const onn_ref *ref, size_t ndim, const size_t *shape)
{
	ptrdiff_t step = 1;
	if (ref->uniform || ref->offset != 0)
		return false;
	for (size_t i = ndim; i-- > 0;) {
		if (shape[i] != 1 && ref->stride[i] != step)
			return false;
		step *= (ptrdiff_t)shape[i];
	}
	return true;
}

static bool is_alias(onn_op op) { return onn_op_role(op) == ONN_ROLE_ALIAS; }

uint32_t onn_plan_resolve(const onn_planner *p, uint32_t id)
{
	const onn_node_data *n = onn_node_get(p->g, id);
	while (is_alias(n->op)) {
		id = n->inline_input[0];
		n = onn_node_get(p->g, id);
	}
	return id;
}

/* Nodes that live, and those of part 0. */
static void mark_live(onn_planner *p)
{
	for (size_t i = 0; i < p->noutputs; i++) {
		p->fact[p->output[i].id].live = true;
		p->fact[p->output[i].id].early |= i < p->early;
	}
	for (uint32_t id = (uint32_t)p->g->nnodes; id-- > 1;) {
		const onn_node_data *n = onn_node_get(p->g, id);
		if (!p->fact[id].live)
			continue;
		/* only the value counts here: straight_through's derivative is not followed */
		uint32_t ninputs = is_alias(n->op) ? 1 : n->ninputs;
		for (uint32_t i = 0; i < ninputs; i++) {
			p->fact[onn_node_inputs(n)[i]].live = true;
			p->fact[onn_node_inputs(n)[i]].early |= p->fact[id].early;
		}
	}
}

/*
 * Strides of x over a new shape. Axes of x that lie dense in each other are one axis, which a run
 * of new axes of as many elements can split; false where the new shape cuts across.
 */
static bool reshape_strides(
    const onn_node_data *x, const ptrdiff_t *old, const onn_node_data *y, ptrdiff_t *stride)
{
	size_t size[ONN_MAX_DIMS];
	ptrdiff_t step[ONN_MAX_DIMS];
	size_t n = 0, at = 0;
	for (uint32_t i = 0; i < x->ndim; i++) {
		if (x->shape[i] == 1)
			continue;
		if (n && step[n - 1] == old[i] * (ptrdiff_t)x->shape[i]) {
			size[n - 1] *= x->shape[i];
			step[n - 1] = old[i];
		} else {
			size[n] = x->shape[i];
			step[n++] = old[i];
		}
	}
	for (uint32_t i = 0; i < y->ndim;) {
		if (y->shape[i] == 1) {
			stride[i++] = 0;
			continue;
		}
		uint32_t first = i;
		size_t product = 1;
		while (i < y->ndim && at < n && product < size[at])
			product *= y->shape[i++];
		if (at >= n || product != size[at])
			return false;
		ptrdiff_t s = step[at++];
		for (uint32_t k = i; k-- > first;) {
			stride[k] = y->shape[k] == 1 ? 0 : s;
			s *= (ptrdiff_t)y->shape[k];
		}
	}
	return true;
}

static void refer_to_itself(onn_planner *p, uint32_t id)
{
	const onn_node_data *n = onn_node_get(p->g, id);
	onn_fact *f = &p->fact[id];
	memset(&f->ref, 0, sizeof f->ref);
	f->owns = true;
	f->ref.base = id;
	onn_dense_strides(f->ref.stride, n->ndim, n->shape);
}

static void make_dense(onn_planner *p, uint32_t id)
{
	onn_fact *f = &p->fact[id];
	if (f->owns)
		return;
	f->source = f->ref;
	f->source_shape = id;
	f->copied = true;
	refer_to_itself(p, id);
}

/*
 * A view's strides over what its input x looks at; `to` comes as a copy of x's reference, its
 * strides 0. False where the elements lie in no strides: then y is a copy.
 */
typedef bool (*view_of)(
    onn_ref *to, const onn_ref *from, const onn_node_data *x, const onn_node_data *y);

static bool view_broadcast(
    onn_ref *to, const onn_ref *from, const onn_node_data *x, const onn_node_data *y)
{
	for (uint32_t i = 0; i < x->ndim; i++)
		to->stride[y->ndim - x->ndim + i] = x->shape[i] == 1 ? 0 : from->stride[i];
	return true;
}

static bool view_permute(
    onn_ref *to, const onn_ref *from, const onn_node_data *x, const onn_node_data *y)
{
	for (uint32_t i = 0; i < x->ndim; i++)
		to->stride[i] = from->stride[y->attr->permute.from[i]];
	return true;
}

static bool view_slice(
    onn_ref *to, const onn_ref *from, const onn_node_data *x, const onn_node_data *y)
{
	for (uint32_t i = 0; i < x->ndim; i++) {
		to->offset += y->attr->slice.start[i] * from->stride[i];
		to->stride[i] = y->attr->slice.step[i] * from->stride[i];
	}
	return true;
}

static bool view_reshape(
    onn_ref *to, const onn_ref *from, const onn_node_data *x, const onn_node_data *y)
{
	return onn_data_count(y) == 0 || reshape_strides(x, from->stride, y, to->stride);
}

static const view_of view[ONN_OP_COUNT] = {
#define ONN_VIEW(id, text, ...) [ONN_OP_##id] = view_##text,
#include "ops/ops.def"
};

static void look_through(onn_planner *p, uint32_t id)
{
	const onn_node_data *y = onn_node_get(p->g, id);
	uint32_t in = y->inline_input[0];
	onn_ref from = p->fact[in].ref;
	onn_fact *f = &p->fact[id];
	f->ref = from;
	if (from.uniform)
		return;
	memset(f->ref.stride, 0, sizeof f->ref.stride);
	if (view[y->op](&f->ref, &from, onn_node_get(p->g, in), y))
		return;
	/* a copy of x in its own order is what y reads */
	f->source = from;
	f->source_shape = in;
	f->copied = true;
	refer_to_itself(p, id);
}

/* Whether rows of x can be gathered as they lie: each row dense, at any distance. */
static bool has_dense_rows(const onn_ref *ref, const onn_node_data *x)
{
	onn_ref row = *ref;
	row.offset = 0;
	memmove(row.stride, ref->stride + 1, (ONN_MAX_DIMS - 1) * sizeof *row.stride);
	return onn_ref_is_dense(&row, x->ndim - 1, x->shape + 1);
}

bool onn_ref_matrix(onn_matrix *m, const onn_ref *ref, const onn_node_data *n, int op)
{
	if (ref->uniform)
		return false;
	size_t rows = n->shape[n->ndim - 2], cols = n->shape[n->ndim - 1];
	ptrdiff_t row = ref->stride[n->ndim - 2], col = ref->stride[n->ndim - 1];
	/* an axis of one element has no stride worth a copy */
	if ((col == 1 || cols == 1) && (rows == 1 || row >= (ptrdiff_t)cols)) {
		m->ld = rows == 1 ? (cols ? cols : 1) : (size_t)row;
		m->op = op;
	} else if ((row == 1 || rows == 1) && (cols == 1 || col >= (ptrdiff_t)rows)) {
		m->ld = cols == 1 ? (rows ? rows : 1) : (size_t)col;
		m->op = op ^ ONN_T;
	} else {
		return false;
	}
	m->offset = ref->offset;
	memset(m->batch_stride, 0, sizeof m->batch_stride);
	memcpy(m->batch_stride, ref->stride, (n->ndim - 2) * sizeof *ref->stride);
	return true;
}

/* Whether the last two axes lie dense, at any distance from field to field. */
static bool has_dense_fields(const onn_ref *ref, const onn_node_data *x)
{
	onn_ref field = *ref;
	field.offset = 0;
	memmove(field.stride, ref->stride + x->ndim - 2, 2 * sizeof *field.stride);
	return onn_ref_is_dense(&field, 2, x->shape + x->ndim - 2);
}

/* Whether an operation that reads so can read its operand i, which is x, where it lies. */
static bool can_read(onn_reads how, uint32_t i, const onn_ref *ref, const onn_node_data *x)
{
	onn_matrix unused;
	switch (how) {
	case ONN_READS_VIEWS:
		return true;
	case ONN_READS_MATRICES:
		return onn_ref_matrix(&unused, ref, x, ONN_N);
	case ONN_READS_SPECTRUM:
		return i == 0 || (!ref->uniform && has_dense_fields(ref, x));
	case ONN_READS_ROWS:
		if (i == 0)
			return !ref->uniform && has_dense_rows(ref, x);
		break;
	case ONN_READS_DENSE:
		break;
	}
	return onn_ref_is_dense(ref, x->ndim, x->shape);
}

/* Views that an operation can't read are made dense. */
static void demand(onn_planner *p, uint32_t id)
{
	const onn_node_data *n = onn_node_get(p->g, id);
	for (uint32_t i = 0; i < n->ninputs; i++) {
		uint32_t in = onn_plan_resolve(p, onn_node_inputs(n)[i]);
		const onn_node_data *x = onn_node_get(p->g, in);
		if (!can_read(onn_op_reads(n->op), i, &p->fact[in].ref, x))
			make_dense(p, in);
	}
}

/* Who reads whom, aliases seen through. */
static bool list_readers(onn_planner *p)
{
	size_t nodes = p->g->nnodes, total = 0;
	p->first_reader = calloc(nodes + 2, sizeof *p->first_reader);
	if (!p->first_reader)
		return false;
	for (int pass = 0; pass < 2; pass++) {
		for (uint32_t id = (uint32_t)nodes; id-- > 1;) {
			const onn_node_data *n = onn_node_get(p->g, id);
			for (uint32_t i = 0; p->fact[id].live && !is_alias(n->op) && i < n->ninputs;
			     i++) {
				uint32_t in = onn_plan_resolve(p, onn_node_inputs(n)[i]);
				if (pass == 0) {
					p->first_reader[in + 1]++;
					p->fact[in].uses++;
					total++;
				} else {
					p->reader[--p->first_reader[in + 1]] = id;
				}
			}
		}
		if (pass == 0) {
			for (size_t i = 1; i < nodes + 2; i++)
				p->first_reader[i] += p->first_reader[i - 1];
			p->reader = calloc(total + 1, sizeof *p->reader);
			if (!p->reader)
				return false;
		}
	}
	/* filled from the back, node i's readers begin at first_reader[i + 1] */
	memmove(p->first_reader, p->first_reader + 1, (nodes + 1) * sizeof *p->first_reader);
	for (size_t i = 0; i < p->noutputs; i++) {
		onn_fact *f = &p->fact[onn_plan_resolve(p, p->output[i].id)];
		f->uses++;
		f->result = true;
	}
	return true;
}

onn_status onn_plan_references(onn_planner *p)
{
	mark_live(p);
	for (uint32_t id = 1; id < p->g->nnodes; id++) {
		const onn_node_data *n = onn_node_get(p->g, id);
		onn_fact *f = &p->fact[id];
		if (!f->live)
			continue;
		switch (onn_op_role(n->op)) {
		case ONN_ROLE_ALIAS:
			f->ref = p->fact[n->inline_input[0]].ref;
			break;
		case ONN_ROLE_NUMBER:
			f->ref = (onn_ref){
			    .uniform = true, .re = n->attr->number.re, .im = n->attr->number.im};
			break;
		case ONN_ROLE_VIEW:
			look_through(p, id);
			break;
		default:
			refer_to_itself(p, id);
			break;
		}
		demand(p, id);
	}
	return list_readers(p) ? ONN_OK : onn_error_memory("onn_plan_create", p->g->nnodes);
}
