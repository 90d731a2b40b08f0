/* Linear layers: their sums, and how their weights are called. */
#include "bench.h"

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

TESTS_ON_DEVICE("linear", outputs_are_weighted_sums_and_a_bias,
    gradients_of_two_layers_agree_with_central_differences)
