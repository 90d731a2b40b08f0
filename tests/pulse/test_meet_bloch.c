/*
 * Two beams that meet in one medium of the Bloch model.
 */
#include "pulse/pulses.h"

static onn_device *device;
static onn_type real = ONN_F64;

enum { SLOTS = 60, CELLS = 8, MOST = 4000, MOST_STATE = 4000 };

static onn_pulse_medium medium(double depth, double t1, double t2, unsigned cells)
{
	onn_pulse_medium m = ONN_PULSE_MEDIUM_INIT;
	m.model = ONN_PULSE_BLOCH;
	m.cells = cells;
	m.depth = depth;
	m.t1 = t1;
	m.t2 = t2;
	return m;
}

typedef struct met {
	double forward[2 * MOST], backward[2 * MOST], state[MOST_STATE], bleached[MOST];
} met;

static met now;

/* Real fields from both sides. */
static void meet(
    const onn_pulse_medium *m, const double *f, const double *b, size_t slots, double slot)
{
	onn_graph *g;
	onn_pulse_meeting out;
	ck_assert(slots <= MOST && 5 * m->cells * m->classes <= MOST_STATE);
	check_ok(onn_graph_create(&g));
	onn_node x = constant_of(g, real, 2, (size_t[]){1, slots}, f);
	onn_node y = constant_of(g, real, 2, (size_t[]){1, slots}, b);
	check_ok(onn_pulse_meet(&out, g, x, y, slot, ONN_NULL_NODE, m, NULL, false));
	onn_node node[] = {
	    out.forward, out.backward, out.state, onn_pulse_bleached(g, out.state, m)};
	compute(
	    device, g, node, 4, (double *[]){now.forward, now.backward, now.state, now.bleached});
	onn_graph_destroy(g);
}

/* A sech of the area (in the sum over slots) with its peak at a part of them. */
static void sech_pulse(double *w, size_t slots, double slot, double area, double at, double width)
{
	for (size_t i = 0; i < slots; i++)
		w[i] = area / (acos(-1) * width) /
		       cosh((((double)i + .5) - at * (double)slots) * slot / width);
}

static double energy(const double *complex_field, size_t slots, double slot)
{
	double sum = 0;
	for (size_t i = 0; i < 2 * slots; i++)
		sum += complex_field[i] * complex_field[i] * slot;
	return sum;
}

START_TEST(a_beam_alone_passes_as_in_the_frame_that_travels_with_it)
{
	double w[SLOTS], none[SLOTS] = {0}, want[2 * SLOTS];
	double near = real == ONN_F64 ? 1e-12 : 2e-5;
	for (int kind = 0; kind < 3; kind++) {
		onn_graph *g;
		onn_pulse_passage out;
		onn_pulse_medium m = medium(3, kind ? .8 : INFINITY, .6, CELLS);
		m.loss = kind == 1 ? .5 : 0;
		m.detuning = kind ? .4 : 0;
		m.doppler = kind == 2 ? .7 : 0;
		m.classes = kind == 2 ? 5 : 1;
		sech_pulse(w, SLOTS, .05, 2.5, .4, .3);
		check_ok(onn_graph_create(&g));
		onn_node x = constant_of(g, real, 2, (size_t[]){1, SLOTS}, w);
		check_ok(onn_pulse_pass(&out, g, x, .05, ONN_NULL_NODE, &m, NULL, false));
		compute(device, g, &out.light, 1, (double *[]){want});
		onn_graph_destroy(g);
		meet(&m, w, none, SLOTS, .05);
		for (size_t i = 0; i < 2 * SLOTS; i++) {
			check_near(now.forward[i], want[i], near);
			ck_assert(now.backward[i] == 0);
		}
		/* of atoms that move it meets the opposite detunings, which are the same set */
		meet(&m, none, w, SLOTS, .05);
		for (size_t i = 0; i < 2 * SLOTS; i++) {
			check_near(now.backward[i], want[i], near);
			ck_assert(now.forward[i] == 0);
		}
	}
}
END_TEST

START_TEST(without_relaxation_photons_and_the_length_of_the_vector_are_kept)
{
	double f[SLOTS], b[SLOTS], slot = .1, bleached = 0;
	double tolerance = real == ONN_F64 ? 1e-12 : 1e-4;
	/* a0/(2 T2) = 1.5 */
	onn_pulse_medium m = medium(3e18, INFINITY, 1e18, CELLS);
	sech_pulse(f, SLOTS, slot, 5, .45, .7);
	sech_pulse(b, SLOTS, slot, 3, .5, .5);
	meet(&m, f, b, SLOTS, slot);
	for (size_t k = 0; k < CELLS; k++) {
		double square = 0;
		for (size_t d = 0; d < 5; d++)
			square += now.state[d * CELLS + k] * now.state[d * CELLS + k];
		check_near(square, 1, tolerance);
		check_near(now.bleached[k], 1 + now.state[4 * CELLS + k], tolerance);
		bleached += 2 * 1.5 / CELLS * now.bleached[k];
	}
	double in = 0;
	for (size_t i = 0; i < SLOTS; i++)
		in += slot * (f[i] * f[i] + b[i] * b[i]);
	double out = energy(now.forward, SLOTS, slot) + energy(now.backward, SLOTS, slot);
	ck_assert(in - out > .5);
	check_near(in - out, bleached, tolerance);
}
END_TEST

START_TEST(equal_beams_from_both_sides_see_the_same)
{
	double f[SLOTS], near = real == ONN_F64 ? 1e-12 : 1e-5;
	onn_pulse_medium m = medium(4, 1, .5, CELLS);
	sech_pulse(f, SLOTS, .05, 4, .5, .3);
	meet(&m, f, f, SLOTS, .05);
	for (size_t i = 0; i < 2 * SLOTS; i++)
		check_near(now.forward[i], now.backward[i], near);
	for (size_t k = 0; k < CELLS; k++)
		check_near(now.bleached[k], now.bleached[CELLS - 1 - k], near);
}
END_TEST

/* Where both have one shape they turn the atoms as one field of the root of the sum of their
 * squares: w = -cos(area). */
START_TEST(two_fields_turn_thin_media_by_the_root_of_the_sum_of_squares)
{
	enum { N = 2000 };
	static double f[N], b[N];
	if (real != ONN_F64)
		return;
	onn_pulse_medium m = medium(1e-9, INFINITY, 1e18, 1);
	sech_pulse(f, N, .01, 1.2, .5, .5);
	sech_pulse(b, N, .01, .9, .5, .5);
	meet(&m, f, b, N, .01);
	check_near(now.bleached[0], 1 - cos(1.5), 1e-5);
}
END_TEST

/* Steady beams keep their product along the medium, as those of the rate model: dW/dz of each is
 * -(a0/2) W/(1 + s + t). Of second order in cells. */
START_TEST(constant_beams_tend_to_the_steady_state_of_both)
{
	if (real != ONN_F64)
		return;
	static double f[MOST], b[MOST];
	double s = 3, t = 1, a[2];
	for (int fine = 0; fine < 2; fine++) {
		unsigned cells = fine ? 32 : 16;
		size_t slots = fine ? 3200 : 1600;
		double slot = .32 / cells;
		onn_pulse_medium m = medium(4, 1, .7, cells);
		for (size_t i = 0; i < slots; i++) {
			f[i] = sqrt(s / (m.t1 * m.t2));
			b[i] = sqrt(t / (m.t1 * m.t2));
		}
		meet(&m, f, b, slots, slot);
		size_t last = 2 * (slots - 1 - cells);
		double out = now.forward[last] * now.forward[last] * m.t1 * m.t2;
		double back = now.backward[last] * now.backward[last] * m.t1 * m.t2;
		check_near(out * t, s * back, 1e-6);
		a[fine] = log(s / out) + s - out - back + t;
	}
	check_near((4 * a[1] - a[0]) / 3, 4, 2e-5);
	check_near((a[0] - 4) / (a[1] - 4), 4, .1);
}
END_TEST

/* The parts of both beams' energy that come out of a medium of two transit times' pulses. */
static void meeting_at(double out[2], unsigned cells, double t2)
{
	static double f[MOST], b[MOST];
	size_t slots = 12 * (size_t)cells;
	double slot = .5 / cells;
	onn_pulse_medium m = medium(2, 1.5, t2, cells);
	sech_pulse(f, slots, slot, 3, .45, .4);
	sech_pulse(b, slots, slot, 2, .5, .5);
	meet(&m, f, b, slots, slot);
	out[0] = energy(now.forward, slots, slot);
	out[1] = energy(now.backward, slots, slot);
}

START_TEST(errors_are_of_second_order_in_slots_and_cells)
{
	double out[4][2];
	if (real != ONN_F64)
		return;
	for (int i = 0; i < 4; i++)
		meeting_at(out[i], 16U << i, 1);
	for (int beam = 0; beam < 2; beam++)
		for (int i = 0; i < 2; i++)
			check_near((out[i][beam] - out[i + 1][beam]) /
			               (out[i + 1][beam] - out[i + 2][beam]),
			    4, .1);
}
END_TEST

START_TEST(a_short_t2_tends_to_the_rate_model_at_first_order)
{
	if (real != ONN_F64)
		return;
	enum { N = 4000, K = 60 };
	static double f[N], b[N], fluence[2][N], rate[2][N];
	double slot = .001, error[2][3];
	onn_graph *g;
	onn_pulse_meeting out;
	onn_pulse_medium m = ONN_PULSE_MEDIUM_INIT;
	m.depth = 2;
	m.t1 = 3;
	m.cells = K;
	sech2_pulse(fluence[0], N, 1.5);
	for (size_t i = 0; i < N; i++) /* later, and weaker */
		fluence[1][i] = i < N / 10 ? 0 : .6 * fluence[0][i - N / 10];
	check_ok(onn_graph_create(&g));
	onn_node x = constant_of(g, real, 2, (size_t[]){1, N}, fluence[0]);
	onn_node y = constant_of(g, real, 2, (size_t[]){1, N}, fluence[1]);
	check_ok(onn_pulse_meet(&out, g, x, y, slot, ONN_NULL_NODE, &m, NULL, false));
	onn_node node[2] = {out.forward, out.backward};
	compute(device, g, node, 2, (double *[]){rate[0], rate[1]});
	onn_graph_destroy(g);
	m.model = ONN_PULSE_BLOCH;
	for (int k = 0; k < 3; k++) {
		m.t2 = .06 / (1 << k);
		for (size_t i = 0; i < N; i++) {
			f[i] = sqrt(fluence[0][i] / (m.t2 * slot));
			b[i] = sqrt(fluence[1][i] / (m.t2 * slot));
		}
		meet(&m, f, b, N, slot);
		error[0][k] = m.t2 * energy(now.forward, N, slot);
		error[1][k] = m.t2 * energy(now.backward, N, slot);
		for (size_t i = 0; i < N; i++) {
			error[0][k] -= rate[0][i];
			error[1][k] -= rate[1][i];
		}
	}
	for (int beam = 0; beam < 2; beam++) {
		check_near(error[beam][0] / error[beam][1], 2, .4);
		check_near(error[beam][1] / error[beam][2], 2, .22);
		ck_assert(fabs(error[beam][2]) < .02);
	}
}
END_TEST

START_TEST(a_medium_in_the_dark_is_one_without_light)
{
	enum { N = 20, STATE = 5 * 2 * 3 };
	double w[N], dark[N] = {0}, one[STATE], other[STATE];
	onn_graph *g;
	onn_pulse_meeting out, then;
	onn_pulse_medium m = medium(1e-12, 2, 1.5, 2);
	m.detuning = .4;
	m.doppler = 1;
	m.classes = 3;
	for (size_t i = 0; i < N; i++)
		w[i] = .8;
	check_ok(onn_graph_create(&g));
	onn_node light = constant_of(g, real, 2, (size_t[]){1, N}, w);
	onn_node half = onn_mul_real(g, light, .5);
	onn_node none = constant_of(g, real, 2, (size_t[]){1, N}, dark);
	check_ok(onn_pulse_meet(&out, g, light, half, .1, ONN_NULL_NODE, &m, NULL, false));
	check_ok(onn_pulse_meet(&then, g, none, none, .1, out.state, &m, NULL, false));
	onn_node node[2] = {
	    then.state, onn_pulse_wait(g, out.state, onn_scalar(g, real, .1 * (N + 1)), &m, NULL)};
	compute(device, g, node, 2, (double *[]){one, other});
	onn_graph_destroy(g);
	for (size_t i = 0; i < STATE; i++)
		check_near(one[i], other[i], real == ONN_F64 ? 1e-12 : 2e-5);
}
END_TEST

/* Of everything that a meeting gives, by everything that it takes. */
static void check_gradients(const onn_pulse_medium *m, size_t slots, bool record)
{
	enum { R = 2 };
	onn_graph *g;
	onn_pulse_meeting out;
	variables v = {0};
	double f[2 * R * 16], b[2 * R * 16], state[R * 100];
	for (size_t i = 0; i < 2 * R * slots; i++) {
		f[i] = 2 * cos(1.3 * (double)i);
		b[i] = 1.5 * sin(1.7 * (double)i);
	}
	for (size_t i = 0; i < 5 * R * m->cells * m->classes; i++)
		state[i] = .5 * sin(2.1 * (double)i) - .2;
	check_ok(onn_graph_create(&g));
	onn_pulse_nodes n = ONN_PULSE_NODES_INIT;
	onn_node x = add_variable(&v, g, onn_type_complex(real), 2, (size_t[]){R, slots}, f);
	onn_node y = add_variable(&v, g, onn_type_complex(real), 2, (size_t[]){R, slots}, b);
	onn_node before =
	    add_variable(&v, g, real, 2, (size_t[]){R, 5 * m->cells * m->classes}, state);
	n.slot = add_variable(&v, g, real, 2, (size_t[]){R, 1}, (double[]){.3, .4});
	n.depth = add_variable(&v, g, real, 2, (size_t[]){R, 1}, (double[]){2, 3});
	n.t1 = add_variable(&v, g, real, 0, NULL, &m->t1);
	n.t2 = add_variable(&v, g, real, 2, (size_t[]){1, 1}, &m->t2);
	n.detuning = add_variable(&v, g, real, 2, (size_t[]){R, 1}, (double[]){.2, -.4});
	if (m->loss > 0)
		n.loss = add_variable(&v, g, real, 2, (size_t[]){R, 1}, (double[]){.3, .5});
	check_ok(onn_pulse_meet(&out, g, x, y, 0, before, m, &n, record));
	onn_node z = onn_add(g, counted(g, out.forward), counted(g, out.state));
	z = onn_add(g, z, onn_mul_real(g, counted(g, out.backward), 1.3));
	if (record)
		z = onn_add(g, z, counted(g, out.record));
	check_gradient(device, g, &v, z, 1e-7);
	clear_variables(&v);
	onn_graph_destroy(g);
}

START_TEST(gradients_agree_with_central_differences)
{
	if (real != ONN_F64)
		return;
	onn_pulse_medium m = medium(1, .8, .6, 3);
	check_gradients(&m, 5, false);
	m.loss = 1;
	check_gradients(&m, 4, true);
	m.classes = 3;
	m.doppler = .6;
	m.cells = 2;
	check_gradients(&m, 3, true);
	/* fewer slots than cells */
	m.cells = 5;
	m.classes = 1;
	m.doppler = 0;
	check_gradients(&m, 2, false);
}
END_TEST

START_TEST(segments_give_the_gradient_of_the_whole)
{
	if (real != ONN_F64)
		return;
	/* few slots by one tape; the same after so many dark ones that segments are taken */
	enum { N = 1500, K = 100, SHORT = 30 };
	static double f[N], whole[2][2 * N], part[2][2 * SHORT];
	for (int k = 0; k < 2; k++) {
		size_t slots = k ? SHORT : N;
		onn_graph *g;
		onn_pulse_meeting out;
		onn_pulse_medium m = medium(3, 1, .5, K);
		memset(f, 0, sizeof f);
		for (size_t i = 0; i < SHORT; i++)
			f[slots - SHORT + i] = 2 * sin(.3 * (double)i);
		check_ok(onn_graph_create(&g));
		onn_node w = onn_cast(
		    g, constant_of(g, real, 2, (size_t[]){1, slots}, f), onn_type_complex(real));
		onn_node x[2] = {w, onn_mul_real(g, w, .6)}, slope[2];
		check_ok(onn_pulse_meet(&out, g, x[0], x[1], .05, ONN_NULL_NODE, &m, NULL, false));
		ptrdiff_t from = (ptrdiff_t)(slots - SHORT);
		onn_node y = onn_add(g, counted(g, onn_slice(g, out.forward, 1, from, SHORT, 1)),
		    counted(g, onn_slice(g, out.backward, 1, from, SHORT, 1)));
		y = onn_add(g, y, counted(g, out.state));
		check_ok(onn_gradient(slope, g, y, ONN_NULL_NODE, x, 2));
		compute(device, g, slope, 2,
		    k ? (double *[]){part[0], part[1]} : (double *[]){whole[0], whole[1]});
		onn_graph_destroy(g);
	}
	for (size_t i = 0; i < 2 * SHORT; i++) {
		check_near(whole[0][2 * (N - SHORT) + i], part[0][i], 1e-11);
		check_near(whole[1][2 * (N - SHORT) + i], part[1][i], 1e-11);
	}
}
END_TEST

START_TEST(a_state_goes_on_only_where_both_beams_are)
{
	double f[SLOTS] = {0};
	onn_graph *g;
	onn_pulse_meeting out;
	onn_pulse_passage alone;
	onn_pulse_medium m = medium(1, 1, 1, CELLS);
	check_ok(onn_graph_create(&g));
	onn_node x = constant_of(g, ONN_F32, 2, (size_t[]){1, SLOTS}, f);
	check_ok(onn_pulse_meet(&out, g, x, x, 1, ONN_NULL_NODE, &m, NULL, false));
	onn_status status = onn_pulse_pass(&alone, g, x, 1, out.state, &m, NULL, false);
	ck_assert_msg(status == ONN_ERROR_ARGUMENT && strstr(onn_graph_error(g), "state is"), "%s",
	    onn_graph_error(g));
	onn_graph_destroy(g);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {a_beam_alone_passes_as_in_the_frame_that_travels_with_it,
	    without_relaxation_photons_and_the_length_of_the_vector_are_kept,
	    equal_beams_from_both_sides_see_the_same,
	    two_fields_turn_thin_media_by_the_root_of_the_sum_of_squares,
	    constant_beams_tend_to_the_steady_state_of_both,
	    errors_are_of_second_order_in_slots_and_cells,
	    a_short_t2_tends_to_the_rate_model_at_first_order,
	    a_medium_in_the_dark_is_one_without_light, gradients_agree_with_central_differences,
	    segments_give_the_gradient_of_the_whole, a_state_goes_on_only_where_both_beams_are,
	    NULL};
	return run_in_widest_precision("pulse_meet_bloch", &device, tests, &real, NULL, 0, 0);
}
