/*
 * Devices, graphs and plans from eight threads at once, and made and destroyed many times, on
 * ONN_TEST_DEVICE. After fork(): tests/backend/test_dispatch_fork.c. ONN_TEST_ROUNDS: how often
 * things are made, 100 where it is not set.
 */
#define _GNU_SOURCE
#include "device.h"

#include <dirent.h>
#include <unistd.h>

#include <onn/fourier.h>
#include <onn/plan.h>
#include <onn/saturable.h>

#include "core/os.h"

enum { THREADS = 8, SIDE = 24, RUNS = 5, ROUND_BYTES = 8192 };

static onn_device *shared;
static double expected;

typedef struct work {
	onn_device *device; /* NULL: one of its own */
	bool own;
	onn_graph *g;
	onn_plan *plan;
	onn_tensor *tensor[2];
	double result;
	onn_status status;
	char text[256]; /* of a failure */
} work;

/* A product, an absorber, a transform and their gradient: what a device has of kinds of steps. */
static onn_node sum_of(onn_graph *g, onn_node *slope)
{
	static const size_t shape[] = {SIDE, SIDE};
	onn_absorber absorber = ONN_ABSORBER_INIT;
	onn_node x = onn_variable(g, "x", ONN_F32, 2, shape),
	         w = onn_variable(g, "w", ONN_F32, 2, shape), d;
	onn_node y = onn_saturable_absorber(g, onn_matmul(g, x, w), &absorber);
	y = onn_add(g, y, onn_real(g, onn_ifft2(g, onn_fft2(g, y))));
	onn_node loss = onn_sum(g, onn_square(g, y), NULL, 0, false);
	onn_gradient(&d, g, loss, ONN_NULL_NODE, &w, 1);
	*slope = onn_sum(g, d, NULL, 0, false);
	return loss;
}

static void make(void *argument)
{
	work *w = argument;
	onn_node out[2];
	float x[SIDE * SIDE];
	onn_status status = ONN_OK;
	if (!w->device) {
		onn_device_options options = ONN_DEVICE_OPTIONS_INIT;
		options.threads = 2;
		w->own = true;
		status = onn_device_create(&w->device, onn_device_name(shared), &options);
	}
	status = status ? status : onn_graph_create(&w->g);
	if (!status) {
		out[0] = sum_of(w->g, &out[1]);
		status = onn_plan_create(&w->plan, w->device, w->g, out, 2, NULL);
	}
	for (int i = 0; i < SIDE * SIDE; i++)
		x[i] = (float)(i * 7 % 13) / 13;
	for (int i = 0; i < 2 && !status; i++) {
		status =
		    onn_tensor_create(&w->tensor[i], w->device, ONN_F32, 2, (size_t[]){SIDE, SIDE});
		status = status ? status : onn_tensor_write(w->tensor[i], x, sizeof x);
		status = status ? status : onn_plan_bind(w->plan, i ? "w" : "x", w->tensor[i]);
	}
	w->status = status;
	if (status)
		snprintf(w->text, sizeof w->text, "%s", onn_last_error());
}

static void run(void *argument)
{
	work *w = argument;
	float part[2] = {0, 0};
	if (w->status)
		return;
	w->status = onn_plan_run(w->plan);
	for (size_t i = 0; i < 2 && !w->status; i++)
		w->status = onn_tensor_read(&part[i], onn_plan_output(w->plan, i), sizeof part[i]);
	if (w->status)
		snprintf(w->text, sizeof w->text, "%s", onn_last_error());
	w->result = (double)part[0] + (double)part[1];
}

static void destroy(void *argument)
{
	work *w = argument;
	onn_plan_destroy(w->plan);
	onn_tensor_destroy(w->tensor[0]);
	onn_tensor_destroy(w->tensor[1]);
	onn_graph_destroy(w->g);
	if (w->own)
		onn_device_destroy(w->device);
}

static void check(const work *w)
{
	ck_assert_msg(!w->status, "%s: %s", onn_status_name(w->status), w->text);
	ck_assert_msg(w->result == expected, "%.17g, expected %.17g", w->result, expected);
}

static void in_a_thread(void (*function)(void *), work *w)
{
	onn_thread *thread;
	check_ok(onn_thread_start(&thread, function, w));
	onn_thread_join(thread);
}

/* All of it, and again: the first result that is another ends it. */
static void live(void *argument)
{
	work *w = argument;
	for (int round = 0; round < 10; round++) {
		work again = {.device = w->device};
		make(&again);
		for (int i = 0; i < RUNS; i++) {
			run(&again);
			if (again.status || again.result != expected)
				break;
		}
		destroy(&again);
		w->status = again.status;
		w->result = again.result;
		memcpy(w->text, again.text, sizeof w->text);
		if (again.status || again.result != expected)
			return;
	}
}

static void check_threads(onn_device *device)
{
	onn_thread *thread[THREADS];
	work w[THREADS] = {{0}};
	for (int i = 0; i < THREADS; i++) {
		w[i].device = device;
		check_ok(onn_thread_start(&thread[i], live, &w[i]));
	}
	for (int i = 0; i < THREADS; i++)
		onn_thread_join(thread[i]);
	for (int i = 0; i < THREADS; i++)
		check(&w[i]);
}

START_TEST(eight_threads_share_a_device) { check_threads(shared); }
END_TEST

START_TEST(eight_threads_have_devices_of_their_own) { check_threads(NULL); }
END_TEST

START_TEST(a_plan_goes_from_thread_to_thread)
{
	for (int i = 0; i < 10; i++) {
		work w = {.device = i % 2 ? shared : NULL};
		in_a_thread(make, &w);
		in_a_thread(run, &w);
		in_a_thread(run, &w);
		check(&w);
		in_a_thread(destroy, &w);
	}
}
END_TEST

static size_t entries(const char *folder)
{
	size_t count = 0;
	DIR *stream = opendir(folder);
	while (readdir(stream))
		count++;
	closedir(stream);
	return count;
}

static double resident_bytes(void)
{
	unsigned long all = 0, resident = 0;
	FILE *file = fopen("/proc/self/statm", "r");
	ck_assert(file && fscanf(file, "%lu %lu", &all, &resident) == 2);
	fclose(file);
	return (double)resident * (double)sysconf(_SC_PAGESIZE);
}

/* What a driver keeps of its own is in the first tenth, as far as it is not for each. */
START_TEST(what_is_destroyed_leaves_no_memory_descriptor_or_thread)
{
	const char *asked = getenv("ONN_TEST_ROUNDS");
	int rounds = asked ? atoi(asked) : 100;
	double bytes = 0;
	size_t descriptors = 0, threads = 0;
	for (int i = 0; i < rounds; i++) {
		work w = {0};
		make(&w);
		run(&w);
		check(&w);
		destroy(&w);
		if (i == rounds / 10) {
			bytes = resident_bytes();
			descriptors = entries("/proc/self/fd");
			threads = entries("/proc/self/task");
		}
	}
	double grown = (resident_bytes() - bytes) / (rounds - rounds / 10);
	printf("%d rounds: %.0f bytes a round\n", rounds, grown);
	ck_assert_uint_le(entries("/proc/self/fd"), descriptors);
	ck_assert_uint_le(entries("/proc/self/task"), threads);
#ifndef ONN_SANITIZED /* which keep what was freed for a while */
	ck_assert_double_le(grown, ROUND_BYTES);
#endif
}
END_TEST

int main(void)
{
	shared = open_test_device(NULL);
	work w = {.device = shared};
	make(&w);
	run(&w);
	expected = w.result;
	int result = w.status
	                 ? EXIT_FAILURE
	                 : run_tests("threads",
	                       (const TTest *[]){eight_threads_share_a_device,
	                           eight_threads_have_devices_of_their_own,
	                           a_plan_goes_from_thread_to_thread,
	                           what_is_destroyed_leaves_no_memory_descriptor_or_thread, NULL});
	destroy(&w);
	onn_device_destroy(shared);
	return result;
}
