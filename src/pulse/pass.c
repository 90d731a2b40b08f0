/*
 * A pulse through a medium as a node, packed and unpacked.
 */
#include <math.h>

#include "core/error.h"
#include "ops/op.h"
#include "pulse/medium.h"

onn_node onn_pulse_packed(const onn_pulse_call *c, onn_node light)
{
	onn_graph *g = c->g;
	bool complex = onn_type_is_complex(onn_node_type(g, light));
	if (c->medium->model == ONN_PULSE_RATE) {
		if (complex)
			return onn_fail(g, ONN_ERROR_ARGUMENT,
			    "%s: light is %s in the rate model; expected f32 or f64: fluences",
			    c->function, onn_type_name(onn_node_type(g, light)));
		return light;
	}
	light = onn_cast(g, light, onn_type_complex(c->type));
	return onn_concat(g, (onn_node[]){onn_real(g, light), onn_imag(g, light)}, 2, 1);
}

onn_node onn_pulse_unpacked(const onn_pulse_call *c, onn_node all, size_t at, size_t slots)
{
	onn_node light = onn_slice(c->g, all, 1, (ptrdiff_t)at, slots, 1);
	if (c->medium->model == ONN_PULSE_RATE)
		return light;
	return onn_complex(c->g, light, onn_slice(c->g, all, 1, (ptrdiff_t)(at + slots), slots, 1));
}

bool onn_pulse_has_slots(const onn_pulse_call *c, size_t slots, double slot)
{
	if (!c->nodes.slot.id && !(slot > 0 && isfinite(slot)))
		onn_fail(c->g, ONN_ERROR_ARGUMENT,
		    "%s: slot is %g; expected a finite duration above 0", c->function, slot);
	else if (slots == 0 || slots > UINT32_MAX / 4)
		onn_fail(c->g, ONN_ERROR_ARGUMENT, "%s: light has %zu slots; expected 1 or more",
		    c->function, slots);
	return c->g->status == ONN_OK;
}

bool onn_pulse_is_lossy(const onn_pulse_call *c)
{
	return c->medium->loss != 0 || c->medium->two_photon != 0 || c->nodes.loss.id ||
	       c->nodes.two_photon.id;
}

onn_status onn_pulse_pass(onn_pulse_passage *out, onn_graph *g, onn_node light, double slot,
    onn_node state, const onn_pulse_medium *medium, const onn_pulse_nodes *nodes, bool record)
{
	onn_pulse_call c;
	*out = (onn_pulse_passage){ONN_NULL_NODE, ONN_NULL_NODE, ONN_NULL_NODE};
	if (!onn_pulse_begin(&c, g, "onn_pulse_pass", light, medium, nodes))
		return onn_graph_status(g);
	size_t slots = onn_node_shape(g, light)[1];
	if (!onn_pulse_has_slots(&c, slots, slot))
		return onn_graph_status(g);
	onn_pulse_rows p = onn_pulse_sizes(&c);
	p.slots = (uint32_t)slots;
	p.record = record;
	onn_attr attr = {.pulse = {p.model, p.cells, p.classes, 1, false, record}};
	attr.pulse.lossy = onn_pulse_is_lossy(&c);
	onn_node in[3] = {onn_pulse_packed(&c, light), onn_pulse_state(&c, state),
	    onn_pulse_parameters(&c, slot)};
	if (g->status)
		return onn_graph_status(g);
	onn_node all = onn_make(g, ONN_OP_PULSE, in, 3, &attr);
	size_t at = onn_pulse_rows_light(&p), size = onn_pulse_rows_state(&p);
	out->light = onn_pulse_unpacked(&c, all, 0, slots);
	out->state = onn_slice(g, all, 1, (ptrdiff_t)at, size, 1);
	if (record)
		out->record = onn_reshape(g,
		    onn_slice(g, all, 1, (ptrdiff_t)(at + size), onn_pulse_rows_record(&p), 1), 3,
		    (size_t[]){c.rows, slots + 1, medium->cells});
	return onn_graph_status(g);
}
