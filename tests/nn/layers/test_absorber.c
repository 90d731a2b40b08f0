/* Absorbers: shot noise where a training asks for it, and where a damaged copy does. */
#include "bench.h"

#include "nn/network.h"

static onn_device *device;

enum { PIXELS = 4096 };

/* What an absorber of pulses makes of ones, and what flows back of ones. */
static void absorbed(
    double *y, double *back, const char *settings, const onn_run_condition *given, int step)
{
	onn_network *n = network_of(ONN_F32, 64, 64, PIXELS,
	    (const layer_text[]){{"flatten", NULL}, {"absorber", settings}, {NULL, NULL}});
	onn_run_condition condition = *given;
	onn_pass pass = {.network = n, .condition = &condition};
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	if (step >= 0)
		*(given->damaged ? &condition.batch : &condition.step) =
		    onn_scalar(g, ONN_U32, step);
	onn_node one = onn_full(g, ONN_F32, 0, NULL, 1), out[2];
	onn_node x = constant_of(g, ONN_F32, 0, NULL, (double[]){1});
	onn_node many = onn_broadcast(g, x, 3, (size_t[]){1, 64, 64});
	out[0] = onn_pass_forward(&pass, g, many, NULL);
	onn_node seed = onn_broadcast(g, one, 2, (size_t[]){1, PIXELS});
	check_ok(onn_gradient(&out[1], g, out[0], seed, &many, 1));
	compute(device, g, out, 2, (double *[]){y, back});
	onn_graph_destroy(g);
	onn_network_destroy(n);
}

static double deviation(const double *x)
{
	double mean = 0, squares = 0;
	for (size_t i = 0; i < PIXELS; i++)
		mean += x[i] / PIXELS;
	for (size_t i = 0; i < PIXELS; i++)
		squares += (x[i] - mean) * (x[i] - mean);
	return sqrt(squares / PIXELS);
}

#define PULSES "medium=dynamic encoding=fluence od=1 "

START_TEST(training_draws_photons_of_pump_and_probe)
{
	static double y[PIXELS], back[PIXELS], later[PIXELS];
	const onn_run_condition c = {.seed = 1};
	const char *settings = PULSES "probe_fraction=0.25 probe_noise=100";
	absorbed(y, back, settings, &c, 3);
	/* 400 photons a pump: deviation sqrt(out/400); 100 a probe of which some .7 come out */
	double out = log1p(exp(-1) * expm1(1));
	ck_assert_double_eq_tol(deviation(y), sqrt(out / 400), .06 * sqrt(out / 400));
	double seen = (log1p(exp(-1) * expm1(1.25)) - out) / .25;
	ck_assert_double_eq_tol(deviation(back), sqrt(seen / 100), .06 * sqrt(seen / 100));
	absorbed(later, back, settings, &c, 4);
	ck_assert(memcmp(y, later, sizeof y) != 0);
	absorbed(later, back, settings, &c, 3);
	ck_assert(memcmp(y, later, sizeof y) == 0);
	absorbed(y, back, PULSES "probe_noise=100", &c, 3);
	ck_assert(deviation(y) < 1e-6 && deviation(back) > .05);
}
END_TEST

START_TEST(evaluation_draws_where_it_is_asked_to)
{
	static double y[PIXELS], back[PIXELS];
	onn_run_condition c = {.seed = 1};
	absorbed(y, back, PULSES "probe_fraction=0.25 probe_noise=100", &c, -1);
	ck_assert(deviation(y) < 1e-6 && deviation(back) < 1e-6);
	c.damaged = true;
	absorbed(y, back, PULSES "probe_fraction=0.25 probe_noise=100", &c, 0);
	ck_assert(deviation(y) < 1e-6);
	c.damage.pump_photons = 100;
	absorbed(y, back, PULSES, &c, 0);
	double out = log1p(exp(-1) * expm1(1));
	ck_assert_double_eq_tol(deviation(y), sqrt(out / 100), .06 * sqrt(out / 100));
}
END_TEST

START_TEST(a_network_of_noisy_pulses_draws)
{
	static const struct {
		const char *settings;
		bool draws;
	} row[] = {{PULSES, false}, {PULSES "probe_noise=10", true}, {"probe_noise=10", false}};
	for (size_t i = 0; i < COUNT(row); i++) {
		onn_network *n = network_of(ONN_F32, 1, 3, 3,
		    (const layer_text[]){
		        {"flatten", NULL}, {"absorber", row[i].settings}, {NULL, NULL}});
		ck_assert(onn_network_draws(n) == row[i].draws);
		onn_network_destroy(n);
	}
}
END_TEST

TESTS_ON_DEVICE("absorber", training_draws_photons_of_pump_and_probe,
    evaluation_draws_where_it_is_asked_to, a_network_of_noisy_pulses_draws)
