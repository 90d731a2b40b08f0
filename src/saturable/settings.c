/*
 * The settings of an absorber: their table, their words, what goes with what.
 */
#include <math.h>

#include <onn/saturable.h>

#include "core/error.h"
#include "core/options.h"
#include "core/settings.h"
#include "saturable/settings.h"

static const onn_synonym carriers[] = {{"fluence", ONN_ENCODING_INTENSITY}};
static const onn_synonym modes[] = {{"probe", ONN_GRADIENT_APPROXIMATE}};

ONN_WORDS(onn_medium, ONN_MEDIUM_WORDS)
ONN_WORDS_ALSO(onn_encoding, carriers, 1, ONN_ENCODING_WORDS)
ONN_WORDS(onn_probe_direction, ONN_PROBE_DIRECTION_WORDS)
ONN_WORDS(onn_probe_at, ONN_PROBE_AT_WORDS)
ONN_WORDS_ALSO(onn_gradient_mode, modes, 1, ONN_GRADIENT_MODE_WORDS)

#define ROW(name, kind, member) ONN_SETTING(name, kind, onn_absorber, member)
#define NOT_BELOW_0             .low = 0, .high = INFINITY, .high_open = true
#define ABOVE_0                 NOT_BELOW_0, .low_open = true
#define IN_TIME                 .needs = "medium=dynamic", .late = true
static const onn_setting rows[] = {
    {ROW("medium", WORD, medium), .words = &onn_medium_words},
    {ROW("encoding", WORD, encoding), .words = &onn_encoding_words},
    {ROW("gradient", WORD, gradient), .words = &onn_gradient_mode_words, .needs = "od"},
    {ROW("od", REAL, depth), .low = 0, .high = INFINITY},
    {ROW("isat", REAL, isat), .low = 0, .high = INFINITY, .low_open = true, .needs = "od"},
    {ROW("detuning", REAL, detuning)},
    {ROW("loss", REAL, loss), .low = 0, .high = INFINITY},
    {ROW("grating", REAL, grating), .low = 0, .high = 1},
    {ROW("slices", UNSIGNED, slices), .low = 0, .high = 10000},
    {ROW("doppler", BOOL, doppler)},
    {ROW("t1", REAL, t1), ABOVE_0, .infinite = true, IN_TIME},
    {ROW("pulse_width", REAL, pulse_width), ABOVE_0, IN_TIME},
    {ROW("slots", UNSIGNED, slots), .low = 1, .high = 10000, IN_TIME},
    {ROW("probe_delay", REAL, probe_delay), NOT_BELOW_0, IN_TIME},
    {ROW("probe_direction", WORD, probe_direction), .words = &onn_probe_direction_words, IN_TIME},
    {ROW("transit", REAL, transit), NOT_BELOW_0, IN_TIME},
    {ROW("probe_at", WORD, probe_at), .words = &onn_probe_at_words, IN_TIME},
    {ROW("probe_fraction", REAL, probe_fraction), NOT_BELOW_0, IN_TIME},
    {ROW("probe_noise", REAL, probe_noise), NOT_BELOW_0, IN_TIME},
};

/* What the formulas of docs/physics.md cover together. */
static onn_status check(const void *values)
{
	static const char *const what = "absorber";
	const onn_absorber *a = values;
	if (a->detuning != 0 && a->encoding == ONN_ENCODING_INTENSITY)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: detuning is %g in intensity encoding; expected amplitude encoding, "
		    "whose fields have a phase",
		    what, a->detuning);
	if (a->detuning != 0 && (a->loss != 0 || a->doppler || a->grating != 0))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: detuning is %g with loss, grating or doppler; expected 0", what,
		    a->detuning);
	if (a->slices > 1 && a->medium != ONN_MEDIUM_THIN)
		return onn_error(ONN_ERROR_ARGUMENT, "%s: %u slices of a %s medium; expected thin",
		    what, a->slices, onn_medium_name(a->medium));
	if (a->medium != ONN_MEDIUM_THICK && (a->doppler || a->grating != 0))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: doppler or grating in a %s medium; expected thick", what,
		    onn_medium_name(a->medium));
	if (a->medium == ONN_MEDIUM_DYNAMIC && a->detuning != 0)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: detuning is %g in a dynamic medium; expected 0: its numbers are real",
		    what, a->detuning);
	if (a->doppler && (a->loss != 0 || a->grating != 0))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: doppler with loss %g and grating %g; expected 0", what, a->loss,
		    a->grating);
	if (a->grating != 0 && a->loss != 0)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: grating %g with loss %g; expected one of them to be 0", what, a->grating,
		    a->loss);
	return ONN_OK;
}

const onn_settings *onn_absorber_settings(void)
{
	ONN_RETURN_SETTINGS("absorber", rows, onn_absorber, check, ONN_ABSORBER_INIT);
}

onn_status onn_absorber_check(const onn_absorber *a)
{
	onn_status status =
	    onn_options_exact(a, sizeof *a, "onn_absorber_check", "absorber", "ONN_ABSORBER_INIT");
	return status ? status : onn_settings_check(onn_absorber_settings(), a);
}
