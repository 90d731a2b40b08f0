/*
 * Light through plates: hops of free space by filters, and the gradient with respect to each plate,
 * beside the transforms alone by FFTW on one thread: two for each hop and its adjoint.
 */
#include <stdio.h>
#include <stdlib.h>

#include <onn/fourier.h>

#include "bench.h"

#ifdef ONN_HAVE_FFTW
#include <fftw3.h>
#endif

enum { PLATES_MAX = 32 };

typedef struct chain {
	size_t batch, size, padded, plates;
} chain;

typedef struct beam {
	onn_plan *plan;
	onn_tensor *tensor[PLATES_MAX + 2];
} beam;

static onn_node spectrum_of(onn_graph *g, const chain *c)
{
	onn_array *h;
	bench_require(onn_array_create(&h, ONN_C64, 2, (size_t[]){c->padded, c->padded}));
	float *data = onn_array_data(h);
	bench_fill(ONN_C64, data, onn_array_count(h));
	for (size_t i = 0; i < 2 * onn_array_count(h); i++)
		data[i] *= 0.7f; /* below 1: nothing overflows behind 32 plates */
	onn_node node = onn_constant(g, h);
	onn_array_destroy(h);
	return node;
}

static bool beam_of(beam *b, const chain *c, onn_device *device)
{
	char name[PLATES_MAX][16];
	onn_node plate[PLATES_MAX], gradient[PLATES_MAX];
	const size_t field_shape[3] = {c->batch, c->size, c->size};
	size_t at[2] = {(c->padded - c->size) / 2, (c->padded - c->size) / 2};
	onn_graph *g;
	bench_require(onn_graph_create(&g));
	onn_node h = spectrum_of(g, c), x = onn_variable(g, "x", ONN_C64, c->batch > 1 ? 3 : 2,
	                                    c->batch > 1 ? field_shape : field_shape + 1);
	for (size_t i = 0; i < c->plates; i++) {
		snprintf(name[i], sizeof name[i], "p%zu", i);
		plate[i] = onn_variable(g, name[i], ONN_C64, 2, field_shape + 1);
		x = onn_filter(g, onn_mul(g, x, plate[i]), h, at, NULL);
	}
	onn_node loss = onn_sum(g, onn_abs2(g, x), NULL, 0, false);
	bench_require(onn_gradient(gradient, g, loss, ONN_NULL_NODE, plate, c->plates));
	b->plan = bench_plan(device, g, gradient, c->plates, false);
	if (!b->plan)
		return false;
	b->tensor[c->plates] = bench_bind(b->plan, device, "x", ONN_C64, c->batch > 1 ? 3 : 2,
	    c->batch > 1 ? field_shape : field_shape + 1);
	for (size_t i = 0; i < c->plates; i++)
		b->tensor[i] = bench_bind(b->plan, device, name[i], ONN_C64, 2, field_shape + 1);
	return true;
}

#ifdef ONN_HAVE_FFTW
typedef struct direct {
	fftwf_plan forward, back;
	fftwf_complex *field;
	size_t times;
} direct;

static void run_direct(void *user)
{
	const direct *d = user;
	for (size_t i = 0; i < d->times; i++) {
		fftwf_execute(d->forward);
		fftwf_execute(d->back);
	}
}

static void direct_of(direct *d, const chain *c)
{
	int n = (int)c->padded;
	d->field = fftwf_alloc_complex(c->padded * c->padded);
	d->forward = fftwf_plan_dft_2d(n, n, d->field, d->field, FFTW_FORWARD, FFTW_MEASURE);
	d->back = fftwf_plan_dft_2d(n, n, d->field, d->field, FFTW_BACKWARD, FFTW_MEASURE);
	d->times = 2 * c->plates * c->batch;
	bench_fill(ONN_C64, d->field, c->padded * c->padded);
}

static void direct_clear(direct *d)
{
	fftwf_destroy_plan(d->forward);
	fftwf_destroy_plan(d->back);
	fftwf_free(d->field);
}
#endif

static void measure(const chain *c, onn_device *device, int repeat)
{
	beam b = {0};
	printf("%5zu %4zu in %4zu %6zu", c->batch, c->size, c->padded, c->plates);
	if (!beam_of(&b, c, device)) {
		printf("   not on this device\n");
		return;
	}
	bench_work work[2] = {{bench_run_plan, b.plan, 0, 0}, {NULL, NULL, 0, 0}};
#ifdef ONN_HAVE_FFTW
	direct d;
	direct_of(&d, c);
	work[1] = (bench_work){run_direct, &d, 0, 0};
#endif
	bench_measure(work, 2, repeat);
	printf("%11.3f%11.3f%9.2f\n", work[0].seconds * 1e3, work[1].seconds * 1e3, work[1].ratio);
#ifdef ONN_HAVE_FFTW
	direct_clear(&d);
#endif
	onn_plan_destroy(b.plan);
	for (size_t i = 0; i <= c->plates; i++)
		onn_tensor_destroy(b.tensor[i]);
}

void bench_fft(const bench_options *o)
{
	static const chain row[] = {
	    {1, 128, 128, 32},                    /* the generator of plates */
	    {1, 512, 512, 32}, {64, 200, 400, 5}, /* a diffractive classifier's step */
	};
	for (size_t i = 0; i < o->count; i++) {
		printf("\nLight through plates and the plates' gradients, c64, on %s, %d threads\n",
		    onn_device_name(o->device[i]), onn_device_threads(o->device[i]));
		printf("batch fields      plates         ms  FFTW's ms    ratio  (FFTW: its "
		       "transforms alone, one thread)\n");
		for (size_t j = 0; j < sizeof row / sizeof *row; j++)
			measure(&row[j], o->device[i], o->repeat);
	}
}
