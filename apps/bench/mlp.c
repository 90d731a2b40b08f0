/* The epoch that docs/performance.md speaks of: 784-128-128-10, absorbers, mean squared error,
 * Adam, batches of 64. */
#include "bench.h"

#include <stdio.h>
#include <string.h>

/* Images of MNIST's number and size, of noise: the work is the same. */
static onn_dataset *noise(void)
{
	enum { TRAIN = 60000, TEST = 100, SIDE = 28, CLASSES = 10 };
	static onn_dataset d = {
	    .name = "noise", .height = SIDE, .width = SIDE, .classes = CLASSES, .scale = 255};
	size_t x[] = {TRAIN, SIDE, SIDE}, count;
	uint32_t random = 1;

	bench_must(onn_array_create(&d.train_x, ONN_U8, 3, x));
	bench_must(onn_array_create(&d.train_y, ONN_I32, 1, x));
	x[0] = TEST;
	bench_must(onn_array_create(&d.test_x, ONN_U8, 3, x));
	bench_must(onn_array_create(&d.test_y, ONN_I32, 1, x));
	count = onn_array_count(d.train_x);
	for (size_t i = 0; i < count; i++) {
		random = random * 1664525u + 1013904223u;
		((unsigned char *)onn_array_data(d.train_x))[i] = (unsigned char)(random >> 24);
	}
	for (size_t i = 0; i < TRAIN; i++)
		((int32_t *)onn_array_data(d.train_y))[i] = (int32_t)(i % CLASSES);
	return &d;
}

static void print_epoch(void *user, const onn_train_epoch *epoch)
{
	(void)user;
	printf("  mlp        epoch %zu: %.4f s\n", epoch->epoch, epoch->seconds);
	fflush(stdout);
}

void bench_mlp(onn_device *device, const char *data_dir, size_t epochs)
{
	onn_mlp mlp = ONN_MLP_INIT;
	onn_train_options options = ONN_TRAIN_OPTIONS_INIT;
	onn_dataset *mnist = NULL, *random = NULL;

	if (data_dir)
		bench_must(onn_dataset_load(&mnist, "mnist", data_dir, 0));
	else
		random = noise();
	options.epochs = epochs;
	options.epoch = print_epoch;
	bench_must(onn_train(NULL, &mlp, &options, mnist ? mnist : random, device));
	onn_dataset_destroy(mnist);
	if (random) {
		onn_array_destroy(random->train_x);
		onn_array_destroy(random->train_y);
		onn_array_destroy(random->test_x);
		onn_array_destroy(random->test_y);
	}
}
