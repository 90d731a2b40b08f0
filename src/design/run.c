/*
 * The steps that are left, with checkpoints, and what a caller sees of them.
 */
#include "core/error.h"
#include "design/designer.h"

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
		onn_design_picture seen = {d->done, d->loss[d->done], intensity, picture};
		status = d->options.picture(d->options.user, &seen);
	}
	onn_array_destroy(intensity);
	onn_array_destroy(picture);
	return status;
}

/* True: the caller wants to stop. */
static bool report(const onn_designer *d)
{
	onn_design_progress at = {d->done, d->config.design.steps, d->loss[d->done - 1]};

	return d->options.progress && d->options.progress(d->options.user, &at);
}

static size_t save_every(const onn_design *d)
{
	size_t sixteenth = d->steps / 16;

	return d->save_every ? d->save_every : sixteenth > 32 ? sixteenth : 32;
}

static onn_status take_steps(onn_designer *d, bool *stop)
{
	size_t steps = d->config.design.steps, every = save_every(&d->config.design);
	onn_status status = ONN_OK;

	while (!status && d->done < steps && !*stop) {
		if (is_pictured(d))
			status = show(d);
		if (!status)
			status = onn_designer_step(d);
		if (status)
			break;
		*stop = report(d);
		if (d->done % every == 0 && d->done < steps && !*stop)
			status = onn_designer_save(d);
	}
	return status;
}

onn_status onn_designer_run(onn_designer *d)
{
	size_t steps = d->config.design.steps;
	bool stop = false;
	onn_status status = take_steps(d, &stop);

	if (!status)
		status = onn_designer_look(d, "onn_designer_run");
	if (!status)
		status = onn_designer_save(d);
	if (!status && stop && d->done < steps)
		return onn_error(ONN_CANCELLED, "onn_designer_run: stopped after step %zu of %zu",
		    d->done, steps);
	return !status && is_pictured(d) ? show(d) : status;
}
