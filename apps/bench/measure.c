/* Clock, medians, memory. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench.h"

/* A sample shorter than this is mostly the clock's and the scheduler's doing. */
static const double shortest_sample = 0.01;

void bench_require(onn_status status)
{
	if (!status)
		return;
	fflush(stdout);
	fprintf(stderr, "onn-bench: %s\n", onn_last_error());
	exit(EXIT_FAILURE);
}

void *bench_memory(size_t bytes)
{
	void *memory = malloc(bytes ? bytes : 1);
	if (!memory) {
		fprintf(stderr, "onn-bench: no memory for %zu bytes\n", bytes);
		exit(EXIT_FAILURE);
	}
	return memory;
}

int bench_whole(const char *text, int low, int high)
{
	char *end;
	long x = strtol(text, &end, 10);
	bool digits = *text >= '0' && *text <= '9';
	return digits && !*end && x >= low && x <= high ? (int)x : -1;
}

double bench_clock(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

double bench_median(double *x, size_t n)
{
	qsort(x, n, sizeof *x, ascending);
	return n == 0 ? NAN : n % 2 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

static double sample(const bench_work *w, long calls)
{
	double start = bench_clock();
	for (long i = 0; i < calls; i++)
		w->run(w->user);
	return (bench_clock() - start) / (double)calls;
}

/* The first call warms caches and pages up and is not counted. */
static long calls_of(const bench_work *w)
{
	long calls = 1;
	w->run(w->user);
	for (;;) {
		double seconds = sample(w, calls) * (double)calls;
		if (seconds >= shortest_sample / 2)
			return (long)ceil((double)calls * shortest_sample / seconds);
		calls *= 2;
	}
}

void bench_measure(bench_work *work, size_t count, int repeat)
{
	size_t rounds = (size_t)repeat;
	double *seconds = bench_memory(count * rounds * sizeof *seconds);
	double *ratio = bench_memory(rounds * sizeof *ratio);
	long *calls = bench_memory(count * sizeof *calls);
	for (size_t i = 0; i < count; i++)
		calls[i] = work[i].run ? calls_of(&work[i]) : 0;
	for (size_t r = 0; r < rounds; r++)
		for (size_t i = 0; i < count; i++)
			seconds[i * rounds + r] = work[i].run ? sample(&work[i], calls[i]) : NAN;
	for (size_t i = count; i-- > 0;) { /* the first last: the median sorts its times */
		double *own = seconds + i * rounds;
		for (size_t r = 0; r < rounds; r++)
			ratio[r] = own[r] / seconds[r];
		work[i].ratio = work[i].run ? bench_median(ratio, rounds) : NAN;
		work[i].seconds = work[i].run ? bench_median(own, rounds) : NAN;
	}
	free(seconds);
	free(ratio);
	free(calls);
}

/* Linux counts the peak in /proc/self/status and forgets it on a 5 in clear_refs. */
void bench_peak_reset(void)
{
	FILE *f = fopen("/proc/self/clear_refs", "w");
	if (!f)
		return;
	fputs("5", f);
	fclose(f);
}

double bench_peak(void)
{
	char line[256];
	double kilobytes = NAN;
	FILE *f = fopen("/proc/self/status", "r");
	if (!f)
		return NAN;
	while (fgets(line, sizeof line, f))
		if (sscanf(line, "VmHWM: %lf", &kilobytes) == 1)
			break;
	fclose(f);
	return kilobytes * 1024 / 1e6;
}
