#include "core/os.h"
#include "reproduce/measure.h"
#include "reproduce/study.h"
#include "testing.h"

#define ROOM "test_reproduce_cosine.d"

static onn_case *case_of(const char *gradient, const char *weight)
{
	char json[800];
	onn_study *study;
	onn_case *c;
	snprintf(json, sizeof json,
	    "{\"name\": \"a\", \"measure\": \"cosine\", \"weight\": \"%s\", \"images\": 64,"
	    "\"network\": {\"model\": \"mlp\", \"hidden\": [16, 16], \"precision\": \"f64\","
	    "\"absorber\": {\"gradient\": \"%s\"}}, \"series\": [{\"name\": \"s\"}]}",
	    weight, gradient);
	check_ok(onn_study_from_json(&study, json));
	check_ok(onn_study_case(&c, study, 0, 0));
	onn_study_destroy(study);
	return c;
}

/* Of a network with its first weights, on digits. */
static onn_status measure(double *value, const char *gradient, const char *weight)
{
	onn_case *c = case_of(gradient, weight);
	onn_dataset *digits;
	onn_device *device;
	onn_network *network;
	onn_model *model;
	check_ok(onn_device_create(&device, "c", NULL));
	check_ok(onn_dataset_load(&digits, "digits", NULL, 0));
	check_ok(onn_case_network(&network, c, digits->height, digits->width, digits->classes));
	check_ok(onn_model_create(&model, network, 3));
	check_ok(onn_directory_make(ROOM));
	check_ok(onn_model_save(model, ROOM "/last.npz"));
	const onn_subject s = {.c = c, .device = device, .dataset = digits, .folder = ROOM};
	onn_status status = onn_measure_cosine(value, &s);
	onn_model_destroy(model);
	onn_network_destroy(network);
	onn_dataset_destroy(digits);
	onn_device_destroy(device);
	onn_case_destroy(c);
	return status;
}

static double measured(const char *gradient, const char *weight)
{
	double value = -2;
	check_ok(measure(&value, gradient, weight));
	return value;
}

START_TEST(of_the_true_derivative_it_is_1_and_of_no_gradient_nothing)
{
	check_near(measured("exact", ""), 1, 1e-15);
	check_near(measured("exact", "w0"), 1, 1e-15);
	/* no absorber stands behind the last weights */
	check_near(measured("approximate", "w2"), 1, 1e-15);
	double first = measured("approximate", "w0");
	ck_assert(first > 0.1 && first < 0.9999);
	check_near(measured("negative", "w1"), -measured("positive", "w1"), 1e-12);
	ck_assert(isnan(measured("zero", "w0")));
}
END_TEST

START_TEST(a_weight_that_there_is_not_is_refused)
{
	double value;
	check_error(measure(&value, "exact", "w7"), ONN_ERROR_ARGUMENT,
	    "no weight w7; expected one such as w0");
}
END_TEST

TESTS("reproduce_cosine", of_the_true_derivative_it_is_1_and_of_no_gradient_nothing,
    a_weight_that_there_is_not_is_refused)
