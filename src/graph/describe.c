/*
 * Graphs as text, and the invariants that every node keeps.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/text.h"
#include "graph/rule.h"

char *onn_graph_describe(const onn_graph *g, const onn_node *nodes, size_t count)
{
	onn_text t = ONN_TEXT_INIT;
	bool *live = calloc(g->nnodes, sizeof *live);
	if (!live)
		return NULL;
	for (size_t i = 0; i < count; i++)
		live[nodes[i].id < g->nnodes ? nodes[i].id : 0] = true;
	for (size_t id = g->nnodes; id-- > 1;) {
		const onn_node_data *n = &g->node[id];
		for (uint32_t i = 0; live[id] && i < n->ninputs; i++)
			live[onn_node_inputs(n)[i]] = true;
	}
	for (size_t id = 1; id < g->nnodes; id++) {
		const onn_node_data *n = &g->node[id];
		char shape[96];
		if (!live[id])
			continue;
		onn_text_add(&t, "%%%zu = %s", id, onn_rule_of(n->op)->name);
		for (uint32_t i = 0; i < n->ninputs; i++)
			onn_text_add(&t, " %%%u", onn_node_inputs(n)[i]);
		onn_attr_describe(&t, onn_rule_of(n->op)->attr, n->attr, n->ndim);
		onn_text_add(&t, " : %s %s\n",
		    onn_shape_text(shape, sizeof shape, n->ndim, n->shape), onn_type_name(n->type));
	}
	free(live);
	return onn_text_take(&t);
}

const char *onn_graph_verify(const onn_graph *g)
{
	static _Thread_local char message[160];
	for (size_t id = 1; id < g->nnodes; id++) {
		const onn_node_data *n = &g->node[id];
		int arity = onn_rule_of(n->op)->arity;
		onn_graph probe = {.node = g->node, .nnodes = g->nnodes};
		onn_node_data again = *n;
		memset(again.shape, 0, sizeof again.shape);
		const char *wrong = NULL;
		if (arity >= 0 && n->ninputs != (uint32_t)arity)
			wrong = "has a wrong number of inputs";
		for (uint32_t i = 0; !wrong && i < n->ninputs; i++)
			if (onn_node_inputs(n)[i] == 0 || onn_node_inputs(n)[i] >= id)
				wrong = "has an input that is not before it";
		if (!wrong && !onn_rule_of(n->op)->infer(&probe, &again))
			wrong = "does not pass its own shape rule";
		if (!wrong && (again.type != n->type ||
		                  !onn_shape_equal(again.ndim, again.shape, n->ndim, n->shape)))
			wrong = "has another type or shape than its rule says";
		if (wrong) {
			snprintf(message, sizeof message, "node %zu, %s, %s", id,
			    onn_rule_of(n->op)->name, wrong);
			return message;
		}
	}
	return NULL;
}
