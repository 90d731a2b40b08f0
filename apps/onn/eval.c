/* onn eval: how right a trained network is. */
#include <math.h>
#include <stdio.h>

#include <onn/dataset.h>

#include "d2nn_light.h"
#include "run.h"

typedef struct settings {
	const char *dataset, *data_dir, *device;
	double weight_noise, misalign, phase_noise, photons, read_noise;
	uint64_t levels, copies, threads;
} settings;

static const option_row rows[] = {
    {.name = "dataset",
        .kind = VALUE_DATASET,
        .offset = offsetof(settings, dataset),
        .help = "the set whose test part is used; else the one that the run learned"},
    {.name = "data-dir",
        .kind = VALUE_FOLDER,
        .offset = offsetof(settings, data_dir),
        .shown = "D",
        .help = "where the set's files are, or are in a folder of the set's name"},
    DEVICE_ROW(offsetof(settings, device), DEVICE_HELP DEVICE_ELSE),
    THREADS_ROW(offsetof(settings, threads)),
    {.name = "weight-noise",
        .kind = VALUE_REAL,
        .offset = offsetof(settings, weight_noise),
        .shown = "X",
        .standard = "0",
        .low = 0,
        .high = 1e6,
        .help = "Gaussian noise on each weight, its deviation in units of the root mean square "
                "of the weights of its layer"},
    {.name = "misalign",
        .kind = VALUE_REAL,
        .offset = offsetof(settings, misalign),
        .shown = "S",
        .standard = "0",
        .low = 0,
        .high = 1e6,
        .help = "diffractive: each plate is shifted at random, standard deviation along each "
                "axis in metres"},
    {.name = "phase-noise",
        .kind = VALUE_REAL,
        .offset = offsetof(settings, phase_noise),
        .shown = "X",
        .standard = "0",
        .low = 0,
        .high = 1e6,
        .help = "diffractive: Gaussian error of each pixel's phase, radians"},
    {.name = "slm-levels",
        .kind = VALUE_WHOLE,
        .offset = offsetof(settings, levels),
        .shown = "M",
        .low = 2,
        .high = 65536,
        .help = "diffractive: plates show M phases only; else as many as in training"},
    {.name = "shot-photons",
        .kind = VALUE_REAL,
        .offset = offsetof(settings, photons),
        .shown = "N",
        .standard = "0",
        .low = 0,
        .high = 1e12,
        .help = "diffractive: a camera with shot noise reads the detectors' plane; all light of an "
                "image would make N photoelectrons; 0: no camera"},
    {.name = "read-noise",
        .kind = VALUE_REAL,
        .offset = offsetof(settings, read_noise),
        .shown = "X",
        .standard = "0",
        .low = 0,
        .high = 1e9,
        .needs = "shot-photons",
        .help = "diffractive: noise of the camera's pixels, electrons; with --shot-photons"},
    {.name = "copies",
        .kind = VALUE_WHOLE,
        .offset = offsetof(settings, copies),
        .shown = "N",
        .standard = "1",
        .low = 1,
        .high = 10000,
        .help = "measure so many damaged copies, each with errors of its own; print mean and "
                "deviation"},
};

typedef struct work {
	onn_train_config config;
	onn_model *model;
	onn_dataset *dataset;
	onn_device *device;
} work;

static bool is_damaged(const settings *s)
{
	return s->weight_noise > 0 || s->misalign > 0 || s->phase_noise > 0 || s->levels > 0 ||
	       s->photons > 0;
}

/* The same network with the errors asked for, beside the sound one. */
static int evaluate_copies(const settings *s, work *w, onn_evaluate_options o)
{
	double sum = 0, squares = 0;

	o.weight_noise = s->weight_noise;
	o.misalign = s->misalign;
	o.phase_noise = s->phase_noise;
	o.photons = s->photons;
	o.read_noise = s->read_noise;
	o.quantise = s->levels > 0;
	o.levels = (unsigned)s->levels;
	for (uint32_t i = 0; i < s->copies; i++) {
		onn_accuracy a;
		o.copy = i;
		onn_status status = onn_model_evaluate(&a, w->model, w->device, w->dataset, &o);
		if (status)
			return command_status(&command_eval, status);
		printf(
		    "damaged copy %u: accuracy %.2f %%, selection half %.2f %%, report half %.2f "
		    "%%\n",
		    i + 1, 100 * a.all, 100 * a.selection, 100 * a.report);
		fflush(stdout);
		sum += a.all;
		squares += a.all * a.all;
	}
	double n = (double)s->copies, mean = sum / n;
	if (s->copies > 1)
		printf("%llu damaged copies: accuracy %.2f +- %.2f %% (mean and standard "
		       "deviation)\n",
		    (unsigned long long)s->copies, 100 * mean,
		    100 * sqrt(fmax(squares - n * mean * mean, 0) / (n - 1)));
	return EXIT_OK;
}

static int evaluate(const settings *s, work *w)
{
	onn_evaluate_options options = ONN_EVALUATE_OPTIONS_INIT;
	onn_device_options device = ONN_DEVICE_OPTIONS_INIT;
	const char *name = s->dataset ? s->dataset : w->config.dataset;
	const onn_network *m = onn_model_network(w->model);
	onn_accuracy a;

	onn_status status = onn_dataset_load(&w->dataset, name, s->data_dir, DATASET_SPLIT_SEED);
	if (status)
		return command_status(&command_eval, status);
	if (w->dataset->height * w->dataset->width != onn_network_inputs(m) ||
	    w->dataset->classes != onn_network_outputs(m))
		return command_fail(&command_eval,
		    "%s has images of %zu x %zu in %zu classes; the network takes %zu pixels and "
		    "tells "
		    "%zu classes apart",
		    name, w->dataset->height, w->dataset->width, w->dataset->classes,
		    onn_network_inputs(m), onn_network_outputs(m));
	device.threads = (int)s->threads;
	status = onn_device_create(&w->device, s->device, &device);
	if (status)
		return command_status(&command_eval, status);
	options.seed = w->config.options.seed;
	status = onn_model_evaluate(&a, w->model, w->device, w->dataset, &options);
	if (status)
		return command_status(&command_eval, status);
	printf("accuracy %.2f %% on the %zu test images of %s\n", 100 * a.all, a.count, name);
	printf("selection half %.2f %% of %zu, report half %.2f %% of %zu\n", 100 * a.selection,
	    a.nselection, 100 * a.report, a.nreport);
	if (m->kind == ONN_NETWORK_D2NN) {
		d2nn_light light;
		status = d2nn_light_measure(&light, w->model, w->device, w->dataset);
		if (status)
			return command_status(&command_eval, status);
		printf("%.2f %% of the light arrives in the right region\n",
		    100 * d2nn_light_mean(&light));
		d2nn_light_clear(&light);
	}
	return is_damaged(s) ? evaluate_copies(s, w, options) : EXIT_OK;
}

/* Errors of plates need plates, and steps of phase plates of phase; 0 is no error. */
static int check_network(const settings *s, const work *w, const char *folder)
{
	const onn_network *m = onn_model_network(w->model);
	const struct {
		const char *name;
		bool asked;
	} error[] = {{"misalign", s->misalign > 0}, {"phase-noise", s->phase_noise > 0},
	    {"slm-levels", s->levels > 0}, {"shot-photons", s->photons > 0}};

	for (size_t i = 0; i < sizeof error / sizeof *error && m->kind != ONN_NETWORK_D2NN; i++)
		if (error[i].asked)
			return command_usage(&command_eval,
			    "--%s goes with a run of onn train d2nn; %s holds one of onn train %s",
			    error[i].name, folder, onn_network_kind_name(m->kind));
	if (s->levels && m->d2nn.modulation != ONN_D2NN_MODULATION_PHASE)
		return command_usage(&command_eval,
		    "--slm-levels goes with plates of phase; those of %s are complex", folder);
	return EXIT_OK;
}

static int run(int argc, char **argv)
{
	settings s = {0};
	command_line line;
	work w = {0};
	int code;

	if (!command_parse(&command_eval, argc, argv, &s, &line, &code))
		return code;
	code = command_needs(&command_eval, &line, &s);
	if (code)
		return code;
	if (s.copies > 1 && !is_damaged(&s))
		return command_usage(&command_eval, "--copies goes with errors that differ from "
		                                    "copy to copy, such as --weight-noise "
		                                    "or --misalign");
	code = run_load(&command_eval, line.argument[0], &w.config, &w.model);
	if (!code)
		code = check_network(&s, &w, line.argument[0]);
	if (!code)
		code = evaluate(&s, &w);
	onn_device_destroy(w.device);
	onn_dataset_destroy(w.dataset);
	onn_model_destroy(w.model);
	return code;
}

const command command_eval = {
    .name = "eval",
    .summary = "accuracy of a trained network on its test set",
    .text =
        "Measures the best network of a run folder on the test part of a data set, "
        "whole and on the two halves that training used. With errors of weights, of plates or of "
        "their mounting it measures damaged copies beside the sound network; the run's seed "
        "and the number of the copy draw the errors, so they come out the same again.",
    .arguments = "RUN",
    .argument_count = 1,
    .row = rows,
    .row_count = sizeof rows / sizeof *rows,
    .example = "onn eval runs/digits\nonn eval runs/digits --weight-noise 0.05\n"
               "onn eval runs/light --misalign 2e-4 --slm-levels 16 --copies 10",
    .run = run,
};
