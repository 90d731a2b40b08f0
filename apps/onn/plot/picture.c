/* Pictures of fields and arrays, by gnuplot. */
#include "picture.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <onn/settings.h>

#include "panels.h"
#include "plot.h"

/* pixels of the screen */
enum {
	LEFT = 84,
	RIGHT = 24,
	HEAD = 16,
	TITLE = 34,
	NAME = 28,
	FOOT = 76,
	GAP = 18,
	BAR = 110,
	LETTER = 7
};
enum { TIC_X = 64, TIC_Y = 36 }; /* from one number on an axis to the next, at least */

static const char *const show_list[] = {
    "auto", "intensity", "amplitude", "phase", "real", "imaginary"};
static const onn_words shows = {show_list, 6, PICTURE_AUTO, NULL, 0};

#define ROW(name, kind, member) ONN_SETTING(name, kind, picture_look, member)
static const onn_setting rows[] = {
    {ROW("show", WORD, show), .words = &shows},
    {ROW("log", REAL, decades), .low = 0, .high = 300},
    {ROW("gamma", REAL, gamma), .low = 0, .high = 10, .low_open = true},
    {ROW("max", REAL, most), .low = 0, .high = INFINITY, .low_open = true,
        .zero = "the largest number"},
    {ROW("each", BOOL, each)},
};

const onn_settings *picture_look_settings(void)
{
	static const picture_look standard = PICTURE_LOOK_INIT;
	static const onn_settings settings = {
	    "picture", rows, sizeof rows / sizeof *rows, sizeof(picture_look), &standard, NULL};
	return &settings;
}

void picture_axes(picture_axis axis[2], const onn_grid *grid)
{
	double size[2] = {(double)grid->ny, (double)grid->nx};
	double step[2] = {grid->dy, grid->dx}, middle[2] = {grid->y0, grid->x0};

	for (int i = 0; i < 2; i++) {
		bool lengths = step[i] > 0;
		axis[i] = (picture_axis){i ? "x" : "y",
		    lengths ? middle[i] - floor(size[i] / 2) * step[i] : 0, lengths ? step[i] : 1,
		    lengths ? "m" : NULL};
	}
}

/* ---- colours ---- */

/* A map of equal steps, dark to bright, at t^(1/gamma): colours then go by value^gamma, and the
 * numbers beside the bar stay as they are. */
static void write_light(FILE *script, double gamma)
{
	static const unsigned char map[][3] = {PLOT_LIGHT_STEPS};
	enum { STEPS = 64, LAST = sizeof map / sizeof *map - 1 };

	fputs("set palette model RGB defined (", script);
	for (int i = 0; i <= STEPS; i++) {
		double t = (double)i / STEPS, place = t * LAST;
		int k = place < LAST ? (int)place : LAST - 1;
		fprintf(script, "%s%.9g", i ? ", " : "", pow(t, 1 / gamma));
		for (int rgb = 0; rgb < 3; rgb++)
			fprintf(script, " %.4f",
			    (map[k][rgb] + (place - k) * (map[k + 1][rgb] - map[k][rgb])) / 255);
	}
	fputs(")\n", script);
}

static void write_scale(FILE *script, const panels *all, const panel *p)
{
	const picture_look *look = all->look;

	fputs("unset logscale cb\nset format cb '%g'\nset cbtics autofreq\n", script);
	if (p->quantity == PICTURE_PHASE) {
		fputs(PLOT_PHASES, script);
		return;
	}
	if (p->low < 0)
		fputs(PLOT_SIGNED, script);
	else
		write_light(script, look->gamma);
	if (look->decades > 0 && p->low >= 0)
		fprintf(script,
		    "set logscale cb\nset format cb '10^{%%L}'\nset cbrange [%.9g:%.9g]\n",
		    p->high * pow(10, -look->decades), p->high);
	else
		fprintf(script, "set cbrange [%.9g:%.9g]\n", p->low, p->high);
}

/* ---- places ---- */

typedef struct figure {
	const panels *all;
	int wide, high;
	int column;   /* from the left of a panel to the left of the next */
	bool between; /* there is room for scales between panels */
} figure;

static figure layout(const panels *all)
{
	figure f = {.all = all};

	for (size_t i = 0; i < all->count; i++)
		f.between |= all->panel[i].bar && all->panel[i].column + 1 < all->columns;
	f.column = all->wide + (f.between ? BAR : 0) + GAP;
	f.wide =
	    LEFT + (int)all->columns * f.column + (f.between || all->from_y == 1 ? 0 : BAR) + RIGHT;
	f.high = HEAD + (all->p->title ? TITLE : 0) + (int)all->rows * (all->high + NAME) + FOOT;
	return f;
}

static void write_place(FILE *script, const figure *f, const panel *p)
{
	int left = LEFT + (int)p->column * f->column;
	int top = f->high - HEAD - (f->all->p->title ? TITLE : 0) - NAME -
	          (int)p->row * (f->all->high + NAME);
	double w = f->wide, h = f->high;

	fprintf(script,
	    "set lmargin at screen %.9g\nset rmargin at screen %.9g\n"
	    "set tmargin at screen %.9g\nset bmargin at screen %.9g\n",
	    left / w, (left + f->all->wide) / w, top / h, (top - f->all->high) / h);
	if (p->bar)
		fprintf(script, "set colorbox user origin screen %.9g,%.9g size screen %.9g,%.9g\n",
		    (left + f->all->wide + 10) / w, (top - f->all->high) / h, 14 / w,
		    f->all->high / h);
	else
		fputs("unset colorbox\n", script);
}

/* ---- axes ---- */

static plot_unit scale_of(const picture_axis *axis, double largest)
{
	return axis->unit ? plot_unit_of(largest, axis->unit) : (plot_unit){1, "pixels"};
}

static double reach(const picture_axis *axis, size_t count)
{
	double last = axis->first + axis->step * (double)(count - 1);
	return fmax(fabs(axis->first), fabs(last));
}

/* Axes of one kind have one unit. */
static plot_unit axis_scale(const panels *all, int which)
{
	const picture_axis *axis = all->p->axis;
	double y = reach(&axis[0], all->from_y), x = reach(&axis[1], all->from_x);
	bool both = !all->p->free_shape && all->from_y > 1;

	return scale_of(&axis[which], both ? fmax(y, x) : which ? x : y);
}

/* Numbers on an axis at 1, 2 or 5 times a power of 10, so that they do not run into each other. */
static void write_tics(
    FILE *script, char name, const picture_axis *axis, double range, int pixels, int apart)
{
	double least = fabs(range) * apart / pixels, power = pow(10, floor(log10(least)));
	double step = least <= power ? power : least <= 2 * power ? 2 * power : 5 * power;

	if (step < least)
		step = 10 * power;
	if (!axis->unit) /* there is no half a pixel */
		step = fmax(step, 1);
	fprintf(script, "set %ctics %.9g\n", name, step);
}

/* Names and numbers stand at the left column and below the lowest panel of each column. */
static void write_axes(FILE *script, const figure *f, const panel *p)
{
	const panels *all = f->all;
	const picture_axis *axis = all->p->axis;
	plot_unit x = axis_scale(all, 1), y = axis_scale(all, 0);
	bool line = all->from_y == 1, lowest = true;

	for (size_t i = 0; i < all->count; i++)
		lowest &= all->panel[i].column != p->column || all->panel[i].row <= p->row;
	double x0 = axis[1].first / x.factor, dx = axis[1].step / x.factor;
	double y0 = axis[0].first / y.factor, dy = axis[0].step / y.factor;
	fprintf(script,
	    "set xrange [%.9g:%.9g]\nset format x '%s'\nset xlabel '%s%s%s' noenhanced\n",
	    x0 - dx / 2, x0 + dx * ((double)all->from_x - .5), lowest ? "%g" : "",
	    lowest ? axis[1].name : "", lowest && *x.text ? " / " : "", lowest ? x.text : "");
	write_tics(script, 'x', &axis[1], dx * (double)all->from_x, all->wide, TIC_X);
	if (line)
		return;
	write_tics(script, 'y', &axis[0], dy * (double)all->from_y, all->high, TIC_Y);
	fprintf(script,
	    "set yrange [%.9g:%.9g]\nset format y '%s'\nset ylabel '%s%s%s' noenhanced\n",
	    y0 + dy * ((double)all->from_y - .5), y0 - dy / 2, p->column ? "" : "%g",
	    p->column ? "" : axis[0].name, p->column || !*y.text ? "" : " / ",
	    p->column ? "" : y.text);
}

/* ---- panels ---- */

static void write_name(FILE *script, const figure *f, const panel *p)
{
	const panels *all = f->all;
	const picture_source *of = all->p;
	char text[64] = "";

	if (all->fields > 1 && of->along)
		onn_quantity_text(text, sizeof text, 4, of->along[p->field], of->along_unit);
	size_t wide = strlen(text) + (of->along_name ? strlen(of->along_name) + 3 : 0);
	bool narrow = wide * LETTER > (size_t)f->column; /* names would run into each other */
	/* "value" says less than a title */
	if (all->fields == 1)
		fprintf(script, "set title '%s'\n",
		    all->count == 1 && p->quantity == PICTURE_REAL && !all->complex && of->title
		        ? ""
		        : panels_quantity(all, p->quantity));
	else if (of->along)
		fprintf(script, "set title '%s%s%s%s%s' noenhanced\n",
		    of->name ? of->name[p->field] : "", of->name ? ", " : "",
		    narrow ? "" : of->along_name, narrow ? "" : " = ", text);
	else
		fprintf(script, "set title '%zu'\n", p->field);
}

static void write_numbers(FILE *script, const panels *all, const panel *p)
{
	double least = all->look->decades > 0 && p->quantity != PICTURE_PHASE
	                   ? p->high * pow(10, -all->look->decades)
	                   : -INFINITY;

	fputs("$p << END\n", script);
	for (size_t i = 0; i < all->ny * all->nx; i++) {
		const char *end = (i + 1) % all->nx ? " " : "\n";
		if (isnan(p->value[i]))
			fprintf(script, "NaN%s", end);
		else
			fprintf(script, "%.6g%s", fmax(p->value[i], least), end);
	}
	fputs("END\n", script);
}

/* What a bar shows; beside a small panel without the word. */
static const char *bar_label(const panels *all, const panel *p)
{
	const char *text = panels_quantity(all, p->quantity), *sign = strchr(text, '|');

	return sign && strlen(text) * LETTER > (size_t)all->high ? sign : text;
}

static void write_image(FILE *script, const figure *f, const panel *p)
{
	const panels *all = f->all;
	const picture_axis *axis = all->p->axis;
	double x = axis_scale(all, 1).factor, y = axis_scale(all, 0).factor;
	double by = (double)all->block[0], bx = (double)all->block[1];

	write_scale(script, all, p);
	/* nothing to show is neither light nor dark */
	fprintf(script,
	    "set object 1 rectangle from graph 0,0 to graph 1,1 behind fs solid fc rgb '#8c8c8c'\n"
	    "set cblabel '%s'\n"
	    "plot $p matrix using (%.9g + %.9g * $1):(%.9g + %.9g * $2):3 with image notitle\n",
	    all->fields > 1 ? bar_label(all, p) : "",
	    (axis[1].first + axis[1].step * (bx - 1) / 2) / x, axis[1].step * bx / x,
	    (axis[0].first + axis[0].step * (by - 1) / 2) / y, axis[0].step * by / y);
}

/* A field in one dimension. */
static void write_line(FILE *script, const figure *f, const panel *p)
{
	const panels *all = f->all;
	const picture_axis *axis = &all->p->axis[1];
	double x = axis_scale(all, 1).factor;

	bool numbered = !p->column || f->between;

	fputs("unset logscale y\nset ytics autofreq\nset format y '%g'\nset grid\n", script);
	if (p->quantity == PICTURE_PHASE)
		fprintf(script, "set yrange [0:2*pi]\nset ytics (%s)\n",
		    numbered ? "'0' 0, 'π' pi, '2π' 2*pi" : "'' 0, '' pi, '' 2*pi");
	else if (all->look->decades > 0)
		fprintf(script, "set logscale y\nset format y '10^{%%L}'\nset yrange [%.9g:%.9g]\n",
		    p->high * pow(10, -all->look->decades), p->high);
	else
		fprintf(script, "set yrange [%.9g:%.9g]\n", p->low, p->high * 1.05);
	if (!numbered)
		fputs("set format y ''\n", script);
	/* few numbers are points, or one alone would not be seen */
	fprintf(script,
	    "set ylabel '%s'\nplot $p matrix using (%.9g + %.9g * $1):3 with %s lt 1 notitle\n",
	    numbered ? panels_quantity(all, p->quantity) : "", axis->first / x, axis->step / x,
	    all->nx < 32 ? "linespoints" : "lines");
}

static void write_beginning(FILE *script, const char *title)
{
	fputs("set multiplot", script);
	if (title) {
		fputs(" title ", script);
		plot_quote(script, title, SIZE_MAX);
		fputs(" noenhanced", script);
	}
	fputc('\n', script);
}

static void write_picture(FILE *script, const void *user)
{
	const figure *f = user;
	const panels *all = f->all;
	bool line = all->from_y == 1;

	/* tics point out: they hide nothing */
	fputs("unset key\nunset grid\nset border 15 lw 0.7\nset tics out nomirror\n"
	      "set title offset 0,-0.7\nset ylabel offset -0.3,0\nset cblabel offset 1.6,0\n",
	    script);
	for (size_t i = 0; i < all->count; i++) {
		const panel *p = &all->panel[i];
		bool frame = all->film && i > 0 && p->field != all->panel[i - 1].field;
		if (frame) {
			fputs("unset multiplot\n", script);
			plot_frame(script);
		}
		if (i == 0 || frame)
			write_beginning(script, all->p->title);
		write_numbers(script, all, p);
		write_place(script, f, p);
		write_axes(script, f, p);
		write_name(script, f, p);
		if (line)
			write_line(script, f, p);
		else
			write_image(script, f, p);
	}
	fputs("unset multiplot\n", script);
	if (all->film)
		plot_frame(script);
}

/* Into an open file, or, where it is NULL, into the one of that name. */
static plot_result draw(const command *c, FILE *drawn, const char *path, const picture_source *p,
    const picture_look *look)
{
	panels all;
	onn_status status = panels_make(&all, p, look, plot_is_film(path));
	plot_result result = PLOT_FAILED;

	if (!status) {
		figure f = layout(&all);
		result = drawn ? plot_into(c, drawn, path, f.wide, f.high, write_picture, &f)
		               : plot_draw_film(c, path, f.wide, f.high, write_picture, &f,
		                     all.film ? all.shown : 1, look->quiet);
	}
	if (!status && all.shown < all.fields)
		fprintf(stderr, "onn %s: %s shows %zu of %zu fields, evenly spaced\n", c->name,
		    path, all.shown, all.fields);
	panels_release(&all);
	if (status)
		command_status(c, status);
	return result;
}

int picture_draw(
    const command *c, const char *path, const picture_source *p, const picture_look *look)
{
	return plot_code(c, path, draw(c, NULL, path, p, look));
}

plot_result picture_into(const command *c, FILE *drawn, const char *name, const picture_source *p,
    const picture_look *look)
{
	return draw(c, drawn, name, p, look);
}
