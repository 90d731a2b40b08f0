/*
 * Two strong beams that meet in one medium.
 */
#include <math.h>

#include "core/error.h"
#include "core/memory.h"
#include "ops/op.h"
#include "pulse/medium.h"

/* What meets can not be: false with the graph's error. */
static bool can_meet(const onn_pulse_call *c, onn_node backward, double slot)
{
	onn_graph *g = c->g;
	const onn_pulse_medium *m = c->medium;
	double transit = slot * m->cells;
	bool rate = m->model == ONN_PULSE_RATE;
	if (m->two_photon != 0 || c->nodes.two_photon.id)
		onn_fail(g, ONN_ERROR_UNSUPPORTED,
		    "%s: two-photon absorption of two beams; expected two_photon 0", c->function);
	else if (m->transit != 0 && !c->nodes.slot.id &&
	         !(fabs(m->transit - transit) <= 1e-9 * transit))
		onn_fail(g, ONN_ERROR_ARGUMENT,
		    "%s: transit is %g; expected 0 or %g: %u cells of a slot each", c->function,
		    m->transit, transit, m->cells);
	else if (onn_graph_ok(g, c->function, backward)) {
		const onn_node_data *d = onn_node_get(g, backward.id);
		char text[96];
		if (d->ndim != 2 || d->shape[0] != c->rows || !onn_type_is_float(d->type) ||
		    (rate && onn_type_is_complex(d->type)))
			onn_fail(g, ONN_ERROR_ARGUMENT,
			    "%s: the second beam is %s %s; expected rows and slots of the first",
			    c->function, onn_shape_text(text, sizeof text, d->ndim, d->shape),
			    onn_type_name(d->type));
	}
	return g->status == ONN_OK;
}

onn_status onn_pulse_meet(onn_pulse_meeting *out, onn_graph *g, onn_node forward, onn_node backward,
    double slot, onn_node state, const onn_pulse_medium *medium, const onn_pulse_nodes *nodes,
    bool record)
{
	onn_pulse_call c;
	*out = (onn_pulse_meeting){ONN_NULL_NODE, ONN_NULL_NODE, ONN_NULL_NODE, ONN_NULL_NODE};
	if (!onn_pulse_begin(&c, g, "onn_pulse_meet", forward, medium, nodes) ||
	    !can_meet(&c, backward, slot))
		return onn_graph_status(g);
	size_t slots = onn_node_shape(g, forward)[1];
	if (onn_node_shape(g, backward)[1] != slots)
		onn_fail(g, ONN_ERROR_ARGUMENT, "%s: beams of %zu and %zu slots; expected as many",
		    c.function, slots, onn_node_shape(g, backward)[1]);
	if (g->status || !onn_pulse_has_slots(&c, slots, slot))
		return onn_graph_status(g);
	c.beams = 2;
	onn_pulse_rows p = onn_pulse_sizes(&c);
	p.slots = (uint32_t)slots;
	p.record = record;
	onn_attr attr = {.pulse = {p.model, p.cells, p.classes, 2, onn_pulse_is_lossy(&c), record}};
	onn_type type = medium->model == ONN_PULSE_BLOCH ? onn_type_complex(c.type) : c.type;
	onn_node beams[2] = {
	    onn_pulse_packed(&c, forward), onn_pulse_packed(&c, onn_cast(g, backward, type))};
	onn_node in[3] = {
	    onn_concat(g, beams, 2, 1), onn_pulse_state(&c, state), onn_pulse_parameters(&c, slot)};
	if (g->status)
		return onn_graph_status(g);
	onn_node all = onn_make(g, ONN_OP_PULSE, in, 3, &attr);
	size_t light = onn_pulse_rows_light(&p), size = onn_pulse_rows_state(&p);
	out->forward = onn_pulse_unpacked(&c, all, 0, slots);
	out->backward = onn_pulse_unpacked(&c, all, light / 2, slots);
	out->state = onn_slice(g, all, 1, (ptrdiff_t)light, size, 1);
	if (record)
		out->record = onn_reshape(g,
		    onn_slice(g, all, 1, (ptrdiff_t)(light + size), onn_pulse_rows_record(&p), 1),
		    3, (size_t[]){c.rows, slots + medium->cells, medium->cells});
	return onn_graph_status(g);
}
