/* The run folder of a design: texts, checkpoint, metrics. last.npz is written last and is what
 * counts. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "design.h"
#include "system.h"

static int no_memory(void) { return command_fail(&command_design, "no memory"); }

static void put_text(FILE *file, const void *user) { fputs(user, file); }

int design_write_text(const char *folder, const char *name, const char *text)
{
	return path_write(&command_design, folder, name, put_text, text);
}

int design_metrics_write(const design_run *r, size_t steps)
{
	enum { ROW = 64 };
	size_t room = 16 + steps * ROW;
	char *text = malloc(room), *at = text;

	if (!text)
		return no_memory();
	at += snprintf(at, 16, "step,loss\n");
	for (size_t i = 1; i <= steps; i++)
		at += snprintf(at, ROW, "%zu,%.17g\n", i, r->loss[i]);
	int code = design_write_text(r->s->out, "metrics.csv", text);
	free(text);
	return code;
}

/* ---- checkpoint ---- */

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

int design_checkpoint_write(const design_run *r)
{
	onn_archive *archive = NULL;
	double done = (double)r->done;
	char *path = path_join(r->s->out, "last.npz");
	onn_status status = path ? onn_archive_create(&archive) : ONN_ERROR_MEMORY;

	if (!status)
		status = onn_archive_put_text(archive, "config.json", r->config);
	if (!status)
		status = put_numbers(archive, "step", &done, 1);
	/* the losses before each step taken: the one after the last is computed again, as the next
	 * step does it */
	if (!status)
		status = put_numbers(archive, "loss", r->loss, r->done);
	if (!status)
		status = onn_archive_put(archive, "target", r->in.target);
	if (!status)
		status = onn_archive_put(archive, "source", r->in.source);
	for (size_t i = 0; i < r->model.nvariables && !status; i++)
		status = put_tensor(archive, r->model.variable[i].name, r->state[i]);
	if (!status)
		status = onn_archive_save(archive, path);
	onn_archive_destroy(archive);
	free(path);
	return status ? command_status(&command_design, status) : EXIT_OK;
}

onn_status design_checkpoint_open(onn_archive **archive, const char *folder)
{
	char *path = path_join(folder, "last.npz");
	onn_status status = path ? onn_archive_load(archive, path) : ONN_ERROR_MEMORY;

	free(path);
	return status;
}

/* The array of that name, type and count; NULL, with a message, where there is none. */
static const onn_array *find(
    const design_run *r, const onn_archive *archive, const char *name, onn_type type, size_t count)
{
	const onn_array *a = onn_archive_get(archive, name);

	if (a && onn_array_type(a) == type && onn_array_count(a) == count)
		return a;
	command_fail(&command_design, "%s/last.npz: array %s is not there or not %s of %zu numbers",
	    r->s->out, name, onn_type_name(type), count);
	return NULL;
}

int design_checkpoint_inputs(design_run *r, const onn_archive *archive)
{
	const design_problem *p = &r->problem;
	size_t n = p->size, shape[] = {n, n};
	const onn_array *target = find(r, archive, "target", p->real, n * n);
	const onn_array *source =
	    target ? find(r, archive, "source", onn_type_complex(p->real), n * n) : NULL;

	if (!source)
		return EXIT_FAILED;
	onn_status status =
	    onn_array_from(&r->in.target, p->real, 2, shape, onn_array_const_data(target));
	if (!status)
		status = onn_array_from(&r->in.source, onn_type_complex(p->real), 2, shape,
		    onn_array_const_data(source));
	return status ? command_status(&command_design, status) : EXIT_OK;
}

int design_checkpoint_state(design_run *r, const onn_archive *archive)
{
	const onn_array *step = find(r, archive, "step", ONN_F64, 1);

	if (!step)
		return EXIT_FAILED;
	double done = *(const double *)onn_array_const_data(step);
	if (!(done >= 0 && done <= (double)r->s->steps))
		return command_fail(&command_design,
		    "%s has taken %.0f steps; expected --steps of at least that, not %llu",
		    r->s->out, done, (unsigned long long)r->s->steps);
	r->done = (size_t)done;
	const onn_array *loss = find(r, archive, "loss", ONN_F64, r->done);
	if (!loss)
		return EXIT_FAILED;
	if (r->done)
		memcpy(r->loss, onn_array_const_data(loss), r->done * sizeof *r->loss);
	for (size_t i = 0; i < r->model.nvariables; i++) {
		const design_variable *v = &r->model.variable[i];
		const onn_array *a =
		    find(r, archive, v->name, v->type, onn_tensor_count(r->state[i]));
		if (!a)
			return EXIT_FAILED;
		onn_status status = onn_tensor_write(r->state[i], onn_array_const_data(a),
		    onn_array_count(a) * onn_type_size(v->type));
		if (status)
			return command_status(&command_design, status);
	}
	return EXIT_OK;
}
