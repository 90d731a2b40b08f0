/*
 * Pictures of fields and arrays: what is shown of each number, and on which axes.
 */
#ifndef ONN_APPS_PICTURE_H
#define ONN_APPS_PICTURE_H

#include <onn/array.h>
#include <onn/optics.h>
#include <onn/settings.h>

#include "command.h"
#include "plot.h"

typedef enum picture_quantity {
	PICTURE_AUTO, /* intensity and phase of complex numbers, real ones as they are */
	PICTURE_INTENSITY,
	PICTURE_AMPLITUDE,
	PICTURE_PHASE,
	PICTURE_REAL,
	PICTURE_IMAGINARY
} picture_quantity;

/* How it is to look: settings, for rows of options. */
typedef struct picture_look {
	picture_quantity show;
	double decades; /* of a logarithmic scale; 0: linear */
	double gamma;   /* colours go by value^gamma */
	double most;    /* the end of the scale; 0: the largest number */
	bool each;      /* panels have scales of their own */
	bool quiet;     /* nothing is said of how far a film is; no setting */
} picture_look;
const onn_settings *picture_look_settings(void);
#define PICTURE_LOOK_INIT                                                                          \
	{                                                                                          \
		.gamma = 1                                                                         \
	}

/* Options that each command with pictures has; LOOK(name) is a row's beginning there. */
#define PICTURE_ROWS                                                                               \
	{LOOK("show"),                                                                             \
	    .help = "what a picture shows; auto: intensity and phase of light, real numbers as "   \
	            "they are"},                                                                   \
	    {LOOK("log"), .help = "decades of a logarithmic scale of a picture; 0: linear"},       \
	{                                                                                          \
		LOOK("gamma"), .help = "a picture's colours go by value^X: below 1 shows faint "   \
		                       "light"                                                     \
	}

/* And those whose pictures take a while. */
#define PICTURE_QUIET_ROW                                                                          \
	{                                                                                          \
		OPTION("quiet", NONE, look.quiet),                                                 \
		    .help = "say nothing of how far runs and films are"                            \
	}

/* An axis: where index 0 is, and the way to the next. */
typedef struct picture_axis {
	const char *name; /* "x" */
	double first, step;
	const char *unit; /* "m"; "": plain numbers; NULL: pixels */
} picture_axis;

typedef struct picture_source {
	const char *title;       /* NULL: none */
	const onn_array *a;      /* [..., y, x] of any type; [x]: one row */
	picture_axis axis[2];    /* y, x */
	const double *along;     /* of a stack: a number for each panel, NULL: they are counted */
	const char *along_name;  /* "z" */
	const char *along_unit;  /* "m"; NULL: none */
	const char *const *name; /* of a stack: a name for each panel, too; NULL: none */
	bool free_shape;         /* axes of two kinds: no common scale */
} picture_source;

/* Axes of a grid; in pixels where its pitch is 0. */
void picture_axes(picture_axis axis[2], const onn_grid *grid);
/* Draws into a file of .png, .svg or .pdf; an exit status, the reason printed. */
int picture_draw(
    const command *c, const char *path, const picture_source *p, const picture_look *look);
/* The same into an open file on disk, of the format that name ends in. */
plot_result picture_into(const command *c, FILE *drawn, const char *name, const picture_source *p,
    const picture_look *look);

#endif
