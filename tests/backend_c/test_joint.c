/*
 * Training steps of one field through plates: what the device c does together there, tile by tile,
 * equals to the bit what it does step by step, which the check mode also holds against the
 * reference.
 */
#include "testing.h"

#include <complex.h>

#include <onn/fourier.h>
#include <onn/plan.h>

enum { PLATES = 4, RUNS = 2, OUTPUTS_MAX = PLATES + 2, LARGE = 500000 };

typedef struct task {
	const char *name;
	size_t h, w;       /* of fields and plates */
	size_t ny, nx;     /* of the filter */
	size_t at[2];      /* the fields' place there */
	size_t from[2];    /* of what is kept */
	bool plain;        /* no plate moves */
	bool show_grad;    /* a gradient is an output as well */
	bool show_between; /* and the gradient behind a plate */
	bool alone;        /* every second hop has no plate */
	double size;       /* of the first field's numbers */
} task;

static const task tasks[] = {
    {"square", 130, 130, 130, 130, {0, 0}, {0, 0}, false, false, false, false, 1},
    {"oblong", 150, 77, 150, 77, {0, 0}, {0, 0}, false, false, false, false, 1},
    {"padded", 96, 100, 160, 180, {32, 40}, {32, 40}, false, false, false, false, 1},
    {"shifted, which is not done together", 96, 96, 160, 160, {8, 0}, {16, 9}, false, false, false,
        false, 1},
    {"with a gradient shown", 130, 130, 130, 130, {0, 0}, {0, 0}, false, true, false, false, 1},
    {"with a field on its way back shown", 130, 130, 130, 130, {0, 0}, {0, 0}, false, false, true,
        false, 1},
    {"without updates", 130, 130, 130, 130, {0, 0}, {0, 0}, true, true, false, false, 1},
    {"with hops of no plate", 130, 130, 130, 130, {0, 0}, {0, 0}, false, false, false, true, 1},
    {"of a prime length", 127, 127, 127, 127, {0, 0}, {0, 0}, false, false, false, false, 1},
    {"too large for the caches", 1008, 1008, 1008, 1008, {0, 0}, {0, 0}, false, false, false, false,
        1},
    {"of hardly any light", 130, 130, 130, 130, {0, 0}, {0, 0}, false, false, false, false, 1e-14},
};

static float draw(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return (float)(*state >> 8) / 0x1p23f - 1;
}

static float _Complex *draw_numbers(size_t n, uint32_t seed)
{
	float _Complex *x = calloc(n, sizeof *x);
	for (size_t i = 0; i < n; i++) {
		float re = draw(&seed);
		x[i] = re + draw(&seed) * _Complex_I;
	}
	return x;
}

static onn_node constant(onn_graph *g, size_t h, size_t w, uint32_t seed)
{
	const size_t shape[2] = {h, w};
	float _Complex *x = draw_numbers(h * w, seed);
	onn_array *a;
	check_ok(onn_array_from(&a, ONN_C64, 2, shape, x));
	onn_node node = onn_constant(g, a);
	onn_array_destroy(a);
	free(x);
	return node;
}

/* The outputs' number; those of assignments come last. */
static size_t build(onn_graph *g, const task *t, onn_node out[OUTPUTS_MAX])
{
	const size_t shape[2] = {t->h, t->w};
	const onn_window keep = {{t->from[0], t->from[1]}, {t->h, t->w}};
	onn_node plate[PLATES], grad[PLATES], between,
	    e = onn_mul_real(g, constant(g, t->h, t->w, 1), t->size);
	onn_node h = constant(g, t->ny, t->nx, 2), behind = e;
	for (int i = 0; i < PLATES; i++) {
		char name[16];
		snprintf(name, sizeof name, "plate %d", i);
		plate[i] = onn_variable(g, name, ONN_C64, 2, shape);
		e = onn_filter(g, onn_mul(g, e, plate[i]), h, t->at, &keep);
		if (t->alone)
			e = onn_filter(g, e, h, t->at, &keep);
		if (i == 1)
			behind = e;
	}
	size_t count = 0;
	onn_node loss = onn_mean(g, onn_abs2(g, e), NULL, 0, false);
	out[count++] = loss;
	check_ok(onn_gradient(grad, g, loss, ONN_NULL_NODE, plate, PLATES));
	if (t->show_grad)
		out[count++] = grad[1];
	if (t->show_between) {
		check_ok(onn_gradient(&between, g, loss, ONN_NULL_NODE, &behind, 1));
		out[count++] = between;
	}
	for (int i = 0; i < PLATES && !t->plain; i++)
		out[count++] = onn_assign(
		    g, plate[i], onn_sub(g, plate[i], onn_mul_real(g, onn_sign(g, grad[i]), 1e-2)));
	return count;
}

/* All plates, then all outputs that are fields, as RUNS runs leave them. */
static float _Complex *run(const task *t, int threads, bool check, size_t *n)
{
	const size_t shape[2] = {t->h, t->w}, area = t->h * t->w;
	onn_device_options o = ONN_DEVICE_OPTIONS_INIT;
	onn_device *device;
	onn_graph *g;
	onn_plan *plan;
	onn_tensor *tensor[PLATES];
	onn_node out[OUTPUTS_MAX];
	o.threads = threads;
	o.check = check;
	check_ok(onn_device_create(&device, "c", &o));
	check_ok(onn_graph_create(&g));
	size_t outputs = build(g, t, out);
	check_ok(onn_plan_create(&plan, device, g, out, outputs, NULL));
	for (int i = 0; i < PLATES; i++) {
		char name[16];
		snprintf(name, sizeof name, "plate %d", i);
		float _Complex *x = draw_numbers(area, 10 + (uint32_t)i);
		check_ok(onn_tensor_create(&tensor[i], device, ONN_C64, 2, shape));
		check_ok(onn_tensor_write(tensor[i], x, area * sizeof *x));
		check_ok(onn_plan_bind(plan, name, tensor[i]));
		free(x);
	}
	/* the reference, which transforms in double, takes a second for a large field */
	for (int i = 0; i < (area < LARGE ? RUNS : 1); i++)
		check_ok(onn_plan_run(plan));
	float _Complex *all = calloc((PLATES + OUTPUTS_MAX) * area, sizeof *all);
	*n = 0;
	for (int i = 0; i < PLATES; i++, *n += area)
		check_ok(onn_tensor_read(all + *n, tensor[i], area * sizeof *all));
	for (size_t i = 1; i < outputs; i++)
		if (onn_plan_output(plan, i)) {
			check_ok(onn_tensor_read(
			    all + *n, onn_plan_output(plan, i), area * sizeof *all));
			*n += area;
		}
	onn_plan_destroy(plan);
	onn_graph_destroy(g);
	for (int i = 0; i < PLATES; i++)
		onn_tensor_destroy(tensor[i]);
	onn_device_destroy(device);
	return all;
}

START_TEST(what_is_done_together_equals_single_steps)
{
	for (size_t k = 0; k < COUNT(tasks); k++) {
		const task *t = &tasks[k];
		size_t count, n;
		float _Complex *apart = run(t, 2, true, &count);
		for (int threads = 1; threads <= 3; threads++) {
			float _Complex *together = run(t, threads, false, &n);
			ck_assert_uint_eq(n, count);
			ck_assert_msg(memcmp(together, apart, n * sizeof *apart) == 0,
			    "%s, %d threads", t->name, threads);
			free(together);
		}
		free(apart);
	}
}
END_TEST

TESTS("chain", what_is_done_together_equals_single_steps)
