#ifndef ONN_SRC_SATURABLE_DYNAMIC_H
#define ONN_SRC_SATURABLE_DYNAMIC_H

#include <onn/saturable.h>

/* How light is detected: with the noise of these photons, mean over a batch; 0: without. */
typedef struct onn_detection {
	double pump_photons, probe_photons;
	uint64_t seed;
	uint32_t stream; /* two are used */
	onn_node step;
} onn_detection;

/* onn_saturable_absorber for medium dynamic, whose pulses bring their own way back: numbers become
 * fluences over that which saturates. The depth as a node, or NULL for the absorber's; NULL: no
 * noise. The absorber is checked. */
onn_node onn_dynamic_absorber(onn_graph *g, const char *function, onn_node x, const onn_absorber *a,
    const onn_node *depth, const onn_detection *detection);

#endif
