/* Training steps of works on light, on each device in turn. */
#include <stdio.h>

#include "light.h"

typedef struct work {
	const char *name;
	size_t size;
	bool classifier;
} work;

static const work works[] = {
    {"generator 128 x 128, 32 plates", 128, false},
    {"generator 512 x 512, 32 plates", 512, false},
    {"D2NN, 5 layers, 64 x 200 to 400", 64, true},
};

static bench_light open_work(const work *w, onn_device *device)
{
	return w->classifier ? bench_d2nn(device, w->size) : bench_generator(device, w->size, 32);
}

/* One work at a time: all of them on all devices are some gigabytes. */
static void measure(const bench_options *o, const work *w)
{
	bench_light light[BENCH_MAX_DEVICES];
	bench_work each[BENCH_MAX_DEVICES];
	for (size_t i = 0; i < o->count; i++) {
		light[i] = open_work(w, o->device[i]);
		each[i] = (bench_work){bench_run_plan, light[i].plan, 0, 0};
	}
	bench_measure(each, o->count, o->repeat);
	for (size_t i = 0; i < o->count; i++) {
		printf("%-34s%-14s%9d%10.3f%10.2f%8zu%9.1f\n", i ? "" : w->name,
		    onn_device_name(o->device[i]), onn_device_threads(o->device[i]),
		    each[i].seconds * 1e3, each[i].ratio, onn_plan_steps(light[i].plan),
		    (double)onn_plan_bytes(light[i].plan) / 1e6);
		bench_light_close(&light[i]);
	}
	fflush(stdout);
}

void bench_light_works(const bench_options *o)
{
	printf("\nTraining steps of light\n%-34s%-14s%9s%10s%10s%8s%9s\n", "", "device", "threads",
	    "ms", "to first", "steps", "plan MB");
	for (size_t i = 0; i < sizeof works / sizeof *works; i++)
		measure(o, &works[i]);
}
