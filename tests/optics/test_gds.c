/* GDSII files read back: records that fit, and rectangles that cover each level's pixels once. */
#include <onn/fabrication.h>

#include "core/os.h"
#include "core/philox.h"
#include "testing.h"

/* ---- reading ---- */

typedef struct box {
	size_t cell;
	unsigned layer;
	int32_t x0, y0, x1, y1;
} box;

typedef struct gds {
	double unit, metre; /* of the database, in micrometres and metres */
	size_t cells, count;
	box *box;
} gds;

static uint64_t big(const unsigned char *p, size_t bytes)
{
	uint64_t x = 0;
	for (size_t i = 0; i < bytes; i++)
		x = x << 8 | p[i];
	return x;
}

static double real(const unsigned char *p)
{
	return ldexp((double)(big(p, 8) & 0xffffffffffffff), 4 * ((p[0] & 0x7f) - 64) - 56);
}

static void read_points(box *b, const unsigned char *p)
{
	int32_t x[5], y[5];
	for (int i = 0; i < 5; i++) {
		x[i] = (int32_t)big(p + 8 * i, 4);
		y[i] = (int32_t)big(p + 8 * i + 4, 4);
	}
	ck_assert(x[0] == x[3] && x[1] == x[2] && y[0] == y[1] && y[2] == y[3]);
	ck_assert(x[4] == x[0] && y[4] == y[0] && x[0] < x[1] && y[0] < y[2]);
	b->x0 = x[0];
	b->x1 = x[1];
	b->y0 = y[0];
	b->y1 = y[2];
}

static gds read_gds(const char *path)
{
	void *data;
	size_t bytes, at = 0;
	gds g = {0};
	box b = {0};
	unsigned kind = 0;
	check_ok(onn_file_read(&data, &bytes, path));
	const unsigned char *p = data;
	g.box = malloc(bytes);
	for (size_t length; kind != 0x0400; at += length) {
		ck_assert(at + 4 <= bytes);
		length = (size_t)big(p + at, 2);
		kind = (unsigned)big(p + at + 2, 2);
		ck_assert(length >= 4 && length % 2 == 0 && at + length <= bytes);
		if (kind == 0x0305) {
			g.unit = real(p + at + 4);
			g.metre = real(p + at + 12);
		}
		if (kind == 0x0606)
			b.cell = g.cells++;
		if (kind == 0x0d02)
			b.layer = (unsigned)big(p + at + 4, 2);
		if (kind == 0x1003)
			read_points(&b, p + at + 4);
		if (kind == 0x1100)
			g.box[g.count++] = b;
	}
	ck_assert_uint_eq(at, bytes);
	free(data);
	return g;
}

/* ---- what holds for every file ---- */

static onn_array *levels_of(size_t plates, size_t ny, size_t nx, const int32_t *level)
{
	onn_array *a;
	check_ok(onn_array_from(
	    &a, ONN_I32, plates ? 3 : 2, (size_t[]){plates, ny, nx} + !plates, level));
	return a;
}

/* How often pixel (y, x) of a plate, `pitch` units wide, is covered in a layer. */
static int covered(const gds *g, size_t cell, unsigned layer, const onn_grid *grid, int32_t pitch,
    size_t y, size_t x)
{
	int32_t cx = pitch * ((int32_t)x - (int32_t)(grid->nx / 2)),
	        cy = pitch * ((int32_t)y - (int32_t)(grid->ny / 2));
	int times = 0;
	for (size_t i = 0; i < g->count; i++) {
		const box *b = &g->box[i];
		times += b->cell == cell && b->layer == layer && b->x0 < cx && cx < b->x1 &&
		         b->y0 < cy && cy < b->y1;
	}
	return times;
}

enum { NY = 9, NX = 14 };

/* Seven levels, in patches, of three plates. */
static void draw(int32_t level[3][NY][NX])
{
	for (size_t i = 0; i < 3 * NY * NX; i++) {
		uint32_t word[4];
		onn_philox(word, 1, (const uint32_t[]){(uint32_t)(i / 2), 0, 0, 0});
		(&level[0][0][0])[i] = (int32_t)(word[0] % 7);
	}
}

START_TEST(each_pixel_is_once_in_the_layers_of_its_level)
{
	static int32_t level[3][NY][NX];
	draw(level);
	onn_array *a = levels_of(3, NY, NX, &level[0][0][0]);
	onn_grid grid = {NY, NX, 4e-6, 4e-6, 0, 0};
	for (int masks = 0; masks < 2; masks++) {
		onn_gds options = ONN_GDS_INIT;
		onn_gds_report report[3];
		options.layers = masks ? ONN_GDS_MASKS : ONN_GDS_LEVELS;
		check_ok(onn_gds_write(report, "plates.gds", a, &grid, &options));
		gds g = read_gds("plates.gds");
		check_near(g.unit, 1e-3, 1e-18);
		check_near(g.metre, 1e-9, 1e-24);
		ck_assert_uint_eq(g.cells, 3);
		ck_assert_uint_eq(
		    g.count, report[0].rectangles + report[1].rectangles + report[2].rectangles);
		for (size_t i = 0; i < 3 * NY * NX; i++) {
			int32_t l = (&level[0][0][0])[i];
			for (unsigned layer = 0; layer < 8; layer++)
				ck_assert_int_eq(covered(&g, i / NX / NY, layer, &grid, 4000,
				                     i / NX % NY, i % NX),
				    masks ? l >> layer & 1 : (int32_t)layer == l);
		}
		for (size_t k = 0; k < 3; k++) {
			ck_assert_uint_eq(report[k].layers, masks ? 3 : 7);
			check_near(report[k].rounding, 0, 1e-20);
			check_near(report[k].narrowest, 4e-6, 1e-18);
		}
		free(g.box);
	}
	onn_array_destroy(a);
}
END_TEST

START_TEST(runs_are_merged_and_narrow_lines_counted)
{
	/* a line of one pixel's height, one of its width, and a corner that touches */
	static const int32_t level[6][6] = {{0, 0, 0, 0, 0, 0}, {0, 0, 0, 0, 0, 0},
	    {1, 1, 1, 1, 1, 1}, {0, 0, 0, 2, 0, 0}, {0, 0, 0, 2, 0, 0}, {0, 0, 0, 0, 2, 2}};
	onn_array *a = levels_of(0, 6, 6, &level[0][0]);
	onn_grid grid = {6, 6, 3e-6, 2e-6, 0, 0};
	onn_gds options = ONN_GDS_INIT;
	onn_gds_report r;
	options.feature = 4e-6;
	check_ok(onn_gds_write(&r, "lines.gds", a, &grid, &options));
	gds g = read_gds("lines.gds");
	ck_assert_uint_eq(g.count, 7);
	ck_assert_uint_eq(r.rectangles, 7);
	ck_assert_uint_eq(r.layers, 3);
	ck_assert_uint_eq(r.contacts, 1 + 1);
	check_near(r.narrowest, 2e-6, 1e-18);
	/* along x the 2 of one pixel; along y what is one pixel high: line, 0 beside and above */
	ck_assert_uint_eq(r.narrower, 4);
	free(g.box);

	/* Of masks the 2 has a bit and a layer of its own; 0 at the border is no space. */
	options.layers = ONN_GDS_MASKS;
	options.feature = 2e-6;
	check_ok(onn_gds_write(&r, "lines.gds", a, &grid, &options));
	ck_assert_uint_eq(r.rectangles, 3);
	ck_assert_uint_eq(r.layers, 2);
	ck_assert_uint_eq(r.contacts, 1);
	ck_assert_uint_eq(r.narrower, 0);
	onn_array_destroy(a);
}
END_TEST

START_TEST(corners_are_rounded_to_units_and_meet)
{
	static const int32_t level[2][3] = {{0, 1, 0}, {1, 0, 1}};
	onn_array *a = levels_of(0, 2, 3, &level[0][0]);
	onn_grid grid = {2, 3, 10.4e-9, 10.4e-9, 3e-6, -1e-6};
	onn_gds_report r;
	check_ok(onn_gds_write(&r, "fine.gds", a, &grid, NULL));
	gds g = read_gds("fine.gds");
	long area = 0;
	for (size_t i = 0; i < g.count; i++)
		area += (long)(g.box[i].x1 - g.box[i].x0) * (g.box[i].y1 - g.box[i].y0);
	ck_assert_int_eq(area, (long)(3016 - 2984) * (-995 + 1016));
	ck_assert(r.rounding > 1e-10 && r.rounding <= .5e-9);
	free(g.box);
	onn_array_destroy(a);
}
END_TEST

START_TEST(what_fits_no_file_is_refused)
{
	static const int32_t level[4] = {0, 1, 256, -1};
	onn_array *a = levels_of(0, 2, 2, level), *good = levels_of(0, 1, 2, level);
	onn_grid grid = {2, 2, 1e-6, 1e-6, 0, 0}, row = {1, 2, 1e-6, 1e-6, 0, 0};
	onn_gds options = ONN_GDS_INIT;
	check_error(onn_gds_write(NULL, "no.gds", a, &grid, NULL), ONN_ERROR_ARGUMENT,
	    "level at row 1, column 0 of plate 0 is 256; expected 0 to 255, each a layer");
	options.layers = ONN_GDS_MASKS;
	check_error(onn_gds_write(NULL, "no.gds", a, &grid, &options), ONN_ERROR_ARGUMENT,
	    "column 1 of plate 0 is -1; expected 0 to 65535");
	check_error(onn_gds_write(NULL, "no.gds", a, &row, NULL), ONN_ERROR_ARGUMENT,
	    "level is [2, 2] of i32 on a grid [1, 2]");
	check_error(onn_gds_write(NULL, "no.gds", NULL, &row, NULL), ONN_ERROR_ARGUMENT, "nothing");
	options.unit = 2e-6;
	check_error(onn_gds_write(NULL, "no.gds", good, &row, &options), ONN_ERROR_ARGUMENT,
	    "expected pixels of a unit or more");
	options.unit = 1e-9;
	row.x0 = 3;
	check_error(onn_gds_write(NULL, "no.gds", good, &row, &options), ONN_ERROR_ARGUMENT,
	    "fewer than 2^31 units");
	row.x0 = 0;
	options.feature = NAN;
	check_error(onn_gds_write(NULL, "no.gds", good, &row, &options), ONN_ERROR_ARGUMENT,
	    "features from nan m on");
	check_error(onn_gds_write(NULL, "no/folder.gds", good, &row, NULL), ONN_ERROR_FILE, "no/");
	ck_assert(!onn_file_exists("no.gds"));
	onn_array_destroy(a);
	onn_array_destroy(good);
}
END_TEST

TESTS("gds", each_pixel_is_once_in_the_layers_of_its_level,
    runs_are_merged_and_narrow_lines_counted, corners_are_rounded_to_units_and_meet,
    what_fits_no_file_is_refused)
