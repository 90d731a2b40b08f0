/*
 * Media by name: the numbers of the sources, and what temperature and collisions make of them.
 */
#include <onn/pulse_media.h>

#include "testing.h"

static const double natural = 6.06655828e6; /* Hz: 1/(2 pi 26.2348 ns) */

static onn_pulse_sample sample_of(const char *name, const onn_pulse_cell *cell)
{
	onn_pulse_sample s;
	check_ok(onn_pulse_sample_of(&s, onn_pulse_material_find(name), cell));
	return s;
}

START_TEST(rubidium_has_the_published_saturation)
{
	onn_pulse_sample s = sample_of("rb87-d2", NULL);
	check_near(s.isat, 16.6933, 5e-5);
	check_near(s.t1 * 1e9, 26.2348, 1e-12);
	check_near(s.fsat * 1e7, 4.3794, 5e-5);
	check_near(s.t2 / s.t1, 2, 1e-12);
	check_near(s.linewidth, natural, .01);
	check_near(sample_of("rb87-d1", NULL).isat, 44.84, .05);
	check_near(sample_of("cs133-d2", NULL).isat, 11.05, .01);
}
END_TEST

START_TEST(a_wider_line_saturates_later_and_absorbs_less)
{
	onn_pulse_cell cell = ONN_PULSE_CELL_INIT;
	onn_pulse_sample narrow = sample_of("rb87-d2", &cell);
	cell.linewidth = 2e9;
	onn_pulse_sample wide = sample_of("rb87-d2", &cell);
	check_near(wide.t2 * 1e9, .159155, 1e-6);
	check_near(wide.fsat * 1e4, 1.4438, 1e-4);
	check_near(wide.isat / narrow.isat, 2e9 / natural, 1e-3);
	check_near(wide.depth / narrow.depth, natural / 2e9, 1e-8);
	check_near(wide.doppler * 2e9 / (narrow.doppler * natural), 1, 1e-6);
	ck_assert(wide.t1 == narrow.t1);
}
END_TEST

START_TEST(a_buffer_gas_widens_by_its_pressure)
{
	onn_pulse_cell cell = ONN_PULSE_CELL_INIT;
	cell.gas = ONN_PULSE_GAS_NITROGEN;
	cell.pressure = 100 * 101325 / 760.; /* 100 Torr of 18.3 MHz each */
	check_near(sample_of("rb87-d2", &cell).linewidth, 1830e6 + natural, 2);
}
END_TEST

/* Rubidium at 25 C: about 1e16 atoms/m^3; k u of the D2 line there, 2 pi 306 MHz. */
START_TEST(a_warmer_cell_is_denser)
{
	onn_pulse_cell cell = ONN_PULSE_CELL_INIT;
	cell.temperature = 298.15;
	onn_pulse_sample cool = sample_of("rb87-d2", &cell);
	check_near(cool.density, 1.3e16, .1e16);
	check_near(cool.doppler * natural / 2 * 1e-6, 306, 2);
	cell.temperature = 348.15;
	onn_pulse_sample warm = sample_of("rb87-d2", &cell);
	ck_assert(warm.density > 50 * cool.density && warm.density < 200 * cool.density);
	check_near(warm.depth / cool.depth, warm.density / cool.density, 1e-9);
	cell.length *= 2;
	check_near(sample_of("rb87-d2", &cell).depth / warm.depth, 2, 1e-12);
	check_near(warm.doppler / cool.doppler, sqrt(348.15 / 298.15), 1e-12);
}
END_TEST

START_TEST(each_material_is_whole)
{
	const onn_pulse_material *m;
	static const char *const name[] = {ONN_PULSE_MATERIAL_WORDS};
	size_t count = 0;
	for (; (m = onn_pulse_material_known(count)); count++) {
		onn_pulse_sample s = sample_of(m->name, NULL);
		ck_assert(count < COUNT(name));
		ck_assert_str_eq(m->name, name[count]);
		ck_assert_ptr_eq(onn_pulse_material_find(m->name), m);
		ck_assert(*m->title && *m->source);
		ck_assert(s.wavelength > 3e-7 && s.wavelength < 2e-6);
		ck_assert(s.t1 > 0 && s.fsat > 0 && s.depth > 0 && s.loss >= 0);
		check_near(s.isat * s.t1 / s.fsat, 1, 1e-12);
	}
	ck_assert_uint_eq(count, COUNT(name));
	ck_assert(!onn_pulse_material_find("rb85-d2") && !onn_pulse_material_find(NULL));
}
END_TEST

START_TEST(what_cannot_be_is_refused_by_name)
{
	onn_pulse_sample s;
	onn_pulse_cell cell = ONN_PULSE_CELL_INIT;
	const onn_pulse_material *rb = onn_pulse_material_find("rb87-d2");
	onn_pulse_material stranger = *rb;
	check_error(onn_pulse_sample_of(&s, &stranger, NULL), ONN_ERROR_ARGUMENT, "of the table");
	cell.temperature = 20;
	check_error(onn_pulse_sample_of(&s, rb, &cell), ONN_ERROR_ARGUMENT, "temperature is 20");
	cell.temperature = 300;
	cell.linewidth = 1e6;
	check_error(onn_pulse_sample_of(&s, rb, &cell), ONN_ERROR_ARGUMENT, "natural one");
	cell.gas = ONN_PULSE_GAS_NEON;
	check_error(onn_pulse_sample_of(&s, rb, &cell), ONN_ERROR_ARGUMENT, "one of them");
	cell.linewidth = 0;
	check_error(onn_pulse_sample_of(&s, onn_pulse_material_find("cs133-d2"), &cell),
	    ONN_ERROR_ARGUMENT, "neon widens cs133-d2");
	cell.size = 3;
	check_error(onn_pulse_sample_of(&s, rb, &cell), ONN_ERROR_ARGUMENT, "size is 3");
}
END_TEST

TESTS("media", rubidium_has_the_published_saturation, a_wider_line_saturates_later_and_absorbs_less,
    a_buffer_gas_widens_by_its_pressure, a_warmer_cell_is_denser, each_material_is_whole,
    what_cannot_be_is_refused_by_name)
