/*
 * Pointwise programs made ready to run block by block.
 *
 * A program evaluates any block of consecutive elements of a space: each instruction is a compiled
 * loop over the block, its operands lie in memory (where a view is dense there), in buffers that
 * stay in the L1 cache, or are scalars.
 */
#ifndef ONN_SRC_BACKEND_C_POINTWISE_PROGRAM_H
#define ONN_SRC_BACKEND_C_POINTWISE_PROGRAM_H

#include "backend/c/builder.h"
#include "backend/c/view.h"

typedef struct onn_c_program onn_c_program;

/*
 * store: outputs are written to their views; otherwise the first output's register is left in a
 * block for onn_c_program_result.
 */
onn_status onn_c_program_create(onn_c_program **result, onn_c_builder *b, const onn_program *from,
    const onn_c_space *space, bool store);

/* Elements of a block; a share of the work starts at a multiple of it. */
size_t onn_c_program_block(const onn_c_program *p);
/* Bytes of scratch that evaluation uses, from its start; a multiple of 64. */
size_t onn_c_program_scratch(const onn_c_program *p);
/* Work for one element, in the unit of onn_c_add_stage. */
double onn_c_program_cost(const onn_c_program *p);

/* Before a thread's first block in a stage. */
void onn_c_program_begin(const onn_c_program *p, const onn_c_thread *thread);
/* Evaluates elements start ... start+n-1; n is at most the block. */
void onn_c_program_run(const onn_c_program *p, const onn_c_thread *thread, size_t start, size_t n);
const void *onn_c_program_result(const onn_c_program *p, const onn_c_thread *thread);

#endif
