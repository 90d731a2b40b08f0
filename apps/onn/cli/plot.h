/* Figures by gnuplot. */
#ifndef ONN_APPS_PLOT_H
#define ONN_APPS_PLOT_H

#include <stdbool.h>
#include <stdio.h>

#include "command.h"

/* Whether the path ends in .svg or .png. */
bool plot_path_fits(const char *path);

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

/* A phase comes round, and so do its colours: light at 0, where most plates begin, dark at pi. */
#define PLOT_PHASES                                                                                \
	"set palette model RGB defined (0 '#f2f2f2', 1 '#4a90c8', 2 '#14142a', 3 '#c8584a', "      \
	"4 '#f2f2f2')\nset cbrange [0:2*pi]\nset cbtics ('0' 0, 'π' pi, '2π' 2*pi)\n"

/* A logarithmic y axis for values from low > 0 to high, with labels that are enough to read it. */
void plot_log_axis(FILE *script, double low, double high);

/* What write does when it cannot go on: gnuplot ends there, and the figure is not drawn. why: no
 * quotes. */
void plot_give_up(FILE *script, const char *why);

#endif
