/*
 * Pulses through a medium, row by row, for each type that the device has: behind all.h, where a
 * step asks for them.
 *
 *   pw_pulse_rate_<type>(p, light, state, parameters, out, work)
 *   pw_pulse_rate_adjoint_<type>(p, light, state, parameters, cotangent, out, work)
 *   pw_pulse_meet_<type>, pw_pulse_meet_adjoint_<type>    the same for two beams
 *   pw_pulse_bloch_<type>, pw_pulse_bloch_adjoint_<type>  and for the other model
 *   pw_pulse_bloch_meet_<type>, pw_pulse_bloch_meet_adjoint_<type>
 *
 * What lies where is said in ops/pulse.h; formulas are those of docs/physics.md.
 */
#ifndef ONN_CL_SHARED_PULSE_ALL_H
#define ONN_CL_SHARED_PULSE_ALL_H

#include "pulse_lanes.h"

#define ONN_BITS 32
#include "real.h"
#include "pulse.h"
#include "pulse_rate.h"
#include "pulse_rate_adjoint.h"
#include "pulse_meet.h"
#include "pulse_meet_adjoint.h"
#include "pulse_bloch.h"
#include "pulse_bloch_adjoint.h"
#include "pulse_bloch_meet.h"
#include "pulse_bloch_meet_adjoint.h"
#include "real_end.h"
#undef ONN_BITS

#if ONN_FP64
#define ONN_BITS 64
#include "real.h"
#include "pulse.h"
#include "pulse_rate.h"
#include "pulse_rate_adjoint.h"
#include "pulse_meet.h"
#include "pulse_meet_adjoint.h"
#include "pulse_bloch.h"
#include "pulse_bloch_adjoint.h"
#include "pulse_bloch_meet.h"
#include "pulse_bloch_meet_adjoint.h"
#include "real_end.h"
#undef ONN_BITS
#endif

#endif
