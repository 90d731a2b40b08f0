#include "reproduce/work.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/memory.h"
#include "core/text.h"
#include "reproduce/data.h"

/* A backward pass costs about what two forward passes do. */
static const double forward_share = 1.0 / 3;

bool onn_case_can_go_on(const onn_case *c)
{
	return c->training.optimizer.decay != ONN_DECAY_COSINE;
}

/* ---- tasks ---- */

static void digest(char text[ONN_SHA256_TEXT], const char *of)
{
	unsigned char bytes[ONN_SHA256_BYTES];
	onn_sha256 sha;
	onn_sha256_start(&sha);
	onn_sha256_add(&sha, of, strlen(of));
	onn_sha256_finish(bytes, &sha);
	onn_sha256_text(text, bytes);
}

/* What tells trainings apart but for their epochs; those of a schedule that ends with them count.
 */
static onn_status name_job(onn_task *t)
{
	onn_train_options o = t->c->training;
	onn_text text = ONN_TEXT_INIT;
	if (!t->c->measure->trains)
		return ONN_OK;
	o.seed = t->seed;
	o.seeds = 1;
	if (onn_case_can_go_on(t->c))
		o.epochs = 1;
	char *training = onn_settings_to_json(onn_train_settings(), &o);
	onn_text_add(&text, "%s\n%s\n%s %zu %zu", t->c->network, training ? training : "",
	    t->c->data.dataset, t->c->data.train, t->c->data.test);
	char *whole = onn_text_take(&text);
	bool fine = training && whole;
	if (fine)
		digest(t->job, whole);
	onn_free(training);
	onn_free(whole);
	return fine ? ONN_OK : onn_error_memory("onn_reproduce", 1);
}

static void weigh(onn_task *t, const char *data_dir)
{
	onn_case_size size = {0};
	if (!t->c->measure->trains || onn_case_size_of(&size, &t->c->data, data_dir))
		return; /* data that are not there are told when they are to be loaded */
	t->images = (double)size.train;
	t->training = t->images * (double)t->c->training.epochs;
	if (t->c->measure->passes)
		t->measuring = t->c->measure->passes(t->c) * (double)size.test * forward_share;
}

static onn_status make_tasks(onn_work *w, const char *data_dir)
{
	size_t most = 0, cells = w->table.count;
	onn_status status = ONN_OK;
	for (size_t i = 0; i < cells; i++)
		most = w->table.cell[i].count > most ? w->table.cell[i].count : most;
	w->task = calloc(most * cells, sizeof *w->task);
	if (!w->task)
		return onn_error_memory("onn_reproduce", most * cells * sizeof *w->task);
	for (size_t number = 0; number < most; number++)
		for (size_t i = 0; i < cells && !status; i++) {
			if (number >= w->table.cell[i].count)
				continue;
			onn_task *t = &w->task[w->count++];
			*t = (onn_task){.cell = i, .number = number, .c = w->c[i]};
			t->seed = t->c->training.seed + number;
			status = name_job(t);
			weigh(t, data_dir);
		}
	return status;
}

/* Of the tasks before it: whether one is the same training, how many epochs it can begin with, and
 * whose chain it goes on with. */
static void look_back(onn_task *t, const onn_work *w, size_t works, size_t tasks, size_t *epochs)
{
	*epochs = 0;
	t->first = t->c->measure->trains;
	for (size_t a = 0; a <= works && t->first; a++)
		for (size_t b = 0; b < (a < works ? w[a].count : tasks) && t->first; b++) {
			const onn_task *o = &w[a].task[b];
			size_t has = o->c->training.epochs, wants = t->c->training.epochs;
			if (strcmp(o->job, t->job) != 0)
				continue;
			t->chain = o->chain;
			t->first = has != wants;
			if (has < wants && has > *epochs)
				*epochs = has;
		}
}

size_t onn_work_join(onn_work *w, size_t count)
{
	size_t epochs, chains = 0;
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < w[i].count; k++) {
			onn_task *t = &w[i].task[k];
			t->chain = chains;
			look_back(t, w, i, k, &epochs);
			chains += t->chain == chains;
			t->training = t->first ? t->training - (double)epochs * t->images : 0;
		}
	return chains;
}

/* ---- tables ---- */

static onn_status make_cell(onn_work *w, size_t series, size_t point, size_t seeds)
{
	onn_study_cell *cell = &w->table.cell[w->table.count];
	onn_status status = onn_study_case(&w->c[w->table.count], w->study, series, point);
	if (status)
		return status;
	const onn_case *c = w->c[w->table.count++];
	*cell = (onn_study_cell){.series = series, .point = point, .x = NAN};
	cell->flat = onn_study_is_flat(w->study, series);
	cell->published = onn_study_published(w->study, series, point);
	if (!cell->flat)
		cell->x = onn_study_x(cell->text, w->study, point);
	if (!cell->flat && w->study->info.words)
		cell->x = (double)point;
	cell->count = !c->measure->trains ? 1 : seeds ? seeds : c->training.seeds;
	cell->value = malloc(cell->count * sizeof *cell->value);
	cell->run = calloc(cell->count, sizeof *cell->run);
	if (!cell->value || !cell->run)
		return onn_error_memory("onn_reproduce", cell->count * sizeof *cell->run);
	for (size_t i = 0; i < cell->count; i++)
		cell->value[i] = NAN;
	return ONN_OK;
}

static onn_status make_table(onn_work *w, size_t seeds)
{
	const onn_study_info *info = &w->study->info;
	size_t most = info->series * (info->points ? info->points : 1);
	onn_status status = ONN_OK;
	w->table.study = w->study;
	w->table.quick = w->study->is_quick;
	w->table.reason = w->reason;
	w->table.cell = calloc(most, sizeof *w->table.cell);
	w->c = calloc(most, sizeof *w->c);
	if (!w->table.cell || !w->c)
		return onn_error_memory("onn_reproduce", most * sizeof *w->table.cell);
	for (size_t i = 0; i < info->series && !status; i++) {
		size_t points = onn_study_is_flat(w->study, i) ? 1 : info->points;
		for (size_t k = 0; k < points && !status; k++)
			status = make_cell(w, i, k, seeds);
	}
	return status;
}

void onn_table_sum_up(onn_study_table *table)
{
	table->missing = 0;
	for (size_t i = 0; i < table->count; i++) {
		onn_study_cell *cell = &table->cell[i];
		double sum = 0, squares = 0;
		cell->measured = 0;
		for (size_t k = 0; k < cell->count; k++)
			if (!isnan(cell->value[k])) {
				sum += cell->value[k];
				cell->measured++;
			}
		double n = (double)cell->measured;
		cell->mean = cell->measured ? sum / n : NAN;
		for (size_t k = 0; k < cell->count; k++)
			if (!isnan(cell->value[k]))
				squares += pow(cell->value[k] - cell->mean, 2);
		cell->deviation = cell->measured > 1 ? sqrt(squares / (n - 1)) : NAN;
		cell->difference =
		    cell->deviation > 0 ? (cell->mean - cell->published) / cell->deviation : NAN;
		table->missing += cell->count - cell->measured;
	}
}

/* ---- a study's work ---- */

onn_status onn_work_create(
    onn_work *w, const onn_study *study, bool quick, size_t seeds, const char *data_dir)
{
	*w = (onn_work){.study = NULL};
	onn_status status = onn_study_form(&w->study, study, quick);
	if (!status)
		status = make_table(w, seeds);
	return status ? status : make_tasks(w, data_dir);
}

void onn_work_clear(onn_work *w)
{
	for (size_t i = 0; i < w->table.count; i++) {
		onn_free_all(w->table.cell[i].value, w->table.cell[i].run);
		onn_case_destroy(w->c[i]);
	}
	onn_free_all(w->table.cell, w->c, w->task);
	onn_study_destroy(w->study);
	*w = (onn_work){.study = NULL};
}
