/* onn train: what its files share. */
#ifndef ONN_APPS_TRAIN_H
#define ONN_APPS_TRAIN_H

#include <onn/cnn.h>
#include <onn/d2nn.h>
#include <onn/mlp.h>
#include <onn/trainer.h>

#include "command.h"
#include "jobs.h"
#include "plot.h"

/* How many seeds are stepped together, by onn_train_options.together. */
typedef struct seed_choice {
	size_t together;
} seed_choice;
const onn_settings *seed_choice_settings(void);

/* The options of `onn train`; each network has some of them. */
typedef struct train_settings {
	onn_mlp mlp;
	onn_cnn cnn;
	onn_d2nn d2nn;
	const char *network; /* a file */
	onn_network *list;   /* of a run that is resumed */
	onn_train_options training;
	const char *config, *dataset, *data_dir, *device, *out;
	uint64_t threads;
	pace pace;
	job_choice jobs;
	seed_choice seeds;
	bool resume, profile, quiet, json;
	const command_line *line; /* what was given */
} train_settings;

/* A run that is done, for what is drawn of it. */
typedef struct train_outcome {
	const command *command;
	const char *folder; /* of one seed */
	const onn_dataset *dataset;
	onn_device *device;
	bool quiet;
} train_outcome;

#define TRAIN_TEXT                                                                                 \
	"The test set is split at random in two halves: the best epoch is chosen on the "          \
	"selection half, and its accuracy on the report half is the result.\n"                     \
	"The first Ctrl-C finishes the step, saves and says how to go on; a second one "           \
	"ends the program at once. A run that was ended in any way goes on with "                  \
	"--resume and ends as if it had never stopped, on the same device and with as "            \
	"many threads.\n"                                                                          \
	"Of an option of one number, a list (--lr 1e-3,1e-2) or MIN:MAX:COUNT[:log] is a run for " \
	"each, in DIR/NAME=VALUE, side by side; DIR/sweep.csv, sweep.svg and sweep.png compare "   \
	"them. The same command goes on where it was stopped."

/* What a network brings to `onn train`. */
typedef struct train_network {
	const command *command;
	/* Takes over the network of a run that is resumed; false: it is another kind. */
	bool (*recall)(train_settings *s, const onn_network *network);
	/* The network of the options for a data set. */
	onn_status (*make)(onn_network **network, train_settings *s, const onn_dataset *dataset);
	/* Says in a few words, without a line end, what it is. */
	void (*announce)(const onn_network *network);
} train_network;

int train_run(const train_network *network, int argc, char **argv);
/* Behind the word sa of an announcement: what absorber it is. */
void train_announce_absorber(const onn_absorber *a);

/* Warns of the first space, and of the first lens, that is sampled too coarsely. */
void train_warn_of_sampling(const command *c, const onn_network *network);

/* Light of a finished run: confusion, efficiency, pictures. */
int train_light_report(const train_outcome *outcome);

/* Progress on the terminal or in lines; an onn_train's user pointer. */
typedef struct train_report {
	bool bar; /* a person is watching: draw a progress bar */
	bool quiet;
	bool caught;           /* a signal is noted, as there is something to save */
	bool drawn;            /* a bar stands on the current line */
	double begin, last;    /* system_clock: of the first step, of the last drawing */
	pace pace;             /* of lines within an epoch, where there is no bar */
	double done_before;    /* steps that were done when the first step ran */
	double rate;           /* steps a second of the epoch before; 0: none has ended */
	double mark;           /* seconds of this epoch, not at once; 0: it has just begun */
	size_t mark_step;      /* the step then */
	onn_train_progress at; /* the last step */
} train_report;

train_report train_report_begin(bool quiet, const pace *p);
bool train_report_progress(void *user, const onn_train_progress *p);
void train_report_epoch(void *user, const onn_train_epoch *e);
void train_report_log(void *user, const char *line);
/* Takes the bar away. */
void train_report_end(train_report *r);
void train_report_result(const onn_train_result *trained);
/* The same as JSON; out: NULL for none. An exit status. */
int train_report_json(const command *c, const onn_train_result *trained, const char *out);

/* Draws loss and accuracy into the run folder; what one of the figures came to, if it was not
 * drawn. */
plot_result train_plots(const command *c, const char *folder, const onn_train_run *run);

#endif
