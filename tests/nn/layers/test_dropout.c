/* Dropout: off where nothing is trained, and what training draws. */
#include "bench.h"

#include "nn/network.h"

static onn_device *device;

enum { PIXELS = 4096 };

/* What a dropout of rate .25 makes of ones at a step of a training; step < 0: of evaluation. */
static void dropped(double *y, int step, uint64_t seed)
{
	onn_network *n = network_of(ONN_F32, 64, 64, PIXELS,
	    (const layer_text[]){{"flatten", NULL}, {"dropout", "rate=0.25"}, {NULL, NULL}});
	onn_run_condition condition = {.seed = seed};
	onn_pass pass = {.network = n, .condition = &condition};
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	if (step >= 0)
		condition.step = onn_scalar(g, ONN_U32, step);
	onn_node x = onn_full(g, ONN_F32, 3, (size_t[]){1, 64, 64}, 1);
	onn_node out = onn_pass_forward(&pass, g, x, NULL);
	compute(device, g, &out, 1, &y);
	onn_graph_destroy(g);
	onn_network_destroy(n);
}

START_TEST(a_quarter_is_left_out_and_the_mean_stays)
{
	static double y[PIXELS], again[PIXELS], later[PIXELS];
	size_t none = 0, same = 0;
	dropped(y, 3, 1);
	dropped(again, 3, 1);
	dropped(later, 4, 1);
	for (size_t i = 0; i < PIXELS; i++) {
		ck_assert(y[i] == 0 || fabs(y[i] - 4.0 / 3) < 1e-6);
		ck_assert(y[i] == again[i]);
		none += y[i] == 0;
		same += y[i] == later[i];
	}
	/* 1024 +- 28; equal at two steps: 5/8 of them, 2560 +- 31 */
	ck_assert_uint_gt(none, 1024 - 140);
	ck_assert_uint_lt(none, 1024 + 140);
	ck_assert_uint_gt(same, 2560 - 155);
	ck_assert_uint_lt(same, 2560 + 155);
}
END_TEST

START_TEST(evaluation_leaves_nothing_out)
{
	static double y[PIXELS];
	dropped(y, -1, 1);
	for (size_t i = 0; i < PIXELS; i++)
		ck_assert(y[i] == 1);
}
END_TEST

START_TEST(a_network_with_dropout_draws)
{
	static const struct {
		const char *rate;
		bool draws;
	} row[] = {{"rate=0", false}, {"rate=0.5", true}};
	for (size_t i = 0; i < COUNT(row); i++) {
		onn_network *n = network_of(ONN_F32, 1, 3, 3,
		    (const layer_text[]){
		        {"flatten", NULL}, {"dropout", row[i].rate}, {NULL, NULL}});
		ck_assert(onn_network_draws(n) == row[i].draws);
		onn_network_destroy(n);
	}
}
END_TEST

TESTS_ON_DEVICE("dropout", a_quarter_is_left_out_and_the_mean_stays, evaluation_leaves_nothing_out,
    a_network_with_dropout_draws)
