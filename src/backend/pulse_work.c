#include "backend/pulse_work.h"

#include <math.h>

/* Numbers that the tape has of each slot: light and rest behind each class; or the field behind
 * each cell, polarisation and inversion of each class. */
static size_t tape_of(const onn_pulse_rows *p)
{
	return p->cells * (p->model ? 2 + 3 * (size_t)p->classes : 2 * (size_t)p->classes);
}

size_t onn_pulse_work(const onn_pulse_rows *p, bool adjoint, size_t segment)
{
	size_t state = onn_pulse_rows_state(p), classes = p->classes;
	size_t own = state + (p->model ? 3 : 5) * classes;
	if (!adjoint)
		return own;
	size_t segments = (p->slots + segment - 1) / segment;
	return own + state + 3 * classes + segments * state + segment * tape_of(p);
}

uint32_t onn_pulse_segment(const onn_pulse_rows *p, size_t most)
{
	if (onn_pulse_work(p, true, p->slots) <= most)
		return p->slots;
	double slots = ceil(sqrt(p->slots));
	return (uint32_t)slots;
}
