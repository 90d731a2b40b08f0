/*
 * Devices in the child after fork(), on ONN_TEST_DEVICE: they work or say why not, and never hang.
 */
#define _GNU_SOURCE
#include "device.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <onn/plan.h>

#include "core/os.h"

enum { SIZE = 200, ITEMS = SIZE * SIZE };

/* A plan whose steps are shared among threads, its variable, and its first result. */
typedef struct work {
	onn_device *device;
	onn_graph *g;
	onn_plan *plan;
	onn_tensor *x;
	float *want;
} work;

static float input[ITEMS];

static onn_status make(work *w, onn_device *device)
{
	const size_t shape[] = {SIZE, SIZE};
	onn_status status = onn_graph_create(&w->g);

	w->device = device;
	w->plan = NULL;
	w->x = NULL;
	onn_node x = onn_variable(w->g, "x", ONN_F32, 2, shape),
	         y = onn_matmul(w->g, x, onn_exp(w->g, x));
	if (!status)
		status = onn_plan_create(&w->plan, device, w->g, &y, 1, NULL);
	if (!status)
		status = onn_tensor_create(&w->x, device, ONN_F32, 2, shape);
	if (!status)
		status = onn_tensor_write(w->x, input, sizeof input);
	return status ? status : onn_plan_bind(w->plan, "x", w->x);
}

static onn_status run(const work *w, float *result)
{
	onn_status status = onn_plan_run(w->plan);

	return status ? status : onn_tensor_read(result, onn_plan_output(w->plan, 0), sizeof input);
}

static void destroy(work *w)
{
	onn_plan_destroy(w->plan);
	onn_tensor_destroy(w->x);
	onn_graph_destroy(w->g);
}

/* 0, or the number of the first thing that is wrong. ok: the device goes on after fork(). */
typedef int in_child(work *inherited, bool ok);

static int wrong(onn_status status, bool ok)
{
	return ok ? status != ONN_OK
	          : status != ONN_ERROR_DEVICE || !strstr(onn_last_error(), "fork()");
}

static int goes_on(work *w, bool ok)
{
	static float again[ITEMS];
	onn_tensor *t = NULL;
	work next;

	if (wrong(run(w, again), ok) || (ok && memcmp(again, w->want, sizeof again) != 0))
		return 1;
	if (wrong(onn_tensor_write(w->x, input, sizeof input), ok))
		return 2;
	if (wrong(onn_tensor_read(again, w->x, sizeof input), ok))
		return 3;
	if (wrong(onn_plan_wait(w->plan), ok))
		return 4;
	if (wrong(onn_tensor_create(&t, w->device, ONN_F32, 0, NULL), ok))
		return 5;
	onn_tensor_destroy(t);
	if (wrong(make(&next, w->device), ok) || (ok && run(&next, again)))
		return 6;
	destroy(&next);
	return 0;
}

static int opens_another(work *w, bool ok)
{
	static float again[ITEMS];
	onn_device *device = NULL, *c;
	work next;

	if (wrong(onn_device_create(&device, onn_device_name(w->device), NULL), ok))
		return 1;
	if (ok) {
		if (make(&next, device) || run(&next, again) ||
		    memcmp(again, w->want, sizeof again) != 0)
			return 2;
		destroy(&next);
		onn_device_destroy(device);
	}
	/* the processor's own is there in any case */
	if (onn_device_create(&c, "c", NULL) || make(&next, c) || run(&next, again))
		return 3;
	destroy(&next);
	onn_device_destroy(c);
	return 0;
}

static int destroys(work *w, bool ok)
{
	(void)ok;
	onn_device *device = w->device;
	destroy(w);
	onn_device_destroy(device);
	return 0;
}

static int in_grandchild(work *w, bool ok);

static int code_of_child(in_child *what, work *w)
{
	bool ok = strncmp(onn_device_name(w->device), "opencl", 6) != 0;
	int code;
	fflush(stdout);
	pid_t child = fork();

	if (child == 0) {
		alarm(60);
		_exit(what(w, ok));
	}
	if (child < 0 || waitpid(child, &code, 0) != child)
		return -1;
	return WIFEXITED(code) ? WEXITSTATUS(code) : 1000 + WTERMSIG(code); /* 1014: it hung */
}

/* Both before and after this process has used it. */
static int in_grandchild(work *w, bool ok)
{
	int code = code_of_child(goes_on, w);

	if (!code)
		code = goes_on(w, ok);
	return code ? code : code_of_child(goes_on, w);
}

static void start(work *w)
{
	for (int i = 0; i < ITEMS; i++)
		input[i] = (float)(i % 97) / 97;
	check_ok(make(w, open_test_device(NULL)));
	w->want = malloc(sizeof input);
	check_ok(run(w, w->want));
}

static void end(work *w)
{
	static float again[ITEMS];
	check_ok(run(w, again)); /* no child has disturbed its parent */
	ck_assert_mem_eq(again, w->want, sizeof again);
	onn_device *device = w->device;
	free(w->want);
	destroy(w);
	onn_device_destroy(device);
}

START_TEST(a_child_goes_on_or_is_told_that_it_cannot)
{
	work w;
	start(&w);
	ck_assert_int_eq(code_of_child(goes_on, &w), 0);
	ck_assert_int_eq(code_of_child(opens_another, &w), 0);
	ck_assert_int_eq(code_of_child(destroys, &w), 0);
	ck_assert_int_eq(code_of_child(in_grandchild, &w), 0);
	end(&w);
}
END_TEST

typedef struct busy {
	work w;
	bool stop;
	onn_mutex *lock;
} busy;

static bool stopped(busy *b)
{
	onn_mutex_lock(b->lock);
	bool now = b->stop;
	onn_mutex_unlock(b->lock);
	return now;
}

static void run_on(void *argument)
{
	busy *b = argument;
	while (!stopped(b))
		if (onn_plan_run(b->w.plan) ||
		    onn_plan_wait(b->w.plan)) /* OpenCL would only queue it */
			abort();
}

START_TEST(a_child_of_a_process_in_the_midst_of_a_run_does_so_too)
{
	onn_thread *thread;
	work w;
	busy b = {0};
	start(&w);
	check_ok(make(&b.w, w.device));
	check_ok(onn_mutex_create(&b.lock));
	check_ok(onn_thread_start(&thread, run_on, &b));
	int code = 0;
	/* the reference takes 0.3 s a run, on one thread */
	int rounds = strcmp(onn_device_name(w.device), "reference") == 0 ? 2 : 20;
	for (int i = 0; i < rounds && !code; i++)
		code = code_of_child(i % 2 ? destroys : goes_on, &w);
	onn_mutex_lock(b.lock);
	b.stop = true;
	onn_mutex_unlock(b.lock);
	onn_thread_join(thread);
	ck_assert_int_eq(code, 0);
	onn_mutex_destroy(b.lock);
	destroy(&b.w);
	end(&w);
}
END_TEST

int main(void)
{
	onn_device_destroy(open_test_device(NULL)); /* or the end, with a skip */
	return run_tests("fork", (const TTest *[]){a_child_goes_on_or_is_told_that_it_cannot,
	                             a_child_of_a_process_in_the_midst_of_a_run_does_so_too, NULL});
}
