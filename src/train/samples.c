#include "train/samples.h"

#include <stdint.h>
#include <string.h>

#include "core/error.h"

onn_status onn_samples_create(onn_samples *s, onn_device *device, const onn_array *x,
    const onn_array *y, size_t pixels, double scale)
{
	memset(s, 0, sizeof *s);
	s->count = onn_array_count(y);
	s->pixels = pixels;
	s->scale = scale;
	s->type = onn_array_type(x);
	if (onn_array_count(x) != s->count * pixels || onn_array_type(y) != ONN_I32 ||
	    (s->type != ONN_U8 && s->type != ONN_F32) || s->count > INT32_MAX)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_train: %zu pixels of %s for %zu labels of %s; expected u8 or f32, %zu for "
		    "each "
		    "label of i32",
		    onn_array_count(x), onn_type_name(s->type), s->count,
		    onn_type_name(onn_array_type(y)), pixels);
	size_t bytes = onn_array_count(x) * onn_type_size(s->type);
	onn_status status =
	    onn_tensor_create(&s->x, device, s->type, 2, (size_t[]){s->count, pixels});
	if (!status)
		status = onn_tensor_write(s->x, onn_array_const_data(x), bytes);
	if (!status)
		status = onn_tensor_from_array(&s->y, device, y);
	if (status)
		onn_samples_clear(s);
	return status;
}

void onn_samples_clear(onn_samples *s)
{
	onn_tensor_destroy(s->x);
	onn_tensor_destroy(s->y);
	s->x = s->y = NULL;
}

onn_node onn_samples_pixels(
    const onn_samples *s, onn_graph *g, onn_node index, onn_type type, double maximum)
{
	onn_node all = onn_variable(g, "x", s->type, 2, (size_t[]){s->count, s->pixels});
	onn_node rows = onn_cast(g, onn_take(g, all, index), type);
	return onn_mul_real(g, rows, maximum / s->scale);
}

onn_node onn_samples_labels(const onn_samples *s, onn_graph *g, onn_node index)
{
	return onn_take(g, onn_variable(g, "y", ONN_I32, 1, &s->count), index);
}

onn_status onn_samples_bind(const onn_samples *s, onn_plan *plan)
{
	onn_status status = onn_plan_bind(plan, "x", s->x);
	return status ? status : onn_plan_bind(plan, "y", s->y);
}
