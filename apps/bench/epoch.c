/* Training epochs through the trainer on each device; the MLP's beside the same by hand in C. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "peers/mlp_by_hand.h"

enum { BY_HAND = 2, CONTENDERS = BENCH_MAX_DEVICES + BY_HAND };

typedef struct last_epoch {
	double seconds, loss;
} last_epoch;

static void keep(void *user, const onn_train_epoch *epoch)
{
	*(last_epoch *)user = (last_epoch){epoch->seconds, epoch->train_loss};
}

/* The second of two epochs: the first brings memory and caches in. */
static last_epoch train(const bench_task *task, onn_device *device)
{
	last_epoch last = {NAN, NAN};
	onn_train_options options = bench_task_options();
	options.epochs = 2;
	options.user = &last;
	options.epoch = keep;
	bench_require(bench_task_train(NULL, &options, task, device));
	return last;
}

static last_epoch train_by_hand(const bench_task *task, int threads)
{
	last_epoch last = {NAN, NAN};
	mlp_by_hand *net = mlp_by_hand_create(task->data, threads);
	for (int i = 0; net && i < 2; i++)
		last.seconds = mlp_by_hand_epoch(net, &last.loss);
	mlp_by_hand_destroy(net);
	return last;
}

static void print(
    const char *name, int threads, double *seconds, const double *base, size_t rounds, double loss)
{
	double ratio[BENCH_MAX_REPEAT];
	for (size_t r = 0; r < rounds; r++)
		ratio[r] = seconds[r] / base[r];
	printf("%-20s%9d%10.4f%16.2f%14.5f\n", name, threads, bench_median(seconds, rounds),
	    bench_median(ratio, rounds), loss);
}

void bench_epoch(const bench_options *o)
{
	static double seconds[CONTENDERS][BENCH_MAX_REPEAT];
	double base[BENCH_MAX_REPEAT], loss[CONTENDERS];
	size_t rounds = (size_t)o->repeat, hand = o->count;
	bench_task task;
	bench_task_open(&task, o->data_dir);
	for (size_t r = 0; r < rounds; r++) {
		for (size_t i = 0; i < o->count + BY_HAND; i++) {
			last_epoch last = i < hand ? train(&task, o->device[i])
			                           : train_by_hand(&task, (int)(i - hand) + 1);
			seconds[i][r] = last.seconds;
			loss[i] = last.loss;
		}
		base[r] = seconds[hand + 1][r];
	}
	printf("\nTraining epoch, 784-128-128-10, batches of %d, on %s\n", BENCH_BATCH,
	    task.data->name);
	printf("device                threads   seconds  to C by hand, 2    loss, 2nd epoch\n");
	for (size_t i = 0; i < o->count; i++)
		print(onn_device_name(o->device[i]), onn_device_threads(o->device[i]), seconds[i],
		    base, rounds, loss[i]);
	for (int t = 1; t <= BY_HAND; t++)
		print("C by hand", t, seconds[hand + (size_t)t - 1], base, rounds,
		    loss[hand + (size_t)t - 1]);
	bench_task_close(&task);
}

/* The devices in turn; ratios are to the first of them. */
void bench_cnn(const bench_options *o)
{
	static double seconds[BENCH_MAX_DEVICES][BENCH_MAX_REPEAT];
	double loss[BENCH_MAX_DEVICES], ratio[BENCH_MAX_REPEAT];
	size_t rounds = (size_t)o->repeat;
	bench_task task;
	bench_task_open(&task, o->data_dir);
	task.cnn = true;
	for (size_t r = 0; r < rounds; r++)
		for (size_t i = 0; i < o->count; i++) {
			last_epoch last = train(&task, o->device[i]);
			seconds[i][r] = last.seconds;
			loss[i] = last.loss;
		}
	printf(
	    "\nTraining epoch of 32 and 64 kernels of 5 x 5, 1024-128-10, batches of %d, on %s\n",
	    BENCH_BATCH, task.data->name);
	printf("device                threads   seconds    to the first    loss, 2nd epoch\n");
	for (size_t i = o->count;
	     i-- > 0;) { /* medians sort, and the first's are read to the end */
		for (size_t r = 0; r < rounds; r++)
			ratio[r] = seconds[i][r] / seconds[0][r];
		double to_first = bench_median(ratio, rounds);
		printf("%-20s%9d%10.4f%16.2f%19.5f\n", onn_device_name(o->device[i]),
		    onn_device_threads(o->device[i]), bench_median(seconds[i], rounds), to_first,
		    loss[i]);
	}
	bench_task_close(&task);
}
