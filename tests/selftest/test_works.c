/* Works of real size on a device that multiplies wrongly. */
#include "testing.h"

#include <onn/selftest.h>

#include "faulty.h"

typedef struct tally {
	size_t rows, passed, failed, skipped, wrong_products, stop_after;
} tally;

static bool note_work(const onn_selftest_work *work, void *user)
{
	tally *l = user;

	l->rows++;
	l->passed += work->outcome == ONN_SELFTEST_PASSED;
	l->failed += work->outcome == ONN_SELFTEST_FAILED;
	l->skipped += work->outcome == ONN_SELFTEST_SKIPPED;
	l->wrong_products +=
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
	ck_assert_uint_eq(wrong.wrong_products, 3);
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
	return run_tests(
	    "selftest_works", (const TTest *[]){works_are_compared_with_the_c_backend, NULL});
}
