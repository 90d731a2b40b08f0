/* Errors of mounting: what a shift, a tilt and a longer gap do, and that they are drawn anew. */
#include <onn/elements.h>

#include "core/philox.h"
#include "optics/derivative.h"

static const double pi = 3.14159265358979323846;
static onn_device *device;
static onn_type real;
static double fine; /* of the type */

enum { NY = 6, NX = 9, SEED = 11, STREAM = 4 };
static const onn_grid grid = {NY, NX, 10e-6, 20e-6, 3e-6, -2e-6};

static onn_misalignment errors(double shift, double tilt, double distance)
{
	onn_misalignment m = ONN_MISALIGNMENT_INIT;
	m.shift = shift;
	m.tilt = tilt;
	m.distance = distance;
	m.seed = SEED;
	m.stream = STREAM;
	return m;
}

/* What the library draws: stream 0, 1, 2 of the plate's; y, then x. */
static double drawn(uint32_t stream, uint32_t step, uint32_t which)
{
	return onn_philox_normal(SEED, step, STREAM + stream, which);
}

static double clamped(const double *plate, double iy, double ix)
{
	iy = fmin(fmax(iy, 0), NY - 1);
	ix = fmin(fmax(ix, 0), NX - 1);
	return plate[(size_t)iy * NX + (size_t)ix];
}

START_TEST(plates_are_interpolated_where_they_are_shifted_to)
{
	double plate[NY * NX], got[NY * NX];
	static const double shift[] = {4e-6, 25e-6, 300e-6};
	for (size_t i = 0; i < COUNT(plate); i++)
		plate[i] = sin(2.1 * (double)i);
	for (size_t k = 0; k < COUNT(shift); k++)
		for (uint32_t step = 0; step < 3; step++) {
			onn_graph *g = new_graph();
			onn_misalignment m = errors(shift[k], 0, 0);
			onn_node x = constant_of(g, real, 2, (size_t[]){NY, NX}, plate);
			onn_node y =
			    onn_misaligned_plate(g, x, &grid, &m, onn_scalar(g, ONN_U32, step));
			compute(device, g, &y, 1, (double *[]){got});
			double sy = shift[k] * drawn(0, step, 0) / grid.dy;
			double sx = shift[k] * drawn(0, step, 1) / grid.dx;
			for (size_t i = 0; i < COUNT(got); i++) {
				double v = (double)(i / NX) - sy, u = (double)(i % NX) - sx;
				double b = floor(v), a = floor(u), wy = v - b, wx = u - a;
				double want = (1 - wy) * (1 - wx) * clamped(plate, b, a) +
				              (1 - wy) * wx * clamped(plate, b, a + 1) +
				              wy * (1 - wx) * clamped(plate, b + 1, a) +
				              wy * wx * clamped(plate, b + 1, a + 1);
				check_near(got[i], want, 30 * fine * (1 + shift[k] / grid.dy));
			}
			onn_graph_destroy(g);
		}
}
END_TEST

START_TEST(plates_of_several_wavelengths_are_shifted_like_one)
{
	double plate[2 * NY * NX], got[2 * NY * NX], one[2][NY * NX];
	for (size_t i = 0; i < COUNT(plate); i++)
		plate[i] = cos(1.3 * (double)i);
	onn_graph *g = new_graph();
	onn_misalignment m = errors(30e-6, 0, 0);
	onn_node step = onn_scalar(g, ONN_U32, 5), out[3];
	out[0] = onn_misaligned_plate(
	    g, constant_of(g, real, 3, (size_t[]){2, NY, NX}, plate), &grid, &m, step);
	for (size_t w = 0; w < 2; w++)
		out[1 + w] = onn_misaligned_plate(g,
		    constant_of(g, real, 2, (size_t[]){NY, NX}, plate + w * NY * NX), &grid, &m,
		    step);
	compute(device, g, out, 3, (double *[]){got, one[0], one[1]});
	for (size_t i = 0; i < COUNT(got); i++)
		check_near(got[i], one[i / (NY * NX)][i % (NY * NX)], 4 * fine);
	onn_graph_destroy(g);
}
END_TEST

START_TEST(beams_are_tilted_about_the_axis)
{
	double got[2 * 2 * NY * NX];
	for (uint32_t step = 0; step < 2; step++) {
		onn_graph *g = new_graph();
		onn_misalignment m = errors(0, .01, 0);
		onn_light light = {
		    .type = onn_type_complex(real), .nwavelengths = 2, .wavelength = {1e-6, 2e-6}};
		onn_field field = onn_plane_wave(g, &grid, &light, 0, 0);
		field = onn_misaligned_beam(g, field, &m, onn_scalar(g, ONN_U32, step));
		compute(device, g, &field.e, 1, (double *[]){got});
		for (size_t i = 0; i < 2 * NY * NX; i++) {
			size_t iy = i / NX % NY, ix = i % NX;
			double y = grid.y0 + ((double)iy - NY / 2) * grid.dy;
			double x = grid.x0 + ((double)ix - NX / 2) * grid.dx;
			double k = 2 * pi / light.wavelength[i / (NY * NX)];
			double phase = k * (y * sin(.01 * drawn(1, step, 0)) +
			                       x * sin(.01 * drawn(1, step, 1)));
			check_near(got[2 * i], cos(phase), 100 * fine);
			check_near(got[2 * i + 1], sin(phase), 100 * fine);
		}
		onn_graph_destroy(g);
	}
}
END_TEST

/* The field behind a gap of z, and behind one that is longer by the error drawn, which another
 * computation in double gives: equal but for the phase k dz. */
START_TEST(gaps_are_longer_by_what_is_drawn)
{
	enum { N = 24 };
	static const onn_method method[] = {
	    ONN_METHOD_ASM, ONN_METHOD_BAND_LIMITED, ONN_METHOD_FRESNEL};
	onn_grid square = onn_grid_square(N, N * 4e-6);
	double got[4 * N * N], want[4 * N * N], z = 2e-3, size = 50e-6;
	/* z + dz is rounded to 2e-19 m, of which k makes 2e-12 */
	double error = real == ONN_F32 ? 4e-6 : 5e-12;
	double lambda[] = {1e-6, .8e-6};
	for (size_t k = 0; k < COUNT(method); k++) {
		onn_graph *g = new_graph(), *h = new_graph();
		onn_propagation how = ONN_PROPAGATION_INIT;
		onn_misalignment m = errors(0, 0, size);
		onn_light light = {.type = onn_type_complex(real),
		    .nwavelengths = 2,
		    .wavelength = {lambda[0], lambda[1]}};
		how.method = method[k];
		onn_field field = onn_plane_wave(g, &square, &light, .02, 0);
		field = onn_circular_aperture(g, field, 30e-6, 0, 0);
		field = onn_misaligned_gap(g, field, z, &how, &m, onn_scalar(g, ONN_U32, 7));
		ck_assert_msg(onn_graph_status(g) == ONN_OK, "%s", onn_graph_error(g));
		compute(device, g, &field.e, 1, (double *[]){got});

		onn_device *truth;
		check_ok(onn_device_create(&truth, "reference", NULL));
		light.type = ONN_C128;
		double dz = size * drawn(2, 7, 0);
		field = onn_plane_wave(h, &square, &light, .02, 0);
		field = onn_circular_aperture(h, field, 30e-6, 0, 0);
		/* the band is that of z, not of z + dz */
		how.distance = onn_misaligned_distance(h, z, &m, onn_scalar(h, ONN_U32, 7));
		field = onn_propagate(h, field, z, &how);
		ck_assert_msg(onn_graph_status(h) == ONN_OK, "%s", onn_graph_error(h));
		compute(truth, h, (onn_node[]){field.e, how.distance}, 2, (double *[]){want, &z});
		check_near(z, 2e-3 + dz, 1e-16);
		z = 2e-3;
		for (size_t i = 0; i < 2 * N * N; i++) {
			double turn = 2 * pi / lambda[i / (N * N)] * dz, c = cos(turn),
			       s = sin(turn);
			double re = got[2 * i] * c - got[2 * i + 1] * s;
			double im = got[2 * i] * s + got[2 * i + 1] * c;
			check_near(re, want[2 * i], error);
			check_near(im, want[2 * i + 1], error);
		}
		onn_device_destroy(truth);
		onn_graph_destroy(g);
		onn_graph_destroy(h);
	}
}
END_TEST

/* The middle of a ramp shows the shift. */
START_TEST(errors_are_normal_and_new_at_each_step)
{
	enum { STEPS = 300 };
	static const double ramp[] = {0, 0, 0, 1, 1, 1, 2, 2, 2};
	double value[STEPS], sum = 0, squares = 0;
	onn_graph *g = new_graph();
	onn_misalignment m = errors(.2, 0, 0);
	onn_grid unit = {3, 3, 1, 1, 0, 0};
	onn_node plate = constant_of(g, real, 2, (size_t[]){3, 3}, ramp);
	onn_node step = onn_variable(g, "step", ONN_U32, 0, NULL);
	onn_node out[] = {onn_misaligned_plate(g, plate, &unit, &m, step),
	    onn_assign(g, step, onn_add(g, step, onn_scalar(g, ONN_U32, 1)))};
	onn_plan *plan;
	onn_tensor *t;
	check_ok(onn_plan_create(&plan, device, g, out, 2, NULL));
	check_ok(onn_tensor_create(&t, device, ONN_U32, 0, NULL));
	check_ok(onn_plan_bind(plan, "step", t));
	for (size_t i = 0; i < STEPS; i++) {
		double y[9];
		check_ok(onn_plan_run(plan));
		read_numbers(onn_plan_output(plan, 0), y);
		value[i] = y[4];
		double x = (1 - y[4]) / .2;
		sum += x;
		squares += x * x;
		for (size_t k = 0; k < i; k++)
			ck_assert(value[i] != value[k]);
	}
	onn_plan_destroy(plan);
	onn_tensor_destroy(t);
	check_near(sum / STEPS, 0, 4 / sqrt(STEPS));
	check_near(squares / STEPS, 1, 4 * sqrt(2. / STEPS));
	onn_graph_destroy(g);
}
END_TEST

START_TEST(without_errors_everything_is_returned_unchanged)
{
	onn_graph *g = new_graph();
	onn_misalignment m = errors(0, 0, 0);
	onn_light light = onn_monochromatic(onn_type_complex(real), 1e-6);
	onn_field field = onn_plane_wave(g, &grid, &light, 0, 0);
	onn_node plate = onn_full(g, real, 2, (size_t[]){NY, NX}, 1);
	onn_node step = onn_scalar(g, ONN_U32, 0);
	ck_assert(onn_misaligned_plate(g, plate, &grid, &m, step).id == plate.id);
	ck_assert(onn_misaligned_beam(g, field, &m, step).e.id == field.e.id);
	ck_assert(onn_misaligned_distance(g, 2, &m, step).id == onn_scalar(g, ONN_F64, 2).id);
	ck_assert(onn_misaligned_gap(g, field, 1e-3, NULL, &m, step).e.id ==
	          onn_propagate(g, field, 1e-3, NULL).e.id);
	ck_assert(onn_graph_status(g) == ONN_OK);
	onn_graph_destroy(g);
}
END_TEST

/* ---- learning ---- */

static onn_node through(onn_graph *g, onn_node x, const void *argument)
{
	const onn_misalignment *m = argument;
	onn_light light = onn_monochromatic(ONN_C128, 1e-6);
	onn_propagation how = ONN_PROPAGATION_INIT;
	onn_node step = onn_scalar(g, ONN_U32, 3);
	how.method = ONN_METHOD_ASM;
	onn_field field = onn_plane_wave(g, &grid, &light, .01, .02);
	field = onn_phase_plate(g, field, onn_misaligned_plate(g, x, &grid, m, step));
	field = onn_misaligned_beam(g, field, m, step);
	return onn_intensity(g, onn_misaligned_gap(g, field, 1e-4, &how, m, step));
}

START_TEST(gradients_pass_through_errors_of_mounting)
{
	double x[NY * NX];
	onn_misalignment m = errors(15e-6, .01, 20e-6);
	if (real != ONN_F64)
		return;
	for (size_t i = 0; i < COUNT(x); i++)
		x[i] = sin(1.7 * (double)i);
	check_derivative(device, through, &m, ONN_F64, 2, (size_t[]){NY, NX}, x, 1e-5, 1e-7);
}
END_TEST

#define WRONG(part, call)                                                                          \
	check_refused_in_new_graph(                                                                \
	    part, call, onn_misalignment m = errors(1e-6, 0, 1e-6);                                \
	    onn_light light = onn_monochromatic(onn_type_complex(real), 1e-6);                     \
	    onn_field field = onn_plane_wave(g, &grid, &light, 0, 0);                              \
	    onn_node step = onn_scalar(g, ONN_U32, 0); onn_propagation how = ONN_PROPAGATION_INIT; \
	    (void)field, (void)step, (void)how, (void)m)

START_TEST(wrong_arguments_are_refused)
{
	WRONG("shift -1", (m.shift = -1, onn_misaligned_beam(g, field, &m, step)));
	WRONG("tilt nan", (m.tilt = NAN, onn_misaligned_beam(g, field, &m, step)));
	WRONG("distance inf", (m.distance = INFINITY, onn_misaligned_distance(g, 1, &m, step)));
	WRONG("from ONN_MISALIGNMENT_INIT", (m.size = 0, onn_misaligned_distance(g, 1, &m, step)));
	WRONG("no options; expected some", onn_misaligned_distance(g, 1, NULL, step));
	WRONG("plate has 0 axes", onn_misaligned_plate(g, onn_scalar(g, real, 1), &grid, &m, step));
	WRONG("stream", (m.stream = UINT32_MAX, onn_misaligned_distance(g, 1, &m, step)));
	WRONG("onn_random_normal",
	    (m.stream = UINT32_MAX / 2, onn_misaligned_distance(g, 1, &m, step)));
	WRONG("method rs",
	    (how.method = ONN_METHOD_RS, onn_misaligned_gap(g, field, 1e-3, &how, &m, step)));
	WRONG("a node of distance",
	    (how.method = ONN_METHOD_ASM, how.distance = onn_scalar(g, ONN_F64, 1),
	        onn_misaligned_gap(g, field, 1e-3, &how, &m, step)));
	WRONG("distance is nan", onn_misaligned_gap(g, field, NAN, &how, &m, step));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {plates_are_interpolated_where_they_are_shifted_to,
	    plates_of_several_wavelengths_are_shifted_like_one, beams_are_tilted_about_the_axis,
	    gaps_are_longer_by_what_is_drawn, errors_are_normal_and_new_at_each_step,
	    without_errors_everything_is_returned_unchanged,
	    gradients_pass_through_errors_of_mounting, wrong_arguments_are_refused, NULL};
	return run_in_each_precision(&device, tests, &real, &fine, 1e-7, 1e-14);
}
