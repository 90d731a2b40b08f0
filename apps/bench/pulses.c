/*
 * Pulses through media: cells that are brought through a slot each second, of both models, there
 * and back, beside the exponentials that the rate model needs.
 */
#include <stdio.h>

#include "bench.h"

enum { ROWS = 4096, SLOTS = 64, CELLS = 32, NUMBERS = 1 << 15 };

typedef struct plan {
	onn_plan *plan;
	onn_tensor *x;
} plan;

static void destroy(plan *p)
{
	onn_plan_destroy(p->plan);
	if (p->plan)
		onn_tensor_destroy(p->x);
}

/* Light behind, or the gradient of its energy by the light. */
static plan pulses(onn_device *device, onn_pulse_model model, onn_type type, bool back)
{
	static const size_t shape[2] = {ROWS, SLOTS};
	onn_pulse_medium m = ONN_PULSE_MEDIUM_INIT;
	onn_pulse_passage out;
	onn_graph *g;
	bench_require(onn_graph_create(&g));
	onn_node x = onn_variable(g, "x", type, 2, shape);
	m.model = model;
	m.cells = CELLS;
	m.depth = 3;
	onn_pulse_pass(&out, g, onn_mul_real(g, x, .1), .02, ONN_NULL_NODE, &m, NULL, false);
	onn_node y = out.light;
	if (back) {
		onn_node energy = model == ONN_PULSE_BLOCH ? onn_abs2(g, y) : y;
		onn_gradient(&y, g, onn_sum(g, energy, NULL, 0, false), ONN_NULL_NODE, &x, 1);
	}
	plan p = {bench_plan(device, g, &y, 1, false), NULL};
	if (p.plan)
		p.x = bench_bind(p.plan, device, "x", type, 2, shape);
	return p;
}

/* exp(-x) expm1(-x) of some numbers: what a cell of the rate model has of functions. */
static plan exponentials(onn_device *device, onn_type type)
{
	static const size_t shape[1] = {NUMBERS};
	onn_graph *g;
	bench_require(onn_graph_create(&g));
	onn_node x = onn_neg(g, onn_variable(g, "x", type, 1, shape));
	onn_node y = onn_mul(g, onn_exp(g, x), onn_expm1(g, x));
	plan p = {bench_plan(device, g, &y, 1, false), NULL};
	if (p.plan)
		p.x = bench_bind(p.plan, device, "x", type, 1, shape);
	return p;
}

static void measure(onn_device *device, onn_pulse_model model, onn_type type, int repeat)
{
	const double cells = (double)ROWS * SLOTS * CELLS;
	plan p[3] = {pulses(device, model, type, false), pulses(device, model, type, true),
	    exponentials(device, type)};
	bench_work work[3];
	for (int i = 0; i < 3; i++)
		work[i] = (bench_work){p[i].plan ? bench_run_plan : NULL, p[i].plan, 0, 0};
	bench_measure(work, 3, repeat);
	double bound = NUMBERS / work[2].seconds;
	printf("%-8s%-6s%12.1f%12.1f%16.1f%9.2f\n", onn_pulse_model_name(model),
	    onn_type_name(type), cells / work[0].seconds * 1e-6, cells / work[1].seconds * 1e-6,
	    bound * 1e-6, cells / work[0].seconds / bound);
	for (int i = 0; i < 3; i++)
		destroy(&p[i]);
}

void bench_pulses(const bench_options *o)
{
	static const onn_type type[] = {ONN_F32, ONN_F64};
	for (size_t i = 0; i < o->count; i++) {
		printf("\nPulses on %s, %d threads, %d rows of %d slots, %d cells: million cells a "
		       "second\n",
		    onn_device_name(o->device[i]), onn_device_threads(o->device[i]), ROWS, SLOTS,
		    CELLS);
		printf(
		    "model   type       there    gradient   exp and expm1    ratio  (to these)\n");
		for (int model = ONN_PULSE_RATE; model <= ONN_PULSE_BLOCH; model++)
			for (int t = 0; t < 2; t++)
				measure(o->device[i], (onn_pulse_model)model, type[t], o->repeat);
	}
}
