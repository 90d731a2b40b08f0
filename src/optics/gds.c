/*
 * GDSII: records of a length, a kind and a type of data, all numbers with the most significant byte
 * first. A cell is a structure, a rectangle a boundary of five points.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/fabrication.h>

#include "core/memory.h"
#include "core/options.h"
#include "core/os.h"
#include "optics/merge.h"

static const char *const function = "onn_gds_write";

/* Kind and type of data of the records. */
enum {
	HEADER = 0x0002,
	BGNLIB = 0x0102,
	LIBNAME = 0x0206,
	UNITS = 0x0305,
	ENDLIB = 0x0400,
	BGNSTR = 0x0502,
	STRNAME = 0x0606,
	ENDSTR = 0x0700,
	BOUNDARY = 0x0800,
	LAYER = 0x0d02,
	DATATYPE = 0x0e02,
	XY = 0x1003,
	ENDEL = 0x1100
};

enum { MAX_PLATES = 100, MAX_LAYER = 255, MAX_LEVEL = 65535 };

typedef struct writer {
	unsigned char *file;
	size_t bytes, room;
	bool failed; /* no memory */
	const onn_grid *grid;
	const onn_gds *options;
	/* of the plate at hand */
	onn_gds_report *report;
	onn_merge_map map;
	unsigned layer; /* of masks */
	bool across;    /* columns are looked at as rows, and not drawn */
	bool used[MAX_LAYER + 1];
} writer;

/* ---- records ---- */

static void put(writer *w, uint64_t value, size_t bytes)
{
	w->failed = w->failed || !onn_grow(&w->file, &w->room, w->bytes + bytes, 1);
	for (size_t i = bytes; i-- > 0 && !w->failed;)
		w->file[w->bytes++] = (unsigned char)(value >> 8 * i);
}

static void put_record(writer *w, unsigned kind, size_t bytes)
{
	put(w, 4 + bytes, 2);
	put(w, kind, 2);
}

static void put_short(writer *w, unsigned kind, unsigned value)
{
	put_record(w, kind, 2);
	put(w, value, 2);
}

/* Filled up with a 0 to an even length. */
static void put_text(writer *w, unsigned kind, const char *text)
{
	size_t length = strlen(text);
	put_record(w, kind, length + length % 2);
	for (size_t i = 0; i < length + length % 2; i++)
		put(w, (unsigned char)text[i], 1);
}

/* When it was changed and looked at; equal plates make equal files, so it is always then. */
static void put_dates(writer *w, unsigned kind)
{
	static const unsigned then[] = {1970, 1, 1, 0, 0, 0};
	put_record(w, kind, 24);
	for (size_t i = 0; i < 12; i++)
		put(w, then[i % 6], 2);
}

/* A number > 0 of 8 bytes: a sign, 7 bits of a power of 16 with 64 added, 56 bits behind the
 * point. */
static void put_real(writer *w, double x)
{
	int power = 0;
	double fraction = frexp(x, &power);
	int up = (4 - (power % 4 + 4) % 4) % 4, sixteens = (power + up) / 4;
	uint64_t bits = (uint64_t)ldexp(fraction, 56 - up);
	put(w, (uint64_t)(sixteens + 64) << 56 | bits, 8);
}

/* ---- a plate ---- */

/* Where the corner before pixel i is, in units. */
static double corner(writer *w, double middle, double pitch, size_t i, size_t n)
{
	double at = (middle + pitch * ((double)i - (double)(n / 2) - .5)) / w->options->unit;
	double whole = floor(at + .5);
	w->report->rounding = fmax(w->report->rounding, fabs(whole - at) * w->options->unit);
	return whole;
}

static void put_rectangle(writer *w, unsigned layer, const onn_merged *r)
{
	const onn_grid *g = w->grid;
	double x0 = corner(w, g->x0, g->dx, r->column0, g->nx),
	       x1 = corner(w, g->x0, g->dx, r->column1, g->nx),
	       y0 = corner(w, g->y0, g->dy, r->row0, g->ny),
	       y1 = corner(w, g->y0, g->dy, r->row1, g->ny);
	const double x[] = {x0, x1, x1, x0, x0}, y[] = {y0, y0, y1, y1, y0};
	put_record(w, BOUNDARY, 0);
	put_short(w, LAYER, layer);
	put_short(w, DATATYPE, 0);
	put_record(w, XY, 40);
	for (int i = 0; i < 5; i++) {
		put(w, (uint32_t)(int32_t)x[i], 4);
		put(w, (uint32_t)(int32_t)y[i], 4);
	}
	put_record(w, ENDEL, 0);
	w->report->rectangles++;
	w->used[layer] = true;
}

/* Of masks, what lies between a line and the plate's border is no space between two. */
static void measure(writer *w, const onn_merged *r)
{
	bool masks = w->options->layers == ONN_GDS_MASKS;
	if (masks && !r->kind && (r->column0 == 0 || r->column1 == w->map.columns))
		return;
	double pitch = w->across ? w->grid->dy : w->grid->dx;
	double width = pitch * (double)(r->column1 - r->column0);
	onn_gds_report *report = w->report;
	if (report->narrowest == 0 || width < report->narrowest)
		report->narrowest = width;
	/* pixels of a pitch that has no double are as wide as they say */
	report->narrower += width < w->options->feature * (1 - 1e-9);
}

static bool take_rectangle(void *user, const onn_merged *r)
{
	writer *w = user;
	bool masks = w->options->layers == ONN_GDS_MASKS;
	measure(w, r);
	if (!w->across && !(masks && !r->kind))
		put_rectangle(w, masks ? w->layer : r->kind, r);
	return !w->failed;
}

static void count_contacts(writer *w)
{
	const onn_merge_map *m = &w->map;
	for (size_t y = 1; y < m->rows; y++)
		for (size_t x = 1; x < m->columns; x++) {
			uint32_t a = onn_merge_kind(m, y - 1, x - 1),
			         b = onn_merge_kind(m, y - 1, x), c = onn_merge_kind(m, y, x - 1),
			         d = onn_merge_kind(m, y, x);
			bool rising = a == d && a != b && a != c,
			     falling = b == c && b != a && b != d;
			w->report->contacts += rising + (falling && m->mask != 1);
		}
}

static bool take_kinds(writer *w, const int32_t *level, unsigned shift, uint32_t mask)
{
	size_t ny = w->grid->ny, nx = w->grid->nx;
	w->map = (onn_merge_map){ny, nx, nx, 1, level, shift, mask};
	w->across = false;
	count_contacts(w);
	if (!onn_merge(&w->map, take_rectangle, w))
		return false;
	w->map = (onn_merge_map){nx, ny, 1, nx, level, shift, mask};
	w->across = true;
	return onn_merge(&w->map, take_rectangle, w);
}

static bool put_plate(writer *w, size_t k, const int32_t *level)
{
	uint32_t all = 0;
	char name[32];
	for (size_t i = 0; i < w->grid->ny * w->grid->nx; i++)
		all |= (uint32_t)level[i];
	snprintf(name, sizeof name, "plate_%02zu", k);
	put_dates(w, BGNSTR);
	put_text(w, STRNAME, name);
	memset(w->used, 0, sizeof w->used);
	bool good = true;
	if (w->options->layers == ONN_GDS_LEVELS)
		good = take_kinds(w, level, 0, UINT32_MAX);
	else
		for (w->layer = 0; all >> w->layer && good; w->layer++)
			good = take_kinds(w, level, w->layer, 1);
	for (size_t i = 0; i <= MAX_LAYER; i++)
		w->report->layers += w->used[i];
	put_record(w, ENDSTR, 0);
	return good && !w->failed;
}

/* ---- the file ---- */

static onn_status write_file(
    writer *w, onn_gds_report *report, const char *path, const int32_t *level, size_t plates)
{
	onn_gds_report unwanted;
	bool good = true;
	put_short(w, HEADER, 600);
	put_dates(w, BGNLIB);
	put_text(w, LIBNAME, "onn");
	put_record(w, UNITS, 16);
	put_real(w, w->options->unit / 1e-6); /* users count in micrometres */
	put_real(w, w->options->unit);
	for (size_t k = 0; k < plates && good; k++) {
		w->report = report ? &report[k] : &unwanted;
		*w->report = (onn_gds_report){0};
		good = put_plate(w, k, level + k * w->grid->ny * w->grid->nx);
	}
	put_record(w, ENDLIB, 0);
	if (!good || w->failed)
		return onn_error_memory(function, w->bytes);
	return onn_file_write(path, w->file, w->bytes);
}

/* ---- what is given ---- */

static onn_status check_options(const onn_gds *o, const onn_grid *g)
{
	if (o->layers > ONN_GDS_MASKS)
		return onn_error(ONN_ERROR_ARGUMENT, "%s: layers is %d; expected levels or masks",
		    function, (int)o->layers);
	if (!(o->unit > 0 && isfinite(o->unit)) || !(o->feature >= 0 && isfinite(o->feature)))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: a unit of %g m, features from %g m on; expected a unit > 0 and a feature "
		    ">= 0, "
		    "both finite",
		    function, o->unit, o->feature);
	double far = fmax(fabs(g->x0) + g->dx * ((double)g->nx / 2 + 1),
	    fabs(g->y0) + g->dy * ((double)g->ny / 2 + 1));
	if (!(fmin(g->dx, g->dy) >= o->unit) || !(far / o->unit < INT32_MAX))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: pixels of %g m by %g m up to %g m from the origin in units of %g m; "
		    "expected pixels of a unit or more, and fewer than 2^31 units",
		    function, g->dy, g->dx, far, o->unit);
	return ONN_OK;
}

static onn_status check_levels(const onn_array *level, const onn_grid *g, onn_gds_layers layers)
{
	size_t ndim = level ? onn_array_ndim(level) : 0;
	const size_t *shape = level ? onn_array_shape(level) : NULL;
	char text[128];
	bool fits = (ndim == 2 || ndim == 3) && onn_array_type(level) == ONN_I32 &&
	            shape[ndim - 2] == g->ny && shape[ndim - 1] == g->nx &&
	            (ndim == 2 || (shape[0] >= 1 && shape[0] <= MAX_PLATES));
	if (!fits)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: level is %s of %s on a grid [%zu, %zu]; expected i32 of the grid's shape, "
		    "or "
		    "up to %d of them",
		    function, level ? onn_shape_text(text, sizeof text, ndim, shape) : "",
		    level ? onn_type_name(onn_array_type(level)) : "nothing", g->ny, g->nx,
		    MAX_PLATES);
	const int32_t *x = onn_array_const_data(level),
	              most = layers == ONN_GDS_LEVELS ? MAX_LAYER : MAX_LEVEL;
	for (size_t i = 0; i < onn_array_count(level); i++)
		if (x[i] < 0 || x[i] > most)
			return onn_error(ONN_ERROR_ARGUMENT,
			    "%s: level at row %zu, column %zu of plate %zu is %d; expected 0 to "
			    "%d%s",
			    function, i / g->nx % g->ny, i % g->nx, i / g->nx / g->ny, (int)x[i],
			    (int)most, layers == ONN_GDS_LEVELS ? ", each a layer" : "");
	return ONN_OK;
}

onn_status onn_gds_write(onn_gds_report *report, const char *path, const onn_array *level,
    const onn_grid *grid, const onn_gds *options)
{
	onn_gds own = ONN_GDS_INIT;
	onn_status status = onn_options_take(&own, options, function, "ONN_GDS_INIT");
	if (!status)
		status = onn_grid_check(grid);
	if (!status)
		status = check_options(&own, grid);
	if (!status)
		status = check_levels(level, grid, own.layers);
	if (status)
		return status;
	writer *w = calloc(1, sizeof *w);
	if (!w)
		return onn_error_memory(function, sizeof *w);
	w->grid = grid;
	w->options = &own;
	status = write_file(w, report, path, onn_array_const_data(level),
	    onn_array_ndim(level) == 3 ? onn_array_shape(level)[0] : 1);
	free(w->file);
	free(w);
	return status;
}
