#include "testing.h"

#include "core/philox.h"
#include "shared/philox.h"

/* The known answers that come with Random123 for philox4x32, 10 rounds. */
START_TEST(philox_gives_the_known_answers_of_random123)
{
	static const struct {
		uint32_t counter[4], key[2], out[4];
	} row[] = {
	    {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
	    {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff},
	        {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
	    {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0},
	        {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
	};
	for (size_t i = 0; i < COUNT(row); i++) {
		uint32_t out[4];
		uint64_t seed = row[i].key[0] | (uint64_t)row[i].key[1] << 32;
		onn_philox(out, seed, row[i].counter);
		for (int j = 0; j < 4; j++)
			ck_assert_uint_eq(out[j], row[i].out[j]);
	}
}
END_TEST

START_TEST(uniform_numbers_take_the_top_bits_and_stay_below_1)
{
	pw_u32x4 ones = {UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX};
	pw_u32x4 low = {0xff, 0x7ff, 0, 0}, one_bit = {0, 0x800, 0, 0};
	ck_assert(pw_uniform_f32(ones) == 1 - 0x1p-24f);
	ck_assert(pw_uniform_f64(ones) == 1 - 0x1p-53);
	ck_assert(pw_uniform_f32(low) == 0);
	ck_assert(pw_uniform_f64(one_bit) == 0x1p-53);
	ck_assert(pw_uniform_f64((pw_u32x4){0x80000000u, 0, 0, 0}) == 0.5);
}
END_TEST

START_TEST(uniform_numbers_have_the_mean_and_variance_of_theirs)
{
	double sum = 0, squares = 0;
	const int n = 100000;
	for (int i = 0; i < n; i++) {
		double u = onn_philox_uniform(7, 3, 1, (uint32_t)i);
		ck_assert(u >= 0 && u < 1);
		sum += u;
		squares += (u - 0.5) * (u - 0.5);
	}
	/* six standard errors of each */
	check_near(sum / n, 0.5, 6 * sqrt(1.0 / 12 / n));
	check_near(squares / n, 1.0 / 12, 6 * sqrt(1.0 / 180 / n));
}
END_TEST

START_TEST(normal_numbers_have_four_moments_of_theirs)
{
	double moment[5] = {0};
	const int n = 100000;
	for (int i = 0; i < n; i++) {
		double x = onn_philox_normal(7, 3, 1, (uint32_t)i);
		for (int k = 1; k <= 4; k++)
			moment[k] += pow(x, k) / n;
	}
	check_near(moment[1], 0, 6 * sqrt(1.0 / n));
	check_near(moment[2], 1, 6 * sqrt(2.0 / n));
	check_near(moment[3], 0, 6 * sqrt(15.0 / n));
	check_near(moment[4], 3, 6 * sqrt(96.0 / n));
}
END_TEST

START_TEST(normal_numbers_follow_from_two_neighbouring_counter_streams)
{
	const uint64_t seed = 0x123456789abcdefull;
	uint32_t first[4], second[4];
	onn_philox(first, seed, (uint32_t[]){5, 22, 9, 0});
	onn_philox(second, seed, (uint32_t[]){5, 23, 9, 0});
	double u1 = ((double)first[0] * 0x1p21 + (first[1] >> 11)) * 0x1p-53;
	double u2 = ((double)second[0] * 0x1p21 + (second[1] >> 11)) * 0x1p-53;
	ck_assert(onn_philox_uniform(seed, 9, 11, 5) == u1);
	check_near(onn_philox_normal(seed, 9, 11, 5),
	    sqrt(-2 * log(1 - u1)) * cos(2 * acos(-1) * u2), 1e-14);
}
END_TEST

START_TEST(each_part_of_the_counter_changes_the_number)
{
	double u = onn_philox_uniform(1, 2, 3, 4);
	ck_assert(u == onn_philox_uniform(1, 2, 3, 4));
	ck_assert(u != onn_philox_uniform(2, 2, 3, 4));
	ck_assert(u != onn_philox_uniform(1 + (1ull << 32), 2, 3, 4));
	ck_assert(u != onn_philox_uniform(1, 3, 3, 4));
	ck_assert(u != onn_philox_uniform(1, 2, 4, 4));
	ck_assert(u != onn_philox_uniform(1, 2, 3, 5));
}
END_TEST

START_TEST(permutations_hold_each_index_once_and_differ_by_step)
{
	enum { N = 1000 };
	int32_t order[N], other[N];
	bool seen[N] = {false};
	int fixed = 0, equal = 0;
	onn_philox_permutation(order, N, 42, 0, 0);
	onn_philox_permutation(other, N, 42, 1, 0);
	for (int i = 0; i < N; i++) {
		ck_assert(order[i] >= 0 && order[i] < N && !seen[order[i]]);
		seen[order[i]] = true;
		fixed += order[i] == i;
		equal += order[i] == other[i];
	}
	/* one is expected of each */
	ck_assert_int_lt(fixed, 10);
	ck_assert_int_lt(equal, 10);
	onn_philox_permutation(other, 0, 42, 0, 0);
	onn_philox_permutation(other, 1, 42, 0, 0);
	ck_assert_int_eq(other[0], 0);
}
END_TEST

START_TEST(permutations_of_three_are_equally_frequent)
{
	int count[27] = {0};
	const uint32_t n = 60000;
	for (uint32_t step = 0; step < n; step++) {
		int32_t p[3];
		onn_philox_permutation(p, 3, 5, step, 8);
		count[9 * p[0] + 3 * p[1] + p[2]]++;
	}
	static const int all[] = {5, 7, 11, 15, 19, 21};
	for (size_t i = 0; i < COUNT(all); i++)
		check_near(count[all[i]], n / 6.0, 6 * sqrt(n * 5 / 36.0));
}
END_TEST

TESTS("philox", philox_gives_the_known_answers_of_random123,
    uniform_numbers_take_the_top_bits_and_stay_below_1,
    uniform_numbers_have_the_mean_and_variance_of_theirs,
    normal_numbers_have_four_moments_of_theirs,
    normal_numbers_follow_from_two_neighbouring_counter_streams,
    each_part_of_the_counter_changes_the_number,
    permutations_hold_each_index_once_and_differ_by_step,
    permutations_of_three_are_equally_frequent)
