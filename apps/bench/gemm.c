/* Matrix products: a plan of several against the library below called directly on one thread. */
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "library.h"

/* So many products of one shape in a plan, with left factors of their own: as in a training step, a
 * launch serves several. */
enum { PRODUCTS = 8 };

typedef struct product {
	onn_type type;
	int m, n, k;
	bool a_transposed; /* as the gradient of a weight has it */
} product;

typedef struct direct {
	product p;
	void *a[PRODUCTS], *b, *c[PRODUCTS];
} direct;

static size_t size_of(int x, int y) { return (size_t)x * (size_t)y; }

static void run_direct(void *user)
{
	const direct *d = user;
	for (int i = 0; i < PRODUCTS; i++)
		library_gemm(d->p.type, d->p.a_transposed, false, d->p.m, d->p.n, d->p.k, d->a[i],
		    d->b, d->c[i]);
}

static void *numbers(onn_type type, size_t count)
{
	void *x = bench_memory(count * onn_type_size(type));
	bench_fill(type, x, count);
	return x;
}

static direct direct_of(const product *p)
{
	direct d = {.p = *p, .b = numbers(p->type, size_of(p->k, p->n))};
	for (int i = 0; i < PRODUCTS; i++) {
		d.a[i] = numbers(p->type, size_of(p->m, p->k));
		d.c[i] = numbers(p->type, size_of(p->m, p->n));
	}
	return d;
}

static void direct_clear(direct *d)
{
	for (int i = 0; i < PRODUCTS; i++) {
		free(d->a[i]);
		free(d->c[i]);
	}
	free(d->b);
}

typedef struct planned {
	onn_plan *plan;
	onn_tensor *tensor[PRODUCTS + 1];
} planned;

static bool plan_of(planned *x, const product *p, onn_device *device)
{
	size_t m = (size_t)p->m, n = (size_t)p->n, k = (size_t)p->k;
	const size_t a_shape[2] = {p->a_transposed ? k : m, p->a_transposed ? m : k};
	const size_t b_shape[2] = {k, n};
	char name[PRODUCTS][16];
	onn_graph *g;
	onn_node c[PRODUCTS];
	bench_require(onn_graph_create(&g));
	onn_node b = onn_variable(g, "b", p->type, 2, b_shape);
	for (int i = 0; i < PRODUCTS; i++) {
		snprintf(name[i], sizeof name[i], "a%d", i);
		onn_node a = onn_variable(g, name[i], p->type, 2, a_shape);
		c[i] = onn_matmul_op(g, a, p->a_transposed ? ONN_T : ONN_N, b, ONN_N);
	}
	x->plan = bench_plan(device, g, c, PRODUCTS, false);
	if (!x->plan)
		return false;
	for (int i = 0; i < PRODUCTS; i++)
		x->tensor[i] = bench_bind(x->plan, device, name[i], p->type, 2, a_shape);
	x->tensor[PRODUCTS] = bench_bind(x->plan, device, "b", p->type, 2, b_shape);
	return true;
}

static void measure(const product *p, onn_device *device, int repeat)
{
	direct d = direct_of(p);
	planned x;
	char library[64];
	library_name(p->type, library, sizeof library);
	printf("%-5s %4d x %4d x %4d%s", onn_type_name(p->type), p->m, p->n, p->k,
	    p->a_transposed ? " T" : "  ");
	if (!onn_device_supports(device, p->type) || !plan_of(&x, p, device)) {
		printf("   not on this device\n");
		direct_clear(&d);
		return;
	}
	bench_work work[2] = {{bench_run_plan, x.plan, 0, 0}, {run_direct, &d, 0, 0}};
	bench_measure(work, 2, repeat);
	double flops = PRODUCTS * 2.0 * p->m * p->n * p->k;
	if (onn_type_is_complex(p->type))
		flops *= 4;
	printf("%11.2f%10.1f%10.1f%9.2f  %s\n", work[0].seconds / PRODUCTS * 1e6,
	    flops / work[0].seconds * 1e-9, flops / work[1].seconds * 1e-9, work[1].ratio, library);
	onn_plan_destroy(x.plan);
	for (int i = 0; i <= PRODUCTS; i++)
		onn_tensor_destroy(x.tensor[i]);
	direct_clear(&d);
}

void bench_gemm(const bench_options *o)
{
	static const product row[] = {
	    {ONN_F32, 64, 128, 784, false}, /* the network's layers, and a weight's gradient */
	    {ONN_F32, 64, 128, 128, false},
	    {ONN_F32, 784, 128, 64, true},
	    {ONN_F32, 512, 64, 800, false}, /* a convolution as a product */
	    {ONN_F64, 64, 128, 784, false},
	    {ONN_F64, 64, 128, 128, false},
	    {ONN_F64, 256, 256, 256, false},
	    {ONN_C64, 64, 128, 128, false},
	    {ONN_C64, 256, 256, 256, false},
	    {ONN_C128, 64, 128, 128, false},
	};
	library_one_thread();
	for (size_t i = 0; i < o->count; i++) {
		printf("\nMatrix products on %s, %d threads; T: the left factor is transposed\n",
		    onn_device_name(o->device[i]), onn_device_threads(o->device[i]));
		printf("type     m      n      k    us each   GFLOP/s   library   ratio  (library: "
		       "one "
		       "thread)\n");
		for (size_t j = 0; j < sizeof row / sizeof *row; j++)
			measure(&row[j], o->device[i], o->repeat);
	}
}
