/* onn source: light to begin with, as a file for onn propagate and onn design. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <onn/elements.h>
#include <onn/optics.h>
#include <onn/plan.h>
#include <onn/sampling.h>
#include <onn/system.h>

#include "plot.h"
#include "propagate/propagate.h"
#include "result.h"
#include "sweep.h"
#include "system.h"

enum { MOST_PIXELS = 1 << 20 /* of an axis */, MAX_ORDER = 1000 };

typedef enum kind { GAUSSIAN, PLANE, POINT, HERMITE_GAUSS, LAGUERRE_GAUSS } kind;

/* What is asked for. */
typedef struct request {
	kind kind;
	double wavelength, pitch[2];
	size_t size[2];
	double waist; /* 0: an eighth of the shorter side */
	double distance, at[2], tilt[2];
	size_t order[2], radial;
	double charge, aperture;
	onn_type precision;
} request;

static const char *const kind_list[] = {
    "gaussian", "plane", "point", "hermite-gauss", "laguerre-gauss"};
static const onn_words kinds = {kind_list, 5, GAUSSIAN, NULL, 0};
static const char *const precision_list[] = {"f32", "f64"};
static const onn_words precisions = {precision_list, 2, ONN_F32, NULL, 0};

#define ROW(name, kind, member) ONN_SETTING(name, kind, request, member)
#define POSITIVE                .low = 0, .high = INFINITY, .low_open = true, .unit = "m"
#define BEAMS                   "gaussian|hermite-gauss|laguerre-gauss"
static const onn_setting setting_rows[] = {
    {ROW("kind", WORD, kind), .words = &kinds},
    {ROW("wavelength", REAL, wavelength), POSITIVE},
    {ROW("pitch", REAL, pitch), POSITIVE, .length = 2},
    {ROW("size", SIZE, size), .low = 1, .high = MOST_PIXELS, .length = 2},
    {ROW("waist", REAL, waist), POSITIVE, .zero = "an eighth of the shorter side",
        .needs = "kind=" BEAMS},
    {ROW("distance", REAL, distance), .unit = "m", .needs = "kind=point|" BEAMS},
    {ROW("at", REAL, at), .unit = "m", .length = 2, .needs = "kind=point"},
    {ROW("tilt", REAL, tilt), .unit = "rad", .length = 2, .needs = "kind=plane"},
    {ROW("order", SIZE, order), .low = 0, .high = MAX_ORDER, .length = 2,
        .needs = "kind=hermite-gauss"},
    {ROW("radial", SIZE, radial), .low = 0, .high = MAX_ORDER, .needs = "kind=laguerre-gauss"},
    {ROW("charge", REAL, charge), .low = -MAX_ORDER, .high = MAX_ORDER,
        .needs = "kind=laguerre-gauss"},
    {ROW("aperture", REAL, aperture), POSITIVE, .zero = "none"},
    {ROW("precision", WORD, precision), .words = &precisions},
};

static const onn_settings *request_settings(void)
{
	static const request standard = {.size = {256, 256}, .precision = ONN_F64};
	static const onn_settings settings = {"source", setting_rows,
	    sizeof setting_rows / sizeof *setting_rows, sizeof(request), &standard, NULL};
	return &settings;
}

typedef struct settings {
	request r;
	picture_look look;
	job_choice jobs;
	const char *plot;
	bool json;
} settings;

#define AT(member)    offsetof(settings, member)
#define REQUEST(name) SETTING(name, request_settings, r)
#define LOOK(name)    SETTING(name, picture_look_settings, look)

static const option_row rows[] = {
    {REQUEST("kind"),
        .help = "a beam about its waist; a plane wave; light of a point; modes of a laser, in "
                "lobes or in rings"},
    {REQUEST("wavelength"), .needed = true, .help = "metres, in the medium; needed"},
    {REQUEST("pitch"), .needed = true, .help = "metres from pixel to pixel; needed"},
    {REQUEST("size"), .help = "pixels; 1,NX is a field in one dimension"},
    {REQUEST("waist"), .help = "radius of a beam where it is narrowest and its amplitude is 1/e, "
                               "metres; 0: an eighth of the grid's shorter side"},
    {REQUEST("distance"),
        .help = "metres that the light has come from the waist, or from the point; below 0: the "
                "waist or the point, to which it converges, is still to come"},
    {REQUEST("at"), .help = "where the point is, metres from the axis"},
    {REQUEST("tilt"), .help = "angles of a plane wave to the axis along y and x, radians; one "
                              "number tilts it along both, 0,1deg along x alone"},
    {REQUEST("order"), .help = "of a Hermite-Gauss mode: dark lines across y and across x"},
    {REQUEST("radial"), .label = "dark rings", .help = "of a Laguerre-Gauss mode: dark rings"},
    {REQUEST("charge"), .label = "charge of the vortex",
        .help = "of a Laguerre-Gauss mode: turns of the phase about the axis, a "
                "whole number, from x to y; below 0: the other way"},
    {REQUEST("aperture"), .label = "radius of the hole",
        .help = "radius of a round hole in a screen, metres; 0: no screen"},
    {REQUEST("precision"), .help = "of the field: complex numbers of 8 or of 16 bytes"},
    {OPTION("plot", FILE, plot), .shown = "FILE",
        .help = "also draw the intensity and the phase, with axes and scale, into FILE, a name of "
                ".png, .svg or .pdf (needs gnuplot)"},
    PICTURE_ROWS,
    JOBS_ROW,
    JSON_ROW,
};

typedef struct work {
	const settings *s;
	const request *r;
	onn_grid grid;
	onn_light light;
	double waist;
	onn_device *device;
	onn_graph *graph;
	onn_plan *plan;
	onn_array *out;
} work;

/* What the rows cannot say. */
static int check(const settings *s, const char *path)
{
	const request *r = &s->r;

	int code = plot_check_path(&command_source, "--plot", s->plot, false);
	if (code)
		return code;
	if (!field_path_fits(path, true))
		return command_usage(&command_source, "OUT is '%s'; " FIELD_ENDINGS, path);
	if (r->kind == POINT && r->distance == 0)
		return command_usage(&command_source,
		    "--kind point needs --distance, metres from the point, which is not 0");
	if (r->charge != floor(r->charge))
		return command_usage(
		    &command_source, "--charge is %g; expected a whole number", r->charge);
	return EXIT_OK;
}

/* Its table, rounded, the graph's, the device's and the array that is written. */
static int check_memory(const work *w)
{
	double have = system_memory();
	double need = 4 * 16. * (double)w->grid.ny * (double)w->grid.nx;

	if (have > 0 && need > have)
		return command_fail(&command_source,
		    "%zu x %zu pixels need %.3g GB; this machine has %.3g GB", w->grid.ny,
		    w->grid.nx, need * 1e-9, have * 1e-9);
	return EXIT_OK;
}

static void describe(work *w)
{
	const request *r = w->r;
	double y = (double)r->size[0] * r->pitch[0], x = (double)r->size[1] * r->pitch[1];

	w->grid = (onn_grid){r->size[0], r->size[1], r->pitch[0], r->pitch[1], 0, 0};
	w->light = onn_monochromatic(onn_type_complex(r->precision), r->wavelength);
	w->waist = r->waist > 0 ? r->waist : (r->size[0] == 1 ? x : fmin(y, x)) / 8;
}

static onn_field build(const work *w)
{
	const request *r = w->r;
	const onn_grid *grid = &w->grid;
	const onn_light *light = &w->light;
	onn_field field = {{0}, *grid, *light};

	switch (r->kind) {
	case GAUSSIAN:
		field = onn_gaussian_beam(w->graph, grid, light, w->waist, r->distance);
		break;
	case PLANE:
		field = onn_plane_wave(w->graph, grid, light, r->tilt[0], r->tilt[1]);
		break;
	case POINT:
		field = onn_point_source(w->graph, grid, light, r->at[0], r->at[1], r->distance);
		break;
	case HERMITE_GAUSS:
		field = onn_hermite_gauss(w->graph, grid, light, (int)r->order[0], (int)r->order[1],
		    w->waist, r->distance);
		break;
	case LAGUERRE_GAUSS:
		field = onn_laguerre_gauss(
		    w->graph, grid, light, (int)r->radial, (int)r->charge, w->waist, r->distance);
		break;
	}
	return r->aperture > 0 ? onn_circular_aperture(w->graph, field, r->aperture, 0, 0) : field;
}

static onn_status sample(const work *w, onn_phase_sampling *s)
{
	const request *r = w->r;
	const onn_grid *grid = &w->grid;
	const onn_light *light = &w->light;

	switch (r->kind) {
	case GAUSSIAN:
		return onn_gaussian_beam_sampling(s, grid, light, w->waist, r->distance);
	case PLANE:
		return onn_plane_wave_sampling(s, grid, light, r->tilt[0], r->tilt[1]);
	case POINT:
		return onn_point_source_sampling(s, grid, light, r->at[0], r->at[1], r->distance);
	case HERMITE_GAUSS:
		return onn_hermite_gauss_sampling(
		    s, grid, light, (int)r->order[0], (int)r->order[1], w->waist, r->distance);
	case LAGUERRE_GAUSS:
		break;
	}
	return onn_laguerre_gauss_sampling(
	    s, grid, light, (int)r->radial, (int)r->charge, w->waist, r->distance);
}

static onn_status compute(work *w)
{
	const size_t shape[2] = {w->grid.ny, w->grid.nx};
	onn_status status = onn_graph_create(&w->graph);

	if (status)
		return status;
	onn_field field = build(w);
	status = onn_device_create(&w->device, "c", NULL);
	if (!status)
		status = onn_plan_create(&w->plan, w->device, w->graph, &field.e, 1, NULL);
	if (!status)
		status = onn_plan_run(w->plan);
	if (!status)
		status = onn_array_create(&w->out, w->light.type, 2, shape);
	if (!status)
		status = onn_tensor_read(onn_array_data(w->out), onn_plan_output(w->plan, 0),
		    onn_array_count(w->out) * onn_type_size(w->light.type));
	return status;
}

#define RADIANS(value) onn_quantity_text((char[40]){0}, 40, 4, value, "rad")

/* The one line: what is in OUT. */
static void tell(const work *w, const char *path, double peak)
{
	const onn_grid *grid = &w->grid;
	bool beam = w->r->kind != PLANE && w->r->kind != POINT;

	fprintf(stderr, "onn source: %s", onn_words_name(&kinds, (int)w->r->kind));
	if (beam)
		fprintf(stderr, ", waist %s", METRES(w->waist, 4));
	if (w->r->tilt[0] != 0 || w->r->tilt[1] != 0)
		fprintf(stderr, ", tilted by %s (y), %s (x)", RADIANS(w->r->tilt[0]),
		    RADIANS(w->r->tilt[1]));
	fprintf(stderr, "; %zu x %zu pixels; pitch %s x %s; %s", grid->ny, grid->nx,
	    METRES(grid->dy, 9), METRES(grid->dx, 9), onn_type_name(w->r->precision));
	if (path_ends_in(path, ".png"))
		fprintf(stderr, "; white is an intensity of %.9g", peak);
	fputc('\n', stderr);
}

/* The same for programs. */
static int tell_json(const work *w, const char *path, double peak, const onn_phase_sampling *steps)
{
	const onn_grid *grid = &w->grid;
	bool beam = w->r->kind != PLANE && w->r->kind != POINT;
	result r = result_begin(&command_source);

	result_text(&r, "kind", onn_words_name(&kinds, (int)w->r->kind));
	result_real(&r, "wavelength", w->r->wavelength, "m");
	result_reals(&r, "size", (double[]){(double)grid->ny, (double)grid->nx}, 2, NULL);
	result_reals(&r, "pitch", (double[]){grid->dy, grid->dx}, 2, "m");
	if (beam)
		result_real(&r, "waist", w->waist, "m");
	if (w->r->kind == PLANE)
		result_reals(&r, "tilt", w->r->tilt, 2, "rad");
	result_bool(&r, "enough", steps->enough);
	result_text(&r, "why", steps->why);
	result_text(&r, "precision", onn_type_name(w->r->precision));
	if (path_ends_in(path, ".png"))
		result_real(&r, "white", peak, NULL);
	result_text(&r, "out", path);
	return result_end(&r, EXIT_OK);
}

static const char *const figure_name[] = {
    "width_x", "width_y", "fwhm_x", "fwhm_y", "peak", "power"};
enum { FIGURES = sizeof figure_name / sizeof *figure_name };

/* What the table of a list says of each light. */
static onn_status measure(double figure[FIGURES], const work *w)
{
	const size_t shape[2] = {w->grid.ny, w->grid.nx};
	onn_array *wide = NULL, *intensity = NULL;
	onn_light_measure m;
	onn_status status = onn_array_convert(&wide, w->out, ONN_C128);

	if (!status)
		status = onn_array_create(&intensity, ONN_F64, 2, shape);
	const double *e = status ? NULL : onn_array_const_data(wide);
	double *seen = status ? NULL : onn_array_data(intensity);
	for (size_t i = 0; seen && i < onn_array_count(wide); i++)
		seen[i] = e[2 * i] * e[2 * i] + e[2 * i + 1] * e[2 * i + 1];
	if (!status)
		status = onn_measure_light(&m, intensity, &w->grid);
	onn_array_destroy(intensity);
	onn_array_destroy(wide);
	if (status)
		return status;
	const double value[FIGURES] = {
	    m.width[1], m.width[0], m.fwhm[1], m.fwhm[0], m.peak, m.power};
	for (size_t i = 0; i < FIGURES; i++) /* wider than the grid is no number */
		figure[i] = isfinite(value[i]) ? value[i] : NAN;
	return ONN_OK;
}

static int run_work(work *w, const char *path, double *figure)
{
	onn_phase_sampling steps;
	double peak = 0;
	int code = path_check_folder(&command_source, path);

	describe(w);
	if (!code)
		code = field_check_wavelength(&command_source, w->r->wavelength, &w->grid);
	if (!code)
		code = check_memory(w);
	if (code)
		return code;
	onn_status status = compute(w);
	if (!status)
		status = sample(w, &steps);
	if (!status && figure)
		status = measure(figure, w);
	if (status)
		return command_status(&command_source, status);
	code = field_save(&command_source, path, w->out, &peak);
	if (code)
		return code;
	if (w->s->json)
		code = tell_json(w, path, peak, &steps);
	else
		tell(w, path, peak);
	if (!steps.enough)
		sampling_warn_of_steps(&command_source, path, steps.why);
	if (w->r->aperture > 0 && 2 * w->r->aperture < fmax(w->grid.dy, w->grid.dx))
		fprintf(stderr,
		    "onn source: WARNING: the aperture is %s wide, less than a pixel of %s x %s\n",
		    METRES(2 * w->r->aperture, 4), METRES(w->grid.dy, 4), METRES(w->grid.dx, 4));
	if (w->s->plot && !code)
		code = field_picture(
		    &command_source, w->s->plot, w->out, &w->grid, NULL, NULL, &w->s->look);
	return code;
}

/* figure: what a run of a list comes to; else NULL. */
static int run_settings(const settings *s, const command_line *line, double *figure)
{
	const char *path = line->argument[0];
	int code = command_needs(&command_source, line, s);
	if (!code)
		code = check(s, path);
	if (code)
		return code;
	work w = {.s = s, .r = &s->r};
	code = run_work(&w, path, figure);
	onn_array_destroy(w.out);
	onn_plan_destroy(w.plan);
	onn_graph_destroy(w.graph);
	device_close(w.device);
	return code;
}

static int run_words(double *figure, int argc, char **argv);

static int run_one(double *figure, const void *what, int argc, char **argv)
{
	(void)what;
	return run_words(figure, argc, argv);
}

static int run_list(const command_line *line)
{
	const sweep_kind all = {.command = &command_source,
	    .figure = figure_name,
	    .figures = FIGURES,
	    .kept = FIGURES,
	    .work = run_one,
	    .label = "width along x, two standard deviations",
	    .factor = 1,
	    .unit = "m",
	    .file = ".npy"};

	if (!field_folder_fits(line->argument[0]))
		return command_usage(&command_source,
		    "OUT is '%s', and there is a list; expected a folder, a name without an "
		    "ending, where each gets a file",
		    line->argument[0]);
	if (command_given(&command_source, line, "plot"))
		return command_usage(&command_source,
		    "--plot is of one light, and there is a list; onn plot draws each file");
	return sweep_run(&all, line);
}

static int run_words(double *figure, int argc, char **argv)
{
	settings s = {0};
	command_line line;
	int code;

	if (!command_scan(&line, &command_source, argc, argv, &code))
		return code;
	if (!figure && sweep_is_asked(&command_source, &line))
		return run_list(&line);
	code = sweep_check_one(&command_source, &line);
	if (code || (!figure && ranks_is_other()))
		return code;
	command_standard(&command_source, &s);
	if (command_fill(&command_source, &line, &s, &code))
		code = run_settings(&s, &line, figure);
	return code;
}

static int run(int argc, char **argv) { return run_words(NULL, argc, argv); }

const command command_source = {
    .name = "source",
    .summary = "light to begin with: a beam, a plane wave, a point",
    .text =
        "Writes light in one plane, as onn propagate takes it and onn design --source. OUT is an "
        "array (.npy, FILE.npz, FILE.h5:/path, FILE.mat:name) of complex amplitudes [y, x], or a "
        "PNG of 16 bits with the intensity over its largest value, to look at, or a TIFF (.tif) of "
        "floats with the intensity as it is. The optical axis is at index n/2 of each axis. "
        "Amplitudes are 1 where light is strongest: in the middle of a Gaussian beam's waist, "
        "everywhere in a plane wave, at the point of the plane that is nearest to a point; a mode "
        "of a laser has a power of 1 (W, with |E|^2 in W/m^2).\n"
        "One line on standard error tells what is in OUT; a second one warns of light whose phase "
        "turns too fast for its pixels. Lengths are metres, or have a unit: 532nm, 8um.\n"
        "An option of one number may be a list, 100um,200um or MIN:MAX:COUNT[:log]; of several all "
        "combinations. OUT is then a folder, a name without an ending: with a file for each, "
        "waist=100um.npy, and sweep.csv, a table of their widths, peaks and powers in SI.",
    .arguments = "OUT",
    .argument_count = 1,
    ROWS(rows),
    .example = "onn source beam.npy --wavelength 532nm --pitch 8um --waist 200um --plot beam.png\n"
               "onn source ring.npy --wavelength 532nm --pitch 8um --kind laguerre-gauss "
               "--charge 1\n"
               "onn source runs/beams --wavelength 532nm --pitch 8um --waist 100um:1mm:10",
    .run = run,
};
