/*
 * Whether a library's plan transforms as it should. Fields of single points have spectra that are
 * known: a line with one point at x is exp(-2 pi i k x/n) times the point, a field with three is
 * the sum of three such. They go to frequencies and back, and every element is compared, or so many
 * that an error of an address or a radix is among them. Rows that are left out have to stay what
 * they were.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/opencl/fourier/fourier.h"
#include "core/memory.h"
#include "core/philox.h"
#include "core/pi.h"

enum {
	POINTS = 3,         /* of a field that is transformed along both axes */
	COMPARED = 1 << 17, /* elements, where there are more */
	WORDS = 4           /* of a random draw */
};

/* A point of a line or a field. */
typedef struct point {
	size_t y, x;
	double re, im;
} point;

/* Points: of a whole field POINTS, else one a line; `line` counts lines or points. */
static point draw(const onn_cl_block *b, size_t field, size_t line)
{
	uint32_t word[WORDS];
	const uint32_t at[4] = {(uint32_t)line, (uint32_t)field, 3, 0};
	point p = {line, line, 0, 0};

	onn_philox(word, 11, at);
	if (b->along[0])
		p.y = word[0] % b->n[0];
	if (b->along[1])
		p.x = word[1] % b->n[1];
	/* neither near 0 */
	p.re = 0.5 + word[2] / 4294967296.;
	p.im = -0.5 - word[3] / 4294967296.;
	return p;
}

static bool both(const onn_cl_block *b) { return b->along[0] && b->along[1]; }

/* The line that element (y, x) is on, where there is one axis. */
static size_t line_of(const onn_cl_block *b, size_t y, size_t x) { return b->along[1] ? y : x; }

/* Outside the rows that a plan along x takes. */
static bool is_left_out(const onn_cl_block *b, size_t y) { return !b->along[0] && y >= b->rows; }

static void value_before(double z[2], const onn_cl_block *b, size_t field, size_t y, size_t x)
{
	z[0] = z[1] = 0;
	for (size_t i = 0; i < (both(b) ? POINTS : 1); i++) {
		const point p = draw(b, field, both(b) ? i : line_of(b, y, x));
		if (p.y == y && p.x == x) {
			z[0] += p.re;
			z[1] += p.im;
		}
	}
}

static void value_behind(double z[2], const onn_cl_block *b, size_t field, size_t y, size_t x)
{
	if (is_left_out(b, y)) {
		value_before(z, b, field, y, x);
		return;
	}
	z[0] = z[1] = 0;
	for (size_t i = 0; i < (both(b) ? POINTS : 1); i++) {
		const point p = draw(b, field, both(b) ? i : line_of(b, y, x));
		double turns = 0;
		if (b->along[0])
			turns += (double)(y * p.y % b->n[0]) / (double)b->n[0];
		if (b->along[1])
			turns += (double)(x * p.x % b->n[1]) / (double)b->n[1];
		const double c = cos(ONN_TWO_PI * turns), s = -sin(ONN_TWO_PI * turns);
		z[0] += c * p.re - s * p.im;
		z[1] += c * p.im + s * p.re;
	}
}

static void put(onn_type type, void *data, size_t i, const double z[2])
{
	if (type == ONN_C128)
		memcpy((double *)data + 2 * i, z, sizeof(double[2]));
	else
		memcpy(
		    (float *)data + 2 * i, (float[2]){(float)z[0], (float)z[1]}, sizeof(float[2]));
}

/* All points of all fields, among zeros; left out rows hold theirs too. */
static void fill(const onn_cl_block *b, void *data)
{
	const size_t area = b->n[0] * b->n[1];
	const size_t lines = both(b) ? POINTS : b->n[b->along[1] ? 0 : 1];

	memset(data, 0, b->fields * area * onn_type_size(b->type));
	for (size_t f = 0; f < b->fields; f++)
		for (size_t i = 0; i < lines; i++) {
			const point p = draw(b, f, i);
			double z[2];
			value_before(z, b, f, p.y, p.x);
			put(b->type, data, f * area + p.y * b->n[1] + p.x, z);
		}
}

/* The largest difference; spectrum: behind the transform forward, else behind both. */
static double compare(const onn_cl_block *b, const void *data, bool spectrum)
{
	const size_t area = b->n[0] * b->n[1], all = b->fields * area;
	const size_t count = all < COMPARED ? all : COMPARED;
	const double gain =
	    (b->along[0] ? (double)b->n[0] : 1) * (b->along[1] ? (double)b->n[1] : 1);
	double worst = 0;

	for (size_t i = 0; i < count; i++) {
		/* evenly, and within its share at random */
		uint32_t word[WORDS];
		const uint32_t at[4] = {(uint32_t)i, 0, 4, 0};
		onn_philox(word, 11, at);
		const double share = (double)all / (double)count;
		size_t e = count == all ? i : (size_t)(share * ((double)i + word[0] / 4294967296.));
		e = e < all ? e : all - 1;
		const size_t f = e / area, y = e % area / b->n[1], x = e % b->n[1];
		double want[2], got[2];
		if (spectrum)
			value_behind(want, b, f, y, x);
		else
			value_before(want, b, f, y, x);
		for (int k = 0; k < 2; k++) {
			got[k] = b->type == ONN_C128 ? ((const double *)data)[2 * e + (size_t)k]
			                             : ((const float *)data)[2 * e + (size_t)k];
			const double scale = spectrum || is_left_out(b, y) ? 1 : gain;
			const double off = fabs(got[k] / scale - want[k]);
			worst = off <= worst ? worst : off; /* NaN counts */
		}
	}
	return worst;
}

/* Forward, and then back: the worst of both. */
static int transform(onn_cl_executable *e, const onn_cl_plan *plan, void *data, size_t bytes,
    double *off, cl_int *code)
{
	cl_command_queue queue = e->device->queue;
	int given = 0;

	*off = 0;
	*code = clEnqueueWriteBuffer(queue, e->scratch, CL_TRUE, 0, bytes, data, 0, NULL, NULL);
	for (int back = 0; back < 2 && !*code && !given; back++) {
		const onn_cl_launch l = {.kind = ONN_CL_FFT, .inverse = back};
		given = plan->engine->run(e, plan, &l);
		if (!given)
			*code = onn_cl_await_trial(e->device);
		if (!given && !*code)
			*code = clEnqueueReadBuffer(
			    queue, e->scratch, CL_TRUE, 0, bytes, data, 0, NULL, NULL);
		if (!given && !*code) {
			const double here = compare(&plan->block, data, !back);
			*off = here <= *off ? *off : here;
		}
	}
	return given;
}

static void name_of(char *name, size_t room, const onn_cl_plan *plan)
{
	const onn_cl_block *b = &plan->block;

	snprintf(name, room, "%s, %s %zu of %zu x %zu along %s%s", plan->engine->library,
	    onn_type_name(b->type), b->fields, b->n[0], b->n[1], b->along[0] ? "y" : "",
	    b->along[1] ? "x" : "");
	if (!b->along[0] && b->rows < b->n[0])
		snprintf(name + strlen(name), room - strlen(name), ", %zu rows", b->rows);
}

onn_cl_verdict onn_cl_plan_known(onn_cl_executable *e, const onn_cl_plan *plan)
{
	char name[ONN_CL_WORK_TEXT];

	name_of(name, sizeof name, plan);
	return onn_cl_verdict_of(e->device, name);
}

void onn_cl_plan_refused(onn_cl_executable *e, const onn_cl_plan *plan, int given)
{
	char name[ONN_CL_WORK_TEXT], wrong[80];

	name_of(name, sizeof name, plan);
	snprintf(wrong, sizeof wrong, "it gives %d", given);
	onn_cl_judge(e->device, name, wrong, "own kernels");
}

bool onn_cl_plan_is_right(onn_cl_executable *e, const onn_cl_plan *plan)
{
	const onn_cl_block *b = &plan->block;
	const size_t bytes = b->fields * b->n[0] * b->n[1] * onn_type_size(b->type);
	const double allowed = b->type == ONN_C128 ? 1e-12 : 1e-5;
	char name[ONN_CL_WORK_TEXT], wrong[80] = "";
	cl_int code = CL_SUCCESS;
	double off = 0;
	int given = 0;
	void *data = malloc(bytes);
	cl_mem kept = e->scratch;

	if (!data)
		return false;
	name_of(name, sizeof name, plan);
	fill(b, data);
	e->scratch = clCreateBuffer(e->device->context, CL_MEM_READ_WRITE, bytes, NULL, &code);
	if (!code)
		given = transform(e, plan, data, bytes, &off, &code);
	if (e->scratch && !onn_cl_inherited(e->device))
		clReleaseMemObject(e->scratch);
	e->scratch = kept;
	free(data);
	if (given)
		snprintf(wrong, sizeof wrong, "it gives %d", given);
	else if (code)
		snprintf(wrong, sizeof wrong, "a trial ends with %s", onn_cl_error_name(code));
	else if (!(off <= allowed))
		snprintf(wrong, sizeof wrong, "off by %.2g", off);
	onn_cl_judge(e->device, name, *wrong ? wrong : NULL, "own kernels");
	return !*wrong;
}
