/* onn reproduce: published results, repeated. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ranks.h"
#include "reproduce/reproduce.h"
#include "system.h"

typedef struct repeats {
	size_t seeds, jobs;
} repeats;

static const onn_settings *repeat_settings(void)
{
	static const onn_setting row[] = {
	    {ONN_SETTING("seeds", SIZE, repeats, seeds), .low = 1, .high = 10000,
	        .zero = "as many as each result says"},
	    {ONN_SETTING("jobs", SIZE, repeats, jobs), .low = 1, .high = 1024,
	        .zero = "as many as are faster"},
	};
	static const repeats standard = {0};
	static const onn_settings table = {
	    "reproduce", row, sizeof row / sizeof *row, sizeof standard, &standard, NULL};

	return &table;
}

typedef struct settings {
	const char *from, *data_dir, *device, *out;
	repeats repeat;
	uint64_t threads;
	bool list, json, quick, quiet;
} settings;

#define AT(member) offsetof(settings, member)

static const option_row rows[] = {
    {OPTION("list", NONE, list),
        .help = "print what each name repeats, where that was published, and what it takes here"},
    {OPTION("quick", NONE, quick),
        .help = "a first answer in minutes, from less training; the table says in what it differs"},
    {SETTING("seeds", repeat_settings, repeat), .shown = "N",
        .help = "train each network so often, with seeds of its own; 0: as each result says"},
    {SETTING("jobs", repeat_settings, repeat), .shown = "N",
        .help = "train so many at once, each on its share of the threads; 0: as many as are "
                "faster. Tables do not depend on it"},
    {OPTION("from", FILE, from), .shown = "FILE.json",
        .help = "a result of your own, beside those that are named"},
    {OPTION("json", NONE, json),
        .help = "print the text of a result, to make another of it, and do nothing; with --list "
                "what that prints, as one JSON object"},
    DATA_DIR_ROW,
    {OPTION("device", DEVICES, device), .shown = "D[,D...]",
        .help = DEVICE_HELP DEVICE_ELSE "; several share out the trainings"},
    THREADS_ROW,
    {OPTION("out", FOLDER, out), .shown = "DIR", .standard = "runs/reproduce",
        .help = "each result gets a folder of its name in it, and trainings are kept in DIR/jobs: "
                "what is done already is not done again"},
    QUIET_ROW,
};

enum { MOST = MAX_ARGUMENTS + 256 };

typedef struct job {
	const settings *s;
	const command_line *line;
	onn_study *study[MOST];
	size_t count;
	ranks ranks;
	onn_device *device[ONN_GROUP_MOST];
	reproduce_progress progress;
	bool failed, no_gnuplot;
} job;

/* ---- what happens on the way ---- */

static bool progress(void *user, const onn_reproduce_progress *at)
{
	job *j = user;

	reproduce_progress_tell(&j->progress, at);
	return system_stop_asked();
}

static void say(void *user, const char *line)
{
	job *j = user;
	char text[1400];

	reproduce_progress_end(&j->progress);
	/* as an error: it is one, though others go on */
	command_fail(&command_reproduce, "%s", command_plain(text, sizeof text, line));
}

static bool table(void *user, size_t i, const onn_study_table *t)
{
	job *j = user;
	onn_study_info info = onn_study_about(t->study);
	char *folder = path_join(j->s->out, info.name);
	plot_result drawn = PLOT_FAILED;
	char reason[1100];

	(void)i;
	reproduce_progress_end(&j->progress);
	if (!folder)
		command_fail(&command_reproduce, "no memory");
	else if (!system_make_folder(folder))
		command_fail(&command_reproduce, "%s cannot be made: %s", folder, strerror(errno));
	else if (reproduce_report(t, folder) == EXIT_OK)
		drawn = reproduce_figure(t, folder);
	if (t->missing)
		command_fail(&command_reproduce, "%s: %zu values are missing: %s", info.name,
		    t->missing, command_plain(reason, sizeof reason, t->reason));
	j->no_gnuplot = j->no_gnuplot || drawn == PLOT_NO_GNUPLOT;
	j->failed = j->failed || t->missing || drawn == PLOT_FAILED;
	free(folder);
	return !system_stop_asked();
}

static bool stop_silently(void *user, const onn_reproduce_progress *at)
{
	(void)user;
	(void)at;
	return system_stop_asked();
}

/* ---- the command ---- */

static onn_reproduce_options options_of(const settings *s)
{
	onn_reproduce_options o = ONN_REPRODUCE_OPTIONS_INIT;

	o.quick = s->quick;
	o.seeds = s->repeat.seeds;
	o.jobs = s->repeat.jobs;
	o.out = s->out;
	o.data_dir = s->data_dir;
	return o;
}

static int wrong_name(const char *name)
{
	char hint[96], names[1024] = "";
	size_t n = 0;

	for (size_t i = 0; onn_study_known(i) && n < sizeof names; i++)
		n += (size_t)snprintf(
		    names + n, sizeof names - n, "%s%s", i ? "|" : "", onn_study_known(i));
	return command_usage(&command_reproduce,
	    "there is no result '%s'%s; --list shows all, --from reads one of your own", name,
	    nearest_hint(hint, sizeof hint, name, names));
}

static int add(job *j, const char *name)
{
	for (size_t i = 0; i < j->count; i++)
		if (!strcmp(onn_study_about(j->study[i]).name, name))
			return EXIT_OK; /* twice */
	onn_status status = onn_study_open(&j->study[j->count], name);
	if (status == ONN_ERROR_ARGUMENT)
		return wrong_name(name);
	j->count += !status;
	return status ? command_status(&command_reproduce, status) : EXIT_OK;
}

static int add_own(job *j)
{
	onn_status status = onn_study_load(&j->study[j->count], j->s->from);
	if (status)
		return command_status(&command_reproduce, status);
	const char *name = onn_study_about(j->study[j->count++]).name;
	for (size_t i = 0; i + 1 < j->count; i++)
		if (!strcmp(onn_study_about(j->study[i]).name, name))
			return command_fail(&command_reproduce,
			    "%s is called %s, which is another result's name", j->s->from, name);
	return EXIT_OK;
}

/* Those that are named; with --list and none named all that are built in. */
static int collect(job *j)
{
	int code = EXIT_OK;

	for (size_t i = 0; i < MAX_ARGUMENTS && j->line->argument[i] && !code; i++)
		code = add(j, j->line->argument[i]);
	for (size_t i = 0;
	     j->s->list && !j->line->argument[0] && !j->s->from && !code && onn_study_known(i); i++)
		code = add(j, onn_study_known(i));
	if (!code && j->s->from)
		code = add_own(j);
	if (!code && !j->count)
		code = command_usage(&command_reproduce,
		    "expected the name of a result, or --from FILE.json; --list shows the names");
	return code;
}

static int print_json(const job *j)
{
	for (size_t i = 0; i < j->count; i++) {
		char *text = onn_study_to_json(j->study[i]);
		if (!text)
			return command_fail(&command_reproduce, "no memory");
		fputs(text, stdout);
		onn_free(text);
	}
	return EXIT_OK;
}

static const char stopped_words[] =
    "\nonn reproduce: stopped by a signal; what is trained and measured is kept, and the same "
    "command goes on\n";

static int stopped(const job *j, int argc, char **argv)
{
	system_stop_is_seen();
	fprintf(stderr,
	    "onn reproduce: stopped by a signal; what is trained and measured is kept "
	    "in %s. Go on with:\n",
	    j->s->out);
	command_again(&command_reproduce, argc, argv, "");
	return system_stop_code();
}

static onn_status reproduce_rank(void *user, const onn_group *group)
{
	job *j = user;
	onn_reproduce_options o = options_of(j->s);
	const bool first = !group || group->rank == 0;

	o.user = j;
	o.group = group;
	o.progress = first ? progress : stop_silently;
	o.table = table;
	o.log = say;
	return onn_reproduce((const onn_study *const *)j->study, j->count, &o,
	    j->device[j->ranks.group || first ? 0 : group->rank]);
}

static int reproduce(job *j, int argc, char **argv)
{
	onn_status status;

	j->progress = reproduce_progress_begin(j->s->quiet || ranks_is_other());
	if (j->ranks.group || j->ranks.count == 1)
		status = reproduce_rank(j, j->ranks.group);
	else
		status = onn_group_run(j->ranks.count, reproduce_rank, j);
	reproduce_progress_end(&j->progress);
	if (ranks_is_other() && (!status || status == ONN_CANCELLED))
		return status ? system_stop_code() : EXIT_OK; /* the first process says it */
	if (status == ONN_CANCELLED)
		return stopped(j, argc, argv);
	if (status)
		return command_status(&command_reproduce, status);
	if (j->no_gnuplot && !j->s->quiet)
		printf("no plots: gnuplot is not installed (Debian: gnuplot-nox)\n");
	return j->failed ? EXIT_FAILED : EXIT_OK;
}

static onn_status open_all(job *j)
{
	onn_device_options device = ONN_DEVICE_OPTIONS_INIT;
	onn_status status = ONN_OK;

	device.threads = (int)j->s->threads;
	for (size_t i = 0; i < (j->ranks.group ? 1 : j->ranks.count) && !status; i++)
		status = device_open(&j->device[i], ranks_device(&j->ranks, i), &device);
	return status;
}

static int work(job *j, int argc, char **argv)
{
	int code = collect(j);

	if (!code && j->s->json && !j->s->list)
		return ranks_is_other() ? EXIT_OK : print_json(j);
	if (!code)
		code = ranks_begin(&j->ranks, &command_reproduce, j->s->device);
	if (code)
		return code;
	/* processes that wait for each other stop at one place */
	if (j->ranks.group)
		system_catch_stop();
	else
		system_end_soon_on_stop(stopped_words);
	onn_status status = open_all(j);
	if (status)
		return command_status(&command_reproduce, status);
	if (!j->s->list)
		return reproduce(j, argc, argv);
	onn_reproduce_options o = options_of(j->s);
	const onn_study *const *all = (const onn_study *const *)j->study;
	if (ranks_is_other())
		return EXIT_OK;
	if (j->s->json)
		return reproduce_list_json(all, j->count, &o, j->device[0]);
	reproduce_list(all, j->count, &o, j->device[0]);
	return EXIT_OK;
}

static int run(int argc, char **argv)
{
	command_line line;
	settings s = {0};
	int code;

	if (!command_scan(&line, &command_reproduce, argc, argv, &code))
		return code;
	job *j = calloc(1, sizeof *j);
	if (!j)
		return command_fail(&command_reproduce, "no memory");
	j->s = &s;
	j->line = &line;
	command_standard(&command_reproduce, &s);
	if (command_fill(&command_reproduce, &line, &s, &code))
		code = work(j, argc, argv);
	for (size_t i = 0; i < j->count; i++)
		onn_study_destroy(j->study[i]);
	for (size_t i = 0; i < ONN_GROUP_MOST; i++)
		device_close(j->device[i]);
	ranks_end(&j->ranks, code);
	free(j);
	return code;
}

const command command_reproduce = {
    .name = "reproduce",
    .summary = "repeat published results, and set our numbers beside them",
    .text =
        "Trains and measures what published figures and tables show, and writes for each a "
        "table (table.csv, table.md, runs.csv) and a figure (plot.svg, plot.png) into a folder of "
        "its name: what was published, what comes out here, and how many standard deviations over "
        "seeds lie between.\n"
        "It may be ended at any moment: the same command goes on where it was, and ends with the "
        "same bytes. A result whose data set is not there fails, the others go on.",
    .arguments = "NAME...",
    .argument_count = 0,
    .argument_most = MAX_ARGUMENTS,
    ROWS(rows),
    .example = "onn reproduce --list\n"
               "onn reproduce response mlp-depth --quick --data-dir data --out runs/quick\n"
               "onn reproduce mlp-depth --json >own.json\n"
               "onn reproduce --from own.json --seeds 3 --data-dir data",
    .run = run,
};
