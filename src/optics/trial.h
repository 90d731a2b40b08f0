/*
 * Propagations of known light, run to see how large the result is and how two of them differ.
 */
#ifndef ONN_SRC_OPTICS_TRIAL_H
#define ONN_SRC_OPTICS_TRIAL_H

#include <complex.h>

#include <onn/device.h>

#include "optics/request.h"

/* The light, and where it is tried: [field, wavelength, y, x], the largest amplitude about 1. */
typedef struct onn_bench {
	const onn_request *request;
	onn_device *device;
	onn_type type; /* of the runs */
	double _Complex *e;
	size_t fields, waves, pixels;
	bool repeats[2]; /* axes without padding */
	double safety;   /* what closed forms are multiplied with */
} onn_bench;

/* A way to propagate, and what came of it. */
typedef struct onn_trial {
	onn_method method;
	size_t pad[2];
	double axis_error[2]; /* of closed forms, over the peak */
	double error;
	double _Complex *out; /* as e; NULL before the run */
} onn_trial;

static inline size_t onn_bench_pixels(const onn_bench *bench, int axis)
{
	return onn_grid_pixels(bench->request->grid, axis);
}
static inline double onn_bench_pitch(const onn_bench *bench, int axis)
{
	return onn_grid_pitch(bench->request->grid, axis);
}
/* Whether all light that the grid holds travels, up to its corners' frequencies: closed forms hold
 * where padding reaches far enough. Not so on pixels of half a wavelength or a little more. */
bool onn_bench_is_coarse(const onn_bench *bench);
/* Whether the kernel of rs is sampled everywhere, and the edges are dark. */
bool onn_bench_samples_rs(const onn_bench *bench);
/* Runs it; the trial owns its result, and lets go of it. */
onn_status onn_trial_run(onn_trial *trial, const onn_bench *bench);
void onn_trial_end(onn_trial *trial);
/* Whether the error is known in closed form. */
bool onn_trial_is_known(const onn_trial *trial, const onn_bench *bench);
/* Runs it, and fills in its errors by closed forms. */
onn_status onn_trial_know(onn_trial *trial, const onn_bench *bench);
/* The largest difference of two results, over the second one's peak. */
double onn_trial_difference(const onn_trial *a, const onn_trial *b, const onn_bench *bench);

/* Padded pixels of an axis, and of the grid. */
size_t onn_trial_padded(const onn_trial *trial, const onn_bench *bench, int axis);
double onn_trial_points(const onn_trial *trial, const onn_bench *bench);

#endif
