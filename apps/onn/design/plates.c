/* Plates to make: numbers, pictures of 16 bits, heights, solids. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/archive.h>
#include <onn/image.h>

#include "design.h"

static const double TURN = 6.283185307179586476925286766559;

static char *path_of(const design_run *r, const char *format, size_t number)
{
	char name[64];

	snprintf(name, sizeof name, format, number);
	return path_join(r->s->out, name);
}

size_t design_picture_turns(const onn_relief *relief)
{
	double turns = ceil(relief->range / TURN - 1e-9);

	return turns > 1 ? (size_t)turns : 1;
}

static onn_status save_picture(
    const design_run *r, size_t k, const onn_array *phases, const onn_relief *relief)
{
	onn_array *picture = NULL;
	onn_status status = onn_array_convert(&picture, phases, ONN_F64);

	if (status)
		return status;
	double *x = onn_array_data(picture), full = TURN * (double)design_picture_turns(relief);
	for (size_t i = 0; i < onn_array_count(picture); i++)
		x[i] /= full;
	char *path = path_of(r, "plates/plate_%02zu.png", k);
	status = path ? onn_image_save(picture, path, 16) : ONN_ERROR_MEMORY;
	free(path);
	onn_array_destroy(picture);
	return status;
}

/* Solids have heights in steps of 1/1024 of a wave, below what can be made, so that cells that are
 * flat but for rounding are joined. Heights are no longer needed. */
static onn_status save_solid(const design_run *r, size_t k, onn_array *height)
{
	const onn_design *d = onn_designer_design(r->designer);
	double step = d->wavelength / (d->index - 1) / 1024, *h = onn_array_data(height);
	onn_grid grid = onn_grid_square(d->pixels, d->side);

	for (size_t i = 0; i < onn_array_count(height); i++)
		h[i] = step * round(h[i] / step);
	char *path = path_of(r, "plates/plate_%02zu.stl", k);
	onn_status status = path ? onn_stl_write(path, height, &grid, d->base) : ONN_ERROR_MEMORY;
	free(path);
	return status;
}

static onn_status save_height(const design_run *r, size_t k, const onn_array *phases)
{
	const onn_design *d = onn_designer_design(r->designer);
	onn_array *height = NULL;
	onn_status status = onn_relief_height(&height, phases, d->wavelength, d->index);
	char *path = path_of(r, "plates/height_%02zu.npy", k);

	if (!status)
		status = path ? onn_array_save(height, path) : ONN_ERROR_MEMORY;
	free(path);
	if (!status && r->s->stl)
		status = save_solid(r, k, height);
	onn_array_destroy(height);
	return status;
}

/* Copies plate k into place k of a stack. */
static void stack(onn_array *all, size_t k, const onn_array *one)
{
	size_t bytes = onn_array_count(one) * onn_type_size(onn_array_type(one));

	memcpy((char *)onn_array_data(all) + k * bytes, onn_array_const_data(one), bytes);
}

/* All plates, one after another: what they do to light, their phases and, with --gds, levels. */
typedef struct stacks {
	onn_array *plates, *phases, *levels;
} stacks;

static onn_status stack_levels(
    const stacks *all, const design_run *r, size_t k, const onn_array *surface)
{
	onn_array *level = NULL;

	if (!all->levels)
		return ONN_OK;
	onn_status status =
	    onn_relief_levels(&level, surface, onn_designer_design(r->designer)->levels);
	if (!status)
		stack(all->levels, k, level);
	onn_array_destroy(level);
	return status;
}

static onn_status save_zemax(const design_run *r, size_t k, const onn_array *phases)
{
	const onn_design *d = onn_designer_design(r->designer);
	onn_grid grid = onn_grid_square(d->pixels, d->side);
	char *path = path_of(r, "plates/plate_%02zu.dat", k);
	onn_status status = path ? onn_zemax_write(path, phases, &grid) : ONN_ERROR_MEMORY;

	free(path);
	return status;
}

/* The files of plate k that are made from its surface. */
static onn_status save_surface(
    const stacks *all, const design_run *r, size_t k, const onn_array *surface)
{
	onn_status status = save_height(r, k, surface);

	if (!status && r->s->zemax)
		status = save_zemax(r, k, surface);
	return status ? status : stack_levels(all, r, k, surface);
}

/* The files of plate k, its place in the stacks, and its phases where somebody keeps them. */
static onn_status save_plate(
    design_made *made, const stacks *all, onn_array **keep, const design_run *r, size_t k)
{
	onn_array *plate = NULL, *phase = NULL, *surface = NULL, *single = NULL;
	onn_status status = onn_designer_plate(&plate, r->designer, k);

	if (!status)
		status = onn_plate_phase(&phase, plate);
	if (!status)
		status = onn_plate_relief(&surface, &made->relief[k], plate, r->s->unwrap);
	if (!status)
		status = save_picture(r, k, surface, &made->relief[k]);
	if (!status)
		status = save_surface(all, r, k, surface);
	if (!status && design_shows_patterns(r->s))
		status = design_pattern_save(&made->worst, r, k, plate);
	onn_array_destroy(surface);
	if (!status)
		status = onn_array_convert(&single, phase, onn_array_type(all->phases));
	if (!status) {
		stack(all->plates, k, plate);
		stack(all->phases, k, single);
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

static onn_status make_stacks(stacks *all, const design_run *r)
{
	const onn_design *d = onn_designer_design(r->designer);
	size_t shape[] = {d->plates, d->pixels, d->pixels};
	onn_status status =
	    onn_array_create(&all->plates, onn_type_complex(d->precision), 3, shape);

	if (!status)
		status = onn_array_create(&all->phases, d->precision, 3, shape);
	if (!status && r->s->gds)
		status = onn_array_create(&all->levels, ONN_I32, 3, shape);
	return status;
}

static onn_status save_numbers(stacks *all, const char *path)
{
	onn_archive *archive = NULL;
	onn_status status = onn_archive_create(&archive);

	if (!status)
		status = hand_over(archive, "plates", &all->plates);
	if (!status)
		status = hand_over(archive, "phases", &all->phases);
	if (!status)
		status = onn_archive_save(archive, path);
	onn_archive_destroy(archive);
	return status;
}

static onn_status save_gds(onn_gds_report *cell, const onn_array *levels, const design_run *r)
{
	const onn_design *d = onn_designer_design(r->designer);
	onn_grid grid = onn_grid_square(d->pixels, d->side);
	onn_gds gds = ONN_GDS_INIT;

	gds.layers = r->s->mask.layers;
	gds.feature = r->s->mask.feature;
	return onn_gds_write(cell, r->s->gds, levels, &grid, &gds);
}

onn_status design_plates_save(
    design_made *made, onn_array **first, onn_array **last, const design_run *r)
{
	size_t count = onn_designer_design(r->designer)->plates;
	stacks all = {NULL, NULL, NULL};
	char *path = path_join(r->s->out, "plates.npz");
	onn_status status = path ? make_stacks(&all, r) : command_no_memory();

	for (size_t k = 0; k < count && !status; k++)
		status = save_plate(made, &all,
		    k == 0           ? first
		    : k + 1 == count ? last
		                     : NULL,
		    r, k);
	if (!status)
		status = save_numbers(&all, path);
	if (!status && all.levels)
		status = save_gds(made->cell, all.levels, r);
	onn_array_destroy(all.plates);
	onn_array_destroy(all.phases);
	onn_array_destroy(all.levels);
	free(path);
	return status;
}
