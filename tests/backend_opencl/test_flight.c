/*
 * How far the host runs ahead of the device: a few runs, and of long ones fewer. The clock here is
 * the test's own.
 */
#include "kernels.h"

#include "backend/opencl/opencl_backend.h"

static double now, tick;
double __wrap_onn_clock(void);

/* Stands before the library's: each look at it takes a tick. */
double __wrap_onn_clock(void) { return now += tick; }

static onn_cl_device *own(void) { return (onn_cl_device *)device; }

/* The most runs in flight, of many. */
static size_t fly(double seconds)
{
	onn_plan *plan;
	onn_tensor *a;
	size_t most = 0;
	trial t = trial_start();
	onn_node x = onn_variable(t.g, "a", ONN_F32, 1, (size_t[]){1000});
	onn_node y = onn_sin(t.g, x);
	check_ok(onn_plan_create(&plan, device, t.g, &y, 1, NULL));
	check_ok(onn_tensor_create(&a, device, ONN_F32, 1, (size_t[]){1000}));
	check_ok(onn_plan_bind(plan, "a", a));
	tick = seconds;
	for (int i = 0; i < 100; i++) {
		check_ok(onn_plan_run(plan));
		ck_assert_uint_le(own()->flying, i < 2 ? 1 : ONN_CL_FLIGHT); /* not yet known */
		/* what is allowed has been learnt by then */
		if (i >= 20 && own()->flying > most)
			most = own()->flying;
	}
	check_ok(onn_plan_wait(plan));
	ck_assert_uint_eq(own()->flying, 0);
	onn_plan_destroy(plan);
	onn_tensor_destroy(a);
	trial_end(&t);
	return most;
}

START_TEST(a_few_short_runs_are_in_flight_and_no_long_one)
{
	ck_assert_uint_eq(fly(1e-6), ONN_CL_FLIGHT);
	ck_assert_uint_eq(fly(0.03), 3);
	ck_assert_uint_eq(fly(2), 0);
	ck_assert_uint_eq(fly(1e-6), ONN_CL_FLIGHT);
}
END_TEST

int main(void)
{
	return run_kernel_tests("opencl_flight",
	    (const TTest *[]){a_few_short_runs_are_in_flight_and_no_long_one, NULL});
}
