/*
 * Propagation with a distance and a wavelength that are nodes: values and derivatives.
 */
#include "light.h"

static onn_device *device;

enum { NY = 12, NX = 14, COUNT_ = NY * NX };

static const struct {
	onn_method method;
	onn_evanescent policy;
} kind[] = {{ONN_METHOD_ASM, ONN_EVANESCENT_DECAY}, {ONN_METHOD_ASM, ONN_EVANESCENT_DROP},
    {ONN_METHOD_ASM, ONN_EVANESCENT_PASS}, {ONN_METHOD_BAND_LIMITED, ONN_EVANESCENT_DECAY},
    {ONN_METHOD_FRESNEL, ONN_EVANESCENT_DECAY}};

/* What a propagation is derived from: numbers given, and values of the nodes. */
typedef struct trial {
	onn_grid grid;
	onn_light light;
	onn_method method;
	onn_evanescent policy;
	double z, distance, wavelength[2];
} trial;

/* Loss and its first and second derivatives by the distance and by the wavelengths: Re sum(c E) +
 * sum(w |E|^2). */
typedef struct answer {
	double loss, by_z, by_zz, by_lambda[2], by_z_lambda[2];
} answer;

static answer derive(const trial *t)
{
	static number in[2 * COUNT_], c[2 * COUNT_];
	size_t wavelengths = t->light.nwavelengths, shape[3] = {wavelengths, 1, 1};
	answer a;
	memset(&a, 0, sizeof a);
	random_numbers(in, wavelengths * COUNT_, 1);
	random_numbers(c, wavelengths * COUNT_, 2);
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	onn_propagation how = with(t->method, t->policy, ONN_PAD_HALF, 2);
	how.distance = constant_of(g, ONN_F64, 0, NULL, &t->distance);
	how.wavelength = constant_of(g, ONN_F64, wavelengths > 1 ? 3 : 0, shape, t->wavelength);
	onn_field f = field_of_numbers(g, &t->grid, &t->light, in);
	onn_node e = onn_propagate(g, f, t->z, &how).e;
	ck_assert_msg(e.id, "%s", onn_graph_error(g));
	onn_node weight = field_of_numbers(g, &t->grid, &t->light, c).e;
	onn_node sum = onn_add(
	    g, onn_real(g, onn_mul(g, e, weight)), onn_mul(g, onn_abs2(g, e), onn_real(g, weight)));
	onn_node node[5] = {onn_sum(g, sum, NULL, 0, false)},
	         wrt[2] = {how.distance, how.wavelength};
	check_ok(onn_gradient(node + 1, g, node[0], ONN_NULL_NODE, wrt, 2));
	check_ok(onn_gradient(node + 3, g, node[1], ONN_NULL_NODE, wrt, 2));
	compute(device, g, node, 5,
	    (double *[]){&a.loss, &a.by_z, a.by_lambda, &a.by_zz, a.by_z_lambda});
	onn_graph_destroy(g);
	return a;
}

static trial trial_of(size_t i, size_t wavelengths)
{
	/* half the waves travel; 17 wavelengths */
	return (trial){{NY, NX, .41e-6, .37e-6, 0, 0}, {ONN_C128, wavelengths, {633e-9, 550e-9}},
	    kind[i].method, kind[i].policy, 1e-5, 1.003e-5, {631e-9, 552e-9}};
}

/* f'(x) of values at x - 2h, x - h, x + h, x + 2h */
static double slope(const double *f, double h)
{
	return (8 * (f[2] - f[1]) - (f[3] - f[0])) / (12 * h);
}

static const double points[] = {-2, -1, 1, 2};

START_TEST(derivatives_by_the_distance_are_right)
{
	double most = 0;
	for (size_t i = 0; i < COUNT(kind); i++) {
		trial t = trial_of(i, 1);
		answer a = derive(&t);
		double h = 4e-11, loss[4], by_z[4];
		for (int k = 0; k < 4; k++) {
			trial moved = t;
			moved.distance += points[k] * h;
			answer b = derive(&moved);
			loss[k] = b.loss;
			by_z[k] = b.by_z;
		}
		double first = fabs(slope(loss, h) / a.by_z - 1);
		double second = fabs(slope(by_z, h) / a.by_zz - 1);
		ck_assert_msg(first <= 1e-7 && second <= 1e-7, "kind %zu: %g %g", i, first, second);
		most = fmax(most, fmax(first, second));
	}
	printf("by the distance: %.2g\n", most);
}
END_TEST

START_TEST(derivatives_by_the_wavelength_are_right)
{
	double most = 0;
	for (size_t wavelengths = 1; wavelengths <= 2; wavelengths++) {
		for (size_t i = 0; i < COUNT(kind); i++) {
			trial t = trial_of(i, wavelengths);
			answer a = derive(&t);
			double h = 3e-12;
			for (size_t w = 0; w < wavelengths; w++) {
				double loss[4], by_z[4];
				for (int k = 0; k < 4; k++) {
					trial moved = t;
					moved.wavelength[w] += points[k] * h;
					answer b = derive(&moved);
					loss[k] = b.loss;
					by_z[k] = b.by_z;
				}
				double first = fabs(slope(loss, h) / a.by_lambda[w] - 1);
				double mixed = fabs(slope(by_z, h) / a.by_z_lambda[w] - 1);
				ck_assert_msg(first <= 1e-7 && mixed <= 1e-7,
				    "kind %zu, wavelength %zu: %g %g", i, w, first, mixed);
				most = fmax(most, fmax(first, mixed));
			}
		}
	}
	printf("by the wavelength: %.2g\n", most);
}
END_TEST

/* The nodes' H is the table's where they have the same numbers, and also far from the numbers
 * given, within double's rounding of z/lambda turns. */
START_TEST(nodes_and_numbers_make_the_same_field)
{
	static number in[2 * COUNT_], a[2 * COUNT_], b[2 * COUNT_];
	random_numbers(in, 2 * COUNT_, 1);
	for (size_t i = 0; i < COUNT(kind); i++) {
		for (int far = 0; far < 2; far++) {
			trial t = trial_of(i, 2);
			onn_light shown = t.light;
			double z = 7e-5,
			       given = far && t.method != ONN_METHOD_BAND_LIMITED ? 9e-5 : z;
			onn_graph *g;
			check_ok(onn_graph_create(&g));
			onn_propagation how = with(t.method, t.policy, ONN_PAD_HALF, 2);
			how.distance = constant_of(g, ONN_F64, 0, NULL, &z);
			how.wavelength =
			    constant_of(g, ONN_F64, 3, (size_t[]){2, 1, 1}, t.light.wavelength);
			if (far && t.method != ONN_METHOD_BAND_LIMITED)
				shown.wavelength[0] = 500e-9;
			onn_field f = field_of_numbers(g, &t.grid, &shown, in);
			onn_node e = onn_propagate(g, f, given, &how).e;
			ck_assert_msg(e.id, "%s", onn_graph_error(g));
			compute(device, g, &e, 1, (double *[]){(double *)a});
			onn_graph_destroy(g);
			how.distance = how.wavelength = ONN_NULL_NODE;
			run_propagation(device, &t.grid, &t.light, z, &how, in, b, NULL);
			double error = worst(a, b, 2 * COUNT_);
			ck_assert_msg(error <= 2e-12, "kind %zu, far %d: %g", i, far, error);
		}
	}
}
END_TEST

/* H is made in double for single-precision fields too: the derivative has only the field's
 * error. */
START_TEST(fields_in_single_precision_have_the_same_derivatives)
{
	for (size_t i = 0; i < COUNT(kind); i++) {
		trial t = trial_of(i, 2);
		answer a = derive(&t);
		t.light.type = ONN_C64;
		answer b = derive(&t);
		ck_assert_msg(
		    fabs(b.by_z / a.by_z - 1) <= 2e-5, "kind %zu: %g", i, b.by_z / a.by_z - 1);
		for (int w = 0; w < 2; w++)
			ck_assert_msg(fabs(b.by_lambda[w] / a.by_lambda[w] - 1) <= 2e-5,
			    "kind %zu, wavelength %d: %g", i, w,
			    b.by_lambda[w] / a.by_lambda[w] - 1);
	}
}
END_TEST

/* At gamma = 1 to the last bit the root has no slope: the field and its derivative stay finite. */
START_TEST(the_edge_between_the_two_kinds_of_waves_makes_no_nan)
{
	onn_grid grid = {1, 8, .5, .5, 0, 0};
	onn_light light = onn_monochromatic(ONN_C128, 1);
	number in[8] = {1}, out[8], back[8];
	double z = 3, one = 1, by_z, by_lambda;
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	onn_propagation how = with(ONN_METHOD_ASM, ONN_EVANESCENT_DECAY, 0, 0);
	how.distance = constant_of(g, ONN_F64, 0, NULL, &z);
	how.wavelength = constant_of(g, ONN_F64, 0, NULL, &one);
	onn_field f = field_of_numbers(g, &grid, &light, in);
	onn_node node[4] = {onn_propagate(g, f, 2, &how).e},
	         wrt[3] = {how.distance, how.wavelength, f.e};
	onn_node loss = onn_real(g, onn_slice(g, node[0], -1, 3, 1, 1));
	check_ok(
	    onn_gradient(node + 1, g, onn_sum(g, loss, NULL, 0, false), ONN_NULL_NODE, wrt, 3));
	compute(device, g, node, 4, (double *[]){(double *)out, &by_z, &by_lambda, (double *)back});
	onn_graph_destroy(g);
	ck_assert(isfinite(by_z) && isfinite(by_lambda) && by_z != 0 && by_lambda != 0);
	for (int i = 0; i < 8; i++)
		ck_assert(isfinite(creal(out[i])) && isfinite(creal(back[i])));
	/* the wave at gamma = 1 is kept as it is */
	double alternating = 0;
	for (int i = 0; i < 8; i++)
		alternating += i % 2 ? -creal(out[i]) : creal(out[i]);
	check_near(alternating, 1, 1e-14);
}
END_TEST

static void refuse(onn_light light, onn_method method, onn_node (*distance)(onn_graph *),
    onn_node (*wavelength)(onn_graph *), const char *text)
{
	onn_grid grid = onn_grid_square(8, 8e-6);
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	onn_propagation how = with(method, ONN_EVANESCENT_DECAY, 0, 0);
	how.distance = distance ? distance(g) : ONN_NULL_NODE;
	how.wavelength = wavelength ? wavelength(g) : ONN_NULL_NODE;
	onn_field f = onn_propagate(g, onn_plane_wave(g, &grid, &light, 0, 0), 1e-5, &how);
	ck_assert_uint_eq(f.e.id, 0);
	ck_assert_int_eq(onn_graph_status(g), ONN_ERROR_ARGUMENT);
	ck_assert_msg(
	    strstr(onn_graph_error(g), text), "no \"%s\" in: %s", text, onn_graph_error(g));
	onn_graph_destroy(g);
}

static onn_node single(onn_graph *g) { return onn_variable(g, "s", ONN_F32, 0, NULL); }
static onn_node number_of(onn_graph *g) { return onn_variable(g, "d", ONN_F64, 0, NULL); }
static onn_node two(onn_graph *g) { return onn_variable(g, "t", ONN_F64, 1, (size_t[]){2}); }
static onn_node missing(onn_graph *g)
{
	(void)g;
	return (onn_node){4711};
}

START_TEST(wrong_nodes_are_refused)
{
	onn_light one = onn_monochromatic(ONN_C64, 550e-9);
	onn_light many = {ONN_C64, 2, {550e-9, 633e-9}};
	refuse(
	    one, ONN_METHOD_ASM, single, NULL, "the distance is a node f32 []; expected f64, 0-d");
	refuse(one, ONN_METHOD_ASM, two, NULL, "the distance is a node f64 [2]; expected f64, 0-d");
	refuse(one, ONN_METHOD_ASM, NULL, two, "the wavelength is a node f64 [2]");
	refuse(many, ONN_METHOD_ASM, NULL, number_of,
	    "the wavelength is a node f64 []; expected f64, [wavelength, 1, 1]");
	refuse(one, ONN_METHOD_ASM, missing, NULL, "node 4711 is given");
	refuse(one, ONN_METHOD_RS, number_of, NULL, "a node for the distance with method rs");
	refuse(one, ONN_METHOD_SCALED, NULL, number_of,
	    "a node for the wavelength with method scaled");
	refuse(one, ONN_METHOD_FRAUNHOFER, NULL, number_of, "with method fraunhofer");
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {derivatives_by_the_distance_are_right,
	    derivatives_by_the_wavelength_are_right, nodes_and_numbers_make_the_same_field,
	    fields_in_single_precision_have_the_same_derivatives,
	    the_edge_between_the_two_kinds_of_waves_makes_no_nan, wrong_nodes_are_refused, NULL};
	return run_on_device("propagate nodes", &device, tests);
}
