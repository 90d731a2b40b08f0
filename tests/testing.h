/*
 * What test programs share: Check, and a main() from a list of tests.
 *
 *     TESTS("memory", a_test, another)
 */
#ifndef ONN_TESTS_TESTING_H
#define ONN_TESTS_TESTING_H

#include <check.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/status.h>

/* Check's own writes its place into a file each time that something holds, which in loops over
 * elements takes longer than what is tested. The place is for programs that it forks; none is. */
#undef ck_assert_msg
#undef ck_assert
#define ck_assert_msg(expr, ...)                                                                   \
	do {                                                                                       \
		if (!(expr))                                                                       \
			ck_abort_msg(__VA_ARGS__);                                                 \
	} while (0)
#define ck_assert(expr) ck_assert_msg(expr, "Assertion '%s' failed", #expr)

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define check_ok(call)                                                                             \
	do {                                                                                       \
		onn_status status_ = (call);                                                       \
		ck_assert_msg(status_ == ONN_OK, "%s gave %s: %s", #call,                          \
		    onn_status_name(status_), onn_last_error());                                   \
	} while (0)

/* The call fails with this status, and the text holds that part. */
#define check_error(call, status, part)                                                            \
	do {                                                                                       \
		onn_status status_ = (call);                                                       \
		ck_assert_msg(status_ == (status), "%s gave %s, not %s: %s", #call,                \
		    onn_status_name(status_), #status, onn_last_error());                          \
		ck_assert_msg(strstr(onn_last_error(), part), "%s: no \"%s\" in: %s", #call, part, \
		    onn_last_error());                                                             \
	} while (0)

/* NaN fails. */
#define check_near(a, b, tolerance)                                                                \
	do {                                                                                       \
		double a_ = (a), b_ = (b);                                                         \
		ck_assert_msg(                                                                     \
		    fabs(a_ - b_) <= (tolerance), "%s is %.17g, %s is %.17g", #a, a_, #b, b_);     \
	} while (0)

/* tests ends with NULL. 1 where one failed. */
static inline int run_tests(const char *name, const TTest *const tests[])
{
	Suite *suite = suite_create(name);
	TCase *group = tcase_create(name);
	tcase_set_timeout(group, 600);
	for (size_t i = 0; tests[i]; i++)
		tcase_add_test(group, tests[i]);
	suite_add_tcase(suite, group);
	SRunner *runner = srunner_create(suite);
	/* the threads of a device do not survive a fork */
	srunner_set_fork_status(runner, CK_NOFORK);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* The program's main(): these tests. */
#define TESTS(name, ...)                                                                           \
	int main(void) { return run_tests(name, (const TTest *[]){__VA_ARGS__, NULL}); }

#endif
