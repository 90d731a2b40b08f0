/*
 * onn compare: what run folders hold, side by side.
 */
#ifndef ONN_APPS_COMPARE_H
#define ONN_APPS_COMPARE_H

#include <onn/history.h>

#include "command.h"

struct cJSON;

/* What is asked for. */
typedef struct compare_request {
	const char *plot, *csv, *report;
	bool json;
} compare_request;

/* A run's config.json and metrics.csv. */
typedef struct compare_run {
	char *folder;
	struct cJSON *config;
	char *text;  /* config.json as it stands */
	bool design; /* of onn design, else of onn train */
	size_t rows; /* epochs, or steps */
	onn_array *history;
	size_t best; /* row of the best epoch; of a design the last */
} compare_run;

typedef struct compare_work {
	const command *c;
	compare_run *run;
	size_t count;
	/* settings that are not alike, as paths: "training.lr"; the first nshared of them are of
	 * all runs */
	char (*differing)[64];
	size_t ndiffering, nshared;
} compare_work;

/* Reads the folders, of several runs each of them; an exit status, its error printed. */
int compare_load(compare_work *w, const char *const folder[], size_t count);
void compare_clear(compare_work *w);
/* A number of a run's metrics. */
double compare_metric(const compare_run *r, size_t row, size_t column);
/* Seconds of all epochs; NaN of a design, which keeps none. */
double compare_seconds(const compare_run *r);
/* A setting as text, "-" where the run has none; returns text. */
const char *compare_setting(char *text, size_t room, const compare_run *r, const char *path);

/* A text of CSV, quoted where it has a comma. */
void compare_put_csv(FILE *file, const char *text);

/* The curves of all runs, for plot_draw; user is a compare_work. */
void compare_write_figure(FILE *script, const void *user);
/* One page that needs no other file; an exit status. */
int compare_report(const compare_work *w, const char *path);

#endif
