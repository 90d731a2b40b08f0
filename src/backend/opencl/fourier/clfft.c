/*
 * Fourier transforms by clFFT. It takes lengths of primes up to 13 and holds global state: every
 * call is under the process's lock, and the library is set up for the first plan and torn down
 * after the last. It transforms whole fields only.
 */
#include <stdlib.h>

#include "backend/opencl/fourier/fourier.h"

#include <clFFT.h>

static size_t users; /* plans, under the lock */

typedef struct state {
	clfftPlanHandle handle;
	cl_mem temporary;
} state;

static bool takes(const onn_cl_device *d, const onn_cl_block *block)
{
	(void)d;
	return onn_cl_library_is_smooth(block->n[0]) && onn_cl_library_is_smooth(block->n[1]);
}

static clfftStatus enter(void)
{
	/* its own function for this is inline in a way that C does not link */
	clfftSetupData data = {clfftVersionMajor, clfftVersionMinor, clfftVersionPatch, 0};
	clfftStatus code = users == 0 ? clfftSetup(&data) : CLFFT_SUCCESS;

	users += code == CLFFT_SUCCESS;
	return code;
}

static void leave(void)
{
	if (--users == 0)
		clfftTeardown();
}

static clfftStatus make(onn_cl_executable *e, const onn_cl_block *b, state *s)
{
	size_t lengths[2] = {b->n[1], b->n[0]}, strides[2] = {1, b->n[1]};
	const size_t distance = b->along[0] ? b->n[0] * b->n[1] : b->n[1];
	const clfftDim dim = b->along[0] ? CLFFT_2D : CLFFT_1D;
	size_t bytes = 0;
	cl_int failed = CL_SUCCESS;
	clfftStatus code = clfftCreateDefaultPlan(&s->handle, e->device->context, dim, lengths);

	if (code)
		return code;
	code = clfftSetPlanPrecision(s->handle, b->type == ONN_C128 ? CLFFT_DOUBLE : CLFFT_SINGLE);
	if (!code)
		code =
		    clfftSetLayout(s->handle, CLFFT_COMPLEX_INTERLEAVED, CLFFT_COMPLEX_INTERLEAVED);
	if (!code)
		code = clfftSetResultLocation(s->handle, CLFFT_INPLACE);
	if (!code)
		code = clfftSetPlanInStride(s->handle, dim, strides);
	if (!code)
		code = clfftSetPlanOutStride(s->handle, dim, strides);
	if (!code)
		code = clfftSetPlanDistance(s->handle, distance, distance);
	if (!code)
		code =
		    clfftSetPlanBatchSize(s->handle, b->along[0] ? b->fields : b->fields * b->n[0]);
	/* a float holds no 1/n for c128: results are scaled as they are stored */
	if (!code)
		code = clfftSetPlanScale(s->handle, CLFFT_FORWARD, 1);
	if (!code)
		code = clfftSetPlanScale(s->handle, CLFFT_BACKWARD, 1);
	if (!code)
		code = clfftBakePlan(s->handle, 1, &e->device->queue, NULL, NULL);
	if (!code)
		code = clfftGetTmpBufSize(s->handle, &bytes);
	if (!code && bytes > 0) {
		s->temporary =
		    clCreateBuffer(e->device->context, CL_MEM_READ_WRITE, bytes, NULL, &failed);
		code = (clfftStatus)failed;
	}
	if (code)
		clfftDestroyPlan(&s->handle);
	return code;
}

static onn_status create(int *given, onn_cl_executable *e, onn_cl_plan *plan)
{
	state *s = calloc(1, sizeof *s);

	if (!s)
		return onn_error_memory("onn_plan_create", sizeof *s);
	onn_global_lock();
	clfftStatus code = enter();
	if (!code) {
		code = make(e, &plan->block, s);
		if (code)
			leave();
	}
	onn_global_unlock();
	*given = (int)code;
	if (code)
		free(s);
	else
		plan->state = s;
	return ONN_OK;
}

static int run(onn_cl_executable *e, const onn_cl_plan *plan, const onn_cl_launch *l)
{
	const state *s = plan->state;

	onn_global_lock();
	clfftStatus code =
	    clfftEnqueueTransform(s->handle, l->inverse ? CLFFT_BACKWARD : CLFFT_FORWARD, 1,
	        &e->device->queue, 0, NULL, NULL, &e->scratch, NULL, s->temporary);
	onn_global_unlock();
	return (int)code;
}

static void destroy(onn_cl_plan *plan)
{
	state *s = plan->state;

	onn_global_lock();
	clfftDestroyPlan(&s->handle);
	leave();
	onn_global_unlock();
	if (s->temporary)
		clReleaseMemObject(s->temporary);
	free(s);
}

/* Nobody mends it any more, and no GPU has shown what it does. */
static bool is_sound(void) { return false; }

const onn_cl_engine onn_cl_clfft = {"clfft", "clFFT", false, is_sound, takes, create, run, destroy};
