/* onn train: from options to the library's trainer and back to a person, for every network. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/dataset.h>
#include <onn/device.h>

#include "system.h"
#include "train.h"

typedef struct job {
	train_settings s;
	command_line line;
	const train_network *kind;
	train_takes takes;
	onn_network network;
	onn_train_options options;
	const char *dataset_name;
	char *dataset_path; /* of a FILE.npz, from the root: a resumed run may start elsewhere */
	const char *device_name;
	int threads;
	onn_train_config config; /* of the run to resume */
	onn_dataset *dataset;
	onn_device *device;
	train_report report;
} job;

/* Options that were not given keep what the resumed run has. */
bool train_takes_option(const train_takes *t, const char *name)
{
	const option_row *row = command_row(t->command, name);
	return !t->resumed || t->line->given[row - t->command->row];
}

bool train_given(const train_takes *t, const char *name)
{
	return t->line->given[command_row(t->command, name) - t->command->row] != NULL;
}

static bool takes(const job *j, const char *name) { return train_takes_option(&j->takes, name); }

/* What every network has. */
static void set_network(job *j)
{
	const train_settings *s = &j->s;
	onn_mlp *m = &j->network.mlp;
	onn_d2nn *d = &j->network.d2nn;

	if (takes(j, "precision"))
		m->precision = d->precision = s->precision ? ONN_F64 : ONN_F32;
	if (takes(j, "init-mean"))
		m->start.mean = d->start.mean = s->init_mean;
	if (takes(j, "init-std"))
		m->start.std = d->start.std = s->init_std;
	j->kind->set(s, &j->takes, &j->network);
}

static void set_training(job *j)
{
	const train_settings *s = &j->s;
	onn_train_options *o = &j->options;

	if (takes(j, "optimizer"))
		o->optimizer.kind = (onn_optimizer_kind)s->optimizer;
	if (takes(j, "momentum"))
		o->optimizer.momentum = s->momentum;
	if (takes(j, "lr"))
		o->optimizer.rate = s->lr;
	if (takes(j, "schedule"))
		o->optimizer.decay = (onn_decay)s->schedule;
	if (takes(j, "batch"))
		o->batch = (size_t)s->batch;
	if (takes(j, "epochs"))
		o->epochs = (size_t)s->epochs;
	if (takes(j, "seed"))
		o->seed = s->seed;
	if (takes(j, "seeds"))
		o->seeds = (size_t)s->seeds;
	if (s->weight_range.low < s->weight_range.high) {
		o->limits.low = s->weight_range.low;
		o->limits.high = s->weight_range.high;
	}
	if (takes(j, "weight-norm"))
		o->limits.norm = (onn_norm)s->weight_norm;
	o->out = s->out;
	o->resume = s->resume;
	o->profile = s->profile;
	o->user = &j->report;
	o->progress = train_report_progress;
	o->epoch = train_report_epoch;
	o->log = train_report_log;
}

static void set_places(job *j)
{
	j->dataset_name = takes(j, "dataset") ? j->s.dataset : j->config.dataset;
	if (path_ends_in(j->dataset_name, ".npz"))
		j->dataset_path = system_full_path(j->dataset_name);
	if (j->dataset_path)
		j->dataset_name = j->dataset_path;
	j->options.dataset = j->dataset_name;
	j->device_name = takes(j, "device") ? j->s.device : j->config.device;
	j->threads = takes(j, "threads") ? (int)j->s.threads : j->config.threads;
}

static int check(const job *j)
{
	const train_settings *s = &j->s;

	if (s->resume && !s->out)
		return command_usage(
		    j->kind->command, "--resume needs --out DIR, the folder of the run");
	/* of a resumed run the trainer compares what is given with what it has */
	return s->resume ? EXIT_OK : command_needs(j->kind->command, &j->line, s);
}

/* The library says it too, but knows no --resume, and only after the data set has been read. */
static int check_folder(const job *j)
{
	const train_settings *s = &j->s;
	char *last = s->out ? path_join(s->out, "last.npz") : NULL;
	int code = EXIT_OK;

	if (last && !s->resume && path_exists(last))
		code = command_fail(j->kind->command,
		    "%s holds a run; --resume goes on with it, another --out starts a new one",
		    s->out);
	else if (last && s->resume && s->seeds == 1 && !path_exists(last)) {
		char *config = path_join(s->out, "config.json");
		if (!config || !path_exists(config))
			code = command_fail(j->kind->command,
			    "%s has no checkpoint last.npz to resume from", s->out);
		free(config);
	}
	free(last);
	return code;
}

/* A run to resume brings its own options along. Where it has no config.json the trainer says what
 * is missing. */
static int recall(job *j)
{
	j->network = (onn_network)ONN_NETWORK_INIT;
	j->network.kind = j->kind->kind;
	j->options = (onn_train_options)ONN_TRAIN_OPTIONS_INIT;
	if (!j->s.resume || onn_train_config_load(&j->config, j->s.out))
		return EXIT_OK;
	if (j->config.network.kind != j->kind->kind)
		return command_fail(j->kind->command, "%s holds a run of onn train %s", j->s.out,
		    onn_network_kind_name(j->config.network.kind));
	j->takes.resumed = true;
	j->network = j->config.network;
	j->options = j->config.options;
	return EXIT_OK;
}

static onn_status open_all(job *j)
{
	onn_device_options options = ONN_DEVICE_OPTIONS_INIT;
	onn_status status =
	    onn_dataset_load(&j->dataset, j->dataset_name, j->s.data_dir, DATASET_SPLIT_SEED);

	if (status)
		return status;
	j->network.mlp.inputs = j->dataset->height * j->dataset->width;
	j->network.mlp.outputs = j->network.d2nn.outputs = j->dataset->classes;
	j->network.d2nn.height = j->dataset->height;
	j->network.d2nn.width = j->dataset->width;
	/* what can only be known with the images, such as whether the detectors fit */
	status = onn_network_check(&j->network);
	if (status)
		return status;
	options.threads = j->threads;
	options.profile = j->s.profile;
	return onn_device_create(&j->device, j->device_name, &options);
}

static void announce(const job *j)
{
	printf("%s: %zu training and %zu test images; network ", j->dataset_name,
	    onn_array_shape(j->dataset->train_y)[0], onn_array_shape(j->dataset->test_y)[0]);
	j->kind->announce(&j->network);
	printf("\ndevice %s: %s, %d thread%s\n", onn_device_name(j->device),
	    onn_device_description(j->device), onn_device_threads(j->device),
	    onn_device_threads(j->device) == 1 ? "" : "s");
	fflush(stdout);
}

static int stopped(const job *j, int argc, char **argv)
{
	const onn_train_progress *at = &j->report.at;

	fprintf(stderr, "onn %s: stopped by a signal in epoch %zu of %zu, after step %zu of %zu",
	    j->kind->command->name, at->epoch + 1, at->epochs, at->step, at->steps);
	if (!j->s.out) {
		fprintf(stderr, "; nothing is kept, since no --out was given\n");
		return EXIT_FAILED;
	}
	/* The same options again: what the run does not remember, such as --data-dir, stays right.
	 */
	fprintf(stderr, "; saved. Go on with:\n");
	command_again(j->kind->command, argc, argv, j->s.resume ? "" : " --resume");
	return EXIT_FAILED;
}

static void draw_plots(const job *j)
{
	bool installed = true;

	for (size_t i = 0; i < j->options.seeds && installed; i++) {
		char name[40];
		snprintf(name, sizeof name, "seed-%llu", (unsigned long long)(j->options.seed + i));
		char *folder = path_join(j->s.out, name);
		if (folder)
			installed =
			    train_plots(j->kind->command, j->options.seeds > 1 ? folder : j->s.out);
		free(folder);
	}
	if (!installed && !j->s.quiet)
		printf("no plots: gnuplot is not installed (Debian: gnuplot-nox)\n");
}

/* What the network's own kind has to show of each seed's run. */
static int report(const job *j)
{
	int code = EXIT_OK;

	for (size_t i = 0; i < j->options.seeds && !code && j->kind->report; i++) {
		char name[40];
		snprintf(name, sizeof name, "seed-%llu", (unsigned long long)(j->options.seed + i));
		char *folder = j->options.seeds > 1 ? path_join(j->s.out, name) : NULL;
		train_outcome outcome = {j->kind->command, folder ? folder : j->s.out, j->dataset,
		    j->device, j->s.quiet};
		code = j->kind->report(&outcome);
		free(folder);
	}
	return code;
}

static int finish(job *j, onn_status status, const onn_train_result *result, int argc, char **argv)
{
	train_report_end(&j->report);
	if (status == ONN_CANCELLED)
		return stopped(j, argc, argv);
	if (status)
		return command_status(j->kind->command, status);
	if (result->was_finished)
		printf("%s is finished: nothing was left to do\n", j->s.out);
	train_report_result(result);
	if (result->profile)
		printf("\n%s", result->profile);
	if (j->s.out && !result->was_finished)
		draw_plots(j);
	if (j->s.out && !result->was_finished && report(j))
		return EXIT_FAILED;
	if (!j->s.out && !j->s.quiet)
		printf("nothing is kept; --out DIR keeps the weights and the curves\n");
	return EXIT_OK;
}

static int train(job *j, int argc, char **argv)
{
	onn_train_result result = {0};

	int code = recall(j);
	if (code)
		return code;
	set_network(j);
	set_training(j);
	set_places(j);
	onn_status status = onn_train_options_check(&j->options);
	if (status) {
		command_status(j->kind->command, status);
		return EXIT_USAGE;
	}
	system_catch_stop();
	status = open_all(j);
	if (status)
		return command_status(j->kind->command, status);
	if (!j->s.quiet)
		announce(j);
	j->report = train_report_begin(j->s.quiet);
	status = onn_train_network(&result, &j->network, &j->options, j->dataset, j->device);
	code = finish(j, status, &result, argc, argv);
	onn_train_result_clear(&result);
	return code;
}

int train_run(const train_network *network, int argc, char **argv)
{
	job j = {.kind = network};
	int code;

	j.takes = (train_takes){network->command, &j.line, false};
	if (!command_parse(network->command, argc, argv, &j.s, &j.line, &code))
		return code;
	code = check(&j);
	if (!code)
		code = check_folder(&j);
	if (!code)
		code = train(&j, argc, argv);
	onn_device_destroy(j.device);
	onn_dataset_destroy(j.dataset);
	free(j.dataset_path);
	command_release(network->command, &j.s);
	return code;
}
