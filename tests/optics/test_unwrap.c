/* Unwrapped phases against those that were wrapped. */
#include <onn/fabrication.h>

#include "core/philox.h"
#include "testing.h"

enum { NY = 96, NX = 131, PIXELS = NY * NX };

static const double pi = 3.14159265358979323846;
static double phase[PIXELS], out[PIXELS];

/* Unwraps exp(i phase), of which phases are known within a turn alone. */
static onn_relief unwrap(void)
{
	onn_array *plate, *made;
	onn_relief r;

	check_ok(onn_array_create(&plate, ONN_C128, 2, (size_t[]){NY, NX}));
	double *z = onn_array_data(plate);
	for (int i = 0; i < PIXELS; i++) {
		z[2 * i] = cos(phase[i]);
		z[2 * i + 1] = sin(phase[i]);
	}
	check_ok(onn_plate_relief(&made, &r, plate, true));
	memcpy(out, onn_array_const_data(made), sizeof out);
	onn_array_destroy(plate);
	onn_array_destroy(made);
	return r;
}

static double lowest(void)
{
	double low = phase[0];

	for (int i = 1; i < PIXELS; i++)
		low = fmin(low, phase[i]);
	return low;
}

/* Of 21 waves, and steps of up to 2.3 rad from pixel to pixel. */
START_TEST(a_lens_of_many_waves_is_its_parabola)
{
	for (int i = 0; i < PIXELS; i++) {
		double y = i / NX - 40.3, x = i % NX - 61.7;
		phase[i] = 1 - .016 * (x * x + 1.3 * y * y);
	}
	onn_relief r = unwrap();
	ck_assert_uint_eq(r.steps, 0);
	ck_assert_uint_eq(r.vortices, 0);
	ck_assert(r.range > 20 * 2 * pi);
	for (int i = 0; i < PIXELS; i++)
		check_near(out[i], phase[i] - lowest(), 1e-12);
}
END_TEST

/* Smooth but for noise, whose turns are nobody's fault: no step is left where none was. */
START_TEST(hills_with_noise_come_out_as_they_were)
{
	for (int i = 0; i < PIXELS; i++) {
		double y = i / NX, x = i % NX;
		phase[i] =
		    20 * sin(x / 15) * cos(y / 13) + onn_philox_uniform(6, 0, 0, (uint32_t)i);
	}
	onn_relief r = unwrap();
	ck_assert_uint_eq(r.steps, 0);
	for (int i = 0; i < PIXELS; i++)
		check_near(out[i], phase[i] - lowest(), 1e-12);
}
END_TEST

/* Around a vortex a line of steps has to end: at the edge, or at one that turns the other way. */
START_TEST(vortices_are_joined_by_steps_and_counted)
{
	for (int i = 0; i < PIXELS; i++) {
		double y = i / NX - 48.5, x = i % NX;
		phase[i] = atan2(y, x - 60.5) - atan2(y, x - 70.5) + .1 * x;
	}
	onn_relief r = unwrap();
	ck_assert_uint_eq(r.vortices, 2);
	ck_assert_msg(r.steps >= 10 && r.steps < 40, "%zu steps", r.steps);
	for (int i = 0; i < PIXELS; i++) /* off the line all is as it was */
		if (i / NX < 20)
			check_near(out[i] - out[0], phase[i] - phase[0], 1e-12);
}
END_TEST

TESTS("unwrap", a_lens_of_many_waves_is_its_parabola, hills_with_noise_come_out_as_they_were,
    vortices_are_joined_by_steps_and_counted)
