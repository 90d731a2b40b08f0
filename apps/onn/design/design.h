/* onn design: what its files share. */
#ifndef ONN_APPS_DESIGN_DESIGN_H
#define ONN_APPS_DESIGN_DESIGN_H

#include <onn/design.h>
#include <onn/fabrication.h>

#include "command.h"
#include "jobs.h"

/* Settings that go together, behind which the others count. */
typedef struct design_choice {
	onn_design_preset preset;
} design_choice;

/* How plates become GDSII. */
typedef struct design_gds {
	double feature; /* 0: any */
	onn_gds_layers layers;
} design_gds;

/* What a modulator is told. */
typedef struct design_panel {
	unsigned turn; /* 0: the usual one */
} design_panel;

/* The options. */
typedef struct design_settings {
	onn_design design;
	design_choice choice;
	const char *target, *source, *start, *config;
	bool stl, unwrap, zemax, slm, film;
	const char *lut, *flatness;
	design_panel panel;
	const char *gds;
	design_gds mask;
	const char *device;
	uint64_t threads;
	const char *out;
	pace pace;
	job_choice jobs;
	bool resume, dry, profile, quiet, json;
} design_settings;

/* Where --preset is among the rows. */
enum { PRESET_ROW = 4 };

int design_run_command(int argc, char **argv);

/* One design under way. */
typedef struct design_run {
	const design_settings *s;
	onn_device *device;
	onn_designer *designer;
	bool terminal;             /* progress is a line that is written over */
	double told;               /* when it was last */
	bool caught;               /* a signal is noted, as there is something to save */
	pace pace;                 /* of lines, elsewhere */
	double *figure;            /* of one of several; NULL: it is the only one */
	onn_array *lut, *flatness; /* of a modulator; NULL: none */
} design_run;

/* ---- inputs.c ---- */

/* The arrays behind an onn_design_inputs. */
typedef struct design_arrays {
	onn_array *target, *source, *start;
} design_arrays;

/* Prints what is wrong and returns EXIT_FAILED, else EXIT_OK. What the options name is loaded. */
int design_inputs_load(design_arrays *arrays, onn_design_inputs *in, const design_settings *s);
void design_inputs_clear(design_arrays *arrays);

/* ---- forecast.c ---- */

/* Says what is designed, before it takes time or memory. */
void design_announce(const design_run *r);
/* Warns of light that does not get where it should, of spaces that are sampled too coarsely, and of
 * memory; with --dry-run all of it is said, and the time. inputs: NULL for those of a run to
 * resume. */
int design_foresee(const design_run *r, const onn_design_inputs *inputs);

/* ---- progress.c: the designer's callbacks; user is a design_run ---- */

bool design_progress(void *user, const onn_design_progress *at);
/* camera/step_000008.png. */
onn_status design_camera(void *user, const onn_design_picture *seen);

/* ---- panel.c: grey levels for a modulator ---- */

/* Whether patterns are asked for, by --slm or by what a panel does. */
bool design_shows_patterns(const design_settings *s);
/* Reads what --slm-lut and --flatness name, before anything takes time. */
int design_panel_load(design_run *r);
/* plates/slm_00.png of plate k; *worst becomes the largest error, radians, where it is larger. */
onn_status design_pattern_save(
    double *worst, const design_run *r, size_t k, const onn_array *plate);

/* ---- plates.c ---- */

/* What plates came to, as they are made. */
typedef struct design_made {
	onn_relief *relief;   /* of each plate */
	onn_gds_report *cell; /* of each, with --gds */
	double worst;         /* of a modulator's pixels, radians */
} design_made;

/* plates.npz and plates/; receives what they came to, and the phases of the first plate and of the
 * last, where there are two: the caller's to destroy. */
onn_status design_plates_save(
    design_made *made, onn_array **first, onn_array **last, const design_run *r);
/* How many turns white is in the picture of a relief. */
size_t design_picture_turns(const onn_relief *relief);

/* ---- report.c, figures.c: for people ---- */

/* What a design came to. */
typedef struct design_outcome {
	onn_design_result result;
	bool amplitudes;          /* plates are complex: what can be made of them is less */
	double gain;              /* the largest |p| */
	onn_design_result phases; /* with |p| = 1 */
} design_outcome;

/* Compares the light with the target and, with --out, writes plates.npz, plates/, summary.json and
 * the figures. */
int design_report(design_outcome *outcome, design_run *r);
/* "complex plates amplify up to 1.07: not for making"; returns text. */
const char *design_making_text(char *text, size_t room, const design_outcome *o);

/* What the figures show. */
typedef struct design_figures {
	const design_run *run;
	const design_outcome *outcome;
	const onn_design_result *result;     /* the outcome's */
	const onn_array *target, *intensity; /* f64 [n, n], the intensity times scale */
	const onn_array *first, *last;       /* phases of these plates, f64 [n, n], 0 to 2 pi */
	const onn_relief *relief;            /* of each plate */
} design_figures;

/* sheet.png, progress.png, loss.svg and loss.png, where gnuplot is installed. */
int design_figures_draw(const design_figures *f);

#endif
