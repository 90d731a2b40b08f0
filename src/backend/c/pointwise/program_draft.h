/*
 * A program made ready, and what is known of it while it is made: for the files program*.c.
 */
#ifndef ONN_SRC_BACKEND_C_POINTWISE_PROGRAM_DRAFT_H
#define ONN_SRC_BACKEND_C_POINTWISE_PROGRAM_DRAFT_H

#include "backend/c/pointwise/program.h"

enum {
	/* each operand of each instruction may need a filled block beside its own register */
	ONN_C_MAX_REGISTERS = ONN_PROGRAM_MAX_REGISTERS + ONN_PROGRAM_MAX_INPUTS +
	                      ONN_PROGRAM_MAX_IMMEDIATES + ONN_PROGRAM_MAX_INSTRS,
	ONN_C_UNIFORM_BYTES = 16, /* room for a scalar of any type */
	ONN_C_NONE = UINT16_MAX
};

typedef struct onn_c_instruction {
	onn_kernel kernel;
	uint16_t y, a, b, c;
	const onn_instr *instr;
} onn_c_instruction;

typedef struct onn_c_input {
	uint16_t reg, buffer; /* buffer: ONN_C_NONE where the view is dense */
	size_t inner;         /* elements of a dense run; 0 where there are none */
	onn_c_view view;
} onn_c_input;

typedef struct onn_c_output {
	uint16_t reg;
	bool direct; /* its instruction writes to memory */
	onn_c_view view;
} onn_c_output;

/* reg points to a part of the scratch: a scalar's or a block's. */
typedef struct onn_c_room {
	uint16_t reg, at;
} onn_c_room;

struct onn_c_program {
	size_t count, block, slot; /* slot: bytes of a block's buffer */
	size_t scratch, uniforms_at, buffers_at;
	double cost;

	struct {
		uint16_t reg;
		const void *value;
	} * immediate;
	struct {
		uint16_t reg;
		onn_c_place place;
	} * uniform_input;
	onn_c_room *uniform, *buffer;
	struct {
		uint16_t reg, from, buffer, size;
	} * fill;
	onn_c_instruction *before, *instruction; /* once a thread; once a block */
	onn_c_input *input;
	onn_c_output *output;
	uint16_t nimmediates, nuniform_inputs, nuniforms, nbuffers, nfills, nbefore, ninstructions;
	uint16_t ninputs, noutputs, nregisters, nblocks, result;
};

/* What is known of a register while a program is made. */
typedef struct onn_c_draft {
	const onn_program *from;
	const onn_value *values;
	onn_c_builder *builder;
	onn_c_program *p;
	bool store;
	bool uniform[ONN_C_MAX_REGISTERS];
	uint16_t size[ONN_C_MAX_REGISTERS];
	uint16_t uses[ONN_C_MAX_REGISTERS];
	/* the register that holds a block of this scalar; ONN_C_NONE: none yet */
	uint16_t filled[ONN_C_MAX_REGISTERS];
	/* the instruction in p->instruction that makes it; ONN_C_NONE: none does block by block */
	uint16_t maker[ONN_C_MAX_REGISTERS];
	/* the last instruction that reads it; ONN_C_NONE: it is kept to the end */
	uint16_t last[ONN_C_MAX_REGISTERS];
	bool chained[ONN_C_MAX_REGISTERS]; /* made by a chain, whose operands are three already */
} onn_c_draft;

/* program_kernels.c. A register that holds the scalar `reg` in every element of a block. */
uint16_t onn_c_draft_fill(onn_c_draft *d, uint16_t reg);
/* Instruction `index` of the program, by a kernel; maybe as a chain with an earlier one. */
onn_status onn_c_draft_instruction(onn_c_draft *d, uint32_t index);
/* Drops instructions that later ones do as well. */
void onn_c_draft_drop_emptied(onn_c_draft *d);

#endif
