/*
 * Absorbers as graphs: values and what flows backward in each mode, on a device.
 */
#include <onn/saturable.h>

#include "device.h"
#include "network.h"

enum { MOST = 16 };

static onn_device *device;
static onn_type real = ONN_F64;
static double fine; /* relative tolerance of the type */

static onn_absorber absorber(onn_medium medium, onn_encoding encoding, double depth)
{
	onn_absorber a = ONN_ABSORBER_INIT;
	a.medium = medium;
	a.encoding = encoding;
	a.depth = depth;
	a.gradient = ONN_GRADIENT_EXACT;
	return a;
}

#define check_value(a, b) check_near(a, b, fine *(1 + fabs((double)(b))))

typedef struct answer {
	double y[MOST], first[MOST], second[MOST];
} answer;

/* Response to some real inputs, and its first and second derivatives by onn_gradient. */
static answer derive(const onn_absorber *a, const double *input, size_t count)
{
	answer r;
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	onn_node x = constant_of(g, real, 1, &count, input), out[3];
	out[0] = onn_saturable_absorber(g, x, a);
	check_ok(
	    onn_gradient(&out[1], g, onn_sum(g, out[0], NULL, 0, false), ONN_NULL_NODE, &x, 1));
	check_ok(
	    onn_gradient(&out[2], g, onn_sum(g, out[1], NULL, 0, false), ONN_NULL_NODE, &x, 1));
	compute(device, g, out, 3, (double *[]){r.y, r.first, r.second});
	onn_graph_destroy(g);
	return r;
}

START_TEST(exact_amplitudes_have_the_known_first_and_second_derivatives)
{
	static const struct {
		onn_medium medium;
		double input, output, first, second;
	} row[] = {
	    {ONN_MEDIUM_THIN, 1, .0820849986239, .287297495184, .718243737959},
	    {ONN_MEDIUM_THIN, 2, .735758882343, .956486547046, .412024974112},
	    {ONN_MEDIUM_THICK, 1, .0111083111644, .0222138812564, .0444113194596},
	    {ONN_MEDIUM_THICK, 2, .0990865182783, .245307829547, .669089997555},
	};
	for (size_t i = 0; i < COUNT(row); i++) {
		onn_absorber a = absorber(row[i].medium, ONN_ENCODING_AMPLITUDE, 10);
		answer r = derive(&a, &row[i].input, 1);
		check_value(r.y[0], row[i].output);
		check_value(r.first[0], row[i].first);
		check_value(r.second[0], row[i].second);
	}
}
END_TEST

/* Values and first derivatives, of the response and of the probe, against the scalar response. */
static void check_against_response(onn_absorber a, const double *input, size_t n)
{
	onn_response want[MOST];
	check_ok(onn_absorber_response(want, &a, input, n));
	answer exact = derive(&a, input, n);
	a.gradient = ONN_GRADIENT_APPROXIMATE;
	answer probe = derive(&a, input, n);
	for (size_t i = 0; i < n; i++) {
		check_value(exact.y[i], want[i].output);
		check_value(exact.first[i], want[i].exact);
		check_value(probe.y[i], want[i].output);
		check_value(probe.first[i], want[i].probe);
		/* the probe's transmission counts as fixed */
		ck_assert(probe.second[i] == 0);
	}
}

START_TEST(the_graph_agrees_with_the_scalar_response)
{
	static const double input[] = {.01, .3, 1, 2.5, 7, 40};
	for (int kind = 0; kind < 8; kind++) {
		onn_absorber a = absorber(kind & 1 ? ONN_MEDIUM_THICK : ONN_MEDIUM_THIN,
		    kind & 2 ? ONN_ENCODING_INTENSITY : ONN_ENCODING_AMPLITUDE, 6);
		a.isat = 2.5;
		a.loss = kind >= 4 ? .75 : 0;
		check_against_response(a, input, COUNT(input));
	}
}
END_TEST

START_TEST(slices_gratings_and_broadening_agree_with_the_scalar_response)
{
	static const double input[] = {.02, .5, 2, 9};
	for (int kind = 0; kind < 6; kind++) {
		onn_absorber a = absorber(ONN_MEDIUM_THICK,
		    kind & 1 ? ONN_ENCODING_INTENSITY : ONN_ENCODING_AMPLITUDE, 10);
		a.doppler = kind / 2 == 0;
		a.grating = kind / 2 == 1 ? .5 : 0;
		a.medium = kind / 2 == 2 ? ONN_MEDIUM_THIN : ONN_MEDIUM_THICK;
		a.slices = kind / 2 == 2 ? 4 : 1;
		check_against_response(a, input, COUNT(input));
	}
}
END_TEST

START_TEST(controls_keep_the_value_and_change_the_slope)
{
	static const struct {
		onn_gradient_mode mode;
		onn_encoding encoding;
		double slope;
	} row[] = {
	    {ONN_GRADIENT_ZERO, ONN_ENCODING_AMPLITUDE, 0},
	    {ONN_GRADIENT_ZERO, ONN_ENCODING_INTENSITY, 0},
	    {ONN_GRADIENT_POSITIVE, ONN_ENCODING_AMPLITUDE, .006737946999085467},
	    {ONN_GRADIENT_POSITIVE, ONN_ENCODING_INTENSITY, 1},
	    {ONN_GRADIENT_NEGATIVE, ONN_ENCODING_AMPLITUDE, -1},
	    {ONN_GRADIENT_NEGATIVE, ONN_ENCODING_INTENSITY, -1},
	};
	static const double input[] = {.5, 1, 3};
	for (size_t i = 0; i < COUNT(row); i++) {
		onn_absorber a = absorber(ONN_MEDIUM_THIN, row[i].encoding, 10);
		onn_response want[3];
		check_ok(onn_absorber_response(want, &a, input, 3));
		a.gradient = row[i].mode;
		answer r = derive(&a, input, 3);
		for (size_t k = 0; k < 3; k++) {
			check_value(r.y[k], want[k].output);
			check_value(r.first[k], row[i].slope);
			ck_assert(r.second[k] == 0);
		}
	}
}
END_TEST

START_TEST(intensities_below_0_count_as_0_and_amplitudes_keep_their_sign)
{
	static const double input[] = {-3, -1e-3, 0};
	for (int medium = 0; medium < 2; medium++) {
		onn_absorber a = absorber((onn_medium)medium, ONN_ENCODING_INTENSITY, 3);
		answer exact = derive(&a, input, 3);
		a.gradient = ONN_GRADIENT_APPROXIMATE;
		answer probe = derive(&a, input, 3);
		for (size_t i = 0; i < 3; i++) {
			ck_assert(exact.y[i] == 0 && probe.y[i] == 0);
			check_value(exact.first[i], i < 2 ? 0 : exp(-3));
			check_value(probe.first[i], exp(-3));
		}
		a = absorber((onn_medium)medium, ONN_ENCODING_AMPLITUDE, 3);
		answer minus = derive(&a, (double[]){-2}, 1), plus = derive(&a, (double[]){2}, 1);
		check_value(minus.y[0], -plus.y[0]);
		check_value(minus.first[0], plus.first[0]);
	}
}
END_TEST

START_TEST(exact_gradients_agree_with_central_differences_of_the_graph)
{
	if (real != ONN_F64)
		return;
	for (int kind = 0; kind < 6; kind++) {
		onn_absorber a = absorber(kind & 1 ? ONN_MEDIUM_THICK : ONN_MEDIUM_THIN,
		    kind & 2 ? ONN_ENCODING_INTENSITY : ONN_ENCODING_AMPLITUDE, 8);
		a.doppler = kind == 5;
		a.loss = kind == 4 ? .4 : 0;
		double input[MOST], h = 1e-5;
		for (int i = 0; i < 5; i++) {
			double x = .3 + .8 * i;
			input[3 * i] = x - h;
			input[3 * i + 1] = x;
			input[3 * i + 2] = x + h;
		}
		answer r = derive(&a, input, 15);
		for (int i = 1; i < 15; i += 3) {
			check_near(r.first[i], (r.y[i + 1] - r.y[i - 1]) / (2 * h), 1e-8);
			check_near(r.second[i], (r.first[i + 1] - r.first[i - 1]) / (2 * h), 1e-7);
		}
	}
}
END_TEST

START_TEST(strong_light_makes_no_nan)
{
	static const double input[] = {0, 1e-30, 1e6, 1e9, 1e15};
	for (int kind = 0; kind < 4; kind++) {
		onn_absorber a = absorber(kind & 1 ? ONN_MEDIUM_THICK : ONN_MEDIUM_THIN,
		    kind & 2 ? ONN_ENCODING_INTENSITY : ONN_ENCODING_AMPLITUDE, 30);
		answer r = derive(&a, input, COUNT(input));
		for (size_t i = 0; i < COUNT(input); i++)
			ck_assert_msg(isfinite(r.y[i]) && isfinite(r.first[i]),
			    "kind %d at %g: %g, slope %g", kind, input[i], r.y[i], r.first[i]);
		check_near(r.y[4] / 1e15, 1, 1e-6);
	}
}
END_TEST

/*
 * Wirtinger's derivatives P = dy/dx and Q = dy/dx* from the gradients of Re y and Im y: with g_in =
 * conj(P) g + Q conj(g), the seeds 1 and i give conj(P) + Q and i (conj(P) - Q).
 */
static void wirtinger(
    const onn_absorber *a, const double x[2], double y[2], double p[2], double q[2])
{
	onn_graph *g;
	double u[2], v[2];
	onn_type type = onn_type_complex(real);
	check_ok(onn_graph_create(&g));
	onn_node in = constant_of(g, type, 0, NULL, x), out[3];
	out[0] = onn_saturable_absorber(g, in, a);
	check_ok(onn_gradient(&out[1], g, out[0], onn_complex_scalar(g, type, 1, 0), &in, 1));
	check_ok(onn_gradient(&out[2], g, out[0], onn_complex_scalar(g, type, 0, 1), &in, 1));
	compute(device, g, out, 3, (double *[]){y, u, v});
	onn_graph_destroy(g);
	/* -i v = conj(P) - Q */
	double w[2] = {v[1], -v[0]};
	p[0] = (u[0] + w[0]) / 2;
	p[1] = -(u[1] + w[1]) / 2;
	q[0] = (u[0] - w[0]) / 2;
	q[1] = (u[1] - w[1]) / 2;
}

START_TEST(detuned_fields_have_the_known_derivatives)
{
	static const struct {
		onn_medium medium;
		double depth, detuning, x[2], y[2], p[2], q[2];
	} row[] = {
	    {ONN_MEDIUM_THICK, 10, 1, {3, 0}, {1.03483443139, .96602131127},
	        {.92759340878, .301968743605}, {.582648598317, -.0200383601518}},
	    {ONN_MEDIUM_THICK, 5, -.7, {1.5, -.8}, {.318994642406, -.631873145604},
	        {.645395027789, -.240451961513}, {.169206865046, -.253657540622}},
	    {ONN_MEDIUM_THIN, 10, 1, {3, 0}, {1.71085716464, .836050630021},
	        {.886018092786, .170236452272}, {.315732371239, -.108447091069}},
	};
	for (size_t i = 0; i < COUNT(row); i++) {
		onn_absorber a = absorber(row[i].medium, ONN_ENCODING_AMPLITUDE, row[i].depth);
		double y[2], p[2], q[2], h[2], zero[2];
		a.detuning = row[i].detuning;
		wirtinger(&a, row[i].x, y, p, q);
		for (int k = 0; k < 2; k++) {
			check_value(y[k], row[i].y[k]);
			check_value(p[k], row[i].p[k]);
			check_value(q[k], row[i].q[k]);
		}
		/* the probe multiplies by conj(h), h = y/x: P = h, Q = 0 */
		a.gradient = ONN_GRADIENT_APPROXIMATE;
		wirtinger(&a, row[i].x, y, h, zero);
		const double *x = row[i].x, *w = row[i].y;
		double norm = x[0] * x[0] + x[1] * x[1];
		check_value(h[0], (w[0] * x[0] + w[1] * x[1]) / norm);
		check_value(h[1], (w[1] * x[0] - w[0] * x[1]) / norm);
		check_value(zero[0], 0);
		check_value(zero[1], 0);
	}
}
END_TEST

START_TEST(a_field_of_0_is_dimmed_as_a_weak_one)
{
	onn_absorber a = absorber(ONN_MEDIUM_THICK, ONN_ENCODING_AMPLITUDE, 4);
	double y[2], p[2], q[2], d1 = 1 + .25;
	a.detuning = .5;
	wirtinger(&a, (double[]){0, 0}, y, p, q);
	check_value(y[0], 0);
	check_value(p[0], exp(-2 / d1) * cos(1 / d1));
	check_value(p[1], exp(-2 / d1) * sin(1 / d1));
	check_value(q[0], 0);
	check_value(q[1], 0);
}
END_TEST

START_TEST(resonant_complex_fields_keep_their_phase)
{
	onn_absorber a = absorber(ONN_MEDIUM_THIN, ONN_ENCODING_AMPLITUDE, 10);
	double y[2], p[2], q[2];
	wirtinger(&a, (double[]){1.2, -1.6}, y, p, q);
	check_value(y[0], .6 * .735758882343);
	check_value(y[1], -.8 * .735758882343);
}
END_TEST

START_TEST(a_strong_probe_sees_the_sum_of_both_beams)
{
	onn_graph *g;
	double out[2];
	onn_node node[2];
	check_ok(onn_graph_create(&g));
	check_ok(onn_thick_two_beams(
	    &node[0], &node[1], g, onn_scalar(g, real, 2), onn_scalar(g, real, 1), 5));
	compute(device, g, node, 2, (double *[]){&out[0], &out[1]});
	onn_graph_destroy(g);
	check_value(out[0], .200398010851);
	check_value(out[1], .100199005425);
}
END_TEST

START_TEST(thick_media_compose)
{
	static const double input[] = {.2, 2, 11};
	onn_absorber one = absorber(ONN_MEDIUM_THICK, ONN_ENCODING_INTENSITY, 3);
	onn_absorber two = absorber(ONN_MEDIUM_THICK, ONN_ENCODING_INTENSITY, 4.5);
	onn_absorber all = absorber(ONN_MEDIUM_THICK, ONN_ENCODING_INTENSITY, 7.5);
	answer first = derive(&one, input, 3), second = derive(&two, first.y, 3);
	answer whole = derive(&all, input, 3);
	for (size_t i = 0; i < 3; i++) {
		check_value(second.y[i], whole.y[i]);
		check_value(first.first[i] * second.first[i], whole.first[i]);
	}
}
END_TEST

/* A and its derivatives by the depth, 1/(1+w) and w/(1+w)^3, w the light behind; numbers made with
 * Lambert's W in 60 digits, but for the last column, a lossy medium's light by bisection. */
START_TEST(deep_media_are_right_with_their_derivatives_by_depth)
{
	static const double s[] = {1e4, 1e5, 1e6, 999990, 1000020};
	static const double depth[] = {1e4, 1e5, 1e6, 1e6, 1e6};
	static const double a[] = {7.23184603809337, 9.28457142862211, 11.3833580861400526,
	    12.7896017236506, 10.4010533018647};
	double y[MOST], first[MOST], second[MOST], lossy[MOST];
	size_t n = COUNT(s);
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	onn_node in = constant_of(g, real, 1, &n, s), d = constant_of(g, real, 1, &n, depth);
	onn_absorber loss = absorber(ONN_MEDIUM_THICK, ONN_ENCODING_INTENSITY, 1e5);
	loss.loss = 1e-6;
	onn_node out[4] = {onn_thick_absorbance(g, in, d)};
	for (int i = 1; i < 3; i++)
		check_ok(onn_gradient(
		    &out[i], g, onn_sum(g, out[i - 1], NULL, 0, false), ONN_NULL_NODE, &d, 1));
	out[3] = onn_saturable_absorber(g, in, &loss);
	compute(device, g, out, 4, (double *[]){y, first, second, lossy});
	for (size_t i = 0; i < n; i++) {
		double w = s[i] * exp(-a[i]);
		check_value(y[i], a[i]);
		check_value(first[i], 1 / (1 + w));
		check_value(second[i], w / ((1 + w) * (1 + w) * (1 + w)));
	}
	check_near(lossy[1], 9.239442004154448, real == ONN_F32 ? 1e-4 : 1e-9);
	onn_graph_destroy(g);
}
END_TEST

START_TEST(wrong_types_and_fields_stick_to_the_graph)
{
	onn_graph *g;
	onn_absorber a = absorber(ONN_MEDIUM_THIN, ONN_ENCODING_INTENSITY, 10);
	check_ok(onn_graph_create(&g));
	onn_node y = onn_saturable_absorber(g, onn_complex_scalar(g, ONN_C64, 1, 0), &a);
	ck_assert_int_eq(y.id, 0);
	ck_assert_int_eq(onn_graph_status(g), ONN_ERROR_ARGUMENT);
	ck_assert(strstr(onn_graph_error(g), "x is c64"));
	onn_graph_destroy(g);
	check_ok(onn_graph_create(&g));
	a.depth = -2;
	y = onn_saturable_absorber(g, onn_scalar(g, ONN_F32, 1), &a);
	ck_assert_int_eq(y.id, 0);
	ck_assert(strstr(onn_graph_error(g), "od is -2"));
	onn_graph_destroy(g);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {exact_amplitudes_have_the_known_first_and_second_derivatives,
	    the_graph_agrees_with_the_scalar_response,
	    slices_gratings_and_broadening_agree_with_the_scalar_response,
	    controls_keep_the_value_and_change_the_slope,
	    intensities_below_0_count_as_0_and_amplitudes_keep_their_sign,
	    exact_gradients_agree_with_central_differences_of_the_graph, strong_light_makes_no_nan,
	    detuned_fields_have_the_known_derivatives, a_field_of_0_is_dimmed_as_a_weak_one,
	    resonant_complex_fields_keep_their_phase, a_strong_probe_sees_the_sum_of_both_beams,
	    thick_media_compose, deep_media_are_right_with_their_derivatives_by_depth,
	    wrong_types_and_fields_stick_to_the_graph, NULL};
	/* f32: 30 roundings of 6e-8, and the exponent's own error times the depth of 10 */
	return run_in_each_precision(&device, tests, &real, &fine, 1e-5, 2e-11);
}
