/*
 * A step that a group of ranks takes: each brings the gradients of its samples, their sums are the
 * batch's, and each moves its own weights by them, all alike.
 */
#ifndef ONN_SRC_TRAIN_PARTS_H
#define ONN_SRC_TRAIN_PARTS_H

#include <onn/group.h>
#include <onn/plan.h>

#include "nn/model.h"
#include "train/update.h"

/* The samples of a batch that are a rank's; count may be 0. */
typedef struct onn_share {
	size_t first, count;
} onn_share;

onn_share onn_share_of(const onn_group *group, size_t batch);

typedef struct onn_parts onn_parts;

/* group: lent. */
onn_status onn_parts_create(
    onn_parts **parts, const onn_model *model, const onn_group *group, onn_device *device);
void onn_parts_destroy(onn_parts *parts);

/* Outputs of a rank's own graph: its share of the batch's loss and gradients, out receives at most
 * ONN_MODEL_MAX_WEIGHTS + 1 assignments. share: its samples over the batch's. */
onn_status onn_parts_build(onn_node *out, size_t *count, onn_graph *g, const onn_model *model,
    onn_node loss, const onn_node *weight, double share);
/* In the graph of the update: the loss of the batch, and the weights with their gradients. */
onn_node onn_parts_take(onn_learnt *learnt, onn_node *weight, onn_graph *g, const onn_model *model);
onn_status onn_parts_bind(const onn_parts *parts, onn_plan *plan);

/*
 * Adds up loss and gradients over the ranks. own: what came of this rank's part; where it failed,
 * all fail, this one with its own text. empty: it had no samples. *stop: whether this rank wants to
 * stop, then whether any does.
 */
onn_status onn_parts_sum(onn_parts *parts, onn_status own, bool empty, bool *stop);
/* Whether the last sum failed elsewhere: what this rank has is as it was before the step. */
bool onn_parts_lost(const onn_parts *parts);

#endif
