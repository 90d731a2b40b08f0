#include "backend/c/pool.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "backend/c/thresholds.h"
#include "core/error.h"
#include "core/os.h"

/* Counters that threads spin on have cache lines of their own. */
struct onn_pool {
	int threads;
	onn_thread **thread;
	onn_mutex *user; /* held for the length of a job */

	onn_mutex *mutex; /* with the condition: where threads sleep */
	onn_condition *condition;
	atomic_int sleepers;
	atomic_bool closing;

	onn_pool_job job;
	void *argument;

	_Alignas(ONN_C_LINE) atomic_uint posted; /* jobs so far */
	_Alignas(ONN_C_LINE) atomic_int running; /* workers still in the job */
	_Alignas(ONN_C_LINE) atomic_int arrived; /* threads at the barrier */
	_Alignas(ONN_C_LINE) atomic_uint passed; /* barriers so far */
};

typedef struct worker {
	onn_pool *pool;
	int thread;
} worker;

static void relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

/* One more look at a counter: spins at first, then lets others run. */
static void pause_after(unsigned looks)
{
	if (looks < ONN_C_SPINS)
		relax();
	else
		onn_thread_yield();
}

/*
 * Sleeps until a job is posted. The sleeper counts itself before it looks again, the poster posts
 * before it looks for sleepers: one of the two sees the other.
 */
static void sleep_until_posted(onn_pool *pool, unsigned seen)
{
	onn_mutex_lock(pool->mutex);
	atomic_fetch_add(&pool->sleepers, 1);
	while (atomic_load(&pool->posted) == seen)
		onn_condition_wait(pool->condition, pool->mutex);
	atomic_fetch_sub(&pool->sleepers, 1);
	onn_mutex_unlock(pool->mutex);
}

static void wait_for_job(onn_pool *pool, unsigned seen)
{
	for (unsigned looks = 0; looks < ONN_C_SPINS + ONN_C_YIELDS_TO_SLEEP; looks++) {
		if (atomic_load_explicit(&pool->posted, memory_order_acquire) != seen)
			return;
		pause_after(looks);
	}
	sleep_until_posted(pool, seen);
}

static void post(onn_pool *pool)
{
	atomic_fetch_add(&pool->posted, 1);
	if (atomic_load(&pool->sleepers) > 0) {
		onn_mutex_lock(pool->mutex);
		onn_condition_broadcast(pool->condition);
		onn_mutex_unlock(pool->mutex);
	}
}

static void work(void *argument)
{
	worker self = *(worker *)argument;
	onn_pool *pool = self.pool;
	unsigned seen = 0;

	free(argument);
	for (;;) {
		wait_for_job(pool, seen);
		seen++;
		if (atomic_load(&pool->closing))
			return;
		pool->job(pool->argument, self.thread);
		atomic_fetch_sub_explicit(&pool->running, 1, memory_order_release);
	}
}

static onn_status start_worker(onn_pool *pool, int thread)
{
	worker *w = malloc(sizeof *w);
	if (!w)
		return onn_error_memory("onn_device_create", sizeof *w);
	*w = (worker){pool, thread};
	onn_status status = onn_thread_start(&pool->thread[thread], work, w);
	if (status)
		free(w);
	return status;
}

onn_status onn_pool_create(onn_pool **result, int threads)
{
	*result = NULL;
	onn_pool *pool = aligned_alloc(ONN_C_LINE, sizeof *pool);
	if (!pool)
		return onn_error_memory("onn_device_create", sizeof *pool);
	*pool = (onn_pool){.threads = 1};

	onn_status status = ONN_ERROR_MEMORY;
	pool->thread = calloc((size_t)threads, sizeof(onn_thread *));
	if (!pool->thread) {
		onn_error_memory("onn_device_create", (size_t)threads * sizeof(onn_thread *));
		goto fail;
	}
	if ((status = onn_mutex_create(&pool->user)) || (status = onn_mutex_create(&pool->mutex)) ||
	    (status = onn_condition_create(&pool->condition)))
		goto fail;
	for (; pool->threads < threads; pool->threads++)
		if ((status = start_worker(pool, pool->threads)))
			goto fail;
	*result = pool;
	return ONN_OK;
fail:
	onn_pool_destroy(pool);
	return status;
}

void onn_pool_destroy(onn_pool *pool)
{
	if (!pool)
		return;
	if (pool->threads > 1) {
		atomic_store(&pool->closing, true);
		post(pool);
		for (int t = 1; t < pool->threads; t++)
			onn_thread_join(pool->thread[t]);
	}
	onn_condition_destroy(pool->condition);
	onn_mutex_destroy(pool->mutex);
	onn_mutex_destroy(pool->user);
	free(pool->thread);
	free(pool);
}

int onn_pool_threads(const onn_pool *pool) { return pool->threads; }

void onn_pool_run(onn_pool *pool, onn_pool_job job, void *argument)
{
	onn_mutex_lock(pool->user);
	if (pool->threads > 1) {
		pool->job = job;
		pool->argument = argument;
		atomic_store_explicit(&pool->running, pool->threads - 1, memory_order_relaxed);
		post(pool);
	}
	job(argument, 0);
	for (unsigned looks = 0; atomic_load_explicit(&pool->running, memory_order_acquire) > 0;
	     looks++)
		pause_after(looks);
	onn_mutex_unlock(pool->user);
}

void onn_pool_barrier(onn_pool *pool)
{
	if (pool->threads == 1)
		return;
	unsigned before = atomic_load_explicit(&pool->passed, memory_order_relaxed);
	if (atomic_fetch_add_explicit(&pool->arrived, 1, memory_order_acq_rel) + 1 ==
	    pool->threads) {
		atomic_store_explicit(&pool->arrived, 0, memory_order_relaxed);
		atomic_store_explicit(&pool->passed, before + 1, memory_order_release);
		return;
	}
	for (unsigned looks = 0;
	     atomic_load_explicit(&pool->passed, memory_order_acquire) == before; looks++)
		pause_after(looks);
}
