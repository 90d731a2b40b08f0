/*
 * The C backend's steps without its device: what device.c runs on its own buffers, and the OpenCL
 * backend inside a native kernel on memory that a CPU device shares with the host.
 */
#ifndef ONN_SRC_BACKEND_C_C_BACKEND_H
#define ONN_SRC_BACKEND_C_C_BACKEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <onn/status.h>

#include "backend/c/pool.h"
#include "backend/schedule.h"

typedef struct onn_c_executable onn_c_executable;

/*
 * Prepares every step of a schedule for a pool; both outlive the executable. Each kind of step is
 * supported.
 *
 * profile: runs keep each step's time, that of work done together for one of the steps. apart:
 * steps are run one by one too, so none does a part of another's work. ONN_ERROR_MEMORY.
 */
onn_status onn_c_executable_create(onn_c_executable **executable, const onn_schedule *schedule,
    onn_pool *pool, bool profile, bool apart);
void onn_c_executable_destroy(onn_c_executable *executable);

/*
 * Runs steps first ... first+count-1, all of them unless `apart`, and returns when they are done.
 * memory has schedule->nmemory pointers, each aligned to ONN_VALUE_ALIGN; those of memory that the
 * steps do not touch may be NULL. One run of an executable at a time; nothing is allocated and
 * nothing can fail.
 */
void onn_c_executable_run(
    onn_c_executable *executable, void *const *memory, uint32_t first, uint32_t count);

/* Adds up: seconds per step, nsteps numbers; runs counts those that began at step 0. */
void onn_c_executable_profile(double *seconds, uint64_t *runs, const onn_c_executable *executable);

/* How a step is done, for people; it lives as long as the executable. */
const char *onn_c_executable_describe(const onn_c_executable *executable, uint32_t step);

/* The instruction set in use: "AVX-512", "AVX2" or "baseline", by the processor or ONN_ISA. */
const char *onn_c_isa(void);
/* "oneDNN 2.6.3, OpenBLAS 0.3.21"; "own loops" where neither is there. */
void onn_c_libraries(char *text, size_t room);

#endif
