/*
 * The loop of a run: steps, and between them, where it is due, a checkpoint; and the caller's
 * wish to stop.
 */
#ifndef ONN_SRC_RUN_LOOP_H
#define ONN_SRC_RUN_LOOP_H

#include <stdbool.h>
#include <stddef.h>

#include <onn/status.h>

typedef struct onn_loop {
	/* Takes one step, behind `done` others. */
	onn_status (*step)(void *self, size_t done);
	/* Tells the caller; true: it wants to stop. */
	bool (*report)(void *self, size_t done);
	/* Whether a checkpoint is due behind so many steps; the last step's always is. */
	bool (*is_due)(const void *self, size_t done);
	/* Waits for the steps, looks whether all went well, saves. */
	onn_status (*save)(void *self, size_t done);
} onn_loop;

/*
 * Takes the steps from `done` on. ONN_CANCELLED, without a text: the caller wanted to stop before
 * the last one; what was done is saved. After another failure the last checkpoint stands.
 */
onn_status onn_loop_run(const onn_loop *loop, void *self, size_t done, size_t total);

#endif
