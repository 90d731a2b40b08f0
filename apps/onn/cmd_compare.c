/* onn compare: runs side by side, as a table, a figure and a page. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "compare/compare.h"
#include "compare/systems.h"
#include "html.h"
#include "plot.h"
#include "result.h"

#define AT(member) offsetof(compare_request, member)

static const option_row rows[] = {
    {OPTION("plot", FILE, plot), .shown = "FILE",
        .help = "draw the curves of all into FILE, a name of .png, .svg or .pdf (needs gnuplot)"},
    {OPTION("csv", FILE, csv), .shown = "FILE", .help = "write the table"},
    {OPTION("report", FILE, report), .shown = "FILE.html",
        .help = "write one page that needs no other file: table, curves, pictures, settings, "
                "versions, device, times, and how to repeat each run"},
    JSON_ROW,
};

/* ---- the table ---- */

typedef struct column {
	const char *name;
	double scale;
	const char *format;
} column;

static const column train_columns[] = {{"epochs", 1, "%.0f"}, {"best_epoch", 1, "%.0f"},
    {"train_loss", 1, "%.6g"}, {"selection_accuracy", 100, "%.2f %%"},
    {"report_accuracy", 100, "%.2f %%"}, {"seconds", 1, "%.2f"}};
static const column design_columns[] = {{"steps", 1, "%.0f"}, {"loss", 1, "%.6g"}};
enum { MOST = sizeof train_columns / sizeof *train_columns };
enum { WIDEST = 144 }; /* letters of the table, where only settings make it wider */

static size_t columns_of(const column **c, double value[MOST], const compare_run *r)
{
	size_t last = r->rows - 1;

	value[0] = (double)r->rows;
	if (r->design) {
		*c = design_columns;
		value[0] = compare_metric(r, last, ONN_DESIGN_STEP);
		value[1] = compare_metric(r, last, ONN_DESIGN_LOSS);
		return sizeof design_columns / sizeof *design_columns;
	}
	*c = train_columns;
	value[1] = compare_metric(r, r->best, ONN_TRAINING_EPOCH);
	value[2] = compare_metric(r, last, ONN_TRAINING_LOSS);
	value[3] = compare_metric(r, r->best, ONN_TRAINING_SELECTION);
	value[4] = compare_metric(r, r->best, ONN_TRAINING_REPORT);
	value[5] = compare_seconds(r);
	return MOST;
}

static void print_cell(double value, const column *c)
{
	char text[32] = "-";

	if (isfinite(value))
		snprintf(text, sizeof text, c->format, c->scale * value);
	printf("  %*s", (int)strlen(c->name) > 10 ? (int)strlen(c->name) : 10, text);
}

/* How wide the column of a setting is. */
static int setting_width(const compare_work *w, size_t k)
{
	char text[96];
	size_t wide = strlen(w->differing[k]) > 12 ? strlen(w->differing[k]) : 12;

	for (size_t i = 0; i < w->count; i++) {
		size_t n = strlen(compare_setting(text, sizeof text, &w->run[i], w->differing[k]));
		wide = n > wide ? n : wide;
	}
	return (int)wide;
}

/* Settings that all runs have and the table has no room for, and how many only some have. */
static void print_others(const compare_work *w, size_t shown)
{
	size_t some = w->ndiffering - w->nshared;
	char text[96];

	for (size_t k = shown; k < w->nshared; k++) {
		printf("%s%s:", k == shown ? "\n" : "", w->differing[k]);
		for (size_t i = 0; i < w->count; i++)
			printf("%s %s %s", i ? "," : "", w->run[i].folder,
			    compare_setting(text, sizeof text, &w->run[i], w->differing[k]));
		putchar('\n');
	}
	if (some)
		printf("\n%zu setting%s not of all runs; --csv and --json have %s\n", some,
		    some > 1 ? "s are" : " is", some > 1 ? "them" : "it");
}

static void print_row(const compare_work *w, size_t i, int wide, size_t shown)
{
	const column *c;
	double value[MOST];
	char text[96];
	size_t count = columns_of(&c, value, &w->run[i]);

	printf("%-*s", wide, w->run[i].folder);
	for (size_t k = 0; k < count; k++)
		print_cell(value[k], &c[k]);
	for (size_t k = 0; k < shown; k++)
		printf("  %*s", setting_width(w, k),
		    compare_setting(text, sizeof text, &w->run[i], w->differing[k]));
	putchar('\n');
}

static void print_table(const compare_work *w)
{
	const column *c;
	double value[MOST];
	int wide = 3, taken = 0;
	size_t count = columns_of(&c, value, &w->run[0]), shown = 0;

	for (size_t i = 0; i < w->count; i++) {
		int length = (int)strlen(w->run[i].folder);
		wide = length > wide ? length : wide;
	}
	taken = printf("%-*s", wide, "run");
	for (size_t k = 0; k < count; k++)
		taken += printf("  %10s", c[k].name);
	for (; shown < w->nshared && taken + 2 + setting_width(w, shown) <= WIDEST; shown++)
		taken += printf("  %*s", setting_width(w, shown), w->differing[shown]);
	putchar('\n');
	for (size_t i = 0; i < w->count; i++)
		print_row(w, i, wide, shown);
	print_others(w, shown);
}

void compare_put_csv(FILE *file, const char *text)
{
	bool quoted = strpbrk(text, ",\"\n") != NULL;

	if (quoted)
		fputc('"', file);
	for (; *text; text++)
		fprintf(file, *text == '"' ? "\"\"" : "%c", *text);
	if (quoted)
		fputc('"', file);
}

static void write_csv(FILE *file, const void *user)
{
	const compare_work *w = user;
	const column *c;
	double value[MOST];
	char text[96];
	size_t count = columns_of(&c, value, &w->run[0]);

	fputs("run", file);
	for (size_t k = 0; k < count; k++)
		fprintf(file, ",%s", c[k].name);
	for (size_t k = 0; k < w->ndiffering; k++)
		fprintf(file, ",%s", w->differing[k]);
	fputc('\n', file);
	for (size_t i = 0; i < w->count; i++) {
		columns_of(&c, value, &w->run[i]);
		compare_put_csv(file, w->run[i].folder);
		for (size_t k = 0; k < count; k++)
			fprintf(file, ",%.9g", value[k]);
		for (size_t k = 0; k < w->ndiffering; k++) {
			fputc(',', file);
			compare_put_csv(
			    file, compare_setting(text, sizeof text, &w->run[i], w->differing[k]));
		}
		fputc('\n', file);
	}
}

static int print_json(const compare_work *w)
{
	result r = result_begin(&command_compare);
	const column *c;
	double value[MOST];
	char text[96];

	for (size_t i = 0; i < w->count; i++) {
		size_t count = columns_of(&c, value, &w->run[i]);
		result_row(&r, "runs");
		result_text(&r, "run", w->run[i].folder);
		for (size_t k = 0; k < count; k++)
			result_real(
			    &r, c[k].name, value[k], strcmp(c[k].name, "seconds") ? NULL : "s");
		for (size_t k = 0; k < w->ndiffering; k++)
			result_text(&r, w->differing[k],
			    compare_setting(text, sizeof text, &w->run[i], w->differing[k]));
		result_leave(&r);
	}
	return result_end(&r, EXIT_OK);
}

/* ---- the whole ---- */

static int compare(const compare_request *s, const compare_work *w)
{
	int code = EXIT_OK;

	if (s->json)
		code = print_json(w);
	else
		print_table(w);
	if (!code && s->csv)
		code = path_write(w->c, NULL, s->csv, write_csv, w);
	if (!code && s->plot)
		code = plot_code(w->c, "--plot",
		    plot_draw(w->c, s->plot, w->run[0].design ? 700 : 1000, 460,
		        compare_write_figure, w));
	if (!code && s->report)
		code = compare_report(w, s->report);
	return code;
}

static int run(void *values, const command_line *line)
{
	const compare_request *s = values;
	compare_work w = {.c = &command_compare};
	size_t count = 0;

	int code = plot_check_path(w.c, "--plot", s->plot, false);
	if (!code)
		code = html_check_path(w.c, s->report);
	if (code)
		return code;
	while (count < MAX_ARGUMENTS && line->argument[count])
		count++;
	size_t systems = 0, last = 0, other = 0;
	for (size_t i = 0; i < count; i++)
		if (systems_is_folder(line->argument[i]))
			systems++, last = i;
		else
			other = i;
	if (systems == count)
		return systems_compare(s, line->argument, count);
	if (systems)
		return command_fail(w.c,
		    "%s is of onn simulate, and %s is not; expected runs of one kind",
		    line->argument[last], line->argument[other]);
	code = compare_load(&w, line->argument, count);
	if (!code)
		code = compare(s, &w);
	compare_clear(&w);
	return code;
}

const command command_compare = {
    .name = "compare",
    .summary = "runs side by side: one table, one figure, one page",
    .text =
        "Prints what trainings or designs came to, a line each, beside the settings that are "
        "not alike in all of them; draws their curves into one figure; and writes a page of one "
        "or more that can be sent to somebody. A folder of several seeds, or of a list of runs "
        "(--lr 1e-3,1e-2), stands for all that are in it.\n"
        "Of folders that onn simulate --out left it prints what each camera measured, in single "
        "runs, or in scans of one number.",
    .arguments = "RUN...",
    .argument_count = 1,
    .argument_most = MAX_ARGUMENTS,
    ROWS(rows),
    .example = "onn compare runs/a runs/b --plot both.svg\n"
               "onn compare runs/sweep\n"
               "onn compare runs/light --report light.html\n"
               "onn compare runs/lens60 runs/lens80 --plot lenses.svg",
    WORK(compare_request, run),
};
