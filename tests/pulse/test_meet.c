/*
 * Two beams that meet in one medium of the rate model.
 */
#include "pulse/pulses.h"

static onn_device *device;
static onn_type real = ONN_F64;
static double fine; /* relative tolerance of the type */

enum { SLOTS = 40, CELLS = 8, STEPS = SLOTS + CELLS - 1, MOST = 3000 };

static onn_pulse_medium medium(double depth, double t1, unsigned cells)
{
	onn_pulse_medium m = ONN_PULSE_MEDIUM_INIT;
	m.cells = cells;
	m.depth = depth;
	m.t1 = t1;
	return m;
}

typedef struct met {
	double forward[MOST], backward[MOST], state[MOST], record[(MOST + 1) * 16];
} met;

static met now;

static void meet(
    const onn_pulse_medium *m, const double *f, const double *b, size_t slots, double slot)
{
	onn_graph *g;
	onn_pulse_meeting out;
	ck_assert(slots <= MOST);
	check_ok(onn_graph_create(&g));
	onn_node x = constant_of(g, real, 2, (size_t[]){1, slots}, f);
	onn_node y = constant_of(g, real, 2, (size_t[]){1, slots}, b);
	bool record = m->cells <= 16;
	check_ok(onn_pulse_meet(&out, g, x, y, slot, ONN_NULL_NODE, m, NULL, record));
	onn_node node[] = {out.forward, out.backward, out.state, out.record};
	compute(device, g, node, record ? 4 : 3,
	    (double *[]){now.forward, now.backward, now.state, now.record});
	onn_graph_destroy(g);
}

#define check_value(a, b) check_near(a, b, fine *(1e-3 + fabs((double)(b))))

START_TEST(a_beam_alone_passes_as_in_the_frame_that_travels_with_it)
{
	/* every cell sees the pulse as late as the pulse comes, and relaxes for as long */
	double f[SLOTS], none[SLOTS] = {0}, want[SLOTS];
	onn_graph *g;
	onn_pulse_passage out;
	for (int kind = 0; kind < 3; kind++) {
		onn_pulse_medium m = medium(3, kind ? .6 : INFINITY, CELLS);
		m.loss = kind == 2 ? .5 : 0;
		sech2_pulse(f, SLOTS, 2);
		check_ok(onn_graph_create(&g));
		onn_node x = constant_of(g, real, 2, (size_t[]){1, SLOTS}, f);
		check_ok(onn_pulse_pass(&out, g, x, .05, ONN_NULL_NODE, &m, NULL, false));
		compute(device, g, &out.light, 1, (double *[]){want});
		onn_graph_destroy(g);
		meet(&m, f, none, SLOTS, .05);
		for (size_t n = 0; n < SLOTS; n++) {
			check_value(now.forward[n], want[n]);
			ck_assert(now.backward[n] == 0);
		}
		meet(&m, none, f, SLOTS, .05);
		for (size_t n = 0; n < SLOTS; n++) {
			check_value(now.backward[n], want[n]);
			ck_assert(now.forward[n] == 0);
		}
	}
}
END_TEST

START_TEST(each_photon_that_is_lost_bleaches)
{
	double f[SLOTS], b[SLOTS];
	sech2_pulse(f, SLOTS, 2.5);
	sech2_pulse(b, SLOTS, 1.2);
	for (int kind = 0; kind < 2; kind++) {
		onn_pulse_medium m = medium(4, kind ? .8 : INFINITY, CELLS);
		double slot = .05, e = exp(-slot / (2 * m.t1)), lost = 0, bleached = 0;
		meet(&m, f, b, SLOTS, slot);
		for (size_t n = 0; n < SLOTS; n++)
			lost += f[n] - now.forward[n] + b[n] - now.backward[n];
		for (size_t n = 0; n < STEPS; n++)
			for (size_t k = 0; k < CELLS; k++)
				bleached += (now.record[(n + 1) * CELLS + k] / e -
				                now.record[n * CELLS + k] * e) *
				            m.depth / CELLS;
		check_near(lost, bleached, real == ONN_F64 ? 1e-12 : 1e-4);
	}
}
END_TEST

START_TEST(equal_beams_from_both_sides_see_the_same)
{
	double f[SLOTS];
	sech2_pulse(f, SLOTS, 2.5);
	onn_pulse_medium m = medium(4, 1, CELLS);
	meet(&m, f, f, SLOTS, .05);
	for (size_t n = 0; n < SLOTS; n++)
		check_value(now.forward[n], now.backward[n]);
	for (size_t k = 0; k < CELLS; k++)
		check_value(now.state[k], now.state[CELLS - 1 - k]);
}
END_TEST

/*
 * A weak probe launched at the exit when the pump has just left meets a medium that has relaxed for
 * longer the farther it goes: T = exp(-int a [1 - q(z) exp(-2 (L - z)/(v T1))] dz).
 */
START_TEST(a_probe_that_runs_back_meets_a_medium_that_relaxes)
{
	static const double row[][2] = {{.01, .123188868969}, {.2, .101250034225}};
	if (real != ONN_F64)
		return;
	for (size_t i = 0; i < COUNT(row); i++) {
		double value[2];
		for (int half = 0; half < 2; half++) {
			unsigned cells = half ? 400 : 200;
			static double f[MOST], b[MOST];
			/* all of the pump in one slot; the probe enters in the step after that in
			 * which the pump is in the last cell, where half a slot of relaxation is
			 * over */
			double slot = row[i][0] / cells, probe = 1e-9;
			onn_pulse_medium m = medium(3, 1, cells);
			memset(f, 0, sizeof f);
			memset(b, 0, sizeof b);
			f[0] = 1;
			b[cells] = probe;
			meet(&m, f, b, cells + 1, slot);
			value[half] = now.backward[cells] / probe;
		}
		/* the probe is a slot late, and errors fall as the slot does */
		check_near(2 * value[1] - value[0], row[i][1], 2e-7);
	}
}
END_TEST

/* Both beams constant: each sees the other, dT/dz = -a T/(1 + f + b) from either side, for which f
 * b is constant along the medium and f - b = c obeys the thick medium's equation for the sum. */
START_TEST(constant_beams_keep_their_product_along_the_medium)
{
	if (real != ONN_F64)
		return;
	static double f[MOST], b[MOST];
	enum { K = 16, N = 2500 };
	double slot = .02, s = 3, t = 1, product = 0, a = 0;
	onn_pulse_medium m = medium(4, 1, K);
	for (size_t n = 0; n < N; n++) {
		f[n] = s * slot;
		b[n] = t * slot;
	}
	meet(&m, f, b, N, slot);
	/* slots that both beams meet on all their way */
	double out = now.forward[N - 1 - K] / slot, back = now.backward[N - 1 - K] / slot;
	product = s * back;
	check_near(out * t, product, 1e-9);
	/* ds/dz = -a s/(1 + s + product/s): ln s + s - product/s falls by a */
	a = log(s / out) + s - out - product / s + product / out;
	check_near(a, 4, 5e-3);
}
END_TEST

static void check_gradients(const onn_pulse_medium *m, size_t slots, bool record)
{
	enum { R = 2 };
	onn_graph *g;
	onn_pulse_meeting out;
	variables v = {0};
	double f[R * SLOTS], b[R * SLOTS], state[R * 64];
	for (size_t i = 0; i < R * slots; i++) {
		f[i] = .3 + .25 * cos(2.3 * (double)i);
		b[i] = .4 + .35 * sin(1.9 * (double)i);
	}
	for (size_t i = 0; i < R * m->cells * m->classes; i++)
		state[i] = .95 - .02 * (double)i;
	check_ok(onn_graph_create(&g));
	onn_pulse_nodes n = ONN_PULSE_NODES_INIT;
	onn_node x = add_variable(&v, g, real, 2, (size_t[]){R, slots}, f);
	onn_node y = add_variable(&v, g, real, 2, (size_t[]){R, slots}, b);
	onn_node before = add_variable(&v, g, real, 2, (size_t[]){R, m->cells * m->classes}, state);
	n.slot = add_variable(&v, g, real, 2, (size_t[]){R, 1}, (double[]){.1, .15});
	n.depth = add_variable(&v, g, real, 2, (size_t[]){R, 1}, (double[]){2, .7});
	n.t1 = add_variable(&v, g, real, 0, NULL, &m->t1);
	n.detuning = add_variable(&v, g, real, 2, (size_t[]){R, 1}, (double[]){.2, -.4});
	if (m->loss > 0)
		n.loss = add_variable(&v, g, real, 2, (size_t[]){R, 1}, (double[]){.3, .2});
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
	onn_pulse_medium m = medium(1, .8, 3);
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
	enum { N = 1500, K = 250, SHORT = 30 };
	static double f[N], whole[2][N], part[2][SHORT];
	for (int k = 0; k < 2; k++) {
		size_t slots = k ? SHORT : N;
		onn_graph *g;
		onn_pulse_meeting out;
		onn_pulse_medium m = medium(3, 1, K);
		memset(f, 0, sizeof f);
		for (size_t i = 0; i < SHORT; i++)
			f[slots - SHORT + i] = .2 + .1 * sin(.3 * (double)i);
		check_ok(onn_graph_create(&g));
		onn_node x[2] = {constant_of(g, real, 2, (size_t[]){1, slots}, f),
		    constant_of(g, real, 2, (size_t[]){1, slots}, f)},
		         slope[2];
		x[1] = onn_mul_real(g, x[1], 2);
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
	for (size_t i = 0; i < SHORT; i++) {
		check_near(whole[0][N - SHORT + i], part[0][i], 1e-11);
		check_near(whole[1][N - SHORT + i], part[1][i], 1e-11);
	}
}
END_TEST

START_TEST(what_can_not_meet_is_named)
{
	static const struct {
		onn_status status;
		const char *part;
	} row[] = {{ONN_ERROR_UNSUPPORTED, "two_photon"},
	    {ONN_ERROR_ARGUMENT, "transit is 3; expected 0 or 8"},
	    {ONN_ERROR_ARGUMENT, "second beam"}, {ONN_ERROR_ARGUMENT, "slots"}};
	double f[SLOTS] = {0};
	for (size_t i = 0; i < COUNT(row); i++) {
		onn_graph *g;
		onn_pulse_meeting out;
		onn_pulse_medium m = medium(1, 1, CELLS);
		m.two_photon = i == 0;
		m.transit = i == 1 ? 3 : CELLS;
		check_ok(onn_graph_create(&g));
		onn_node x = constant_of(g, ONN_F32, 2, (size_t[]){1, SLOTS}, f);
		onn_node y = constant_of(
		    g, ONN_F32, 2, (size_t[]){i == 2 ? 2 : 1, i >= 2 ? SLOTS / 2 : SLOTS}, f);
		onn_status status =
		    onn_pulse_meet(&out, g, x, y, 1, ONN_NULL_NODE, &m, NULL, false);
		ck_assert_msg(status == row[i].status && strstr(onn_graph_error(g), row[i].part),
		    "%zu: %s", i, onn_graph_error(g));
		ck_assert(!out.forward.id && !out.backward.id && !out.state.id);
		onn_graph_destroy(g);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {a_beam_alone_passes_as_in_the_frame_that_travels_with_it,
	    each_photon_that_is_lost_bleaches, equal_beams_from_both_sides_see_the_same,
	    a_probe_that_runs_back_meets_a_medium_that_relaxes,
	    constant_beams_keep_their_product_along_the_medium,
	    gradients_agree_with_central_differences, segments_give_the_gradient_of_the_whole,
	    what_can_not_meet_is_named, NULL};
	return run_in_widest_precision("pulse_meet", &device, tests, &real, &fine, 2e-5, 1e-10);
}
