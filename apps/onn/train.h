/* onn train: what its files share. */
#ifndef ONN_APPS_TRAIN_H
#define ONN_APPS_TRAIN_H

#include <onn/trainer.h>

#include "command.h"

/* The options of `onn train`; each network has some of them. */
typedef struct train_settings {
	const char *dataset, *data_dir;
	number_list hidden;
	int activation, medium, encoding;
	double od, isat;
	int gradient, loss, optimizer;
	double momentum, lr;
	int schedule;
	uint64_t batch, epochs, seed, seeds;
	double init_mean, init_std;
	value_span weight_range;
	int weight_norm, precision;
	const char *device;
	uint64_t threads;
	const char *out;
	bool resume, profile, quiet;
	/* diffractive */
	uint64_t layers, size, padding, levels;
	double pitch, wavelength, distance, sa_od, misalign;
	int modulation, detection;
} train_settings;

/* A run that is done, for what is drawn of it. */
typedef struct train_outcome {
	const command *command;
	const char *folder; /* of one seed */
	const onn_dataset *dataset;
	onn_device *device;
	bool quiet;
} train_outcome;

/* Whether an option says something: all do, but of a resumed run only those given. */
typedef struct train_takes {
	const command *command;
	const command_line *line;
	bool resumed;
} train_takes;

bool train_takes_option(const train_takes *takes, const char *name);
/* Whether it stands on the command line. */
bool train_given(const train_takes *takes, const char *name);

#define TRAIN_TEXT                                                                                 \
	"The test set is split at random in two halves: the best epoch is chosen on the "          \
	"selection half, and its accuracy on the report half is the result.\n"                     \
	"The first Ctrl-C finishes the step, saves and says how to go on; a second one "           \
	"ends the program at once. A run that was ended in any way goes on with "                  \
	"--resume and ends as if it had never stopped, on the same device and with as "            \
	"many threads."

/* What a network brings to `onn train`. */
typedef struct train_network {
	const command *command;
	onn_network_kind kind;
	/* Options into the description. */
	void (*set)(const train_settings *s, const train_takes *takes, onn_network *network);
	/* Says in a few words, without a line end, what it is. */
	void (*announce)(const onn_network *network);
	/* More to draw and tell of a run's folder when it is done; may be NULL. */
	int (*report)(const train_outcome *outcome);
} train_network;

int train_run(const train_network *network, int argc, char **argv);

/* Progress on the terminal or in lines; an onn_train's user pointer. */
typedef struct train_report {
	bool bar; /* a person is watching: draw a progress bar */
	bool quiet;
	bool drawn;            /* a bar stands on the current line */
	double begin, last;    /* system_clock: of the first step, of the last drawing */
	double done_before;    /* steps that were done when the first step ran */
	onn_train_progress at; /* the last step */
} train_report;

train_report train_report_begin(bool quiet);
bool train_report_progress(void *user, const onn_train_progress *p);
void train_report_epoch(void *user, const onn_train_epoch *e);
void train_report_log(void *user, const char *line);
/* Takes the bar away. */
void train_report_end(train_report *r);
void train_report_result(const onn_train_result *result);

/* Draws loss and accuracy into the run folder, from its metrics.csv. False: gnuplot is not
 * installed. */
bool train_plots(const command *c, const char *folder);

#endif
