/*
 * Curves of what cameras measure: along a scan, or from run to run.
 */
#ifndef ONN_APPS_CURVES_OF_LIGHT_H
#define ONN_APPS_CURVES_OF_LIGHT_H

#include <stdio.h>

#include <onn/system.h>

typedef struct light_curve {
	const char *name;
	size_t count;
	const double *x;
	const onn_light_measure *measure; /* at each */
} light_curve;

typedef struct light_curves {
	const char *x_name, *x_unit; /* "lens.f", "m"; NULL: none */
	const char *const *place;    /* what stands at x = 0, 1, ...; NULL: numbers */
	size_t places;
	size_t count;
	const light_curve *curve;
} light_curves;

enum { LIGHT_CURVES_WIDE = 1000, LIGHT_CURVES_HIGH = 720 };

/* Four panels, for plot_draw; user is a light_curves. */
void light_curves_write(FILE *script, const void *user);

#endif
