/*
 * Looking into a network of light: what its detectors read, and the light at each of its planes.
 */
#include <string.h>

#include "core/error.h"
#include "nn/model.h"

static const onn_run_condition as_designed = {.damaged = false};

static void build_readings(onn_node *output, const onn_model *model, onn_graph *g, onn_node x)
{
	onn_node leaf[ONN_MODEL_MAX_WEIGHTS];
	onn_pass pass = {
	    .network = onn_model_network(model), .condition = &as_designed, .fractions = true};
	onn_model_leaves(model, g, leaf);
	output[0] = onn_pass_forward(&pass, g, x, leaf);
	output[1] = pass.readings;
}

static onn_status no_model(const char *function)
{
	return onn_error(ONN_ERROR_ARGUMENT, "%s: no model; expected one", function);
}

onn_status onn_model_readings(onn_array **output, onn_array **fraction, const onn_model *model,
    onn_device *device, const onn_array *x, double scale)
{
	static const char *const function = "onn_model_readings";
	static const onn_reading reading = {2, build_readings};
	onn_array *result[2] = {NULL, NULL};
	onn_status status = ONN_OK;
	if (!model)
		status = no_model(function);
	else if (onn_network_find(onn_model_network(model), "detect", 0) == SIZE_MAX)
		status = onn_error(ONN_ERROR_ARGUMENT,
		    "%s: the network has no detectors; expected a layer detect", function);
	if (!status)
		status = onn_model_read(result, function, &reading, model, device, x, scale);
	*output = result[0];
	*fraction = result[1];
	return status;
}

/* ---- planes ---- */

/* Light is looked at where it begins and where it has travelled. */
static bool is_plane(const onn_network *n, size_t i)
{
	return strcmp(onn_network_kind(n, i), "encode") == 0 ||
	       strcmp(onn_network_kind(n, i), "space") == 0;
}

typedef struct planes {
	const onn_network *network;
	onn_node node[ONN_NETWORK_MAX_LAYERS];
	size_t count;
} planes;

static void look(void *user, onn_graph *g, size_t layer, const onn_flow *flow)
{
	planes *p = user;
	if (!is_plane(p->network, layer) || onn_graph_status(g) || !flow->x.id)
		return;
	const onn_grid *grid = &flow->is.grid;
	onn_region whole = onn_whole(grid);
	onn_node intensity = onn_flow_intensity(flow, g, &whole);
	if (onn_graph_status(g) || !intensity.id)
		return;
	size_t batch = onn_node_shape(g, intensity)[0];
	p->node[p->count++] =
	    onn_reshape(g, intensity, 4, (size_t[]){batch, 1, grid->ny, grid->nx});
}

static void build_planes(onn_node *output, const onn_model *model, onn_graph *g, onn_node x)
{
	onn_node leaf[ONN_MODEL_MAX_WEIGHTS];
	planes p = {.network = onn_model_network(model)};
	onn_pass pass = {.network = p.network,
	    .condition = &as_designed,
	    .whole = true,
	    .look = look,
	    .user = &p};
	onn_model_leaves(model, g, leaf);
	onn_pass_forward(&pass, g, x, leaf);
	output[0] = onn_concat(g, p.node, p.count, 1);
}

/* Planes make one array: they have to be of one size. */
static onn_status check_planes(const char *function, const onn_network *n)
{
	onn_signal s, first = {0};
	onn_status status = ONN_OK;
	for (size_t i = 0; i < n->count && !status; i++) {
		if (!is_plane(n, i))
			continue;
		status = onn_network_signal(&s, n, i + 1);
		if (!first.light)
			first = s;
		if (!status && (s.grid.ny != first.grid.ny || s.grid.nx != first.grid.nx))
			return onn_error(ONN_ERROR_ARGUMENT,
			    "%s: planes of %zu x %zu and of %zu x %zu pixels; expected one size",
			    function, first.grid.ny, first.grid.nx, s.grid.ny, s.grid.nx);
	}
	if (!status && !first.light)
		status = onn_error(ONN_ERROR_ARGUMENT,
		    "%s: no light flows in the network; expected layers of light", function);
	return status;
}

onn_status onn_model_planes(onn_array **intensity, const onn_model *model, onn_device *device,
    const onn_array *x, double scale)
{
	static const char *const function = "onn_model_planes";
	static const onn_reading reading = {1, build_planes};
	*intensity = NULL;
	if (!model)
		return no_model(function);
	onn_status status = check_planes(function, onn_model_network(model));
	return status ? status
	              : onn_model_read(intensity, function, &reading, model, device, x, scale);
}
