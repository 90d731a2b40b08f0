/*
 * The slow absorber in closed form: docs/physics.md, pulses in time.
 */
#include <onn/pulse.h>

#include "shared/types.h"

#define ONN_BITS 64
#include "shared/real.h"
#include "shared/pulse.h"
#include "shared/real_end.h"

double onn_pulse_slow_fluence(double fluence, double depth)
{
	pw_pulse_absorb_f64(&fluence, &depth);
	return fluence;
}
