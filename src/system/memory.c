/*
 * What a run takes at least, before it begins.
 */
#include <math.h>
#include <stdlib.h>

#include "core/error.h"
#include "nn/layers/space.h"
#include "system/system.h"

/* Fields that do not interfere: points of sources. */
static double modes_of(const onn_system *s)
{
	double modes = 0, most = 1;
	for (size_t i = 0; i < s->count; i++) {
		const onn_item *item = &s->item[i];
		const onn_setting *row = onn_settings_find(NULL, item->kind->settings(), "points");
		double points = row ? onn_setting_number(row, item->values, 0) : 1;
		if (item->kind->takes != ONN_TAKES_NOTHING)
			continue;
		modes += points;
		most = fmax(most, points);
	}
	return s->options.incoherent ? modes : most;
}

static double pixels_of(const onn_grid *grid) { return (double)grid->ny * (double)grid->nx; }

/* Numbers of a gap's padded fields: its transfer function where it is made, in the graph and on the
 * device, and a spectrum; chirps take four times as much (measured). */
static double gap_of(const onn_space_values *v, const onn_signal *in)
{
	bool half = v->padding == ONN_D2NN_PADDING_HALF;
	double py = half ? (double)in->grid.ny / 2 : (double)v->padding;
	double px = half ? (double)in->grid.nx / 2 : (double)v->padding;
	double colours = (double)in->beam.nwavelengths;
	if (v->method == ONN_METHOD_FRAUNHOFER)
		return 4 * colours * pixels_of(&in->grid);
	return (v->method == ONN_METHOD_SCALED ? 16 : 4) * colours *
	       ((double)in->grid.ny + 2 * py) * ((double)in->grid.nx + 2 * px);
}

onn_status onn_system_memory(double *bytes, const onn_system *s)
{
	onn_signal *signal = malloc((s->count + 1) * sizeof *signal);
	onn_status status = signal ? onn_system_signals(signal, s)
	                           : onn_error_memory("onn_system_memory", sizeof *signal);
	double one = (double)onn_type_size(onn_type_complex(s->options.precision));
	double modes = modes_of(s), most = 0, kept = 0;
	*bytes = 0;
	for (size_t i = 0; i < s->count && !status; i++) {
		const onn_signal *in = &signal[i], *out = &signal[i + 1];
		const onn_item *item = &s->item[i];
		double light = modes * (double)in->beam.nwavelengths * pixels_of(&out->grid);
		double here = 2 * light;
		if (item->kind == &onn_space_layer)
			here += gap_of(item->values, in);
		if (item->kind == &onn_camera_layer)
			kept += light * one + pixels_of(&out->grid) * sizeof(double);
		most = fmax(most, here * one);
	}
	*bytes = most + kept;
	free(signal);
	return status;
}
