#include "backend/pulse_work.h"

#include <math.h>

const char *onn_pulse_way(const onn_pulse_rows *p)
{
	static const char *const way[ONN_PULSE_WAYS] = {"rate", "meet", "bloch", "bloch_meet"};
	return way[onn_pulse_way_of(p)];
}

/* Numbers that the tape has of each step: light and rest behind each class; of two beams both and
 * rest; or the fields behind each cell, polarisations and inversion of each class. */
static size_t tape_of(const onn_pulse_rows *p)
{
	size_t classes = p->classes, fields = 2 * (size_t)p->beams;
	return p->cells * (p->model ? fields + (fields + 1) * classes : (1 + p->beams) * classes);
}

size_t onn_pulse_work(const onn_pulse_rows *p, bool adjoint, size_t segment)
{
	size_t state = onn_pulse_rows_state(p), classes = p->classes;
	size_t lights = p->beams == 2 ? onn_pulse_rows_light(p) : 0;
	size_t own = state + 5 * classes + lights;
	if (!adjoint)
		return own;
	size_t steps = onn_pulse_rows_steps(p), segments = (steps + segment - 1) / segment;
	size_t start = p->beams == 2 ? own : state;
	return own + state + 3 * classes + lights + segments * start + segment * tape_of(p);
}

uint32_t onn_pulse_segment(const onn_pulse_rows *p, size_t most)
{
	size_t steps = onn_pulse_rows_steps(p);
	if (onn_pulse_work(p, true, steps) <= most)
		return (uint32_t)steps;
	return (uint32_t)ceil(sqrt((double)steps));
}
