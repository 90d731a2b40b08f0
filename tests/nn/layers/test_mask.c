/* Masks: read from a file once, then kept with the weights; not trained. */
#include <onn/trainer.h>

#include "bench.h"

static onn_device *device;
static char file[128], saved[140];

/* The left half of 4 x 4 passes. */
static void write_half(void)
{
	double half[16];
	for (size_t i = 0; i < 16; i++)
		half[i] = i % 4 < 2;
	onn_array *a = array_of(ONN_F64, 2, (size_t[]){4, 4}, half);
	check_ok(onn_array_save(a, file));
	onn_array_destroy(a);
}

static onn_network *behind_mask(const char *modulation)
{
	char settings[256];
	snprintf(settings, sizeof settings, "file=%s modulation=%s", file, modulation);
	return network_of(ONN_F32, 2, 2, 4,
	    (const layer_text[]){{"encode", "grid=4 image=4"}, {"mask", settings},
	        {"detect", "regions=2,2 reading=power"}, {NULL, NULL}});
}

START_TEST(a_mask_is_kept_with_the_weights_and_needs_its_file_once)
{
	onn_model *model, *back;
	double y[4], again[4];
	write_half();
	onn_network *n = behind_mask("amplitude");
	check_ok(onn_model_create(&model, n, 0));
	ck_assert_str_eq(onn_model_name(model, 0), "mask0");
	size_t learnt;
	check_ok(onn_network_weights(&learnt, n, 1));
	ck_assert_uint_eq(learnt, 0);
	check_ok(onn_model_save(model, saved));
	remove(file);
	check_error(onn_model_create(&back, n, 0), ONN_ERROR_FILE, "layer 2 (mask)");
	check_ok(onn_model_load(&back, saved));
	outputs_of(y, device, model, (double[]){1, 1, 1, 1});
	outputs_of(again, device, back, (double[]){1, 1, 1, 1});
	for (size_t i = 0; i < 4; i++) {
		check_near(y[i], i % 2 ? 0 : 4, 1e-5);
		ck_assert(again[i] == y[i]);
	}
	remove(saved);
	onn_model_destroy(model);
	onn_model_destroy(back);
	onn_network_destroy(n);
}
END_TEST

START_TEST(a_mask_of_phases_dims_nothing)
{
	onn_model *model;
	double y[4];
	write_half();
	onn_network *n = behind_mask("phase");
	check_ok(onn_model_create(&model, n, 0));
	outputs_of(y, device, model, (double[]){1, 1, 1, 1});
	for (size_t i = 0; i < 4; i++)
		check_near(y[i], 4, 1e-5);
	remove(file);
	onn_model_destroy(model);
	onn_network_destroy(n);
}
END_TEST

START_TEST(a_complex_mask_takes_amplitude_and_phase)
{
	double value[32];
	onn_model *model;
	double y[4];
	for (size_t i = 0; i < 16; i++) {
		value[2 * i] = 0;
		value[2 * i + 1] = i < 8 ? .5 : -1;
	}
	onn_array *a = array_of(ONN_C128, 2, (size_t[]){4, 4}, value);
	check_ok(onn_array_save(a, file));
	onn_array_destroy(a);
	onn_network *n = behind_mask("complex");
	check_ok(onn_model_create(&model, n, 0));
	outputs_of(y, device, model, (double[]){1, 1, 1, 1});
	for (size_t i = 0; i < 4; i++)
		check_near(y[i], i < 2 ? 1 : 4, 1e-5);
	onn_model_destroy(model);
	/* complex numbers are no amplitudes */
	onn_network_destroy(n);
	n = behind_mask("amplitude");
	check_error(onn_model_create(&model, n, 0), ONN_ERROR_FORMAT, "a mask of real numbers");
	remove(file);
	onn_network_destroy(n);
}
END_TEST

START_TEST(a_mask_of_another_size_is_named)
{
	onn_model *model;
	onn_array *a = array_of(ONN_F64, 2, (size_t[]){2, 3}, (double[6]){0});
	check_ok(onn_array_save(a, file));
	onn_array_destroy(a);
	onn_network *n = behind_mask("amplitude");
	check_error(onn_model_create(&model, n, 0), ONN_ERROR_FORMAT, "[2, 3]; expected");
	remove(file);
	onn_network_destroy(n);
}
END_TEST

int main(void)
{
	own_name(file, sizeof file - 4, "test_mask");
	snprintf(saved, sizeof saved, "%s.npz", file);
	strcat(file, ".npy");
	return run_on_device("mask", &device,
	    (const TTest *[]){a_mask_is_kept_with_the_weights_and_needs_its_file_once,
	        a_mask_of_phases_dims_nothing, a_complex_mask_takes_amplitude_and_phase,
	        a_mask_of_another_size_is_named, NULL});
}
