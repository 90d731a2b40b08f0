/*
 * The files of a run: config.json, metrics.csv, and last.npz, which is written last and is what
 * counts.
 */
#include <string.h>

#include "core/error.h"
#include "core/number.h"
#include "core/os.h"
#include "core/text.h"
#include "design/designer.h"

static onn_status no_memory(size_t bytes) { return onn_error_memory("onn_designer_save", bytes); }

/* ---- texts ---- */

/* Frees text; NULL is no memory. */
static onn_status write_text(const onn_designer *d, const char *name, char *text)
{
	char path[ONN_PATH_ROOM];
	onn_status status = text ? onn_design_path(path, d->out, name) : no_memory(1);

	if (!status)
		status = onn_file_write(path, text, strlen(text));
	onn_free(text);
	return status;
}

onn_status onn_designer_write_config(const onn_designer *d)
{
	return write_text(d, "config.json", onn_design_config_text(&d->config));
}

/* The loss after each step; that after the last one where it is known. */
static onn_status write_metrics(const onn_designer *d)
{
	size_t known;
	const double *loss = onn_designer_losses(&known, d);
	onn_text text = ONN_TEXT_INIT;
	char number[ONN_NUMBER_ROOM];

	onn_text_add(&text, "step,loss\n");
	for (size_t i = 1; i < known; i++)
		onn_text_add(&text, "%zu,%s\n", i, onn_number_format(number, "%.17g", loss[i]));
	return write_text(d, "metrics.csv", onn_text_take(&text));
}

/* ---- last.npz ---- */

static onn_status put_numbers(onn_archive *archive, const char *name, const double *x, size_t n)
{
	onn_array *a = NULL;
	onn_status status = onn_array_from(&a, ONN_F64, 1, &n, x);

	if (!status)
		status = onn_archive_put(archive, name, a);
	onn_array_destroy(a);
	return status;
}

static onn_status put_tensor(onn_archive *archive, const char *name, const onn_tensor *t)
{
	onn_array *a = NULL;
	onn_status status = onn_tensor_to_array(&a, t);

	if (!status)
		status = onn_archive_put(archive, name, a);
	onn_array_destroy(a);
	return status;
}

static onn_status put_all(onn_archive *archive, const onn_designer *d)
{
	double done = (double)d->done;
	char *text = onn_design_config_text(&d->config);
	onn_status status =
	    text ? onn_archive_put_text(archive, "config.json", text) : no_memory(1);

	onn_free(text);
	if (!status)
		status = put_numbers(archive, "step", &done, 1);
	/* the losses before each step taken: the one after the last is computed again, as the next
	 * step does it */
	if (!status)
		status = put_numbers(archive, "loss", d->loss, d->done);
	if (!status)
		status = onn_archive_put(archive, "target", d->target);
	if (!status)
		status = onn_archive_put(archive, "source", d->source);
	for (size_t i = 0; i < d->model.nvariables && !status; i++)
		status = put_tensor(archive, d->model.variable[i].name, d->state[i]);
	return status;
}

onn_status onn_designer_write_checkpoint(const onn_designer *d)
{
	onn_archive *archive = NULL;
	char path[ONN_PATH_ROOM];
	onn_status status = onn_design_path(path, d->out, "last.npz");

	if (!status)
		status = onn_archive_create(&archive);
	if (!status)
		status = put_all(archive, d);
	if (!status)
		status = onn_archive_save(archive, path);
	onn_archive_destroy(archive);
	return status;
}

onn_status onn_designer_save(onn_designer *d)
{
	onn_status status = ONN_OK;

	if (!d->out)
		return ONN_OK;
	if (d->done > d->config.design.steps) { /* a resumed run finds as many as it has taken */
		d->config.design.steps = d->done;
		status = onn_designer_write_config(d);
	}
	if (!status)
		status = write_metrics(d);
	return status ? status : onn_designer_write_checkpoint(d);
}

/* ---- back ---- */

/* The array of that name, type and count; NULL, with the error, where there is none. */
static const onn_array *find(onn_status *status, const onn_designer *d, const onn_archive *archive,
    const char *name, onn_type type, size_t count)
{
	const onn_array *a = *status ? NULL : onn_archive_get(archive, name);

	if (a && onn_array_type(a) == type && onn_array_count(a) == count)
		return a;
	if (!*status)
		*status = onn_error(ONN_ERROR_FORMAT,
		    "%s/last.npz: array %s is not there or not %s of %zu numbers", d->out, name,
		    onn_type_name(type), count);
	return NULL;
}

static onn_status load_input(onn_array **to, const onn_designer *d, const onn_archive *archive,
    const char *name, onn_type type)
{
	size_t n = d->config.design.pixels;
	onn_status status = ONN_OK;
	const onn_array *a = find(&status, d, archive, name, type, n * n);

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

static onn_status load_losses(onn_designer *d, const onn_archive *archive)
{
	size_t steps = d->config.design.steps;
	onn_status status = ONN_OK;
	const onn_array *step = find(&status, d, archive, "step", ONN_F64, 1);
	double done = step ? *(const double *)onn_array_const_data(step) : 0;

	if (!status && !(done >= 0 && done <= (double)steps))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_designer_create: %s has taken %.0f steps; expected steps of at least "
		    "that, "
		    "not %zu",
		    d->out, done, steps);
	d->done = (size_t)done;
	const onn_array *loss = find(&status, d, archive, "loss", ONN_F64, d->done);
	if (loss && d->done)
		memcpy(d->loss, onn_array_const_data(loss), d->done * sizeof *d->loss);
	return status;
}

onn_status onn_designer_load_state(onn_designer *d, const onn_archive *archive)
{
	onn_status status = load_losses(d, archive);

	for (size_t i = 0; i < d->model.nvariables && !status; i++) {
		const onn_design_variable *v = &d->model.variable[i];
		const onn_array *a =
		    find(&status, d, archive, v->name, v->type, onn_tensor_count(d->state[i]));
		if (!status)
			status = onn_tensor_write(d->state[i], onn_array_const_data(a),
			    onn_array_count(a) * onn_type_size(v->type));
	}
	return status;
}
