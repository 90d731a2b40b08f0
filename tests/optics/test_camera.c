/* Cameras: noise of photons and of reading, the full well, the converter, and what flows back. */
#include <onn/elements.h>

#include "optics/derivative.h"

static onn_device *device;
static onn_type real;

enum { PIXELS = 40000 };

/* Readings of one intensity on many pixels. */
static void expose(const onn_camera *c, double intensity, double *value)
{
	size_t n = PIXELS;
	onn_graph *g = new_graph();
	onn_node x = onn_full(g, real, 1, &n, intensity);
	onn_node y = onn_camera_reading(g, x, c, onn_scalar(g, ONN_U32, 1));
	compute(device, g, &y, 1, &value);
	onn_graph_destroy(g);
}

static void check_moments(const double *x, double mean, double variance)
{
	double sum = 0, squares = 0;
	for (size_t i = 0; i < PIXELS; i++) {
		sum += x[i] - mean;
		squares += (x[i] - mean) * (x[i] - mean);
	}
	check_near(sum / PIXELS, 0, 4 * sqrt(variance / PIXELS) + 1e-7 * mean);
	check_near(squares / PIXELS, variance, 4 * 1.6 * variance / sqrt(PIXELS));
}

/* Variances in electrons: the mean for photons, the square of the read noise, and 1/12 of a
 * converter's step squared. */
START_TEST(variances_are_those_of_photons_reading_and_steps)
{
	static double x[PIXELS];
	onn_camera c = ONN_CAMERA_INIT;
	c.photons = 1000;
	c.shot_noise = true;
	expose(&c, 2.5, x);
	check_moments(x, 2.5, 2500 / 1e6);
	c.read_noise = 60;
	expose(&c, 2.5, x);
	check_moments(x, 2.5, (2500 + 3600) / 1e6);
	c.shot_noise = false;
	expose(&c, 2.5, x);
	check_moments(x, 2.5, 3600 / 1e6);
	c.bits = 6;
	c.full_well = 6300; /* steps of 100 electrons */
	expose(&c, 2.5, x);
	check_moments(x, 2.5, (3600 + 1e4 / 12) / 1e6);
	for (size_t i = 0; i < PIXELS; i++)
		check_near(10 * x[i], round(10 * x[i]), 1e-5);
}
END_TEST

START_TEST(readings_are_clipped_and_rounded)
{
	static const double in[] = {-1, 0, .1, .5, .6, 1, 1.99, 2, 3};
	static const double rounded[] = {0, 0, 0, 2. / 3, 2. / 3, 2. / 3, 2, 2, 2};
	static const double clipped[] = {-1, 0, .1, .5, .6, 1, 1.99, 2, 2};
	double got[9], slope[9], plain[9];
	onn_graph *g = new_graph();
	onn_camera c = ONN_CAMERA_INIT;
	c.photons = 100;
	c.full_well = 200;
	onn_node x = constant_of(g, real, 1, (size_t[]){9}, in), step = onn_scalar(g, ONN_U32, 0);
	onn_node y[3] = {onn_camera_reading(g, x, &c, step)};
	c.bits = 2;
	y[1] = onn_camera_reading(g, x, &c, step);
	check_ok(onn_gradient(&y[2], g, onn_sum(g, y[1], NULL, 0, false), ONN_NULL_NODE, &x, 1));
	compute(device, g, y, 3, (double *[]){plain, got, slope});
	for (size_t i = 0; i < 9; i++) {
		bool inside = in[i] >= 0 && in[i] <= 2;
		check_near(plain[i], clipped[i], 1e-6);
		check_near(got[i], in[i] == 1 ? got[i] : rounded[i], 1e-6);
		check_near(slope[i], inside, 1e-6);
	}
	onn_graph_destroy(g);
}
END_TEST

START_TEST(an_ideal_camera_reads_the_intensity)
{
	static double x[PIXELS];
	onn_camera c = ONN_CAMERA_INIT;
	expose(&c, .7, x);
	for (size_t i = 0; i < PIXELS; i++)
		check_near(x[i], .7, 1e-7);
}
END_TEST

/* Through photons and the read noise alike. */
START_TEST(noise_has_the_derivative_of_no_noise)
{
	static const double in[] = {.01, 1, 5, 20, 300, 0};
	double slope[6];
	onn_graph *g = new_graph();
	onn_camera c = ONN_CAMERA_INIT;
	c.photons = 8;
	c.shot_noise = true;
	c.read_noise = 3;
	onn_node x = constant_of(g, real, 2, (size_t[]){2, 3}, in), grad;
	onn_node y = onn_camera_reading(g, x, &c, onn_scalar(g, ONN_U32, 0));
	check_ok(onn_gradient(&grad, g, onn_sum(g, y, NULL, 0, false), ONN_NULL_NODE, &x, 1));
	compute(device, g, &grad, 1, (double *[]){slope});
	for (size_t i = 0; i < 6; i++)
		check_near(slope[i], 1, 1e-6);
	onn_graph_destroy(g);
}
END_TEST

START_TEST(each_step_and_stream_has_its_own_noise)
{
	static double x[4][PIXELS];
	size_t n = PIXELS;
	onn_graph *g = new_graph();
	onn_camera c = ONN_CAMERA_INIT;
	c.shot_noise = true;
	onn_node in = onn_full(g, real, 1, &n, 1), y[4];
	y[0] = onn_camera_reading(g, in, &c, onn_scalar(g, ONN_U32, 0));
	y[1] = onn_camera_reading(g, in, &c, onn_scalar(g, ONN_U32, 1));
	c.stream = 2;
	y[2] = onn_camera_reading(g, in, &c, onn_scalar(g, ONN_U32, 0));
	c.seed = 1;
	y[3] = onn_camera_reading(g, in, &c, onn_scalar(g, ONN_U32, 0));
	compute(device, g, y, 4, (double *[]){x[0], x[1], x[2], x[3]});
	for (size_t a = 0; a < 4; a++)
		for (size_t b = 0; b < a; b++) {
			double sum = 0;
			for (size_t i = 0; i < n; i++)
				sum += (x[a][i] - 1) * (x[b][i] - 1) * 1e4;
			check_near(sum / PIXELS, 0, 5 / sqrt(PIXELS));
		}
	onn_graph_destroy(g);
}
END_TEST

/* Not even their sizes are related: squares, of mean 1, that do not vary together. */
START_TEST(photons_and_reading_have_noise_of_their_own)
{
	static double photons[PIXELS], both[PIXELS];
	size_t n = PIXELS;
	double sum = 0;
	onn_graph *g = new_graph();
	onn_camera c = ONN_CAMERA_INIT;
	c.shot_noise = true;
	onn_node in = onn_full(g, real, 1, &n, 1), step = onn_scalar(g, ONN_U32, 0), y[2];
	y[0] = onn_camera_reading(g, in, &c, step);
	c.read_noise = 200;
	y[1] = onn_camera_reading(g, in, &c, step);
	compute(device, g, y, 2, (double *[]){photons, both});
	for (size_t i = 0; i < n; i++) {
		double a = (photons[i] - 1) * 100, b = (both[i] - photons[i]) * 50;
		sum += (a * a - 1) * (b * b - 1);
	}
	check_near(sum / PIXELS, 0, 5 * 2 / sqrt(PIXELS));
	onn_graph_destroy(g);
}
END_TEST

#define WRONG(part, call)                                                                          \
	check_refused_in_new_graph(                                                                \
	    part, call, onn_node x = onn_full(g, real, 1, (size_t[]){3}, 1);                       \
	    onn_node step = onn_scalar(g, ONN_U32, 0); onn_camera c = ONN_CAMERA_INIT; (void)step)

START_TEST(wrong_arguments_are_refused)
{
	WRONG("0 photoelectrons", (c.photons = 0, onn_camera_reading(g, x, &c, step)));
	WRONG("read noise -1", (c.read_noise = -1, onn_camera_reading(g, x, &c, step)));
	WRONG("full well nan", (c.full_well = NAN, onn_camera_reading(g, x, &c, step)));
	WRONG("infinite full well", (c.bits = 8, onn_camera_reading(g, x, &c, step)));
	WRONG("25 bits", (c.bits = 25, onn_camera_reading(g, x, &c, step)));
	WRONG("from ONN_CAMERA_INIT", (c.size = 0, onn_camera_reading(g, x, &c, step)));
	WRONG("intensity is i32", onn_camera_reading(g, onn_cast(g, x, ONN_I32), &c, step));
	WRONG("onn_random_poisson: stream",
	    (c.shot_noise = true, c.stream = 1u << 30, onn_camera_reading(g, x, &c, step)));
	WRONG("expected a stream",
	    (c.shot_noise = true, onn_camera_reading(g, x, &c, onn_iota(g, ONN_U32, 3))));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {variances_are_those_of_photons_reading_and_steps,
	    readings_are_clipped_and_rounded, an_ideal_camera_reads_the_intensity,
	    noise_has_the_derivative_of_no_noise, each_step_and_stream_has_its_own_noise,
	    photons_and_reading_have_noise_of_their_own, wrong_arguments_are_refused, NULL};
	return run_in_each_precision(&device, tests, &real, NULL, 0, 0);
}
