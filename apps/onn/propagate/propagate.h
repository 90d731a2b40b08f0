/*
 * onn propagate: what is asked for, computed and told; and, for onn source too, fields in files.
 */
#ifndef ONN_APPS_PROPAGATE_H
#define ONN_APPS_PROPAGATE_H

#include <onn/array.h>
#include <onn/optics.h>
#include <onn/plan.h>
#include <onn/sampling.h>

#include "command.h"
#include "jobs.h"
#include "plot/picture.h"

/* ---- files.c, pictures.c ---- */

/* Whether the name says how a field is kept: as arrays and pictures are read, but for JPEG as they
 * are written. */
bool field_path_fits(const char *path, bool written);
/* Whether the name may be that of a folder with several: it has no ending. */
bool field_folder_fits(const char *path);
#define FIELD_ENDINGS "expected a name that ends in .npy, .npz, .h5, .mat, .png or .tif"
/* Refuses a wavelength that is no length in metres on this grid; an exit status. */
int field_check_wavelength(const command *c, double wavelength, const onn_grid *grid);
/* Reads fields [..., y, x] as c64 or c128, finite numbers all of them; the caller destroys them.
 * Returns an exit code, the reason printed. */
int field_load(const command *c, const char *path, onn_type type, onn_array **a);
/* Writes fields: as arrays as they are, .png as intensity over its peak, which *peak receives, .tif
 * as intensity in floats. */
int field_save(const command *c, const char *path, const onn_array *a, double *peak);
/* A picture of fields on a grid; of several distances, or other lengths z that are called name
 * (NULL: of one), a panel for each; of one field at more than 8 equally spaced ones a side view,
 * the middle line in x against z. An exit status. */
int field_picture(const command *c, const char *path, const onn_array *fields, const onn_grid *grid,
    const char *name, const number_list *z, const picture_look *look);
/* Amplitudes c128 whose intensities these are, f64. */
onn_status field_of_intensity(onn_array **light, const onn_array *intensity);
/* Whether all numbers of fields are finite; else text says which is the first that is not. */
bool field_is_finite(const onn_array *a, char *text, size_t room);

/* ---- the command ---- */

/* What is asked for. */
typedef struct propagate_request {
	double pitch[2];
	onn_method method;
	size_t padding[2]; /* SIZE_MAX: half the size */
	onn_evanescent evanescent;
	double out_pitch[2], out_shift[2]; /* a pitch of 0: that of IN */
	double tolerance;
	onn_type precision;
} propagate_request;

typedef struct propagate_settings {
	propagate_request r;
	number_list wavelength, distance; /* all pairs of them */
	picture_look look;
	job_choice jobs;
	const char *plot, *csv, *device;
	uint64_t threads;
	bool json, incoherent;
} propagate_settings;

typedef struct propagate_work {
	const propagate_settings *s;
	const char *to;     /* the file of OUT */
	const char *folder; /* that it is in, where OUT is one; else NULL */
	onn_type type;
	onn_grid grid;
	onn_light light; /* of the wavelength at hand */
	onn_propagation how;
	onn_measure worst;
	double worst_at, worst_of; /* its distance and wavelength */
	onn_phase_sampling steps;  /* of what is put in */
	onn_device *device;
	onn_graph *graph;
	onn_plan *plan;
	onn_tensor *field;
	onn_array *in, *out; /* out: NULL of incoherent light */
	onn_array *seen; /* f64 [distance, y, x], of incoherent light: what all fields come to */
	onn_grid out_grid;
	jobs jobs; /* a wavelength at a distance each: runs of them, in the order of OUT */
	bool shown;
} propagate_work;

/* compute.c: the grid, light and way of a wavelength; how much is padded; whether the machine has
 * memory for it, an exit status. */
void propagate_describe(propagate_work *w, double wavelength);
size_t propagate_padding(const propagate_work *w, int axis);
int propagate_check_memory(const propagate_work *w);
/* All fields at all distances and wavelengths, into w->out, or w->seen; an exit status, its error
 * printed. */
int propagate_compute(propagate_work *w, const command_line *line);

/* tell.c: the one line, or one object; measures of each field as CSV, --csv. peak: of a picture. */
void propagate_tell(const propagate_work *w, double peak);
int propagate_tell_json(const propagate_work *w, double peak);
int propagate_write_csv(const propagate_work *w);
/* The same into its folder. */
int propagate_write_measures(const propagate_work *w);

#endif
