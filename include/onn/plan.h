/**
 * @file
 * Plans: graphs turned into a fixed list of steps and memory for one device.
 *
 * While a plan runs, nothing is allocated, no shape is checked and nothing is compiled. The graph
 * may be destroyed once the plan stands.
 *
 *     onn_plan_create(&plan, device, g, outputs, count, NULL);
 *     onn_plan_bind(plan, "w", w);           for each variable
 *     onn_plan_run(plan);                    as often as wanted
 *     onn_tensor_read(&loss, onn_plan_output(plan, 0), sizeof loss);
 */
#ifndef ONN_PLAN_H
#define ONN_PLAN_H

#include <onn/device.h>
#include <onn/graph.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A list of steps, their memory, and the tensors bound to their variables. */
typedef struct onn_plan onn_plan;

/** How to make a plan. */
typedef struct onn_plan_options {
	size_t size;    /**< sizeof(onn_plan_options) */
	bool no_fusion; /**< a step for each operation: slower, for finding errors */
	size_t early;   /**< so many of the outputs, the first ones, are part 0 of a run; 0: all */
} onn_plan_options;

/** Fused. */
#define ONN_PLAN_OPTIONS_INIT                                                                      \
	{                                                                                          \
		sizeof(onn_plan_options), false, 0                                                 \
	}

/**
 * Makes a plan that computes some nodes.
 *
 * @param plan     receives the plan; the caller destroys it, before the device
 * @param device   runs it
 * @param g        the nodes' graph, only read
 * @param outputs  count nodes; those of onn_assign store into their variables
 * @param count    how many; at least 1
 * @param options  NULL for the defaults
 * @return the graph's error where one stands; ONN_ERROR_ARGUMENT (no nodes, a node of no graph,
 *         more early outputs than there are, an assign in a plan of two parts),
 *         ONN_ERROR_UNSUPPORTED (a type or operation that the device lacks), ONN_ERROR_MEMORY,
 *         ONN_ERROR_DEVICE (a kernel that does not build, with the log)
 */
ONN_API onn_status onn_plan_create(onn_plan **plan, onn_device *device, const onn_graph *g,
    const onn_node *outputs, size_t count, const onn_plan_options *options);
/** Frees a plan; the tensors bound to it stay. NULL is fine. */
ONN_API void onn_plan_destroy(onn_plan *plan);

/**
 * Binds a tensor to a variable; it must have the variable's type and shape and live on the plan's
 * device, and outlive the plan or the next binding of that name. Plans may share tensors. A name
 * that the plan does not read or assign is accepted and ignored where the graph had such a
 * variable, else ONN_ERROR_ARGUMENT.
 */
ONN_API onn_status onn_plan_bind(onn_plan *plan, const char *name, onn_tensor *tensor);

/**
 * Runs the steps. On a GPU it may return before they are done; reading a tensor waits.
 *
 * @return ONN_ERROR_ARGUMENT (an unbound variable, by name), ONN_ERROR_DEVICE
 */
ONN_API onn_status onn_plan_run(onn_plan *plan);
/**
 * Runs a part of the steps: 0 gives the outputs before options.early, 1 the others, from what part
 * 0 has left in memory. What only these need may change in between, such as a gradient that flows
 * into the early outputs. Part 1 comes once behind a part 0: it writes over what that has left.
 *
 * @return ONN_ERROR_ARGUMENT (a part that is neither 0 nor 1, an unbound variable, which the other
 *         part may be the one to read), ONN_ERROR_DEVICE
 */
ONN_API onn_status onn_plan_run_part(onn_plan *plan, int part);
/** Waits until all runs so far are done. ONN_ERROR_DEVICE. */
ONN_API onn_status onn_plan_wait(onn_plan *plan);

/** Lent: output i as a tensor, overwritten by each run; NULL for an assign or a wrong i. An output
 * that is itself a variable is copied. */
ONN_API const onn_tensor *onn_plan_output(const onn_plan *plan, size_t i);

/** Bytes of the plan's own memory: temporaries (their peak), constants and outputs. */
ONN_API size_t onn_plan_bytes(const onn_plan *plan);
/** Steps that a run takes. */
ONN_API size_t onn_plan_steps(const onn_plan *plan);
/** Floating-point operations of a run, estimated. */
ONN_API double onn_plan_flops(const onn_plan *plan);
/** Bytes that the steps of a run read and write, estimated. */
ONN_API double onn_plan_traffic(const onn_plan *plan);
/** What one step of a run is for the device, estimated. */
typedef struct onn_step_work {
	size_t
	    launches; /**< commands that the device's queue gets for it; 0 where the device has no
	                    queue, and where the step is done in another's command */
	double bytes; /**< read and written by these; without a queue, by the step */
	double flops; /**< floating-point operations */
} onn_step_work;
/**
 * What a step is for the device, as it was prepared there.
 *
 * @param work  receives it
 * @param plan  any plan; it need not have run
 * @param step  from 0, below onn_plan_steps
 * @return ONN_ERROR_ARGUMENT (no such step)
 */
ONN_API onn_status onn_plan_step_work(onn_step_work *work, const onn_plan *plan, size_t step);
/** The steps with their shapes, bytes and FLOPs, and how the device does each, for a person to
 * read; free it with onn_free. NULL: no memory. */
ONN_API char *onn_plan_describe(const onn_plan *plan);
/**
 * Time of each step over all runs so far, on a device opened with profile: a table, slowest first;
 * free it with onn_free. NULL with an error text where the device keeps no profile.
 */
ONN_API char *onn_plan_profile(const onn_plan *plan);

#ifdef __cplusplus
}
#endif

#endif
