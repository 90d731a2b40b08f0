/* The preset of convolutional networks: its list, its JSON, its sizes. */
#include "testing.h"

#include <onn/cnn.h>
#include <onn/model.h>

#include "core/memory.h"

/* "conv2d absorber pool ..." */
static void check_kinds(const onn_network *n, const char *expected)
{
	char text[256] = "";
	for (size_t i = 0; i < onn_network_layers(n); i++) {
		strcat(text, i ? " " : "");
		strcat(text, onn_network_kind(n, i));
	}
	ck_assert_str_eq(text, expected);
}

START_TEST(the_standard_is_the_published_network)
{
	static const struct {
		const char *name;
		size_t ndim, shape[4];
	} row[] = {{"conv0", 4, {32, 1, 5, 5}}, {"conv1", 4, {64, 32, 5, 5}},
	    {"w0", 2, {1024, 128}}, {"w1", 2, {128, 10}}};
	onn_network *n;
	onn_model *model;
	onn_cnn cnn = ONN_CNN_INIT;
	check_ok(onn_network_of_cnn(&n, &cnn));
	check_kinds(n, "conv2d absorber pool conv2d absorber pool flatten dropout linear absorber "
	               "linear");
	ck_assert_double_eq(onn_network_options_of(n)->input_maximum, 5);
	check_ok(onn_model_create(&model, n, 1));
	ck_assert_uint_eq(onn_model_count(model), COUNT(row));
	for (size_t i = 0; i < COUNT(row); i++) {
		const onn_array *w = onn_model_const_weight(model, i);
		ck_assert_str_eq(onn_model_name(model, i), row[i].name);
		ck_assert_uint_eq(onn_array_ndim(w), row[i].ndim);
		for (size_t k = 0; k < row[i].ndim; k++)
			ck_assert_uint_eq(onn_array_shape(w)[k], row[i].shape[k]);
	}
	onn_model_destroy(model);
	onn_network_destroy(n);
}
END_TEST

START_TEST(parts_that_are_not_asked_for_are_not_there)
{
	onn_network *n;
	onn_cnn cnn = ONN_CNN_INIT;
	cnn.nchannels = 1;
	cnn.window[0] = cnn.window[1] = 1;
	cnn.dropout = 0;
	cnn.nhidden = 0;
	cnn.activation = ONN_ACTIVATION_RELU;
	check_ok(onn_network_of_cnn(&n, &cnn));
	check_kinds(n, "conv2d relu flatten linear");
	onn_network_destroy(n);
}
END_TEST

START_TEST(json_gives_the_same_preset_back)
{
	onn_network *n, *again;
	onn_cnn cnn = ONN_CNN_INIT, back = ONN_CNN_INIT;
	cnn.channels[0] = 3;
	cnn.pool = ONN_POOLING_MAX;
	cnn.kernel[1] = 2;
	cnn.conv_start.std = 0.25;
	check_ok(onn_network_of_cnn(&n, &cnn));
	ck_assert_str_eq(onn_network_model(n), "cnn");
	char *json = onn_network_to_json(n);
	check_ok(onn_network_from_json(&again, json));
	check_ok(onn_network_compare(again, n));
	ck_assert(onn_network_is_cnn(&back, again));
	ck_assert_uint_eq(back.channels[0], 3);
	ck_assert_uint_eq(back.kernel[1], 2);
	ck_assert_int_eq(back.pool, ONN_POOLING_MAX);
	ck_assert_double_eq(back.conv_start.std, 0.25);
	check_ok(onn_network_set(again, 0, "outputs", "4"));
	ck_assert(!onn_network_is_cnn(&back, again));
	onn_free(json);
	onn_network_destroy(n);
	onn_network_destroy(again);
}
END_TEST

START_TEST(wrong_settings_are_named)
{
	onn_cnn cnn = ONN_CNN_INIT;
	cnn.dropout = 1;
	check_error(onn_cnn_check(&cnn), ONN_ERROR_ARGUMENT, "dropout is 1");
	cnn = (onn_cnn)ONN_CNN_INIT;
	cnn.height = 8;
	cnn.width = 8;
	check_error(onn_cnn_check(&cnn), ONN_ERROR_ARGUMENT,
	    "expected at most 1 number of channels, or kernel at most 2");
	cnn.size = 7;
	check_error(onn_cnn_check(&cnn), ONN_ERROR_ARGUMENT, "ONN_CNN_INIT");
}
END_TEST

int main(void)
{
	return run_tests(
	    "cnn", (const TTest *[]){the_standard_is_the_published_network,
	               parts_that_are_not_asked_for_are_not_there, json_gives_the_same_preset_back,
	               wrong_settings_are_named, NULL});
}
