#include "backend/c/executable.h"

#include <stdlib.h>
#include <string.h>

#include "backend/c/c_backend.h"
#include "backend/c/product/gemm.h"
#include "core/error.h"
#include "core/memory.h"
#include "core/os.h"

enum {
	LINE = 64,
	SERIAL_COST = 16 * 1024 /* about 1 us: what less work would lose at a barrier */
};

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

typedef struct block {
	struct block *next;
} block;

void *onn_c_allocate(onn_c_builder *b, size_t bytes)
{
	size_t all;
	block *made = onn_size_add(&all, bytes, LINE) ? onn_aligned_alloc(all) : NULL;
	if (!made) {
		onn_error_memory("onn_plan_create", bytes);
		return NULL;
	}
	made->next = b->blocks;
	b->blocks = made;
	return (char *)made + LINE;
}

void *onn_c_allocate_array(onn_c_builder *b, size_t count, size_t size)
{
	size_t bytes;
	if (!onn_size_mul(&bytes, count, size)) {
		onn_error_memory("onn_plan_create", SIZE_MAX);
		return NULL;
	}
	return onn_c_allocate(b, bytes);
}

void onn_c_need_scratch(onn_c_builder *b, size_t bytes)
{
	if (bytes > b->scratch)
		b->scratch = bytes;
}

onn_status onn_c_add_stage(
    onn_c_builder *b, onn_c_work work, const void *data, size_t chunks, double cost)
{
	if (chunks == 0)
		return ONN_OK;
	if (!onn_grow(&b->stage, &b->stage_capacity, b->nstages + 1, sizeof *b->stage))
		return onn_error_memory("onn_plan_create", sizeof *b->stage);
	b->stage[b->nstages++] =
	    (onn_c_stage){work, data, chunks, chunks == 1 || cost < SERIAL_COST, true, b->step};
	return ONN_OK;
}

onn_status onn_c_touch(
    onn_c_builder *b, uint32_t memory, size_t begin, size_t bytes, bool write, onn_c_edge edge)
{
	/* a step without work added no stage */
	if (b->nstages == 0 || b->stage[b->nstages - 1].step != b->step || bytes == 0)
		return ONN_OK;
	if (!onn_grow(&b->access, &b->access_capacity, b->naccesses + 1, sizeof *b->access))
		return onn_error_memory("onn_plan_create", sizeof *b->access);
	b->access[b->naccesses++] =
	    (onn_c_access){(uint32_t)b->nstages - 1, memory, begin, begin + bytes, write, edge};
	return ONN_OK;
}

onn_status onn_c_touch_value(onn_c_builder *b, uint32_t value, bool write)
{
	const onn_value *v = &b->schedule->value[value];
	return onn_c_touch(b, v->memory, v->offset, v->count * onn_type_size(v->type), write, NULL);
}

onn_c_place onn_c_value_place(const onn_c_builder *b, uint32_t value)
{
	const onn_value *v = &b->schedule->value[value];
	return (onn_c_place){v->memory, v->offset};
}

static onn_status prepare_step(onn_c_builder *b, const onn_step *step)
{
	switch (step->kind) {
	case ONN_STEP_POINTWISE:
		return onn_c_prepare_pointwise(b, step);
	case ONN_STEP_REDUCE:
		return onn_c_prepare_reduce(b, step);
	case ONN_STEP_ARGMAX:
		return onn_c_prepare_argmax(b, step);
	case ONN_STEP_TAKE:
		return onn_c_prepare_take(b, step);
	case ONN_STEP_SCATTER_ADD:
		return onn_c_prepare_scatter_add(b, step);
	case ONN_STEP_MATMUL:
		return onn_c_prepare_matmul(b, step);
	case ONN_STEP_FFT:
		return onn_c_prepare_fft(b, step);
	case ONN_STEP_ZERO:
		return onn_c_prepare_zero(b, step);
	}
	return onn_error(ONN_ERROR_UNSUPPORTED, "onn_plan_create: device c has no step of kind %d",
	    (int)step->kind);
}

/* ---- barriers ---- */

/* The chunks that are thread t's. */
static size_t share_begin(const onn_c_stage *stage, size_t t, size_t threads)
{
	if (stage->serial)
		return t == 0 ? 0 : stage->chunks;
	return stage->chunks * t / threads;
}

/* The bytes of an access that thread t's share touches. */
static void share_of(const onn_c_builder *b, const onn_c_access *a, size_t t, size_t threads,
    size_t *begin, size_t *end)
{
	const onn_c_stage *stage = &b->stage[a->stage];
	size_t first = share_begin(stage, t, threads), last = share_begin(stage, t + 1, threads);
	*begin = a->begin;
	*end = first < last ? a->end : a->begin;
	if (!a->edge || first >= last)
		return;
	*begin = a->begin + a->edge(stage->data, first);
	size_t edge = last == stage->chunks ? a->end : a->begin + a->edge(stage->data, last);
	*end = edge < a->end ? edge : a->end;
}

/* Whether shares of two different threads meet in these accesses. */
static bool shares_meet(
    const onn_c_builder *b, const onn_c_access *x, const onn_c_access *y, size_t threads)
{
	for (size_t t = 0; t < threads; t++) {
		size_t begin, end;
		share_of(b, x, t, threads, &begin, &end);
		for (size_t u = 0; u < threads && begin < end; u++) {
			size_t from, to;
			if (u == t)
				continue;
			share_of(b, y, u, threads, &from, &to);
			if (from < to && from < end && begin < to)
				return true;
		}
	}
	return false;
}

/* The accesses of a stage: *first ... the result - 1. */
static size_t accesses_of(const onn_c_builder *b, uint32_t stage, size_t *first)
{
	size_t i = *first;
	while (i < b->naccesses && b->access[i].stage < stage)
		i++;
	*first = i;
	while (i < b->naccesses && b->access[i].stage == stage)
		i++;
	return i;
}

static bool conflict(const onn_c_builder *b, uint32_t earlier, uint32_t later, size_t threads)
{
	size_t x0 = 0, y0 = 0;
	size_t x1 = accesses_of(b, earlier, &x0), y1 = accesses_of(b, later, &y0);
	if (b->stage[earlier].serial && b->stage[later].serial)
		return false;
	if (x0 == x1 || y0 == y1)
		return true;
	for (size_t i = x0; i < x1; i++)
		for (size_t j = y0; j < y1; j++) {
			const onn_c_access *x = &b->access[i], *y = &b->access[j];
			if ((x->write || y->write) && x->memory == y->memory && x->begin < y->end &&
			    y->begin < x->end && shares_meet(b, x, y, threads))
				return true;
		}
	return false;
}

/* Each stage is held against those since the last barrier. */
static void place_barriers(onn_c_builder *b, size_t threads)
{
	uint32_t since = 0;
	for (uint32_t i = 0; i < b->nstages; i++) {
		bool needed = false;
		for (uint32_t j = since; j < i && !needed; j++)
			needed = conflict(b, j, i, threads);
		/* a search through long lists costs more than the barrier */
		needed = needed || i - since > 64;
		b->stage[i].barrier = needed;
		if (needed)
			since = i;
	}
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
	if (!e->first_stage)
		goto fail;
	if (profile &&
	    !(e->seconds = onn_c_allocate_array(b, schedule->nsteps, sizeof *e->seconds)))
		goto fail;
	for (b->step = 0; b->step < schedule->nsteps; b->step++) {
		e->first_stage[b->step] = (uint32_t)b->nstages;
		if (b->next_done)
			b->next_done = false;
		else if ((status = prepare_step(b, &schedule->step[b->step])))
			goto fail;
	}
	e->first_stage[schedule->nsteps] = (uint32_t)b->nstages;
	if ((status = onn_c_finish_fft(b)))
		goto fail;
	place_barriers(b, (size_t)onn_pool_threads(pool));

	/* threads write to lines, and pages ahead of them, that no other thread has */
	e->scratch_stride = (b->scratch + LINE - 1) / LINE * LINE + 4 * LINE;
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
	for (block *b = e->made.blocks, *next; b; b = next) {
		next = b->next;
		onn_aligned_free(b);
	}
	free(e->made.stage);
	free(e->made.access);
	free(e);
}

/* ---- running ---- */

static void run_share(
    const onn_c_stage *stage, const onn_c_thread *self, size_t thread, size_t threads)
{
	size_t begin = share_begin(stage, thread, threads);
	size_t end = share_begin(stage, thread + 1, threads);
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

void onn_c_executable_profile(const onn_c_executable *e, double *seconds, uint64_t *runs)
{
	for (uint32_t i = 0; i < e->schedule->nsteps; i++)
		seconds[i] = e->seconds ? e->seconds[i] : 0;
	*runs = e->runs;
}
