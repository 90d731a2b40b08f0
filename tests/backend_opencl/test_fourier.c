/*
 * Fourier transforms and filters on ONN_TEST_DEVICE against the reference, with the engine that
 * ONN_OPENCL_FFT names: lengths, windows, batches, views, steps that share memory and plans.
 *
 * Libraries compile kernels for each length, which takes PoCL and llvmpipe seconds: they have fewer
 * cases, and on PoCL the first ones only.
 */
#define _POSIX_C_SOURCE 200809L
#include "trial.h"

#include <onn/fourier.h>

#include <locale.h>

#include "backend/opencl/fourier/fourier.h"
#include "device.h"

static onn_device *device, *reference;
static onn_type types[2]; /* those that the device has */
static size_t ntypes;
static bool simulated; /* by Oclgrind: short lines only */
static bool library;   /* VkFFT or clFFT */
static bool slow;      /* to compile */

/* Errors are measured by the largest element, about the root of the number of points. */
static double close_for(onn_type type) { return onn_type_real(type) == ONN_F32 ? 2e-6 : 4e-15; }

/* All outputs by one plan, so that equal kernels are compiled once. */
static void check_all(trial *t, const onn_node *y, size_t count)
{
	onn_array *a[64], *b[64];

	ck_assert_uint_le(count, COUNT(a));
	trial_run_all(t, device, y, count, a);
	trial_run_all(t, reference, y, count, b);
	for (size_t i = 0; i < count; i++) {
		double error = trial_difference(a[i], b[i]);
		onn_type type = onn_node_type(t->g, y[i]);
		ck_assert_msg(error <= close_for(type), "output %zu: error %g, not %g, in %s", i,
		    error, close_for(type), onn_type_name(type));
		onn_array_destroy(a[i]);
		onn_array_destroy(b[i]);
	}
}

static bool left_out(size_t row, size_t n)
{
	bool sampled = !is_thorough() && (slow || is_rusticl());
	return (simulated && n > 50) || (library && slow && row > (is_thorough() ? 3 : 1)) ||
	       (sampled && row > 3 && row % 2 == 0);
}

START_TEST(lines_of_every_length_agree)
{
	static const size_t lengths[] = {8, 1, 3, 17, 50, 400, 134, 1009, 2, 37, 67, 128};

	for (size_t k = 0; k < ntypes; k++) {
		trial t = trial_start();
		onn_node y[2 * COUNT(lengths)];
		size_t count = 0;
		for (size_t i = 0; i < (library ? 8 : COUNT(lengths)); i++) {
			if (left_out(i, lengths[i]))
				continue;
			onn_node x = trial_input(&t, types[k], 2, (size_t[]){3, lengths[i]}, -1, 1);
			y[count++] = onn_fft(t.g, x, 1);
			y[count++] = onn_ifft(t.g, x, -1);
		}
		check_all(&t, y, count);
		trial_end(&t);
	}
}
END_TEST

START_TEST(columns_and_real_inputs_agree)
{
	for (size_t k = 0; k < ntypes; k++) {
		trial t = trial_start();
		const size_t shape[] = {2, simulated ? 15 : 67, 5};
		onn_node x = trial_input(&t, onn_type_real(types[k]), 3, shape, -1, 1);
		onn_node y[] = {onn_fft(t.g, x, 1), onn_ifft(t.g, x, 0)};
		check_all(&t, y, COUNT(y));
		trial_end(&t);
	}
}
END_TEST

START_TEST(fields_of_every_form_agree)
{
	static const size_t shapes[][4] = {{2, 3, 8, 8}, {1, 1, 1, 1}, {1, 3, 1, 3}, {1, 1, 2, 1},
	    {1, 2, 50, 17}, {5, 1, 12, 10}, {1, 1, 17, 6}, {1, 1, 67, 128}, {1, 1, 134, 400}};

	for (size_t k = 0; k < ntypes; k++) {
		trial t = trial_start();
		onn_node y[2 * COUNT(shapes)];
		size_t count = 0;
		for (size_t i = 0; i < (library ? 5 : COUNT(shapes)); i++) {
			if (left_out(i, shapes[i][2]) || left_out(i, shapes[i][3]))
				continue;
			onn_node x = trial_input(&t, types[k], 4, shapes[i], -1, 1);
			y[count++] = onn_fft2(t.g, x);
			y[count++] = onn_ifft2(t.g, x);
		}
		check_all(&t, y, count);
		trial_end(&t);
	}
}
END_TEST

typedef struct geometry {
	size_t batch[2];   /* of the field */
	size_t filters[2]; /* of the filter: 1 or the same */
	size_t shape[2], n[2], at[2];
	onn_window keep;
} geometry;

static const geometry geometries[] = {
    {{2, 3}, {1, 3}, {4, 5}, {8, 10}, {2, 2}, {{2, 2}, {4, 5}}}, /* padded on each side */
    {{1, 1}, {1, 1}, {1, 1}, {1, 1}, {0, 0}, {{0, 0}, {1, 1}}},
    {{1, 1}, {1, 1}, {2, 3}, {3, 8}, {1, 5}, {{0, 0}, {3, 8}}},    /* in a corner, all kept */
    {{2, 3}, {2, 1}, {5, 1}, {17, 3}, {12, 2}, {{0, 1}, {17, 1}}}, /* one column in, one out */
    {{2, 3}, {2, 3}, {8, 8}, {8, 8}, {0, 0}, {{0, 0}, {8, 8}}},    /* no zeros, nothing cut */
    {{1, 4}, {1, 1}, {1, 9}, {1, 37}, {0, 28}, {{0, 3}, {1, 30}}}, /* a line */
    {{3, 1}, {1, 1}, {7, 1}, {50, 1}, {43, 0}, {{49, 0}, {1, 1}}}, /* a column, one point of it */
    {{1, 2}, {1, 1}, {67, 30}, {134, 60}, {33, 15}, {{33, 15}, {67, 30}}},
    {{1, 1}, {1, 1}, {100, 64}, {400, 128}, {0, 64}, {{390, 0}, {10, 128}}},
    {{1, 1}, {1, 1}, {1, 500}, {2, 1009}, {1, 509}, {{0, 0}, {1, 1009}}},
};

START_TEST(filters_of_every_window_agree)
{
	for (size_t k = 0; k < ntypes; k++) {
		trial t = trial_start();
		onn_node y[2 * COUNT(geometries)];
		size_t count = 0;
		for (size_t i = 0; i < (library ? 8 : COUNT(geometries)); i++) {
			const geometry *q = &geometries[i];
			if (left_out(i, q->n[0]) || left_out(i, q->n[1]))
				continue;
			onn_node x = trial_input(&t, types[k], 4,
			    (size_t[]){q->batch[0], q->batch[1], q->shape[0], q->shape[1]}, -1, 1);
			onn_node h = trial_input(&t, types[k], 4,
			    (size_t[]){q->filters[0], q->filters[1], q->n[0], q->n[1]}, -1, 1);
			onn_node f = onn_filter(t.g, onn_mul(t.g, x, x), h, q->at, &q->keep);
			/* its gradient: the conjugate filter, and the windows exchanged */
			onn_node loss = onn_sum(t.g, onn_abs2(t.g, f), NULL, 0, false);
			y[count++] = f;
			check_ok(onn_gradient(&y[count++], t.g, loss, ONN_NULL_NODE, &x, 1));
		}
		check_all(&t, y, count);
		trial_end(&t);
	}
}
END_TEST

START_TEST(views_are_read_and_parts_of_larger_arrays_are_written)
{
	trial t = trial_start();
	onn_node x = trial_input(&t, ONN_C64, 3, (size_t[]){3, 6, 10}, -1, 1);
	onn_node h = trial_input(&t, ONN_C64, 2, (size_t[]){12, 20}, -1, 1);
	const onn_window keep = {{3, 5}, {6, 10}};
	onn_node f = onn_filter(t.g, x, h, (size_t[]){3, 5}, &keep);
	onn_node parts[] = {onn_mul_real(t.g, x, 2), f, onn_fft2(t.g, x)};
	onn_node back = onn_permute(t.g, onn_slice(t.g, x, 1, 5, 6, -1), (int[]){1, 2, 0});
	onn_node y[] = {onn_concat(t.g, parts, 3, 0), onn_concat(t.g, parts, 3, 1),
	    onn_concat(t.g, parts, 3, 2), onn_fft2(t.g, back)};

	check_all(&t, y, COUNT(y));
	trial_end(&t);
}
END_TEST

START_TEST(steps_share_memory_and_plans_in_order)
{
	trial t = trial_start();
	onn_node x = trial_input(&t, ONN_C64, 3, (size_t[]){2, 10, 12}, -1, 1);
	onn_node h = trial_input(&t, ONN_C64, 2, (size_t[]){20, 24}, 0.1, 1);
	/* of a prime that is transformed in double, between others that are not */
	size_t prime = simulated ? 17 : 67;
	onn_node odd = trial_input(&t, ONN_C64, 2, (size_t[]){24, prime}, 0.1, 1);
	onn_node f = x, y[6];

	/* one step's result is the next one's input, and all use the same scratch memory */
	for (size_t i = 0; i < COUNT(y); i += 2) {
		f = onn_filter(t.g, onn_mul(t.g, f, x), i == 2 ? odd : h, (size_t[]){5, 5}, NULL);
		y[i] = f;
		y[i + 1] = onn_sum(t.g, onn_abs2(t.g, onn_fft2(t.g, f)), (int[]){1}, 1, false);
	}
	check_all(&t, y, COUNT(y));
	trial_end(&t);
}
END_TEST

START_TEST(a_large_batch_goes_through_in_parts)
{
	onn_device *usual = device;
	trial t = trial_start();
	onn_node x = trial_input(&t, ONN_C64, 4, (size_t[]){7, 1, 8, 5}, -1, 1);
	onn_node h = trial_input(&t, ONN_C64, 4, (size_t[]){7, 2, 16, 10}, -1, 1);
	onn_node wide = onn_broadcast(t.g, x, 4, (size_t[]){7, 2, 8, 5});
	onn_node odd = trial_input(&t, ONN_C64, 2, (size_t[]){16, simulated ? 17 : 67}, -1, 1);
	onn_node y[] = {onn_filter(t.g, wide, h, (size_t[]){4, 2}, NULL), onn_ifft2(t.g, x),
	    onn_filter(t.g, wide, odd, (size_t[]){4, 2}, NULL)};

	/* some of the filter's 14 fields at a time, and at the end fewer */
	setenv("ONN_OPENCL_FFT_BYTES", "8192", 1);
	check_ok(onn_device_create(&device, onn_device_name(usual), NULL));
	unsetenv("ONN_OPENCL_FFT_BYTES");
	check_all(&t, y, COUNT(y));
	onn_device_destroy(device);
	device = usual;
	trial_end(&t);
}
END_TEST

/* What transforms, as onn_plan_profile says it. */
static const char *engine_name(void)
{
	const onn_cl_device *d = (const onn_cl_device *)device;

	return d->native ? "native: own FFT" : d->fft ? d->fft->library : "own kernels";
}

START_TEST(a_profile_times_transforms)
{
	trial t = trial_start();
	onn_node x = trial_input(&t, ONN_C64, 3, (size_t[]){2, 8, 8}, -1, 1);
	char *table = trial_profile(&t, device, onn_fft2(t.g, x), 2);

	ck_assert_msg(strstr(table, "fft") && strstr(table, engine_name()), "no %s: %s",
	    engine_name(), table);
	onn_free(table);
	trial_end(&t);
}
END_TEST

START_TEST(runs_repeat_to_the_bit)
{
	trial t = trial_start();
	onn_node x = trial_input(&t, ONN_C64, 3, (size_t[]){2, 15, 34}, -1, 1);
	onn_node y = onn_fft2(t.g, x);
	onn_array *first = trial_run(&t, device, y), *again = trial_run(&t, device, y);

	ck_assert_mem_eq(onn_array_const_data(again), onn_array_const_data(first),
	    2 * 15 * 34 * 2 * sizeof(double));
	onn_array_destroy(first);
	onn_array_destroy(again);
	trial_end(&t);
}
END_TEST

/* A locale with a decimal comma; false: none is installed. */
static bool set_comma(void)
{
	static const char *const names[] = {
	    "de_DE.UTF-8", "fr_FR.UTF-8", "de_DE.utf8", "nl_NL.utf8"};

	for (size_t i = 0; i < COUNT(names); i++)
		if (setlocale(LC_ALL, names[i]))
			return true;
	return false;
}

START_TEST(the_locale_is_what_it_was)
{
	char *old = strdup(setlocale(LC_ALL, NULL));
	trial t = trial_start();
	onn_node x = trial_input(&t, ONN_C64, 2, (size_t[]){9, 14}, -1, 1);
	onn_node y = onn_fft2(t.g, x);

	/* where there is none the test still checks "C" */
	if (!set_comma())
		printf("no locale with a decimal comma is installed\n");
	char *before = strdup(setlocale(LC_ALL, NULL));
	char number[16], again[16];
	snprintf(number, sizeof number, "%.1f", 0.5);
	check_all(&t, &y, 1);
	ck_assert_str_eq(setlocale(LC_ALL, NULL), before);
	snprintf(again, sizeof again, "%.1f", 0.5);
	ck_assert_str_eq(again, number);
	setlocale(LC_ALL, old);
	free(before);
	free(old);
	trial_end(&t);
}
END_TEST

START_TEST(an_unknown_engine_is_an_error)
{
	const char *asked = getenv("ONN_OPENCL_FFT");
	char *old = asked ? strdup(asked) : NULL;
	onn_device *other = NULL;

	setenv("ONN_OPENCL_FFT", "fftw", 1);
	check_error(onn_device_create(&other, onn_device_name(device), NULL), ONN_ERROR_ARGUMENT,
	    "ONN_OPENCL_FFT is fftw");
	ck_assert_ptr_null(other);
	if (old)
		setenv("ONN_OPENCL_FFT", old, 1);
	else
		unsetenv("ONN_OPENCL_FFT");
	free(old);
}
END_TEST

int main(void)
{
	const char *engine = getenv("ONN_OPENCL_FFT");

	/* VkFFT on PoCL stands for libraries: their kernels take a minute to compile */
	if (engine && !is_thorough() &&
	    (strcmp(engine, "clfft") == 0 || (strcmp(engine, "vkfft") == 0 && is_rusticl()))) {
		printf("skipped: ONN_TEST_ALL=1 runs it\n");
		return 77;
	}
	device = open_test_device(NULL);
	simulated = strstr(onn_device_description(device), "Oclgrind") != NULL;
	slow = strstr(onn_device_description(device), "Portable") != NULL;
	library = engine && strcmp(engine, "own") != 0 && strcmp(engine, "passes") != 0;
	types[ntypes++] = ONN_C64;
	if (onn_device_supports(device, ONN_C128)) {
		/* rusticl has the other one, and this same test */
		ntypes -= is_repeated_by_rusticl() && !is_thorough();
		types[ntypes++] = ONN_C128;
	} else
		printf("without c128, which the device has not\n");
	if (onn_device_create(&reference, "reference", NULL))
		return EXIT_FAILURE;
	int result = run_tests("opencl fft",
	    (const TTest *[]){lines_of_every_length_agree, columns_and_real_inputs_agree,
	        fields_of_every_form_agree, filters_of_every_window_agree,
	        views_are_read_and_parts_of_larger_arrays_are_written,
	        steps_share_memory_and_plans_in_order, a_large_batch_goes_through_in_parts,
	        a_profile_times_transforms, runs_repeat_to_the_bit, the_locale_is_what_it_was,
	        an_unknown_engine_is_an_error, NULL});
	onn_device_destroy(reference);
	onn_device_destroy(device);
	return result;
}
