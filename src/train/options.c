/*
 * The settings of a training: their table, and what no row can say.
 */
#include <onn/trainer.h>

#include "core/error.h"
#include "core/settings.h"

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

onn_status onn_train_options_check(const onn_train_options *o)
{
	if (!o || o->size != sizeof *o || o->limits.size != sizeof o->limits ||
	    o->optimizer.size != sizeof o->optimizer)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_train: no options of this version; expected some made by "
		    "ONN_TRAIN_OPTIONS_INIT");
	if (o->resume && !o->out)
		return onn_error(
		    ONN_ERROR_ARGUMENT, "onn_train: resume without out; expected a run folder");
	return onn_settings_check(onn_train_settings(), o);
}
