/*
 * Training steps of light through plates on ONN_TEST_DEVICE against the reference: filters of whole
 * lines, which are launched together with what goes on from them and with what is done to the same
 * elements, whatever of it is also read by others.
 */
#define _POSIX_C_SOURCE 200809L /* setenv */
#include "steps.h"

#include <onn/fourier.h>

#include "backend/opencl/fourier/fourier.h"
#include "device.h"

enum { PLATES = 4, OUTPUTS_MAX = 2 * PLATES + 4 };

static onn_device *device, *reference;
static bool simulated; /* by Oclgrind: small fields only */

typedef enum plate_kind {
	FREE,    /* complex numbers */
	REAL,    /* real ones */
	PHASE,   /* an angle each */
	NO_PLATE /* filters alone */
} plate_kind;

typedef struct task {
	const char *name;
	size_t batch, h, w; /* of fields; plates are for all of a batch */
	size_t n[2];        /* of the filter */
	size_t at[2];       /* the fields' place there */
	size_t from[2];     /* of what is kept */
	plate_kind plate;
	bool turned;      /* plates move against their gradients' phases, not along the gradients */
	bool shown;       /* the gradient of one plate is an output, and fields on the way */
	bool read;        /* a field on the way is also summed up, and seen from its end */
	double per_plate; /* launches for a plate, there and back, of a device that joins them */
} task;

static const task tasks[] = {
    {"square", 1, 16, 16, {16, 16}, {0, 0}, {0, 0}, FREE, true, false, false, 4},
    {"oblong", 1, 24, 10, {24, 10}, {0, 0}, {0, 0}, FREE, true, false, false, 4},
    {"odd", 1, 15, 21, {15, 21}, {0, 0}, {0, 0}, FREE, false, false, false, 4},
    {"padded", 1, 12, 10, {24, 20}, {6, 5}, {6, 5}, FREE, false, false, false, 4},
    {"padded in a corner", 1, 12, 10, {20, 16}, {0, 6}, {0, 3}, FREE, true, false, false, 4},
    {"shifted, which is not done at once", 1, 12, 10, {24, 20}, {3, 5}, {6, 5}, FREE, true, false,
        false, 8},
    {"with fields shown", 1, 16, 16, {16, 16}, {0, 0}, {0, 0}, FREE, true, true, false, 4},
    {"with a field read otherwise", 1, 16, 16, {16, 16}, {0, 0}, {0, 0}, FREE, true, true, true, 6},
    {"of real plates", 1, 16, 12, {16, 12}, {0, 0}, {0, 0}, REAL, false, false, false, 5},
    {"of phases", 1, 16, 16, {32, 32}, {8, 8}, {8, 8}, PHASE, false, false, false, 6},
    {"of hops alone", 1, 16, 16, {16, 16}, {0, 0}, {0, 0}, NO_PLATE, false, false, false, 4},
    {"a batch", 3, 10, 12, {20, 24}, {5, 6}, {5, 6}, PHASE, false, false, false, 7},
    {"a batch through free plates", 5, 8, 8, {8, 8}, {0, 0}, {0, 0}, FREE, true, true, false, 7},
    {"with a prime", 1, 34, 38, {34, 38}, {0, 0}, {0, 0}, FREE, true, false, false, 4},
    {"of the usual sizes", 1, 128, 96, {128, 96}, {0, 0}, {0, 0}, FREE, true, false, false, 4},
    {"a padded batch of the usual sizes", 2, 200, 180, {400, 360}, {100, 90}, {100, 90}, PHASE,
        false, false, false, 7},
    {"of a large prime, which goes by passes", 1, 67, 20, {67, 20}, {0, 0}, {0, 0}, FREE, true,
        false, false, 99},
    {"of long lines", 1, 6, 2048, {6, 2048}, {0, 0}, {0, 0}, FREE, true, false, false, 99},
};

static bool left_out(const task *t) { return simulated && t->n[0] * t->n[1] > 1300; }

/* What stands at plate i in the field's way, and its variable. */
static onn_node add_plate(trial *t, const task *k, onn_type type, onn_node e, onn_node *variable)
{
	const size_t shape[] = {k->h, k->w};
	const onn_type real = onn_type_real(type);

	if (k->plate == NO_PLATE)
		return e;
	*variable = trial_input(t, k->plate == FREE ? type : real, 2, shape, -1, 1);
	return onn_mul(t->g, e, k->plate == PHASE ? onn_expi(t->g, *variable) : *variable);
}

/* Outputs, those of assignments last. */
static size_t build(trial *t, const task *k, onn_type type, onn_node out[OUTPUTS_MAX])
{
	const size_t shape[] = {k->batch, k->h, k->w};
	const onn_window keep = {{k->from[0], k->from[1]}, {k->h, k->w}};
	onn_node plate[PLATES], grad[PLATES], between = ONN_NULL_NODE;
	const size_t axes = k->batch > 1 ? 3 : 2;
	onn_node e = trial_input(t, type, axes, shape + 3 - axes, -1, 1);
	onn_node h = trial_input(t, type, 2, k->n, -1, 1);
	size_t count = 1;

	for (int i = 0; i < PLATES; i++) {
		e = onn_filter(t->g, add_plate(t, k, type, e, &plate[i]), h, k->at, &keep);
		between = i == 1 ? e : between;
	}
	out[0] = onn_mean(t->g, onn_abs2(t->g, e), NULL, 0, false);
	if (k->shown)
		out[count++] = between;
	if (k->read) {
		out[count++] = onn_sum(t->g, onn_abs2(t->g, between), (int[]){-1}, 1, false);
		onn_node turned = onn_slice(t->g, between, -1, (ptrdiff_t)k->w - 1, k->w, -1);
		out[count++] = onn_mul(t->g, turned, between);
	}
	if (k->plate == NO_PLATE) {
		out[count++] = e;
		return count;
	}
	check_ok(onn_gradient(grad, t->g, out[0], ONN_NULL_NODE, plate, PLATES));
	if (k->shown)
		out[count++] = grad[1];
	for (int i = 0; i < PLATES; i++) {
		onn_node step = k->turned ? onn_sign(t->g, grad[i]) : grad[i];
		out[count++] = onn_assign(t->g, plate[i],
		    onn_sub(t->g, plate[i], onn_mul_real(t->g, step, k->turned ? 1e-2 : 1)));
	}
	return count;
}

static void check_task(const task *k, onn_type type)
{
	const onn_cl_device *d = (const onn_cl_device *)device;
	const double allowed = onn_type_real(type) == ONN_F32 ? 1e-5 : 1e-13;
	onn_array *a[OUTPUTS_MAX + TRIAL_INPUTS], *b[OUTPUTS_MAX + TRIAL_INPUTS];
	onn_node out[OUTPUTS_MAX];
	trial t = trial_start();
	size_t count = build(&t, k, type, out), launches;
	size_t n = trial_steps(&t, device, out, count, a, &launches);

	ck_assert_uint_eq(trial_steps(&t, reference, out, count, b, NULL), n);
	for (size_t i = 0; i < n; i++) {
		double error = trial_difference(a[i], b[i]);
		ck_assert_msg(error <= allowed, "%s in %s: result %zu is off by %g", k->name,
		    onn_type_name(type), i, error);
		onn_array_destroy(a[i]);
		onn_array_destroy(b[i]);
	}
	/* beside the plates': the first and the last half hop there and back, and the loss */
	if (!d->native && d->whole_lines[type == ONN_C128])
		ck_assert_msg((double)launches <= PLATES * k->per_plate + 6,
		    "%s: %zu launches, not %g a plate", k->name, launches, k->per_plate);
	trial_end(&t);
}

/* Compilers take a second for a kernel here: rusticl has the first ones and one of two of the
 * others in single precision, PoCL the rest in double. */
static bool is_sampled(size_t i)
{
	if (is_thorough() || simulated)
		return true;
	return is_rusticl()               ? i < 6 || i % 2 == 0
	       : is_repeated_by_rusticl() ? i < 3 || i % 2
	                                  : true;
}

START_TEST(chains_of_filters_agree_in_single_precision)
{
	if (is_repeated_by_rusticl() && !is_thorough()) {
		printf("c64 is left to rusticl, for which the same test stands\n");
		return;
	}
	for (size_t i = 0; i < COUNT(tasks); i++)
		if (!left_out(&tasks[i]) && is_sampled(i))
			check_task(&tasks[i], ONN_C64);
}
END_TEST

START_TEST(chains_of_filters_agree_in_double_precision)
{
	if (!onn_device_supports(device, ONN_C128)) {
		printf("without c128, which the device has not\n");
		return;
	}
	for (size_t i = 0; i < COUNT(tasks); i++)
		if (!left_out(&tasks[i]) && is_sampled(i))
			check_task(&tasks[i], ONN_C128);
}
END_TEST

/* Step by step as the check mode has it, each against the reference. */
START_TEST(single_steps_agree_with_the_reference)
{
	onn_device_options options = ONN_DEVICE_OPTIONS_INIT;
	onn_device *checked;
	onn_array *a[OUTPUTS_MAX + TRIAL_INPUTS];

	options.check = true;
	check_ok(onn_device_create(&checked, onn_device_name(device), &options));
	for (size_t i = 0; i < 4; i++) {
		onn_node out[OUTPUTS_MAX];
		trial t = trial_start();
		size_t count = build(&t, &tasks[i], ONN_C64, out);
		size_t n = trial_steps(&t, checked, out, count, a, NULL);
		while (n > 0)
			onn_array_destroy(a[--n]);
		trial_end(&t);
	}
	onn_device_destroy(checked);
}
END_TEST

START_TEST(a_batch_in_parts_is_not_joined)
{
	onn_device *usual = device;
	const task parts = {
	    "parts", 6, 8, 8, {16, 16}, {4, 4}, {4, 4}, PHASE, false, false, false, 99};

	setenv("ONN_OPENCL_FFT_BYTES", "4096", 1);
	check_ok(onn_device_create(&device, onn_device_name(usual), NULL));
	unsetenv("ONN_OPENCL_FFT_BYTES");
	check_task(&parts, ONN_C64);
	onn_device_destroy(device);
	device = usual;
}
END_TEST

int main(void)
{
	device = open_test_device(NULL);
	simulated = strstr(onn_device_description(device), "Oclgrind") != NULL;
	if (onn_device_create(&reference, "reference", NULL))
		return EXIT_FAILURE;
	int result = run_tests("opencl joint",
	    (const TTest *[]){chains_of_filters_agree_in_single_precision,
	        chains_of_filters_agree_in_double_precision, single_steps_agree_with_the_reference,
	        a_batch_in_parts_is_not_joined, NULL});
	onn_device_destroy(reference);
	onn_device_destroy(device);
	return result;
}
