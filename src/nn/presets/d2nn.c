/*
 * Diffractive classifiers: a preset that writes an image's light, plates, free space and detectors.
 */
#include <onn/d2nn.h>

#include <math.h>

#include "core/error.h"
#include "nn/layers/detect.h"
#include "nn/layers/encode.h"
#include "nn/layers/plate.h"
#include "nn/layers/sheet.h"
#include "nn/layers/space.h"
#include "nn/network.h"
#include "nn/words.h"

enum { MOST_PIXELS = 8192, MOST_CLASSES = 1000 };

ONN_WORDS(onn_d2nn_encoding, ONN_D2NN_ENCODING_WORDS)
ONN_WORDS(onn_d2nn_modulation, ONN_D2NN_MODULATION_WORDS)
ONN_WORDS(onn_d2nn_detection, ONN_D2NN_DETECTION_WORDS)
ONN_WORDS(onn_d2nn_loss, ONN_D2NN_LOSS_WORDS)

static const char *const mark[] = {"d2nn"};
static const onn_words mark_words = {mark, 1, 0, NULL, 0};

#define ROW(name, kind, member) ONN_SETTING(name, kind, onn_d2nn, member)
#define POSITIVE                .low = 0, .high = INFINITY, .low_open = true
static const onn_setting rows[] = {
    {.name = "model", .kind = ONN_SETTING_MARK, .words = &mark_words},
    {ROW("height", SIZE, height), .low = 1, .high = MOST_PIXELS},
    {ROW("width", SIZE, width), .low = 1, .high = MOST_PIXELS},
    {ROW("outputs", SIZE, outputs), .low = 1, .high = MOST_CLASSES},
    {ROW("layers", SIZE, layers), .low = 1, .high = ONN_D2NN_MAX_LAYERS},
    {ROW("grid", SIZE, grid), .low = 2, .high = MOST_PIXELS},
    {ROW("pitch", REAL, pitch), POSITIVE, .unit = "m"},
    {ROW("wavelength", REAL, wavelength), POSITIVE, .unit = "m"},
    {ROW("distance", REAL, distance), POSITIVE, .unit = "m"},
    {ROW("padding", SIZE, padding), .low = 0, .high = 4 * MOST_PIXELS, .word = "half"},
    {ROW("image", SIZE, image), .low = 1, .high = MOST_PIXELS, .zero = "half of the grid"},
    {ROW("detector", SIZE, detector), .low = 1, .high = MOST_PIXELS, .zero = "a tenth of the grid"},
    {ROW("encoding", WORD, encoding), .words = &onn_d2nn_encoding_words},
    {ROW("modulation", WORD, modulation), .words = &onn_d2nn_modulation_words},
    {ROW("detection", WORD, detection), .words = &onn_d2nn_detection_words},
    {ROW("loss", WORD, loss), .words = &onn_d2nn_loss_words},
    {ROW("gain", REAL, gain), POSITIVE},
    {ROW("misalign", REAL, misalign), .low = 0, .high = INFINITY, .unit = "m"},
    {ROW("levels", UNSIGNED, levels), .low = 2, .high = 65536, .zero = "any phase"},
    {ROW("precision", WORD, precision), .words = &onn_precision_words},
    {ROW(NULL, PART, start), .part = onn_weight_start_settings},
    {ROW("absorber", PART, absorber), .part = onn_absorber_settings},
    {ROW("efficiency", REAL, efficiency), .low = 0, .high = INFINITY, .late = true},
};

/* The absorber meets fields, also where it is not there. */
static onn_status check(const void *values)
{
	const onn_sheet_values sheet = {((const onn_d2nn *)values)->absorber};
	return onn_settings_check(onn_sheet_settings(), &sheet);
}

const onn_settings *onn_d2nn_settings(void)
{
	ONN_RETURN_SETTINGS("d2nn", rows, onn_d2nn, check, ONN_D2NN_INIT);
}

static void settle(void *values)
{
	onn_d2nn *d = values;
	d->padding = d->padding == ONN_D2NN_PADDING_HALF ? d->grid / 2 : d->padding;
	d->image = d->image > d->grid ? d->image : onn_encode_side(d->image, d->grid);
	d->detector = onn_detect_side(d->detector, d->grid);
}

static onn_status write_plates(onn_network *n, const onn_d2nn *d)
{
	const onn_plate_values plate = {d->modulation, d->misalign, d->levels, d->start};
	const onn_sheet_values sheet = {d->absorber};
	const onn_space_values space = {
	    d->distance, d->padding, ONN_METHOD_ASM, ONN_EVANESCENT_DECAY, {0, 0}};
	onn_status status = ONN_OK;
	for (size_t i = 0; i < d->layers && !status; i++) {
		status = onn_network_append(n, "plate", &plate);
		if (!status && d->absorber.depth > 0)
			status = onn_network_append(n, "sheet", &sheet);
		if (!status)
			status = onn_network_append(n, "space", &space);
	}
	return status;
}

static onn_status write(onn_network *n, const void *values)
{
	const onn_d2nn *d = values;
	bool differential = d->detection == ONN_D2NN_DETECTION_DIFFERENTIAL;
	const onn_encode_values encode = {
	    {d->grid, d->grid}, {d->pitch, d->pitch}, d->wavelength, d->image, d->encoding};
	const onn_detect_values detect = {.side = d->detector,
	    .area = onn_detect_area(0, d->grid),
	    .detection = d->detection,
	    .reading = ONN_READING_SHARE};
	n->options.ndim = 2;
	n->options.input[0] = d->height;
	n->options.input[1] = d->width;
	n->options.classes = d->outputs;
	n->options.precision = d->precision;
	n->options.loss = d->loss == ONN_D2NN_LOSS_SOFTMAX ? ONN_LOSS_NLL : ONN_LOSS_MSE;
	n->options.gain = d->gain;
	n->options.off_target = differential ? -1 : 0;
	n->options.efficiency = d->efficiency;
	onn_status status = onn_network_append(n, "encode", &encode);
	if (!status)
		status = write_plates(n, d);
	return status ? status : onn_network_append(n, "detect", &detect);
}

const onn_preset onn_d2nn_preset = {
    "d2nn", "ONN_D2NN_INIT", "onn_d2nn_check", onn_d2nn_settings, settle, write};

onn_status onn_d2nn_check(const onn_d2nn *d2nn) { return onn_preset_check(&onn_d2nn_preset, d2nn); }

onn_status onn_network_of_d2nn(onn_network **network, const onn_d2nn *d2nn)
{
	return onn_network_from(network, &onn_d2nn_preset, d2nn);
}

bool onn_network_is_d2nn(onn_d2nn *d2nn, const onn_network *network)
{
	return onn_network_is(network, &onn_d2nn_preset, d2nn);
}
