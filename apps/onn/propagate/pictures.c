/* Pictures of fields: as they are, or from the side through many distances. */
#include <math.h>
#include <string.h>

#include "plot.h"
#include "propagate.h"

enum { MOST_PANELS = 8 /* of distances; more of them are seen from the side */ };

static bool equally_spaced(const number_list *z)
{
	double step = (z->value[z->count - 1] - z->value[0]) / (double)(z->count - 1);

	for (size_t i = 0; i < z->count; i++)
		if (!(fabs(z->value[i] - z->value[0] - step * (double)i) <= 1e-6 * fabs(step)))
			return false;
	return step != 0;
}

/* The middle line of each field: [x, z]. */
static onn_status cut(onn_array **side, const onn_array *fields)
{
	const size_t *shape = onn_array_shape(fields) + onn_array_ndim(fields) - 2;
	size_t ny = shape[0], nx = shape[1], count = onn_array_count(fields) / (ny * nx);
	size_t bytes = onn_type_size(onn_array_type(fields));
	onn_status status =
	    onn_array_create(side, onn_array_type(fields), 2, (size_t[]){nx, count});

	if (status)
		return status;
	const char *from = onn_array_const_data(fields);
	char *to = onn_array_data(*side);
	for (size_t i = 0; i < count; i++)
		for (size_t x = 0; x < nx; x++)
			memcpy(to + (x * count + i) * bytes,
			    from + ((i * ny + ny / 2) * nx + x) * bytes, bytes);
	return ONN_OK;
}

static int side_view(const command *c, const char *path, const onn_array *fields,
    const onn_grid *grid, const char *name, const number_list *z, const picture_look *look)
{
	onn_array *side;
	picture_axis axis[2];
	picture_look seen = *look;
	onn_status status = cut(&side, fields);

	if (status)
		return command_status(c, status);
	if (seen.show == PICTURE_AUTO)
		seen.show = PICTURE_INTENSITY;
	picture_axes(axis, grid);
	double step = (z->value[z->count - 1] - z->value[0]) / (double)(z->count - 1);
	picture_source p = {
	    .a = side, .axis = {axis[1], {name, z->value[0], step, "m"}}, .free_shape = true};
	int code = picture_draw(c, path, &p, &seen);
	onn_array_destroy(side);
	return code;
}

int field_picture(const command *c, const char *path, const onn_array *fields, const onn_grid *grid,
    const char *name, const number_list *z, const picture_look *look)
{
	size_t count = onn_array_count(fields) / (grid->ny * grid->nx);
	picture_source p = {.a = fields};

	bool side = z && count == z->count && count > MOST_PANELS && !plot_is_film(path);
	if (side && equally_spaced(z))
		return side_view(c, path, fields, grid, name, z, look);
	if (z && count == z->count && count > 1) {
		p.along = z->value;
		p.along_name = name;
		p.along_unit = "m";
	}
	picture_axes(p.axis, grid);
	return picture_draw(c, path, &p, look);
}
