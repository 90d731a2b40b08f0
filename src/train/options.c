/*
 * The settings of a training: their table, and what no row can say.
 */
#include <math.h>

#include <onn/trainer.h>

#include "core/error.h"
#include "core/options.h"
#include "core/settings.h"
#include "train/config.h"
#include "train/evaluate.h"
#include "train/together.h"
#include "train/update.h"

#define ROW(name, kind, member) ONN_SETTING(name, kind, onn_train_options, member)
static const onn_setting rows[] = {
    {ROW(NULL, PART, optimizer), .part = onn_optimizer_settings},
    {ROW("batch", SIZE, batch), .low = 1, .high = INT32_MAX},
    {ROW("epochs", SIZE, epochs), .low = 1, .high = INT32_MAX},
    {ROW("seed", WHOLE, seed)},
    {ROW("seeds", SIZE, seeds), .low = 1, .high = 1000000},
    {ROW(NULL, PART, limits), .part = onn_weight_limits_settings},
    {ROW("weight_noise", REAL, weight_noise), .low = 0, .high = INFINITY, .late = true},
    {ROW("activation_noise", REAL, activation_noise), .low = 0, .high = INFINITY, .late = true},
    {ROW("phase_noise", REAL, phase_noise), .low = 0, .high = INFINITY, .unit = "rad",
        .late = true},
    {ROW("bits", SIZE, bits), .low = 1, .high = 24, .zero = "any weight", .late = true},
};

const onn_settings *onn_train_settings(void)
{
	ONN_RETURN_SETTINGS("training", rows, onn_train_options, NULL, ONN_TRAIN_OPTIONS_INIT);
}

onn_status onn_train_options_take(onn_train_options *own, const onn_train_options *given)
{
	*own = (onn_train_options)ONN_TRAIN_OPTIONS_INIT;
	onn_status status = onn_options_take(own, given, "onn_train", "ONN_TRAIN_OPTIONS_INIT");
	if (status)
		return status;
	if (own->limits.size != sizeof own->limits || own->optimizer.size != sizeof own->optimizer)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_train: the options' optimizer and limits have %zu and %zu bytes; expected "
		    "%zu and %zu, as from ONN_TRAIN_OPTIONS_INIT",
		    own->optimizer.size, own->limits.size, sizeof own->optimizer,
		    sizeof own->limits);
	if (own->together > ONN_TOGETHER_MOST)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_train: together is %zu; expected at most %d", own->together,
		    (int)ONN_TOGETHER_MOST);
	return onn_settings_check(onn_train_settings(), own);
}

onn_status onn_train_options_check(const onn_train_options *options)
{
	onn_train_options own;
	return onn_train_options_take(&own, options);
}

/* ---- errors that training meets ---- */

bool onn_train_draws(const onn_network *network, const onn_train_options *o)
{
	return onn_network_draws(network) || o->weight_noise > 0 || o->activation_noise > 0 ||
	       o->phase_noise > 0;
}

onn_run_condition onn_train_condition(const onn_train_options *o)
{
	onn_run_condition c = {.seed = o->seed, .damage = ONN_EVALUATE_OPTIONS_INIT};
	c.damage.weight_noise = o->weight_noise;
	c.damage.activation_noise = o->activation_noise;
	c.damage.phase_noise = o->phase_noise;
	c.damage.bits = o->bits;
	return c;
}

onn_status onn_train_check_errors(const onn_network *network, const onn_train_options *o)
{
	return onn_check_errors("onn_train", network, o->activation_noise, o->phase_noise);
}
