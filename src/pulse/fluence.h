/*
 * The slow absorber in closed form: docs/physics.md, pulses in time.
 */
#ifndef ONN_SRC_PULSE_FLUENCE_H
#define ONN_SRC_PULSE_FLUENCE_H

/* G(f, depth): what a medium of remaining depth lets through of fluence f, over Fsat; both >= 0.
 * With the two exchanged, the depth that is left. Never negative, and large numbers are fine. */
double onn_slow_fluence(double f, double depth);

#endif
