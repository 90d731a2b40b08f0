/*
 * The rate model: pulses through a medium, against what is known in closed form.
 */
#include "pulse/pulses.h"

#include <onn/saturable.h>

static onn_device *device;
static onn_type real = ONN_F64;
static double fine; /* relative tolerance of the type */

enum { SLOTS = 48, CELLS = 7, ROWS = 3, MOST = 1 << 16 };

/* A passage's numbers. */
typedef struct passed {
	double light[ROWS * SLOTS], state[ROWS * 64], record[ROWS * (SLOTS + 1) * CELLS];
	double transmission[ROWS], bleached[ROWS * CELLS];
} passed;

static passed pass(const onn_pulse_medium *m, const double *f, size_t rows, double slot)
{
	passed r;
	onn_graph *g;
	onn_pulse_passage out;
	check_ok(onn_graph_create(&g));
	onn_node light = constant_of(g, real, 2, (size_t[]){rows, SLOTS}, f);
	check_ok(onn_pulse_pass(&out, g, light, slot, ONN_NULL_NODE, m, NULL, true));
	onn_node node[] = {out.light, out.state, out.record,
	    onn_pulse_transmission(g, out.state, m, NULL), onn_pulse_bleached(g, out.state, m)};
	compute(device, g, node, COUNT(node),
	    (double *[]){r.light, r.state, r.record, r.transmission, r.bleached});
	onn_graph_destroy(g);
	return r;
}

static onn_pulse_medium medium(double depth, double t1)
{
	onn_pulse_medium m = ONN_PULSE_MEDIUM_INIT;
	m.cells = CELLS;
	m.depth = depth;
	m.t1 = t1;
	return m;
}

#define check_value(a, b) check_near(a, b, fine *(1e-3 + fabs((double)(b))))

START_TEST(a_slow_absorber_is_frantz_and_nodvik_s)
{
	static const double fluence[ROWS] = {.2, 1, 6}, depth[] = {.3, 3, 12};
	double f[ROWS * SLOTS];
	for (size_t r = 0; r < ROWS; r++)
		sech2_pulse(f + r * SLOTS, SLOTS, fluence[r]);
	for (size_t k = 0; k < COUNT(depth); k++) {
		onn_pulse_medium m = medium(depth[k], INFINITY);
		passed p = pass(&m, f, ROWS, .1);
		for (size_t r = 0; r < ROWS; r++) {
			double in = 0, out = 0, until = 0,
			       left = frantz_nodvik(depth[k], fluence[r]);
			for (size_t i = 0; i < SLOTS; i++) {
				in += f[r * SLOTS + i];
				out += p.light[r * SLOTS + i];
				check_value(p.light[r * SLOTS + i],
				    frantz_nodvik(in, depth[k]) - frantz_nodvik(until, depth[k]));
				until = in;
			}
			check_value(out, frantz_nodvik(fluence[r], depth[k]));
			check_value(p.transmission[r], exp(-left));
		}
	}
}
END_TEST

START_TEST(each_photon_that_is_lost_bleaches)
{
	double f[SLOTS];
	sech2_pulse(f, SLOTS, 2.5);
	for (int kind = 0; kind < 2; kind++) {
		onn_pulse_medium m = medium(4, kind ? .8 : INFINITY);
		double slot = .05, e = exp(-slot / (2 * m.t1)), lost = 0, bleached = 0;
		passed p = pass(&m, f, 1, slot);
		for (size_t n = 0; n < SLOTS; n++) {
			lost += f[n] - p.light[n];
			/* between the two halves of a slot's relaxation */
			for (size_t k = 0; k < CELLS; k++)
				bleached += (p.record[(n + 1) * CELLS + k] / e -
				                p.record[n * CELLS + k] * e) *
				            m.depth / CELLS;
		}
		check_near(lost, bleached, real == ONN_F64 ? 1e-12 : 1e-4);
	}
}
END_TEST

START_TEST(strong_light_and_long_slots_keep_all_fractions_between_0_and_1)
{
	static const double fluence[] = {1e-6, 1, 100, 1e4};
	for (size_t k = 0; k < COUNT(fluence); k++)
		for (int slow = 0; slow < 2; slow++) {
			onn_pulse_medium m = medium(100, 1);
			double f[SLOTS];
			m.loss = slow ? 0 : .5;
			m.two_photon = slow ? 0 : .01;
			for (size_t n = 0; n < SLOTS; n++)
				f[n] = fluence[k];
			passed p = pass(&m, f, 1, slow ? 3 : .1);
			for (size_t n = 0; n < SLOTS; n++)
				ck_assert_msg(p.light[n] >= 0 && p.light[n] <= f[n],
				    "slot %zu of fluence %g: %g", n, f[n], p.light[n]);
			for (size_t n = 0; n < (SLOTS + 1) * CELLS; n++)
				ck_assert(p.record[n] >= 0 && p.record[n] <= 1 + 1e-6);
		}
}
END_TEST

START_TEST(the_number_of_cells_changes_nothing_without_loss)
{
	double f[SLOTS];
	sech2_pulse(f, SLOTS, 1.5);
	onn_pulse_medium m = medium(3, .7);
	passed many = pass(&m, f, 1, .04);
	m.cells = 1;
	passed one = pass(&m, f, 1, .04);
	for (size_t n = 0; n < SLOTS; n++)
		check_value(many.light[n], one.light[n]);
	check_value(many.transmission[0], one.transmission[0]);
}
END_TEST

START_TEST(classes_leave_errors_of_second_order_in_cells_also_of_detuned_light)
{
	if (real != ONN_F64)
		return;
	double f[SLOTS], sum[3], seen[3];
	sech2_pulse(f, SLOTS, 8);
	for (int k = 0; k < 3; k++) {
		static double light[SLOTS], t;
		onn_graph *g;
		onn_pulse_passage out;
		onn_pulse_medium m = medium(20, 1);
		m.cells = 16U << k;
		m.detuning = 3;
		m.doppler = 5;
		m.classes = 31;
		check_ok(onn_graph_create(&g));
		onn_node x = constant_of(g, real, 2, (size_t[]){1, SLOTS}, f);
		check_ok(onn_pulse_pass(&out, g, x, .04, ONN_NULL_NODE, &m, NULL, false));
		onn_node node[2] = {out.light, onn_pulse_transmission(g, out.state, &m, NULL)};
		compute(device, g, node, 2, (double *[]){light, &t});
		onn_graph_destroy(g);
		sum[k] = 0;
		for (size_t n = 0; n < SLOTS; n++)
			sum[k] += light[n];
		seen[k] = t;
	}
	check_near((sum[0] - sum[1]) / (sum[1] - sum[2]), 4, .2);
	check_near((seen[0] - seen[1]) / (seen[1] - seen[2]), 4, .2);
}
END_TEST

/* The light behind of `slots` equal slots of a beam of intensity s, at the end of them all. */
static double after_a_while(const onn_pulse_medium *m, double s, double slot, size_t slots)
{
	static double f[MOST], y[MOST];
	onn_graph *g;
	onn_pulse_passage out;
	ck_assert(slots <= MOST);
	check_ok(onn_graph_create(&g));
	for (size_t n = 0; n < slots; n++)
		f[n] = s * slot / m->t1;
	onn_node light = constant_of(g, real, 2, (size_t[]){1, slots}, f);
	check_ok(onn_pulse_pass(&out, g, light, slot, ONN_NULL_NODE, m, NULL, false));
	compute(device, g, &out.light, 1, (double *[]){y});
	onn_graph_destroy(g);
	return y[slots - 1] / f[slots - 1] * s;
}

/* The thick medium's steady state: A + s (1 - e^-A) = a0. */
static double steady(double s, double depth)
{
	double low = 0, high = depth;
	for (int i = 0; i < 200; i++) {
		double a = (low + high) / 2;
		*(a - s * expm1(-a) > depth ? &high : &low) = a;
	}
	return s * exp(-low);
}

START_TEST(constant_light_tends_to_the_thick_steady_state_with_second_order)
{
	if (real != ONN_F64)
		return;
	onn_pulse_medium m = medium(10, 2);
	double want = steady(4, 10), error[2];
	m.cells = 1;
	for (int k = 0; k < 2; k++)
		error[k] =
		    fabs(after_a_while(&m, 4, .02 * m.t1 / (1 + k), 2000 * (1 + (size_t)k)) - want);
	check_near(log2(error[0] / error[1]), 2, .02);
	/* an error of .99 (dt/T1)^2 */
	check_near(error[1] / (want * 1e-4), .99, .99);
}
END_TEST

START_TEST(small_slots_reach_the_thick_steady_state)
{
	if (real != ONN_F64)
		return;
	/* from near the steady state on, for it takes as long as a relaxation is */
	onn_pulse_medium m = medium(10, 1);
	m.cells = 1;
	onn_graph *g;
	onn_pulse_passage out;
	enum { N = 40000 };
	static double f[N], y[N];
	double want = steady(4, 10), slot = 1e-4, rest = -log(want / 4) / 10;
	check_ok(onn_graph_create(&g));
	for (size_t n = 0; n < N; n++)
		f[n] = 4 * slot;
	onn_node light = constant_of(g, real, 2, (size_t[]){1, N}, f);
	onn_node state = constant_of(g, real, 2, (size_t[]){1, 1}, &rest);
	check_ok(onn_pulse_pass(&out, g, light, slot, state, &m, NULL, false));
	compute(device, g, &out.light, 1, (double *[]){y});
	onn_graph_destroy(g);
	check_near(y[N - 1] / slot, want, 1e-8);
}
END_TEST

START_TEST(a_square_pulse_of_t1_has_the_known_numbers)
{
	if (real != ONN_F64)
		return;
	/* width T1, s = 1, a0 = 3; extrapolated from two numbers of slots */
	static const double want[3] = {.0711787831266, .0893743539027, .0970200696};
	double value[2][3];
	for (int k = 0; k < 2; k++) {
		enum { N = 400 };
		size_t slots = N * (1 + (size_t)k);
		onn_graph *g;
		onn_pulse_passage out;
		onn_pulse_medium m = medium(3, 1);
		m.cells = 1;
		check_ok(onn_graph_create(&g));
		onn_node s = constant_of(g, real, 2, (size_t[]){1, 1}, &(double){1});
		onn_node light = onn_mul_real(
		    g, onn_broadcast(g, s, 2, (size_t[]){1, slots}), 1. / (double)slots);
		check_ok(onn_pulse_pass(
		    &out, g, light, 1. / (double)slots, ONN_NULL_NODE, &m, NULL, false));
		onn_node node[3] = {onn_sum(g, out.light, NULL, 0, false),
		    onn_pulse_transmission(g, out.state, &m, NULL)};
		check_ok(onn_gradient(&node[2], g, node[0], ONN_NULL_NODE, &s, 1));
		compute(device, g, node, 3, (double *[]){&value[k][0], &value[k][1], &value[k][2]});
		onn_graph_destroy(g);
	}
	for (int i = 0; i < 3; i++)
		check_near((4 * value[1][i] - value[0][i]) / 3, want[i], 2e-10);
}
END_TEST

START_TEST(the_probe_behind_the_pump_is_the_derivative_of_a_slow_absorber)
{
	double f[SLOTS], probe, slope;
	onn_graph *g;
	onn_pulse_passage out;
	onn_pulse_medium m = medium(5, INFINITY);
	sech2_pulse(f, SLOTS, 1);
	check_ok(onn_graph_create(&g));
	for (int loss = 0; loss < 2; loss++) {
		/* loss is half before and half behind, of any number of cells: still exact */
		m.loss = loss ? .4 : 0;
		m.cells = loss ? 1 : CELLS;
		onn_node s = constant_of(g, real, 2, (size_t[]){1, 1}, &(double){2.2});
		onn_node light = onn_mul(g, s, constant_of(g, real, 2, (size_t[]){1, SLOTS}, f));
		check_ok(onn_pulse_pass(&out, g, light, .1, ONN_NULL_NODE, &m, NULL, false));
		onn_node node[2] = {onn_pulse_transmission(g, out.state, &m, NULL)};
		check_ok(onn_gradient(
		    &node[1], g, onn_sum(g, out.light, NULL, 0, false), ONN_NULL_NODE, &s, 1));
		compute(device, g, node, 2, (double *[]){&probe, &slope});
		check_near(probe, slope, real == ONN_F64 ? 1e-12 : 1e-5);
	}
	onn_graph_destroy(g);
}
END_TEST

START_TEST(a_medium_waits_as_its_relaxation_says)
{
	double f[SLOTS], delay[ROWS] = {0, .3, 5}, t[ROWS], q[ROWS * CELLS];
	onn_graph *g;
	onn_pulse_passage out;
	onn_pulse_medium m = medium(3, 1.5);
	sech2_pulse(f, SLOTS, 1);
	passed p = pass(&m, f, 1, 1e-3);
	check_ok(onn_graph_create(&g));
	onn_node light = constant_of(g, real, 2, (size_t[]){1, SLOTS}, f);
	check_ok(onn_pulse_pass(&out, g, light, 1e-3, ONN_NULL_NODE, &m, NULL, false));
	onn_node then = onn_pulse_wait(
	    g, out.state, constant_of(g, real, 2, (size_t[]){ROWS, 1}, delay), &m, NULL);
	onn_node node[2] = {
	    onn_pulse_transmission(g, then, &m, NULL), onn_pulse_bleached(g, then, &m)};
	compute(device, g, node, 2, (double *[]){t, q});
	onn_graph_destroy(g);
	for (size_t r = 0; r < ROWS; r++) {
		double x = exp(-delay[r] / m.t1);
		check_value(t[r], exp(-3 * (1 - x)) * pow(p.transmission[0], x));
		for (size_t k = 0; k < CELLS; k++)
			check_value(q[r * CELLS + k], p.bleached[k] * x);
	}
}
END_TEST

/* y of everything that a passage gives, by everything that it takes. */
static void check_gradients(const onn_pulse_medium *m, size_t slots, bool record)
{
	enum { R = 2 };
	onn_graph *g;
	onn_pulse_passage out;
	variables v = {0};
	double f[R * SLOTS], state[R * 64];
	for (size_t r = 0; r < R; r++)
		sech2_pulse(f + r * slots, slots, 1 + 2 * (double)r);
	for (size_t i = 0; i < R * m->cells * m->classes; i++)
		state[i] = .95 - .02 * (double)i;
	check_ok(onn_graph_create(&g));
	onn_pulse_nodes n = ONN_PULSE_NODES_INIT;
	onn_node light = add_variable(&v, g, real, 2, (size_t[]){R, slots}, f);
	onn_node before = add_variable(&v, g, real, 2, (size_t[]){R, m->cells * m->classes}, state);
	n.slot = add_variable(&v, g, real, 2, (size_t[]){R, 1}, (double[]){.1, .15});
	n.depth = add_variable(&v, g, real, 2, (size_t[]){R, 1}, (double[]){2, .7});
	n.t1 = add_variable(&v, g, real, 0, NULL, &m->t1);
	n.detuning = add_variable(&v, g, real, 2, (size_t[]){R, 1}, (double[]){.2, -.4});
	if (m->loss > 0) {
		n.loss = add_variable(&v, g, real, 2, (size_t[]){R, 1}, (double[]){.3, .001});
		n.two_photon = add_variable(&v, g, real, 2, (size_t[]){R, 1}, (double[]){.2, .4});
	}
	check_ok(onn_pulse_pass(&out, g, light, 0, before, m, &n, record));
	onn_node y = onn_add(g, counted(g, out.light), counted(g, out.state));
	if (record)
		y = onn_add(g, y, counted(g, out.record));
	check_gradient(device, g, &v, y, 1e-7);
	clear_variables(&v);
	onn_graph_destroy(g);
}

START_TEST(gradients_agree_with_central_differences)
{
	if (real != ONN_F64)
		return;
	onn_pulse_medium m = medium(1, .8);
	m.cells = 3;
	check_gradients(&m, 6, false);
	m.loss = 1;
	check_gradients(&m, 4, true);
	m.classes = 3;
	m.doppler = .6;
	m.cells = 2;
	check_gradients(&m, 3, true);
}
END_TEST

START_TEST(a_thin_medium_s_gradient_is_that_of_the_limit)
{
	if (real != ONN_F64)
		return;
	/* d light/d depth = -f (1 - q), with q of a medium that nothing is taken from */
	double f[SLOTS], got, want = 0, bleached = 0;
	onn_graph *g;
	onn_pulse_passage out;
	onn_pulse_medium m = medium(1, INFINITY);
	sech2_pulse(f, SLOTS, 2);
	check_ok(onn_graph_create(&g));
	onn_pulse_nodes n = ONN_PULSE_NODES_INIT;
	n.depth = constant_of(g, real, 0, NULL, &(double){0});
	onn_node light = constant_of(g, real, 2, (size_t[]){1, SLOTS}, f), slope;
	check_ok(onn_pulse_pass(&out, g, light, .1, ONN_NULL_NODE, &m, &n, false));
	check_ok(onn_gradient(
	    &slope, g, onn_sum(g, out.light, NULL, 0, false), ONN_NULL_NODE, &n.depth, 1));
	compute(device, g, &slope, 1, (double *[]){&got});
	onn_graph_destroy(g);
	for (size_t k = 0; k < SLOTS; k++)
		bleached += f[k];
	want = expm1(-bleached); /* -(1 - e^-f) is absorbed */
	check_near(got, want, 1e-12);
}
END_TEST

/* Light, state and their gradients by light, state and depth, as rows of numbers one behind the
 * other; `general`: with a loss of 0, which kernels take for one that there is. */
static void both_ways(double *all[5], bool general, const double *f, const double *depth)
{
	enum { MORE = 12 };
	onn_graph *g;
	onn_pulse_passage out;
	onn_pulse_medium m = medium(1, .7);
	m.cells = MORE;
	m.detuning = .3;
	double state[ROWS * MORE];
	for (int i = 0; i < ROWS * MORE; i++)
		state[i] = 1 - .01 * i;
	onn_pulse_nodes n = ONN_PULSE_NODES_INIT;
	check_ok(onn_graph_create(&g));
	onn_node in[3] = {constant_of(g, real, 2, (size_t[]){ROWS, SLOTS}, f),
	    constant_of(g, real, 2, (size_t[]){ROWS, MORE}, state),
	    constant_of(g, real, 2, (size_t[]){ROWS, 1}, depth)};
	n.depth = in[2];
	if (general)
		n.loss = constant_of(g, real, 2, (size_t[]){1, 1}, (double[]){0});
	check_ok(onn_pulse_pass(&out, g, in[0], .02, in[1], &m, &n, false));
	onn_node node[5] = {out.light, out.state};
	onn_node y = onn_add(g, counted(g, out.light), counted(g, out.state));
	check_ok(onn_gradient(node + 2, g, y, ONN_NULL_NODE, in, 3));
	compute(device, g, node, 5, all);
	onn_graph_destroy(g);
}

START_TEST(thin_cells_go_a_way_of_their_own_to_the_same_numbers)
{
	static double of[2][5][ROWS * SLOTS];
	const double depth[][ROWS] = {{4, .1, 2}, {4.7, 1, 4}, {1.2, .1, .6}, {0, 1e-5, 1e-9}};
	const size_t count[5] = {ROWS * SLOTS, ROWS * 12, ROWS * SLOTS, ROWS * 12, ROWS};
	double f[ROWS * SLOTS];
	for (size_t r = 0; r < ROWS; r++)
		sech2_pulse(f + r * SLOTS, SLOTS, r == 0 ? .01 : 3 * (double)r);
	f[5] = 60; /* more than e^u may be of */
	f[7] = -1;
	for (size_t k = 0; k < COUNT(depth); k++) {
		for (int way = 0; way < 2; way++)
			both_ways((double *[]){of[way][0], of[way][1], of[way][2], of[way][3],
			              of[way][4]},
			    way == 1, f, depth[k]);
		for (int i = 0; i < 5; i++)
			for (size_t j = 0; j < count[i]; j++)
				check_near(
				    of[0][i][j], of[1][i][j], fine * (.1 + fabs(of[1][i][j])));
	}
}
END_TEST

START_TEST(segments_give_the_gradient_of_the_whole)
{
	if (real != ONN_F64)
		return;
	/* as many slots and cells as are kept in segments, the light twice as dense in the
	 * second */
	enum { N = 3000, K = 600 };
	static double f[N], grad[2][N];
	for (int k = 0; k < 2; k++) {
		onn_graph *g;
		onn_pulse_passage out;
		onn_pulse_medium m = medium(2, 1);
		m.cells = k ? 1 : K;
		check_ok(onn_graph_create(&g));
		sech2_pulse(f, N, 2);
		onn_node light = constant_of(g, real, 2, (size_t[]){1, N}, f), slope;
		check_ok(onn_pulse_pass(&out, g, light, 1e-3, ONN_NULL_NODE, &m, NULL, false));
		onn_node y = onn_add(g, counted(g, out.light),
		    onn_sum(g, onn_pulse_transmission(g, out.state, &m, NULL), NULL, 0, false));
		check_ok(onn_gradient(&slope, g, y, ONN_NULL_NODE, &light, 1));
		compute(device, g, &slope, 1, (double *[]){grad[k]});
		onn_graph_destroy(g);
	}
	for (size_t n = 0; n < N; n++)
		check_near(grad[0][n], grad[1][n], 1e-11);
}
END_TEST

START_TEST(wrong_arguments_are_named)
{
	onn_graph *g;
	onn_pulse_passage out;
	onn_pulse_medium m = medium(1, 1);
	double f[2 * SLOTS] = {0};
	static const char *const part[] = {
	    "c64", "slot is 0", "classes", "two axes", "state is", "od", "t1 is"};
	for (size_t i = 0; i < COUNT(part); i++) {
		onn_pulse_medium n = m;
		check_ok(onn_graph_create(&g));
		onn_node light = constant_of(g, i == 0 ? ONN_C64 : ONN_F32, i == 3 ? 1 : 2,
		    i == 3 ? (size_t[]){SLOTS} : (size_t[]){1, SLOTS}, f);
		onn_node state =
		    i == 4 ? constant_of(g, ONN_F32, 2, (size_t[]){1, 2}, f) : ONN_NULL_NODE;
		onn_pulse_nodes nodes = ONN_PULSE_NODES_INIT;
		n.classes = i == 2 ? 2 : 1;
		n.depth = i == 5 ? -1 : 1;
		if (i == 6)
			nodes.t1 = constant_of(g, ONN_F32, 1, (size_t[]){3}, f);
		onn_status status =
		    onn_pulse_pass(&out, g, light, i == 1 ? 0 : 1, state, &n, &nodes, true);
		ck_assert_msg(status == ONN_ERROR_ARGUMENT && strstr(onn_graph_error(g), part[i]),
		    "%zu: %s", i, onn_graph_error(g));
		ck_assert(!out.light.id && !out.state.id && !out.record.id);
		onn_graph_destroy(g);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {a_slow_absorber_is_frantz_and_nodvik_s,
	    each_photon_that_is_lost_bleaches,
	    strong_light_and_long_slots_keep_all_fractions_between_0_and_1,
	    the_number_of_cells_changes_nothing_without_loss,
	    classes_leave_errors_of_second_order_in_cells_also_of_detuned_light,
	    constant_light_tends_to_the_thick_steady_state_with_second_order,
	    small_slots_reach_the_thick_steady_state, a_square_pulse_of_t1_has_the_known_numbers,
	    the_probe_behind_the_pump_is_the_derivative_of_a_slow_absorber,
	    a_medium_waits_as_its_relaxation_says, gradients_agree_with_central_differences,
	    a_thin_medium_s_gradient_is_that_of_the_limit,
	    thin_cells_go_a_way_of_their_own_to_the_same_numbers,
	    segments_give_the_gradient_of_the_whole, wrong_arguments_are_named, NULL};
	return run_in_widest_precision("pulse_pass", &device, tests, &real, &fine, 2e-5, 1e-10);
}
