/* The selftest as a library function: rows, outcomes, cancelling, and a device that is wrong on
 * purpose. */
#include "testing.h"

#include <onn/selftest.h>

#include "faulty.h"

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

static onn_status broken_run(
    onn_executable *executable, onn_buffer *const *buffers, uint32_t first, uint32_t count)
{
	(void)executable, (void)buffers, (void)first, (void)count;
	return ONN_ERROR_DEVICE;
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

int main(void)
{
	int result;

	if (onn_device_create(&device, "reference", NULL))
		return EXIT_FAILURE;
	result = run_tests("selftest",
	    (const TTest *[]){the_reference_passes_its_own_test,
	        a_callback_can_cancel_and_arguments_are_checked,
	        wrong_products_fail_where_products_are_and_nowhere_else,
	        a_device_that_fails_or_lacks_double_precision_is_told_from_a_wrong_one, NULL});
	onn_device_destroy(device);
	return result;
}
