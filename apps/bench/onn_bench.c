/* onn-bench: what the devices of this machine can do. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct settings {
	const char *device, *data_dir, *only;
	size_t epochs;
	int threads;
} settings;

static int usage(FILE *out)
{
	fprintf(out,
	    "usage: onn-bench [--device D] [--threads N] [--only steps|gemm|pointwise|mlp]\n"
	    "                 [--data-dir D] [--epochs 5]\n\n"
	    "Measures each device, or the one named. The epochs are over MNIST where\n"
	    "--data-dir says where that is, else over noise of the same size.\n");
	return out == stdout ? 0 : 2;
}

static bool wanted(const settings *s, const char *name)
{
	return !s->only || !strcmp(s->only, name);
}

static void measure(const settings *s, const char *name)
{
	onn_device_options options = ONN_DEVICE_OPTIONS_INIT;
	onn_device *device = NULL;

	options.threads = s->threads;
	bench_must(onn_device_create(&device, name, &options));
	printf("%s: %s, %d threads\n", onn_device_name(device), onn_device_description(device),
	    onn_device_threads(device));
	if (wanted(s, "steps"))
		bench_steps(device);
	if (wanted(s, "gemm"))
		bench_gemm(device);
	if (wanted(s, "pointwise"))
		bench_pointwise(device);
	if (wanted(s, "mlp"))
		bench_mlp(device, s->data_dir, s->epochs);
	onn_device_destroy(device);
}

int main(int argc, char **argv)
{
	settings s = {.epochs = 5};
	onn_device_info *list = NULL;
	size_t count = 0;

	for (int i = 1; i < argc; i += 2) {
		if (!strcmp(argv[i], "--help"))
			return usage(stdout);
		if (i + 1 == argc)
			return usage(stderr);
		if (!strcmp(argv[i], "--device"))
			s.device = argv[i + 1];
		else if (!strcmp(argv[i], "--data-dir"))
			s.data_dir = argv[i + 1];
		else if (!strcmp(argv[i], "--only"))
			s.only = argv[i + 1];
		else if (!strcmp(argv[i], "--epochs"))
			s.epochs = strtoul(argv[i + 1], NULL, 10);
		else if (!strcmp(argv[i], "--threads"))
			s.threads = atoi(argv[i + 1]);
		else
			return usage(stderr);
	}
	if (s.device) {
		measure(&s, s.device);
		return 0;
	}
	/* The reference is for checking, not for speed. */
	bench_must(onn_device_list(&list, &count));
	for (size_t i = 0; i < count; i++) {
		if (strcmp(list[i].name, "reference") != 0)
			measure(&s, list[i].name);
	}
	onn_free(list);
	return 0;
}
