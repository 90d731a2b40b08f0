/* The yardstick of the benchmarks does the same work as the trainer. */
#include <onn/onn.h>

#include "peers/mlp_by_hand.h"
#include "presets.h"
#include "testing.h"

enum { IMAGES = 64, SIDE = 28, CLASSES = 10, EPOCHS = 6 };

/* As many images as a batch: an epoch is a step, and their order is of no matter. */
static onn_dataset one_batch(void)
{
	onn_dataset d = {.height = SIDE, .width = SIDE, .classes = CLASSES, .scale = 255};
	const size_t shape[3] = {IMAGES, SIDE, SIDE};
	uint32_t state = 1;
	check_ok(onn_array_create(&d.train_x, ONN_U8, 3, shape));
	check_ok(onn_array_create(&d.train_y, ONN_I32, 1, shape));
	uint8_t *x = onn_array_data(d.train_x);
	int32_t *y = onn_array_data(d.train_y);
	for (size_t i = 0; i < onn_array_count(d.train_x); i++) {
		state = state * 1664525u + 1013904223u;
		x[i] = (uint8_t)(state >> 24);
	}
	for (int32_t i = 0; i < IMAGES; i++)
		y[i] = i * 7 % CLASSES;
	check_ok(onn_array_convert(&d.test_x, d.train_x, ONN_U8));
	check_ok(onn_array_convert(&d.test_y, d.train_y, ONN_I32));
	return d;
}

static void dataset_clear(onn_dataset *d)
{
	onn_array_destroy(d->train_x);
	onn_array_destroy(d->train_y);
	onn_array_destroy(d->test_x);
	onn_array_destroy(d->test_y);
}

static void keep_loss(void *user, const onn_train_epoch *epoch)
{
	double *loss = user;
	loss[epoch->epoch - 1] = epoch->train_loss;
}

START_TEST(training_by_hand_has_the_losses_of_the_trainer)
{
	double loss[EPOCHS] = {0}, mine;
	onn_dataset d = one_batch();
	onn_device *device;
	onn_mlp mlp = ONN_MLP_INIT;
	onn_train_options options = ONN_TRAIN_OPTIONS_INIT;
	options.batch = IMAGES;
	options.epochs = EPOCHS;
	options.user = loss;
	options.epoch = keep_loss;
	check_ok(onn_device_create(&device, "c", NULL));
	check_ok(train_mlp(NULL, &mlp, &options, &d, device));
	onn_device_destroy(device);
	for (int threads = 1; threads <= 3; threads++) {
		mlp_by_hand *net = mlp_by_hand_create(&d, threads);
		ck_assert_ptr_nonnull(net);
		for (int i = 0; i < EPOCHS; i++) {
			double seconds = mlp_by_hand_epoch(net, &mine);
			ck_assert(seconds > 0);
			/* f32 sums in another order, and Adam's first steps turn on signs */
			ck_assert_msg(fabs(mine - loss[i]) <= 1e-4 * loss[i],
			    "%d threads, epoch %d: %.9f; the trainer has %.9f", threads, i, mine,
			    loss[i]);
		}
		ck_assert(loss[EPOCHS - 1] < loss[0]);
		mlp_by_hand_destroy(net);
	}
	dataset_clear(&d);
}
END_TEST

START_TEST(training_by_hand_refuses_other_data)
{
	onn_dataset d = one_batch();
	d.classes = 11;
	ck_assert_ptr_null(mlp_by_hand_create(&d, 1));
	dataset_clear(&d);
}
END_TEST

TESTS("training by hand", training_by_hand_has_the_losses_of_the_trainer,
    training_by_hand_refuses_other_data)
