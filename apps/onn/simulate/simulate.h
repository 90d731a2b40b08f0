/*
 * onn simulate: what is asked for, and what is made of the results.
 */
#ifndef ONN_APPS_SIMULATE_H
#define ONN_APPS_SIMULATE_H

#include <onn/system.h>

#include "command.h"
#include "plot/picture.h"

typedef struct simulate_request {
	size_t steps; /* of an optimisation; SIZE_MAX: as many as the file says */
} simulate_request;
const onn_settings *simulate_request_settings(void);

typedef struct simulate_settings {
	simulate_request r;
	change_list set;
	const char *scan, *out, *csv, *plot, *camera, *device;
	uint64_t threads;
	picture_look look;
} simulate_settings;

typedef struct simulate_work {
	const simulate_settings *s;
	const char *path;
	onn_system *system;
	onn_device *device;
	onn_system_result *result;
	onn_array *history; /* of an optimisation; NULL: there was none */
	/* of a scan */
	char *name;             /* "lens.f" */
	const onn_setting *row; /* of it */
	number_list value;
	onn_system_result **results; /* one a value */
} simulate_work;

/* A number of a setting as a person writes it; returns text. */
const char *simulate_number(char *text, size_t room, const onn_setting *row, double value);

/* For people, on standard output: the way of the light, and what cameras see. */
int simulate_report(const simulate_work *w);
/* What an optimisation found. */
void simulate_report_history(const simulate_work *w);
/* Warns of gaps and layers that are sampled too coarsely. */
void simulate_warn(const simulate_work *w, const onn_system_result *result, const char *where);
/* The name of the camera that figures are of; NULL: all. An exit status, the error printed. */
int simulate_check_camera(const simulate_work *w);

/* Splits "NAME=LIST" and reads the numbers; an exit status, its error printed. */
int simulate_scan_prepare(simulate_work *w);
int simulate_scan_run(simulate_work *w);
void simulate_scan_report(const simulate_work *w);

/* Fields and pictures into a folder or an .npz; measures as CSV. Exit statuses. */
int simulate_write(const simulate_work *w);
int simulate_write_csv(const simulate_work *w);

/* A camera's light as one complex field [ny, nx], which the caller destroys. */
onn_status simulate_amplitude(onn_array **light, const onn_system_camera *camera);
/* Pictures of the cameras; curves of a scan. */
int simulate_draw(const simulate_work *w);
int simulate_draw_scan(const simulate_work *w);

#endif
