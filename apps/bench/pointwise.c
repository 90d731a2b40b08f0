/* Chains of pointwise operations: a fused plan against the same loop in plain C, and memcpy. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

enum { INPUTS = 4 };

/* f32 arrays that a chain's plain loop works on. */
typedef struct arrays {
	size_t n;
	float *in[INPUTS], *out;
} arrays;

typedef struct chain {
	const char *name;
	size_t inputs;
	onn_node (*build)(onn_graph *g, const onn_node x[]);
	void (*loop)(void *user);
} chain;

/* ---- the chains ---- */

static onn_node build_axpy(onn_graph *g, const onn_node x[])
{
	return onn_add(g, onn_mul_real(g, x[0], 1.5), x[1]);
}

static void loop_axpy(void *user)
{
	const arrays *a = user;
	const float *x = a->in[0], *y = a->in[1];
	for (size_t i = 0; i < a->n; i++)
		a->out[i] = 1.5f * x[i] + y[i];
}

static onn_node build_absorber(onn_graph *g, const onn_node x[])
{
	onn_absorber absorber = ONN_ABSORBER_INIT;
	return onn_saturable_absorber(g, x[0], &absorber);
}

static void loop_absorber(void *user)
{
	const arrays *a = user;
	const float *x = a->in[0];
	for (size_t i = 0; i < a->n; i++)
		a->out[i] = x[i] * expf(-5 / (1 + x[i] * x[i]));
}

/* Adam's new weight from weight, gradient and both moments, its corrections left out. */
static onn_node build_adam(onn_graph *g, const onn_node x[])
{
	onn_node m = onn_add(g, onn_mul_real(g, x[2], 0.9), onn_mul_real(g, x[1], 0.1));
	onn_node v =
	    onn_add(g, onn_mul_real(g, x[3], 0.999), onn_mul_real(g, onn_square(g, x[1]), 0.001));
	onn_node step = onn_div(g, m, onn_add_real(g, onn_sqrt(g, v), 1e-8));
	return onn_sub(g, x[0], onn_mul_real(g, step, 5e-4));
}

static void loop_adam(void *user)
{
	const arrays *a = user;
	const float *w = a->in[0], *grad = a->in[1], *m1 = a->in[2], *m2 = a->in[3];
	for (size_t i = 0; i < a->n; i++) {
		float m = 0.9f * m1[i] + 0.1f * grad[i];
		float v = 0.999f * m2[i] + 0.001f * grad[i] * grad[i];
		a->out[i] = w[i] - 5e-4f * m / (sqrtf(v) + 1e-8f);
	}
}

static onn_node build_sine(onn_graph *g, const onn_node x[])
{
	return onn_mul(g, onn_sin(g, x[0]), onn_tanh(g, x[1]));
}

static void loop_sine(void *user)
{
	const arrays *a = user;
	const float *x = a->in[0], *y = a->in[1];
	for (size_t i = 0; i < a->n; i++)
		a->out[i] = sinf(x[i]) * tanhf(y[i]);
}

/* ---- measuring ---- */

/* As many bytes as the chain moves: inputs read, output written. */
typedef struct copy {
	char *to, *from;
	size_t bytes;
} copy;

static void run_copy(void *user)
{
	copy *c = user;
	memcpy(c->to, c->from, c->bytes);
}

static void measure(const chain *c, size_t n, onn_device *device, int repeat)
{
	static const char *const name[INPUTS] = {"x0", "x1", "x2", "x3"};
	onn_graph *g;
	onn_node x[INPUTS];
	onn_tensor *t[INPUTS];
	arrays a = {.n = n, .out = bench_memory(n * sizeof(float))};
	bench_require(onn_graph_create(&g));
	for (size_t i = 0; i < c->inputs; i++) {
		x[i] = onn_variable(g, name[i], ONN_F32, 1, &n);
		a.in[i] = bench_memory(n * sizeof(float));
		bench_fill(ONN_F32, a.in[i], n);
	}
	onn_node y = c->build(g, x);
	onn_plan *plan = bench_plan(device, g, &y, 1, false);
	for (size_t i = 0; i < c->inputs && plan; i++)
		t[i] = bench_bind(plan, device, name[i], ONN_F32, 1, &n);
	double bytes = (double)((c->inputs + 1) * n * sizeof(float));
	copy half = {.bytes = (size_t)bytes / 2};
	half.to = bench_memory(half.bytes);
	half.from = bench_memory(half.bytes);
	memset(half.from, 1, half.bytes);
	bench_work work[3] = {{plan ? bench_run_plan : NULL, plan, 0, 0}, {c->loop, &a, 0, 0},
	    {run_copy, &half, 0, 0}};
	bench_measure(work, 3, repeat);
	printf("%-22s%9zu%11.2f%10.1f%9.3f%11.1f%11.1f%9.2f\n", c->name, n, work[0].seconds * 1e6,
	    bytes / work[0].seconds * 1e-9, (double)n / work[0].seconds * 1e-9,
	    bytes / work[1].seconds * 1e-9, bytes / work[2].seconds * 1e-9, work[1].ratio);
	onn_plan_destroy(plan);
	for (size_t i = 0; i < c->inputs; i++) {
		if (plan)
			onn_tensor_destroy(t[i]);
		free(a.in[i]);
	}
	free(a.out);
	free(half.to);
	free(half.from);
}

void bench_pointwise(const bench_options *o)
{
	static const chain row[] = {
	    {"1.5 x + y", 2, build_axpy, loop_axpy},
	    {"absorber", 1, build_absorber, loop_absorber},
	    {"Adam", 4, build_adam, loop_adam},
	    {"sin x tanh y", 2, build_sine, loop_sine},
	};
	static const size_t size[] = {64 * 128, 784 * 128, 4 << 20};
	for (size_t i = 0; i < o->count; i++) {
		printf("\nPointwise chains on %s, %d threads, f32\n", onn_device_name(o->device[i]),
		    onn_device_threads(o->device[i]));
		printf("chain                  elements         us      GB/s   Gelem/s  loop "
		       "GB/s  copy GB/s   ratio  (to the loop in C, one thread)\n");
		for (size_t j = 0; j < sizeof row / sizeof *row; j++)
			for (size_t k = 0; k < sizeof size / sizeof *size; k++)
				measure(&row[j], size[k], o->device[i], o->repeat);
	}
}
