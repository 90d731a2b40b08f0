/*
 * A small design whose light spreads over the whole grid, with light, target and plates that look
 * random, in double on device c; and its loss by central differences.
 */
#ifndef ONN_TESTS_DESIGN_BENCH_H
#define ONN_TESTS_DESIGN_BENCH_H

#include <onn/archive.h>
#include <onn/design.h>

#include "device.h"
#include "run_folder.h"
#include "testing.h"

enum { N = 12, PLATES = 4, PIXELS = N * N };

static onn_device *device;

static inline onn_design small_design(void)
{
	onn_design d = ONN_DESIGN_INIT;
	d.pixels = N;
	d.plates = PLATES;
	d.side = 60e-6;
	d.distance = 200e-6;
	d.wavelength = 1e-6;
	d.padding = 3;
	d.precision = ONN_F64;
	return d;
}

static inline onn_design phase_design(void)
{
	onn_design d = small_design();
	d.modulation = ONN_DESIGN_MODULATION_PHASE;
	return d;
}

/* Numbers that look random, from -1 to 1. */
static inline double noise(unsigned *state)
{
	*state = *state * 1664525u + 1013904223u;
	return (double)(*state >> 8) / (1 << 23) - 1;
}

typedef struct bench {
	onn_designer *designer;
	bool phase;
	size_t numbers;               /* real numbers of a plate */
	double x[PLATES][2 * PIXELS]; /* the plates as they were set: pairs, or phases */
} bench;

static inline void set_plate(bench *b, size_t k)
{
	onn_array *a;
	check_ok(onn_array_from(&a, b->phase ? ONN_F64 : ONN_C128, 2, (size_t[]){N, N}, b->x[k]));
	check_ok(onn_designer_set_plate(b->designer, k, a));
	onn_array_destroy(a);
}

/* The same source, target and plates for every design; files in out, or none. */
static inline void open_bench(bench *b, const onn_design *d, const char *out)
{
	unsigned seed = 5;
	double e[2 * PIXELS], t[PIXELS];
	onn_array *source, *target, *start;
	onn_design_inputs in = ONN_DESIGN_INPUTS_INIT;
	onn_design_options options = ONN_DESIGN_OPTIONS_INIT;

	*b = (bench){.phase = d->modulation == ONN_DESIGN_MODULATION_PHASE};
	b->numbers = b->phase ? PIXELS : 2 * PIXELS;
	for (size_t i = 0; i < PIXELS; i++) {
		e[2 * i] = 1 + 0.3 * noise(&seed);
		e[2 * i + 1] = 0.3 * noise(&seed);
		t[i] = 0.5 + 0.5 * noise(&seed);
	}
	for (size_t k = 0; k < PLATES; k++)
		for (size_t i = 0; i < b->numbers; i++)
			b->x[k][i] = (b->phase ? 3 : 0.9) * noise(&seed);
	check_ok(onn_array_from(&source, ONN_C128, 2, (size_t[]){N, N}, e));
	check_ok(onn_array_from(&target, ONN_F64, 2, (size_t[]){N, N}, t));
	check_ok(
	    onn_array_create(&start, b->phase ? ONN_F64 : ONN_C128, 3, (size_t[]){PLATES, N, N}));
	for (size_t k = 0; k < PLATES; k++)
		memcpy((double *)onn_array_data(start) + k * b->numbers, b->x[k],
		    b->numbers * sizeof(double));
	in.source = source;
	in.target = target;
	in.start = start;
	options.out = out;
	check_ok(onn_designer_create(&b->designer, d, &in, &options, device));
	onn_array_destroy(source);
	onn_array_destroy(target);
	onn_array_destroy(start);
}

static inline void close_bench(bench *b) { onn_designer_destroy(b->designer); }

static inline double loss_of(bench *b)
{
	onn_design_result r;
	check_ok(onn_designer_result(&r, NULL, b->designer));
	return r.loss;
}

/* dL by one number of a plate, by central differences. */
static inline double slope(bench *b, size_t k, size_t number)
{
	static const double h = 1e-5;
	double at = b->x[k][number], two[2];

	for (int i = 0; i < 2; i++) {
		b->x[k][number] = i ? at + h : at - h;
		set_plate(b, k);
		two[i] = loss_of(b);
	}
	b->x[k][number] = at;
	set_plate(b, k);
	return (two[1] - two[0]) / (2 * h);
}

/* How far a step moves each number, divided by -rate: the gradient, where the update is sgd's. The
 * plates are put back. */
static inline void moved(bench *b, double by[PLATES][2 * PIXELS])
{
	double rate = onn_designer_design(b->designer)->rate;

	check_ok(onn_designer_step(b->designer));
	for (size_t k = 0; k < PLATES; k++) {
		onn_array *plate;
		check_ok(onn_designer_plate(&plate, b->designer, k));
		const double *z = onn_array_const_data(plate);
		for (size_t i = 0; i < b->numbers; i++) {
			double off = b->phase
			                 ? remainder(b->x[k][i] - atan2(z[2 * i + 1], z[2 * i]),
			                       2 * 3.14159265358979323846)
			                 : b->x[k][i] - z[i];
			by[k][i] = off / rate;
		}
		onn_array_destroy(plate);
		set_plate(b, k);
	}
}

/* A step by sgd, whose gradients central differences confirm. */
static inline void check_gradient(onn_design d)
{
	static double by[PLATES][2 * PIXELS];
	bench b;

	d.update = ONN_DESIGN_UPDATE_SGD;
	d.rate = 1;
	open_bench(&b, &d, NULL);
	moved(&b, by);
	for (size_t k = 0; k < PLATES; k++)
		for (size_t i = 0; i < b.numbers; i += 13) {
			double expected = slope(&b, k, i);
			check_near(by[k][i], expected, 1e-7 * fabs(expected) + 2e-9);
		}
	close_bench(&b);
}

/* A folder of this test's own, without a run. */
static inline const char *fresh_folder(const char *name)
{
	clean(name);
	return name;
}

#endif
