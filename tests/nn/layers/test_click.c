/* Detectors of single photons: how often they click, and what flows back through them. */
#include "bench.h"

#include "nn/network.h"

static onn_device *device;

enum { PIXELS = 4096 };

/* Of numbers 1 and 3 in turn, whose squares are 5 in the mean, with 2 photons a number: .4 and 3.6.
 * step < 0: nothing is drawn. Their gradients too, where there is room. */
static void clicks(double *y, double *back, bool training, int step)
{
	static double number[PIXELS];
	onn_network *n = network_of(ONN_F32, 64, 64, PIXELS,
	    (const layer_text[]){
	        {"flatten", NULL}, {"click", "photons=0.5 terms=4"}, {NULL, NULL}});
	onn_run_condition condition = {.seed = 7};
	onn_pass pass = {.network = n, .condition = &condition};
	onn_graph *g;
	for (size_t i = 0; i < PIXELS; i++)
		number[i] = i % 2 ? 3 : 1;
	check_ok(onn_graph_create(&g));
	if (step >= 0)
		*(training ? &condition.step : &condition.batch) = onn_scalar(g, ONN_U32, step);
	onn_node x = constant_of(g, ONN_F32, 3, (size_t[]){1, 64, 64}, number), out[2];
	out[0] = onn_pass_forward(&pass, g, x, NULL);
	if (back)
		check_ok(onn_gradient(
		    out + 1, g, onn_sum(g, out[0], NULL, 0, false), ONN_NULL_NODE, &x, 1));
	compute(device, g, out, back ? 2 : 1, (double *[]){y, back});
	onn_graph_destroy(g);
	onn_network_destroy(n);
}

START_TEST(a_detector_clicks_as_often_as_a_photon_arrives)
{
	static double y[PIXELS], again[PIXELS], later[PIXELS];
	const double chance[2] = {1 - exp(-.4), 1 - exp(-3.6)};
	for (int training = 0; training < 2; training++) {
		double sum[2] = {0, 0};
		size_t same = 0;
		clicks(y, NULL, training, 3);
		clicks(again, NULL, training, 3);
		clicks(later, NULL, training, 4);
		for (size_t i = 0; i < PIXELS; i++) {
			ck_assert(y[i] == 0 || y[i] == 1);
			ck_assert(y[i] == again[i]);
			same += y[i] == later[i];
			sum[i % 2] += y[i];
		}
		ck_assert_uint_lt(same, PIXELS);
		for (size_t k = 0; k < 2; k++)
			check_near(sum[k] / (PIXELS / 2), chance[k],
			    5 * sqrt(chance[k] * (1 - chance[k]) / (PIXELS / 2)));
	}
}
END_TEST

START_TEST(a_prediction_is_the_probability)
{
	static double y[PIXELS];
	clicks(y, NULL, false, -1);
	check_near(y[0], 1 - exp(-.4), 1e-6);
	check_near(y[1], 1 - exp(-3.6), 1e-6);
}
END_TEST

/* Of the sum of probabilities; the power changes with the numbers' mean square. */
START_TEST(gradients_are_those_of_the_probability)
{
	static double y[PIXELS], drawn[PIXELS], sure[PIXELS];
	clicks(y, drawn, true, 3);
	clicks(y, sure, false, -1);
	double pull = (.4 * exp(-.4) + 3.6 * exp(-3.6)) / 2;
	for (size_t i = 0; i < PIXELS; i++) {
		double x = i % 2 ? 3 : 1, photons = .4 * x * x;
		check_near(drawn[i], sure[i], 1e-7);
		check_near(drawn[i], 2 * photons / x * exp(-photons) - 2 * x / 5 * pull, 1e-5);
	}
}
END_TEST

START_TEST(a_network_with_detectors_draws)
{
	onn_network *n = network_of(ONN_F32, 1, 3, 3,
	    (const layer_text[]){{"flatten", NULL}, {"click", NULL}, {NULL, NULL}});
	ck_assert(onn_network_draws(n));
	onn_network_destroy(n);
}
END_TEST

TESTS_ON_DEVICE("click", a_detector_clicks_as_often_as_a_photon_arrives,
    a_prediction_is_the_probability, gradients_are_those_of_the_probability,
    a_network_with_detectors_draws)
