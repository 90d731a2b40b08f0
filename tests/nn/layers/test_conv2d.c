/* Convolutions: sums by hand, how their weights are called, shapes that do not fit, derivatives. */
#include "bench.h"

static onn_device *device;

START_TEST(outputs_are_sums_of_windows_and_a_bias)
{
	onn_model *model = model_of_layers(3, 4, 4,
	    (const layer_text[]){{"conv2d", "outputs=2 kernel=2,3 stride=1,1 bias=true"},
	        {"conv2d", "outputs=2 kernel=1 groups=2"}, {"pool", "window=1,2 kind=max stride=1"},
	        {"flatten", NULL}, {"linear", "outputs=4"}, {NULL, NULL}});
	double y[4];
	static const char *const names[] = {"conv0", "conv0.bias", "conv1", "w0"};
	ck_assert_uint_eq(onn_model_count(model), COUNT(names));
	for (size_t i = 0; i < COUNT(names); i++) {
		ck_assert_str_eq(onn_model_name(model, i), names[i]);
		float *w = onn_array_data(onn_model_weight(model, i));
		for (size_t k = 0; k < onn_array_count(onn_model_weight(model, i)); k++)
			w[k] = i == 0   ? (float)k
			       : i == 1 ? 100 * (float)k
			       : i == 2 ? 1
			                : (float)(k % 5 == 0);
	}
	/* rows 0 and 1, columns 0 ... 2 and 1 ... 3; rows 1 and 2 likewise */
	outputs_of(y, device, model, (double[]){1, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 1});
	/* of windows {1,0,0,0,0,0}, {0,0,0,0,0,2}, {0,0,0,0,0,0}, {0,0,2,0,0,1} with 0 ... 5:
	 * 0, 10, 0, 9; with 6 ... 11: 6, 22, 0, 27, and 100 */
	check_near(y[0], 10, 1e-5);
	check_near(y[1], 9, 1e-5);
	check_near(y[2], 122, 1e-5);
	check_near(y[3], 127, 1e-5);
	onn_model_destroy(model);
}
END_TEST

START_TEST(gradients_agree_with_central_differences)
{
	check_layer_gradients(device, 6, 6, 3,
	    (const layer_text[]){
	        {"conv2d", "outputs=4 kernel=3 padding=1,0 stride=1,2 init_std=1 bias=true"},
	        {"tanh", NULL}, {"pool", "window=2,1"},
	        {"conv2d", "outputs=2 kernel=2 groups=2 dilation=2,1 init_std=1"},
	        {"flatten", NULL}, {"linear", "outputs=3 init_std=1"}, {NULL, NULL}},
	    1, 1e-7);
}
END_TEST

/* What the list of layers says of one that does not fit. */
static void check_refused(const char *kind, const char *settings, const char *text)
{
	onn_network_options o = ONN_NETWORK_OPTIONS_INIT;
	onn_network *n;
	onn_status status;
	check_ok(onn_network_create(&n, &o));
	check_ok(onn_network_add(n, kind, settings));
	check_ok(onn_network_fit(n, 4, 5, 10));
	status = onn_network_check(n);
	check_error(status, ONN_ERROR_ARGUMENT, text);
	onn_network_destroy(n);
}

START_TEST(layers_that_do_not_fit_are_named)
{
	check_refused("conv2d", "kernel=5,1",
	    "layer 1 (conv2d): kernel is 5, dilation 1; expected one that is not larger than the "
	    "padded image (4 + 2 * 0)");
	check_refused("conv2d", "kernel=1,3 dilation=1,3", "kernel is 3, dilation 3");
	check_refused("conv2d", "outputs=4 groups=2", "groups is 2; expected one that divides");
	check_refused("pool", "window=5", "layer 1 (pool): window is 5");
	check_refused("pool", "padding=2", "padding is 2; expected less than the window (2)");
	check_refused("conv2d", "outputs=3 kernel=2", "[3, 3, 4]; expected [10]");
}
END_TEST

TESTS_ON_DEVICE("conv2d", outputs_are_sums_of_windows_and_a_bias,
    gradients_agree_with_central_differences, layers_that_do_not_fit_are_named)
