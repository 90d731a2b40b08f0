/*
 * Pulses as a nonlinearity: what comes out, and what flows back.
 */
#include "pulse/pulses.h"

static onn_device *device;
static onn_type real = ONN_F64;
static double fine; /* relative tolerance of the type */

enum { COUNT_X = 6, SLOTS = 12 };
static const double input[COUNT_X] = {-1, 0, 1e-3, .4, 1.5, 7};

typedef struct answer {
	double y[COUNT_X], slope[COUNT_X];
} answer;

static answer derive(const onn_pulse_absorber *a, const onn_pulse_medium *m, const double *x)
{
	answer r;
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	onn_node in = constant_of(g, real, 2, (size_t[]){2, 3}, x), out[2];
	out[0] = onn_pulse_absorb(g, in, a, m, NULL);
	check_ok(
	    onn_gradient(&out[1], g, onn_sum(g, out[0], NULL, 0, false), ONN_NULL_NODE, &in, 1));
	compute(device, g, out, 2, (double *[]){r.y, r.slope});
	onn_graph_destroy(g);
	return r;
}

static onn_pulse_medium medium(double depth, double t1)
{
	onn_pulse_medium m = ONN_PULSE_MEDIUM_INIT;
	m.depth = depth;
	m.t1 = t1;
	return m;
}

#define check_value(a, b) check_near(a, b, fine *(1e-2 + fabs((double)(b))))

START_TEST(the_probe_is_the_exact_derivative_of_a_slow_absorber)
{
	double shape[SLOTS];
	onn_pulse_absorber a = ONN_PULSE_ABSORBER_INIT;
	onn_pulse_medium m = medium(4, INFINITY);
	sech2_pulse(shape, SLOTS, 3);
	a.shape = shape;
	a.slots = SLOTS;
	a.slot = .1;
	for (int direction = 0; direction < 2; direction++) {
		a.probe_counter = direction == 1;
		m.transit = direction == 1 ? .3 : 0; /* nothing relaxes */
		a.gradient = ONN_GRADIENT_EXACT;
		answer exact = derive(&a, &m, input);
		a.gradient = ONN_GRADIENT_APPROXIMATE;
		a.probe_at = ONN_PROBE_AT_PUMPED;
		answer probe = derive(&a, &m, input);
		a.probe_at = ONN_PROBE_AT_ALL;
		answer all = derive(&a, &m, input);
		for (int i = 0; i < COUNT_X; i++) {
			double f = fmax(input[i], 0);
			check_value(exact.y[i], frantz_nodvik(f, 4));
			check_value(probe.y[i], exact.y[i]);
			check_value(probe.slope[i], exact.slope[i]);
			check_value(all.slope[i], input[i] < 0 ? exp(-4) : exact.slope[i]);
			check_value(exact.slope[i], input[i] < 0 ? 0 : exp(-frantz_nodvik(4, f)));
		}
	}
}
END_TEST

START_TEST(a_late_probe_sees_a_medium_that_has_relaxed)
{
	static const double pump[COUNT_X] = {1, 1, 1, 1, 1, 1};
	onn_pulse_absorber a = ONN_PULSE_ABSORBER_INIT;
	onn_pulse_medium m = medium(3, 1);
	/* an instant pump of fluence 1 into depth 3: docs/physics.md's numbers, then the ways
	 * back */
	static const struct {
		double delay, transit, slope;
		bool counter;
	} row[] = {{0, 0, .124669988291, false}, {1, 0, .0697862702877, false},
	    {0, .01, .123188868969, true}, {0, .2, .101250034225, true}};
	if (real != ONN_F64)
		return;
	a.gradient = ONN_GRADIENT_APPROXIMATE;
	a.slot = 1e-12;
	m.cells = 2000; /* the probe's way in cells has an error of their square */
	for (size_t i = 0; i < COUNT(row); i++) {
		a.probe_delay = row[i].delay;
		a.probe_counter = row[i].counter;
		m.transit = row[i].transit;
		check_near(derive(&a, &m, pump).slope[0], row[i].slope, 1e-9);
	}
}
END_TEST

START_TEST(amplitudes_have_the_derivatives_of_their_fluences)
{
	onn_pulse_absorber a = ONN_PULSE_ABSORBER_INIT;
	onn_pulse_medium m = medium(4, INFINITY);
	a.encoding = ONN_ENCODING_AMPLITUDE;
	answer exact = derive(&a, &m, input);
	a.gradient = ONN_GRADIENT_APPROXIMATE;
	answer probe = derive(&a, &m, input);
	for (int i = 0; i < COUNT_X; i++) {
		double f = input[i] * input[i], out = frantz_nodvik(f, 4);
		double seen = exp(-frantz_nodvik(4, f));
		check_value(exact.y[i], copysign(sqrt(out), input[i]));
		check_value(probe.y[i], exact.y[i]);
		check_value(probe.slope[i], sqrt(seen));
		check_value(exact.slope[i], f > 0 ? sqrt(f / out) * seen : exp(-2));
	}
}
END_TEST

START_TEST(controls_keep_the_value_and_change_the_slope)
{
	static const double slope[][2] = {[ONN_GRADIENT_ZERO] = {0, 0},
	    [ONN_GRADIENT_POSITIVE] = {.006737946999085467, 1},
	    [ONN_GRADIENT_NEGATIVE] = {-1, -1}};
	onn_pulse_medium m = medium(2, .7);
	for (int encoding = 0; encoding < 2; encoding++) {
		onn_pulse_absorber a = ONN_PULSE_ABSORBER_INIT;
		a.encoding = (onn_encoding)encoding;
		answer exact = derive(&a, &m, input);
		for (int mode = ONN_GRADIENT_ZERO; mode <= ONN_GRADIENT_NEGATIVE; mode++) {
			a.gradient = (onn_gradient_mode)mode;
			answer r = derive(&a, &m, input);
			for (int i = 0; i < COUNT_X; i++) {
				check_value(r.y[i], exact.y[i]);
				check_value(r.slope[i], slope[mode][encoding]);
			}
		}
	}
}
END_TEST

START_TEST(depth_and_t1_learn_too)
{
	if (real != ONN_F64)
		return;
	static const double x[3] = {.2, 1, 3};
	double shape[3] = {1, 2, 1}, depth = 2, t1 = .5;
	for (int loss = 0; loss < 2; loss++) {
		onn_graph *g;
		variables v = {0};
		onn_pulse_nodes n = ONN_PULSE_NODES_INIT;
		onn_pulse_absorber a = ONN_PULSE_ABSORBER_INIT;
		onn_pulse_medium m = medium(1, 1);
		m.loss = loss ? .2 : 0;
		m.cells = 4;
		a.shape = shape;
		a.slots = 3;
		a.slot = .2;
		check_ok(onn_graph_create(&g));
		onn_node in = add_variable(&v, g, real, 1, (size_t[]){3}, x);
		n.depth = add_variable(&v, g, real, 0, NULL, &depth);
		n.t1 = add_variable(&v, g, real, 0, NULL, &t1);
		check_gradient(
		    device, g, &v, counted(g, onn_pulse_absorb(g, in, &a, &m, &n)), 1e-7);
		clear_variables(&v);
		onn_graph_destroy(g);
	}
}
END_TEST

START_TEST(wrong_arguments_are_named)
{
	static const char *const part[] = {
	    "i32", "slot is 0", "shape", "shape", "Bloch", "od", "gradient 9", "version"};
	for (size_t i = 0; i < COUNT(part); i++) {
		onn_graph *g;
		onn_pulse_absorber a = ONN_PULSE_ABSORBER_INIT;
		onn_pulse_medium m = medium(1, 1);
		const double negative[2] = {1, -1}, dark[2] = {0, 0};
		check_ok(onn_graph_create(&g));
		onn_node x = constant_of(g, i == 0 ? ONN_I32 : ONN_F32, 1, (size_t[]){3}, input);
		a.slot = i == 1 ? 0 : 1;
		a.slots = i == 2 || i == 3 ? 2 : 0;
		a.shape = i == 2 ? negative : dark;
		m.model = i == 4 ? ONN_PULSE_BLOCH : ONN_PULSE_RATE;
		m.depth = i == 5 ? -1 : 1;
		a.gradient = (onn_gradient_mode)(i == 6 ? 9 : 0);
		a.size = i == 7 ? 8 : sizeof a;
		ck_assert(!onn_pulse_absorb(g, x, &a, &m, NULL).id);
		ck_assert_msg(
		    strstr(onn_graph_error(g), part[i]), "%zu: %s", i, onn_graph_error(g));
		onn_graph_destroy(g);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {the_probe_is_the_exact_derivative_of_a_slow_absorber,
	    a_late_probe_sees_a_medium_that_has_relaxed,
	    amplitudes_have_the_derivatives_of_their_fluences,
	    controls_keep_the_value_and_change_the_slope, depth_and_t1_learn_too,
	    wrong_arguments_are_named, NULL};
	return run_in_widest_precision("pulse_absorber", &device, tests, &real, &fine, 2e-5, 1e-10);
}
