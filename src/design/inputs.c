/*
 * What a design starts from, given or standard: checked, and in the design's precision.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

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

/* "[1, 3, 5]": element i of plane k. */
static const char *place(char *text, size_t room, const onn_array *a, size_t k, size_t i)
{
	size_t n = onn_array_shape(a)[onn_array_ndim(a) - 1], at[] = {k, i / n, i % n};
	bool plane = onn_array_ndim(a) == 2;

	return onn_shape_text(text, room, plane ? 2 : 3, at + plane);
}

onn_status onn_design_plane(
    onn_array **c128, const char *caller, const char *name, const onn_array *a, size_t k)
{
	const size_t *shape = onn_array_shape(a) + onn_array_ndim(a) - 2;
	size_t n = shape[0] * shape[1], bytes = n * onn_type_size(onn_array_type(a));
	onn_array *own = NULL;
	char at[100];

	onn_status status = onn_array_from(
	    &own, onn_array_type(a), 2, shape, (const char *)onn_array_const_data(a) + k * bytes);
	if (!status)
		status = onn_array_convert(c128, own, ONN_C128);
	onn_array_destroy(own);
	const double *z = status ? NULL : onn_array_const_data(*c128);
	for (size_t i = 0; i < n && !status; i++)
		if (!isfinite(z[2 * i]) || !isfinite(z[2 * i + 1]))
			status = onn_error(ONN_ERROR_ARGUMENT,
			    "%s: %s holds %g%+gi at %s; expected finite numbers", caller, name,
			    z[2 * i], z[2 * i + 1], place(at, sizeof at, a, k, i));
	if (status) {
		onn_array_destroy(*c128);
		*c128 = NULL;
	}
	return status;
}

/* An intensity is not negative, and somewhere not 0. */
static onn_status check_intensity(const char *name, const onn_array *a, const onn_array *c128)
{
	const double *z = onn_array_const_data(c128);
	double sum = 0;
	char at[100];

	if (onn_type_is_complex(onn_array_type(a)))
		return onn_error(ONN_ERROR_ARGUMENT, "%s: %s is %s; expected real numbers",
		    function, name, onn_type_name(onn_array_type(a)));
	for (size_t i = 0; i < onn_array_count(c128); i++) {
		if (z[2 * i] < 0)
			return onn_error(ONN_ERROR_ARGUMENT,
			    "%s: %s holds %g at %s; an intensity is not negative", function, name,
			    z[2 * i], place(at, sizeof at, a, 0, i));
		sum += z[2 * i];
	}
	if (sum == 0)
		return onn_error(ONN_ERROR_ARGUMENT, "%s: %s is dark everywhere", function, name);
	return ONN_OK;
}

static onn_status take(onn_designer *d, onn_array **taken, onn_type type, const char *what,
    const char *from, const onn_array *a)
{
	size_t n = d->config.design.pixels;
	char name[ONN_DESIGN_NAME_ROOM + 16];
	onn_array *c128 = NULL;

	named(name, sizeof name, what, from);
	onn_status status = check_shape(name, a, 2, (size_t[]){n, n});
	if (!status)
		status = onn_design_plane(&c128, function, name, a, 0);
	if (!status && !onn_type_is_complex(type))
		status = check_intensity(name, a, c128);
	if (!status)
		status = onn_array_convert(taken, c128, type);
	onn_array_destroy(c128);
	return status;
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
		    d, &d->target, real, "target", c->target, in->target ? in->target : smiley);
	if (!status && !in->source)
		status = onn_design_disc(&disc, &c->design);
	if (!status)
		status = take(d, &d->source, onn_type_complex(real), "source", c->source,
		    in->source ? in->source : disc);
	onn_array_destroy(smiley);
	onn_array_destroy(disc);
	return status;
}

/* A plate that nothing was given for: 1 everywhere. */
static onn_status make_plain(onn_array **c128, size_t n)
{
	onn_status status = onn_array_create(c128, ONN_C128, 2, (size_t[]){n, n});
	double *z = status ? NULL : onn_array_data(*c128);

	for (size_t i = 0; z && i < n * n; i++)
		z[2 * i] = 1;
	return status;
}

onn_status onn_designer_take_start(onn_designer *d, const onn_array *start)
{
	size_t n = d->config.design.pixels, plates = d->config.design.plates;
	bool real = start && !onn_type_is_complex(onn_array_type(start));
	char name[ONN_DESIGN_NAME_ROOM + 16];
	onn_array *plane = NULL;
	onn_status status = ONN_OK;

	named(name, sizeof name, "start", d->config.start);
	if (start)
		status = check_shape(name, start, 3, (size_t[]){plates, n, n});
	else
		status = make_plain(&plane, n);
	for (size_t k = 0; k < plates && !status; k++) {
		if (start)
			status = onn_design_plane(&plane, function, name, start, k);
		if (!status)
			status = onn_designer_write_plate(d, k, plane, real);
		if (start)
			onn_array_destroy(plane);
	}
	if (!start)
		onn_array_destroy(plane);
	return status;
}
