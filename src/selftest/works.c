/* Works of real size: what a device is bought for, against the C backend, and timed. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <onn/convolution.h>
#include <onn/fourier.h>
#include <onn/saturable.h>
#include <onn/selftest.h>

#include "core/element.h"
#include "core/error.h"
#include "core/memory.h"
#include "core/os.h"
#include "selftest/cases.h"

enum { LEAST_RUNS = 3, MOST_RUNS = 20, LAYERS = 3, PLATES = 8 };
static const double ENOUGH_SECONDS = 0.1;

/* ---- the works ---- */

static void product(onn_case_build *b, size_t m, size_t n, size_t k)
{
	onn_node x = onn_case_draw(b, b->type, 2, (size_t[]){m, k}, -1, 1);
	onn_node y = onn_case_draw(b, b->type, 2, (size_t[]){k, n}, -1, 1);
	onn_case_output_add(b, "", onn_matmul(b->g, x, y), ONN_NULL_NODE);
}

static void build_square_product(onn_case_build *b) { product(b, 640, 640, 640); }
static void build_odd_product(onn_case_build *b) { product(b, 1001, 333, 517); }
/* few results of long sums: detectors of a diffractive network */
static void build_long_product(onn_case_build *b) { product(b, 64, 10, 40000); }

/* Fields amid zeros, filtered, and a window of the result. */
static void filter(onn_case_build *b, size_t fields, size_t h, size_t w)
{
	onn_node x = onn_case_draw(b, b->type, 3, (size_t[]){fields, h, w}, -1, 1);
	onn_node s = onn_case_draw(b, b->type, 2, (size_t[]){2 * h, 2 * w}, -1, 1);
	onn_node y = onn_filter(b->g, x, s, (size_t[]){h / 2, w / 2}, NULL);
	onn_case_output_add(b, "", y, ONN_NULL_NODE);
}

static void build_filters(onn_case_build *b) { filter(b, 8, 200, 200); }
/* two fields with rows left out: what an old VkFFT was wrong for */
static void build_wide_filter(onn_case_build *b) { filter(b, 2, 540, 960); }
/* a prime, which goes by a chirp or a long sum */
static void build_prime_filter(onn_case_build *b) { filter(b, 1, 1, 1009); }

static void build_sum(onn_case_build *b)
{
	/* equal numbers: rounding of a long sum does not average out */
	onn_node x = onn_full(b->g, b->type, 2, (size_t[]){4096, 4096}, 0.1);
	onn_node y = onn_case_draw(b, b->type, 2, (size_t[]){1, 4096}, 0.9, 1.1);
	onn_case_output_add(
	    b, "", onn_mean(b->g, onn_mul(b->g, x, y), NULL, 0, false), ONN_NULL_NODE);
}

static void build_absorber(onn_case_build *b)
{
	onn_absorber a = ONN_ABSORBER_INIT;
	a.medium = ONN_MEDIUM_THICK;
	onn_node x = onn_case_draw(b, b->type, 1, (size_t[]){1 << 20}, 0, 3);
	onn_case_output_add(b, "", onn_saturable_absorber(b->g, x, &a), ONN_NULL_NODE);
}

static void build_convolution(onn_case_build *b)
{
	onn_convolution how = ONN_CONVOLUTION_INIT;
	onn_node x = onn_case_draw(b, b->type, 4, (size_t[]){16, 32, 12, 12}, -1, 1);
	onn_node w = onn_case_draw(b, b->type, 4, (size_t[]){64, 32, 5, 5}, -1, 1);
	onn_node y = onn_conv2d(b->g, x, w, &how), slope[2];
	onn_node loss = onn_sum(b->g, onn_square(b->g, y), NULL, 0, false);
	if (onn_gradient(slope, b->g, loss, ONN_NULL_NODE, (onn_node[]){x, w}, 2) == ONN_OK)
		for (int i = 0; i < 2; i++)
			onn_case_output_add(b, "", slope[i], ONN_NULL_NODE);
}

/* A batch through 784-128-128-10 with absorbers, and back. */
static void build_perceptron(onn_case_build *b)
{
	static const size_t width[LAYERS + 1] = {784, 128, 128, 10};
	const onn_absorber a = ONN_ABSORBER_INIT;
	onn_node y = onn_case_draw(b, b->type, 2, (size_t[]){64, width[0]}, 0, 1);
	onn_node w[LAYERS], slope[LAYERS];
	for (int i = 0; i < LAYERS; i++) {
		w[i] = onn_case_draw(b, b->type, 2, &width[i], -0.1, 0.1);
		y = onn_matmul(b->g, y, w[i]);
		if (i < LAYERS - 1)
			y = onn_saturable_absorber(b->g, y, &a);
	}
	onn_node loss = onn_mean(b->g, onn_square(b->g, onn_add_real(b->g, y, -1)), NULL, 0, false);
	if (onn_gradient(slope, b->g, loss, ONN_NULL_NODE, w, LAYERS) == ONN_OK)
		for (int i = 0; i < LAYERS; i++)
			onn_case_output_add(b, "", slope[i], ONN_NULL_NODE);
}

/* A field through phase plates and free space, and back to the plates. */
static void build_plates(onn_case_build *b)
{
	enum { N = 128 };
	const onn_type real = onn_case_real(b);
	onn_node e = onn_case_draw(b, b->type, 2, (size_t[]){N, N}, -1, 1);
	onn_node h = onn_case_draw(b, real, 2, (size_t[]){2 * N, 2 * N}, -3, 3);
	onn_node plate[PLATES], slope[PLATES];
	h = onn_expi(b->g, h);
	for (int i = 0; i < PLATES; i++) {
		plate[i] = onn_case_draw(b, real, 2, (size_t[]){N, N}, -3, 3);
		e = onn_mul(b->g, e, onn_expi(b->g, plate[i]));
		e = onn_filter(b->g, e, h, (size_t[]){N / 2, N / 2}, NULL);
	}
	onn_node light = onn_abs2(b->g, onn_slice(b->g, e, 0, 0, N / 4, 1));
	onn_node loss = onn_sum(b->g, light, NULL, 0, false);
	if (onn_gradient(slope, b->g, loss, ONN_NULL_NODE, plate, PLATES) == ONN_OK)
		for (int i = 0; i < PLATES; i++)
			onn_case_output_add(b, "", slope[i], ONN_NULL_NODE);
}

static const onn_case works[] = {
    ONN_CASE(NONE, "product 640 x 640 x 640", ONN_TYPES_RC, 0, build_square_product),
    ONN_CASE(NONE, "product 1001 x 333 x 517", ONN_TYPES_RC, 0, build_odd_product),
    ONN_CASE(NONE, "product 64 x 10 x 40000", ONN_TYPES_RC, 0, build_long_product),
    ONN_CASE(NONE, "8 filters of 400 x 400", ONN_TYPES_C, 0, build_filters),
    ONN_CASE(NONE, "2 filters of 1080 x 1920", ONN_TYPES_C, 0, build_wide_filter),
    ONN_CASE(NONE, "a filter of 2018", ONN_TYPES_C, 0, build_prime_filter),
    ONN_CASE(NONE, "mean of 4096 x 4096", ONN_TYPES_R, 0, build_sum),
    ONN_CASE(NONE, "thick absorber, 2^20", ONN_TYPES_R, 0, build_absorber),
    ONN_CASE(NONE, "convolution 5 x 5, gradients", ONN_TYPES_R, 0, build_convolution),
    ONN_CASE(NONE, "perceptron, gradients", ONN_TYPES_R, 0, build_perceptron),
    ONN_CASE(NONE, "8 plates of 128 x 128, gradients", ONN_TYPES_C, 0, build_plates),
};

/* ---- running them ---- */

/* Sums of thousands of terms round more than one operation does. */
static double tolerance_of(onn_type type) { return onn_type_real(type) == ONN_F64 ? 1e-11 : 2e-5; }

/* The largest difference over the largest number. */
static onn_status compare(double *error, const onn_tensor *x, const onn_tensor *y)
{
	onn_array *a = NULL, *r = NULL;
	double most = 0, worst = 0;
	onn_status status = onn_tensor_to_array(&a, x);

	if (!status)
		status = onn_tensor_to_array(&r, y);
	const size_t parts = status ? 0 : onn_array_count(a) * onn_type_parts(onn_array_type(a));
	for (size_t i = 0; i < parts; i++) {
		const double u = onn_part_get(onn_array_const_data(a), onn_array_type(a), i);
		const double v = onn_part_get(onn_array_const_data(r), onn_array_type(r), i);
		most = fmax(most, fabs(v));
		worst = fabs(u - v) <= worst ? worst : fabs(u - v); /* NaN counts */
	}
	const double here = worst == 0 ? 0 : worst / most;
	if (!status)
		*error = here <= *error ? *error : here;
	onn_array_destroy(a);
	onn_array_destroy(r);
	return status;
}

static int by_time(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static onn_status time_runs(onn_plan *plan, onn_selftest_work *work)
{
	double took[MOST_RUNS], all = 0;
	int count = 0;
	onn_status status = ONN_OK;

	while (!status && count < MOST_RUNS && (count < LEAST_RUNS || all < ENOUGH_SECONDS)) {
		const double begin = onn_clock();
		status = onn_plan_run(plan);
		if (!status)
			status = onn_plan_wait(plan);
		took[count] = onn_clock() - begin;
		all += took[count++];
	}
	if (!status) {
		qsort(took, (size_t)count, sizeof *took, by_time);
		work->seconds = took[count / 2];
		work->flops = onn_plan_flops(plan);
		work->bytes = onn_plan_traffic(plan);
	}
	return status;
}

static onn_status try_work(
    onn_selftest_work *work, onn_device *device, onn_device *truth, const onn_case *c)
{
	onn_case_build b;
	onn_case_run run = {0}, right = {0};
	onn_node output[ONN_CASE_MAX_OUTPUTS];
	onn_status status = onn_case_build_for(&b, c, work->type, false);
	const double begin = onn_clock();

	for (size_t i = 0; i < b.noutputs; i++)
		output[i] = b.output[i].value;
	if (!status)
		status = onn_case_prepare(&run, device, &b, output, b.noutputs, NULL);
	if (!status)
		status = onn_plan_run(run.plan);
	if (!status)
		status = onn_plan_wait(run.plan);
	work->first = onn_clock() - begin;
	if (!status)
		status = onn_case_prepare(&right, truth, &b, output, b.noutputs, NULL);
	if (!status)
		status = onn_plan_run(right.plan);
	for (size_t i = 0; i < b.noutputs && !status; i++)
		status = compare(
		    &work->error, onn_plan_output(run.plan, i), onn_plan_output(right.plan, i));
	if (!status)
		status = time_runs(run.plan, work);
	onn_case_finish(&run);
	onn_case_finish(&right);
	onn_case_clear(&b);
	return status;
}

static onn_selftest_work make_work(onn_device *device, onn_device *truth, const onn_case *c,
    onn_type type, char *text, size_t room)
{
	onn_selftest_work work = {.name = c->name, .type = type, .text = text};

	work.tolerance = tolerance_of(type);
	text[0] = 0;
	if (!onn_device_supports(device, type)) {
		work.outcome = ONN_SELFTEST_SKIPPED;
		snprintf(text, room, "the device has no %s", onn_type_name(type));
		return work;
	}
	onn_status status = try_work(&work, device, truth, c);
	if (status)
		snprintf(text, room, "%s", onn_last_error());
	work.outcome = status == ONN_ERROR_UNSUPPORTED           ? ONN_SELFTEST_SKIPPED
	               : !status && work.error <= work.tolerance ? ONN_SELFTEST_PASSED
	                                                         : ONN_SELFTEST_FAILED;
	return work;
}

onn_status onn_selftest_works(
    size_t *failed, onn_device *device, onn_selftest_work_callback callback, void *user)
{
	onn_device *truth = NULL;
	size_t count = 0;
	char text[512];

	if (failed)
		*failed = 0;
	if (!device)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_selftest_works: device is NULL; expected an open device");
	onn_status status = onn_device_create(&truth, "c", NULL);
	for (size_t i = 0; i < ONN_COUNT(works) && !status; i++)
		for (int type = 0; type < ONN_TYPE_COUNT && !status; type++) {
			if (!(works[i].types & 1u << type))
				continue;
			const onn_selftest_work work =
			    make_work(device, truth, &works[i], (onn_type)type, text, sizeof text);
			count += work.outcome == ONN_SELFTEST_FAILED;
			if (callback && !callback(&work, user))
				status = onn_error(ONN_CANCELLED, "onn_selftest_works: cancelled");
		}
	onn_device_destroy(truth);
	if (failed)
		*failed = count;
	return status;
}
