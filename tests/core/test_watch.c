#include "testing.h"

#include <stdatomic.h>

#include "core/os.h"
#include "core/watch.h"

typedef struct sum {
	int a, b, result;
} sum;

static void add(void *argument)
{
	sum *s = argument;
	s->result = s->a + s->b;
}

static atomic_bool sleeps, woken;

static void sleep_long(void *argument)
{
	(void)argument;
	while (atomic_load(&sleeps))
		onn_thread_yield();
	atomic_store(&woken, true);
}

static atomic_int news;

/* There is some, a few times. */
static bool has_news(void *user)
{
	(void)user;
	return atomic_fetch_sub(&news, 1) > 0;
}

START_TEST(a_call_that_returns_gives_its_result)
{
	static const double limits[] = {0, 1e3};
	onn_watch *watch;
	check_ok(onn_watch_create(&watch));
	for (int i = 0; i < 300; i++) {
		const onn_patience patience = {limits[i % 2], NULL, NULL};
		sum s = {i, 1, 0};
		ck_assert(onn_watch_call(watch, add, &s, sizeof s, &patience));
		ck_assert_int_eq(s.result, i + 1);
	}
	onn_watch_destroy(watch);
	onn_watch_destroy(NULL);
}
END_TEST

START_TEST(a_call_that_does_not_return_is_left_behind)
{
	onn_watch *watch;
	const onn_patience patience = {.02, NULL, NULL};
	atomic_store(&sleeps, true);
	check_ok(onn_watch_create(&watch));
	ck_assert(!onn_watch_call(watch, sleep_long, &(int){0}, sizeof(int), &patience));
	onn_watch_destroy(watch);
	ck_assert(!atomic_load(&woken));
	atomic_store(&sleeps, false); /* the thread ends by itself, and frees all */
	while (!atomic_load(&woken))
		onn_thread_yield();
}
END_TEST

START_TEST(news_make_a_caller_wait_longer)
{
	onn_watch *watch;
	const onn_patience patience = {.008, has_news, NULL};
	atomic_store(&sleeps, true);
	atomic_store(&news, 7);
	check_ok(onn_watch_create(&watch));
	ck_assert(!onn_watch_call(watch, sleep_long, &(int){0}, sizeof(int), &patience));
	/* 7 times some, then so often none as the patience has turns */
	ck_assert_int_eq(atomic_load(&news), -4);
	onn_watch_destroy(watch);
	atomic_store(&sleeps, false);
}
END_TEST

TESTS("watch", a_call_that_returns_gives_its_result, a_call_that_does_not_return_is_left_behind,
    news_make_a_caller_wait_longer)
