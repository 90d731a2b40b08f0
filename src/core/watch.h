/*
 * Calls that may never return, such as a driver's: a thread of its own makes them, for a caller who
 * waits only as long as something comes of it.
 */
#ifndef ONN_SRC_CORE_WATCH_H
#define ONN_SRC_CORE_WATCH_H

#include <stdbool.h>
#include <stddef.h>

#include <onn/status.h>

enum { ONN_WATCH_ROOM = 64 };

typedef struct onn_watch onn_watch;

/* How long a call may take: seconds (0: any), counted anew whenever `moves` (NULL: nothing does)
 * says that there is news. */
typedef struct onn_patience {
	double seconds;
	bool (*moves)(void *user);
	void *user;
} onn_patience;

onn_status onn_watch_create(onn_watch **watch);
/*
 * function(argument) on the watch's thread, on a copy of the argument of at most ONN_WATCH_ROOM
 * bytes, which is copied back. false: it did not return in time; then the thread is still in it,
 * and all to do with the watch is to destroy it. One caller at a time.
 */
bool onn_watch_call(onn_watch *watch, void (*function)(void *argument), void *argument,
    size_t bytes, const onn_patience *patience);
/* A thread that is still in a call is left there, and ends behind it. NULL is fine. */
void onn_watch_destroy(onn_watch *watch);
/* After fork(), in the child. */
void onn_watch_abandon(onn_watch *watch);

#endif
