#include "reproduce/forecast.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/memory.h"
#include "core/options.h"
#include "core/os.h"
#include "reproduce/data.h"
#include "reproduce/jobs.h"

enum { MOST_EPOCHS = 100 };
static const double enough = 0.03; /* seconds of measuring */

typedef struct clock_of_steps {
	double begin, least;
} clock_of_steps;

/* The first epoch makes room and compiles; of the others the quickest was disturbed least. */
static void end_epoch(void *user, const onn_train_epoch *e)
{
	clock_of_steps *c = user;
	if (e->epoch == 1)
		c->begin = onn_clock();
	else
		c->least = fmin(c->least, e->seconds);
}

static bool is_enough(void *user, const onn_train_progress *p)
{
	const clock_of_steps *c = user;
	(void)p;
	return isfinite(c->least) && onn_clock() - c->begin > enough;
}

/* Images of all greys, of as many as some steps take. */
static onn_status make_set(onn_dataset *d, const onn_case_size *size, size_t count)
{
	*d = (onn_dataset){.name = "greys",
	    .height = size->height,
	    .width = size->width,
	    .classes = size->classes,
	    .scale = 255};
	onn_status status =
	    onn_array_create(&d->train_x, ONN_U8, 3, (size_t[]){count, size->height, size->width});
	if (!status)
		status = onn_array_create(&d->train_y, ONN_I32, 1, &count);
	if (!status)
		status = onn_array_create(
		    &d->test_x, ONN_U8, 3, (size_t[]){0, size->height, size->width});
	if (!status)
		status = onn_array_create(&d->test_y, ONN_I32, 1, (size_t[]){0});
	uint8_t *pixel = status ? NULL : onn_array_data(d->train_x);
	for (size_t i = 0; pixel && i < onn_array_count(d->train_x); i++)
		pixel[i] = (uint8_t)(i * 37 % 256);
	return status;
}

static void clear_set(onn_dataset *d)
{
	onn_array *const own[] = {d->train_x, d->train_y, d->test_x, d->test_y};
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		onn_array_destroy(own[i]);
}

static onn_status time_steps(
    double *seconds, const onn_case *c, const onn_case_size *size, onn_device *device)
{
	clock_of_steps clock = {0, INFINITY};
	onn_network *network = NULL;
	onn_dataset d = {.name = ""};
	onn_train_options o = c->training;
	size_t count = onn_size_least(o.batch, size->train ? size->train : 1);
	o.epochs = MOST_EPOCHS;
	o.seeds = 1;
	o.user = &clock;
	o.epoch = end_epoch;
	o.progress = is_enough;
	onn_status status = make_set(&d, size, count);
	if (!status)
		status = onn_case_network(&network, c, size->height, size->width, size->classes);
	if (!status)
		status = onn_train(NULL, network, &o, &d, device);
	if (status == ONN_CANCELLED)
		status = ONN_OK;
	*seconds = isfinite(clock.least) ? clock.least / (double)count : 0;
	onn_network_destroy(network);
	clear_set(&d);
	return status;
}

onn_status onn_forecast_unit(
    double *seconds, const onn_work *w, const char *data_dir, onn_device *device)
{
	*seconds = 0;
	for (size_t i = 0; i < w->count; i++) {
		const onn_case *c = w->task[i].c;
		onn_case_size size;
		if (!c->measure->trains)
			continue;
		onn_status status = onn_case_size_of(&size, &c->data, data_dir);
		return status ? status : time_steps(seconds, c, &size, device);
	}
	return ONN_OK;
}

/* With so many jobs at once: an even share of all, and no less than the longest chain. */
static onn_status add_up(
    double *seconds, const onn_work *w, size_t chains, double unit, size_t jobs)
{
	double *chain = calloc(chains + 1, sizeof *chain), sum = 0, longest = 0;
	if (!chain)
		return onn_error_memory("onn_study_forecast", chains * sizeof *chain);
	for (size_t i = 0; i < w->count; i++) {
		const onn_task *t = &w->task[i];
		double own = unit * (t->training + t->measuring);
		sum += own;
		chain[t->chain] += own;
		longest = fmax(longest, chain[t->chain]);
	}
	*seconds = fmax(longest, sum / (double)jobs);
	free(chain);
	return ONN_OK;
}

onn_status onn_study_forecast(double *seconds, const onn_study *study,
    const onn_reproduce_options *options, onn_device *device)
{
	onn_reproduce_options o = ONN_REPRODUCE_OPTIONS_INIT;
	onn_jobs jobs = {.device = NULL};
	onn_work w;
	double unit = 0;
	size_t chains = 0;
	*seconds = NAN;
	if (!study || !device)
		return onn_error(ONN_ERROR_ARGUMENT, "onn_study_forecast: no %s; expected one",
		    study ? "device" : "study");
	onn_status status =
	    onn_options_take(&o, options, "onn_study_forecast", "ONN_REPRODUCE_OPTIONS_INIT");
	if (status)
		return status;
	status = onn_work_create(&w, study, o.quick, o.seeds, o.data_dir);
	if (!status) {
		chains = onn_work_join(&w, 1);
		status = onn_jobs_create(&jobs, &w, 1, chains, &o, device);
	}
	if (!status)
		status = onn_forecast_unit(&unit, &w, o.data_dir, jobs.device[0]);
	if (!status)
		status = add_up(seconds, &w, chains, unit, jobs.count);
	onn_jobs_clear(&jobs);
	onn_work_clear(&w);
	return status;
}
