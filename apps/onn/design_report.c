/* What a design leaves behind: plates to make, pictures of the light, numbers. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/fabrication.h>
#include <onn/image.h>

#include "design.h"

static const double TURN = 6.283185307179586476925286766559;

static int fail_status(onn_status status) { return command_status(&command_design, status); }

static char *path_of(const design_run *r, const char *format, size_t number)
{
	char name[64];

	snprintf(name, sizeof name, format, number);
	return path_join(r->s->out, name);
}

static double peak_of(const onn_array *f64)
{
	const double *x = onn_array_const_data(f64);
	double peak = 0;

	for (size_t i = 0; i < onn_array_count(f64); i++)
		peak = fmax(peak, x[i]);
	return peak;
}

/* ---- the camera ---- */

/*
 * What a picture is multiplied by before it is shown and compared. Where the design is after the
 * picture at any brightness: what brings it nearest to the target, in the least squares. Else 1.
 */
static double scale_of(const design_run *r, const onn_array *intensity, const onn_array *target)
{
	const double *x = onn_array_const_data(intensity), *t = onn_array_const_data(target);
	double both = 0, own = 0;

	if (r->problem.loss != DESIGN_CORRELATION && r->problem.update != DESIGN_GERCHBERG_SAXTON)
		return 1;
	for (size_t i = 0; i < onn_array_count(intensity); i++) {
		both += x[i] * t[i];
		own += x[i] * x[i];
	}
	return both > 0 ? both / own : 1;
}

static void multiply(onn_array *f64, double by)
{
	double *x = onn_array_data(f64);

	for (size_t i = 0; i < onn_array_count(f64); i++)
		x[i] *= by;
}

int design_camera_write(const design_run *r, size_t step, const onn_array *intensity)
{
	onn_array *picture = NULL, *target = NULL;
	onn_status status = onn_array_convert(&picture, intensity, ONN_F64);

	if (!status)
		status = onn_array_convert(&target, r->in.target, ONN_F64);
	if (!status) {
		multiply(picture, scale_of(r, picture, target) / peak_of(target));
		char *path = path_of(r, "camera/step_%06zu.png", step);
		status = path ? onn_image_save(picture, path, 16) : ONN_ERROR_MEMORY;
		free(path);
	}
	onn_array_destroy(picture);
	onn_array_destroy(target);
	return status ? fail_status(status) : EXIT_OK;
}

/* ---- plates ---- */

/* The phase of each pixel, from 0 up to 2 pi. */
static onn_status phases_of(onn_array **phases, const onn_array *plate)
{
	onn_array *z = NULL;
	onn_status status = onn_array_convert(&z, plate, ONN_C128);

	if (!status)
		status = onn_array_create(phases, ONN_F64, 2, onn_array_shape(plate));
	if (!status) {
		const double *x = onn_array_const_data(z);
		double *y = onn_array_data(*phases);
		for (size_t i = 0; i < onn_array_count(z); i++) {
			double a = atan2(x[2 * i + 1], x[2 * i]);
			y[i] = a < 0 ? a + TURN : a;
			y[i] = y[i] < TURN ? y[i] : 0;
		}
	}
	onn_array_destroy(z);
	return status;
}

static onn_status save_picture(const design_run *r, size_t k, const onn_array *phases)
{
	onn_array *picture = NULL;
	onn_status status = onn_array_convert(&picture, phases, ONN_F64);

	if (status)
		return status;
	multiply(picture, 1 / TURN);
	char *path = path_of(r, "plates/plate_%02zu.png", k);
	status = path ? onn_image_save(picture, path, 16) : ONN_ERROR_MEMORY;
	free(path);
	onn_array_destroy(picture);
	return status;
}

static onn_status save_height(const design_run *r, size_t k, const onn_array *phases)
{
	onn_array *height = NULL;
	onn_status status = onn_height_map(&height, phases, r->problem.wavelength, r->s->index);
	char *path = path_of(r, "plates/height_%02zu.npy", k);

	if (!status)
		status = path ? onn_array_save(height, path) : ONN_ERROR_MEMORY;
	free(path);
	if (!status && r->s->stl) {
		onn_grid grid = onn_grid_square(r->problem.size, r->problem.side);
		path = path_of(r, "plates/plate_%02zu.stl", k);
		status = path ? onn_stl_write(path, height, &grid, r->s->base) : ONN_ERROR_MEMORY;
		free(path);
	}
	onn_array_destroy(height);
	return status;
}

/* Copies plate k into place k of a stack. */
static void stack(onn_array *all, size_t k, const onn_array *one)
{
	size_t bytes = onn_array_count(one) * onn_type_size(onn_array_type(one));

	memcpy((char *)onn_array_data(all) + k * bytes, onn_array_const_data(one), bytes);
}

/* The files of plate k, its place in the stacks, and its phases where somebody keeps them. */
static onn_status save_plate(
    design_run *r, size_t k, onn_array *plates, onn_array *phases, onn_array **keep)
{
	onn_array *plate = NULL, *phase = NULL, *single = NULL;
	onn_status status = design_plate(r, k, &plate);

	if (!status)
		status = phases_of(&phase, plate);
	if (!status && r->s->out)
		status = save_picture(r, k, phase);
	if (!status && r->s->out)
		status = save_height(r, k, phase);
	if (!status)
		status = onn_array_convert(&single, phase, r->problem.real);
	if (!status) {
		stack(plates, k, plate);
		stack(phases, k, single);
	}
	onn_array_destroy(plate);
	onn_array_destroy(single);
	if (!status && keep)
		*keep = phase;
	else
		onn_array_destroy(phase);
	return status;
}

/* Puts an array into the archive, which copies it, and frees it. */
static onn_status hand_over(onn_archive *archive, const char *name, onn_array **a)
{
	onn_status status = onn_archive_put(archive, name, *a);

	onn_array_destroy(*a);
	*a = NULL;
	return status;
}

static onn_status save_plates(design_run *r, onn_array **first, onn_array **last)
{
	const design_problem *p = &r->problem;
	size_t shape[] = {p->plates, p->size, p->size};
	onn_array *plates = NULL, *phases = NULL;
	onn_archive *archive = NULL;
	char *path = path_join(r->s->out, "plates.npz");
	onn_status status = path ? onn_array_create(&plates, onn_type_complex(p->real), 3, shape)
	                         : ONN_ERROR_MEMORY;

	if (!status)
		status = onn_array_create(&phases, p->real, 3, shape);
	for (size_t k = 0; k < p->plates && !status; k++)
		status = save_plate(r, k, plates, phases,
		    k == 0               ? first
		    : k + 1 == p->plates ? last
		                         : NULL);
	if (!status)
		status = onn_archive_create(&archive);
	if (!status)
		status = hand_over(archive, "plates", &plates);
	if (!status)
		status = hand_over(archive, "phases", &phases);
	if (!status)
		status = onn_archive_save(archive, path);
	onn_archive_destroy(archive);
	onn_array_destroy(plates);
	onn_array_destroy(phases);
	free(path);
	return status;
}

/* ---- numbers ---- */

/* JSON has no infinity. */
static const char *number(char text[40], double x)
{
	if (isfinite(x))
		snprintf(text, 40, "%.17g", x);
	else
		strcpy(text, "null");
	return text;
}

static int write_summary(const design_run *r, const design_result *d)
{
	char text[512], a[7][40];

	snprintf(text, sizeof text,
	    "{\n\t\"steps\": %zu,\n\t\"loss\": %s,\n\t\"scale\": %s,\n\t\"efficiency\": "
	    "%s,\n\t\"psnr\": %s,\n"
	    "\t\"ssim\": %s,\n\t\"correlation\": %s,\n\t\"mse\": %s\n}\n",
	    r->done, number(a[0], d->loss), number(a[6], d->scale),
	    number(a[1], d->likeness.efficiency), number(a[2], d->likeness.psnr),
	    number(a[3], d->likeness.ssim), number(a[4], d->likeness.correlation),
	    number(a[5], d->likeness.mse));
	return design_write_text(r->s->out, "summary.json", text);
}

static int write_files(design_run *r, design_figures *f)
{
	onn_array *first = NULL, *last = NULL;

	/* the memory of a step is not needed any more, and the stacks of plates are as large */
	onn_plan_destroy(r->step);
	r->step = NULL;
	onn_status status = save_plates(r, &first, &last);
	int code = status ? fail_status(status) : EXIT_OK;
	if (!code)
		code = write_summary(r, f->result);
	f->first = first;
	f->last = last;
	if (!code)
		code = design_figures_draw(f);
	onn_array_destroy(first);
	onn_array_destroy(last);
	return code;
}

int design_report(design_run *r, design_result *result)
{
	onn_array *seen = NULL, *intensity = NULL, *target = NULL;
	onn_status status = design_look(r, &seen, &result->loss);
	int code = EXIT_OK;

	if (!status)
		status = onn_array_convert(&intensity, seen, ONN_F64);
	if (!status)
		status = onn_array_convert(&target, r->in.target, ONN_F64);
	if (!status) {
		result->scale = scale_of(r, intensity, target);
		multiply(intensity, result->scale);
		status =
		    onn_compare_pictures(&result->likeness, intensity, target, peak_of(target));
	}
	if (status)
		code = fail_status(status);
	else if (r->s->out) {
		design_figures f = {r, result, target, intensity, NULL, NULL};
		code = design_camera_write(r, r->done, seen);
		if (!code)
			code = write_files(r, &f);
	}
	onn_array_destroy(seen);
	onn_array_destroy(intensity);
	onn_array_destroy(target);
	return code;
}
