/* OpticStudio's grids of phase. */
#include <onn/fabrication.h>

#include "core/os.h"
#include "testing.h"

START_TEST(a_grid_comes_back)
{
	enum { NY = 6, NX = 5 };
	double phase[NY * NX];
	onn_grid grid = {NY, NX, 4e-6, 3e-6, 2e-3, -1e-3}, back;
	onn_array *a, *b;
	for (int i = 0; i < NY * NX; i++)
		phase[i] = fmod(1.7 * i, 6.28);
	check_ok(onn_array_from(&a, ONN_F64, 2, (size_t[]){NY, NX}, phase));
	check_ok(onn_zemax_write("grid.dat", a, &grid));
	check_ok(onn_zemax_read(&b, &back, "grid.dat"));
	for (int i = 0; i < NY * NX; i++)
		check_near(((const double *)onn_array_const_data(b))[i], phase[i], 1e-8);
	ck_assert(back.ny == NY && back.nx == NX);
	check_near(back.dy, grid.dy, 1e-15);
	check_near(back.dx, grid.dx, 1e-15);
	check_near(back.y0, grid.y0, 1e-12);
	check_near(back.x0, grid.x0, 1e-12);
	onn_array_destroy(a);
	onn_array_destroy(b);
}
END_TEST

/* Lines of a file, as numbers. */
static size_t lines_of(double (*x)[7], size_t most, const char *path)
{
	void *data;
	size_t bytes, n = 0;
	check_ok(onn_file_read(&data, &bytes, path));
	for (char *at = data; *at && n < most; n++) {
		for (int k = 0; k < (n ? 4 : 7); k++)
			x[n][k] = strtod(at, &at);
		ck_assert_int_eq(*at++, '\n');
	}
	onn_free(data);
	return n;
}

START_TEST(points_begin_at_the_top_left_and_have_the_slopes_of_light)
{
	enum { N = 5 };
	double phase[N * N], x[1 + N * N][7];
	onn_grid grid = {N, N, 2e-6, 1e-6, 0, 0};
	onn_array *a;
	/* slopes of 2 rad a micrometre along x and -.5 along y, and .25 along both; wrapped */
	for (int y = 0; y < N; y++)
		for (int i = 0; i < N; i++)
			phase[N * y + i] =
			    fmod(2. * (i - 2) - .5 * 2 * (y - 2) + .25 * (i - 2) * 2 * (y - 2) + 40,
			        6.283185307179586);
	check_ok(onn_array_from(&a, ONN_F64, 2, (size_t[]){N, N}, phase));
	check_ok(onn_zemax_write("slope.dat", a, &grid));
	ck_assert_uint_eq(lines_of(x, 1 + N * N, "slope.dat"), 1 + N * N);
	const double header[] = {N, N, 1e-3, 2e-3, 0, 0, 0};
	for (int k = 0; k < 7; k++)
		check_near(x[0][k], header[k], 1e-15);
	for (int line = 0; line < N * N; line++) {
		int y = N - 1 - line / N, i = line % N;
		const double *p = x[1 + line];
		check_near(p[0], phase[N * y + i], 1e-8);
		check_near(p[1], 1e3 * (2 + .25 * 2 * (y - 2)), 1e-4);
		check_near(p[2], 1e3 * (-.5 + .25 * (i - 2)), 1e-4);
		check_near(p[3], 1e6 * .25, 1e-1);
	}
	onn_array_destroy(a);
}
END_TEST

static void refused(const char *text, const char *expected)
{
	onn_array *a;
	check_ok(onn_file_write("bad.dat", text, strlen(text)));
	check_error(onn_zemax_read(&a, NULL, "bad.dat"), ONN_ERROR_FORMAT, expected);
	ck_assert_ptr_null(a);
}

START_TEST(units_remarks_and_flags_are_read)
{
	static const char text[] = "! made by hand\n2 1 .1 .2 1 0 3\r\n\n1.5, 0, 0, 0\n2 0 0 0 0";
	onn_array *a;
	onn_grid grid;
	check_ok(onn_file_write("hand.dat", text, sizeof text - 1));
	check_ok(onn_zemax_read(&a, &grid, "hand.dat"));
	const double *x = onn_array_const_data(a);
	ck_assert(x[0] == 1.5 && x[1] == 2);
	check_near(grid.dx, 1e-3, 1e-15);
	check_near(grid.y0, .03, 1e-15);
	check_near(grid.x0, .5e-3, 1e-15);
	onn_array_destroy(a);
	refused("", "line 0 of bad.dat");
	refused("2 2 1 1 4 0 0\n", "the flag being 0, 1, 2 or 3");
	refused("2 1 1 1 0 0 0\n1 2 3 4\n1 2 3 4 1\n",
	    "line 3 of bad.dat is none of a grid of phases; "
	    "expected a point with data");
	refused("2 1 1 1 0 0 0\n1 2 3 4\n1 2 nan 4\n", "three derivatives");
	refused("2 1 1 1 0 0 0\n1 2 3 4\n1 2 3 4\n5 6 7 8\n", "no more points");
	refused("9999 9999 1 1 0 0 0\n1 2 3 4\n", "too short for its 9999 x 9999 points");
}
END_TEST

START_TEST(what_makes_no_grid_is_refused)
{
	onn_array *a;
	onn_grid grid = {5, 5, 1e-6, 1e-6, 0, 0}, small = {4, 5, 1e-6, 1e-6, 0, 0};
	check_ok(onn_array_create(&a, ONN_F32, 2, (size_t[]){5, 5}));
	check_error(
	    onn_zemax_write("no.dat", a, &small), ONN_ERROR_ARGUMENT, "[4, 5], as the grid");
	((float *)onn_array_data(a))[7] = NAN;
	check_error(onn_zemax_write("no.dat", a, &grid), ONN_ERROR_ARGUMENT,
	    "row 1, column 2 is not finite");
	onn_array_destroy(a);
	check_ok(onn_array_create(&a, ONN_F32, 2, (size_t[]){4, 5}));
	check_error(onn_zemax_write("no.dat", a, &small), ONN_ERROR_ARGUMENT, "5 points a side");
	ck_assert(!onn_file_exists("no.dat"));
	onn_array_destroy(a);
}
END_TEST

TESTS("zemax", a_grid_comes_back, points_begin_at_the_top_left_and_have_the_slopes_of_light,
    units_remarks_and_flags_are_read, what_makes_no_grid_is_refused)
