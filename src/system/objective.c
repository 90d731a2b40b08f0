/*
 * What an optimisation makes small, as a graph of a camera's intensity.
 */
#include "core/error.h"
#include "optics/element.h"
#include "system/system.h"

onn_status onn_objective_camera(size_t *item, const onn_system *s)
{
	const char *name = s->objective.camera;
	*item = SIZE_MAX;
	for (size_t i = 0; i < s->count && !name[0]; i++)
		if (s->item[i].kind == &onn_camera_layer)
			*item = i;
	if (name[0])
		*item = onn_system_find(s, name);
	if (*item != SIZE_MAX && s->item[*item].kind == &onn_camera_layer)
		return ONN_OK;
	return onn_error(ONN_ERROR_ARGUMENT, "objective: there is no camera%s%s; expected one",
	    name[0] ? " " : "", name);
}

/* The power in the camera's region, over that of the sources. */
static onn_node share(
    onn_graph *g, const onn_watch *w, onn_node intensity, const onn_grid *grid, onn_node power)
{
	onn_type type = onn_node_type(g, intensity);
	if (w->radius > 0)
		intensity = onn_mul(
		    g, intensity, onn_circular_mask(g, type, grid, w->radius, w->at[0], w->at[1]));
	onn_node sum = onn_mul_real(g, onn_sum(g, intensity, NULL, 0, false), grid->dy * grid->dx);
	return onn_div(g, sum, power);
}

/* The standard deviation along an axis, in pixels. */
static onn_node variance(onn_graph *g, onn_node intensity, const onn_grid *grid, int axis)
{
	onn_type type = onn_node_type(g, intensity);
	onn_node at = axis ? onn_grid_x(g, type, grid) : onn_grid_y(g, type, grid);
	at = onn_mul_real(g, at, 1 / onn_grid_pitch(grid, axis));
	onn_node sum = onn_sum(g, intensity, NULL, 0, false);
	onn_node mean = onn_div(g, onn_sum(g, onn_mul(g, intensity, at), NULL, 0, false), sum);
	onn_node off = onn_square(g, onn_sub(g, at, mean));
	return onn_div(g, onn_sum(g, onn_mul(g, intensity, off), NULL, 0, false), sum);
}

static onn_node overlap(onn_graph *g, const onn_watch *w, onn_node intensity, const onn_grid *grid)
{
	onn_array *target;
	onn_type type = onn_node_type(g, intensity);
	onn_status status = onn_watch_target(&target, w, grid);
	if (!status && !target)
		status = onn_error(ONN_ERROR_ARGUMENT,
		    "objective: overlap of a camera without a target; expected \"target\"");
	if (!status)
		status = onn_round_table(&target, type);
	if (status) {
		onn_array_destroy(target);
		return onn_fail(g, status, "%s", onn_last_error());
	}
	onn_node t = onn_constant(g, target);
	onn_array_destroy(target);
	onn_node both = onn_sum(g, onn_mul(g, intensity, t), NULL, 0, false);
	onn_node squares = onn_mul(g, onn_sum(g, onn_square(g, intensity), NULL, 0, false),
	    onn_sum(g, onn_square(g, t), NULL, 0, false));
	return onn_div(g, both, onn_sqrt(g, squares));
}

onn_node onn_objective_loss(onn_graph *g, const onn_system *s, size_t item, onn_node intensity,
    const onn_grid *grid, onn_node power)
{
	const onn_watch *w = &s->item[item].watch;
	const onn_objective *o = &s->objective;
	if (onn_graph_status(g) || !intensity.id)
		return ONN_NULL_NODE;
	if (o->maximize == ONN_MAXIMIZE_POWER)
		return onn_neg(g, share(g, w, intensity, grid, power));
	if (o->maximize == ONN_MAXIMIZE_PEAK)
		return onn_neg(g, onn_reduce_max(g, intensity, NULL, 0, false));
	if (o->maximize == ONN_MAXIMIZE_OVERLAP)
		return onn_neg(g, overlap(g, w, intensity, grid));
	if (o->minimize == ONN_MINIMIZE_POWER)
		return share(g, w, intensity, grid, power);
	return onn_sqrt(
	    g, onn_add(g, variance(g, intensity, grid, 0), variance(g, intensity, grid, 1)));
}
