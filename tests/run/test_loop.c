/*
 * The loop of runs: which steps are taken, and when is saved.
 */
#include "run/loop.h"
#include "testing.h"

typedef struct trace {
	char text[256];
	size_t stop, fail_step, fail_save; /* 0: never */
} trace;

static onn_status step(void *self, size_t done)
{
	trace *t = self;
	size_t n = strlen(t->text);
	snprintf(t->text + n, sizeof t->text - n, "%zu", done);
	return done + 1 == t->fail_step ? ONN_ERROR_DEVICE : ONN_OK;
}

static bool report(void *self, size_t done) { return done == ((trace *)self)->stop; }

static bool is_due(const void *self, size_t done)
{
	(void)self;
	return done % 3 == 0;
}

static onn_status save(void *self, size_t done)
{
	trace *t = self;
	strcat(t->text, "s");
	return done == t->fail_save ? ONN_ERROR_FILE : ONN_OK;
}

static onn_status run(trace *t, size_t done, size_t total)
{
	static const onn_loop loop = {step, report, is_due, save};
	t->text[0] = 0;
	return onn_loop_run(&loop, t, done, total);
}

START_TEST(steps_are_taken_in_order_and_saved_where_due_and_at_the_end)
{
	trace t = {.stop = 0};
	ck_assert_int_eq(run(&t, 0, 7), ONN_OK);
	ck_assert_str_eq(t.text, "012s345s6s");
	ck_assert_int_eq(run(&t, 4, 6), ONN_OK);
	ck_assert_str_eq(t.text, "45s");
	ck_assert_int_eq(run(&t, 6, 6), ONN_OK);
	ck_assert_str_eq(t.text, "");
}
END_TEST

START_TEST(a_wish_to_stop_saves_and_is_told)
{
	trace t = {.stop = 2};
	ck_assert_int_eq(run(&t, 0, 7), ONN_CANCELLED);
	ck_assert_str_eq(t.text, "01s");
	/* behind the last step there is nothing to stop */
	t.stop = 7;
	ck_assert_int_eq(run(&t, 5, 7), ONN_OK);
	ck_assert_str_eq(t.text, "5s6s");
}
END_TEST

START_TEST(a_failure_ends_the_run_and_is_not_saved)
{
	trace t = {.fail_step = 5};
	ck_assert_int_eq(run(&t, 0, 7), ONN_ERROR_DEVICE);
	ck_assert_str_eq(t.text, "012s34");
	t = (trace){.fail_save = 3};
	ck_assert_int_eq(run(&t, 0, 7), ONN_ERROR_FILE);
	ck_assert_str_eq(t.text, "012s");
}
END_TEST

TESTS("loop", steps_are_taken_in_order_and_saved_where_due_and_at_the_end,
    a_wish_to_stop_saves_and_is_told, a_failure_ends_the_run_and_is_not_saved)
