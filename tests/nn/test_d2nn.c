/*
 * Diffractive networks: their description, their light against free space by its own builders, the
 * derivatives of the whole.
 */
#include <onn/model.h>

#include "device.h"
#include "network.h"
#include "presets.h"

static onn_device *device;

/* Small enough for central differences, odd and oblong. */
static onn_d2nn small(void)
{
	onn_d2nn d = ONN_D2NN_INIT;
	d.height = 3;
	d.width = 4;
	d.outputs = 3;
	d.layers = 2;
	d.grid = 9;
	d.image = 5;
	d.detector = 2;
	d.distance = 2e-3;
	d.precision = ONN_F64;
	d.start.std = 1;
	return d;
}

static onn_model *model_of(const onn_d2nn *d)
{
	onn_model *model;
	check_ok(create_d2nn(&model, d, 3));
	return model;
}

/* Pixels in [0, 1], different in each image. */
static onn_array *images_of(const onn_d2nn *d, size_t count)
{
	onn_array *x;
	check_ok(onn_array_create(&x, ONN_F64, 3, (size_t[]){count, d->height, d->width}));
	double *value = onn_array_data(x);
	for (size_t i = 0; i < onn_array_count(x); i++)
		value[i] = .5 + .5 * sin(1 + 2.7 * (double)(i * i));
	return x;
}

/* ---- the description ---- */

START_TEST(a_description_comes_back_from_json)
{
	onn_d2nn d = small(), back;
	d.encoding = ONN_D2NN_ENCODING_PHASE;
	d.detection = ONN_D2NN_DETECTION_DIFFERENTIAL;
	d.detector = 1;
	d.loss = ONN_D2NN_LOSS_MSE;
	d.absorber.depth = 1. / 3;
	d.absorber.gradient = ONN_GRADIENT_NEGATIVE;
	d.misalign = .1 + .2;
	d.levels = 7;
	d.start.random_sign = true;
	char *text = d2nn_to_json(&d);
	check_ok(d2nn_from_json(&back, text));
	ck_assert(back.height == 3 && back.width == 4 && back.outputs == 3 && back.layers == 2);
	ck_assert(back.grid == 9 && back.image == 5 && back.detector == 1 && back.padding == 4);
	ck_assert(back.pitch == d.pitch && back.wavelength == d.wavelength);
	ck_assert(back.distance == d.distance && back.gain == d.gain);
	ck_assert(back.misalign == d.misalign && back.levels == 7);
	ck_assert(back.encoding == d.encoding && back.detection == d.detection);
	ck_assert(back.modulation == d.modulation && back.loss == d.loss);
	ck_assert(back.absorber.depth == d.absorber.depth && back.precision == ONN_F64);
	ck_assert(back.absorber.gradient == ONN_GRADIENT_NEGATIVE && back.start.random_sign);
	onn_free(text);
	d = small();
	d.modulation = ONN_D2NN_MODULATION_COMPLEX;
	text = d2nn_to_json(&d);
	check_ok(d2nn_from_json(&back, text));
	ck_assert(back.modulation == ONN_D2NN_MODULATION_COMPLEX);
	onn_free(text);
}
END_TEST

START_TEST(wrong_descriptions_are_named)
{
	static const struct {
		const char *json, *part;
	} row[] = {
	    {"{", "not JSON"},
	    {"{\"encoding\": \"colour\"}", "colour"},
	    {"{\"layers\": 0}", "layers is 0"},
	    {"{\"layers\": 33}", "layers is 33"},
	    {"{\"grid\": 1}", "grid is 1"},
	    {"{\"grid\": -5}", "grid"},
	    {"{\"pitch\": 0}", "pitch is 0"},
	    {"{\"wavelength\": -1}", "wavelength is -1"},
	    {"{\"distance\": 0}", "distance is 0"},
	    {"{\"gain\": 0}", "gain is 0"},
	    {"{\"misalign\": -1}", "misalign is -1"},
	    {"{\"levels\": 1}", "levels is 1"},
	    {"{\"levels\": 4, \"modulation\": \"complex\"}", "4 levels of complex plates"},
	    {"{\"image\": 201}", "image is 201"},
	    {"{\"detector\": 100}", "regions of 100 x 100"},
	    {"{\"absorber\": {\"od\": -1}}", "od is -1"},
	    {"{\"absorber\": {\"encoding\": \"intensity\"}}", "amplitude"},
	    {"{\"precision\": \"u8\"}", "u8"},
	};
	onn_d2nn d = ONN_D2NN_INIT;
	for (size_t i = 0; i < COUNT(row); i++) {
		char json[128];
		snprintf(json, sizeof json, "{\"model\": \"d2nn\", %s", row[i].json + 1);
		check_error(d2nn_from_json(&d, json), ONN_ERROR_FORMAT, row[i].part);
	}
	check_error(d2nn_from_json(&d, "{\"model\": \"rnn\"}"), ONN_ERROR_FORMAT, "rnn");
	d.size = 1;
	check_error(onn_d2nn_check(&d), ONN_ERROR_ARGUMENT, "ONN_D2NN_INIT");
}
END_TEST

/* ---- light ---- */

/* A white image lights its own part of the grid evenly, and nothing else. */
START_TEST(the_image_fills_its_region)
{
	onn_d2nn d = small();
	onn_model *model = model_of(&d);
	onn_array *x = images_of(&d, 1), *planes;
	onn_region at;
	check_ok(onn_network_image(&at, onn_model_network(model), 0));
	for (size_t i = 0; i < 12; i++)
		((double *)onn_array_data(x))[i] = 1;
	check_ok(onn_model_planes(&planes, model, device, x, 1));
	ck_assert_uint_eq(at.ny, 4);
	ck_assert_uint_eq(at.nx, 5);
	for (size_t i = 0; i < 81; i++) {
		bool in =
		    i / 9 >= at.y && i / 9 < at.y + at.ny && i % 9 >= at.x && i % 9 < at.x + at.nx;
		check_near(((double *)onn_array_data(planes))[i], in, 1e-15);
	}
	onn_array_destroy(planes);
	onn_array_destroy(x);
	onn_model_destroy(model);
}
END_TEST

/* A plate of the model as a transmission. */
static onn_node transmission(onn_graph *g, const onn_model *model, size_t layer, size_t n)
{
	const onn_array *w = onn_model_const_weight(model, layer);
	const double *value = onn_array_const_data(w);
	if (onn_array_ndim(w) == 2)
		return onn_expi(g, onn_constant(g, w));
	size_t shape[2] = {n, n};
	return onn_complex(g, constant_of(g, ONN_F64, 2, shape, value),
	    constant_of(g, ONN_F64, 2, shape, value + n * n));
}

/* The same network by the builders of optics.h and elements.h, on whole planes. */
static void by_builders(
    const onn_d2nn *d, const onn_model *model, const double *first, size_t count, double *last)
{
	onn_graph *g;
	size_t n = d->grid;
	double amplitude[4 * 81];
	onn_grid grid = {.ny = n, .nx = n, .dy = d->pitch, .dx = d->pitch};
	onn_light light = onn_monochromatic(ONN_C128, d->wavelength);
	onn_propagation p = ONN_PROPAGATION_INIT;
	p.method = ONN_METHOD_ASM;
	for (size_t i = 0; i < count * n * n; i++)
		amplitude[i] = sqrt(first[i]);
	check_ok(onn_graph_create(&g));
	onn_field field = onn_field_of(
	    g, constant_of(g, ONN_F64, 3, (size_t[]){count, n, n}, amplitude), &grid, &light);
	for (size_t i = 0; i < d->layers; i++) {
		field = onn_complex_plate(g, field, transmission(g, model, i, n));
		if (d->absorber.depth > 0)
			field = onn_absorbing_sheet(g, field, &d->absorber);
		field = onn_propagate(g, field, d->distance, &p);
	}
	onn_node intensity = onn_intensity(g, field);
	compute(device, g, &intensity, 1, &last);
	onn_graph_destroy(g);
}

static double in_region(const double *plane, const onn_region *r, size_t n)
{
	double sum = 0;
	for (size_t y = r->y; y < r->y + r->ny; y++)
		for (size_t x = r->x; x < r->x + r->nx; x++)
			sum += plane[y * n + x];
	return sum;
}

/* Planes, fractions and outputs, for phase and complex plates, absorbers, both detections. */
START_TEST(light_and_outputs_agree_with_free_space_on_whole_planes)
{
	enum { IMAGES = 3 };
	if (!onn_device_supports(device, ONN_F64))
		return;
	for (int kind = 0; kind < 4; kind++) {
		onn_d2nn d = small();
		onn_array *planes, *output, *fraction, *x = images_of(&d, IMAGES);
		onn_region *region;
		double last[IMAGES * 81];
		d.modulation = kind & 1 ? ONN_D2NN_MODULATION_COMPLEX : ONN_D2NN_MODULATION_PHASE;
		d.detection = kind & 2 ? ONN_D2NN_DETECTION_DIFFERENTIAL : ONN_D2NN_DETECTION_PLAIN;
		d.absorber.depth = kind == 3 ? 2 : 0;
		onn_model *model = model_of(&d);
		const onn_network *network = onn_model_network(model);
		size_t regions, n = d.grid, all = 3 * n * n;
		check_ok(onn_network_detectors(
		    &region, &regions, network, onn_network_find(network, "detect", 0)));
		ck_assert_uint_eq(regions, kind & 2 ? 6 : 3);
		check_ok(onn_model_planes(&planes, model, device, x, 1));
		check_ok(onn_model_readings(&output, &fraction, model, device, x, 1));
		const double *plane = onn_array_const_data(planes);
		const double *y = onn_array_const_data(output);
		const double *part = onn_array_const_data(fraction);
		double first[IMAGES * 81];
		for (size_t i = 0; i < IMAGES; i++)
			memcpy(first + i * n * n, plane + i * all, n * n * sizeof *first);
		by_builders(&d, model, first, IMAGES, last);
		for (size_t i = 0; i < IMAGES; i++) {
			const double *in = plane + i * all, *out = in + 2 * n * n;
			double total = 0, sum = 0, reading[6];
			for (size_t k = 0; k < n * n; k++) {
				check_near(out[k], last[i * n * n + k], 1e-13);
				total += in[k];
			}
			for (size_t k = 0; k < regions; k++) {
				reading[k] = in_region(out, &region[k], n);
				sum += reading[k];
				check_near(part[i * regions + k], reading[k] / total, 1e-13);
			}
			for (size_t k = 0; k < 3; k++) {
				double p = reading[k], m = reading[(k + 3) % regions];
				double want = kind & 2 ? (p - m) / (p + m) : p / sum;
				check_near(y[i * 3 + k], want, 1e-12);
			}
		}
		onn_free(region);
		onn_array_destroy(planes);
		onn_array_destroy(output);
		onn_array_destroy(fraction);
		onn_array_destroy(x);
		onn_model_destroy(model);
	}
}
END_TEST

START_TEST(an_image_without_light_has_outputs_that_are_numbers)
{
	for (int differential = 0; differential < 2; differential++) {
		onn_d2nn d = small();
		d.precision = ONN_F32;
		d.detection =
		    differential ? ONN_D2NN_DETECTION_DIFFERENTIAL : ONN_D2NN_DETECTION_PLAIN;
		onn_model *model = model_of(&d);
		onn_array *x, *output, *fraction;
		check_ok(onn_array_create(&x, ONN_U8, 3, (size_t[]){1, 3, 4}));
		check_ok(onn_model_readings(&output, &fraction, model, device, x, 255));
		for (size_t i = 0; i < 3; i++)
			ck_assert(((float *)onn_array_data(output))[i] == 0 &&
			          ((float *)onn_array_data(fraction))[i] == 0);
		onn_array_destroy(x);
		onn_array_destroy(output);
		onn_array_destroy(fraction);
		onn_model_destroy(model);
	}
}
END_TEST

/* Phase encoding: amplitude 1 where the image is, pi for white; so what leaves an unshifted plate
 * interferes. */
START_TEST(a_phase_encoded_image_is_all_light_and_its_negative_is_another_image)
{
	onn_d2nn d = small();
	d.precision = ONN_F32;
	d.encoding = ONN_D2NN_ENCODING_PHASE;
	onn_model *model = model_of(&d);
	onn_array *x = images_of(&d, 2), *planes;
	double *value = onn_array_data(x);
	for (size_t i = 0; i < 12; i++) {
		value[i] = i < 6;
		value[12 + i] = i == 3;
	}
	check_ok(onn_model_planes(&planes, model, device, x, 1));
	const float *plane = onn_array_const_data(planes);
	double differ = 0, sum = 0;
	for (size_t i = 0; i < 81; i++) {
		sum += plane[i];
		ck_assert(fabsf(plane[i] - plane[3 * 81 + i]) < 1e-6f);
		differ += fabsf(plane[2 * 81 + i] - plane[5 * 81 + i]);
	}
	check_near(sum, 20, 1e-5);
	ck_assert(differ > .5);
	onn_array_destroy(x);
	onn_array_destroy(planes);
	onn_model_destroy(model);
}
END_TEST

/* ---- derivatives ---- */

static void check_gradient(const onn_d2nn *d)
{
	onn_model *model = model_of(d);
	onn_graph *g;
	onn_node weight[2], out[3];
	onn_array *x = images_of(d, 2);
	check_ok(onn_graph_create(&g));
	onn_node image = constant_of(g, ONN_F64, 2, (size_t[]){2, 12}, onn_array_data(x));
	onn_node label = constant_of(g, ONN_I32, 1, (size_t[]){2}, (double[]){2, 0});
	out[0] = onn_network_loss(
	    g, onn_model_network(model), onn_model_forward(model, g, image, weight), label);
	check_ok(onn_gradient(out + 1, g, out[0], ONN_NULL_NODE, weight, 2));
	ck_assert(check_gradients(model, device, g, out, 3, 1e-4, 1e-7) > 1e-3);
	onn_graph_destroy(g);
	onn_array_destroy(x);
	onn_model_destroy(model);
}

START_TEST(gradients_of_the_whole_agree_with_central_differences)
{
	if (!onn_device_supports(device, ONN_F64))
		return;
	for (int kind = 0; kind < 16; kind++) {
		onn_d2nn d = small();
		d.modulation = kind & 1 ? ONN_D2NN_MODULATION_COMPLEX : ONN_D2NN_MODULATION_PHASE;
		d.detection = kind & 2 ? ONN_D2NN_DETECTION_DIFFERENTIAL : ONN_D2NN_DETECTION_PLAIN;
		d.loss = kind & 4 ? ONN_D2NN_LOSS_MSE : ONN_D2NN_LOSS_SOFTMAX;
		d.encoding = kind & 8 ? ONN_D2NN_ENCODING_PHASE : ONN_D2NN_ENCODING_AMPLITUDE;
		d.absorber.depth = kind % 3;
		check_gradient(&d);
	}
}
END_TEST

/* The gradient is that of any phase; the value that of the nearest of four. */
START_TEST(plates_of_few_levels_show_the_nearest_phase)
{
	enum { N = 81 };
	const double quarter = 1.5707963267948966;
	onn_d2nn d = small(), e;
	d.precision = ONN_F32;
	d.levels = 4;
	e = d;
	e.levels = 0;
	onn_model *few = model_of(&d), *any = model_of(&e);
	onn_array *x = images_of(&d, 2), *a, *b;
	for (size_t i = 0; i < 2; i++) {
		float *from = onn_array_data(onn_model_weight(few, i));
		float *to = onn_array_data(onn_model_weight(any, i));
		for (size_t k = 0; k < N; k++)
			to[k] = (float)(quarter * nearbyint(from[k] / quarter));
	}
	check_ok(onn_model_predict(&a, few, device, x, 1));
	check_ok(onn_model_predict(&b, any, device, x, 1));
	for (size_t i = 0; i < 6; i++)
		check_near(((float *)onn_array_data(a))[i], ((float *)onn_array_data(b))[i], 1e-6);
	onn_array_destroy(a);
	onn_array_destroy(b);
	onn_array_destroy(x);
	onn_model_destroy(few);
	onn_model_destroy(any);
}
END_TEST

/* ---- files ---- */

START_TEST(a_saved_network_loads_and_predicts_the_same)
{
	char file[128];
	own_name(file, sizeof file, "test_d2nn");
	strcat(file, ".npz");
	for (int complex = 0; complex < 2; complex++) {
		onn_d2nn d = small();
		d.precision = ONN_F32;
		d.modulation = complex ? ONN_D2NN_MODULATION_COMPLEX : ONN_D2NN_MODULATION_PHASE;
		onn_model *model = model_of(&d), *back;
		onn_array *x = images_of(&d, 2), *a, *b;
		ck_assert_str_eq(onn_model_name(model, 1), "layer1.plate");
		ck_assert_uint_eq(onn_array_count(onn_model_weight(model, 0)), complex ? 162 : 81);
		check_ok(onn_model_save(model, file));
		check_ok(onn_model_load(&back, file));
		ck_assert_uint_eq(d2nn_of(back).grid, 9);
		ck_assert(!onn_network_is_mlp(&(onn_mlp){0}, onn_model_network(back)));
		check_ok(onn_model_predict(&a, model, device, x, 1));
		check_ok(onn_model_predict(&b, back, device, x, 1));
		ck_assert(memcmp(onn_array_data(a), onn_array_data(b), 6 * sizeof(float)) == 0);
		onn_array_destroy(a);
		onn_array_destroy(b);
		onn_array_destroy(x);
		onn_model_destroy(model);
		onn_model_destroy(back);
	}
	remove(file);
}
END_TEST

START_TEST(a_perceptron_has_no_planes)
{
	onn_mlp mlp = ONN_MLP_INIT;
	onn_model *model;
	onn_array *planes, *fraction;
	check_ok(create_mlp(&model, &mlp, 0));
	check_error(
	    onn_model_planes(&planes, model, device, NULL, 1), ONN_ERROR_ARGUMENT, "no light");
	check_error(onn_model_readings(&planes, &fraction, model, device, NULL, 1),
	    ONN_ERROR_ARGUMENT, "no detectors");
	ck_assert(!planes && !fraction);
	onn_model_destroy(model);
}
END_TEST

int main(void)
{
	device = open_test_device(NULL);
	bool wide = onn_device_supports(device, ONN_F64);
	int failed = run_tests("d2nn",
	    (const TTest *[]){a_description_comes_back_from_json, wrong_descriptions_are_named,
	        light_and_outputs_agree_with_free_space_on_whole_planes,
	        an_image_without_light_has_outputs_that_are_numbers,
	        a_phase_encoded_image_is_all_light_and_its_negative_is_another_image,
	        gradients_of_the_whole_agree_with_central_differences,
	        plates_of_few_levels_show_the_nearest_phase,
	        a_saved_network_loads_and_predicts_the_same, a_perceptron_has_no_planes, NULL});
	if (wide)
		failed |=
		    run_tests("d2nn f64", (const TTest *[]){the_image_fills_its_region, NULL});
	onn_device_destroy(device);
	return failed;
}
