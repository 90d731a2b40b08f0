/* Figures of a design, by gnuplot: the sheet, the light as it improves, the loss. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/image.h>

#include "design.h"
#include "plot.h"

enum { MOST_PIXELS = 256 /* of a picture in a figure */, MAX_TILES = 26 };

/* Light: black, violet, red, orange, pale yellow. */
#define LIGHT                                                                                      \
	"set palette model RGB defined (0 '#000000', 1 '#2a0a4a', 2 '#7a1050', 3 '#c8402a', "      \
	"4 '#f59a20', 5 '#fff7c0')\n"

static size_t skip_of(size_t n) { return (n + MOST_PIXELS - 1) / MOST_PIXELS; }

/* A block of data for gnuplot: every `skip`-th pixel of a square picture, or the mean of each
 * block. */
static void write_matrix(FILE *script, const char *name, const double *x, size_t n, bool mean)
{
	size_t skip = skip_of(n);

	fprintf(script, "$%s << END\n", name);
	for (size_t i = 0; i + skip <= n; i += skip) {
		for (size_t j = 0; j + skip <= n; j += skip) {
			double sum = 0;
			for (size_t k = 0; mean && k < skip * skip; k++)
				sum += x[(i + k / skip) * n + j + k % skip];
			fprintf(script, "%.5g ", mean ? sum / (double)(skip * skip) : x[i * n + j]);
		}
		fputc('\n', script);
	}
	fputs("END\n", script);
}

static void write_loss(FILE *script, const design_run *r)
{
	size_t count;
	const double *loss = onn_designer_losses(&count, r->designer);

	fputs("$loss << END\n", script);
	for (size_t i = 0; i < count; i++)
		fprintf(script, "%zu %.9g\n", i, loss[i]);
	fputs("END\n", script);
}

/* Settings of a plot of the loss, and the plot. */
static void plot_loss(FILE *script, const design_run *r)
{
	size_t count;
	const double *loss = onn_designer_losses(&count, r->designer);
	double low = loss[0], high = loss[0];

	for (size_t i = 1; i < count; i++) {
		low = fmin(low, loss[i]);
		high = fmax(high, loss[i]);
	}
	fprintf(script, "set xrange [0:%zu]\nset xlabel 'updates'\nset ylabel 'loss'\n",
	    count > 1 ? count - 1 : 1);
	/* A loss that falls far is read on a logarithmic axis, another from 0. */
	if (low > 0 && high > 5 * low)
		plot_log_axis(script, low, high);
	else
		fprintf(script, "set yrange [%.9g:%.9g]\n", fmin(0, 1.05 * low),
		    high > 0 ? 1.05 * high : 1);
	fputs("plot $loss using 1:2 with lines lt 1 notitle\n", script);
}

static void write_loss_figure(FILE *script, const void *user)
{
	const design_figures *f = user;

	write_loss(script, f->run);
	fputs("set title 'Loss after each update of the plates'\n", script);
	plot_loss(script, f->run);
}

/* ---- the sheet ---- */

static double largest(const double *x, size_t n)
{
	double most = 0;

	for (size_t i = 0; i < n; i++)
		most = fmax(most, fabs(x[i]));
	return most > 0 ? most : 1;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* What all but one in 200 of the numbers stay below, their signs ignored; sorts them. */
static double most_of(double *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x[i] = fabs(x[i]);
	qsort(x, n, sizeof *x, ascending);
	double most = x[n - 1 - n / 200];
	return most > 0 ? most : 1;
}

/* Which axes of a plane have their names and numbers. */
static void write_names(FILE *script, const onn_design *d, bool x, bool y)
{
	const char *unit = plot_unit_of(d->side / 2, "m").text;

	fprintf(script, "set format x '%s'\nset xlabel '%s%s' offset 0,0.4\n", x ? "%g" : "",
	    x ? "x / " : "", x ? unit : "");
	fprintf(script, "set format y '%s'\nset ylabel '%s%s' offset 1,0\n", y ? "%g" : "",
	    y ? "y / " : "", y ? unit : "");
}

/* The axes of a plane in mm or so, as those of onn_grid: pixel n/2 at 0, the first row above. */
static void write_frame(FILE *script, const onn_design *d)
{
	const double pixel = d->side / (double)d->pixels / plot_unit_of(d->side / 2, "m").factor;
	const double first = -((double)(d->pixels / 2) + .5) * pixel;
	const double last = first + pixel * (double)d->pixels;

	fprintf(script,
	    "unset grid\nset border 15 lc rgb '#888888' lw 1\nset size ratio -1\nset key off\n"
	    "set xrange [%.9g:%.9g]\nset yrange [%.9g:%.9g]\n"
	    "set xtics nomirror out scale 0.5 textcolor rgb 'black'\n"
	    "set ytics nomirror out scale 0.5 textcolor rgb 'black'\n"
	    "set cbtics nomirror textcolor rgb 'black'\n",
	    first, last, last, first);
	write_names(script, d, true, true);
}

/* A plot of a block of data on these axes. */
static void plot_block(FILE *script, const onn_design *d, const char *name, const char *value)
{
	const double skip = (double)skip_of(d->pixels);
	const double pixel = d->side / (double)d->pixels / plot_unit_of(d->side / 2, "m").factor;
	const double first = pixel * ((skip - 1) / 2 - (double)(d->pixels / 2));

	fprintf(script,
	    "plot $%s matrix using (%.9g + %.9g * $1):(%.9g + %.9g * $2):(%s) with image\n", name,
	    first, pixel * skip, first, pixel * skip, value);
}

/* Places a plot: column of three, row of two, with room for a scale at its right. */
static void place(FILE *script, const onn_design *d, int column, int row)
{
	const double left = 0.055 + 0.325 * column, top = row ? 0.415 : 0.865;

	fprintf(script,
	    "set lmargin at screen %g\nset rmargin at screen %g\nset tmargin at screen %g\n"
	    "set bmargin at screen %g\n",
	    left, left + 0.22, top, top - 0.3225);
	write_names(script, d, true, column == 0);
}

static void plot_matrix(
    FILE *script, const onn_design *d, const char *title, const char *name, const char *scale)
{
	fprintf(
	    script, "set title '%s' offset 0,-0.4\nset cblabel '%s' offset 0.8,0\n", title, scale);
	plot_block(script, d, name, "$3");
}

/* Plates that hardly turn the phase are shown on a scale of their own. */
static void plot_phase(
    FILE *script, const onn_design *d, const char *title, const char *name, const onn_array *phases)
{
	const double turn = 6.283185307179586, *x = onn_array_const_data(phases);
	double most = 0;

	for (size_t i = 0; i < onn_array_count(phases); i++)
		most = fmax(most, fmin(x[i], turn - x[i]));
	if (most > 1.5)
		fputs(PLOT_PHASES, script);
	else
		fprintf(script, PLOT_SIGNED "set cbrange [%g:%g]\nset cbtics autofreq\n",
		    most > 0 ? -most : -1, most > 0 ? most : 1);
	fprintf(script, "set title '%s' offset 0,-0.4\nset cblabel 'rad' offset 0.8,0\n", title);
	plot_block(script, d, name, most > 1.5 ? "$3" : "$3 > pi ? $3 - 2*pi : $3");
}

static void write_headline(FILE *script, const design_figures *f)
{
	const onn_design *d = onn_designer_design(f->run->designer);
	const onn_likeness *l = &f->result->likeness;

	fprintf(script,
	    "set label 1 '%zu plate%s of %zu x %zu pixels, %g mm apart, at %g nm, %zu updates' at "
	    "screen 0.5, 0.975 center font ',15'\n"
	    "set label 2 'loss %.5g     efficiency %.1f %%     PSNR %.2f dB     SSIM %.3f     "
	    "correlation %.4f' at screen 0.5, 0.943 center font ',12'\n",
	    d->plates, d->plates == 1 ? "" : "s", d->pixels, d->pixels, 1e3 * d->distance,
	    1e9 * d->wavelength, onn_designer_steps(f->run->designer), f->result->loss,
	    100 * l->efficiency, l->psnr, l->ssim, l->correlation);
	if (!f->outcome->amplitudes)
		return;
	const onn_likeness *p = &f->outcome->phases.likeness;
	char making[100];
	fprintf(script,
	    "set label 3 '%s; as phases alone efficiency %.1f %%, PSNR %.2f dB, correlation %.4f' "
	    "at screen 0.5, 0.916 center font ',11' textcolor rgb '#aa2200'\n",
	    design_making_text(making, sizeof making, f->outcome), 100 * p->efficiency, p->psnr,
	    p->correlation);
}

/* The three pictures of the upper row. */
static void plot_light(FILE *script, const design_figures *f, double peak, double range)
{
	const onn_design *d = onn_designer_design(f->run->designer);
	char title[64] = "light at the camera";

	fprintf(script, "set multiplot\n" LIGHT "set cbrange [0:%g]\n", peak);
	place(script, d, 0, 0);
	plot_matrix(script, d, "target", "target", "intensity / arb. units");
	fputs("unset label 1\nunset label 2\nunset label 3\n", script);
	place(script, d, 1, 0);
	if (f->result->scale != 1)
		snprintf(title, sizeof title, "light at the camera, times %.3g", f->result->scale);
	plot_matrix(script, d, title, "result", "intensity / arb. units");
	fprintf(script, PLOT_SIGNED "set cbrange [%g:%g]\n", -range, range);
	place(script, d, 2, 0);
	plot_matrix(script, d, "camera minus target", "error", "");
}

/* Plates and loss, below. */
static void plot_design(FILE *script, const design_figures *f)
{
	const onn_design *d = onn_designer_design(f->run->designer);

	place(script, d, 0, 1);
	plot_phase(script, d, f->last ? "phase of the first plate" : "phase of the plate", "first",
	    f->first);
	if (f->last) {
		place(script, d, 1, 1);
		plot_phase(script, d, "phase of the last plate", "last", f->last);
	}
	place(script, d, 2, 1);
	fputs("unset title\nset border 3 lc rgb 'black'\nset size noratio\nset xlabel offset 0,0\n"
	      "set ylabel offset 0,0\nset format y\nset yrange [*:*] noreverse\n"
	      "set xtics nomirror textcolor rgb 'black'\nset ytics nomirror textcolor rgb "
	      "'black'\nset grid back lc rgb '#cccccc' lw 1 dt 1\n"
	      "set lmargin at screen 0.735\nset rmargin at screen 0.975\n",
	    script);
	plot_loss(script, f->run);
}

static void write_sheet(FILE *script, const void *user)
{
	const design_figures *f = user;
	size_t n = onn_array_shape(f->target)[0];
	const double *t = onn_array_const_data(f->target), *x = onn_array_const_data(f->intensity);
	double *error = malloc(n * n * sizeof *error);

	if (!error) {
		plot_give_up(script, "out of memory");
		return;
	}
	for (size_t i = 0; i < n * n; i++)
		error[i] = x[i] - t[i];
	write_matrix(script, "target", t, n, true);
	write_matrix(script, "result", x, n, true);
	write_matrix(script, "error", error, n, true);
	write_matrix(script, "first", onn_array_const_data(f->first), n, false);
	if (f->last)
		write_matrix(script, "last", onn_array_const_data(f->last), n, false);
	write_loss(script, f->run);
	write_headline(script, f);
	write_frame(script, onn_designer_design(f->run->designer));
	plot_light(script, f, largest(t, n * n), most_of(error, n * n));
	plot_design(script, f);
	fputs("unset multiplot\n", script);
	free(error);
}

/* ---- the light as it improves ---- */

typedef struct tiles {
	const onn_design *design;
	size_t count, step[MAX_TILES];
	onn_array *picture[MAX_TILES]; /* f64 [n, n] */
} tiles;

/* Behind a step whose light is drawn: 0, 1, 2, 4, 8 ... and the last. */
static size_t next_drawn(size_t step, size_t last)
{
	size_t next = step ? 2 * step : 1;

	return step < last && next > last ? last : next;
}

/* The pictures that the run has left, those of an earlier part of it included. False, with a line,
 * where memory lacks; a picture that is not there, or of another size, is left out. */
static bool load_tiles(tiles *t, const design_run *r)
{
	size_t last = onn_designer_steps(r->designer), n = onn_designer_design(r->designer)->pixels;

	t->count = 0;
	t->design = onn_designer_design(r->designer);
	for (size_t step = 0; step <= last && t->count < MAX_TILES; step = next_drawn(step, last)) {
		char name[64];
		onn_array *grey = NULL;
		snprintf(name, sizeof name, "camera/step_%06zu.png", step);
		char *path = path_join(r->s->out, name);
		onn_status status = path ? onn_image_load(&grey, path) : ONN_ERROR_MEMORY;
		if (!status && onn_array_shape(grey)[0] == n && onn_array_shape(grey)[1] == n) {
			status = onn_array_convert(&t->picture[t->count], grey, ONN_F64);
			if (!status)
				t->step[t->count++] = step;
		}
		onn_array_destroy(grey);
		free(path);
		if (status == ONN_ERROR_MEMORY) {
			command_fail(&command_design, "progress.png is not drawn: no memory");
			return false;
		}
	}
	return true;
}

static void write_tiles(FILE *script, const tiles *t)
{
	for (size_t i = 0; i < t->count; i++) {
		char name[32];
		snprintf(name, sizeof name, "tile%zu", i);
		write_matrix(script, name, onn_array_const_data(t->picture[i]),
		    onn_array_shape(t->picture[i])[0], true);
	}
	write_frame(script, t->design);
	fputs(LIGHT "set cbrange [0:1]\nunset colorbox\n", script);
}

static void write_tile(FILE *script, const tiles *t, size_t i)
{
	char name[32];

	snprintf(name, sizeof name, "tile%zu", i);
	fprintf(script, "set title '%zu update%s' offset 0,-0.7\n", t->step[i],
	    t->step[i] == 1 ? "" : "s");
	plot_block(script, t->design, name, "$3");
}

/* Pixels: a square each, a title above it, names and numbers of axes at the left and below. */
enum { TILE = 235, TILE_GAP = 22, TILE_TITLE = 32, TILE_LEFT = 70, TILE_BELOW = 48 };

static int tiles_width(size_t columns) { return TILE_LEFT + (int)columns * (TILE + TILE_GAP); }
static int tiles_height(size_t rows) { return TILE_BELOW + (int)rows * (TILE + TILE_TITLE); }

static void write_progress(FILE *script, const void *user)
{
	const tiles *t = user;
	size_t columns = (size_t)ceil(sqrt((double)t->count));
	size_t rows = (t->count + columns - 1) / columns;
	double width = tiles_width(columns), height = tiles_height(rows);

	write_tiles(script, t);
	fprintf(script,
	    "set multiplot layout %zu,%zu margins screen %g,%g,%g,%g spacing screen %g,%g\n", rows,
	    columns, TILE_LEFT / width, 1 - TILE_GAP / width, TILE_BELOW / height,
	    1 - TILE_TITLE / height, TILE_GAP / width, TILE_TITLE / height);
	for (size_t i = 0; i < t->count; i++) {
		write_names(script, t->design, i + columns >= t->count, i % columns == 0);
		write_tile(script, t, i);
	}
	fputs("unset multiplot\n", script);
}

/* A frame a picture; the last stays for a while. */
static void write_film(FILE *script, const void *user)
{
	enum { REST = 8 };
	const tiles *t = user;

	write_tiles(script, t);
	fputs("set lmargin at screen 0.16\nset rmargin at screen 0.98\nset bmargin at screen 0.12\n"
	      "set tmargin at screen 0.93\n",
	    script);
	for (size_t i = 0; i < t->count + REST; i++)
		write_tile(script, t, i < t->count ? i : t->count - 1);
}

/* ---- all ---- */

static plot_result draw(const design_figures *f, const char *name, int width, int height,
    void (*write)(FILE *script, const void *user), const void *user)
{
	char *path = path_join(f->run->s->out, name);
	plot_result result = PLOT_FAILED;

	if (path)
		result = plot_draw(&command_design, path, width, height, write, user);
	else
		command_fail(&command_design, "%s is not drawn: no memory", name);
	free(path);
	return result;
}

int design_figures_draw(const design_figures *f)
{
	tiles t;

	plot_result result = draw(f, "sheet.png", 1290, 880, write_sheet, f);
	if (result == PLOT_NO_GNUPLOT) {
		if (!f->run->s->quiet)
			printf("no figures: gnuplot is not installed (Debian: gnuplot-nox)\n");
		return EXIT_OK;
	}
	if (result == PLOT_DRAWN)
		result = draw(f, "loss.svg", 760, 480, write_loss_figure, f);
	if (result == PLOT_DRAWN)
		result = draw(f, "loss.png", 760, 480, write_loss_figure, f);
	if (!load_tiles(&t, f->run))
		result = PLOT_FAILED;
	size_t columns = (size_t)ceil(sqrt((double)t.count));
	size_t rows = t.count ? (t.count + columns - 1) / columns : 0;
	if (result == PLOT_DRAWN && t.count)
		result = draw(f, "progress.png", tiles_width(columns), tiles_height(rows),
		    write_progress, &t);
	if (result == PLOT_DRAWN && t.count && f->run->s->film)
		result = draw(f, "progress.gif", 440, 440, write_film, &t);
	for (size_t i = 0; i < t.count; i++)
		onn_array_destroy(t.picture[i]);
	return result == PLOT_DRAWN ? EXIT_OK : EXIT_FAILED;
}
