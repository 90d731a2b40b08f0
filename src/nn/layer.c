/*
 * What layers of light have in common.
 */
#include "nn/layer.h"

#include <stdio.h>
#include <string.h>

#include "core/memory.h"
#include "nn/network.h"
#include "optics/element.h"

onn_node onn_phase_noise(const onn_layer_call *call, size_t ny, size_t nx, uint32_t stream)
{
	const onn_run_condition *c = call->pass->condition;
	onn_graph *g = call->g;
	if (c->damage.phase_noise == 0 || (!c->damaged && !c->step.id))
		return ONN_NULL_NODE;
	onn_node step = c->damaged ? onn_scalar(g, ONN_U32, 0) : c->step;
	onn_node noise =
	    onn_random_normal(g, call->pass->real, 2, (size_t[]){ny, nx}, c->seed, stream, step);
	return onn_mul_real(g, noise, c->damage.phase_noise);
}

bool onn_is_live(const onn_layer_call *call, const double *member, size_t count)
{
	for (size_t i = 0; i < call->nlive; i++)
		if (call->live[i].member >= member && call->live[i].member < member + count)
			return true;
	return false;
}

onn_node onn_live_number(const onn_layer_call *call, const double *member)
{
	for (size_t i = 0; i < call->nlive; i++)
		if (call->live[i].member == member)
			return call->live[i].node;
	return onn_scalar(call->g, ONN_F64, *member);
}

onn_node onn_phase_of_colours(onn_graph *g, onn_node phase, const onn_light *beam)
{
	if (beam->nwavelengths == 1)
		return phase;
	return onn_mul(g, phase, onn_over_wavelength(g, beam, beam->wavelength[0]));
}

void onn_flow_begin(onn_flow *flow, onn_graph *g, onn_field field)
{
	size_t shape[ONN_MAX_DIMS] = {1}, ndim;
	if (onn_graph_status(g) || !field.e.id)
		return;
	ndim = onn_node_ndim(g, field.e);
	memcpy(shape + 1, onn_node_shape(g, field.e), ndim * sizeof *shape);
	flow->x = onn_reshape(g, field.e, ndim + 1, shape);
	flow->lit = onn_whole(&field.grid);
}

onn_grid onn_grid_seen_from(const onn_grid *grid, const double at[2])
{
	onn_grid seen = *grid;
	seen.y0 -= at[0];
	seen.x0 -= at[1];
	return seen;
}

/* Rows and columns of the last two axes. */
static onn_node cut(onn_graph *g, onn_node x, const onn_region *r)
{
	return onn_slice(g, onn_slice(g, x, -2, r->y, r->ny, 1), -1, r->x, r->nx, 1);
}

void onn_flow_times(onn_flow *flow, onn_graph *g, onn_node transmission)
{
	flow->x = onn_mul(g, flow->x, cut(g, transmission, &flow->lit));
}

/* The part of `of` that `region` has, and where it is in both; false where they do not meet. */
static bool meet(
    onn_region *in_of, onn_region *in_region, const onn_region *of, const onn_region *region)
{
	size_t y0 = of->y > region->y ? of->y : region->y,
	       x0 = of->x > region->x ? of->x : region->x;
	size_t y1 = of->y + of->ny, x1 = of->x + of->nx;
	y1 = region->y + region->ny < y1 ? region->y + region->ny : y1;
	x1 = region->x + region->nx < x1 ? region->x + region->nx : x1;
	if (y0 >= y1 || x0 >= x1)
		return false;
	*in_of = (onn_region){y0 - of->y, x0 - of->x, y1 - y0, x1 - x0};
	*in_region = (onn_region){y0 - region->y, x0 - region->x, y1 - y0, x1 - x0};
	return true;
}

/* x of region `lit` as one of `region`: cut, or with zeros around it. */
static onn_node fit(onn_graph *g, onn_node x, const onn_region *lit, const onn_region *region)
{
	onn_region from, to;
	if (memcmp(lit, region, sizeof *lit) == 0)
		return x;
	if (!meet(&from, &to, lit, region)) {
		/* no light: zeros of the region's size */
		from = (onn_region){0, 0, 1, 1};
		to = from;
		x = onn_mul_real(g, x, 0);
	}
	x = cut(g, x, &from);
	x = onn_pad(g, x, -2, to.y, region->ny - to.y - to.ny);
	return onn_pad(g, x, -1, to.x, region->nx - to.x - to.nx);
}

onn_region onn_looks_at_whole(const onn_layer_call *call) { return onn_whole(&call->in.grid); }

void onn_flow_widen(onn_flow *flow, onn_graph *g)
{
	const onn_region whole = onn_whole(&flow->is.grid);
	if (onn_graph_status(g) || !flow->x.id)
		return;
	flow->x = fit(g, flow->x, &flow->lit, &whole);
	flow->lit = whole;
}

onn_node onn_flow_intensity(const onn_flow *flow, onn_graph *g, const onn_region *region)
{
	if (onn_graph_status(g) || !flow->x.id)
		return ONN_NULL_NODE;
	onn_node x = fit(g, flow->x, &flow->lit, region);
	if (!x.id)
		return ONN_NULL_NODE;
	bool complex = onn_type_is_complex(onn_node_type(g, x));
	x = complex ? onn_abs2(g, x) : onn_square(g, x);
	if (flow->is.beam.nwavelengths > 1)
		x = onn_sum(g, x, (int[]){-3}, 1, false);
	return onn_of_images(g, flow->images, x);
}

onn_node onn_of_images(onn_graph *g, onn_node images, onn_node x)
{
	if (onn_graph_status(g) || !images.id || !x.id)
		return x;
	const size_t *shape = onn_node_shape(g, x);
	size_t n = shape[0], ny = shape[1], nx = shape[2], batch = onn_node_shape(g, images)[0];
	onn_node flat = onn_reshape(g, x, 2, (size_t[]){n, ny * nx});
	return onn_reshape(g, onn_matmul(g, images, flat), 3, (size_t[]){batch, ny, nx});
}

onn_field onn_bright_field(onn_graph *g, const onn_signal *light)
{
	size_t shape[3], n = 0;
	if (light->beam.nwavelengths > 1)
		shape[n++] = light->beam.nwavelengths;
	shape[n++] = light->grid.ny;
	shape[n++] = light->grid.nx;
	onn_node one = onn_broadcast(g, onn_scalar(g, light->beam.type, 1), n, shape);
	return onn_field_of(g, one, &light->grid, &light->beam);
}

onn_node onn_part_of(onn_graph *g, onn_node x, onn_node y)
{
	if (onn_graph_status(g) || !y.id)
		return ONN_NULL_NODE;
	return onn_div(g, x, onn_max(g, y, onn_scalar(g, onn_node_type(g, y), 1e-30)));
}

/* ---- what a layer gave ---- */

static bool is_within(const onn_region *r, const onn_grid *grid)
{
	return r->ny <= grid->ny && r->y <= grid->ny - r->ny && r->nx <= grid->nx &&
	       r->x <= grid->nx - r->nx;
}

/* Whether x is a batch of what the flow is said to be. */
static bool is_as_said(const onn_flow *flow, const onn_graph *g, onn_type real)
{
	const onn_signal *s = &flow->is;
	const size_t *shape = onn_node_shape(g, flow->x);
	size_t ndim = onn_node_ndim(g, flow->x);
	onn_type type = onn_node_type(g, flow->x);
	if (!s->light)
		return type == real && ndim == s->ndim + 1 &&
		       memcmp(shape + 1, s->shape, s->ndim * sizeof *shape) == 0;
	size_t before = s->beam.nwavelengths > 1 ? 2 : 1;
	return ndim == before + 2 && (before == 1 || shape[1] == s->beam.nwavelengths) &&
	       shape[before] == flow->lit.ny && shape[before + 1] == flow->lit.nx &&
	       is_within(&flow->lit, &s->grid) && onn_type_real(type) == real;
}

const char *onn_flow_fault(
    char *text, size_t room, const onn_flow *flow, const onn_graph *g, onn_type real)
{
	char gave[96], is[128];
	if (onn_graph_status(g) || (flow->x.id && is_as_said(flow, g, real)))
		return NULL;
	onn_signal_text(is, sizeof is, &flow->is);
	if (flow->x.id)
		snprintf(text, room, "its forward gave %s of %s; expected a batch of %s, of %s",
		    onn_shape_text(
		        gave, sizeof gave, onn_node_ndim(g, flow->x), onn_node_shape(g, flow->x)),
		    onn_type_name(onn_node_type(g, flow->x)), is, onn_type_name(real));
	else
		snprintf(text, room, "its forward gave no node; expected a batch of %s", is);
	return text;
}
