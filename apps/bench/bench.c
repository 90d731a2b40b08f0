/* onn-bench: options, devices, and the benchmarks one after another. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cards.h"

typedef struct benchmark {
	const char *name;
	void (*run)(const bench_options *o);
	bool profile;
	const char *help;
} benchmark;

static const benchmark all[] = {
    {"epoch", bench_epoch, false, "training epoch of the MLP, beside the same by hand in C"},
    {"cnn", bench_cnn, false, "training epoch of the convolutional network"},
    {"steps", bench_steps, true, "time of each step of the training plan"},
    {"overhead", bench_overhead, false, "cost of a plan's step and of a run beyond their work"},
    {"gemm", bench_gemm, false, "matrix products, beside the library called directly"},
    {"convolve", bench_convolve, false, "convolutions, each way that c has"},
    {"fft", bench_fft, false, "chains of filters and their gradients, beside FFTW's transforms"},
    {"pointwise", bench_pointwise, false, "fused chains, beside a plain loop and memcpy"},
    {"light", bench_light_works, false, "training steps of 32 plates of light and of a D2NN"},
    {"pulses", bench_pulses, false, "pulses through media, beside the exponentials of that"},
    {"model", bench_model, false, "what bounds the four works: launches, bytes, operations"},
    {"derivatives", bench_derivatives, false, "sin(x)/x to order 8 at 100,000 points"},
};
enum { BENCHMARKS = sizeof all / sizeof *all, EXIT_USAGE = 2 };

static void help(void)
{
	printf(
	    "Usage: onn-bench [OPTION]...\n"
	    "Times onn on this machine beside plain C. It prints medians and asserts nothing.\n\n"
	    "  --device LIST   devices, separated by commas (all but the reference)\n"
	    "  --threads N     host threads (ONN_THREADS, or all cores)\n"
	    "  --repeat N      rounds that each median is taken over (7)\n"
	    "  --data-dir DIR  where MNIST's files are (ONN_DATA_DIR; without the files, noise)\n"
	    "  --card NAME     with --only model: what it expects of a card that is not there,\n"
	    "                  or of all of them:");
	for (size_t i = 0; bench_card(i); i++)
		printf(" %s,", bench_card(i)->name);
	printf(" all\n  --only NAME     one benchmark:\n");
	for (int i = 0; i < BENCHMARKS; i++)
		printf("      %-14s%s\n", all[i].name, all[i].help);
}

static int usage(const char *text, const char *value)
{
	fprintf(stderr, "onn-bench: %s%s; see onn-bench --help\n", text, value);
	return EXIT_USAGE;
}

static void add_device(bench_options *o, const char *name)
{
	onn_device_options options = ONN_DEVICE_OPTIONS_INIT;
	options.threads = o->threads;
	options.profile = o->profile;
	if (o->count == BENCH_MAX_DEVICES)
		return;
	bench_require(onn_device_create(&o->device[o->count], name, &options));
	o->count++;
}

static void open_all(bench_options *o)
{
	onn_device_info *list;
	size_t count;
	bench_require(onn_device_list(&list, &count));
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].name, "reference") != 0)
			add_device(o, list[i].name);
	onn_free(list);
}

static void open_devices(bench_options *o, const char *names)
{
	char name[256];
	o->count = 0;
	if (!names) {
		open_all(o);
		return;
	}
	for (const char *at = names; *at;) {
		size_t length = strcspn(at, ",");
		snprintf(name, sizeof name, "%.*s", (int)length, at);
		if (length)
			add_device(o, name);
		at += length + (at[length] == ',');
	}
}

static void run(const benchmark *b, bench_options *o, const char *names)
{
	o->profile = b->profile;
	open_devices(o, names);
	b->run(o);
	fflush(stdout);
	for (size_t i = 0; i < o->count; i++)
		onn_device_destroy(o->device[i]);
}

int main(int argc, char **argv)
{
	static const struct option option[] = {{"device", required_argument, NULL, 'd'},
	    {"threads", required_argument, NULL, 't'}, {"repeat", required_argument, NULL, 'r'},
	    {"data-dir", required_argument, NULL, 'p'}, {"only", required_argument, NULL, 'o'},
	    {"card", required_argument, NULL, 'c'}, {"help", no_argument, NULL, 'h'}, {0}};
	bench_options o = {.repeat = 7};
	const char *names = NULL, *only = NULL;
	for (int c; (c = getopt_long(argc, argv, "h", option, NULL)) != -1;) {
		if (c == 'd')
			names = optarg;
		else if (c == 't' && (o.threads = bench_whole(optarg, 0, BENCH_MAX_THREADS)) < 0)
			return usage("--threads takes 0 to 1024, not ", optarg);
		else if (c == 'r' && (o.repeat = bench_whole(optarg, 1, BENCH_MAX_REPEAT)) < 0)
			return usage("--repeat takes 1 to 1000, not ", optarg);
		else if (c == 'p')
			o.data_dir = optarg;
		else if (c == 'o')
			only = optarg;
		else if (c == 'c')
			o.card = optarg;
		else if (c == 'h')
			return help(), EXIT_SUCCESS;
		else if (c == '?')
			return EXIT_USAGE;
	}
	if (optind < argc)
		return usage("no argument is taken, such as ", argv[optind]);
	if (o.card && (!only || strcmp(only, "model") != 0))
		return usage("--card is for --only model, not for ", only ? only : "all");
	if (o.card && strcmp(o.card, "all") != 0 && !bench_card_find(o.card))
		return usage("--card knows no ", o.card);
	bool found = false;
	for (int i = 0; i < BENCHMARKS; i++) {
		if (only && strcmp(only, all[i].name) != 0)
			continue;
		found = true;
		run(&all[i], &o, names);
	}
	return found ? EXIT_SUCCESS : usage("--only names no benchmark: ", only);
}
