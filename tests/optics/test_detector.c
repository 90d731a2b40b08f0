/* Detectors: regions, readings, pairs, light that does not interfere. */
#include <onn/elements.h>

#include "optics/derivative.h"

static onn_device *device;

/* ---- layouts ---- */

/* Within the grid, and none meets another. */
static void check_layout(const onn_grid *grid, const onn_region *r, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		ck_assert(r[i].y + r[i].ny <= grid->ny && r[i].x + r[i].nx <= grid->nx);
		for (size_t k = 0; k < i; k++)
			ck_assert(r[i].y + r[i].ny <= r[k].y || r[k].y + r[k].ny <= r[i].y ||
			          r[i].x + r[i].nx <= r[k].x || r[k].x + r[k].nx <= r[i].x);
	}
}

/* Sizes of the rows, by the change of y. */
static size_t rows(const onn_region *r, size_t count, size_t *size)
{
	size_t n = 0;
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || r[i].y != r[i - 1].y)
			size[n++] = 0;
		size[n - 1]++;
	}
	return n;
}

START_TEST(ten_regions_stand_in_rows_of_3_4_and_3)
{
	onn_grid grid = onn_grid_square(200, 80e-3);
	onn_region r[20];
	size_t size[20];
	check_ok(onn_detector_layout(r, &grid, 10, 20, 20));
	check_layout(&grid, r, 10);
	ck_assert_uint_eq(rows(r, 10, size), 3);
	ck_assert(size[0] == 3 && size[1] == 4 && size[2] == 3);
	/* the middles are at 1/6, 1/2, 5/6 and at 1/8, 3/8 ... */
	ck_assert(r[0].y == 33 - 10 && r[0].x == 33 - 10 && r[9].y == 166 - 10);
	ck_assert(r[3].y == 90 && r[3].x == 15 && r[6].x == 165);
	check_ok(onn_detector_layout(r, &grid, 20, 20, 20));
	check_layout(&grid, r, 20);
	ck_assert(rows(r, 20, size) == 4 && size[0] == 5 && size[1] == 5 && size[3] == 5);
}
END_TEST

START_TEST(any_number_of_regions_finds_its_place)
{
	onn_region r[60];
	size_t size[60];
	for (size_t ny = 1; ny <= 40; ny += 13)
		for (size_t nx = 1; nx <= 47; nx += 23)
			for (size_t count = 1; count <= 60; count++) {
				onn_grid grid = {ny, nx, 1e-3, 1e-3, 0, 0};
				if (onn_detector_layout(r, &grid, count, 1, 1) != ONN_OK)
					continue;
				check_layout(&grid, r, count);
				size_t n = rows(r, count, size), high = ny / n, wide = nx;
				for (size_t i = 0; i < n; i++) {
					ck_assert(size[i] == size[n - 1 - i] || count % 2);
					ck_assert(size[i] <= size[0] + 1 && size[i] + 1 >= size[0]);
					wide = nx / size[i] < wide ? nx / size[i] : wide;
				}
				/* as large as they may be */
				check_ok(onn_detector_layout(r, &grid, count, high, wide));
				check_layout(&grid, r, count);
				check_error(onn_detector_layout(r, &grid, count, high + 1, wide),
				    ONN_ERROR_ARGUMENT, "has room");
				check_error(onn_detector_layout(r, &grid, count, high, wide + 1),
				    ONN_ERROR_ARGUMENT, "has room");
			}
}
END_TEST

/* ---- readings ---- */

enum { BATCH = 3, NY = 7, NX = 9, REGIONS = 4 };
static const onn_region region[REGIONS] = {{0, 0, 7, 9}, {1, 2, 3, 4}, {6, 8, 1, 1}, {0, 3, 7, 1}};

START_TEST(regions_are_summed)
{
	double x[BATCH * NY * NX], got[BATCH * REGIONS];
	size_t shape[] = {BATCH, 1, NY, NX};
	for (size_t i = 0; i < COUNT(x); i++)
		x[i] = sin(1.3 * (double)i) + 1;
	for (size_t from = 0; from < 3; from++) {
		onn_graph *g = new_graph();
		onn_node in = constant_of(g, ONN_F64, 4 - from, shape + from, x);
		onn_node y = onn_detect(g, in, region, REGIONS);
		ck_assert_uint_eq(onn_node_ndim(g, y), 3 - from);
		compute(device, g, &y, 1, (double *[]){got});
		for (size_t b = 0; b < (from ? 1 : BATCH); b++)
			for (size_t k = 0; k < REGIONS; k++) {
				double sum = 0;
				for (size_t i = 0; i < region[k].ny; i++)
					for (size_t j = 0; j < region[k].nx; j++)
						sum += x[(b * NY + region[k].y + i) * NX +
						         region[k].x + j];
				check_near(got[b * REGIONS + k], sum, 1e-12);
			}
		onn_graph_destroy(g);
	}
}
END_TEST

static onn_node detected(onn_graph *g, onn_node x, const void *argument)
{
	(void)argument;
	return onn_square(g, onn_detect(g, onn_square(g, x), region, REGIONS));
}

static onn_node compared(onn_graph *g, onn_node x, const void *argument)
{
	(void)argument;
	return onn_differential(g, x);
}

START_TEST(gradients_of_readings_agree_with_differences)
{
	double x[2 * NY * NX];
	for (size_t i = 0; i < COUNT(x); i++)
		x[i] = sin(1.3 * (double)i) + 1.5;
	check_derivative(device, detected, NULL, ONN_F64, 3, (size_t[]){2, NY, NX}, x, 1e-4, 1e-7);
	check_derivative(device, compared, NULL, ONN_F64, 2, (size_t[]){3, 4}, x, 1e-4, 1e-7);
}
END_TEST

/* So many that the mask of all of them would be too large; in single precision. */
START_TEST(the_gradient_of_many_regions_is_how_often_a_pixel_counts)
{
	enum { SIDE = 512, MANY = 70 };
	static double slope[SIDE * SIDE];
	size_t shape[] = {SIDE, SIDE};
	double value[MANY];
	onn_region r[MANY];
	for (size_t count = 8; count <= MANY; count += MANY - 8) {
		onn_graph *g = new_graph();
		for (size_t i = 0; i < count; i++)
			r[i] = (onn_region){i, 2 * i, 200, 300};
		onn_node x = onn_full(g, ONN_F32, 2, shape, 1), grad;
		x = onn_cos(
		    g, onn_mul(g, x,
		           onn_reshape(g, onn_iota(g, ONN_F32, SIDE), 2, (size_t[]){1, SIDE})));
		onn_node y = onn_detect(g, x, r, count);
		check_ok(
		    onn_gradient(&grad, g, onn_sum(g, y, NULL, 0, false), ONN_NULL_NODE, &x, 1));
		compute(device, g, (onn_node[]){y, grad}, 2, (double *[]){value, slope});
		for (size_t iy = 0; iy < SIDE; iy++)
			for (size_t ix = 0; ix < SIDE; ix++) {
				double want = 0;
				for (size_t i = 0; i < count; i++)
					want += iy >= i && iy < i + 200 && ix >= 2 * i &&
					        ix < 2 * i + 300;
				ck_assert(slope[iy * SIDE + ix] == want);
			}
		for (size_t i = 0; i < count; i++) {
			double want = 0;
			for (size_t ix = 2 * i; ix < 2 * i + 300; ix++)
				want += 200 * cos((double)ix);
			check_near(value[i], want, .05);
		}
		onn_graph_destroy(g);
	}
}
END_TEST

START_TEST(pairs_are_compared_and_dark_pairs_are_0)
{
	static const double x[] = {3, 1, 0, 0, 1, 1, 0, 2};
	double y[4], slope[8];
	onn_graph *g = new_graph();
	onn_node in = constant_of(g, ONN_F64, 2, (size_t[]){1, 8}, x), grad;
	onn_node out = onn_differential(g, in);
	check_ok(onn_gradient(&grad, g, onn_sum(g, out, NULL, 0, false), ONN_NULL_NODE, &in, 1));
	compute(device, g, (onn_node[]){out, grad}, 2, (double *[]){y, slope});
	ck_assert(y[0] == .5 && y[1] == 0 && y[2] == 0 && y[3] == -1);
	ck_assert(slope[2] == 0 && slope[6] == 0);
	check_near(slope[0], 2 * 1 / 16., 1e-15);
	check_near(slope[4], -2 * 3 / 16., 1e-15);
	onn_graph_destroy(g);
}
END_TEST

START_TEST(wavelengths_and_modes_add_their_intensities)
{
	enum { MODES = 2, ROWS = 2, COLOURS = 3, COUNT_E = MODES * ROWS * COLOURS * 6 };
	static const double weight[] = {.5, 2, 3};
	double e[2 * COUNT_E], all[6], plain[ROWS * 6];
	onn_graph *g = new_graph();
	onn_grid grid = {2, 3, 1e-6, 1e-6, 0, 0};
	onn_light light = {
	    .type = ONN_C128, .nwavelengths = COLOURS, .wavelength = {4e-7, 5e-7, 6e-7}};
	for (size_t i = 0; i < COUNT(e); i++)
		e[i] = sin(.7 * (double)i);
	onn_node x = constant_of(g, ONN_C128, 5, (size_t[]){MODES, ROWS, COLOURS, 2, 3}, e);
	onn_field field = onn_field_of(g, x, &grid, &light);
	onn_node both[] = {onn_incoherent_intensity(g, field, weight, 2),
	    onn_incoherent_intensity(g, field, NULL, 1)};
	compute(device, g, both, 2, (double *[]){all, plain});
	for (size_t i = 0; i < 6; i++) {
		double sum = 0, row[ROWS] = {0};
		for (size_t k = 0; k < MODES * ROWS * COLOURS; k++) {
			const double *z = e + 2 * (6 * k + i);
			double power = z[0] * z[0] + z[1] * z[1];
			sum += weight[k % COLOURS] * power;
			row[k / COLOURS % ROWS] += power;
		}
		check_near(all[i], sum, 1e-13);
		for (size_t r = 0; r < ROWS; r++)
			check_near(plain[6 * r + i], row[r], 1e-13);
	}
	onn_graph_destroy(g);
}
END_TEST

#define WRONG(part, call)                                                                          \
	check_refused_in_new_graph(                                                                \
	    part, call, onn_node x = onn_full(g, ONN_F64, 2, (size_t[]){3, 4}, 1))

START_TEST(wrong_arguments_are_refused)
{
	onn_grid grid = {3, 4, 1e-6, 1e-6, 0, 0};
	onn_light light = onn_monochromatic(ONN_C128, 5e-7);
	onn_region low = {2, 0, 2, 1}, right = {0, SIZE_MAX, 1, 2}, empty = {0, 0, 0, 1}, r;
	WRONG("2 x 1 pixels from (2, 0)", onn_detect(g, x, &low, 1));
	WRONG("1 x 2 pixels", onn_detect(g, x, &right, 1));
	WRONG("0 x 1 pixels", onn_detect(g, x, &empty, 1));
	WRONG("0 regions", onn_detect(g, x, &low, 0));
	WRONG("intensity is i32", onn_detect(g, onn_cast(g, x, ONN_I32), &low, 1));
	WRONG("3 readings", onn_differential(g, onn_transpose(g, x)));
	WRONG("1 axes of modes",
	    onn_incoherent_intensity(g, onn_field_of(g, x, &grid, &light), NULL, 1));
	WRONG("weight 0 is nan",
	    onn_incoherent_intensity(g, onn_field_of(g, x, &grid, &light), &(double){NAN}, 0));
	check_error(onn_detector_layout(&r, &grid, 0, 1, 1), ONN_ERROR_ARGUMENT, "0 regions");
	check_error(onn_detector_layout(&r, &grid, 1, 0, 1), ONN_ERROR_ARGUMENT, "0 x 1");
	grid.dx = -1;
	check_error(onn_detector_layout(&r, &grid, 1, 1, 1), ONN_ERROR_ARGUMENT, "pitch");
}
END_TEST

TESTS_ON_DEVICE("detector", ten_regions_stand_in_rows_of_3_4_and_3,
    any_number_of_regions_finds_its_place, regions_are_summed,
    gradients_of_readings_agree_with_differences,
    the_gradient_of_many_regions_is_how_often_a_pixel_counts,
    pairs_are_compared_and_dark_pairs_are_0, wavelengths_and_modes_add_their_intensities,
    wrong_arguments_are_refused)
