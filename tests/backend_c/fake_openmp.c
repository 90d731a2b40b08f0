/*
 * An OpenMP library whose regions have new threads: as many as FAKE_OPENMP_THREADS says, or as are
 * asked for. regions: how many there were.
 */
#include <pthread.h>
#include <stdlib.h>

#define EXPORT __attribute__((visibility("default")))

enum { MOST_THREADS = 16 };

typedef struct thread {
	void (*region)(void *);
	void *data;
	int number, count;
	pthread_t handle;
} thread;

static _Thread_local const thread *self;
EXPORT int regions;

EXPORT int omp_get_thread_num(void) { return self ? self->number : 0; }
EXPORT int omp_get_num_threads(void) { return self ? self->count : 1; }

static void *enter(void *argument)
{
	self = argument;
	self->region(self->data);
	self = NULL;
	return NULL;
}

EXPORT void GOMP_parallel(void (*region)(void *), void *data, unsigned threads, unsigned flags)
{
	thread t[MOST_THREADS];
	const char *most = getenv("FAKE_OPENMP_THREADS");
	int count = most ? atoi(most) : (int)threads;
	(void)flags;
	regions++;
	for (int i = 0; i < count; i++) {
		t[i] = (thread){.region = region, .data = data, .number = i, .count = count};
		if (i > 0 && pthread_create(&t[i].handle, NULL, enter, &t[i]))
			abort();
	}
	enter(&t[0]);
	for (int i = 1; i < count; i++)
		pthread_join(t[i].handle, NULL);
}
