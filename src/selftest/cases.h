/*
 * The table of cases that devices are compared by: behind `onn selftest`, and tests/ops, which also
 * holds the gradients of the same cases against differences. Each row of ops.def has at least one
 * case.
 *
 * A device that compiles kernels is tried on each operation in each of its types, over dense
 * elements; on views (permuted, sliced, backwards, repeated) where elements are moved, added and
 * selected, and in sums, convolutions and transforms; and on each way that its kernels go: sums by
 * an item, a group and in parts, along rows and across; products with each operand in each form,
 * in batches and in parts; a convolution with groups, strides, padding and dilation, each part of
 * it; lines of each radix, of rows, a column and fields, there and back, and by a chirp; scattering
 * by a walk and by sorting; pulses of each model and way. What differs from these in its numbers
 * alone is tried where nothing is compiled.
 */
#ifndef ONN_SRC_SELFTEST_CASES_H
#define ONN_SRC_SELFTEST_CASES_H

#include <onn/graph.h>
#include <onn/plan.h>

#include "graph/graph.h"
#include "ops/op.h"

/* How much of a case is tried. */
typedef enum onn_case_extent {
	ONN_CASES_ALL,
	/* without shapes and views that differ from others in numbers alone: where each is a kernel
	 * to compile, they take most of the time */
	ONN_CASES_FEW,
	/* without what is too large to differentiate element by element */
	ONN_CASES_SMALL
} onn_case_extent;

enum { ONN_CASE_MAX_INPUTS = 40, ONN_CASE_MAX_OUTPUTS = 32 };

enum { /* bits of onn_case.types: 1 << onn_type */
	ONN_TYPES_R = 1 << ONN_F32 | 1 << ONN_F64,
	ONN_TYPES_C = 1 << ONN_C64 | 1 << ONN_C128,
	ONN_TYPES_I = 1 << ONN_I32 | 1 << ONN_U32,
	ONN_TYPES_RC = ONN_TYPES_R | ONN_TYPES_C,
	ONN_TYPES_RI = ONN_TYPES_R | ONN_TYPES_I,
	ONN_TYPES_RCI = ONN_TYPES_RC | ONN_TYPES_I,
	ONN_TYPES_ALL = ONN_TYPES_RCI | 1 << ONN_U8
};

enum { /* bits of onn_case.traits */
	ONN_CASE_SMOOTH =
	    1, /* has a derivative around all small inputs: compared with differences */
	ONN_CASE_LINEAR = 2, /* linear in all its float inputs together: has an adjoint */
	ONN_CASE_EXACT = 4,  /* moves or compares: no error is allowed in any type */
	ONN_CASE_APART = 8 /* real operands are never close: the derivative jumps where they meet */
};

/* A variable of the case's graph, and what it holds. */
typedef struct onn_case_input {
	char name[24];
	onn_node node;
	onn_array *data;
	bool differentiable;
} onn_case_input;

typedef struct onn_case_output {
	char label[32]; /* the shape or view, for messages */
	onn_node value;
	onn_node scale; /* real, of value's shape: errors are measured against max(|value|, scale);
	                   may be null */
} onn_case_output;

typedef struct onn_case onn_case;

/* A case being built for one type. The first error sticks to the graph, or to status. */
typedef struct onn_case_build {
	const onn_case *self;
	onn_graph *g;
	onn_type type;
	size_t place;    /* in the names of its variables, where several share a graph */
	bool small, few; /* of the extents above */
	onn_status status;
	size_t ninputs, noutputs;
	onn_case_input input[ONN_CASE_MAX_INPUTS];
	onn_case_output output[ONN_CASE_MAX_OUTPUTS];
} onn_case_build;

struct onn_case {
	onn_op op; /* the row that it stands for; ONN_OP_NONE: a composition */
	const char *name;
	unsigned types;
	unsigned traits;
	void (*build)(onn_case_build *b);
	double low, high; /* for the builders of pointwise cases: where operands are drawn from */
	/* relative; 0: 1e-5 in single and 1e-12 in double precision. Another number has its reason
	 * beside it. */
	double tolerance32, tolerance64;
};

#define ONN_CASE(id, text, of_types, with_traits, function)                                        \
	{                                                                                          \
		.op = ONN_OP_##id, .name = text, .types = of_types, .traits = with_traits,         \
		.build = function                                                                  \
	}

/* The tables end with a case without a name. */
extern const onn_case onn_cases_pointwise[], onn_cases_special[], onn_cases_structure[],
    onn_cases_convolve[], onn_cases_fourier[], onn_cases_pulse[], onn_cases_composed[];
extern const onn_case *const onn_case_tables[]; /* all of them; ends with NULL */

/* What may differ, by type. */
double onn_case_tolerance(const onn_case *c, onn_type type);

/* ---- for the builders of cases ---- */

/*
 * A variable of random numbers: uniform in [low, high) (each part of a complex one), whole for
 * integer types, where u8 and u32 start at 0 or later. onn_case_pick draws from a list instead.
 */
onn_node onn_case_draw(
    onn_case_build *b, onn_type type, size_t ndim, const size_t *shape, double low, double high);
onn_node onn_case_pick(onn_case_build *b, onn_type type, size_t ndim, const size_t *shape,
    const double *list, size_t count);
/* The list count times over, each number `each` times in a row: two of these, with each 1 and
 * count, hold every pair. */
onn_node onn_case_pairs(
    onn_case_build *b, onn_type type, const double *list, size_t count, size_t each);
void onn_case_output_add(onn_case_build *b, const char *label, onn_node value, onn_node scale);
/* The real type of b->type's precision: what sizes and conditions of complex cases are in. */
onn_type onn_case_real(const onn_case_build *b);

/* ---- for those who run them ---- */

/* Builds the graph; the caller clears it also where this fails. */
onn_status onn_case_build_for(
    onn_case_build *b, const onn_case *c, onn_type type, onn_case_extent extent);
void onn_case_clear(onn_case_build *b);
/* The same beside others in a graph, which stays. */
onn_status onn_case_build_in(onn_case_build *b, onn_graph *g, size_t place, const onn_case *c,
    onn_type type, onn_case_extent extent);
void onn_case_clear_inputs(onn_case_build *b);

/* A plan of a case's nodes with its variables, on one device. */
typedef struct onn_case_run {
	onn_plan *plan;
	onn_tensor *variable[ONN_CASE_MAX_INPUTS];
	size_t nvariables;
} onn_case_run;

onn_status onn_case_prepare(onn_case_run *run, onn_device *device, const onn_case_build *b,
    const onn_node *nodes, size_t count, const onn_plan_options *options);
void onn_case_finish(onn_case_run *run);

/* The worst relative difference of a case's outputs and variables; where holds the output's label
 * and the element. */
onn_status onn_case_compare(double *error, char *where, size_t room, onn_device *device,
    onn_device *reference, const onn_case *c, onn_type type, const onn_plan_options *options);

typedef struct onn_case_result {
	const onn_case *self;
	onn_type type;
	bool left_out;     /* it was not wanted: nothing was done */
	onn_status status; /* whether the device could do it */
	double error;
	char text[512]; /* where the error is, or why there is none */
} onn_case_result;

/* What cases run on, which of their types, and who is told; the latter may end it by false. */
typedef struct onn_case_devices {
	onn_device *device, *reference;
	const onn_plan_options *options;
	onn_case_extent extent;
	bool (*wanted)(onn_type type, void *user);
	bool (*told)(const onn_case_result *result, void *user);
	void *user;
} onn_case_devices;

/* Each case of a table with each of its types, many of them side by side in a plan; those of a plan
 * that fails one by one. */
onn_status onn_case_compare_all(const onn_case *table, const onn_case_devices *on);

#endif
