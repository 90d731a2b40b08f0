/*
 * Seeds that are stepped together: each ends with the bytes that it has alone, however it was
 * stopped and gone on with. A device that cannot step them so takes them one by one.
 */
#define _POSIX_C_SOURCE 200809L
#include "device.h"
#include "network.h"
#include "presets.h"
#include "train/training.h"

#include "plan/copies.h"

enum { SEEDS = 3 };

/* Seeds whose low half overflows on the way. */
static const uint64_t first_seed = 0x1fffffffeull;

static onn_device *device;
static bool takes_several;
static char alone[128], together[128];

/* What callbacks have seen. */
typedef struct notes {
	int left;        /* steps until it is to stop; 0: never */
	size_t together; /* most at once */
	size_t epochs;
	char line[600]; /* the first */
} notes;

static bool note_step(void *user, const onn_train_progress *p)
{
	notes *n = user;

	ck_assert(p->together >= 1 && p->run + p->together <= p->runs && p->runs == SEEDS);
	ck_assert_uint_eq(p->seed, first_seed + p->run);
	n->together = p->together > n->together ? p->together : n->together;
	return n->left > 0 && --n->left == 0;
}

static void note_epoch(void *user, const onn_train_epoch *e)
{
	notes *n = user;

	ck_assert_uint_eq(e->seed, first_seed + e->run);
	n->epochs++;
}

static void note_line(void *user, const char *line)
{
	notes *n = user;

	if (!*n->line)
		snprintf(n->line, sizeof n->line, "%s", line);
}

static onn_train_options training(const char *out, size_t at_once, notes *n)
{
	onn_train_options o = ONN_TRAIN_OPTIONS_INIT;

	memset(n, 0, sizeof *n);
	o.optimizer.rate = .01;
	o.batch = 16;
	o.epochs = 3;
	o.seed = first_seed;
	o.seeds = SEEDS;
	o.together = at_once;
	o.weight_noise = .05; /* random numbers in each step */
	o.out = out;
	o.user = n;
	o.progress = note_step;
	o.epoch = note_epoch;
	o.log = note_line;
	return o;
}

static const char *folder_of(char path[192], const char *out, size_t i)
{
	snprintf(path, 192, "%s/seed-%llu", out, (unsigned long long)(first_seed + i));
	return path;
}

static void clean_all(const char *out)
{
	char path[192];

	for (size_t i = 0; i < SEEDS; i++) {
		clean(folder_of(path, out, i));
		remove(path);
	}
	clean(out);
}

static void check_same_runs(void)
{
	char a[192], b[192];

	for (size_t i = 0; i < SEEDS; i++) {
		folder_of(a, alone, i);
		folder_of(b, together, i);
		check_same_file(a, b, "last.npz");
		check_same_file(a, b, "best.npz");
		check_same_file(a, b, "config.json");
		check_same_metrics(a, b, 3);
	}
	check_same_file(alone, together, "summary.json");
}

/* 100 images in batches of 16: the last one of an epoch is of 4. */
static void train_alone(const onn_dataset *d, const onn_mlp *m)
{
	notes n;
	onn_train_options o = training(alone, 1, &n);

	clean_all(alone);
	clean_all(together);
	check_ok(train_mlp(NULL, m, &o, d, device));
	ck_assert_uint_eq(n.together, 1);
	ck_assert_uint_eq(n.epochs, SEEDS * 3);
	ck_assert_str_eq(n.line, "");
}

START_TEST(seeds_together_end_with_the_bytes_of_each_alone)
{
	onn_dataset *d = make_set(100, 40, 8);
	onn_mlp m = network_for(d);
	notes n;
	onn_train_result r;
	onn_train_options o = training(together, SEEDS, &n);

	train_alone(d, &m);
	check_ok(train_mlp(&r, &m, &o, d, device));
	ck_assert_uint_eq(r.count, SEEDS);
	for (size_t i = 0; i < SEEDS; i++)
		ck_assert(r.run[i].seed == first_seed + i && r.run[i].epochs == 3);
	ck_assert_uint_eq(n.epochs, SEEDS * 3);
	ck_assert_uint_eq(n.together, takes_several ? SEEDS : 1);
	if (!takes_several)
		ck_assert_msg(strstr(n.line, "one by one: ") != NULL, "%s", n.line);
	check_same_runs();
	onn_train_result_clear(&r);
	free_set(d);
}
END_TEST

START_TEST(seeds_that_stopped_together_go_on_in_any_number)
{
	static const size_t numbers[] = {SEEDS, 2, 1};
	onn_dataset *d = make_set(100, 40, 8);
	onn_mlp m = network_for(d);

	train_alone(d, &m);
	for (size_t k = 0; k < COUNT(numbers); k++) {
		notes n;
		onn_train_options o = training(together, SEEDS, &n);
		clean_all(together);
		n.left = 10; /* the third step of the second epoch */
		check_error(train_mlp(NULL, &m, &o, d, device), ONN_CANCELLED,
		    "stopped at epoch 2, step 3");
		o = training(together, numbers[k], &n);
		o.resume = true;
		check_ok(train_mlp(NULL, &m, &o, d, device));
		ck_assert_uint_eq(n.together, takes_several ? numbers[k] : 1);
		check_same_runs();
	}
	free_set(d);
}
END_TEST

/* As where a run was killed between one's checkpoint and the next one's. */
START_TEST(seeds_that_are_not_equally_far_go_on_apart)
{
	onn_dataset *d = make_set(100, 40, 8);
	onn_mlp m = network_for(d);
	char path[192];
	notes n;
	onn_train_options o = training(together, SEEDS, &n);

	train_alone(d, &m);
	check_ok(train_mlp(NULL, &m, &o, d, device));
	check_ok(onn_file_remove(path_in(folder_of(path, together, 0), "last.npz")));
	check_ok(onn_file_remove(path_in(folder_of(path, together, 1), "last.npz")));
	o = training(together, SEEDS, &n);
	o.resume = true;
	onn_train_result r;
	check_ok(train_mlp(&r, &m, &o, d, device));
	ck_assert(!r.run[0].was_finished && !r.run[1].was_finished && r.run[2].was_finished);
	ck_assert_uint_eq(n.together, takes_several ? 2 : 1);
	check_same_runs();
	onn_train_result_clear(&r);
	free_set(d);
}
END_TEST

START_TEST(a_seed_that_fails_is_named)
{
	onn_dataset *d = make_set(100, 40, 8);
	onn_mlp m = network_for(d);
	notes n;
	onn_train_options o = training(NULL, SEEDS, &n);

	o.optimizer.kind = ONN_OPTIMIZER_SGD;
	o.optimizer.rate = 1e30;
	check_error(train_mlp(NULL, &m, &o, d, device), ONN_ERROR_NUMERIC, "(seed 8589934590)");
	o.together = 5000;
	check_error(train_mlp(NULL, &m, &o, d, device), ONN_ERROR_ARGUMENT,
	    "together is 5000; expected at most 512");
	free_set(d);
}
END_TEST

int main(void)
{
	setenv("ONN_OPENCL_MERGE", "1", 1); /* on processors, too */
	device = open_test_device(NULL);
	/* native kernels are the processor's, one plan after another */
	takes_several = onn_device_gains_by_copies(device);
	own_name(alone, sizeof alone, "test_together_alone");
	own_name(together, sizeof together, "test_together_all");
	int failed = run_tests("seeds together",
	    (const TTest *[]){seeds_together_end_with_the_bytes_of_each_alone,
	        seeds_that_stopped_together_go_on_in_any_number,
	        seeds_that_are_not_equally_far_go_on_apart, a_seed_that_fails_is_named, NULL});
	clean_all(alone);
	clean_all(together);
	remove(alone);
	remove(together);
	onn_device_destroy(device);
	return failed;
}
