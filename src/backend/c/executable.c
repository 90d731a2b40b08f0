/*
 * Executables of the C back end: steps become stages, and every thread of the pool goes through
 * them.
 */
#include "backend/c/builder.h"

#include <stdlib.h>
#include <string.h>

#include "backend/c/c_backend.h"
#include "backend/c/product/gemm.h"
#include "backend/c/thresholds.h"
#include "core/error.h"
#include "core/memory.h"
#include "core/os.h"

struct onn_c_executable {
	const onn_schedule *schedule;
	onn_pool *pool;
	onn_c_builder made;
	uint32_t *first_stage; /* of each step; nsteps + 1 entries */
	char *scratch;         /* a part for each thread */
	size_t scratch_stride;
	double *seconds; /* by step; NULL without profile */
	uint64_t runs;

	/* of the run in progress */
	void *const *memory;
	uint32_t begin, end; /* stages */
};

/* ---- preparation ---- */

static onn_status (*const prepare[])(onn_c_builder *, const onn_step *) = {
#define ONN_STEP_KIND(id, name, ...) [ONN_STEP_##id] = onn_c_prepare_##name,
#include "backend/step_kinds.def"
};

/* Steps that another one takes have no stages of their own. */
static onn_status prepare_steps(onn_c_executable *e)
{
	onn_c_builder *b = &e->made;
	const onn_schedule *s = e->schedule;
	for (b->step = 0; b->step < s->nsteps; b->step += 1 + b->taken) {
		b->taken = 0;
		e->first_stage[b->step] = (uint32_t)b->nstages;
		const onn_step *step = &s->step[b->step];
		onn_status status = prepare[step->kind](b, step);
		if (status)
			return status;
		for (uint32_t i = 1; i <= b->taken; i++)
			e->first_stage[b->step + i] = (uint32_t)b->nstages;
	}
	e->first_stage[s->nsteps] = (uint32_t)b->nstages;
	return onn_c_finish_fft(b);
}

onn_status onn_c_executable_create(onn_c_executable **result, const onn_schedule *schedule,
    onn_pool *pool, bool profile, bool apart)
{
	*result = NULL;
	onn_c_executable *e = calloc(1, sizeof *e);
	if (!e)
		return onn_error_memory("onn_plan_create", sizeof *e);
	onn_status status = ONN_ERROR_MEMORY;
	onn_c_builder *b = &e->made;
	e->schedule = b->schedule = schedule;
	e->pool = pool;
	b->kernels = onn_kernels_choose();
	b->apart = apart;
	e->first_stage =
	    onn_c_allocate_array(b, (size_t)schedule->nsteps + 1, sizeof *e->first_stage);
	b->said = onn_c_allocate_array(b, (size_t)schedule->nsteps + 1, sizeof *b->said);
	if (!e->first_stage || !b->said)
		goto fail;
	if (profile &&
	    !(e->seconds = onn_c_allocate_array(b, schedule->nsteps, sizeof *e->seconds)))
		goto fail;
	if ((status = prepare_steps(e)))
		goto fail;
	onn_c_place_barriers(b, (size_t)onn_pool_threads(pool));

	/* threads write to lines, and pages ahead of them, that no other thread has */
	e->scratch_stride = onn_size_round_up(b->scratch, ONN_C_LINE) + 4 * ONN_C_LINE;
	e->scratch = onn_c_allocate_array(b, (size_t)onn_pool_threads(pool), e->scratch_stride);
	if (!e->scratch) {
		status = ONN_ERROR_MEMORY;
		goto fail;
	}
	*result = e;
	return ONN_OK;
fail:
	onn_c_executable_destroy(e);
	return status;
}

void onn_c_executable_destroy(onn_c_executable *e)
{
	if (!e)
		return;
	onn_c_release_fft(&e->made);
	onn_c_release_convolve(&e->made);
	onn_c_builder_free(&e->made);
	free(e);
}

/* ---- running ---- */

static void run_share(
    const onn_c_stage *stage, const onn_c_thread *self, size_t thread, size_t threads)
{
	size_t begin = onn_c_share_begin(stage, thread, threads);
	size_t end = onn_c_share_begin(stage, thread + 1, threads);
	if (begin < end)
		stage->work(stage->data, self, begin, end);
}

/* Every thread goes through all stages. A run may start at any step: what came before is done. */
static void run_stages(onn_c_executable *e, const onn_c_thread *self, int thread)
{
	const onn_c_stage *stage = e->made.stage;
	size_t threads = (size_t)onn_pool_threads(e->pool);
	for (uint32_t i = e->begin; i < e->end; i++) {
		if (i > e->begin && stage[i].barrier)
			onn_pool_barrier(e->pool);
		run_share(&stage[i], self, (size_t)thread, threads);
	}
}

/* The same with a barrier behind each stage, and the first thread's clock. */
static void run_with_times(onn_c_executable *e, const onn_c_thread *self, int thread)
{
	const onn_c_stage *stage = e->made.stage;
	size_t threads = (size_t)onn_pool_threads(e->pool);
	double before = onn_clock();
	for (uint32_t i = e->begin; i < e->end; i++) {
		run_share(&stage[i], self, (size_t)thread, threads);
		onn_pool_barrier(e->pool);
		if (thread == 0) {
			double now = onn_clock();
			e->seconds[stage[i].step] += now - before;
			before = now;
		}
	}
}

static void job(void *argument, int thread)
{
	onn_c_executable *e = argument;
	onn_c_thread self = {e->memory, e->scratch + (size_t)thread * e->scratch_stride};
	int before = e->made.gemm ? onn_gemm_enter() : 1;
	if (e->seconds)
		run_with_times(e, &self, thread);
	else
		run_stages(e, &self, thread);
	if (e->made.gemm)
		onn_gemm_leave(before);
}

/* Serial stages alone need no other thread. */
static void run_alone(onn_c_executable *e)
{
	onn_c_thread self = {e->memory, e->scratch};
	int before = e->made.gemm ? onn_gemm_enter() : 1;
	for (uint32_t i = e->begin; i < e->end; i++)
		e->made.stage[i].work(e->made.stage[i].data, &self, 0, e->made.stage[i].chunks);
	if (e->made.gemm)
		onn_gemm_leave(before);
}

static bool all_serial(const onn_c_executable *e)
{
	for (uint32_t i = e->begin; i < e->end; i++)
		if (!e->made.stage[i].serial)
			return false;
	return true;
}

void onn_c_executable_run(onn_c_executable *e, void *const *memory, uint32_t first, uint32_t count)
{
	e->memory = memory;
	e->begin = e->first_stage[first];
	e->end = e->first_stage[first + count];
	if (first == 0)
		e->runs++;
	if (e->begin == e->end)
		return;
	if (!e->seconds && all_serial(e))
		run_alone(e);
	else
		onn_pool_run(e->pool, job, e);
}

const char *onn_c_executable_describe(const onn_c_executable *e, uint32_t step)
{
	return e->made.said[step].text;
}

void onn_c_executable_profile(double *seconds, uint64_t *runs, const onn_c_executable *e)
{
	for (uint32_t i = 0; i < e->schedule->nsteps; i++)
		seconds[i] = e->seconds ? e->seconds[i] : 0;
	*runs = e->runs;
}
