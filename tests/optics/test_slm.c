/* Modulators: what they show, what they diffract, and how they learn. */
#include <onn/elements.h>

#include "optics/derivative.h"

static const double pi = 3.14159265358979323846;
static onn_device *device;

START_TEST(levels_are_the_nearest_on_the_circle)
{
	static const unsigned levels[] = {2, 3, 8, 256};
	double phase[101], shown[101];
	for (int i = 0; i < 101; i++)
		phase[i] = .37 * (i - 50);
	for (size_t k = 0; k < COUNT(levels); k++) {
		onn_graph *g = new_graph();
		onn_slm slm = ONN_SLM_INIT;
		slm.levels = levels[k];
		onn_node x = constant_of(g, ONN_F64, 1, (size_t[]){101}, phase);
		onn_node y = onn_slm_phase(g, x, &slm);
		compute(device, g, &y, 1, (double *[]){shown});
		double step = 2 * pi / levels[k];
		for (size_t i = 0; i < COUNT(phase); i++) {
			double level = shown[i] / step, off = shown[i] - phase[i];
			off -= 2 * pi * round(off / (2 * pi));
			check_near(level, round(level), 1e-12);
			ck_assert(shown[i] >= 0 && level < levels[k] - .5);
			ck_assert(fabs(off) <= step / 2 + 1e-12);
		}
		onn_graph_destroy(g);
	}
}
END_TEST

/* Light in the first order of a blazed grating of `period` pixels, of 1, in steps of M levels. */
static double efficiency(onn_type type, unsigned levels, size_t period, double fill)
{
	onn_graph *g = new_graph();
	size_t n = 4 * period;
	onn_grid grid = {1, n, 1e-5, 1e-5, 0, 0};
	onn_light light = onn_monochromatic(onn_type_complex(type), 633e-9);
	onn_slm slm = ONN_SLM_INIT;
	slm.levels = levels;
	slm.fill = fill;
	onn_node phase = onn_blazed_phase(g, type, &grid, (double)period * 1e-5, 0);
	onn_field field = onn_modulate(g, onn_plane_wave(g, &grid, &light, 0, 0), phase, &slm);
	double *e = calloc(2 * n, sizeof *e), re = 0, im = 0;
	compute(device, g, &field.e, 1, &e);
	for (size_t i = 0; i < n; i++) {
		double turn = -2 * pi * (double)i / (double)period;
		re += e[2 * i] * cos(turn) - e[2 * i + 1] * sin(turn);
		im += e[2 * i] * sin(turn) + e[2 * i + 1] * cos(turn);
	}
	free(e);
	onn_graph_destroy(g);
	return (re * re + im * im) / (double)(n * n);
}

static double sinc2(double x)
{
	double s = sin(pi * x) / (pi * x);
	return s * s;
}

/* Levels 2 pi m/M nearest to a sawtooth: sinc^2(1/M)/sinc^2(1/P); sinc^2(1/M) for M = 2, 4, 8 is
 * .405284734569, .810569469139, .949641203552. Periods that M divides, so that steps are equal. */
START_TEST(blazed_gratings_have_the_efficiency_of_their_levels)
{
	static const struct {
		unsigned levels;
		double efficiency;
	} row[] = {{2, .405284734569}, {4, .810569469139}, {8, .949641203552}};
	for (size_t i = 0; i < COUNT(row); i++)
		for (size_t part = 1; part <= 6; part++) {
			size_t period = part * row[i].levels;
			double fine = sinc2(1. / (double)period);
			double got = efficiency(ONN_F64, row[i].levels, period, 1);
			check_near(got * fine, row[i].efficiency, 1e-11);
			check_near(efficiency(ONN_F32, row[i].levels, period, 1), got, 1e-5);
		}
	check_near(efficiency(ONN_F64, 0, 16, 1), 1, 1e-12);
}
END_TEST

/* What a pixel does not modulate goes straight on: fill^2 of the first order is left. */
START_TEST(the_fill_factor_takes_light_from_the_order)
{
	check_near(efficiency(ONN_F64, 0, 16, .9), .81, 1e-12);
	check_near(efficiency(ONN_F64, 4, 12, .5), .25 * efficiency(ONN_F64, 4, 12, 1), 1e-12);
}
END_TEST

/* The gradient of L(expi(shown)) with shown's derivative that of the phase wanted. */
START_TEST(learning_goes_straight_through_the_levels)
{
	static const double phase[] = {.1, 1, 2, 3, -1, 7};
	double got[6], want[6], re[12];
	for (size_t i = 0; i < 12; i++)
		re[i] = cos(2. * (double)i);
	for (unsigned levels = 0; levels <= 4; levels += 4) {
		onn_graph *g = new_graph();
		onn_grid grid = {2, 3, 1e-5, 1e-5, 0, 0};
		onn_light light = onn_monochromatic(ONN_C128, 633e-9);
		onn_slm slm = ONN_SLM_INIT;
		slm.levels = levels;
		slm.fill = .8;
		onn_node x = constant_of(g, ONN_F64, 2, (size_t[]){2, 3}, phase), grad;
		onn_node target = constant_of(g, ONN_C128, 2, (size_t[]){2, 3}, re);
		onn_field field = onn_modulate(g, onn_plane_wave(g, &grid, &light, 0, 0), x, &slm);
		onn_node off = onn_sub(g, field.e, target);
		onn_node loss = onn_sum(g, onn_abs2(g, off), NULL, 0, false);
		check_ok(onn_gradient(&grad, g, loss, ONN_NULL_NODE, &x, 1));
		compute(device, g, &grad, 1, (double *[]){got});
		for (size_t i = 0; i < 6; i++) {
			double p = levels ? pi / 2 * floor(phase[i] * 2 / pi + .5) : phase[i];
			double er = .8 * cos(p) + .2 - re[2 * i], ei = .8 * sin(p) - re[2 * i + 1];
			want[i] = 2 * .8 * (ei * cos(p) - er * sin(p));
			check_near(got[i], want[i], 1e-12);
		}
		onn_graph_destroy(g);
	}
}
END_TEST

#define WRONG(part, call)                                                                          \
	check_refused_in_new_graph(part, call, onn_node x = onn_iota(g, ONN_F64, 3);               \
	                           onn_slm slm = ONN_SLM_INIT; (void)slm)

START_TEST(wrong_arguments_are_refused)
{
	WRONG("1 levels", (slm.levels = 1, onn_slm_phase(g, x, &slm)));
	WRONG("fill factor 0", (slm.fill = 0, onn_slm_phase(g, x, &slm)));
	WRONG("fill factor 1.5", (slm.fill = 1.5, onn_slm_phase(g, x, &slm)));
	WRONG("from ONN_SLM_INIT", (slm.size = 1, onn_slm_phase(g, x, &slm)));
	WRONG("no options; expected some", onn_slm_phase(g, x, NULL));
	WRONG("phase is c128", onn_slm_phase(g, onn_cast(g, x, ONN_C128), &slm));
}
END_TEST

TESTS_ON_DEVICE("slm", levels_are_the_nearest_on_the_circle,
    blazed_gratings_have_the_efficiency_of_their_levels, the_fill_factor_takes_light_from_the_order,
    learning_goes_straight_through_the_levels, wrong_arguments_are_refused)
