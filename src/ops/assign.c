/*
 * State: a plan that has an assign among its outputs stores the value in the variable.
 */
#include <string.h>

#include "core/memory.h"
#include "ops/rules.h"

onn_node onn_assign(onn_graph *g, onn_node variable, onn_node value)
{
	if (!onn_graph_ok(g, "onn_assign", variable) || !onn_graph_ok(g, "onn_assign", value))
		return ONN_NULL_NODE;
	onn_node_data v = *onn_node_get(g, variable.id);
	if (v.op != ONN_OP_VARIABLE)
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "onn_assign: the target is %s; expected a variable", onn_op_name(v.op));
	value = onn_broadcast(g, onn_cast(g, value, v.type), v.ndim, v.shape);
	return onn_make(g, ONN_OP_ASSIGN, (onn_node[]){variable, value}, 2, NULL);
}

bool infer_assign(onn_graph *g, onn_node_data *n)
{
	const onn_node_data *v = onn_node_get(g, n->inline_input[0]);
	return onn_infer_as(n, v->type, v->ndim, v->shape);
}
