#include "backend/c/pool.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "backend/c/openmp.h"
#include "backend/c/thresholds.h"
#include "core/error.h"
#include "core/os.h"

/* Counters that threads spin on have cache lines of their own. */
struct onn_pool {
	int threads;
	onn_thread **thread;
	atomic_long process; /* whose threads they are; negative: it is starting them */
	onn_mutex *user;     /* held for the length of a job */
	bool borrows;        /* OpenMP's threads */
	onn_openmp openmp;

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

/* The workers end, and what they met at is destroyed. */
static void stop(onn_pool *pool)
{
	atomic_store(&pool->closing, true);
	if (pool->thread[1])
		post(pool);
	for (int t = 1; t < pool->threads; t++) {
		onn_thread_join(pool->thread[t]);
		pool->thread[t] = NULL;
	}
	onn_condition_destroy(pool->condition);
	onn_mutex_destroy(pool->mutex);
	onn_mutex_destroy(pool->user);
	pool->condition = NULL;
	pool->mutex = pool->user = NULL;
}

/* In the child after fork(): what was a thread or a lock is memory only, and is not asked. OpenMP
 * would wait for its threads. */
static void abandon(onn_pool *pool)
{
	pool->borrows = false;
	for (int t = 1; t < pool->threads; t++) {
		onn_thread_abandon(pool->thread[t]);
		pool->thread[t] = NULL;
	}
	onn_condition_abandon(pool->condition);
	onn_mutex_abandon(pool->mutex);
	onn_mutex_abandon(pool->user);
	pool->condition = NULL;
	pool->mutex = pool->user = NULL;
}

static onn_status start(onn_pool *pool)
{
	onn_status status;

	atomic_store(&pool->sleepers, 0);
	atomic_store(&pool->closing, false);
	atomic_store(&pool->posted, 0);
	atomic_store(&pool->running, 0);
	atomic_store(&pool->arrived, 0);
	atomic_store(&pool->passed, 0);
	if ((status = onn_mutex_create(&pool->user)) || (status = onn_mutex_create(&pool->mutex)) ||
	    (status = onn_condition_create(&pool->condition))) {
		stop(pool);
		return status;
	}
	for (int t = 1; t < pool->threads; t++)
		if ((status = start_worker(pool, t))) {
			stop(pool);
			return status;
		}
	atomic_store(&pool->process, onn_process());
	return ONN_OK;
}

onn_status onn_pool_create(onn_pool **result, int threads, const char *openmp)
{
	*result = NULL;
	onn_openmp found = {NULL, NULL, NULL};
	if (openmp) {
		onn_status status = onn_openmp_find(&found, openmp);
		if (status)
			return status;
	}
	onn_pool *pool = aligned_alloc(ONN_C_LINE, sizeof *pool);
	if (!pool)
		return onn_error_memory("onn_device_create", sizeof *pool);
	*pool = (onn_pool){.threads = threads, .borrows = openmp && threads > 1, .openmp = found};
	size_t room = ((size_t)threads + 1) * sizeof(onn_thread *);
	pool->thread = calloc(1, room);
	onn_status status =
	    pool->thread ? start(pool) : onn_error_memory("onn_device_create", room);
	if (status) {
		free(pool->thread);
		free(pool);
		return status;
	}
	*result = pool;
	return ONN_OK;
}

onn_status onn_pool_enter(onn_pool *pool)
{
	const long here = onn_process();
	long whose = atomic_load_explicit(&pool->process, memory_order_acquire);

	while (whose != here) {
		if (whose == -here) { /* another thread of this process does it */
			onn_thread_yield();
			whose = atomic_load(&pool->process);
		} else if (atomic_compare_exchange_strong(&pool->process, &whose, -here)) {
			abandon(pool);
			onn_status status = start(pool);
			if (status) {
				atomic_store(&pool->process, 0); /* the next run tries again */
				return status;
			}
			whose = here;
		}
	}
	return ONN_OK;
}

void onn_pool_destroy(onn_pool *pool)
{
	if (!pool)
		return;
	if (atomic_load(&pool->process) == onn_process())
		stop(pool);
	else
		abandon(pool);
	free(pool->thread);
	free(pool);
}

int onn_pool_threads(const onn_pool *pool) { return pool->threads; }

/* On the caller's thread and the pool's own. */
static void run(onn_pool *pool, onn_pool_job job, void *argument)
{
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
}

void onn_pool_run(onn_pool *pool, onn_pool_job job, void *argument)
{
	onn_mutex_lock(pool->user);
	if (!pool->borrows || !onn_openmp_run(&pool->openmp, pool->threads, job, argument))
		run(pool, job, argument);
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
