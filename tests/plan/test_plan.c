/*
 * Plans on a device: state, views, memory that is used again, and random graphs that must give what
 * the reference gives. The device is ONN_TEST_DEVICE, or "c".
 */
#include "testing.h"

#include <onn/graph.h>
#include <onn/plan.h>

#include "device.h"

static onn_device *device, *reference;

static onn_tensor *tensor(
    onn_device *d, onn_type type, size_t ndim, const size_t *shape, const void *data)
{
	onn_tensor *t;
	check_ok(onn_tensor_create(&t, d, type, ndim, shape));
	if (data)
		check_ok(onn_tensor_write(t, data, onn_tensor_count(t) * onn_type_size(type)));
	return t;
}

static void read_f32(const onn_tensor *t, float *data)
{
	ck_assert_ptr_nonnull(t);
	check_ok(onn_tensor_read(data, t, onn_tensor_count(t) * sizeof *data));
}

START_TEST(assigns_see_the_values_from_before_the_run)
{
	/* a, b = b, a + b, and c takes the old a by way of a view */
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	onn_node a = onn_variable(g, "a", ONN_F32, 1, (size_t[]){3});
	onn_node b = onn_variable(g, "b", ONN_F32, 1, (size_t[]){3});
	onn_node c = onn_variable(g, "c", ONN_F32, 1, (size_t[]){3});
	onn_node out[] = {onn_assign(g, a, b), onn_assign(g, b, onn_add(g, a, b)),
	    onn_assign(g, c, onn_slice(g, a, 0, 2, 3, -1)), a};
	onn_plan *plan;
	check_ok(onn_plan_create(&plan, device, g, out, 4, NULL));
	onn_graph_destroy(g);
	onn_tensor *ta = tensor(device, ONN_F32, 1, (size_t[]){3}, (float[]){1, 2, 3});
	onn_tensor *tb = tensor(device, ONN_F32, 1, (size_t[]){3}, (float[]){10, 20, 30});
	onn_tensor *tc = tensor(device, ONN_F32, 1, (size_t[]){3}, NULL);
	check_ok(onn_plan_bind(plan, "a", ta));
	check_ok(onn_plan_bind(plan, "b", tb));
	check_error(onn_plan_run(plan), ONN_ERROR_ARGUMENT, "\"c\" has no tensor");
	check_ok(onn_plan_bind(plan, "c", tc));
	float wa[3] = {1, 2, 3}, wb[3] = {10, 20, 30}, wc[3], got[3];
	for (int run = 0; run < 3; run++) {
		check_ok(onn_plan_run(plan));
		read_f32(onn_plan_output(plan, 3), got);
		ck_assert_mem_eq(got, wa, sizeof got);
		for (int i = 0; i < 3; i++)
			wc[i] = wa[2 - i];
		for (int i = 0; i < 3; i++) {
			float old = wa[i];
			wa[i] = wb[i];
			wb[i] += old;
		}
		read_f32(ta, got);
		ck_assert_mem_eq(got, wa, sizeof got);
		read_f32(tb, got);
		ck_assert_mem_eq(got, wb, sizeof got);
		read_f32(tc, got);
		ck_assert_mem_eq(got, wc, sizeof got);
	}
	onn_plan_destroy(plan);
	onn_tensor_destroy(ta);
	onn_tensor_destroy(tb);
	onn_tensor_destroy(tc);
}
END_TEST

START_TEST(an_assigned_value_can_be_an_output_and_be_read_again)
{
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	onn_node w = onn_variable(g, "w", ONN_F32, 2, (size_t[]){2, 2});
	onn_node product = onn_matmul(g, w, w); /* reads all of the old w */
	onn_node next = onn_add(g, onn_mul_real(g, w, 0.5), product);
	onn_node out[] = {onn_assign(g, w, next), next, onn_sum(g, next, NULL, 0, false), next,
	    onn_transpose(g, next)};
	onn_plan *plan;
	check_ok(onn_plan_create(&plan, device, g, out, 5, NULL));
	onn_graph_destroy(g);
	onn_tensor *t = tensor(device, ONN_F32, 2, (size_t[]){2, 2}, (float[]){1, 2, 3, 4});
	check_ok(onn_plan_bind(plan, "w", t));
	check_ok(onn_plan_run(plan));
	const float expected[4] = {7.5f, 11, 16.5f, 24}, turned[4] = {7.5f, 16.5f, 11, 24};
	float got[4];
	read_f32(t, got);
	ck_assert_mem_eq(got, expected, sizeof got);
	read_f32(onn_plan_output(plan, 1), got);
	ck_assert_mem_eq(got, expected, sizeof got);
	read_f32(onn_plan_output(plan, 3), got);
	ck_assert_mem_eq(got, expected, sizeof got);
	read_f32(onn_plan_output(plan, 4), got);
	ck_assert_mem_eq(got, turned, sizeof got);
	read_f32(onn_plan_output(plan, 2), got);
	check_near(got[0], 59, 1e-4);
	ck_assert_ptr_null(onn_plan_output(plan, 0));
	ck_assert_ptr_null(onn_plan_output(plan, 5));
	onn_plan_destroy(plan);
	onn_tensor_destroy(t);
}
END_TEST

START_TEST(two_assigns_of_one_variable_are_refused)
{
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	onn_node w = onn_variable(g, "w", ONN_F32, 0, NULL);
	onn_node out[] = {
	    onn_assign(g, w, onn_add_real(g, w, 1)), onn_assign(g, w, onn_add_real(g, w, 2))};
	onn_plan *plan;
	check_error(onn_plan_create(&plan, device, g, out, 2, NULL), ONN_ERROR_ARGUMENT,
	    "both assign \"w\"");
	ck_assert_ptr_null(plan);
	onn_graph_destroy(g);
}
END_TEST

START_TEST(bindings_are_checked)
{
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	onn_node x = onn_variable(g, "x", ONN_F32, 1, (size_t[]){3});
	onn_variable(g, "unused", ONN_F32, 1, (size_t[]){3});
	onn_node y = onn_neg(g, x);
	onn_plan *plan;
	check_ok(onn_plan_create(&plan, device, g, &y, 1, NULL));
	onn_graph_destroy(g);
	onn_tensor *wrong = tensor(device, ONN_F32, 1, (size_t[]){4}, NULL);
	onn_tensor *elsewhere = tensor(reference, ONN_F32, 1, (size_t[]){3}, NULL);
	onn_tensor *right = tensor(device, ONN_F32, 1, (size_t[]){3}, NULL);
	check_error(onn_plan_bind(plan, "y", right), ONN_ERROR_ARGUMENT, "no variable \"y\"");
	check_error(
	    onn_plan_bind(plan, "x", wrong), ONN_ERROR_ARGUMENT, "[4] f32; expected [3] f32");
	check_error(onn_plan_bind(plan, "x", NULL), ONN_ERROR_ARGUMENT, "no tensor");
	check_error(onn_plan_bind(plan, "x", elsewhere), ONN_ERROR_ARGUMENT, "lives on reference");
	check_ok(onn_plan_bind(plan, "unused", right));
	check_ok(onn_plan_bind(plan, "x", right));
	check_ok(onn_plan_run(plan));
	onn_plan_destroy(plan);
	onn_tensor_destroy(wrong);
	onn_tensor_destroy(elsewhere);
	onn_tensor_destroy(right);
}
END_TEST

/* What steps ask of the device, and what the plan asks in all. */
static void check_work(const onn_plan *plan)
{
	const bool queue = strncmp(onn_device_name(device), "opencl-pure", 11) == 0;
	double bytes = 0, flops = 0;
	size_t launches = 0, steps = onn_plan_steps(plan);
	onn_step_work w;
	for (size_t i = 0; i < steps; i++) {
		check_ok(onn_plan_step_work(&w, plan, i));
		bytes += w.bytes;
		flops += w.flops;
		launches += w.launches;
	}
	check_near(flops, onn_plan_flops(plan), 1e-9 * flops);
	if (queue)
		ck_assert(launches >= steps && bytes > 0);
	else if (launches == 0)
		check_near(bytes, onn_plan_traffic(plan), 1e-9 * bytes);
	check_error(onn_plan_step_work(&w, plan, steps), ONN_ERROR_ARGUMENT, "expected less than");
}

START_TEST(temporaries_share_memory_by_lifetime)
{
	/* a chain of reductions and products that no fusion shortens: two or three of its 1 MiB
	 * values live at once, not forty */
	onn_graph *g;
	check_ok(onn_graph_create(&g));
	size_t n = 512;
	onn_node x = onn_variable(g, "x", ONN_F32, 2, (size_t[]){n, n});
	for (int i = 0; i < 40; i++)
		x = onn_sub(g, x, onn_mean(g, onn_sin(g, x), (int[]){i % 2}, 1, true));
	onn_node y = onn_sum(g, x, NULL, 0, false);
	onn_plan *plan;
	check_ok(onn_plan_create(&plan, device, g, &y, 1, NULL));
	onn_graph_destroy(g);
	ck_assert_uint_le(onn_plan_bytes(plan), 4 * n * n * sizeof(float));
	char *text = onn_plan_describe(plan);
	ck_assert_ptr_nonnull(text);
	ck_assert_msg(strstr(text, "flops") && strstr(text, "reduce"), "%s", text);
	onn_free(text);
	check_work(plan);
	onn_plan_destroy(plan);
}
END_TEST

/* ---- random graphs ---- */

static uint64_t state;

static unsigned roll(unsigned n)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(state >> 33) % n;
}

enum { POOL = 48, VARIABLES = 4, ROWS = 6, COLS = 5 };

/* [rows, columns, 2] of two */
static onn_node pair(onn_graph *g, onn_node a, onn_node b)
{
	size_t column[] = {ROWS, COLS, 1};
	onn_node part[] = {onn_reshape(g, a, 3, column), onn_reshape(g, b, 3, column)};
	return onn_concat(g, part, 2, 2);
}

/* A node from nodes that exist; every value stays near 1 in size, so that comparisons mean
 * something. */
static onn_node grow(onn_graph *g, const onn_node *pool, size_t n)
{
	onn_node a = pool[roll((unsigned)n)], b = pool[roll((unsigned)n)];
	switch (roll(16)) {
	case 0:
		return onn_sin(g, onn_add(g, a, b));
	case 1:
		return onn_mul(g, a, onn_tanh(g, b));
	case 2:
		return onn_sub(g, a, onn_mean(g, b, (int[]){(int)roll(2)}, 1, true));
	case 3:
		return onn_div(g, a, onn_add_real(g, onn_square(g, b), 1));
	case 4:
		return onn_tanh(g, onn_matmul(g, a, onn_matmul_op(g, b, ONN_T, a, ONN_N)));
	case 5:
		return onn_roll(g, a, (int)roll(2), 1 + (ptrdiff_t)roll(4));
	case 6:
		return onn_cos(g, onn_reshape(g, onn_transpose(g, a), 2, (size_t[]){ROWS, COLS}));
	case 7:
		return onn_slice(g, onn_pad(g, a, 0, 2, 3), 0, 1 + roll(4), ROWS, 1);
	case 8:
		return onn_select(g, onn_less(g, a, b), a, onn_neg(g, b));
	case 9:
		return onn_max(g, a, onn_stop(g, b));
	case 10:
		return onn_exp(g, onn_neg(g, onn_square(g, a)));
	case 11:
		return onn_real(g, onn_mul(g, onn_complex(g, a, b), onn_expi(g, b)));
	case 12:
		return onn_sub(g, onn_reduce_max(g, a, (int[]){1}, 1, true),
		    onn_slice(g, b, 1, COLS - 1, COLS, -1));
	case 13:
		return onn_take(
		    g, a, onn_slice(g, onn_iota(g, ONN_I32, 2 * ROWS), 0, roll(ROWS), ROWS, 1));
	case 14:
		return onn_logsumexp(g, pair(g, a, b), 2);
	default:
		return onn_sinc(g, onn_mul_real(g, a, 3));
	}
}

typedef struct run {
	onn_plan *plan;
	onn_tensor *variable[VARIABLES];
} run;

static const char *const name[VARIABLES] = {"v0", "v1", "v2", "v3"};

static run start(
    onn_device *d, const onn_graph *g, const onn_node *out, size_t count, onn_type type)
{
	run r;
	check_ok(onn_plan_create(&r.plan, d, g, out, count, NULL));
	for (int v = 0; v < VARIABLES; v++) {
		double wide[ROWS * COLS];
		float narrow[ROWS * COLS];
		for (int i = 0; i < ROWS * COLS; i++)
			narrow[i] = (float)(wide[i] = (float)sin(1.0 + v + 1.7 * i));
		r.variable[v] = tensor(d, type, 2, (size_t[]){ROWS, COLS},
		    type == ONN_F64 ? (const void *)wide : narrow);
		check_ok(onn_plan_bind(r.plan, name[v], r.variable[v]));
	}
	return r;
}

static void stop(run *r)
{
	onn_plan_destroy(r->plan);
	for (int v = 0; v < VARIABLES; v++)
		onn_tensor_destroy(r->variable[v]);
}

static void compare(
    const onn_tensor *a, const onn_tensor *b, double tolerance, unsigned seed, const char *what)
{
	onn_array *raw_a, *raw_b, *x, *y;
	check_ok(onn_tensor_to_array(&raw_a, a));
	check_ok(onn_tensor_to_array(&raw_b, b));
	check_ok(onn_array_convert(&x, raw_a, ONN_F64));
	check_ok(onn_array_convert(&y, raw_b, ONN_F64));
	const double *p = onn_array_const_data(x), *q = onn_array_const_data(y);
	double size = 1;
	for (size_t i = 0; i < onn_array_count(y); i++)
		size = fmax(size, fabs(q[i]));
	for (size_t i = 0; i < onn_array_count(x); i++)
		ck_assert_msg(fabs(p[i] - q[i]) <= tolerance * size,
		    "graph %u, %s: element %zu is %.17g, the reference says %.17g", seed, what, i,
		    p[i], q[i]);
	onn_array_destroy(raw_a);
	onn_array_destroy(raw_b);
	onn_array_destroy(x);
	onn_array_destroy(y);
}

/* Twelve random nodes, their gradients, and assigns to half of the variables; three runs in a row.
 */
static void random_graph(unsigned seed, onn_type type, double tolerance)
{
	onn_graph *g;
	state = seed;
	check_ok(onn_graph_create(&g));
	onn_node pool[POOL], out[12], grad[2];
	size_t n = 0, nout = 0;
	for (int v = 0; v < VARIABLES; v++)
		pool[n++] = onn_variable(g, name[v], type, 2, (size_t[]){ROWS, COLS});
	while (n < VARIABLES + 12) {
		pool[n] = grow(g, pool, n);
		n++;
	}
	onn_node loss = onn_mean(g, onn_square(g, pool[n - 1]), NULL, 0, false);
	check_ok(onn_gradient(grad, g, loss, ONN_NULL_NODE, pool, 2));
	out[nout++] = loss;
	out[nout++] = grad[0];
	out[nout++] = grad[1];
	out[nout++] = pool[n - 2];
	out[nout++] = pool[n - 1 - roll(6)];
	out[nout++] =
	    onn_assign(g, pool[0], onn_sub(g, pool[0], onn_mul_real(g, onn_tanh(g, grad[0]), 0.1)));
	out[nout++] = onn_assign(g, pool[1], pool[n - 1 - roll(8)]);
	out[nout++] = onn_assign(g, pool[2], pool[roll(4)]);
	run a = start(device, g, out, nout, type), b = start(reference, g, out, nout, type);
	onn_graph_destroy(g);
	for (int repeat = 0; repeat < 3; repeat++) {
		check_ok(onn_plan_run(a.plan));
		check_ok(onn_plan_run(b.plan));
		for (size_t i = 0; i < nout; i++)
			if (onn_plan_output(b.plan, i))
				compare(onn_plan_output(a.plan, i), onn_plan_output(b.plan, i),
				    tolerance, seed, "output");
		for (int v = 0; v < VARIABLES; v++) {
			compare(a.variable[v], b.variable[v], tolerance, seed, name[v]);
			/* from the same place again, so that chaotic graphs do not drift apart */
			onn_array *state_of;
			check_ok(onn_tensor_to_array(&state_of, b.variable[v]));
			check_ok(onn_tensor_write(a.variable[v], onn_array_const_data(state_of),
			    onn_array_count(state_of) * onn_type_size(type)));
			onn_array_destroy(state_of);
		}
	}
	stop(&a);
	stop(&b);
}

/* Divisions and maxima that tie can amplify rounding: a thousand roundings of 1e-16 */
START_TEST(random_graphs_agree_with_the_reference_in_f64)
{
	if (!onn_device_supports(device, ONN_F64)) {
		printf("skipped: f64 random graphs: no fp64 on this device\n");
		return;
	}
	/* kernels take a compiler some tenths of a second each */
	bool compiled = strncmp(onn_device_name(device), "opencl-pure", 11) == 0;
	for (unsigned seed = 1; seed <= (compiled ? 8 : 150); seed++)
		random_graph(seed, ONN_F64, 1e-10);
}
END_TEST

int main(void)
{
	device = open_test_device(NULL);
	if (onn_device_create(&reference, "reference", NULL) != ONN_OK)
		return 1;
	int result =
	    run_tests("plan", (const TTest *[]){assigns_see_the_values_from_before_the_run,
	                          an_assigned_value_can_be_an_output_and_be_read_again,
	                          two_assigns_of_one_variable_are_refused, bindings_are_checked,
	                          temporaries_share_memory_by_lifetime,
	                          random_graphs_agree_with_the_reference_in_f64, NULL});
	onn_device_destroy(device);
	onn_device_destroy(reference);
	return result;
}
