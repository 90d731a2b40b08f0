/*
 * What libraries were found to do. A library for GPUs chooses its kernels by tables of devices and
 * by sizes, and some choices of some versions compute something else without a word. So each kind
 * of work is tried before the first plan that would use it, on numbers whose result is known, and
 * our own kernels do what was not right. A trial takes milliseconds, and so a verdict counts as
 * long as the device is open: a driver that has changed is tried anew. On disk it is for people
 * alone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/opencl/opencl_backend.h"
#include "core/memory.h"

onn_cl_verdict onn_cl_verdict_of(onn_cl_device *d, const char *work)
{
	onn_cl_verdict verdict = ONN_CL_UNTRIED;

	onn_mutex_lock(d->lock);
	for (size_t i = 0; i < d->tries; i++)
		if (strcmp(d->tried[i].work, work) == 0)
			verdict = d->tried[i].verdict;
	onn_mutex_unlock(d->lock);
	return verdict;
}

/* The first that was wrong is named, and how many others there are. */
static void remark(onn_cl_device *d, const char *work, const char *how, const char *instead)
{
	size_t wrong = 0;

	for (size_t i = 0; i < d->tries; i++)
		wrong += d->tried[i].verdict == ONN_CL_WRONG;
	if (wrong == 1)
		snprintf(d->first_wrong, sizeof d->first_wrong, "%.100s: %.80s; %s do it", work,
		    how, instead);
	int length = snprintf(d->base.remark, sizeof d->base.remark, "%s", d->first_wrong);
	if (wrong > 1 && length > 0 && (size_t)length < sizeof d->base.remark)
		snprintf(d->base.remark + length, sizeof d->base.remark - (size_t)length,
		    ", and %zu more", wrong - 1);
}

void onn_cl_judge(onn_cl_device *d, const char *work, const char *wrong, const char *instead)
{
	char how[224];

	onn_mutex_lock(d->lock);
	/* without memory for the verdict it is tried again */
	if (onn_grow(&d->tried, &d->tried_room, d->tries + 1, sizeof *d->tried)) {
		onn_cl_tried *t = &d->tried[d->tries++];
		snprintf(t->work, sizeof t->work, "%s", work);
		t->verdict = wrong ? ONN_CL_WRONG : ONN_CL_RIGHT;
	}
	if (wrong)
		remark(d, work, wrong, instead);
	snprintf(how, sizeof how, "%.180s; %s do it", wrong ? wrong : "", instead);
	onn_cl_verdict_keep(d, work, wrong ? how : NULL);
	onn_mutex_unlock(d->lock);
}
