/* What `onn reproduce` shows while it works. */
#include <stdio.h>

#include "bar.h"
#include "reproduce.h"
#include "system.h"

reproduce_progress reproduce_progress_begin(bool quiet)
{
	return (reproduce_progress){
	    .bar = !quiet && system_is_terminal(stderr), .quiet = quiet, .told = SIZE_MAX};
}

void reproduce_progress_end(reproduce_progress *p)
{
	if (p->drawn)
		bar_clear();
	p->drawn = false;
}

static void draw(reproduce_progress *p, const onn_reproduce_progress *at)
{
	char before[160], after[64], time[24];
	double now = system_clock();

	if (now - p->last < 0.1)
		return;
	if (at->running == 0)
		snprintf(before, sizeof before, "%s", at->name);
	else if (at->running > 1)
		snprintf(before, sizeof before, "%s: %zu of %zu trained, %zu at once", at->name,
		    at->job, at->jobs, at->running);
	else
		snprintf(before, sizeof before, "%s: training %zu/%zu, epoch %zu/%zu", at->name,
		    at->job + 1, at->jobs, at->train.epoch + 1, at->train.epochs);
	snprintf(after, sizeof after, ", %s left", duration_text(time, sizeof time, at->left));
	bar_draw(before, at->done, after);
	p->drawn = true;
	p->last = now;
}

/* A line when a training has begun. */
static void say(reproduce_progress *p, const onn_reproduce_progress *at)
{
	char time[24];

	size_t begun = at->job + at->running;

	if (p->told == begun || at->running == 0)
		return;
	p->told = begun;
	printf("%s: training %zu of %zu, %.0f %% done, some %s left\n", at->name, begun, at->jobs,
	    100 * at->done, duration_text(time, sizeof time, at->left));
	fflush(stdout);
}

void reproduce_progress_tell(reproduce_progress *p, const onn_reproduce_progress *at)
{
	if (p->bar)
		draw(p, at);
	else if (!p->quiet)
		say(p, at);
}
