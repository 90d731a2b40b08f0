/*
 * The plates on the device, in the form that their variables have, and how the light sees them.
 */
#include <math.h>

#include "core/error.h"
#include "core/memory.h"
#include "design/designer.h"

static onn_status check_number(const onn_designer *d, const char *function, size_t k)
{
	if (k < d->config.design.plates)
		return ONN_OK;
	return onn_error(ONN_ERROR_ARGUMENT, "%s: plate %zu of %zu; expected one from 0", function,
	    k, d->config.design.plates);
}

/* ---- in ---- */

/* Numbers of any float type, in the tensor's. */
static onn_status write_array(onn_tensor *t, const onn_array *a)
{
	onn_array *own = NULL;
	onn_status status = onn_array_convert(&own, a, onn_tensor_type(t));

	if (!status)
		status = onn_tensor_write(t, onn_array_const_data(own),
		    onn_array_count(own) * onn_type_size(onn_tensor_type(t)));
	onn_array_destroy(own);
	return status;
}

/* What variable `part` of a plate holds of a complex number. */
static double number(const double z[2], bool phase, bool real, size_t part)
{
	if (!phase || real)
		return z[part];
	return atan2(z[1], z[0]);
}

onn_status onn_designer_write_plate(onn_designer *d, size_t k, const onn_array *c128, bool real)
{
	bool phase = d->config.design.modulation == ONN_DESIGN_MODULATION_PHASE;
	size_t parts = d->model.parts, n = onn_array_count(c128);
	const double *z = onn_array_const_data(c128);
	onn_tensor **state = d->state + k * parts;
	onn_array *part = NULL;

	d->fresh = false;
	if (!phase && parts == 1)
		return write_array(state[0], c128);
	onn_status status = onn_array_create(&part, ONN_F64, 2, onn_array_shape(c128));
	for (size_t i = 0; i < parts && !status; i++) {
		double *x = onn_array_data(part);
		for (size_t j = 0; j < n; j++)
			x[j] = number(z + 2 * j, phase, real, i);
		status = write_array(state[i], part);
	}
	onn_array_destroy(part);
	return status;
}

onn_status onn_designer_set_plate(onn_designer *d, size_t k, const onn_array *plate)
{
	static const char *const function = "onn_designer_set_plate";
	size_t n = d->config.design.pixels;
	onn_array *c128 = NULL;
	char given[128];

	onn_status status = check_number(d, function, k);
	if (status)
		return status;
	if (!plate || onn_array_ndim(plate) != 2 || onn_array_shape(plate)[0] != n ||
	    onn_array_shape(plate)[1] != n)
		return onn_error(ONN_ERROR_ARGUMENT, "%s: plate is %s; expected [%zu, %zu]",
		    function,
		    plate ? onn_shape_text(
		                given, sizeof given, onn_array_ndim(plate), onn_array_shape(plate))
		          : "nothing",
		    n, n);
	status = onn_design_plane(&c128, function, "plate", plate, 0);
	if (!status)
		status = onn_designer_write_plate(
		    d, k, c128, !onn_type_is_complex(onn_array_type(plate)));
	onn_array_destroy(c128);
	return status;
}

/* ---- out ---- */

onn_status onn_designer_plate(onn_array **plate, onn_designer *d, size_t k)
{
	const onn_design_model *m = &d->model;
	size_t first = k * m->parts;
	onn_graph *g = NULL;
	onn_plan *plan = NULL;
	onn_node part[2];

	*plate = NULL;
	onn_status status = check_number(d, "onn_designer_plate", k);
	if (!status)
		status = onn_graph_create(&g);
	if (status)
		return status;
	for (size_t i = 0; i < m->parts; i++) {
		const onn_design_variable *v = &m->variable[first + i];
		part[i] = onn_variable(g, v->name, v->type, v->ndim, v->shape);
	}
	onn_node seen = onn_design_transmission(g, &d->config.design, m->parts, part);
	status = onn_plan_create(&plan, d->device, g, &seen, 1, NULL);
	for (size_t i = 0; i < m->parts && !status; i++)
		status = onn_plan_bind(plan, m->variable[first + i].name, d->state[first + i]);
	if (!status)
		status = onn_plan_run(plan);
	if (!status)
		status = onn_tensor_to_array(plate, onn_plan_output(plan, 0));
	onn_plan_destroy(plan);
	onn_graph_destroy(g);
	return status;
}
