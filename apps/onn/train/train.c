/* onn train: from options to the library's trainer and back to a person, for every network. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/dataset.h>
#include <onn/device.h>

#include "ranks.h"
#include "record.h"
#include "run.h"
#include "sweep.h"
#include "system.h"
#include "train.h"

typedef struct job {
	train_settings s;
	command_line line;
	const train_network *kind;
	onn_network *network;
	/* of files, from the root: a resumed run may start elsewhere */
	char *dataset_path, *weights_path;
	onn_train_config *config; /* of the run to resume or of --config; NULL: there is none */
	onn_dataset *dataset;
	ranks ranks;
	onn_device *device[ONN_GROUP_MOST]; /* of each rank of this process */
	train_report report;
	double *figure; /* of one run of several; NULL: it is the only one */
	onn_train_result result;
} job;

const onn_settings *seed_choice_settings(void)
{
	static const onn_setting row = {ONN_SETTING("together", SIZE, seed_choice, together),
	    .low = 1, .high = 512, .zero = "as many as are faster"};
	static const seed_choice standard = {0};
	static const onn_settings table = {"seeds", &row, 1, sizeof standard, &standard, NULL};

	return &table;
}

/* The library says it too, but knows no --resume, and only after the data set has been read. */
static int check_folder(const job *j)
{
	const train_settings *s = &j->s;
	const command *c = j->kind->command;
	char *last = s->out && !ranks_is_other() ? path_join(s->out, "last.npz") : NULL;
	int code = EXIT_OK;

	if (last && !s->resume && path_exists(last))
		code = command_fail(c,
		    "%s holds a run; --resume goes on with it, another --out starts a new one",
		    s->out);
	else if (last && s->resume && s->training.seeds == 1 && !path_exists(last)) {
		char *config = path_join(s->out, "config.json");
		code = record_refuse_several(c, s->out, true);
		if (!code && (!config || !path_exists(config)))
			code =
			    command_fail(c, "%s has no checkpoint last.npz to resume from", s->out);
		free(config);
	}
	free(last);
	return code;
}

/* ---- options ---- */

/* A run to resume brings its own options along, and a new one those of --config. Where the first
 * has no config.json the trainer says what is missing. */
static int recall(job *j)
{
	train_settings *s = &j->s;

	j->config = malloc(sizeof *j->config);
	if (!j->config)
		return command_fail(j->kind->command, "no memory");
	onn_status status = s->config ? onn_train_config_read(j->config, s->config)
	                              : onn_train_config_load(j->config, s->out);
	/* what is wrong with it, or that it is a design's */
	if (status == ONN_ERROR_FORMAT && !s->config)
		return run_config(j->kind->command, s->out, j->config);
	if (status) {
		free(j->config);
		j->config = NULL;
		if (status == ONN_ERROR_MEMORY || s->config)
			return command_status(j->kind->command, status);
		return run_refuse_design(j->kind->command, s->out);
	}
	const char *model = onn_network_model(j->config->network);
	if (!j->kind->recall(s, j->config->network))
		return command_fail(j->kind->command, "%s holds a run of onn train %s",
		    s->config ? s->config : s->out, strcmp(model, "network") ? model : "net");
	s->training = j->config->options;
	/* of a run that goes on the trainer knows it */
	if (s->config && *j->config->weights)
		s->training.weights = j->config->weights;
	s->dataset = j->config->dataset;
	s->device = j->config->device;
	s->threads = j->config->threads;
	return EXIT_OK;
}

/* The network's options, which stand as they began: who gives another value is told by the option's
 * name. */
static int check_network(const job *j, const train_settings *began)
{
	const command *c = j->kind->command;
	int code = EXIT_OK;

	for (size_t i = 0; i < c->row_count && !code; i++) {
		const option_row *row = &c->row[i];
		if (!j->line.given[i] || row->kind != VALUE_SETTING ||
		    row->offset >= offsetof(train_settings, network))
			continue;
		char *had = setting_text(row, began), *now = setting_text(row, &j->s);
		if (!had || !now)
			code = command_fail(c, "no memory");
		else if (strcmp(had, now) != 0)
			code = command_fail(c,
			    "--%s is %s, and the run in %s began with %s; a run goes on as it "
			    "began",
			    row->name, j->line.given[i], j->s.out, had);
		onn_free(had);
		onn_free(now);
	}
	return code;
}

/*
 * First the defaults; then, of a run to resume or in --config, its configuration; then what is
 * given. Options that go with others are the trainer's to compare where a run goes on.
 */
static int take_options(job *j)
{
	const command *c = j->kind->command;
	train_settings *s = &j->s;
	int code;

	command_standard(c, s);
	s->line = &j->line;
	if (!command_fill(c, &j->line, s, &code))
		return code;
	if (s->resume && !s->out)
		return command_usage(c, "--resume needs --out DIR, the folder of the run");
	if (s->resume && s->training.weights)
		return command_usage(c, "--weights begins a run, and --resume goes on with one");
	if (s->resume && s->config)
		return command_usage(c, "--config begins a run, and --resume goes on with one");
	if (s->resume || s->config)
		code = recall(j);
	const train_settings began = *s;
	if (!code && (s->resume || s->config))
		command_fill(c, &j->line, s, &code);
	if (!code && s->resume)
		code = check_network(j, &began);
	return code || s->resume ? code : command_needs(c, &j->line, s);
}

static onn_status open_all(job *j)
{
	train_settings *s = &j->s;
	onn_device_options options = ONN_DEVICE_OPTIONS_INIT;

	if (path_ends_in(s->dataset, ".npz"))
		j->dataset_path = system_full_path(s->dataset);
	if (j->dataset_path)
		s->dataset = j->dataset_path;
	if (s->training.weights)
		j->weights_path = system_full_path(s->training.weights);
	if (j->weights_path)
		s->training.weights = j->weights_path;
	onn_status status =
	    onn_dataset_load(&j->dataset, s->dataset, s->data_dir, DATASET_SPLIT_SEED);
	/* what can only be known with the images, such as whether the detectors fit */
	if (!status)
		status = j->kind->make(&j->network, s, j->dataset);
	options.threads = (int)s->threads;
	options.profile = s->profile;
	size_t devices = j->ranks.group ? 1 : j->ranks.count;
	for (size_t i = 0; i < devices && !status; i++)
		status = device_open(&j->device[i], ranks_device(&j->ranks, i), &options);
	return status;
}

static bool is_stopped(void *user)
{
	(void)user;
	return system_stop_asked();
}

static void set_training(job *j)
{
	train_settings *s = &j->s;
	onn_train_options *o = &s->training;

	o->dataset = s->dataset;
	o->out = s->out;
	o->together = s->seeds.together;
	o->resume = s->resume;
	o->profile = s->profile;
	o->user = &j->report;
	o->progress = train_report_progress;
	o->stop = is_stopped;
	o->epoch = train_report_epoch;
	o->log = train_report_log;
}

/* ---- what a person sees ---- */

void train_announce_absorber(const onn_absorber *a)
{
	printf(" (%s, %s, depth %g, %s gradient)", onn_medium_name(a->medium),
	    onn_encoding_name(a->encoding), a->depth, onn_gradient_mode_name(a->gradient));
}

static void announce(const job *j)
{
	printf("%s: %zu training and %zu test images; network ", j->s.dataset,
	    onn_array_shape(j->dataset->train_y)[0], onn_array_shape(j->dataset->test_y)[0]);
	j->kind->announce(j->network);
	printf("\n");
	for (size_t i = 0; i < ONN_GROUP_MOST && j->device[i]; i++)
		printf("device %s: %s, %d thread%s\n", onn_device_name(j->device[i]),
		    onn_device_description(j->device[i]), onn_device_threads(j->device[i]),
		    onn_device_threads(j->device[i]) == 1 ? "" : "s");
	if (j->ranks.group)
		printf("%zu processes, each with such a device\n", j->ranks.group->ranks);
	fflush(stdout);
}

static int stopped(const job *j, int argc, char **argv)
{
	const onn_train_progress *at = &j->report.at;

	fprintf(stderr, "onn %s: stopped by a signal in epoch %zu of %zu, after step %zu of %zu",
	    j->kind->command->name, at->epoch + 1, at->epochs, at->step, at->steps);
	if (!j->s.out) {
		fprintf(stderr, "; nothing is kept, since no --out was given\n");
		return system_stop_code();
	}
	/* The same options again: what the run does not remember, such as --data-dir, stays right.
	 */
	fprintf(stderr, "; saved. Go on with:\n");
	command_again(j->kind->command, argc, argv, j->s.resume ? "" : " --resume");
	return system_stop_code();
}

/* The folder of one seed's run; free it. */
static char *folder_of(const job *j, size_t i)
{
	char name[40] = ".";

	if (j->s.training.seeds > 1)
		snprintf(
		    name, sizeof name, "seed-%llu", (unsigned long long)(j->s.training.seed + i));
	return j->s.training.seeds > 1 ? path_join(j->s.out, name) : system_full_path(j->s.out);
}

/* What a list of runs is compared by. */
static const char *const figure_name[] = {
    "report_accuracy", "deviation", "selection_accuracy", "train_loss", "best_epoch", "seconds"};
enum { FIGURES = sizeof figure_name / sizeof *figure_name };
static const bool is_part[FIGURES] = {true, true, true};

static void note_outcome(const job *j, const onn_train_result *result)
{
	const onn_train_run *first = &result->run[0];
	/* one seed deviates from nothing */
	double deviation = result->count > 1 ? result->deviation : NAN;
	const double value[FIGURES] = {result->mean, deviation, first->selection_accuracy,
	    first->train_loss, (double)first->best_epoch, first->seconds};

	memcpy(j->figure, value, sizeof value);
}

/* Curves and, of a network of light, what becomes of it. */
static int draw(const job *j, const onn_train_result *result)
{
	int code = EXIT_OK;
	plot_result figures = PLOT_DRAWN;

	system_end_on_stop(
	    j->figure ? "onn train: stopped by a signal; this run is finished, and all runs of the "
	                "list go on by the same command as before\n"
	              : "onn train: stopped by a signal; the run is finished, and --resume writes "
	                "its reports\n");
	for (size_t i = 0; i < result->count && !code && figures != PLOT_NO_GNUPLOT; i++) {
		char *folder = folder_of(j, i);
		if (folder)
			figures = train_plots(j->kind->command, folder, &result->run[i]);
		else
			command_fail(j->kind->command, "no memory");
		if (!folder || figures == PLOT_FAILED)
			code = EXIT_FAILED;
		free(folder);
	}
	if (figures == PLOT_NO_GNUPLOT && !j->s.quiet)
		printf("no plots: gnuplot is not installed (Debian: gnuplot-nox)\n");
	for (size_t i = 0; i < j->s.training.seeds && !code; i++) {
		char *folder = folder_of(j, i);
		train_outcome outcome = {
		    j->kind->command, folder, j->dataset, j->device[0], j->s.quiet};
		code = folder ? train_light_report(&outcome)
		              : command_fail(j->kind->command, "no memory");
		free(folder);
	}
	return code;
}

static int finish(job *j, onn_status status, int argc, char **argv)
{
	const onn_train_result *result = &j->result;

	train_report_end(&j->report);
	if (ranks_is_other() && (!status || status == ONN_CANCELLED))
		return status ? EXIT_FAILED : EXIT_OK;
	if (status == ONN_CANCELLED)
		return stopped(j, argc, argv);
	if (status)
		return command_status(j->kind->command, status);
	if (j->figure && result->count)
		note_outcome(j, result);
	if (j->s.json) {
		int code = train_report_json(j->kind->command, result, j->s.out);
		return code || !j->s.out ? code : draw(j, result);
	}
	if (result->was_finished && !j->s.quiet)
		printf("%s is finished: its reports are written again\n", j->s.out);
	train_report_result(result);
	if (result->profile)
		printf("\n%s", result->profile);
	if (!j->s.out && !j->s.quiet)
		printf("nothing is kept; --out DIR keeps the weights and the curves\n");
	/* a run that ended before its reports were whole gets them by being resumed */
	return j->s.out ? draw(j, result) : EXIT_OK;
}

/* The other ranks of this process say nothing, and stop with the first. */
static bool stop_silently(void *user, const onn_train_progress *p)
{
	(void)user;
	(void)p;
	return system_stop_asked();
}

static onn_status train_rank(void *user, const onn_group *group)
{
	job *j = user;
	onn_train_options o = j->s.training;

	o.group = group;
	if (group && group->rank && !j->ranks.group)
		o.progress = stop_silently;
	bool first = !group || j->ranks.group || group->rank == 0;
	return onn_train(first ? &j->result : NULL, j->network, &o, j->dataset,
	    j->device[first ? 0 : group->rank]);
}

static int train(job *j, int argc, char **argv)
{
	onn_status status = onn_train_options_check(&j->s.training);
	if (status) {
		command_status(j->kind->command, status);
		return EXIT_USAGE;
	}
	static char words[160]; /* which the signal finds whenever it comes */
	snprintf(words, sizeof words, "onn %s: stopped by a signal, with nothing to save%s\n",
	    j->kind->command->name,
	    j->figure ? "; all runs of the list go on by the same command as before" : "");
	system_end_on_stop(words); /* until the first step */
	status = open_all(j);
	if (status)
		return command_status(j->kind->command, status);
	j->s.quiet |= j->s.json || ranks_is_other();
	if (!ranks_is_other())
		train_warn_of_sampling(j->kind->command, j->network);
	if (!j->s.quiet)
		announce(j);
	j->report = train_report_begin(j->s.quiet, &j->s.pace);
	set_training(j);
	if (j->ranks.group || j->ranks.count == 1)
		status = train_rank(j, j->ranks.group);
	else
		status = onn_group_run(j->ranks.count, train_rank, j);
	return finish(j, status, argc, argv);
}

static int run_one(double *figure, const void *network, int argc, char **argv)
{
	job j = {.kind = network, .figure = figure};
	int code;

	if (!command_scan(&j.line, j.kind->command, argc, argv, &code))
		return code;
	if (!figure && sweep_is_asked(j.kind->command, &j.line)) {
		const sweep_kind all = {j.kind->command, figure_name, FIGURES, FIGURES - 1, run_one,
		    network, "report accuracy", 100, "%", NULL, is_part};
		return sweep_run(&all, &j.line);
	}
	code = sweep_check_one(j.kind->command, &j.line);
	if (!code)
		code = take_options(&j);
	if (!code)
		code = check_folder(&j);
	if (!code)
		code = ranks_begin(&j.ranks, j.kind->command, j.s.device);
	if (!code)
		code = train(&j, argc, argv);
	onn_network_destroy(j.network);
	onn_network_destroy(j.s.list);
	for (size_t i = 0; i < ONN_GROUP_MOST; i++)
		device_close(j.device[i]);
	onn_train_result_clear(&j.result);
	onn_dataset_destroy(j.dataset);
	free(j.dataset_path);
	free(j.weights_path);
	if (j.config)
		onn_train_config_clear(j.config);
	free(j.config);
	ranks_end(&j.ranks, code);
	return code;
}

int train_run(const train_network *network, int argc, char **argv)
{
	return run_one(NULL, network, argc, argv);
}
