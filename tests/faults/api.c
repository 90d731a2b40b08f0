/*
 * What a program does with the library: a network and a hop of light with their gradients, a plan,
 * its runs, an archive saved and loaded. Everything is given back whatever fails, for the
 * sanitizers to see.
 */
#include "use.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/onn.h>

enum { IMAGES = 4, INPUTS = 8, CLASSES = 3, SIDE = 16, VARIABLES = 4, OUTPUTS = 6 };

typedef struct api {
	onn_graph *g;
	onn_device *device;
	onn_plan *plan;
	onn_tensor *tensor[VARIABLES];
	onn_array *array[4];
	onn_archive *archive;
	onn_dataset *set;
	onn_network *network;
	onn_model *model;
	char *text;
} api;

static const struct {
	const char *name;
	onn_type type;
	size_t ndim, shape[2];
} variable[VARIABLES] = {{"x", ONN_F32, 2, {IMAGES, INPUTS}}, {"w", ONN_F32, 2, {INPUTS, CLASSES}},
    {"plate", ONN_C64, 2, {SIDE, SIDE}}, {"y", ONN_I32, 1, {IMAGES}}};

static void make_network(api *a, onn_node in[VARIABLES], onn_node out[OUTPUTS])
{
	onn_absorber absorber = ONN_ABSORBER_INIT;
	absorber.gradient = ONN_GRADIENT_EXACT;
	onn_node h = onn_saturable_absorber(a->g, onn_matmul(a->g, in[0], in[1]), &absorber);
	onn_node hit =
	    onn_mul(a->g, onn_log_softmax(a->g, h, -1), onn_one_hot(a->g, in[3], CLASSES, ONN_F32));
	onn_node slope, bend;
	out[0] = onn_neg(a->g, onn_mean(a->g, hit, NULL, 0, false));
	onn_gradient(&slope, a->g, out[0], ONN_NULL_NODE, &in[1], 1);
	onn_gradient(&bend, a->g, onn_sum(a->g, onn_square(a->g, slope), NULL, 0, false),
	    ONN_NULL_NODE, &in[1], 1);
	out[1] = bend;
	out[2] = onn_assign(a->g, in[1], onn_sub(a->g, in[1], onn_mul_real(a->g, slope, .1)));
	out[3] = onn_argmax(a->g, h, -1);
}

static void make_light(api *a, onn_node plate, onn_node out[OUTPUTS])
{
	onn_grid grid = onn_grid_square(SIDE, 1e-3);
	onn_light light = onn_monochromatic(ONN_C64, 500e-9);
	onn_field f = onn_gaussian_beam(a->g, &grid, &light, 2e-4, 0);
	f.e = onn_mul(a->g, f.e, plate);
	f = onn_propagate(a->g, f, .01, NULL);
	out[4] = onn_sum(a->g, onn_intensity(a->g, f), NULL, 0, false);
	onn_gradient(&out[5], a->g, out[4], ONN_NULL_NODE, &plate, 1);
}

static onn_status make_plan(api *a)
{
	const char *name = getenv("ONN_DEVICE");
	onn_device_options options = ONN_DEVICE_OPTIONS_INIT;
	onn_node in[VARIABLES], out[OUTPUTS];
	options.threads = 1;
	onn_status status = onn_graph_create(&a->g);
	if (status)
		return status;
	for (int i = 0; i < VARIABLES; i++)
		in[i] = onn_variable(
		    a->g, variable[i].name, variable[i].type, variable[i].ndim, variable[i].shape);
	make_network(a, in, out);
	make_light(a, in[2], out);
	status = onn_device_create(&a->device, name ? name : "c", &options);
	status = status ? status : onn_plan_create(&a->plan, a->device, a->g, out, OUTPUTS, NULL);
	if (!status && !(a->text = onn_plan_describe(a->plan)))
		return ONN_ERROR_MEMORY;
	return status;
}

static onn_status bind(api *a)
{
	float x[2 * SIDE * SIDE];
	int32_t y[IMAGES] = {0, 1, 2, 0};
	onn_status status = ONN_OK;
	for (int i = 0; i < 2 * SIDE * SIDE; i++)
		x[i] = (float)sin(i + 1);
	for (int i = 0; i < VARIABLES && !status; i++) {
		size_t count =
		    variable[i].shape[0] * (variable[i].ndim == 2 ? variable[i].shape[1] : 1);
		bool labels = variable[i].type == ONN_I32;
		status = onn_tensor_create(&a->tensor[i], a->device, variable[i].type,
		    variable[i].ndim, variable[i].shape);
		if (!status)
			status = onn_tensor_write(a->tensor[i], labels ? (void *)y : x,
			    count * onn_type_size(variable[i].type));
		if (!status)
			status = onn_plan_bind(a->plan, variable[i].name, a->tensor[i]);
	}
	return status;
}

/* The result's first number goes into the archive; -2.3 and the like. */
static onn_status run(api *a)
{
	onn_status status = ONN_OK;
	for (int i = 0; i < 3 && !status; i++)
		status = onn_plan_run(a->plan);
	for (size_t i = 0; i < 2 && !status; i++)
		status = onn_tensor_to_array(&a->array[i], onn_plan_output(a->plan, 4 * i));
	status = status ? status : onn_archive_create(&a->archive);
	status = status ? status : onn_archive_put(a->archive, "loss", a->array[0]);
	status = status ? status : onn_archive_put(a->archive, "power", a->array[1]);
	status = status ? status : onn_archive_put_text(a->archive, "note.txt", "a text");
	status = status ? status : onn_archive_save(a->archive, "api.npz");
	onn_archive_destroy(a->archive);
	a->archive = NULL;
	const onn_array *power;
	status = status ? status : onn_archive_load(&a->archive, "api.npz");
	status = status ? status : onn_archive_find(&power, a->archive, "power");
	status = status ? status : onn_array_save(power, "api.npy");
	return status ? status : onn_array_load(&a->array[2], "api.npy");
}

static onn_status train(api *a)
{
	onn_mlp m = ONN_MLP_INIT;
	onn_train_options o = ONN_TRAIN_OPTIONS_INIT;
	o.epochs = 1;
	o.batch = 16;
	o.out = "run";
	m.nhidden = 1;
	m.hidden[0] = 4;
	onn_status status = onn_dataset_load(&a->set, "../fixtures/set.npz", NULL, 0);
	if (status)
		return status;
	m.inputs = a->set->height * a->set->width;
	m.outputs = a->set->classes;
	status = onn_network_of_mlp(&a->network, &m);
	status = status ? status : onn_train(NULL, a->network, &o, a->set, a->device);
	status = status ? status : onn_model_load(&a->model, "run/best.npz");
	return status ? status : onn_model_save(a->model, "copy.npz");
}

static void destroy(api *a)
{
	onn_model_destroy(a->model);
	onn_network_destroy(a->network);
	onn_dataset_destroy(a->set);
	onn_archive_destroy(a->archive);
	for (size_t i = 0; i < sizeof a->array / sizeof *a->array; i++)
		onn_array_destroy(a->array[i]);
	onn_free(a->text);
	onn_plan_destroy(a->plan);
	for (int i = 0; i < VARIABLES; i++)
		onn_tensor_destroy(a->tensor[i]);
	onn_graph_destroy(a->g);
	onn_device_destroy(a->device);
}

static int work(bool trains)
{
	api a = {0};
	onn_status status = make_plan(&a);
	status = status ? status : bind(&a);
	status = status ? status : run(&a);
	status = !trains || status ? status : train(&a);
	if (status)
		fprintf(stderr, "onn: %s: %s\n", onn_status_name(status), onn_last_error());
	destroy(&a);
	return status ? EXIT_FAILURE : EXIT_SUCCESS;
}

int api_work(void) { return work(true); }
int api_run(void) { return work(false); }
