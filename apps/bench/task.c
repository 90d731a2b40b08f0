/* The training epoch that onn and its peers are timed on. */
#include <stdio.h>
#include <string.h>

#include "bench.h"

static uint32_t next(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

static onn_array *pictures(size_t count, size_t side)
{
	onn_array *a;
	uint32_t state = 1;
	bench_require(onn_array_create(&a, ONN_U8, 3, (size_t[]){count, side, side}));
	uint8_t *pixel = onn_array_data(a);
	for (size_t i = 0; i < onn_array_count(a); i++)
		pixel[i] = (uint8_t)next(&state);
	return a;
}

static onn_array *labels(size_t count, uint32_t classes)
{
	onn_array *a;
	uint32_t state = 2;
	bench_require(onn_array_create(&a, ONN_I32, 1, &count));
	int32_t *label = onn_array_data(a);
	for (size_t i = 0; i < count; i++)
		label[i] = (int32_t)(next(&state) % classes);
	return a;
}

void bench_task_noise(bench_task *task, size_t images, size_t tests)
{
	memset(task, 0, sizeof *task);
	onn_dataset *d = &task->noise;
	d->height = d->width = 28;
	d->classes = 10;
	d->scale = 255;
	snprintf(d->name, sizeof d->name, "noise of MNIST's size");
	d->train_x = pictures(images, d->height);
	d->train_y = labels(images, 10);
	d->test_x = pictures(tests, d->height);
	d->test_y = labels(tests, 10);
	task->data = d;
}

void bench_task_open(bench_task *task, const char *directory)
{
	memset(task, 0, sizeof *task);
	onn_status status = onn_dataset_load(&task->loaded, "mnist", directory, 0);
	task->data = task->loaded;
	if (status == ONN_ERROR_FILE)
		bench_task_noise(task, 60000, 10000);
	else
		bench_require(status);
}

void bench_task_close(bench_task *task)
{
	onn_dataset_destroy(task->loaded);
	onn_array_destroy(task->noise.train_x);
	onn_array_destroy(task->noise.train_y);
	onn_array_destroy(task->noise.test_x);
	onn_array_destroy(task->noise.test_y);
}

onn_status bench_task_train(onn_train_result *result, const onn_train_options *options,
    const bench_task *task, onn_device *device)
{
	const onn_mlp mlp = ONN_MLP_INIT;
	const onn_cnn cnn = ONN_CNN_INIT;
	onn_network *network;
	onn_status status =
	    task->cnn ? onn_network_of_cnn(&network, &cnn) : onn_network_of_mlp(&network, &mlp);
	if (!status)
		status = onn_train(result, network, options, task->data, device);
	onn_network_destroy(network);
	return status;
}

onn_train_options bench_task_options(void)
{
	onn_train_options options = ONN_TRAIN_OPTIONS_INIT;
	options.batch = BENCH_BATCH;
	return options;
}
