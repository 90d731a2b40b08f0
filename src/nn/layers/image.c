/* A source: a picture, or a field, from a file. */
#include <math.h>

#include "core/error.h"
#include "nn/layers/placed.h"
#include "nn/layers/plate.h"
#include "nn/network.h"

typedef enum image_as { AMPLITUDE, INTENSITY, PHASE, COMPLEX } image_as;
static const char *const as_list[] = {"amplitude", "intensity", "phase", "complex"};
static const onn_words meanings = {as_list, 4, AMPLITUDE, NULL, 0};

typedef struct image {
	char file[512];
	image_as as;
	double side;
} image;

static const onn_setting rows[] = {
    {ONN_SETTING("file", TEXT, image, file), .length = 512},
    {ONN_SETTING("as", WORD, image, as), .words = &meanings},
    {ONN_SETTING("side", REAL, image, side), .low = 0, .high = INFINITY, .low_open = true,
        .unit = "m", .zero = "its pixels are the grid's"},
};

static onn_status check(const void *values)
{
	return ((const image *)values)->file[0]
	           ? ONN_OK
	           : onn_error(ONN_ERROR_ARGUMENT,
	                 "image: no file; expected the name of an .npy, .png or .tif");
}

static const onn_settings *image_settings(void)
{
	ONN_RETURN_SETTINGS("image", rows, image, check, {"", AMPLITUDE, 0});
}

static onn_status read_image(onn_array **array, const void *layer, const onn_weight *weight)
{
	const image *m = layer;
	return onn_placed_read(array, m->file, m->side, false, m->as == COMPLEX, &weight->grid);
}

static size_t weights(onn_weight *w, const void *layer, const onn_signal *in, size_t ordinal)
{
	const image *m = layer;
	*w = onn_placed_weight("image", ordinal, m->as == COMPLEX, &in->grid, read_image);
	return 1;
}

static void forward(onn_flow *flow, const onn_layer_call *call)
{
	const image *m = call->layer;
	onn_graph *g = call->g;
	onn_node e = call->weight[0];
	if (m->as == INTENSITY)
		e = onn_sqrt(g, onn_relu(g, e));
	else if (m->as == PHASE)
		e = onn_expi(g, e);
	else if (m->as == COMPLEX)
		e = onn_complex_of_parts(g, e, &call->out.grid);
	onn_field light = onn_bright_field(g, &call->out);
	onn_flow_begin(flow, g, onn_complex_plate(g, light, e));
}

const onn_layer_kind onn_image_layer = {sizeof(onn_layer_kind), "image",
    "a source: a picture, or a field, from a file", ONN_TAKES_NOTHING, image_settings,
    .weights = weights, .forward = forward, .differentiable = "wavelength"};
