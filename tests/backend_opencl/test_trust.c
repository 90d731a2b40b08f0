/*
 * Libraries on trial: what computes something else, refuses or does nothing is not used, and is
 * told; the numbers are right all the same.
 */
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

/* ---- verdicts ---- */

START_TEST(the_first_wrong_work_is_named_and_others_are_counted)
{
	forget();
	ck_assert_int_eq(onn_cl_verdict_of(own(), "some work"), ONN_CL_UNTRIED);
	onn_cl_judge(own(), "some work", NULL);
	ck_assert_int_eq(onn_cl_verdict_of(own(), "some work"), ONN_CL_RIGHT);
	ck_assert_str_eq(onn_device_remark(device), "");
	onn_cl_judge(own(), "more work", "off by 3");
	ck_assert_int_eq(onn_cl_verdict_of(own(), "more work"), ONN_CL_WRONG);
	ck_assert_str_eq(onn_device_remark(device), "more work: off by 3; own kernels do it");
	onn_cl_judge(own(), "other work", "off by 4");
	ck_assert_str_eq(
	    onn_device_remark(device), "more work: off by 3; own kernels do it, and 1 more");
	forget();
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
	    the_first_wrong_work_is_named_and_others_are_counted, NULL};
	return run_kernel_tests("opencl_trust", tests);
}
