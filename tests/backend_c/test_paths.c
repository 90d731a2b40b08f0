/*
 * Which ways the device c takes with plans that users make: training steps by the public optimiser,
 * of a plate generator and of a diffractive network. A path that is no longer found costs speed and
 * no number, so nothing else would tell.
 */
#include "testing.h"

#include "config.h"

#include <onn/convolution.h>
#include <onn/elements.h>
#include <onn/nn.h>
#include <onn/optimizer.h>
#include <onn/optics.h>
#include <onn/saturable.h>

#include "backend/c/kernels.h"
#include "plan/plan.h"

static onn_device *device;

static const char *way(const onn_plan *plan, uint32_t step)
{
	return device->backend->describe(plan->executable, step);
}

static bool says(const onn_plan *plan, uint32_t step, const char *word)
{
	return strstr(way(plan, step), word) != NULL;
}

/* Steps of a kind whose way has this word. */
static size_t count(const onn_plan *plan, onn_step_kind kind, const char *word)
{
	size_t found = 0;
	for (uint32_t i = 0; i < plan->schedule.nsteps; i++)
		found += plan->schedule.step[i].kind == kind && says(plan, i, word);
	return found;
}

/* Where there are others, the whole plan is printed: too much for a message of Check's. */
static void check_count(const onn_plan *plan, onn_step_kind kind, const char *word, size_t wanted)
{
	size_t found = count(plan, kind, word);
	if (found != wanted) {
		char *text = onn_plan_describe(plan);
		printf("%s\n", text ? text : "no memory");
		onn_free(text);
	}
	ck_assert_msg(found == wanted, "%zu steps, not %zu, say \"%s\"", found, wanted, word);
}

/* Adam's step of weights; the assignments stand behind the count outputs that are there. */
static size_t add_adam(
    onn_graph *g, size_t weights, const char *const *name, const onn_node *weight, onn_node *out)
{
	onn_optimizer adam = ONN_OPTIMIZER_INIT;
	onn_node grad[4], updated[4];
	size_t states;
	check_ok(onn_gradient(grad, g, out[0], ONN_NULL_NODE, weight, weights));
	onn_node rate = onn_variable(g, "rate", ONN_F32, 0, NULL);
	check_ok(onn_optimizer_build(
	    g, &adam, rate, weights, name, weight, grad, updated, out + 1, &states));
	for (size_t i = 0; i < weights; i++)
		out[1 + states + i] = onn_assign(g, weight[i], updated[i]);
	return 1 + states + weights;
}

/* ---- a perceptron ---- */

enum { BATCH = 64, INPUTS = 784, HIDDEN = 128, CLASSES = 10 };

static onn_plan *perceptron(onn_device *on)
{
	static const char *const name[] = {"w0", "b0", "w1"};
	onn_graph *g;
	onn_plan *plan;
	onn_node out[16];
	check_ok(onn_graph_create(&g));
	onn_node x = onn_variable(g, "x", ONN_F32, 2, (size_t[]){BATCH, INPUTS});
	onn_node w[] = {onn_variable(g, name[0], ONN_F32, 2, (size_t[]){INPUTS, HIDDEN}),
	    onn_variable(g, name[1], ONN_F32, 1, (size_t[]){HIDDEN}),
	    onn_variable(g, name[2], ONN_F32, 2, (size_t[]){HIDDEN, CLASSES})};
	onn_node hidden = onn_tanh(g, onn_add(g, onn_matmul(g, x, w[0]), w[1]));
	out[0] = onn_mean(g, onn_square(g, onn_matmul(g, hidden, w[2])), NULL, 0, false);
	size_t outputs = add_adam(g, COUNT(w), name, w, out);
	check_ok(onn_plan_create(&plan, on, g, out, outputs, NULL));
	onn_graph_destroy(g);
	return plan;
}

/*
 * Three weights move; of the products the first layer, 64 rows that each sum 784 terms, is cut
 * along the sum; the bias's gradient is a sum over the batch.
 */
START_TEST(a_perceptrons_step_takes_the_ways_made_for_it)
{
	onn_plan *plan = perceptron(device);
	check_count(plan, ONN_STEP_POINTWISE, "adam", 3);
	check_count(plan, ONN_STEP_MATMUL, "sum in parts", 1);
	check_count(plan, ONN_STEP_MATMUL, "tiles", 4);
	check_count(plan, ONN_STEP_REDUCE, "columns", 1);
	onn_plan_destroy(plan);
}
END_TEST

/* ---- a convolution, its absorber and pooling, and their gradients ---- */

START_TEST(a_convolutional_step_takes_the_ways_made_for_it)
{
	onn_absorber absorber = ONN_ABSORBER_INIT;
	onn_graph *g;
	onn_plan *plan;
	onn_node out[3];
	check_ok(onn_graph_create(&g));
	onn_node x = onn_variable(g, "x", ONN_F32, 4, (size_t[]){16, 8, 12, 12});
	onn_node w[2] = {onn_variable(g, "w", ONN_F32, 4, (size_t[]){16, 8, 3, 3}), x};
	onn_node y = onn_saturable_absorber(g, onn_conv2d(g, x, w[0], NULL), &absorber);
	out[0] = onn_sum(g, onn_square(g, onn_pool2d(g, y, NULL)), NULL, 0, false);
	check_ok(onn_gradient(out + 1, g, out[0], ONN_NULL_NODE, w, 2));
	check_ok(onn_plan_create(&plan, device, g, out, 3, NULL));
	check_count(plan, ONN_STEP_REDUCE, "windows", 1);
#ifdef ONN_HAVE_DNNL
	check_count(plan, ONN_STEP_CONVOLVE, "columns", 0);
#endif
	/* the gradient of windows is read where it stands */
	for (uint32_t i = 0; i < plan->schedule.nsteps; i++)
		ck_assert_str_ne(plan->schedule.step[i].label, "copy");
	onn_plan_destroy(plan);
	onn_graph_destroy(g);
}
END_TEST

/* ---- a generator of plates, as apps/examples/smiley.c makes it, in single precision ---- */

enum { PLATES = 6 };

static onn_plan *generator(size_t n)
{
	const size_t shape[] = {n, n};
	const onn_grid grid = onn_grid_square(n, 32e-3);
	const onn_light light = onn_monochromatic(ONN_C64, 550e-9);
	onn_propagation gap = ONN_PROPAGATION_INIT;
	onn_node plate[PLATES], grad[PLATES], out[PLATES + 1];
	onn_graph *g;
	onn_plan *plan;
	check_ok(onn_graph_create(&g));
	gap.method = ONN_METHOD_ASM;
	gap.evanescent = ONN_EVANESCENT_PASS;
	gap.pad[0] = gap.pad[1] = 0;
	onn_field field =
	    onn_field_of(g, onn_variable(g, "disc", ONN_F32, 2, shape), &grid, &light);
	for (int i = 0; i < PLATES; i++) {
		char name[16];
		snprintf(name, sizeof name, "plate %d", i);
		plate[i] = onn_variable(g, name, ONN_C64, 2, shape);
		field = onn_propagate(g, onn_complex_plate(g, field, plate[i]), 50e-3, &gap);
	}
	onn_node off =
	    onn_sub(g, onn_intensity(g, field), onn_variable(g, "face", ONN_F32, 2, shape));
	out[0] = onn_mean(g, onn_add(g, onn_square(g, off), onn_abs(g, off)), NULL, 0, false);
	check_ok(onn_gradient(grad, g, out[0], ONN_NULL_NODE, plate, PLATES));
	for (int i = 0; i < PLATES; i++)
		out[i + 1] = onn_assign(
		    g, plate[i], onn_sub(g, plate[i], onn_mul_real(g, onn_sign(g, grad[i]), 1e-3)));
	check_ok(onn_plan_create(&plan, device, g, out, PLATES + 1, NULL));
	onn_graph_destroy(g);
	return plan;
}

/* The instruction sets that have no kernel for a plate's step take a program, between two hops. */
static bool has_plate_steps(void) { return onn_kernels_choose()->plate != NULL; }

/*
 * Of 6 hops there and 6 back all but the first of each way go on with the columns of the one
 * before; the first one back begins with a program, the loss's derivative. On the way back a hop
 * does the step of the plate behind it, where there are kernels for that; the first plate has no
 * hop before it.
 */
static void check_generator(size_t n)
{
	bool moves = has_plate_steps();
	onn_plan *plan = generator(n);
	check_count(plan, ONN_STEP_FFT, "filter kept", 12);
	check_count(plan, ONN_STEP_FFT, "in place", 11);
	check_count(plan, ONN_STEP_FFT, "joined", moves ? 10 : 6);
	check_count(plan, ONN_STEP_FFT, "joined and plate step", moves ? 5 : 0);
	check_count(plan, ONN_STEP_POINTWISE, "plate step in", moves ? 5 : 0);
	check_count(plan, ONN_STEP_POINTWISE, "plate step", moves ? PLATES : 0);
	for (uint32_t i = 0; i + 1 < plan->schedule.nsteps; i++)
		if (says(plan, i, "joined and plate step"))
			ck_assert_msg(says(plan, i + 1, "plate step in"), "%s", way(plan, i + 1));
	onn_plan_destroy(plan);
}

START_TEST(hops_of_a_generator_are_joined_and_move_their_plates)
{
	check_generator(128);
	check_generator(512);
}
END_TEST

/* 97 has no small factors: the lines go by a chirp, the hops are joined all the same. */
START_TEST(lengths_with_large_primes_go_by_a_chirp_in_double)
{
	onn_plan *plan = generator(97);
	check_count(plan, ONN_STEP_FFT, "chirp 97 in f64", 12);
	check_count(plan, ONN_STEP_FFT, "joined", has_plate_steps() ? 10 : 6);
	onn_plan_destroy(plan);
}
END_TEST

/* ---- a diffractive network ---- */

enum { LAYERS = 3, SIZE = 40, IMAGES = 16 };

static onn_plan *diffractive(void)
{
	static const char *const name[] = {"phase_0", "phase_1", "phase_2"};
	static const size_t images[] = {IMAGES, SIZE, SIZE}, square[] = {SIZE, SIZE};
	static const onn_region half[2] = {{4, 4, 32, 16}, {4, 20, 32, 16}};
	const onn_grid grid = onn_grid_square(SIZE, SIZE * .4e-3);
	const onn_light light = onn_monochromatic(ONN_C64, .75e-3);
	onn_propagation gap = ONN_PROPAGATION_INIT; /* padded by half the size, decay */
	onn_node phase[LAYERS], out[1 + 4 * LAYERS];
	onn_graph *g;
	onn_plan *plan;
	check_ok(onn_graph_create(&g));
	gap.method = ONN_METHOD_ASM;
	onn_field e =
	    onn_field_of(g, onn_variable(g, "picture", ONN_F32, 3, images), &grid, &light);
	for (int i = 0; i < LAYERS; i++) {
		phase[i] = onn_variable(g, name[i], ONN_F32, 2, square);
		e = onn_propagate(g, onn_phase_plate(g, e, phase[i]), 30e-3, &gap);
	}
	onn_node power = onn_detect(g, onn_intensity(g, e), half, 2);
	onn_node part = onn_div(g, power, onn_sum(g, power, (int[]){1}, 1, true));
	out[0] = onn_mean(g, onn_log_softmax(g, part, 1), NULL, 0, false);
	size_t outputs = add_adam(g, LAYERS, name, phase, out);
	check_ok(onn_plan_create(&plan, device, g, out, outputs, NULL));
	onn_graph_destroy(g);
	return plan;
}

/* 3 hops there and 3 back, of which the first begins with a program, the loss's derivative. */
START_TEST(hops_of_a_diffractive_network_read_in_place_a_field_a_chunk)
{
	onn_plan *plan = diffractive();
	check_count(plan, ONN_STEP_FFT, "fields", 6);
	check_count(plan, ONN_STEP_FFT, "filter kept", 6);
	check_count(plan, ONN_STEP_FFT, "in place", 5);
	onn_plan_destroy(plan);
}
END_TEST

/* ---- what is said ---- */

START_TEST(descriptions_and_profiles_say_the_way_of_each_step)
{
	onn_device_options options = ONN_DEVICE_OPTIONS_INIT;
	onn_device *timed;
	options.profile = true;
	check_ok(onn_device_create(&timed, "c", &options));
	onn_plan *plan = perceptron(timed);
	char *text = onn_plan_describe(plan), *times = onn_plan_profile(plan);
	ck_assert_ptr_nonnull(text);
	ck_assert_ptr_nonnull(times);
	ck_assert_msg(strstr(text, " adam\n") && strstr(text, "sum in parts"), "%s", text);
	ck_assert_msg(strstr(times, " adam\n") && strstr(times, "sum in parts"), "%s", times);
	onn_free(text);
	onn_free(times);
	onn_plan_destroy(plan);
	onn_device_destroy(timed);
}
END_TEST

int main(void)
{
	if (onn_device_create(&device, "c", NULL))
		return EXIT_FAILURE;
	int result =
	    run_tests("paths", (const TTest *[]){a_perceptrons_step_takes_the_ways_made_for_it,
	                           a_convolutional_step_takes_the_ways_made_for_it,
	                           hops_of_a_generator_are_joined_and_move_their_plates,
	                           lengths_with_large_primes_go_by_a_chirp_in_double,
	                           hops_of_a_diffractive_network_read_in_place_a_field_a_chunk,
	                           descriptions_and_profiles_say_the_way_of_each_step, NULL});
	onn_device_destroy(device);
	return result;
}
