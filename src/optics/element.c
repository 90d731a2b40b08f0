#include "optics/element.h"

#include <string.h>

#include "core/error.h"
#include "core/options.h"

typedef struct request {
	const onn_map *map;
	onn_map_fill fill;
} request;

static onn_status make(onn_array **table, const void *argument)
{
	const request *r = argument;
	size_t shape[2] = {r->map->grid.ny, r->map->grid.nx};
	onn_status status = onn_array_create(table, ONN_F64, 2, shape);
	if (status)
		return status;
	r->fill(onn_array_data(*table), r->map);
	return onn_round_table(table, r->map->type);
}

onn_node onn_map_node(onn_graph *g, const char *function, const char *name, onn_map_fill fill,
    onn_type type, const onn_grid *grid, const double parameter[ONN_MAP_PARAMETERS])
{
	if (!onn_real_grid_ok(g, function, type, grid))
		return ONN_NULL_NODE;
	onn_map map;
	memset(&map, 0, sizeof map);
	strncpy(map.name, name, sizeof map.name - 1);
	map.type = type;
	map.grid = *grid;
	memcpy(map.parameter, parameter, sizeof map.parameter);
	return onn_keyed_constant(g, &map, sizeof map, make, &(request){&map, fill});
}

onn_node onn_by_wavelength(onn_graph *g, const onn_light *light, const double *value)
{
	onn_type real = onn_type_real(light->type);
	if (light->nwavelengths == 1)
		return onn_scalar(g, real, value[0]);
	onn_array *a = NULL;
	onn_status status =
	    onn_array_from(&a, ONN_F64, 3, (size_t[]){light->nwavelengths, 1, 1}, value);
	return onn_table_constant(g, status, a, real);
}

onn_node onn_over_wavelength(onn_graph *g, const onn_light *light, double value)
{
	double number[ONN_MAX_WAVELENGTHS];
	for (size_t i = 0; i < light->nwavelengths; i++)
		number[i] = value / light->wavelength[i];
	return onn_by_wavelength(g, light, number);
}

bool onn_element_take(
    void *own, onn_graph *g, const char *function, const void *given, const char *init)
{
	if (g->status != ONN_OK)
		return false;
	onn_status status = given
	                        ? onn_options_take(own, given, function, init)
	                        : onn_error(ONN_ERROR_ARGUMENT,
	                              "%s: no options; expected some, as from %s", function, init);
	if (status)
		onn_fail(g, status, "%s", onn_last_error());
	return status == ONN_OK;
}

onn_field onn_field_times(onn_graph *g, onn_field field, onn_node transmission)
{
	if (g->status != ONN_OK)
		return onn_null_field;
	onn_type real = onn_type_real(field.light.type);
	bool complex = onn_type_is_complex(onn_node_type(g, transmission));
	onn_node t = onn_cast(g, transmission, complex ? field.light.type : real);
	return onn_field_of(g, onn_mul(g, field.e, t), &field.grid, &field.light);
}

bool onn_real_ok(onn_graph *g, const char *function, const char *what, onn_node x)
{
	if (!onn_graph_ok(g, function, x))
		return false;
	onn_type type = onn_node_type(g, x);
	if (type == ONN_F32 || type == ONN_F64)
		return true;
	onn_fail(g, ONN_ERROR_ARGUMENT, "%s: %s is %s; expected f32 or f64", function, what,
	    onn_type_name(type));
	return false;
}

void onn_wrong_number(
    onn_graph *g, const char *function, const char *what, double value, const char *expected)
{
	onn_fail(
	    g, ONN_ERROR_ARGUMENT, "%s: %s is %g; expected %s", function, what, value, expected);
}
