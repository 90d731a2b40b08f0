/* Figures by gnuplot. */
#ifndef ONN_APPS_PLOT_H
#define ONN_APPS_PLOT_H

#include <stdbool.h>
#include <stdio.h>

#include "command.h"

/* Whether the path ends in .png, .svg or .pdf, or where film is true in .gif, and its folder is
 * there, or it is NULL; an exit status, the error printed. option: "--plot". */
int plot_check_path(const command *c, const char *option, const char *path, bool film);

/* Whether the path ends in .gif: each plot, or multiplot, is a frame. NULL is none. */
bool plot_is_film(const char *path);

typedef enum plot_result {
	PLOT_DRAWN,
	PLOT_NO_GNUPLOT, /* it is not installed; nothing was printed */
	PLOT_FAILED      /* the reason has been printed */
} plot_result;

/*
 * Draws a figure into path. write puts gnuplot's commands, data included ($name << END), into the
 * script; the terminal is set before it. The file is whole or untouched.
 */
plot_result plot_draw(const command *c, const char *path, int width, int height,
    void (*write)(FILE *script, const void *user), const void *user);
/* The same of a film of so many frames, which takes a while: on a terminal a bar, in a pipe a line
 * that says so, on standard error; quiet: neither. write calls plot_frame behind each frame. */
plot_result plot_draw_film(const command *c, const char *path, int width, int height,
    void (*write)(FILE *script, const void *user), const void *user, size_t frames, bool quiet);
void plot_frame(FILE *script);

/* The same into an open file on disk, of the format that name ends in; messages call it so. */
plot_result plot_into(const command *c, FILE *drawn, const char *name, int width, int height,
    void (*write)(FILE *script, const void *user), const void *user);

/* The command's exit status of it; prints that gnuplot is missing. what needs it: "--plot". */
int plot_code(const command *c, const char *what, plot_result result);

/* An axis in SI over `factor` is in `text`, so that its numbers have few digits: "µm", "ns". */
typedef struct plot_unit {
	double factor;
	const char *text; /* "" of a plain number */
} plot_unit;
plot_unit plot_unit_of(double largest, const char *unit);

/* A phase comes round, and so do its colours: light at 0, where most plates begin, dark at pi. */
#define PLOT_PHASES                                                                                \
	"set palette model RGB defined (0 '#f2f2f2', 1 '#4a90c8', 2 '#14142a', 3 '#c8584a', "      \
	"4 '#f2f2f2')\nset cbrange [0:2*pi]\nset cbtics ('0' 0, 'π' pi, '2π' 2*pi)\n"

/* Light: from black by violet and orange to pale yellow, as bright as they are large (inferno of
 * matplotlib, at six places). */
#define PLOT_LIGHT_STEPS                                                                           \
	{0, 0, 4}, {66, 10, 104}, {147, 38, 103}, {221, 81, 58}, {252, 165, 10}, { 252, 255, 164 }
#define PLOT_LIGHT                                                                                 \
	"set palette model RGB defined (0 '#000004', 1 '#420a68', 2 '#932667', 3 '#dd513a', "      \
	"4 '#fca50a', 5 '#fcffa4')\n"
/* Numbers of both signs: blue below 0, white, red above. */
#define PLOT_SIGNED                                                                                \
	"set palette model RGB defined (0 '#00304f', 1 '#0072b2', 2 '#9fcbe6', 3 '#f7f7f7', "      \
	"4 '#f3c19a', 5 '#d55e00', 6 '#662200')\n"

/* Anybody's text, in quotes, without what ends a line, cut to so many bytes. */
void plot_quote(FILE *script, const char *text, size_t most);

/* A logarithmic y axis for values from low > 0 to high, with labels that are enough to read it. */
void plot_log_axis(FILE *script, double low, double high);

/* What write does when it cannot go on: gnuplot ends there, and the figure is not drawn. why: no
 * quotes. */
void plot_give_up(FILE *script, const char *why);

#endif
