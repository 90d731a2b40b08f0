/* onn propagate: fields in a file, a distance further on. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/optics.h>
#include <onn/plan.h>
#include <onn/sampling.h>

#include "core/formats.h"
#include "plot.h"
#include "propagate/propagate.h"
#include "result.h"
#include "system.h"

/* What is asked for. */
typedef struct request {
	double wavelength, pitch[2];
	onn_method method;
	size_t padding[2]; /* SIZE_MAX: half the size */
	onn_evanescent evanescent;
	double out_pitch[2], out_shift[2]; /* a pitch of 0: that of IN */
	double tolerance;
	onn_type precision;
} request;

static const char *const method_list[] = {ONN_METHOD_WORDS};
static const onn_words methods = {method_list, 7, ONN_METHOD_AUTO, NULL, 0};
static const char *const evanescent_list[] = {ONN_EVANESCENT_WORDS};
static const onn_words policies = {evanescent_list, 3, ONN_EVANESCENT_DECAY, NULL, 0};
static const char *const precision_list[] = {"f32", "f64"};
static const onn_words precisions = {precision_list, 2, ONN_F32, NULL, 0};

#define ROW(name, kind, member) ONN_SETTING(name, kind, request, member)
#define POSITIVE                .low = 0, .high = INFINITY, .low_open = true, .unit = "m"
static const onn_setting setting_rows[] = {
    {ROW("wavelength", REAL, wavelength), POSITIVE},
    {ROW("pitch", REAL, pitch), POSITIVE, .length = 2},
    {ROW("method", WORD, method), .words = &methods},
    {ROW("padding", SIZE, padding), .low = 0, .high = 1 << 30, .length = 2, .word = "half",
        .needs = "method=asm|band-limited|fresnel|scaled|auto"},
    {ROW("evanescent", WORD, evanescent), .words = &policies,
        .needs = "method=asm|band-limited|scaled|auto"},
    {ROW("out_pitch", REAL, out_pitch), POSITIVE, .length = 2, .zero = "that of IN",
        .needs = "method=scaled"},
    {ROW("out_shift", REAL, out_shift), .unit = "m", .length = 2, .needs = "method=scaled"},
    {ROW("tolerance", REAL, tolerance), .low = 0, .high = INFINITY, .low_open = true},
    {ROW("precision", WORD, precision), .words = &precisions},
};

static const onn_settings *request_settings(void)
{
	static const request standard = {.method = ONN_METHOD_AUTO,
	    .padding = {SIZE_MAX, SIZE_MAX},
	    .evanescent = ONN_EVANESCENT_DECAY,
	    .tolerance = 1e-3,
	    .precision = ONN_F64};
	static const onn_settings settings = {"propagate", setting_rows,
	    sizeof setting_rows / sizeof *setting_rows, sizeof(request), &standard, NULL};
	return &settings;
}

typedef struct settings {
	request r;
	number_list distance;
	picture_look look;
	const char *plot, *device;
	uint64_t threads;
	bool json;
} settings;

#define AT(member)    offsetof(settings, member)
#define REQUEST(name) SETTING(name, request_settings, r)
#define LOOK(name)    SETTING(name, picture_look_settings, look)

static const option_row rows[] = {
    {REQUEST("wavelength"), .needed = true, .help = "metres, in the medium; needed"},
    {REQUEST("pitch"), .needed = true, .help = "metres from pixel to pixel; needed"},
    {OPTION("distance", INPUTS, distance), .unit = "m", .needed = true,
        .shown = "Z|LIST|MIN:MAX:COUNT",
        .help = "metres; below 0 goes back; needed. Of several OUT is a stack, a field for each "
                "in front of IN's own axes"},
    {REQUEST("method"),
        .help = "auto: the way that this light is computed best with, and as much padding as the "
                "tolerance needs; angular spectrum; the same within the band that it is sampled "
                "in; paraxial; far field, with the pitch wavelength Z/(n P); Rayleigh-Sommerfeld; "
                "angular spectrum to a pitch of your own"},
    {REQUEST("padding"),
        .help = "pixels of zeros on each side of an axis, against light that comes in again at the "
                "other side; half: of the size, or with auto as many as are needed; 0: the field "
                "repeats beyond its edges; not for fraunhofer, nor for rs, which takes what "
                "it needs; one row is a field in one dimension, which NY does not count for"},
    {REQUEST("evanescent"),
        .help = "what becomes of components finer than the wavelength (asm, band-limited, scaled): "
                "exponential decay, for Z of at least 0; nothing is left; or all of it is"},
    {REQUEST("out-pitch"),
        .help = "metres from pixel to pixel in OUT, with --method scaled; 0: that of IN"},
    {REQUEST("out-shift"),
        .help = "metres from the optical axis to the centre of OUT, with --method scaled"},
    {REQUEST("tolerance"),
        .help = "largest error of an amplitude that is wished for, over the largest amplitude; "
                "what is expected to be wrong is told, with WARNING: where it is more"},
    {REQUEST("precision"), .help = "of the field: complex numbers of 8 or of 16 bytes"},
    {OPTION("plot", FILE, plot), .shown = "FILE",
        .help = "also draw OUT, with axes and scale, into FILE, a name of .png, .svg or .pdf "
                "(needs gnuplot): intensity and phase, a panel a field; of more than 8 equally "
                "spaced distances the intensity in x against z; a .gif is a film of it, a frame a "
                "field"},
    PICTURE_ROWS,
    JSON_ROW,
    DEVICE_ROW(DEVICE_HELP DEVICE_ELSE "; auto takes c where the GPU lacks the precision"),
    THREADS_ROW,
};

typedef struct work {
	const settings *s;
	const char *to;
	onn_type type;
	onn_grid grid;
	onn_light light;
	onn_propagation how;
	onn_measure measure; /* of the distance at hand */
	onn_measure worst;
	double worst_at;
	onn_phase_sampling steps; /* of what is put in */
	onn_device *device;
	onn_graph *graph;
	onn_plan *plan;
	onn_tensor *field;
	onn_array *in, *out;
	onn_grid out_grid;
} work;

/* Evanescent waves that decay on their way would grow on the way back. */
static int check_way(const settings *s)
{
	const request *r = &s->r;
	double nearest = s->distance.value[0];
	for (size_t i = 1; i < s->distance.count; i++)
		nearest = fmin(nearest, s->distance.value[i]);
	bool spectrum = r->method == ONN_METHOD_ASM || r->method == ONN_METHOD_BAND_LIMITED ||
	                r->method == ONN_METHOD_SCALED || r->method == ONN_METHOD_AUTO;

	if (spectrum && nearest < 0 && r->evanescent == ONN_EVANESCENT_DECAY)
		return command_usage(&command_propagate,
		    "--distance is %g and --evanescent is decay, which would grow; expected drop "
		    "or pass",
		    nearest);
	return EXIT_OK;
}

static int check_options(const settings *s, const command_line *line)
{
	static const char *const place[] = {"IN", "OUT"};

	for (size_t i = 0; i < 2; i++)
		if (!field_path_fits(line->argument[i], i == 1))
			return command_usage(&command_propagate, "%s is '%s'; " FIELD_ENDINGS,
			    place[i], line->argument[i]);
	if (system_same_file(line->argument[0], line->argument[1]))
		return command_usage(&command_propagate,
		    "OUT, %s, is IN, %s, which is never overwritten; expected another name",
		    line->argument[1], line->argument[0]);
	if (!plot_is_film(s->plot) && !plot_path_fits(&command_propagate, "--plot", s->plot))
		return EXIT_USAGE;
	int code = command_needs(&command_propagate, line, s);
	return code ? code : check_way(s);
}

static void describe(work *w)
{
	const request *r = &w->s->r;
	const size_t *size = onn_array_shape(w->in) + onn_array_ndim(w->in) - 2;

	w->light = onn_monochromatic(w->type, r->wavelength);
	w->grid = (onn_grid){size[0], size[1], r->pitch[0], r->pitch[1], 0, 0};
	w->how = (onn_propagation)ONN_PROPAGATION_INIT;
	w->how.method = r->method;
	w->how.evanescent = r->evanescent;
	for (int axis = 0; axis < 2; axis++)
		w->how.pad[axis] =
		    r->padding[axis] == SIZE_MAX ? ONN_PAD_HALF : (ptrdiff_t)r->padding[axis];
	if (r->method == ONN_METHOD_SCALED)
		w->how.to = (onn_grid){size[0], size[1],
		    r->out_pitch[0] > 0 ? r->out_pitch[0] : r->pitch[0],
		    r->out_pitch[1] > 0 ? r->out_pitch[1] : r->pitch[1], r->out_shift[0],
		    r->out_shift[1]};
}

static size_t padding_of(const work *w, int axis)
{
	size_t size = axis ? w->grid.nx : w->grid.ny;

	if (!axis && size == 1)
		return 0; /* one row is a field in one dimension */
	return w->how.pad[axis] == ONN_PAD_HALF ? size / 2 : (size_t)w->how.pad[axis];
}

/* Systems promise memory that they don't have, so it is asked for here. A propagation keeps four
 * copies of the padded field at least: the transfer function where it is made, in the graph and on
 * the device, and the spectrum; chirps take four times as much (measured). */
static int check_memory(const work *w)
{
	bool padded = w->how.method != ONN_METHOD_FRAUNHOFER;
	double have = system_memory(), copies = w->how.method == ONN_METHOD_SCALED ? 16 : 4;
	double ny = (double)w->grid.ny + (padded ? 2 * (double)padding_of(w, 0) : 0);
	double nx = (double)w->grid.nx + (padded ? 2 * (double)padding_of(w, 1) : 0);
	double stack = (double)w->s->distance.count * (double)onn_array_count(w->in);
	double need = (copies * ny * nx + stack) * (double)onn_type_size(w->type);

	if (have > 0 && need > have)
		return command_fail(&command_propagate,
		    "%zu x %zu pixels padded by %zu x %zu on each side need %.3g GB; this machine "
		    "has "
		    "%.3g GB",
		    w->grid.ny, w->grid.nx, padding_of(w, 0), padding_of(w, 1), need * 1e-9,
		    have * 1e-9);
	return EXIT_OK;
}

static onn_status open_device(work *w)
{
	onn_device_options options = ONN_DEVICE_OPTIONS_INIT;

	options.threads = (int)w->s->threads;
	return device_open_for(&w->device, w->s->device, &options, w->type);
}

/* The way that this light takes best, or how good the one that was asked for is. */
static onn_status choose(work *w, double z)
{
	describe(w);
	onn_status status = onn_propagation_measure(
	    &w->measure, w->device, w->in, &w->grid, &w->light, z, &w->how, w->s->r.tolerance);
	if (status)
		return status;
	w->how.method = w->measure.method;
	for (int axis = 0; axis < 2 && w->s->r.method == ONN_METHOD_AUTO; axis++)
		w->how.pad[axis] = (ptrdiff_t)w->measure.pad[axis];
	bool worse = w->measure.enough == w->worst.enough ? w->measure.error > w->worst.error
	                                                  : !w->measure.enough;
	if (worse || !w->out) {
		w->worst = w->measure;
		w->worst_at = z;
	}
	return ONN_OK;
}

static void release_plan(work *w)
{
	onn_plan_destroy(w->plan);
	onn_graph_destroy(w->graph);
	w->plan = NULL;
	w->graph = NULL;
}

static onn_status prepare(work *w, double z)
{
	const size_t size[2] = {w->grid.ny, w->grid.nx};
	onn_status status = onn_graph_create(&w->graph);

	if (status)
		return status;
	onn_node e = onn_variable(w->graph, "field", w->type, 2, size);
	onn_field field = onn_field_of(w->graph, e, &w->grid, &w->light);
	field = onn_propagate(w->graph, field, z, &w->how);
	w->out_grid = field.grid;
	status = onn_plan_create(&w->plan, w->device, w->graph, &field.e, 1, NULL);
	if (!status && !w->field)
		status = onn_tensor_create(&w->field, w->device, w->type, 2, size);
	if (!status)
		status = onn_plan_bind(w->plan, "field", w->field);
	return status;
}

/* Times 2^power. */
static void shift(onn_type type, void *data, size_t bytes, int power)
{
	float *narrow = data;
	double *wide = data;
	if (power == 0)
		return;
	for (size_t i = 0; i < bytes / sizeof *narrow && type == ONN_C64; i++)
		narrow[i] = ldexpf(narrow[i], power);
	for (size_t i = 0; i < bytes / sizeof *wide && type == ONN_C128; i++)
		wide[i] = ldexp(wide[i], power);
}

/*
 * Which power of 2 brings a faint field to about 1: numbers below the normal range count as 0 in
 * transforms, which takes digits from fields of 1e-31 and less in f32, and all of them at 1e-36.
 */
static int faint_power(const work *w, const void *field)
{
	const float *narrow = field;
	const double *wide = field;
	size_t parts = 2 * w->grid.ny * w->grid.nx;
	double peak = 0;
	for (size_t i = 0; i < parts; i++)
		peak = fmax(peak, fabs(w->type == ONN_C64 ? narrow[i] : wide[i]));
	return peak > 0 && peak < 0x1p-60 ? -ilogb(peak) : 0;
}

/* Room for all distances; in front an axis of them, where there are several. */
static onn_status make_out(work *w)
{
	size_t shape[ONN_MAX_DIMS + 1], ndim = onn_array_ndim(w->in);
	bool several = w->s->distance.count > 1;

	shape[0] = w->s->distance.count;
	memcpy(shape + several, onn_array_shape(w->in), ndim * sizeof *shape);
	ndim += several;
	shape[ndim - 2] = w->out_grid.ny;
	shape[ndim - 1] = w->out_grid.nx;
	return onn_array_create(&w->out, w->type, ndim, shape);
}

/* One field after the other: a stack needs no more memory on the device than one field. */
static onn_status propagate_stack(work *w, char *to)
{
	size_t bytes = w->grid.ny * w->grid.nx * onn_type_size(w->type);
	size_t out_bytes = w->out_grid.ny * w->out_grid.nx * onn_type_size(w->type);
	size_t count = onn_array_count(w->in) / (w->grid.ny * w->grid.nx);
	char *from = onn_array_data(w->in);
	onn_status status = ONN_OK;

	for (size_t i = 0; i < count && !status; i++) {
		int power = faint_power(w, from + i * bytes);
		shift(w->type, from + i * bytes, bytes, power);
		status = onn_tensor_write(w->field, from + i * bytes, bytes);
		shift(w->type, from + i * bytes, bytes, -power);
		if (!status)
			status = onn_plan_run(w->plan);
		if (!status)
			status = onn_tensor_read(
			    to + i * out_bytes, onn_plan_output(w->plan, 0), out_bytes);
		if (!status)
			shift(w->type, to + i * out_bytes, out_bytes, -power);
	}
	return status;
}

static onn_status propagate(work *w)
{
	const number_list *z = &w->s->distance;
	onn_status status = open_device(w);

	if (!status)
		status = onn_numbers_sampling(&w->steps, w->in, &w->grid);
	for (size_t i = 0; i < z->count && !status; i++) {
		status = choose(w, z->value[i]);
		if (!status)
			status = prepare(w, z->value[i]);
		if (!status && !w->out)
			status = make_out(w);
		size_t bytes = w->out ? onn_array_count(w->out) / z->count : 0;
		if (!status)
			status = propagate_stack(
			    w, (char *)onn_array_data(w->out) + i * bytes * onn_type_size(w->type));
		release_plan(w);
	}
	return status;
}

/* The one line: how, why, and what the numbers in OUT are. */
static void tell(const work *w, double peak)
{
	const onn_grid *in = &w->grid, *out = &w->out_grid;
	size_t count = onn_array_count(w->in) / (in->ny * in->nx);

	const onn_measure *m = &w->worst;
	const number_list *z = &w->s->distance;
	bool far = m->method == ONN_METHOD_FRAUNHOFER, pads = !far && m->method != ONN_METHOD_RS;

	fprintf(stderr, "onn propagate: ");
	if (z->count > 1)
		fprintf(stderr, "%zu distances from %s to %s, worst at %s: ", z->count,
		    METRES(z->value[0], 4), METRES(z->value[z->count - 1], 4),
		    METRES(w->worst_at, 4));
	fprintf(stderr, "%s%s (%s); ",
	    m->enough ? ""
	    : far     ? "WARNING: no far field: "
	              : "WARNING: sampled too coarsely: ",
	    onn_method_name(m->method), m->why);
	if (count > 1)
		fprintf(stderr, "%zu fields of ", count);
	fprintf(stderr, "%zu x %zu pixels", in->ny, in->nx);
	if (pads && z->count == 1)
		fprintf(stderr, " padded to %zu x %zu", in->ny + 2 * padding_of(w, 0),
		    in->nx + 2 * padding_of(w, 1));
	fprintf(stderr, "; pitch out %s x %s", METRES(out->dy, 9), METRES(out->dx, 9));
	if (out->y0 != 0 || out->x0 != 0)
		fprintf(stderr, " about %s, %s", METRES(out->y0, 9), METRES(out->x0, 9));
	fprintf(stderr, "; %s on %s", onn_type_name(onn_type_real(w->type)),
	    onn_device_name(w->device));
	if (path_ends_in(w->to, ".png"))
		fprintf(stderr, "; white is an intensity of %.9g", peak);
	fputc('\n', stderr);
}

/* The same for programs. */
static int tell_json(const work *w, double peak)
{
	const onn_measure *m = &w->worst;
	const onn_grid *in = &w->grid, *out = &w->out_grid;
	result r = result_begin(&command_propagate);
	size_t fields = onn_array_count(w->in) / (in->ny * in->nx);

	result_text(&r, "method", onn_method_name(m->method));
	result_real(&r, "error", m->error, NULL);
	result_real(&r, "tolerance", w->s->r.tolerance, NULL);
	result_bool(&r, "enough", m->enough);
	result_text(&r, "why", m->why);
	result_reals(&r, "distance", w->s->distance.value, w->s->distance.count, "m");
	result_real(&r, "worst_distance", w->worst_at, "m");
	result_real(&r, "wavelength", w->s->r.wavelength, "m");
	result_whole(&r, "fields", fields);
	result_reals(&r, "size", (double[]){(double)in->ny, (double)in->nx}, 2, NULL);
	result_reals(
	    &r, "padding", (double[]){(double)padding_of(w, 0), (double)padding_of(w, 1)}, 2, NULL);
	result_reals(&r, "size_out", (double[]){(double)out->ny, (double)out->nx}, 2, NULL);
	result_reals(&r, "pitch", w->s->r.pitch, 2, "m");
	result_reals(&r, "pitch_out", (double[]){out->dy, out->dx}, 2, "m");
	result_reals(&r, "centre_out", (double[]){out->y0, out->x0}, 2, "m");
	result_text(&r, "precision", onn_type_name(onn_type_real(w->type)));
	result_text(&r, "device", onn_device_name(w->device));
	if (path_ends_in(w->to, ".png"))
		result_real(&r, "white", peak, NULL);
	result_text(&r, "out", w->to);
	return result_end(&r, EXIT_OK);
}

/* What does not go together, once IN is read. */
static int check_work(const work *w, const char *from)
{
	size_t count = onn_array_count(w->in) / (w->grid.ny * w->grid.nx);
	bool several = w->s->distance.count > 1;
	int code = field_check_wavelength(&command_propagate, w->s->r.wavelength, &w->grid);

	if (code)
		return code;
	if (!onn_array_named(w->to) && (count > 1 || several))
		return command_fail(&command_propagate,
		    "%s is one picture, and there are %zu fields; expected a name that ends in "
		    ".npy",
		    w->to, count * w->s->distance.count);
	if (several && w->how.method == ONN_METHOD_FRAUNHOFER)
		return command_usage(&command_propagate,
		    "--method fraunhofer has a pitch of its own at each distance; expected one");
	if (several && onn_array_ndim(w->in) == ONN_MAX_DIMS)
		return command_fail(&command_propagate,
		    "%s has %d axes; expected fewer, as an axis of distances is added", from,
		    ONN_MAX_DIMS);
	return check_memory(w);
}

static int run_work(work *w, const command_line *line)
{
	char text[256];
	double peak = 0;
	int code = path_check_folder(&command_propagate, w->to);

	if (!code)
		code = field_load(&command_propagate, line->argument[0], w->type, &w->in);
	if (code)
		return code;
	describe(w);
	code = check_work(w, line->argument[0]);
	if (code)
		return code;
	onn_status status = propagate(w);
	if (status)
		return command_status(&command_propagate, status);
	if (!field_is_finite(w->out, text, sizeof text))
		return command_fail(&command_propagate, "the result is %s; %s", text,
		    w->type == ONN_C64 ? "--precision f64 reaches further"
		                       : "expected numbers in IN, a pitch and a distance whose "
		                         "result f64 can hold");
	code = field_save(&command_propagate, w->to, w->out, &peak);
	if (!code && w->s->json)
		code = tell_json(w, peak);
	else if (!code)
		tell(w, peak);
	if (!code && !w->steps.enough)
		sampling_warn_of_steps(&command_propagate, line->argument[0], w->steps.why);
	if (!code && w->s->plot)
		code = field_picture(&command_propagate, w->s->plot, w->out, &w->out_grid,
		    &w->s->distance, &w->s->look);
	return code;
}

static int run(void *values, const command_line *line)
{
	const settings *s = values;
	int code = check_options(s, line);
	if (code)
		return code;
	work w = {.s = s, .to = line->argument[1], .type = onn_type_complex(s->r.precision)};
	code = run_work(&w, line);
	onn_array_destroy(w.out);
	onn_array_destroy(w.in);
	onn_tensor_destroy(w.field);
	onn_plan_destroy(w.plan);
	onn_graph_destroy(w.graph);
	device_close(w.device);
	return code;
}

const command command_propagate = {
    .name = "propagate",
    .summary = "a field of light, a distance further on",
    .text =
        "Computes how light that is given in one plane looks in another. IN is an array "
        "(.npy, FILE.npz:name, FILE.h5:/path, FILE.mat:name) of complex amplitudes, or of real "
        "ones, one field [y, x] or a stack of them "
        "[..., y, x]; or a PNG, JPEG or TIFF, whose grey is the amplitude, 0 for black and for "
        "what is "
        "transparent, 1 for white, floats of a TIFF as they are. The optical axis is at index n/2 "
        "of each axis.\n"
        "OUT is such an array of complex amplitudes in the chosen precision, which with a name "
        "behind a colon is added to a file that is there; or, for one field, a PNG of "
        "16 bits with the intensity |E|^2 over its largest value, or a TIFF (.tif) of floats with "
        "the intensity as it is.\n"
        "One line on standard error tells which method was used, how much of the largest amplitude "
        "is expected to be wrong for this light (WARNING: where that is more than the tolerance, "
        "with what helps), the pitch of OUT and the device; a second one warns of light whose "
        "phase turns too fast for its pixels. Lengths are metres, or have a unit: 532nm, 8um.",
    .arguments = "IN OUT",
    .argument_count = 2,
    ROWS(rows),
    .example =
        "onn source beam.npy --wavelength 532nm --pitch 8um --waist 100um\n"
        "onn propagate beam.npy far.npy --wavelength 532nm --pitch 8um --distance 20cm --plot "
        "far.png\n"
        "onn propagate beam.npy stack.npy --wavelength 532nm --pitch 8um --distance 0:50cm:100 "
        "--plot side.png\n"
        "onn propagate in.png out.png --wavelength 532nm --pitch 8um,4um --distance 1m --method "
        "scaled",
    WORK(settings, run),
};
