/*
 * onn propagate and onn source: the fields in their files.
 */
#ifndef ONN_APPS_PROPAGATE_H
#define ONN_APPS_PROPAGATE_H

#include <onn/array.h>
#include <onn/optics.h>

#include "command.h"
#include "plot/picture.h"

/* Whether the name says how a field is kept: as arrays and pictures are read, but for JPEG as they
 * are written. */
bool field_path_fits(const char *path, bool written);
#define FIELD_ENDINGS "expected a name that ends in .npy, .npz, .h5, .mat, .png or .tif"
/* Refuses a wavelength that is no length in metres on this grid; an exit status. */
int field_check_wavelength(const command *c, double wavelength, const onn_grid *grid);
/* Reads fields [..., y, x] as c64 or c128, finite numbers all of them; the caller destroys them.
 * Returns an exit code, the reason printed. */
int field_load(const command *c, const char *path, onn_type type, onn_array **a);
/* Writes fields: as arrays as they are, .png as intensity over its peak, which *peak receives, .tif
 * as intensity in floats. */
int field_save(const command *c, const char *path, const onn_array *a, double *peak);
/* A picture of fields on a grid, of several distances z (NULL: of one) a panel for each; of one
 * field at more than 8 equally spaced ones a side view, the middle line in x against z. An exit
 * status. */
int field_picture(const command *c, const char *path, const onn_array *fields, const onn_grid *grid,
    const number_list *z, const picture_look *look);
/* Whether all numbers of fields are finite; else text says which is the first that is not. */
bool field_is_finite(const onn_array *a, char *text, size_t room);

#endif
