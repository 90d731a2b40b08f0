/* Plates and lenses: their phases, and gradients with respect to them. */
#include <onn/elements.h>

#include "light.h"
#include "optics/derivative.h"

static const double pi = 3.14159265358979323846;
static onn_device *device;

/* A field of ones. */
static onn_field lit(onn_graph *g, const onn_grid *grid, const onn_light *light)
{
	return onn_plane_wave(g, grid, light, 0, 0);
}

START_TEST(plates_of_two_wavelengths_turn_each_by_its_own_phase)
{
	static const double h[] = {0, 1e-7, 5e-7, 2e-6, 1e-6, 3e-7}, n = 1.46;
	onn_graph *g = new_graph();
	onn_grid grid = {2, 3, 1e-5, 2e-5, 0, 0};
	onn_light light = {.type = ONN_C128, .nwavelengths = 2, .wavelength = {500e-9, 633e-9}};
	onn_node height = constant_of(g, ONN_F64, 2, (size_t[]){2, 3}, h);
	onn_field in = lit(g, &grid, &light);
	double *by_height = numbers_of(device, g, onn_height_plate(g, in, height, n).e);
	double *by_phase =
	    numbers_of(device, g, onn_phase_plate(g, in, onn_mul_real(g, height, 1e6)).e);
	double *by_lens = numbers_of(device, g, onn_thin_lens(g, in, .02, 1e-5, -3e-5).e);
	for (size_t w = 0; w < 2; w++)
		for (size_t i = 0; i < 6; i++) {
			double phase = 2 * pi * (n - 1) * h[i] / light.wavelength[w];
			double y = 1e-5 * (double)(i / 3) - 1e-5 - 1e-5;
			double x = 2e-5 * (double)(i % 3) - 2e-5 + 3e-5;
			double bent = -pi * (y * y + x * x) / (light.wavelength[w] * .02);
			size_t at = 2 * (6 * w + i);
			check_near(by_height[at], cos(phase), 1e-14);
			check_near(by_height[at + 1], sin(phase), 1e-14);
			check_near(by_phase[at], cos(1e6 * h[i]), 1e-14);
			check_near(by_phase[at + 1], sin(1e6 * h[i]), 1e-14);
			check_near(by_lens[at], cos(bent), 1e-14);
			check_near(by_lens[at + 1], sin(bent), 1e-14);
		}
	free(by_height);
	free(by_phase);
	free(by_lens);
	onn_graph_destroy(g);
}
END_TEST

START_TEST(a_lens_of_a_known_focal_length_of_0_is_refused_and_a_variable_one_is_not)
{
	const onn_grid grid = onn_grid_square(4, 4e-5);
	const onn_light light = onn_monochromatic(ONN_C128, 532e-9);
	onn_node none = ONN_NULL_NODE;
	double zero = 0;
	check_refused_in_new_graph("onn_thin_lens_of: f is 0; expected a focal length other than 0",
	    onn_thin_lens_of(g, lit(g, &grid, &light), f, none, none, none),
	    onn_node f = onn_scalar(g, ONN_F64, zero));
	check_refused_in_new_graph("onn_thin_lens_of: f is 0",
	    onn_thin_lens_of(g, lit(g, &grid, &light), f, none, none, none),
	    onn_node f = constant_of(g, ONN_F64, 0, NULL, &zero));
	onn_graph *g = new_graph();
	onn_thin_lens_of(g, lit(g, &grid, &light), onn_scalar(g, ONN_F64, -.02), none, none, none);
	onn_thin_lens_of(
	    g, lit(g, &grid, &light), onn_variable(g, "f", ONN_F64, 0, NULL), none, none, none);
	ck_assert_msg(onn_graph_status(g) == ONN_OK, "%s", onn_graph_error(g));
	onn_graph_destroy(g);
}
END_TEST

/* A plane wave behind a lens, a focal length on: the light is where the focus is. */
START_TEST(a_lens_focuses_where_it_should)
{
	onn_graph *g = new_graph();
	onn_grid grid = onn_grid_square(128, 128 * 10e-6);
	onn_light light = onn_monochromatic(ONN_C128, 633e-9);
	onn_propagation how = ONN_PROPAGATION_INIT;
	how.method = ONN_METHOD_ASM;
	double f = .05, y = 80e-6, x = -50e-6;
	onn_field field = onn_circular_aperture(g, lit(g, &grid, &light), 400e-6, y, x);
	field = onn_propagate(g, onn_thin_lens(g, field, f, y, x), f, &how);
	double *i = numbers_of(device, g, onn_intensity(g, field));
	size_t brightest = 0;
	for (size_t k = 0; k < 128 * 128; k++)
		brightest = i[k] > i[brightest] ? k : brightest;
	ck_assert_uint_eq(brightest, (64 + 8) * 128 + 64 - 5);
	/* Airy's peak: (pi a^2/(lambda f))^2, but for the pixels of the edge */
	double peak = pow(pi * 400e-6 * 400e-6 / (633e-9 * f), 2);
	check_near(i[brightest], peak, .02 * peak);
	free(i);
	onn_graph_destroy(g);
}
END_TEST

typedef struct bench {
	int kind;
	onn_light light;
} bench;

/* The intensity a little behind a plate. */
static onn_node behind(onn_graph *g, onn_node x, const void *argument)
{
	const bench *b = argument;
	onn_grid grid = {4, 5, 2e-6, 3e-6, 0, 0};
	onn_propagation how = ONN_PROPAGATION_INIT;
	how.method = ONN_METHOD_ASM;
	onn_field field = onn_plane_wave(g, &grid, &b->light, .03, -.02);
	field = b->kind == 0   ? onn_phase_plate(g, field, x)
	        : b->kind == 1 ? onn_complex_plate(g, field, x)
	        : b->kind == 2 ? onn_height_plate(g, field, onn_mul_real(g, x, 1e-6), 1.5)
	                       : onn_passive_plate(g, field, x);
	return onn_intensity(g, onn_propagate(g, field, 20e-6, &how));
}

START_TEST(gradients_with_respect_to_plates_agree_with_differences)
{
	double x[40];
	for (size_t i = 0; i < COUNT(x); i++)
		x[i] = sin(3. * (double)i) + .3;
	bench b = {0, onn_monochromatic(ONN_C128, 633e-9)};
	for (b.kind = 0; b.kind < 4; b.kind++)
		check_derivative(device, behind, &b, b.kind % 2 ? ONN_C128 : ONN_F64, 2,
		    (size_t[]){4, 5}, x, 1e-5, 1e-8);
	b.light.nwavelengths = 2;
	b.light.wavelength[1] = 500e-9;
	b.kind = 2;
	check_derivative(device, behind, &b, ONN_F64, 2, (size_t[]){4, 5}, x, 1e-5, 1e-8);
}
END_TEST

/* Of modulus 1 at most, of the same angle, and as they are where they need no change. */
START_TEST(passive_plates_do_not_amplify)
{
	static const number t[] = {0, .3 - .4 * _Complex_I, -1, _Complex_I, 3 - 4 * _Complex_I,
	    -1e20 * _Complex_I, 1e-30, .6 + .9 * _Complex_I};
	onn_grid grid = {2, 4, 1e-6, 1e-6, 0, 0};
	for (int fine = 0; fine < 2; fine++) {
		onn_light light = onn_monochromatic(fine ? ONN_C128 : ONN_C64, 1e-6);
		onn_graph *g = new_graph();
		onn_node plate = constant_of(g, light.type, 2, (size_t[]){2, 4}, (const double *)t);
		double *out =
		    numbers_of(device, g, onn_passive_plate(g, lit(g, &grid, &light), plate).e);
		for (size_t i = 0; i < COUNT(t); i++) {
			number want = t[i] / fmax(cabs(t[i]), 1);
			number got = out[2 * i] + out[2 * i + 1] * _Complex_I;
			ck_assert_msg(cabs(got - want) <= (fine ? 1e-15 : 1e-7), "%zu: %g, %g", i,
			    creal(got), cimag(got));
		}
		free(out);
		onn_graph_destroy(g);
	}
}
END_TEST

/* ---- errors ---- */

#define WRONG(part, call)                                                                          \
	check_refused_in_new_graph(part, call, onn_field field = lit(g, &grid, &light);            \
	                           onn_node real = onn_iota(g, ONN_F64, 3);                        \
	                           (void)field, (void)real)

START_TEST(wrong_arguments_are_refused)
{
	onn_grid grid = {4, 4, 1e-6, 1e-6, 0, 0};
	onn_light light = onn_monochromatic(ONN_C64, 1e-6);
	WRONG("onn_phase_plate: phase is c64", onn_phase_plate(g, field, field.e));
	WRONG("[3]", onn_phase_plate(g, field, real));
	WRONG("[3]", onn_passive_plate(g, field, real));
	WRONG("onn_height_plate: refractive index is nan", onn_height_plate(g, field, real, NAN));
	WRONG("onn_thin_lens: focal length 0", onn_thin_lens(g, field, 0, 0, 0));
}
END_TEST

TESTS_ON_DEVICE("plate", plates_of_two_wavelengths_turn_each_by_its_own_phase,
    a_lens_focuses_where_it_should,
    a_lens_of_a_known_focal_length_of_0_is_refused_and_a_variable_one_is_not,
    gradients_with_respect_to_plates_agree_with_differences, passive_plates_do_not_amplify,
    wrong_arguments_are_refused)
