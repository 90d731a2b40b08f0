/*
 * An absorber's dynamic medium: its settings as those of pulses.
 */
#include <math.h>

#include <onn/pulse.h>

#include "graph/graph.h"
#include "ops/op.h"
#include "saturable/dynamic.h"

onn_node onn_dynamic_absorber(onn_graph *g, const char *function, onn_node x, const onn_absorber *a,
    const onn_node *depth, const onn_detection *detection)
{
	if (onn_type_is_complex(onn_node_type(g, x)))
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "%s: x is %s in a dynamic medium; expected f32 or f64", function,
		    onn_type_name(onn_node_type(g, x)));
	onn_pulse_medium medium = ONN_PULSE_MEDIUM_INIT;
	medium.depth = a->depth;
	medium.t1 = a->t1;
	medium.loss = a->loss;
	medium.transit = a->transit;
	onn_pulse_nodes nodes = ONN_PULSE_NODES_INIT;
	if (depth)
		nodes.depth = *depth;
	onn_pulse_absorber pulse = ONN_PULSE_ABSORBER_INIT;
	pulse.encoding = a->encoding;
	pulse.gradient = a->gradient;
	pulse.slots = isinf(a->t1) ? 1 : a->slots; /* which is exact where nothing relaxes */
	pulse.slot = a->pulse_width / (double)pulse.slots;
	pulse.probe_delay = a->probe_delay;
	pulse.probe_counter = a->probe_direction == ONN_PROBE_COUNTER;
	pulse.probe_at = a->probe_at;
	pulse.probe_fraction = a->probe_fraction;
	if (detection) {
		pulse.pump_photons = detection->pump_photons;
		pulse.probe_photons = detection->probe_photons;
		pulse.seed = detection->seed;
		pulse.stream = detection->stream;
		pulse.step = detection->step;
	}
	double unit = a->encoding == ONN_ENCODING_INTENSITY ? a->isat : sqrt(a->isat);
	onn_node y = onn_pulse_absorb(g, onn_mul_real(g, x, 1 / unit), &pulse, &medium, &nodes);
	return onn_mul_real(g, y, unit);
}
