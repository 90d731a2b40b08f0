/*
 * Training by a group of ranks, each on a device of its own: the losses of one rank within
 * rounding, the same bytes again, and every way to stop.
 */
#include <onn/group.h>

#include "presets.h"
#include "train/training.h"

static char alone[128], together[128], again[128];
static const char *device_name;

/* A training by some ranks, and what each of them came to. */
typedef struct team {
	const onn_mlp *mlp;
	onn_train_options options;
	const onn_dataset *dataset;
	size_t stop_rank, stop_after; /* 0: none stops */
	size_t lose_rank, lose_after; /* the rank leaves behind so many sums; 0: none */
	size_t sums[8], steps[8];
	onn_group real[8];
	onn_train_result result[8];
	onn_status status[8];
	char reason[8][512];
} team;

typedef struct caller {
	team *team;
	size_t rank;
} caller;

static bool count_steps(void *user, const onn_train_progress *p)
{
	caller *c = user;
	(void)p;
	c->team->steps[c->rank]++;
	return c->team->stop_after && c->rank == c->team->stop_rank &&
	       c->team->steps[c->rank] == c->team->stop_after;
}

static onn_status sum_until_lost(void *user, void *numbers, size_t count, onn_type type)
{
	caller *c = user;
	team *t = c->team;
	const onn_group *real = &t->real[c->rank];
	if (t->lose_after && c->rank == t->lose_rank && ++t->sums[c->rank] > t->lose_after)
		return onn_group_error("test", "the device is lost");
	return real->sum(real->user, numbers, count, type);
}

static onn_status copy_on(void *user, void *bytes, size_t count)
{
	caller *c = user;
	const onn_group *real = &c->team->real[c->rank];
	return real->copy(real->user, bytes, count);
}

static onn_status train_a_rank(void *user, const onn_group *group)
{
	team *t = user;
	caller c = {t, group->rank};
	onn_group own = {sizeof own, group->rank, group->ranks, &c, sum_until_lost, copy_on};
	onn_train_options o = t->options;
	onn_device_options options = ONN_DEVICE_OPTIONS_INIT;
	onn_device *device = NULL;
	t->real[group->rank] = *group;
	o.group = &own;
	o.user = &c;
	o.progress = count_steps;
	options.threads = 1;
	onn_status status = onn_device_create(&device, device_name, &options);
	if (!status)
		status = train_mlp(&t->result[group->rank], t->mlp, &o, t->dataset, device);
	t->status[group->rank] = status;
	snprintf(t->reason[group->rank], sizeof t->reason[0], "%s", onn_last_error());
	onn_device_destroy(device);
	return status;
}

static onn_status train_together(team *t, size_t ranks)
{
	memset(t->sums, 0, sizeof t->sums);
	memset(t->steps, 0, sizeof t->steps);
	memset(t->result, 0, sizeof t->result);
	return onn_group_run(ranks, train_a_rank, t);
}

static void clear(team *t)
{
	for (size_t i = 0; i < COUNT(t->result); i++)
		onn_train_result_clear(&t->result[i]);
}

static onn_train_options short_training(const char *out)
{
	onn_train_options o = ONN_TRAIN_OPTIONS_INIT;
	o.optimizer.rate = .01;
	o.batch = 16;
	o.epochs = 3;
	o.seed = 5;
	o.out = out;
	return o;
}

/* 37 samples in batches of 16: the last of 5, of which some of 8 ranks have none. */
START_TEST(ranks_train_as_one_does_within_rounding)
{
	onn_dataset *d = make_set(37, 41, 6);
	onn_mlp m = network_for(d);
	team t = {.mlp = &m, .options = short_training(NULL), .dataset = d};
	m.precision = ONN_F64;
	check_ok(train_together(&t, 1));
	onn_train_result one = t.result[0];
	t.result[0] = (onn_train_result){0};
	clear(&t);
	for (size_t ranks = 2; ranks <= 8; ranks += 3) {
		check_ok(train_together(&t, ranks));
		for (size_t r = 0; r < ranks; r++) {
			const onn_train_run *run = t.result[r].run;
			ck_assert_uint_eq(run->epochs, 3);
			for (size_t e = 0; e < 3; e++) {
				check_near(
				    run->epoch[e].train_loss, one.run->epoch[e].train_loss, 1e-13);
				ck_assert(run->epoch[e].report_accuracy ==
				          one.run->epoch[e].report_accuracy);
			}
		}
		clear(&t);
	}
	onn_train_result_clear(&one);
	free_set(d);
}
END_TEST

/* The group's step is the step of a training without one. */
START_TEST(one_rank_trains_as_no_group_does)
{
	onn_dataset *d = make_set(37, 41, 6);
	onn_mlp m = network_for(d);
	team t = {.mlp = &m, .options = short_training(NULL), .dataset = d};
	onn_train_result r;
	onn_device *device;
	m.precision = ONN_F64;
	check_ok(onn_device_create(&device, device_name, NULL));
	check_ok(train_mlp(&r, &m, &t.options, d, device));
	check_ok(train_together(&t, 1));
	for (size_t e = 0; e < 3; e++)
		check_near(t.result[0].run->epoch[e].train_loss, r.run->epoch[e].train_loss, 1e-13);
	clear(&t);
	onn_train_result_clear(&r);
	onn_device_destroy(device);
	free_set(d);
}
END_TEST

START_TEST(as_many_ranks_write_the_same_bytes_also_where_they_stopped)
{
	onn_dataset *d = make_set(100, 41, 8);
	onn_mlp m = network_for(d);
	onn_train_config config;
	team t = {.mlp = &m, .options = short_training(together), .dataset = d};
	clean(together);
	clean(again);
	check_ok(train_together(&t, 3));
	clear(&t);
	check_ok(onn_train_config_load(&config, together));
	ck_assert_uint_eq(config.ranks, 3);
	onn_train_config_clear(&config);

	/* any rank may stop, behind any step; all stop behind the same one */
	t.options.out = again;
	t.stop_rank = 2;
	t.stop_after = 9;
	check_error(train_together(&t, 3), ONN_CANCELLED, "stopped at epoch 2");
	ck_assert(t.steps[0] == t.steps[2] && t.steps[1] == t.steps[2]);
	clear(&t);
	t.options.resume = true;
	t.stop_after = 0;
	check_ok(train_together(&t, 3));
	for (size_t r = 0; r < 3; r++)
		ck_assert_uint_eq(t.result[r].run->epochs, 3);
	clear(&t);
	check_same_file(together, again, "last.npz");
	check_same_file(together, again, "best.npz");
	check_same_metrics(together, again, 3);

	/* a finished one has nothing left to do, on any rank */
	check_ok(train_together(&t, 3));
	ck_assert(t.result[0].was_finished && t.result[2].was_finished);
	clear(&t);
	free_set(d);
}
END_TEST

START_TEST(a_rank_that_is_lost_ends_the_run_and_what_was_done_is_kept)
{
	onn_dataset *d = make_set(100, 41, 8);
	onn_mlp m = network_for(d);
	team t = {.mlp = &m, .options = short_training(alone), .dataset = d};
	clean(alone);
	clean(again);
	check_ok(train_together(&t, 2));
	clear(&t);
	t.options.out = again;
	t.lose_rank = 1;
	t.lose_after = 24; /* sums: some before the first step, then one a step */
	check_error(train_together(&t, 2), ONN_ERROR_DEVICE, "test: the device is lost");
	ck_assert_int_eq(t.status[0], ONN_ERROR_DEVICE);
	ck_assert_msg(strstr(t.reason[0], "rank 1 of 2 has ended") != NULL, "%s", t.reason[0]);
	ck_assert_msg(strstr(t.reason[0], "kept up to epoch") != NULL, "%s", t.reason[0]);
	ck_assert(t.steps[0] > 1 && t.steps[0] < 21);
	clear(&t);
	t.lose_after = 0;
	t.options.resume = true;
	check_ok(train_together(&t, 2));
	clear(&t);
	check_same_file(alone, again, "last.npz");
	free_set(d);
}
END_TEST

START_TEST(what_fails_on_one_rank_fails_on_all)
{
	onn_dataset *d = make_set(40, 10, 6);
	onn_mlp m = network_for(d);
	team t = {.mlp = &m, .options = short_training(alone), .dataset = d};
	clean(alone);
	check_ok(train_together(&t, 2));
	clear(&t);
	/* the folder is rank 0's to look at */
	check_error(train_together(&t, 2), ONN_ERROR_ARGUMENT, "holds a run already");
	ck_assert_msg(strstr(t.reason[1], "1 of 2 ranks failed") != NULL, "%s", t.reason[1]);
	clear(&t);
	free_set(d);
}
END_TEST

int main(void)
{
	device_name = "c";
	own_name(alone, sizeof alone, "test_ranks_alone");
	own_name(together, sizeof together, "test_ranks_together");
	own_name(again, sizeof again, "test_ranks_again");
	int failed = run_tests(
	    "training by ranks", (const TTest *[]){ranks_train_as_one_does_within_rounding,
	                             one_rank_trains_as_no_group_does,
	                             as_many_ranks_write_the_same_bytes_also_where_they_stopped,
	                             a_rank_that_is_lost_ends_the_run_and_what_was_done_is_kept,
	                             what_fails_on_one_rank_fails_on_all, NULL});
	const char *const folders[] = {alone, together, again};
	for (size_t i = 0; i < COUNT(folders); i++) {
		clean(folders[i]);
		remove(folders[i]);
	}
	return failed;
}
