/*
 * The table of a design's settings, and what follows from them alone.
 */
#include <onn/design.h>

#include "core/options.h"
#include "core/settings.h"
#include "design/model.h"
#include "optics/request.h"

ONN_WORDS(onn_design_modulation, ONN_DESIGN_MODULATION_WORDS)
ONN_WORDS(onn_design_update, ONN_DESIGN_UPDATE_WORDS)
ONN_WORDS(onn_design_loss, ONN_DESIGN_LOSS_WORDS)
ONN_WORDS(onn_design_preset, ONN_DESIGN_PRESET_WORDS)

#define ROW(name, kind, member) ONN_SETTING(name, kind, onn_design, member)

/* In the order of config.json. */
static const onn_setting rows[] = {
    {ROW("size", SIZE, pixels), .low = 2, .high = 32768},
    {ROW("side", REAL, side), .low_open = true, .high = 1e6, .unit = "m"},
    {ROW("plates", SIZE, plates), .low = 1, .high = 4096},
    {ROW("distance", REAL, distance), .low_open = true, .high = 1e9, .unit = "m"},
    {ROW("wavelength", REAL, wavelength), .low_open = true, .high = 1e6, .unit = "m"},
    {ROW("aperture", REAL, aperture), .high = 1e6, .unit = "m"},
    {ROW("steps", SIZE, steps), .high = 1e7},
    {ROW("update", WORD, update), .words = &onn_design_update_words},
    {ROW("lr", REAL, rate), .low_open = true, .high = 1e30, .needs = "update=phase-sign|adam|sgd"},
    {ROW("modulation", WORD, modulation), .words = &onn_design_modulation_words},
    {ROW("padding", SIZE, padding), .high = 32768},
    {ROW("evanescent", WORD, evanescent), .words = &onn_evanescent_words},
    {ROW("loss", WORD, loss), .words = &onn_design_loss_words},
    {ROW("slm-levels", UNSIGNED, levels), .low = 2, .high = 65536, .zero = "any phase",
        .needs = "modulation=phase"},
    {ROW("checkpoint-planes", SIZE, checkpoint_planes), .low = 1, .high = 4096, .zero = "keep all"},
    {ROW("precision", WORD, precision), .words = &onn_precision_words},
    {ROW("save-every", SIZE, save_every), .low = 1, .high = 1e7,
        .zero = "a sixteenth of the steps, at least 32"},
    {ROW("index", REAL, index), .low = 1, .low_open = true, .high = 100},
    {ROW("base", REAL, base), .low_open = true, .high = 1e3, .unit = "m"},
};

static onn_status check_together(const void *values)
{
	const onn_design *d = values;

	if (d->rules < 1 || d->rules > 2)
		return onn_error(
		    ONN_ERROR_ARGUMENT, "design: rules is %u; expected 1 or 2", d->rules);
	if (d->modulation == ONN_DESIGN_MODULATION_PHASE)
		return ONN_OK;
	if (d->update == ONN_DESIGN_UPDATE_GERCHBERG_SAXTON)
		return onn_error(ONN_ERROR_ARGUMENT, "design: update gerchberg-saxton is for "
		                                     "plates of phase; modulation is complex");
	if (d->levels)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "design: slm-levels of phase is %u; modulation is complex", d->levels);
	return ONN_OK;
}

const onn_settings *onn_design_settings(void)
{
	static const onn_design standard = ONN_DESIGN_INIT;
	static const onn_settings settings = {
	    "design", rows, sizeof rows / sizeof *rows, sizeof standard, &standard, check_together};

	return &settings;
}

void onn_design_use_preset(onn_design *design, onn_design_preset preset)
{
	onn_design from = ONN_DESIGN_INIT;

	if (preset == ONN_DESIGN_PRESET_PHASE) {
		from.modulation = ONN_DESIGN_MODULATION_PHASE;
		from.plates = 5;
		from.distance = 2;
		from.padding = 64;
		from.aperture = 14e-3;
		from.update = ONN_DESIGN_UPDATE_ADAM;
		from.rate = .1;
		from.loss = ONN_DESIGN_LOSS_OVERLAP;
	} else if (preset != ONN_DESIGN_PRESET_TUTORIAL) {
		return;
	}
	design->modulation = from.modulation;
	design->plates = from.plates;
	design->distance = from.distance;
	design->padding = from.padding;
	design->aperture = from.aperture;
	design->update = from.update;
	design->rate = from.rate;
	design->loss = from.loss;
}

onn_status onn_design_take(onn_design *own, const onn_design *given, const char *function)
{
	if (!given)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: no design; expected one made by ONN_DESIGN_INIT", function);
	*own = (onn_design)ONN_DESIGN_INIT;
	onn_status status = onn_options_take(own, given, function, "ONN_DESIGN_INIT");
	return status ? status : onn_settings_check(onn_design_settings(), own);
}

onn_status onn_design_check(const onn_design *design)
{
	onn_design own;

	return onn_design_take(&own, design, "onn_design_check");
}

onn_status onn_design_sampling(onn_sampling *sampling, const onn_design *design)
{
	onn_design d;
	onn_status status = onn_design_take(&d, design, "onn_design_sampling");

	if (status)
		return status;
	onn_grid grid = onn_grid_square(d.pixels, d.side);
	onn_light light = onn_monochromatic(onn_type_complex(d.precision), d.wavelength);
	onn_propagation way = onn_design_way(&d);
	return onn_propagation_choose(sampling, &grid, &light, d.distance, &way);
}
