/*
 * Building a pointwise program out of nodes, for one step.
 */
#ifndef ONN_SRC_PLAN_PROGRAM_H
#define ONN_SRC_PLAN_PROGRAM_H

#include "plan/planner.h"

/* A program in the making, with room for the largest. Registers carry a tag until they are
 * numbered. */
typedef struct onn_builder {
	onn_planner *p;
	onn_view input[ONN_PROGRAM_MAX_INPUTS];
	onn_immediate immediate[ONN_PROGRAM_MAX_IMMEDIATES];
	onn_instr instr[ONN_PROGRAM_MAX_INSTRS];
	uint32_t node[ONN_PROGRAM_MAX_INSTRS]; /* the node that each instruction computes */
	uint32_t ninputs, nimmediates, ninstrs;
} onn_builder;

void onn_builder_start(onn_builder *b, onn_planner *p);
/* The register of a reference, loaded if it is not yet; UINT32_MAX without memory for its value. */
uint32_t onn_builder_load(onn_builder *b, const onn_ref *ref, onn_type type);
/* Adds instructions for nodes, ascending; operands outside of them are loaded. False without
 * memory. */
bool onn_builder_compute(onn_builder *b, const uint32_t *member, size_t n);
/* The register of a node that is computed, else UINT32_MAX. */
uint32_t onn_builder_find(const onn_builder *b, uint32_t id);

/* An output of the program-to-be. */
typedef struct onn_target {
	uint32_t reg;
	onn_view view;
} onn_target;

/* Moves the finished program into a step. The shape's axes are the ones that views run over; kept
 * is ndim for a pointwise step. Axes are merged where all views allow it. False without memory. */
bool onn_builder_finish(onn_builder *b, onn_step *step, const size_t *shape, uint32_t ndim,
    uint32_t kept, const onn_target *target, uint32_t ntargets);

/* The value of a node, made if need be: index, or UINT32_MAX without memory. */
uint32_t onn_plan_value(onn_planner *p, uint32_t id);
/* A new value: index, or UINT32_MAX without memory. memory 0 is the arena. */
uint32_t onn_schedule_value(onn_planner *p, onn_type type, size_t count, uint32_t memory);
/* A new step, zeroed; NULL without memory. */
onn_step *onn_schedule_step(onn_planner *p, onn_step_kind kind);

#endif
