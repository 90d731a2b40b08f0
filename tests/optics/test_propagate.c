/*
 * Propagation by transfer functions in double: against long double, and the laws it keeps.
 */
#include "light.h"

static onn_device *device;

enum { MOST = 64 * 64 };

static onn_propagation with(onn_method method, onn_evanescent policy, ptrdiff_t py, ptrdiff_t px)
{
	onn_propagation p = ONN_PROPAGATION_INIT;
	p.method = method;
	p.evanescent = policy;
	p.pad[0] = py;
	p.pad[1] = px;
	return p;
}

static const struct {
	onn_grid grid;
	double lambda, z;
	ptrdiff_t pad[2];
} setting[] = {
    /* k z = 1e6, all travelling but near the edge: gamma up to .6 */
    {{24, 30, .6e-6, .5e-6, 0, 0}, 550e-9, 0.0875352187, {ONN_PAD_HALF, ONN_PAD_HALF}},
    /* evanescent corners: the classifier's light */
    {{32, 32, .4e-3, .4e-3, 0, 0}, .75e-3, 30e-3, {ONN_PAD_HALF, ONN_PAD_HALF}},
    /* mostly evanescent, a short way, other padding, an offset that does not matter */
    {{20, 16, 1e-7, 2e-7, 1e-6, -3e-6}, 633e-9, 5e-8, {3, 0}},
    /* the tutorial's generator, and odd sizes */
    {{32, 32, .25e-3, .25e-3, 0, 0}, 550e-9, 50e-3, {0, 0}},
    {{21, 27, 8e-6, 5e-6, 0, 0}, 1.55e-6, 3e-3, {4, ONN_PAD_HALF}},
    /* one dimension */
    {{1, 61, 1e-6, 1e-6, 0, 0}, 633e-9, 1e-3, {ONN_PAD_HALF, ONN_PAD_HALF}},
};

START_TEST(transfer_functions_agree_with_long_double)
{
	static number in[MOST], out[MOST], want[MOST];
	static const onn_method method[] = {
	    ONN_METHOD_ASM, ONN_METHOD_BAND_LIMITED, ONN_METHOD_FRESNEL};
	double most = 0;
	for (size_t i = 0; i < COUNT(setting); i++) {
		const onn_grid *grid = &setting[i].grid;
		onn_light light = onn_monochromatic(ONN_C128, setting[i].lambda);
		size_t count = grid->ny * grid->nx, pad[2];
		random_numbers(in, count, (unsigned)i);
		for (int axis = 0; axis < 2; axis++)
			pad[axis] = setting[i].pad[axis] == ONN_PAD_HALF
			                ? (axis ? grid->nx : grid->ny) / 2
			                : (size_t)setting[i].pad[axis];
		for (size_t m = 0; m < COUNT(method); m++) {
			for (int policy = 0; policy < 3; policy++) {
				onn_propagation how = with(method[m], (onn_evanescent)policy,
				    setting[i].pad[0], setting[i].pad[1]);
				run_propagation(
				    device, grid, &light, setting[i].z, &how, in, out, NULL);
				wide_propagation(grid, setting[i].lambda, setting[i].z, method[m],
				    (onn_evanescent)policy, pad, in, want);
				double error = worst(out, want, count);
				ck_assert_msg(error <= 1e-13, "setting %zu, %s, %s: %g", i,
				    onn_method_name(method[m]),
				    onn_evanescent_name((onn_evanescent)policy), error);
				most = error > most ? error : most;
			}
		}
	}
	printf("transfer functions: %.2g of the peak\n", most);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {transfer_functions_agree_with_long_double, NULL};
	device = open_test_device(NULL);
	int failed = run_tests("propagate", tests);
	onn_device_destroy(device);
	return failed;
}
