/* Where the time of a training step goes: the profile of the training plan. */
#include <stdio.h>

#include "bench.h"

static void profile(const bench_options *o, const bench_task *task, onn_device *device)
{
	onn_train_result result = {0};
	onn_train_options options = bench_task_options();
	options.epochs = 1;
	options.profile = true;
	bench_require(bench_task_train(&result, &options, task, device));
	printf("\nSteps of the training plan on %s, %d threads, one epoch of %s%s\n%s",
	    onn_device_name(device), onn_device_threads(device), task->data->name,
	    o->profile ? " (taking the times costs some)" : "",
	    result.profile ? result.profile : "no profile on this device\n");
	onn_train_result_clear(&result);
}

void bench_steps(const bench_options *o)
{
	bench_task task;
	bench_task_open(&task, o->data_dir);
	for (size_t i = 0; i < o->count; i++)
		profile(o, &task, o->device[i]);
	bench_task_close(&task);
}
