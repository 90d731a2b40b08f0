/*
 * Diffractive classifiers: their checks, their JSON, where things stand on the grid.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>

#include <onn/d2nn.h>

#include "core/error.h"
#include "core/settings.h"
#include "nn/d2nn.h"
#include "nn/describe.h"
#include "nn/model.h"

enum { MOST_PIXELS = 8192, MOST_CLASSES = 1000, MOST_LEVELS = 65536 };

static const char *const function = "onn_d2nn_check";

ONN_WORDS(onn_d2nn_encoding, ONN_D2NN_ENCODING_WORDS)
ONN_WORDS(onn_d2nn_modulation, ONN_D2NN_MODULATION_WORDS)
ONN_WORDS(onn_d2nn_detection, ONN_D2NN_DETECTION_WORDS)
ONN_WORDS(onn_d2nn_loss, ONN_D2NN_LOSS_WORDS)

/* ---- where things stand ---- */

size_t onn_d2nn_padding(const onn_d2nn *d)
{
	return d->padding == ONN_D2NN_PADDING_HALF ? d->grid / 2 : d->padding;
}

/* Without a size of its own the image takes half of the grid (docs/results.md). */
static size_t image_side(const onn_d2nn *d)
{
	size_t side = d->image ? d->image : (d->grid + 1) / 2;
	return side < d->grid ? side : d->grid;
}

/* A tenth of the grid: ten regions in rows of 3, 4 and 3 then have as much room between them. */
static size_t detector_side(const onn_d2nn *d)
{
	size_t side = d->detector ? d->detector : (d->grid + 5) / 10;
	return side ? side : 1;
}

onn_region onn_d2nn_image_region(const onn_d2nn *d)
{
	size_t side = image_side(d), longer = d->height > d->width ? d->height : d->width;
	size_t ny = (2 * side * d->height + longer) / (2 * longer);
	size_t nx = (2 * side * d->width + longer) / (2 * longer);
	ny = ny ? ny : 1;
	nx = nx ? nx : 1;
	return (onn_region){(d->grid - ny) / 2, (d->grid - nx) / 2, ny, nx};
}

onn_grid onn_d2nn_grid(const onn_d2nn *d)
{
	return (onn_grid){.ny = d->grid, .nx = d->grid, .dy = d->pitch, .dx = d->pitch};
}

onn_status onn_d2nn_sampling(const onn_d2nn *d, onn_sampling *sampling)
{
	onn_grid grid = onn_d2nn_grid(d);
	onn_light light = onn_monochromatic(onn_type_complex(d->precision), d->wavelength);
	onn_propagation how = ONN_PROPAGATION_INIT;
	how.method = ONN_METHOD_ASM;
	how.evanescent = ONN_EVANESCENT_DECAY;
	how.pad[0] = how.pad[1] = (ptrdiff_t)onn_d2nn_padding(d);
	return onn_propagation_choose(sampling, &grid, &light, d->distance, &how);
}

size_t onn_d2nn_region_count(const onn_d2nn *d)
{
	return d->detection == ONN_D2NN_DETECTION_DIFFERENTIAL ? 2 * d->outputs : d->outputs;
}

/* In the middle seven tenths of the grid, where light from all of the last plate arrives: a little
 * better than all over it (docs/results.md), and less of the last field to compute. */
onn_status onn_d2nn_regions(const onn_d2nn *d, onn_region *region)
{
	onn_grid middle = onn_d2nn_grid(d);
	size_t side = detector_side(d), count = onn_d2nn_region_count(d);
	middle.ny = middle.nx = (7 * d->grid + 9) / 10;
	onn_status status = onn_detector_layout(region, &middle, count, side, side);
	for (size_t i = 0; i < count && !status; i++) {
		region[i].y += (d->grid - middle.ny) / 2;
		region[i].x += (d->grid - middle.nx) / 2;
	}
	return status;
}

onn_region onn_d2nn_detector_box(const onn_region *region, size_t count)
{
	size_t y = SIZE_MAX, x = SIZE_MAX, bottom = 0, right = 0;
	for (size_t i = 0; i < count; i++) {
		const onn_region *r = &region[i];
		y = r->y < y ? r->y : y;
		x = r->x < x ? r->x : x;
		bottom = r->y + r->ny > bottom ? r->y + r->ny : bottom;
		right = r->x + r->nx > right ? r->x + r->nx : right;
	}
	return (onn_region){y, x, bottom - y, right - x};
}

size_t onn_d2nn_weights(const onn_d2nn *d, onn_weight *weight)
{
	for (size_t i = 0; i < d->layers; i++) {
		onn_weight *w = &weight[i];
		if (d->modulation == ONN_D2NN_MODULATION_PHASE)
			*w = (onn_weight){.ndim = 2, .shape = {d->grid, d->grid}};
		else
			*w = (onn_weight){
			    .ndim = 3, .shape = {2, d->grid, d->grid}, .start = ONN_START_PHASOR};
		snprintf(w->name, sizeof w->name, "layer%u.plate", (unsigned)i);
	}
	return d->layers;
}

/* ---- checks ---- */

static onn_status check_size(const char *name, size_t value, size_t low, size_t high)
{
	if (value >= low && value <= high)
		return ONN_OK;
	return onn_error(ONN_ERROR_ARGUMENT, "%s: %s is %zu; expected %zu to %zu", function, name,
	    value, low, high);
}

static onn_status check_sizes(const onn_d2nn *d)
{
	const struct {
		const char *name;
		size_t value, low, high;
	} row[] = {
	    {"height", d->height, 1, MOST_PIXELS},
	    {"width", d->width, 1, MOST_PIXELS},
	    {"outputs", d->outputs, 1, MOST_CLASSES},
	    {"layers", d->layers, 1, ONN_D2NN_MAX_LAYERS},
	    {"grid", d->grid, 2, MOST_PIXELS},
	    {"padding", onn_d2nn_padding(d), 0, 4 * MOST_PIXELS},
	    {"image", d->image, 0, d->grid},
	    {"detector", d->detector, 0, d->grid},
	};
	onn_status status = ONN_OK;
	for (size_t i = 0; i < sizeof row / sizeof *row && !status; i++)
		status = check_size(row[i].name, row[i].value, row[i].low, row[i].high);
	return status;
}

static onn_status check_reals(const onn_d2nn *d)
{
	const struct {
		const char *name;
		double value;
	} row[] = {{"pitch", d->pitch}, {"wavelength", d->wavelength}, {"distance", d->distance},
	    {"gain", d->gain}};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		if (!(row[i].value > 0 && isfinite(row[i].value)))
			return onn_error(ONN_ERROR_ARGUMENT,
			    "%s: %s is %g; expected a finite value > 0", function, row[i].name,
			    row[i].value);
	if (!(d->misalign >= 0 && isfinite(d->misalign)))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: misalign is %g; expected a finite value >= 0", function, d->misalign);
	return ONN_OK;
}

static onn_status check_choices(const onn_d2nn *d)
{
	if ((size_t)d->encoding > ONN_D2NN_ENCODING_PHASE ||
	    (size_t)d->modulation > ONN_D2NN_MODULATION_COMPLEX ||
	    (size_t)d->detection > ONN_D2NN_DETECTION_DIFFERENTIAL ||
	    (size_t)d->loss > ONN_D2NN_LOSS_MSE)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: encoding %d, modulation %d, detection %d, loss %d; expected values of "
		    "their enumerations",
		    function, (int)d->encoding, (int)d->modulation, (int)d->detection,
		    (int)d->loss);
	if (d->levels == 1 || d->levels > MOST_LEVELS)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: levels is %u; expected 0 for any phase, or 2 to %d", function, d->levels,
		    MOST_LEVELS);
	if (d->levels && d->modulation != ONN_D2NN_MODULATION_PHASE)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: %u levels of complex plates; expected phase plates", function, d->levels);
	onn_status status = onn_absorber_check(&d->absorber);
	if (!status && d->absorber.encoding != ONN_ENCODING_AMPLITUDE)
		status = onn_error(ONN_ERROR_ARGUMENT,
		    "%s: the absorber's encoding is intensity; expected amplitude: it meets fields",
		    function);
	return status;
}

onn_status onn_d2nn_check(const onn_d2nn *d)
{
	onn_region region[2 * MOST_CLASSES];
	if (!d || d->size != sizeof *d)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: no description of this version; expected one made by ONN_D2NN_INIT",
		    function);
	onn_status status = check_sizes(d);
	if (!status)
		status = check_reals(d);
	if (!status)
		status = check_choices(d);
	if (!status)
		status = onn_check_precision(function, d->precision);
	if (!status)
		status = onn_settings_check(onn_weight_start_settings(), &d->start);
	return status ? status : onn_d2nn_regions(d, region);
}

/* ---- JSON ---- */

/* Sizes that were left to the library are written as what they came to, so that a run stays what it
 * was when the library learns better. */
static bool put_sizes(cJSON *o, const onn_d2nn *d)
{
	return onn_json_put_whole(o, "height", d->height) &&
	       onn_json_put_whole(o, "width", d->width) &&
	       onn_json_put_whole(o, "outputs", d->outputs) &&
	       onn_json_put_whole(o, "layers", d->layers) &&
	       onn_json_put_whole(o, "grid", d->grid) && onn_json_put_real(o, "pitch", d->pitch) &&
	       onn_json_put_real(o, "wavelength", d->wavelength) &&
	       onn_json_put_real(o, "distance", d->distance) &&
	       onn_json_put_whole(o, "padding", onn_d2nn_padding(d)) &&
	       onn_json_put_whole(o, "image", image_side(d)) &&
	       onn_json_put_whole(o, "detector", detector_side(d));
}

static bool put_choices(cJSON *o, const onn_d2nn *d)
{
	return onn_json_put_text(o, "encoding", onn_d2nn_encoding_name(d->encoding)) &&
	       onn_json_put_text(o, "modulation", onn_d2nn_modulation_name(d->modulation)) &&
	       onn_json_put_text(o, "detection", onn_d2nn_detection_name(d->detection)) &&
	       onn_json_put_text(o, "loss", onn_d2nn_loss_name(d->loss)) &&
	       onn_json_put_real(o, "gain", d->gain) &&
	       onn_json_put_real(o, "misalign", d->misalign) &&
	       onn_json_put_whole(o, "levels", d->levels) &&
	       onn_json_put_text(o, "precision", onn_type_name(d->precision)) &&
	       onn_json_put_start(o, &d->start);
}

char *onn_d2nn_to_json(const onn_d2nn *d)
{
	cJSON *o = cJSON_CreateObject();
	bool fine =
	    o && onn_json_put_text(o, "model", "d2nn") && put_sizes(o, d) && put_choices(o, d);
	cJSON *absorber = fine ? cJSON_AddObjectToObject(o, "absorber") : NULL;
	if (absorber && onn_json_put_absorber(absorber, &d->absorber))
		return onn_json_finish(o);
	cJSON_Delete(o);
	return NULL;
}

static void get_d2nn(const cJSON *o, onn_d2nn *d, onn_status *status)
{
	uint64_t levels = d->levels;
	const char *kind = onn_json_get_text(o, "model", status);
	if (kind && strcmp(kind, "d2nn") != 0)
		onn_json_unknown(status, "model", kind);
	onn_json_get_size(o, "height", &d->height, status);
	onn_json_get_size(o, "width", &d->width, status);
	onn_json_get_size(o, "outputs", &d->outputs, status);
	onn_json_get_size(o, "layers", &d->layers, status);
	onn_json_get_size(o, "grid", &d->grid, status);
	onn_json_get_real(o, "pitch", &d->pitch, status);
	onn_json_get_real(o, "wavelength", &d->wavelength, status);
	onn_json_get_real(o, "distance", &d->distance, status);
	onn_json_get_size(o, "padding", &d->padding, status);
	onn_json_get_size(o, "image", &d->image, status);
	onn_json_get_size(o, "detector", &d->detector, status);
	ONN_JSON_WORD(o, "encoding", &d->encoding, onn_d2nn_encoding_from_name);
	ONN_JSON_WORD(o, "modulation", &d->modulation, onn_d2nn_modulation_from_name);
	ONN_JSON_WORD(o, "detection", &d->detection, onn_d2nn_detection_from_name);
	ONN_JSON_WORD(o, "loss", &d->loss, onn_d2nn_loss_from_name);
	onn_json_get_real(o, "gain", &d->gain, status);
	onn_json_get_real(o, "misalign", &d->misalign, status);
	onn_json_get_whole(o, "levels", &levels, status);
	d->levels = levels > UINT32_MAX ? UINT32_MAX : (unsigned)levels;
	ONN_JSON_WORD(o, "precision", &d->precision, onn_precision_from_name);
	onn_json_get_start(o, &d->start, status);
	const cJSON *absorber = cJSON_GetObjectItemCaseSensitive(o, "absorber");
	if (absorber)
		onn_json_get_absorber(absorber, &d->absorber, status);
}

onn_status onn_d2nn_from_json(onn_d2nn *d2nn, const char *json)
{
	static const char *const name = "onn_d2nn_from_json";
	onn_status status = ONN_OK;
	*d2nn = (onn_d2nn)ONN_D2NN_INIT;
	cJSON *o = onn_json_parse(name, json, &status);
	if (!o)
		return status;
	get_d2nn(o, d2nn, &status);
	cJSON_Delete(o);
	return status ? status : onn_d2nn_check(d2nn) ? onn_json_refuse(name) : ONN_OK;
}
