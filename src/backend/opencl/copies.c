/*
 * Schedules of several copies: onn_schedule.copies.
 *
 * What a copy has of its own are pieces of memory, each as far from the next copy's as all its
 * pieces of that memory are, and seeds. So a kernel does all copies at once, of which its groups
 * have the number along a second axis: merge.c writes it so. A kernel that was not written there is
 * launched for each, and so is a fill.
 */
#include <string.h>

#include "backend/opencl/opencl_backend.h"

/* A processor, whose launches are cheap, has nothing to gain. */
bool onn_cl_copies(const onn_device *device)
{
	const onn_cl_device *d = (const onn_cl_device *)device;

	return !d->native && onn_cl_choice("ONN_OPENCL_MERGE", !d->serial_items);
}

/* Where a copy's piece of the scratch memory is, once all have said how much they need. */
static void set_scratch_apart(onn_cl_executable *e)
{
	e->scratch_bytes = onn_copy_apart(e->scratch_bytes);
	for (size_t i = 0; i + 1 < e->arguments; i++)
		if (e->argument[i].kind == ONN_CL_SCRATCH)
			e->argument[i + 1].apart = e->scratch_bytes / e->argument[i].size;
}

static onn_status refuse(const onn_cl_executable *e, const char *what)
{
	return onn_error(ONN_ERROR_UNSUPPORTED,
	    "onn_plan_create: %u copies of a plan on device %s, %s; expected one",
	    (unsigned)e->base.schedule->copies, e->base.device->name, what);
}

onn_status onn_cl_prepare_copies(onn_cl_executable *e)
{
	if (e->base.schedule->copies < 2 || e->no_memory)
		return ONN_OK;
	if (e->native)
		return refuse(e, "whose steps are native kernels");
	if (e->base.device->check)
		return refuse(e, "which checks each step");
	for (size_t i = 0; i < e->launches; i++)
		if (e->launch[i].kind == ONN_CL_FFT || e->plane_bytes > 0)
			return refuse(e, "which transforms fields");
	set_scratch_apart(e);
	return ONN_OK;
}

cl_int onn_cl_set_copy(const onn_cl_executable *e, const onn_cl_launch *l, uint32_t copy)
{
	cl_int code = CL_SUCCESS;

	for (size_t j = 0; j < l->arguments && !code; j++) {
		const onn_cl_argument *a = &e->argument[l->first_argument + j];
		cl_ulong place;
		cl_uint low, word;
		if (a->apart) {
			memcpy(&place, a->bytes, sizeof place);
			place += (cl_ulong)copy * a->apart;
			code = clSetKernelArg(l->kernel, (cl_uint)j, sizeof place, &place);
		} else if (a->seed) {
			memcpy(&low, a[a->seed == ONN_CL_SEED_LOW ? 0 : -1].bytes, sizeof low);
			memcpy(&word, a->bytes, sizeof word);
			word += a->seed == ONN_CL_SEED_LOW ? copy : low + copy < copy;
			code = clSetKernelArg(l->kernel, (cl_uint)j, sizeof word, &word);
		}
	}
	return code;
}

void onn_cl_print_number(onn_text *text, const onn_cl_argument *a, size_t number)
{
	onn_text_add(text, "a%zu", number);
	if (a->apart)
		onn_text_add(text, " + copy * %zuul", a->apart);
	if (a->seed == ONN_CL_SEED_LOW)
		onn_text_add(text, " + copy");
	if (a->seed == ONN_CL_SEED_HIGH)
		onn_text_add(text, " + (a%zu + copy < copy)", number - 1);
	onn_text_add(text, ", ");
}
