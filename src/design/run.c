/*
 * The steps that are left, with checkpoints, and what a caller sees of them.
 */
#include <stdio.h>

#include "run/loop.h"

#include "core/error.h"
#include "design/designer.h"

typedef struct run {
	onn_designer *d;
	bool stop; /* the caller wants to */
} run;

/* ---- what a caller sees ---- */

static bool is_pictured(const onn_designer *d)
{
	size_t every = d->options.picture_every;

	if (!d->options.picture)
		return false;
	if (d->done == d->config.design.steps)
		return true;
	return every ? d->done % every == 0 : (d->done & (d->done - 1)) == 0;
}

static onn_status show(onn_designer *d)
{
	onn_array *intensity = NULL, *picture = NULL;
	onn_status status = onn_designer_intensity(&intensity, d);

	if (!status)
		status = onn_designer_picture(&picture, d, intensity);
	if (!status) {
		onn_design_picture seen = {
		    d->done, onn_designer_loss(d, d->done), intensity, picture};
		status = d->options.picture(d->options.user, &seen);
	}
	onn_array_destroy(intensity);
	onn_array_destroy(picture);
	return status;
}

static bool report(void *self, size_t done)
{
	run *r = self;
	const onn_design_options *o = &r->d->options;
	onn_design_progress at = {
	    done, r->d->config.design.steps, onn_designer_loss(r->d, done - 1)};

	r->stop = o->progress && o->progress(o->user, &at);
	return r->stop;
}

/* ---- steps ---- */

static onn_status take_step(void *self, size_t done)
{
	onn_designer *d = ((run *)self)->d;
	onn_status status = is_pictured(d) ? show(d) : ONN_OK;

	(void)done;
	return status ? status : onn_designer_step(d);
}

static bool is_save_due(const void *self, size_t done)
{
	const onn_design *d = &((const run *)self)->d->config.design;
	size_t sixteenth = d->steps / 16;

	return done % (d->save_every ? d->save_every : sixteenth > 32 ? sixteenth : 32) == 0;
}

/* The loss after the last step is known by another look at the light: worth its time where a run
 * ends. */
static onn_status save(void *self, size_t done)
{
	const run *r = self;
	bool ends = r->stop || done >= r->d->config.design.steps;
	onn_status status = ends ? onn_designer_look(r->d, "onn_designer_run") : ONN_OK;

	return status ? status : onn_designer_save(r->d);
}

onn_status onn_designer_run(onn_designer *d)
{
	static const onn_loop loop = {take_step, report, is_save_due, save};
	size_t steps = d->config.design.steps;
	run r = {d, false};
	onn_status status =
	    d->done < steps ? onn_loop_run(&loop, &r, d->done, steps) : save(&r, d->done);

	/* a picture may end a run by this status, too: then the text is the caller's */
	char kept[40];
	snprintf(kept, sizeof kept, "step %zu", d->saved);
	onn_run_folder_remind(&d->files, status, kept);
	if (status == ONN_CANCELLED && r.stop)
		return onn_error(
		    status, "onn_designer_run: stopped after step %zu of %zu", d->done, steps);
	return !status && is_pictured(d) ? show(d) : status;
}
