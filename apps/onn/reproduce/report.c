/* What a study came to: CSV, and a table in Markdown. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "reproduce.h"

const char *reproduce_value(char text[32], const onn_study_info *info, double value)
{
	if (isnan(value))
		text[0] = '\0';
	else if (info->percent)
		snprintf(text, 32, "%.2f %%", 100 * value);
	else
		snprintf(text, 32, "%.6g", value);
	return text;
}

/* A field of CSV. */
static void put_field(FILE *file, const char *text)
{
	fputc('"', file);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', file);
		fputc(*text, file);
	}
	fputc('"', file);
}

static void put_number(FILE *file, double value)
{
	fputc(',', file);
	if (!isnan(value))
		fprintf(file, "%.12g", value);
}

static void write_table(FILE *file, const void *user)
{
	const onn_study_table *t = user;

	fputs("series,x,published,mean,deviation,values,difference\n", file);
	for (size_t i = 0; i < t->count; i++) {
		const onn_study_cell *c = &t->cell[i];
		put_field(file, onn_study_series(t->study, c->series));
		fprintf(file, ",%s", c->text);
		put_number(file, c->published);
		put_number(file, c->mean);
		put_number(file, c->deviation);
		fprintf(file, ",%zu", c->measured);
		put_number(file, c->difference);
		fputc('\n', file);
	}
}

static void write_runs(FILE *file, const void *user)
{
	const onn_study_table *t = user;

	fputs("series,x,number,value,run\n", file);
	for (size_t i = 0; i < t->count; i++)
		for (size_t k = 0; k < t->cell[i].count; k++) {
			const onn_study_cell *c = &t->cell[i];
			put_field(file, onn_study_series(t->study, c->series));
			fprintf(file, ",%s,%zu", c->text, k);
			put_number(file, c->value[k]);
			fprintf(file, ",%s%s\n", *c->run[k] ? "jobs/" : "", c->run[k]);
		}
}

/* ---- Markdown ---- */

/* Ours, "98.12 ± 0.05 %"; then what lies between it and what was published. */
static void put_ours(FILE *file, const onn_study_info *info, const onn_study_cell *c)
{
	char mean[32], deviation[32];
	double apart = c->mean - c->published;

	reproduce_value(mean, info, c->mean);
	if (info->percent && !isnan(c->deviation)) /* the unit behind both */
		mean[strcspn(mean, " ")] = '\0';
	if (!c->measured)
		fputs(" - |", file);
	else if (isnan(c->deviation))
		fprintf(file, " %s |", mean);
	else
		fprintf(file, " %s ± %s |", mean, reproduce_value(deviation, info, c->deviation));
	if (isnan(apart))
		fputs(" |", file);
	else if (info->percent) /* without the sign of what is rounded away */
		fprintf(file, fabs(apart) < 5e-5 ? " 0.00 |" : " %+.2f |", 100 * apart);
	else
		fprintf(file, " %+.2g |", apart);
	if (isnan(c->difference))
		fputs(" |\n", file);
	else
		fprintf(file, " %+.1f |\n", c->difference);
}

static void write_markdown(FILE *file, const void *user)
{
	const onn_study_table *t = user;
	onn_study_info info = onn_study_about(t->study);
	bool axis = *info.x_label != '\0';
	char published[32];

	fprintf(file, "# %s: %s\n\n", info.name, info.title);
	if (*info.source)
		fprintf(file, "Source: %s.\n", info.source);
	if (*info.note)
		fprintf(file, "%s.\n", info.note);
	if (t->quick)
		fprintf(file, "Quick: %s.\n", *info.quick ? info.quick : "as in full");
	fprintf(file, "\n| %s |", *info.y_label ? info.y_label : "series");
	if (axis)
		fprintf(file, " %s |", info.x_label);
	fprintf(file, " published | ours | difference | in deviations |\n|---|%s---|---|---|---|\n",
	    axis ? "---|" : "");
	for (size_t i = 0; i < t->count; i++) {
		const onn_study_cell *c = &t->cell[i];
		fprintf(file, "| %s |", onn_study_series(t->study, c->series));
		if (axis)
			fprintf(file, " %s |", c->text);
		fprintf(file, " %s |", reproduce_value(published, &info, c->published));
		put_ours(file, &info, c);
	}
}

int reproduce_report(const onn_study_table *table, const char *folder)
{
	const command *c = &command_reproduce;
	int code = path_write(c, folder, "table.csv", write_table, table);

	if (!code)
		code = path_write(c, folder, "runs.csv", write_runs, table);
	if (!code)
		code = path_write(c, folder, "table.md", write_markdown, table);
	write_markdown(stdout, table);
	putchar('\n');
	fflush(stdout);
	return code;
}
