/*
 * Attributes of nodes, from attr.def: one structure a group, of which a node has at most one.
 */
#ifndef ONN_SRC_GRAPH_ATTR_H
#define ONN_SRC_GRAPH_ATTR_H

#include <onn/graph.h>

#include "core/text.h"

typedef enum onn_attr_group {
	ONN_ATTR_NONE,
#define ONN_ATTR_BEGIN(id, group) ONN_ATTR_##id,
#include "graph/attr.def"
	ONN_ATTR_COUNT
} onn_attr_group;

/* clang-format off */
typedef union onn_attr {
#define ONN_ATTR_BEGIN(id, group)                     struct {
#define ONN_ATTR(group, type, field, length, shown)           type field length;
#define ONN_ATTR_END(id, group)                       } group;
#include "graph/attr.def"
} onn_attr;
/* clang-format on */

/* Whether two of a group have equal fields, byte for byte; pointers are not followed. */
bool onn_attr_equal(onn_attr_group group, const onn_attr *a, const onn_attr *b);
/* Goes on with a hash h by the fields that onn_attr_equal compares. */
uint64_t onn_attr_hash(uint64_t h, onn_attr_group group, const onn_attr *a);
/* Appends the fields that are shown, each after a space; of a node with ndim axes. */
void onn_attr_describe(onn_text *text, onn_attr_group group, const onn_attr *a, size_t ndim);

/* Goes on with a hash by some bytes; it begins with ONN_HASH_START. */
#define ONN_HASH_START UINT64_C(0xcbf29ce484222325)
uint64_t onn_hash(uint64_t h, const void *data, size_t bytes);

#endif
