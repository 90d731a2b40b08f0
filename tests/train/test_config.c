/*
 * What a run is: what it may be resumed with, and what would make another one of it.
 */
#include <onn/device.h>

#include "presets.h"
#include "train/training.h"

static const char room[] = "test_config_run";

static onn_device *open_device(void)
{
	onn_device *device;
	onn_device_options options = ONN_DEVICE_OPTIONS_INIT;
	options.threads = 1;
	check_ok(onn_device_create(&device, "c", &options));
	return device;
}

static onn_train_options training(size_t epochs, bool resume)
{
	onn_train_options o = ONN_TRAIN_OPTIONS_INIT;
	o.epochs = epochs;
	o.batch = 16;
	o.out = room;
	o.resume = resume;
	return o;
}

/* It would have had other learning rates from its first epoch on. */
START_TEST(more_epochs_are_refused_where_the_schedule_ends_with_them)
{
	static const onn_decay decay[] = {ONN_DECAY_CONSTANT, ONN_DECAY_STEP, ONN_DECAY_COSINE};
	onn_device *device = open_device();
	onn_dataset *d = make_set(40, 10, 8);
	onn_mlp m = network_for(d);
	for (size_t i = 0; i < COUNT(decay); i++) {
		clean(room);
		onn_train_options o = training(2, false);
		o.optimizer.decay = decay[i];
		check_ok(train_mlp(NULL, &m, &o, d, device));
		o.resume = true;
		check_ok(train_mlp(NULL, &m, &o, d, device));
		o.epochs = 4;
		if (decay[i] == ONN_DECAY_COSINE)
			check_error(train_mlp(NULL, &m, &o, d, device), ONN_ERROR_ARGUMENT,
			    "schedule cosine over epochs 2, and 4 is asked for");
		else
			check_ok(train_mlp(NULL, &m, &o, d, device));
	}
	free_set(d);
	onn_device_destroy(device);
}
END_TEST

START_TEST(a_run_whose_data_have_changed_does_not_go_on)
{
	onn_device *device = open_device();
	onn_dataset *d = make_set(40, 10, 8);
	onn_mlp m = network_for(d);
	const onn_array *const part[] = {d->train_x, d->train_y, d->test_x, d->test_y};
	onn_train_options o = training(1, false);
	onn_train_config config;
	clean(room);
	check_ok(train_mlp(NULL, &m, &o, d, device));
	check_ok(onn_train_config_load(&config, room));
	ck_assert_uint_eq(strlen(config.digest), 64);
	onn_train_config_clear(&config);
	o = training(2, true);
	for (size_t i = 0; i < COUNT(part); i++) {
		unsigned char *byte = onn_array_data((onn_array *)part[i]);
		*byte ^= 1;
		check_error(train_mlp(NULL, &m, &o, d, device), ONN_ERROR_ARGUMENT,
		    "on other data of the name made and the same counts");
		*byte ^= 1;
	}
	d->height = d->width;
	d->width = 1; /* the same pixels in a column */
	check_ok(train_mlp(NULL, &m, &o, d, device));
	free_set(d);
	clean(room);
	remove(room);
	onn_device_destroy(device);
}
END_TEST

TESTS("config", more_epochs_are_refused_where_the_schedule_ends_with_them,
    a_run_whose_data_have_changed_does_not_go_on)
