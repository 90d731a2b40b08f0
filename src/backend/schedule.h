/*
 * What a plan hands to a backend: buffers, values in them, and a list of steps.
 *
 * The plan owns a schedule, and it outlives what a backend prepares from it. Steps run in order;
 * each reads values that earlier steps, constants or variables hold. Shapes are final: a backend
 * checks nothing.
 */
#ifndef ONN_SRC_BACKEND_SCHEDULE_H
#define ONN_SRC_BACKEND_SCHEDULE_H

#include <stddef.h>
#include <stdint.h>

#include <onn/graph.h>

#include "ops/op.h"
#include "ops/pulse.h"

enum {
	ONN_PROGRAM_MAX_INPUTS = 24,
	ONN_PROGRAM_MAX_OUTPUTS = 16,
	ONN_PROGRAM_MAX_IMMEDIATES = 24,
	ONN_PROGRAM_MAX_INSTRS = 96,
	ONN_PROGRAM_MAX_REGISTERS =
	    ONN_PROGRAM_MAX_INPUTS + ONN_PROGRAM_MAX_IMMEDIATES + ONN_PROGRAM_MAX_INSTRS,
	/* every value starts at a multiple of this in its buffer */
	ONN_VALUE_ALIGN = 64
};

typedef enum onn_memory_kind {
	ONN_MEMORY_ARENA,    /* temporaries, placed by lifetime */
	ONN_MEMORY_CONSTANT, /* data holds the contents */
	ONN_MEMORY_OUTPUT,   /* read by the user after a run */
	ONN_MEMORY_VARIABLE  /* bound by the user, by name */
} onn_memory_kind;

/* One piece of device memory. A run gets an onn_buffer for each, in this order. */
typedef struct onn_memory {
	onn_memory_kind kind;
	size_t bytes;
	const void *data; /* CONSTANT: contents to write once */
	const char *name; /* VARIABLE: its name */
	size_t apart; /* of several copies: bytes from one's to the next one's; 0: all have this */
} onn_memory;

/* A dense row-major piece of a buffer. */
typedef struct onn_value {
	onn_type type;
	uint32_t memory; /* index into onn_schedule.memory */
	size_t offset;   /* bytes */
	size_t count;    /* elements */
} onn_value;

/* The byte behind a value in its memory. */
size_t onn_value_end(const onn_value *v);
/* Whether two values have a byte in common. */
bool onn_values_overlap(const onn_value *a, const onn_value *b);

/* Element (i0, i1, ...) of a step's iteration is element offset + sum(i stride) of the value. */
typedef struct onn_view {
	uint32_t value;
	ptrdiff_t offset;               /* elements */
	ptrdiff_t stride[ONN_MAX_DIMS]; /* elements; 0 where the value is broadcast */
} onn_view;

/*
 * A pointwise program in single-assignment form. Registers are numbered: inputs first, then
 * immediates, then the result of each instruction in order. Only rows of ops.def that
 * onn_op_is_pointwise, without STOP and STRAIGHT_THROUGH.
 */
typedef struct onn_instr {
	onn_op op;
	onn_type type;   /* of the result */
	onn_type source; /* of the operands src[arity-1]: for SELECT that of a and b, for CAST what
	                    it casts from */
	uint16_t src[3]; /* registers */
	uint16_t arity;
	uint32_t order;              /* SINC: order of the derivative */
	uint32_t stream;             /* RANDOM, POISSON */
	uint64_t seed;               /* RANDOM, POISSON */
	const onn_operation *custom; /* CUSTOM */
} onn_instr;

typedef struct onn_immediate {
	onn_type type;
	double re, im;
} onn_immediate;

/* The number as an element of its type, of onn_type_size bytes. */
void onn_immediate_store(void *to, const onn_immediate *c);

typedef struct onn_program {
	uint32_t ninputs, nimmediates, ninstrs, noutputs;
	onn_view *input; /* ninputs, each over the step's iteration; the type is the value's */
	onn_immediate *immediate;
	onn_instr *instr;
	struct {
		uint16_t reg;
		onn_view view;
		/*
		 * The value may be one that an input reads too, by the very same view: element i is
		 * read before it is written, by the same iteration.
		 */
		bool in_place;
	} output[ONN_PROGRAM_MAX_OUTPUTS];
} onn_program;

/* The register's type. */
onn_type onn_program_type(const onn_program *p, const onn_value *values, uint16_t reg);

/* A matrix operand in memory: element (i, j) of batch b at offset + b... + i ld + j, then
 * transposed and conjugated by op (ONN_N, ONN_T, ONN_C, ONN_H). */
typedef struct onn_matrix {
	uint32_t value;
	ptrdiff_t offset;
	size_t ld;
	int op;
	ptrdiff_t batch_stride[ONN_MAX_DIMS]; /* elements; 0 where broadcast */
} onn_matrix;

/*
 * A Fourier transform of fields [n[0], n[1]], or a filter in their spectrum.
 *
 * What the program computes over [batch..., h, w] stands at `at` in a field of zeros. Then, not
 * filtered: that field's transform, forward or inverse (divided by the number of points).
 * Filtered: its transform, times the filter or its conjugate, transformed back and divided. Of the
 * result the window from `from` of size `size` is stored, dense over [batch..., size].
 *
 * With axes 1 each row is transformed by itself, along x, and n[0] = h = size[0] are rows of
 * another batch; filtered, that is 1. Neither window is empty, and nothing wraps.
 */
typedef struct onn_transform {
	uint32_t axes; /* 1 or 2 */
	size_t n[2];   /* y, x */
	size_t at[2], from[2], size[2];
	bool inverse; /* not filtered */
	bool filtered;
	bool conjugate;  /* the filter's conjugate */
	onn_view filter; /* over the batch axes, then dense [n[0], n[1]] */
} onn_transform;

/* Which of a convolution's three is the result. */
typedef enum onn_convolve_part {
	ONN_CONVOLVE_OUTPUT, /* y of x and w */
	ONN_CONVOLVE_INPUT,  /* x of w and y */
	ONN_CONVOLVE_WEIGHT  /* w of x and y */
} onn_convolve_part;

/*
 * One of the partial derivatives of
 *
 *     T = sum of y[n, o, p, q] w[o, c, i, j]
 *             x[n, g cg + c, p stride - padding + i dilation, q stride - padding + j dilation]
 *
 * with cg channels and og outputs a group, g = o / og, and x 0 outside of its image. All values are
 * dense and of one float type; nothing is empty.
 */
typedef struct onn_convolve {
	onn_convolve_part part;
	uint32_t x, w, y; /* values, of which `part` is written */
	size_t batch, channels, outputs, groups;
	size_t image[2], kernel[2], result[2]; /* sizes of x, w and y: down, across */
	size_t stride[2], padding[2], dilation[2];
} onn_convolve;

typedef enum onn_step_kind {
#define ONN_STEP_KIND(id, ...) ONN_STEP_##id,
#include "backend/step_kinds.def"
	ONN_STEP_KINDS /* how many there are */
} onn_step_kind;

typedef struct onn_step {
	onn_step_kind kind;
	char label[64];      /* for people: "mul exp add" */
	double flops, bytes; /* an estimate of the work */

	union {
		/*
		 * POINTWISE, REDUCE and FFT. Axes are merged where every view allows it; ndim may
		 * be 0. The last two of an FFT stay.
		 */
		struct {
			uint32_t ndim;
			size_t shape[ONN_MAX_DIMS];
			onn_program program;
			/*
			 * REDUCE: axes 0 ... kept-1 stay and kept ... ndim-1 go; the output's view
			 * has stride 0 on the latter. reduce is SUM or REDUCE_MAX. An empty sum is
			 * 0. The maximum is never over an empty axis; NaN wins. Sums of f32 and c64
			 * must not depend on the number of threads.
			 */
			uint32_t kept;
			onn_op reduce;
			/*
			 * FFT: kept is ndim - 2, the batch axes; the output's view runs over these
			 * and then over the window that is stored. The program's one output is of
			 * the complex type of the result.
			 */
			onn_transform transform;
		} pointwise;
		struct {
			uint32_t x, out; /* values; out i32 */
			size_t outer, n, inner;
		} argmax;
		struct {
			onn_view x; /* stride[0]: from row to row; rows are dense */
			uint32_t index, out;
			size_t rows, count, row; /* rows of x, indices, elements of a row */
		} take;
		struct {
			uint32_t index, updates, out;
			size_t rows, count, row;
		} scatter;
		struct {
			onn_matrix a, b; /* after op: a is [m, k], b is [k, n] */
			uint32_t c;      /* dense [batch..., m, n] */
			size_t m, n, k;
			uint32_t nbatch;
			size_t batch[ONN_MAX_DIMS];
		} matmul;
		onn_convolve convolve;
		struct {
			bool adjoint;
			onn_pulse_rows kind;
			/* values, dense; state and parameters have `rows` rows, or one for all */
			uint32_t light, state, parameters, out;
			uint32_t cotangent; /* adjoint */
			size_t rows;
			bool one_state, one_parameters;
		} pulse;
		struct {
			uint32_t out;
		} zero;
	} u;
} onn_step;

typedef struct onn_schedule {
	onn_memory *memory;
	uint32_t nmemory;
	onn_value *value;
	uint32_t nvalues;
	onn_step *step;
	uint32_t nsteps;
	/* the first ones, part 0 of a run: none is done together with a later one */
	uint32_t early;
	bool own; /* by the device's own kernels and no library, whose trial it is */
	/* The steps are done so often in a run, each time with memory of its own, and with
	 * seeds of random numbers that are one larger each time; at least 1. */
	uint32_t copies;
} onn_schedule;

/* Bytes from one copy's piece of memory to the next one's. */
size_t onn_copy_apart(size_t bytes);

/* What the check mode measures an error by. */
typedef enum onn_measure {
	ONN_MEASURE_INPUTS,
	ONN_MEASURE_PRODUCT,
	ONN_MEASURE_RESULT
} onn_measure;

/* What a row of step_kinds.def says. */
const char *onn_step_name(onn_step_kind kind);
bool onn_step_has_program(onn_step_kind kind); /* u.pointwise */
bool onn_step_may_overwrite(onn_step_kind kind);
onn_measure onn_step_measure(onn_step_kind kind);

/* Calls visit for each value that a step reads or writes; the reads come first. */
typedef void (*onn_value_visitor)(void *user, uint32_t value, bool written);
void onn_step_visit(const onn_step *step, onn_value_visitor visit, void *user);

/* The sizes that describe a step, and how many they are; room for ONN_STEP_MAX_SIZES. */
enum { ONN_STEP_MAX_SIZES = ONN_MAX_DIMS + 3 };
size_t onn_step_shape(size_t *shape, const onn_step *step, const onn_schedule *schedule);
/* The type of its first result. */
onn_type onn_step_type(const onn_step *step, const onn_schedule *schedule);

#endif
