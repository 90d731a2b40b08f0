/* What a design leaves behind: plates to make, numbers, figures. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/archive.h>
#include <onn/fabrication.h>
#include <onn/image.h>

#include "design.h"

static const double TURN = 6.283185307179586476925286766559;

static char *path_of(const design_run *r, const char *format, size_t number)
{
	char name[64];

	snprintf(name, sizeof name, format, number);
	return path_join(r->s->out, name);
}

/* ---- plates ---- */

static onn_status save_picture(const design_run *r, size_t k, const onn_array *phases)
{
	onn_array *picture = NULL;
	onn_status status = onn_array_convert(&picture, phases, ONN_F64);

	if (status)
		return status;
	double *x = onn_array_data(picture);
	for (size_t i = 0; i < onn_array_count(picture); i++)
		x[i] *= 1 / TURN;
	char *path = path_of(r, "plates/plate_%02zu.png", k);
	status = path ? onn_image_save(picture, path, 16) : ONN_ERROR_MEMORY;
	free(path);
	onn_array_destroy(picture);
	return status;
}

static onn_status save_height(const design_run *r, size_t k, const onn_array *phases)
{
	const onn_design *d = onn_designer_design(r->designer);
	onn_array *height = NULL;
	onn_status status = onn_height_map(&height, phases, d->wavelength, d->index);
	char *path = path_of(r, "plates/height_%02zu.npy", k);

	if (!status)
		status = path ? onn_array_save(height, path) : ONN_ERROR_MEMORY;
	free(path);
	if (!status && r->s->stl) {
		onn_grid grid = onn_grid_square(d->pixels, d->side);
		path = path_of(r, "plates/plate_%02zu.stl", k);
		status = path ? onn_stl_write(path, height, &grid, d->base) : ONN_ERROR_MEMORY;
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
    onn_array *plates, onn_array *phases, onn_array **keep, const design_run *r, size_t k)
{
	onn_array *plate = NULL, *phase = NULL, *single = NULL;
	onn_status status = onn_designer_plate(&plate, r->designer, k);

	if (!status)
		status = onn_plate_phase(&phase, plate);
	if (!status)
		status = save_picture(r, k, phase);
	if (!status)
		status = save_height(r, k, phase);
	if (!status)
		status = onn_array_convert(&single, phase, onn_array_type(phases));
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

static onn_status save_plates(onn_array **first, onn_array **last, const design_run *r)
{
	const onn_design *d = onn_designer_design(r->designer);
	size_t shape[] = {d->plates, d->pixels, d->pixels};
	onn_array *plates = NULL, *phases = NULL;
	onn_archive *archive = NULL;
	char *path = path_join(r->s->out, "plates.npz");
	onn_status status =
	    path ? onn_array_create(&plates, onn_type_complex(d->precision), 3, shape)
	         : ONN_ERROR_MEMORY;

	if (!status)
		status = onn_array_create(&phases, d->precision, 3, shape);
	for (size_t k = 0; k < d->plates && !status; k++)
		status = save_plate(plates, phases,
		    k == 0               ? first
		    : k + 1 == d->plates ? last
		                         : NULL,
		    r, k);
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
static void put_number(FILE *file, const char *name, double x, const char *end)
{
	if (isfinite(x))
		fprintf(file, "\t\"%s\": %.17g%s\n", name, x, end);
	else
		fprintf(file, "\t\"%s\": null%s\n", name, end);
}

static void put_summary(FILE *file, const void *user)
{
	const design_figures *f = user;
	const onn_likeness *l = &f->result->likeness;

	fprintf(file, "{\n\t\"steps\": %zu,\n", onn_designer_steps(f->run->designer));
	put_number(file, "loss", f->result->loss, ",");
	put_number(file, "scale", f->result->scale, ",");
	put_number(file, "efficiency", l->efficiency, ",");
	put_number(file, "psnr", l->psnr, ",");
	put_number(file, "ssim", l->ssim, ",");
	put_number(file, "correlation", l->correlation, ",");
	put_number(file, "mse", l->mse, "");
	fputs("}\n", file);
}

static int write_files(design_figures *f)
{
	onn_array *first = NULL, *last = NULL;

	/* the memory of a step is not needed any more, and the stacks of plates are as large */
	onn_designer_rest(f->run->designer);
	onn_status status = save_plates(&first, &last, f->run);
	int code =
	    status ? command_status(&command_design, status)
	           : path_write(&command_design, f->run->s->out, "summary.json", put_summary, f);
	f->first = first;
	f->last = last;
	if (!code)
		code = design_figures_draw(f);
	onn_array_destroy(first);
	onn_array_destroy(last);
	return code;
}

int design_report(onn_design_result *result, design_run *r)
{
	onn_array *picture = NULL, *target = NULL;
	onn_status status = onn_designer_result(result, &picture, r->designer);

	if (!status)
		status = onn_array_convert(&target, onn_designer_target(r->designer), ONN_F64);
	int code = status ? command_status(&command_design, status) : EXIT_OK;
	if (!code && r->s->out) {
		design_figures f = {r, result, target, picture, NULL, NULL};
		code = write_files(&f);
	}
	onn_array_destroy(picture);
	onn_array_destroy(target);
	return code;
}
