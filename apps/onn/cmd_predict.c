/* onn predict: what a trained network sees in pictures. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/image.h"
#include "predict/view.h"
#include "result.h"
#include "train/light.h"
#include "train/run.h"

typedef struct settings {
	const char *device;
	uint64_t threads;
	view view;
	bool json;
} settings;

#define AT(member) offsetof(settings, member)

static const option_row rows[] = {
    {SETTING("ink", view_settings, view),
        .help = "whether light or dark is drawn with, which is then seen as light; auto: dark in a "
                "PNG whose edge is lighter than half of white"},
    {SETTING("crop", view_settings, view), .shown = "true|false",
        .help = "first cut to what is drawn, and set it into a dark margin of a fifth"},
    JSON_ROW,
    DEVICE_ROW(DEVICE_HELP DEVICE_ELSE),
    THREADS_ROW,
};

typedef struct work {
	onn_train_config config;
	onn_model *model;
	onn_device *device;
	onn_array *image, *batch, *output, *fraction;
	double scale;  /* what full scale is in image */
	result result; /* with --json */
} work;

/*
 * Floats in an .npy are fractions, as a PNG's are, or as in a data set of floats. Whole numbers are
 * pixels as in the data set; where that has floats or truth values, and where they are truth values
 * themselves, their own type says what white is.
 */
static onn_status load(work *w, const char *path)
{
	onn_status status = onn_image_or_array_load(&w->image, path);

	if (status)
		return status;
	w->scale = onn_image_white(w->image);
	if (w->scale != 1 && w->config.scale != 1)
		w->scale = w->config.scale;
	return ONN_OK;
}

/* "9 x 8". */
static const char *sizes_text(char *text, size_t room, const onn_array *a)
{
	size_t n = 0;

	for (size_t i = 0; i < onn_array_ndim(a) && n < room; i++)
		n += (size_t)snprintf(
		    text + n, room - n, "%s%zu", i ? " x " : "", onn_array_shape(a)[i]);
	return text;
}

/* The size that the network takes; else what there is. A picture is fitted into a square. */
static int check_size(const work *w, const char *path)
{
	const size_t *shape = onn_array_shape(w->image);
	size_t ndim = onn_array_ndim(w->image);
	char given[200];

	if (ndim == 2 && shape[0] == w->config.height && shape[1] == w->config.width)
		return EXIT_OK;
	if (ndim == 3 && shape[1] == w->config.height && shape[2] == w->config.width)
		return EXIT_OK;
	if (ndim == 2 && onn_image_named(path) && w->config.height == w->config.width)
		return EXIT_OK;
	return command_fail(&command_predict,
	    "%s is %s; expected %zu x %zu (height x width), as the network was trained, or an "
	    "array with an axis of images before these",
	    path, ndim ? sizes_text(given, sizeof given, w->image) : "a single number",
	    w->config.height, w->config.width);
}

static int check(const work *w, const char *path)
{
	if (onn_type_is_complex(onn_array_type(w->image)))
		return command_fail(
		    &command_predict, "%s holds complex numbers; expected real ones", path);
	bool floats = onn_type_is_float(onn_array_type(w->image));
	if ((!floats || onn_image_named(path)) &&
	    run_refuse_white(&command_predict, &w->config, path))
		return EXIT_FAILED;
	if (w->scale == 0)
		return command_fail(&command_predict,
		    "%s holds %s, and the data set has no such pixels to say what white is in "
		    "them; expected floats, bytes (white is 255) or bools",
		    path, onn_type_name(onn_array_type(w->image)));
	return check_size(w, path);
}

/* Finite numbers, and from black to white where it is known what white is. */
static int check_values(const work *w, const char *path)
{
	bool fractions = onn_type_is_float(onn_array_type(w->image));
	bool bounded = !fractions || run_knows_white(&w->config) == RUN_WHITE;
	double slack = fractions ? 1e-6 : 0; /* fractions may be rounded */
	onn_array *f64;
	onn_status status = onn_array_convert(&f64, w->image, ONN_F64);
	int code = EXIT_OK;
	char at[100];

	if (status)
		return command_status(&command_predict, status);
	const double *x = onn_array_const_data(f64);
	for (size_t i = 0; i < onn_array_count(f64) && !code; i++) {
		if (!isfinite(x[i]))
			code = command_fail(&command_predict,
			    "%s holds %g at %s; expected finite numbers", path, x[i],
			    place_text(at, sizeof at, f64, i));
		else if (bounded && !(x[i] >= -slack && x[i] <= w->scale + slack))
			code = command_fail(&command_predict, "%s holds %g at %s; expected %s",
			    path, x[i], place_text(at, sizeof at, f64, i),
			    fractions ? "fractions of white, 0 to 1, in an array of floats (pixels "
			                "as in the data set go into one of integers)"
			              : "pixels from 0 to the data set's white");
	}
	onn_array_destroy(f64);
	return code;
}

/* A network sees a class in anything: where nothing is drawn, it is told. */
static onn_status warn_of_blank(const work *w, const char *path)
{
	size_t ndim = onn_array_ndim(w->image), blank = 0, first = 0;
	size_t images = ndim == 3 ? onn_array_shape(w->image)[0] : 1;
	onn_array *f64;
	onn_status status = onn_array_convert(&f64, w->image, ONN_F64);

	if (status)
		return status;
	size_t pixels = images ? onn_array_count(f64) / images : 0;
	const double *x = onn_array_const_data(f64);
	for (size_t i = images; i-- > 0;) {
		size_t k = 1;
		while (k < pixels && x[i * pixels + k] == x[i * pixels])
			k++;
		if (k < pixels)
			continue;
		blank++;
		first = i;
	}
	if (blank && images == 1)
		fprintf(stderr,
		    "onn predict: WARNING: %s is blank, all of its pixels are alike: the class "
		    "says nothing\n",
		    path);
	else if (blank)
		fprintf(stderr,
		    "onn predict: WARNING: %s has %zu blank image%s of %zu, [%zu] first: their "
		    "classes say nothing\n",
		    path, blank, blank == 1 ? "" : "s", images, first);
	onn_array_destroy(f64);
	return ONN_OK;
}

/* ---- as the network was trained to see it ---- */

/* Floats that are no fractions of white stay as they are. */
static onn_status look(work *w, const settings *s, const char *path)
{
	bool picture = onn_image_named(path);
	onn_array *f64, *seen;
	view_done done;

	if (onn_array_ndim(w->image) != 2 ||
	    (!picture && s->view.ink != VIEW_INK_DARK && !s->view.crop))
		return ONN_OK;
	onn_status status = onn_array_convert(&f64, w->image, ONN_F64);
	if (status)
		return status;
	double *x = onn_array_data(f64);
	for (size_t i = 0; i < onn_array_count(f64); i++)
		x[i] /= w->scale;
	status =
	    view_picture(&seen, &done, f64, &s->view, picture, w->config.height, w->config.width);
	onn_array_destroy(f64);
	if (status || !seen)
		return status;
	onn_array_destroy(w->image);
	w->image = seen;
	w->scale = 1;
	fprintf(stderr, "onn predict: %s:%s%s", path,
	    done.inverted ? " dark on light, inverted;" : "",
	    done.cropped ? " cut to the ink" : "");
	if (done.fitted)
		fprintf(stderr, " %zu x %zu pixels, fitted to %zu x %zu", done.height, done.width,
		    w->config.height, w->config.width);
	fputc('\n', stderr);
	return ONN_OK;
}

/* ---- what it sees ---- */

/* Softmax where the network learned that; of others what is above 0, over its sum. */
static void make_parts(double *part, const double *y, size_t count, const onn_network_options *o)
{
	double most = y[0], sum = 0;

	for (size_t i = 1; i < count; i++)
		most = fmax(most, y[i]);
	for (size_t i = 0; i < count; i++) {
		part[i] = o->loss == ONN_LOSS_NLL ? exp(o->gain * (y[i] - most)) : fmax(y[i], 0);
		sum += part[i];
	}
	for (size_t i = 0; i < count; i++)
		part[i] = sum > 0 ? part[i] / sum : 1 / (double)count;
}

/* The classes of the largest parts, largest first. */
enum { TOP = 3 };
static size_t find_top(size_t top[TOP], const double *y, size_t count)
{
	size_t found = 0;

	for (size_t k = 0; k < TOP && k < count; k++, found++) {
		size_t best = SIZE_MAX;
		for (size_t i = 0; i < count; i++) {
			bool taken = false;
			for (size_t t = 0; t < k; t++)
				taken |= top[t] == i;
			if (!taken && (best == SIZE_MAX || y[i] > y[best]))
				best = i;
		}
		top[k] = best;
	}
	return found;
}

/* What is seen in one image. */
typedef struct sight {
	const char *name;
	size_t count, found, top[TOP];
	const double *y, *light; /* light: NULL where regions are not of classes */
	double *part;
} sight;

static void add_sight(result *r, const sight *s)
{
	double top[TOP];

	for (size_t i = 0; i < s->found; i++)
		top[i] = (double)s->top[i];
	result_row(r, "images");
	result_text(r, "image", s->name);
	result_whole(r, "class", s->top[0]);
	result_reals(r, "top", top, s->found, NULL);
	result_reals(r, "outputs", s->y, s->count, NULL);
	result_reals(r, "probabilities", s->part, s->count, NULL);
	if (s->light)
		result_reals(r, "light", s->light, s->count, NULL);
	result_leave(r);
}

static void print_sight(const sight *s, bool only)
{
	if (!only) {
		printf("%s: ", s->name);
		for (size_t i = 0; i < s->found; i++)
			printf(
			    "%s%zu (%.1f %%)", i ? ", " : "", s->top[i], 100 * s->part[s->top[i]]);
		putchar('\n');
		return;
	}
	printf("class %zu\n", s->top[0]);
	for (size_t i = 0; i < s->count; i++) {
		printf("%3zu %12.6g %7.2f %%", i, s->y[i], 100 * s->part[i]);
		if (s->light)
			printf("   %.3g %% of the light", 100 * s->light[i]);
		putchar('\n');
	}
}

static int tell(work *w, const settings *s, const char *path, bool only)
{
	const onn_network *network = onn_model_network(w->model);
	onn_array *y = NULL, *light = NULL;
	size_t images = onn_array_shape(w->output)[0];
	sight seen = {.count = onn_array_count(w->output) / images};
	char name[1100];

	onn_status status = onn_array_convert(&y, w->output, ONN_F64);
	if (!status && w->fraction && onn_array_shape(w->fraction)[1] == seen.count)
		status = onn_array_convert(&light, w->fraction, ONN_F64);
	seen.part = malloc(seen.count * sizeof *seen.part);
	if (!status && !seen.part)
		status = command_no_memory();
	for (size_t i = 0; i < images && !status; i++) {
		seen.y = (const double *)onn_array_const_data(y) + i * seen.count;
		seen.light =
		    light ? (const double *)onn_array_const_data(light) + i * seen.count : NULL;
		seen.found = find_top(seen.top, seen.y, seen.count);
		make_parts(seen.part, seen.y, seen.count, onn_network_options_of(network));
		snprintf(name, sizeof name, images > 1 ? "%s[%zu]" : "%s", path, i);
		seen.name = name;
		if (s->json)
			add_sight(&w->result, &seen);
		else
			print_sight(&seen, only && images == 1);
	}
	free(seen.part);
	onn_array_destroy(y);
	onn_array_destroy(light);
	return status ? command_status(&command_predict, status) : EXIT_OK;
}

/* ---- the whole ---- */

static onn_status compute(work *w)
{
	const onn_network *network = onn_model_network(w->model);
	size_t images = onn_array_count(w->image) / (w->config.height * w->config.width);
	size_t shape[3] = {images, w->config.height, w->config.width};
	onn_status status = onn_array_from(
	    &w->batch, onn_array_type(w->image), 3, shape, onn_array_const_data(w->image));

	if (status)
		return status;
	return light_is_there(network)
	           ? onn_model_readings(
	                 &w->output, &w->fraction, w->model, w->device, w->batch, w->scale)
	           : onn_model_predict(&w->output, w->model, w->device, w->batch, w->scale);
}

static void clear_image(work *w)
{
	onn_array_destroy(w->output);
	onn_array_destroy(w->fraction);
	onn_array_destroy(w->batch);
	onn_array_destroy(w->image);
	w->output = w->fraction = w->batch = w->image = NULL;
}

static int predict(const settings *s, work *w, const char *path, bool only)
{
	onn_status status = load(w, path);

	if (status)
		return command_status(&command_predict, status);
	int code = check(w, path);
	if (!code)
		code = check_values(w, path);
	if (code)
		return code;
	status = warn_of_blank(w, path);
	if (!status)
		status = look(w, s, path);
	if (!status && !w->device) {
		onn_device_options options = ONN_DEVICE_OPTIONS_INIT;
		options.threads = (int)s->threads;
		status = device_open(&w->device, s->device, &options);
	}
	if (!status)
		status = compute(w);
	return status ? command_status(&command_predict, status) : tell(w, s, path, only);
}

static int check_names(const command_line *line)
{
	for (size_t i = 1; i < MAX_ARGUMENTS && line->argument[i]; i++)
		if (!onn_numbers_named(line->argument[i]))
			return command_usage(&command_predict,
			    "IMAGE is '%s'; expected a name that ends in .png, .jpg, .tif, .npy, "
			    ".npz, .h5 or .mat",
			    line->argument[i]);
	return EXIT_OK;
}

static int run(void *values, const command_line *line)
{
	const settings *s = values;
	work w = {0};
	int code = check_names(line);

	if (code)
		return code;
	code = run_load(&command_predict, line->argument[0], &w.config, &w.model);
	if (!code && s->json)
		w.result = result_begin(&command_predict);
	bool told = !code && s->json;
	for (size_t i = 1; i < MAX_ARGUMENTS && line->argument[i] && !code; i++) {
		code = predict(s, &w, line->argument[i], !line->argument[2]);
		clear_image(&w);
	}
	if (told)
		code = result_end(&w.result, code);
	clear_image(&w);
	device_close(w.device);
	onn_model_destroy(w.model);
	onn_train_config_clear(&w.config);
	return code;
}

const command command_predict = {
    .name = "predict",
    .summary = "classes of images by a trained network",
    .text =
        "Prints the class that the best network of a run folder sees in an image, and the "
        "network's outputs, each with its probability: the softmax of a network that was trained "
        "by nll, else the part that an output above 0 has of their sum; then, of a network of "
        "light, the part of all light in the region of each class. Of several images it prints a "
        "line each, the three likeliest classes and their probabilities. An image is a PNG or a "
        "TIFF (grey, or colours "
        "turned to grey) or a NumPy array: floats are fractions of white, integers pixels as in "
        "the data set; where that has floats, bytes are fractions of 255, unless its floats are "
        "not from 0 to 1: then only floats are taken, as they stand. Bools, and bytes of 0 and 1 "
        "alone, are black and white. A picture of another size is fitted into the images the "
        "network was trained on, and dark ink on light paper is inverted, which a line on standard "
        "error tells; an array must have their size, and may have an axis of images before it.",
    .arguments = "RUN IMAGE...",
    .argument_count = 2,
    .argument_most = MAX_ARGUMENTS,
    ROWS(rows),
    .example = "onn predict runs/digits seven.png\n"
               "onn predict runs/digits scans/*.png --crop true",
    WORK(settings, run),
};
