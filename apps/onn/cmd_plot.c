/* onn plot: pictures of fields and arrays in files. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/archive.h>

#include "data/image.h"
#include "plot.h"
#include "plot/axis.h"
#include "plot/picture.h"
#include "result.h"

/* What is asked for. */
typedef struct request {
	double pitch[2];
	char member[160], title[160], x_axis[AXIS_TEXT], y_axis[AXIS_TEXT];
} request;

#define ROW(name, kind, member) ONN_SETTING(name, kind, request, member)
static const onn_setting setting_rows[] = {
    {ROW("pitch", REAL, pitch), .low = 0, .high = INFINITY, .low_open = true, .unit = "m",
        .length = 2, .zero = "axes in pixels"},
    {ROW("member", TEXT, member), .length = sizeof(((request *)0)->member)},
    {ROW("title", TEXT, title), .length = sizeof(((request *)0)->title)},
    {ROW("x_axis", TEXT, x_axis), .length = AXIS_TEXT},
    {ROW("y_axis", TEXT, y_axis), .length = AXIS_TEXT},
};

static const onn_settings *request_settings(void)
{
	static const request standard = {{0, 0}, "", "", "", ""};
	static const onn_settings settings = {"plot", setting_rows,
	    sizeof setting_rows / sizeof *setting_rows, sizeof(request), &standard, NULL};
	return &settings;
}

typedef struct settings {
	const char *out;
	request r;
	picture_look look;
	bool json;
} settings;

#define AT(member)    offsetof(settings, member)
#define REQUEST(name) SETTING(name, request_settings, r)
#define LOOK(name)    SETTING(name, picture_look_settings, look)

static const option_row rows[] = {
    {OPTION("out", FILE, out), .shown = "FILE",
        .help = "the picture: a name of .png, .svg or .pdf, or .gif, a film of one quantity with a "
                "frame for each field of a stack; else FILE with the ending .png"},
    {OPTION("plot", FILE, out), .shown = "FILE", .help = "the same, as other commands call it"},
    {REQUEST("member"), .shown = "NAME",
        .help = "which array of an .npz or .safetensors, where there are several"},
    {REQUEST("pitch"),
        .help = "metres from pixel to pixel, for axes in um or mm with the optical axis at 0"},
    {REQUEST("x-axis"), .shown = "NAME:FROM:TO",
        .help = "another axis: its name, and what the first and the last pixel are at, with units, "
                "as z:0:40mm or t:-5ns:20ns; pixels are then no longer squares"},
    {REQUEST("y-axis"), .shown = "NAME:FROM:TO",
        .help = "the same, from the first row to the last"},
    PICTURE_ROWS,
    {LOOK("max"), .help = "where a picture's scale ends: what is larger has its last colour"},
    {LOOK("each"), .help = "each panel of a stack has its own scale"},
    {REQUEST("title"), .shown = "TEXT", .help = "above the picture"},
    JSON_ROW,
    PICTURE_QUIET_ROW,
};

/* ---- files ---- */

static int which_member(const onn_archive *archive, const char *path)
{
	char names[512] = "";
	size_t n = 0;

	for (size_t i = 0; onn_archive_name(archive, i) && n < sizeof names; i++)
		n += (size_t)snprintf(names + n, sizeof names - n, "%s%s", i ? ", " : "",
		    onn_archive_name(archive, i));
	return command_usage(&command_plot, "%s needs --member, one of %s", path, names);
}

/* A copy of one array of an .npz: the one that is named, or the only one. */
static int load_member(onn_array **a, const char *path, const char *name)
{
	onn_archive *archive = NULL;
	const onn_array *found = NULL;
	int code = EXIT_OK;
	onn_status status = onn_archive_load(&archive, path);

	if (status)
		return command_status(&command_plot, status);
	if (!*name && onn_archive_name(archive, 0) && !onn_archive_name(archive, 1))
		name = onn_archive_name(archive, 0);
	if (*name)
		status = onn_archive_find(&found, archive, name);
	if (status)
		code = command_status(&command_plot, status);
	else if (!found)
		code = which_member(archive, path);
	else if ((status = onn_array_convert(a, found, onn_array_type(found))))
		code = command_status(&command_plot, status);
	onn_archive_destroy(archive);
	return code;
}

static int load(onn_array **a, const char *path, const char *member)
{
	onn_status status;

	if (path_ends_in(path, ".npz") || path_ends_in(path, ".safetensors"))
		return load_member(a, path, member);
	if (*member)
		return command_usage(&command_plot, "--member is of an .npz; given %s", path);
	if (onn_numbers_named(path))
		status = onn_image_or_array_load(a, path);
	else
		return command_usage(&command_plot,
		    "FILE is '%s'; expected a name that ends in .npy, .npz, .h5, .mat, .dat, .png, "
		    ".jpg or .tif",
		    path);
	return status ? command_status(&command_plot, status) : EXIT_OK;
}

static int check_array(const onn_array *a, const char *path)
{
	char text[256];

	if (onn_array_ndim(a) > 0 && onn_array_count(a) > 0)
		return EXIT_OK;
	return command_fail(&command_plot,
	    "%s has the shape %s; expected [x], [y, x] or [..., y, x], of at least 1 each", path,
	    shape_text(text, sizeof text, a));
}

/* FILE with the ending .png; free it. */
static char *name_beside(const char *path)
{
	size_t stem = (size_t)(strrchr(path, '.') - path);
	char *name = malloc(stem + sizeof ".png");

	if (name)
		snprintf(name, stem + sizeof ".png", "%.*s.png", (int)stem, path);
	return name;
}

/* ---- work ---- */

static int draw(const settings *s, const onn_array *a, const char *out)
{
	const size_t *shape = onn_array_shape(a);
	size_t ndim = onn_array_ndim(a);
	onn_grid grid = {
	    ndim > 1 ? shape[ndim - 2] : 1, shape[ndim - 1], s->r.pitch[0], s->r.pitch[1], 0, 0};
	picture_source p = {.a = a, .title = *s->r.title ? s->r.title : NULL};
	static const char *const options[] = {"--y-axis", "--x-axis"};
	char text[2][AXIS_TEXT];
	int code = EXIT_OK;

	picture_axes(p.axis, &grid);
	strcpy(text[0], s->r.y_axis);
	strcpy(text[1], s->r.x_axis);
	for (int i = 0; i < 2 && !code; i++) {
		if (!*text[i])
			continue;
		code = axis_read(
		    &command_plot, &p.axis[i], options[i], text[i], i ? grid.nx : grid.ny);
		p.free_shape = true;
	}
	if (code)
		return code;
	return picture_draw(&command_plot, out, &p, &s->look);
}

static int tell_json(const settings *s, const onn_array *a, const char *path, const char *out)
{
	result r = result_begin(&command_plot);
	double shape[ONN_MAX_DIMS];

	for (size_t i = 0; i < onn_array_ndim(a); i++)
		shape[i] = (double)onn_array_shape(a)[i];
	result_text(&r, "in", path);
	result_text(&r, "type", onn_type_name(onn_array_type(a)));
	result_reals(&r, "shape", shape, onn_array_ndim(a), NULL);
	if (s->r.pitch[0] > 0)
		result_reals(&r, "pitch", s->r.pitch, 2, "m");
	result_text(&r, "out", out);
	return result_end(&r, EXIT_OK);
}

static int run(void *values, const command_line *line)
{
	const settings *s = values;
	const char *path = line->argument[0];
	onn_array *a = NULL;

	if (command_given(&command_plot, line, "out") && command_given(&command_plot, line, "plot"))
		return command_usage(&command_plot, "--out and --plot are the same; expected one");
	int code = plot_check_path(&command_plot, "--out", s->out, true);
	if (code)
		return code;
	if (!s->out && path_ends_in(path, ".png"))
		return path_exists(path)
		           ? command_usage(&command_plot,
		                 "%s is a picture itself; --out FILE names the one that is drawn "
		                 "of it, "
		                 "with axes and scale",
		                 path)
		           : command_fail(&command_plot,
		                 "there is no file %s; expected FILE, what is to be drawn", path);
	code = load(&a, path, s->r.member);
	if (!code)
		code = check_array(a, path);
	char *beside = code || s->out ? NULL : name_beside(path);
	const char *out = s->out ? s->out : beside;
	if (!code)
		code = out ? draw(s, a, out) : command_fail(&command_plot, "no memory");
	if (!code && s->json)
		code = tell_json(s, a, path, out);
	else if (!code && !s->out)
		fprintf(stderr, "onn plot: %s\n", out);
	free(beside);
	onn_array_destroy(a);
	return code;
}

const command command_plot = {
    .name = "plot",
    .summary = "a picture of a field or an array, with axes and scale",
    .text =
        "Draws what is in FILE: a NumPy array (.npy), one of an archive (.npz, .safetensors), of "
        "HDF5 (FILE.h5:/path) or of MATLAB (FILE.mat:name), phases of OpticStudio (.dat), or a "
        "PNG, JPEG or TIFF as amplitude. Of complex numbers, which are light, the intensity and "
        "the phase stand side by side; real numbers as they are. [y, x] is a picture, a stack "
        "[..., y, x] a panel for each (of many some, evenly spaced), [x] or [1, x] a curve. The "
        "first row is at the top, as in pictures. A field that is larger than its panel is shown "
        "by the largest of each square of pixels, and its phase by that of their sum. The phase of "
        "real numbers is what they are in radians, such as those of plates. Phases have one map "
        "everywhere, which comes round: light at 0, blue, dark at pi, red; where the amplitude is "
        "below 1e-6 of its largest there is none, and grey.",
    .arguments = "FILE",
    .argument_count = 1,
    ROWS(rows),
    .example = "onn plot far.npy --pitch 8um\n"
               "onn plot far.npy --pitch 8um --show intensity --log 4 --out far.pdf\n"
               "onn plot carpet.npy --x-axis z:0:40mm --y-axis x:-.15mm:.15mm\n"
               "onn plot runs/photo/plates.npz --member phases --show phase --out plates.png",
    WORK(settings, run),
};
