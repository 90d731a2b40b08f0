/*
 * Transfer functions: tables over the frequencies of a padded grid, and the same in a graph.
 */
#ifndef ONN_SRC_OPTICS_TRANSFER_H
#define ONN_SRC_OPTICS_TRANSFER_H

#include "optics/light.h"

/* All that H depends on: equal requests have one constant in a graph. Made by onn_transfer_request,
 * whose bytes can be compared. */
typedef struct onn_transfer {
	char name[16];
	onn_method method; /* asm, band-limited, fresnel */
	onn_evanescent evanescent;
	size_t n[2];     /* y, x: padded */
	double pitch[2]; /* y, x */
	double z;
	onn_light light;
} onn_transfer;

void onn_transfer_request(onn_transfer *t, const onn_grid *grid, const onn_light *light,
    onn_method method, onn_evanescent evanescent, const size_t pad[2], double z);
/* [wavelength, ny, nx], or [ny, nx] of one wavelength, in the light's type. */
onn_status onn_transfer_make(onn_array **h, const void *transfer);
onn_node onn_transfer_node(onn_graph *g, const onn_transfer *t);
/* H of nodes: a 0-d distance, a wavelength (0-d or [wavelength, 1, 1]), each real f64 or null. */
onn_node onn_transfer_graph(
    onn_graph *g, const onn_transfer *t, onn_node distance, onn_node wavelength);
/* The largest frequency of an axis that [M]'s limit keeps, 1/m. */
double onn_transfer_band(const onn_transfer *t, int axis, double wavelength);
/* The last index whose frequency is kept, counted from frequency 0; n/2 without a limit. */
size_t onn_transfer_kept(const onn_transfer *t, int axis, double wavelength);

#endif
