/*
 * Losses, hits, weight limits and first weights against the same sums done by hand.
 */
#include <onn/nn.h>

#include "device.h"
#include "network.h"

static onn_device *device;
static onn_type real = ONN_F64;
static double fine;

#define check_value(a, b) check_near(a, b, fine *(1 + fabs((double)(b))))

static const double output[2][3] = {{.5, -1, 2}, {3, 1, -.25}};

/* Loss of the two rows above with labels 2 and 1, and its gradient. */
static void loss_of(onn_loss loss, double *value, double grad[6])
{
	onn_graph *g;
	onn_node node[2];
	check_ok(onn_graph_create(&g));
	onn_node x = constant_of(g, real, 2, (size_t[]){2, 3}, &output[0][0]);
	onn_node y = constant_of(g, ONN_I32, 1, (size_t[]){2}, (double[]){2, 1});
	node[0] = onn_loss_of(g, loss, x, y);
	check_ok(onn_gradient(&node[1], g, node[0], ONN_NULL_NODE, &x, 1));
	compute(device, g, node, 2, (double *[]){value, grad});
	onn_graph_destroy(g);
}

START_TEST(mse_is_the_mean_over_batch_and_outputs)
{
	double value, grad[6], want = 0;
	loss_of(ONN_LOSS_MSE, &value, grad);
	for (int i = 0; i < 2; i++)
		for (int k = 0; k < 3; k++) {
			double d = output[i][k] - (k == (i ? 1 : 2));
			want += d * d / 6;
			check_value(grad[3 * i + k], 2 * d / 6);
		}
	check_value(value, want);
}
END_TEST

START_TEST(nll_is_that_of_the_softmax)
{
	double value, grad[6], want = 0;
	loss_of(ONN_LOSS_NLL, &value, grad);
	for (int i = 0; i < 2; i++) {
		double sum = 0;
		for (int k = 0; k < 3; k++)
			sum += exp(output[i][k]);
		int label = i ? 1 : 2;
		want -= log(exp(output[i][label]) / sum) / 2;
		for (int k = 0; k < 3; k++)
			check_value(grad[3 * i + k], (exp(output[i][k]) / sum - (k == label)) / 2);
	}
	check_value(value, want);
}
END_TEST

START_TEST(nll_of_impossible_other_classes_is_finite)
{
	onn_graph *g;
	double value;
	check_ok(onn_graph_create(&g));
	onn_node x = constant_of(g, real, 2, (size_t[]){1, 2}, (double[]){0, -INFINITY});
	onn_node y = constant_of(g, ONN_I32, 1, (size_t[]){1}, (double[]){0});
	onn_node loss = onn_loss_of(g, ONN_LOSS_NLL, x, y);
	compute(device, g, &loss, 1, (double *[]){&value});
	onn_graph_destroy(g);
	check_near(value, 0, 1e-6);
}
END_TEST

START_TEST(hits_mark_the_rows_whose_largest_output_is_the_label)
{
	onn_graph *g;
	double hit[2];
	check_ok(onn_graph_create(&g));
	onn_node x = constant_of(g, real, 2, (size_t[]){2, 3}, &output[0][0]);
	onn_node y = constant_of(g, ONN_I32, 1, (size_t[]){2}, (double[]){2, 1});
	onn_node node = onn_hits(g, x, y);
	compute(device, g, &node, 1, (double *[]){hit});
	onn_graph_destroy(g);
	ck_assert(hit[0] == 1 && hit[1] == 0);
}
END_TEST

static void limit(const onn_weight_limits *limits, const double in[4], double out[4])
{
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	onn_node w = constant_of(g, real, 2, (size_t[]){2, 2}, in);
	onn_node y = onn_limit_weights(g, w, limits);
	compute(device, g, &y, 1, (double *[]){out});
	onn_graph_destroy(g);
}

START_TEST(weights_are_clamped_before_their_norm_is_limited)
{
	static const double w[4] = {3, -5, .5, 0};
	double out[4];
	onn_weight_limits l = ONN_WEIGHT_LIMITS_INIT;
	limit(&l, w, out);
	for (int i = 0; i < 4; i++)
		check_value(out[i], w[i]);
	l.low = -2;
	l.high = 1;
	l.norm = ONN_NORM_L1;
	limit(&l, w, out);
	check_value(out[0], 1 / 3.5);
	check_value(out[1], -2 / 3.5);
	check_value(out[2], .5 / 3.5);
	l.norm = ONN_NORM_L2;
	limit(&l, w, out);
	check_value(out[1], -2 / sqrt(5.25));
}
END_TEST

START_TEST(a_norm_below_1_is_left_alone_to_the_bit)
{
	static const double w[4] = {.25, -.125, .5, 0};
	for (int norm = ONN_NORM_L1; norm <= ONN_NORM_L2; norm++) {
		onn_weight_limits l = ONN_WEIGHT_LIMITS_INIT;
		double out[4];
		l.norm = (onn_norm)norm;
		limit(&l, w, out);
		for (int i = 0; i < 4; i++)
			ck_assert(out[i] == w[i]);
	}
}
END_TEST

static double number(const onn_array *a, size_t i)
{
	return onn_array_type(a) == ONN_F32 ? ((const float *)onn_array_const_data(a))[i]
	                                    : ((const double *)onn_array_const_data(a))[i];
}

START_TEST(first_weights_have_the_mean_and_deviation_asked_for)
{
	enum { N = 40000 };
	for (int signs = 0; signs < 2; signs++) {
		onn_weight_start init = {sizeof init, .05, .15, signs == 1};
		onn_array *a, *b;
		size_t n = N, bytes = N * onn_type_size(real);
		double mean = 0, square = 0;
		check_ok(onn_array_create(&a, real, 1, &n));
		check_ok(onn_array_create(&b, real, 1, &n));
		check_ok(onn_start_weights(a, &init, 7, 100));
		check_ok(onn_start_weights(b, &init, 7, 100));
		ck_assert(memcmp(onn_array_data(a), onn_array_data(b), bytes) == 0);
		check_ok(onn_start_weights(b, &init, 8, 100));
		ck_assert(memcmp(onn_array_data(a), onn_array_data(b), bytes) != 0);
		for (size_t i = 0; i < N; i++) {
			mean += number(a, i) / N;
			square += number(a, i) * number(a, i) / N;
		}
		/* five standard errors of the mean, and of the mean square */
		check_near(mean, signs ? 0 : .05, 5 * .16 / sqrt(N));
		check_near(square, .05 * .05 + .15 * .15, 5 * .036 / sqrt(N));
		onn_array_destroy(a);
		onn_array_destroy(b);
	}
}
END_TEST

START_TEST(wrong_shapes_are_named)
{
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	onn_node x = onn_full(g, ONN_F32, 1, (size_t[]){3}, 0);
	onn_node y = onn_loss_of(g, ONN_LOSS_MSE, x, onn_scalar(g, ONN_I32, 0));
	ck_assert_int_eq(y.id, 0);
	ck_assert(strstr(onn_graph_error(g), "[batch, outputs]"));
	onn_graph_destroy(g);
	onn_array *a;
	onn_weight_start init = ONN_WEIGHT_START_INIT;
	check_ok(onn_array_create(&a, ONN_I32, 0, NULL));
	check_error(onn_start_weights(a, &init, 0, 0), ONN_ERROR_ARGUMENT, "w is i32");
	onn_array_destroy(a);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {mse_is_the_mean_over_batch_and_outputs,
	    nll_is_that_of_the_softmax, nll_of_impossible_other_classes_is_finite,
	    hits_mark_the_rows_whose_largest_output_is_the_label,
	    weights_are_clamped_before_their_norm_is_limited,
	    a_norm_below_1_is_left_alone_to_the_bit,
	    first_weights_have_the_mean_and_deviation_asked_for, wrong_shapes_are_named, NULL};
	return run_in_each_precision(&device, tests, &real, &fine, 1e-6, 1e-14);
}
