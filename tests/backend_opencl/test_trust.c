/*
 * Libraries and our own kernels on trial: what computes something else, refuses or does nothing is
 * not used, and is told; the numbers are right all the same, or there is no plan.
 */
#define _DEFAULT_SOURCE /* mkdtemp, realpath, setenv */
#include "kernels.h"

#include <math.h>

#include <onn/fourier.h>

#include "config.h"

#include "backend/opencl/fourier/fourier.h"

#ifdef ONN_HAVE_CLBLAST
#include <clblast_c.h>
#endif

static onn_cl_device *own(void) { return (onn_cl_device *)device; }

/* What the last plan says of its steps. */
static char said[4096];

static void check_device(const char *way, const char *remark)
{
	ck_assert_msg(strstr(said, way), "a plan says '%s', not '%s'", said, way);
	if (*remark)
		ck_assert_msg(strstr(onn_device_remark(device), remark), "remark '%s', not '%s'",
		    onn_device_remark(device), remark);
	else
		ck_assert_str_eq(onn_device_remark(device), "");
}

/* Forgets the device's verdicts. */
static void forget(void)
{
	for (int i = 0; i < 2; i++) {
		own()->answered[i] = false;
		own()->whole_lines[i] = true;
	}
	own()->tries = 0;
	own()->base.remark[0] = 0;
}

static void keep_plan(onn_graph *g, onn_node node)
{
	onn_plan *plan;
	check_ok(onn_plan_create(&plan, device, g, &node, 1, NULL));
	char *text = onn_plan_describe(plan);
	snprintf(said, sizeof said, "%s", text ? text : "");
	onn_free(text);
	onn_plan_destroy(plan);
}

/* ---- transforms ---- */

#ifdef ONN_HAVE_VKFFT
enum { NOTHING, SECOND_FIELD, CONJUGATE, REFUSES, STOPS, FAITHFUL };
static int fault;

static bool takes(const onn_cl_device *d, const onn_cl_block *block)
{
	return onn_cl_vkfft.takes(d, block);
}

static onn_status create(int *given, onn_cl_executable *e, onn_cl_plan *plan)
{
	if (fault == REFUSES) {
		*given = 4001;
		return ONN_OK;
	}
	return onn_cl_vkfft.create(given, e, plan);
}

/* Of all fields but the first what was there before comes back. */
static int spare_the_others(onn_cl_executable *e, const onn_cl_plan *plan, const onn_cl_launch *l)
{
	const onn_cl_block *b = &plan->block;
	const size_t field = b->n[0] * b->n[1] * onn_type_size(b->type);
	const size_t bytes = (b->fields - 1) * field;
	void *data = malloc(bytes + 1);
	cl_command_queue queue = e->device->queue;
	int code = 0;
	if (bytes)
		code = clEnqueueReadBuffer(
		    queue, e->scratch, CL_TRUE, field, bytes, data, 0, NULL, NULL);
	code = code ? code : onn_cl_vkfft.run(e, plan, l);
	if (bytes && !code)
		code = clEnqueueWriteBuffer(
		    queue, e->scratch, CL_TRUE, field, bytes, data, 0, NULL, NULL);
	free(data);
	return code;
}

static int run(onn_cl_executable *e, const onn_cl_plan *plan, const onn_cl_launch *l)
{
	onn_cl_launch other = *l;
	switch (fault) {
	case NOTHING:
		return 0;
	case SECOND_FIELD:
		return spare_the_others(e, plan, l);
	case CONJUGATE: /* right there and back: the spectrum alone tells */
		other.inverse = !l->inverse;
		return onn_cl_vkfft.run(e, plan, &other);
	case STOPS:
		return -54;
	default:
		return onn_cl_vkfft.run(e, plan, l);
	}
}

static void destroy(onn_cl_plan *plan) { onn_cl_vkfft.destroy(plan); }

static const onn_cl_engine engine = {"vkfft", "VkFFT", true, NULL, takes, create, run, destroy};

START_TEST(a_library_that_transforms_wrongly_is_not_used)
{
	static const struct {
		int fault;
		const char *way, *remark;
	} row[] = {{NOTHING, "own kernels", "VkFFT, c64 2 of 12 x 10 along yx: off by"},
	    {SECOND_FIELD, "own kernels", "off by"}, {CONJUGATE, "own kernels", "off by"},
	    {REFUSES, "own kernels", "it gives 4001"}, {STOPS, "own kernels", "it gives -54"},
	    {FAITHFUL, "VkFFT", ""}};
	const onn_cl_engine *before = own()->fft;
	own()->fft = &engine;
	for (size_t i = 0; i < COUNT(row); i++) {
		forget();
		own()->whole_lines[0] = false;
		fault = row[i].fault;
		trial t = trial_start();
		onn_node x = trial_input(&t, ONN_C64, 3, (size_t[]){2, 12, 10}, -1, 1);
		onn_node y = onn_fft2(t.g, x);
		keep_plan(t.g, y);
		check_device(row[i].way, row[i].remark);
		check_trial(&t, y, close32);
		trial_end(&t);
	}
	own()->fft = before;
}
END_TEST

/* Rows are left out of transforms along x before a filter and behind it. */
START_TEST(filters_are_right_with_a_library_on_trial)
{
	const onn_cl_engine *before = own()->fft;
	own()->fft = &engine;
	for (fault = NOTHING; fault <= FAITHFUL; fault++) {
		forget();
		own()->whole_lines[0] = false;
		trial t = trial_start();
		onn_node x = trial_input(&t, ONN_C64, 3, (size_t[]){3, 6, 5}, -1, 1);
		onn_node h = trial_input(&t, ONN_C64, 2, (size_t[]){12, 10}, -1, 1);
		onn_node y = onn_filter(
		    t.g, x, h, (size_t[]){3, 2}, &(onn_window){.offset = {1, 4}, .size = {7, 5}});
		keep_plan(t.g, y);
		check_device(fault == FAITHFUL ? "VkFFT" : "own kernels",
		    fault == FAITHFUL ? "" : "own kernels do it");
		check_trial(&t, y, close32);
		trial_end(&t);
	}
	own()->fft = before;
}
END_TEST
#endif

/* ---- products ---- */

#ifdef ONN_HAVE_CLBLAST
enum { FINE, IDLE, REFUSED, ONE_WRONG, BESIDE };
static int product_fault, calls;

CLBlastStatusCode __real_CLBlastSgemm(CLBlastLayout, CLBlastTranspose, CLBlastTranspose, size_t,
    size_t, size_t, float, cl_mem, size_t, size_t, cl_mem, size_t, size_t, float, cl_mem, size_t,
    size_t, cl_command_queue *, cl_event *);
CLBlastStatusCode __wrap_CLBlastSgemm(CLBlastLayout, CLBlastTranspose, CLBlastTranspose, size_t,
    size_t, size_t, float, cl_mem, size_t, size_t, cl_mem, size_t, size_t, float, cl_mem, size_t,
    size_t, cl_command_queue *, cl_event *);

/* Stands before the library's. */
CLBlastStatusCode __wrap_CLBlastSgemm(CLBlastLayout layout, CLBlastTranspose ta,
    CLBlastTranspose tb, size_t m, size_t n, size_t k, float one, cl_mem a, size_t a_at, size_t lda,
    cl_mem b, size_t b_at, size_t ldb, float zero, cl_mem c, size_t c_at, size_t ldc,
    cl_command_queue *queue, cl_event *event)
{
	const float wrong = 1.25f;
	size_t at = c_at + (m - 1) * ldc;
	calls++;
	if (product_fault == IDLE)
		return CLBlastSuccess;
	if (product_fault == REFUSED)
		return CLBlastInvalidLocalMemUsage;
	CLBlastStatusCode code = __real_CLBlastSgemm(layout, ta, tb, m, n, k, one, a, a_at, lda, b,
	    b_at, ldb, zero, c, c_at, ldc, queue, event);
	if (product_fault == BESIDE)
		at = c_at + m * ldc;
	if (!code && product_fault != FINE)
		clEnqueueWriteBuffer(
		    *queue, c, CL_TRUE, at * sizeof wrong, sizeof wrong, &wrong, 0, NULL, NULL);
	return code;
}

START_TEST(a_library_that_multiplies_wrongly_is_not_used)
{
	static const struct {
		int fault;
		const char *way, *remark;
	} row[] = {{IDLE, "kernel, tiles", "CLBlast, f32 40 x 24 x 300"},
	    {REFUSED, "kernel, tiles", "it gives "}, {ONE_WRONG, "kernel, tiles", "off by"},
	    {BESIDE, "kernel, tiles", "it writes beside its result"}, {FINE, "CLBlast", ""}};
	const bool before = own()->clblast;
	own()->clblast = true;
	for (size_t i = 0; i < COUNT(row); i++) {
		forget();
		product_fault = row[i].fault;
		trial t = trial_start();
		onn_node a = trial_input(&t, ONN_F32, 2, (size_t[]){40, 300}, -1, 1);
		onn_node b = trial_input(&t, ONN_F32, 2, (size_t[]){300, 24}, -1, 1);
		onn_node c = onn_matmul(t.g, a, b);
		keep_plan(t.g, c);
		check_device(row[i].way, row[i].remark);
		calls = 0;
		check_trial(&t, c, 3e-5);
		/* once for the run, none for another trial */
		ck_assert_int_eq(calls, row[i].fault == FINE);
		trial_end(&t);
	}
	own()->clblast = before;
}
END_TEST
#endif

/* ---- our own kernels ---- */

/* What the driver does with kernels whose names have one of these words. */
enum { NO_FAULT, LEAVES_GROUPS, DOES_NOTHING, FAILS };
static int kernel_fault;
static const char *bad_kernel, *bad_kernel_too;
static int spoiled;

cl_int __real_clEnqueueNDRangeKernel(cl_command_queue, cl_kernel, cl_uint, const size_t *,
    const size_t *, const size_t *, cl_uint, const cl_event *, cl_event *);
cl_int __wrap_clEnqueueNDRangeKernel(cl_command_queue, cl_kernel, cl_uint, const size_t *,
    const size_t *, const size_t *, cl_uint, const cl_event *, cl_event *);

static bool is_bad(cl_kernel kernel)
{
	char name[64] = "";
	if (!kernel_fault ||
	    clGetKernelInfo(kernel, CL_KERNEL_FUNCTION_NAME, sizeof name, name, NULL))
		return false;
	return strstr(name, bad_kernel) || (bad_kernel_too && strstr(name, bad_kernel_too));
}

/* Stands before the driver's. */
cl_int __wrap_clEnqueueNDRangeKernel(cl_command_queue queue, cl_kernel kernel, cl_uint axes,
    const size_t *from, const size_t *global, const size_t *local, cl_uint count,
    const cl_event *events, cl_event *event)
{
	size_t size[3] = {1, 1, 1};
	memcpy(size, global, axes * sizeof *size);
	if (is_bad(kernel)) {
		spoiled++;
		if (kernel_fault == FAILS)
			return CL_OUT_OF_RESOURCES;
		if (kernel_fault == DOES_NOTHING)
			return clEnqueueMarkerWithWaitList(queue, count, events, event);
		/* the last group is left out, where there are several */
		for (cl_uint i = 0; i < axes; i++)
			if (local && size[i] > local[i]) {
				size[i] -= local[i];
				break;
			}
	}
	return __real_clEnqueueNDRangeKernel(
	    queue, kernel, axes, from, size, local, count, events, event);
}

static void spoil(int how, const char *kernel, const char *too)
{
	forget();
	kernel_fault = how;
	bad_kernel = kernel;
	bad_kernel_too = too;
	spoiled = 0;
}

START_TEST(whole_lines_that_are_wrong_are_left_to_passes)
{
	static const struct {
		int fault;
		const char *way, *wrong;
	} row[] = {{LEAVES_GROUPS, "own kernels", "off by"},
	    {DOES_NOTHING, "own kernels", "off by"}, {FAILS, "own kernels", "CL_OUT_OF_RESOURCES"},
	    {NO_FAULT, "whole lines", ""}};
	for (size_t i = 0; i < COUNT(row); i++)
		for (int wide = 0; wide < (onn_device_supports(device, ONN_F64) ? 2 : 1); wide++) {
			const onn_type type = wide ? ONN_C128 : ONN_C64;
			spoil(row[i].fault, "whole_", NULL);
			trial t = trial_start();
			onn_node x = trial_input(&t, type, 3, (size_t[]){3, 12, 10}, -1, 1);
			onn_node h = trial_input(&t, type, 2, (size_t[]){12, 10}, -1, 1);
			onn_node y =
			    onn_filter(t.g, onn_filter(t.g, x, h, NULL, NULL), h, NULL, NULL);
			keep_plan(t.g, y);
			check_device(row[i].way, row[i].wrong);
			ck_assert_int_eq(
			    strstr(said, "whole lines") != NULL, row[i].fault == NO_FAULT);
			ck_assert_int_eq(spoiled > 0, row[i].fault != NO_FAULT);
			if (row[i].fault != NO_FAULT)
				check_device("own kernels",
				    wide ? "whole lines in f64: " : "whole lines in f32: ");
			/* once for the trial; no plan behind it launches such a kernel */
			spoiled = 0;
			check_trial(&t, y, close_for(type) * 10);
			ck_assert_int_eq(spoiled, 0);
			trial_end(&t);
		}
	spoil(NO_FAULT, NULL, NULL);
}
END_TEST

START_TEST(a_device_whose_kernels_are_wrong_gets_no_plan)
{
	static const struct {
		int fault;
		const char *kernel, *too, *what, *wrong;
	} row[] = {{DOES_NOTHING, "whole_", "fft_", "gives wrong answers in f32", "off by"},
	    {DOES_NOTHING, "matmul_", NULL, "gives wrong answers in f32", "products off by"},
	    {DOES_NOTHING, "pointwise_", NULL, "gives wrong answers in f32", "off by"},
	    {DOES_NOTHING, "reduce_", NULL, "gives wrong answers in f32", "sums off by"},
	    {FAILS, "matmul_", NULL, "ends with an error in f32", "CL_OUT_OF_RESOURCES"}};
	for (size_t i = 0; i < COUNT(row); i++) {
		onn_plan *plan;
		spoil(row[i].fault, row[i].kernel, row[i].too);
		trial t = trial_start();
		onn_node x = trial_input(&t, ONN_F32, 1, (size_t[]){100}, -1, 1);
		onn_node y = onn_exp(t.g, x);
		ck_assert_msg(onn_plan_create(&plan, device, t.g, &y, 1, NULL) == ONN_ERROR_DEVICE,
		    "%s: a plan after %d", row[i].kernel, spoiled);
		ck_assert_ptr_null(plan);
		ck_assert_msg(strstr(onn_last_error(), onn_device_description(device)) &&
		                  strstr(onn_last_error(), row[i].what) &&
		                  strstr(onn_last_error(), row[i].wrong),
		    "%s: %s", row[i].kernel, onn_last_error());
		/* a fault that has gone is not held against the device */
		kernel_fault = NO_FAULT;
		keep_plan(t.g, y);
		check_device("", "");
		ck_assert(own()->whole_lines[0]);
		check_trial(&t, y, close32);
		trial_end(&t);
	}
}
END_TEST

/* ---- verdicts ---- */

START_TEST(the_first_wrong_work_is_named_and_others_are_counted)
{
	forget();
	ck_assert_int_eq(onn_cl_verdict_of(own(), "some work"), ONN_CL_UNTRIED);
	onn_cl_judge(own(), "some work", NULL, "own kernels");
	ck_assert_int_eq(onn_cl_verdict_of(own(), "some work"), ONN_CL_RIGHT);
	ck_assert_str_eq(onn_device_remark(device), "");
	onn_cl_judge(own(), "more work", "off by 3", "own kernels");
	ck_assert_int_eq(onn_cl_verdict_of(own(), "more work"), ONN_CL_WRONG);
	ck_assert_str_eq(onn_device_remark(device), "more work: off by 3; own kernels do it");
	onn_cl_judge(own(), "other work", "off by 4", "own kernels");
	ck_assert_str_eq(
	    onn_device_remark(device), "more work: off by 3; own kernels do it, and 1 more");
	forget();
}
END_TEST

START_TEST(verdicts_are_kept_for_people)
{
	char folder[] = "verdicts-XXXXXX", list[512], name[128], driver[64];
	const char *cache = getenv("XDG_CACHE_HOME");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	char *whole = realpath(folder, NULL), *before = cache ? strdup(cache) : NULL;
	setenv("XDG_CACHE_HOME", whole, 1);
	setenv("ONN_OPENCL_CACHE", "1", 1);
	onn_cl_device_text(name, sizeof name, own()->id, CL_DEVICE_NAME);
	onn_cl_device_text(driver, sizeof driver, own()->id, CL_DRIVER_VERSION);
	onn_cl_verdicts(list, sizeof list, name, driver);
	ck_assert_str_eq(list, "");
	forget();
	onn_cl_judge(own(), "some work", "off by 3", "passes");
	onn_cl_judge(own(), "work", NULL, "own kernels");
	onn_cl_verdict_keep(own(), "own kernels in f32", "products off by 1");
	onn_cl_verdict_keep(own(), "own kernels in f32", NULL);
	onn_cl_verdicts(list, sizeof list, name, driver);
	ck_assert_str_eq(list, "some work: off by 3; passes do it; own kernels in f32: right; "
	                       "1 trials of others right");
	/* the oldest make room, and so many fit no text */
	for (int i = 0; i < 80; i++) {
		char work[64];
		snprintf(work, sizeof work, "work %d", i);
		onn_cl_verdict_keep(own(), work, i % 2 ? "a long story of what was wrong" : NULL);
	}
	onn_cl_verdicts(list, sizeof list, name, driver);
	ck_assert(strlen(list) < sizeof list && strstr(list, "work 17: a long story"));
	ck_assert(!strstr(list, "some work") && !strstr(list, "work 15:"));
	onn_cl_verdicts(list, sizeof list, name, "another driver");
	ck_assert_str_eq(list, "");
	setenv("ONN_OPENCL_CACHE", "0", 1);
	onn_cl_verdicts(list, sizeof list, name, driver);
	ck_assert_str_eq(list, "");
	if (before)
		setenv("XDG_CACHE_HOME", before, 1);
	else
		unsetenv("XDG_CACHE_HOME");
	forget();
	snprintf(list, sizeof list, "rm -rf '%s'", whole);
	ck_assert_int_eq(system(list), 0);
	free(before);
	free(whole);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
#ifdef ONN_HAVE_VKFFT
	    a_library_that_transforms_wrongly_is_not_used,
	    filters_are_right_with_a_library_on_trial,
#endif
#ifdef ONN_HAVE_CLBLAST
	    a_library_that_multiplies_wrongly_is_not_used,
#endif
	    whole_lines_that_are_wrong_are_left_to_passes,
	    a_device_whose_kernels_are_wrong_gets_no_plan,
	    the_first_wrong_work_is_named_and_others_are_counted, verdicts_are_kept_for_people,
	    NULL};
	setenv("ONN_OPENCL_CACHE", "0", 1); /* no verdict is kept for others */
	return run_kernel_tests("opencl_trust", tests);
}
