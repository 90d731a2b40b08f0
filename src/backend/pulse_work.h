/*
 * The working memory that the pulses of cl/shared need, in numbers a row.
 */
#ifndef ONN_SRC_BACKEND_PULSE_WORK_H
#define ONN_SRC_BACKEND_PULSE_WORK_H

#include "ops/pulse.h"

/* What both models and ways need, and (adjoint) that for a tape of `segment` slots. */
size_t onn_pulse_work(const onn_pulse_rows *p, bool adjoint, size_t segment);
/*
 * The slots of a segment that the way back keeps at once: all, where that is `most` numbers at
 * most, else so many that a segment's tape and the starts of segments take about the same.
 */
uint32_t onn_pulse_segment(const onn_pulse_rows *p, size_t most);

#endif
