/*
 * Kinds of layers that a program registers: what is refused, and that one is to lists, files,
 * trainings and systems what the library's own are.
 */
#include <onn/onn.h>

#include "core/os.h"
#include "nn/layers/bench.h"

static onn_device *device;

static const layer_text end = {NULL, NULL};

/* ---- numbers: gain x + offset, each number with a gain of its own ---- */

typedef struct gains {
	double offset;
	onn_weight_start start;
} gains;

static const onn_setting gains_rows[] = {
    {ONN_SETTING("offset", REAL, gains, offset), .low = -10, .high = 10},
    {ONN_SETTING(NULL, PART, gains, start), .part = onn_weight_start_settings},
};

static const onn_settings *gains_settings(void)
{
	ONN_RETURN_SETTINGS("gains", gains_rows, gains, NULL, {0.5, ONN_WEIGHT_START_INIT});
}

static size_t gains_weights(onn_weight *w, const void *layer, const onn_signal *in, size_t ordinal)
{
	w[0].ndim = in->ndim;
	memcpy(w[0].shape, in->shape, in->ndim * sizeof *in->shape);
	w[0].start = &((const gains *)layer)->start;
	snprintf(w[0].name, sizeof w[0].name, "gains%zu", ordinal);
	return 1;
}

static void gains_forward(onn_flow *flow, const onn_layer_call *call)
{
	onn_node y = onn_mul(call->g, flow->x, call->weight[0]);
	flow->x = onn_add_real(call->g, y, ((const gains *)call->layer)->offset);
}

static const onn_layer_kind gains_kind = {sizeof(onn_layer_kind), "gains", "a gain a number",
    ONN_TAKES_NUMBERS, gains_settings, .weights = gains_weights, .forward = gains_forward};

/* ---- numbers: every other one ---- */

static onn_status half_shape(onn_signal *s, const void *layer, const onn_network_options *network)
{
	(void)layer, (void)network;
	if (s->shape[0] % 2)
		return onn_set_error(
		    ONN_ERROR_ARGUMENT, "%zu numbers; expected an even count", s->shape[0]);
	s->shape[0] /= 2;
	return ONN_OK;
}

static void half_forward(onn_flow *flow, const onn_layer_call *call)
{
	flow->x = onn_slice(call->g, flow->x, 1, 0, call->out.shape[0], 2);
}

static const onn_layer_kind half_kind = {sizeof(onn_layer_kind), "half", "every other number",
    ONN_TAKES_LIST, .shape = half_shape, .forward = half_forward};

/* ---- light: turned by half a turn, which is no function of each pixel alone ---- */

static void turn_forward(onn_flow *flow, const onn_layer_call *call)
{
	onn_graph *g = call->g;
	const onn_grid *grid = &call->in.grid;
	onn_flow_widen(flow, g);
	flow->x = onn_slice(g, flow->x, -2, grid->ny - 1, grid->ny, -1);
	flow->x = onn_slice(g, flow->x, -1, grid->nx - 1, grid->nx, -1);
}

static const onn_layer_kind turn_kind = {sizeof(onn_layer_kind), "turn", "half a turn",
    ONN_TAKES_LIGHT, .looks_at = onn_looks_at_whole, .forward = turn_forward};

/* ---- what is no layer ---- */

static void nothing_forward(onn_flow *flow, const onn_layer_call *call)
{
	(void)call;
	flow->x = ONN_NULL_NODE;
}

static void sum_forward(onn_flow *flow, const onn_layer_call *call)
{
	flow->x = onn_sum(call->g, flow->x, (int[]){1}, 1, true);
}

static void double_forward(onn_flow *flow, const onn_layer_call *call)
{
	flow->x = onn_cast(call->g, flow->x, ONN_F64);
}

static size_t same_weights(onn_weight *w, const void *layer, const onn_signal *in, size_t ordinal)
{
	static const onn_weight_start start = ONN_WEIGHT_START_INIT;
	(void)layer, (void)in, (void)ordinal;
	w[0].start = &start;
	snprintf(w[0].name, sizeof w[0].name, "w0"); /* as a linear layer's */
	return 1;
}

static size_t large_weights(onn_weight *w, const void *layer, const onn_signal *in, size_t ordinal)
{
	same_weights(w, layer, in, ordinal);
	w[0].ndim = 5;
	return 1;
}

static size_t startless_weights(
    onn_weight *w, const void *layer, const onn_signal *in, size_t ordinal)
{
	same_weights(w, layer, in, ordinal);
	w[0].start = NULL;
	return 1;
}

static size_t nameless_weights(
    onn_weight *w, const void *layer, const onn_signal *in, size_t ordinal)
{
	same_weights(w, layer, in, ordinal);
	w[0].name[0] = 0;
	return 1;
}

static onn_status flat_shape(onn_signal *s, const void *layer, const onn_network_options *network)
{
	(void)layer, (void)network;
	s->shape[0] = 0;
	return ONN_OK;
}

#define KIND(name, ...)                                                                            \
	{                                                                                          \
		sizeof(onn_layer_kind), name, "", ONN_TAKES_LIST, __VA_ARGS__                      \
	}
static const onn_layer_kind broken_kinds[] = {
    KIND("gives-nothing", .forward = nothing_forward),
    KIND("gives-a-sum", .forward = sum_forward),
    KIND("gives-doubles", .forward = double_forward),
    KIND("has-w0", .weights = same_weights, .forward = half_forward),
    KIND("has-five-axes", .weights = large_weights, .forward = half_forward),
    KIND("has-no-start", .weights = startless_weights, .forward = half_forward),
    KIND("has-no-name", .weights = nameless_weights, .forward = half_forward),
    KIND("has-no-numbers", .shape = flat_shape, .forward = half_forward),
};

static void register_all(void)
{
	static bool done;
	if (done)
		return;
	done = true;
	check_ok(onn_layer_register(&gains_kind));
	check_ok(onn_layer_register(&half_kind));
	check_ok(onn_layer_register(&turn_kind));
	for (size_t i = 0; i < COUNT(broken_kinds); i++)
		check_ok(onn_layer_register(&broken_kinds[i]));
}

/* ---- registering ---- */

static const onn_settings *no_table(void) { return NULL; }

static const onn_settings *layer_table(void)
{
	static const onn_setting rows[] = {{ONN_SETTING("layer", REAL, gains, offset)}};
	ONN_RETURN_SETTINGS("bad", rows, gains, NULL, {0, ONN_WEIGHT_START_INIT});
}

static const onn_settings *standard_table(void)
{
	static const onn_setting rows[] = {
	    {ONN_SETTING("offset", REAL, gains, offset), .low = 1, .high = 2}};
	ONN_RETURN_SETTINGS("bad", rows, gains, NULL, {3, ONN_WEIGHT_START_INIT});
}

#define ROW(...)                                                                                   \
	{                                                                                          \
		sizeof(onn_layer_kind), __VA_ARGS__                                                \
	}
START_TEST(what_is_no_kind_is_refused_and_named)
{
	static const struct {
		onn_layer_kind kind;
		const char *part;
	} row[] = {
	    {{0}, "sizeof(onn_layer_kind)"},
	    {ROW(NULL, "", ONN_TAKES_LIST, .forward = half_forward), "NULL"},
	    {ROW("", "", ONN_TAKES_LIST, .forward = half_forward), "a small letter"},
	    {ROW("4f", "", ONN_TAKES_LIST, .forward = half_forward), "a small letter"},
	    {ROW("a b", "", ONN_TAKES_LIST, .forward = half_forward), "\"a b\""},
	    {ROW("a-name-of-fifty-letters-which-is-more-than-there-is", "", ONN_TAKES_LIST,
	         .forward = half_forward),
	        "46"},
	    {ROW("linear", "", ONN_TAKES_LIST, .forward = half_forward), "another name"},
	    {ROW("gains", "", ONN_TAKES_LIST, .forward = half_forward), "another name"},
	    {ROW("other", NULL, ONN_TAKES_LIST, .forward = half_forward), "no summary"},
	    {ROW("other", "", (onn_takes)17, .forward = half_forward), "takes 17"},
	    {ROW("other", "", ONN_TAKES_LIST, .forward = NULL), "no forward"},
	    {ROW("other", "", ONN_TAKES_LIST, no_table, .forward = half_forward), "not whole"},
	    {ROW("other", "", ONN_TAKES_LIST, layer_table, .forward = half_forward), "\"layer\""},
	    {ROW("other", "", ONN_TAKES_LIST, standard_table, .forward = half_forward), "offset"},
	};
	register_all();
	check_error(onn_layer_register(NULL), ONN_ERROR_ARGUMENT, "NULL");
	for (size_t i = 0; i < COUNT(row); i++)
		check_error(onn_layer_register(&row[i].kind), ONN_ERROR_ARGUMENT, row[i].part);
	ck_assert_ptr_null(onn_layer_settings("other"));
}
END_TEST

START_TEST(a_registered_kind_is_listed_behind_the_librarys)
{
	size_t n = 0, linear = 0, own = 0;
	register_all();
	for (const char *name; (name = onn_layer_kind_name(n)); n++) {
		linear = strcmp(name, "linear") == 0 ? n : linear;
		own = strcmp(name, "gains") == 0 ? n : own;
	}
	ck_assert(own > linear && own < n);
	ck_assert_str_eq(onn_layer_summary("gains"), "a gain a number");
	ck_assert_ptr_eq(onn_layer_settings("gains"), gains_settings());
}
END_TEST

/* A program of before the last member. */
START_TEST(a_smaller_structure_is_an_older_version)
{
	onn_layer_kind older = {offsetof(onn_layer_kind, sampling), "older", "", ONN_TAKES_LIGHT,
	    .forward = turn_forward};
	memset(&older.sampling, 0xff, sizeof older.sampling);
	register_all();
	check_ok(onn_layer_register(&older));
}
END_TEST

enum { THREADS = 8 };

static void register_race(void *status)
{
	static const onn_layer_kind race = {
	    sizeof(onn_layer_kind), "race", "", ONN_TAKES_LIST, .forward = half_forward};
	*(onn_status *)status = onn_layer_register(&race);
}

START_TEST(of_threads_that_take_a_name_one_gets_it)
{
	onn_thread *thread[THREADS];
	onn_status status[THREADS];
	size_t got = 0;
	for (size_t i = 0; i < THREADS; i++)
		check_ok(onn_thread_start(&thread[i], register_race, &status[i]));
	for (size_t i = 0; i < THREADS; i++)
		onn_thread_join(thread[i]);
	for (size_t i = 0; i < THREADS; i++)
		got += status[i] == ONN_OK;
	ck_assert_uint_eq(got, 1);
}
END_TEST

/* ---- in a network ---- */

START_TEST(a_list_computes_and_learns_with_it)
{
	static const double pixel[4] = {1, 2, 3, 4};
	const layer_text list[] = {
	    {"gains", "init_mean=2 init_std=0 offset=1"}, {"flatten", ""}, {"half", ""}, end};
	const layer_text learning[] = {{"gains", "init_mean=1 init_std=0.3"}, {"flatten", ""},
	    {"linear", "outputs=8"}, {"gains", ""}, {"half", ""}, {"linear", "outputs=3"}, end};
	double y[2];
	register_all();
	onn_model *model = model_of_layers(2, 2, 2, list);
	ck_assert_str_eq(onn_model_name(model, 0), "gains0");
	outputs_of(y, device, model, pixel);
	check_near(y[0], 3, 1e-6);
	check_near(y[1], 7, 1e-6);
	onn_model_destroy(model);
	check_layer_gradients(device, 3, 4, 3, learning, 1, 1e-8);
}
END_TEST

START_TEST(it_comes_back_from_json_and_from_a_checkpoint)
{
	static const double pixel[4] = {1, 2, 3, 4};
	const layer_text list[] = {
	    {"gains", "offset=-1.5"}, {"flatten", ""}, {"linear", "outputs=3"}, end};
	char path[64];
	double before[3], after[3];
	onn_model *loaded;
	register_all();
	onn_model *model = model_of_layers(2, 2, 3, list);
	char *json = onn_network_to_json(onn_model_network(model));
	ck_assert(strstr(json, "\"gains\"") && strstr(json, "\"offset\":"));
	onn_free(json);
	own_name(path, sizeof path, "kinds");
	strcat(path, ".npz");
	check_ok(onn_model_save(model, path));
	check_ok(onn_model_load(&loaded, path));
	outputs_of(before, device, model, pixel);
	outputs_of(after, device, loaded, pixel);
	ck_assert_mem_eq(before, after, sizeof before);
	onn_model_destroy(model);
	onn_model_destroy(loaded);
	remove(path);
}
END_TEST

START_TEST(its_settings_and_shapes_are_held_to_what_it_says)
{
	onn_network *n;
	register_all();
	check_ok(onn_network_create(&n, NULL));
	check_error(onn_network_add(n, "gains", "offset=11"), ONN_ERROR_ARGUMENT, "offset");
	check_ok(onn_network_add(n, "half", NULL));
	check_ok(onn_network_fit(n, 3, 3, 4));
	check_error(onn_network_check(n), ONN_ERROR_ARGUMENT, "layer 1 (half): it gets [3, 3]");
	onn_network_destroy(n);
	check_ok(onn_network_create(&n, NULL));
	check_ok(onn_network_add(n, "flatten", NULL));
	check_ok(onn_network_add(n, "half", NULL));
	check_ok(onn_network_fit(n, 3, 3, 4));
	check_error(onn_network_check(n), ONN_ERROR_ARGUMENT,
	    "layer 2 (half): 9 numbers; expected an even count");
	onn_network_destroy(n);
}
END_TEST

/* Behind a linear layer of 4 outputs; outputs: of the whole, as the broken kind's shape says. */
static onn_network *with(const char *kind, size_t outputs)
{
	onn_network *n;
	check_ok(onn_network_create(&n, NULL));
	check_ok(onn_network_add(n, "flatten", NULL));
	check_ok(onn_network_add(n, "linear", "outputs=4"));
	check_ok(onn_network_add(n, kind, NULL));
	check_ok(onn_network_fit(n, 2, 2, outputs));
	return n;
}

static void check_forward(const char *kind, const char *part)
{
	onn_network *n = with(kind, 4);
	onn_model *model;
	onn_array *y;
	check_ok(onn_model_create(&model, n, 0));
	onn_array *x = image_of(model, (const double[]){1, 2, 3, 4});
	check_error(onn_model_predict(&y, model, device, x, 1), ONN_ERROR_ARGUMENT, part);
	onn_array_destroy(x);
	onn_model_destroy(model);
	onn_network_destroy(n);
}

static void check_create(const char *kind, const char *part)
{
	onn_network *n = with(kind, 4);
	onn_model *model;
	check_error(onn_model_create(&model, n, 0), ONN_ERROR_ARGUMENT, part);
	ck_assert_ptr_null(model);
	onn_network_destroy(n);
}

START_TEST(a_layer_that_gives_something_else_is_named)
{
	register_all();
	check_forward("gives-nothing",
	    "layer 3 (gives-nothing): its forward gave no node; expected a batch of [4]");
	check_forward("gives-a-sum", "layer 3 (gives-a-sum): its forward gave [");
	check_forward("gives-doubles", "expected a batch of [4], of f32");
	check_create("has-w0", "layer 3 (has-w0): its weight w0 has the name of another one");
	check_create("has-five-axes", "layer 3 (has-five-axes): weight w0 has more than 4 axes");
	check_create("has-no-start", "no start");
	check_create("has-no-name", "without a name");
	check_create("has-no-numbers", "its shape gives [0]");
}
END_TEST

/* ---- light ---- */

START_TEST(light_is_turned_in_a_network)
{
	static const double pixel[4] = {1, 0, 0, 0};
	const layer_text list[] = {{"encode", "grid=8 image=2 pitch=4e-4"}, {"turn", ""},
	    {"detect", "regions=2,2 area=4 reading=fraction"}, end};
	const layer_text straight[] = {{"encode", "grid=8 image=2 pitch=4e-4"},
	    {"detect", "regions=2,2 area=4 reading=fraction"}, end};
	double y[4], plain[4];
	register_all();
	onn_model *turned = model_of_layers(2, 2, 4, list),
	          *model = model_of_layers(2, 2, 4, straight);
	outputs_of(y, device, turned, pixel);
	outputs_of(plain, device, model, pixel);
	check_near(plain[0], 1, 1e-6);
	for (size_t i = 0; i < 4; i++)
		check_near(y[i], plain[3 - i], 1e-6);
	onn_model_destroy(turned);
	onn_model_destroy(model);
}
END_TEST

TESTS_ON_DEVICE("kinds", what_is_no_kind_is_refused_and_named,
    a_registered_kind_is_listed_behind_the_librarys, a_smaller_structure_is_an_older_version,
    of_threads_that_take_a_name_one_gets_it, a_list_computes_and_learns_with_it,
    it_comes_back_from_json_and_from_a_checkpoint, its_settings_and_shapes_are_held_to_what_it_says,
    a_layer_that_gives_something_else_is_named, light_is_turned_in_a_network)
