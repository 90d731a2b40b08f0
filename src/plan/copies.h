/*
 * Plans whose steps are done several times in a run, each time for other variables and with seeds
 * of random numbers that are one larger each time: small networks that differ in their seeds alone
 * fill a device together, and a run has as many launches as one of them would.
 */
#ifndef ONN_SRC_PLAN_COPIES_H
#define ONN_SRC_PLAN_COPIES_H

#include <onn/plan.h>

typedef struct onn_plan_copies {
	size_t count;
	const char *const *shared; /* names of variables that all read; NULL ends them */
} onn_plan_copies;

/*
 * What copy i comes to is what a plan of its own would, to the bit where a library does none of its
 * steps. Variables are bound by the first of their tensors, onn_copies_create. A count of 1 is
 * onn_plan_create's plan.
 *
 * outputs: assignments. ONN_ERROR_UNSUPPORTED: the device does not take such plans, or not this
 * one; and what onn_plan_create returns.
 */
onn_status onn_plan_create_copies(onn_plan **plan, onn_device *device, const onn_graph *g,
    const onn_node *outputs, size_t count, const onn_plan_copies *copies);
/* Whether a run of several is faster on the device than as many runs. */
bool onn_device_gains_by_copies(const onn_device *device);

/* A tensor for each of so many copies, zeros, in one piece of memory. onn_copies_destroy frees them
 * all, also what is there after an error; NULL is fine. */
onn_status onn_copies_create(onn_tensor ***t, size_t copies, onn_device *device, onn_type type,
    size_t ndim, const size_t *shape);
void onn_copies_destroy(onn_tensor **t, size_t copies);

#endif
