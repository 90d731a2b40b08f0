/*
 * Checkpoints: runs that the first version with `onn design` left, interrupted after 6 of 12 steps
 * on device c with one thread, go on to the losses that it came to; and files that are not whole.
 */
#include "bench.h"

#define DATA ONN_SOURCE_DIR "/tests/design/data/"

static const struct {
	const char *name;
	double after_1, after_12;
} old[] = {{"phase_sign", 0.28393468260765076, 0.26389956474304199},
    {"adam", 0.11437202990055084, 0.044755492359399796},
    {"gerchberg_saxton", 0.27258637547492981, 0.27893388271331787}};

static const char *copy_of(const char *name)
{
	char path[512];
	void *data;
	size_t bytes;

	fresh_folder("design_checkpoint");
	check_ok(onn_directory_make("design_checkpoint"));
	snprintf(path, sizeof path, DATA "%s/last.npz", name);
	check_ok(onn_file_read(&data, &bytes, path));
	check_ok(onn_file_write("design_checkpoint/last.npz", data, bytes));
	onn_free(data);
	return "design_checkpoint";
}

/* metrics.csv of the checkpoint's losses, and of that after the last step. */
static void check_metrics(const double *loss, size_t count)
{
	size_t bytes;
	char *text = read_text("design_checkpoint", "metrics.csv", &bytes), *line = text;

	ck_assert_int_eq(strncmp(text, "step,loss\n", 10), 0);
	for (size_t i = 1; i < count; i++) {
		char expected[64];
		line = strchr(line, '\n') + 1;
		snprintf(expected, sizeof expected, "%zu,%.17g\n", i, loss[i]);
		ck_assert_int_eq(strncmp(line, expected, strlen(expected)), 0);
	}
	ck_assert_str_eq(strchr(line, '\n'), "\n");
	onn_free(text);
}

START_TEST(old_runs_go_on_as_they_would_have)
{
	for (size_t i = 0; i < COUNT(old); i++) {
		onn_design_options o = ONN_DESIGN_OPTIONS_INIT;
		onn_designer *designer;
		onn_archive *was, *is;
		size_t count;
		o.out = copy_of(old[i].name);
		o.resume = true;
		check_ok(onn_archive_load(&was, "design_checkpoint/last.npz"));
		check_ok(onn_designer_create(&designer, NULL, NULL, &o, device));
		ck_assert_uint_eq(onn_designer_steps(designer), 6);
		check_ok(onn_designer_run(designer));
		const double *loss = onn_designer_losses(&count, designer);
		ck_assert_uint_eq(count, 13);
		ck_assert(loss[1] == old[i].after_1);
		/* another processor rounds otherwise */
		check_near(loss[12] / old[i].after_12, 1, 1e-4);
		check_metrics(loss, count);

		/* the same members in the same form and order */
		check_ok(onn_archive_load(&is, "design_checkpoint/last.npz"));
		for (size_t k = 0; onn_archive_name(was, k) || onn_archive_name(is, k); k++) {
			const char *name = onn_archive_name(was, k);
			ck_assert_str_eq(name, onn_archive_name(is, k));
			const onn_array *a = onn_archive_get(was, name),
			                *b = onn_archive_get(is, name);
			ck_assert_int_eq(onn_array_type(a), onn_array_type(b));
			ck_assert_uint_eq(onn_array_ndim(a), onn_array_ndim(b));
			ck_assert(
			    strcmp(name, "loss") == 0 || onn_array_count(a) == onn_array_count(b));
		}
		/* the losses before the steps: those known before are the same numbers, behind them
		 * come the new ones */
		const onn_array *a = onn_archive_get(was, "loss"), *b = onn_archive_get(is, "loss");
		ck_assert_uint_eq(onn_array_count(b), 12);
		ck_assert_mem_eq(onn_array_const_data(a), onn_array_const_data(b),
		    onn_array_count(a) * sizeof *loss);
		ck_assert_mem_eq(onn_array_const_data(b), loss, 12 * sizeof *loss);
		onn_designer_destroy(designer);
		onn_archive_destroy(is);
		onn_archive_destroy(was);
	}
}
END_TEST

/* The text of config.json stays what it was, but for the threads, of which other machines have
 * more. */
START_TEST(settings_are_written_as_they_were)
{
	onn_device *one;
	onn_device_options single = ONN_DEVICE_OPTIONS_INIT;

	single.threads = 1;
	check_ok(onn_device_create(&one, "c", &single));
	for (size_t i = 0; i < COUNT(old); i++) {
		onn_design_options o = ONN_DESIGN_OPTIONS_INIT;
		onn_designer *designer;
		char *was;
		void *is;
		size_t bytes;
		o.out = copy_of(old[i].name);
		o.resume = true;
		check_ok(onn_archive_load_text(&was, "design_checkpoint/last.npz", "config.json"));
		check_ok(onn_designer_create(&designer, NULL, NULL, &o, one));
		check_ok(onn_file_read(&is, &bytes, "design_checkpoint/config.json"));
		ck_assert_str_eq(was, is);
		onn_free(is);
		check_ok(onn_designer_save(designer));
		check_ok(onn_archive_load_text(
		    (char **)&is, "design_checkpoint/last.npz", "config.json"));
		ck_assert_str_eq(was, is);
		onn_free(is);
		onn_free(was);
		onn_designer_destroy(designer);
	}
	onn_device_destroy(one);
}
END_TEST

/* Replaces a member of last.npz by another array, or leaves it out. */
static void spoil(const char *name, const onn_array *other)
{
	onn_archive *all, *some;

	check_ok(onn_archive_load(&all, "design_checkpoint/last.npz"));
	check_ok(onn_archive_create(&some));
	check_ok(
	    onn_archive_put_text(some, "config.json", onn_archive_get_text(all, "config.json")));
	for (size_t k = 0; onn_archive_name(all, k); k++) {
		const char *own = onn_archive_name(all, k);
		if (strcmp(own, name) != 0)
			check_ok(onn_archive_put(some, own, onn_archive_get(all, own)));
	}
	if (other)
		check_ok(onn_archive_put(some, name, other));
	check_ok(onn_archive_save(some, "design_checkpoint/last.npz"));
	onn_archive_destroy(all);
	onn_archive_destroy(some);
}

START_TEST(a_checkpoint_that_is_not_whole_is_refused_by_name)
{
	static const char *const name[] = {
	    "step", "loss", "target", "source", "plate_01.im", "adam.v.plate_00.re", "adam.step"};
	onn_design_options o = ONN_DESIGN_OPTIONS_INIT;
	onn_designer *designer;
	onn_array *wrong;
	void *data;
	size_t bytes;

	o.resume = true;
	check_ok(onn_array_create(&wrong, ONN_U8, 1, (size_t[]){3}));
	for (size_t i = 0; i < COUNT(name); i++)
		for (int there = 0; there < 2; there++) {
			char expected[80];
			o.out = copy_of("adam");
			spoil(name[i], there ? wrong : NULL);
			snprintf(expected, sizeof expected,
			    "design_checkpoint/last.npz: array %s is not there or not", name[i]);
			check_error(onn_designer_create(&designer, NULL, NULL, &o, device),
			    ONN_ERROR_FORMAT, expected);
		}
	onn_array_destroy(wrong);
	for (size_t i = 0; i < COUNT(name) - 1; i++) {
		char expected[80];
		onn_archive *whole;
		o.out = copy_of("adam");
		check_ok(onn_archive_load(&whole, "design_checkpoint/last.npz"));
		const onn_array *is = onn_archive_get(whole, name[i]);
		check_ok(onn_array_convert(&wrong, is, onn_array_type(is)));
		onn_archive_destroy(whole);
		if (onn_array_type(wrong) == ONN_F64 || onn_array_type(wrong) == ONN_C128)
			*(double *)onn_array_data(wrong) = i ? NAN : .5;
		else
			*(float *)onn_array_data(wrong) = NAN;
		spoil(name[i], wrong);
		onn_array_destroy(wrong);
		snprintf(expected, sizeof expected, "design_checkpoint/last.npz: array %s holds",
		    name[i]);
		check_error(onn_designer_create(&designer, NULL, NULL, &o, device),
		    ONN_ERROR_FORMAT, expected);
	}
	o.out = copy_of("adam");
	check_ok(onn_file_read(&data, &bytes, "design_checkpoint/last.npz"));
	check_ok(onn_file_write("design_checkpoint/last.npz", data, 300));
	check_error(onn_designer_create(&designer, NULL, NULL, &o, device), ONN_ERROR_FORMAT,
	    "design_checkpoint/last.npz");
	onn_free(data);
}
END_TEST

TESTS_ON_DEVICE("checkpoint", old_runs_go_on_as_they_would_have, settings_are_written_as_they_were,
    a_checkpoint_that_is_not_whole_is_refused_by_name)
