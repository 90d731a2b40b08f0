/*
 * The working memory that the pulses of cl/shared need, in numbers a row.
 */
#ifndef ONN_SRC_BACKEND_PULSE_WORK_H
#define ONN_SRC_BACKEND_PULSE_WORK_H

#include "ops/pulse.h"

/* The functions of cl/shared/pulse_all.h: one beam and two, in either model. */
typedef enum onn_pulse_ways {
	ONN_PULSE_WAY_RATE,
	ONN_PULSE_WAY_MEET,
	ONN_PULSE_WAY_BLOCH,
	ONN_PULSE_WAY_BLOCH_MEET,
	ONN_PULSE_WAYS
} onn_pulse_ways;

static inline onn_pulse_ways onn_pulse_way_of(const onn_pulse_rows *p)
{
	if (p->model)
		return p->beams > 1 ? ONN_PULSE_WAY_BLOCH_MEET : ONN_PULSE_WAY_BLOCH;
	return p->beams > 1 ? ONN_PULSE_WAY_MEET : ONN_PULSE_WAY_RATE;
}
/* "rate", "meet", "bloch" or "bloch_meet". */
const char *onn_pulse_way(const onn_pulse_rows *p);

/* What both models and ways need, and (adjoint) that for a tape of `segment` steps. */
size_t onn_pulse_work(const onn_pulse_rows *p, bool adjoint, size_t segment);
/*
 * The steps of a segment that the way back keeps at once: all, where that is `most` numbers at
 * most, else so many that a segment's tape and the starts of segments take about the same.
 */
uint32_t onn_pulse_segment(const onn_pulse_rows *p, size_t most);

#endif
