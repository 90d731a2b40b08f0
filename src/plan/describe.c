/*
 * Plans and their profiles as text.
 */
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/memory.h"
#include "core/text.h"
#include "plan/plan.h"

/* The longest label, so that what the device says of steps stands in a column. */
static int label_width(const onn_schedule *s)
{
	size_t width = 0;
	for (uint32_t i = 0; i < s->nsteps; i++) {
		size_t length = strlen(s->step[i].label);
		width = length > width ? length : width;
	}
	return (int)width;
}

/* A step's label, and how the device does it. */
static void add_what(onn_text *t, const onn_plan *plan, uint32_t step, int width)
{
	const char *label = plan->schedule.step[step].label;
	const char *how = plan->device->backend->describe(plan->executable, step);
	if (how[0])
		onn_text_add(t, "%-*s  %s\n", width, label, how);
	else
		onn_text_add(t, "%s\n", label);
}

onn_status onn_plan_step_work(onn_step_work *work, const onn_plan *plan, size_t step)
{
	const uint32_t count = plan->schedule.nsteps;

	if (step >= count)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_plan_step_work: step is %zu; expected less than the plan's %u", step,
		    (unsigned)count);
	const onn_step *s = &plan->schedule.step[step];
	*work = (onn_step_work){.bytes = s->bytes, .flops = s->flops};
	if (plan->device->backend->cost)
		plan->device->backend->cost(
		    &work->launches, &work->bytes, plan->executable, (uint32_t)step);
	return ONN_OK;
}

/* What a run gives the device's queue. */
static void add_cost(onn_text *t, const onn_plan *plan)
{
	size_t launches = 0;
	double bytes = 0;
	onn_step_work work;

	for (uint32_t i = 0; i < plan->schedule.nsteps; i++) {
		onn_plan_step_work(&work, plan, i);
		launches += work.launches;
		bytes += work.bytes;
	}
	if (launches > 0)
		onn_text_add(t, "%zu launches, which move %.0f bytes\n", launches, bytes);
}

char *onn_plan_describe(const onn_plan *plan)
{
	const onn_schedule *s = &plan->schedule;
	onn_text t = ONN_TEXT_INIT;
	int width = label_width(s);
	char text[96];
	onn_text_add(&t, "%4s  %-9s  %-22s %-4s %12s %12s  %-*s  %s\n", "step", "kind",
	    "shape (matmul: m n k)", "type", "bytes", "flops", width, "what", "how");
	for (uint32_t i = 0; i < s->nsteps; i++) {
		const onn_step *step = &s->step[i];
		size_t shape[ONN_STEP_MAX_SIZES], ndim = onn_step_shape(shape, step, s);
		onn_text_add(&t, "%4u  %-9s  %-22s %-4s %12.0f %12.0f  ", i,
		    onn_step_name(step->kind), onn_shape_text(text, sizeof text, ndim, shape),
		    onn_type_name(onn_step_type(step, s)), step->bytes, step->flops);
		add_what(&t, plan, i, width);
	}
	onn_text_add(&t,
	    "%u steps, %.0f flops, %.0f bytes moved; memory: %zu bytes of temporaries, %zu in "
	    "all\n",
	    s->nsteps, onn_plan_flops(plan), onn_plan_traffic(plan), s->memory[0].bytes,
	    plan->bytes);
	add_cost(&t, plan);
	return onn_text_take(&t);
}

double onn_plan_flops(const onn_plan *plan)
{
	double flops = 0;
	for (uint32_t i = 0; i < plan->schedule.nsteps; i++)
		flops += plan->schedule.step[i].flops;
	return flops;
}

double onn_plan_traffic(const onn_plan *plan)
{
	double bytes = 0;
	for (uint32_t i = 0; i < plan->schedule.nsteps; i++)
		bytes += plan->schedule.step[i].bytes;
	return bytes;
}

typedef struct row {
	double seconds;
	uint32_t step;
} row;

static int slower_first(const void *a, const void *b)
{
	const row *x = a, *y = b;
	if (x->seconds != y->seconds)
		return x->seconds < y->seconds ? 1 : -1;
	return x->step < y->step ? -1 : x->step > y->step;
}

char *onn_plan_profile(const onn_plan *plan)
{
	const onn_schedule *s = &plan->schedule;
	if (!plan->device->profile) {
		onn_error(ONN_ERROR_UNSUPPORTED,
		    "onn_plan_profile: device %s keeps no profile; expected one opened with "
		    "options.profile",
		    plan->device->name);
		return NULL;
	}
	double *seconds = calloc(s->nsteps + 1, sizeof *seconds), total = 0;
	row *rows = calloc(s->nsteps + 1, sizeof *rows);
	uint64_t runs = 0;
	onn_text t = ONN_TEXT_INIT;
	if (!seconds || !rows) {
		onn_error_memory("onn_plan_profile", s->nsteps * sizeof *rows);
	} else if (plan->device->backend->profile(seconds, &runs, plan->executable) == ONN_OK) {
		for (uint32_t i = 0; i < s->nsteps; i++) {
			rows[i] = (row){seconds[i], i};
			total += seconds[i];
		}
		qsort(rows, s->nsteps, sizeof *rows, slower_first);
		double per = runs ? 1e6 / (double)runs : 0;
		int width = label_width(s);
		onn_text_add(&t, "%6s %12s %9s %9s  %4s  %-*s  %s\n", "share", "us a run", "GF/s",
		    "GB/s", "step", width, "what", "how");
		for (uint32_t i = 0; i < s->nsteps; i++) {
			const onn_step *step = &s->step[rows[i].step];
			double each =
			    rows[i].seconds > 0 ? (double)runs / rows[i].seconds * 1e-9 : 0;
			onn_text_add(&t, "%5.1f%% %12.2f %9.2f %9.2f  %4u  ",
			    total > 0 ? 100 * rows[i].seconds / total : 0, rows[i].seconds * per,
			    step->flops * each, step->bytes * each, rows[i].step);
			add_what(&t, plan, rows[i].step, width);
		}
		onn_text_add(&t, "%llu runs, %.2f us each in steps\n", (unsigned long long)runs,
		    total * per);
	}
	free(seconds);
	free(rows);
	return t.data ? onn_text_take(&t) : NULL;
}
