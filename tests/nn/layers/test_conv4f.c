/* Convolutions by light: the sums of conv2d, what is read of them, what stands behind them. */
#include "bench.h"

static onn_device *device;

enum { MOST = 128 };

static const double pixel[30] = {.1, .9, .3, 0, .7, .2, 0, 1, .4, .6, .8, .5, 0, .3, .2, .9, .1, 1,
    .6, .7, .4, 0, .2, .8, .5, .3, .9, .6, .1, .7};

/* Weights of one model to another, matrix for matrix. */
static void copy_weights(onn_model *to, const onn_model *from)
{
	ck_assert_uint_eq(onn_model_count(to), onn_model_count(from));
	for (size_t i = 0; i < onn_model_count(to); i++) {
		onn_array *w = onn_model_weight(to, i);
		const onn_array *v = onn_model_const_weight(from, i);
		ck_assert_uint_eq(onn_array_count(w), onn_array_count(v));
		memcpy(
		    onn_array_data(w), onn_array_const_data(v), onn_array_count(w) * sizeof(float));
	}
}

/* Outputs of two networks with the same weights. */
static void outputs_of_both(
    double *a, double *b, size_t classes, const layer_text *light, const layer_text *numbers)
{
	onn_model *first = model_of_layers(5, 6, classes, light);
	onn_model *second = model_of_layers(5, 6, classes, numbers);
	copy_weights(second, first);
	outputs_of(a, device, first, pixel);
	outputs_of(b, device, second, pixel);
	onn_model_destroy(first);
	onn_model_destroy(second);
}

START_TEST(one_processor_makes_the_sums_of_conv2d)
{
	static const struct {
		const char *settings;
		size_t outputs;
	} row[] = {
	    {"outputs=1 kernel=3 init_std=1", 12},
	    {"outputs=3 kernel=2,3 init_std=1", 48},
	    {"outputs=2 kernel=3 padding=1 init_std=1", 60},
	    {"outputs=2 kernel=3,2 padding=2,1 init_std=1", 98},
	    {"outputs=4 kernel=1 init_std=1", 120},
	    {"outputs=1 kernel=5,6 init_std=1", 1},
	};
	for (size_t r = 0; r < COUNT(row); r++) {
		double a[MOST], b[MOST];
		const char *s = row[r].settings;
		outputs_of_both(a, b, row[r].outputs,
		    (const layer_text[]){{"conv4f", s}, {"flatten", NULL}, {NULL, NULL}},
		    (const layer_text[]){{"conv2d", s}, {"flatten", NULL}, {NULL, NULL}});
		for (size_t i = 0; i < row[r].outputs; i++)
			check_near(a[i], b[i], 2e-5);
	}
}
END_TEST

START_TEST(channels_meet_in_the_row_that_is_read)
{
	double a[MOST], b[MOST];
	static const char *const first = "outputs=3 kernel=3 padding=1 init_std=1";
	static const char *const second = "outputs=2 kernel=2,3 padding=1,0 init_std=1";
	outputs_of_both(a, b, 48,
	    (const layer_text[]){{"conv4f", first}, {"absorber", NULL}, {"conv4f", second},
	        {"flatten", NULL}, {NULL, NULL}},
	    (const layer_text[]){{"conv2d", first}, {"absorber", NULL}, {"conv2d", second},
	        {"flatten", NULL}, {NULL, NULL}});
	for (size_t i = 0; i < 48; i++)
		check_near(a[i], b[i], 2e-5);
}
END_TEST

START_TEST(a_passive_mask_amplifies_nothing)
{
	double a[MOST], b[MOST], most = 0;
	outputs_of_both(a, b, 24,
	    (const layer_text[]){{"conv4f", "outputs=2 kernel=3 mask=passive init_std=1"},
	        {"flatten", NULL}, {NULL, NULL}},
	    (const layer_text[]){
	        {"conv2d", "outputs=2 kernel=3 init_std=1"}, {"flatten", NULL}, {NULL, NULL}});
	double power = 0, light = 0;
	for (size_t i = 0; i < 24; i++) {
		most = fmax(most, fabs(b[i]));
		power += a[i] * a[i];
	}
	for (size_t i = 0; i < 30; i++)
		light += pixel[i] * pixel[i];
	ck_assert(power > 0 && power <= light);
	/* a number times the sums */
	for (size_t i = 0; i < 24; i++)
		check_near(a[i] * b[0], b[i] * a[0], 1e-5 * most);
}
END_TEST

/* Intensities are squares of amplitudes; light is as bright, outputs side by side. */
START_TEST(amplitudes_intensities_and_light_are_the_same_field)
{
	double a[MOST], i[MOST], l[MOST], t[MOST];
	static const layer_text amplitude[] = {
	    {"conv4f", "outputs=2 kernel=3 init_std=1"}, {"flatten", NULL}, {NULL, NULL}};
	static const layer_text intensity[] = {{"conv4f", "outputs=2 kernel=3 reading=intensity "
	                                                  "init_std=1"},
	    {"flatten", NULL}, {NULL, NULL}};
	static const layer_text camera[] = {
	    {"conv4f", "outputs=2 kernel=3 reading=light init_std=1"}, {"camera", NULL},
	    {"flatten", NULL}, {NULL, NULL}};
	static const layer_text sheet[] = {
	    {"conv4f", "outputs=2 kernel=3 reading=light init_std=1"}, {"sheet", "od=3"},
	    {"camera", NULL}, {"flatten", NULL}, {NULL, NULL}};
	outputs_of_both(a, i, 24, amplitude, intensity);
	outputs_of_both(l, t, 24, camera, sheet);
	for (int k = 0; k < 24; k++) {
		int output = k / 12, y = k % 12 / 4, x = k % 4, at = (2 * y + output) * 4 + x;
		check_near(i[k], a[k] * a[k], 2e-5);
		check_near(l[at], i[k], 2e-5);
		/* |x exp(-(od / 2) / (1 + |x|^2))|^2 */
		check_near(t[at], i[k] * exp(-3 / (1 + i[k])), 2e-5);
	}
}
END_TEST

START_TEST(gradients_agree_with_central_differences)
{
	check_layer_gradients(device, 6, 6, 3,
	    (const layer_text[]){{"conv4f", "outputs=3 kernel=3 padding=1,0 init_std=.5"},
	        {"tanh", NULL}, {"pool", "window=2"},
	        {"conv4f", "outputs=2 kernel=2 reading=intensity mask=passive init_std=1"},
	        {"flatten", NULL}, {"linear", "outputs=3 init_std=.2"}, {NULL, NULL}},
	    1, 1e-7);
	check_layer_gradients(device, 6, 6, 3,
	    (const layer_text[]){{"conv4f", "outputs=2 kernel=3 reading=light init_std=.5"},
	        {"sheet", "od=2 detuning=.5"}, {"camera", NULL}, {"flatten", NULL},
	        {"linear", "outputs=3 init_std=.2"}, {NULL, NULL}},
	    1, 1e-7);
}
END_TEST

static void check_refused(const char *settings, const char *text)
{
	onn_network_options o = ONN_NETWORK_OPTIONS_INIT;
	onn_network *n;
	onn_status status;
	check_ok(onn_network_create(&n, &o));
	check_ok(onn_network_add(n, "conv4f", settings));
	check_ok(onn_network_fit(n, 4, 5, 10));
	status = onn_network_check(n);
	check_error(status, ONN_ERROR_ARGUMENT, text);
	onn_network_destroy(n);
}

START_TEST(processors_that_do_not_fit_are_named)
{
	check_refused("kernel=5,1",
	    "layer 1 (conv4f): kernel is 5; expected one that is not larger "
	    "than the padded image (4 + 2 * 0)");
	check_refused("kernel=2 padding=2", "padding is 2; expected less than the kernel (2)");
	check_refused("outputs=9000 kernel=3", "make a plane of 6 x 63000 pixels");
	check_refused("outputs=3 kernel=2", "[3, 3, 4]; expected [10]");
}
END_TEST

TESTS_ON_DEVICE("conv4f", one_processor_makes_the_sums_of_conv2d,
    channels_meet_in_the_row_that_is_read, a_passive_mask_amplifies_nothing,
    amplitudes_intensities_and_light_are_the_same_field, gradients_agree_with_central_differences,
    processors_that_do_not_fit_are_named)
