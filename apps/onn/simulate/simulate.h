/*
 * onn simulate: what is asked for, and what is made of the results.
 */
#ifndef ONN_APPS_SIMULATE_H
#define ONN_APPS_SIMULATE_H

#include <onn/system.h>

#include "command.h"
#include "jobs.h"
#include "plot.h"
#include "plot/picture.h"

typedef struct simulate_request {
	size_t steps; /* of an optimisation; SIZE_MAX: as many as the file says */
} simulate_request;
const onn_settings *simulate_request_settings(void);

/* What --plot shows of a scan. */
typedef enum simulate_view_kind {
	SIMULATE_CURVES, /* of a name of .gif: a film of what a camera sees */
	SIMULATE_SIDE,   /* its middle line in x against the number */
	SIMULATE_FRAMES  /* what it sees at each value */
} simulate_view_kind;

typedef struct simulate_view {
	simulate_view_kind kind;
} simulate_view;
const onn_settings *simulate_view_settings(void);

typedef struct simulate_settings {
	simulate_request r;
	simulate_view view;
	job_choice jobs;
	change_list set;
	const char *scan, *out, *csv, *plot, *report, *camera, *device;
	uint64_t threads;
	bool json;
	picture_look look;
} simulate_settings;

typedef struct simulate_work {
	const simulate_settings *s;
	const char *path;
	const command_line *line;
	/* of a page: as the file has it; before a scan changes it */
	onn_system *given, *base;
	onn_system *system;
	onn_device *device;
	onn_system_result *result;
	onn_array *history;      /* of an optimisation; NULL: there was none */
	onn_system_camera *seen; /* of each run each camera; of a scan without arrays */
	onn_system_step *step;   /* of each run of a scan each layer */
	size_t cameras;
	double optimizing, running; /* seconds */
	bool shown;                 /* progress: a line that is written over */
	/* of a scan */
	char *name;             /* "lens.f" */
	const onn_setting *row; /* of it */
	number_list value;
	size_t pixels; /* of a picture that is kept; 0: none is */
	jobs jobs;
} simulate_work;

/* A number of a setting as a person writes it; returns text. */
const char *simulate_number(char *text, size_t room, const onn_setting *row, double value);
/* The same of a setting's text, which may be of several: "0,1e-3" is "0 m, 1 mm". */
void simulate_numbers(char *text, size_t room, const onn_setting *row, const char *from);
/* What is not as it is by itself in layer i: "f 60 mm, at 0 m, 1 mm". */
onn_status simulate_layer_text(char *text, size_t room, const onn_system *s, size_t i);
/* How a gap was computed: "asm padded by 32 x 32". */
void simulate_gap_text(char *text, size_t room, const onn_measure *m);

/* What a camera measured, a line each: "peak", "606.28 at y = 0 m, x = 0 m". */
typedef struct simulate_line {
	const char *name;
	char text[160];
} simulate_line;
enum { SIMULATE_LINES = 5 };
size_t simulate_measures(simulate_line line[SIMULATE_LINES], const onn_system_camera *c);

/* For people, on standard output: the way of the light, and what cameras see. */
int simulate_report(const simulate_work *w);
/* The same, or a scan, for programs. */
int simulate_report_json(const simulate_work *w);
/* What an optimisation found. */
void simulate_report_history(const simulate_work *w);
/* Warns of gaps and layers that are sampled too coarsely, and of what does not fit its grid. */
void simulate_warn(const simulate_work *w, const onn_system_result *result, const char *where);
/* The name of the camera that figures are of; NULL: all. An exit status, the error printed. */
int simulate_check_camera(const simulate_work *w);
/* Whether tables and curves have this camera: --camera may name another. */
bool simulate_is_shown(const simulate_work *w, const onn_system_camera *camera);

onn_status simulate_open_device(simulate_work *w, bool optimize);
/* Between two layers: progress for a person, and whether to go on. */
bool simulate_watch(const onn_system_stage *stage, void *work);
/* An exit status with the library's text, or, where a signal stopped it, that. */
int simulate_status(onn_status status);
/* Refuses what does not fit into the machine; an exit status. */
int simulate_check_memory(const simulate_work *w);

/* Splits "NAME=LIST" and reads the numbers; an exit status, its error printed. */
int simulate_scan_prepare(simulate_work *w);
int simulate_scan_run(simulate_work *w);
void simulate_scan_report(const simulate_work *w);
/* What a camera sees at value i, [ny, nx], lent. */
const double *simulate_scan_picture(const simulate_work *w, size_t i, size_t camera);

/* Fields and pictures into a folder or an .npz; measures as CSV. Exit statuses. */
int simulate_write(const simulate_work *w);
/* Whether all arrays go into one file of that name. */
bool simulate_is_file(const char *out);
int simulate_write_csv(const simulate_work *w);

/* The page of --report, whole or not at all; an exit status. */
int simulate_page(const simulate_work *w);
/* Parts of it: what became of one run, and of a scan; exit statuses. */
int simulate_page_run(FILE *page, const simulate_work *w);
int simulate_page_scan(FILE *page, const simulate_work *w);
/* A picture in the page; an exit status. */
int simulate_page_picture(
    FILE *page, const char *name, const picture_source *p, const picture_look *look);
/* What cameras' pictures show unless something else is asked for. */
picture_look simulate_look(const simulate_work *w);
/* How an optimisation went, as SVG into an open file. */
plot_result simulate_history_into(const simulate_work *w, FILE *drawn);

/* A camera's light as one complex field [ny, nx], which the caller destroys. */
onn_status simulate_amplitude(onn_array **light, const onn_system_camera *camera);
/* Pictures of the cameras; curves of a scan. */
int simulate_draw(const simulate_work *w);
int simulate_draw_scan(const simulate_work *w, const char *path);
int simulate_draw_film(const simulate_work *w);
/* The curves as SVG into an open file. */
plot_result simulate_curves_into(const simulate_work *w, FILE *drawn);
/* Whether a camera's pixels are the same at all values of a scan. */
bool simulate_same_pixels(const simulate_work *w, size_t camera);
/* What it sees at these, NULL: the first, of them: amplitudes [value, y, x], which the caller
 * destroys. */
onn_status simulate_frames(
    onn_array **array, const simulate_work *w, size_t camera, const size_t value[], size_t count);
/* A scan's measures, curves, pictures and system into a folder or an .npz. */
int simulate_write_scan(const simulate_work *w);

#endif
