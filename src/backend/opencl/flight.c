/*
 * How far the host runs ahead. Launches are queued far faster than they are done: an epoch's, all
 * of them, before the first is. Then progress and seconds are of what was queued, and a program
 * that is to stop waits for all of it. So at most ONN_CL_FLIGHT runs are not done, and of long runs
 * so few that they take some FLIGHT_SECONDS; behind a run that takes so long alone none is. How
 * long it takes is known from its second run on, and until then one is in flight.
 *
 * Whoever waits for a device does it here, for a device may hang: await.c.
 */
#include <string.h>

#include "backend/opencl/opencl_backend.h"

static const double FLIGHT_SECONDS = 0.1;

static struct onn_cl_flight take_oldest(onn_cl_device *d)
{
	struct onn_cl_flight oldest = d->flight[0];

	d->flying--;
	memmove(d->flight, d->flight + 1, d->flying * sizeof *d->flight);
	return oldest;
}

/* From one run's end to the next a run takes so long: as many as fit. */
static void learn(onn_cl_device *d, onn_cl_executable *e)
{
	const double now = onn_clock(), took = now - d->landed;

	if (d->landed > 0 && e)
		e->allowed = took * ONN_CL_FLIGHT < FLIGHT_SECONDS
		                 ? ONN_CL_FLIGHT
		                 : (size_t)(FLIGHT_SECONDS / took);
	d->landed = now;
}

/* Waits for the oldest run where there are more than `most`, and says whether it had to. It stays
 * in flight until then: meanwhile another thread may land all, and destroy whose run it was. */
static bool wait_for_oldest(onn_cl_device *d, size_t most, onn_status *status)
{
	cl_event oldest = NULL, landed = NULL;

	onn_mutex_lock(d->lock);
	if (d->flying > most && !clRetainEvent(d->flight[0].event))
		oldest = d->flight[0].event;
	onn_mutex_unlock(d->lock);
	if (!oldest)
		return false;
	*status = onn_cl_await(d, "onn_plan_run", oldest);
	onn_mutex_lock(d->lock);
	if (d->flying > 0 && d->flight[0].event == oldest) {
		const struct onn_cl_flight run = take_oldest(d);
		landed = run.event;
		learn(d, run.whose);
	}
	onn_mutex_unlock(d->lock);
	if (!onn_cl_inherited(d)) {
		clReleaseEvent(oldest);
		if (landed)
			clReleaseEvent(landed);
	}
	return true;
}

onn_status onn_cl_take_off(onn_cl_device *d, onn_cl_executable *e)
{
	struct onn_cl_flight run = {NULL, e};
	cl_event left_out = NULL;
	cl_int code = clEnqueueMarkerWithWaitList(d->queue, 0, NULL, &run.event);
	onn_status status = ONN_OK;

	if (!code)
		code = clFlush(d->queue);
	if (code)
		status = onn_cl_error("onn_plan_run", "the end of a run", code);
	while (!status && wait_for_oldest(d, ONN_CL_FLIGHT - 1, &status))
		;
	if (status) {
		if (run.event && !onn_cl_inherited(d))
			clReleaseEvent(run.event);
		return status;
	}
	onn_mutex_lock(d->lock);
	/* another thread may have taken the last place */
	if (d->flying == ONN_CL_FLIGHT)
		left_out = take_oldest(d).event;
	d->flight[d->flying++] = run;
	onn_mutex_unlock(d->lock);
	if (left_out)
		clReleaseEvent(left_out);
	while (!status && wait_for_oldest(d, e ? e->allowed : 1, &status))
		;
	return status;
}

onn_status onn_cl_settle(onn_cl_device *d, const char *where)
{
	cl_event latest = NULL;

	if (d->native)
		return ONN_OK;
	onn_mutex_lock(d->lock);
	const bool flies = d->flying > 0;
	if (flies && !clRetainEvent(d->flight[d->flying - 1].event))
		latest = d->flight[d->flying - 1].event;
	onn_mutex_unlock(d->lock);
	if (!flies && !atomic_exchange(&d->filled, false))
		return ONN_OK;
	onn_status status = onn_cl_await(d, where, latest);
	if (latest && !onn_cl_inherited(d))
		clReleaseEvent(latest);
	return status;
}

void onn_cl_land(onn_cl_device *d)
{
	onn_mutex_lock(d->lock);
	while (d->flying > 0)
		clReleaseEvent(take_oldest(d).event);
	d->landed = 0;
	onn_mutex_unlock(d->lock);
	onn_cl_unmark(d, false);
}
