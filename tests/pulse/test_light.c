/*
 * Shapes of pulses: what each slot gets, against quadrature; windows, peaks, durations; files.
 */
#include <onn/pulse_light.h>

#include "testing.h"

static const double times[] = {-1, 0, .5, 2, 4}, powers[] = {0, 3, 1, 1, 0};

static onn_pulse_light light_of(onn_pulse_shape shape)
{
	onn_pulse_light l = ONN_PULSE_LIGHT_INIT;
	l.shape = shape;
	l.width = 1.3;
	l.separation = 2.1;
	l.pulses = 3;
	l.count = COUNT(times);
	l.time = times;
	l.power = powers;
	l.rise = shape == ONN_PULSE_CW ? .4 : 0;
	return l;
}

static double one_intensity(const onn_pulse_light *l, double t)
{
	double w = l->width, at = t / w;
	switch (l->shape) {
	case ONN_PULSE_CW:
		return t >= 0 && t <= w ? fmin(t / l->rise, 1) / (w - l->rise / 2) : 0;
	case ONN_PULSE_SQUARE:
		return fabs(at) <= .5 ? 1 / w : 0;
	case ONN_PULSE_SECH:
		return .881373587019543 / w / pow(cosh(2 * .881373587019543 * at), 2);
	case ONN_PULSE_EXPONENTIAL:
		return t >= 0 ? log(2) / w * exp2(-at) : 0;
	default:
		return 2 * sqrt(log(2) / acos(-1)) / w * exp(-4 * log(2) * at * at);
	}
}

/* The intensity of fluence 1 as the header says it, by formulas of its own. */
static double intensity(const onn_pulse_light *l, double t)
{
	double sum = 0;
	unsigned n = l->shape == ONN_PULSE_DOUBLE ? 2 : l->shape == ONN_PULSE_TRAIN ? 3 : 1;
	if (l->shape == ONN_PULSE_SAMPLES) { /* the area below the lines is 5 */
		for (size_t i = 0; i + 1 < COUNT(times); i++)
			if (t >= times[i] && t < times[i + 1])
				return (powers[i] + (powers[i + 1] - powers[i]) * (t - times[i]) /
				                        (times[i + 1] - times[i])) /
				       5;
		return 0;
	}
	for (unsigned k = 0; k < n; k++)
		sum += one_intensity(l, t - k * l->separation) / n;
	return sum;
}

START_TEST(each_slot_has_the_integral_of_its_time)
{
	enum { SLOTS = 37, PARTS = 20000 };
	for (int shape = ONN_PULSE_CW; shape <= ONN_PULSE_SAMPLES; shape++) {
		onn_pulse_light l = light_of((onn_pulse_shape)shape);
		const double window[2] = {-2.75, 6.5};
		double share[SLOTS], slot = (window[1] - window[0]) / SLOTS, sum = 0;
		check_ok(onn_pulse_light_shares(share, &l, window, SLOTS));
		for (size_t i = 0; i < SLOTS; i++) {
			double quadrature = 0;
			for (int j = 0; j < PARTS; j++)
				quadrature += intensity(
				    &l, window[0] + slot * ((double)i + (j + .5) / PARTS));
			sum += share[i];
			if (i > 0 && i + 1 < SLOTS) /* the ends have all that is beyond, too */
				check_near(share[i], quadrature * slot / PARTS, 1e-5 * slot);
		}
		check_near(sum, 1, 1e-14);
	}
}
END_TEST

START_TEST(tails_keep_all_digits)
{
	const double window[2] = {0, 6};
	double share[6];
	onn_pulse_light l = ONN_PULSE_LIGHT_INIT;
	check_ok(onn_pulse_light_shares(share, &l, window, 6));
	/* erfc(2 sqrt(ln2) x)/2 at x = 4 less that at 5, by series at 40 digits */
	check_near(share[4] / 2.270954804348553e-21, 1, 1e-13);
}
END_TEST

START_TEST(a_window_leaves_out_the_tail_and_no_more)
{
	for (int shape = ONN_PULSE_CW; shape <= ONN_PULSE_SAMPLES; shape++)
		for (double tail = 1e-12; tail < .01; tail *= 1e5) {
			onn_pulse_light l = light_of((onn_pulse_shape)shape);
			double window[2], share[3];
			check_ok(onn_pulse_light_window(window, &l, tail));
			const double wide[2] = {
			    2 * window[0] - window[1], 2 * window[1] - window[0]};
			check_ok(onn_pulse_light_shares(share, &l, wide, 3));
			bool soft = shape == ONN_PULSE_GAUSSIAN || shape == ONN_PULSE_SECH;
			check_near(share[0] / tail, soft ? 1 : 0, soft ? 1e-5 : 1);
			check_near(share[2] / tail, soft || shape == ONN_PULSE_EXPONENTIAL ? 1 : 0,
			    soft ? 1e-5 : 1);
		}
}
END_TEST

START_TEST(peak_and_duration_are_those_of_the_integral)
{
	enum { PARTS = 400000 };
	for (int shape = ONN_PULSE_CW; shape <= ONN_PULSE_SAMPLES; shape++) {
		onn_pulse_light l = light_of((onn_pulse_shape)shape);
		double peak = 0, squares = 0, sum = 0, step = 60. / PARTS;
		bool apart = shape == ONN_PULSE_DOUBLE || shape == ONN_PULSE_TRAIN;
		l.separation = 15; /* so that none overlaps */
		for (int i = 0; i < PARTS; i++) {
			double x = intensity(&l, -15 + step * (i + .5));
			peak = fmax(peak, x);
			squares += x * x * step;
			sum += x * step;
		}
		check_near(onn_pulse_light_peak(&l) / peak, 1, 1e-4);
		double one = apart ? (shape == ONN_PULSE_DOUBLE ? 2 : 3) : 1;
		check_near(onn_pulse_light_duration(&l) * one * squares / (sum * sum), 1, 1e-3);
	}
}
END_TEST

static void write_text(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");
	ck_assert(f && fputs(text, f) >= 0 && fclose(f) == 0);
}

START_TEST(columns_are_read_and_mistakes_named)
{
	static const char path[] = "pulse_light_table.csv";
	onn_array *a;
	write_text(path, "time (s), power\n# measured\n0, 1\n1e-3;2\r\n\n 2e-3\t-.5");
	check_ok(onn_pulse_table_load(&a, path, 2));
	const double *x = onn_array_const_data(a);
	ck_assert(onn_array_shape(a)[0] == 3 && onn_array_shape(a)[1] == 2);
	ck_assert(x[2] == 1e-3 && x[3] == 2 && x[5] == -.5);
	onn_array_destroy(a);
	write_text(path, "0,5;1\n1,5e-3,\t-2,25\n");
	check_ok(onn_pulse_table_load(&a, path, 2));
	x = onn_array_const_data(a);
	ck_assert(onn_array_shape(a)[0] == 2 && onn_array_shape(a)[1] == 2);
	ck_assert(x[0] == .5 && x[1] == 1 && x[2] == 1.5e-3 && x[3] == -2.25);
	onn_array_destroy(a);
	write_text(path, "0,1\n1,2,3\n");
	check_error(onn_pulse_table_load(&a, path, 2), ONN_ERROR_FORMAT, "line 2 has 3 numbers");
	write_text(path, "0,1\nnan,2\n");
	check_error(onn_pulse_table_load(&a, path, 2), ONN_ERROR_FORMAT, "line 2 has a word");
	write_text(path, "0\n1\n");
	check_error(onn_pulse_table_load(&a, path, 2), ONN_ERROR_FORMAT, "at least 2");
	write_text(path, "time,power\n");
	check_error(onn_pulse_table_load(&a, path, 2), ONN_ERROR_FORMAT, "no line of 2");
	check_error(onn_pulse_table_load(&a, "no/such/file", 2), ONN_ERROR_FILE, "no/such/file");
	remove(path);
}
END_TEST

START_TEST(light_that_cannot_be_is_refused)
{
	double window[2], share[4];
	onn_pulse_light l = light_of(ONN_PULSE_SAMPLES);
	static const double back[] = {0, 2, 1}, dark[] = {0, 0, 0}, below[] = {0, -1, 1};
	l.count = 3;
	l.time = back;
	check_error(onn_pulse_light_check(&l), ONN_ERROR_ARGUMENT, "sample 2 is at time 1");
	l.time = times;
	l.power = dark;
	check_error(onn_pulse_light_check(&l), ONN_ERROR_ARGUMENT, "some light");
	l.power = below;
	check_error(onn_pulse_light_check(&l), ONN_ERROR_ARGUMENT, "power -1");
	l.count = 1;
	check_error(onn_pulse_light_check(&l), ONN_ERROR_ARGUMENT, "1 samples");
	ck_assert(isnan(onn_pulse_light_peak(&l)) && isnan(onn_pulse_light_duration(&l)));
	l = light_of(ONN_PULSE_GAUSSIAN);
	check_error(onn_pulse_light_window(window, &l, .5), ONN_ERROR_ARGUMENT, "tail is 0.5");
	window[0] = window[1] = 0;
	check_error(onn_pulse_light_shares(share, &l, window, 4), ONN_ERROR_ARGUMENT, "4 slots");
	l = light_of(ONN_PULSE_CW);
	l.rise = 1.4;
	check_error(onn_pulse_light_check(&l), ONN_ERROR_ARGUMENT, "rise is 1.4; expected at most");
	l = light_of(ONN_PULSE_GAUSSIAN);
	l.width = 0;
	check_error(onn_pulse_light_check(&l), ONN_ERROR_ARGUMENT, "width is 0");
	l.size = 0;
	check_error(onn_pulse_light_check(&l), ONN_ERROR_ARGUMENT, "no light of this version");
}
END_TEST

TESTS("light", each_slot_has_the_integral_of_its_time, tails_keep_all_digits,
    a_window_leaves_out_the_tail_and_no_more, peak_and_duration_are_those_of_the_integral,
    columns_are_read_and_mistakes_named, light_that_cannot_be_is_refused)
