/*
 * A few layers by themselves: made of words, run on the test's device, and their derivatives
 * compared with central differences.
 */
#ifndef ONN_TESTS_LAYERS_H
#define ONN_TESTS_LAYERS_H

#include <onn/model.h>

#include "device.h"
#include "network.h"

typedef struct layer_text {
	const char *kind, *settings;
} layer_text;

/* Images of height x width to so many classes; layer ends with a NULL. */
static inline onn_network *network_of(
    onn_type precision, size_t height, size_t width, size_t classes, const layer_text *layer)
{
	onn_network_options o = ONN_NETWORK_OPTIONS_INIT;
	onn_network *n;
	o.precision = precision;
	check_ok(onn_network_create(&n, &o));
	for (; layer->kind; layer++)
		check_ok(onn_network_add(n, layer->kind, layer->settings));
	check_ok(onn_network_fit(n, height, width, classes));
	check_ok(onn_network_check(n));
	return n;
}

static inline onn_model *model_of_layers(
    size_t height, size_t width, size_t classes, const layer_text *layer)
{
	onn_network *n = network_of(ONN_F32, height, width, classes, layer);
	onn_model *model;
	check_ok(onn_model_create(&model, n, 3));
	onn_network_destroy(n);
	return model;
}

/* One image of a model's size, from pixels. */
static inline onn_array *image_of(const onn_model *model, const double *pixel)
{
	const onn_network_options *o = onn_network_options_of(onn_model_network(model));
	return array_of(ONN_F32, 3, (size_t[]){1, o->input[0], o->input[1]}, pixel);
}

/* What the model makes of one image: as many numbers as classes. */
static inline void outputs_of(
    double *output, onn_device *device, const onn_model *model, const double *pixel)
{
	onn_array *x = image_of(model, pixel), *y, *wide;
	check_ok(onn_model_predict(&y, model, device, x, 1));
	check_ok(onn_array_convert(&wide, y, ONN_F64));
	memcpy(output, onn_array_const_data(wide), onn_array_count(wide) * sizeof *output);
	onn_array_destroy(x);
	onn_array_destroy(y);
	onn_array_destroy(wide);
}

/* The intensity of plane k, from 0, of one image; room for its pixels. */
static inline void plane_of(
    double *intensity, onn_device *device, const onn_model *model, const double *pixel, size_t k)
{
	onn_array *x = image_of(model, pixel), *planes, *wide;
	check_ok(onn_model_planes(&planes, model, device, x, 1));
	check_ok(onn_array_convert(&wide, planes, ONN_F64));
	size_t n = onn_array_shape(wide)[2] * onn_array_shape(wide)[3];
	ck_assert(k < onn_array_shape(wide)[1]);
	memcpy(
	    intensity, (const double *)onn_array_const_data(wide) + k * n, n * sizeof *intensity);
	onn_array_destroy(x);
	onn_array_destroy(planes);
	onn_array_destroy(wide);
}

/* ---- derivatives ---- */

enum { BENCH_WEIGHTS = 8, BENCH_ELEMENTS = 512 };

typedef struct bench_step {
	onn_plan *plan;
	onn_tensor *tensor[BENCH_WEIGHTS];
	size_t count;
} bench_step;

/* Loss and gradients of two images, in double. */
static inline bench_step step_of(onn_device *device, const onn_model *model)
{
	const onn_network *n = onn_model_network(model);
	size_t inputs = onn_network_inputs(n), classes = onn_network_outputs(n);
	bench_step s = {.count = onn_model_count(model)};
	onn_node weight[BENCH_WEIGHTS], out[BENCH_WEIGHTS + 1];
	double pixel[2 * 64];
	onn_graph *g;
	ck_assert(s.count <= BENCH_WEIGHTS && inputs <= 64);
	for (size_t i = 0; i < 2 * inputs; i++)
		pixel[i] = .5 + .5 * sin(1 + 2.7 * (double)(i * i));
	check_ok(onn_graph_create(&g));
	onn_node x = constant_of(g, ONN_F64, 2, (size_t[]){2, inputs}, pixel);
	onn_node label =
	    constant_of(g, ONN_I32, 1, (size_t[]){2}, (double[]){(double)(classes - 1), 0});
	out[0] = onn_network_loss(g, n, onn_model_forward(model, g, x, weight), label);
	check_ok(onn_gradient(out + 1, g, out[0], ONN_NULL_NODE, weight, s.count));
	check_ok(onn_plan_create(&s.plan, device, g, out, s.count + 1, NULL));
	onn_graph_destroy(g);
	for (size_t i = 0; i < s.count; i++) {
		check_ok(
		    onn_tensor_from_array(&s.tensor[i], device, onn_model_const_weight(model, i)));
		check_ok(onn_plan_bind(s.plan, onn_model_name(model, i), s.tensor[i]));
	}
	return s;
}

static inline double loss_of(bench_step *s)
{
	double loss;
	check_ok(onn_plan_run(s->plan));
	read_numbers(onn_plan_output(s->plan, 0), &loss);
	return loss;
}

/* Every `stride`-th element of every weight; a device without fp64 checks nothing. */
static inline void check_layer_gradients(onn_device *device, size_t height, size_t width,
    size_t classes, const layer_text *layer, size_t stride, double tolerance)
{
	if (!onn_device_supports(device, ONN_F64))
		return;
	onn_network *n = network_of(ONN_F64, height, width, classes, layer);
	onn_model *model;
	check_ok(onn_model_create(&model, n, 3));
	bench_step s = step_of(device, model);
	for (size_t i = 0; i < s.count; i++) {
		onn_array *a = onn_model_weight(model, i);
		double *w = onn_array_data(a), grad[BENCH_ELEMENTS], most = 0, h = 1e-4;
		size_t count = onn_array_count(a), bytes = count * sizeof *w;
		ck_assert(count <= BENCH_ELEMENTS);
		loss_of(&s);
		read_numbers(onn_plan_output(s.plan, i + 1), grad);
		for (size_t k = 0; k < count; k += stride) {
			double was = w[k], l[2];
			for (int side = 0; side < 2; side++) {
				w[k] = side ? was + h : was - h;
				check_ok(onn_tensor_write(s.tensor[i], w, bytes));
				l[side] = loss_of(&s);
			}
			w[k] = was;
			check_near(grad[k], (l[1] - l[0]) / (2 * h), tolerance);
			most = fmax(most, fabs(grad[k]));
		}
		ck_assert_msg(
		    most > 100 * tolerance, "%s has no gradient", onn_model_name(model, i));
		check_ok(onn_tensor_write(s.tensor[i], w, bytes));
	}
	onn_plan_destroy(s.plan);
	for (size_t i = 0; i < s.count; i++)
		onn_tensor_destroy(s.tensor[i]);
	onn_model_destroy(model);
	onn_network_destroy(n);
}

#endif
