/*
 * The files of a run: config.json, metrics.csv, and last.npz, which is written last and is what
 * counts.
 */
#include <math.h>

#include "core/error.h"
#include "design/designer.h"
#include "run/checkpoint.h"

onn_status onn_designer_write_config(const onn_designer *d)
{
	return onn_run_folder_write(&d->files, "config.json", onn_design_config_text(&d->config));
}

/* ---- last.npz ---- */

static onn_status put_step(onn_archive *archive, size_t done)
{
	const double step = (double)done;
	onn_array *a = NULL;
	onn_status status = onn_array_from(&a, ONN_F64, 1, (size_t[]){1}, &step);

	if (!status)
		status = onn_archive_put(archive, "step", a);
	onn_array_destroy(a);
	return status;
}

static onn_status put_all(onn_archive *archive, const onn_designer *d)
{
	char *text = onn_design_config_text(&d->config);
	onn_status status = text ? onn_archive_put_text(archive, "config.json", text)
	                         : onn_error_memory(d->files.function, 1);

	onn_free(text);
	if (!status)
		status = put_step(archive, d->done);
	/* the losses before each step taken: the one after the last is computed again, as the next
	 * step does it */
	if (!status)
		status = onn_history_put(archive, &d->losses, d->done);
	if (!status)
		status = onn_archive_put(archive, "target", d->target);
	if (!status)
		status = onn_archive_put(archive, "source", d->source);
	for (size_t i = 0; i < d->model.nvariables && !status; i++)
		status = onn_checkpoint_put(archive, d->model.variable[i].name, d->state[i]);
	return status;
}

onn_status onn_designer_write_checkpoint(const onn_designer *d)
{
	onn_archive *archive = NULL;

	if (!onn_run_folder_is_kept(&d->files))
		return ONN_OK;
	onn_status status = onn_archive_create(&archive);
	if (!status)
		status = put_all(archive, d);
	if (!status)
		status = onn_run_folder_save(&d->files, "last.npz", archive);
	onn_archive_destroy(archive);
	return status;
}

onn_status onn_designer_save(onn_designer *d)
{
	onn_status status = ONN_OK;

	if (!onn_run_folder_is_kept(&d->files))
		return ONN_OK;
	if (d->done > d->config.design.steps) { /* a resumed run finds as many as it has taken */
		d->config.design.steps = d->done;
		status = onn_designer_write_config(d);
	}
	if (!status)
		status = onn_history_write(&d->files, &d->losses);
	if (!status)
		status = onn_designer_write_checkpoint(d);
	if (!status)
		d->saved = d->done;
	return status;
}

/* ---- back ---- */

static onn_status load_input(onn_array **to, const onn_designer *d, const onn_archive *archive,
    const char *name, onn_type type)
{
	char path[ONN_PATH_ROOM];
	size_t n = d->config.design.pixels;
	const onn_array *a;
	onn_status status = onn_checkpoint_find(
	    &a, archive, name, type, n * n, onn_run_folder_path(path, &d->files, "last.npz"));

	if (!status)
		status = onn_checkpoint_finite(a, name, path);
	if (status)
		return status;
	return onn_array_from(to, type, 2, (size_t[]){n, n}, onn_array_const_data(a));
}

onn_status onn_designer_load_inputs(onn_designer *d, const onn_archive *archive)
{
	onn_type real = d->config.design.precision;
	onn_status status = load_input(&d->target, d, archive, "target", real);

	if (status)
		return status;
	return load_input(&d->source, d, archive, "source", onn_type_complex(real));
}

static onn_status load_losses(onn_designer *d, const onn_archive *archive, const char *path)
{
	size_t steps = d->config.design.steps;
	const onn_array *step;
	onn_status status = onn_checkpoint_find(&step, archive, "step", ONN_F64, 1, path);

	if (status)
		return status;
	double done = *(const double *)onn_array_const_data(step);
	if (!(done >= 0 && done == floor(done)))
		return onn_error(ONN_ERROR_FORMAT,
		    "%s: array step holds %g; expected a whole number, the steps taken", path,
		    done);
	if (!(done <= (double)steps))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: %s has taken %.0f steps; expected steps of at least that, not %zu",
		    d->files.function, d->files.path, done, steps);
	d->done = d->saved = (size_t)done;
	status = onn_history_take(&d->losses, archive, d->done, path);
	const onn_array *losses = onn_archive_get(archive, "loss");
	return status ? status : onn_checkpoint_finite(losses, "loss", path);
}

onn_status onn_designer_load_state(onn_designer *d, const onn_archive *archive)
{
	char path[ONN_PATH_ROOM];
	onn_run_folder_path(path, &d->files, "last.npz");
	onn_status status = load_losses(d, archive, path);

	for (size_t i = 0; i < d->model.nvariables && !status; i++)
		status = onn_checkpoint_take(d->state[i], archive, d->model.variable[i].name, path);
	return status;
}
