/*
 * A device that hangs: its launches never end, and calls that wait for them never return. The
 * functions here stand before the library's; time passes as they say. On ONN_TEST_DEVICE.
 */
#include "kernels.h"

#include <stdatomic.h>
#include <time.h>

#include "backend/opencl/opencl_backend.h"

static atomic_bool hangs;
static atomic_int calls; /* of the driver, since it hangs */

static void wait_for_ever(void)
{
	while (atomic_load(&hangs))
		nanosleep(&(struct timespec){0, 1000000}, NULL);
}

cl_int __real_clWaitForEvents(cl_uint count, const cl_event *list);
cl_int __wrap_clWaitForEvents(cl_uint count, const cl_event *list);
cl_int __wrap_clWaitForEvents(cl_uint count, const cl_event *list)
{
	if (atomic_load(&hangs))
		wait_for_ever();
	return __real_clWaitForEvents(count, list);
}

cl_int __real_clFinish(cl_command_queue queue);
cl_int __wrap_clFinish(cl_command_queue queue);
cl_int __wrap_clFinish(cl_command_queue queue)
{
	if (atomic_load(&hangs))
		wait_for_ever();
	return __real_clFinish(queue);
}

cl_int __real_clGetEventInfo(
    cl_event event, cl_event_info what, size_t room, void *value, size_t *size);
cl_int __wrap_clGetEventInfo(
    cl_event event, cl_event_info what, size_t room, void *value, size_t *size);
cl_int __wrap_clGetEventInfo(
    cl_event event, cl_event_info what, size_t room, void *value, size_t *size)
{
	if (atomic_load(&hangs) && what == CL_EVENT_COMMAND_EXECUTION_STATUS) {
		*(cl_int *)value = CL_RUNNING;
		return CL_SUCCESS;
	}
	return __real_clGetEventInfo(event, what, room, value, size);
}

#define COUNTED(name, type)                                                                        \
	cl_int __real_##name(type object);                                                         \
	cl_int __wrap_##name(type object);                                                         \
	cl_int __wrap_##name(type object)                                                          \
	{                                                                                          \
		atomic_fetch_add(&calls, atomic_load(&hangs));                                     \
		return __real_##name(object);                                                      \
	}
COUNTED(clReleaseMemObject, cl_mem)
COUNTED(clReleaseKernel, cl_kernel)
COUNTED(clReleaseProgram, cl_program)
COUNTED(clReleaseCommandQueue, cl_command_queue)
COUNTED(clReleaseContext, cl_context)

/* Sound calls take what they take; one that hangs is seen at once. */
bool __real_onn_condition_wait_for(onn_condition *c, onn_mutex *m, double seconds);
bool __wrap_onn_condition_wait_for(onn_condition *c, onn_mutex *m, double seconds);
bool __wrap_onn_condition_wait_for(onn_condition *c, onn_mutex *m, double seconds)
{
	const bool hang = atomic_load(&hangs);
	const bool woken = __real_onn_condition_wait_for(c, m, hang ? 1e-3 : seconds);
	return woken || !hang;
}

typedef struct work {
	onn_device *device;
	trial t;
	onn_plan *plan;
	onn_tensor *a;
	onn_node y;
} work;

static work begin(void)
{
	atomic_store(&hangs, false);
	atomic_store(&calls, 0);
	work w = {.device = open_test_device(NULL), .t = trial_start()};
	onn_node x = onn_variable(w.t.g, "a", ONN_F32, 1, (size_t[]){1000});
	w.y = onn_sum(w.t.g, onn_sin(w.t.g, x), NULL, 0, false);
	check_ok(onn_plan_create(&w.plan, w.device, w.t.g, &w.y, 1, NULL));
	check_ok(onn_tensor_create(&w.a, w.device, ONN_F32, 1, (size_t[]){1000}));
	check_ok(onn_plan_bind(w.plan, "a", w.a));
	return w;
}

/* Nothing more is asked of the driver, and nothing waits. */
static void end(work *w, const char *text)
{
	float x[1000];
	ck_assert(onn_device_stuck());
	check_error(onn_plan_run(w->plan), ONN_ERROR_DEVICE, "is not used any more");
	check_error(onn_plan_wait(w->plan), ONN_ERROR_DEVICE, onn_device_name(w->device));
	check_error(onn_tensor_read(x, w->a, sizeof x), ONN_ERROR_DEVICE, text);
	check_error(onn_tensor_write(w->a, x, sizeof x), ONN_ERROR_DEVICE, text);
	onn_plan_destroy(w->plan);
	onn_tensor_destroy(w->a);
	trial_end(&w->t);
	onn_device_destroy(w->device);
	ck_assert_int_eq(atomic_load(&calls), 0);
	atomic_store(&hangs, false);
}

START_TEST(a_first_run_that_hangs_names_its_step)
{
	work w = begin();
	ck_assert(!onn_device_stuck());
	atomic_store(&hangs, true);
	check_error(onn_plan_run(w.plan), ONN_ERROR_DEVICE, "did not end step 0 (");
	ck_assert_ptr_nonnull(strstr(onn_last_error(), "within 300 s (ONN_OPENCL_LIMIT)"));
	ck_assert_ptr_nonnull(strstr(onn_last_error(), onn_device_description(w.device)));
	end(&w, "onn_tensor_");
}
END_TEST

START_TEST(a_later_run_that_hangs_ends_what_waits_for_it)
{
	float x[1000];
	for (int way = 0; way < 4; way++) {
		work w = begin();
		for (int i = 0; i < 3; i++)
			check_ok(onn_plan_run(w.plan));
		atomic_store(&hangs, true);
		onn_status status = onn_plan_run(w.plan);
		for (int i = 0; way == 0 && !status && i < 100; i++)
			status = onn_plan_run(w.plan);
		status = status     ? status
		         : way == 1 ? onn_plan_wait(w.plan)
		         : way == 2 ? onn_tensor_read(x, w.a, sizeof x)
		                    : onn_tensor_write(w.a, x, sizeof x);
		check_error(status, ONN_ERROR_DEVICE, "did not end");
		end(&w, "300 s");
	}
}
END_TEST

START_TEST(what_hangs_where_all_is_given_back_does_not_keep_it)
{
	work w = begin();
	check_ok(onn_plan_run(w.plan));
	check_error(onn_plan_bind(w.plan, "no such", w.a), ONN_ERROR_ARGUMENT, "no such");
	atomic_store(&hangs, true);
	onn_plan_destroy(w.plan);
	/* the text of an earlier error stays */
	ck_assert_msg(strstr(onn_last_error(), "no such") != NULL, "%s", onn_last_error());
	onn_tensor_destroy(w.a);
	trial_end(&w.t);
	onn_device_destroy(w.device);
	ck_assert_int_eq(atomic_load(&calls), 0);
	atomic_store(&hangs, false);
}
END_TEST

START_TEST(the_limit_is_the_environments)
{
	onn_device *d = NULL;
	const char *name = getenv("ONN_TEST_DEVICE");
	setenv("ONN_OPENCL_LIMIT", "12.5", 1);
	d = open_test_device(NULL);
	ck_assert_double_eq(((onn_cl_device *)d)->limit, 12.5);
	onn_device_destroy(d);
	setenv("ONN_OPENCL_LIMIT", "-1", 1);
	check_error(onn_device_create(&d, name, NULL), ONN_ERROR_ARGUMENT,
	    "ONN_OPENCL_LIMIT is \"-1\"; expected seconds");
	unsetenv("ONN_OPENCL_LIMIT");
}
END_TEST

int main(void)
{
	device = reference = NULL;
	onn_device_destroy(open_test_device(NULL)); /* or the end, with a skip */
	return run_tests("opencl_await", (const TTest *[]){a_first_run_that_hangs_names_its_step,
	                                     a_later_run_that_hangs_ends_what_waits_for_it,
	                                     what_hangs_where_all_is_given_back_does_not_keep_it,
	                                     the_limit_is_the_environments, NULL});
}
