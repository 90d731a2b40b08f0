/*
 * A driver that allows little and refuses some: the OpenCL functions here stand before those of the
 * library, and hand on to them. On ONN_TEST_DEVICE.
 */
#define _GNU_SOURCE              /* RTLD_NEXT */
#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>
#include <dlfcn.h>

#include "device.h"
#include "trial.h"

#include <onn/fourier.h>

static onn_device *reference;
static size_t most[3];   /* work items along each axis */
static cl_ulong largest; /* bytes in one piece */
static cl_uint vendor;
static int beyond;      /* groups larger than that */
static int groups;      /* launches with more than one item a group */
static unsigned refuse; /* bit i: the i-th of the calls that retain from now on fails */
static int retained, released;

/* The library's own function of a name; through memcpy, since ISO C has no such cast. */
static void find(void *function, const char *name)
{
	void *there = dlsym(RTLD_NEXT, name);

	if (!there)
		abort(); /* no test need be running, for an assertion */
	memcpy(function, &there, sizeof there);
}

cl_int clGetDeviceInfo(cl_device_id id, cl_device_info what, size_t room, void *value, size_t *size)
{
	cl_int (*next)(cl_device_id, cl_device_info, size_t, void *, size_t *);

	find(&next, "clGetDeviceInfo");
	cl_int code = next(id, what, room, value, size);
	if (!code && what == CL_DEVICE_MAX_WORK_ITEM_SIZES && value && most[0])
		memcpy(value, most, sizeof most);
	if (!code && what == CL_DEVICE_MAX_MEM_ALLOC_SIZE && value && largest)
		memcpy(value, &largest, sizeof largest);
	if (!code && what == CL_DEVICE_VENDOR_ID && value && vendor)
		memcpy(value, &vendor, sizeof vendor);
	return code;
}

cl_int clEnqueueNDRangeKernel(cl_command_queue queue, cl_kernel kernel, cl_uint axes,
    const size_t *offset, const size_t *global, const size_t *local, cl_uint count,
    const cl_event *wait, cl_event *event)
{
	cl_int (*next)(cl_command_queue, cl_kernel, cl_uint, const size_t *, const size_t *,
	    const size_t *, cl_uint, const cl_event *, cl_event *);

	find(&next, "clEnqueueNDRangeKernel");
	for (cl_uint i = 0; most[0] && local && i < axes; i++) {
		beyond += local[i] > most[i];
		groups += local[i] > 1;
	}
	return next(queue, kernel, axes, offset, global, local, count, wait, event);
}

static bool refused(void)
{
	bool now = refuse & 1;

	refuse >>= 1;
	return now;
}

cl_int clRetainProgram(cl_program program)
{
	cl_int (*next)(cl_program);

	find(&next, "clRetainProgram");
	if (refused())
		return CL_OUT_OF_HOST_MEMORY;
	retained++;
	return next(program);
}

cl_int clReleaseProgram(cl_program program)
{
	cl_int (*next)(cl_program);

	find(&next, "clReleaseProgram");
	released++;
	return next(program);
}

/* A sum along rows, a product and a pointwise step against the reference. */
static double error_of(onn_device *device)
{
	trial t = trial_start();
	onn_node x = trial_input(&t, ONN_F32, 2, (size_t[]){37, 300}, 0, 1);
	onn_node z = trial_input(&t, ONN_F32, 2, (size_t[]){300, 41}, 0, 1);
	onn_node product = onn_matmul(t.g, onn_exp(t.g, x), z);
	onn_node y = onn_add(t.g, product, onn_sum(t.g, x, (int[]){1}, 1, true));
	double error = trial_error(&t, device, reference, y);

	trial_end(&t);
	return error;
}

START_TEST(groups_are_no_larger_along_an_axis_than_the_device_allows)
{
	static const size_t allowed[][3] = {
	    {4096, 4096, 4096}, {64, 64, 64}, {256, 1, 1}, {32, 2, 1}, {7, 3, 1}, {1, 1, 1}};

	for (size_t i = 0; i < COUNT(allowed); i++) {
		memcpy(most, allowed[i], sizeof most);
		beyond = groups = 0;
		onn_device *device = open_test_device(NULL);
		ck_assert_double_le(error_of(device), 1e-5);
		onn_device_destroy(device);
		ck_assert_msg(
		    beyond == 0, "%d launches beyond %zu x %zu", beyond, most[0], most[1]);
		ck_assert(groups > 0 || most[0] == 1);
	}
	memset(most, 0, sizeof most);
}
END_TEST

START_TEST(a_program_that_is_not_retained_is_not_released)
{
	/* the second plan finds the program of the first again, where that was retained */
	for (unsigned pattern = 0; pattern < 8; pattern++) {
		onn_device *device = open_test_device(NULL);
		retained = released = 0;
		refuse = pattern;
		for (int plan = 0; plan < 3; plan++)
			ck_assert_double_le(error_of(device), 1e-5);
		refuse = 0;
		onn_device_destroy(device);
		/* each is made once, and that of the device's trial, with a reference that is not
		 * retained */
		ck_assert_msg(released > retained, "%d retained, %d released", retained, released);
		ck_assert_int_le(released - retained, 4);
	}
}
END_TEST

START_TEST(what_is_too_large_in_one_piece_is_refused_with_the_limit)
{
	enum { MB = 1 << 20 };
	onn_tensor *t = NULL;
	onn_plan *plan = NULL;

	largest = 64 * MB;
	vendor = 0x1002;
	onn_device *amd = open_test_device(NULL);
	check_error(onn_tensor_create(&t, amd, ONN_F32, 1, (size_t[]){16 * MB + 1}),
	    ONN_ERROR_MEMORY, "67108928 bytes; device opencl");
	ck_assert_ptr_nonnull(strstr(onn_last_error(), "takes at most 67108864 bytes"));
	ck_assert_ptr_nonnull(strstr(onn_last_error(), "GPU_SINGLE_ALLOC_PERCENT=100"));
	check_ok(onn_tensor_create(&t, amd, ONN_F32, 1, (size_t[]){16 * MB}));
	onn_tensor_destroy(t);
	vendor = 0;
	onn_device *other = open_test_device(NULL);
	check_error(onn_tensor_create(&t, other, ONN_F32, 1, (size_t[]){16 * MB + 1}),
	    ONN_ERROR_MEMORY, onn_device_description(other));
	ck_assert_ptr_null(strstr(onn_last_error(), "PERCENT"));
	/* and a plan that needs room of its own */
	trial s = trial_start();
	onn_node x = onn_variable(s.g, "x", ONN_C64, 2, (size_t[]){2900, 2901});
	onn_node y = onn_exp(s.g, onn_fft2(s.g, onn_exp(s.g, x)));
	check_error(onn_plan_create(&plan, other, s.g, &y, 1, NULL), ONN_ERROR_MEMORY,
	    "takes at most 67108864 bytes in one piece");
	trial_end(&s);
	onn_device_destroy(amd);
	onn_device_destroy(other);
	largest = 0;
}
END_TEST

int main(void)
{
	setenv("ONN_OPENCL_CACHE", "0", 1);
	onn_device_destroy(open_test_device(NULL)); /* or the end, with a skip */
	if (onn_device_create(&reference, "reference", NULL))
		return EXIT_FAILURE;
	int result = run_tests("opencl limits",
	    (const TTest *[]){groups_are_no_larger_along_an_axis_than_the_device_allows,
	        a_program_that_is_not_retained_is_not_released,
	        what_is_too_large_in_one_piece_is_refused_with_the_limit, NULL});
	onn_device_destroy(reference);
	return result;
}
