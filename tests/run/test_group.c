/*
 * Groups of threads: sums in the order of ranks, copies, and ranks that leave.
 */
#include <onn/group.h>
#include <onn/status.h>

#include "testing.h"

enum { RANKS = 3, COUNT_OF = 1000, ROUNDS = 50 };

typedef struct board {
	double sums[RANKS][COUNT_OF];
	float small[RANKS][2];
	int copied[RANKS];
	size_t rank[RANKS], ranks[RANKS];
} board;

static double brought(size_t rank, size_t i) { return 1. / (double)(3 * i + rank + 1); }

static onn_status add_and_copy(void *user, const onn_group *g)
{
	board *b = user;
	onn_status status = ONN_OK;
	b->rank[g->rank] = g->rank;
	b->ranks[g->rank] = g->ranks;
	for (int round = 0; round < ROUNDS && !status; round++) {
		for (size_t i = 0; i < COUNT_OF; i++)
			b->sums[g->rank][i] = brought(g->rank, i);
		status = g->sum(g->user, b->sums[g->rank], COUNT_OF, ONN_F64);
		b->small[g->rank][0] = (float)g->rank;
		b->small[g->rank][1] = 16777216;
		if (!status)
			status = g->sum(g->user, b->small[g->rank], 2, ONN_F32);
		b->copied[g->rank] = g->rank == 0 ? round : -1;
		if (!status)
			status = g->copy(g->user, &b->copied[g->rank], sizeof(int));
	}
	return status;
}

START_TEST(sums_are_taken_in_the_order_of_ranks_and_are_the_same_on_all)
{
	static board b;
	check_ok(onn_group_run(RANKS, add_and_copy, &b));
	for (size_t r = 0; r < RANKS; r++) {
		ck_assert_uint_eq(b.rank[r], r);
		ck_assert_uint_eq(b.ranks[r], RANKS);
		ck_assert_int_eq(b.copied[r], ROUNDS - 1);
		ck_assert(b.small[r][0] == 3 && b.small[r][1] == 3 * 16777216.f);
		for (size_t i = 0; i < COUNT_OF; i++)
			ck_assert(b.sums[r][i] == brought(0, i) + brought(1, i) + brought(2, i));
	}
}
END_TEST

/* More ranks than numbers, and one rank alone. */
static onn_status add_one(void *user, const onn_group *g)
{
	double *number = user;
	double one = 1;
	onn_status status = g->sum(g->user, &one, 1, ONN_F64);
	number[g->rank] = one;
	return status;
}

START_TEST(fewer_numbers_than_ranks_and_a_rank_alone_are_added)
{
	double number[8] = {0};
	check_ok(onn_group_run(8, add_one, number));
	for (int i = 0; i < 8; i++)
		ck_assert(number[i] == 8);
	check_ok(onn_group_run(1, add_one, number));
	ck_assert(number[0] == 1);
}
END_TEST

static onn_status one_fails(void *user, const onn_group *g)
{
	const size_t *which = user;
	double x = 1;
	onn_status status = g->sum(g->user, &x, 1, ONN_F64);
	if (g->rank == *which)
		return onn_group_error("test", "a device is lost");
	for (int i = 0; i < 3 && !status; i++)
		status = g->sum(g->user, &x, 1, ONN_F64);
	return status;
}

START_TEST(a_rank_that_fails_ends_the_others_and_its_text_is_told)
{
	for (size_t which = 0; which < RANKS; which++)
		check_error(onn_group_run(RANKS, one_fails, &which), ONN_ERROR_DEVICE,
		    "test: a device is lost");
}
END_TEST

static onn_status one_leaves(void *user, const onn_group *g)
{
	double x = 1;
	(void)user;
	return g->rank == 1 ? ONN_OK : g->sum(g->user, &x, 1, ONN_F64);
}

START_TEST(a_rank_that_leaves_early_is_named)
{
	check_error(
	    onn_group_run(RANKS, one_leaves, NULL), ONN_ERROR_DEVICE, "rank 1 of 3 has ended");
}
END_TEST

START_TEST(wrong_counts_are_named)
{
	check_error(onn_group_run(0, add_one, NULL), ONN_ERROR_ARGUMENT, "0 ranks; expected 1 to");
	check_error(onn_group_run(65, add_one, NULL), ONN_ERROR_ARGUMENT, "65 ranks");
}
END_TEST

int main(void)
{
	return run_tests("groups",
	    (const TTest *[]){sums_are_taken_in_the_order_of_ranks_and_are_the_same_on_all,
	        fewer_numbers_than_ranks_and_a_rank_alone_are_added,
	        a_rank_that_fails_ends_the_others_and_its_text_is_told,
	        a_rank_that_leaves_early_is_named, wrong_counts_are_named, NULL});
}
