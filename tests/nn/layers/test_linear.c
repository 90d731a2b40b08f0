/* Linear layers: their sums, and how their weights are called. */
#include "bench.h"

#include "nn/network.h"

static onn_device *device;

START_TEST(outputs_are_weighted_sums_and_a_bias)
{
	onn_model *model = model_of_layers(1, 3, 2,
	    (const layer_text[]){
	        {"flatten", NULL}, {"linear", "outputs=2 bias=true"}, {NULL, NULL}});
	double y[2];
	ck_assert_uint_eq(onn_model_count(model), 2);
	ck_assert_str_eq(onn_model_name(model, 0), "w0");
	ck_assert_str_eq(onn_model_name(model, 1), "b0");
	for (size_t i = 0; i < 6; i++)
		((float *)onn_array_data(onn_model_weight(model, 0)))[i] = (float)i;
	((float *)onn_array_data(onn_model_weight(model, 1)))[1] = 10;
	outputs_of(y, device, model, (double[]){1, .5, .25});
	check_near(y[0], 0 + .5 * 2 + .25 * 4, 1e-6);
	check_near(y[1], 1 + .5 * 3 + .25 * 5 + 10, 1e-6);
	onn_model_destroy(model);
}
END_TEST

START_TEST(gradients_of_two_layers_agree_with_central_differences)
{
	check_layer_gradients(device, 2, 3, 3,
	    (const layer_text[]){{"flatten", NULL}, {"linear", "outputs=4 init_std=1 bias=true"},
	        {"tanh", NULL}, {"linear", "outputs=3 init_std=1"}, {NULL, NULL}},
	    1, 1e-8);
}
END_TEST

enum { IMAGES = 8192 };

/* Sums of x = 1, 1, .5 with weights 2, -1, 1 (1.5) and 1, 1, 2 (3), as they are counted. */
static void counted(double y[2 * IMAGES], double photons, int draw)
{
	static const double pixel[3] = {1, 1, .5}, w[6] = {2, 1, -1, 1, 1, 2};
	onn_network *n = network_of(ONN_F32, 1, 3, 2,
	    (const layer_text[]){{"flatten", NULL}, {"linear", "outputs=2"}, {NULL, NULL}});
	onn_run_condition condition = {
	    .seed = 5, .damaged = true, .damage = ONN_EVALUATE_OPTIONS_INIT};
	onn_pass pass = {.network = n, .condition = &condition};
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	condition.damage.product_photons = photons;
	condition.batch = onn_scalar(g, ONN_U32, draw);
	onn_node image = constant_of(g, ONN_F32, 2, (size_t[]){1, 3}, pixel);
	onn_node x = onn_mul(g, onn_full(g, ONN_F32, 2, (size_t[]){IMAGES, 3}, 1), image);
	onn_node leaf = constant_of(g, ONN_F32, 2, (size_t[]){3, 2}, w);
	onn_node out = onn_pass_forward(&pass, g, x, &leaf);
	compute(device, g, &out, 1, &y);
	onn_graph_destroy(g);
	onn_network_destroy(n);
}

/* |x| |w| is 3.5 and 3, 3.25 in the mean: with 4 photons a term, 12 a sum, a photon is 3.25/12, and
 * the variances are that times 3.5 and 3. */
START_TEST(sums_that_are_counted_have_the_noise_of_their_photons)
{
	static double y[2 * IMAGES], again[2 * IMAGES], later[2 * IMAGES];
	static const double want[2] = {1.5, 3}, all[2] = {3.5, 3};
	const double unit = 3.25 / 12;
	size_t same = 0;
	counted(y, 4, 1);
	counted(again, 4, 1);
	counted(later, 4, 2);
	for (size_t k = 0; k < 2; k++) {
		double sum = 0, squares = 0;
		for (size_t i = k; i < 2 * IMAGES; i += 2) {
			check_near(y[i] / unit, round(y[i] / unit), 1e-4);
			ck_assert(y[i] == again[i]);
			same += y[i] == later[i];
			sum += y[i];
			squares += (y[i] - want[k]) * (y[i] - want[k]);
		}
		double variance = all[k] * unit;
		check_near(sum / IMAGES, want[k], 5 * sqrt(variance / IMAGES));
		check_near(squares / IMAGES, variance, 8 * variance * sqrt(2.0 / IMAGES));
	}
	ck_assert_uint_lt(same, IMAGES);
	counted(y, 0, 1);
	check_near(y[0], 1.5, 1e-6);
	check_near(y[2 * IMAGES - 1], 3, 1e-6);
}
END_TEST

TESTS_ON_DEVICE("linear", sums_that_are_counted_have_the_noise_of_their_photons,
    outputs_are_weighted_sums_and_a_bias, gradients_of_two_layers_agree_with_central_differences)
