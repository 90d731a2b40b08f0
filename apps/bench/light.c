#include "light.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { CLASSES = 10, REGION = 20, LAYERS = 5, SIZE = 200 };

static onn_array *array_of(onn_type type, size_t ndim, const size_t *shape)
{
	onn_array *a;
	bench_require(onn_array_create(&a, type, ndim, shape));
	return a;
}

/* The array as the plan's variable of that name; it is destroyed. */
static void bind(bench_light *l, onn_device *device, const char *name, onn_array *a)
{
	onn_tensor **grown = realloc(l->tensor, (l->ntensors + 1) * sizeof *grown);
	if (!grown)
		abort();
	l->tensor = grown;
	bench_require(onn_tensor_from_array(&l->tensor[l->ntensors], device, a));
	bench_require(onn_plan_bind(l->plan, name, l->tensor[l->ntensors++]));
	onn_array_destroy(a);
}

/* ---- the generator ---- */

/* 1 where low <= r <= high on a square of 32 mm. */
static onn_node ring(onn_graph *g, size_t n, double low, double high)
{
	onn_array *a = array_of(ONN_F32, 2, (size_t[]){n, n});
	float *x = onn_array_data(a);
	for (size_t i = 0; i < n * n; i++) {
		double r = hypot((double)(i / n) - (double)n / 2, (double)(i % n) - (double)n / 2) *
		           32e-3 / (double)n;
		x[i] = r >= low && r <= high;
	}
	onn_node node = onn_constant(g, a);
	onn_array_destroy(a);
	return node;
}

static onn_node tutorial_loss(onn_graph *g, onn_node e, onn_node target)
{
	onn_node d = onn_sub(g, onn_abs2(g, e), target);
	return onn_mean(g, onn_add(g, onn_square(g, d), onn_abs(g, d)), NULL, 0, false);
}

static void plate_name(char *name, size_t room, size_t i)
{
	snprintf(name, room, "plate_%02zu", i);
}

bench_light bench_generator(onn_device *device, size_t n, size_t plates)
{
	const onn_grid grid = onn_grid_square(n, 32e-3);
	const onn_light light = onn_monochromatic(ONN_C64, 550e-9);
	onn_propagation gap = ONN_PROPAGATION_INIT;
	bench_light l = {0};
	onn_graph *g;
	bench_require(onn_graph_create(&g));
	onn_node *plate = bench_memory(3 * (plates + 1) * sizeof *plate);
	onn_node *grad = plate + plates + 1, *out = grad + plates + 1;
	onn_field e = onn_field_of(g, ring(g, n, 0, 8e-3), &grid, &light);
	char name[32];
	gap.method = ONN_METHOD_ASM;
	gap.evanescent = ONN_EVANESCENT_PASS;
	gap.pad[0] = gap.pad[1] = 0;
	for (size_t i = 0; i < plates; i++) {
		plate_name(name, sizeof name, i);
		plate[i] = onn_variable(g, name, ONN_C64, 2, (size_t[]){n, n});
		e = onn_propagate(g, onn_complex_plate(g, e, plate[i]), 50e-3, &gap);
	}
	out[0] = tutorial_loss(g, e.e, ring(g, n, 3e-3, 5e-3));
	bench_require(onn_gradient(grad, g, out[0], ONN_NULL_NODE, plate, plates));
	for (size_t i = 0; i < plates; i++)
		out[i + 1] = onn_assign(
		    g, plate[i], onn_sub(g, plate[i], onn_mul_real(g, onn_sign(g, grad[i]), 1e-3)));
	l.plan = bench_plan(device, g, out, plates + 1, false);
	for (size_t i = 0; i < plates; i++) {
		onn_array *a = array_of(ONN_C64, 2, (size_t[]){n, n});
		for (size_t k = 0; k < n * n; k++)
			((float *)onn_array_data(a))[2 * k] = 1;
		plate_name(name, sizeof name, i);
		bind(&l, device, name, a);
	}
	free(plate);
	return l;
}

/* ---- the classifier ---- */

/* The pictures: stripes, other ones for each. */
static onn_array *pictures(size_t images)
{
	onn_array *a = array_of(ONN_F32, 3, (size_t[]){images, SIZE, SIZE});
	float *x = onn_array_data(a);
	for (size_t i = 0; i < onn_array_count(a); i++) {
		double b = (double)(i / (SIZE * SIZE)), y = (double)(i / SIZE % SIZE);
		x[i] = (float)(.5 + .5 * sin(.05 * y + .001 * b * (double)(i % SIZE)));
	}
	return a;
}

static onn_array *labels(size_t images)
{
	onn_array *a = array_of(ONN_I32, 1, &images);
	for (size_t i = 0; i < images; i++)
		((int32_t *)onn_array_data(a))[i] = (int32_t)(i % CLASSES);
	return a;
}

static onn_array *phases(size_t layer)
{
	onn_array *a = array_of(ONN_F32, 2, (size_t[]){SIZE, SIZE});
	for (size_t i = 0; i < SIZE * SIZE; i++)
		((float *)onn_array_data(a))[i] =
		    (float)cos(.02 * (double)((i % SIZE) * (layer + 1)));
	return a;
}

/* [SIZE * SIZE, CLASSES], 1 where a pixel is in a region: rows of 3, 4 and 3. */
static onn_node regions(onn_graph *g)
{
	static const size_t corner[CLASSES][2] = {{40, 40}, {40, 90}, {40, 140}, {90, 25}, {90, 68},
	    {90, 112}, {90, 155}, {140, 40}, {140, 90}, {140, 140}};
	onn_array *a = array_of(ONN_F32, 2, (size_t[]){SIZE * SIZE, CLASSES});
	float *x = onn_array_data(a);
	for (size_t c = 0; c < CLASSES; c++)
		for (size_t i = 0; i < REGION * REGION; i++) {
			size_t row = corner[c][0] + i / REGION, column = corner[c][1] + i % REGION;
			x[(row * SIZE + column) * CLASSES + c] = 1;
		}
	onn_node node = onn_constant(g, a);
	onn_array_destroy(a);
	return node;
}

static onn_node classifier_loss(onn_graph *g, onn_node e, size_t images)
{
	onn_node intensity = onn_reshape(g, onn_abs2(g, e), 2, (size_t[]){images, SIZE * SIZE});
	onn_node power = onn_matmul(g, intensity, regions(g));
	onn_node part = onn_div(g, power, onn_sum(g, power, (int[]){1}, 1, true));
	onn_node likely = onn_log_softmax(g, onn_mul_real(g, part, 10), 1);
	onn_node label = onn_variable(g, "label", ONN_I32, 1, &images);
	onn_node chosen = onn_mul(g, likely, onn_one_hot(g, label, CLASSES, ONN_F32));
	return onn_mul_real(g, onn_sum(g, chosen, NULL, 0, false), -1 / (double)images);
}

static const char *const phase_name[LAYERS] = {
    "phase_0", "phase_1", "phase_2", "phase_3", "phase_4"};

bench_light bench_d2nn(onn_device *device, size_t images)
{
	const onn_grid grid = onn_grid_square(SIZE, SIZE * .4e-3);
	const onn_light light = onn_monochromatic(ONN_C64, .75e-3);
	onn_propagation gap = ONN_PROPAGATION_INIT; /* padded by half the size, decay */
	onn_optimizer adam = ONN_OPTIMIZER_INIT;
	bench_light l = {0};
	onn_graph *g;
	onn_node phase[LAYERS], grad[LAYERS], moved[LAYERS], out[1 + 4 * LAYERS];
	size_t n;
	bench_require(onn_graph_create(&g));
	gap.method = ONN_METHOD_ASM;
	onn_node picture = onn_variable(g, "picture", ONN_F32, 3, (size_t[]){images, SIZE, SIZE});
	onn_field e = onn_field_of(g, picture, &grid, &light);
	for (size_t i = 0; i < LAYERS; i++) {
		phase[i] = onn_variable(g, phase_name[i], ONN_F32, 2, (size_t[]){SIZE, SIZE});
		e = onn_propagate(g, onn_phase_plate(g, e, phase[i]), 30e-3, &gap);
	}
	out[0] = classifier_loss(g, e.e, images);
	bench_require(onn_gradient(grad, g, out[0], ONN_NULL_NODE, phase, LAYERS));
	adam.rate = 1e-3;
	bench_require(onn_optimizer_build(g, &adam, onn_scalar(g, ONN_F32, adam.rate), LAYERS,
	    phase_name, phase, grad, moved, out + 1, &n));
	for (size_t i = 0; i < LAYERS; i++)
		out[1 + n + i] = onn_assign(g, phase[i], moved[i]);
	l.plan = bench_plan(device, g, out, 1 + n + LAYERS, false);
	bind(&l, device, "picture", pictures(images));
	bind(&l, device, "label", labels(images));
	bind(&l, device, "adam.step", array_of(ONN_I32, 0, NULL));
	for (size_t i = 0; i < LAYERS; i++) {
		char name[32];
		bind(&l, device, phase_name[i], phases(i));
		for (size_t k = 0; k < onn_optimizer_slots(&adam); k++) {
			snprintf(name, sizeof name, "%s.%s", onn_optimizer_slot_name(&adam, k),
			    phase_name[i]);
			bind(&l, device, name, array_of(ONN_F32, 2, (size_t[]){SIZE, SIZE}));
		}
	}
	return l;
}

void bench_light_close(bench_light *l)
{
	onn_plan_destroy(l->plan);
	for (size_t i = 0; i < l->ntensors; i++)
		onn_tensor_destroy(l->tensor[i]);
	free(l->tensor);
	*l = (bench_light){0};
}

double bench_light_loss(const bench_light *l)
{
	float loss;
	bench_require(onn_tensor_read(&loss, onn_plan_output(l->plan, 0), sizeof loss));
	return loss;
}
