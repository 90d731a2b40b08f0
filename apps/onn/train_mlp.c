/* onn train mlp: from options to the library's trainer and back to a person. */
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
	onn_mlp mlp;
	onn_train_options options;
	const char *dataset_name;
	char *dataset_path; /* of a FILE.npz, from the root: a resumed run may start elsewhere */
	const char *device_name;
	int threads;
	onn_train_config config; /* of the run to resume */
	bool resumed;            /* config is there */
	onn_dataset *dataset;
	onn_device *device;
	train_report report;
} job;

/* Options that were not given keep what the resumed run has. */
static bool takes(const job *j, const char *name)
{
	const option_row *row = command_row(&command_train_mlp, name);
	return !j->resumed || j->line.given[row - train_rows];
}

static void set_network(job *j)
{
	const train_settings *s = &j->s;
	onn_mlp *m = &j->mlp;

	if (takes(j, "hidden")) {
		m->nhidden = s->hidden.count;
		for (size_t i = 0; i < m->nhidden; i++)
			m->hidden[i] = (size_t)s->hidden.value[i];
	}
	/* The names stand in the tables in the order of the library's values. */
	if (takes(j, "activation"))
		m->activation = (onn_activation)s->activation;
	if (takes(j, "medium"))
		m->absorber.medium = (onn_medium)s->medium;
	if (takes(j, "encoding"))
		m->absorber.encoding = (onn_encoding)s->encoding;
	if (takes(j, "od"))
		m->absorber.depth = s->od;
	if (takes(j, "isat"))
		m->absorber.isat = s->isat;
	if (takes(j, "gradient"))
		m->absorber.gradient = s->gradient > ONN_GRADIENT_NEGATIVE
		                           ? ONN_GRADIENT_APPROXIMATE
		                           : (onn_gradient_mode)s->gradient;
	if (takes(j, "loss"))
		m->loss = (onn_loss)s->loss;
	if (takes(j, "precision"))
		m->precision = s->precision ? ONN_F64 : ONN_F32;
	if (takes(j, "init-mean"))
		m->init.mean = s->init_mean;
	if (takes(j, "init-std"))
		m->init.std = s->init_std;
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

static int check(const train_settings *s)
{
	if (s->resume && !s->out)
		return command_usage(
		    &command_train_mlp, "--resume needs --out DIR, the folder of the run");
	if (s->momentum > 0 && s->optimizer != ONN_OPTIMIZER_SGD && !s->resume)
		return command_usage(&command_train_mlp,
		    "--momentum is for --optimizer sgd; the optimizer is adam, which has its own");
	return EXIT_OK;
}

/* The library says it too, but knows no --resume, and only after the data set has been read. */
static int check_folder(const train_settings *s)
{
	char *last = s->out ? path_join(s->out, "last.npz") : NULL;
	int code = EXIT_OK;

	if (last && !s->resume && path_exists(last))
		code = command_fail(&command_train_mlp,
		    "%s holds a run; --resume goes on with it, another --out starts a new one",
		    s->out);
	else if (last && s->resume && s->seeds == 1 && !path_exists(last)) {
		char *config = path_join(s->out, "config.json");
		if (!config || !path_exists(config))
			code = command_fail(&command_train_mlp,
			    "%s has no checkpoint last.npz to resume from", s->out);
		free(config);
	}
	free(last);
	return code;
}

/* A run to resume brings its own options along. Where it has no config.json the trainer says what
 * is missing. */
static void recall(job *j)
{
	j->mlp = (onn_mlp)ONN_MLP_INIT;
	j->options = (onn_train_options)ONN_TRAIN_OPTIONS_INIT;
	if (!j->s.resume || onn_train_config_load(&j->config, j->s.out))
		return;
	j->resumed = true;
	j->mlp = j->config.mlp;
	j->options = j->config.options;
}

static onn_status open_all(job *j)
{
	onn_device_options options = ONN_DEVICE_OPTIONS_INIT;
	onn_status status =
	    onn_dataset_load(&j->dataset, j->dataset_name, j->s.data_dir, DATASET_SPLIT_SEED);

	if (status)
		return status;
	j->mlp.inputs = j->dataset->height * j->dataset->width;
	j->mlp.outputs = j->dataset->classes;
	options.threads = j->threads;
	options.profile = j->s.profile;
	return onn_device_create(&j->device, j->device_name, &options);
}

static void announce(const job *j)
{
	const onn_mlp *m = &j->mlp;

	printf("%s: %zu training and %zu test images; network %zu", j->dataset_name,
	    onn_array_shape(j->dataset->train_y)[0], onn_array_shape(j->dataset->test_y)[0],
	    m->inputs);
	for (size_t i = 0; i < m->nhidden; i++)
		printf("-%zu", m->hidden[i]);
	printf("-%zu, %s", m->outputs, onn_activation_name(m->activation));
	if (m->activation == ONN_ACTIVATION_SA)
		printf(" (%s, %s, depth %g, %s gradient)", onn_medium_name(m->absorber.medium),
		    onn_encoding_name(m->absorber.encoding), m->absorber.depth,
		    onn_gradient_mode_name(m->absorber.gradient));
	printf("\ndevice %s: %s, %d thread%s\n", onn_device_name(j->device),
	    onn_device_description(j->device), onn_device_threads(j->device),
	    onn_device_threads(j->device) == 1 ? "" : "s");
	fflush(stdout);
}

/* A word for a shell to read back. */
static void print_quoted(FILE *stream, const char *word)
{
	static const char plain[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:,=+";

	if (*word && word[strspn(word, plain)] == '\0') {
		fputs(word, stream);
		return;
	}
	fputc('\'', stream);
	for (; *word; word++)
		if (*word == '\'')
			fputs("'\\''", stream);
		else
			fputc(*word, stream);
	fputc('\'', stream);
}

static int stopped(const job *j, int argc, char **argv)
{
	const onn_train_progress *at = &j->report.at;

	fprintf(stderr,
	    "onn train mlp: stopped by a signal in epoch %zu of %zu, after step %zu of %zu",
	    at->epoch + 1, at->epochs, at->step, at->steps);
	if (!j->s.out) {
		fprintf(stderr, "; nothing is kept, since no --out was given\n");
		return EXIT_FAILED;
	}
	/* The same options again: what the run does not remember, such as --data-dir, stays right.
	 */
	fprintf(stderr, "; saved. Go on with:\n  onn train mlp");
	for (int i = 1; i < argc; i++) {
		fputc(' ', stderr);
		print_quoted(stderr, argv[i]);
	}
	fprintf(stderr, "%s\n", j->s.resume ? "" : " --resume");
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
			installed = train_plots(j->options.seeds > 1 ? folder : j->s.out);
		free(folder);
	}
	if (!installed && !j->s.quiet)
		printf("no plots: gnuplot is not installed (Debian: gnuplot-nox)\n");
}

static int finish(job *j, onn_status status, const onn_train_result *result, int argc, char **argv)
{
	train_report_end(&j->report);
	if (status == ONN_CANCELLED)
		return stopped(j, argc, argv);
	if (status)
		return command_status(&command_train_mlp, status);
	if (result->was_finished)
		printf("%s is finished: nothing was left to do\n", j->s.out);
	train_report_result(result);
	if (result->profile)
		printf("\n%s", result->profile);
	if (j->s.out && !result->was_finished)
		draw_plots(j);
	if (!j->s.out && !j->s.quiet)
		printf("nothing is kept; --out DIR keeps the weights and the curves\n");
	return EXIT_OK;
}

static int train(job *j, int argc, char **argv)
{
	onn_train_result result = {0};

	recall(j);
	set_network(j);
	set_training(j);
	set_places(j);
	onn_status status = onn_train_options_check(&j->options);
	if (status) {
		command_status(&command_train_mlp, status);
		return EXIT_USAGE;
	}
	system_catch_stop();
	status = open_all(j);
	if (status)
		return command_status(&command_train_mlp, status);
	if (!j->s.quiet)
		announce(j);
	j->report = train_report_begin(j->s.quiet);
	status = onn_train(&result, &j->mlp, &j->options, j->dataset, j->device);
	int code = finish(j, status, &result, argc, argv);
	onn_train_result_clear(&result);
	return code;
}

int train_mlp_run(int argc, char **argv)
{
	job j = {0};
	int code;

	if (!command_parse(&command_train_mlp, argc, argv, &j.s, &j.line, &code))
		return code;
	code = check(&j.s);
	if (!code)
		code = check_folder(&j.s);
	if (!code)
		code = train(&j, argc, argv);
	onn_device_destroy(j.device);
	onn_dataset_destroy(j.dataset);
	free(j.dataset_path);
	command_release(&command_train_mlp, &j.s);
	return code;
}
