/*
 * Thick media whose absorbance is not that of onn_thick_absorbance: Doppler-broadened, and with
 * unsaturable loss beside. Each is a pointwise operation by onn_custom, with a body for kernels and
 * its implicit derivative.
 */
#ifndef ONN_SRC_SATURABLE_BROADENED_H
#define ONN_SRC_SATURABLE_BROADENED_H

#include <onn/graph.h>

/* A = -ln T at input s = I/Isat, s >= 0; s and depth are real, of one type. */
onn_node onn_doppler_absorbance(onn_graph *g, onn_node s, onn_node depth);
onn_node onn_lossy_absorbance(onn_graph *g, onn_node s, onn_node depth, double loss);

/* The same for one number. */
double onn_solve_resonant(double s, double depth);
double onn_solve_doppler(double s, double depth);
double onn_solve_lossy(double s, double depth, double loss);

#endif
