#define _POSIX_C_SOURCE 200809L
#include "testing.h"

#include <sys/wait.h>
#include <unistd.h>

#include <onn/device.h>

#include "backend/c/pool.h"
#include "core/os.h"

enum { THREADS = 3, JOBS = 20 };

/* A pool on the threads of fake_openmp.c, and what its jobs saw. */
typedef struct borrowed {
	onn_pool *pool;
	int *regions;
	int seen[THREADS];    /* times that each thread ran a job */
	int written[THREADS]; /* the job, by each thread before a barrier */
	int stale[THREADS];
} borrowed;

static void open_pool(borrowed *b)
{
	void *library = onn_library_open(FAKE_OPENMP);
	*b = (borrowed){0};
	ck_assert_ptr_nonnull(library);
	ck_assert(onn_library_find(&b->regions, library, "regions"));
	*b->regions = 0;
	check_ok(onn_pool_create(&b->pool, THREADS, FAKE_OPENMP));
}

static void job(void *argument, int thread)
{
	borrowed *b = argument;
	b->written[thread] = ++b->seen[thread];
	onn_pool_barrier(b->pool);
	for (int t = 0; t < THREADS; t++)
		b->stale[thread] += b->written[t] != b->seen[thread];
	onn_pool_barrier(b->pool);
}

/* Whether each thread ran all jobs, and saw what the others wrote. */
static bool run_jobs(borrowed *b)
{
	bool right = true;
	for (int i = 0; i < JOBS; i++)
		onn_pool_run(b->pool, job, b);
	for (int t = 0; t < THREADS; t++)
		right = right && b->seen[t] == JOBS && b->stale[t] == 0;
	return right;
}

START_TEST(jobs_run_on_the_threads_of_the_library)
{
	borrowed b;
	open_pool(&b);
	ck_assert(run_jobs(&b));
	ck_assert_int_eq(*b.regions, JOBS);
	onn_pool_destroy(b.pool);
}
END_TEST

START_TEST(where_there_are_too_few_they_run_on_the_pools_own)
{
	borrowed b;
	open_pool(&b);
	setenv("FAKE_OPENMP_THREADS", "2", true);
	ck_assert(run_jobs(&b));
	unsetenv("FAKE_OPENMP_THREADS");
	onn_pool_destroy(b.pool);
}
END_TEST

START_TEST(after_fork_they_run_on_threads_of_the_childs_own)
{
	borrowed b;
	int code = -1;
	open_pool(&b);
	pid_t child = fork();
	if (child == 0)
		_exit(onn_pool_enter(b.pool) || !run_jobs(&b) || *b.regions > 0);
	ck_assert_int_eq(waitpid(child, &code, 0), child);
	ck_assert_int_eq(code, 0);
	ck_assert(run_jobs(&b));
	ck_assert_int_eq(*b.regions, JOBS);
	onn_pool_destroy(b.pool);
}
END_TEST

START_TEST(a_library_that_is_not_there_is_an_error)
{
	onn_device_options options = ONN_DEVICE_OPTIONS_INIT;
	onn_device *device;
	options.openmp = "libno_such_openmp.so";
	check_error(
	    onn_device_create(&device, "c", &options), ONN_ERROR_UNSUPPORTED, "no_such_openmp");
	ck_assert_ptr_null(device);
}
END_TEST

TESTS("openmp", jobs_run_on_the_threads_of_the_library,
    where_there_are_too_few_they_run_on_the_pools_own,
    after_fork_they_run_on_threads_of_the_childs_own, a_library_that_is_not_there_is_an_error)
