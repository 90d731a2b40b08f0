/*
 * What a device's own kernels answer where the answer is known. A driver compiles them, and some
 * compile something else than is written; so before the first plan in a precision a small one of
 * each family runs there and on the reference, which computes every step in plain double: fields
 * forth and, through two filters, there and back, at lengths of several radices; a product, by
 * itself and with a program behind it; a pointwise chain; a sum.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <onn/fourier.h>

#include "core/error.h"
#include "core/memory.h"
#include "core/philox.h"
#include "core/pi.h"
#include "plan/plan.h"

/* Lines of 8 3 and 5 7 points; a product whose edges are not whole tiles. */
enum { FIELDS = 2, NY = 24, NX = 35, M = 20, K = 65, N = 36, INPUTS = 4, QUESTIONS = 6 };

static const char *const what[QUESTIONS] = {
    "transforms", "filters", "products", "pointwise programs", "sums", "products with a program"};

typedef struct questions {
	onn_graph *g;
	onn_array *input[INPUTS];
	onn_node node[QUESTIONS];
} questions;

static const char *const names[INPUTS] = {"fields", "spectrum", "a", "b"};

/* Random numbers in [-1, 1); the spectrum is a chirp of modulus 1, under which a point becomes one
 * in space. */
static onn_status fill(onn_array **out, int input, onn_type type, size_t ndim, const size_t *shape)
{
	onn_array *wide;
	onn_status status = onn_array_create(&wide, ONN_C128, ndim, shape);

	if (status)
		return status;
	double *z = onn_array_data(wide);
	for (size_t i = 0; i < onn_array_count(wide); i++) {
		const double y = (double)(i / NX), x = (double)(i % NX);
		const double angle = ONN_TWO_PI / 2 * (y * y / NY + x * x / NX);
		for (uint32_t k = 0; k < 2; k++)
			z[2 * i + k] =
			    onn_philox_uniform(12, 0, (uint32_t)input, 2 * (uint32_t)i + k) * 2 - 1;
		if (input == 1) {
			z[2 * i] = cos(angle);
			z[2 * i + 1] = sin(angle);
		}
	}
	status = onn_array_convert(out, wide, type);
	onn_array_destroy(wide);
	return status;
}

static onn_status write_questions(questions *q, onn_type real)
{
	const onn_type complex_type = real == ONN_F64 ? ONN_C128 : ONN_C64;
	const size_t shape[INPUTS][3] = {{FIELDS, NY, NX}, {NY, NX}, {M, K}, {K, N}};
	const size_t ndim[INPUTS] = {3, 2, 2, 2};
	const int last = -1;
	onn_node v[INPUTS];
	onn_status status = onn_graph_create(&q->g);

	for (int i = 0; i < INPUTS && !status; i++) {
		const onn_type type = i < 2 ? complex_type : real;
		status = fill(&q->input[i], i, type, ndim[i], shape[i]);
		if (!status)
			v[i] = onn_variable(q->g, names[i], type, ndim[i], shape[i]);
	}
	if (status)
		return status;
	onn_graph *g = q->g;
	q->node[0] = onn_fft2(g, v[0]);
	const onn_node half = onn_filter(g, v[0], v[1], NULL, NULL);
	q->node[1] = onn_filter(g, onn_mul(g, half, v[0]), v[1], NULL, NULL);
	q->node[2] = onn_matmul(g, v[2], v[3]);
	/* of other elements than the fields', so that it has a kernel of its own */
	q->node[3] = onn_mul(g, v[1], onn_exp(g, onn_neg(g, onn_real(g, v[1]))));
	q->node[4] = onn_sum(g, onn_abs2(g, v[0]), &last, 1, false);
	/* the other way round: what is behind it is done in its kernel, and it is stored nowhere */
	const onn_node turned = onn_matmul_op(g, v[3], ONN_T, v[2], ONN_T);
	q->node[5] = onn_mul(g, turned, onn_exp(g, onn_neg(g, onn_abs(g, turned))));
	return onn_graph_status(g);
}

/* The answers in c128. */
static onn_status ask_device(onn_array *answer[QUESTIONS], onn_device *device, const questions *q)
{
	onn_tensor *tensor[INPUTS] = {NULL};
	onn_plan *plan;
	onn_status status = onn_plan_create_own(&plan, device, q->g, q->node, QUESTIONS);

	for (int i = 0; i < INPUTS && !status; i++) {
		status = onn_tensor_from_array(&tensor[i], device, q->input[i]);
		if (!status)
			status = onn_plan_bind(plan, names[i], tensor[i]);
	}
	if (!status)
		status = onn_plan_run(plan);
	for (size_t i = 0; i < QUESTIONS && !status; i++) {
		onn_array *given;
		status = onn_tensor_to_array(&given, onn_plan_output(plan, i));
		if (status)
			break;
		status = onn_array_convert(&answer[i], given, ONN_C128);
		onn_array_destroy(given);
	}
	onn_plan_destroy(plan);
	for (int i = 0; i < INPUTS; i++)
		onn_tensor_destroy(tensor[i]);
	return status;
}

/* The largest difference over the largest number. */
static double difference(const onn_array *given, const onn_array *known)
{
	const double *x = onn_array_const_data(given), *y = onn_array_const_data(known);
	double worst = 0, largest = 0;

	for (size_t i = 0; i < 2 * onn_array_count(known); i++) {
		const double off = fabs(x[i] - y[i]);
		worst = off <= worst ? worst : off; /* NaN counts */
		largest = fabs(y[i]) > largest ? fabs(y[i]) : largest;
	}
	return worst / largest;
}

static void compare(char *wrong, size_t room, onn_array *const given[QUESTIONS],
    onn_array *const known[QUESTIONS], onn_type real)
{
	const double allowed = real == ONN_F64 ? 1e-12 : 1e-5;

	for (int i = 0; i < QUESTIONS; i++) {
		const double off = difference(given[i], known[i]);
		if (!(off <= allowed)) {
			snprintf(wrong, room, "%s off by %.2g", what[i], off);
			return;
		}
	}
}

/* onn_ask: backend.h. */
static onn_status ask(char *wrong, size_t room, onn_device *device, onn_type real)
{
	questions q = {0};
	onn_array *given[QUESTIONS] = {NULL}, *known[QUESTIONS] = {NULL};
	onn_device *reference = NULL;
	onn_status status = write_questions(&q, real);

	wrong[0] = '\0';
	if (!status)
		status = onn_device_create(&reference, "reference", NULL);
	if (!status)
		status = ask_device(known, reference, &q);
	if (!status)
		status = ask_device(given, device, &q);
	if (!status)
		compare(wrong, room, given, known, real);
	for (int i = 0; i < QUESTIONS; i++) {
		onn_array_destroy(given[i]);
		onn_array_destroy(known[i]);
	}
	for (int i = 0; i < INPUTS; i++)
		onn_array_destroy(q.input[i]);
	onn_graph_destroy(q.g);
	onn_device_destroy(reference);
	return status;
}

onn_status onn_plan_trust(onn_device *device, const onn_schedule *s)
{
	static const onn_type real[] = {ONN_F32, ONN_F64};
	onn_status status = ONN_OK;

	if (!device->backend->trust || s->own)
		return ONN_OK;
	for (size_t r = 0; r < ONN_COUNT(real) && !status; r++)
		for (uint32_t i = 0; i < s->nvalues; i++)
			if (onn_type_is_float(s->value[i].type) &&
			    onn_type_real(s->value[i].type) == real[r]) {
				status = device->backend->trust(device, real[r], ask);
				break;
			}
	return status;
}
