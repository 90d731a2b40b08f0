/*
 * Networks as lists: made, changed, refused; as JSON; and what flows through them.
 */
#include "nn/layers/bench.h"
#include "presets.h"

static onn_device *device;

static onn_network *images_of(size_t height, size_t width, size_t classes)
{
	onn_network_options o = ONN_NETWORK_OPTIONS_INIT;
	onn_network *n;
	o.ndim = 2;
	o.input[0] = height;
	o.input[1] = width;
	o.classes = classes;
	check_ok(onn_network_create(&n, &o));
	return n;
}

/* Light on 12 x 10 pixels, two plates, 2 x 3 detectors, a linear layer. */
static onn_network *hybrid(void)
{
	onn_network *n = images_of(4, 4, 3);
	check_ok(onn_network_add(n, "encode", "grid=12,10 image=6"));
	check_ok(onn_network_add(n, "plate", "init_std=1"));
	check_ok(onn_network_add(n, "space", "distance=2e-3"));
	check_ok(onn_network_add(n, "plate", "modulation=complex"));
	check_ok(onn_network_add(n, "space", "distance=1e-3 padding=3"));
	check_ok(onn_network_add(n, "detect", "regions=2,3 reading=fraction"));
	check_ok(onn_network_add(n, "linear", "outputs=3 bias=true"));
	return n;
}

/* ---- the list ---- */

static void check_weights(const onn_network *n, size_t layer, size_t expected)
{
	size_t count;
	check_ok(onn_network_weights(&count, n, layer));
	ck_assert_uint_eq(count, expected);
}

START_TEST(layers_are_added_changed_and_read)
{
	onn_network *n = hybrid();
	ck_assert_uint_eq(onn_network_layers(n), 7);
	ck_assert_str_eq(onn_network_kind(n, 5), "detect");
	ck_assert_ptr_null(onn_network_kind(n, 7));
	ck_assert_uint_eq(onn_network_find(n, "plate", 0), 1);
	ck_assert_uint_eq(onn_network_find(n, "plate", 2), 3);
	ck_assert(onn_network_find(n, "plate", 4) == SIZE_MAX);
	check_ok(onn_network_set(n, 2, "distance", "0.25"));
	check_ok(onn_network_set_real(n, 4, "distance", .1 + .2));
	char *a = onn_network_get(n, 2, "distance"), *b = onn_network_get(n, 4, "distance");
	ck_assert_str_eq(a, "0.25");
	ck_assert_str_eq(b, "0.30000000000000004");
	onn_free(a);
	onn_free(b);
	ck_assert_ptr_null(onn_network_get(n, 2, "od"));
	ck_assert_ptr_null(onn_network_get(n, 9, "distance"));
	check_ok(onn_network_check(n));
	check_weights(n, 1, 120);
	check_weights(n, 3, 240);
	check_weights(n, 5, 0);
	check_weights(n, 6, 21);
	size_t count;
	check_error(onn_network_weights(&count, n, 7), ONN_ERROR_ARGUMENT,
	    "layer index 7; expected one below 7");
	ck_assert_str_eq(onn_network_model(n), "network");
	onn_network_destroy(n);
}
END_TEST

START_TEST(wrong_settings_are_named_and_change_nothing)
{
	static const struct {
		const char *kind, *settings, *part;
	} row[] = {{"plates", "", "no kind of layer 'plates'; expected one of flatten, linear"},
	    {"linear", "outputs=0", "layer 8 (linear): outputs is '0'"},
	    {"linear", "output=3", "there is no setting output"},
	    {"linear", "outputs", "'outputs' is no setting; expected NAME=VALUE"},
	    {"space", "distance=-1",
	        "distance is '-1'; expected a length above 0 (in m, or as 8um)"},
	    {"space", "padding=most", "or half"}, {"detect", "regions=1,2,3", "regions is"},
	    {"aperture", "shape=square", "one of circle, rectangle"}};
	onn_network *n = hybrid();
	for (size_t i = 0; i < COUNT(row); i++) {
		check_error(onn_network_add(n, row[i].kind, row[i].settings), ONN_ERROR_ARGUMENT,
		    row[i].part);
		ck_assert_uint_eq(onn_network_layers(n), 7);
	}
	check_error(onn_network_set(n, 7, "f", "1"), ONN_ERROR_ARGUMENT,
	    "layer index 7; expected one below 7");
	check_error(onn_network_set(n, 1, "levels", "1"), ONN_ERROR_ARGUMENT, "layer 2 (plate)");
	check_ok(onn_network_check(n));
	for (size_t i = 7; i < ONN_NETWORK_MAX_LAYERS; i++)
		check_ok(onn_network_add(n, "relu", NULL));
	check_error(onn_network_add(n, "relu", NULL), ONN_ERROR_ARGUMENT, "more than 256");
	onn_network_destroy(n);
}
END_TEST

/* A list, blanks between kinds, that does not fit: what its error says. */
START_TEST(lists_that_do_not_fit_say_which_layer_and_what_it_gets)
{
	static const struct {
		const char *kinds, *part;
	} row[] = {{"linear", "layer 1 (linear): it gets [4, 4]; expected a list of numbers"},
	    {"plate", "layer 1 (plate): it gets [4, 4]; expected light"},
	    {"encode encode", "layer 2 (encode): it gets light on 200 x 200 pixels of 400 um; "
	                      "expected an image"},
	    {"encode plate linear", "layer 3 (linear): it gets light"},
	    {"flatten encode", "layer 2 (encode): it gets [16]; expected an image"},
	    {"flatten", "its 1 layers give [16]; expected [10]"},
	    {"encode space", "its 2 layers give light on 200 x 200"},
	    {"", "its 0 layers give [4, 4]; expected [10]"}, {"encode space detect", NULL},
	    {"encode camera flatten linear", NULL}, {"flatten linear absorber linear", NULL}};
	for (size_t i = 0; i < COUNT(row); i++) {
		onn_network *n = images_of(4, 4, 10);
		for (const char *p = row[i].kinds; *p;) {
			char kind[16];
			size_t length = strcspn(p, " ");
			snprintf(kind, sizeof kind, "%.*s", (int)length, p);
			check_ok(onn_network_add(n, kind, NULL));
			p += length + (p[length] == ' ');
		}
		if (row[i].part)
			check_error(onn_network_check(n), ONN_ERROR_ARGUMENT, row[i].part);
		else
			check_ok(onn_network_check(n));
		onn_network_destroy(n);
	}
}
END_TEST

START_TEST(settings_that_do_not_go_together_are_refused_by_the_check)
{
	static const struct {
		const char *kind, *settings, *part;
	} row[] = {{"plate", "levels=4 modulation=complex", "layer 2 (plate): 4 levels"},
	    {"sheet", "encoding=intensity", "layer 2 (sheet)"}, {"lens", "f=0", "layer 2 (lens)"},
	    {"mask", "", "layer 2 (mask): no file"}, {"detect", "side=50", "layer 2 (detect)"},
	    {"detect", "area=201", "area of 201"}};
	for (size_t i = 0; i < COUNT(row); i++) {
		onn_network *n = images_of(4, 4, 10);
		check_ok(onn_network_add(n, "encode", NULL));
		check_ok(onn_network_add(n, row[i].kind, row[i].settings));
		check_error(onn_network_check(n), ONN_ERROR_ARGUMENT, row[i].part);
		onn_network_destroy(n);
	}
	onn_network *n = images_of(4, 4, 16);
	check_ok(onn_network_add(n, "flatten", NULL));
	check_ok(onn_network_add(n, "absorber", "detuning=1"));
	check_error(onn_network_check(n), ONN_ERROR_ARGUMENT, "detuning is 1");
	onn_network_destroy(n);
}
END_TEST

START_TEST(what_a_list_leaves_open_is_the_data_sets)
{
	onn_network *n;
	check_ok(onn_network_create(&n, NULL));
	check_ok(onn_network_add(n, "encode", "grid=20"));
	check_ok(onn_network_add(n, "detect", NULL));
	check_error(onn_network_check(n), ONN_ERROR_ARGUMENT, "shape of an image is not known");
	check_ok(onn_network_fit(n, 4, 6, 3));
	check_ok(onn_network_check(n));
	ck_assert(onn_network_inputs(n) == 24 && onn_network_outputs(n) == 3);
	check_ok(onn_network_fit(n, 4, 6, 3));
	check_error(onn_network_fit(n, 6, 4, 3), ONN_ERROR_ARGUMENT, "6 x 4; expected");
	check_error(onn_network_fit(n, 4, 6, 4), ONN_ERROR_ARGUMENT, "4 classes; expected");
	onn_network_destroy(n);
}
END_TEST

/* ---- JSON ---- */

START_TEST(a_list_comes_back_from_json)
{
	onn_network *n = hybrid(), *back, *copy;
	check_ok(onn_network_set_real(n, 2, "distance", 1. / 3));
	char *text = onn_network_to_json(n);
	ck_assert_ptr_nonnull(text);
	check_ok(onn_network_from_json(&back, text));
	check_ok(onn_network_compare(back, n));
	char *again = onn_network_to_json(back);
	ck_assert_str_eq(text, again);
	check_ok(onn_network_copy(&copy, n));
	check_ok(onn_network_set(copy, 4, "padding", "half"));
	check_error(onn_network_compare(copy, n), ONN_ERROR_ARGUMENT,
	    "layer 5 (space): padding was 3 and is half");
	check_ok(onn_network_add(back, "relu", NULL));
	check_error(onn_network_compare(back, n), ONN_ERROR_ARGUMENT, "7 layers and has 8");
	onn_free(text);
	onn_free(again);
	onn_network_destroy(n);
	onn_network_destroy(back);
	onn_network_destroy(copy);
}
END_TEST

START_TEST(wrong_json_names_layer_and_setting)
{
	static const struct {
		const char *json, *part;
	} row[] = {{"{\"layers\": 3}", "layers"}, {"{\"model\": \"network\"}", "no \"layers\""},
	    {"{\"model\": \"rnn\", \"layers\": []}", "\"model\" is \"rnn\""},
	    {"{\"layers\": [3]}", "layer 1: no \"layer\""},
	    {"{\"layers\": [{\"layer\": \"conv\"}]}", "no kind of layer 'conv'"},
	    {"{\"layers\": [{\"layer\": \"relu\"}, {\"layer\": \"linear\", \"outputs\": 0}]}",
	        "layer 2 (linear): outputs is 0"},
	    {"{\"layers\": [{\"layer\": \"lens\", \"focus\": 1}]}", "no setting \"focus\""},
	    {"{\"layers\": [], \"gain\": 0}", "gain is 0"},
	    {"{\"layers\": [], \"input\": [1, 2, 3]}", "input is [1,2,3]"},
	    {"{\"layers\": [], \"colour\": 1}", "no setting \"colour\""}};
	onn_network *n;
	for (size_t i = 0; i < COUNT(row); i++) {
		check_error(onn_network_from_json(&n, row[i].json), ONN_ERROR_FORMAT, row[i].part);
		ck_assert_ptr_null(n);
	}
	check_error(onn_network_load(&n, "no-such.json"), ONN_ERROR_FILE, "no-such.json");
}
END_TEST

START_TEST(a_presets_list_is_written_like_any_other)
{
	onn_d2nn d = ONN_D2NN_INIT;
	onn_network *preset, *list;
	d.layers = 2;
	d.absorber.depth = 1;
	check_ok(onn_network_of_d2nn(&preset, &d));
	ck_assert_uint_eq(onn_network_layers(preset), 8);
	char *text = onn_network_list_to_json(preset);
	check_ok(onn_network_from_json(&list, text));
	ck_assert_str_eq(onn_network_model(preset), "d2nn");
	ck_assert_str_eq(onn_network_model(list), "network");
	check_error(
	    onn_network_compare(list, preset), ONN_ERROR_ARGUMENT, "was d2nn and is network");
	/* a change makes a list of it */
	check_ok(onn_network_set(preset, 3, "distance", "0.1"));
	check_error(onn_network_compare(preset, list), ONN_ERROR_ARGUMENT, "distance was 0.029");
	ck_assert(!onn_network_is_d2nn(&d, preset));
	onn_free(text);
	onn_network_destroy(preset);
	onn_network_destroy(list);
}
END_TEST

/* ---- what flows ---- */

static double number(const onn_array *a, size_t i)
{
	return onn_array_type(a) == ONN_F32 ? ((const float *)onn_array_const_data(a))[i]
	                                    : ((const double *)onn_array_const_data(a))[i];
}

/* What the network makes of x, and of it a model with the preset's weights. */
static void check_same_outputs(const onn_network *list, const onn_d2nn *d)
{
	onn_model *a, *b;
	onn_array *x, *ya, *yb;
	check_ok(create_d2nn(&a, d, 3));
	check_ok(onn_model_create(&b, list, 3));
	check_ok(onn_array_create(&x, ONN_F32, 3, (size_t[]){2, d->height, d->width}));
	for (size_t i = 0; i < onn_array_count(x); i++)
		((float *)onn_array_data(x))[i] = (float)(i % 7) / 7;
	check_ok(onn_model_predict(&ya, a, device, x, 1));
	check_ok(onn_model_predict(&yb, b, device, x, 1));
	ck_assert_uint_eq(onn_array_count(ya), onn_array_count(yb));
	for (size_t i = 0; i < onn_array_count(ya); i++)
		ck_assert(number(ya, i) == number(yb, i));
	onn_array_destroy(x);
	onn_array_destroy(ya);
	onn_array_destroy(yb);
	onn_model_destroy(a);
	onn_model_destroy(b);
}

START_TEST(a_list_computes_what_the_preset_that_wrote_it_does)
{
	onn_d2nn d = ONN_D2NN_INIT;
	onn_network *preset, *list;
	d.height = d.width = 5;
	d.outputs = 3;
	d.grid = 20;
	d.layers = 2;
	d.detection = ONN_D2NN_DETECTION_DIFFERENTIAL;
	check_ok(onn_network_of_d2nn(&preset, &d));
	char *text = onn_network_list_to_json(preset);
	check_ok(onn_network_from_json(&list, text));
	check_same_outputs(list, &d);
	onn_free(text);
	onn_network_destroy(preset);
	onn_network_destroy(list);
}
END_TEST

/* ---- derivatives ---- */

START_TEST(gradients_of_a_hybrid_agree_with_central_differences)
{
	check_layer_gradients(device, 4, 4, 3,
	    (const layer_text[]){{"encode", "grid=12,10 image=6"}, {"plate", "init_std=1"},
	        {"space", "distance=2e-3"}, {"plate", "modulation=complex"},
	        {"space", "distance=1e-3 padding=3"}, {"detect", "regions=2,3 reading=fraction"},
	        {"linear", "outputs=3 bias=true"}, {NULL, NULL}},
	    2, 1e-8);
}
END_TEST

TESTS_ON_DEVICE("network", layers_are_added_changed_and_read,
    wrong_settings_are_named_and_change_nothing,
    lists_that_do_not_fit_say_which_layer_and_what_it_gets,
    settings_that_do_not_go_together_are_refused_by_the_check,
    what_a_list_leaves_open_is_the_data_sets, a_list_comes_back_from_json,
    wrong_json_names_layer_and_setting, a_presets_list_is_written_like_any_other,
    a_list_computes_what_the_preset_that_wrote_it_does,
    gradients_of_a_hybrid_agree_with_central_differences)
