/* A saturable absorber that light passes. */
#include "core/error.h"
#include "nn/layers/sheet.h"
#include "nn/layer.h"

static const onn_setting rows[] = {
    {ONN_SETTING(NULL, PART, onn_sheet_values, medium), .part = onn_absorber_settings},
};

static onn_status check(const void *values)
{
	const onn_absorber *a = &((const onn_sheet_values *)values)->medium;
	if (a->medium == ONN_MEDIUM_DYNAMIC)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "sheet: the absorber's medium is dynamic; expected thin or thick: it meets "
		    "steady fields");
	return a->encoding == ONN_ENCODING_AMPLITUDE
	           ? ONN_OK
	           : onn_error(ONN_ERROR_ARGUMENT,
	                 "sheet: the absorber's encoding is intensity; expected amplitude: it "
	                 "meets fields");
}

const onn_settings *onn_sheet_settings(void)
{
	ONN_RETURN_SETTINGS("sheet", rows, onn_sheet_values, check,
	    {{sizeof(onn_absorber), ONN_MEDIUM_THIN, ONN_ENCODING_AMPLITUDE, ONN_GRADIENT_EXACT, 1,
	        1, 0, 0, 0, 1, false, INFINITY, 1, 16, 0, ONN_PROBE_CO, 0, ONN_PROBE_AT_PUMPED, 0,
	        0}});
}

/* Colours would saturate it together; the absorber knows one. */
static onn_status shape(onn_signal *s, const void *layer, const onn_network_options *network)
{
	(void)layer;
	(void)network;
	if (s->incoherent)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "incoherent light, whose pixels would saturate it together; expected light of "
		    "an encode by amplitude or phase");
	return s->beam.nwavelengths == 1
	           ? ONN_OK
	           : onn_error(ONN_ERROR_ARGUMENT, "light of %zu wavelengths; expected one",
	                 s->beam.nwavelengths);
}

static void forward(onn_flow *flow, const onn_layer_call *call)
{
	const onn_sheet_values *s = call->layer;
	if (s->medium.depth > 0)
		flow->x = onn_saturable_absorber(call->g, flow->x, &s->medium);
}

const onn_layer_kind onn_sheet_layer = {sizeof(onn_layer_kind), "sheet",
    "a saturable absorber that light passes", ONN_TAKES_LIGHT, onn_sheet_settings, .shape = shape,
    .forward = forward};
