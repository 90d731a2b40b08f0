/*
 * What the passes of a plan share. Order: live nodes, references, units, fusion, destinations,
 * order, steps, memory. A reference says where a node's elements are; a unit is what becomes one
 * step (or a few).
 */
#ifndef ONN_SRC_PLAN_PLANNER_H
#define ONN_SRC_PLAN_PLANNER_H

#include "graph/graph.h"
#include "ops/op.h"
#include "backend/schedule.h"
#include "plan/copies.h"

/* Where the elements of a node are: a number, or a strided look at the value of a node that has
 * one. */
typedef struct onn_ref {
	bool uniform;
	double re, im;                          /* uniform */
	uint32_t base;                          /* the node that has the value */
	ptrdiff_t offset, stride[ONN_MAX_DIMS]; /* elements, over the looking node's shape */
} onn_ref;

typedef enum onn_unit_kind {
	ONN_UNIT_POINTWISE, /* fused pointwise nodes of one shape */
	ONN_UNIT_NODE,      /* one node of another kind */
	ONN_UNIT_COPY,      /* a view made dense */
	ONN_UNIT_OUTPUT,    /* a value copied to an output of the plan */
	ONN_UNIT_STORE      /* a value copied to a variable, at the very end */
} onn_unit_kind;

typedef struct onn_unit {
	onn_unit_kind kind;
	bool dead;        /* has nothing to do */
	uint32_t into;    /* the unit that this one was merged into; 0: none */
	uint32_t *member; /* node ids, ascending */
	size_t nmembers, member_capacity;
	uint32_t *pred; /* units that run before; may repeat, may name merged ones */
	size_t npreds, pred_capacity;
	uint32_t stamp;          /* of the latest search that came by */
	uint64_t rank;           /* grows along the line of units: rank.c */
	uint32_t previous, next; /* in it */
	uint32_t value;          /* index + 1 of a value of the unit's own: OUTPUT */
	uint32_t memory; /* index + 1; OUTPUT: where the copy goes, 0 for the arena; STORE: the
	                    variable's node */
	uint32_t from;   /* STORE: the OUTPUT unit that saved the value beforehand; 0: none */
} onn_unit;

typedef struct onn_ranked {
	uint64_t rank;
	uint32_t unit;
} onn_ranked;

/* What the planner knows of a node. */
typedef struct onn_fact {
	bool live;
	bool early;            /* part 0 of a run needs it */
	bool owns;             /* has a value of its own: not a view, not a number */
	bool copied;           /* a view that is made dense; `source` is what it looks at */
	bool stored;           /* its value is read from memory: by another unit, or as a result */
	uint32_t unit;         /* 0: none */
	bool result;           /* an output of the plan */
	uint32_t uses;         /* how often live nodes and outputs read it, aliases seen through */
	uint32_t value;        /* index + 1 into the schedule's values; 0: none yet */
	uint32_t memory;       /* index + 1 of the memory where its value has to be; 0: the arena */
	bool inlined;          /* computed by the reduction that is its only reader */
	uint32_t source_shape; /* the node whose shape `source` is over */
	onn_ref ref, source;
} onn_fact;

typedef struct onn_planner {
	const onn_graph *g;
	const onn_plan_copies *copies; /* NULL: one */
	bool fuse;
	size_t early;   /* outputs of part 0 */
	onn_fact *fact; /* a row a node */
	const onn_node *output;
	size_t noutputs;
	uint32_t *output_memory; /* index + 1 of each output's memory; 0 for an assign */
	/* the live nodes that read node i: reader[first_reader[i]] ... reader[first_reader[i + 1] -
	 * 1] */
	uint32_t *first_reader, *reader;
	onn_unit *unit; /* from 1 */
	size_t nunits, unit_capacity;
	uint32_t stamp;
	size_t searches;     /* units that searches may still come by */
	onn_ranked *between; /* what the latest search came by: nbetween */
	size_t nbetween, between_capacity;
	uint32_t *order; /* units in the order of running */
	size_t norder;
	onn_schedule *schedule;
	uint32_t value_capacity, memory_capacity, step_capacity;
} onn_planner;

/* Sees through aliases, which are their first input. */
uint32_t onn_plan_resolve(const onn_planner *p, uint32_t id);
static inline const onn_node_data *onn_plan_node(const onn_planner *p, uint32_t id)
{
	return onn_node_get(p->g, id);
}
/* The node that operand i of a node is, aliases seen through. */
static inline uint32_t onn_plan_input(const onn_planner *p, uint32_t id, uint32_t i)
{
	return onn_plan_resolve(p, onn_node_inputs(onn_plan_node(p, id))[i]);
}
/* The strides of a dense row-major array. */
void onn_dense_strides(ptrdiff_t *stride, size_t ndim, const size_t *shape);
/* Whether a node's elements lie dense, from the first of its base's value on. */
bool onn_ref_is_dense(const onn_ref *ref, size_t ndim, const size_t *shape);
/* A matrix operand from a reference: false where its last two axes are in neither order. */
bool onn_ref_matrix(onn_matrix *m, const onn_ref *ref, const onn_node_data *n, int op);

/* The passes. Each returns ONN_ERROR_MEMORY with the text set, or ONN_OK. */
onn_status onn_plan_references(onn_planner *p);   /* live, ref, owns, copied */
onn_status onn_plan_units(onn_planner *p);        /* units, fused where p->fuse */
onn_status onn_plan_destinations(onn_planner *p); /* outputs, assigns, prologues, stored */
onn_status onn_plan_order(onn_planner *p);
onn_status onn_plan_emit(onn_planner *p);          /* values and steps */
onn_status onn_plan_place(onn_schedule *schedule); /* offsets in the arena (memory 0) */
/* Each of several copies gets its own piece of what is written; ONN_ERROR_UNSUPPORTED. */
onn_status onn_plan_set_apart(onn_planner *p);

/* Makes a unit; 0 without memory. */
uint32_t onn_unit_new(onn_planner *p, onn_unit_kind kind, uint32_t member);
bool onn_unit_add_pred(onn_planner *p, uint32_t unit, uint32_t pred);
/* Whether unit `from` has to run after unit `to`. True, too, where searches have taken long. */
bool onn_unit_reaches(onn_planner *p, uint32_t from, uint32_t to);
/* Whether a unit belongs to part 0 of a run. */
bool onn_unit_is_early(const onn_planner *p, const onn_unit *unit);
/* The unit that a merged unit's number stands for. */
uint32_t onn_unit_find(const onn_planner *p, uint32_t unit);
/* Whether an operand of a member is itself computed by that unit's program. */
bool onn_unit_computes(const onn_planner *p, uint32_t unit, uint32_t id);
/* A new unit's rank, behind all others; false without memory. */
bool onn_rank_last(onn_planner *p, uint32_t unit);
/* Whether a unit has to run after one of lower rank; indirectly: by way of a third unit only. True,
 * too, where searches have taken long. Else `between` has those between the two that have to run
 * before the later one. */
bool onn_rank_search(onn_planner *p, uint32_t late, uint32_t early, bool indirectly);
/* Puts what the search has found before the earlier one. */
void onn_rank_move(onn_planner *p, uint32_t early);
/* Puts a unit, and what it needs, before another one that comes to need it and that it does not. */
void onn_rank_behind(onn_planner *p, uint32_t unit, uint32_t pred);
/* Takes a unit out of the line that becomes a part of another, in the lower place of the two. */
void onn_rank_merge(onn_planner *p, uint32_t into, uint32_t other);
/*
 * The nodes that a program computes to get `root`, ascending, up to those that are read from
 * memory; for a reduction, whose prologue it is, or for any node of a fused unit. Returns how many
 * there are, at most ONN_PROGRAM_MAX_INSTRS.
 */
size_t onn_plan_expression(uint32_t *member, const onn_planner *p, uint32_t root);
/* Whether these nodes' operands stay within the limits of a program. */
bool onn_plan_expression_fits(const onn_planner *p, const uint32_t *member, size_t n);

/* Makes a row of the schedule's tables; UINT32_MAX without memory. */
uint32_t onn_schedule_memory(onn_planner *p, onn_memory_kind kind, size_t bytes);
/* The memory of a variable's node. */
uint32_t onn_schedule_variable(onn_planner *p, uint32_t id);
void onn_schedule_free(onn_schedule *schedule);

#endif
