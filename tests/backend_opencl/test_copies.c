/*
 * Plans of several copies on ONN_TEST_DEVICE: each comes to what a plan of its own does, to the
 * bit, and a run of all has as many launches as that of one.
 */
#include "kernels.h"

#include <onn/convolution.h>
#include <onn/fourier.h>

#include "plan/copies.h"
#include "steps.h"

enum { COPIES = 3, RUNS = 2, MOST = 12 };

/* A variable of the graph; its numbers are drawn anew for each copy that has its own. */
typedef struct variable {
	const char *name;
	onn_type type;
	size_t ndim, shape[4];
	bool shared;
	double low, high;
} variable;

static const variable variables[] = {
    {"all", ONN_F32, 2, {50, 40}, true, -1, 1},
    {"index", ONN_I32, 1, {30}, false, 0, 50},
    {"b", ONN_F32, 2, {40, 24}, false, -1, 1},
    {"moment", ONN_F32, 2, {40, 24}, false, -1, 1},
    {"wide", ONN_F32, 1, {40000}, false, -1, 1},
    {"sum", ONN_F32, 0, {0}, false, 0, 1},
    {"rows", ONN_I32, 1, {700}, false, -3, 90},
    {"updates", ONN_F32, 2, {700, 3}, false, -1, 1},
    {"scattered", ONN_F32, 2, {80, 3}, false, -1, 1},
    {"step", ONN_U32, 0, {0}, false, 5, 6},
    {"drawn", ONN_F32, 1, {500}, false, 0, 1},
};
static const variable images[] = {
    {"x", ONN_F32, 4, {2, 3, 9, 8}, true, -1, 1},
    {"w", ONN_F32, 4, {4, 3, 3, 3}, false, -1, 1},
    {"y", ONN_F32, 4, {2, 4, 7, 6}, false, -1, 1},
};
static const char *const shared[] = {"all", "x", NULL};

static onn_node leaf(onn_graph *g, const variable *all, const char *name)
{
	while (strcmp(all->name, name) != 0)
		all++;
	return onn_variable(g, all->name, all->type, all->ndim, all->shape);
}

/* A product of gathered rows, what follows it and its weights; a sum in parts; a sorted scatter;
 * random numbers. */
static size_t build_steps(onn_node *out, onn_graph *g, uint64_t seed)
{
	onn_node b = leaf(g, variables, "b"), moment = leaf(g, variables, "moment");
	onn_node step = leaf(g, variables, "step"), wide = leaf(g, variables, "wide");
	onn_node x = onn_take(g, leaf(g, variables, "all"), leaf(g, variables, "index"));
	onn_node y = onn_tanh(g, onn_matmul(g, x, b)), grad;
	size_t n = 0, drawn = 500;

	check_ok(onn_gradient(
	    &grad, g, onn_sum(g, onn_square(g, y), NULL, 0, false), ONN_NULL_NODE, &b, 1));
	onn_node m = onn_add(g, onn_mul_real(g, moment, .9), onn_mul_real(g, grad, .1));
	out[n++] = onn_assign(g, moment, m);
	out[n++] = onn_assign(g, b, onn_sub(g, b, onn_mul_real(g, m, .01)));
	out[n++] =
	    onn_assign(g, leaf(g, variables, "sum"), onn_sum(g, onn_sin(g, wide), NULL, 0, false));
	out[n++] = onn_assign(g, leaf(g, variables, "scattered"),
	    onn_scatter_add(g, leaf(g, variables, "rows"), leaf(g, variables, "updates"), 80));
	onn_node u = onn_random_uniform(g, ONN_F32, 1, &drawn, seed, 7, step);
	out[n++] = onn_assign(g, leaf(g, variables, "drawn"), u);
	out[n++] = onn_assign(g, step, onn_add(g, step, onn_scalar(g, ONN_U32, 1)));
	return n;
}

/* By kernels that are launched for each copy. */
static size_t build_images(onn_node *out, onn_graph *g, uint64_t seed)
{
	onn_convolution c = ONN_CONVOLUTION_INIT;
	onn_node w = leaf(g, images, "w"), grad;
	onn_node y = onn_conv2d(g, leaf(g, images, "x"), w, &c);

	(void)seed;
	check_ok(onn_gradient(
	    &grad, g, onn_sum(g, onn_square(g, y), NULL, 0, false), ONN_NULL_NODE, &w, 1));
	out[0] = onn_assign(g, leaf(g, images, "y"), y);
	out[1] = onn_assign(g, w, onn_sub(g, w, onn_mul_real(g, grad, .01)));
	return 2;
}

typedef struct scene {
	const variable *variable;
	size_t count;
	size_t (*build)(onn_node *out, onn_graph *g, uint64_t seed);
} scene;

static void fill(onn_tensor *t, const variable *v, size_t number, size_t copy)
{
	const size_t n = onn_tensor_count(t);
	uint32_t *words = calloc(n + 1, sizeof *words);

	for (size_t i = 0; i < n; i++) {
		double x = trial_number((int)(number + 20 * copy), i, v->low, v->high);
		const float single = (float)x;
		const int32_t whole = (int32_t)floor(x);
		memcpy(&words[i], v->type == ONN_F32 ? (const void *)&single : &whole, 4);
	}
	check_ok(onn_tensor_write(t, words, 4 * n));
	free(words);
}

/* What copies from `first` on leave in their variables; the launches of a run, where asked for. */
static onn_status run_copies(
    uint32_t **words, size_t *launches, const scene *s, size_t first, size_t copies, uint64_t seed)
{
	onn_tensor **t[MOST];
	onn_node out[MOST];
	onn_graph *g;
	onn_plan *plan;

	check_ok(onn_graph_create(&g));
	const size_t n = s->build(out, g, seed + first);
	onn_status status =
	    onn_plan_create_copies(&plan, device, g, out, n, &(onn_plan_copies){copies, shared});
	onn_graph_destroy(g);
	if (status)
		return status;
	for (size_t i = 0; i < s->count; i++) {
		const variable *v = &s->variable[i];
		const size_t own = v->shared ? 1 : copies;
		check_ok(onn_copies_create(&t[i], own, device, v->type, v->ndim, v->shape));
		for (size_t k = 0; k < own; k++)
			fill(t[i][k], v, i, v->shared ? 0 : first + k);
		check_ok(onn_plan_bind(plan, v->name, t[i][0]));
	}
	for (int i = 0; i < RUNS; i++)
		check_ok(onn_plan_run(plan));
	for (size_t i = 0; i < s->count; i++) {
		const size_t own = s->variable[i].shared ? 1 : copies;
		for (size_t k = 0; k < copies; k++) {
			onn_tensor *x = t[i][k % own];
			const size_t bytes = 4 * onn_tensor_count(x);
			words[i * COPIES + first + k] = malloc(bytes + 1);
			check_ok(onn_tensor_read(words[i * COPIES + first + k], x, bytes));
		}
		onn_copies_destroy(t[i], own);
	}
	if (launches)
		*launches = launches_of(plan);
	onn_plan_destroy(plan);
	return ONN_OK;
}

static size_t numbers_of(const variable *v)
{
	size_t n = 1;

	for (size_t d = 0; d < v->ndim; d++)
		n *= v->shape[d];
	return n;
}

/* Whether the device takes them; then they are as they should be. */
static bool check_copies(const scene *s, size_t *together, size_t *alone)
{
	/* whose low half overflows from copy to copy */
	const uint64_t seed = 0x1fffffffeull;
	uint32_t *a[MOST * COPIES], *b[MOST * COPIES];
	onn_status status = run_copies(a, together, s, 0, COPIES, seed);

	if (status) {
		ck_assert_int_eq(status, ONN_ERROR_UNSUPPORTED);
		ck_assert(((const onn_cl_device *)device)->native);
		return false;
	}
	for (size_t k = 0; k < COPIES; k++)
		check_ok(run_copies(b, alone, s, k, 1, seed));
	for (size_t i = 0; i < s->count; i++)
		for (size_t k = 0; k < COPIES; k++) {
			const size_t at = i * COPIES + k, n = numbers_of(&s->variable[i]);
			ck_assert_msg(memcmp(a[at], b[at], 4 * n) == 0,
			    "copy %zu has another %s than alone", k, s->variable[i].name);
			free(a[at]);
			free(b[at]);
		}
	return true;
}

START_TEST(copies_have_the_bits_of_each_alone_and_the_launches_of_one)
{
	const scene s = {variables, COUNT(variables), build_steps};
	size_t together, alone;

	if (check_copies(&s, &together, &alone))
		ck_assert_uint_eq(together, alone);
}
END_TEST

START_TEST(kernels_that_are_no_groups_work_are_launched_for_each_copy)
{
	const scene s = {images, COUNT(images), build_images};
	size_t together, alone;

	if (check_copies(&s, &together, &alone))
		ck_assert_uint_ge(together, alone);
}
END_TEST

START_TEST(copies_of_transforms_and_of_outputs_are_refused)
{
	const onn_plan_copies two = {2, shared};
	onn_graph *g;
	onn_plan *plan;

	if (((const onn_cl_device *)device)->native)
		return;
	check_ok(onn_graph_create(&g));
	onn_node x = onn_variable(g, "field", ONN_C64, 2, (size_t[]){12, 10});
	onn_node stored = onn_assign(g, x, onn_fft2(g, x));
	check_error(onn_plan_create_copies(&plan, device, g, &stored, 1, &two),
	    ONN_ERROR_UNSUPPORTED, "transforms");
	onn_node y = onn_add(g, x, x);
	check_error(onn_plan_create_copies(&plan, device, g, &y, 1, &two), ONN_ERROR_UNSUPPORTED,
	    "expected assigns");
	onn_graph_destroy(g);
}
END_TEST

int main(void)
{
	setenv("ONN_OPENCL_MERGE", "1", 1); /* on processors, too */
	return run_kernel_tests("opencl copies",
	    (const TTest *[]){copies_have_the_bits_of_each_alone_and_the_launches_of_one,
	        kernels_that_are_no_groups_work_are_launched_for_each_copy,
	        copies_of_transforms_and_of_outputs_are_refused, NULL});
}
