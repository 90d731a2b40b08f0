/* Convolutions and their gradients, each way that the device c has, beside the one it takes. */
#include <onn/convolution.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

enum { WAYS = 4, PARTS = 3 };

static const char *const ways[WAYS] = {"", "roots", "onednn", "columns"};

typedef struct shape {
	size_t batch, channels, outputs, side, kernel, padding;
} shape;

static const shape table[] = {
    {64, 1, 32, 28, 5, 0},
    {64, 32, 64, 12, 5, 0},
    {64, 16, 16, 12, 5, 0},
    {64, 8, 16, 12, 5, 0},
    {64, 4, 8, 12, 5, 0},
    {64, 32, 64, 12, 3, 0},
    {64, 32, 32, 14, 3, 1},
    {64, 16, 16, 28, 3, 1},
    {64, 32, 32, 28, 5, 2},
    {64, 64, 64, 7, 3, 1},
    {16, 64, 64, 56, 3, 1},
    {1, 32, 64, 12, 5, 0},
};

typedef struct works {
	onn_plan *plan[PARTS];
	onn_tensor *tensor[PARTS][2];
} works;

/* The result, the images' gradient and the kernels', each a plan of its own. */
static void make(works *w, onn_device *device, const shape *s)
{
	static const char *const name[3] = {"x", "w", "y"};
	size_t side = s->side + 2 * s->padding - s->kernel + 1;
	const size_t size[3][4] = {{s->batch, s->channels, s->side, s->side},
	    {s->outputs, s->channels, s->kernel, s->kernel}, {s->batch, s->outputs, side, side}};
	static const int operand[PARTS][2] = {{0, 1}, {1, 2}, {0, 2}};
	onn_convolution how = ONN_CONVOLUTION_INIT;
	how.padding[0] = how.padding[1] = s->padding;
	for (int part = 0; part < PARTS; part++) {
		onn_graph *g;
		onn_node in[2], out;
		bench_require(onn_graph_create(&g));
		for (int i = 0; i < 2; i++)
			in[i] = onn_variable(
			    g, name[operand[part][i]], ONN_F32, 4, size[operand[part][i]]);
		out = part == 0   ? onn_conv2d(g, in[0], in[1], &how)
		      : part == 1 ? onn_conv2d_input(g, in[0], in[1], size[0] + 2, &how)
		                  : onn_conv2d_weight(g, in[0], in[1], size[1] + 2, &how);
		w->plan[part] = bench_plan(device, g, &out, 1, false);
		for (int i = 0; i < 2; i++)
			w->tensor[part][i] = bench_bind(w->plan[part], device,
			    name[operand[part][i]], ONN_F32, 4, size[operand[part][i]]);
	}
}

static void clear(works *w)
{
	for (int part = 0; part < PARTS; part++) {
		onn_plan_destroy(w->plan[part]);
		for (int i = 0; i < 2; i++)
			onn_tensor_destroy(w->tensor[part][i]);
	}
}

static void measure(const bench_options *o, onn_device *device, const shape *s)
{
	static const char *const part[PARTS] = {"result", "images", "kernels"};
	works w[WAYS];
	for (int i = 0; i < WAYS; i++) {
		setenv("ONN_CONVOLVE", ways[i], 1);
		make(&w[i], device, s);
	}
	unsetenv("ONN_CONVOLVE");
	for (int p = 0; p < PARTS; p++) {
		bench_work work[WAYS] = {{0}};
		for (int i = 0; i < WAYS; i++)
			work[i] = (bench_work){.run = bench_run_plan, .user = w[i].plan[p]};
		bench_measure(work, WAYS, o->repeat);
		printf("%5zu%5zu%5zu%5zu%4zu%4zu  %-9s", s->batch, s->channels, s->outputs, s->side,
		    s->kernel, s->padding, part[p]);
		for (int i = 0; i < WAYS; i++)
			printf("%10.1f", 1e6 * work[i].seconds);
		double least = work[1].seconds;
		for (int i = 2; i < WAYS; i++)
			least = work[i].seconds < least ? work[i].seconds : least;
		printf("%8.2f\n", work[0].seconds / least);
		fflush(stdout);
	}
	for (int i = 0; i < WAYS; i++)
		clear(&w[i]);
}

void bench_convolve(const bench_options *o)
{
	onn_device *device;
	onn_device_options options = ONN_DEVICE_OPTIONS_INIT;
	options.threads = o->threads;
	bench_require(onn_device_create(&device, "c", &options));
	printf(
	    "\nConvolutions on c, %d threads, microseconds; the last: what is taken over the best "
	    "way\n%5s%5s%5s%5s%4s%4s  %-9s%10s%10s%10s%10s\n",
	    onn_device_threads(device), "n", "in", "out", "side", "k", "pad", "", "taken", "roots",
	    "oneDNN", "columns");
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		measure(o, device, &table[i]);
	onn_device_destroy(device);
}
