/*
 * What propagation is asked for, checked and with its defaults filled in.
 */
#ifndef ONN_SRC_OPTICS_REQUEST_H
#define ONN_SRC_OPTICS_REQUEST_H

#include "core/settings.h"
#include "optics/light.h"

extern const onn_words onn_method_words, onn_evanescent_words;

typedef struct onn_request {
	const char *function;
	const onn_grid *grid;
	const onn_light *light;
	double z;
	onn_propagation how; /* method as asked for; to: never all zeros */
	size_t pad[2];       /* of methods that convolve circularly */
} onn_request;

/* ONN_ERROR_ARGUMENT; propagation may be NULL. grid and light are lent. */
onn_status onn_request_make(onn_request *r, const char *function, const onn_grid *grid,
    const onn_light *light, double z, const onn_propagation *propagation);
/* The method, with auto's choice made. */
onn_method onn_request_method(const onn_request *r);

/* Whether the memory holds rs' kernel. */
bool onn_request_rs_fits(const onn_request *r);

#endif
