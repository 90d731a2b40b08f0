/* Pictures of cameras, and curves of a scan. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot.h"
#include "simulate.h"
#include "simulate/curves.h"

/* ---- pictures ---- */

/* One field as it arrives; of modes and colours, and of a camera with noise, the root of what it
 * saw. */
onn_status simulate_amplitude(onn_array **light, const onn_system_camera *c)
{
	const size_t shape[2] = {c->grid.ny, c->grid.nx};
	size_t count = shape[0] * shape[1];
	const double *seen = onn_array_const_data(c->intensity);
	onn_status status = onn_array_create(light, ONN_C128, 2, shape);
	onn_array *wide = NULL;

	if (!status && onn_array_count(c->field) == count)
		status = onn_array_convert(&wide, c->field, ONN_C128);
	double *to = status ? NULL : onn_array_data(*light);
	const double *field = wide ? onn_array_const_data(wide) : NULL;
	bool pure = field != NULL;
	for (size_t i = 0; i < count && pure; i++) {
		double arrives = field[2 * i] * field[2 * i] + field[2 * i + 1] * field[2 * i + 1];
		pure = fabs(arrives - seen[i]) <= 1e-9 * c->measure.peak;
	}
	for (size_t i = 0; i < count && to; i++) {
		to[2 * i] = pure ? field[2 * i] : sqrt(fmax(seen[i], 0));
		to[2 * i + 1] = pure ? field[2 * i + 1] : 0;
	}
	onn_array_destroy(wide);
	return status;
}

enum { MOST_PICTURES = 8 };

typedef struct cameras {
	const onn_system_camera *camera[MOST_PICTURES];
	size_t count;
} cameras;

static bool same_grid(const onn_grid *a, const onn_grid *b)
{
	return a->ny == b->ny && a->nx == b->nx && a->dy == b->dy && a->dx == b->dx;
}

/* The one that was named, or all of them, or, where their grids differ, the last one. */
static cameras choose(const simulate_work *w)
{
	cameras all = {.count = 0};
	size_t count = onn_system_cameras(w->result);
	const onn_system_camera *last = onn_system_camera_at(w->result, count - 1);
	bool alike = count <= MOST_PICTURES;

	for (size_t i = 0; i < count; i++)
		alike &= same_grid(&onn_system_camera_at(w->result, i)->grid, &last->grid);
	for (size_t i = 0; i < count; i++) {
		const onn_system_camera *c = onn_system_camera_at(w->result, i);
		const char *name = onn_system_name(w->system, c->layer);
		bool wanted = w->s->camera ? !strcmp(name, w->s->camera) : alike || c == last;
		if (wanted)
			all.camera[all.count++] = c;
	}
	if (!w->s->camera && !alike)
		fprintf(stderr,
		    "onn simulate: the picture is of %s alone, as cameras differ in their pixels; "
		    "--camera NAME takes another\n",
		    onn_system_name(w->system, last->layer));
	return all;
}

picture_look simulate_look(const simulate_work *w)
{
	picture_look look = w->s->look;

	if (look.show == PICTURE_AUTO)
		look.show = PICTURE_INTENSITY;
	return look;
}

int simulate_draw(const simulate_work *w)
{
	cameras all = choose(w);
	const onn_grid *grid = &all.camera[0]->grid;
	double along[MOST_PICTURES];
	const char *name[MOST_PICTURES];
	picture_look look = simulate_look(w);
	onn_array *stack = NULL, *one = NULL;
	size_t shape[3] = {all.count, grid->ny, grid->nx}, bytes = grid->ny * grid->nx * 16;
	onn_status status = onn_array_create(&stack, ONN_C128, 3, shape);

	for (size_t i = 0; i < all.count && !status; i++) {
		status = simulate_amplitude(&one, all.camera[i]);
		if (!status)
			memcpy((char *)onn_array_data(stack) + i * bytes, onn_array_const_data(one),
			    bytes);
		along[i] = all.camera[i]->z;
		name[i] = onn_system_name(w->system, all.camera[i]->layer);
		onn_array_destroy(one);
	}
	picture_source p = {.a = stack};
	if (all.count > 1) {
		p.along = along;
		p.along_name = "z";
		p.along_unit = "m";
		p.name = name;
		look.each = true; /* a focus would leave all else dark */
	}
	picture_axes(p.axis, grid);
	int code = status ? command_status(&command_simulate, status)
	                  : picture_draw(&command_simulate, w->s->plot, &p, &look);
	onn_array_destroy(stack);
	return code;
}

/* ---- curves ---- */

typedef struct scan_curves {
	light_curves all;
	light_curve *curve;
	onn_light_measure *measure; /* camera after camera */
} scan_curves;

/* A curve for each camera, or for the one that was named; false: no memory. */
static bool gather(scan_curves *to, const simulate_work *w)
{
	size_t count = w->value.count;

	*to = (scan_curves){.all = {.x_name = w->name, .x_unit = w->row->unit},
	    .curve = calloc(w->cameras, sizeof *to->curve),
	    .measure = calloc(w->cameras * count, sizeof *to->measure)};
	to->all.curve = to->curve;
	for (size_t k = 0; k < w->cameras && to->curve && to->measure; k++) {
		if (!simulate_is_shown(w, &w->seen[k]))
			continue;
		for (size_t i = 0; i < count; i++)
			to->measure[k * count + i] = w->seen[i * w->cameras + k].measure;
		to->curve[to->all.count++] =
		    (light_curve){onn_system_name(w->system, w->seen[k].layer), count,
		        w->value.value, to->measure + k * count};
	}
	return to->curve && to->measure;
}

/* Into an open file, or, where it is NULL, into the one of that name. */
static plot_result draw_curves(const simulate_work *w, FILE *drawn, const char *name)
{
	scan_curves curves;
	plot_result result = PLOT_FAILED;

	if (!gather(&curves, w))
		command_status(&command_simulate, command_no_memory());
	else if (drawn)
		result = plot_into(&command_simulate, drawn, name, LIGHT_CURVES_WIDE,
		    LIGHT_CURVES_HIGH, light_curves_write, &curves.all);
	else
		result = plot_draw(&command_simulate, name, LIGHT_CURVES_WIDE, LIGHT_CURVES_HIGH,
		    light_curves_write, &curves.all);
	free(curves.curve);
	free(curves.measure);
	return result;
}

int simulate_draw_scan(const simulate_work *w, const char *path)
{
	plot_result drawn = draw_curves(w, NULL, path);

	/* a folder's picture is an addition */
	return drawn == PLOT_NO_GNUPLOT && path != w->s->plot
	           ? EXIT_OK
	           : plot_code(&command_simulate, "--plot", drawn);
}

plot_result simulate_curves_into(const simulate_work *w, FILE *drawn)
{
	return draw_curves(w, drawn, "curves.svg");
}
