/* What `onn train` shows: a bar on a terminal, lines in a pipe, the result. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bar.h"
#include "result.h"
#include "system.h"
#include "train.h"

train_report train_report_begin(bool quiet, const pace *p)
{
	return (train_report){
	    .bar = !quiet && system_is_terminal(stderr), .quiet = quiet, .pace = *p};
}

void train_report_end(train_report *r)
{
	if (r->drawn)
		bar_clear();
	r->drawn = false;
}

static double steps_done(const onn_train_progress *p)
{
	double steps = (double)p->epoch * (double)p->steps + (double)p->step;
	return (double)p->run * (double)p->epochs * (double)p->steps + (double)p->together * steps;
}

/*
 * A device's queue takes some steps at once, before the first is done, and so they are reported.
 * Once it is full a step is taken as one ends: what counts is what came since a mark behind the
 * epoch's beginning, long enough ago, and until then the epoch before.
 */
static const double filled = 0.1, long_enough = 1; /* seconds */

static void set_mark(train_report *r, const onn_train_progress *p)
{
	if (p->seconds < r->mark)
		r->mark = 0;
	if (r->mark > 0 || p->seconds < filled)
		return;
	r->mark = p->seconds;
	r->mark_step = p->step;
}

/* ", 137 steps/s", or nothing as long as that is not known; returns text. */
static const char *rate_text(
    char *text, size_t room, const train_report *r, const onn_train_progress *p)
{
	double passed = r->mark > 0 ? p->seconds - r->mark : 0;
	bool enough = passed >= long_enough && p->step > r->mark_step;
	double rate = enough ? (double)(p->step - r->mark_step) / passed : r->rate;

	text[0] = '\0';
	if (rate > 0)
		snprintf(text, room, ", %.*f steps/s", rate < 10 ? 2 : 0, rate);
	return text;
}

/* A bar, or a line in a pipe. */
static void draw(train_report *r, const onn_train_progress *p, double now)
{
	char before[96], after[96], left[48] = "", time[24], rate[40];
	double all = (double)p->runs * (double)p->epochs * (double)p->steps;
	double done = steps_done(p), elapsed = now - r->begin;
	int n = 0;

	if (elapsed > 0.3 && done > r->done_before)
		snprintf(left, sizeof left, ", %s left",
		    duration_text(
		        time, sizeof time, (all - done) * elapsed / (done - r->done_before)));
	if (p->together > 1)
		n = snprintf(before, sizeof before, "seeds %llu-%llu ", (unsigned long long)p->seed,
		    (unsigned long long)p->seed + p->together - 1);
	else if (p->runs > 1)
		n = snprintf(before, sizeof before, "seed %llu ", (unsigned long long)p->seed);
	snprintf(before + n, sizeof before - (size_t)n, "epoch %zu/%zu", p->epoch + 1, p->epochs);
	snprintf(after, sizeof after, "%s%s", rate_text(rate, sizeof rate, r, p), left);
	r->last = now;
	r->drawn = r->bar;
	if (r->bar) {
		bar_draw(before, done / all, after);
		return;
	}
	printf("%s  step %zu/%zu%s\n", before, p->step, p->steps, after);
	fflush(stdout);
}

bool train_report_progress(void *user, const onn_train_progress *p)
{
	train_report *r = user;

	if (!r->caught)
		system_catch_stop();
	r->caught = true;
	r->at = *p;
	if (!r->quiet) {
		double now = system_clock();
		set_mark(r, p);
		if (r->begin == 0) {
			r->begin = now;
			r->done_before = steps_done(p);
		}
		if (r->bar ? now - r->last >= 0.1 : pace_is_due(&r->pace) && p->step < p->steps)
			draw(r, p, now);
	}
	return system_stop_asked();
}

/* "93.33", or "-" where there was no image to measure. */
static const char *percent(char text[16], double part)
{
	if (isnan(part))
		return "-";
	snprintf(text, 16, "%.2f", 100 * part);
	return text;
}

void train_report_epoch(void *user, const onn_train_epoch *e)
{
	train_report *r = user;

	if (r->quiet)
		return;
	train_report_end(r);
	r->pace.last = system_clock();
	r->mark = 0;
	/* steps of runs that go together are taken once, and their seconds shared */
	double seconds = e->seconds * (double)r->at.together;
	r->rate = seconds > 0 ? (double)r->at.steps / seconds : 0;
	if (e->runs > 1)
		printf("seed %llu  ", (unsigned long long)e->seed);
	char selection[16], report[16];
	/* with no image to select by, the latest epoch is as good as any */
	bool best = e->best && !isnan(e->selection_accuracy);
	printf("epoch %*zu/%zu  loss %.6f  selection %6s %%  report %6s %%  %.3f s%s\n",
	    snprintf(NULL, 0, "%zu", e->epochs), e->epoch, e->epochs, e->train_loss,
	    percent(selection, e->selection_accuracy), percent(report, e->report_accuracy),
	    e->seconds, best ? "  best" : "");
	fflush(stdout);
}

void train_report_log(void *user, const char *line)
{
	train_report *r = user;
	char plain[600];

	if (r->quiet)
		return;
	train_report_end(r);
	printf("%s\n", command_plain(plain, sizeof plain, line));
	fflush(stdout);
}

int train_report_json(const command *c, const onn_train_result *trained, const char *out)
{
	result r = result_begin(c);

	for (size_t i = 0; i < trained->count; i++) {
		const onn_train_run *run = &trained->run[i];
		result_row(&r, "runs");
		result_whole(&r, "seed", run->seed);
		result_whole(&r, "epochs", run->epochs);
		result_whole(&r, "best_epoch", run->best_epoch);
		result_real(&r, "train_loss", run->train_loss, NULL);
		result_real(&r, "selection_accuracy", run->selection_accuracy, NULL);
		result_real(&r, "report_accuracy", run->report_accuracy, NULL);
		result_real(&r, "seconds", run->seconds, "s");
		result_leave(&r);
	}
	result_real(&r, "mean", trained->mean, NULL);
	result_real(&r, "deviation", trained->deviation, NULL);
	result_bool(&r, "was_finished", trained->was_finished);
	if (out)
		result_text(&r, "out", out);
	return result_end(&r, EXIT_OK);
}

void train_report_result(const onn_train_result *trained)
{
	for (size_t i = 0; i < trained->count; i++) {
		const onn_train_run *run = &trained->run[i];
		if (trained->count > 1)
			printf("seed %llu: ", (unsigned long long)run->seed);
		char selection[16], report[16];
		bool selected = !isnan(run->selection_accuracy);
		printf("report accuracy %s %% (epoch %zu of %zu, %s%s%s), %.2f s of training\n",
		    percent(report, run->report_accuracy), run->best_epoch, run->epochs,
		    selected ? "the best on the selection half: "
		             : "the latest: the test set is too small for a selection half",
		    selected ? percent(selection, run->selection_accuracy) : "",
		    selected ? " %" : "", run->seconds);
	}
	if (trained->count > 1)
		printf("%zu seeds: report accuracy %.2f +- %.2f %% (mean and standard deviation)\n",
		    trained->count, 100 * trained->mean, 100 * trained->deviation);
}
