/*
 * The area theorem: pulses through a line much wider than their spectrum. dA/dz = -(alpha/2) sin A,
 * so that tan(A/2) falls by exp(-alpha/2).
 */
#include "pulse/pulses.h"

static onn_device *device;

enum { SLOTS = 1600, CELLS = 24, CLASSES = 601, AREAS = 4 };
static const double pi = 3.14159265358979323846;

START_TEST(areas_follow_the_area_theorem_within_one_per_cent)
{
	/* in units of pi; the last tends to 2 pi, the others to 0 */
	static const double area[AREAS] = {.2, .6, .9, 1.4};
	static double w[AREAS * SLOTS], y[2 * AREAS * SLOTS];
	double alpha = 1.2, t2 = 1e3, wide = 10, slot = 40. / SLOTS;
	onn_graph *g;
	onn_pulse_passage out;
	onn_pulse_medium m = ONN_PULSE_MEDIUM_INIT;
	m.model = ONN_PULSE_BLOCH;
	m.cells = CELLS;
	m.classes = CLASSES;
	m.t1 = INFINITY;
	m.t2 = t2;
	m.doppler = wide * t2;
	m.depth = alpha * m.doppler / sqrt(pi);
	for (size_t r = 0; r < AREAS; r++)
		for (size_t i = 0; i < SLOTS; i++)
			w[r * SLOTS + i] = area[r] / cosh(slot * ((double)i + .5) - 12);
	check_ok(onn_graph_create(&g));
	onn_node light = constant_of(g, ONN_F64, 2, (size_t[]){AREAS, SLOTS}, w);
	check_ok(onn_pulse_pass(&out, g, light, slot, ONN_NULL_NODE, &m, NULL, false));
	compute(device, g, &out.light, 1, (double *[]){y});
	onn_graph_destroy(g);
	for (size_t r = 0; r < AREAS; r++) {
		double got = 0, want = 2 * atan(tan(pi * area[r] / 2) * exp(-alpha / 2));
		for (size_t i = 0; i < SLOTS; i++)
			got += slot * y[2 * (r * SLOTS + i)];
		want += area[r] > 1 ? 2 * pi : 0;
		check_near(got / want, 1, .01);
	}
}
END_TEST

TESTS_IN_F64("area theorem", areas_follow_the_area_theorem_within_one_per_cent)
