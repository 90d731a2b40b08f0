/* Plans whose runs come in two parts. The device is ONN_TEST_DEVICE, or "c". */
#include "testing.h"

#include <onn/fourier.h>
#include <onn/plan.h>

#include "device.h"

static onn_device *device;

enum { PLATES = 3, N = 32, AREA = N * N };

/* Light through plates, and what a gradient that flows into its intensity and power comes to. */
typedef struct scene {
	onn_plan *plan;
	onn_tensor *plate[PLATES], *h, *seed;
} scene;

static onn_tensor *numbers(onn_type type, double from)
{
	size_t square[2] = {N, N};
	float x[2 * AREA];
	onn_tensor *t;
	for (int i = 0; i < 2 * AREA; i++)
		x[i] = (float)sin(from + 0.37 * i);
	check_ok(onn_tensor_create(&t, device, type, 2, square));
	check_ok(onn_tensor_write(t, x, AREA * onn_type_size(type)));
	return t;
}

static void bind(scene *s, const char *name, int i, onn_tensor *t)
{
	char text[16];
	snprintf(text, sizeof text, name, i);
	check_ok(onn_plan_bind(s->plan, text, t));
}

static scene begin(size_t early)
{
	const size_t square[2] = {N, N};
	scene s;
	char name[16];
	onn_graph *g;
	onn_node plate[PLATES], out[2 + PLATES];
	check_ok(onn_graph_create(&g));
	onn_node h = onn_variable(g, "h", ONN_C64, 2, square), e = ONN_NULL_NODE;
	for (int i = 0; i < PLATES; i++) {
		snprintf(name, sizeof name, "plate_%d", i);
		plate[i] = onn_variable(g, name, ONN_F32, 2, square);
		onn_node t = onn_expi(g, plate[i]);
		e = onn_filter(g, i ? onn_mul(g, e, t) : t, h, NULL, NULL);
	}
	out[0] = onn_abs2(g, e);
	out[1] = onn_mean(g, out[0], NULL, 0, false);
	onn_node seed = onn_variable(g, "seed", ONN_F32, 2, square);
	onn_node total = onn_sum(
	    g, onn_mul(g, onn_add(g, out[0], onn_mul(g, out[1], out[0])), seed), NULL, 0, false);
	check_ok(onn_gradient(out + 2, g, total, ONN_NULL_NODE, plate, PLATES));
	onn_plan_options options = ONN_PLAN_OPTIONS_INIT;
	options.early = early;
	check_ok(onn_plan_create(&s.plan, device, g, out, 2 + PLATES, &options));
	onn_graph_destroy(g);
	bind(&s, "h", 0, s.h = numbers(ONN_C64, 0.5));
	bind(&s, "seed", 0, s.seed = numbers(ONN_F32, 9));
	for (int i = 0; i < PLATES; i++)
		bind(&s, "plate_%d", i, s.plate[i] = numbers(ONN_F32, i));
	return s;
}

static void end(scene *s)
{
	onn_plan_destroy(s->plan);
	onn_tensor_destroy(s->h);
	onn_tensor_destroy(s->seed);
	for (int i = 0; i < PLATES; i++)
		onn_tensor_destroy(s->plate[i]);
}

static void compare(const scene *a, const scene *b, size_t first, size_t count)
{
	for (size_t k = first; k < first + count; k++) {
		float x[AREA], y[AREA], largest = 0;
		size_t n = onn_tensor_count(onn_plan_output(b->plan, k));
		check_ok(onn_tensor_read(x, onn_plan_output(a->plan, k), n * sizeof *x));
		check_ok(onn_tensor_read(y, onn_plan_output(b->plan, k), n * sizeof *y));
		for (size_t i = 0; i < n; i++)
			largest = fmaxf(largest, fabsf(y[i]));
		ck_assert(largest > 0);
		for (size_t i = 0; i < n; i++)
			ck_assert_msg(fabsf(x[i] - y[i]) <= 1e-5f * largest,
			    "output %zu: element %zu is %g; expected %g", k, i, x[i], y[i]);
	}
}

START_TEST(part_0_gives_the_early_outputs_and_part_1_the_rest)
{
	scene parts = begin(2), whole = begin(0);
	float no[AREA], seed[AREA];
	for (int i = 0; i < AREA; i++)
		no[i] = NAN;
	for (int run = 0; run < 3; run++) {
		/* what flows back is not known yet */
		check_ok(onn_tensor_write(parts.seed, no, sizeof no));
		check_ok(onn_plan_run_part(parts.plan, 0));
		for (int i = 0; i < AREA; i++)
			seed[i] = (float)cos(run + 0.11 * i);
		check_ok(onn_tensor_write(whole.seed, seed, sizeof seed));
		check_ok(onn_plan_run(whole.plan));
		compare(&parts, &whole, 0, 2);
		check_ok(onn_tensor_write(parts.seed, seed, sizeof seed));
		check_ok(onn_plan_run_part(parts.plan, 1));
		compare(&parts, &whole, 0, 2 + PLATES);
	}
	/* in one go, too */
	check_ok(onn_plan_run(parts.plan));
	compare(&parts, &whole, 0, 2 + PLATES);
	end(&parts);
	end(&whole);
}
END_TEST

START_TEST(part_0_of_a_plan_of_one_part_is_all_of_it)
{
	scene s = begin(0), whole = begin(0);
	check_ok(onn_plan_run_part(s.plan, 0));
	check_ok(onn_plan_run(whole.plan));
	compare(&s, &whole, 0, 2 + PLATES);
	check_ok(onn_plan_run_part(s.plan, 1));
	compare(&s, &whole, 0, 2 + PLATES);
	end(&s);
	end(&whole);
}
END_TEST

START_TEST(wrong_parts_are_refused)
{
	scene s = begin(2);
	check_error(onn_plan_run_part(s.plan, 2), ONN_ERROR_ARGUMENT,
	    "onn_plan_run_part: part is 2; expected 0 or 1");
	check_error(onn_plan_run_part(s.plan, -1), ONN_ERROR_ARGUMENT, "part is -1");
	end(&s);

	onn_graph *g;
	onn_plan *plan;
	onn_plan_options options = ONN_PLAN_OPTIONS_INIT;
	check_ok(onn_graph_create(&g));
	onn_node w = onn_variable(g, "w", ONN_F32, 0, NULL);
	onn_node out[] = {onn_add_real(g, w, 1), onn_assign(g, w, onn_add_real(g, w, 2))};
	options.early = 3;
	check_error(onn_plan_create(&plan, device, g, out, 2, &options), ONN_ERROR_ARGUMENT,
	    "onn_plan_create: early is 3; expected at most the number of outputs, 2");
	options.early = 1;
	check_error(onn_plan_create(&plan, device, g, out, 2, &options), ONN_ERROR_ARGUMENT,
	    "output 1 is an assign; expected none in a plan of two parts");
	ck_assert_ptr_null(plan);
	onn_graph_destroy(g);
}
END_TEST

int main(void)
{
	device = open_test_device(NULL);
	int result = run_tests("plan_parts",
	    (const TTest *[]){part_0_gives_the_early_outputs_and_part_1_the_rest,
	        part_0_of_a_plan_of_one_part_is_all_of_it, wrong_parts_are_refused, NULL});
	onn_device_destroy(device);
	return result;
}
