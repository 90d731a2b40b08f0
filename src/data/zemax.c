/*
 * OpticStudio's grids of phase, as text: nx ny delx dely unitflag xdec ydec, and then for each
 * point its phase in radians and the derivatives along x, along y and along both; from the row at
 * the largest y down, from the smallest x on.
 *
 * Ansys Zemax OpticStudio User Guide, Grid Sag and Grid Phase.
 */
#include <math.h>

#include <onn/fabrication.h>

#include "core/element.h"
#include "core/error.h"
#include "core/memory.h"
#include "core/number.h"
#include "core/os.h"
#include "core/pi.h"
#include "core/text.h"
#include "data/lines.h"

enum { LEAST = 5 /* points along a side, for its splines */ };

/* ---- writing ---- */

static const double *row_of(const onn_array *phase, const onn_grid *g, size_t iy)
{
	return (const double *)onn_array_const_data(phase) + iy * g->nx;
}

/* Whole turns between neighbours are no slope. */
static double along_x(const double *row, size_t ix, const onn_grid *g)
{
	size_t a = ix ? ix - 1 : 0, b = ix + 1 < g->nx ? ix + 1 : ix;
	double way = 0;
	for (size_t i = a; i < b; i++)
		way += remainder(row[i + 1] - row[i], ONN_TWO_PI);
	return way / ((double)(b - a) * g->dx);
}

static double along_y(const onn_array *phase, size_t iy, size_t ix, const onn_grid *g)
{
	size_t a = iy ? iy - 1 : 0, b = iy + 1 < g->ny ? iy + 1 : iy;
	double way = 0;
	for (size_t i = a; i < b; i++)
		way += remainder(row_of(phase, g, i + 1)[ix] - row_of(phase, g, i)[ix], ONN_TWO_PI);
	return way / ((double)(b - a) * g->dy);
}

static double along_both(const onn_array *phase, size_t iy, size_t ix, const onn_grid *g)
{
	size_t a = iy ? iy - 1 : 0, b = iy + 1 < g->ny ? iy + 1 : iy;
	return (along_x(row_of(phase, g, b), ix, g) - along_x(row_of(phase, g, a), ix, g)) /
	       ((double)(b - a) * g->dy);
}

static void add(onn_text *text, double x, char end)
{
	char number[ONN_NUMBER_ROOM];
	onn_text_add(text, "%s%c", onn_number_format(number, "%.9g", x), end);
}

/* Millimetres; the middle of an even number of points is half a pitch beside index n/2. */
static void add_header(onn_text *text, const onn_grid *g)
{
	onn_text_add(text, "%zu %zu ", g->nx, g->ny);
	add(text, 1e3 * g->dx, ' ');
	add(text, 1e3 * g->dy, ' ');
	onn_text_add(text, "0 ");
	add(text, 1e3 * (g->x0 - (g->nx % 2 ? 0 : g->dx / 2)), ' ');
	add(text, 1e3 * (g->y0 - (g->ny % 2 ? 0 : g->dy / 2)), '\n');
}

static onn_status check(const onn_array *phase, const onn_grid *grid)
{
	static const char *const function = "onn_zemax_write";
	const size_t *shape = phase ? onn_array_shape(phase) : NULL;
	onn_status status = onn_grid_check(grid);
	if (status)
		return status;
	if (!phase || onn_array_ndim(phase) != 2 || shape[0] != grid->ny || shape[1] != grid->nx ||
	    !onn_type_is_float(onn_array_type(phase)) || onn_type_is_complex(onn_array_type(phase)))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: phase has %zu axes of %s; expected real numbers [%zu, %zu], as the grid",
		    function, phase ? onn_array_ndim(phase) : 0,
		    phase ? onn_type_name(onn_array_type(phase)) : "nothing", grid->ny, grid->nx);
	if (grid->ny < LEAST || grid->nx < LEAST)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: the grid is [%zu, %zu]; expected %d points a side or more, as OpticStudio "
		    "does",
		    function, grid->ny, grid->nx, LEAST);
	size_t at = onn_first_not_finite(phase);
	if (at != SIZE_MAX)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: phase at row %zu, column %zu is not finite", function, at / grid->nx,
		    at % grid->nx);
	return ONN_OK;
}

onn_status onn_zemax_write(const char *path, const onn_array *phase, const onn_grid *grid)
{
	onn_text text = ONN_TEXT_INIT;
	onn_array *f64 = NULL;
	onn_status status = check(phase, grid);
	if (!status)
		status = onn_array_convert(&f64, phase, ONN_F64);
	if (status)
		return status;
	add_header(&text, grid);
	for (size_t iy = grid->ny; iy-- > 0;)
		for (size_t ix = 0; ix < grid->nx && !text.failed; ix++) {
			add(&text, row_of(f64, grid, iy)[ix], ' ');
			add(&text, 1e-3 * along_x(row_of(f64, grid, iy), ix, grid), ' ');
			add(&text, 1e-3 * along_y(f64, iy, ix, grid), ' ');
			add(&text, 1e-6 * along_both(f64, iy, ix, grid), '\n');
		}
	onn_array_destroy(f64);
	status = text.failed ? onn_error_memory("onn_zemax_write", text.length)
	                     : onn_file_write(path, text.data, text.length);
	onn_text_free(&text);
	return status;
}

/* ---- reading ---- */

static onn_status refuse(const char *path, size_t line, const char *expected)
{
	return onn_error(ONN_ERROR_FORMAT,
	    "onn_zemax_read: line %zu of %s is none of a grid of phases; expected %s", line, path,
	    expected);
}

static onn_status read_header(onn_grid *g, onn_lines *s, const char *path)
{
	static const double unit[] = {1e-3, 1e-2, 25.4e-3, 1};
	double x[ONN_LINE_NUMBERS] = {0};
	bool good = onn_lines_next(x, s) == 7 && x[0] >= 1 && x[1] >= 1 && x[0] <= 1 << 24 &&
	            x[1] <= 1 << 24 && x[0] == floor(x[0]) && x[1] == floor(x[1]) && x[4] >= 0 &&
	            x[4] <= 3 && x[4] == floor(x[4]) && x[2] != 0 && x[3] != 0;
	if (!good)
		return refuse(path, s->line,
		    "nx ny delx dely unitflag xdec ydec, the flag being 0, 1, 2 or 3");
	double metre = unit[(size_t)x[4]];
	*g = (onn_grid){.ny = (size_t)x[1],
	    .nx = (size_t)x[0],
	    .dy = metre * fabs(x[3]),
	    .dx = metre * fabs(x[2])};
	g->y0 = metre * x[6] + (g->ny % 2 ? 0 : g->dy / 2);
	g->x0 = metre * x[5] + (g->nx % 2 ? 0 : g->dx / 2);
	return ONN_OK;
}

static onn_status read_points(onn_array *phase, const onn_grid *g, onn_lines *s, const char *path)
{
	double *to = onn_array_data(phase), x[ONN_LINE_NUMBERS];
	for (size_t iy = g->ny; iy-- > 0;)
		for (size_t ix = 0; ix < g->nx; ix++) {
			size_t count = onn_lines_next(x, s);
			if (count != 4 && count != 5)
				return refuse(path, s->line,
				    "a phase, three derivatives, and a flag or none, of each "
				    "point");
			if (count == 5 && x[4] != 0)
				return refuse(path, s->line, "a point with data, whose flag is 0");
			to[iy * g->nx + ix] = x[0];
		}
	return onn_lines_next(x, s) == 0 ? ONN_OK : refuse(path, s->line, "no more points");
}

onn_status onn_zemax_read(onn_array **phase, onn_grid *grid, const char *path)
{
	onn_grid own;
	void *file;
	size_t bytes, count;
	*phase = NULL;
	onn_status status = onn_file_read(&file, &bytes, path);
	if (status)
		return status;
	onn_lines s = {file, (const char *)file + bytes, 0};
	status = read_header(&own, &s, path);
	/* a point is a line of eight characters at least */
	if (!status && (!onn_size_mul(&count, own.ny, own.nx) || count > bytes / 8))
		status = onn_error(ONN_ERROR_FORMAT,
		    "onn_zemax_read: %s is too short for its %zu x %zu points", path, own.ny,
		    own.nx);
	if (!status)
		status = onn_array_create(phase, ONN_F64, 2, (size_t[]){own.ny, own.nx});
	if (!status)
		status = read_points(*phase, &own, &s, path);
	onn_free(file);
	if (!status && grid)
		*grid = own;
	if (status) {
		onn_array_destroy(*phase);
		*phase = NULL;
	}
	return status;
}
