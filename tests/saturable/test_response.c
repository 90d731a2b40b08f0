/*
 * The scalar response: physics.md's numbers, to the digits given there.
 */
#include <onn/saturable.h>

#include "testing.h"

static onn_absorber absorber(onn_medium medium, onn_encoding encoding, double depth)
{
	onn_absorber a = ONN_ABSORBER_INIT;
	a.medium = medium;
	a.encoding = encoding;
	a.depth = depth;
	return a;
}

static onn_response respond(const onn_absorber *a, double input)
{
	onn_response r = {NAN, NAN, NAN, NAN};
	check_ok(onn_absorber_response(&r, a, &input, 1));
	return r;
}

START_TEST(thin_and_thick_amplitudes_are_those_of_forty_digit_arithmetic)
{
	static const struct {
		onn_medium medium;
		double input, output, exact, probe;
	} row[] = {
	    {ONN_MEDIUM_THIN, 1, .0820849986239, .287297495184, .0820849986239},
	    {ONN_MEDIUM_THIN, 2, .735758882343, .956486547046, .367879441171},
	    {ONN_MEDIUM_THICK, 1, .0111083111644, .0222138812564, .0111083111644},
	    {ONN_MEDIUM_THICK, 2, .0990865182783, .245307829547, .0495432591391},
	};
	for (size_t i = 0; i < COUNT(row); i++) {
		onn_absorber a = absorber(row[i].medium, ONN_ENCODING_AMPLITUDE, 10);
		onn_response r = respond(&a, row[i].input);
		check_near(r.output, row[i].output, 1e-12);
		check_near(r.exact, row[i].exact, 1e-12);
		check_near(r.probe, row[i].probe, 1e-12);
		ck_assert(r.output_imaginary == 0);
	}
}
END_TEST

START_TEST(thin_intensity_at_saturation_is_that_of_forty_digit_arithmetic)
{
	onn_absorber a = absorber(ONN_MEDIUM_THIN, ONN_ENCODING_INTENSITY, 10);
	onn_response r = respond(&a, 1);
	check_near(r.output, .00673794699909, 1e-13);
	check_near(r.exact, .0235828144968, 1e-13);
	check_near(r.probe, .00673794699909, 1e-13);
}
END_TEST

START_TEST(a_grating_raises_what_the_counter_propagating_probe_sees)
{
	onn_absorber a = absorber(ONN_MEDIUM_THICK, ONN_ENCODING_AMPLITUDE, 10);
	a.grating = 1;
	check_near(respond(&a, 1).probe, .0157085551584, 1e-12);
	check_near(respond(&a, 2).probe, .110242230421, 1e-12);
	a.grating = .5;
	check_near(respond(&a, 2).probe, .0739037170229, 1e-12);
}
END_TEST

START_TEST(slices_tend_to_the_thick_medium)
{
	static const struct {
		unsigned slices;
		double output;
	} row[] = {{1, .735758882343}, {2, .441147052199}, {4, .243990548067}, {16, .126375887835}};
	onn_absorber a = absorber(ONN_MEDIUM_THIN, ONN_ENCODING_AMPLITUDE, 10);
	for (size_t i = 0; i < COUNT(row); i++) {
		a.slices = row[i].slices;
		check_near(respond(&a, 2).output, row[i].output, 1e-12);
	}
	a.slices = 10000;
	check_near(respond(&a, 2).output, .0990865182783, 2e-4);
}
END_TEST

START_TEST(detuned_fields_of_real_input_have_the_known_phase)
{
	onn_absorber a = absorber(ONN_MEDIUM_THICK, ONN_ENCODING_AMPLITUDE, 10);
	a.detuning = 1;
	onn_response r = respond(&a, 3);
	check_near(r.output, 1.03483443139, 1e-11);
	check_near(r.output_imaginary, .96602131127, 1e-11);
	check_near(r.exact, .92759340878 + .582648598317, 1e-11);
	a.medium = ONN_MEDIUM_THIN;
	r = respond(&a, 3);
	check_near(r.output, 1.71085716464, 1e-11);
	check_near(r.output_imaginary, .836050630021, 1e-11);
	check_near(r.exact, .886018092786 + .315732371239, 1e-11);
}
END_TEST

START_TEST(doppler_broadened_and_lossy_media_have_their_own_slopes)
{
	onn_absorber a = absorber(ONN_MEDIUM_THICK, ONN_ENCODING_INTENSITY, 5);
	a.doppler = true;
	check_near(respond(&a, 4).output, .115231792623, 1e-12);
	check_near(respond(&a, 4).exact, .0609978823735, 1e-12);
	a.encoding = ONN_ENCODING_AMPLITUDE;
	check_near(respond(&a, 2).exact, .359383881334, 1e-12);

	a = absorber(ONN_MEDIUM_THICK, ONN_ENCODING_INTENSITY, 10);
	a.loss = .5;
	check_near(respond(&a, 25).output, 7.83658832741, 1e-10);
	check_near(respond(&a, 25).exact, .578178309764, 1e-12);
}
END_TEST

START_TEST(isat_is_in_the_units_of_the_input)
{
	onn_absorber a = absorber(ONN_MEDIUM_THICK, ONN_ENCODING_AMPLITUDE, 10);
	a.isat = 9;
	check_near(respond(&a, 6).output, 3 * .0990865182783, 1e-11);
	check_near(respond(&a, 6).exact, .245307829547, 1e-12);
	a = absorber(ONN_MEDIUM_THIN, ONN_ENCODING_INTENSITY, 10);
	a.isat = 9;
	check_near(respond(&a, 9).output, 9 * .00673794699909, 1e-12);
}
END_TEST

/* Each slope against central differences of the outputs, at weak, middle and strong light. */
START_TEST(exact_slopes_agree_with_central_differences)
{
	for (int kind = 0; kind < 7; kind++) {
		onn_absorber a = absorber(kind & 1 ? ONN_MEDIUM_THICK : ONN_MEDIUM_THIN,
		    kind & 2 ? ONN_ENCODING_INTENSITY : ONN_ENCODING_AMPLITUDE, 6);
		if (kind >= 4) {
			a.medium = ONN_MEDIUM_THICK;
			a.encoding = ONN_ENCODING_AMPLITUDE;
			a.doppler = kind == 4;
			a.loss = kind == 5 ? 1.5 : 0;
			a.detuning = kind == 6 ? -.7 : 0;
		}
		for (double x = .05; x < 30; x *= 2.5) {
			double h = 1e-5 * x;
			double slope =
			    (respond(&a, x + h).output - respond(&a, x - h).output) / (2 * h);
			check_near(respond(&a, x).exact, slope, 1e-8 * (1 + fabs(slope)));
		}
	}
}
END_TEST

START_TEST(extreme_light_and_depth_stay_finite)
{
	static const double input[] = {0, 1e-300, 1e-12, 1e3, 1e9, 1e100};
	for (int kind = 0; kind < 4; kind++)
		for (double depth = 0; depth <= 700; depth += 350) {
			onn_absorber a = absorber(kind & 1 ? ONN_MEDIUM_THICK : ONN_MEDIUM_THIN,
			    kind & 2 ? ONN_ENCODING_INTENSITY : ONN_ENCODING_AMPLITUDE, depth);
			for (size_t i = 0; i < COUNT(input); i++) {
				onn_response r = respond(&a, input[i]);
				ck_assert(
				    isfinite(r.output) && isfinite(r.exact) && isfinite(r.probe));
				ck_assert(r.output <= input[i] && r.output >= 0);
			}
		}
}
END_TEST

/* Where the light is near the depth, both large; by bisection and Lambert's W in 60 digits. */
START_TEST(deep_media_pass_what_sixty_digit_arithmetic_says)
{
	static const struct {
		double depth, input, output;
	} row[] = {
	    {1e4, 1e4, 7.2318460380934},
	    {1e5, 1e5, 9.2845714286221},
	    {1e6, 1e6, 11.38335808614},
	    {1e6, 999990, 2.7896017236506},
	    {1e6, 1000020, 30.401053301865},
	};
	for (size_t i = 0; i < COUNT(row); i++) {
		onn_absorber a = absorber(ONN_MEDIUM_THICK, ONN_ENCODING_INTENSITY, row[i].depth);
		onn_response r = respond(&a, row[i].input);
		check_near(r.output, row[i].output, 3e-13 * row[i].output);
		double slope = r.output / row[i].input * (1 + row[i].input) / (1 + row[i].output);
		check_near(r.exact, slope, 1e-12 * slope);
	}
	/* sums of 1e5 are rounded: 1e-11 */
	onn_absorber lossy = absorber(ONN_MEDIUM_THICK, ONN_ENCODING_INTENSITY, 1e5);
	lossy.loss = 1e-6;
	check_near(respond(&lossy, 1e5).output, 9.239442004154448, 1e-9);
	onn_absorber doppler = absorber(ONN_MEDIUM_THICK, ONN_ENCODING_INTENSITY, 2e5);
	doppler.doppler = true;
	check_near(respond(&doppler, 1e10).output, .4392251786827693, 1e-9);
}
END_TEST

START_TEST(wrong_inputs_and_fields_are_named)
{
	onn_response r;
	onn_absorber a = absorber(ONN_MEDIUM_THIN, ONN_ENCODING_INTENSITY, 10);
	check_error(
	    onn_absorber_response(&r, &a, (double[]){-1}, 1), ONN_ERROR_ARGUMENT, "input 0");
	check_error(onn_absorber_response((onn_response[2]){{0}}, &a, (double[]){0, NAN}, 2),
	    ONN_ERROR_ARGUMENT, "input 1");
	check_error(onn_absorber_response(&r, &a, NULL, 2), ONN_ERROR_ARGUMENT, "no inputs");
	a.detuning = 1;
	check_error(onn_absorber_check(&a), ONN_ERROR_ARGUMENT, "detuning");
	a = absorber(ONN_MEDIUM_THIN, ONN_ENCODING_AMPLITUDE, -1);
	check_error(onn_absorber_check(&a), ONN_ERROR_ARGUMENT, "od is");
	a.depth = NAN;
	check_error(onn_absorber_check(&a), ONN_ERROR_ARGUMENT, "od is");
	a = absorber(ONN_MEDIUM_THIN, ONN_ENCODING_AMPLITUDE, 1);
	a.isat = 0;
	check_error(onn_absorber_check(&a), ONN_ERROR_ARGUMENT, "isat");
	a.isat = 1;
	a.grating = .5;
	check_error(onn_absorber_check(&a), ONN_ERROR_ARGUMENT, "grating");
	a.grating = 0;
	a.size = 4;
	check_error(onn_absorber_check(&a), ONN_ERROR_ARGUMENT, "ONN_ABSORBER_INIT");
	check_error(onn_absorber_check(NULL), ONN_ERROR_ARGUMENT, "ONN_ABSORBER_INIT");
}
END_TEST

START_TEST(names_go_both_ways_and_probe_means_approximate)
{
	onn_gradient_mode mode = ONN_GRADIENT_ZERO;
	onn_medium medium;
	ck_assert(onn_gradient_mode_from_name(&mode, "probe") && mode == ONN_GRADIENT_APPROXIMATE);
	for (int i = 0; i < 5; i++) {
		ck_assert(onn_gradient_mode_from_name(
		    &mode, onn_gradient_mode_name((onn_gradient_mode)i)));
		ck_assert_int_eq(mode, i);
	}
	ck_assert(!onn_gradient_mode_from_name(&mode, "?"));
	ck_assert(!onn_medium_from_name(&medium, NULL));
	ck_assert(onn_medium_from_name(&medium, "thick") && medium == ONN_MEDIUM_THICK);
	ck_assert_str_eq(onn_encoding_name((onn_encoding)9), "?");
}
END_TEST

TESTS("response", thin_and_thick_amplitudes_are_those_of_forty_digit_arithmetic,
    thin_intensity_at_saturation_is_that_of_forty_digit_arithmetic,
    a_grating_raises_what_the_counter_propagating_probe_sees, slices_tend_to_the_thick_medium,
    detuned_fields_of_real_input_have_the_known_phase,
    doppler_broadened_and_lossy_media_have_their_own_slopes, isat_is_in_the_units_of_the_input,
    exact_slopes_agree_with_central_differences, extreme_light_and_depth_stay_finite,
    deep_media_pass_what_sixty_digit_arithmetic_says, wrong_inputs_and_fields_are_named,
    names_go_both_ways_and_probe_means_approximate)
