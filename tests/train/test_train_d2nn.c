/*
 * Training of diffractive networks: what is learnt, going on after a stop, damaged copies.
 */
#include <onn/plan.h>

#include "device.h"
#include "network.h"
#include "presets.h"
#include "train/training.h"

static onn_device *device;
static char straight[128], broken[128];

/* Coarse and near: a step takes milliseconds. */
static onn_d2nn small(const onn_dataset *d)
{
	onn_d2nn n = ONN_D2NN_INIT;
	n.height = d->height;
	n.width = d->width;
	n.outputs = d->classes;
	n.layers = 2;
	n.grid = 24;
	n.distance = 5e-3;
	return n;
}

static onn_train_options short_training(size_t epochs, const char *out)
{
	onn_train_options o = ONN_TRAIN_OPTIONS_INIT;
	o.optimizer.rate = .05;
	o.epochs = epochs;
	o.seed = 4;
	o.out = out;
	return o;
}

static onn_dataset *digits(void)
{
	onn_dataset *d;
	check_ok(onn_dataset_load(&d, "digits", NULL, 0));
	return d;
}

/* Chance is 10 %. Each row changes one thing. */
START_TEST(the_digits_are_learnt_in_every_variant)
{
	onn_dataset *d = digits();
	for (int kind = 0; kind < 7; kind++) {
		onn_d2nn n = small(d);
		onn_train_options o = short_training(4, NULL);
		onn_train_result r;
		n.loss = kind == 1 ? ONN_D2NN_LOSS_MSE : ONN_D2NN_LOSS_SOFTMAX;
		n.detection =
		    kind == 2 ? ONN_D2NN_DETECTION_DIFFERENTIAL : ONN_D2NN_DETECTION_PLAIN;
		n.modulation = kind == 3 ? ONN_D2NN_MODULATION_COMPLEX : ONN_D2NN_MODULATION_PHASE;
		n.encoding = kind == 4 ? ONN_D2NN_ENCODING_PHASE : ONN_D2NN_ENCODING_AMPLITUDE;
		n.absorber.depth = kind == 5 ? 1 : 0;
		n.levels = kind == 6 ? 16 : 0;
		check_ok(train_d2nn(&r, &n, &o, d, device));
		printf("variant %d: loss %.4f, selection %.3f, report %.3f\n", kind,
		    r.run[0].train_loss, r.run[0].selection_accuracy, r.run[0].report_accuracy);
		ck_assert(r.run[0].report_accuracy > .5);
		onn_train_result_clear(&r);
	}
	onn_dataset_destroy(d);
}
END_TEST

/* Free plates amplify, and more light may arrive than came in; bound ones learn without. */
START_TEST(passive_plates_and_amplitudes_are_learnt_without_gain)
{
	static const onn_d2nn_modulation kind[] = {ONN_D2NN_MODULATION_COMPLEX,
	    ONN_D2NN_MODULATION_PASSIVE, ONN_D2NN_MODULATION_AMPLITUDE};
	onn_dataset *d = digits();
	for (size_t i = 0; i < COUNT(kind); i++) {
		onn_d2nn n = small(d);
		onn_train_options o = short_training(4, straight);
		onn_train_result r;
		onn_model *model;
		n.modulation = kind[i];
		clean(straight);
		check_ok(train_d2nn(&r, &n, &o, d, device));
		check_ok(onn_model_load(&model, path_in(straight, "best.npz")));
		double gain = onn_model_plate_gain(model);
		printf("%s: report %.3f, gain %.4f\n", onn_d2nn_modulation_name(kind[i]),
		    r.run[0].report_accuracy, gain);
		ck_assert(r.run[0].report_accuracy > .4);
		if (kind[i] == ONN_D2NN_MODULATION_COMPLEX)
			ck_assert(gain > 1.1);
		else
			ck_assert(gain <= 1 + 1e-6);
		for (size_t k = 0; kind[i] == ONN_D2NN_MODULATION_AMPLITUDE && k < 2; k++) {
			const onn_array *w = onn_model_const_weight(model, k);
			const float *t = onn_array_const_data(w);
			size_t pixels = onn_array_count(w) / 2;
			for (size_t p = 0; p < pixels; p++)
				ck_assert(t[p] >= 0 && t[p] <= 1 && t[pixels + p] == 0);
		}
		onn_train_result_clear(&r);
		onn_model_destroy(model);
	}
	onn_dataset_destroy(d);
}
END_TEST

/* Stops after a number of steps. */
static bool count_down(void *user, const onn_train_progress *p)
{
	int *left = user;
	ck_assert(p->step >= 1);
	return --*left == 0;
}

/* Shifts are drawn by the number of the step, which a stop must not change. */
START_TEST(a_run_with_random_shifts_that_stops_ends_with_the_same_bytes)
{
	onn_dataset *d = make_set(40, 20, 9);
	onn_d2nn n = small(d);
	n.misalign = 3e-4;
	onn_train_options o = short_training(3, straight);
	o.batch = 16;
	clean(straight);
	check_ok(train_d2nn(NULL, &n, &o, d, device));
	for (int stop = 1; stop < 9; stop += 3) {
		int left = stop;
		onn_train_options again = o;
		clean(broken);
		again.out = broken;
		again.user = &left;
		again.progress = count_down;
		check_error(
		    train_d2nn(NULL, &n, &again, d, device), ONN_CANCELLED, "stopped at epoch");
		again.progress = NULL;
		again.resume = true;
		check_ok(train_d2nn(NULL, &n, &again, d, device));
		check_same_file(straight, broken, "last.npz");
		check_same_file(straight, broken, "best.npz");
		check_same_file(straight, broken, "config.json");
	}
	/* and the shifts do something */
	n.misalign = 0;
	onn_train_options other = o;
	other.out = broken;
	clean(broken);
	check_ok(train_d2nn(NULL, &n, &other, d, device));
	onn_model *a, *b;
	check_ok(onn_model_load(&a, path_in(straight, "last.npz")));
	check_ok(onn_model_load(&b, path_in(broken, "last.npz")));
	ck_assert(memcmp(onn_array_data(onn_model_weight(a, 0)),
	              onn_array_data(onn_model_weight(b, 0)), 24 * 24 * sizeof(float)) != 0);
	onn_model_destroy(a);
	onn_model_destroy(b);
	free_set(d);
}
END_TEST

START_TEST(a_config_comes_back_with_its_kind)
{
	onn_dataset *d = make_set(8, 4, 9);
	onn_d2nn n = small(d);
	onn_train_options o = short_training(1, straight);
	onn_train_config config;
	n.wavelength = 1e-3 / 3;
	clean(straight);
	check_ok(train_d2nn(NULL, &n, &o, d, device));
	check_ok(onn_train_config_load(&config, straight));
	onn_d2nn saved = ONN_D2NN_INIT;
	ck_assert(onn_network_is_d2nn(&saved, config.network));
	onn_train_config_clear(&config);
	ck_assert(saved.wavelength == n.wavelength);
	/* a run goes on as it began */
	o.resume = true;
	o.epochs = 2;
	n.distance *= 2;
	check_error(train_d2nn(NULL, &n, &o, d, device), ONN_ERROR_ARGUMENT, "distance");
	onn_mlp m = network_for(d);
	check_error(train_mlp(NULL, &m, &o, d, device), ONN_ERROR_ARGUMENT, "trained with");
	free_set(d);
}
END_TEST

static double accuracy_of(const onn_model *model, const onn_dataset *d, onn_evaluate_options o)
{
	onn_accuracy a;
	check_ok(onn_model_evaluate(&a, model, device, d, &o));
	ck_assert_uint_eq(a.count, onn_array_count(d->test_y));
	return a.all;
}

START_TEST(damaged_copies_are_worse_and_come_out_the_same_again)
{
	onn_dataset *d = digits();
	onn_d2nn n = small(d);
	onn_train_options o = short_training(4, straight);
	onn_model *model;
	clean(straight);
	check_ok(train_d2nn(NULL, &n, &o, d, device));
	check_ok(onn_model_load(&model, path_in(straight, "best.npz")));
	const onn_evaluate_options none = ONN_EVALUATE_OPTIONS_INIT;
	onn_evaluate_options damage[6] = {none, none, none, none, none, none};
	damage[0].misalign = 1e-3;
	damage[1].phase_noise = 2;
	damage[2].quantise = true;
	damage[2].levels = 2;
	damage[3].weight_noise = 3;
	damage[4].photons = 300;
	damage[5].photons = 1e5;
	damage[5].read_noise = 300;
	double sound = accuracy_of(model, d, none);
	for (size_t i = 0; i < COUNT(damage); i++) {
		double hurt = accuracy_of(model, d, damage[i]);
		ck_assert_msg(hurt < sound - .05, "damage %zu: %g, sound %g", i, hurt, sound);
		ck_assert(accuracy_of(model, d, damage[i]) == hurt);
	}
	/* another copy has other errors, and so has another seed */
	onn_evaluate_options other = damage[1];
	other.phase_noise = 1;
	double first = accuracy_of(model, d, other);
	other.copy = 1;
	double second = accuracy_of(model, d, other);
	other.copy = 0;
	other.seed = 1;
	double third = accuracy_of(model, d, other);
	ck_assert(first != second || first != third);
	/* so many levels that they change nothing */
	onn_evaluate_options fine = none;
	fine.quantise = true;
	fine.levels = 65536;
	check_near(accuracy_of(model, d, fine), sound, .006);
	/* so much light that its noise is nothing */
	onn_evaluate_options bright = none;
	bright.photons = 1e12;
	check_near(accuracy_of(model, d, bright), sound, .006);
	onn_model_destroy(model);
	onn_dataset_destroy(d);
}
END_TEST

START_TEST(wrong_damage_is_named)
{
	onn_dataset *d = make_set(4, 4, 9);
	onn_d2nn n = small(d);
	onn_mlp mlp = network_for(d);
	onn_model *plates, *layers, *free_plates;
	onn_accuracy a;
	check_ok(create_d2nn(&plates, &n, 0));
	check_ok(create_mlp(&layers, &mlp, 0));
	n.modulation = ONN_D2NN_MODULATION_COMPLEX;
	check_ok(create_d2nn(&free_plates, &n, 0));
	onn_evaluate_options o = ONN_EVALUATE_OPTIONS_INIT;
	o.misalign = -1;
	check_error(
	    onn_model_evaluate(&a, plates, device, d, &o), ONN_ERROR_ARGUMENT, "misalign is -1");
	o.misalign = 1;
	check_error(
	    onn_model_evaluate(&a, layers, device, d, &o), ONN_ERROR_ARGUMENT, "without plates");
	o.misalign = 0;
	o.read_noise = 1;
	check_error(onn_model_evaluate(&a, plates, device, d, &o), ONN_ERROR_ARGUMENT,
	    "read_noise is 1 without photons");
	o.read_noise = 0;
	o.quantise = true;
	o.levels = 1;
	check_error(
	    onn_model_evaluate(&a, plates, device, d, &o), ONN_ERROR_ARGUMENT, "levels is 1");
	o.levels = 4;
	check_error(onn_model_evaluate(&a, free_plates, device, d, &o), ONN_ERROR_ARGUMENT,
	    "4 levels for plates that are not of phase alone");
	d->height = 3;
	d->width = 3;
	o.quantise = false;
	check_error(onn_model_evaluate(&a, plates, device, d, &o), ONN_ERROR_ARGUMENT, "3 x 3");
	onn_model_destroy(plates);
	onn_model_destroy(layers);
	onn_model_destroy(free_plates);
	free_set(d);
}
END_TEST

int main(void)
{
	device = open_test_device(NULL);
	own_name(straight, sizeof straight, "test_train_d2nn_straight");
	own_name(broken, sizeof broken, "test_train_d2nn_broken");
	int failed = run_tests("train d2nn",
	    (const TTest *[]){the_digits_are_learnt_in_every_variant,
	        passive_plates_and_amplitudes_are_learnt_without_gain,
	        a_run_with_random_shifts_that_stops_ends_with_the_same_bytes,
	        a_config_comes_back_with_its_kind,
	        damaged_copies_are_worse_and_come_out_the_same_again, wrong_damage_is_named, NULL});
	clean(straight);
	clean(broken);
	remove(straight);
	remove(broken);
	onn_device_destroy(device);
	return failed;
}
