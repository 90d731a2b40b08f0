#include "core/watch.h"

#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/os.h"

struct onn_watch {
	onn_mutex *mutex;
	onn_condition *asked, *answered;
	onn_thread *thread;
	void (*function)(void *argument); /* what is to be called, or is being called */
	bool ends, left;                  /* the thread: is to end; alone, to free all */
	_Alignas(16) char argument[ONN_WATCH_ROOM];
};

static void take_apart(onn_watch *w)
{
	onn_condition_destroy(w->asked);
	onn_condition_destroy(w->answered);
	onn_mutex_destroy(w->mutex);
	free(w);
}

static void serve(void *argument)
{
	onn_watch *w = argument;

	onn_mutex_lock(w->mutex);
	while (!w->ends) {
		void (*function)(void *) = w->function;
		if (!function) {
			onn_condition_wait(w->asked, w->mutex);
			continue;
		}
		onn_mutex_unlock(w->mutex);
		function(w->argument);
		onn_mutex_lock(w->mutex);
		w->function = NULL;
		onn_condition_broadcast(w->answered);
	}
	const bool left = w->left;
	onn_mutex_unlock(w->mutex);
	if (left)
		take_apart(w);
}

onn_status onn_watch_create(onn_watch **watch)
{
	onn_watch *w = calloc(1, sizeof *w);

	*watch = NULL;
	if (!w)
		return onn_error_memory("onn_watch_create", sizeof *w);
	onn_status status = onn_mutex_create(&w->mutex);
	if (!status)
		status = onn_condition_create(&w->asked);
	if (!status)
		status = onn_condition_create(&w->answered);
	if (!status)
		status = onn_thread_start(&w->thread, serve, w);
	if (status)
		take_apart(w);
	else
		*watch = w;
	return status;
}

/*
 * Waits are counted, not timed: a program that was halted meanwhile, by a debugger or with the
 * whole machine, has lost one of them.
 */
static bool answers(onn_watch *w, const onn_patience *patience)
{
	const double turn =
	    patience->seconds > 0 && patience->seconds < 4 ? patience->seconds / 4 : 1;
	double waited = 0;

	while (w->function) {
		if (onn_condition_wait_for(w->answered, w->mutex, turn) || !w->function)
			continue;
		waited = patience->moves && patience->moves(patience->user) ? 0 : waited + turn;
		if (patience->seconds > 0 && waited >= patience->seconds)
			return false;
	}
	return true;
}

bool onn_watch_call(onn_watch *w, void (*function)(void *argument), void *argument, size_t bytes,
    const onn_patience *patience)
{
	onn_mutex_lock(w->mutex);
	memcpy(w->argument, argument, bytes);
	w->function = function;
	onn_condition_broadcast(w->asked);
	const bool returned = answers(w, patience);
	if (returned)
		memcpy(argument, w->argument, bytes);
	onn_mutex_unlock(w->mutex);
	return returned;
}

void onn_watch_destroy(onn_watch *w)
{
	if (!w)
		return;
	onn_thread *thread = w->thread;
	onn_mutex_lock(w->mutex);
	const bool busy = w->function != NULL;
	w->ends = true;
	w->left = busy;
	onn_condition_broadcast(w->asked);
	onn_mutex_unlock(w->mutex);
	if (busy) {
		onn_thread_abandon(thread);
		return;
	}
	onn_thread_join(thread);
	take_apart(w);
}

void onn_watch_abandon(onn_watch *w)
{
	if (!w)
		return;
	onn_thread_abandon(w->thread);
	onn_condition_abandon(w->asked);
	onn_condition_abandon(w->answered);
	onn_mutex_abandon(w->mutex);
	free(w);
}
