/* What plans of light through plates are made of: steps and memory, by device c. */
#include "testing.h"

#include <onn/fourier.h>
#include <onn/plan.h>

static onn_device *device;

static size_t lines_with(const onn_plan *plan, const char *word)
{
	char *text = onn_plan_describe(plan);
	size_t count = 0;
	ck_assert_ptr_nonnull(text);
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		count += strstr(line, word) != NULL;
	onn_free(text);
	return count;
}

static onn_node real_constant(onn_graph *g, size_t ndim, const size_t *shape)
{
	onn_array *a;
	check_ok(onn_array_create(&a, ONN_F32, ndim, shape));
	onn_node node = onn_constant(g, a);
	onn_array_destroy(a);
	return node;
}

enum { PLATES = 12, N = 32, FIELD = N * N * 8 };

START_TEST(a_hop_is_one_step_and_a_plate_moves_in_place_behind_its_gradient)
{
	const size_t square[2] = {N, N};
	char name[16];
	onn_graph *g;
	onn_node plate[PLATES], grad[PLATES], out[PLATES + 1];
	check_ok(onn_graph_create(&g));
	onn_node h = onn_variable(g, "h", ONN_C64, 2, square);
	onn_node e = real_constant(g, 2, square);
	for (int i = 0; i < PLATES; i++) {
		snprintf(name, sizeof name, "plate_%d", i);
		plate[i] = onn_variable(g, name, ONN_C64, 2, square);
		e = onn_filter(g, onn_mul(g, e, plate[i]), h, NULL, NULL);
	}
	onn_node d = onn_sub(g, onn_abs2(g, e), real_constant(g, 2, square));
	out[0] = onn_mean(g, onn_add(g, onn_square(g, d), onn_abs(g, d)), NULL, 0, false);
	check_ok(onn_gradient(grad, g, out[0], ONN_NULL_NODE, plate, PLATES));
	for (int i = 0; i < PLATES; i++)
		out[i + 1] = onn_assign(
		    g, plate[i], onn_sub(g, plate[i], onn_mul_real(g, onn_sign(g, grad[i]), 1e-3)));
	onn_plan *plan;
	check_ok(onn_plan_create(&plan, device, g, out, PLATES + 1, NULL));
	onn_graph_destroy(g);
	/* two hops and an update a plate, the loss in two steps, the first field made complex */
	ck_assert_uint_eq(lines_with(plan, "filter"), 2 * PLATES);
	ck_assert_uint_eq(lines_with(plan, "sign mul sub"), PLATES);
	ck_assert_uint_eq(lines_with(plan, "copy"), 0);
	ck_assert_uint_le(onn_plan_steps(plan), 3 * PLATES + 3);
	/* the fields before the plates, two on the way back, the first and the target */
	ck_assert_uint_le(onn_plan_bytes(plan), (PLATES + 5) * FIELD);
	onn_plan_destroy(plan);
}
END_TEST

START_TEST(a_batch_of_pictures_is_multiplied_by_plates_on_the_way)
{
	enum { LAYERS = 3, BATCH = 6 };
	const size_t batch[3] = {BATCH, N, N}, square[2] = {N, N}, wide[2] = {2 * N, 2 * N};
	const size_t at[2] = {N / 2, N / 2};
	char name[16];
	onn_graph *g;
	onn_node phase[LAYERS], grad[LAYERS], out[LAYERS + 1];
	check_ok(onn_graph_create(&g));
	onn_node h = onn_variable(g, "h", ONN_C64, 2, wide);
	onn_node e = onn_variable(g, "picture", ONN_F32, 3, batch);
	for (int i = 0; i < LAYERS; i++) {
		snprintf(name, sizeof name, "phase_%d", i);
		phase[i] = onn_variable(g, name, ONN_F32, 2, square);
		e = onn_filter(g, onn_mul(g, e, onn_expi(g, phase[i])), h, at, NULL);
	}
	out[0] = onn_sum(g, onn_square(g, onn_abs2(g, e)), NULL, 0, false);
	check_ok(onn_gradient(grad, g, out[0], ONN_NULL_NODE, phase, LAYERS));
	for (int i = 0; i < LAYERS; i++)
		out[i + 1] =
		    onn_assign(g, phase[i], onn_sub(g, phase[i], onn_mul_real(g, grad[i], 1e-2)));
	onn_plan *plan;
	check_ok(onn_plan_create(&plan, device, g, out, LAYERS + 1, NULL));
	onn_graph_destroy(g);
	ck_assert_uint_eq(lines_with(plan, "filter"), 2 * LAYERS);
	/* sine and cosine once for each plate, not for each picture */
	ck_assert_uint_eq(lines_with(plan, "cos"), LAYERS);
	ck_assert_uint_eq(lines_with(plan, "copy"), 0);
	/* a plate: transmission, hop, hop back, its gradient summed, its update; and the loss */
	ck_assert_uint_le(onn_plan_steps(plan), 5 * LAYERS + 2);
	ck_assert_uint_le(onn_plan_bytes(plan), (LAYERS + 3) * BATCH * FIELD + 6 * FIELD);
	onn_plan_destroy(plan);
}
END_TEST

START_TEST(weights_are_updated_behind_their_gradients)
{
	/* a chain of products: gradients of 16 weights, of which one at a time is in memory */
	enum { LAYERS = 16, WIDTH = 64, BATCH = 2, WEIGHT = WIDTH * WIDTH * 4 };
	char name[16];
	onn_graph *g;
	onn_node w[LAYERS], grad[LAYERS], out[LAYERS + 1];
	check_ok(onn_graph_create(&g));
	onn_node x = onn_variable(g, "x", ONN_F32, 2, (size_t[]){BATCH, WIDTH});
	for (int i = 0; i < LAYERS; i++) {
		snprintf(name, sizeof name, "w_%d", i);
		w[i] = onn_variable(g, name, ONN_F32, 2, (size_t[]){WIDTH, WIDTH});
		x = onn_tanh(g, onn_matmul(g, x, w[i]));
	}
	out[0] = onn_sum(g, x, NULL, 0, false);
	check_ok(onn_gradient(grad, g, out[0], ONN_NULL_NODE, w, LAYERS));
	for (int i = 0; i < LAYERS; i++)
		out[i + 1] = onn_assign(g, w[i], onn_sub(g, w[i], onn_mul_real(g, grad[i], 0.1)));
	onn_plan *plan;
	check_ok(onn_plan_create(&plan, device, g, out, LAYERS + 1, NULL));
	onn_graph_destroy(g);
	ck_assert_uint_le(onn_plan_bytes(plan), 3 * WEIGHT + 4 * LAYERS * BATCH * WIDTH * 4);
	onn_plan_destroy(plan);
}
END_TEST

int main(void)
{
	if (onn_device_create(&device, "c", NULL))
		return EXIT_FAILURE;
	int result = run_tests("plans of light",
	    (const TTest *[]){a_hop_is_one_step_and_a_plate_moves_in_place_behind_its_gradient,
	        a_batch_of_pictures_is_multiplied_by_plates_on_the_way,
	        weights_are_updated_behind_their_gradients, NULL});
	onn_device_destroy(device);
	return result;
}
