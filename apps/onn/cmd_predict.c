/* onn predict: what a trained network sees in a picture. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <onn/image.h>

#include "train/run.h"

typedef struct settings {
	const char *device;
	uint64_t threads;
} settings;

#define AT(member) offsetof(settings, member)

static const option_row rows[] = {
    DEVICE_ROW(DEVICE_HELP DEVICE_ELSE),
    THREADS_ROW,
};

typedef struct work {
	onn_train_config config;
	onn_model *model;
	onn_device *device;
	onn_array *image, *batch, *output;
	double scale; /* what full scale is in image */
} work;

/*
 * Floats in an .npy are fractions, as a PNG's are, or as in a data set of floats. Whole numbers are
 * pixels as in the data set; where that has floats or truth values, and where they are truth values
 * themselves, their own type says what white is.
 */
static onn_status load(work *w, const char *path)
{
	onn_status status = path_ends_in(path, ".png") ? onn_image_load(&w->image, path)
	                                               : onn_array_load(&w->image, path);

	if (status)
		return status;
	w->scale = onn_image_white(w->image);
	if (w->scale != 1 && w->config.scale != 1)
		w->scale = w->config.scale;
	return ONN_OK;
}

/* The size that the network takes; else what there is. */
static int check_size(const work *w, const char *path, size_t ndim, const size_t *shape)
{
	char given[200] = "";
	size_t n = 0;

	if (ndim == 2 && shape[0] == w->config.height && shape[1] == w->config.width)
		return EXIT_OK;
	for (size_t i = 0; i < ndim; i++)
		n += (size_t)snprintf(
		    given + n, sizeof given - n, "%s%zu", i ? " x " : "", shape[i]);
	return command_fail(&command_predict,
	    "%s is %s; expected %zu x %zu (height x width), as the network was trained", path,
	    *given ? given : "a single number", w->config.height, w->config.width);
}

/* Before it is decoded: a small file may hold a large picture. */
static int check_picture(const work *w, const char *path)
{
	size_t shape[2];

	if (!path_ends_in(path, ".png"))
		return EXIT_OK;
	onn_status status = onn_image_size(&shape[0], &shape[1], path);
	return status ? command_status(&command_predict, status) : check_size(w, path, 2, shape);
}

static int check(const work *w, const char *path)
{
	if (onn_type_is_complex(onn_array_type(w->image)))
		return command_fail(
		    &command_predict, "%s holds complex numbers; expected real ones", path);
	bool floats = onn_type_is_float(onn_array_type(w->image));
	if ((!floats || path_ends_in(path, ".png")) &&
	    run_refuse_white(&command_predict, &w->config, path))
		return EXIT_FAILED;
	if (w->scale == 0)
		return command_fail(&command_predict,
		    "%s holds %s, and the data set has no such pixels to say what white is in "
		    "them; expected floats, bytes (white is 255) or bools",
		    path, onn_type_name(onn_array_type(w->image)));
	return check_size(w, path, onn_array_ndim(w->image), onn_array_shape(w->image));
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

static int print(const onn_array *output)
{
	onn_array *y;
	onn_status status = onn_array_convert(&y, output, ONN_F64);

	if (status)
		return command_status(&command_predict, status);
	const double *value = onn_array_const_data(y);
	size_t count = onn_array_count(y), best = 0;
	for (size_t i = 1; i < count; i++)
		if (value[i] > value[best])
			best = i;
	printf("class %zu\n", best);
	for (size_t i = 0; i < count; i++)
		printf("%3zu %12.6g\n", i, value[i]);
	onn_array_destroy(y);
	return EXIT_OK;
}

static int predict(const settings *s, work *w, const char *path)
{
	onn_device_options options = ONN_DEVICE_OPTIONS_INIT;
	onn_status status = load(w, path);

	if (status)
		return command_status(&command_predict, status);
	options.threads = (int)s->threads;
	int code = check(w, path);
	if (!code)
		code = check_values(w, path);
	if (code)
		return code;
	size_t shape[3] = {1, w->config.height, w->config.width};
	status = onn_array_from(
	    &w->batch, onn_array_type(w->image), 3, shape, onn_array_const_data(w->image));
	if (!status)
		status = device_open(&w->device, s->device, &options);
	if (!status)
		status = onn_model_predict(&w->output, w->model, w->device, w->batch, w->scale);
	return status ? command_status(&command_predict, status) : print(w->output);
}

static int run(void *values, const command_line *line)
{
	const settings *s = values;
	work w = {0};
	const char *path = line->argument[1];
	if (!path_ends_in(path, ".png") && !path_ends_in(path, ".npy"))
		return command_usage(&command_predict,
		    "IMAGE is '%s'; expected a name that ends in .png or .npy", path);

	int code = run_load(&command_predict, line->argument[0], &w.config, &w.model);
	if (!code)
		code = check_picture(&w, path);
	if (!code)
		code = predict(s, &w, path);
	onn_array_destroy(w.output);
	onn_array_destroy(w.batch);
	onn_array_destroy(w.image);
	device_close(w.device);
	onn_model_destroy(w.model);
	onn_train_config_clear(&w.config);
	return code;
}

const command command_predict = {
    .name = "predict",
    .summary = "class of one image by a trained network",
    .text = "Prints the class that the best network of a run folder sees in an image, and "
            "the network's outputs. The image is a PNG (grey, or colours turned to grey) "
            "or a NumPy array: floats are fractions of white, integers pixels as in the data "
            "set; where that has floats, bytes are fractions of 255, unless its floats are not "
            "from 0 to 1: then only floats are taken, as they stand. Bools, and bytes of 0 and "
            "1 alone, are black and white. Its size must be that of the images the network was "
            "trained on.",
    .arguments = "RUN IMAGE",
    .argument_count = 2,
    ROWS(rows),
    .example = "onn predict runs/digits seven.png",
    WORK(settings, run),
};
