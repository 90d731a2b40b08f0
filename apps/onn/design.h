/* onn design: what its files share. */
#ifndef ONN_APPS_DESIGN_H
#define ONN_APPS_DESIGN_H

#include <onn/archive.h>
#include <onn/device.h>
#include <onn/elements.h>
#include <onn/optics.h>
#include <onn/plan.h>

#include "command.h"
#include "design_model.h"

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

/* ---- what a run starts from ---- */

/* Arrays of the problem's precision: target real [n, n], source complex [n, n], start [plate, n, n]
 * (complex, or real phases for phase modulation; NULL: 1, or phase 0). */
typedef struct design_inputs {
	onn_array *target, *source, *start;
} design_inputs;

/* Prints what is wrong and returns EXIT_FAILED, else EXIT_OK. */
int design_inputs_load(design_inputs *in, const design_settings *s, const design_problem *p);
void design_inputs_clear(design_inputs *in);
/* The smiley, f64 [n, n] from 0 to 1. */
onn_status design_smiley(onn_array **a, size_t n);

/* ---- one design under way ---- */

typedef struct design_run {
	const design_settings *s;
	design_problem problem;
	design_inputs in;
	char *config; /* config.json */
	onn_device *device;
	design_model model;
	onn_tensor **state; /* of model.variable */
	onn_tensor *target, *source;
	onn_plan *step, *look; /* a whole step; the light and the loss alone */
	size_t done;           /* steps taken */
	double *loss;          /* before the first step and after each: [steps + 1] */
} design_run;

/* Makes graph, plans and tensors; the plates as they start. */
onn_status design_prepare(design_run *r);
/* Takes steps until all are done or a signal asks to stop: *stopped. */
int design_loop(design_run *r, bool *stopped);
/* The intensity at the camera with the plates as they are, real [n, n], and the loss. */
onn_status design_look(design_run *r, onn_array **intensity, double *loss);
/* Whether the loss before the first step is a number; an exit status, its error printed. */
int design_check_start(design_run *r);
/* Plate k as the light sees it: complex [n, n]. */
onn_status design_plate(design_run *r, size_t k, onn_array **plate);
void design_release(design_run *r);

/* ---- config.json ---- */

/* All settings as text; free it. NULL: no memory. */
char *design_config_text(const design_settings *s);
/* Takes the settings that are not on the command line from a run's config.json; where one is and
 * differs, says so. text is kept for as long as the settings. */
int design_config_take(
    design_settings *s, const command_line *line, const char *text, const char *path, void **keep);
void design_config_release(void *keep);

/* ---- the run folder ---- */

/* Writes a text under a temporary name, synced, then renamed. */
int design_write_text(const char *folder, const char *name, const char *text);
/* last.npz: everything that is needed to go on. */
int design_checkpoint_write(const design_run *r);
onn_status design_checkpoint_open(onn_archive **archive, const char *folder);
/* The inputs, and behind design_prepare the state, from it. */
int design_checkpoint_inputs(design_run *r, const onn_archive *archive);
int design_checkpoint_state(design_run *r, const onn_archive *archive);
/* metrics.csv: the loss after each of the first `steps`. */
int design_metrics_write(const design_run *r, size_t steps);

/* ---- for people ---- */

/* Whether the light is drawn after this many steps: 0, 1, 2, 4, 8 ... and the last. */
bool design_draws(const design_run *r, size_t step);
/* camera/step_000008.png. */
int design_camera_write(const design_run *r, size_t step, const onn_array *intensity);
/* What the plates came to. */
typedef struct design_result {
	double loss;
	double scale; /* of the intensity, for comparing: 1, or what fits it best to the target */
	onn_likeness likeness; /* of the intensity times scale, and the target */
} design_result;

/* Fills it and, with --out, writes plates.npz, plates/, summary.json and the figures. */
int design_report(design_run *r, design_result *result);

/* What the figures show. */
typedef struct design_figures {
	const design_run *run;
	const design_result *result;
	const onn_array *target, *intensity; /* f64 [n, n], the intensity times scale */
	const onn_array *first, *last;       /* phases of these plates, f64 [n, n], 0 to 2 pi */
} design_figures;

/* sheet.png, progress.png, loss.svg and loss.png, where gnuplot is installed. */
int design_figures_draw(const design_figures *f);

#endif
