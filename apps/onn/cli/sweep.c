#include "sweep.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jobs.h"
#include "plot.h"
#include "system.h"

enum { MAX_AXES = 4, MAX_RUNS = 1000, WORD = 64, NAME = 256 };

/* An option that is a list. */
typedef struct axis {
	const option_row *row;
	size_t count;
	double *value;
	char (*text)[WORD]; /* as given, or of MIN:MAX:COUNT with six digits */
	char (*name)[WORD]; /* of folders: one for a number, however it was written */
} axis;

typedef struct sweep {
	const sweep_kind *kind;
	const command *c;
	const command_line *line;
	const char *out;
	axis axis[MAX_AXES];
	size_t axes, runs;
	jobs jobs; /* one a run */
} sweep;

/* The setting of a row that takes one number; NULL of others. */
static const onn_setting *number_of(const option_row *row)
{
	const char *structure;
	const onn_setting *s = row->kind == VALUE_SETTING ? setting_of(&structure, row, "") : NULL;
	bool number = s && (s->kind == ONN_SETTING_REAL || s->kind == ONN_SETTING_SIZE ||
	                       s->kind == ONN_SETTING_WHOLE);

	return number && !s->counted && s->length < 2 ? s : NULL;
}

/* Of the sweep itself, and not of a run. */
static bool is_own(const option_row *row)
{
	return row->table == job_choice_settings || row->kind == VALUE_THREADS;
}

/* Whether the text of an option is several numbers of one that takes one; NULL is none. */
static bool is_list(const option_row *row, const char *text)
{
	return text && strpbrk(text, ",:") && number_of(row);
}

bool sweep_is_asked(const command *c, const command_line *line)
{
	for (size_t i = 0; i < c->row_count; i++)
		if (is_list(&c->row[i], line->given[i]))
			return true;
	return false;
}

int sweep_check_one(const command *c, const command_line *line)
{
	for (size_t i = 0; i < c->row_count; i++)
		if (c->row[i].table == job_choice_settings && line->given[i])
			return command_usage(c,
			    "--%s is of a list, and no option is one; expected one (1,2,5 or "
			    "MIN:MAX:COUNT[:log])",
			    c->row[i].name);
	return EXIT_OK;
}

static const char *given(const sweep *s, const char *option)
{
	return command_given(s->c, s->line, option);
}

/* ---- the lists ---- */

/* Numbers with commas are each what the option takes; MIN:MAX:COUNT is looked at run by run. */
static bool list_read(number_list *list, const option_row *row, const char *text)
{
	onn_setting alone = *number_of(row), *setting = &alone;
	union {
		double real;
		uint64_t whole;
		size_t size;
	} number;

	alone.offset = 0; /* the number below, and not a structure with it */
	for (const char *word = text; !strchr(text, ':');) {
		size_t length = strcspn(word, ",");
		if (!number_parse(&number, setting, word, length))
			return false;
		if (!word[length])
			break;
		word += length + 1;
	}
	return number_list_parse(list, text, setting->name, setting->unit);
}

/* With its unit where it would seem to have lost it. */
static void write_value(char text[WORD], const onn_setting *setting, double value)
{
	char doubt[8];
	bool doubtful =
	    onn_quantity_doubt(doubt, sizeof doubt, value, setting->name, setting->unit) != NULL;

	snprintf(text, WORD, "%.6g%s", value, doubtful ? setting->unit : "");
}

/* "0.001", "1.5m": the same for .001 and 1e-3, and for 150cm. */
static void write_name(char name[WORD], const onn_setting *setting, double value)
{
	onn_quantity_text(name, WORD, 12, value, setting->unit);
	char *blank = strchr(name, ' ');
	if (blank)
		memmove(blank, blank + 1, strlen(blank));
}

static int name_values(sweep *s, axis *a, const char *text)
{
	const char *word = text;

	for (size_t i = 0; i < a->count; i++) {
		size_t length = strcspn(word, ",");
		if (strchr(text, ':'))
			write_value(a->text[i], number_of(a->row), a->value[i]);
		else
			snprintf(a->text[i], WORD, "%.*s", (int)length, word);
		write_name(a->name[i], number_of(a->row), a->value[i]);
		word += length + 1;
		for (size_t k = 0; k < i; k++)
			if (!strcmp(a->name[k], a->name[i]))
				return command_usage(s->c,
				    "--%s is '%s', which has %s twice; expected different values",
				    a->row->name, text, a->name[i]);
	}
	s->runs *= a->count;
	return EXIT_OK;
}

static int add_axis(sweep *s, const option_row *row, const char *text)
{
	axis *a = &s->axis[s->axes];
	number_list list = {0};
	char expected[256];

	if (s->axes == MAX_AXES)
		return command_usage(
		    s->c, "--%s is one list too many; expected up to %d", row->name, (int)MAX_AXES);
	value_refusal(row, text, expected, sizeof expected);
	if (!list_read(&list, row, text))
		return command_usage(s->c,
		    "--%s is '%s'; expected %s, or a list of such (1,2,5 or MIN:MAX:COUNT[:log])",
		    row->name, text, expected);
	*a = (axis){row, list.count, list.value, calloc(list.count, sizeof *a->text),
	    calloc(list.count, sizeof *a->name)};
	s->axes++;
	return !a->text || !a->name ? command_fail(s->c, "no memory") : name_values(s, a, text);
}

static int take_lists(sweep *s)
{
	int code = EXIT_OK;

	s->runs = 1;
	for (size_t i = 0; i < s->c->row_count && !code; i++)
		if (is_list(&s->c->row[i], s->line->given[i]))
			code = add_axis(s, &s->c->row[i], s->line->given[i]);
	/* the longest list is drawn along x */
	for (size_t k = 1; k < s->axes; k++)
		if (s->axis[k].count > s->axis[0].count) {
			axis longest = s->axis[k];
			s->axis[k] = s->axis[0];
			s->axis[0] = longest;
		}
	if (!code && s->runs > MAX_RUNS)
		code = command_usage(
		    s->c, "the lists make %zu runs; expected up to %d", s->runs, (int)MAX_RUNS);
	if (!code && !s->out)
		code = command_usage(s->c,
		    "--%s is a list; expected --out DIR, where each of the runs gets a folder",
		    s->axis[0].row->name);
	if (!code && given(s, "json"))
		code = command_usage(
		    s->c, "--json is of one run, and --%s is a list", s->axis[0].row->name);
	return code;
}

/* ---- a run ---- */

static size_t place_of(const sweep *s, size_t run, size_t k)
{
	for (size_t i = s->axes - 1; i > k; i--)
		run /= s->axis[i].count;
	return run % s->axis[k].count;
}

/* "lr=0.001,momentum=0.5"; given: the values as they were written. */
static void name_run(char name[NAME], const sweep *s, size_t run, bool given)
{
	size_t n = 0;

	for (size_t k = 0; k < s->axes && n < NAME; k++) {
		const axis *a = &s->axis[k];
		size_t i = place_of(s, run, k);
		n += (size_t)snprintf(name + n, NAME - n, "%s%s=%s", k ? "," : "", a->row->name,
		    given ? a->text[i] : a->name[i]);
	}
}

/* Whether a folder holds a run to go on with. */
static bool is_begun(const sweep *s, const char *folder)
{
	const char *file = given(s, "seeds") ? "config.json" : "last.npz";
	char *path = path_join(folder, file);
	bool there = path && path_exists(path);

	free(path);
	return there;
}

/* The words of one run's command line, all lent but what `room` holds. */
static int words_of(char **word, char (*room)[WORD], const sweep *s, size_t run, char *folder)
{
	int n = 0;
	bool begun = is_begun(s, folder);

	word[n++] = (char *)s->c->name;
	for (size_t i = 0; i < s->c->row_count; i++) {
		const option_row *row = &s->c->row[i];
		const char *text = s->line->given[i];
		if (!text || row->kind == VALUE_DEVICE || row->kind == VALUE_DEVICES ||
		    !strcmp(row->name, "out") || !strcmp(row->name, "resume") || is_own(row) ||
		    (begun && !strcmp(row->name, "config")))
			continue;
		snprintf(room[i], WORD, "--%s", row->name);
		word[n++] = room[i];
		if (is_list(row, text)) {
			size_t k = 0;
			while (s->axis[k].row != row)
				k++;
			word[n++] = s->axis[k].text[place_of(s, run, k)];
		} else if (row->kind != VALUE_NONE)
			word[n++] = (char *)text;
	}
	const char *device = jobs_device(&s->jobs);
	if (device) {
		word[n++] = "--device";
		word[n++] = (char *)device;
	}
	word[n++] = "--out";
	word[n++] = folder;
	if (begun)
		word[n++] = "--resume";
	word[n] = NULL;
	return n;
}

/* A folder that was named as the value was written is kept; free it. */
static char *folder_of(char name[NAME], const sweep *s, size_t run)
{
	name_run(name, s, run, true);
	char *folder = path_join(s->out, name);
	if (folder && is_begun(s, folder))
		return folder;
	free(folder);
	name_run(name, s, run, false);
	return path_join(s->out, name);
}

static int run_one(double *figure, void *user, size_t run)
{
	const sweep *s = user;
	char name[NAME], **word = calloc(2 * MAX_OPTIONS + 8, sizeof *word);
	char(*room)[WORD] = calloc(MAX_OPTIONS, sizeof *room);

	char *folder = folder_of(name, s, run);
	int code = word && room && folder ? EXIT_OK : command_fail(s->c, "no memory");
	if (!code) {
		int count = words_of(word, room, s, run, folder);
		printf("%s%s\n", run ? "\n" : "", name);
		fflush(stdout);
		code = s->kind->work(figure, s->kind->what, count, word);
	}
	free(folder);
	free(room);
	free(word);
	return code;
}

/* The number of an option of the sweep's own; 0 where it is not given. */
static int take_number(size_t *number, const sweep *s, const char *option)
{
	char expected[256];

	*number = 0;
	for (size_t i = 0; i < s->c->row_count; i++) {
		option_row row = s->c->row[i];
		const char *text = s->line->given[i];
		if (strcmp(row.name, option) != 0 || !text)
			continue;
		union {
			uint64_t threads;
			job_choice choice;
		} value = {0};
		row.offset = 0;
		if (!value_parse(&row, text, &value)) {
			value_expected(&row, expected, sizeof expected);
			return command_usage(
			    s->c, "--%s is '%s'; expected %s", option, text, expected);
		}
		*number = row.kind == VALUE_THREADS ? (size_t)value.threads : value.choice.jobs;
	}
	return EXIT_OK;
}

/* Options that runs go on with may be others, and other values of a list are more runs. */
static bool grows(const command *c, const char *name, const char *was, const char *is)
{
	bool lists = false;

	for (size_t i = 0; i < c->row_count && !lists; i++)
		lists = !strcmp(c->row[i].name, name) && is_list(&c->row[i], was) &&
		        is_list(&c->row[i], is);
	return lists || !record_has(name);
}

static int run_all(sweep *s)
{
	size_t asked, threads;
	int code = take_number(&asked, s, "jobs");

	if (!code)
		code = take_number(&threads, s, "threads");
	if (code)
		return code;
	s->jobs = (jobs){.c = s->c,
	    .count = s->runs,
	    .reals = s->kind->figures,
	    .what = "runs",
	    .record = record_begin(s->c),
	    .folder = s->out,
	    .work = run_one,
	    .user = s};
	s->jobs.record.grows = grows;
	record_add_options(&s->jobs.record, s->line);
	code = jobs_share(&s->jobs, asked, given(s, "device"), threads);
	if (!code)
		code = jobs_run(&s->jobs);
	if (system_stop_asked() && code > EXIT_USAGE)
		fprintf(stderr, "%sall runs of the list go on by the same command as before\n",
		    s->jobs.at_once > 1 ? "" : "or ");
	return code;
}

/* ---- what came of them ---- */

static void write_table(FILE *file, const void *user)
{
	const sweep *s = user;

	for (size_t k = 0; k < s->axes; k++)
		fprintf(file, "%s%s", k ? "," : "", s->axis[k].row->name);
	for (size_t f = 0; f < s->kind->kept; f++)
		fprintf(file, ",%s", s->kind->figure[f]);
	fputc('\n', file);
	for (size_t run = 0; run < s->runs; run++) {
		for (size_t k = 0; k < s->axes; k++)
			fprintf(
			    file, "%s%.9g", k ? "," : "", s->axis[k].value[place_of(s, run, k)]);
		for (size_t f = 0; f < s->kind->kept; f++) {
			double x = jobs_numbers(&s->jobs, run)[f];
			if (isnan(x))
				fputc(',', file);
			else
				fprintf(file, ",%.9g", x);
		}
		fputc('\n', file);
	}
}

static void print_table(const sweep *s)
{
	putchar('\n');
	for (size_t k = 0; k < s->axes; k++)
		printf("%14s", s->axis[k].row->name);
	for (size_t f = 0; f < s->kind->figures; f++)
		printf("  %18s", s->kind->figure[f]);
	putchar('\n');
	for (size_t run = 0; run < s->runs; run++) {
		for (size_t k = 0; k < s->axes; k++)
			printf("%14s", s->axis[k].name[place_of(s, run, k)]);
		for (size_t f = 0; f < s->kind->figures; f++) {
			double x = jobs_numbers(&s->jobs, run)[f];
			if (isnan(x))
				printf("  %18s", "-");
			else
				printf("  %18.6g", x);
		}
		putchar('\n');
	}
}

/* The longest list along x, a curve for each of the others' values. */
static void write_figure(FILE *script, const void *user)
{
	const sweep *s = user;
	const axis *a = &s->axis[0];
	size_t curves = s->runs / a->count;
	double low = INFINITY, high = -INFINITY;
	char name[NAME];

	for (size_t i = 0; i < a->count; i++) {
		low = fmin(low, a->value[i]);
		high = fmax(high, a->value[i]);
	}
	plot_unit unit = plot_unit_of(fmax(fabs(low), fabs(high)), number_of(a->row)->unit);
	low /= unit.factor;
	high /= unit.factor;
	double beyond = 0.04 * (high - low), factor = pow(high / low, 0.04);
	bool logarithmic = low > 0 && high > 20 * low;
	if (logarithmic)
		fputs("set logscale x\nset format x '%g'\n", script);
	fprintf(script,
	    "set xrange [%.9g:%.9g]\nset offsets 0, 0, graph 0.05, graph 0.05\n"
	    "set xlabel '%s%s%s' noenhanced\nset ylabel '%s' noenhanced\n",
	    logarithmic ? low / factor : low - beyond, logarithmic ? high * factor : high + beyond,
	    a->row->name, unit.text[0] ? " / " : "", unit.text, s->kind->label);
	for (size_t j = 0; j < curves; j++) {
		fprintf(script, "$c%zu << END\n", j);
		for (size_t i = 0; i < a->count; i++)
			fprintf(script, "%.9g %.9g\n", a->value[i] / unit.factor,
			    s->kind->factor * jobs_numbers(&s->jobs, i * curves + j)[0]);
		fputs("END\n", script);
	}
	/* beside the curves, which go anywhere */
	fputs("set key outside right top vertical samplen 2\nplot ", script);
	for (size_t j = 0; j < curves; j++) {
		name_run(name, s, j, false);
		const char *rest = strchr(name, ',');
		fprintf(script, "%s$c%zu using 1:2 with linespoints lt %zu dt 1 pt 7 ps 0.6 ",
		    j ? ", " : "", j, j + 1);
		if (s->axes > 1)
			fprintf(script, "title '%s' noenhanced", rest ? rest + 1 : name);
		else
			fputs("notitle", script);
	}
	fputc('\n', script);
}

static int report(const sweep *s)
{
	static const char *const figure[] = {"sweep.svg", "sweep.png"};
	int code = path_write(s->c, s->out, "sweep.csv", write_table, s);

	if (!code)
		print_table(s);
	for (size_t i = 0; i < 2 && !code; i++) {
		char *path = path_join(s->out, figure[i]);
		if (!path)
			return command_fail(s->c, "no memory");
		plot_result drawn = plot_draw(s->c, path, 800, 520, write_figure, s);
		free(path);
		if (drawn == PLOT_NO_GNUPLOT)
			break;
		code = drawn == PLOT_DRAWN ? EXIT_OK : EXIT_FAILED;
	}
	return code;
}

int sweep_run(const sweep_kind *kind, const command_line *line)
{
	sweep s = {.kind = kind, .c = kind->command, .line = line};

	s.out = given(&s, "out");
	int code = take_lists(&s);
	if (!code)
		code = run_all(&s);
	if (!code && jobs_is_first(&s.jobs))
		code = report(&s);
	jobs_end(&s.jobs, code);
	for (size_t k = 0; k < s.axes; k++) {
		free(s.axis[k].value);
		free(s.axis[k].text);
		free(s.axis[k].name);
	}
	return code;
}
