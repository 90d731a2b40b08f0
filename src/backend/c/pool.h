/*
 * A pool of threads that wait for jobs by spinning first and sleeping later.
 *
 * A job is entered by every thread of the pool at once, the caller being thread 0; inside it
 * threads meet at barriers. One job at a time: other callers wait. A pool may borrow the threads of
 * an OpenMP library; its own sleep then, but where there are too few of those.
 */
#ifndef ONN_SRC_BACKEND_C_POOL_H
#define ONN_SRC_BACKEND_C_POOL_H

#include <onn/status.h>

typedef struct onn_pool onn_pool;
typedef void (*onn_pool_job)(void *argument, int thread);

/* threads counts the caller, so threads - 1 are started. openmp: a library, or NULL. */
onn_status onn_pool_create(onn_pool **pool, int threads, const char *openmp);
void onn_pool_destroy(onn_pool *pool);
/* Before a run: after fork() the child has none of the pool's threads, and starts its own. */
onn_status onn_pool_enter(onn_pool *pool);
int onn_pool_threads(const onn_pool *pool);

/* Runs job(argument, t) on every thread t and returns when all have; any thread may call it, but no
 * job. */
void onn_pool_run(onn_pool *pool, onn_pool_job job, void *argument);

/* Inside a job: returns when every thread of the pool has called it. */
void onn_pool_barrier(onn_pool *pool);

#endif
