/*
 * A plan's inside.
 */
#ifndef ONN_SRC_PLAN_PLAN_H
#define ONN_SRC_PLAN_PLAN_H

#include <onn/plan.h>

#include "backend/backend.h"
#include "plan/check.h"
#include "backend/schedule.h"

typedef struct onn_plan_variable {
	char *name;
	onn_type type;
	size_t ndim, shape[ONN_MAX_DIMS];
	uint32_t memory; /* 0 where the plan neither reads nor assigns it */
} onn_plan_variable;

struct onn_plan {
	onn_device *device;
	onn_schedule schedule;
	onn_executable *executable;
	onn_check *check;    /* NULL where the device was opened without */
	onn_buffer **buffer; /* one for each of the schedule's memories; NULL: not bound yet */
	onn_buffer **own;    /* those that the plan made: arena and constants */
	onn_tensor **output;
	size_t noutputs;
	onn_plan_variable *variable;
	size_t nvariables;
	size_t bytes;
};

/* A plan as onn_plan_create makes it, by a device's own kernels, which are not asked before. */
onn_status onn_plan_create_own(
    onn_plan **plan, onn_device *device, const onn_graph *g, const onn_node *outputs, size_t count);
/* Whether the device answers rightly what is known, in each precision that the schedule has:
 * answers.c. */
onn_status onn_plan_trust(onn_device *device, const onn_schedule *s);

#endif
