/*
 * The gradient as a graph transform: from y backwards, each node's rule turns the gradient that
 * flows into it into those of its inputs. What a rule builds has rules too, so gradients of
 * gradients need nothing more.
 */
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/memory.h"
#include "graph/rule.h"

typedef struct pass {
	onn_graph *g;
	uint32_t last;  /* y's number: nodes made from here on are not walked */
	bool *needed;   /* lies between some wrt and y */
	onn_node *grad; /* what has flowed into each node so far */
} pass;

/* Marks the nodes that y depends on and that depend on a wrt; the others get no gradient. */
static bool mark(pass *p, const onn_node *wrt, size_t count)
{
	const onn_graph *g = p->g;
	bool *below = calloc(p->last + 1, sizeof *below);
	if (!below)
		return false;
	below[p->last] = true;
	for (uint32_t id = p->last; id > 0; id--) {
		const onn_node_data *n = onn_node_get(g, id);
		for (uint32_t i = 0; below[id] && i < n->ninputs; i++)
			below[onn_node_inputs(n)[i]] = true;
	}
	for (size_t i = 0; i < count; i++)
		if (wrt[i].id <= p->last)
			p->needed[wrt[i].id] = below[wrt[i].id];
	for (uint32_t id = 1; id <= p->last; id++) {
		const onn_node_data *n = onn_node_get(g, id);
		for (uint32_t i = 0; below[id] && i < n->ninputs; i++)
			p->needed[id] = p->needed[id] || p->needed[onn_node_inputs(n)[i]];
	}
	free(below);
	return true;
}

/* A contribution in the input's own type: a real input of a complex operation takes the real part.
 */
static onn_node fit(onn_graph *g, onn_node contribution, uint32_t input)
{
	onn_type type = onn_node_get(g, input)->type;
	if (onn_type_is_complex(onn_node_type(g, contribution)) && !onn_type_is_complex(type))
		contribution = onn_real(g, contribution);
	contribution = onn_cast(g, contribution, type);
	const onn_node_data *x = onn_node_get(g, input);
	const onn_node_data *c = onn_node_get(g, contribution.id);
	if (g->status == ONN_OK && !onn_shape_equal(x->ndim, x->shape, c->ndim, c->shape)) {
		char a[96], b[96];
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_gradient: a gradient of shape %s flows into %s of shape %s; a custom rule "
		    "must give equal shapes",
		    onn_shape_text(a, sizeof a, c->ndim, c->shape), onn_rule_of(x->op)->name,
		    onn_shape_text(b, sizeof b, x->ndim, x->shape));
	}
	return contribution;
}

static void walk_node(pass *p, uint32_t id, onn_node *in, onn_node *out)
{
	onn_graph *g = p->g;
	const onn_node_data *n = onn_node_get(g, id);
	uint32_t ninputs = n->ninputs;
	for (uint32_t i = 0; i < ninputs; i++) {
		in[i].id = onn_node_inputs(n)[i];
		out[i] = ONN_NULL_NODE;
	}
	onn_backward b = {in, ninputs, {id}, p->grad[id], n->attr};
	onn_rule_of(n->op)->gradient(out, g, &b);
	for (uint32_t i = 0; i < ninputs && g->status == ONN_OK; i++) {
		if (!p->needed[in[i].id] || out[i].id == 0)
			continue;
		onn_node part = fit(g, out[i], in[i].id);
		onn_node *sum = &p->grad[in[i].id];
		*sum = sum->id ? onn_add(g, *sum, part) : part;
	}
}

static void walk(pass *p)
{
	onn_graph *g = p->g;
	uint32_t most = 1;
	for (uint32_t id = 1; id <= p->last; id++)
		if (onn_node_get(g, id)->ninputs > most)
			most = onn_node_get(g, id)->ninputs;
	onn_node *in = calloc(2 * (size_t)most, sizeof *in);
	if (!in) {
		onn_fail(g, ONN_ERROR_MEMORY, "onn_gradient: no memory for %u inputs", most);
		return;
	}
	for (uint32_t id = p->last; id > 0 && g->status == ONN_OK; id--) {
		const onn_node_data *n = onn_node_get(g, id);
		bool inner = false; /* whether anything needed lies below */
		for (uint32_t i = 0; i < n->ninputs; i++)
			inner = inner || p->needed[onn_node_inputs(n)[i]];
		if (inner && p->needed[id] && p->grad[id].id)
			walk_node(p, id, in, in + most);
	}
	free(in);
}

/* The gradient that flows into y; the null node with the error recorded where it can't be. */
static onn_node start(onn_graph *g, onn_node y, onn_node seed)
{
	if (!onn_graph_ok(g, "onn_gradient", y))
		return ONN_NULL_NODE;
	onn_node_data n = *onn_node_get(g, y.id);
	char text[96];
	if (seed.id == 0) {
		if (n.ndim == 0 && onn_type_is_float(n.type) && !onn_type_is_complex(n.type))
			return onn_scalar(g, n.type, 1);
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_gradient: y is %s %s and no seed is given; expected a real 0-d y",
		    onn_shape_text(text, sizeof text, n.ndim, n.shape), onn_type_name(n.type));
	}
	if (!onn_graph_ok(g, "onn_gradient", seed))
		return ONN_NULL_NODE;
	const onn_node_data *s = onn_node_get(g, seed.id);
	if (s->type != n.type || !onn_type_is_float(n.type) ||
	    !onn_shape_equal(s->ndim, s->shape, n.ndim, n.shape))
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_gradient: the seed is %s %s; expected y's shape and type, which is a "
		    "float type",
		    onn_shape_text(text, sizeof text, s->ndim, s->shape), onn_type_name(s->type));
	return seed;
}

static bool check_wrt(onn_graph *g, const onn_node *wrt, size_t count)
{
	double re, im;
	for (size_t i = 0; i < count; i++) {
		if (!onn_graph_ok(g, "onn_gradient", wrt[i]))
			return false;
		onn_type type = onn_node_type(g, wrt[i]);
		if (!onn_type_is_float(type)) {
			onn_fail(g, ONN_ERROR_ARGUMENT,
			    "onn_gradient: wrt[%zu] is %s; expected f32, f64, c64 or c128", i,
			    onn_type_name(type));
			return false;
		}
		/* numbers are folded into what is computed from them: nothing of the way is left */
		if (onn_node_uniform(&re, &im, g, wrt[i])) {
			onn_fail(g, ONN_ERROR_ARGUMENT,
			    "onn_gradient: wrt[%zu] is a fixed number; expected a variable", i);
			return false;
		}
	}
	return true;
}

onn_status onn_gradient(
    onn_node *grad, onn_graph *g, onn_node y, onn_node seed, const onn_node *wrt, size_t count)
{
	for (size_t i = 0; i < count; i++)
		grad[i] = ONN_NULL_NODE;
	onn_node first = start(g, y, seed);
	if (!first.id || !check_wrt(g, wrt, count))
		return onn_error(g->status, "%s", g->error);
	pass p = {g, y.id, calloc(y.id + 1, sizeof *p.needed), calloc(y.id + 1, sizeof *p.grad)};
	if (p.needed && p.grad && mark(&p, wrt, count)) {
		p.grad[y.id] = first;
		walk(&p);
		for (size_t i = 0; i < count && g->status == ONN_OK; i++) {
			onn_node_data x = *onn_node_get(g, wrt[i].id);
			bool reached =
			    wrt[i].id <= p.last && p.grad[wrt[i].id].id && p.needed[wrt[i].id];
			grad[i] =
			    reached ? p.grad[wrt[i].id] : onn_full(g, x.type, x.ndim, x.shape, 0);
		}
	} else {
		onn_fail(g, ONN_ERROR_MEMORY, "onn_gradient: no memory for %u nodes", y.id);
	}
	free(p.needed);
	free(p.grad);
	return g->status == ONN_OK ? ONN_OK : onn_error(g->status, "%s", g->error);
}
