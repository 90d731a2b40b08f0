/* onn propagate: fields in a file, a distance further on. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/formats.h"
#include "plot.h"
#include "propagate/propagate.h"
#include "result.h"
#include "system.h"

static const char *const method_list[] = {ONN_METHOD_WORDS};
static const onn_words methods = {method_list, 7, ONN_METHOD_AUTO, NULL, 0};
static const char *const evanescent_list[] = {ONN_EVANESCENT_WORDS};
static const onn_words policies = {evanescent_list, 3, ONN_EVANESCENT_DECAY, NULL, 0};
static const char *const precision_list[] = {"f32", "f64"};
static const onn_words precisions = {precision_list, 2, ONN_F32, NULL, 0};

#define ROW(name, kind, member) ONN_SETTING(name, kind, propagate_request, member)
#define POSITIVE                .low = 0, .high = INFINITY, .low_open = true, .unit = "m"
static const onn_setting setting_rows[] = {
    {ROW("pitch", REAL, pitch), POSITIVE, .length = 2},
    {ROW("method", WORD, method), .words = &methods},
    {ROW("padding", SIZE, padding), .low = 0, .high = 1 << 30, .length = 2, .word = "half",
        .needs = "method=asm|band-limited|fresnel|scaled|auto"},
    {ROW("evanescent", WORD, evanescent), .words = &policies,
        .needs = "method=asm|band-limited|scaled|auto"},
    {ROW("out_pitch", REAL, out_pitch), POSITIVE, .length = 2, .zero = "that of IN",
        .needs = "method=scaled"},
    {ROW("out_shift", REAL, out_shift), .unit = "m", .length = 2, .needs = "method=scaled"},
    {ROW("tolerance", REAL, tolerance), .low = 0, .high = INFINITY, .low_open = true},
    {ROW("precision", WORD, precision), .words = &precisions},
};

static const onn_settings *request_settings(void)
{
	static const propagate_request standard = {.method = ONN_METHOD_AUTO,
	    .padding = {SIZE_MAX, SIZE_MAX},
	    .evanescent = ONN_EVANESCENT_DECAY,
	    .tolerance = 1e-3,
	    .precision = ONN_F64};
	static const onn_settings settings = {"propagate", setting_rows,
	    sizeof setting_rows / sizeof *setting_rows, sizeof(propagate_request), &standard, NULL};
	return &settings;
}

#define AT(member)    offsetof(propagate_settings, member)
#define REQUEST(name) SETTING(name, request_settings, r)
#define LOOK(name)    SETTING(name, picture_look_settings, look)

static const option_row rows[] = {
    {OPTION("wavelength", INPUTS, wavelength), .unit = "m", .needed = true,
        .shown = "L|LIST|MIN:MAX:COUNT",
        .help = "metres, in the medium; needed. Of several OUT is a stack as with --distance, in "
                "front of its axis"},
    {REQUEST("pitch"), .needed = true, .help = "metres from pixel to pixel; needed"},
    {OPTION("distance", INPUTS, distance), .unit = "m", .needed = true,
        .shown = "Z|LIST|MIN:MAX:COUNT",
        .help = "metres; below 0 goes back; needed. Of several OUT is a stack, a field for each "
                "in front of IN's own axes"},
    {REQUEST("method"),
        .help = "auto: the way that this light is computed best with, and as much padding as the "
                "tolerance needs; angular spectrum; the same within the band that it is sampled "
                "in; paraxial; far field, with the pitch wavelength Z/(n P); Rayleigh-Sommerfeld; "
                "angular spectrum to a pitch of your own"},
    {REQUEST("padding"),
        .help = "pixels of zeros on each side of an axis, against light that comes in again at the "
                "other side; half: of the size, or with auto as many as are needed; 0: the field "
                "repeats beyond its edges; not for fraunhofer, nor for rs, which takes what "
                "it needs; one row is a field in one dimension, which NY does not count for"},
    {REQUEST("evanescent"),
        .help = "what becomes of components finer than the wavelength (asm, band-limited, scaled): "
                "exponential decay, for Z of at least 0; nothing is left; or all of it is"},
    {REQUEST("out-pitch"),
        .help = "metres from pixel to pixel in OUT, with --method scaled; 0: that of IN"},
    {REQUEST("out-shift"),
        .help = "metres from the optical axis to the centre of OUT, with --method scaled"},
    {REQUEST("tolerance"),
        .help = "largest error of an amplitude that is wished for, over the largest amplitude; "
                "what is expected to be wrong is told, with WARNING: where it is more"},
    {OPTION("incoherent", NONE, incoherent),
        .help = "the fields of IN, and those of several wavelengths, do not interfere: OUT is the "
                "intensity that they make together, real numbers [y, x], of several distances "
                "[z, y, x]"},
    {REQUEST("precision"), .help = "of the field: complex numbers of 8 or of 16 bytes"},
    {OPTION("plot", FILE, plot), .shown = "FILE",
        .help = "also draw OUT, with axes and scale, into FILE, a name of .png, .svg or .pdf "
                "(needs gnuplot): intensity and phase, a panel a field; of more than 8 equally "
                "spaced distances the intensity in x against z; a .gif is a film of it, a frame a "
                "field"},
    {OPTION("csv", FILE, csv), .shown = "FILE",
        .help =
            "power, peak, place and widths of each field in OUT, in SI, a row each; - for standard "
            "output"},
    PICTURE_ROWS,
    JOBS_ROW,
    JSON_ROW,
    PICTURE_QUIET_ROW,
    DEVICES_ROW(DEVICE_HELP DEVICE_ELSE
        "; auto takes c where the GPU lacks the precision; of a list's runs each takes one of "
        "several, with commas between"),
    THREADS_ROW,
};

/* Evanescent waves that decay on their way would grow on the way back. */
static int check_way(const propagate_settings *s)
{
	const propagate_request *r = &s->r;
	double nearest = s->distance.value[0];
	for (size_t i = 1; i < s->distance.count; i++)
		nearest = fmin(nearest, s->distance.value[i]);
	bool spectrum = r->method == ONN_METHOD_ASM || r->method == ONN_METHOD_BAND_LIMITED ||
	                r->method == ONN_METHOD_SCALED || r->method == ONN_METHOD_AUTO;

	if (spectrum && nearest < 0 && r->evanescent == ONN_EVANESCENT_DECAY)
		return command_usage(&command_propagate,
		    "--distance is %g and --evanescent is decay, which would grow; expected drop "
		    "or pass",
		    nearest);
	return EXIT_OK;
}

static bool is_list(const propagate_settings *s)
{
	return s->wavelength.count > 1 || s->distance.count > 1;
}

/* Runs of lists alone may have a folder, jobs and several devices. */
static int check_lists(const propagate_settings *s, const char *out)
{
	bool list = is_list(s);

	if (!field_path_fits(out, true) && !(list && field_folder_fits(out)))
		return command_usage(&command_propagate, "OUT is '%s'; " FIELD_ENDINGS "%s", out,
		    list ? ", or of a folder, without an ending" : "");
	if (!list && s->jobs.jobs)
		return command_usage(
		    &command_propagate, "--jobs goes with a list, such as --distance 1cm:5cm:9");
	return list ? EXIT_OK : ranks_check_one(&command_propagate, s->device);
}

static int check_options(const propagate_settings *s, const command_line *line)
{
	if (!field_path_fits(line->argument[0], false))
		return command_usage(
		    &command_propagate, "IN is '%s'; " FIELD_ENDINGS, line->argument[0]);
	int code = check_lists(s, line->argument[1]);
	if (code)
		return code;
	if (system_same_file(line->argument[0], line->argument[1]))
		return command_usage(&command_propagate,
		    "OUT, %s, is IN, %s, which is never overwritten; expected another name",
		    line->argument[1], line->argument[0]);
	code = plot_check_path(&command_propagate, "--plot", s->plot, true);
	if (!code)
		code = command_needs(&command_propagate, line, s);
	for (size_t i = 0; i < s->wavelength.count && !code; i++)
		if (!(s->wavelength.value[i] > 0))
			code = command_usage(&command_propagate,
			    "--wavelength has %g; expected lengths above 0",
			    s->wavelength.value[i]);
	if (!code && s->csv && strcmp(s->csv, "-") != 0)
		code = path_check_folder(&command_propagate, s->csv);
	if (!code && s->csv && s->json && !strcmp(s->csv, "-"))
		code = command_usage(&command_propagate,
		    "--csv and --json are both for standard output; expected a file for --csv");
	return code ? code : check_way(s);
}

/* What does not go together, once IN is read. */
static int check_work(const propagate_work *w, const char *from)
{
	const propagate_settings *s = w->s;
	size_t count = onn_array_count(w->in) / (w->grid.ny * w->grid.nx);
	size_t colours = s->wavelength.count, several = (colours > 1) + (s->distance.count > 1);
	size_t pictures = s->distance.count * (s->incoherent ? 1 : count * colours);
	int code = EXIT_OK;

	for (size_t i = 0; i < colours && !code; i++)
		code = field_check_wavelength(&command_propagate, s->wavelength.value[i], &w->grid);
	if (code)
		return code;
	if (!onn_array_named(w->to) && pictures > 1)
		return command_fail(&command_propagate,
		    "%s is one picture, and there are %zu fields; expected a name that ends in "
		    ".npy%s",
		    w->to, pictures,
		    s->incoherent || s->distance.count > 1 ? "" : ", or --incoherent");
	if (several && w->how.method == ONN_METHOD_FRAUNHOFER)
		return command_usage(&command_propagate,
		    "--method fraunhofer has a pitch of its own at each %s; expected one",
		    s->distance.count > 1 ? "distance" : "wavelength");
	if (several && !s->incoherent && onn_array_ndim(w->in) + several > ONN_MAX_DIMS)
		return command_fail(&command_propagate,
		    "%s has %zu axes; expected fewer, as %zu of lists %s added", from,
		    onn_array_ndim(w->in), several, several > 1 ? "are" : "is");
	return EXIT_OK;
}

/* OUT, and all that is made of it. */
static int give(propagate_work *w, const char *from)
{
	const propagate_settings *s = w->s;
	onn_array *light = NULL; /* amplitudes with the intensities that are seen */
	double peak = 0;
	int code = EXIT_OK;
	onn_status status = w->seen ? field_of_intensity(&light, w->seen) : ONN_OK;
	const onn_array *fields = w->seen ? light : w->out;
	char text[256];

	if (!status && !field_is_finite(fields, text, sizeof text))
		code = command_fail(&command_propagate, "the result is %s; %s", text,
		    w->type == ONN_C64 ? "--precision f64 reaches further"
		                       : "expected numbers in IN, a pitch and a distance whose "
		                         "result f64 can hold");
	if (!status && !code && w->seen && onn_array_named(w->to))
		status = onn_array_save(w->seen, w->to);
	else if (!status && !code)
		code = field_save(&command_propagate, w->to, fields, &peak);
	if (status)
		code = command_status(&command_propagate, status);
	if (!code && w->folder)
		code = propagate_write_measures(w);
	if (!code && s->csv)
		code = propagate_write_csv(w);
	if (!code && s->json)
		code = propagate_tell_json(w, peak);
	else if (!code)
		propagate_tell(w, peak);
	if (!code && !w->steps.enough)
		sampling_warn_of_steps(&command_propagate, from, w->steps.why);
	picture_look look = s->look;
	if (w->seen && look.show == PICTURE_AUTO)
		look.show = PICTURE_INTENSITY;
	if (!code && s->plot)
		code = s->wavelength.count > 1 && s->distance.count == 1 && !w->seen
		           ? field_picture(&command_propagate, s->plot, fields, &w->out_grid,
		                 "wavelength", &s->wavelength, &look)
		           : field_picture(&command_propagate, s->plot, fields, &w->out_grid, "z",
		                 &s->distance, &look);
	onn_array_destroy(light);
	return code;
}

static const char kept_words[] =
    "onn propagate: stopped by a signal; what is done is kept: the same "
    "command goes on\n",
                  lost_words[] = "onn propagate: stopped by a signal; nothing is written\n";

static int run_work(propagate_work *w, const command_line *line)
{
	const propagate_settings *s = w->s;
	int code = w->folder ? EXIT_OK : path_check_folder(&command_propagate, w->to);

	if (!code)
		code = field_load(&command_propagate, line->argument[0], w->type, &w->in);
	if (code)
		return code;
	propagate_describe(w, s->wavelength.value[0]);
	code = check_work(w, line->argument[0]);
	w->jobs = (jobs){.c = &command_propagate,
	    .count = s->wavelength.count * s->distance.count,
	    .quiet = s->look.quiet};
	if (!code)
		code = jobs_share(&w->jobs, s->jobs.jobs, s->device, (size_t)s->threads);
	if (!code)
		code = propagate_check_memory(w);
	if (code)
		return code;
	system_end_on_stop(w->folder ? kept_words : lost_words);
	code = propagate_compute(w, line);
	if (system_stop_asked()) /* where processes worked for this one */
		fputs(w->folder ? kept_words : lost_words, stderr);
	if (code || system_stop_asked())
		return system_stop_asked() ? system_stop_code() : code;
	system_catch_stop(); /* what is made of OUT is written as a whole */
	return jobs_is_first(&w->jobs) ? give(w, line->argument[0]) : EXIT_OK;
}

static int run(void *values, const command_line *line)
{
	const propagate_settings *s = values;
	const char *out = line->argument[1];
	bool folder = !field_path_fits(out, true);
	int code = check_options(s, line);
	if (code)
		return code;
	if (!is_list(s) && ranks_is_other())
		return EXIT_OK; /* the first process does it */
	char *file = folder ? path_join(out, s->incoherent ? "intensity.npy" : "fields.npy") : NULL;
	if (folder && !file)
		return command_fail(&command_propagate, "no memory");
	propagate_work w = {.s = s,
	    .to = folder ? file : out,
	    .folder = folder ? out : NULL,
	    .type = onn_type_complex(s->r.precision)};
	code = run_work(&w, line);
	jobs_end(&w.jobs, code);
	onn_array_destroy(w.seen);
	onn_array_destroy(w.out);
	onn_array_destroy(w.in);
	onn_tensor_destroy(w.field);
	onn_plan_destroy(w.plan);
	onn_graph_destroy(w.graph);
	device_close(w.device);
	free(file);
	return code;
}

const command command_propagate = {
    .name = "propagate",
    .summary = "a field of light, a distance further on",
    .text =
        "Computes how light that is given in one plane looks in another. IN is an array (.npy, "
        "FILE.npz:name, FILE.h5:/path, FILE.mat:name) of complex amplitudes, or of real ones, one "
        "field [y, x] or a stack of them [..., y, x]; or a PNG, JPEG or TIFF, whose grey is the "
        "amplitude, 0 for black and for what is transparent, 1 for white, floats of a TIFF as they "
        "are. The optical axis is at index n/2 of each axis.\n"
        "OUT is such an array of complex amplitudes in the chosen precision, which with a name "
        "behind a colon is added to a file that is there; or, for one field, a PNG of 16 bits with "
        "the intensity |E|^2 over its largest value, or a TIFF (.tif) of floats with the intensity "
        "as it is.\n"
        "Of lists of distances or wavelengths the runs are done side by side. OUT may then be a "
        "folder, a name without an ending: it gets fields.npy (intensity.npy of incoherent light), "
        "measures.csv, and what each run came to, so that the same command goes on where it was "
        "stopped.\n"
        "One line on standard error tells which method was used, how much of the largest amplitude "
        "is expected to be wrong for this light (WARNING: where that is more than the tolerance, "
        "with what helps), the pitch of OUT and the device; a second one warns of light whose "
        "phase turns too fast for its pixels. Lengths are metres, or have a unit: 532nm, 8um.",
    .arguments = "IN OUT",
    .argument_count = 2,
    ROWS(rows),
    .example =
        "onn source beam.npy --wavelength 532nm --pitch 8um --waist 100um\n"
        "onn propagate beam.npy far.npy --wavelength 532nm --pitch 8um --distance 20cm --plot "
        "far.png\n"
        "onn propagate beam.npy stack.npy --wavelength 532nm --pitch 8um --distance 0:50cm:100 "
        "--plot side.png\n"
        "onn propagate beam.npy runs/stack --wavelength 532nm --pitch 8um --distance 0:50cm:1000 "
        "--jobs 8\n"
        "onn propagate beam.npy white.npy --wavelength 450nm:650nm:21 --pitch 8um --distance 20cm "
        "--incoherent\n"
        "onn propagate in.png out.png --wavelength 532nm --pitch 8um,4um --distance 1m --method "
        "scaled",
    WORK(propagate_settings, run),
};
