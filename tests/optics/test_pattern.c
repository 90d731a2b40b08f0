/* Patterns of 8 bits for modulators, and the phases that come back from them. */
#include <onn/fabrication.h>

#include "core/os.h"
#include "core/philox.h"
#include "testing.h"

enum { N = 24 };
static const double turn = 6.283185307179586476925286766559;

static double apart(double a, double b) { return fabs(remainder(a - b, turn)); }

static onn_array *random_phases(uint32_t stream, double range)
{
	onn_array *a;
	check_ok(onn_array_create(&a, ONN_F64, 2, (size_t[]){N, N}));
	for (uint32_t i = 0; i < N * N; i++)
		((double *)onn_array_data(a))[i] =
		    range * (onn_philox_uniform(7, 0, stream, i) - .5);
	return a;
}

/* What is shown is within `most` of what is wanted, and as far as the report says. */
static void check_shown(const onn_slm_display *display, double most)
{
	onn_array *wanted = random_phases(1, 30), *grey, *shown;
	onn_slm_report r;
	double worst = 0, squares = 0;
	check_ok(onn_slm_pattern(&grey, &r, wanted, display));
	ck_assert_int_eq(onn_array_type(grey), ONN_U8);
	check_ok(onn_slm_pattern_phase(&shown, grey, display));
	for (int i = 0; i < N * N; i++) {
		double x = ((const double *)onn_array_const_data(shown))[i],
		       off = apart(x, ((const double *)onn_array_const_data(wanted))[i]);
		ck_assert(x >= 0 && x < turn);
		worst = fmax(worst, off);
		squares += off * off;
	}
	ck_assert_msg(worst <= most + 1e-12 && worst > most / 4, "%g of %g", worst, most);
	check_near(r.worst, worst, 1e-12);
	check_near(r.rms, sqrt(squares / N / N), 1e-12);
	onn_array_destroy(wanted);
	onn_array_destroy(grey);
	onn_array_destroy(shown);
}

START_TEST(the_phase_comes_back_to_half_a_level)
{
	static const unsigned level[] = {2, 100, 217, 256};
	onn_slm_display d = ONN_SLM_DISPLAY_INIT;
	for (size_t i = 0; i < COUNT(level); i++) {
		d.turn = level[i];
		check_shown(&d, turn / level[i] / 2);
	}
	check_shown(NULL, turn / 512);
}
END_TEST

START_TEST(a_panel_that_does_not_reach_a_turn_shows_what_is_nearest)
{
	onn_slm_display d = ONN_SLM_DISPLAY_INIT;
	d.turn = 510; /* levels up to half a turn */
	check_shown(&d, turn / 4);
}
END_TEST

START_TEST(what_the_panel_adds_is_taken_off)
{
	onn_array *flatness = random_phases(2, 100);
	onn_slm_display d = ONN_SLM_DISPLAY_INIT;
	d.turn = 217;
	d.flatness = flatness;
	check_shown(&d, turn / 217 / 2);
	onn_array_destroy(flatness);
}
END_TEST

START_TEST(grey_levels_are_those_of_the_linear_panel)
{
	const double phase[] = {0, turn / 4, turn * .4, -turn / 4, turn * .999, 3 * turn};
	static const unsigned char expected[] = {0, 54, 87, 163, 0, 0};
	onn_slm_display d = ONN_SLM_DISPLAY_INIT;
	onn_array *a, *grey;
	d.turn = 217;
	check_ok(onn_array_from(&a, ONN_F64, 2, (size_t[]){1, 6}, phase));
	check_ok(onn_slm_pattern(&grey, NULL, a, &d));
	for (size_t i = 0; i < COUNT(expected); i++)
		ck_assert_uint_eq(
		    ((const unsigned char *)onn_array_const_data(grey))[i], expected[i]);
	onn_array_destroy(a);
	onn_array_destroy(grey);
}
END_TEST

/* phase = 7 (level/255)^1.3: beyond a turn, and steeper from level to level. */
static double measured(double level) { return 7 * pow(level / 255, 1.3); }

START_TEST(a_measured_table_is_turned_round)
{
	char text[256 * 32] = "# level, phase\n";
	onn_slm_display d = ONN_SLM_DISPLAY_INIT;
	onn_array *lut[2];
	size_t used = strlen(text);
	for (int i = 0; i < 256; i++)
		used += (size_t)snprintf(text + used, sizeof text - used, "%.17g\r\n", measured(i));
	check_ok(onn_file_write("all.txt", text, used));
	check_ok(onn_slm_lut_load(&lut[0], "all.txt"));
	for (int i = 0; i < 256; i++)
		check_near(((const double *)onn_array_const_data(lut[0]))[i], measured(i), 1e-15);
	d.lut = lut[0];
	check_shown(&d, 7 * 1.3 / 255 / 2);

	used = (size_t)snprintf(text, sizeof text, "10, 1\n20, 3\n! end\n250,7\n");
	check_ok(onn_file_write("some.csv", text, used));
	check_ok(onn_slm_lut_load(&lut[1], "some.csv"));
	const double *x = onn_array_const_data(lut[1]);
	ck_assert(isnan(x[9]) && x[10] == 1 && isnan(x[251]) && x[250] == 7);
	check_near(x[15], 2, 1e-15);
	check_near(x[135], 5, 1e-15);
	d.lut = lut[1];
	check_shown(&d, (1 + turn - 7) / 2); /* half of what no level reaches */
	for (int i = 0; i < 2; i++)
		onn_array_destroy(lut[i]);
}
END_TEST

START_TEST(arrays_are_tables_too)
{
	double pairs[4] = {0, 0, 255, 6};
	onn_array *a, *lut;
	check_ok(onn_array_from(&a, ONN_F64, 2, (size_t[]){2, 2}, pairs));
	check_ok(onn_array_save(a, "lut.npy"));
	check_ok(onn_slm_lut_load(&lut, "lut.npy"));
	check_near(((const double *)onn_array_const_data(lut))[51], 1.2, 1e-15);
	onn_array_destroy(a);
	onn_array_destroy(lut);
}
END_TEST

static void refused_table(const char *text)
{
	onn_array *lut;
	check_ok(onn_file_write("bad.txt", text, strlen(text)));
	check_error(
	    onn_slm_lut_load(&lut, "bad.txt"), ONN_ERROR_FORMAT, "bad.txt is no table of phases");
	ck_assert_ptr_null(lut);
}

START_TEST(what_is_no_table_or_map_is_refused)
{
	onn_array *a = random_phases(1, 1), *row, *grey, *lut;
	onn_slm_display d = ONN_SLM_DISPLAY_INIT;
	refused_table("");
	refused_table("1\n2\n3\n");
	refused_table("0 1\n5 2\n5 3\n");
	refused_table("0 1\n256 2\n");
	refused_table("0 1\n5\n");
	refused_table("0 1 2\n5 3 4\n");
	refused_table("0 one\n");
	check_error(onn_slm_lut_load(&lut, "none.txt"), ONN_ERROR_FILE, "none.txt");
	d.turn = 1;
	check_error(onn_slm_pattern(&grey, NULL, a, &d), ONN_ERROR_ARGUMENT, "2 pi is at level 1");
	d.turn = 217;
	check_ok(onn_array_create(&row, ONN_F64, 2, (size_t[]){1, N}));
	d.flatness = row;
	check_error(onn_slm_pattern(&grey, NULL, a, &d), ONN_ERROR_ARGUMENT,
	    "flatness is [1, 24] of f64; expected real numbers [24, 24]");
	d.flatness = NULL;
	d.lut = row;
	check_error(onn_slm_pattern(&grey, NULL, a, &d), ONN_ERROR_ARGUMENT, "expected f64 [256]");
	d.lut = NULL;
	((double *)onn_array_data(row))[3] = INFINITY;
	check_error(
	    onn_slm_pattern(&grey, NULL, row, &d), ONN_ERROR_ARGUMENT, "row 0, column 3 is inf");
	ck_assert_ptr_null(grey);
	onn_array_destroy(a);
	onn_array_destroy(row);
}
END_TEST

TESTS("pattern", the_phase_comes_back_to_half_a_level,
    a_panel_that_does_not_reach_a_turn_shows_what_is_nearest, what_the_panel_adds_is_taken_off,
    grey_levels_are_those_of_the_linear_panel, a_measured_table_is_turned_round,
    arrays_are_tables_too, what_is_no_table_or_map_is_refused)
