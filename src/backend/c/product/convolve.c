/*
 * Images with kernels: which way, and what the ways share.
 */
#include "backend/c/product/convolve.h"

#include <stdlib.h>
#include <string.h>

#include "backend/c/thresholds.h"
#include "core/element.h"
#include "core/memory.h"

/* ---- sums of kernels in parts ---- */

char *onn_c_convolve_part(const onn_c_convolve *s, const onn_c_thread *thread, size_t i)
{
	return s->part ? s->part + i * s->weights * s->size : onn_c_at(thread, s->w);
}

onn_status onn_c_convolve_part_room(onn_c_builder *b, onn_c_convolve *s, size_t units)
{
	size_t bytes = s->weights * s->size;
	s->parts = onn_size_least(
	    units, bytes > ONN_C_WEIGHT_LARGE ? ONN_C_WEIGHT_PARTS_LARGE : ONN_C_WEIGHT_PARTS);
	if (s->parts == 1)
		return ONN_OK;
	s->part = onn_c_allocate_array(b, s->parts, bytes);
	return s->part ? ONN_OK : ONN_ERROR_MEMORY;
}

#define ADD_PARTS(type)                                                                            \
	static void add_parts_##type(                                                              \
	    type *restrict out, const type *restrict part, size_t n, size_t apart, size_t parts)   \
	{                                                                                          \
		memcpy(out, part, n * sizeof *out);                                                \
		for (size_t p = 1; p < parts; p++)                                                 \
			for (size_t i = 0; i < n; i++)                                             \
				out[i] += part[p * apart + i];                                     \
	}
ADD_PARTS(float)
ADD_PARTS(double)

static void add_parts(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	const onn_c_convolve *s = data;
	size_t scalars = onn_type_parts(s->type), all = s->weights * scalars;
	size_t from = begin * ONN_C_WEIGHT_CHUNK,
	       to = onn_size_least(end * ONN_C_WEIGHT_CHUNK, all);
	void *out = onn_c_at(thread, s->w);
	const void *part = s->part;
	if (onn_type_real(s->type) == ONN_F32)
		add_parts_float(
		    (float *)out + from, (const float *)part + from, to - from, all, s->parts);
	else
		add_parts_double(
		    (double *)out + from, (const double *)part + from, to - from, all, s->parts);
}

onn_status onn_c_convolve_add_parts(onn_c_builder *b, const onn_c_convolve *s)
{
	size_t all = s->weights * onn_type_parts(s->type);
	if (s->parts == 1)
		return ONN_OK;
	return onn_c_add_stage(
	    b, add_parts, s, onn_size_divide_up(all, ONN_C_WEIGHT_CHUNK), (double)(all * s->parts));
}

onn_status onn_c_convolve_touch_operands(onn_c_builder *b, const onn_c_convolve *s)
{
	const onn_convolve *c = &s->of;
	onn_status status = ONN_OK;
	if (c->part != ONN_CONVOLVE_OUTPUT)
		status = onn_c_touch_value(b, c->y, false);
	if (!status && c->part != ONN_CONVOLVE_INPUT)
		status = onn_c_touch_value(b, c->x, false);
	if (!status && c->part != ONN_CONVOLVE_WEIGHT)
		status = onn_c_touch_value(b, c->w, false);
	return status;
}

/* ---- the ways ---- */

static bool is_dnnls(const onn_c_builder *b, const onn_step *step, void *subject)
{
	(void)b, (void)step;
	return ((const onn_c_convolve *)subject)->made != NULL;
}

bool onn_c_convolve_forced(const char *path)
{
	const char *forced = getenv("ONN_CONVOLVE");
	return forced && *forced && (!path || strcmp(forced, path) == 0);
}

static const onn_c_path paths[] = {
    {"roots of unity", onn_c_find_roots, onn_c_prepare_roots},
    {"oneDNN", is_dnnls, onn_c_convolve_dnnl_prepare},
    {"columns", NULL, onn_c_prepare_columns},
};

onn_status onn_c_prepare_convolve(onn_c_builder *b, const onn_step *step)
{
	const onn_convolve *c = &step->u.convolve;
	onn_c_convolve *s = onn_c_allocate(b, sizeof *s);
	if (!s)
		return ONN_ERROR_MEMORY;
	s->of = *c;
	s->kernels = b->kernels;
	s->type = b->schedule->value[c->x].type;
	s->size = onn_type_size(s->type);
	s->x = onn_c_value_place(b, c->x);
	s->w = onn_c_value_place(b, c->w);
	s->y = onn_c_value_place(b, c->y);
	s->weights = c->outputs * (c->channels / c->groups) * c->kernel[0] * c->kernel[1];
	s->parts = 1;
	bool dnnl = !onn_c_convolve_forced("columns") && !onn_c_find_roots(b, step, s) &&
	            (onn_c_convolve_forced("onednn") || !onn_c_convolve_has_lanes(b, s));
	onn_status status = dnnl ? onn_c_convolve_dnnl_make(b, s) : ONN_OK;
	return status ? status : onn_c_take_path(b, step, paths, ONN_COUNT(paths), s);
}
