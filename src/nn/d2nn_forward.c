/*
 * Light through a diffractive network, as a graph.
 *
 * A space is one filter step, whose prologue is the plate before it, and only what is looked at is
 * computed: the first space begins with the image's pixels, the last ends with the rectangle that
 * holds the detectors.
 */
#include <stdlib.h>
#include <string.h>

#include <onn/fourier.h>

#include "core/error.h"
#include "core/pi.h"
#include "nn/d2nn.h"
#include "nn/model.h"
#include "optics/transfer.h"

/* Streams of the errors: three a plate, one a plate */
enum { STREAM_SHIFT = 0x1000, STREAM_PHASE = 0x2000, STREAM_CAMERA = 0x3000 };

typedef struct setup {
	const onn_d2nn *d;
	const onn_condition *condition;
	onn_graph *g;
	onn_type real, complex;
	size_t padding;
	onn_node h; /* of the space between plates, [padded, padded] */
} setup;

/* ---- the image ---- */

/* Bilinear enlargement of n pixels to `to`, [to, n]: pixels are areas, and edges go on. */
static onn_node enlargement(const setup *s, size_t to, size_t n)
{
	onn_array *a = NULL, *rounded = NULL;
	onn_status status = onn_array_create(&a, ONN_F64, 2, (size_t[]){to, n});
	double *m = status ? NULL : onn_array_data(a);
	for (size_t i = 0; i < to && m; i++) {
		double at = ((double)i + .5) * (double)n / (double)to - .5;
		at = at < 0 ? 0 : at > (double)(n - 1) ? (double)(n - 1) : at;
		size_t low = (size_t)at, high = low + 1 < n ? low + 1 : low;
		m[i * n + low] += 1 - (at - (double)low);
		m[i * n + high] += at - (double)low;
	}
	/* rounded here: a device may have no fp64 */
	if (!status)
		status = onn_array_convert(&rounded, a, s->real);
	onn_node matrix =
	    status ? onn_fail(s->g, status, "%s", onn_last_error()) : onn_constant(s->g, rounded);
	onn_array_destroy(a);
	onn_array_destroy(rounded);
	return matrix;
}

/* x [batch, height width] in [0, 1] as a field [batch, ny, nx]. */
static onn_node light_of(const setup *s, onn_node x, const onn_region *at)
{
	onn_graph *g = s->g;
	if (onn_graph_status(g) || !x.id)
		return ONN_NULL_NODE;
	size_t batch = onn_node_shape(g, x)[0], h = s->d->height, w = s->d->width;
	onn_node rows = onn_matmul_op(g, onn_reshape(g, x, 2, (size_t[]){batch * h, w}), ONN_N,
	    enlargement(s, at->nx, w), ONN_T);
	onn_node picture = onn_matmul(
	    g, enlargement(s, at->ny, h), onn_reshape(g, rows, 3, (size_t[]){batch, h, at->nx}));
	if (s->d->encoding == ONN_D2NN_ENCODING_AMPLITUDE)
		return picture;
	return onn_expi(g, onn_mul_real(g, picture, (double)ONN_PI));
}

/* ---- the plates ---- */

static onn_node phase_noise(const setup *s, size_t layer)
{
	const onn_condition *c = s->condition;
	size_t n = s->d->grid;
	onn_node noise = onn_random_normal(s->g, s->real, 2, (size_t[]){n, n}, c->seed,
	    STREAM_PHASE + (uint32_t)layer, onn_scalar(s->g, ONN_U32, 0));
	return onn_mul_real(s->g, noise, c->damage.phase_noise);
}

/* Transmission as it was meant to be, with the errors of making it: complex [grid, grid]. */
static onn_node made_plate(const setup *s, onn_node weight, size_t layer)
{
	onn_graph *g = s->g;
	const onn_condition *c = s->condition;
	onn_slm slm = ONN_SLM_INIT;
	slm.levels = c->damaged && c->damage.quantise ? c->damage.levels : s->d->levels;
	bool noisy = c->damaged && c->damage.phase_noise > 0;
	if (s->d->modulation == ONN_D2NN_MODULATION_PHASE) {
		onn_node phase = slm.levels ? onn_slm_phase(g, weight, &slm) : weight;
		return onn_expi(g, noisy ? onn_add(g, phase, phase_noise(s, layer)) : phase);
	}
	size_t shape[2] = {s->d->grid, s->d->grid};
	onn_node re = onn_reshape(g, onn_slice(g, weight, 0, 0, 1, 1), 2, shape);
	onn_node im = onn_reshape(g, onn_slice(g, weight, 0, 1, 1, 1), 2, shape);
	onn_node plate = onn_complex(g, re, im);
	return noisy ? onn_mul(g, plate, onn_expi(g, phase_noise(s, layer))) : plate;
}

/* The same with the errors of mounting it. Training meets others at each step; a damaged copy keeps
 * its own. */
static onn_node mounted_plate(const setup *s, onn_node weight, size_t layer)
{
	const onn_condition *c = s->condition;
	onn_node plate = made_plate(s, weight, layer);
	onn_misalignment m = ONN_MISALIGNMENT_INIT;
	m.shift = c->damaged ? c->damage.misalign : c->step.id ? s->d->misalign : 0;
	m.seed = c->seed;
	m.stream = STREAM_SHIFT + 3 * (uint32_t)layer;
	if (m.shift == 0)
		return plate;
	onn_grid grid = onn_d2nn_grid(s->d);
	return onn_misaligned_plate(
	    s->g, plate, &grid, &m, c->damaged ? onn_scalar(s->g, ONN_U32, 0) : c->step);
}

static onn_node part_of(onn_graph *g, onn_node plate, const onn_region *r)
{
	return onn_slice(g, onn_slice(g, plate, 0, r->y, r->ny, 1), 1, r->x, r->nx, 1);
}

/* ---- the way of the light ---- */

static onn_node transfer_function(const setup *s)
{
	onn_grid grid = onn_d2nn_grid(s->d);
	onn_light light = onn_monochromatic(s->complex, s->d->wavelength);
	size_t pad[2] = {s->padding, s->padding};
	onn_transfer t;
	onn_transfer_request(
	    &t, &grid, &light, ONN_METHOD_ASM, ONN_EVANESCENT_DECAY, pad, s->d->distance);
	return onn_transfer_node(s->g, &t);
}

/* Behind plate and space: of what comes from one part of the grid, what arrives in another. */
static onn_node pass(
    const setup *s, onn_node e, onn_node plate, const onn_region *from, const onn_region *to)
{
	size_t at[2] = {s->padding + from->y, s->padding + from->x};
	onn_window keep = {{s->padding + to->y, s->padding + to->x}, {to->ny, to->nx}};
	e = onn_mul(s->g, e, part_of(s->g, plate, from));
	if (s->d->absorber.depth > 0)
		e = onn_saturable_absorber(s->g, e, &s->d->absorber);
	return onn_filter(s->g, e, s->h, at, &keep);
}

/* The input's field and the one behind each space: layers + 1 of them. last: the part that counts
 * of the last one. */
static void propagate(
    const setup *s, onn_node x, const onn_node *weight, const onn_region *last, onn_node *field)
{
	onn_region from = onn_d2nn_image_region(s->d);
	const onn_region whole = {0, 0, s->d->grid, s->d->grid};
	field[0] = light_of(s, x, &from);
	for (size_t i = 0; i < s->d->layers; i++) {
		const onn_region *to = i + 1 < s->d->layers ? &whole : last;
		field[i + 1] = pass(s, field[i], mounted_plate(s, weight[i], i), &from, to);
		from = *to;
	}
}

static setup set_up(const onn_d2nn *d, onn_graph *g, const onn_condition *condition)
{
	setup s = {.d = d,
	    .condition = condition,
	    .g = g,
	    .real = d->precision,
	    .complex = onn_type_complex(d->precision),
	    .padding = onn_d2nn_padding(d)};
	s.h = transfer_function(&s);
	return s;
}

static onn_node intensity_of(onn_graph *g, onn_node field)
{
	bool complex = field.id && onn_type_is_complex(onn_node_type(g, field));
	return complex ? onn_abs2(g, field) : onn_square(g, field);
}

/* All light of each image, [batch, 1, 1]. */
static onn_node light_in(onn_graph *g, onn_node field)
{
	return onn_sum(g, intensity_of(g, field), (int[]){1, 2}, 2, true);
}

/* x / y, 0 where y is 0: an image without light. */
static onn_node part(onn_graph *g, onn_node x, onn_node y)
{
	if (onn_graph_status(g) || !y.id)
		return ONN_NULL_NODE;
	return onn_div(g, x, onn_max(g, y, onn_scalar(g, onn_node_type(g, y), 1e-30)));
}

/* The detectors' plane as a camera reads it: intensity in units of all light of an image. */
static onn_node with_noise(const setup *s, onn_node intensity)
{
	const onn_condition *c = s->condition;
	onn_camera camera = ONN_CAMERA_INIT;
	camera.photons = c->damage.photons;
	camera.read_noise = c->damage.read_noise;
	camera.shot_noise = true;
	camera.seed = c->seed;
	camera.stream = STREAM_CAMERA;
	return onn_camera_reading(s->g, intensity, &camera, c->batch);
}

/* The detectors' readings, [batch, regions]: |E|^2 summed, or in units of all light of an image. */
static onn_node read_detectors(const setup *s, onn_node x, const onn_node *weight, bool fractions)
{
	onn_node field[ONN_D2NN_MAX_LAYERS + 1];
	size_t count = onn_d2nn_region_count(s->d);
	onn_region *region = calloc(count, sizeof *region);
	if (!region)
		return onn_fail(s->g, ONN_ERROR_MEMORY, "onn_model_forward: no memory");
	onn_status status = onn_d2nn_regions(s->d, region);
	onn_region box = onn_d2nn_detector_box(region, count);
	for (size_t i = 0; i < count; i++) {
		region[i].y -= box.y;
		region[i].x -= box.x;
	}
	propagate(s, x, weight, &box, field);
	onn_node intensity = intensity_of(s->g, field[s->d->layers]);
	bool camera = s->condition->damaged && s->condition->damage.photons > 0;
	if (fractions || camera)
		intensity = part(s->g, intensity, light_in(s->g, field[0]));
	if (camera)
		intensity = with_noise(s, intensity);
	onn_node readings = status ? onn_fail(s->g, status, "%s", onn_last_error())
	                           : onn_detect(s->g, intensity, region, count);
	free(region);
	return readings;
}

/* Readings as outputs, the largest of which is the class. */
static onn_node outputs_of(const setup *s, onn_node readings)
{
	if (s->d->detection == ONN_D2NN_DETECTION_DIFFERENTIAL)
		return onn_differential(s->g, readings);
	return part(s->g, readings, onn_sum(s->g, readings, (int[]){-1}, 1, true));
}

onn_node onn_d2nn_forward(const onn_d2nn *d, onn_graph *g, onn_node x, const onn_node *leaf,
    const onn_condition *condition)
{
	setup s = set_up(d, g, condition);
	return outputs_of(&s, read_detectors(&s, x, leaf, false));
}

/* ---- to look at ---- */

static const onn_condition as_designed = {.damaged = false};

static void build_measures(const onn_model *model, onn_graph *g, onn_node x, onn_node *output)
{
	onn_node leaf[ONN_MODEL_MAX_WEIGHTS];
	onn_model_leaves(model, g, leaf);
	setup s = set_up(onn_model_d2nn(model), g, &as_designed);
	output[1] = read_detectors(&s, x, leaf, true);
	output[0] = outputs_of(&s, output[1]);
}

static void build_planes(const onn_model *model, onn_graph *g, onn_node x, onn_node *output)
{
	onn_node leaf[ONN_MODEL_MAX_WEIGHTS], field[ONN_D2NN_MAX_LAYERS + 1];
	const onn_d2nn *d = onn_model_d2nn(model);
	onn_region whole = {0, 0, d->grid, d->grid}, at = onn_d2nn_image_region(d);
	onn_model_leaves(model, g, leaf);
	setup s = set_up(d, g, &as_designed);
	propagate(&s, x, leaf, &whole, field);
	if (onn_graph_status(g))
		return;
	size_t batch = onn_node_shape(g, x)[0];
	for (size_t i = 0; i <= d->layers; i++) {
		onn_node plane = intensity_of(g, field[i]);
		if (i == 0) {
			plane = onn_pad(g, plane, 1, at.y, d->grid - at.y - at.ny);
			plane = onn_pad(g, plane, 2, at.x, d->grid - at.x - at.nx);
		}
		field[i] = onn_reshape(g, plane, 4, (size_t[]){batch, 1, d->grid, d->grid});
	}
	output[0] = onn_concat(g, field, d->layers + 1, 1);
}

static onn_status check_kind(const char *function, const onn_model *model)
{
	if (model && onn_model_d2nn(model))
		return ONN_OK;
	return onn_error(ONN_ERROR_ARGUMENT, "%s: %s; expected a diffractive network", function,
	    model ? "the model is a perceptron" : "no model");
}

onn_status onn_d2nn_measure(onn_array **output, onn_array **fraction, const onn_model *model,
    onn_device *device, const onn_array *x, double scale)
{
	static const onn_reading reading = {2, build_measures};
	onn_array *result[2] = {NULL, NULL};
	onn_status status = check_kind("onn_d2nn_measure", model);
	if (!status)
		status =
		    onn_model_read("onn_d2nn_measure", &reading, result, model, device, x, scale);
	*output = result[0];
	*fraction = result[1];
	return status;
}

onn_status onn_d2nn_planes(onn_array **intensity, const onn_model *model, onn_device *device,
    const onn_array *x, double scale)
{
	static const onn_reading reading = {1, build_planes};
	*intensity = NULL;
	onn_status status = check_kind("onn_d2nn_planes", model);
	return status ? status
	              : onn_model_read(
	                    "onn_d2nn_planes", &reading, intensity, model, device, x, scale);
}
