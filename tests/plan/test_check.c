/* The check mode, on a device that is wrong on purpose: the reference, with one step spoilt. */
#include "testing.h"

#include <onn/plan.h>

#include "backend/backend.h"
#include "backend/reference/reference.h"

static const onn_backend *true_backend;
static onn_backend spoilt_backend;
static uint32_t spoilt_step;
static float spoilt_by;

/* The run of the reference, and then a wrong first number in what the spoilt step wrote. */
static onn_status run_and_spoil(
    onn_executable *executable, onn_buffer *const *buffers, uint32_t first, uint32_t count)
{
	onn_status status = true_backend->run(executable, buffers, first, count);
	const onn_schedule *s = executable->schedule;

	if (spoilt_step >= first && spoilt_step < first + count) {
		const onn_step *step = &s->step[spoilt_step];
		uint32_t out = step->kind == ONN_STEP_MATMUL
		                   ? step->u.matmul.c
		                   : step->u.pointwise.program.output[0].view.value;
		const onn_value *v = &s->value[out];
		onn_host_buffer *b = (onn_host_buffer *)buffers[v->memory];
		*(float *)(void *)(b->data + v->offset) += spoilt_by;
	}
	return status;
}

/* Runs sum(exp(a b)) with the given step wrong; the status of the run. */
static onn_status run_network(uint32_t wrong, float by)
{
	onn_device_options options = ONN_DEVICE_OPTIONS_INIT;
	onn_device *device;
	onn_graph *g;
	onn_plan *plan;
	onn_tensor *t[2];
	float data[12];
	onn_status status;

	options.check = true;
	check_ok(onn_device_create(&device, "reference", &options));
	true_backend = device->backend;
	spoilt_backend = *true_backend;
	spoilt_backend.run = run_and_spoil;
	device->backend = &spoilt_backend;
	spoilt_step = wrong;
	spoilt_by = by;

	check_ok(onn_graph_create(&g));
	onn_node a = onn_variable(g, "a", ONN_F32, 2, (size_t[]){3, 4});
	onn_node b = onn_variable(g, "b", ONN_F32, 2, (size_t[]){4, 3});
	onn_node y = onn_sum(g, onn_exp(g, onn_matmul(g, a, b)), (int[]){1}, 1, false);
	check_ok(onn_plan_create(&plan, device, g, &y, 1, NULL));
	ck_assert_uint_eq(onn_plan_steps(plan), 3);
	for (int i = 0; i < 12; i++)
		data[i] = 0.1f * (float)(i - 5);
	for (int i = 0; i < 2; i++) {
		check_ok(onn_tensor_create(
		    &t[i], device, ONN_F32, 2, i ? (size_t[]){4, 3} : (size_t[]){3, 4}));
		check_ok(onn_tensor_write(t[i], data, sizeof data));
		check_ok(onn_plan_bind(plan, i ? "b" : "a", t[i]));
	}
	status = onn_plan_run(plan);
	onn_plan_destroy(plan);
	onn_tensor_destroy(t[0]);
	onn_tensor_destroy(t[1]);
	onn_graph_destroy(g);
	onn_device_destroy(device);
	return status;
}

START_TEST(a_device_that_is_right_passes)
{
	check_ok(run_network(UINT32_MAX, 1));
	/* a rounding of single precision is no difference */
	check_ok(run_network(1, 1e-6f));
}
END_TEST

START_TEST(the_first_step_that_differs_is_named_with_its_numbers)
{
	check_error(run_network(0, 0.5f), ONN_ERROR_DEVICE, "onn_plan_run: step 0 (matmul");
	check_error(run_network(1, 0.5f), ONN_ERROR_DEVICE, "step 1 (exp)");
	check_error(run_network(2, -1.0f), ONN_ERROR_DEVICE, "step 2 (");
	check_error(run_network(1, NAN), ONN_ERROR_DEVICE, "number 0 of 9 (f32) is nan");
	check_error(run_network(1, INFINITY), ONN_ERROR_DEVICE, "is inf");
}
END_TEST

TESTS("check", a_device_that_is_right_passes, the_first_step_that_differs_is_named_with_its_numbers)
