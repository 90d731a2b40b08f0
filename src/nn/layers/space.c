/*
 * Free space. Of what comes from the lit part of the grid only what is looked at behind it is
 * computed: one filter step, whose prologue is what stands before it.
 */
#include <math.h>

#include <onn/fourier.h>

#include "core/error.h"
#include "nn/layers/space.h"
#include "nn/network.h"
#include "optics/request.h"
#include "optics/transfer.h"

#define ROW(name, kind, member) ONN_SETTING(name, kind, onn_space_values, member)
static const onn_setting rows[] = {
    {ROW("distance", REAL, distance), .low = 0, .high = INFINITY, .low_open = true, .unit = "m"},
    {ROW("padding", SIZE, padding), .low = 0, .high = 4 * 8192, .word = "half"},
    {ROW("method", WORD, method), .words = &onn_method_words},
    {ROW("evanescent", WORD, evanescent), .words = &onn_evanescent_words},
    {ROW("pitch", REAL, pitch), .low = 0, .high = INFINITY, .low_open = true, .unit = "m",
        .length = 2, .zero = "the grid's", .needs = "method=scaled", .late = true},
};

const onn_settings *onn_space_settings(void)
{
	ONN_RETURN_SETTINGS("space", rows, onn_space_values, NULL,
	    {29e-3, ONN_D2NN_PADDING_HALF, ONN_METHOD_ASM, ONN_EVANESCENT_DECAY, {0, 0}});
}

static void padding_of(size_t pad[2], const onn_space_values *s, const onn_grid *grid)
{
	bool half = s->padding == ONN_D2NN_PADDING_HALF;
	pad[0] = half ? grid->ny / 2 : s->padding;
	pad[1] = half ? grid->nx / 2 : s->padding;
}

/* The far field, and a pitch of one's own, have another grid. */
static onn_status shape(onn_signal *s, const void *layer, const onn_network_options *network)
{
	const onn_space_values *v = layer;
	onn_grid *grid = &s->grid;
	double lambda = s->beam.wavelength[0];
	(void)network;
	if (v->method == ONN_METHOD_FRAUNHOFER)
		*grid = (onn_grid){grid->ny, grid->nx,
		    lambda * v->distance / ((double)grid->ny * grid->dy),
		    lambda * v->distance / ((double)grid->nx * grid->dx), 0, 0};
	if (v->method == ONN_METHOD_SCALED) {
		grid->dy = v->pitch[0] > 0 ? v->pitch[0] : grid->dy;
		grid->dx = v->pitch[1] > 0 ? v->pitch[1] : grid->dx;
	}
	return onn_grid_check(grid);
}

/* auto: the angular spectrum, within the band that its H is sampled in where it is not all. */
static onn_method method_of(const onn_space_values *s, const onn_signal *light)
{
	onn_propagation how = ONN_PROPAGATION_INIT;
	onn_sampling sampling;
	size_t pad[2];
	if (s->method != ONN_METHOD_AUTO)
		return s->method;
	padding_of(pad, s, &light->grid);
	how.method = ONN_METHOD_ASM;
	how.evanescent = s->evanescent;
	how.pad[0] = (ptrdiff_t)pad[0];
	how.pad[1] = (ptrdiff_t)pad[1];
	onn_status status =
	    onn_propagation_choose(&sampling, &light->grid, &light->beam, s->distance, &how);
	return status || sampling.enough ? ONN_METHOD_ASM : ONN_METHOD_BAND_LIMITED;
}

static onn_region looks_at(const onn_layer_call *call) { return onn_whole(&call->in.grid); }

/* Methods that are no filter on one grid: from all of the grid to all of it. */
static void go_anyhow(onn_flow *flow, const onn_layer_call *call, const onn_space_values *s)
{
	const onn_grid *in = &call->in.grid;
	const onn_region *lit = &flow->lit, *to = &call->need;
	onn_propagation how = ONN_PROPAGATION_INIT;
	onn_graph *g = call->g;
	size_t pad[2];
	padding_of(pad, s, in);
	how.method = s->method;
	how.evanescent = s->evanescent;
	how.pad[0] = (ptrdiff_t)pad[0];
	how.pad[1] = (ptrdiff_t)pad[1];
	if (s->method == ONN_METHOD_SCALED)
		how.to = call->out.grid;
	onn_node x = onn_cast(g, flow->x, call->pass->complex);
	x = onn_pad(g, x, -2, lit->y, in->ny - lit->y - lit->ny);
	x = onn_pad(g, x, -1, lit->x, in->nx - lit->x - lit->nx);
	onn_field field = onn_field_of(g, x, in, &call->in.beam);
	x = onn_propagate(g, field, s->distance, &how).e;
	x = onn_slice(g, x, -2, to->y, to->ny, 1);
	flow->x = onn_slice(g, x, -1, to->x, to->nx, 1);
	flow->lit = *to;
}

static void forward(onn_flow *flow, const onn_layer_call *call)
{
	const onn_space_values *s = call->layer;
	size_t pad[2];
	if (s->method > ONN_METHOD_FRESNEL) {
		go_anyhow(flow, call, s);
		return;
	}
	onn_transfer t;
	padding_of(pad, s, &flow->is.grid);
	onn_transfer_request(&t, &flow->is.grid, &flow->is.beam, method_of(s, &flow->is),
	    s->evanescent, pad, s->distance);
	size_t at[2] = {pad[0] + flow->lit.y, pad[1] + flow->lit.x};
	const onn_region *to = &call->need;
	onn_window keep = {{pad[0] + to->y, pad[1] + to->x}, {to->ny, to->nx}};
	flow->x = onn_filter(call->g, flow->x, onn_transfer_node(call->g, &t), at, &keep);
	flow->lit = *to;
}

const onn_layer_kind onn_space_layer = {sizeof(onn_layer_kind), "space", "free space",
    ONN_TAKES_LIGHT, onn_space_settings, .shape = shape, .looks_at = looks_at, .forward = forward,
    .differentiable = "distance wavelength"};

onn_status onn_network_sampling(onn_sampling *sampling, const onn_network *network, size_t i)
{
	onn_signal light;
	onn_status status =
	    onn_network_layer_of(&light, "onn_network_sampling", network, i, onn_space_layer.name);
	if (status)
		return status;
	const onn_space_values *s = network->layer[i].values;
	onn_propagation how = ONN_PROPAGATION_INIT;
	size_t pad[2];
	padding_of(pad, s, &light.grid);
	how.method = method_of(s, &light);
	how.evanescent = s->evanescent;
	how.pad[0] = (ptrdiff_t)pad[0];
	how.pad[1] = (ptrdiff_t)pad[1];
	how.to = light.grid;
	if (s->method == ONN_METHOD_SCALED && s->pitch[0] > 0) {
		how.to.dy = s->pitch[0];
		how.to.dx = s->pitch[1];
	}
	return onn_propagation_choose(sampling, &light.grid, &light.beam, s->distance, &how);
}
