/*
 * What the files of the C back end share: how steps become stages.
 *
 * A stage is work in chunks, and each thread does a share of consecutive ones. Threads meet before
 * a stage that touches what another thread's share of an earlier stage wrote, or writes what it
 * touched; stages say what their chunks touch. Chunks depend on shapes alone, never on the number
 * of threads, and so do results.
 */
#ifndef ONN_SRC_BACKEND_C_BUILDER_H
#define ONN_SRC_BACKEND_C_BUILDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <onn/status.h>

#include "backend/c/kernels.h"
#include "backend/said.h"
#include "backend/schedule.h"
#include "core/error.h"

/* A thread's own things during a run. */
typedef struct onn_c_thread {
	void *const *memory; /* of the run */
	void *scratch;       /* as much as the largest request of the stages; aligned to 64 */
} onn_c_thread;

/* Does chunks begin ... end-1; data is what the stage was prepared with. */
typedef void (*onn_c_work)(const void *data, const onn_c_thread *thread, size_t begin, size_t end);

typedef struct onn_c_stage {
	onn_c_work work;
	const void *data;
	size_t chunks;
	bool serial;  /* all chunks are the first thread's */
	bool barrier; /* threads meet before it */
	uint32_t step;
	size_t access, naccesses; /* what it touches, of the builder's list */
} onn_c_stage;

/* Where, in bytes from the start of the range, chunk `chunk` of a stage begins to touch it. */
typedef size_t (*onn_c_edge)(const void *data, size_t chunk);

/* A range of memory that a stage touches: each chunk a part of its own, or (edge NULL) all of it.
 */
typedef struct onn_c_access {
	uint32_t stage, memory;
	size_t begin, end;
	bool write;
	onn_c_edge edge;
} onn_c_access;

/* Collects the stages of a schedule, and owns what they point to. */
typedef struct onn_c_builder {
	const onn_schedule *schedule;
	const onn_kernels *kernels;
	onn_c_stage *stage;
	size_t nstages, stage_capacity;
	onn_c_access *access; /* by stage, ascending */
	size_t naccesses, access_capacity;
	void *blocks;                  /* a list of allocations */
	size_t scratch;                /* bytes that a thread needs */
	uint32_t step;                 /* that is being prepared */
	uint32_t taken;                /* steps behind it whose work it does too */
	bool apart;                    /* steps run one by one: a stage does the work of one */
	bool gemm;                     /* some stage multiplies matrices */
	onn_said *said;                /* of each step */
	struct onn_c_dnnl *dnnl;       /* what oneDNN made: product/convolve_dnnl.c */
	struct onn_c_values *values;   /* values at roots of unity: product/convolve_roots.c */
	struct onn_fft_axis *fft_axes; /* what Fourier steps share */
	struct onn_fft_made *fft_filters;
	struct onn_fft_room *fft_room;
} onn_c_builder;

/* Zeroed memory that lives as long as the executable, aligned to 64; NULL if there is none. */
void *onn_c_allocate(onn_c_builder *b, size_t bytes);
/* The same, times count; NULL on overflow too. */
void *onn_c_allocate_array(onn_c_builder *b, size_t count, size_t size);
void onn_c_need_scratch(onn_c_builder *b, size_t bytes);
/*
 * Adds a stage of the current step. cost estimates all of its work in simple operations on an f32
 * (some 0.06 ns); what takes less than meeting the other threads is serial. No chunks: no stage.
 */
onn_status onn_c_add_stage(
    onn_c_builder *b, onn_c_work work, const void *data, size_t chunks, double cost);

/*
 * What the stage added last touches. A stage that says nothing is taken to touch everything; one
 * that says something must say all.
 */
onn_status onn_c_touch(
    onn_c_builder *b, uint32_t memory, size_t begin, size_t bytes, bool write, onn_c_edge edge);
/* All of a value. */
onn_status onn_c_touch_value(onn_c_builder *b, uint32_t value, bool write);

/* Where a value's first byte is. */
typedef struct onn_c_place {
	uint32_t memory;
	size_t offset;
} onn_c_place;

static inline char *onn_c_at(const onn_c_thread *thread, onn_c_place place)
{
	return (char *)thread->memory[place.memory] + place.offset;
}

onn_c_place onn_c_value_place(const onn_c_builder *b, uint32_t value);

/* One for each kind of step. */
#define ONN_STEP_KIND(id, name, ...)                                                               \
	onn_status onn_c_prepare_##name(onn_c_builder *b, const onn_step *step);
#include "backend/step_kinds.def"

/*
 * One way to do a step. A kind of step has rows of them, which are tried in order: the first that
 * fits is taken, and onn_plan_describe says its name. The last row of a list does whatever is left.
 */
typedef struct onn_c_path {
	const char *name;
	/*
	 * Whether a step may go this way; NULL: any may. subject: what the kind of step hands to
	 * its paths; what find puts there is for prepare.
	 */
	bool (*find)(const onn_c_builder *b, const onn_step *step, void *subject);
	/* Adds the step's stages, or goes a part of the way; NULL: all was found. */
	onn_status (*prepare)(onn_c_builder *b, const onn_step *step, void *subject);
} onn_c_path;

onn_status onn_c_take_path(
    onn_c_builder *b, const onn_step *step, const onn_c_path *paths, size_t count, void *subject);
/* Adds to what is said of a step: onn_say. */
void onn_c_say(onn_c_builder *b, uint32_t step, const char *format, ...) ONN_PRINTF(3, 4);
/* The step that is being prepared does the next one too, of which `name` is said. */
void onn_c_take_next(onn_c_builder *b, const char *name);

/* The first chunk of thread t's share of a stage; its last comes before thread t + 1's first. */
static inline size_t onn_c_share_begin(const onn_c_stage *stage, size_t t, size_t threads)
{
	if (stage->serial)
		return t == 0 ? 0 : stage->chunks;
	return stage->chunks * t / threads;
}

/* Says where threads meet, once all stages are there. */
void onn_c_place_barriers(onn_c_builder *b, size_t threads);
/* Frees what it owns. */
void onn_c_builder_free(onn_c_builder *b);

/* Once behind all steps, and once when the executable goes. */
onn_status onn_c_finish_fft(onn_c_builder *b);
void onn_c_release_fft(onn_c_builder *b);
void onn_c_release_convolve(onn_c_builder *b);

#endif
