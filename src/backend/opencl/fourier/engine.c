/*
 * Which engine transforms on a device, and the plans of those that are libraries: made when an
 * executable is prepared, one for equal transforms.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"

#include "backend/opencl/fourier/fourier.h"
#include "backend/opencl/thresholds.h"
#include "core/memory.h"

/*
 * Whole lines by our own kernels are the default where they fit; else on GPUs the first library
 * where its version is sound, or our own passes. On a CPU our own are the default: there kernels
 * serve to be checked, and a library's take PoCL seconds to compile for each length.
 */
static const onn_cl_engine *const engines[] = {
#ifdef ONN_HAVE_VKFFT
    &onn_cl_vkfft,
#endif
#ifdef ONN_HAVE_CLFFT
    &onn_cl_clfft,
#endif
    NULL};

/* False: ONN_OPENCL_FFT names an engine that this build has not. */
static bool choose(bool gpu, const onn_cl_engine **engine, bool *whole_lines)
{
	const char *asked = getenv("ONN_OPENCL_FFT");

	*engine = gpu && engines[0] && engines[0]->is_sound() ? engines[0] : NULL;
	*whole_lines = !asked || !*asked || strcmp(asked, "own") == 0;
	if (!asked || !*asked)
		return true;
	for (size_t i = 0; engines[i]; i++)
		if (strcmp(asked, engines[i]->name) == 0) {
			*engine = engines[i];
			return true;
		}
	*engine = NULL;
	return *whole_lines || strcmp(asked, "passes") == 0;
}

const char *onn_cl_fft_library(bool gpu)
{
	const onn_cl_engine *engine;
	bool whole_lines;

	return choose(gpu, &engine, &whole_lines) && engine ? engine->library : "";
}

onn_status onn_cl_fft_choose(onn_cl_device *d)
{
	const char *bytes = getenv("ONN_OPENCL_FFT_BYTES");
	long long limit = bytes ? atoll(bytes) : 0;

	d->fft_bytes = limit > 0 ? (size_t)limit : ONN_CL_WORKSPACE;
	if (d->fft_bytes > d->max_alloc)
		d->fft_bytes = d->max_alloc;
	const bool known = choose(d->gpu, &d->fft, &d->whole_lines[0]);
	d->whole_lines[1] = d->whole_lines[0];
	if (!known)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_device_create: ONN_OPENCL_FFT is %s; expected own, passes, or vkfft "
		    "or clfft where the library is built with it",
		    getenv("ONN_OPENCL_FFT"));
	return ONN_OK;
}

bool onn_cl_library_is_smooth(size_t n)
{
	static const size_t primes[] = {2, 3, 5, 7, 11, 13};

	for (size_t i = 0; i < ONN_COUNT(primes); i++)
		while (n % primes[i] == 0)
			n /= primes[i];
	return n == 1;
}

static bool blocks_equal(const onn_cl_block *a, const onn_cl_block *b)
{
	return a->type == b->type && a->fields == b->fields && a->n[0] == b->n[0] &&
	       a->n[1] == b->n[1] && a->rows == b->rows && a->along[0] == b->along[0] &&
	       a->along[1] == b->along[1];
}

onn_status onn_cl_library_plan(size_t *number, onn_cl_executable *e, const onn_cl_block *block)
{
	onn_cl_plan plan = {*block, e->device->fft, NULL};

	for (*number = 0; *number < e->plans; ++*number)
		if (blocks_equal(&e->plan[*number].block, block))
			return ONN_OK;
	*number = SIZE_MAX;
	const onn_cl_verdict known = onn_cl_plan_known(e, &plan);
	if (known == ONN_CL_WRONG)
		return ONN_OK;
	if (!onn_grow(&e->plan, &e->plan_room, e->plans + 1, sizeof *e->plan))
		return onn_error_memory("onn_plan_create", (e->plans + 1) * sizeof *e->plan);
	int given = 0;
	onn_status status = plan.engine->create(&given, e, &plan);
	if (status)
		return status;
	if (given) {
		onn_cl_plan_refused(e, &plan, given);
		return ONN_OK;
	}
	if (known != ONN_CL_RIGHT && !onn_cl_plan_is_right(e, &plan)) {
		plan.engine->destroy(&plan);
		return ONN_OK;
	}
	*number = e->plans;
	e->plan[e->plans++] = plan;
	return ONN_OK;
}

onn_status onn_cl_library_add(
    onn_cl_work *w, const onn_cl_block *block, size_t first_row, bool inverse)
{
	onn_cl_executable *e = w->e;
	size_t number;
	onn_status status = onn_cl_library_plan(&number, e, block);

	if (status)
		return status;
	onn_cl_add_launch(e, ONN_CL_FFT, w->step);
	if (e->no_memory)
		return ONN_OK;
	onn_cl_launch *l = &e->launch[e->launches - 1];
	l->plan = number;
	l->inverse = inverse;
	l->offset = first_row * block->n[1] * onn_type_size(block->type);
	return ONN_OK;
}

/* Libraries give no events that hold the time of all their kernels, so a profile waits. */
onn_status onn_cl_fft_run(onn_cl_executable *e, const onn_cl_launch *l)
{
	const onn_cl_plan *plan = &e->plan[l->plan];
	const bool profile = e->base.device->profile;
	double start = onn_clock();
	int given = plan->engine->run(e, plan, l);

	if (given)
		return onn_error(ONN_ERROR_DEVICE,
		    "onn_plan_run: step %u (%s): %s gave %d on device %s; ONN_OPENCL_FFT=own does "
		    "without it",
		    (unsigned)l->step, e->base.schedule->step[l->step].label, plan->engine->library,
		    given, e->base.device->name);
	if (profile) {
		const onn_status status = onn_cl_finish(e->device, "onn_plan_run");
		if (status)
			return status;
		e->seconds[l->step] += onn_clock() - start;
	}
	return ONN_OK;
}

void onn_cl_fft_destroy(onn_cl_executable *e)
{
	for (size_t i = 0; i < e->tables; i++)
		clReleaseMemObject(e->table[i].memory);
	for (size_t i = 0; i < e->plans; i++)
		e->plan[i].engine->destroy(&e->plan[i]);
	free(e->table);
	free(e->plan);
}
