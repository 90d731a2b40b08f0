/*
 * The settings of a training: their table, and what no row can say.
 */
#include <onn/trainer.h>

#include "core/error.h"
#include "core/options.h"
#include "core/settings.h"
#include "train/config.h"

#define ROW(name, kind, member) ONN_SETTING(name, kind, onn_train_options, member)
static const onn_setting rows[] = {
    {ROW(NULL, PART, optimizer), .part = onn_optimizer_settings},
    {ROW("batch", SIZE, batch), .low = 1, .high = INT32_MAX},
    {ROW("epochs", SIZE, epochs), .low = 1, .high = INT32_MAX},
    {ROW("seed", WHOLE, seed)},
    {ROW("seeds", SIZE, seeds), .low = 1, .high = 1000000},
    {ROW(NULL, PART, limits), .part = onn_weight_limits_settings},
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
	return onn_settings_check(onn_train_settings(), own);
}

onn_status onn_train_options_check(const onn_train_options *options)
{
	onn_train_options own;
	return onn_train_options_take(&own, options);
}
