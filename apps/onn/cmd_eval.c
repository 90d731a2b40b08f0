/* onn eval: how right a trained network is. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/dataset.h>

#include "eval/curves.h"
#include "jobs.h"
#include "result.h"
#include "train/light.h"
#include "train/run.h"

typedef struct repeat {
	size_t copies; /* damaged ones, to be measured */
} repeat;

static const onn_settings *repeat_settings(void)
{
	static const onn_setting row = {
	    ONN_SETTING("copies", SIZE, repeat, copies), .low = 1, .high = 10000};
	static const repeat standard = {1};
	static const onn_settings table = {"eval", &row, 1, sizeof standard, &standard, NULL};

	return &table;
}

typedef struct settings {
	const char *dataset, *data_dir, *device;
	onn_evaluate_options damage;
	curves curves;
	repeat repeat;
	job_choice jobs;
	uint64_t threads;
	const char *out;
	bool json;
} settings;

#define AT(member)   offsetof(settings, member)
#define DAMAGE(name) SETTING(name, onn_evaluate_settings, damage)
/* One number, or a list for a curve. */
#define CURVE(name, error)                                                                         \
	OPTION(name, INPUTS, curves.list[error]), .shown = "S|LIST|MIN:MAX:COUNT[:log]"

static const option_row rows[] = {
    {OPTION("dataset", DATASET, dataset),
        .help = "the set whose test part is used; else the one that the run learned"},
    DATA_DIR_ROW,
    DEVICES_ROW(DEVICE_HELP DEVICE_ELSE
        "; of the points of curves each takes one of several, with commas between"),
    THREADS_ROW,
    {CURVE("weight-noise", CURVE_WEIGHTS),
        .help = "Gaussian noise on each weight, its deviation in units of the root mean square of "
                "the weights of its layer; of several numbers, as of those below, the accuracy is "
                "a curve"},
    {CURVE("activation-noise", CURVE_ACTIVATIONS),
        .help = "the same on what each absorber, relu, tanh or sigmoid gives, anew for each image, "
                "in units of its root mean square there"},
    {CURVE("bits", CURVE_BITS),
        .help = "weights are the nearest of 2^bits values from minus to plus their layer's "
                "largest; 0: any"},
    {DAMAGE("pump-photons"),
        .help = "dynamic absorbers: what is behind is detected with shot noise, and a pulse in "
                "front of one has so many photons, on average over a batch"},
    {CURVE("misalign", CURVE_SHIFTS), .unit = "m",
        .help = "plates: each is shifted at random, standard deviation along each axis in metres"},
    {CURVE("phase-noise", CURVE_PHASES), .unit = "rad",
        .help = "plates, and masks of conv4f: Gaussian error of each pixel's phase, radians"},
    {DAMAGE("slm-levels"), .setting = "levels",
        .help = "plates show so many phases only; 0: as many as in training"},
    {CURVE("shot-photons", CURVE_PHOTONS),
        .help = "light: a camera with shot noise reads the detectors' plane; all light of an image "
                "would make so many photoelectrons; 0: no camera"},
    {CURVE("product-photons", CURVE_PRODUCTS),
        .help =
            "linear layers: their sums are light on pairs of detectors with shot noise, so many "
            "detected photons a multiplication; 0: without"},
    {DAMAGE("read-noise"),
        .help = "light: noise of the camera's pixels, electrons; with --shot-photons"},
    {SETTING("copies", repeat_settings, repeat),
        .help = "measure so many damaged copies, each with errors of its own; print mean and "
                "deviation"},
    {OPTION("csv", FILE, curves.csv), .shown = "FILE",
        .help = "write the curves: error,value,accuracy,deviation,copies"},
    {OPTION("plot", FILE, curves.plot), .shown = "FILE",
        .help = "draw the curves into FILE, a name of .png, .svg or .pdf (needs gnuplot)"},
    {OPTION("out", FOLDER, out), .shown = "DIR",
        .help = "of curves: curves.csv, curves.png, and what each point came to, so that the same "
                "command goes on where it was stopped"},
    JOBS_ROW,
    JSON_ROW,
};

typedef struct work {
	onn_train_config config;
	onn_model *model;
	onn_dataset *dataset;
	onn_device *device;
	result result; /* with --json */
	const settings *s;
	jobs jobs; /* points of curves */
} work;

static bool is_damaged(const settings *s)
{
	const onn_evaluate_options *d = &s->damage;

	return d->weight_noise > 0 || d->misalign > 0 || d->phase_noise > 0 || d->levels > 0 ||
	       d->photons > 0 || d->activation_noise > 0 || d->bits > 0 || d->pump_photons > 0 ||
	       d->product_photons > 0;
}

static void add_accuracy(result *r, const onn_accuracy *a)
{
	result_real(r, "accuracy", a->all, NULL);
	result_real(r, "selection_accuracy", a->selection, NULL);
	result_real(r, "report_accuracy", a->report, NULL);
}

static void add_copy(work *w, const onn_accuracy *a)
{
	result_row(&w->result, "copies");
	add_accuracy(&w->result, a);
	result_leave(&w->result);
}

/* The same network with errors, beside the sound one: mean and deviation of the copies, each of
 * which is printed unless quiet. */
static int evaluate_copies(
    curve_point *point, const settings *s, work *w, const onn_evaluate_options *damage, bool quiet)
{
	onn_evaluate_options o = *damage;
	double sum = 0, squares = 0;

	o.seed = w->config.options.seed;
	o.quantise = o.levels > 0;
	for (uint32_t i = 0; i < s->repeat.copies; i++) {
		onn_accuracy a;
		o.copy = i;
		onn_status status = onn_model_evaluate(&a, w->model, w->device, w->dataset, &o);
		if (status)
			return command_status(&command_eval, status);
		if (!quiet && s->json)
			add_copy(w, &a);
		else if (!quiet)
			printf("damaged copy %u: accuracy %.2f %%, selection half %.2f %%, report "
			       "half %.2f %%\n",
			    i + 1, 100 * a.all, 100 * a.selection, 100 * a.report);
		fflush(stdout);
		sum += a.all;
		squares += a.all * a.all;
	}
	double n = (double)s->repeat.copies;
	point->mean = sum / n;
	point->deviation =
	    n > 1 ? sqrt(fmax(squares - n * point->mean * point->mean, 0) / (n - 1)) : 0;
	if (!quiet && s->json) {
		result_real(&w->result, "copies_mean", point->mean, NULL);
		result_real(&w->result, "copies_deviation", point->deviation, NULL);
	} else if (n > 1 && !quiet)
		printf("%zu damaged copies: accuracy %.2f +- %.2f %% (mean and standard "
		       "deviation)\n",
		    s->repeat.copies, 100 * point->mean, 100 * point->deviation);
	return EXIT_OK;
}

static void tell_point(const settings *s, work *w, const curve_point *p)
{
	result *r = &w->result;

	if (s->json) {
		result_row(r, "curves");
		result_text(r, "error", curve_name[p->error]);
		result_real(r, "value", p->value, NULL);
		result_real(r, "accuracy", p->mean, NULL);
		result_real(r, "deviation", p->deviation, NULL);
		result_leave(r);
		return;
	}
	printf("%s %g: accuracy %.2f", curve_name[p->error], p->value, 100 * p->mean);
	if (s->repeat.copies > 1)
		printf(" +- %.2f", 100 * p->deviation);
	puts(" %");
}

static onn_status open_device(const settings *s, work *w)
{
	onn_device_options device = ONN_DEVICE_OPTIONS_INIT;

	bool lists = curves_are_there(&s->curves); /* jobs share threads and devices */

	device.threads = lists ? 0 : (int)s->threads;
	return device_open(&w->device, lists ? jobs_device(&w->jobs) : s->device, &device);
}

/* A point of a curve as a job: mean and deviation. */
static int evaluate_point(double *number, void *user, size_t job)
{
	work *w = user;
	const settings *s = w->s;
	curve_point p = s->curves.point[job];
	onn_evaluate_options damage = s->damage;
	onn_status status = w->device ? ONN_OK : open_device(s, w);

	if (status)
		return command_status(&command_eval, status);
	jobs_tell_device(&w->jobs, job, w->device);
	curves_set(&damage, p.error, p.value);
	int code = evaluate_copies(&p, s, w, &damage, true);
	number[0] = p.mean;
	number[1] = p.deviation;
	return code;
}

/* What all points have in common, and which they are. */
static int describe(record *r, const work *w, const command_line *line)
{
	const char *folder = line->argument[0];
	char weights[ONN_SHA256_TEXT], images[32];

	if (!curves_digest(weights, folder))
		return command_fail(&command_eval, "cannot read the weights of %s", folder);
	snprintf(images, sizeof images, "%zu", onn_array_shape(w->dataset->test_y)[0]);
	record_add(r, "weights", weights);
	record_add(r, "test images", images);
	record_add_options(r, line);
	return EXIT_OK;
}

/* Each list by itself, beside the errors that are single numbers: before anything else, as no
 * device is open yet. */
static int measure_curves(settings *s, work *w, const command_line *line)
{
	curves *c = &s->curves;
	jobs *j = &w->jobs;
	int code = curves_list(c);

	w->s = s;
	w->jobs = (jobs){.c = &command_eval,
	    .count = c->count,
	    .reals = 2,
	    .what = "points",
	    .record = record_begin(&command_eval),
	    .folder = s->out,
	    .kept = s->out != NULL,
	    .work = evaluate_point,
	    .user = w};
	if (!code && s->out)
		code = describe(&j->record, w, line);
	if (!code)
		code = jobs_share(j, s->jobs.jobs, s->device, (size_t)s->threads);
	if (!code)
		code = jobs_run(j);
	for (size_t i = 0; i < c->count && !code; i++) {
		c->point[i].mean = jobs_numbers(j, i)[0];
		c->point[i].deviation = jobs_numbers(j, i)[1];
	}
	return code;
}

static int tell_curves(const settings *s, work *w, double sound)
{
	for (size_t i = 0; i < s->curves.count; i++)
		tell_point(s, w, &s->curves.point[i]);
	return curves_finish(&s->curves, sound, s->repeat.copies, s->out);
}

/* What part of the light arrives where it should. */
static onn_status print_light(const settings *s, work *w)
{
	light_measures light = {0};

	if (!light_is_there(onn_model_network(w->model)))
		return ONN_OK;
	onn_status status = light_measure(&light, w->model, w->device, w->dataset);
	if (!status && light.efficiency && s->json) {
		result_real(&w->result, "efficiency", light_mean(&light), NULL);
		result_real(&w->result, "gain", light.gain, NULL);
	} else if (!status && light.efficiency) {
		light_print(&light);
		putchar('\n');
	}
	light_clear(&light);
	return status;
}

/* A data set whose numbers mean what those did that the run learned. */
static int check_numbers(const work *w, const char *name)
{
	double range[2];

	if (onn_array_type(w->dataset->test_x) != ONN_F32)
		return run_refuse_white(&command_eval, &w->config, name);
	onn_dataset_range(range, w->dataset);
	if (run_knows_white(&w->config) == RUN_WHITE && (range[0] < 0 || range[1] > 1))
		return command_fail(&command_eval,
		    "%s has floats from %g to %g, which do not say what white is; the run learned "
		    "pixels from black to white",
		    name, range[0], range[1]);
	return EXIT_OK;
}

static void tell_accuracy(const settings *s, work *w, const onn_accuracy *a, const char *name)
{
	result *r = &w->result;

	if (s->json) {
		result_text(r, "dataset", name);
		result_text(r, "device", onn_device_name(w->device));
		result_whole(r, "images", a->count);
		result_whole(r, "selection_images", a->nselection);
		result_whole(r, "report_images", a->nreport);
		add_accuracy(r, a);
		return;
	}
	printf("accuracy %.2f %% on the %zu test images of %s\n", 100 * a->all, a->count, name);
	if (a->nselection)
		printf("selection half %.2f %% of %zu, report half %.2f %% of %zu\n",
		    100 * a->selection, a->nselection, 100 * a->report, a->nreport);
	else
		printf("no image is in the selection half\n");
}

static int evaluate(settings *s, work *w, const command_line *line)
{
	onn_evaluate_options options = ONN_EVALUATE_OPTIONS_INIT;
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
		    "tells %zu classes apart",
		    name, w->dataset->height, w->dataset->width, w->dataset->classes,
		    onn_network_inputs(m), onn_network_outputs(m));
	if (check_numbers(w, name))
		return EXIT_FAILED;
	int code = curves_are_there(&s->curves) ? measure_curves(s, w, line) : EXIT_OK;
	if (code || !jobs_is_first(&w->jobs))
		return code;
	if (!w->device)
		status = open_device(s, w);
	options.seed = w->config.options.seed;
	if (!status)
		status = onn_model_evaluate(&a, w->model, w->device, w->dataset, &options);
	if (status)
		return command_status(&command_eval, status);
	tell_accuracy(s, w, &a, name);
	status = print_light(s, w);
	if (status)
		return command_status(&command_eval, status);
	if (curves_are_there(&s->curves))
		return tell_curves(s, w, a.all);
	curve_point point;
	return is_damaged(s) ? evaluate_copies(&point, s, w, &s->damage, false) : EXIT_OK;
}

/* Errors of plates need plates, a camera light, and steps of phase plates of phase; 0 is no error.
 * The library says so too, but knows no options. */
static int check_network(const settings *s, const work *w, const char *folder)
{
	const onn_network *m = onn_model_network(w->model);
	const onn_evaluate_options *d = &s->damage;
	const number_list *list = s->curves.list;
	const struct {
		const char *name, *kind, *other;
		bool asked;
	} error[] = {{"misalign", "plate", NULL, d->misalign > 0 || list[CURVE_SHIFTS].count > 1},
	    {"phase-noise", "plate", "conv4f", d->phase_noise > 0 || list[CURVE_PHASES].count > 1},
	    {"slm-levels", "plate", NULL, d->levels > 0},
	    {"shot-photons", "detect", NULL, d->photons > 0 || list[CURVE_PHOTONS].count > 1},
	    {"product-photons", "linear", NULL,
	        d->product_photons > 0 || list[CURVE_PRODUCTS].count > 1}};

	for (size_t i = 0; i < sizeof error / sizeof *error; i++)
		if (error[i].asked && onn_network_find(m, error[i].kind, 0) == SIZE_MAX &&
		    (!error[i].other || onn_network_find(m, error[i].other, 0) == SIZE_MAX))
			return command_usage(&command_eval,
			    "--%s goes with a network that has a layer %s%s%s; that of %s has none",
			    error[i].name, error[i].kind, error[i].other ? " or " : "",
			    error[i].other ? error[i].other : "", folder);
	for (size_t i = onn_network_find(m, "plate", 0); i != SIZE_MAX && d->levels;
	     i = onn_network_find(m, "plate", i + 1)) {
		char *modulation = onn_network_get(m, i, "modulation");
		int code = EXIT_OK;
		if (!modulation || strcmp(modulation, "phase") != 0)
			code = command_usage(&command_eval,
			    "--slm-levels goes with plates of phase; those of %s are %s", folder,
			    modulation ? modulation : "others");
		onn_free(modulation);
		if (code)
			return code;
	}
	return EXIT_OK;
}

static int run(void *values, const command_line *line)
{
	settings *s = values;
	work w = {0};
	int code = command_needs(&command_eval, line, s);
	/* a row of a list is no setting that others can need */
	if (!code && s->damage.read_noise > 0 && s->curves.list[CURVE_PHOTONS].count == 0)
		code = command_usage(
		    &command_eval, "--read-noise goes with --shot-photons, which is 0");
	if (!code)
		code = curves_take(&s->curves, &s->damage);
	if (!code && !curves_are_there(&s->curves) && (s->jobs.jobs || s->out))
		code = command_usage(&command_eval,
		    "--%s goes with a list of errors, such as --weight-noise 0,.01,.03,.1",
		    s->out ? "out" : "jobs");
	if (!code && !curves_are_there(&s->curves))
		code = ranks_check_one(&command_eval, s->device);
	if (code || (ranks_is_other() && !curves_are_there(&s->curves)))
		return code; /* what is one thing to do the first process does */
	if (s->repeat.copies > 1 && !is_damaged(s) && !curves_are_there(&s->curves))
		return command_usage(&command_eval, "--copies goes with errors that differ from "
		                                    "copy to copy, such as --weight-noise "
		                                    "or --misalign");
	code = run_load(&command_eval, line->argument[0], &w.config, &w.model);
	if (!code)
		code = check_network(s, &w, line->argument[0]);
	if (!code && s->json)
		w.result = result_begin(&command_eval);
	if (!code) {
		code = evaluate(s, &w, line);
		if (s->json)
			code = result_end(&w.result, code);
	}
	jobs_end(&w.jobs, code);
	curves_clear(&s->curves);
	device_close(w.device);
	onn_dataset_destroy(w.dataset);
	onn_model_destroy(w.model);
	onn_train_config_clear(&w.config);
	return code;
}

const command command_eval = {
    .name = "eval",
    .summary = "accuracy of a trained network on its test set",
    .text =
        "Measures the best network of a run folder on the test part of a data set, "
        "whole and on the two halves that training used. With errors of weights, of plates or of "
        "their mounting it measures damaged copies beside the sound network; the run's seed "
        "and the number of the copy draw the errors, so they come out the same again. Where an "
        "error is a list of numbers, each list makes a curve, with the errors that are one number "
        "beside it.",
    .arguments = "RUN",
    .argument_count = 1,
    ROWS(rows),
    .example = "onn eval runs/digits\nonn eval runs/digits --weight-noise 0.05\n"
               "onn eval runs/digits --weight-noise 0,.03,.1,.3 --bits 1,2,3,4,6,8 --copies 5 "
               "--csv noise.csv --plot noise.svg\n"
               "onn eval runs/light --misalign 2e-4 --slm-levels 16 --copies 10",
    WORK(settings, run),
};
