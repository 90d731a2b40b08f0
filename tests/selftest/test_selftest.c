/* The selftest as a library function: rows, outcomes, cancelling, and a device that is wrong on
 * purpose. */
#include "testing.h"

#include <onn/selftest.h>

#include "backend/backend.h"
#include "backend/reference/reference.h"
#include "ops/op.h"

static onn_device *device;

typedef struct tally {
	size_t rows, passed, failed, skipped, wrong_matmul, stop_after;
} tally;

static bool note(const onn_selftest_row *row, void *user)
{
	tally *l = user;

	l->rows++;
	l->passed += row->outcome == ONN_SELFTEST_PASSED;
	l->failed += row->outcome == ONN_SELFTEST_FAILED;
	l->skipped += row->outcome == ONN_SELFTEST_SKIPPED;
	ck_assert_ptr_nonnull(row->name);
	ck_assert_ptr_nonnull(row->text);
	ck_assert_uint_gt(onn_type_size(row->type), 0);
	if (row->outcome == ONN_SELFTEST_PASSED)
		ck_assert_msg(
		    row->error <= row->tolerance, "%s passed with %g", row->name, row->error);
	if (row->outcome == ONN_SELFTEST_SKIPPED)
		ck_assert_str_ne(row->text, "");
	l->wrong_matmul +=
	    row->outcome == ONN_SELFTEST_FAILED && strncmp(row->name, "matmul", 6) == 0;
	return l->rows != l->stop_after;
}

START_TEST(the_reference_passes_its_own_test)
{
	tally l = {0};
	size_t failed = 99;

	check_ok(onn_selftest(&failed, device, note, &l));
	ck_assert_uint_eq(failed, 0);
	ck_assert_uint_eq(l.failed, 0);
	ck_assert_uint_eq(l.skipped, 0);
	ck_assert_uint_eq(l.passed, l.rows);
	ck_assert_uint_gt(l.rows, 200);
}
END_TEST

START_TEST(a_callback_can_cancel_and_arguments_are_checked)
{
	tally l = {.stop_after = 3};

	ck_assert_int_eq(onn_selftest(NULL, device, note, &l), ONN_CANCELLED);
	ck_assert_uint_eq(l.rows, 3);
	check_error(
	    onn_selftest(NULL, NULL, note, &l), ONN_ERROR_ARGUMENT, "onn_selftest: device is NULL");
}
END_TEST

/* ---- devices with a fault: the reference, with one entry of its table replaced ---- */

static const onn_backend *true_backend;

/* Every f32 and f64 product is off by a part in a thousand. */
static onn_status wrong_products(
    onn_executable *executable, onn_buffer *const *buffers, uint32_t first, uint32_t count)
{
	onn_status status = true_backend->run(executable, buffers, first, count);
	const onn_schedule *s = executable->schedule;

	for (uint32_t i = first; i < first + count; i++) {
		if (s->step[i].kind != ONN_STEP_MATMUL)
			continue;
		const onn_value *v = &s->value[s->step[i].u.matmul.c];
		void *data = ((onn_host_buffer *)buffers[v->memory])->data + v->offset;
		for (size_t k = 0; k < v->count; k++) {
			if (v->type == ONN_F32)
				((float *)data)[k] *= 1.001f;
			if (v->type == ONN_F64)
				((double *)data)[k] *= 1.001;
		}
	}
	return status;
}

static onn_status broken_run(
    onn_executable *executable, onn_buffer *const *buffers, uint32_t first, uint32_t count)
{
	(void)executable, (void)buffers, (void)first, (void)count;
	return ONN_ERROR_DEVICE;
}

static void with_fault(onn_backend *backend, onn_device **d, const char *name)
{
	check_ok(onn_device_create(d, name, NULL));
	true_backend = (*d)->backend;
	*backend = *true_backend;
	(*d)->backend = backend;
}

START_TEST(wrong_products_fail_where_products_are_and_nowhere_else)
{
	onn_backend backend;
	onn_device *faulty;
	tally l = {0};
	size_t failed;

	with_fault(&backend, &faulty, "reference");
	backend.run = wrong_products;
	check_ok(onn_selftest(&failed, faulty, note, &l));
	/* two cases of matmul in two types, and a training step in two types */
	ck_assert_uint_eq(l.wrong_matmul, 4);
	ck_assert_uint_eq(failed, 6);
	ck_assert_uint_eq(l.failed, failed);
	onn_device_destroy(faulty);
}
END_TEST

START_TEST(a_device_that_fails_or_lacks_double_precision_is_told_from_a_wrong_one)
{
	onn_backend backend;
	onn_device *faulty;
	tally l = {0}, all = {0};
	size_t failed;

	with_fault(&backend, &faulty, "reference");
	faulty->fp64 = false;
	check_ok(onn_selftest(&failed, faulty, note, &l));
	ck_assert_uint_eq(failed, 0);
	ck_assert_uint_gt(l.skipped, 50);
	ck_assert_uint_gt(l.passed, 50);
	faulty->fp64 = true;
	backend.run = broken_run;
	check_ok(onn_selftest(&failed, faulty, note, &all));
	ck_assert_uint_eq(failed, all.rows);
	onn_device_destroy(faulty);
}
END_TEST

/* ---- works ---- */

static bool note_work(const onn_selftest_work *work, void *user)
{
	tally *l = user;

	l->rows++;
	l->passed += work->outcome == ONN_SELFTEST_PASSED;
	l->failed += work->outcome == ONN_SELFTEST_FAILED;
	l->skipped += work->outcome == ONN_SELFTEST_SKIPPED;
	l->wrong_matmul +=
	    work->outcome == ONN_SELFTEST_FAILED && strncmp(work->name, "product", 7) == 0;
	if (work->outcome == ONN_SELFTEST_PASSED)
		ck_assert(work->error <= work->tolerance && work->seconds > 0 && work->first > 0 &&
		          work->flops > 0 && work->bytes > 0);
	else
		ck_assert(work->outcome == ONN_SELFTEST_FAILED || *work->text);
	return l->rows != l->stop_after;
}

START_TEST(works_are_compared_with_the_c_backend)
{
	onn_backend backend;
	onn_device *faulty;
	tally wrong = {0}, first = {.stop_after = 2};
	size_t failed = 99;

	with_fault(&backend, &faulty, "c");
	backend.run = wrong_products;
	faulty->fp64 = false;
	check_ok(onn_selftest_works(&failed, faulty, note_work, &wrong));
	/* three products and a perceptron */
	ck_assert_uint_eq(wrong.wrong_matmul, 3);
	ck_assert_uint_eq(failed, 4);
	ck_assert_uint_eq(wrong.failed, 4);
	ck_assert(wrong.skipped > 5 && wrong.passed > 5);
	ck_assert_int_eq(onn_selftest_works(NULL, faulty, note_work, &first), ONN_CANCELLED);
	ck_assert_uint_eq(first.rows, 2);
	check_error(onn_selftest_works(NULL, NULL, NULL, NULL), ONN_ERROR_ARGUMENT,
	    "onn_selftest_works: device is NULL");
	onn_device_destroy(faulty);
}
END_TEST

int main(void)
{
	int result;

	if (onn_device_create(&device, "reference", NULL))
		return EXIT_FAILURE;
	result = run_tests(
	    "selftest", (const TTest *[]){the_reference_passes_its_own_test,
	                    a_callback_can_cancel_and_arguments_are_checked,
	                    wrong_products_fail_where_products_are_and_nowhere_else,
	                    a_device_that_fails_or_lacks_double_precision_is_told_from_a_wrong_one,
	                    works_are_compared_with_the_c_backend, NULL});
	onn_device_destroy(device);
	return result;
}
