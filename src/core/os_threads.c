/* Threads, locks and conditions by POSIX. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "core/error.h"
#include "core/os.h"
#include "core/os_posix.h"

void onn_thread_yield(void) { sched_yield(); }

struct onn_thread {
	pthread_t handle;
	void (*function)(void *);
	void *argument;
};

struct onn_mutex {
	pthread_mutex_t handle;
};

struct onn_condition {
	pthread_cond_t handle;
};

static void *thread_main(void *argument)
{
	onn_thread *thread = argument;
	thread->function(thread->argument);
	return NULL;
}

/* Signals belong to the program's own threads: a worker blocks them all, so that its caller's
 * handlers run where the caller expects them. */
onn_status onn_thread_start(onn_thread **thread, void (*function)(void *), void *argument)
{
	*thread = NULL;
	onn_thread *made = malloc(sizeof *made);
	if (!made)
		return onn_error_memory("onn_thread_start", sizeof *made);
	made->function = function;
	made->argument = argument;
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int code = pthread_create(&made->handle, NULL, thread_main, made);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (code != 0) {
		char text[128];
		free(made);
		return onn_error(ONN_ERROR_MEMORY, "onn_thread_start: no thread could be made: %s",
		    onn_os_reason(code, text, sizeof text));
	}
	*thread = made;
	return ONN_OK;
}

void onn_thread_join(onn_thread *thread)
{
	if (!thread)
		return;
	pthread_join(thread->handle, NULL);
	free(thread);
}

void onn_thread_abandon(onn_thread *thread) { free(thread); }

static void start_mutex(pthread_mutex_t *handle) { pthread_mutex_init(handle, NULL); }

/* Its waits end by onn_clock, which nobody sets. */
static void start_cond(pthread_cond_t *handle)
{
	pthread_condattr_t by;
	pthread_condattr_init(&by);
	pthread_condattr_setclock(&by, CLOCK_MONOTONIC);
	pthread_cond_init(handle, &by);
	pthread_condattr_destroy(&by);
}

/* Both kinds are made and destroyed alike. */
#define MADE(object, kind)                                                                         \
	onn_status onn_##object##_create(onn_##object **object)                                    \
	{                                                                                          \
		*object = malloc(sizeof **object);                                                 \
		if (!*object)                                                                      \
			return onn_error_memory("onn_" #object "_create", sizeof **object);        \
		start_##kind(&(*object)->handle);                                                  \
		return ONN_OK;                                                                     \
	}                                                                                          \
	void onn_##object##_destroy(onn_##object *object)                                          \
	{                                                                                          \
		if (!object)                                                                       \
			return;                                                                    \
		pthread_##kind##_destroy(&object->handle);                                         \
		free(object);                                                                      \
	}                                                                                          \
	void onn_##object##_abandon(onn_##object *object) { free(object); }
MADE(mutex, mutex)
MADE(condition, cond)

void onn_mutex_lock(onn_mutex *mutex) { pthread_mutex_lock(&mutex->handle); }
void onn_mutex_unlock(onn_mutex *mutex) { pthread_mutex_unlock(&mutex->handle); }

void onn_condition_wait(onn_condition *condition, onn_mutex *mutex)
{
	pthread_cond_wait(&condition->handle, &mutex->handle);
}

bool onn_condition_wait_for(onn_condition *condition, onn_mutex *mutex, double seconds)
{
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	const long long nanoseconds = until.tv_nsec + (long long)(seconds * 1e9);
	until.tv_sec += (time_t)(nanoseconds / 1000000000);
	until.tv_nsec = (long)(nanoseconds % 1000000000);
	return pthread_cond_timedwait(&condition->handle, &mutex->handle, &until) == 0;
}

void onn_condition_broadcast(onn_condition *condition)
{
	pthread_cond_broadcast(&condition->handle);
}

static pthread_mutex_t global = PTHREAD_MUTEX_INITIALIZER;

void onn_global_lock(void) { pthread_mutex_lock(&global); }
void onn_global_unlock(void) { pthread_mutex_unlock(&global); }

static pthread_mutex_t product = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t product_once = PTHREAD_ONCE_INIT;

static void product_take(void) { pthread_mutex_lock(&product); }
static void product_give(void) { pthread_mutex_unlock(&product); }
static void product_prepare(void) { pthread_atfork(product_take, product_give, product_give); }

void onn_product_lock(void)
{
	pthread_once(&product_once, product_prepare);
	product_take();
}

void onn_product_unlock(void) { product_give(); }
