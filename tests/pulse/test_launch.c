/*
 * Probes as pulses of their own: their strength, what is detected of them and of the pumps.
 */
#include "pulse/pulses.h"

static onn_device *device;
static onn_type real = ONN_F64;
static double fine; /* relative tolerance of the type */

enum { COUNT_X = 6, DRAWS = 8192 };
static const double input[COUNT_X] = {.02, .4, 1.5, -.7, 7, .9};
static const double error[COUNT_X] = {1, -.3, 2, .8, -.5, -1.7};

static double mean_size(const double *x, size_t count, bool squares)
{
	double sum = 0;
	for (size_t i = 0; i < count; i++)
		sum += squares ? x[i] * x[i] : fabs(x[i]);
	return sum / (double)count;
}

/* What comes out, and what flows back where `dy` flows in. */
static void carry(double *y, double *back, const onn_pulse_absorber *given,
    const onn_pulse_medium *m, const double *x, const double *dy, size_t count, int step)
{
	onn_graph *g;
	onn_pulse_absorber a = *given;
	check_ok(onn_graph_create(&g));
	onn_node in = constant_of(g, real, 1, &count, x), out[2];
	onn_node seed = constant_of(g, real, 1, &count, dy);
	if (step >= 0)
		a.step = onn_scalar(g, ONN_U32, step);
	out[0] = onn_pulse_absorb(g, in, &a, m, NULL);
	check_ok(onn_gradient(&out[1], g, out[0], seed, &in, 1));
	compute(device, g, out, 2, (double *[]){y, back});
	onn_graph_destroy(g);
}

static onn_pulse_medium medium(double depth, double t1)
{
	onn_pulse_medium m = ONN_PULSE_MEDIUM_INIT;
	m.depth = depth;
	m.t1 = t1;
	m.cells = 8;
	return m;
}

static onn_pulse_absorber probed(onn_encoding encoding, double fraction)
{
	onn_pulse_absorber a = ONN_PULSE_ABSORBER_INIT;
	a.encoding = encoding;
	a.gradient = ONN_GRADIENT_APPROXIMATE;
	a.probe_fraction = fraction;
	a.probe_at = ONN_PROBE_AT_ALL;
	return a;
}

/* By number i of a case: nothing, a memory, a way back, loss. */
enum { CASES = 8 };
static void choose(onn_pulse_absorber *a, onn_pulse_medium *m, int i)
{
	static const double flat[3] = {1, 1, 1};
	if (i & 1) {
		m->t1 = .8;
		a->shape = flat;
		a->slots = 3;
		a->slot = .2;
		a->probe_delay = .3;
	}
	if (i & 2) {
		a->probe_counter = true;
		m->transit = .25;
	}
	if (i & 4)
		m->loss = .6;
}

START_TEST(a_weak_probe_is_the_weak_rule)
{
	double y[COUNT_X], weak[COUNT_X], launched[COUNT_X];
	for (int i = 0; i < CASES; i++)
		for (int encoding = 0; encoding < 2; encoding++) {
			onn_pulse_medium m = medium(4, INFINITY);
			onn_pulse_absorber a = probed((onn_encoding)encoding, 0);
			choose(&a, &m, i);
			carry(y, weak, &a, &m, input, error, COUNT_X, -1);
			a.probe_fraction = fine;
			carry(y, launched, &a, &m, input, error, COUNT_X, -1);
			for (int k = 0; k < COUNT_X; k++)
				check_near(launched[k], weak[k], 10 * fine * fabs(weak[k]));
		}
}
END_TEST

START_TEST(a_strong_probe_brings_back_a_difference_of_two_pulses)
{
	double y[COUNT_X], back[COUNT_X], lit[COUNT_X];
	for (int i = 0; i < COUNT_X; i++)
		lit[i] = fmax(input[i], 0);
	for (double fraction = .01; fraction < 20; fraction *= 10) {
		onn_pulse_medium m = medium(4, INFINITY);
		onn_pulse_absorber a = probed(ONN_ENCODING_INTENSITY, fraction);
		carry(y, back, &a, &m, input, error, COUNT_X, -1);
		double scale =
		    fraction * mean_size(lit, COUNT_X, false) / mean_size(error, COUNT_X, false);
		for (int i = 0; i < COUNT_X; i++) {
			double p = scale * fabs(error[i]), f = lit[i];
			double two = frantz_nodvik(f + p, 4) - frantz_nodvik(f, 4);
			check_near(back[i], copysign(two / scale, error[i]), 1e2 * fine);
		}
	}
}
END_TEST

/* The response is convex: what a strong probe passes is too much, by p/2 f''/f' at first. */
START_TEST(a_strong_probe_brings_back_too_much)
{
	double y[COUNT_X], weak[COUNT_X], back[COUNT_X], lit[COUNT_X];
	const double fraction = real == ONN_F64 ? 1e-5 : 1e-2;
	onn_pulse_medium m = medium(4, INFINITY);
	onn_pulse_absorber a = probed(ONN_ENCODING_INTENSITY, 0);
	carry(y, weak, &a, &m, input, error, COUNT_X, -1);
	a.probe_fraction = fraction;
	carry(y, back, &a, &m, input, error, COUNT_X, -1);
	for (int i = 0; i < COUNT_X; i++)
		lit[i] = fmax(input[i], 0);
	double scale = fraction * mean_size(lit, COUNT_X, false) / mean_size(error, COUNT_X, false);
	for (int i = 0; i < COUNT_X; i++) {
		double p = scale * fabs(error[i]), more = back[i] / weak[i] - 1;
		/* f' = exp(-A'), A' = G(a, f), whose slope by f is exp(-A') - 1 */
		double curved = -expm1(-frantz_nodvik(4, lit[i]));
		ck_assert(more > 0);
		ck_assert_msg(fabs(more / (p / 2 * curved) - 1) < 5 * p + fine / p,
		    "%d: %g more, expected %g", i, more, p / 2 * curved);
	}
}
END_TEST

/* Cell by cell on the host, from the side that the probe comes from; loss half before and behind.
 */
static double pass(double f, const double *rest, size_t cells, const onn_pulse_medium *m, bool back)
{
	double half = exp(-m->loss / 2 / (double)cells), h = m->depth / (double)cells;
	for (size_t k = 0; k < cells; k++)
		f = half * frantz_nodvik(half * f, h * rest[back ? cells - 1 - k : k]);
	return f;
}

START_TEST(a_strong_probe_meets_each_cell_when_it_comes_there)
{
	double y[COUNT_X], back[COUNT_X], lit[COUNT_X], state[COUNT_X * 8];
	const size_t pump[2] = {COUNT_X, 3};
	for (int i = 0; i < CASES; i++) {
		onn_pulse_medium m = medium(4, INFINITY);
		onn_pulse_absorber a = probed(ONN_ENCODING_INTENSITY, .7);
		onn_pulse_passage out;
		onn_graph *g;
		double thirds[COUNT_X * 3];
		choose(&a, &m, i);
		carry(y, back, &a, &m, input, error, COUNT_X, -1);
		for (int k = 0; k < COUNT_X * 3; k++)
			thirds[k] = (lit[k / 3] = fmax(input[k / 3], 0)) / 3;
		check_ok(onn_graph_create(&g));
		check_ok(onn_pulse_pass(&out, g, constant_of(g, real, 2, pump, thirds), a.slot,
		    ONN_NULL_NODE, &m, NULL, false));
		compute(device, g, &out.state, 1, (double *[]){state});
		onn_graph_destroy(g);
		double scale =
		    .7 * mean_size(lit, COUNT_X, false) / mean_size(error, COUNT_X, false);
		for (size_t k = 0; k < COUNT_X; k++) {
			double *rest = &state[k * m.cells];
			for (size_t c = 0; c < m.cells; c++) {
				double way = a.probe_counter
				                 ? 2 * m.transit * (1 - ((double)c + .5) / 8)
				                 : 0;
				rest[c] = 1 - (1 - rest[c]) * exp(-(a.probe_delay + way) / m.t1);
			}
			double p = scale * fabs(error[k]);
			double want = pass(p, rest, m.cells, &m, a.probe_counter) / scale;
			check_near(back[k], copysign(want, error[k]), 1e2 * fine);
		}
	}
}
END_TEST

START_TEST(an_amplitude_is_launched_as_the_root_of_a_fluence)
{
	double y[COUNT_X], back[COUNT_X];
	onn_pulse_medium m = medium(3, INFINITY);
	onn_pulse_absorber a = probed(ONN_ENCODING_AMPLITUDE, .5);
	carry(y, back, &a, &m, input, error, COUNT_X, -1);
	double scale = .5 * mean_size(input, COUNT_X, true) / mean_size(error, COUNT_X, true);
	for (int i = 0; i < COUNT_X; i++) {
		double f = input[i] * input[i], p = scale * error[i] * error[i];
		double two = frantz_nodvik(f + p, 3) - frantz_nodvik(f, 3);
		check_near(back[i], copysign(sqrt(two / scale), error[i]), 1e2 * fine);
	}
}
END_TEST

START_TEST(no_probe_is_launched_where_the_pump_is_dark)
{
	double y[COUNT_X], exact[COUNT_X], back[COUNT_X];
	onn_pulse_medium m = medium(4, INFINITY);
	onn_pulse_absorber a = probed(ONN_ENCODING_INTENSITY, 0);
	a.gradient = ONN_GRADIENT_EXACT;
	carry(y, exact, &a, &m, input, error, COUNT_X, -1);
	a.gradient = ONN_GRADIENT_APPROXIMATE;
	a.probe_at = ONN_PROBE_AT_PUMPED;
	for (int launched = 0; launched < 2; launched++) {
		a.probe_fraction = launched ? fine : 0;
		carry(y, back, &a, &m, input, error, COUNT_X, -1);
		for (int i = 0; i < COUNT_X; i++) {
			check_near(back[i], exact[i], 10 * fine * fabs(exact[i]));
			ck_assert((back[i] == 0) == (input[i] < 0));
		}
	}
	a.probe_at = ONN_PROBE_AT_ALL;
	carry(y, back, &a, &m, input, error, COUNT_X, -1);
	check_near(back[3], exp(-4) * error[3], 10 * fine);
}
END_TEST

/* Mean and variance of x - to. */
static void moments(double *mean, double *variance, const double *x, double to)
{
	double sum = 0, squares = 0;
	for (size_t i = 0; i < DRAWS; i++)
		sum += x[i] - to;
	*mean = sum / DRAWS;
	for (size_t i = 0; i < DRAWS; i++)
		squares += (x[i] - to - *mean) * (x[i] - to - *mean);
	*variance = squares / (DRAWS - 1);
}

/* Within 5 standard errors of DRAWS draws. */
static void check_noise(const double *x, double to, double variance)
{
	double mean, spread;
	moments(&mean, &spread, x, to);
	ck_assert_msg(fabs(mean) < 5 * sqrt(variance / DRAWS), "mean is off by %g", mean);
	ck_assert_msg(fabs(spread / variance - 1) < 5 * sqrt(2. / DRAWS) + 5e-3,
	    "variance %g, expected %g", spread, variance);
}

START_TEST(light_is_detected_with_shot_noise)
{
	static double x[DRAWS], dy[DRAWS], y[DRAWS], back[DRAWS], y2[DRAWS], back2[DRAWS];
	const double f = 1.3, pumps = 300, probes = 500;
	for (int i = 0; i < DRAWS; i++) {
		x[i] = f;
		dy[i] = i % 2 ? -.02 : .02;
	}
	for (int encoding = 0; encoding < 2; encoding++)
		for (int strong = 0; strong < 2; strong++) {
			bool amplitude = encoding == ONN_ENCODING_AMPLITUDE;
			onn_pulse_medium m = medium(1, INFINITY);
			onn_pulse_absorber a = probed((onn_encoding)encoding, strong ? .2 : 0);
			double clean[1], sent[1], one = .02, in = f;
			carry(clean, sent, &a, &m, &in, &one, 1, 0);
			a.pump_photons = pumps;
			a.probe_photons = probes;
			a.seed = 11;
			carry(y, back, &a, &m, x, dy, DRAWS, 4);
			for (int i = 0; i < DRAWS; i++)
				back[i] *= i % 2 ? -1 : 1;
			/* of a fluence x of u a photon u x, of an amplitude u/4 */
			double pump = (amplitude ? f * f : f) / pumps;
			double probe = (amplitude ? one * one : one) / probes;
			check_noise(y, *clean, amplitude ? pump / 4 : pump * *clean);
			check_noise(back, *sent, amplitude ? probe / 4 : probe * *sent);
			carry(y2, back2, &a, &m, x, dy, DRAWS, 5);
			double both = 0, later = 0;
			for (int i = 0; i < DRAWS; i++) {
				later += (y[i] - *clean) * (y2[i] - *clean);
				both += (y[i] - *clean) * (back[i] - *sent);
			}
			double of_y = amplitude ? pump / 4 : pump * *clean;
			double of_back = amplitude ? probe / 4 : probe * *sent;
			ck_assert(fabs(later) < 5 * of_y * sqrt(DRAWS));
			ck_assert(fabs(both) < 5 * sqrt(of_y * of_back * DRAWS));
			carry(y, back, &a, &m, x, dy, DRAWS, -1);
			for (int i = 0; i < DRAWS; i++) {
				check_near(y[i], *clean, 10 * fine);
				check_near(back[i], (i % 2 ? -1 : 1) * *sent, 10 * fine);
			}
		}
}
END_TEST

START_TEST(nothing_in_is_nothing_back)
{
	const double none[COUNT_X] = {0}, below[COUNT_X] = {-1, -2, -3, -1, -2, -3};
	double y[COUNT_X], back[COUNT_X];
	onn_pulse_medium m = medium(2, INFINITY);
	for (int encoding = 0; encoding < 2; encoding++) {
		onn_pulse_absorber a = probed((onn_encoding)encoding, .1);
		carry(y, back, &a, &m, input, none, COUNT_X, -1);
		for (int i = 0; i < COUNT_X; i++)
			ck_assert(back[i] == 0);
		/* dark pumps: the probes are as dark, and see the medium at rest */
		bool amplitude = encoding == ONN_ENCODING_AMPLITUDE;
		a.pump_photons = amplitude ? 0 : 10;
		carry(y, back, &a, &m, amplitude ? none : below, error, COUNT_X, 0);
		for (int i = 0; i < COUNT_X; i++) {
			ck_assert(y[i] == 0);
			check_near(back[i], error[i] * exp(amplitude ? -1 : -2), 1e2 * fine);
		}
	}
}
END_TEST

START_TEST(wrong_arguments_are_named)
{
	static const char *const part[] = {"probe_fraction is -1", "pump_photons is nan",
	    "probe_photons is inf", "probe_at is 7", "u32"};
	for (size_t i = 0; i < COUNT(part); i++) {
		onn_graph *g;
		onn_pulse_absorber a = probed(ONN_ENCODING_INTENSITY, i == 0 ? -1 : 0);
		onn_pulse_medium m = medium(1, 1);
		check_ok(onn_graph_create(&g));
		onn_node x = constant_of(g, ONN_F32, 1, (size_t[]){3}, input);
		a.pump_photons = i == 1 ? NAN : i == 4 ? 3 : 0;
		a.probe_photons = i == 2 ? INFINITY : 0;
		a.probe_at = i == 3 ? (onn_probe_at)7 : ONN_PROBE_AT_PUMPED;
		a.step = i == 4 ? onn_scalar(g, ONN_I32, 0) : ONN_NULL_NODE;
		ck_assert(!onn_pulse_absorb(g, x, &a, &m, NULL).id);
		ck_assert_msg(
		    strstr(onn_graph_error(g), part[i]), "%zu: %s", i, onn_graph_error(g));
		onn_graph_destroy(g);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {a_weak_probe_is_the_weak_rule,
	    a_strong_probe_brings_back_a_difference_of_two_pulses,
	    a_strong_probe_brings_back_too_much, a_strong_probe_meets_each_cell_when_it_comes_there,
	    an_amplitude_is_launched_as_the_root_of_a_fluence,
	    no_probe_is_launched_where_the_pump_is_dark, light_is_detected_with_shot_noise,
	    nothing_in_is_nothing_back, wrong_arguments_are_named, NULL};
	return run_in_widest_precision("pulse_launch", &device, tests, &real, &fine, 2e-5, 1e-10);
}
