/*
 * What the builders of elements share: real tables on a grid, and numbers that depend on the
 * wavelength.
 */
#ifndef ONN_SRC_OPTICS_ELEMENT_H
#define ONN_SRC_OPTICS_ELEMENT_H

#include "optics/light.h"

enum { ONN_MAP_PARAMETERS = 4 };

/* All that a table depends on; its bytes are compared. Unused parameters are 0. */
typedef struct onn_map {
	char name[16];
	onn_type type;
	onn_grid grid;
	double parameter[ONN_MAP_PARAMETERS];
} onn_map;

/* Fills [ny, nx]. */
typedef void (*onn_map_fill)(double *value, const onn_map *map);

/* A constant [ny, nx] of a real type, kept in the graph by its parameters; name is part of the key.
 * Checks graph, grid and type. */
onn_node onn_map_node(onn_graph *g, const char *function, const char *name, onn_map_fill fill,
    onn_type type, const onn_grid *grid, const double parameter[ONN_MAP_PARAMETERS]);

/* 1 for pixels whose centre is at most r from (cy, cx), 0 for others: [ny, nx]; r = 0 is the
 * centre's own pixel, if there is one. */
void onn_fill_circle(double *value, const onn_grid *grid, double r, double cy, double cx);

/* A number for each wavelength in the light's real type: 0-d, or [wavelength, 1, 1] for several. */
onn_node onn_by_wavelength(onn_graph *g, const onn_light *light, const double *value);
/* value/lambda. */
onn_node onn_over_wavelength(onn_graph *g, const onn_light *light, double value);

/* A caller's structure of options, which may not be NULL, taken over the defaults in `own`; false
 * with the graph's error. init: "ONN_SLM_INIT". */
bool onn_element_take(
    void *own, onn_graph *g, const char *function, const void *given, const char *init);

/* A complex transmission, where it amplifies t/|t|. */
onn_node onn_without_gain(onn_graph *g, onn_node transmission);
/* The field times a transmission, real or complex, that broadcasts with it. */
onn_field onn_field_times(onn_graph *g, onn_field field, onn_node transmission);
/* False, with the graph's error, unless x is a node of f32 or f64. */
bool onn_real_ok(onn_graph *g, const char *function, const char *what, onn_node x);
/* ONN_ERROR_ARGUMENT in the graph: "function: what is value; expected expected". */
void onn_wrong_number(
    onn_graph *g, const char *function, const char *what, double value, const char *expected);

#endif
