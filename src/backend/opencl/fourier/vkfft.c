/*
 * Fourier transforms by VkFFT, a header that writes kernels for each length. It changes the
 * process's locale while it writes and prints what does not compile: here it does neither.
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/opencl/fourier/fourier.h"

/* The thread's own locale is plain while a plan is made. */
static char *keep_locale(int category, const char *name)
{
	(void)category;
	(void)name;
	return NULL;
}

static int say_nothing(const char *format, ...)
{
	(void)format;
	return 0;
}

#define VKFFT_BACKEND 3
#define setlocale     keep_locale
#define printf        say_nothing
#include <vkFFT.h>
#undef setlocale
#undef printf

typedef struct state {
	VkFFTApplication app;
	cl_device_id device;
	cl_context context;
	uint64_t bytes;
	cl_mem temporary;
} state;

/*
 * Any length in double; one too long for a device fails as the plan is made. In single precision
 * its ways to larger primes lose twice as much over hops in a row as fields may.
 */
static bool takes(const onn_cl_device *d, const onn_cl_block *block)
{
	(void)d;
	return block->type == ONN_C128 ||
	       (onn_cl_library_is_smooth(block->n[0]) && onn_cl_library_is_smooth(block->n[1]));
}

static void configure(VkFFTConfiguration *c, const onn_cl_block *b)
{
	const size_t area = b->n[0] * b->n[1];

	c->size[1] = c->size[2] = 1;
	if (b->n[1] == 1 || (!b->along[0] && b->rows == b->n[0])) {
		/* lines one behind the other */
		c->FFTdim = 1;
		c->size[0] = b->along[0] ? b->n[0] : b->n[1];
		c->numberBatches = b->fields * area / c->size[0];
	} else {
		c->FFTdim = 2;
		c->size[0] = b->n[1];
		c->size[1] = b->along[0] ? b->n[0] : b->rows;
		c->numberBatches = b->fields;
		c->bufferStride[0] = b->n[1];
		c->bufferStride[1] = c->bufferStride[2] = area; /* from field to field */
		c->omitDimension[0] = !b->along[1];
		c->omitDimension[1] = !b->along[0];
	}
	c->doublePrecision = b->type == ONN_C128;
	c->useLUT = 1; /* roots of unity from tables, not from the device's sine */
	c->specifyOffsetsAtLaunch = 1;
}

/*
 * 1.2.26 makes its temporary buffer for rows that are taken and writes to it as if all were there:
 * it gets one of ours, which is large enough. It is used for long lines only, and a driver
 * gives it no memory before.
 */
static cl_int lend_temporary(VkFFTConfiguration *c, state *s)
{
	cl_int code = CL_SUCCESS;

	if (c->FFTdim == 1)
		return code;
	s->temporary = clCreateBuffer(s->context, CL_MEM_READ_WRITE, s->bytes, NULL, &code);
	c->userTempBuffer = 1;
	c->tempBuffer = &s->temporary;
	c->tempBufferSize = &s->bytes;
	return code;
}

static onn_status create(int *given, onn_cl_executable *e, onn_cl_plan *plan)
{
	const onn_cl_block *b = &plan->block;
	VkFFTConfiguration c;
	state *s = calloc(1, sizeof *s);

	if (!s)
		return onn_error_memory("onn_plan_create", sizeof *s);
	memset(&c, 0, sizeof c);
	configure(&c, b);
	s->device = e->device->id;
	s->context = e->device->context;
	s->bytes = b->fields * b->n[0] * b->n[1] * onn_type_size(b->type);
	c.device = &s->device;
	c.context = &s->context;
	c.bufferSize = &s->bytes;
	const cl_int code = lend_temporary(&c, s);
	if (code) {
		free(s);
		*given = code;
		return ONN_OK;
	}
	onn_locale *locale = onn_locale_plain();
	VkFFTResult result = initializeVkFFT(&s->app, c);
	onn_locale_restore(locale);
	*given = (int)result; /* VKFFT_SUCCESS is 0 */
	if (result == VKFFT_SUCCESS) {
		plan->state = s;
		return ONN_OK;
	}
	if (s->temporary)
		clReleaseMemObject(s->temporary);
	free(s); /* it has cleaned up what was in it */
	return ONN_OK;
}

static int run(onn_cl_executable *e, const onn_cl_plan *plan, const onn_cl_launch *l)
{
	state *s = plan->state;
	VkFFTLaunchParams p;

	memset(&p, 0, sizeof p);
	p.commandQueue = &e->device->queue;
	p.buffer = &e->scratch;
	p.bufferOffset = p.inputBufferOffset = p.outputBufferOffset = l->offset;
	return (int)VkFFTAppend(&s->app, l->inverse ? 1 : -1, &p); /* VKFFT_SUCCESS is 0 */
}

static void destroy(onn_cl_plan *plan)
{
	state *s = plan->state;

	deleteVkFFT(&s->app);
	if (s->temporary)
		clReleaseMemObject(s->temporary);
	free(s);
}

/* Older ones write outside of memory for some sizes of groups and lines. */
static bool is_sound(void) { return VkFFTGetVersion() >= 10304; }

const onn_cl_engine onn_cl_vkfft = {"vkfft", "VkFFT", true, is_sound, takes, create, run, destroy};
