/*
 * A figure of onn pulse: its panels, and the axes that they share.
 */
#ifndef ONN_APPS_PULSE_FIGURE_H
#define ONN_APPS_PULSE_FIGURE_H

#include <stdio.h>

#include "pulse/pulse.h"

enum { MOST_PANELS = 4, MOST_CURVES = 6 };

typedef struct figure figure;
typedef void (*panel)(FILE *script, const figure *f);
struct figure {
	const pulse_work *w;
	onn_pulse_trace *trace; /* of a single pulse */
	panel panel[MOST_PANELS];
	size_t panels;
};

#define FIGURE_KEY "set key outside bottom center horizontal Right noreverse samplen 3\n"

/* An axis of a quantity: numbers are divided by the factor. */
double figure_axis(
    FILE *script, const char *which, const char *what, double largest, const char *unit);
/* The y axis from 0 on, unless all of it is far above. */
void figure_range(FILE *script, double low, double high);

/* Panels of sweeps; that of the fluence takes the room of two. */
void draw_fluence(FILE *script, const figure *f);
void draw_detuning(FILE *script, const figure *f);
void draw_depth(FILE *script, const figure *f);
void draw_width(FILE *script, const figure *f);
void draw_delays(FILE *script, const figure *f);
void draw_probes(FILE *script, const figure *f);

#endif
