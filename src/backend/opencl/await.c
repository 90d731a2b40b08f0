/*
 * Waiting for a device that may never be done: a lost launch, a driver that waits for itself. Calls
 * that wait are made by another thread, and after ONN_OPENCL_LIMIT seconds without a launch that
 * ended the device is stuck: no call of its driver is made any more, for that would not return
 * either. Steps in native kernels are no driver's matter, and take what they take.
 *
 * Which step it is in is known by marks, the events of launches: while a plan runs for the first
 * time, and of runs so long that an event for each launch costs nothing.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/opencl/opencl_backend.h"
#include "core/memory.h"
#include "core/number.h"

/* So often it is asked whether it is done, before a thread waits: that takes longer. */
enum { LOOKS = 64 };

/* ---- how long ---- */

onn_status onn_cl_limit(double *seconds)
{
	const char *text = getenv("ONN_OPENCL_LIMIT");
	double given = ONN_CL_LIMIT;

	*seconds = ONN_CL_LIMIT;
	if (text && *text &&
	    !(onn_number_read(&given, text, strlen(text)) && given >= 0 && given <= 1e9))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_device_create: ONN_OPENCL_LIMIT is \"%.32s\"; expected seconds, or 0 for "
		    "no limit",
		    text);
	*seconds = given;
	return ONN_OK;
}

/* ---- marks ---- */

static bool has_ended(cl_event event)
{
	cl_int now = CL_QUEUED;
	const cl_int code =
	    clGetEventInfo(event, CL_EVENT_COMMAND_EXECUTION_STATUS, sizeof now, &now, NULL);

	return code || now <= CL_COMPLETE; /* an error, too */
}

bool onn_cl_is_marked(const onn_cl_executable *e)
{
	return !e->device->native && (!e->settled || e->allowed < ONN_CL_FLIGHT);
}

void onn_cl_mark(onn_cl_device *d, cl_event event, const onn_cl_launch *l, const char *label)
{
	onn_mutex_lock(d->lock);
	if (onn_grow(&d->mark, &d->mark_room, d->marks + 1, sizeof *d->mark)) {
		onn_cl_step_mark *m = &d->mark[d->marks++];
		m->event = event;
		m->step = l->step;
		snprintf(m->label, sizeof m->label, "%s", label);
		event = NULL;
	}
	onn_mutex_unlock(d->lock);
	if (event)
		clReleaseEvent(event);
}

bool onn_cl_unmark(onn_cl_device *d, bool ended)
{
	size_t gone = 0;

	onn_mutex_lock(d->lock);
	while (gone < d->marks && (!ended || has_ended(d->mark[gone].event)))
		clReleaseEvent(d->mark[gone++].event);
	d->marks -= gone;
	if (gone > 0)
		memmove(d->mark, d->mark + gone, d->marks * sizeof *d->mark);
	onn_mutex_unlock(d->lock);
	return gone > 0;
}

static bool moves(void *device) { return onn_cl_unmark(device, true); }

/* ---- stuck ---- */

static atomic_int stuck_devices;

bool onn_opencl_is_stuck(void) { return atomic_load(&stuck_devices) > 0; }

void onn_cl_leave(onn_cl_device *d, bool for_good)
{
	atomic_fetch_add(&stuck_devices, 1);
	if (for_good)
		atomic_store(&d->stuck, true);
}

static onn_status hangs(onn_cl_device *d, const char *where)
{
	char what[96] = "its work";

	onn_mutex_lock(d->lock);
	if (d->marks > 0)
		snprintf(
		    what, sizeof what, "step %u (%s)", (unsigned)d->mark[0].step, d->mark[0].label);
	onn_mutex_unlock(d->lock);
	onn_cl_leave(d, true);
	return onn_error(ONN_ERROR_DEVICE,
	    "%s: device %s (%s) did not end %s within %g s (ONN_OPENCL_LIMIT), and is not used any "
	    "more",
	    where, d->base.name, d->base.description, what, d->limit);
}

/* ---- waiting ---- */

typedef struct call {
	cl_event event; /* NULL: for all */
	cl_command_queue queue;
	cl_int code;
} call;

static void wait_there(void *argument)
{
	call *c = argument;

	c->code = c->event ? clWaitForEvents(1, &c->event) : clFinish(c->queue);
}

/* Without a thread to be had it waits here. */
static onn_status wait_watched(onn_cl_device *d, const char *where, call *c)
{
	const onn_patience patience = {d->limit, moves, d};
	bool returned = true, stuck = false;

	onn_mutex_lock(d->awaiting);
	stuck = atomic_load(&d->stuck);
	if (!d->watch && !stuck && onn_watch_create(&d->watch))
		d->watch = NULL;
	if (d->watch && !stuck)
		returned = onn_watch_call(d->watch, wait_there, c, sizeof *c, &patience);
	else if (!stuck)
		wait_there(c);
	const onn_status status = returned ? ONN_OK : hangs(d, where);
	onn_mutex_unlock(d->awaiting);
	return stuck ? onn_cl_enter(where, d) : status;
}

onn_status onn_cl_await(onn_cl_device *d, const char *where, cl_event event)
{
	call c = {event, d->queue, CL_SUCCESS};
	onn_status status = ONN_OK;
	bool ended = false;

	for (int i = 0; i < LOOKS && event && !ended; i++) {
		ended = has_ended(event);
		if (!ended)
			onn_thread_yield();
	}
	if (ended || d->native || d->limit == 0)
		wait_there(&c);
	else
		status = wait_watched(d, where, &c);
	if (!status && c.code)
		status =
		    onn_cl_error(where, event ? "waiting for earlier runs" : "clFinish", c.code);
	if (!onn_cl_inherited(d))
		onn_cl_unmark(d, true);
	return status;
}

cl_int onn_cl_await_trial(onn_cl_device *d)
{
	onn_status status = onn_cl_take_off(d, NULL);

	if (!status)
		status = onn_cl_settle(d, "onn_plan_create");
	return status ? CL_DEVICE_NOT_AVAILABLE : CL_SUCCESS;
}

onn_status onn_cl_finish(onn_cl_device *d, const char *where)
{
	onn_status status = onn_cl_await(d, where, NULL);

	if (!onn_cl_inherited(d))
		onn_cl_land(d);
	return status;
}

void onn_cl_rest(onn_cl_device *d)
{
	char text[1024];

	snprintf(text, sizeof text, "%s", onn_last_error());
	if (onn_cl_finish(d, "onn_device_destroy"))
		onn_error(ONN_OK, "%s", text);
}
