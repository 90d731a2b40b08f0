/*
 * The settings of a medium in time: their table, their words, what goes with what.
 */
#include <math.h>

#include <onn/pulse.h>

#include "core/error.h"
#include "core/options.h"
#include "core/settings.h"

ONN_WORDS(onn_pulse_model, ONN_PULSE_MODEL_WORDS)

#define ROW(name, kind, member) ONN_SETTING(name, kind, onn_pulse_medium, member)
#define NOT_BELOW_0             .low = 0, .high = INFINITY, .high_open = true
#define ABOVE_0                 NOT_BELOW_0, .low_open = true
static const onn_setting rows[] = {
    {ROW("model", WORD, model), .words = &onn_pulse_model_words},
    {ROW("cells", UNSIGNED, cells), .low = 1, .high = 100000},
    {ROW("od", REAL, depth), NOT_BELOW_0},
    {ROW("t1", REAL, t1), ABOVE_0, .infinite = true},
    {ROW("t2", REAL, t2), ABOVE_0},
    {ROW("detuning", REAL, detuning)},
    {ROW("loss", REAL, loss), NOT_BELOW_0},
    {ROW("two_photon", REAL, two_photon), NOT_BELOW_0},
    {ROW("doppler", REAL, doppler), NOT_BELOW_0},
    {ROW("classes", UNSIGNED, classes), .low = 1, .high = 9999},
    {ROW("transit", REAL, transit), NOT_BELOW_0},
};

static onn_status check(const void *values)
{
	static const char *const what = "pulse medium";
	const onn_pulse_medium *m = values;
	if (m->classes % 2 == 0)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: %u classes; expected an odd number, for one in the middle", what,
		    m->classes);
	if (m->doppler > 0 && m->classes == 1)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: doppler is %g with one class; expected 3 classes or more", what,
		    m->doppler);
	if (m->model == ONN_PULSE_BLOCH && m->two_photon != 0)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: two_photon is %g in the Bloch model; expected 0", what, m->two_photon);
	return ONN_OK;
}

const onn_settings *onn_pulse_medium_settings(void)
{
	ONN_RETURN_SETTINGS("pulse medium", rows, onn_pulse_medium, check, ONN_PULSE_MEDIUM_INIT);
}

onn_status onn_pulse_medium_check(const onn_pulse_medium *medium)
{
	onn_status status = onn_options_exact(
	    medium, sizeof *medium, "onn_pulse_medium_check", "medium", "ONN_PULSE_MEDIUM_INIT");
	return status ? status : onn_settings_check(onn_pulse_medium_settings(), medium);
}
