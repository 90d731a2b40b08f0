/* onn pulse: a pulse through a saturable absorber, and a probe behind it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/saturable.h>

#include "plot.h"
#include "pulse/fit.h"
#include "pulse/pulse.h"
#include "result.h"
#include "system.h"

static const char *const medium_list[] = {"own", ONN_PULSE_MATERIAL_WORDS};
static const onn_words media = {
    medium_list, sizeof medium_list / sizeof *medium_list, MEDIUM_OWN, NULL, 0};
static const char *const model_list[] = {"auto", ONN_PULSE_MODEL_WORDS};
static const onn_words models = {model_list, 3, MODEL_AUTO, NULL, 0};
static const char *const direction_list[] = {ONN_PROBE_DIRECTION_WORDS};
static const char *const data_list[] = {ONN_PULSE_DATA_WORDS};
static const onn_words fit_data = {data_list, 2, ONN_PULSE_DATA_FLUENCE, NULL, 0};
static const onn_words directions = {direction_list, 2, 0, NULL, 0};

#define ROW(name, kind, member) ONN_SETTING(name, kind, pulse_request, member)
#define NOT_BELOW_0             .low = 0, .high = INFINITY, .high_open = true
#define OF_MEDIUM               NOT_BELOW_0, .zero = "the medium's"
static const onn_setting setting_rows[] = {
    {ROW("medium", WORD, medium), .words = &media},
    {ROW("model", WORD, model), .words = &models},
    {ROW("isat", REAL, isat), OF_MEDIUM, .unit = "W/m^2"},
    {ROW("fsat", REAL, fsat), OF_MEDIUM, .unit = "J/m^2"},
    {ROW("t1", REAL, t1), OF_MEDIUM, .unit = "s", .infinite = true},
    {ROW("t2", REAL, t2), OF_MEDIUM, .unit = "s"},
    {ROW("loss", REAL, loss), OF_MEDIUM},
    {ROW("f2", REAL, f2), NOT_BELOW_0, .zero = "none", .unit = "J/m^2"},
    {ROW("doppler", REAL, doppler), OF_MEDIUM},
    {ROW("classes", SIZE, classes), .low = 1, .high = 9999, .zero = "as many as are needed"},
    {ROW("energy", REAL, energy), NOT_BELOW_0, .unit = "J"},
    {ROW("power", REAL, power), NOT_BELOW_0, .unit = "W"},
    {ROW("intensity", REAL, intensity), NOT_BELOW_0, .unit = "W/m^2"},
    {ROW("waist", REAL, waist), NOT_BELOW_0, .unit = "m"},
    {ROW("repetition", REAL, repetition), NOT_BELOW_0, .unit = "Hz"},
    {ROW("probe_direction", WORD, counter), .words = &directions},
    {ROW("transit", REAL, transit), NOT_BELOW_0, .unit = "s"},
    {ROW("grating", REAL, grating), .low = 0, .high = 1, .zero = "an incoherent probe"},
    {ROW("grating_time", REAL, grating_time), NOT_BELOW_0, .unit = "s",
        .zero = "as long as the inversion lasts"},
    {ROW("against", REAL, against), NOT_BELOW_0, .zero = "none"},
    {ROW("against_delay", REAL, against_delay), .low = -INFINITY, .high = INFINITY,
        .low_open = true, .high_open = true, .unit = "s"},
    {ROW("fit_data", WORD, fit_data), .words = &fit_data},
    {ROW("fix", TEXT, fix), .length = sizeof(((pulse_request *)0)->fix)},
    {ROW("start", TEXT, start), .length = sizeof(((pulse_request *)0)->start)},
};

const onn_settings *pulse_request_settings(void)
{
	static const pulse_request standard = {0};
	static const onn_settings settings = {"pulse", setting_rows,
	    sizeof setting_rows / sizeof *setting_rows, sizeof(pulse_request), &standard, NULL};
	return &settings;
}

#define AT(member)       offsetof(pulse_settings, member)
#define REQUEST(name)    SETTING(name, pulse_request_settings, r)
#define CELL(name)       SETTING(name, onn_pulse_cell_settings, cell)
#define EXPERIMENT(name) SETTING(name, onn_pulse_experiment_settings, e)
#define SWEEP(name, member, of, text)                                                              \
	{                                                                                          \
		OPTION(name, INPUTS, member), .shown = "LIST|MIN:MAX:COUNT[:log]", .unit = of,     \
		                              .help = text                                         \
	}

static const option_row rows[] = {
    {REQUEST("medium"),
        .help = "by name, in SI: vapours of rubidium and cesium in a cell, a semiconductor mirror, "
                "graphene, nanotubes, a crystal; own: what the options say"},
    SWEEP("od", depth, NULL,
        "optical depth on resonance for a weak beam's intensity; else the medium's, of an own one "
        "3"),
    {REQUEST("isat"), .help = "saturation intensity; Fsat is Isat T1"},
    {REQUEST("fsat"), .help = "saturation fluence"},
    {REQUEST("t1"),
        .help = "time in which the inversion relaxes; inf: a slow absorber, as an own one is"},
    {REQUEST("t2"), .help = "time in which the polarisation relaxes"},
    {REQUEST("loss"), .help = "optical depth of unsaturable loss"},
    {REQUEST("f2"), .help = "fluence of which a thin medium would take all by two-photon "
                            "absorption: it takes the part F/F2 of a pulse"},
    {REQUEST("doppler"), .help = "1/e half width of the spread of detunings, in half linewidths"},
    {REQUEST("classes"), .help = "classes of velocity; 1: all atoms at rest"},
    {CELL("temperature"), .help = "of a vapour"},
    {CELL("length"), .help = "of a vapour's cell"},
    {CELL("buffer-gas"), .help = "what widens a vapour's line; of rubidium's"},
    {CELL("pressure"), .help = "of the buffer gas"},
    {CELL("linewidth"), .help = "homogeneous full width at half maximum of a vapour's line"},
    {OPTION("fluence", INPUTS, fluence), .shown = "LIST|MIN:MAX:COUNT[:log]", .unit = "J/m^2",
        .plain = "over Fsat",
        .help = "of the light, the mean of the beam: over Fsat, or with a unit, 5mJ/cm^2; else 1"},
    {REQUEST("energy"), .help = "of the light; needs --waist"},
    {REQUEST("power"), .help = "largest of the light, of a train its mean; needs --waist"},
    {REQUEST("intensity"), .help = "largest of the light"},
    {REQUEST("waist"), .help = "1/e^2 radius of the beam, whose mean fluence is energy/(pi W^2)"},
    {EXPERIMENT("profile"),
        .help = "of the beam: even, or Gaussian, each radius of which is a medium of its own"},
    {EXPERIMENT("shape"), .help = "of the power in time; file: --light"},
    {OPTION("light", FILE, light), .shown = "FILE",
        .help = "CSV of times in seconds and powers in any unit, for --shape file"},
    SWEEP("width", width, "s",
        "of a pulse, seconds: full width at half maximum, of cw all of it; else T1/10, of cw 20 "
        "T1, of a slow absorber 1e-9"),
    {EXPERIMENT("separation"), .help = "from pulse to pulse, of double and train"},
    {REQUEST("repetition"), .help = "of a train, in place of --separation"},
    {EXPERIMENT("pulses"), .help = "of a train"},
    {EXPERIMENT("rise"), .help = "of cw: the power rises in a straight line for so long"},
    SWEEP("detuning", detuning, NULL, "(w0 - w)/(half linewidth) of the light; else 0"),
    SWEEP("probe-delay", delay, "s",
        "of a weak probe behind the end of the pulse, seconds; below 0: while it is there"),
    {REQUEST("probe-direction"), .setting = "probe_direction",
        .help = "with the pulse, or launched at the exit and against it"},
    SWEEP("probe-detuning", probe_detuning, NULL, "of the weak probe; else the light's"),
    {EXPERIMENT("probe-fraction"),
        .help = "also send a strong probe right behind the pulse, of this part of its fluence"},
    {REQUEST("counter-fluence"), .setting = "against",
        .help = "also send a second pulse of this fluence over Fsat and of the same shape against "
                "the first, from the exit, and solve both together"},
    {REQUEST("counter-delay"), .setting = "against_delay",
        .help = "by how much later that enters there than the first does in front"},
    {REQUEST("transit"), .help = "time that light needs through the medium; else by --length"},
    {REQUEST("grating"),
        .help =
            "the probe is a weak copy of the pulse that runs back, coherent with it, --probe-delay "
            "behind it: contrast of the grating that both write, 0 to 1"},
    {REQUEST("grating-time"), .setting = "grating_time",
        .help = "in which the atoms' motion washes that out"},
    {REQUEST("model"), .help = "rate equations, Bloch's, or the first where they hold within 1 %"},
    {EXPERIMENT("tolerance"), .help = "relative, of what comes out and what the probe sees"},
    {EXPERIMENT("slots"), .help = "of time"},
    {EXPERIMENT("cells"), .help = "along the medium"},
    {OPTION("fit", FILE, fit), .shown = "FILE",
        .help = "instead of a simulation: find the absorber from measurements in lines of fluence "
                "(or delay), transmission and, if it is known, its standard deviation"},
    {REQUEST("fit-data"),
        .help = "what the first column is: fluences in J/m^2, or seconds of a probe's delay behind "
                "a pump of --fluence"},
    {REQUEST("fix"), .shown = "NAME[=X],...",
        .help = "parameters that are not fitted, of fsat, depth, loss, f2, t1, fluence"},
    {REQUEST("start"), .shown = "NAME=X,...", .help = "where the fit begins; else it is guessed"},
    {OPTION("csv", FILE, csv), .shown = "FILE",
        .help = "a row a pulse, of a probe's delays and detunings one for each; - for standard "
                "output"},
    {OPTION("pulse-csv", FILE, series), .shown = "FILE",
        .help = "power before and behind the medium in time; - for standard output"},
    {OPTION("out", FILE, out), .shown = "FILE.npz",
        .help = "one pulse in space and time: intensity over Fsat a second, and what is bleached"},
    {OPTION("plot", FILE, plot), .shown = "FILE",
        .help = "also draw the figure into FILE, a name of .png, .svg or .pdf (needs gnuplot)"},
    JSON_ROW,
    {SETTING("log-every", pace_settings, pace), .setting = "every", .shown = "SECONDS",
        .help = "where no line is drawn over and over, say so often where a long run is"},
    DEVICE_ROW(DEVICE_HELP DEVICE_ELSE),
    THREADS_ROW,
};

/* ---- work ---- */

static int check(const pulse_settings *s, const command_line *line)
{
	const char *const to[] = {s->csv, s->series, s->out, s->plot};
	size_t count = sizeof to / sizeof *to;

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < i; k++)
			if (to[i] && to[k] && strcmp(to[i], to[k]) == 0)
				return command_usage(&command_pulse,
				    "'%s' is named for two results; expected a file for each",
				    to[i]);
	if (s->out && !path_ends_in(s->out, ".npz"))
		return command_usage(
		    &command_pulse, "--out is '%s'; expected a name that ends in .npz", s->out);
	int code = plot_check_path(&command_pulse, "--plot", s->plot, false);
	if (code)
		return code;
	for (size_t i = 0; i < count; i++)
		if (to[i] && strcmp(to[i], "-") != 0 && path_check_folder(&command_pulse, to[i]))
			return EXIT_FAILED;
	if (s->r.counter && s->e.probe_fraction > 0)
		return command_usage(&command_pulse,
		    "--probe-fraction is of a probe that goes with the light; given "
		    "--probe-direction counter");
	if (s->r.grating > 0 && (!s->r.counter || s->delay.count == 0))
		return command_usage(
		    &command_pulse, "--grating needs --probe-direction counter and --probe-delay");
	if (s->r.against > 0 && (s->e.profile != ONN_PULSE_FLAT || s->r.f2 != 0))
		return command_usage(&command_pulse,
		    "--counter-fluence is of flat beams without two-photon absorption; given %s",
		    s->r.f2 != 0 ? "--f2" : "--profile gaussian");
	if (s->r.grating_time > 0 && s->r.grating == 0)
		return command_usage(&command_pulse, "--grating-time goes with --grating");
	if (s->fit && (s->series || s->out))
		return command_usage(&command_pulse, "--%s goes with a simulation; given --fit %s",
		    s->series ? "pulse-csv" : "out", s->fit);
	if (!s->fit && (*s->r.fix || *s->r.start))
		return command_usage(
		    &command_pulse, "--%s goes with --fit FILE", *s->r.fix ? "fix" : "start");
	if (s->json && ((s->csv && !strcmp(s->csv, "-")) || (s->series && !strcmp(s->series, "-"))))
		return command_usage(&command_pulse,
		    "--json and - are both for standard output; expected one of them");
	return command_needs(&command_pulse, line, s);
}

static onn_status open_device(pulse_work *w)
{
	onn_device_options options = ONN_DEVICE_OPTIONS_INIT;

	options.threads = (int)w->s->threads;
	return device_open_for(&w->device, w->s->device, &options, ONN_F64);
}

/* The weak probes of all points. */
static onn_status send_probes(pulse_work *w)
{
	size_t probes = pulse_probes(w->s);
	onn_pulse_experiment e = w->experiment;
	onn_status status = ONN_OK;

	if (!probes)
		return ONN_OK;
	w->probe = malloc(w->count * probes * sizeof *w->probe);
	onn_pulse_weak_probe *probe = malloc(w->count * probes * sizeof *probe);
	if (!w->probe || !probe)
		status = command_no_memory();
	e.slots = (unsigned)w->results->slots;
	e.cells = w->results->cells < 64 ? 64 : (unsigned)w->results->cells;
	for (size_t i = 0; i < w->count * probes && !status; i++)
		probe[i] = pulse_probe(w, &w->point[i / probes], i % probes);
	if (!status)
		status =
		    onn_pulse_probe_run(w->probe, w->device, &e, w->point, w->count, probe, probes);
	free(probe);
	return status;
}

/* Each pulse once more, with another one against it. */
static onn_status send_against(pulse_work *w)
{
	const onn_pulse_counter counter = {
	    w->s->r.against, w->s->r.against_delay, pulse_transit(w->s, &w->sample)};
	onn_pulse_experiment e = w->experiment;
	onn_status status = ONN_OK;

	if (w->s->r.against == 0)
		return ONN_OK;
	e.progress = NULL;
	e.probe_fraction = 0;
	w->met = calloc(w->count, sizeof *w->met);
	if (!w->met)
		status = command_no_memory();
	for (size_t i = 0; i < w->count && !status; i++)
		status = onn_pulse_collide(&w->met[i], w->device, &e, &w->point[i], &counter);
	return status;
}

/* On a terminal one line, over and over; else one where a while has passed. */
static void show(const onn_pulse_progress *p, void *user)
{
	pulse_work *w = user;
	bool shown = system_is_terminal(stderr);
	char error[48] = "";

	if (!shown && !pace_is_due(&w->pace))
		return;
	if (isfinite(p->error))
		snprintf(error, sizeof error, ", error so far %.1e of %g", p->error, p->tolerance);
	fprintf(stderr, "%sonn pulse: %zu pulse%s, %zu slots, %zu cells%s%s%s",
	    shown ? "\r\033[K" : "", w->count, w->count == 1 ? "" : "s", p->slots, p->cells, error,
	    p->last ? ", with derivatives" : "", shown ? "" : "\n");
	fflush(stderr);
}

static onn_status send_pulses(pulse_work *w)
{
	bool shown = system_is_terminal(stderr);

	w->pace = w->s->pace;
	w->experiment.progress = show;
	w->experiment.user = w;
	onn_status status =
	    onn_pulse_experiment_run(&w->results, w->device, &w->experiment, w->point, w->count);
	if (shown)
		fputs("\r\033[K", stderr);
	return status;
}

static int run_work(pulse_work *w)
{
	const pulse_settings *s = w->s;
	int code = pulse_set_up(w);

	if (!code && s->r.against > 0 && pulse_transit(s, &w->sample) == 0)
		code = command_usage(&command_pulse,
		    "--counter-fluence needs to know how long light takes through the medium; "
		    "expected --transit, or --length of a vapour");
	if (code)
		return code;
	onn_status status = open_device(w);
	if (!status)
		status = send_pulses(w);
	if (!status)
		status = send_probes(w);
	if (!status)
		status = send_against(w);
	if (status)
		return command_status(&command_pulse, status);
	bool taken = (s->csv && !strcmp(s->csv, "-")) || (s->series && !strcmp(s->series, "-"));
	if (s->json)
		code = pulse_report_json(w);
	else
		pulse_report(w, taken ? stderr : stdout);
	if (!code && s->csv)
		code = pulse_write_csv(w);
	if (!code && s->series)
		code = pulse_write_series(w);
	if (!code && s->out)
		code = pulse_write_archive(w);
	if (!code && s->plot)
		code = pulse_draw(w);
	return code;
}

static int run(void *values, const command_line *line)
{
	const pulse_settings *s = values;
	int code = check(s, line);

	if (code || s->fit)
		return code ? code : pulse_fit(s);
	pulse_work w = {.s = s, .line = line};
	code = run_work(&w);
	pulse_tear_down(&w);
	return code;
}

const command command_pulse = {
    .name = "pulse",
    .summary = "a pulse through a saturable absorber, and a probe behind it",
    .text =
        "Sends pulses of light through a two-level absorber in time: what comes out of each, what "
        "a weak probe sees behind it, and the exact derivative of the fluence out by the fluence "
        "in, which the probe measures where the absorber is slow. Fluences are over Fsat, times in "
        "seconds.\n"
        "--od, --detuning, --width and --fluence may be lists; each combination is a pulse, and "
        "all of them are one batch on the device. Each answer names its regime (width/T2, "
        "width/T1, the pulse's area), the model, and the error that slots and cells leave.\n"
        "With --fit a slow absorber's saturation fluence, depths, two-photon absorption and T1 are "
        "found from measurements with pulses that are short against T1, with standard errors and "
        "their correlations.",
    ROWS(rows),
    .example = "onn pulse --od 3 --t1 inf --fluence 0.1:10:30:log --csv -\n"
               "onn pulse --medium rb87-d2 --linewidth 2e9 --width 1e-9 --fluence 1 --plot a.svg\n"
               "onn pulse --fit measured.csv --profile gaussian --plot fit.svg",
    WORK(pulse_settings, run),
};
