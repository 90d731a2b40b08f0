/* What a camera sees at each value of a scan: pictures, a film of them, or its middle line. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "simulate.h"

/* The camera that was named, else the last one. */
static size_t choose(const simulate_work *w)
{
	for (size_t k = 0; k < w->cameras && w->s->camera; k++)
		if (!strcmp(w->s->camera, onn_system_name(w->system, w->seen[k].layer)))
			return k;
	return w->cameras - 1;
}

bool simulate_same_pixels(const simulate_work *w, size_t camera)
{
	const onn_grid *first = &w->seen[camera].grid;

	for (size_t i = 1; i < w->value.count; i++) {
		const onn_grid *g = &w->seen[i * w->cameras + camera].grid;
		if (fabs(g->dy - first->dy) > 1e-9 * first->dy ||
		    fabs(g->dx - first->dx) > 1e-9 * first->dx)
			return false;
	}
	return true;
}

static int check(const simulate_work *w, size_t camera)
{
	if (simulate_same_pixels(w, camera))
		return EXIT_OK;
	return command_fail(&command_simulate,
	    "the pixels of %s are not the same at all values; expected curves, or space whose "
	    "method leaves them as they are",
	    onn_system_name(w->system, w->seen[camera].layer));
}

/* Amplitudes, as pictures of light are of fields. */
static void put_amplitude(double *to, size_t at, double seen)
{
	to[2 * at] = sqrt(fmax(seen, 0));
	to[2 * at + 1] = 0;
}

/* The middle lines of all values, [x, value]. */
static onn_status gather_lines(onn_array **array, const simulate_work *w, size_t camera)
{
	const onn_grid *grid = &w->seen[camera].grid;
	size_t count = w->value.count, nx = grid->nx;
	onn_status status = onn_array_create(array, ONN_C128, 2, (size_t[]){nx, count});

	for (size_t i = 0; i < count && !status; i++) {
		const double *line = simulate_scan_picture(w, i, camera) + grid->ny / 2 * nx;
		for (size_t k = 0; k < nx; k++)
			put_amplitude(onn_array_data(*array), k * count + i, line[k]);
	}
	return status;
}

onn_status simulate_frames(
    onn_array **array, const simulate_work *w, size_t camera, const size_t value[], size_t count)
{
	const onn_grid *grid = &w->seen[camera].grid;
	size_t pixels = grid->ny * grid->nx;
	onn_status status =
	    onn_array_create(array, ONN_C128, 3, (size_t[]){count, grid->ny, grid->nx});

	for (size_t i = 0; i < count && !status; i++) {
		const double *seen = simulate_scan_picture(w, value ? value[i] : i, camera);
		for (size_t k = 0; k < pixels; k++)
			put_amplitude(onn_array_data(*array), i * pixels + k, seen[k]);
	}
	return status;
}

static bool equally_spaced(const number_list *v)
{
	double step = (v->value[v->count - 1] - v->value[0]) / (double)(v->count - 1);

	for (size_t i = 0; i < v->count; i++)
		if (!(fabs(v->value[i] - v->value[0] - step * (double)i) <= 1e-6 * fabs(step)))
			return false;
	return step != 0;
}

int simulate_draw_film(const simulate_work *w)
{
	size_t camera = choose(w);
	bool side = w->s->view.kind == SIMULATE_SIDE && !plot_is_film(w->s->plot);
	const number_list *v = &w->value;
	picture_look look = simulate_look(w);
	onn_array *array = NULL;
	picture_source p = {.free_shape = side};
	int code = check(w, camera);

	if (!code && side && (v->count < 2 || !equally_spaced(v)))
		code = command_fail(&command_simulate,
		    "--view side is of equally spaced values; expected MIN:MAX:COUNT");
	if (code)
		return code;
	picture_axes(p.axis, &w->seen[camera].grid);
	if (side) {
		double step = (v->value[v->count - 1] - v->value[0]) / (double)(v->count - 1);
		p.axis[0] = p.axis[1];
		p.axis[1] = (picture_axis){w->name, v->value[0], step, w->row->unit};
	} else if (v->count > 1) {
		p.along = v->value;
		p.along_name = w->name;
		p.along_unit = w->row->unit;
	}
	onn_status status = side ? gather_lines(&array, w, camera)
	                         : simulate_frames(&array, w, camera, NULL, v->count);
	p.a = array;
	code = status ? command_status(&command_simulate, status)
	              : picture_draw(&command_simulate, w->s->plot, &p, &look);
	onn_array_destroy(array);
	return code;
}
