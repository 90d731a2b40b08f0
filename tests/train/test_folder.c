/*
 * Run folders of earlier versions: they are read, evaluated and gone on with as if nothing had
 * changed.
 */
#include <onn/archive.h>

#include "device.h"
#include "presets.h"
#include "train/training.h"

static onn_device *device;

static const char *const runs[] = {"mlp", "d2nn", "complex"};

static char *data_path(const char *run, const char *name)
{
	static char path[4][512];
	static int next;
	next = (next + 1) % 4;
	snprintf(
	    path[next], sizeof path[next], ONN_SOURCE_DIR "/tests/train/data/%s/%s", run, name);
	return path[next];
}

/* A folder of the test's own with the files of the run. */
static void copy_run(char *folder, size_t room, const char *run)
{
	static const char *const names[] = {
	    "config.json", "last.npz", "best.npz", "metrics.csv", "interrupted.csv"};
	char name[32];
	snprintf(name, sizeof name, "test_folder_%s", run);
	own_name(folder, room, name);
	check_ok(onn_directory_make(folder));
	clean(folder);
	for (size_t i = 0; i < COUNT(names); i++) {
		void *bytes;
		size_t count;
		check_ok(onn_file_read(&bytes, &count, data_path(run, names[i])));
		check_ok(onn_file_write(path_in(folder, names[i]), bytes, count));
		onn_free(bytes);
	}
}

/* The same text, but for the device that a configuration names. */
static void check_text(const onn_archive *is, const onn_archive *want, const char *name)
{
	static const char key[] = "\"device\":\t\"";
	const char *a = onn_archive_get_text(is, name), *b = onn_archive_get_text(want, name);
	ck_assert_ptr_nonnull(a);
	ck_assert_ptr_nonnull(b);
	const char *p = strstr(a, key), *q = strstr(b, key);
	ck_assert_int_eq(p != NULL, q != NULL);
	if (p) {
		ck_assert_int_eq(p - a, q - b);
		ck_assert_int_eq(strncmp(a, b, (size_t)(p - a)), 0);
		a = strchr(p + strlen(key), '"');
		b = strchr(q + strlen(key), '"');
	}
	ck_assert_str_eq(a, b);
}

static double number(const onn_array *a, size_t i)
{
	const void *data = onn_array_const_data(a);
	switch (onn_array_type(a)) {
	case ONN_F32:
		return ((const float *)data)[i];
	case ONN_F64:
		return ((const double *)data)[i];
	default:
		return ((const int32_t *)data)[i];
	}
}

/* Equal but for what other processors round otherwise. */
static void check_array(const onn_archive *is, const onn_archive *want, const char *name)
{
	const onn_array *a = onn_archive_get(is, name), *b = onn_archive_get(want, name);
	ck_assert_msg(a && b, "no array %s", name);
	ck_assert_uint_eq(onn_array_count(a), onn_array_count(b));
	ck_assert_int_eq(onn_array_type(a), onn_array_type(b));
	double most = 0;
	for (size_t i = 0; i < onn_array_count(b); i++)
		most = fmax(most, fabs(number(b, i)));
	/* one image more or less of the 180 of a half */
	double tolerance = strcmp(name, "history") == 0 ? 1e-2 : 1e-3 * most;
	for (size_t i = 0; i < onn_array_count(b); i++)
		check_near(number(a, i), number(b, i), tolerance);
}

START_TEST(interrupted_runs_of_0_1_0_end_as_they_would_have)
{
	onn_dataset *digits;
	check_ok(onn_dataset_load(&digits, "digits", ONN_SOURCE_DIR "/data", 0));
	for (size_t i = 0; i < COUNT(runs); i++) {
		char folder[64];
		onn_train_config config;
		onn_train_result result;
		onn_archive *is, *want;
		copy_run(folder, sizeof folder, runs[i]);
		check_ok(onn_train_config_load(&config, folder));
		ck_assert_str_eq(config.version, "0.1.0");
		config.options.out = folder;
		config.options.resume = true;
		config.options.dataset = config.dataset;
		check_ok(onn_train(&result, config.network, &config.options, digits, device));
		ck_assert(!result.was_finished);
		onn_train_result_clear(&result);
		onn_train_config_clear(&config);
		check_ok(onn_archive_load(&is, path_in(folder, "last.npz")));
		check_ok(onn_archive_load(&want, data_path(runs[i], "end.npz")));
		check_text(is, want, "model.json");
		check_text(is, want, "config.json");
		for (size_t k = 0; onn_archive_name(want, k); k++)
			if (onn_archive_get(want, onn_archive_name(want, k)))
				check_array(is, want, onn_archive_name(want, k));
		onn_archive_destroy(is);
		onn_archive_destroy(want);
		clean(folder);
	}
	onn_dataset_destroy(digits);
}
END_TEST

/* The history comes behind what says how many epochs it has: those are not there to be told of. */
START_TEST(a_checkpoint_without_its_history_is_refused)
{
	onn_dataset *digits;
	onn_train_config config;
	onn_train_result result;
	onn_archive *all, *some;
	char folder[64];
	check_ok(onn_dataset_load(&digits, "digits", ONN_SOURCE_DIR "/data", 0));
	copy_run(folder, sizeof folder, "mlp");
	check_ok(onn_archive_load(&all, path_in(folder, "last.npz")));
	check_ok(onn_archive_create(&some));
	static const char *const texts[] = {"config.json", "model.json", "state.json"};
	for (size_t i = 0; i < COUNT(texts); i++)
		check_ok(onn_archive_put_text(some, texts[i], onn_archive_get_text(all, texts[i])));
	for (size_t k = 0; onn_archive_name(all, k); k++) {
		const char *name = onn_archive_name(all, k);
		if (onn_archive_get(all, name) && strcmp(name, "history") != 0)
			check_ok(onn_archive_put(some, name, onn_archive_get(all, name)));
	}
	check_ok(onn_archive_save(some, path_in(folder, "last.npz")));
	check_ok(onn_train_config_load(&config, folder));
	config.options.out = folder;
	config.options.resume = true;
	config.options.dataset = config.dataset;
	check_error(onn_train(&result, config.network, &config.options, digits, device),
	    ONN_ERROR_FORMAT, "last.npz: array history is not there");
	ck_assert(result.run[0].epochs == 0 && result.run[0].best_epoch == 0);
	onn_train_result_clear(&result);
	onn_train_config_clear(&config);
	onn_archive_destroy(some);
	onn_archive_destroy(all);
	clean(folder);
	onn_dataset_destroy(digits);
}
END_TEST

START_TEST(checkpoints_of_0_1_0_are_evaluated)
{
	static const double accuracy[] = {146 / 360., 83 / 360., 313 / 360.};
	onn_dataset *digits;
	check_ok(onn_dataset_load(&digits, "digits", ONN_SOURCE_DIR "/data", 0));
	for (size_t i = 0; i < COUNT(runs); i++) {
		onn_model *model;
		onn_accuracy a;
		check_ok(onn_model_load(&model, data_path(runs[i], "best.npz")));
		check_ok(onn_model_evaluate(&a, model, device, digits, NULL));
		/* two images, where another processor rounds otherwise */
		check_near(a.all, accuracy[i], 2.1 / 360);
		onn_model_destroy(model);
	}
	onn_dataset_destroy(digits);
}
END_TEST

int main(void)
{
	onn_device_options options = ONN_DEVICE_OPTIONS_INIT;
	options.threads = 1;
	device = open_test_device(&options);
	int failed =
	    run_tests("folder", (const TTest *[]){interrupted_runs_of_0_1_0_end_as_they_would_have,
	                            a_checkpoint_without_its_history_is_refused,
	                            checkpoints_of_0_1_0_are_evaluated, NULL});
	onn_device_destroy(device);
	return failed;
}
