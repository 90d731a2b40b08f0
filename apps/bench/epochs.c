/*
 * onn-epochs: trains, an epoch for each line on standard input, and prints each epoch's seconds and
 * loss: for a program that times others in turn with it (peers/compare.py).
 *
 * It first trains an epoch to warm up, unasked. With --cnn the network is the convolutional one.
 * With --first-step it ends after the first training step: what a start costs.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "peers/mlp_by_hand.h"

enum { EXIT_USAGE = 2 };

typedef struct follower {
	bool first_step, done;
} follower;

static bool next_line(void)
{
	char line[64];
	return fgets(line, sizeof line, stdin) != NULL;
}

static void print(double seconds, double loss)
{
	printf("%.9f %.9f\n", seconds, loss);
	fflush(stdout);
}

/* Holds the training until the other program asks for more. */
static void after_epoch(void *user, const onn_train_epoch *epoch)
{
	follower *f = user;
	print(epoch->seconds, epoch->train_loss);
	f->done = !next_line();
}

static bool after_step(void *user, const onn_train_progress *progress)
{
	const follower *f = user;
	(void)progress;
	return f->first_step || f->done;
}

static void follow(const bench_task *task, const char *name, int threads, bool first_step)
{
	follower f = {first_step, false};
	onn_device *device;
	onn_device_options device_options = ONN_DEVICE_OPTIONS_INIT;
	device_options.threads = threads;
	bench_require(onn_device_create(&device, name, &device_options));
	onn_train_options options = bench_task_options();
	options.epochs = 100000;
	options.user = &f;
	options.epoch = after_epoch;
	options.progress = after_step;
	onn_status status = bench_task_train(NULL, &options, task, device);
	if (status != ONN_CANCELLED)
		bench_require(status);
	onn_device_destroy(device);
}

static int follow_by_hand(const bench_task *task, int threads)
{
	double seconds, loss;
	mlp_by_hand *net = mlp_by_hand_create(task->data, threads);
	if (!net)
		return EXIT_FAILURE;
	do {
		seconds = mlp_by_hand_epoch(net, &loss);
		print(seconds, loss);
	} while (next_line());
	mlp_by_hand_destroy(net);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	static const struct option option[] = {{"device", required_argument, NULL, 'd'},
	    {"threads", required_argument, NULL, 't'}, {"data-dir", required_argument, NULL, 'p'},
	    {"first-step", no_argument, NULL, 'f'}, {"cnn", no_argument, NULL, 'c'}, {0}};
	const char *name = "c", *directory = NULL;
	int threads = 0;
	bool first_step = false, cnn = false;
	for (int c; (c = getopt_long(argc, argv, "", option, NULL)) != -1;) {
		if (c == 'd')
			name = optarg;
		else if (c == 't')
			threads = bench_whole(optarg, 0, BENCH_MAX_THREADS);
		else if (c == 'p')
			directory = optarg;
		else if (c == 'f')
			first_step = true;
		else if (c == 'c')
			cnn = true;
		else
			threads = -1;
	}
	if (threads < 0 || optind < argc) {
		fprintf(stderr, "Usage: onn-epochs [--device NAME|by-hand] [--threads N] "
		                "[--data-dir DIR] [--cnn] [--first-step]\n");
		return EXIT_USAGE;
	}
	bench_task task;
	int code = EXIT_SUCCESS;
	bench_task_open(&task, directory);
	task.cnn = cnn;
	if (strcmp(name, "by-hand") == 0)
		code = follow_by_hand(&task, threads);
	else
		follow(&task, name, threads, first_step);
	bench_task_close(&task);
	return code;
}
