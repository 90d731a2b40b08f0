/*
 * Sizes from which on the OpenCL back end takes another kernel or another cut, each with its unit
 * and reason. They depend on shapes and the device, never on time, so that sums repeat to the bit.
 */
#ifndef ONN_SRC_BACKEND_OPENCL_THRESHOLDS_H
#define ONN_SRC_BACKEND_OPENCL_THRESHOLDS_H

/* ---- the device ---- */

enum {
	/* work items of a group where a kernel has no wish of its own: what every GPU takes */
	ONN_CL_GROUP = 256,
	/* the largest number that 31 bits count: beyond it positions are long */
	ONN_CL_NARROW = 0x7fffffff
};

/* ---- work of several steps in one launch ---- */

enum {
	/* launches before it that work may join: a step of a network's is near what is like it */
	ONN_CL_MERGE_REACH = 48,
	/* pieces of memory that a kernel is given */
	ONN_CL_MERGE_MEMORIES = 64,
	/* groups that work has at most to be done by a single one: a launch costs some
	 * microseconds, a group's work about one */
	ONN_CL_CHAIN_GROUPS = 8,
	/* bytes that it moves at most */
	ONN_CL_CHAIN_BYTES = 128 << 10,
	/* and that all of a chain has */
	ONN_CL_CHAIN_ROUNDS = 128
};

/* ---- reductions ---- */

enum {
	/* elements that one work item sums by itself: a group would be idle in part */
	ONN_CL_SHORT_SUM = 32,
	/* results from which on there is an item for each, if items then read side by side */
	ONN_CL_MANY_RESULTS = 1024,
	/* elements from which on few sums are cut into parts for every unit, of a quarter as many
	 * at least, and parts for each unit: a unit that is done early takes another */
	ONN_CL_LONG_SUM = 8192,
	/* elements of a sum's level at least: fewer are no more exact, and more loops */
	ONN_CL_SUM_CHUNK = 16,
	ONN_CL_PARTS_A_UNIT = 4
};

/* ---- argmax ---- */

enum {
	/* elements of a row from which on a group looks through it */
	ONN_CL_LONG_ROW = 2048
};

/* ---- scatter_add ---- */

enum {
	/* updates up to which every work item goes through all indices: one launch, where sorting
	 * is five or more */
	ONN_CL_SCATTER_WALK = 512,
	/* and up to which where there are so many rows for each update at least: lists of all rows
	 * are then more work than the updates */
	ONN_CL_SCATTER_WALK_LONG = 4096,
	ONN_CL_SCATTER_ROWS = 64,
	/* bits of a digit by which they are sorted, and numbers that one group then adds up at
	 * most: as many values of a digit as parts of the list */
	ONN_CL_SCATTER_BITS = 6,
	ONN_CL_SCATTER_TABLE = 1 << 16,
	/* positions of a part at least */
	ONN_CL_SCATTER_PART = 16
};

/* ---- matrix products ---- */

enum {
	/* elements of c along each side that a work item computes: more read memory less often ...
	 * */
	ONN_CL_TILE_WORK = 4,
	/* ... fewer make enough groups for small products, so many for each unit at least */
	ONN_CL_TILE_WORK_FEW = 2,
	ONN_CL_GROUPS_A_UNIT = 2,
	/* parts that a sum is cut into at most where there are fewer groups than that, and terms of
	 * each at least */
	ONN_CL_PRODUCT_PARTS = 64,
	ONN_CL_PRODUCT_PART = 256,
	/* steps that one may be behind a product to be done in its kernel, and bytes of that
	 * kernel's other parameters */
	ONN_CL_EPILOGUE_STEPS = 16,
	ONN_CL_PRODUCT_PARAMETERS = 80,
	/* how deep a tile is, of elements of up to 8 bytes and of larger ones: local memory may be
	 * 32 KiB */
	ONN_CL_TILE_DEPTH = 16,
	ONN_CL_TILE_DEPTH_WIDE = 8,
	/* on a processor: elements along each side, and bytes that a tile is deep */
	ONN_CL_TILE_WORK_CPU = 16,
	ONN_CL_TILE_DEPTH_CPU = 256,
	/* and bytes of a vector of sums, of which it makes several where its own are smaller */
	ONN_CL_PRODUCT_VECTOR = 64
};

/* ---- images with kernels ---- */

enum {
	/* parts that the sum of kernels' gradients is cut into at most, and terms of each at least:
	 * there are few results, and their sums are over all images */
	ONN_CL_CONVOLVE_PARTS = 16,
	ONN_CL_CONVOLVE_PART = 256
};

/* ---- Fourier transforms ---- */

enum {
	/* a prime up to this is summed up directly; larger ones go by a chirp */
	ONN_CL_LARGEST_RADIX = 61,
	/* bytes of a workspace of several fields, where ONN_OPENCL_FFT_BYTES says no other: larger
	 * batches go through it in parts */
	ONN_CL_WORKSPACE = 256 << 20,
	/* bytes of local memory that several lines share, and a line that needs more has alone */
	ONN_CL_LINE_BYTES = 32 << 10,
	/* bytes of a line that a work item holds at most between two barriers, in registers */
	ONN_CL_LINE_HELD = 128,
	/* work items of a group at least, where lines are short */
	ONN_CL_LINE_ITEMS = 64,
	/* bytes of a row that memory is read by: columns side by side at least */
	ONN_CL_LINE_SECTOR = 32,
	/* lines in a vector of a processor at most */
	ONN_CL_LINE_LANES = 16,
	/* steps that a filter may be away from one that goes on from it */
	ONN_CL_JOINT_STEPS = 8,
	/* bytes of parameters of the programs that share a kernel: devices take 1024 in all */
	ONN_CL_JOINT_PARAMETERS = 800,
	/* points that a trial needs to tell a gain of 1e-7 */
	ONN_CL_TRIAL_POINTS = 64 * 64
};

/* ---- pulses ---- */

enum {
	/* work items of a group: each has much of its own, and no group shares anything */
	ONN_CL_PULSE_GROUP = 32,
	/* work items for each unit of the device: enough to hide what they wait for */
	ONN_CL_PULSE_ITEMS = 2048,
	/* bytes of a row's tape of all slots: a longer one is recomputed in segments */
	ONN_CL_PULSE_TAPE = 256 * 1024
};

#endif
