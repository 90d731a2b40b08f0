/*
 * Jobs on the threads of an OpenMP library that the program's other work runs on.
 *
 * Behind a parallel region its threads look for the next one for milliseconds before they sleep.
 * Other threads that are to run then find no free processor.
 */
#ifndef ONN_SRC_BACKEND_C_OPENMP_H
#define ONN_SRC_BACKEND_C_OPENMP_H

#include <stdbool.h>

#include <onn/status.h>

/* What compilers call for a parallel region of C; LLVM's and Intel's library have it, too. */
typedef struct onn_openmp {
	void (*parallel)(void (*region)(void *), void *data, unsigned threads, unsigned flags);
	int (*number)(void), (*count)(void);
} onn_openmp;

/* Of a library that is loaded, or of one that it depends on. ONN_ERROR_UNSUPPORTED */
onn_status onn_openmp_find(onn_openmp *openmp, const char *library);
/* Runs job(argument, t) on each thread t of as many; false: there were fewer, and no job ran. */
bool onn_openmp_run(
    const onn_openmp *openmp, int threads, void (*job)(void *, int), void *argument);

#endif
