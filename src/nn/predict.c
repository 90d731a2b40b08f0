/*
 * Outputs of a network for some images, a fixed number of rows at a time.
 */
#include <math.h>
#include <string.h>

#include <onn/model.h>
#include <onn/plan.h>

#include "core/error.h"
#include "core/memory.h"

enum { MOST_ROWS = 512 };

typedef struct predictor {
	const onn_model *model;
	const onn_mlp *mlp;
	size_t rows;
	onn_plan *plan;
	onn_tensor *x;
	onn_tensor *weight[2 * (ONN_MLP_MAX_HIDDEN + 1)];
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
	onn_status status = onn_graph_create(&g);
	if (status)
		return status;
	size_t shape[2] = {p->rows, p->mlp->inputs};
	onn_node x = onn_variable(g, "x", p->mlp->precision, 2, shape);
	onn_node y = onn_model_forward(p->model, g, x, NULL);
	status = onn_plan_create(&p->plan, device, g, &y, 1, NULL);
	onn_graph_destroy(g);
	if (!status)
		status = onn_tensor_create(&p->x, device, p->mlp->precision, 2, shape);
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
	size_t pixels = p->mlp->inputs, n = count * pixels;
	if (p->mlp->precision == ONN_F32) {
		const float *in = (const float *)onn_array_const_data(from) + first * pixels;
		float *out = to;
		for (size_t i = 0; i < p->rows * pixels; i++)
			out[i] = i < n ? in[i] : 0;
	} else {
		const double *in = (const double *)onn_array_const_data(from) + first * pixels;
		double *out = to;
		for (size_t i = 0; i < p->rows * pixels; i++)
			out[i] = i < n ? in[i] : 0;
	}
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

static onn_status run_chunks(predictor *p, onn_array *output, const onn_array *x, size_t images)
{
	size_t size = onn_type_size(p->mlp->precision), outputs = p->mlp->outputs;
	size_t in_bytes = p->rows * p->mlp->inputs * size, out_bytes = p->rows * outputs * size;
	char *in = onn_aligned_alloc(in_bytes), *out = onn_aligned_alloc(out_bytes);
	onn_status status = in && out ? ONN_OK : onn_error_memory("onn_model_predict", in_bytes);
	for (size_t first = 0; first < images && !status; first += p->rows) {
		size_t count = images - first < p->rows ? images - first : p->rows;
		fill(p, in, x, first, count);
		status = onn_tensor_write(p->x, in, in_bytes);
		if (!status)
			status = onn_plan_run(p->plan);
		if (!status)
			status = onn_tensor_read(onn_plan_output(p->plan, 0), out, out_bytes);
		if (!status)
			memcpy((char *)onn_array_data(output) + first * outputs * size, out,
			    count * outputs * size);
	}
	onn_aligned_free(in);
	onn_aligned_free(out);
	return status;
}

static onn_status check_images(const onn_mlp *mlp, const onn_array *x, double scale)
{
	size_t ndim = onn_array_ndim(x), pixels = 1;
	char text[96];
	for (size_t i = 1; i < ndim; i++)
		pixels *= onn_array_shape(x)[i];
	if (ndim == 0 || pixels != mlp->inputs || onn_type_is_complex(onn_array_type(x)))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_model_predict: x is %s %s; expected real [count, ...] with %zu numbers an "
		    "image",
		    onn_type_name(onn_array_type(x)),
		    onn_shape_text(text, sizeof text, ndim, onn_array_shape(x)), mlp->inputs);
	if (!(scale > 0 && isfinite(scale)))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_model_predict: scale is %g; expected a finite value > 0", scale);
	return ONN_OK;
}

onn_status onn_model_predict(onn_array **output, const onn_model *model, onn_device *device,
    const onn_array *x, double scale)
{
	*output = NULL;
	if (!model || !device || !x)
		return onn_error(ONN_ERROR_ARGUMENT, "onn_model_predict: no %s; expected one",
		    !model    ? "model"
		    : !device ? "device"
		              : "images");
	const onn_mlp *mlp = onn_model_mlp(model);
	onn_status status = check_images(mlp, x, scale);
	if (status)
		return status;
	size_t images = onn_array_shape(x)[0];
	onn_array *pixels = NULL, *out = NULL;
	predictor p = {.model = model,
	    .mlp = mlp,
	    .rows = images == 0          ? 1
	            : images < MOST_ROWS ? images
	                                 : MOST_ROWS};
	status = onn_array_convert(&pixels, x, mlp->precision);
	if (!status) {
		scale_pixels(pixels, mlp->input_maximum / scale);
		status =
		    onn_array_create(&out, mlp->precision, 2, (size_t[]){images, mlp->outputs});
	}
	if (!status)
		status = predictor_open(&p, device);
	if (!status)
		status = run_chunks(&p, out, pixels, images);
	predictor_clear(&p);
	onn_array_destroy(pixels);
	if (status)
		onn_array_destroy(out);
	else
		*output = out;
	return status;
}
