#include "testing.h"

#include <stdatomic.h>

#include "backend/c/pool.h"
#include "core/os.h"

enum { ROUNDS = 200, MOST_THREADS = 5 };

typedef struct shared {
	onn_pool *pool;
	int threads;
	atomic_int entered;
	int seen[MOST_THREADS];    /* times that each thread ran the job */
	int written[MOST_THREADS]; /* the round, by each thread before a barrier */
	atomic_int stale;
} shared;

static void count_job(void *argument, int thread)
{
	shared *s = argument;
	atomic_fetch_add(&s->entered, 1);
	s->seen[thread]++;
}

/* Each round a thread writes its number, and behind the barrier reads those of all. */
static void barrier_job(void *argument, int thread)
{
	shared *s = argument;
	for (int round = 1; round <= ROUNDS; round++) {
		s->written[thread] = round;
		onn_pool_barrier(s->pool);
		for (int t = 0; t < s->threads; t++)
			if (s->written[t] != round)
				atomic_fetch_add(&s->stale, 1);
		onn_pool_barrier(s->pool);
	}
}

START_TEST(every_thread_runs_every_job_once)
{
	for (int threads = 1; threads <= MOST_THREADS; threads++) {
		shared s = {.threads = threads};
		check_ok(onn_pool_create(&s.pool, threads, NULL));
		ck_assert_int_eq(onn_pool_threads(s.pool), threads);
		for (int i = 0; i < 100; i++)
			onn_pool_run(s.pool, count_job, &s);
		ck_assert_int_eq(atomic_load(&s.entered), 100 * threads);
		for (int t = 0; t < threads; t++)
			ck_assert_int_eq(s.seen[t], 100);
		onn_pool_destroy(s.pool);
	}
}
END_TEST

START_TEST(a_barrier_shows_what_other_threads_wrote)
{
	for (int threads = 1; threads <= MOST_THREADS; threads++) {
		shared s = {.threads = threads};
		check_ok(onn_pool_create(&s.pool, threads, NULL));
		onn_pool_run(s.pool, barrier_job, &s);
		ck_assert_int_eq(atomic_load(&s.stale), 0);
		onn_pool_destroy(s.pool);
	}
}
END_TEST

START_TEST(a_sleeping_pool_wakes_up)
{
	shared s = {.threads = 3};
	check_ok(onn_pool_create(&s.pool, 3, NULL));
	for (int i = 0; i < 3; i++) {
		double until = onn_clock() + 0.05;
		while (onn_clock() < until)
			onn_thread_yield();
		onn_pool_run(s.pool, count_job, &s);
	}
	ck_assert_int_eq(atomic_load(&s.entered), 9);
	onn_pool_destroy(s.pool);
}
END_TEST

static void call_often(void *argument)
{
	shared *s = argument;
	for (int i = 0; i < 50; i++)
		onn_pool_run(s->pool, count_job, s);
}

START_TEST(several_callers_take_turns)
{
	shared s = {.threads = 2};
	onn_thread *caller[3];
	check_ok(onn_pool_create(&s.pool, 2, NULL));
	for (size_t i = 0; i < COUNT(caller); i++)
		check_ok(onn_thread_start(&caller[i], call_often, &s));
	for (size_t i = 0; i < COUNT(caller); i++)
		onn_thread_join(caller[i]);
	ck_assert_int_eq(atomic_load(&s.entered), 3 * 50 * 2);
	ck_assert_int_eq(s.seen[0], 150);
	ck_assert_int_eq(s.seen[1], 150);
	onn_pool_destroy(s.pool);
	onn_pool_destroy(NULL);
}
END_TEST

TESTS("pool", every_thread_runs_every_job_once, a_barrier_shows_what_other_threads_wrote,
    a_sleeping_pool_wakes_up, several_callers_take_turns)
