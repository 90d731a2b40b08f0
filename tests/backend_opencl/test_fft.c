/*
 * Fourier transforms and filters on ONN_TEST_DEVICE against the reference, with the engine that
 * ONN_OPENCL_FFT names: lengths, windows, batches and parts.
 */
#define _POSIX_C_SOURCE 200809L
#include "trial.h"

#include <onn/fourier.h>

#include <locale.h>

#include "device.h"

static onn_device *device, *reference;
static bool simulated; /* by Oclgrind: short lines only */

/* Errors grow with the logarithm of the length, and for lengths with a large prime as for one some
 * four times as long, twice. They are measured by the largest element, about the root of the
 * number of points. */
static double close_for(onn_type type) { return type == ONN_C64 ? 2e-6 : 4e-15; }

#define check_trial(t, y, type)                                                                    \
	do {                                                                                       \
		double error_ = trial_error(t, device, reference, y);                              \
		ck_assert_msg(error_ <= close_for(type), "error %g, not %g, in %s", error_,        \
		    close_for(type), onn_type_name(type));                                         \
	} while (0)

static onn_type types[2]; /* those that the device has */
static size_t ntypes;
static const size_t lengths[] = {1, 2, 3, 8, 17, 37, 50, 67, 128, 134, 400, 1009};

static bool too_long(size_t n) { return simulated && n > 50; }

START_TEST(lines_of_every_length_agree)
{
	for (size_t i = 0; i < COUNT(lengths); i++)
		for (size_t k = 0; k < ntypes; k++) {
			onn_type type = types[k];
			if (too_long(lengths[i]))
				continue;
			trial t = trial_start();
			onn_node x = trial_input(&t, type, 2, (size_t[]){3, lengths[i]}, -1, 1);
			onn_node f = onn_fft(t.g, x, 1), b = onn_ifft(t.g, x, 1);
			check_trial(&t, onn_concat(t.g, (onn_node[]){f, b}, 2, 0), type);
			trial_end(&t);
		}
}
END_TEST

START_TEST(columns_and_real_inputs_agree)
{
	for (size_t k = 0; k < ntypes; k++) {
		onn_type type = types[k];
		trial t = trial_start();
		onn_node x = trial_input(
		    &t, onn_type_real(type), 3, (size_t[]){2, simulated ? 15 : 67, 5}, -1, 1);
		check_trial(&t, onn_fft(t.g, x, 1), type);
		check_trial(&t, onn_ifft(t.g, x, 0), type);
		trial_end(&t);
	}
}
END_TEST

START_TEST(fields_of_every_form_agree)
{
	static const size_t shapes[][4] = {{1, 1, 1, 1}, {1, 1, 2, 1}, {1, 3, 1, 3}, {2, 3, 8, 8},
	    {1, 1, 17, 6}, {5, 1, 12, 10}, {1, 2, 50, 37}, {1, 1, 67, 128}, {1, 1, 134, 400}};

	for (size_t i = 0; i < COUNT(shapes); i++)
		for (size_t k = 0; k < ntypes; k++) {
			onn_type type = types[k];
			if (too_long(shapes[i][2]) || too_long(shapes[i][3]))
				continue;
			trial t = trial_start();
			onn_node x = trial_input(&t, type, 4, shapes[i], -1, 1);
			onn_node f = onn_fft2(t.g, x), b = onn_ifft2(t.g, x);
			check_trial(&t, f, type);
			check_trial(&t, b, type);
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
    {{1, 1}, {1, 1}, {1, 1}, {1, 1}, {0, 0}, {{0, 0}, {1, 1}}},
    {{1, 1}, {1, 1}, {2, 3}, {3, 2 + 6}, {1, 5}, {{0, 0}, {3, 8}}}, /* all around one corner */
    {{2, 3}, {2, 3}, {8, 8}, {8, 8}, {0, 0}, {{0, 0}, {8, 8}}},     /* no zeros, nothing cut */
    {{2, 3}, {1, 3}, {4, 5}, {8, 10}, {2, 2}, {{2, 2}, {4, 5}}},    /* padded on each side */
    {{2, 3}, {2, 1}, {5, 1}, {17, 3}, {12, 2}, {{0, 1}, {17, 1}}},  /* one column in, one out */
    {{1, 4}, {1, 1}, {1, 9}, {1, 37}, {0, 28}, {{0, 3}, {1, 30}}},  /* a line */
    {{3, 1}, {1, 1}, {7, 1}, {50, 1}, {43, 0}, {{49, 0}, {1, 1}}},  /* a column, one point of it */
    {{1, 2}, {1, 1}, {67, 30}, {134, 60}, {33, 15}, {{33, 15}, {67, 30}}},
    {{1, 1}, {1, 1}, {100, 64}, {400, 128}, {0, 64}, {{390, 0}, {10, 128}}},
    {{1, 1}, {1, 1}, {1, 500}, {2, 1009}, {1, 509}, {{0, 0}, {1, 1009}}},
};

START_TEST(filters_of_every_window_agree)
{
	for (size_t i = 0; i < COUNT(geometries); i++)
		for (size_t k = 0; k < ntypes; k++) {
			onn_type type = types[k];
			const geometry *q = &geometries[i];
			if (too_long(q->n[0]) || too_long(q->n[1]))
				continue;
			trial t = trial_start();
			onn_node x = trial_input(&t, type, 4,
			    (size_t[]){q->batch[0], q->batch[1], q->shape[0], q->shape[1]}, -1, 1);
			onn_node h = trial_input(&t, type, 4,
			    (size_t[]){q->filters[0], q->filters[1], q->n[0], q->n[1]}, -1, 1);
			onn_node y = onn_filter(t.g, onn_mul(t.g, x, x), h, q->at, &q->keep);
			check_trial(&t, y, type);
			/* the conjugate filter, and the windows exchanged */
			onn_node loss = onn_sum(t.g, onn_abs2(t.g, y), NULL, 0, false), grad;
			check_ok(onn_gradient(t.g, loss, ONN_NULL_NODE, &x, 1, &grad));
			check_trial(&t, grad, type);
			trial_end(&t);
		}
}
END_TEST

START_TEST(a_field_is_stored_into_a_part_of_a_larger_array)
{
	trial t = trial_start();
	onn_node x = trial_input(&t, ONN_C64, 3, (size_t[]){3, 6, 10}, -1, 1);
	onn_node h = trial_input(&t, ONN_C64, 2, (size_t[]){12, 20}, -1, 1);
	const onn_window keep = {{3, 5}, {6, 10}};
	onn_node y = onn_filter(t.g, x, h, (size_t[]){3, 5}, &keep);
	onn_node parts[] = {onn_mul_real(t.g, x, 2), y, onn_fft2(t.g, x)};

	for (int axis = 0; axis < 3; axis++)
		check_trial(&t, onn_concat(t.g, parts, 3, axis), ONN_C64);
	/* read by steps backwards, too */
	check_trial(&t,
	    onn_fft2(t.g, onn_permute(t.g, onn_slice(t.g, x, 1, 5, 6, -1), (int[]){1, 2, 0})),
	    ONN_C64);
	trial_end(&t);
}
END_TEST

START_TEST(steps_share_memory_and_plans_in_order)
{
	trial t = trial_start();
	onn_node x = trial_input(&t, ONN_C64, 3, (size_t[]){2, 10, 12}, -1, 1);
	onn_node h = trial_input(&t, ONN_C64, 2, (size_t[]){20, 24}, -1, 1);
	onn_node y = x, sums[4];

	/* one step's result is the next one's input, and all use the same scratch memory */
	for (int i = 0; i < 4; i++) {
		y = onn_mul_real(
		    t.g, onn_filter(t.g, onn_mul(t.g, y, x), h, (size_t[]){5, 6}, NULL), 0.25);
		sums[i] = onn_sum(t.g, onn_mul(t.g, y, onn_fft2(t.g, y)), NULL, 0, true);
	}
	check_trial(&t, y, ONN_C64);
	check_trial(&t, onn_concat(t.g, sums, 4, 0), ONN_C64);
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

START_TEST(the_locale_is_what_it_was)
{
	char *old = strdup(setlocale(LC_ALL, NULL));
	trial t = trial_start();
	onn_node x = trial_input(&t, ONN_C64, 2, (size_t[]){9, 14}, -1, 1);

	/* where none of them is installed the test still checks "C" */
	if (!setlocale(LC_ALL, "de_DE.UTF-8") && !setlocale(LC_ALL, "fr_FR.UTF-8"))
		printf("no locale with a decimal comma is installed\n");
	char *before = strdup(setlocale(LC_ALL, NULL));
	check_trial(&t, onn_fft2(t.g, x), ONN_C64);
	ck_assert_str_eq(setlocale(LC_ALL, NULL), before);
	setlocale(LC_ALL, old);
	free(before);
	free(old);
	trial_end(&t);
}
END_TEST

int main(void)
{
	device = open_test_device(NULL);
	simulated = strstr(onn_device_description(device), "Oclgrind") != NULL;
	types[ntypes++] = ONN_C64;
	if (onn_device_supports(device, ONN_C128))
		types[ntypes++] = ONN_C128;
	else
		printf("without c128, which the device has not\n");
	if (onn_device_create(&reference, "reference", NULL))
		return EXIT_FAILURE;
	int result = run_tests("opencl fft",
	    (const TTest *[]){lines_of_every_length_agree, columns_and_real_inputs_agree,
	        fields_of_every_form_agree, filters_of_every_window_agree,
	        a_field_is_stored_into_a_part_of_a_larger_array,
	        steps_share_memory_and_plans_in_order, runs_repeat_to_the_bit,
	        the_locale_is_what_it_was, NULL});
	onn_device_destroy(reference);
	onn_device_destroy(device);
	return result;
}
