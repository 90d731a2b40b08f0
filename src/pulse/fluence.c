#include "pulse/fluence.h"

#include "shared/types.h"

#define ONN_BITS 64
#include "shared/real.h"
#include "shared/pulse.h"
#include "shared/real_end.h"

double onn_slow_fluence(double f, double depth)
{
	pw_pulse_absorb_f64(&f, &depth);
	return f;
}
