#include "backend/c/openmp.h"

#include "core/error.h"
#include "core/os.h"

typedef struct region {
	const onn_openmp *openmp;
	int threads;
	void (*job)(void *, int);
	void *argument;
	bool whole; /* written by the first thread, which the caller is */
} region;

onn_status onn_openmp_find(onn_openmp *o, const char *name)
{
	void *library = onn_library_open(name);
	if (library && onn_library_find(&o->parallel, library, "GOMP_parallel") &&
	    onn_library_find(&o->number, library, "omp_get_thread_num") &&
	    onn_library_find(&o->count, library, "omp_get_num_threads"))
		return ONN_OK;
	return onn_error(ONN_ERROR_UNSUPPORTED,
	    "onn_device_create: openmp is \"%.100s\", which is not there or lacks GOMP_parallel; "
	    "expected such as \"libgomp.so.1\"",
	    name);
}

/* All threads of a region see the same count. */
static void enter(void *data)
{
	region *r = data;
	int thread = r->openmp->number();
	bool whole = r->openmp->count() == r->threads;
	if (thread == 0)
		r->whole = whole;
	if (whole)
		r->job(r->argument, thread);
}

bool onn_openmp_run(const onn_openmp *o, int threads, void (*job)(void *, int), void *argument)
{
	region r = {o, threads, job, argument, false};
	o->parallel(enter, &r, (unsigned)threads, 0);
	return r.whole;
}
