/*
 * onn-bench: how fast this machine runs onn. It prints medians, and ratios to peers measured in
 * turn with onn in the same run; it never judges a time.
 */
#ifndef ONN_APPS_BENCH_H
#define ONN_APPS_BENCH_H

#include <onn/onn.h>

enum { BENCH_MAX_DEVICES = 16, BENCH_MAX_REPEAT = 1000, BENCH_MAX_THREADS = 1024 };

typedef struct bench_options {
	const char *data_dir; /* NULL: ONN_DATA_DIR and the usual folders */
	int threads;          /* 0: the library's own choice */
	int repeat;           /* rounds that a median is taken over */
	const char *card;     /* of cards.h, or "all"; NULL: the present devices */
	bool profile;         /* devices are opened to keep the time of each step */
	size_t count;
	onn_device *device[BENCH_MAX_DEVICES];
} bench_options;

/* The benchmarks, a file each. */
void bench_steps(const bench_options *o);
void bench_fft(const bench_options *o);
void bench_gemm(const bench_options *o);
void bench_pointwise(const bench_options *o);
void bench_overhead(const bench_options *o);
void bench_epoch(const bench_options *o);
void bench_cnn(const bench_options *o);
void bench_convolve(const bench_options *o);
void bench_derivatives(const bench_options *o);
void bench_light_works(const bench_options *o);
void bench_pulses(const bench_options *o);
void bench_model(const bench_options *o);

/* ---- measure.c ---- */

/* Ends the program with the library's text unless status is ONN_OK: a bench has nothing to go on
 * with. */
void bench_require(onn_status status);
/* malloc that ends the program where there is no memory. */
void *bench_memory(size_t bytes);

/* A whole number in a range, decimal digits alone; -1 where the text is none. */
int bench_whole(const char *text, int low, int high);

/* Seconds on a clock that never goes back. */
double bench_clock(void);
/* Sorts x. */
double bench_median(double *x, size_t n);

/* One of several ways to do the same work. */
typedef struct bench_work {
	void (*run)(void *user); /* NULL: not there; its results are NaN */
	void *user;
	double seconds; /* receives the median time of a call */
	double ratio;   /* receives the median over rounds of its time to that of the first */
} bench_work;

/* Times them in turn, `repeat` rounds, each calling every work as often as makes some milliseconds.
 */
void bench_measure(bench_work *work, size_t count, int repeat);

/* Peak of this process's memory in MB since bench_peak_reset, NaN where the system does not tell.
 */
void bench_peak_reset(void);
double bench_peak(void);

/* ---- plans.c ---- */

/* Makes a plan of some nodes and destroys the graph. NULL: the device lacks a type or operation. */
onn_plan *bench_plan(
    onn_device *device, onn_graph *g, const onn_node *out, size_t count, bool no_fusion);
/* A bench_work: runs a plan and waits; user is the plan. */
void bench_run_plan(void *plan);
/* A tensor of numbers in [0.1, 1), bound to the plan's variable of that name. */
onn_tensor *bench_bind(onn_plan *plan, onn_device *device, const char *name, onn_type type,
    size_t ndim, const size_t *shape);
/* count numbers (2 count for complex types) in [0.1, 1). */
void bench_fill(onn_type type, void *data, size_t count);

/* ---- task.c: the training epoch that onn and its peers are timed on ---- */

typedef struct bench_task {
	const onn_dataset *data;
	onn_dataset *loaded; /* NULL where data is noise */
	onn_dataset noise;
	bool cnn; /* the convolutional network is trained, not the perceptron */
} bench_task;

/* MNIST where its files are found, else noise of its size; data->name says which. */
void bench_task_open(bench_task *task, const char *directory);
/* Noise of MNIST's size of picture: so many to train on, and to test on. */
void bench_task_noise(bench_task *task, size_t images, size_t tests);
void bench_task_close(bench_task *task);
/* Adam 5e-4, batches of 64. */
onn_train_options bench_task_options(void);
/* onn_train of 784-128-128-10 or of ONN_CNN_INIT; saturable absorbers with the probe rule, mean
 * squared error. */
onn_status bench_task_train(onn_train_result *result, const onn_train_options *options,
    const bench_task *task, onn_device *device);
enum { BENCH_BATCH = 64 };

#endif
