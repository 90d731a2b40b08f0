/* onn simulate: light through a system that a file describes. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "html.h"
#include "plot.h"
#include "result.h"
#include "simulate/simulate.h"
#include "system.h"

static const onn_setting request_rows[] = {
    {ONN_SETTING("steps", SIZE, simulate_request, steps), .low = 1, .high = 1e6,
        .zero = "only simulate", .word = "file"},
};

const onn_settings *simulate_request_settings(void)
{
	static const simulate_request standard = {SIZE_MAX};
	static const onn_settings settings = {
	    "simulate", request_rows, 1, sizeof(simulate_request), &standard, NULL};
	return &settings;
}

const onn_settings *simulate_view_settings(void)
{
	static const char *const list[] = {"curves", "side", "frames"};
	static const onn_words words = {list, 3, SIMULATE_CURVES, NULL, 0};
	static const onn_setting row = {
	    ONN_SETTING("view", WORD, simulate_view, kind), .words = &words};
	static const simulate_view standard = {SIMULATE_CURVES};
	static const onn_settings settings = {
	    "simulate", &row, 1, sizeof(simulate_view), &standard, NULL};
	return &settings;
}

#define AT(member)    offsetof(simulate_settings, member)
#define REQUEST(name) SETTING(name, simulate_request_settings, r)
#define LOOK(name)    SETTING(name, picture_look_settings, look)

static const option_row rows[] = {
    {OPTION("set", CHANGES, set), .shown = "NAME=VALUE",
        .help = "another value than the file's, as often as wanted: lens.f=60mm, lens2.at=0,1mm, "
                "lens.at.x=1mm, wavelength=633nm"},
    {OPTION("scan", CHANGE, scan), .shown = "NAME=LIST|MIN:MAX:COUNT[:log]",
        .help = "a run for each of these values of one number, and what cameras see as a table; "
                "--csv writes it, --plot draws it, --out keeps it with all pictures: the same "
                "command then goes on where it was stopped"},
    {REQUEST("steps"),
        .help = "of an optimization of the file's free numbers; file: as many as it says, where it "
                "has an objective; 0: the system as it is"},
    {OPTION("out", FILE, out), .shown = "FOLDER|FILE.npz|FILE.h5|FILE.mat",
        .help = "what cameras saw: for each intensity and field as .npy and a picture as .png, "
                "their measures as cameras.csv, the system as it was as system.json, an "
                "optimization as history.csv; or all arrays in one .npz, .h5 or .mat"},
    {OPTION("csv", FILE, csv), .shown = "FILE",
        .help = "what cameras measured, in SI, a row each; - for standard output"},
    {OPTION("plot", FILE, plot), .shown = "FILE",
        .help = "also draw what cameras saw, with axes and scale, or the curves of a scan, into "
                "FILE, a name of .png, .svg or .pdf (needs gnuplot)"},
    {OPTION("report", FILE, report), .shown = "FILE.html",
        .help = "write one page that needs no other file: settings, where everything stands, how "
                "gaps were computed, cameras' pictures and measures, the curves of an optimization "
                "or a scan, times, versions, device, and the command (needs gnuplot)"},
    {SETTING("view", simulate_view_settings, view),
        .help = "what --plot shows of a scan: curves (a name of .gif: a film of what the camera "
                "sees); the camera's middle line in x against the number, a side view where that "
                "is a distance, no film; or what it sees at each value"},
    {OPTION("camera", FILE, camera), .shown = "NAME",
        .help = "which one the table, --csv, --plot and --report are of; else all, of a film or a "
                "side view the last. --out and --json have all"},
    PICTURE_ROWS,
    JOBS_ROW,
    JSON_ROW,
    PICTURE_QUIET_ROW,
    DEVICES_ROW(DEVICE_HELP DEVICE_ELSE
        "; auto takes c where the GPU lacks the precision; of a scan's runs each takes one of "
        "several, with commas between"),
    THREADS_ROW,
};

/* ---- what is asked for ---- */

static int check_options(const simulate_settings *s)
{
	int code = plot_check_path(&command_simulate, "--plot", s->plot, s->scan != NULL);
	if (!code)
		code = html_check_path(&command_simulate, s->report);
	if (code)
		return code;
	if (s->view.kind == SIMULATE_SIDE && plot_is_film(s->plot))
		return command_usage(&command_simulate,
		    "--view side is one picture, and --plot is '%s', a film; expected a name that "
		    "ends "
		    "in .png, .svg or .pdf",
		    s->plot);
	if (!s->scan && (s->jobs.jobs || s->view.kind))
		return command_usage(&command_simulate, "--%s goes with --scan, which is not given",
		    s->jobs.jobs ? "jobs" : "view");
	code = s->scan ? EXIT_OK : ranks_check_one(&command_simulate, s->device);
	if (code)
		return code;
	if (s->json && s->csv && !strcmp(s->csv, "-"))
		return command_usage(&command_simulate,
		    "--json and - are both for standard output; expected one of them");
	for (size_t i = 0; s->csv && i < 3; i++) {
		const char *other = (const char *[]){s->plot, s->out, s->report}[i];
		if (other && !strcmp(s->csv, other))
			return command_usage(&command_simulate,
			    "'%s' is named for two results; expected a file for each", s->csv);
	}
	if (s->scan && s->out && simulate_is_file(s->out) && !path_ends_in(s->out, ".npz"))
		return command_usage(&command_simulate,
		    "--out is '%s', and --scan makes many runs; expected a folder or an .npz",
		    s->out);
	if (s->csv && strcmp(s->csv, "-") != 0)
		code = path_check_folder(&command_simulate, s->csv);
	if (!code && s->out && simulate_is_file(s->out))
		code = path_check_folder(&command_simulate, s->out);
	return code;
}

/* "lens.f=60mm" into the system. */
static int change(onn_system *system, const char *text)
{
	const char *equals = strchr(text, '=');
	char name[128];

	snprintf(name, sizeof name, "%.*s", (int)(equals - text), text);
	if (onn_system_set(system, name, equals + 1)) {
		char plain[1024];
		return command_usage(&command_simulate, "--set: %s",
		    command_plain(plain, sizeof plain, onn_last_error()));
	}
	return EXIT_OK;
}

static int load(simulate_work *w)
{
	const simulate_settings *s = w->s;
	onn_status status = onn_system_load(&w->system, w->path);
	if (!status && s->report)
		status = onn_system_copy(&w->given, w->system);
	int code = status ? command_status(&command_simulate, status) : EXIT_OK;

	for (size_t i = 0; i < s->set.count && !code; i++)
		code = change(w->system, s->set.item[i]);
	if (!code && s->r.steps != SIZE_MAX && s->r.steps > 0) {
		char steps[32];
		snprintf(steps, sizeof steps, "%zu", s->r.steps);
		status = onn_system_set(w->system, "objective.steps", steps);
		code = status ? command_status(&command_simulate, status) : EXIT_OK;
	}
	if (!code)
		code = simulate_check_camera(w);
	if (!code && s->scan && s->report)
		code = onn_system_copy(&w->base, w->system)
		           ? command_status(&command_simulate, ONN_ERROR_MEMORY)
		           : EXIT_OK;
	if (!code && s->scan)
		code = simulate_scan_prepare(w);
	status = code ? ONN_OK : onn_system_check(w->system);
	return status ? command_status(&command_simulate, status) : code;
}

/* ---- work ---- */

/* Whether there is something to be found: free numbers, an objective, and nobody who says no. */
static bool is_to_optimize(const simulate_work *w)
{
	bool asked = w->s->r.steps != SIZE_MAX && w->s->r.steps > 0;
	size_t nfree = onn_system_free_count(w->system);
	char *maximize = onn_system_get(w->system, "objective.maximize");
	char *minimize = onn_system_get(w->system, "objective.minimize");
	bool aims = maximize && minimize &&
	            (strcmp(maximize, "none") != 0 || strcmp(minimize, "none") != 0);

	onn_free(maximize);
	onn_free(minimize);
	if (nfree && !aims && w->s->r.steps == SIZE_MAX)
		fprintf(stderr,
		    "onn simulate: WARNING: %s is to be optimized, and the file does not say for "
		    "what; expected \"objective\": {\"maximize\": \"power\"}, or one like it\n",
		    onn_system_free(w->system, 0));
	return asked || (aims && nfree && w->s->r.steps != 0);
}

onn_status simulate_open_device(simulate_work *w, bool optimize)
{
	onn_device_options options = ONN_DEVICE_OPTIONS_INIT;
	onn_type precision = onn_system_options_of(w->system)->precision;

	options.threads = w->s->scan ? 0 : (int)w->s->threads; /* jobs have their share */
	return device_open_for(&w->device, w->s->scan ? jobs_device(&w->jobs) : w->s->device,
	    &options, optimize ? ONN_C128 : onn_type_complex(precision));
}

bool simulate_watch(const onn_system_stage *stage, void *work)
{
	const simulate_work *w = work;

	if (w->shown)
		fprintf(stderr, "\r\033[Konn simulate: layer %zu of %zu, %s", stage->layer + 1,
		    stage->layers, stage->name);
	return !system_stop_asked();
}

int simulate_status(onn_status status)
{
	if (status != ONN_CANCELLED)
		return command_status(&command_simulate, status);
	fputs("onn simulate: stopped by a signal; nothing of this run is written\n", stderr);
	return system_stop_code();
}

static bool told(const onn_system_progress *p, void *user)
{
	if (*(const bool *)user)
		fprintf(stderr, "\r\033[Konn simulate: step %zu of %zu, loss %.6g", p->step + 1,
		    p->steps, p->loss);
	fflush(stderr);
	return !system_stop_asked();
}

static onn_status optimize(simulate_work *w)
{
	double begun = system_clock();
	onn_status status = onn_system_optimize(&w->history, w->system, w->device, told, &w->shown);
	w->optimizing = system_clock() - begun;
	if (w->shown)
		fputs("\r\033[K", stderr);
	return !status && system_stop_asked() ? ONN_CANCELLED : status;
}

static int simulate(simulate_work *w)
{
	double begun = system_clock();
	onn_status status =
	    onn_system_run_watched(&w->result, w->system, w->device, simulate_watch, w);
	w->running = system_clock() - begun;
	if (w->shown)
		fputs("\r\033[K", stderr);
	if (status)
		return simulate_status(status);
	system_catch_stop(); /* what is written is written as a whole */
	w->cameras = onn_system_cameras(w->result);
	simulate_warn(w, w->result, "");
	bool taken = w->s->csv && !strcmp(w->s->csv, "-");
	if (!taken && !w->s->json && w->history)
		simulate_report_history(w);
	int code = taken ? EXIT_OK : w->s->json ? simulate_report_json(w) : simulate_report(w);
	if (!code && w->s->out)
		code = simulate_write(w);
	if (!code && w->s->csv)
		code = simulate_write_csv(w);
	if (!code && w->s->plot)
		code = simulate_draw(w);
	return !code && w->s->report ? simulate_page(w) : code;
}

static int scan(simulate_work *w)
{
	w->shown = false; /* jobs have a line of their own */
	int code = simulate_scan_run(w);
	system_catch_stop();
	if (!jobs_is_first(&w->jobs))
		return code;
	if (!code && w->s->csv)
		code = simulate_write_csv(w);
	if (!code && w->s->out)
		code = simulate_write_scan(w);
	if (!code && w->s->json)
		code = simulate_report_json(w);
	else if (!code && !(w->s->csv && !strcmp(w->s->csv, "-")))
		simulate_scan_report(w);
	if (!code && w->s->report)
		code = simulate_page(w);
	if (code || !w->s->plot)
		return code;
	bool curves = w->s->view.kind == SIMULATE_CURVES && !plot_is_film(w->s->plot);
	return curves ? simulate_draw_scan(w, w->s->plot) : simulate_draw_film(w);
}

static int run_work(simulate_work *w)
{
	system_end_on_stop("onn simulate: stopped by a signal; nothing of this run is written\n");
	int code = load(w);
	if (!code)
		code = simulate_check_memory(w);
	if (code)
		return code;
	if (w->s->scan)
		return scan(w);
	bool wanted = is_to_optimize(w);
	onn_status status = simulate_open_device(w, wanted);
	if (!status && wanted)
		status = optimize(w);
	return status ? simulate_status(status) : simulate(w);
}

static int run(void *values, const command_line *line)
{
	const simulate_settings *s = values;
	int code = check_options(s);
	if (code || (!s->scan && ranks_is_other()))
		return code; /* one run the first process does */
	simulate_work w = {.s = s,
	    .path = line->argument[0],
	    .line = line,
	    .shown = system_is_terminal(stderr) && !s->look.quiet};
	code = run_work(&w);
	if (!code && system_stop_asked())
		code = system_stop_code(); /* all is written, and was not to be */
	jobs_end(&w.jobs, code);
	free(w.seen);
	free(w.step);
	free(w.value.value);
	free(w.name);
	onn_system_result_destroy(w.result);
	onn_array_destroy(w.history);
	onn_system_destroy(w.system);
	onn_system_destroy(w.given);
	onn_system_destroy(w.base);
	device_close(w.device);
	return code;
}

const command command_simulate = {
    .name = "simulate",
    .summary = "light through a system that a file describes",
    .text =
        "Sends light through a list of layers in a JSON file: it begins with a source (plane, "
        "gaussian, point, hermite-gauss, laguerre-gauss, slits, text, image); then follow space, "
        "lens, aperture, mask, slm, grating, zernike, tilt, filter, sheet, and camera, which looks "
        "at the light and lets it pass. Beside the list stand grid, pitch and wavelength (one, or "
        "a list of colours that do not interfere). Numbers have units: \"60mm\", \"532nm\".\n"
        "Prints where everything stands, how much light is left behind it, how each gap was "
        "computed and how much of it is expected to be wrong, and what cameras measure: power, "
        "peak, place and widths. WARNING lines tell what is sampled too coarsely, and what helps.\n"
        "A number that is {\"optimize\": true, \"start\": \"60mm\"} in the file is found by exact "
        "gradients, as the file's \"objective\" says: {\"maximize\": \"power\"} (in a camera's "
        "region), \"peak\" or \"overlap\" (with its target), or {\"minimize\": \"width\"}.",
    .arguments = "SYSTEM.json",
    .argument_count = 1,
    ROWS(rows),
    .example = "onn simulate 4f.json --out runs/4f --plot 4f.png\n"
               "onn simulate lens.json --set lens.f=80mm --set plane.radius=1mm\n"
               "onn simulate lens.json --scan lens.f=40mm:80mm:9 --csv scan.csv --plot scan.png\n"
               "onn simulate lens.json --scan space.distance=1mm:100mm:100 --out runs/focus --plot "
               "focus.gif",
    WORK(simulate_settings, run),
};
