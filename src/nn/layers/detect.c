/*
 * Detectors: regions whose light is read, or pairs of them whose difference over their sum is.
 *
 * Without a size of their own regions stand in rows over the middle seven tenths of the grid, where
 * light from all of the last plate arrives, each a tenth of the grid wide: ten of them in rows of
 * 3, 4 and 3 then have as much room between them (docs/results.md). Rows and columns that are
 * asked for cover all of the grid, side by side.
 */
#include <stdlib.h>

#include <onn/network.h>

#include "core/error.h"
#include "core/streams.h"
#include "nn/layers/detect.h"
#include "nn/network.h"
#include "nn/words.h"

enum { MOST_REGIONS = 1 << 16 };

static const char *const reading_list[] = {ONN_DETECT_READING_WORDS};
static const onn_words readings_ = {reading_list, 3, ONN_READING_SHARE, NULL, 0};

#define ROW(name, kind, member) ONN_SETTING(name, kind, onn_detect_values, member)
static const onn_setting rows[] = {
    {ROW("regions", SIZE, regions), .low = 1, .high = 4096, .length = 2, .counted = true,
        .counter = offsetof(onn_detect_values, nregions)},
    {ROW("side", SIZE, side), .low = 1, .high = 8192, .zero = "as is usual"},
    {ROW("area", SIZE, area), .low = 1, .high = 8192, .zero = "as is usual"},
    {ROW("detection", WORD, detection), .words = &onn_d2nn_detection_words},
    {ROW("reading", WORD, reading), .words = &readings_},
};

const onn_settings *onn_detect_settings(void)
{
	ONN_RETURN_SETTINGS("detect", rows, onn_detect_values, NULL,
	    {0, {0, 0}, 0, 0, ONN_D2NN_DETECTION_PLAIN, ONN_READING_SHARE});
}

/* ---- where they are ---- */

size_t onn_detect_side(size_t side, size_t grid)
{
	side = side ? side : (grid + 5) / 10;
	return side ? side : 1;
}

size_t onn_detect_area(size_t area, size_t grid) { return area ? area : (7 * grid + 9) / 10; }

static bool is_differential(const onn_detect_values *d)
{
	return d->detection == ONN_D2NN_DETECTION_DIFFERENTIAL;
}

/* Readings; of pairs two each. */
static size_t region_count(const onn_detect_values *d, size_t classes)
{
	size_t outputs = d->nregions == 0   ? classes
	                 : d->nregions == 1 ? d->regions[0]
	                                    : d->regions[0] * d->regions[1];
	return is_differential(d) ? 2 * outputs : outputs;
}

/* Rows and columns over the area; of pairs those that count against follow in more rows. */
static onn_status lay_out(
    onn_region *region, const onn_detect_values *d, const onn_grid *grid, size_t classes)
{
	size_t count = region_count(d, classes);
	size_t least = grid->ny < grid->nx ? grid->ny : grid->nx;
	bool placed = d->nregions == 2;
	size_t area = placed && !d->area ? least : onn_detect_area(d->area, least);
	size_t side = onn_detect_side(d->side, least);
	onn_grid middle = *grid;
	onn_status status;
	if (area > least)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "an area of %zu pixels; expected at most the grid's %zu", area, least);
	middle.ny = middle.nx = area;
	if (placed) {
		size_t rows_ = d->regions[0] * (is_differential(d) ? 2 : 1);
		size_t room = area / (rows_ > d->regions[1] ? rows_ : d->regions[1]);
		side = d->side ? d->side : room;
		status = onn_detector_grid(region, &middle, rows_, d->regions[1], side, side);
	} else {
		status = onn_detector_layout(region, &middle, count, side, side);
	}
	for (size_t i = 0; i < count && !status; i++) {
		region[i].y += (grid->ny - area) / 2;
		region[i].x += (grid->nx - area) / 2;
	}
	return status;
}

/* The caller frees *region; NULL and 0 where it fails. */
static onn_status make_regions(onn_region **region, size_t *count, const onn_detect_values *d,
    const onn_grid *grid, size_t classes)
{
	size_t n = region_count(d, classes);
	*region = NULL;
	*count = 0;
	if (n == 0)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "the number of classes is not known; expected regions, or a data set");
	if (n > MOST_REGIONS)
		return onn_error(
		    ONN_ERROR_ARGUMENT, "%zu regions; expected at most %d", n, MOST_REGIONS);
	onn_region *made = malloc(n * sizeof *made);
	if (!made)
		return onn_error_memory("onn_network_check", n * sizeof *made);
	onn_status status = lay_out(made, d, grid, classes);
	if (status) {
		free(made);
		return status;
	}
	*region = made;
	*count = n;
	return ONN_OK;
}

/* The least rectangle that holds some regions. */
static onn_region box_of(const onn_region *region, size_t count)
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

static onn_status shape(onn_signal *s, const void *layer, const onn_network_options *network)
{
	const onn_detect_values *d = layer;
	onn_region *region;
	size_t count;
	onn_status status = make_regions(&region, &count, d, &s->grid, network->classes);
	free(region);
	*s = (onn_signal){.ndim = 1, .shape = {is_differential(d) ? count / 2 : count}};
	return status;
}

/* ---- what they read ---- */

/* The regions of a layer in a pass; false with the graph's error. */
static bool regions_of(onn_region **region, size_t *count, const onn_layer_call *call)
{
	const onn_network_options *o = &call->pass->network->options;
	onn_status status = make_regions(region, count, call->layer, &call->in.grid, o->classes);
	if (status)
		onn_fail(call->g, status, "detect: %s", onn_last_error());
	return !status;
}

static onn_region looks_at(const onn_layer_call *call)
{
	onn_region *region, box = onn_whole(&call->in.grid);
	size_t count;
	if (!call->pass->whole && regions_of(&region, &count, call)) {
		box = box_of(region, count);
		free(region);
	}
	return box;
}

/* The detectors' plane as a camera reads it: intensity in units of all light of an image. */
static onn_node with_noise(const onn_layer_call *call, onn_node intensity)
{
	const onn_run_condition *c = call->pass->condition;
	onn_camera camera = ONN_CAMERA_INIT;
	camera.photons = c->damage.photons;
	camera.read_noise = c->damage.read_noise;
	camera.shot_noise = true;
	camera.seed = c->seed;
	camera.stream = ONN_STREAM_DETECT;
	return onn_camera_reading(call->g, intensity, &camera, c->batch);
}

/* Readings as outputs, of a classifier those whose largest is the class. */
static onn_node outputs_of(onn_graph *g, const onn_detect_values *d, onn_node readings)
{
	if (is_differential(d))
		return onn_differential(g, readings);
	if (d->reading != ONN_READING_SHARE)
		return readings;
	return onn_part_of(g, readings, onn_sum(g, readings, (int[]){-1}, 1, true));
}

static void forward(onn_flow *flow, const onn_layer_call *call)
{
	const onn_detect_values *d = call->layer;
	onn_graph *g = call->g;
	onn_region *region;
	size_t count;
	if (!regions_of(&region, &count, call))
		return;
	onn_region box = box_of(region, count);
	for (size_t i = 0; i < count; i++) {
		region[i].y -= box.y;
		region[i].x -= box.x;
	}
	onn_node intensity = onn_flow_intensity(flow, g, &box);
	bool camera = call->pass->condition->damaged && call->pass->condition->damage.photons > 0;
	if (call->pass->fractions || camera || d->reading == ONN_READING_FRACTION)
		intensity = onn_part_of(g, intensity, onn_pass_light(call->pass, g));
	if (camera)
		intensity = with_noise(call, intensity);
	onn_node readings = onn_detect(g, intensity, region, count);
	free(region);
	call->pass->readings = readings;
	flow->x = outputs_of(g, d, readings);
}

const onn_layer_kind onn_detect_layer = {sizeof(onn_layer_kind), "detect",
    "regions whose light is read", ONN_TAKES_LIGHT, onn_detect_settings, .shape = shape,
    .looks_at = looks_at, .forward = forward};

onn_status onn_network_detectors(
    onn_region **region, size_t *count, const onn_network *network, size_t i)
{
	onn_signal s;
	*region = NULL;
	*count = 0;
	onn_status status =
	    onn_network_layer_of(&s, "onn_network_detectors", network, i, onn_detect_layer.name);
	if (status)
		return status;
	return make_regions(
	    region, count, network->layer[i].values, &s.grid, network->options.classes);
}
