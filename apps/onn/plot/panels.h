/*
 * The panels of a picture: numbers as they are drawn, and where.
 */
#ifndef ONN_APPS_PANELS_H
#define ONN_APPS_PANELS_H

#include "picture.h"

enum { MOST_PANELS = 36, MOST_FRAMES = 120 };

typedef struct panel {
	size_t field;              /* of the stack */
	picture_quantity quantity; /* never auto */
	size_t row, column;
	double *value; /* ny nx numbers; NAN: nothing to show */
	double low, high;
	bool bar; /* has a colour bar at its right */
} panel;

typedef struct panels {
	const picture_source *p;
	const picture_look *look;
	bool complex;
	bool film;             /* a field is a frame, in place of a panel beside others */
	size_t fields;         /* of the stack */
	size_t shown;          /* of them */
	size_t from_y, from_x; /* pixels of a field */
	size_t block[2];       /* pixels that became one, along y and x */
	size_t ny, nx;         /* drawn */
	size_t count, rows, columns;
	panel *panel;
	double *numbers; /* of all panels */
	int wide, high;  /* pixels of a panel on the screen */
} panels;

/* Arranges and computes; ONN_ERROR_MEMORY, or ONN_ERROR_ARGUMENT where there is nothing to draw.
 * panels_release frees, also behind an error. */
onn_status panels_make(panels *all, const picture_source *p, const picture_look *look, bool film);
void panels_release(panels *all);
/* What the panel shows, for a title and a scale. */
const char *panels_quantity(const panels *all, picture_quantity quantity);

#endif
