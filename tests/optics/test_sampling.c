/*
 * The sampling rules, what auto chooses, transfer functions to look at, names, wrong arguments.
 */
#include "light.h"

START_TEST(names_go_both_ways)
{
	static const char *const methods[] = {
	    "auto", "asm", "band-limited", "fresnel", "fraunhofer", "rs", "scaled"};
	static const char *const policies[] = {"decay", "drop", "pass"};
	onn_method method = ONN_METHOD_RS;
	onn_evanescent policy = ONN_EVANESCENT_DROP;
	for (size_t i = 0; i < COUNT(methods); i++) {
		ck_assert_str_eq(onn_method_name((onn_method)i), methods[i]);
		ck_assert(onn_method_from_name(&method, methods[i]) && method == (onn_method)i);
	}
	for (size_t i = 0; i < COUNT(policies); i++) {
		ck_assert_str_eq(onn_evanescent_name((onn_evanescent)i), policies[i]);
		ck_assert(
		    onn_evanescent_from_name(&policy, policies[i]) && policy == (onn_evanescent)i);
	}
	ck_assert_str_eq(onn_method_name((onn_method)7), "?");
	ck_assert_str_eq(onn_evanescent_name((onn_evanescent)-1), "?");
	ck_assert(!onn_method_from_name(&method, "ASM") && method == ONN_METHOD_SCALED);
	ck_assert(!onn_evanescent_from_name(&policy, NULL) && policy == ONN_EVANESCENT_PASS);
}
END_TEST

static onn_sampling choose(
    const onn_grid *grid, const onn_light *light, double z, const onn_propagation *how)
{
	onn_sampling s;
	check_ok(onn_propagation_choose(&s, grid, light, z, how));
	ck_assert_uint_gt(strlen(s.why), 20);
	ck_assert_ptr_null(strchr(s.why, '\n'));
	return s;
}

#define check_choice(s, wanted, sampled, part)                                                     \
	do {                                                                                       \
		onn_sampling s_ = (s);                                                             \
		ck_assert_msg(                                                                     \
		    s_.method == (wanted) && s_.enough == (sampled) && strstr(s_.why, part),       \
		    "%s, %d: %s", onn_method_name(s_.method), s_.enough, s_.why);                  \
	} while (0)

START_TEST(auto_follows_the_rules)
{
	/* 256 padded pixels of 10 um, 500 nm: z to n d^2 sqrt(1/lambda^2 - 1/(4 d^2)) = 51.1 mm */
	onn_grid grid = onn_grid_square(128, 1.28e-3);
	onn_light light = onn_monochromatic(ONN_C64, 500e-9);
	double limit = 256 * 1e-10 * sqrt(1 / 25e-14 - 1 / 4e-10);
	check_choice(choose(&grid, &light, 0, NULL), ONN_METHOD_ASM, true, "z is 0 m");
	check_choice(choose(&grid, &light, limit * .999, NULL), ONN_METHOD_ASM, true,
	    "asm samples H to z = 5.118 cm");
	check_choice(choose(&grid, &light, limit * 1.001, NULL), ONN_METHOD_RS, true,
	    "asm would sample H to z = 5.118 cm (y); rs samples its kernel from z = 5.078 cm on");
	/* the band is 1/(lambda sqrt((2 z df)^2 + 1)), half of 1/(2d) at z = 102.4 mm */
	double half = sqrt(pow(4 * 1e-5 / 500e-9, 2) - 1) / 2 * 256e-5;
	onn_propagation band = with(ONN_METHOD_BAND_LIMITED, ONN_EVANESCENT_DECAY, -1, -1);
	check_choice(
	    choose(&grid, &light, half * .999, &band), ONN_METHOD_BAND_LIMITED, true, "/m");
	check_choice(choose(&grid, &light, half * 1.001, &band), ONN_METHOD_BAND_LIMITED, false,
	    "band-limited keeps 2.498e+04/m of the grid's 5e+04/m");
	onn_propagation back = ONN_PROPAGATION_INIT;
	back.evanescent = ONN_EVANESCENT_DROP;
	check_choice(
	    choose(&grid, &light, -half * 1.001, &back), ONN_METHOD_RS, true, "rs samples");
	/* with little padding the limit is closer, and without it there is none */
	onn_propagation bare = with(ONN_METHOD_AUTO, ONN_EVANESCENT_DECAY, 1, 1);
	check_choice(choose(&grid, &light, limit * .51, &bare), ONN_METHOD_BAND_LIMITED, true,
	    "asm samples H to z = 2.599 cm");
	bare.pad[0] = bare.pad[1] = 0;
	for (double z = limit; z < 100; z *= 5)
		check_choice(choose(&grid, &light, z, &bare), ONN_METHOD_ASM, true,
		    "the field repeats itself where there is no padding, as asm has it");
	/* the shortest wavelength does not decide, the hardest does */
	onn_light more = {ONN_C64, 2, {500e-9, 1000e-9}};
	check_choice(choose(&grid, &more, limit * .6, NULL), ONN_METHOD_BAND_LIMITED, true,
	    "asm samples H to z = 2.557 cm");
	/* a finer axis decides */
	onn_grid uneven = {128, 256, 10e-6, 5e-6, 0, 0};
	check_choice(
	    choose(&uneven, &light, limit * .6, NULL), ONN_METHOD_BAND_LIMITED, true, "(x)");
	/* far too long for one axis, where the kernel of the other is too fine for rs */
	onn_grid slit = {16, 256, 6e-6, 6e-6, 0, 0};
	check_choice(choose(&slit, &light, .01, NULL), ONN_METHOD_BAND_LIMITED, false,
	    "; rs samples its kernel from 3.669 cm");
	/* one pixel across has one frequency there: the sheet beam that it stands for */
	onn_grid column = {64, 1, 6e-6, 6e-6, 0, 0};
	check_choice(choose(&column, &light, .004, NULL), ONN_METHOD_ASM, true, "(y)");
	/* and does not become a point in the dark farther on */
	check_choice(
	    choose(&column, &light, .02, NULL), ONN_METHOD_BAND_LIMITED, false, "half at least");
	/* waves that die out do so, to where rs has its kernel */
	onn_grid tiny = onn_grid_square(64, 64 * 5e-8);
	check_choice(choose(&tiny, &light, 1e-9, NULL), ONN_METHOD_ASM, true, "to z = 150 nm");
	check_choice(choose(&tiny, &light, 1.5e-7, NULL), ONN_METHOD_ASM, true, "z is 150 nm");
	check_choice(choose(&tiny, &light, 1.6e-7, NULL), ONN_METHOD_RS, true, "from z = 100 nm");
	/* too large a kernel; and nodes, which rs has not */
	onn_grid huge = {(size_t)1 << 22, (size_t)1 << 22, 1e-6, 1e-6, 0, 0};
	check_choice(choose(&huge, &light, 1e3, NULL), ONN_METHOD_FRESNEL, false,
	    "rs needs more memory than there is");
	onn_propagation node = ONN_PROPAGATION_INIT;
	node.distance.id = 1;
	check_choice(choose(&grid, &light, 2 * half, &node), ONN_METHOD_FRESNEL, false,
	    "rs has no derivative");
}
END_TEST

START_TEST(named_methods_say_whether_they_sample_enough)
{
	onn_grid grid = onn_grid_square(128, 1.28e-3), row = {1, 128, 1, 1e-5, 0, 0};
	onn_light light = onn_monochromatic(ONN_C64, 500e-9);
	static const struct {
		onn_method method;
		double z;
		bool enough;
		const char *text;
	} list[] = {
	    {ONN_METHOD_ASM, .05, true, "to z = 5.118 cm"},
	    {ONN_METHOD_ASM, .06, false, "to z = 5.118 cm"},
	    {ONN_METHOD_BAND_LIMITED, .1, true, "half at least"},
	    {ONN_METHOD_BAND_LIMITED, .2, false, "half at least"},
	    {ONN_METHOD_FRESNEL, .0511, true, "to z = 5.12 cm"},
	    {ONN_METHOD_FRESNEL, .0513, false, "to z = 5.12 cm"},
	    /* 127 pixels of 10 um: sqrt(x^2 + z^2) >= 40 x */
	    {ONN_METHOD_RS, .0509, true, "from z = 5.078 cm"},
	    {ONN_METHOD_RS, .0507, false, "from z = 5.078 cm"},
	    {ONN_METHOD_SCALED, .05, true, "to z = 5.118 cm"},
	    {ONN_METHOD_SCALED, .06, false, "to z = 5.118 cm"},
	    {ONN_METHOD_FRAUNHOFER, 3.3, true, "= 3.277 m; z is 3.3 m, a Fresnel number of 0.248"},
	    {ONN_METHOD_FRAUNHOFER, 3.2, false, "= 3.277 m; z is 3.2 m"},
	};
	for (size_t i = 0; i < COUNT(list); i++) {
		onn_propagation how = with(list[i].method, ONN_EVANESCENT_DECAY, -1, -1);
		onn_sampling s = choose(&grid, &light, list[i].z, &how);
		check_choice(s, list[i].method, list[i].enough, list[i].text);
		/* one axis has the same rules */
		check_choice(choose(&row, &light, list[i].z, &how), list[i].method, list[i].enough,
		    list[i].text);
	}
	/* a window that leaves the padded grid, which repeats there */
	onn_propagation how = with(ONN_METHOD_SCALED, ONN_EVANESCENT_DECAY, -1, -1);
	how.to = (onn_grid){64, 64, 1e-5, 1e-5, 0, 1e-3};
	check_choice(choose(&grid, &light, .03, &how), ONN_METHOD_SCALED, false,
	    "to 1.28 mm from its centre (x), the window goes to 1.31 mm");
	/* below half a wavelength waves at the edge are never sampled */
	onn_grid fine = onn_grid_square(64, 64 * 200e-9);
	how = with(ONN_METHOD_ASM, ONN_EVANESCENT_DECAY, -1, -1);
	check_choice(choose(&fine, &light, 1e-6, &how), ONN_METHOD_ASM, false, "to z = 600 nm");
	check_choice(choose(&fine, &light, 5e-7, &how), ONN_METHOD_ASM, true, "to z = 600 nm");
	check_choice(choose(&fine, &light, 1e-6, NULL), ONN_METHOD_RS, true, "asm");
	/* far from the axis fresnel is none: 100 lambda, pixels of two wavelengths */
	onn_grid steep = onn_grid_square(256, 256 * 1e-6);
	how.method = ONN_METHOD_FRESNEL;
	check_choice(choose(&steep, &light, 5e-5, &how), ONN_METHOD_FRESNEL, false,
	    "finest directions are paraxial to 15.78 um");
	check_choice(choose(&steep, &light, 1e-5, &how), ONN_METHOD_FRESNEL, true, "paraxial to");
}
END_TEST

/* What the rules promise: where they say enough, the field is that of the direct sum; where they
 * say no, it is not. A slit of half the grid's width on one axis. */
START_TEST(enough_is_enough_and_not_enough_is_not)
{
	enum { N = 256 };
	static number in[N], out[N], want[N];
	onn_device *device;
	check_ok(onn_device_create(&device, "reference", NULL));
	onn_grid grid = {1, N, 1e-5, 1e-5, 0, 0}, fine = {1, 8 * N, 1e-5, 1e-5 / 4, 0, 0};
	onn_light light = onn_monochromatic(ONN_C128, 500e-9);
	for (int i = 0; i < N; i++) {
		double x = (i - N / 2) / (double)(N / 8);
		in[i] = exp(-x * x * x * x);
	}
	/* the truth: the same smooth field on a finer and wider grid, angular spectrum */
	static number smooth[8 * N], far[8 * N];
	for (int i = 0; i < 8 * N; i++) {
		double x = (i - 4 * N) / (double)(N / 2);
		smooth[i] = exp(-x * x * x * x);
	}
	static const double distance[] = {.02, .3, 3};
	for (int k = 0; k < 3; k++) {
		onn_propagation exact = with(ONN_METHOD_RS, ONN_EVANESCENT_DROP, 0, 0);
		if (k == 0)
			exact = with(ONN_METHOD_ASM, ONN_EVANESCENT_DROP, 0, 4 * N);
		run_propagation(device, &fine, &light, distance[k], &exact, smooth, far, NULL);
		for (int i = 0; i < N; i++)
			want[i] = far[4 * N + (i - N / 2) * 4];
		static const onn_method list[] = {ONN_METHOD_AUTO, ONN_METHOD_ASM, ONN_METHOD_RS};
		for (size_t m = 0; m < COUNT(list); m++) {
			onn_propagation how = with(list[m], ONN_EVANESCENT_DECAY, -1, -1);
			onn_sampling s = choose(&grid, &light, distance[k], &how);
			run_propagation(device, &grid, &light, distance[k], &how, in, out, NULL);
			double error = worst(out, want, N);
			printf("z = %g: %s, enough %d: error %.2g\n", distance[k],
			    onn_method_name(s.method), s.enough, error);
			ck_assert(list[m] != ONN_METHOD_AUTO || s.enough);
			ck_assert_msg(
			    !s.enough || error < 2e-3, "%s at %g m: %g", s.why, distance[k], error);
		}
	}
	onn_device_destroy(device);
}
END_TEST

START_TEST(transfer_functions_can_be_looked_at)
{
	onn_grid grid = {6, 9, 2e-6, 3e-6, 1e-3, 0};
	onn_light light = {ONN_C64, 2, {500e-9, 700e-9}};
	static const onn_method list[] = {
	    ONN_METHOD_ASM, ONN_METHOD_BAND_LIMITED, ONN_METHOD_FRESNEL};
	for (size_t m = 0; m < COUNT(list); m++) {
		onn_propagation how = with(list[m], ONN_EVANESCENT_DROP, ONN_PAD_HALF, 1);
		onn_array *h;
		check_ok(onn_transfer_function(&h, &grid, &light, -2e-4, &how));
		const size_t *shape = onn_array_shape(h);
		ck_assert(onn_array_type(h) == ONN_C128 && onn_array_ndim(h) == 3);
		ck_assert(shape[0] == 2 && shape[1] == 12 && shape[2] == 11);
		const number *value = onn_array_const_data(h);
		size_t zeros = 0;
		for (size_t i = 0; i < 2 * 12 * 11; i++) {
			double lambda = light.wavelength[i / 132];
			long double fy = frequency(i / 11 % 12, 12, 2e-6);
			long double fx = frequency(i % 11, 11, 3e-6);
			wide want =
			    wide_transfer(list[m], ONN_EVANESCENT_DROP, fy, fx, -2e-4, lambda);
			zeros += value[i] == 0;
			ck_assert((list[m] == ONN_METHOD_BAND_LIMITED && value[i] == 0) ||
			          cabs(value[i] - (number)want) <= 1e-15);
		}
		ck_assert(list[m] == ONN_METHOD_BAND_LIMITED ? zeros > 0 : zeros == 0);
		onn_array_destroy(h);
	}
	onn_array *h;
	onn_propagation how = with(ONN_METHOD_RS, ONN_EVANESCENT_DROP, 0, 0);
	check_error(onn_transfer_function(&h, &grid, &light, 1, &how), ONN_ERROR_ARGUMENT,
	    "onn_transfer_function: the method is rs; expected asm, band-limited or fresnel");
	ck_assert_ptr_null(h);
}
END_TEST

/* ---- wrong arguments, in the graph and beside it ---- */

static void refuse(const onn_light *light, double z, const onn_propagation *how, onn_status status,
    const char *text)
{
	onn_grid grid = onn_grid_square(16, 1e-4);
	onn_sampling s;
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	onn_field f = onn_propagate(g, onn_plane_wave(g, &grid, light, 0, 0), z, how);
	ck_assert_uint_eq(f.e.id, 0);
	ck_assert_int_eq(onn_graph_status(g), status);
	ck_assert_msg(
	    strstr(onn_graph_error(g), text) && strstr(onn_graph_error(g), "onn_propagate: "),
	    "no \"%s\" in: %s", text, onn_graph_error(g));
	onn_graph_destroy(g);
	if (status == ONN_ERROR_ARGUMENT)
		check_error(onn_propagation_choose(&s, &grid, light, z, how), status, text);
}

START_TEST(wrong_propagations_are_refused)
{
	onn_light light = onn_monochromatic(ONN_C64, 500e-9), two = {ONN_C64, 2, {5e-7, 6e-7}};
	onn_propagation how = ONN_PROPAGATION_INIT;
	refuse(&light, NAN, NULL, ONN_ERROR_ARGUMENT, "the distance is nan m");
	refuse(&light, INFINITY, &how, ONN_ERROR_ARGUMENT, "the distance is inf m");
	refuse(&light, -1e-3, NULL, ONN_ERROR_ARGUMENT, "-0.001 m and evanescent waves decay");
	static const onn_method decaying[] = {
	    ONN_METHOD_ASM, ONN_METHOD_BAND_LIMITED, ONN_METHOD_SCALED};
	for (size_t i = 0; i < COUNT(decaying); i++) {
		how.method = decaying[i];
		refuse(&light, -1, &how, ONN_ERROR_ARGUMENT, "the policy drop or pass");
	}
	how.method = ONN_METHOD_RS;
	refuse(&light, 0, &how, ONN_ERROR_ARGUMENT, "the distance is 0 with method rs");
	how.method = ONN_METHOD_FRAUNHOFER;
	refuse(&light, 0, &how, ONN_ERROR_ARGUMENT, "the distance is 0 with method fraunhofer");
	refuse(&two, 1, &how, ONN_ERROR_ARGUMENT, "fraunhofer with 2 wavelengths");
	how.method = (onn_method)9;
	refuse(&light, 1, &how, ONN_ERROR_ARGUMENT, "method 9, evanescent 0");
	how.method = ONN_METHOD_ASM;
	how.evanescent = (onn_evanescent)3;
	refuse(&light, 1, &how, ONN_ERROR_ARGUMENT, "method 1, evanescent 3");
	how.evanescent = ONN_EVANESCENT_DROP;
	how.pad[0] = -2;
	refuse(&light, 1, &how, ONN_ERROR_ARGUMENT, "padding of -2 pixels (y)");
	how.pad[0] = 0;
	how.pad[1] = PTRDIFF_MAX;
	refuse(&light, 1, &how, ONN_ERROR_ARGUMENT, "(x); expected 0 or more that fit");
	how.pad[0] = how.pad[1] = (ptrdiff_t)1 << 40;
	refuse(&light, 1, &how, ONN_ERROR_ARGUMENT, "pixels (y, x); expected fewer than");
	/* beyond this machine's memory, but not beyond an address */
	how.pad[0] = how.pad[1] = (ptrdiff_t)1 << 24;
	refuse(&light, 1, &how, ONN_ERROR_MEMORY, "a table of 33554448 x 33554448 (y, x)");
	how = (onn_propagation)ONN_PROPAGATION_INIT;
	how.method = ONN_METHOD_SCALED;
	how.to = (onn_grid){4, 4, 1e-5, -1, 0, 0};
	refuse(&light, 1, &how, ONN_ERROR_ARGUMENT, "the pitch is 1e-05 x -1 m");
	how.size--;
	refuse(&light, 1, &how, ONN_ERROR_ARGUMENT, "as from ONN_PROPAGATION_INIT");
	onn_grid none = {0, 1, 1, 1, 0, 0};
	onn_sampling s;
	onn_array *h;
	check_error(onn_propagation_choose(&s, &none, &light, 1, NULL), ONN_ERROR_ARGUMENT,
	    "onn_propagation_choose: the grid has 0 x 1 pixels");
	check_error(
	    onn_transfer_function(&h, NULL, &light, 1, NULL), ONN_ERROR_ARGUMENT, "no grid");
	ck_assert_ptr_null(h);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {names_go_both_ways, auto_follows_the_rules,
	    named_methods_say_whether_they_sample_enough, enough_is_enough_and_not_enough_is_not,
	    transfer_functions_can_be_looked_at, wrong_propagations_are_refused, NULL};
	return run_tests("sampling", tests);
}
