/*
 * What the two files that make steps share.
 */
#ifndef ONN_SRC_PLAN_EMIT_H
#define ONN_SRC_PLAN_EMIT_H

#include "plan/program.h"

/* A value as it lies, over its own shape. */
onn_view onn_dense_view(uint32_t value, size_t ndim, const size_t *shape);
/* Copies what a reference looks at into a view over the same shape; false without memory. */
bool onn_emit_copy(onn_planner *p, const onn_ref *from, onn_type type, size_t ndim,
    const size_t *shape, const onn_view *to);
/* The steps of a node of a role that is one: see emit_node.c. False without memory. */
bool onn_emit_node(onn_planner *p, uint32_t id);

#endif
