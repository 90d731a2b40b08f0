/*
 * What a design starts from, given or standard: checked, and in the design's precision.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/element.h"
#include "core/error.h"
#include "core/memory.h"
#include "design/designer.h"
#include "optics/element.h"

static const char *const function = "onn_designer_create";

onn_status onn_design_disc(onn_array **source, const onn_design *design)
{
	*source = NULL;
	onn_design d;
	onn_status status = onn_design_take(&d, design, "onn_design_disc");
	if (status)
		return status;
	onn_grid grid = onn_grid_square(d.pixels, d.side);
	status = onn_array_create(source, ONN_F64, 2, (size_t[]){grid.ny, grid.nx});
	if (!status)
		onn_fill_circle(onn_array_data(*source), &grid, d.aperture, 0, 0);
	return status;
}

/* "target face.npy" */
static const char *named(char *text, size_t room, const char *what, const char *name)
{
	snprintf(text, room, "%s%s%s", what, name && *name ? " " : "", name ? name : "");
	return text;
}

static onn_status check_shape(
    const char *name, const onn_array *a, size_t ndim, const size_t *shape)
{
	bool same = onn_array_ndim(a) == ndim;
	char given[128], expected[128];

	for (size_t i = 0; i < ndim && same; i++)
		same = onn_array_shape(a)[i] == shape[i];
	if (same)
		return ONN_OK;
	return onn_error(ONN_ERROR_ARGUMENT, "%s: %s is %s; expected %s", function, name,
	    onn_shape_text(given, sizeof given, onn_array_ndim(a), onn_array_shape(a)),
	    onn_shape_text(expected, sizeof expected, ndim, shape));
}

/* "[1, 3, 5]": where element i is. */
static const char *place(char *text, size_t room, const onn_array *a, size_t i)
{
	size_t at[ONN_MAX_DIMS];

	for (size_t axis = onn_array_ndim(a); axis-- > 0; i /= onn_array_shape(a)[axis])
		at[axis] = i % onn_array_shape(a)[axis];
	return onn_shape_text(text, room, onn_array_ndim(a), at);
}

onn_status onn_design_check_finite(const char *caller, const char *name, const onn_array *a)
{
	const void *data = onn_array_const_data(a);
	onn_type type = onn_array_type(a);
	size_t parts = onn_type_parts(type);
	char at[100];

	size_t first = onn_first_not_finite(a);
	if (first == SIZE_MAX)
		return ONN_OK;
	size_t i = first / parts;
	return onn_error(ONN_ERROR_ARGUMENT, "%s: %s holds %g%+gi at %s; expected finite numbers",
	    caller, name, onn_part_get(data, type, i * parts),
	    parts == 2 ? onn_part_get(data, type, i * parts + 1) : 0, place(at, sizeof at, a, i));
}

/* An intensity is real and not negative, and somewhere not 0. */
static onn_status check_intensity(const char *name, const onn_array *a)
{
	const void *data = onn_array_const_data(a);
	onn_type type = onn_array_type(a);
	double sum = 0;
	char at[100];

	if (onn_type_is_complex(type))
		return onn_error(ONN_ERROR_ARGUMENT, "%s: %s is %s; expected real numbers",
		    function, name, onn_type_name(type));
	for (size_t i = 0; i < onn_array_count(a); i++) {
		double x = onn_part_get(data, type, i);
		if (x < 0)
			return onn_error(ONN_ERROR_ARGUMENT,
			    "%s: %s holds %g at %s; an intensity is not negative", function, name,
			    x, place(at, sizeof at, a, i));
		sum += x;
	}
	if (sum == 0)
		return onn_error(ONN_ERROR_ARGUMENT, "%s: %s is dark everywhere", function, name);
	return ONN_OK;
}

static onn_status take(onn_array **taken, const onn_designer *d, onn_type type, const char *what,
    const char *from, const onn_array *a)
{
	size_t n = d->config.design.pixels;
	char name[ONN_DESIGN_NAME_ROOM + 16];

	named(name, sizeof name, what, from);
	onn_status status = check_shape(name, a, 2, (size_t[]){n, n});
	if (!status)
		status = onn_design_check_finite(function, name, a);
	if (!status && !onn_type_is_complex(type))
		status = check_intensity(name, a);
	return status ? status : onn_array_convert(taken, a, type);
}

/* own: what is made where nothing is given. */
static onn_status take_name(char *to, const char *what, const char *name, const char *own)
{
	const char *from = name ? name : own;

	if (strlen(from) >= ONN_DESIGN_NAME_ROOM)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: %s has a name of %zu bytes; expected %d at most", function, what,
		    strlen(from), ONN_DESIGN_NAME_ROOM - 1);
	strcpy(to, from);
	return ONN_OK;
}

onn_status onn_designer_take_inputs(onn_designer *d, const onn_design_inputs *in)
{
	onn_design_config *c = &d->config;
	onn_array *smiley = NULL, *disc = NULL;
	onn_type real = c->design.precision;

	onn_status status =
	    take_name(c->target, "target", in->target_name, in->target ? "" : "smiley");
	if (!status)
		status = take_name(c->source, "source", in->source_name, "");
	if (!status)
		status = take_name(c->start, "start", in->start_name, "");
	if (!status && !in->target)
		status = onn_design_smiley(&smiley, c->design.pixels);
	if (!status)
		status = take(
		    &d->target, d, real, "target", c->target, in->target ? in->target : smiley);
	if (!status && !in->source)
		status = onn_design_disc(&disc, &c->design);
	if (!status)
		status = take(&d->source, d, onn_type_complex(real), "source", c->source,
		    in->source ? in->source : disc);
	onn_array_destroy(smiley);
	onn_array_destroy(disc);
	return status;
}

/* Plates that nothing was given for: 1 everywhere. */
static onn_status write_plain(onn_designer *d)
{
	onn_array *plain = NULL;
	onn_status status = onn_array_create(&plain, ONN_C128, 2, onn_array_shape(d->target));
	double *z = status ? NULL : onn_array_data(plain);

	for (size_t i = 0; z && i < onn_array_count(plain); i++)
		z[2 * i] = 1;
	for (size_t k = 0; k < d->config.design.plates && !status; k++)
		status = onn_designer_write_plate(d, k, z, ONN_C128);
	onn_array_destroy(plain);
	return status;
}

onn_status onn_designer_take_start(onn_designer *d, const onn_array *start)
{
	size_t n = d->config.design.pixels, plates = d->config.design.plates;
	char name[ONN_DESIGN_NAME_ROOM + 16];

	if (!start)
		return write_plain(d);
	named(name, sizeof name, "start", d->config.start);
	onn_status status = check_shape(name, start, 3, (size_t[]){plates, n, n});
	if (!status)
		status = onn_design_check_finite(function, name, start);
	onn_type type = onn_array_type(start);
	const char *data = onn_array_const_data(start);
	for (size_t k = 0; k < plates && !status; k++)
		status =
		    onn_designer_write_plate(d, k, data + k * n * n * onn_type_size(type), type);
	return status;
}
