/* onn train: what its files share. */
#ifndef ONN_APPS_TRAIN_H
#define ONN_APPS_TRAIN_H

#include <onn/trainer.h>

#include "command.h"

/* The options of `onn train mlp`. */
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
} train_settings;

extern const option_row train_rows[];
int train_mlp_run(int argc, char **argv);

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
bool train_plots(const char *folder);

#endif
