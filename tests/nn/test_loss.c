/* What training makes small: the weight of the light that arrives in a class's region. */
#include "layers/bench.h"
#include "nn/model.h"

static onn_device *device;

enum { BATCH = 3, PIXELS = 16 };

static const layer_text plain[] = {{"encode", "grid=12"}, {"plate", "init_std=1"},
    {"space", "distance=3e-3"}, {"detect", "side=2"}, {NULL, NULL}};
static const layer_text pairs[] = {{"encode", "grid=12"}, {"plate", "init_std=1"},
    {"space", "distance=3e-3"}, {"detect", "side=2 detection=differential"}, {NULL, NULL}};

/* 4 x 4 pixels, two classes, in double. */
static onn_model *model_with(const layer_text *layer, double efficiency)
{
	onn_network_options o = ONN_NETWORK_OPTIONS_INIT;
	onn_network *n;
	onn_model *model;
	o.precision = ONN_F64;
	o.loss = ONN_LOSS_NLL;
	o.efficiency = efficiency;
	check_ok(onn_network_create(&n, &o));
	for (; layer->kind; layer++)
		check_ok(onn_network_add(n, layer->kind, layer->settings));
	check_ok(onn_network_fit(n, 4, 4, 2));
	check_ok(onn_model_create(&model, n, 3));
	onn_network_destroy(n);
	return model;
}

static const double label[BATCH] = {1, 0, 1};

/* The last image is dark. */
static void draw(double pixel[BATCH * PIXELS])
{
	for (size_t i = 0; i < BATCH * PIXELS; i++)
		pixel[i] = i < 2 * PIXELS ? .5 + .5 * sin(1 + 2.7 * (double)(i * i)) : 0;
}

/* The loss, and its gradient by the plate's phases, [12, 12]. */
static double loss_at(double *gradient, const onn_model *model)
{
	static const onn_run_condition condition;
	double pixel[BATCH * PIXELS], loss;
	onn_graph *g;
	onn_plan *plan;
	onn_tensor *plate;
	onn_node weight[ONN_MODEL_MAX_WEIGHTS], out[2];
	draw(pixel);
	check_ok(onn_graph_create(&g));
	onn_node x = constant_of(g, ONN_F64, 2, (size_t[]){BATCH, PIXELS}, pixel);
	onn_node y = constant_of(g, ONN_I32, 1, (size_t[]){BATCH}, label);
	out[0] = onn_model_loss(model, g, x, y, &condition, weight);
	check_ok(onn_gradient(&out[1], g, out[0], ONN_NULL_NODE, weight, 1));
	check_ok(onn_plan_create(&plan, device, g, out, 2, NULL));
	check_ok(onn_tensor_from_array(&plate, device, onn_model_const_weight(model, 0)));
	check_ok(onn_plan_bind(plan, onn_model_name(model, 0), plate));
	check_ok(onn_plan_run(plan));
	read_numbers(onn_plan_output(plan, 0), &loss);
	read_numbers(onn_plan_output(plan, 1), gradient);
	onn_plan_destroy(plan);
	onn_tensor_destroy(plate);
	onn_graph_destroy(g);
	return loss;
}

START_TEST(light_counts_by_the_part_that_arrives_in_the_label_s_region)
{
	const layer_text *const layer[] = {plain, pairs};
	for (size_t k = 0; k < COUNT(layer); k++) {
		double pixel[BATCH * PIXELS], gradient[144], want = 0;
		onn_model *without = model_with(layer[k], 0), *with = model_with(layer[k], .7);
		onn_array *x, *outputs, *fraction;
		draw(pixel);
		x = array_of(ONN_F64, 3, (size_t[]){BATCH, 4, 4}, pixel);
		check_ok(onn_model_readings(&outputs, &fraction, without, device, x, 1));
		size_t regions = onn_array_shape(fraction)[1];
		ck_assert_uint_eq(regions, k ? 4 : 2);
		for (size_t i = 0; i < BATCH; i++) {
			const double *part = onn_array_const_data(fraction);
			want -= log(fmax(part[i * regions + (size_t)label[i]], 1e-12)) / BATCH;
		}
		double loss = loss_at(gradient, without);
		check_near(loss_at(gradient, with), loss + .7 * want, 1e-12 * want);
		onn_array_destroy(x);
		onn_array_destroy(outputs);
		onn_array_destroy(fraction);
		onn_model_destroy(without);
		onn_model_destroy(with);
	}
}
END_TEST

START_TEST(its_gradient_is_that_of_central_differences)
{
	const double h = 1e-5;
	double gradient[144], unused[144], most = 0;
	onn_model *model = model_with(plain, 2), *same = model_with(plain, 0);
	double *phase = onn_array_data(onn_model_weight(model, 0));
	loss_at(gradient, model);
	loss_at(unused, same);
	for (size_t i = 0; i < 144; i += 7) {
		double was = phase[i];
		phase[i] = was + h;
		double above = loss_at(unused, model);
		phase[i] = was - h;
		double below = loss_at(unused, model);
		phase[i] = was;
		check_near(gradient[i], (above - below) / (2 * h), 1e-8);
		most = fmax(most, fabs(gradient[i]));
	}
	ck_assert(most > 1e-3);
	onn_model_destroy(model);
	onn_model_destroy(same);
}
END_TEST

START_TEST(it_needs_a_region_for_each_class)
{
	static const char *const detect[] = {"regions=3", "regions=5"};
	onn_network_options o = ONN_NETWORK_OPTIONS_INIT;
	onn_network *n;
	o.efficiency = .5;
	for (size_t i = 0; i < COUNT(detect); i++) {
		check_ok(onn_network_create(&n, &o));
		check_ok(onn_network_add(n, "encode", "grid=12"));
		check_ok(onn_network_add(n, "detect", detect[i]));
		check_ok(onn_network_add(n, "linear", "outputs=2"));
		check_ok(onn_network_fit(n, 4, 4, 2));
		check_error(onn_network_check(n), ONN_ERROR_ARGUMENT, "regions; expected one for");
		onn_network_destroy(n);
	}
	check_ok(onn_network_create(&n, &o));
	check_ok(onn_network_add(n, "flatten", NULL));
	check_ok(onn_network_add(n, "linear", "outputs=2"));
	check_ok(onn_network_fit(n, 4, 4, 2));
	check_error(onn_network_check(n), ONN_ERROR_ARGUMENT, "has 0 regions");
	onn_network_destroy(n);
}
END_TEST

TESTS_ON_DEVICE("loss", light_counts_by_the_part_that_arrives_in_the_label_s_region,
    its_gradient_is_that_of_central_differences, it_needs_a_region_for_each_class)
