/*
 * onn-light: for each number on standard input, as many training steps of a work on light, then a
 * line with the seconds of one step and the loss that the last began with: for a program that times
 * others in turn with it (peers/compare_light.py).
 *
 * --describe prints the plan's steps instead, --profile where the time of 20 steps goes, --peak the
 * memory that 3 steps need at most, MB.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "light.h"

enum {
	EXIT_USAGE = 2,
	PROFILE_STEPS = 20,
	PEAK_STEPS = 3,
	MOST_SIZE = 16384,
	MOST_STEPS = 1000000000
};

static void steps(bench_light *l, long count)
{
	for (long i = 0; i < count; i++)
		bench_require(onn_plan_run(l->plan));
	bench_require(onn_plan_wait(l->plan));
}

static void follow(bench_light *l)
{
	char line[64];
	while (fgets(line, sizeof line, stdin)) {
		line[strcspn(line, "\n")] = 0;
		int count = bench_whole(line, 1, MOST_STEPS);
		if (count < 1) {
			fprintf(stderr, "onn-light: '%s' is no number of steps\n", line);
			exit(EXIT_USAGE);
		}
		double start = bench_clock();
		steps(l, count);
		printf("%.9f %.9f\n", (bench_clock() - start) / (double)count, bench_light_loss(l));
		fflush(stdout);
	}
}

static void print(char *text)
{
	if (!text)
		bench_require(ONN_ERROR_UNSUPPORTED);
	fputs(text, stdout);
	onn_free(text);
}

int main(int argc, char **argv)
{
	static const struct option option[] = {{"device", required_argument, NULL, 'd'},
	    {"threads", required_argument, NULL, 't'}, {"work", required_argument, NULL, 'w'},
	    {"size", required_argument, NULL, 's'}, {"describe", no_argument, NULL, 'i'},
	    {"profile", no_argument, NULL, 'p'}, {"peak", no_argument, NULL, 'm'}, {0}};
	const char *name = "c", *work = "generator";
	int size = 0;
	int then = 'f';
	onn_device_options options = ONN_DEVICE_OPTIONS_INIT;
	for (int c; (c = getopt_long(argc, argv, "", option, NULL)) != -1;) {
		if (c == 'd')
			name = optarg;
		else if (c == 't')
			options.threads = bench_whole(optarg, 0, BENCH_MAX_THREADS);
		else if (c == 'w')
			work = optarg;
		else if (c == 's')
			size = bench_whole(optarg, 1, MOST_SIZE);
		else if (c == 'i' || c == 'p' || c == 'm')
			then = c;
		else
			size = -1;
	}
	bool generator = strcmp(work, "generator") == 0;
	if (size < 0 || options.threads < 0 || optind < argc ||
	    (!generator && strcmp(work, "d2nn") != 0)) {
		fprintf(stderr, "Usage: onn-light [--work generator|d2nn] [--size PIXELS|IMAGES] "
		                "[--device NAME] [--threads N] [--describe|--profile|--peak]\n");
		return EXIT_USAGE;
	}
	onn_device *device;
	options.profile = then == 'p';
	bench_require(onn_device_create(&device, name, &options));
	bench_light l = generator ? bench_generator(device, size ? (size_t)size : 128, 32)
	                          : bench_d2nn(device, size ? (size_t)size : 64);
	if (then == 'f') {
		follow(&l);
	} else if (then == 'i') {
		print(onn_plan_describe(l.plan));
	} else {
		steps(&l, then == 'p' ? PROFILE_STEPS : PEAK_STEPS);
		if (then == 'p')
			print(onn_plan_profile(l.plan));
		else
			printf("%.0f\n", bench_peak());
	}
	bench_light_close(&l);
	onn_device_destroy(device);
	return EXIT_SUCCESS;
}
