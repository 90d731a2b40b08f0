/*
 * What a design will take, and where its light can get to.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/element.h"
#include "core/memory.h"
#include "core/options.h"
#include "design/designer.h"

static const char *const function = "onn_design_foresee";

enum { COARSE = 512 /* pixels along a side, where nothing is given on more */ };

/* ---- memory ---- */

double onn_design_memory_of(const onn_device *device)
{
	onn_device_info *list = NULL;
	size_t count = 0;
	double memory = INFINITY;

	if (onn_device_list(&list, &count) == ONN_OK)
		for (size_t i = 0; i < count; i++)
			if (!strcmp(list[i].name, onn_device_name(device)) && list[i].memory)
				memory = (double)list[i].memory;
	onn_free(list);
	return memory;
}

/*
 * Plates with their moments; fields that a step keeps, the transmissions of plates of phase among
 * them; the host's pictures, and tables made in double, whose bytes a pixel were measured; and at
 * the end stacks of plates, in their archive and in its file.
 */
static double bytes_of(const onn_design *d)
{
	double n = (double)d->pixels, wide = n + 2 * (double)d->padding, plates = (double)d->plates;
	double number = 2 * (double)onn_type_size(d->precision);
	double segment = (double)d->checkpoint_planes;
	bool phase = d->modulation == ONN_DESIGN_MODULATION_PHASE;
	double kept = segment > 0 && segment < plates ? ceil(plates / segment) + segment : plates;
	double state = number * plates * (phase ? .5 : 1);
	double step = number * (n * n * (kept + (phase ? plates : 0)) + 3 * wide * wide);
	double end = 4.5 * number * plates * n * n;
	double host = (117 * n * n + 37 * wide * wide) * (d->precision == ONN_F64 ? 1.7 : 1);

	if (d->update == ONN_DESIGN_UPDATE_ADAM)
		state *= 3;
	return 30e6 + state * n * n + fmax(step, end) + host;
}

/* ---- where light gets to ---- */

/* Target and source on m x m pixels. */
typedef struct scene {
	const onn_design *design;
	size_t m;
	const onn_array *target, *source; /* NULL: a disc */
	unsigned char *lit;               /* by the source; then what its light reaches */
	double shine;                     /* what |E|^2 is above where it is lit */
	double outer;                     /* largest distance of what is lit from the axis */
} scene;

static double number_at(const onn_array *a, size_t i)
{
	const void *data = onn_array_const_data(a);
	onn_type type = onn_array_type(a);

	if (!onn_type_is_complex(type))
		return onn_part_get(data, type, i);
	return hypot(onn_part_get(data, type, 2 * i), onn_part_get(data, type, 2 * i + 1));
}

/* Distance of pixel i from the axis. */
static double radius_of(const scene *s, size_t i)
{
	double pitch = s->design->side / (double)s->m, half = (double)(s->m / 2);

	return pitch * hypot((double)(i / s->m) - half, (double)(i % s->m) - half);
}

static void light_up(scene *s)
{
	double peak = 0;

	for (size_t i = 0; s->source && i < s->m * s->m; i++)
		peak = fmax(peak, number_at(s->source, i));
	for (size_t i = 0; i < s->m * s->m; i++) {
		double r = radius_of(s, i);
		bool lit = s->source ? pow(number_at(s->source, i), 2) > 1e-3 * peak * peak
		                     : r <= s->design->aperture;
		s->lit[i] = lit;
		if (lit)
			s->outer = fmax(s->outer, r);
	}
}

/* Whatever is lit within `far` of a pixel of a line, whose pixels are `step` apart, lights it. */
static void widen(unsigned char *line, size_t m, size_t step, size_t far)
{
	/* 1: lit before, 2: by one before it; the way back looks at what was lit before alone */
	size_t since = far + 1;

	for (size_t i = 0; i < m; i++) {
		unsigned char *at = &line[i * step];
		since = *at == 1 ? 0 : since <= far ? since + 1 : since;
		if (*at == 0 && since <= far)
			*at = 2;
	}
	since = far + 1;
	for (size_t i = m; i-- > 0;) {
		unsigned char *at = &line[i * step];
		since = *at == 1 ? 0 : since <= far ? since + 1 : since;
		if (*at == 0 && since <= far)
			*at = 2;
	}
	for (size_t i = 0; i < m; i++)
		line[i * step] = line[i * step] != 0;
}

static void spread(scene *s, double reach)
{
	double far = reach / (s->design->side / (double)s->m) + 1;
	size_t pixels = far < (double)s->m ? (size_t)far : s->m;

	for (size_t i = 0; i < s->m; i++)
		widen(s->lit + i * s->m, s->m, 1, pixels);
	for (size_t i = 0; i < s->m; i++)
		widen(s->lit + i, s->m, s->m, pixels);
}

/* The radius that 99 % of the target lie within, and how much of it is not lit. */
static onn_status measure(double *radius, double *dark, const scene *s)
{
	enum { RINGS = 4096 };
	double *ring = calloc(RINGS + 1, sizeof *ring), all = 0, most = 0;
	double largest = s->design->side;

	if (!ring)
		return onn_error_memory(function, RINGS * sizeof *ring);
	*dark = 0;
	for (size_t i = 0; i < s->m * s->m; i++) {
		double t = number_at(s->target, i);
		ring[(size_t)(radius_of(s, i) / largest * RINGS)] += t;
		all += t;
		*dark += s->lit[i] ? 0 : t;
	}
	size_t k = 0;
	for (; k < RINGS && (most += ring[k]) < .99 * all; k++)
		;
	*radius = (double)(k + 1) / RINGS * largest;
	*dark = all > 0 ? *dark / all : 0;
	free(ring);
	return ONN_OK;
}

static onn_status look(onn_design_forecast *f, scene *s)
{
	const onn_design *d = s->design;
	double pitch = d->side / (double)d->pixels, sine = d->wavelength / (2 * pitch);
	double slope = sine < 1 ? sine / sqrt(1 - sine * sine) : INFINITY, radius = 0;

	f->reach = slope * d->distance * (double)d->plates;
	s->lit = calloc(s->m * s->m, 1);
	if (!s->lit)
		return onn_error_memory(function, s->m * s->m);
	light_up(s);
	spread(s, f->reach);
	onn_status status = measure(&radius, &f->unreached, s);
	free(s->lit);
	f->aperture = fmax(0, radius - f->reach);
	f->distance = fmax(0, radius - s->outer) / slope / (double)d->plates;
	double beyond = s->outer + f->reach - d->side / 2;
	if (d->padding == 0 && beyond > 0) {
		double pixels = ceil(fmin(beyond, slope * d->distance) / pitch);
		f->padding = pixels < 32768 ? (size_t)pixels : 32768;
	}
	return status;
}

/* ---- the whole ---- */

static onn_status check_input(const char *name, const onn_array *a, size_t n)
{
	char given[128];

	if (!a ||
	    (onn_array_ndim(a) == 2 && onn_array_shape(a)[0] == n && onn_array_shape(a)[1] == n))
		return ONN_OK;
	return onn_error(ONN_ERROR_ARGUMENT, "%s: %s is %s; expected [%zu, %zu]", function, name,
	    onn_shape_text(given, sizeof given, onn_array_ndim(a), onn_array_shape(a)), n, n);
}

onn_status onn_design_foresee(onn_design_forecast *f, const onn_design *design,
    const onn_design_inputs *inputs, const onn_device *device)
{
	onn_design_inputs in = ONN_DESIGN_INPUTS_INIT;
	onn_array *smiley = NULL;
	onn_design d;

	*f = (onn_design_forecast){.memory = INFINITY};
	onn_status status = onn_design_take(&d, design, function);
	if (!status)
		status = onn_options_take(&in, inputs, function, "ONN_DESIGN_INPUTS_INIT");
	if (!status)
		status = check_input("target", in.target, d.pixels);
	if (!status)
		status = check_input("source", in.source, d.pixels);
	if (status)
		return status;
	f->bytes = bytes_of(&d);
	if (device && f->bytes > 1e9)
		f->memory = onn_design_memory_of(device);
	/* what is drawn by rule is as good on fewer pixels */
	scene s = {.design = &d, .m = d.pixels, .target = in.target, .source = in.source};
	if (!in.target && !in.source && s.m > COARSE)
		s.m = COARSE;
	if (!in.target)
		status = onn_design_smiley(&smiley, s.m);
	if (smiley)
		s.target = smiley;
	if (!status)
		status = look(f, &s);
	onn_array_destroy(smiley);
	return status;
}
