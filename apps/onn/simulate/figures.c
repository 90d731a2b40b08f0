/* Pictures of cameras, and curves of a scan. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot.h"
#include "simulate.h"

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

int simulate_draw(const simulate_work *w)
{
	cameras all = choose(w);
	const onn_grid *grid = &all.camera[0]->grid;
	double along[MOST_PICTURES];
	const char *name[MOST_PICTURES];
	picture_look look = w->s->look;
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
	if (look.show == PICTURE_AUTO)
		look.show = PICTURE_INTENSITY;
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

typedef enum measure { LIGHT, PEAK, HALF, WIDTH, OVERLAP, MEASURES } measure;

static double value_of(const onn_light_measure *m, measure which)
{
	const double value[MEASURES] = {[LIGHT] = 100 * m->share,
	    [PEAK] = m->peak,
	    [HALF] = m->fwhm[1],
	    [WIDTH] = m->width[1],
	    [OVERLAP] = m->overlap};
	return value[which];
}

/* The ends of a measure over all runs; both 0 where it is nowhere a number. */
static void ends_of(double end[2], const simulate_work *w, measure which)
{
	bool any = false;

	end[0] = end[1] = 0;
	for (size_t i = 0; i < w->value.count * w->cameras; i++) {
		double v = value_of(&w->seen[i].measure, which);
		if (!isfinite(v))
			continue;
		end[0] = any ? fmin(end[0], v) : v;
		end[1] = any ? fmax(end[1], v) : v;
		any = true;
	}
}

static void write_panel(FILE *script, const simulate_work *w, measure which)
{
	static const char *const title[MEASURES] = {"light that arrives", "peak intensity",
	    "full width at half of the peak, x", "width (two standard deviations), x",
	    "overlap with the target"};
	plot_unit x = plot_unit_of(
	    fmax(fabs(w->value.value[0]), fabs(w->value.value[w->value.count - 1])), w->row->unit);
	bool length = which == HALF || which == WIDTH;
	double end[2];
	ends_of(end, w, which);
	plot_unit y = plot_unit_of(end[1], length ? "m" : which == LIGHT ? "%" : NULL);
	size_t count = w->cameras, drawn = 0;

	/* from 0 on, unless all of it is far above */
	bool near = end[0] >= 0 && end[0] < end[1] / 2;
	fputs(near ? "set yrange [0:*]\nset offsets 0, 0, graph 0.1, 0\n"
	           : "set autoscale y\nset offsets 0, 0, graph 0.1, graph 0.1\n",
	    script);
	fprintf(script, "set title '%s'\nset xlabel '%s%s%s'\nset ylabel '%s'\n", title[which],
	    w->name, x.text[0] ? " / " : "", x.text, which == PEAK ? "|E|^2" : y.text);
	for (size_t k = 0; k < count; k++) {
		fprintf(script, "$m%d_%zu << END\n", (int)which, k);
		for (size_t i = 0; i < w->value.count; i++) {
			const onn_system_camera *c = &w->seen[i * count + k];
			double v = value_of(&c->measure, which);
			if (isfinite(v))
				fprintf(script, "%.9g %.9g\n", w->value.value[i] / x.factor,
				    v / y.factor);
			else
				fprintf(script, "%.9g NaN\n", w->value.value[i] / x.factor);
		}
		fputs("END\n", script);
	}
	fputs("plot ", script);
	for (size_t k = 0; k < count; k++) {
		const onn_system_camera *c = &w->seen[k];
		if (!simulate_is_shown(w, c))
			continue;
		fprintf(script,
		    "%s$m%d_%zu using 1:2 with linespoints lt %zu title '%s' noenhanced",
		    drawn ? ", " : "", (int)which, k, drawn + 1,
		    onn_system_name(w->system, c->layer));
		drawn++;
	}
	fputc('\n', script);
}

static void write_figure(FILE *script, const void *user)
{
	const simulate_work *w = user;
	double first = w->value.value[0], last = w->value.value[w->value.count - 1];
	bool logarithmic = first > 0 && last >= 20 * first;
	bool several = w->cameras > 1 && !w->s->camera;
	double overlap[2];

	ends_of(overlap, w, OVERLAP);

	fprintf(script,
	    "set multiplot layout 2,2\nset tmargin 2.5\nset bmargin %s\nset lmargin 11\n"
	    "set rmargin 3\nset xlabel noenhanced\nset key %s\n%s",
	    several ? "6" : "4", several ? "outside bottom center horizontal samplen 2" : "off",
	    logarithmic ? "set logscale x\n" : "");
	write_panel(script, w, LIGHT);
	write_panel(script, w, PEAK);
	write_panel(script, w, HALF);
	write_panel(script, w, overlap[1] > 0 ? OVERLAP : WIDTH);
	fputs("unset multiplot\n", script);
}

int simulate_draw_scan(const simulate_work *w, const char *path)
{
	plot_result drawn = plot_draw(&command_simulate, path, 1000, 720, write_figure, w);

	/* a folder's picture is an addition */
	return drawn == PLOT_NO_GNUPLOT && path != w->s->plot
	           ? EXIT_OK
	           : plot_code(&command_simulate, "--plot", drawn);
}
