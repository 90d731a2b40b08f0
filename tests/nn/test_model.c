/*
 * Models: their description, files and predictions.
 */
#include <locale.h>

#include <onn/model.h>

#include "device.h"
#include "network.h"
#include "presets.h"

static onn_device *device;
static char file[128];

static onn_mlp small(void)
{
	onn_mlp m = ONN_MLP_INIT;
	m.inputs = 5;
	m.outputs = 3;
	m.hidden[0] = 7;
	m.hidden[1] = 4;
	m.absorber.depth = 2;
	m.start.std = .8;
	return m;
}

START_TEST(a_description_comes_back_from_json_to_the_bit)
{
	onn_mlp m = small(), back;
	m.bias = true;
	m.loss = ONN_LOSS_NLL;
	m.precision = ONN_F64;
	m.input_maximum = .1 + .2;
	m.absorber.medium = ONN_MEDIUM_THICK;
	m.absorber.gradient = ONN_GRADIENT_POSITIVE;
	m.absorber.isat = 1. / 3;
	m.start.random_sign = true;
	char *text = mlp_to_json(&m);
	ck_assert_ptr_nonnull(text);
	check_ok(mlp_from_json(&back, text));
	onn_free(text);
	ck_assert_uint_eq(back.nhidden, 2);
	ck_assert_uint_eq(back.hidden[1], 4);
	ck_assert(back.inputs == 5 && back.outputs == 3 && back.bias && back.loss == m.loss);
	ck_assert(back.precision == ONN_F64 && back.input_maximum == m.input_maximum);
	ck_assert(
	    back.absorber.isat == m.absorber.isat && back.absorber.medium == ONN_MEDIUM_THICK);
	ck_assert(back.absorber.gradient == ONN_GRADIENT_POSITIVE && back.start.random_sign);
}
END_TEST

START_TEST(json_is_the_same_under_a_locale_with_a_comma)
{
	onn_mlp m = small(), back;
	m.absorber.isat = 2.5;
	char *plain = mlp_to_json(&m);
	if (setlocale(LC_NUMERIC, "de_DE.UTF-8")) {
		char *local = mlp_to_json(&m);
		ck_assert_str_eq(plain, local);
		check_ok(mlp_from_json(&back, local));
		ck_assert(back.absorber.isat == 2.5);
		onn_free(local);
		setlocale(LC_NUMERIC, "C");
	}
	ck_assert_ptr_nonnull(strstr(plain, "2.5"));
	onn_free(plain);
}
END_TEST

START_TEST(wrong_descriptions_are_named)
{
	onn_mlp m = small();
	onn_model *model;
	check_error(mlp_from_json(&m, "{"), ONN_ERROR_FORMAT, "not JSON");
	check_error(mlp_from_json(&m, NULL), ONN_ERROR_FORMAT, "not JSON");
	check_error(mlp_from_json(&m, "{\"activation\": \"cube\"}"), ONN_ERROR_FORMAT, "cube");
	check_error(mlp_from_json(&m, "{\"inputs\": -3}"), ONN_ERROR_FORMAT, "inputs");
	check_error(mlp_from_json(&m, "{\"hidden\": [0]}"), ONN_ERROR_FORMAT, "hidden");
	check_error(
	    mlp_from_json(&m, "{\"input_maximum\": -1}"), ONN_ERROR_FORMAT, "input_maximum");
	m = small();
	m.absorber.detuning = 1;
	check_error(create_mlp(&model, &m, 0), ONN_ERROR_ARGUMENT, "detuning");
	ck_assert_ptr_null(model);
	m = small();
	m.hidden[1] = 0;
	check_error(create_mlp(&model, &m, 0), ONN_ERROR_ARGUMENT, "hidden[1] is 0");
	m = small();
	m.precision = ONN_U8;
	check_error(create_mlp(&model, &m, 0), ONN_ERROR_ARGUMENT, "precision");
}
END_TEST

static double number(const onn_array *a, size_t i)
{
	return onn_array_type(a) == ONN_F32 ? ((const float *)onn_array_const_data(a))[i]
	                                    : ((const double *)onn_array_const_data(a))[i];
}

/* One image through the network in double: thin absorbers in amplitude encoding. */
static void forward(const onn_model *model, const double *image, double *out)
{
	const onn_mlp mlp = mlp_of(model), *m = &mlp;
	double x[16], y[16];
	size_t p = 0, in = m->inputs;
	memcpy(x, image, in * sizeof *x);
	for (size_t layer = 0; layer <= m->nhidden; layer++) {
		const onn_array *w = onn_model_const_weight(model, p++);
		const onn_array *b = m->bias ? onn_model_const_weight(model, p++) : NULL;
		size_t n = onn_array_shape(w)[1];
		for (size_t j = 0; j < n; j++) {
			y[j] = b ? number(b, j) : 0;
			for (size_t i = 0; i < in; i++)
				y[j] += x[i] * number(w, i * n + j);
		}
		for (size_t j = 0; j < n; j++) {
			double dim = exp(-m->absorber.depth / 2 / (1 + y[j] * y[j]));
			x[j] = layer < m->nhidden ? y[j] * dim : y[j];
		}
		in = n;
	}
	memcpy(out, x, in * sizeof *x);
}

static void set_biases(onn_model *model)
{
	for (size_t i = 1; i < onn_model_count(model); i += 2) {
		onn_array *b = onn_model_weight(model, i);
		for (size_t k = 0; k < onn_array_count(b); k++) {
			if (onn_array_type(b) == ONN_F32)
				((float *)onn_array_data(b))[k] = .1f * (float)k;
			else
				((double *)onn_array_data(b))[k] = .1 * (double)k;
		}
	}
}

/* 600 images: more than one chunk, and a last one that is not full. */
START_TEST(predictions_are_the_forward_pass_of_each_image)
{
	enum { IMAGES = 600 };
	for (int kind = 0; kind < 4; kind++) {
		onn_mlp m = small();
		m.bias = kind & 1;
		m.precision = kind & 2 ? ONN_F64 : ONN_F32;
		m.input_maximum = 2;
		if (!onn_device_supports(device, m.precision))
			continue;
		onn_model *model;
		onn_array *x, *y;
		check_ok(create_mlp(&model, &m, 3));
		if (m.bias)
			set_biases(model);
		check_ok(onn_array_create(&x, ONN_U8, 2, (size_t[]){IMAGES, 5}));
		for (size_t i = 0; i < IMAGES * 5; i++)
			((uint8_t *)onn_array_data(x))[i] = (uint8_t)(i * 37);
		check_ok(onn_model_predict(&y, model, device, x, 255));
		ck_assert_uint_eq(onn_array_shape(y)[0], IMAGES);
		ck_assert_uint_eq(onn_array_shape(y)[1], 3);
		for (size_t i = 0; i < IMAGES; i++) {
			double image[5], want[3];
			for (size_t k = 0; k < 5; k++)
				image[k] = ((uint8_t *)onn_array_data(x))[5 * i + k] * 2 / 255.;
			forward(model, image, want);
			for (size_t k = 0; k < 3; k++)
				check_near(number(y, 3 * i + k), want[k],
				    (m.precision == ONN_F32 ? 2e-6 : 1e-13) * (1 + fabs(want[k])));
		}
		onn_array_destroy(x);
		onn_array_destroy(y);
		onn_model_destroy(model);
	}
}
END_TEST

START_TEST(a_saved_model_loads_to_the_same_bytes)
{
	onn_mlp m = small();
	onn_model *model, *back;
	m.bias = true;
	check_ok(create_mlp(&model, &m, 11));
	check_ok(onn_model_save(model, file));
	check_ok(onn_model_load(&back, file));
	ck_assert_uint_eq(onn_model_count(back), 6);
	ck_assert_str_eq(onn_model_name(back, 1), "b0");
	ck_assert_ptr_null(onn_model_name(back, 6));
	for (size_t i = 0; i < 6; i++)
		ck_assert(memcmp(onn_array_data(onn_model_weight(model, i)),
		              onn_array_data(onn_model_weight(back, i)),
		              onn_array_count(onn_model_weight(model, i)) * 4) == 0);
	onn_model_destroy(model);
	onn_model_destroy(back);
	remove(file);
}
END_TEST

START_TEST(weights_are_imported_by_name_and_shape)
{
	onn_mlp m = small();
	onn_model *model, *none;
	onn_archive *archive;
	onn_array *w;
	m.nhidden = 0;
	check_ok(create_mlp(&model, &m, 0));
	check_ok(onn_archive_create(&archive));
	check_ok(onn_array_create(&w, ONN_F64, 2, (size_t[]){3, 5}));
	check_ok(onn_archive_put(archive, "other", w));
	check_ok(onn_archive_save(archive, file));
	check_error(onn_model_import(model, file), ONN_ERROR_FORMAT, "no array w0");
	check_ok(onn_archive_put(archive, "w0", w));
	check_ok(onn_archive_save(archive, file));
	check_error(onn_model_import(model, file), ONN_ERROR_FORMAT, "[3, 5]");
	onn_array_destroy(w);

	check_ok(onn_array_create(&w, ONN_F64, 2, (size_t[]){5, 3}));
	for (int i = 0; i < 15; i++)
		((double *)onn_array_data(w))[i] = i;
	check_ok(onn_archive_put(archive, "w0", w));
	check_ok(onn_archive_save(archive, file));
	check_ok(onn_model_import(model, file));
	ck_assert(((float *)onn_array_data(onn_model_weight(model, 0)))[7] == 7);
	check_error(onn_model_load(&none, file), ONN_ERROR_FORMAT, "model.json");
	ck_assert_ptr_null(none);
	onn_array_destroy(w);
	onn_archive_destroy(archive);
	onn_model_destroy(model);
	remove(file);
}
END_TEST

START_TEST(images_of_the_wrong_size_are_named)
{
	onn_mlp m = small();
	onn_model *model;
	onn_array *x, *y;
	check_ok(create_mlp(&model, &m, 0));
	check_ok(onn_array_create(&x, ONN_F32, 3, (size_t[]){2, 2, 3}));
	check_error(
	    onn_model_predict(&y, model, device, x, 1), ONN_ERROR_ARGUMENT, "5 numbers an image");
	onn_array_destroy(x);
	check_ok(onn_array_create(&x, ONN_F32, 2, (size_t[]){2, 5}));
	check_error(onn_model_predict(&y, model, device, x, 0), ONN_ERROR_ARGUMENT, "scale is 0");
	ck_assert_ptr_null(y);
	check_error(onn_model_predict(&y, model, NULL, x, 1), ONN_ERROR_ARGUMENT, "no device");
	onn_array_destroy(x);
	onn_model_destroy(model);
}
END_TEST

int main(void)
{
	device = open_test_device(NULL);
	own_name(file, sizeof file - 4, "test_model");
	strcat(file, ".npz");
	int failed = run_tests("model",
	    (const TTest *[]){a_description_comes_back_from_json_to_the_bit,
	        json_is_the_same_under_a_locale_with_a_comma, wrong_descriptions_are_named,
	        predictions_are_the_forward_pass_of_each_image,
	        a_saved_model_loads_to_the_same_bytes, weights_are_imported_by_name_and_shape,
	        images_of_the_wrong_size_are_named, NULL});
	onn_device_destroy(device);
	return failed;
}
