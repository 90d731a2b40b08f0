/*
 * What a network makes of some images, a fixed number of rows at a time.
 */
#include <math.h>
#include <string.h>

#include <onn/model.h>
#include <onn/plan.h>

#include "core/error.h"
#include "core/memory.h"
#include "nn/model.h"

enum { MOST_ROWS = 512, MOST_OUTPUTS = 4 };

typedef struct predictor {
	const char *function;
	const onn_model *model;
	const onn_reading *reading;
	onn_type type;
	size_t rows, pixels;
	onn_plan *plan;
	onn_tensor *x;
	onn_tensor *weight[ONN_MODEL_MAX_WEIGHTS];
} predictor;

static void predictor_clear(predictor *p)
{
	onn_plan_destroy(p->plan);
	onn_tensor_destroy(p->x);
	for (size_t i = 0; i < onn_model_count(p->model); i++)
		onn_tensor_destroy(p->weight[i]);
}

static onn_status predictor_open(predictor *p, onn_device *device)
{
	onn_graph *g;
	onn_node y[MOST_OUTPUTS];
	onn_status status = onn_graph_create(&g);
	if (status)
		return status;
	size_t shape[2] = {p->rows, p->pixels};
	onn_node x = onn_variable(g, "x", p->type, 2, shape);
	p->reading->build(y, p->model, g, x);
	status = onn_plan_create(&p->plan, device, g, y, p->reading->count, NULL);
	onn_graph_destroy(g);
	if (!status)
		status = onn_tensor_create(&p->x, device, p->type, 2, shape);
	if (!status)
		status = onn_plan_bind(p->plan, "x", p->x);
	for (size_t i = 0; i < onn_model_count(p->model) && !status; i++) {
		status = onn_tensor_from_array(
		    &p->weight[i], device, onn_model_const_weight(p->model, i));
		if (!status)
			status = onn_plan_bind(p->plan, onn_model_name(p->model, i), p->weight[i]);
	}
	return status;
}

/* Images to rows of the model's precision in [0, input_maximum]; rows past the last image are 0. */
static void fill(const predictor *p, void *to, const onn_array *from, size_t first, size_t count)
{
	size_t row = p->pixels * onn_type_size(p->type);
	memcpy(to, (const char *)onn_array_const_data(from) + first * row, count * row);
	memset((char *)to + count * row, 0, (p->rows - count) * row);
}

static void scale_pixels(onn_array *x, double factor)
{
	size_t n = onn_array_count(x);
	if (onn_array_type(x) == ONN_F32)
		for (size_t i = 0; i < n; i++)
			((float *)onn_array_data(x))[i] *= (float)factor;
	else
		for (size_t i = 0; i < n; i++)
			((double *)onn_array_data(x))[i] *= factor;
}

static onn_status create_outputs(const predictor *p, onn_array **output, size_t images)
{
	onn_status status = ONN_OK;
	for (size_t i = 0; i < p->reading->count && !status; i++) {
		const onn_tensor *t = onn_plan_output(p->plan, i);
		size_t shape[ONN_MAX_DIMS], ndim = onn_tensor_ndim(t);
		memcpy(shape, onn_tensor_shape(t), ndim * sizeof *shape);
		shape[0] = images;
		status = onn_array_create(&output[i], p->type, ndim, shape);
	}
	return status;
}

/* Rows of one output to where they belong; the last ones may be of no image. */
static onn_status keep_rows(
    const predictor *p, onn_array *output, size_t i, size_t first, size_t count)
{
	const onn_tensor *t = onn_plan_output(p->plan, i);
	size_t bytes = onn_tensor_count(t) * onn_type_size(p->type), row = bytes / p->rows;
	char *to = (char *)onn_array_data(output) + first * row;
	if (count == p->rows)
		return onn_tensor_read(to, t, bytes);
	char *all = onn_aligned_alloc(bytes);
	onn_status status =
	    all ? onn_tensor_read(all, t, bytes) : onn_error_memory(p->function, bytes);
	if (!status)
		memcpy(to, all, count * row);
	onn_aligned_free(all);
	return status;
}

static onn_status run_chunks(predictor *p, onn_array **output, const onn_array *x, size_t images)
{
	size_t bytes = p->rows * p->pixels * onn_type_size(p->type);
	char *in = onn_aligned_alloc(bytes);
	onn_status status = in ? ONN_OK : onn_error_memory(p->function, bytes);
	for (size_t first = 0; first < images && !status; first += p->rows) {
		size_t count = images - first < p->rows ? images - first : p->rows;
		fill(p, in, x, first, count);
		status = onn_tensor_write(p->x, in, bytes);
		if (!status)
			status = onn_plan_run(p->plan);
		for (size_t i = 0; i < p->reading->count && !status; i++)
			status = keep_rows(p, output[i], i, first, count);
	}
	onn_aligned_free(in);
	return status;
}

static onn_status check_images(const predictor *p, const onn_array *x, double scale)
{
	size_t ndim = onn_array_ndim(x), pixels = 1;
	char text[96];
	for (size_t i = 1; i < ndim; i++)
		pixels *= onn_array_shape(x)[i];
	if (ndim == 0 || pixels != p->pixels || onn_type_is_complex(onn_array_type(x)))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: x is %s %s; expected real [count, ...] with %zu numbers an image",
		    p->function, onn_type_name(onn_array_type(x)),
		    onn_shape_text(text, sizeof text, ndim, onn_array_shape(x)), p->pixels);
	if (!(scale > 0 && isfinite(scale)))
		return onn_error(ONN_ERROR_ARGUMENT, "%s: scale is %g; expected a finite value > 0",
		    p->function, scale);
	return ONN_OK;
}

onn_status onn_model_read(onn_array **output, const char *function, const onn_reading *reading,
    const onn_model *model, onn_device *device, const onn_array *x, double scale)
{
	for (size_t i = 0; i < reading->count; i++)
		output[i] = NULL;
	if (!model || !device || !x)
		return onn_error(ONN_ERROR_ARGUMENT, "%s: no %s; expected one", function,
		    !model    ? "model"
		    : !device ? "device"
		              : "images");
	const onn_network *network = onn_model_network(model);
	predictor p = {.function = function,
	    .model = model,
	    .reading = reading,
	    .type = network->options.precision,
	    .pixels = onn_network_inputs(network)};
	onn_status status = check_images(&p, x, scale);
	if (status)
		return status;
	size_t images = onn_array_shape(x)[0], most = onn_network_batch(network, MOST_ROWS);
	onn_array *pixels = NULL;
	p.rows = images == 0 ? 1 : images < most ? images : most;
	status = onn_array_convert(&pixels, x, p.type);
	if (!status) {
		scale_pixels(pixels, network->options.input_maximum / scale);
		status = predictor_open(&p, device);
	}
	if (!status)
		status = create_outputs(&p, output, images);
	if (!status)
		status = run_chunks(&p, output, pixels, images);
	predictor_clear(&p);
	onn_array_destroy(pixels);
	for (size_t i = 0; i < reading->count && status; i++) {
		onn_array_destroy(output[i]);
		output[i] = NULL;
	}
	return status;
}

static void build_outputs(onn_node *output, const onn_model *model, onn_graph *g, onn_node x)
{
	output[0] = onn_model_forward(model, g, x, NULL);
}

onn_status onn_model_predict(onn_array **output, const onn_model *model, onn_device *device,
    const onn_array *x, double scale)
{
	static const onn_reading reading = {1, build_outputs};
	return onn_model_read(output, "onn_model_predict", &reading, model, device, x, scale);
}
