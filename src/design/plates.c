/*
 * The plates on the device, in the form that their variables have, and how the light sees them.
 */
#include <math.h>
#include <stdlib.h>

#include "core/element.h"
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

/* Part 0 or 1 of element i: real and imaginary. */
static double part_of(const void *data, onn_type type, size_t i, size_t part)
{
	if (onn_type_is_complex(type))
		return onn_part_get(data, type, 2 * i + part);
	return part ? 0 : onn_part_get(data, type, i);
}

static double phase_of(const void *data, onn_type type, size_t i)
{
	if (!onn_type_is_complex(type))
		return onn_part_get(data, type, i);
	return atan2(part_of(data, type, i, 1), part_of(data, type, i, 0));
}

onn_status onn_designer_write_plate(onn_designer *d, size_t k, const void *data, onn_type type)
{
	bool phase = d->config.design.modulation == ONN_DESIGN_MODULATION_PHASE;
	size_t parts = d->model.parts, n = onn_array_count(d->target);
	onn_tensor **state = d->state + k * parts;
	onn_type own = onn_tensor_type(state[0]);
	size_t each = onn_type_parts(own), bytes = n * onn_type_size(own);
	void *plate = malloc(bytes);
	onn_status status = plate ? ONN_OK : onn_error_memory("onn_designer_set_plate", bytes);

	onn_designer_forget_look(d);
	for (size_t v = 0; v < parts && !status; v++) {
		for (size_t i = 0; i < n * each; i++)
			onn_part_set(plate, own, i,
			    phase ? phase_of(data, type, i)
			          : part_of(data, type, i / each, parts == 2 ? v : i % each));
		status = onn_tensor_write(state[v], plate, bytes);
	}
	free(plate);
	return status;
}

onn_status onn_designer_set_plate(onn_designer *d, size_t k, const onn_array *plate)
{
	static const char *const function = "onn_designer_set_plate";
	size_t n = d->config.design.pixels;
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
	status = onn_design_check_finite(function, "plate", plate);
	if (status)
		return status;
	return onn_designer_write_plate(d, k, onn_array_const_data(plate), onn_array_type(plate));
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
