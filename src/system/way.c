/*
 * Light on its way through a system, as a graph: a batch of modes, which do not interfere.
 */
#include <math.h>

#include "core/element.h"
#include "core/error.h"
#include "nn/layers/space.h"
#include "optics/element.h"
#include "system/system.h"

/* The numbers that a layer has from files. */
static bool read_weights(onn_node *leaf, onn_way *way, size_t i, const onn_signal *in)
{
	onn_weight weight[ONN_LAYER_MAX_WEIGHTS];
	const onn_item *item = &way->system->item[i];
	size_t count = onn_layer_weights(weight, item->kind, item->values, in, 0);
	onn_status status = ONN_OK;
	for (size_t k = 0; k < count && !status; k++) {
		onn_array *read = NULL;
		if (weight[k].begin != ONN_BEGIN_FILE) /* no kind of a system has such */
			return onn_fail(
			    way->g, ONN_ERROR_UNSUPPORTED, "%s: what is learnt", item->name)
			    .id;
		status = weight[k].read(&read, item->values, &weight[k]);
		if (!status)
			status = onn_round_table(&read, onn_type_real(in->beam.type));
		if (!status)
			leaf[k] = onn_constant(way->g, read);
		onn_array_destroy(read);
	}
	if (status)
		onn_fail(way->g, status, "%s: %s", item->name, onn_last_error());
	return !status && onn_graph_status(way->g) == ONN_OK;
}

/* What all of a network's layers share, of a system that is as it was designed. */
static void call_layer(onn_way *way, size_t i, onn_flow *flow)
{
	static const onn_run_condition as_designed = {.damaged = false};
	const onn_signal *in = &way->signal[i], *out = &way->signal[i + 1];
	onn_node leaf[ONN_LAYER_MAX_WEIGHTS];
	onn_pass pass = {.real = onn_type_real(in->beam.type),
	    .complex = in->beam.type,
	    .condition = &as_designed};
	onn_layer_call call = {.layer = way->system->item[i].values,
	    .g = way->g,
	    .pass = &pass,
	    .weight = leaf,
	    .in = *in,
	    .out = *out,
	    .need = onn_whole(&out->grid),
	    .live = way->live,
	    .nlive = way->nlive,
	    .wavelength = way->wavelength};
	char fault[320];
	if (!read_weights(leaf, way, i, in))
		return;
	way->system->item[i].kind->forward(flow, &call);
	flow->is = *out;
	if (onn_flow_fault(fault, sizeof fault, flow, way->g, pass.real))
		flow->x = onn_fail(
		    way->g, ONN_ERROR_ARGUMENT, "%s: %s", way->system->item[i].name, fault);
}

/* ---- sources ---- */

/* Powers are shares: the light of all colours is as bright as that of one. */
static onn_node in_colours(
    onn_graph *g, const onn_system_options *o, const onn_signal *out, onn_node x)
{
	double amplitude[ONN_MAX_WAVELENGTHS], all = 0;
	if (o->nwavelengths == 1)
		return x;
	for (size_t i = 0; i < o->nwavelengths; i++)
		all += o->npowers ? o->power[i] : 1;
	for (size_t i = 0; i < o->nwavelengths; i++)
		amplitude[i] = sqrt((o->npowers ? o->power[i] : 1) / all);
	return onn_mul(g, x, onn_by_wavelength(g, &out->beam, amplitude));
}

/* Light of another source beside that which is there: it interferes with it, or is a mode more. */
static void add_source(onn_way *way, size_t i)
{
	const onn_system_options *o = &way->system->options;
	onn_flow flow = {.is = way->signal[i + 1]};
	onn_node x = way->flow.x;
	call_layer(way, i, &flow);
	flow.x = in_colours(way->g, o, &way->signal[i + 1], flow.x);
	if (x.id && o->incoherent)
		flow.x = onn_concat(way->g, (onn_node[]){x, flow.x}, 2, 0);
	else if (x.id)
		flow.x = onn_add(way->g, x, flow.x);
	way->flow = flow;
}

/* ---- gaps ---- */

static onn_node live_of(const onn_way *way, const double *member)
{
	for (size_t i = 0; i < way->nlive; i++)
		if (way->live[i].member == member)
			return way->live[i].node;
	return (onn_node){0};
}

void onn_way_gap(onn_propagation *how, const onn_way *way, size_t i)
{
	const onn_item *item = &way->system->item[i];
	const onn_space_values *v = item->values;
	const onn_signal *in = &way->signal[i], *out = &way->signal[i + 1];
	onn_propagation h = ONN_PROPAGATION_INIT;
	onn_sampling sampling;
	h.method = v->method;
	h.evanescent = v->evanescent;
	bool half = v->padding == ONN_D2NN_PADDING_HALF;
	h.pad[0] = h.pad[1] = half ? ONN_PAD_HALF : (ptrdiff_t)v->padding;
	h.distance = live_of(way, &v->distance);
	h.wavelength = way->wavelength;
	if (v->method == ONN_METHOD_SCALED)
		h.to = out->grid;
	if (v->method == ONN_METHOD_AUTO && item->settled) {
		h.method = item->method;
		h.pad[0] = (ptrdiff_t)item->pad[0];
		h.pad[1] = (ptrdiff_t)item->pad[1];
	}
	/* a distance that is a node needs a filter */
	if ((h.distance.id || h.wavelength.id) && v->method == ONN_METHOD_AUTO) {
		h.method = ONN_METHOD_ASM;
		onn_propagation rule = h;
		rule.distance = rule.wavelength = (onn_node){0};
		if (!onn_propagation_choose(&sampling, &in->grid, &in->beam, v->distance, &rule) &&
		    !sampling.enough)
			h.method = ONN_METHOD_BAND_LIMITED;
	}
	*how = h;
}

static void cross_gap(onn_way *way, size_t i)
{
	const onn_space_values *v = way->system->item[i].values;
	const onn_signal *in = &way->signal[i];
	onn_propagation how;
	onn_way_gap(&how, way, i);
	onn_field field = onn_field_of(way->g, way->flow.x, &in->grid, &in->beam);
	field = onn_propagate(way->g, field, v->distance, &how);
	way->flow.x = field.e;
	way->flow.lit = onn_whole(&way->signal[i + 1].grid);
}

/* ---- all ---- */

void onn_way_pass(onn_way *way, size_t i)
{
	const onn_item *item = &way->system->item[i];
	way->flow.is = way->signal[i];
	if (item->kind->takes == ONN_TAKES_NOTHING)
		add_source(way, i);
	else if (item->kind == &onn_space_layer)
		cross_gap(way, i);
	else if (item->kind != &onn_camera_layer)
		call_layer(way, i, &way->flow);
	way->flow.is = way->signal[i + 1];
}

onn_node onn_way_intensity(onn_graph *g, onn_node e)
{
	int axes[ONN_MAX_DIMS];
	if (onn_graph_status(g) || !e.id)
		return ONN_NULL_NODE;
	size_t ndim = onn_node_ndim(g, e);
	for (size_t i = 0; i + 2 < ndim; i++)
		axes[i] = (int)i;
	return onn_sum(g, onn_abs2(g, e), axes, ndim - 2, false);
}
