/* onn design: what its files share. */
#ifndef ONN_APPS_DESIGN_DESIGN_H
#define ONN_APPS_DESIGN_DESIGN_H

#include <onn/design.h>

#include "command.h"

/* The options. */
typedef struct design_settings {
	const char *target, *source, *start;
	uint64_t size;
	double side;
	uint64_t plates;
	double distance, wavelength, aperture;
	uint64_t steps;
	int update;
	double lr;
	int modulation;
	uint64_t padding;
	int evanescent, loss;
	uint64_t slm_levels, checkpoint_planes;
	int precision;
	uint64_t save_every;
	double index, base;
	bool stl;
	const char *device;
	uint64_t threads;
	const char *out;
	bool resume, profile, quiet;
} design_settings;

extern const option_row design_rows[];
extern const size_t design_row_count;
int design_command_run(int argc, char **argv);

/* One design under way. */
typedef struct design_run {
	const design_settings *s;
	onn_device *device;
	onn_designer *designer;
	bool terminal; /* progress is a line that is written over */
	double told;   /* when it was last */
} design_run;

/* ---- resume.c ---- */

/* The options that were not given, from config, and those that were, into it; where a resumed run
 * has another value that it must keep, says so. config outlives the settings. */
int design_take_options(design_settings *s, onn_design_config *config, const command_line *line);

/* ---- inputs.c ---- */

/* The arrays behind an onn_design_inputs. */
typedef struct design_arrays {
	onn_array *target, *source, *start;
} design_arrays;

/* Prints what is wrong and returns EXIT_FAILED, else EXIT_OK. What the options name is loaded. */
int design_inputs_load(
    design_arrays *arrays, onn_design_inputs *in, const design_settings *s, const onn_design *d);
void design_inputs_clear(design_arrays *arrays);

/* ---- progress.c: the designer's callbacks; user is a design_run ---- */

bool design_progress(void *user, const onn_design_progress *at);
/* camera/step_000008.png. */
onn_status design_camera(void *user, const onn_design_picture *seen);

/* ---- report.c, figures.c: for people ---- */

/* Compares the light with the target and, with --out, writes plates.npz, plates/, summary.json and
 * the figures. */
int design_report(onn_design_result *result, design_run *r);

/* What the figures show. */
typedef struct design_figures {
	const design_run *run;
	const onn_design_result *result;
	const onn_array *target, *intensity; /* f64 [n, n], the intensity times scale */
	const onn_array *first, *last;       /* phases of these plates, f64 [n, n], 0 to 2 pi */
} design_figures;

/* sheet.png, progress.png, loss.svg and loss.png, where gnuplot is installed. */
int design_figures_draw(const design_figures *f);

#endif
