/*
 * What bounds the four works, by launches, bytes and operations of their plans: on the present
 * device, whose limits are measured here, beside the time that a work takes; or on cards that are
 * not there, where nothing runs.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cards.h"
#include "light.h"

enum { WORKS = 4, EPOCH = 938, TIMED = 100 }; /* steps of MNIST's epoch, and of one that is timed */

typedef struct work {
	const char *name, *epoch; /* epoch: NULL, or EPOCH steps in another row */
	onn_step_work *step;      /* of its plan */
	size_t steps, launches;
	double bytes, flops;
	double resident; /* bytes that all steps together touch */
	double seconds;  /* measured */
} work;

/* ---- what a plan does ---- */

/* A step that is done in another's launch adds to that. */
static void add_step(work *w, onn_step_work step, bool queued)
{
	onn_step_work *last = w->steps ? &w->step[w->steps - 1] : NULL;
	w->launches += step.launches;
	w->bytes += step.bytes;
	w->flops += step.flops;
	if (queued && step.launches == 0 && last) {
		last->bytes += step.bytes;
		last->flops += step.flops;
	} else {
		w->step[w->steps++] = step;
	}
}

/* Without a queue each step counts as a launch. */
static void read_plan(void *user, const onn_plan *plan)
{
	work *w = user;
	const size_t count = onn_plan_steps(plan);
	bool queued = false;
	if (w->step)
		return;
	w->step = bench_memory(count * sizeof *w->step);
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < count; i++) {
			onn_step_work step;
			bench_require(onn_plan_step_work(&step, plan, i));
			queued = queued || step.launches > 0;
			step.launches = queued ? step.launches : 1;
			if (pass == 1)
				add_step(w, step, queued);
		}
	w->resident += (double)onn_plan_bytes(plan);
}

/* ---- the works; repeat 0: they do not run longer than they must ---- */

static void keep_seconds(void *user, const onn_train_epoch *epoch)
{
	((work *)user)->seconds = epoch->seconds / TIMED;
}

static work open_epoch(onn_device *device, int repeat)
{
	const onn_mlp mlp = ONN_MLP_INIT;
	work w = {.name = "MLP, a step of 64", .epoch = "MLP, an epoch"};
	double seconds[BENCH_MAX_REPEAT];
	bench_task task;
	onn_network *network;
	onn_train_cost cost;
	onn_train_options options = bench_task_options();
	bench_task_noise(&task, (size_t)(repeat ? TIMED : 1) * BENCH_BATCH, BENCH_BATCH);
	options.epochs = repeat ? 2 : 1; /* the first brings memory and caches in */
	options.user = &w;
	options.planned = read_plan;
	options.epoch = keep_seconds;
	bench_require(onn_network_of_mlp(&network, &mlp));
	bench_require(onn_train_cost_of(&cost, network, &options, device));
	onn_network_destroy(network);
	w.resident = (double)cost.variable_bytes;
	for (int r = 0; r == 0 || r < repeat; r++) {
		bench_require(bench_task_train(NULL, &options, &task, device));
		seconds[r] = w.seconds;
	}
	w.seconds = bench_median(seconds, (size_t)repeat);
	bench_task_close(&task);
	return w;
}

static work open_light(const char *name, bench_light light, int repeat)
{
	work w = {.name = name, .seconds = NAN};
	bench_work run = {bench_run_plan, light.plan, NAN, NAN};
	for (size_t i = 0; i < light.ntensors; i++)
		w.resident += (double)(onn_tensor_count(light.tensor[i]) *
		                       onn_type_size(onn_tensor_type(light.tensor[i])));
	read_plan(&w, light.plan);
	if (repeat) {
		bench_measure(&run, 1, repeat);
		w.seconds = run.seconds;
	}
	bench_light_close(&light);
	return w;
}

static work open_work(int which, onn_device *device, int repeat)
{
	if (which == 0)
		return open_epoch(device, repeat);
	if (which == 3)
		return open_light("D2NN, 64 pictures", bench_d2nn(device, 64), repeat);
	return which == 1
	           ? open_light("generator 128 x 128", bench_generator(device, 128, 32), repeat)
	           : open_light("generator 512 x 512", bench_generator(device, 512, 32), repeat);
}

/* ---- in print ---- */

static void print_head(bool measured)
{
	printf("%-20s%9s%11s%11s%7s%21s%10s%10s  %-8s%11s", "", "launches", "MB", "MFLOP", "GB/s",
	    "ms by launches", "bytes", "FLOP", "bound", "expected");
	printf(measured ? "%10s%7s\n" : "\n", "measured", "ratio");
}

static void print_row(const char *name, const work *w, const bench_limits *l, double times)
{
	const bench_expected e = bench_expect(l, w->step, w->steps, w->resident, ONN_F32);
	const double ms = times * 1e3;
	printf("%-20s%9.0f%11.1f%11.0f%7.0f%21.3f%10.3f%10.3f  %-8s%11.3f", name,
	    times * (double)w->launches, times * w->bytes * 1e-6, times * w->flops * 1e-6,
	    e.bandwidth * 1e-9, e.launches * ms, e.bytes * ms, e.flops * ms, e.bound,
	    e.seconds * ms);
	if (!isnan(w->seconds))
		printf("%10.3f%7.2f", w->seconds * ms, w->seconds / e.seconds);
	printf("\n");
}

static void print_work(const work *w, const bench_limits *l)
{
	print_row(w->name, w, l, 1);
	if (w->epoch)
		print_row(w->epoch, w, l, EPOCH);
}

static void print_present(onn_device *device, const work *w, int repeat)
{
	bench_limits l = bench_limits_of(device, repeat);
	printf("\nModel of %s, %d threads: %.3g us a launch, %.3g GFLOP/s in f32\n", l.name,
	    onn_device_threads(device), l.launch * 1e6, l.f32 * 1e-9);
	print_head(true);
	for (int i = 0; i < WORKS; i++) {
		l.memory = bench_bandwidth_of(device, w[i].resident, repeat);
		print_work(&w[i], &l);
	}
}

static void print_card(const bench_limits *l, onn_device *device, const work *w)
{
	char f64[32] = "no f64";
	if (l->f64 > 0)
		snprintf(f64, sizeof f64, "%.3g in f64", l->f64 * 1e-12);
	printf("\nExpected on %s by the model, not measured, with the plans of %s: %.3g us a "
	       "launch, %.0f GB/s (%.0f in %.0f MB), %.3g TFLOP/s in f32, %s, %.0f KiB of local "
	       "memory\n",
	    l->name, onn_device_name(device), l->launch * 1e6, l->memory * 1e-9, l->cached * 1e-9,
	    l->cache * 1e-6, l->f32 * 1e-12, f64, l->local / 1024);
	print_head(false);
	for (int i = 0; i < WORKS; i++)
		print_work(&w[i], l);
}

void bench_model(const bench_options *o)
{
	const int repeat = o->card ? 0 : o->repeat;
	for (size_t d = 0; d < o->count; d++) {
		work w[WORKS];
		for (int i = 0; i < WORKS; i++)
			w[i] = open_work(i, o->device[d], repeat);
		if (!o->card)
			print_present(o->device[d], w, repeat);
		const bench_limits *l;
		for (size_t i = 0; o->card && (l = bench_card(i)); i++)
			if (strcmp(o->card, "all") == 0 || l == bench_card_find(o->card))
				print_card(l, o->device[d], w);
		for (int i = 0; i < WORKS; i++)
			free(w[i].step);
	}
}
