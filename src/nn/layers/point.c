/*
 * A source: a point, or points all over a disc, which do not interfere with each other: partly
 * coherent light.
 */
#include <math.h>
#include <stdlib.h>

#include "core/error.h"
#include "nn/layer.h"

enum { MOST_POINTS = 4096 };

typedef struct point {
	double distance, at[2], size;
	size_t points;
} point;

static const onn_setting rows[] = {
    {ONN_SETTING("distance", REAL, point, distance), .unit = "m"},
    {ONN_SETTING("at", REAL, point, at), .unit = "m", .length = 2},
    {ONN_SETTING("size", REAL, point, size), .low = 0, .high = INFINITY, .unit = "m"},
    {ONN_SETTING("points", SIZE, point, points), .low = 1, .high = MOST_POINTS},
};

static onn_status check(const void *values)
{
	const point *p = values;
	if (p->distance == 0)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "point: distance is 0; expected metres from the point, < 0 where light "
		    "converges to it");
	return (p->points > 1) == (p->size > 0)
	           ? ONN_OK
	           : onn_error(ONN_ERROR_ARGUMENT,
	                 "point: %zu points on a disc of %g m; expected one of size 0, or several "
	                 "of a size above 0",
	                 p->points, p->size);
}

static const onn_settings *point_settings(void)
{
	ONN_RETURN_SETTINGS("point", rows, point, check, {0.1, {0, 0}, 0, 1});
}

/* Point i of n over the disc, each with the same area, as the seeds of a sunflower stand. */
static void place(double at[2], const point *p, size_t i)
{
	const double golden = 2.39996322972865332;
	double r = p->size / 2 * sqrt(((double)i + .5) / (double)p->points);
	bool one = p->points == 1;
	at[0] = p->at[0] + (one ? 0 : r * sin((double)i * golden));
	at[1] = p->at[1] + (one ? 0 : r * cos((double)i * golden));
}

static onn_status sampling(onn_phase_sampling *s, const void *layer, const onn_signal *light)
{
	const point *p = layer;
	return onn_point_source_sampling(
	    s, &light->grid, &light->beam, p->at[0], p->at[1], p->distance);
}

/* All points together are as bright as one. */
static void forward(onn_flow *flow, const onn_layer_call *call)
{
	const point *p = call->layer;
	onn_graph *g = call->g;
	onn_node *mode = malloc(p->points * sizeof *mode);
	double at[2];
	if (!mode) {
		onn_fail(g, ONN_ERROR_MEMORY, "point: no memory for %zu points", p->points);
		return;
	}
	for (size_t i = 0; i < p->points && !onn_graph_status(g); i++) {
		place(at, p, i);
		onn_flow_begin(flow, g,
		    onn_point_source(
		        g, &call->out.grid, &call->out.beam, at[0], at[1], p->distance));
		mode[i] = flow->x;
	}
	if (p->points > 1)
		flow->x =
		    onn_mul_real(g, onn_concat(g, mode, p->points, 0), 1 / sqrt((double)p->points));
	free(mode);
}

const onn_layer_kind onn_point_layer = {sizeof(onn_layer_kind), "point",
    "a source: a point, or points over a disc that do not interfere", ONN_TAKES_NOTHING,
    point_settings, .forward = forward, .sampling = sampling};
