#include "sweep_work.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "system.h"

enum { MAX_RUNS = 1000 };

const onn_setting *sweep_number(const option_row *row)
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
	return text && strpbrk(text, ",:") && sweep_number(row);
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
	onn_setting alone = *sweep_number(row), *setting = &alone;
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
static void write_value(char text[SWEEP_WORD], const onn_setting *setting, double value)
{
	char doubt[8];
	bool doubtful =
	    onn_quantity_doubt(doubt, sizeof doubt, value, setting->name, setting->unit) != NULL;

	snprintf(text, SWEEP_WORD, "%.6g%s", value, doubtful ? setting->unit : "");
}

/* "0.001", "1.5m": the same for .001 and 1e-3, and for 150cm. */
static void write_name(char name[SWEEP_WORD], const onn_setting *setting, double value)
{
	onn_quantity_text(name, SWEEP_WORD, 12, value, setting->unit);
	char *blank = strchr(name, ' ');
	if (blank)
		memmove(blank, blank + 1, strlen(blank));
}

static int name_values(sweep *s, sweep_axis *a, const char *text)
{
	const char *word = text;

	for (size_t i = 0; i < a->count; i++) {
		size_t length = strcspn(word, ",");
		if (strchr(text, ':'))
			write_value(a->text[i], sweep_number(a->row), a->value[i]);
		else
			snprintf(a->text[i], SWEEP_WORD, "%.*s", (int)length, word);
		write_name(a->name[i], sweep_number(a->row), a->value[i]);
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
	sweep_axis *a = &s->axis[s->axes];
	number_list list = {0};
	char expected[256];

	if (s->axes == SWEEP_AXES)
		return command_usage(s->c, "--%s is one list too many; expected up to %d",
		    row->name, (int)SWEEP_AXES);
	value_refusal(row, text, expected, sizeof expected);
	if (!list_read(&list, row, text))
		return command_usage(s->c,
		    "--%s is '%s'; expected %s, or a list of such (1,2,5 or MIN:MAX:COUNT[:log])",
		    row->name, text, expected);
	*a = (sweep_axis){row, list.count, list.value, calloc(list.count, sizeof *a->text),
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
			sweep_axis longest = s->axis[k];
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

size_t sweep_place(const sweep *s, size_t run, size_t k)
{
	for (size_t i = s->axes - 1; i > k; i--)
		run /= s->axis[i].count;
	return run % s->axis[k].count;
}

void sweep_name(char name[SWEEP_NAME], const sweep *s, size_t run, bool given)
{
	size_t n = 0;

	for (size_t k = 0; k < s->axes && n < SWEEP_NAME; k++) {
		const sweep_axis *a = &s->axis[k];
		size_t i = sweep_place(s, run, k);
		n += (size_t)snprintf(name + n, SWEEP_NAME - n, "%s%s=%s", k ? "," : "",
		    a->row->name, given ? a->text[i] : a->name[i]);
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

static bool has_devices(const command *c)
{
	for (size_t i = 0; i < c->row_count; i++)
		if (c->row[i].kind == VALUE_DEVICES)
			return true;
	return false;
}

/* The words of one run's command line, all lent but what `room` holds. */
static int words_of(char **word, char (*room)[SWEEP_WORD], const sweep *s, size_t run, char *folder)
{
	int n = 0;
	bool begun = !s->kind->file && is_begun(s, folder);

	word[n++] = (char *)s->c->name;
	for (size_t i = 0; i < s->c->row_count; i++) {
		const option_row *row = &s->c->row[i];
		const char *text = s->line->given[i];
		if (!text || row->kind == VALUE_DEVICE || row->kind == VALUE_DEVICES ||
		    !strcmp(row->name, "out") || !strcmp(row->name, "resume") || is_own(row) ||
		    (begun && !strcmp(row->name, "config")))
			continue;
		snprintf(room[i], SWEEP_WORD, "--%s", row->name);
		word[n++] = room[i];
		if (is_list(row, text)) {
			size_t k = 0;
			while (s->axis[k].row != row)
				k++;
			word[n++] = s->axis[k].text[sweep_place(s, run, k)];
		} else if (row->kind != VALUE_NONE)
			word[n++] = (char *)text;
	}
	const char *device = has_devices(s->c) ? jobs_device(&s->jobs) : NULL;
	if (device) {
		word[n++] = "--device";
		word[n++] = (char *)device;
	}
	word[n++] = s->kind->file ? "--" : "--out";
	word[n++] = folder;
	if (begun)
		word[n++] = "--resume";
	word[n] = NULL;
	return n;
}

/* A folder that was named as the value was written is kept; free it. */
static char *folder_of(char name[SWEEP_NAME], const sweep *s, size_t run)
{
	char file[SWEEP_NAME + 8];

	if (s->kind->file) {
		sweep_name(name, s, run, false);
		snprintf(file, sizeof file, "%s%s", name, s->kind->file);
		return path_join(s->out, file);
	}
	sweep_name(name, s, run, true);
	char *folder = path_join(s->out, name);
	if (folder && is_begun(s, folder))
		return folder;
	free(folder);
	sweep_name(name, s, run, false);
	return path_join(s->out, name);
}

static int run_one(double *figure, void *user, size_t run)
{
	const sweep *s = user;
	char name[SWEEP_NAME], **word = calloc(2 * MAX_OPTIONS + 8, sizeof *word);
	char(*room)[SWEEP_WORD] = calloc(MAX_OPTIONS, sizeof *room);

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

int sweep_run(const sweep_kind *kind, const command_line *line)
{
	sweep s = {.kind = kind, .c = kind->command, .line = line};

	s.out = kind->file ? line->argument[0] : given(&s, "out");
	int code = take_lists(&s);
	if (!code)
		code = run_all(&s);
	if (!code && jobs_is_first(&s.jobs))
		code = sweep_report(&s);
	jobs_end(&s.jobs, code);
	for (size_t k = 0; k < s.axes; k++) {
		free(s.axis[k].value);
		free(s.axis[k].text);
		free(s.axis[k].name);
	}
	return code;
}
