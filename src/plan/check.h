/*
 * The check mode: each step of a plan also runs on the reference, from the same inputs.
 */
#ifndef ONN_SRC_PLAN_CHECK_H
#define ONN_SRC_PLAN_CHECK_H

#include "backend/backend.h"
#include "backend/schedule.h"

typedef struct onn_check onn_check;

/* The schedule must outlive the check. */
onn_status onn_check_create(onn_check **check, const onn_schedule *schedule);
void onn_check_destroy(onn_check *check);

/*
 * Runs some steps on the device, one by one, and on the reference beside it. ONN_ERROR_DEVICE names
 * the first step that differs, and the element; later steps then do not run.
 */
onn_status onn_check_run(onn_check *check, onn_device *device, onn_executable *executable,
    onn_buffer *const *buffers, uint32_t first, uint32_t count);

#endif
