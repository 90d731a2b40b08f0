/*
 * Buffers of runs on ONN_TEST_DEVICE: in any order of creation, bound twice, bound anew while runs
 * are under way, and the user's own OpenCL objects among them.
 */
#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>

#include "testing.h"

#include <stdatomic.h>
#include <time.h>

#include <onn/graph.h>
#include <onn/opencl.h>
#include <onn/plan.h>

#include "device.h"

static onn_device *device;

enum { NAMES = 6, LENGTH = 1000 };

/* y = sum over k of (k + 1) x_k, from a plan over NAMES variables. */
static onn_plan *weighted_sum(onn_device *on)
{
	onn_graph *g;
	onn_plan *plan;
	onn_node y = ONN_NULL_NODE;
	const size_t shape[] = {LENGTH};
	char name[16];

	check_ok(onn_graph_create(&g));
	for (int k = 0; k < NAMES; k++) {
		snprintf(name, sizeof name, "x%d", k);
		onn_node x = onn_variable(g, name, ONN_F32, 1, shape);
		x = onn_mul_real(g, x, k + 1);
		y = k ? onn_add(g, y, x) : x;
	}
	check_ok(onn_plan_create(&plan, on, g, &y, 1, NULL));
	onn_graph_destroy(g);
	return plan;
}

static onn_tensor *filled(onn_device *on, float value)
{
	onn_tensor *t;
	float data[LENGTH];
	const size_t shape[] = {LENGTH};

	for (int i = 0; i < LENGTH; i++)
		data[i] = value;
	check_ok(onn_tensor_create(&t, on, ONN_F32, 1, shape));
	check_ok(onn_tensor_write(t, data, sizeof data));
	return t;
}

static void bind(onn_plan *plan, int k, onn_tensor *t)
{
	char name[16];

	snprintf(name, sizeof name, "x%d", k);
	check_ok(onn_plan_bind(plan, name, t));
}

/* Every element of the plan's output is value, to the bit: small whole numbers. */
static void check_output(const onn_plan *plan, float value)
{
	float data[LENGTH];

	check_ok(onn_tensor_read(data, onn_plan_output(plan, 0), sizeof data));
	for (int i = 0; i < LENGTH; i++)
		ck_assert_msg(
		    data[i] == value, "element %d is %g, not %g", i, data[i], (double)value);
}

static void next_permutation(int *order, unsigned *state)
{
	for (int i = NAMES - 1; i > 0; i--) {
		*state = *state * 1664525u + 1013904223u;
		int j = (int)((*state >> 16) % (unsigned)(i + 1));
		int swap = order[i];
		order[i] = order[j];
		order[j] = swap;
	}
}

START_TEST(buffers_may_be_bound_in_any_order_of_creation)
{
	onn_plan *plan = weighted_sum(device);
	onn_tensor *t[NAMES];
	int order[NAMES];
	unsigned state = 1;

	for (int k = 0; k < NAMES; k++) {
		t[k] = filled(device, (float)(10 * k * k + 1));
		order[k] = k;
	}
	for (int round = 0; round < 40; round++) {
		float expected = 0;
		next_permutation(order, &state);
		for (int k = 0; k < NAMES; k++) {
			bind(plan, k, t[order[k]]);
			expected += (float)((k + 1) * (10 * order[k] * order[k] + 1));
		}
		check_ok(onn_plan_run(plan));
		check_output(plan, expected);
	}
	onn_plan_destroy(plan);
	for (int k = 0; k < NAMES; k++)
		onn_tensor_destroy(t[k]);
}
END_TEST

START_TEST(one_buffer_may_be_bound_to_many_names)
{
	onn_plan *plan = weighted_sum(device);
	onn_tensor *a = filled(device, 3), *b = filled(device, 5);

	for (int k = 0; k < NAMES; k++)
		bind(plan, k, k % 2 ? a : b);
	check_ok(onn_plan_run(plan));
	check_output(plan, 3 * (2 + 4 + 6) + 5 * (1 + 3 + 5));
	for (int k = 0; k < NAMES; k++)
		bind(plan, k, a);
	check_ok(onn_plan_run(plan));
	check_output(plan, 3 * 21);
	onn_plan_destroy(plan);
	onn_tensor_destroy(a);
	onn_tensor_destroy(b);
}
END_TEST

START_TEST(a_new_binding_does_not_reach_runs_under_way)
{
	onn_graph *g;
	onn_plan *plan;
	onn_tensor *total, *x[8];
	const size_t shape[] = {LENGTH};
	float data[LENGTH], expected = 0;

	/* total := total + x, with another x each run and nothing that waits */
	check_ok(onn_graph_create(&g));
	onn_node sum = onn_variable(g, "total", ONN_F32, 1, shape);
	onn_node y = onn_assign(g, sum, onn_add(g, sum, onn_variable(g, "x", ONN_F32, 1, shape)));
	check_ok(onn_plan_create(&plan, device, g, &y, 1, NULL));
	onn_graph_destroy(g);
	total = filled(device, 0);
	check_ok(onn_plan_bind(plan, "total", total));
	for (int k = 0; k < 8; k++)
		x[k] = filled(device, (float)(1 << k));
	for (int i = 0; i < 200; i++) {
		check_ok(onn_plan_bind(plan, "x", x[i * 5 % 8]));
		check_ok(onn_plan_run(plan));
		expected += (float)(1 << (i * 5 % 8));
	}
	check_ok(onn_tensor_read(data, total, sizeof data));
	for (int i = 0; i < LENGTH; i++)
		ck_assert_float_eq(data[i], expected);
	onn_plan_destroy(plan);
	onn_tensor_destroy(total);
	for (int k = 0; k < 8; k++)
		onn_tensor_destroy(x[k]);
}
END_TEST

START_TEST(a_buffer_starts_as_zeros_and_may_be_empty)
{
	onn_tensor *t;
	float data[LENGTH];

	for (int i = 0; i < LENGTH; i++)
		data[i] = 1;
	check_ok(onn_tensor_create(&t, device, ONN_F32, 1, (size_t[]){LENGTH}));
	check_ok(onn_tensor_read(data, t, sizeof data));
	for (int i = 0; i < LENGTH; i++)
		ck_assert_float_eq(data[i], 0);
	onn_tensor_destroy(t);
	check_ok(onn_tensor_create(&t, device, ONN_F32, 1, (size_t[]){0}));
	check_ok(onn_tensor_read(data, t, 0));
	onn_tensor_destroy(t);
}
END_TEST

START_TEST(a_buffer_larger_than_the_device_is_an_error)
{
	onn_tensor *t = NULL;

	check_error(onn_tensor_create(&t, device, ONN_F32, 1, (size_t[]){(size_t)1 << 52}),
	    ONN_ERROR_MEMORY, "onn_tensor_create");
	ck_assert_ptr_null(t);
}
END_TEST

/* ---- the user's own objects ---- */

typedef struct mine {
	cl_context context;
	cl_device_id id;
	cl_command_queue queue;
} mine;

/* A context and queue of this test's own for the device under test. */
static mine make_mine(cl_command_queue_properties properties)
{
	mine m;
	cl_command_queue its;
	cl_int code;

	check_ok(onn_opencl_queue(&its, device));
	ck_assert_int_eq(clGetCommandQueueInfo(its, CL_QUEUE_DEVICE, sizeof m.id, &m.id, NULL), 0);
	m.context = clCreateContext(NULL, 1, &m.id, NULL, NULL, &code);
	ck_assert_int_eq(code, CL_SUCCESS);
	m.queue = clCreateCommandQueue(m.context, m.id, properties, &code);
	ck_assert_int_eq(code, CL_SUCCESS);
	return m;
}

static void release_mine(const mine *m)
{
	clReleaseCommandQueue(m->queue);
	clReleaseContext(m->context);
}

static cl_mem buffer_of(const mine *m, float value)
{
	float data[LENGTH];
	cl_int code;

	for (int i = 0; i < LENGTH; i++)
		data[i] = value;
	cl_mem memory = clCreateBuffer(
	    m->context, CL_MEM_READ_WRITE | CL_MEM_COPY_HOST_PTR, sizeof data, data, &code);
	ck_assert_int_eq(code, CL_SUCCESS);
	return memory;
}

/*
 * When a buffer of the user's has died. Its reference count would not tell: a driver's own threads
 * hold references to what their last commands used, for as long as they like.
 */
static atomic_bool died;

static void CL_CALLBACK note_death(cl_mem memory, void *flag)
{
	(void)memory;
	atomic_store((atomic_bool *)flag, true);
}

static bool dies_in_the_end(void)
{
	const struct timespec wait = {.tv_nsec = 1000000};

	for (int k = 0; k < 10000 && !atomic_load(&died); k++)
		nanosleep(&wait, NULL);
	return atomic_load(&died);
}

START_TEST(a_users_context_queue_and_buffers_work_with_ours)
{
	mine m = make_mine(0);
	onn_device *over;
	onn_tensor *t[NAMES];
	cl_mem memory[NAMES], out;
	float data[LENGTH], expected = 0;
	size_t offset;

	/* theirs and ours by turns, so that neither order of creation is that of the wrapping */
	for (int k = 0; k < NAMES; k++)
		memory[k] = buffer_of(&m, (float)(k * k + 1));
	check_ok(onn_opencl_device(&over, m.context, m.id, m.queue, NULL));
	onn_plan *plan = weighted_sum(over);
	for (int k = 0; k < NAMES; k++) {
		int from = (k * 5 + 3) % NAMES;
		if (k % 2)
			t[k] = filled(over, (float)(from * from + 1));
		else
			check_ok(onn_opencl_tensor(
			    &t[k], over, memory[from], ONN_F32, 1, (size_t[]){LENGTH}));
		bind(plan, k, t[k]);
		expected += (float)((k + 1) * (from * from + 1));
	}
	check_ok(onn_plan_run(plan));
	check_output(plan, expected);
	/* the user's write, our run and the user's read, in one queue */
	for (int i = 0; i < LENGTH; i++)
		data[i] = 100;
	ck_assert_int_eq(
	    clEnqueueWriteBuffer(m.queue, memory[3], CL_FALSE, 0, sizeof data, data, 0, NULL, NULL),
	    0);
	check_ok(onn_plan_run(plan));
	check_ok(onn_opencl_buffer(&out, &offset, onn_plan_output(plan, 0)));
	ck_assert_int_eq(
	    clEnqueueReadBuffer(m.queue, out, CL_TRUE, offset, sizeof data, data, 0, NULL, NULL),
	    0);
	for (int i = 0; i < LENGTH; i++)
		ck_assert_float_eq(data[i], expected + (100 - 10));
	/* a wrapped buffer lives while the user or our tensor holds it, and no longer */
	atomic_store(&died, false);
	ck_assert_int_eq(clSetMemObjectDestructorCallback(memory[3], note_death, &died), 0);
	for (int k = 0; k < NAMES; k++)
		clReleaseMemObject(memory[k]);
	check_ok(onn_plan_run(plan));
	check_output(plan, expected + (100 - 10));
	onn_plan_destroy(plan);
	ck_assert_int_eq(clFinish(m.queue), 0);
	ck_assert(!atomic_load(&died));
	for (int k = 0; k < NAMES; k++)
		onn_tensor_destroy(t[k]);
	ck_assert_msg(dies_in_the_end(), "a tensor keeps its user's buffer after its own end");
	onn_device_destroy(over);
	release_mine(&m);
}
END_TEST

START_TEST(one_user_buffer_may_be_wrapped_twice)
{
	mine m = make_mine(0);
	onn_device *over;
	onn_tensor *t[2];
	cl_mem memory = buffer_of(&m, 2);

	check_ok(onn_opencl_device(&over, m.context, m.id, m.queue, NULL));
	onn_plan *plan = weighted_sum(over);
	for (int i = 0; i < 2; i++)
		check_ok(onn_opencl_tensor(&t[i], over, memory, ONN_F32, 1, (size_t[]){LENGTH}));
	for (int k = 0; k < NAMES; k++)
		bind(plan, k, t[k % 2]);
	check_ok(onn_plan_run(plan));
	check_output(plan, 2 * 21);
	onn_plan_destroy(plan);
	onn_tensor_destroy(t[0]);
	onn_tensor_destroy(t[1]);
	onn_device_destroy(over);
	clReleaseMemObject(memory);
	release_mine(&m);
}
END_TEST

START_TEST(wrong_objects_of_the_users_are_errors)
{
	mine m = make_mine(0), other = make_mine(0);
	onn_device *over = NULL, *plain;
	onn_device_options profile = ONN_DEVICE_OPTIONS_INIT;
	onn_tensor *t = NULL;
	cl_mem memory = buffer_of(&m, 1), foreign = buffer_of(&other, 1);
	cl_command_queue queue;
	cl_int code;

	profile.profile = true;
	check_error(onn_opencl_device(&over, m.context, m.id, other.queue, NULL),
	    ONN_ERROR_ARGUMENT, "another context");
	check_error(
	    onn_opencl_device(&over, NULL, m.id, m.queue, NULL), ONN_ERROR_ARGUMENT, "context");
	check_error(onn_opencl_device(&over, m.context, m.id, m.queue, &profile),
	    ONN_ERROR_ARGUMENT, "CL_QUEUE_PROFILING_ENABLE");
	ck_assert_ptr_null(over);
	queue =
	    clCreateCommandQueue(m.context, m.id, CL_QUEUE_OUT_OF_ORDER_EXEC_MODE_ENABLE, &code);
	if (queue) { /* some drivers have none */
		check_error(onn_opencl_device(&over, m.context, m.id, queue, NULL),
		    ONN_ERROR_ARGUMENT, "out of order");
		clReleaseCommandQueue(queue);
	}
	check_ok(onn_opencl_device(&over, m.context, m.id, m.queue, NULL));
	check_error(onn_opencl_tensor(&t, over, foreign, ONN_F32, 1, (size_t[]){LENGTH}),
	    ONN_ERROR_ARGUMENT, "another context");
	check_error(onn_opencl_tensor(&t, over, memory, ONN_F32, 1, (size_t[]){LENGTH + 1}),
	    ONN_ERROR_ARGUMENT, "4004");
	check_error(
	    onn_opencl_tensor(&t, over, memory, (onn_type)77, 0, NULL), ONN_ERROR_ARGUMENT, "type");
	check_ok(onn_device_create(&plain, "reference", NULL));
	check_error(onn_opencl_tensor(&t, plain, memory, ONN_F32, 0, NULL), ONN_ERROR_ARGUMENT,
	    "reference");
	check_error(onn_opencl_queue(&queue, plain), ONN_ERROR_ARGUMENT, "reference");
	ck_assert_ptr_null(t);
	onn_device_destroy(plain);
	onn_device_destroy(over);
	clReleaseMemObject(memory);
	clReleaseMemObject(foreign);
	release_mine(&m);
	release_mine(&other);
}
END_TEST

int main(void)
{
	device = open_test_device(NULL);
	int result = run_tests("opencl buffers",
	    (const TTest *[]){buffers_may_be_bound_in_any_order_of_creation,
	        one_buffer_may_be_bound_to_many_names, a_new_binding_does_not_reach_runs_under_way,
	        a_buffer_starts_as_zeros_and_may_be_empty,
	        a_buffer_larger_than_the_device_is_an_error,
	        a_users_context_queue_and_buffers_work_with_ours,
	        one_user_buffer_may_be_wrapped_twice, wrong_objects_of_the_users_are_errors, NULL});
	onn_device_destroy(device);
	return result;
}
