/* The model of a device: which of launches, bytes and operations a step waits for. */
#include <math.h>

#include "cards.h"
#include "testing.h"

/* 1 us a launch, 1 GB/s, 10 in 1 MB, 1 GFLOP/s in f32, .1 in f64 */
static const bench_limits plain = {"plain", 1e-6, 1e9, 10e9, 1e6, 1e9, 1e8, 32768};

START_TEST(each_step_takes_as_long_as_its_slowest_part)
{
	const onn_step_work step[] = {{4, 1000, 1000}, {1, 9000, 2000}, {1, 100, 5000}};
	const bench_expected e = bench_expect(&plain, step, 3, 2e6, ONN_F32);
	check_near(e.seconds, 4e-6 + 9e-6 + 5e-6, 1e-12);
	check_near(e.launches, 6e-6, 1e-12);
	check_near(e.bytes, 10.1e-6, 1e-12);
	check_near(e.flops, 8e-6, 1e-12);
	ck_assert_str_eq(e.bound, "bytes");
}
END_TEST

START_TEST(the_bound_is_what_most_time_is_waited_for)
{
	const onn_step_work step[] = {{1, 3000, 0}, {2, 0, 0}, {2, 0, 0}, {0, 0, 3900}};
	ck_assert_str_eq(bench_expect(&plain, step, 4, 2e6, ONN_F32).bound, "launches");
	ck_assert_str_eq(bench_expect(&plain, step + 3, 1, 2e6, ONN_F32).bound, "FLOP");
}
END_TEST

START_TEST(what_fits_the_cache_is_read_from_there)
{
	const onn_step_work step = {0, 1e6, 0};
	check_near(bench_expect(&plain, &step, 1, 1e6, ONN_F32).seconds, 1e-4, 1e-12);
	check_near(bench_expect(&plain, &step, 1, 1.1e6, ONN_F32).seconds, 1e-3, 1e-12);
}
END_TEST

START_TEST(double_precision_has_a_rate_of_its_own_or_none)
{
	const onn_step_work step = {0, 0, 1e6};
	bench_limits none = plain;
	none.f64 = 0;
	check_near(bench_expect(&plain, &step, 1, 0, ONN_F64).seconds, 1e-2, 1e-9);
	ck_assert(isinf(bench_expect(&none, &step, 1, 0, ONN_F64).seconds));
}
END_TEST

START_TEST(cards_are_found_in_any_case)
{
	const bench_limits *card;
	ck_assert_ptr_nonnull(bench_card_find("RX 7900 XTX"));
	ck_assert_ptr_eq(bench_card_find("iris xe"), bench_card_find("Iris Xe"));
	ck_assert_ptr_null(bench_card_find("RX"));
	for (size_t i = 0; (card = bench_card(i)); i++) {
		ck_assert_ptr_eq(bench_card_find(card->name), card);
		ck_assert(card->launch > 0 && card->memory > 0 && card->f32 > 0 && card->local > 0);
		ck_assert(card->cached > card->memory);
	}
}
END_TEST

TESTS("cards", each_step_takes_as_long_as_its_slowest_part,
    the_bound_is_what_most_time_is_waited_for, what_fits_the_cache_is_read_from_there,
    double_precision_has_a_rate_of_its_own_or_none, cards_are_found_in_any_case)
