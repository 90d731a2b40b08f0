/*
 * The history of runs: in checkpoints, and as metrics.csv; and the folder that they are in.
 */
#include "core/os.h"
#include "run/history.h"
#include "testing.h"

static const char folder_name[] = "test_history_run";
static const onn_history_column columns[] = {{"loss", "%.9g"}, {"seconds", "%.3f"}};

static onn_history empty(void)
{
	return (onn_history){
	    .index = "step", .array = "rows", .columns = 2, .kept = 1, .column = columns};
}

START_TEST(rows_come_back_from_a_checkpoint_without_what_it_does_not_keep)
{
	onn_history h = empty(), back = empty();
	onn_archive *archive;
	for (int i = 0; i < 20; i++)
		check_ok(onn_history_add(&h, (double[]){.1 * i, 5}));
	check_ok(onn_archive_create(&archive));
	check_ok(onn_history_put(archive, &h, 20));
	check_ok(onn_history_take(&back, archive, 20, "file"));
	ck_assert_uint_eq(back.count, 20);
	ck_assert(onn_history_row(&back, 19)[0] == .1 * 19 && onn_history_row(&back, 19)[1] == 0);
	check_error(onn_history_take(&back, archive, 21, "file"), ONN_ERROR_FORMAT,
	    "file: array rows is not there or not f64 [21, 1]");
	onn_archive_destroy(archive);
	check_ok(onn_archive_create(&archive));
	check_error(onn_history_take(&back, archive, 0, "file"), ONN_ERROR_FORMAT, "array rows");
	onn_archive_destroy(archive);
	onn_history_free(&h);
	onn_history_free(&back);
}
END_TEST

/* As designs have it: the loss before each step in the checkpoint, and after each in the file. */
START_TEST(a_row_from_before_the_first_step_is_in_the_checkpoint_and_not_in_metrics)
{
	onn_history h = empty(), back = empty();
	onn_run_folder f;
	onn_archive *archive;
	void *text;
	size_t bytes;
	h.columns = back.columns = 1;
	h.before = 1;
	check_ok(onn_history_reserve(&h, 3));
	const double *lent = h.row;
	for (int i = 0; i < 3; i++)
		check_ok(onn_history_add(&h, (double[]){i + .5}));
	ck_assert_ptr_eq(lent, h.row);
	check_ok(onn_archive_create(&archive));
	check_ok(onn_history_put(archive, &h, 2));
	ck_assert_uint_eq(onn_array_ndim(onn_archive_get(archive, "rows")), 1);
	check_ok(onn_history_take(&back, archive, 2, "file"));
	ck_assert(back.count == 2 && back.row[0] == .5 && back.row[1] == 1.5);
	onn_archive_destroy(archive);
	check_ok(onn_run_folder_open(&f, folder_name, "test"));
	check_ok(onn_run_folder_start(&f, "{}", (const char *const[]){NULL}));
	check_ok(onn_history_write(&f, &h));
	check_ok(onn_file_read(&text, &bytes, "test_history_run/metrics.csv"));
	ck_assert_str_eq(text, "step,loss\n1,1.5\n2,2.5\n");
	onn_free(text);
	h.count = 0;
	check_ok(onn_history_write(&f, &h));
	check_ok(onn_file_read(&text, &bytes, "test_history_run/metrics.csv"));
	ck_assert_str_eq(text, "step,loss\n");
	onn_free(text);
	onn_run_folder_close(&f);
	onn_history_free(&h);
	onn_history_free(&back);
}
END_TEST

START_TEST(metrics_are_rows_that_count_from_1)
{
	onn_run_folder f;
	onn_history h = empty();
	void *text;
	size_t bytes;
	check_ok(onn_run_folder_open(&f, folder_name, "test"));
	check_ok(onn_run_folder_start(&f, "{}", (const char *const[]){NULL}));
	check_ok(onn_history_add(&h, (double[]){1. / 3, 2}));
	check_ok(onn_history_add(&h, (double[]){1e-30, .0004}));
	check_ok(onn_history_write(&f, &h));
	check_ok(onn_file_read(&text, &bytes, "test_history_run/metrics.csv"));
	ck_assert_str_eq(text, "step,loss,seconds\n1,0.333333333,2.000\n2,1e-30,0.000\n");
	onn_free(text);
	check_ok(onn_run_folder_forget(&f, "metrics.csv"));
	check_ok(onn_run_folder_forget(&f, "metrics.csv"));
	ck_assert(!onn_file_exists("test_history_run/metrics.csv"));
	onn_run_folder_close(&f);
	onn_history_free(&h);
}
END_TEST

START_TEST(a_folder_with_a_run_is_for_resuming_and_one_without_is_not)
{
	onn_run_folder f, none;
	onn_archive *archive;
	check_ok(onn_run_folder_open(&f, folder_name, "test"));
	check_ok(onn_run_folder_forget(&f, "last.npz")); /* of a test that failed */
	check_ok(onn_run_folder_start(&f, "{}", (const char *const[]){"last.npz", NULL}));
	check_ok(onn_run_folder_check(&f, false));
	check_error(onn_run_folder_check(&f, true), ONN_ERROR_ARGUMENT, "no checkpoint last.npz");
	check_ok(onn_archive_create(&archive));
	check_ok(onn_run_folder_save(&f, "last.npz", archive));
	onn_archive_destroy(archive);
	check_ok(onn_run_folder_check(&f, true));
	check_error(onn_run_folder_check(&f, false), ONN_ERROR_ARGUMENT, "holds a run already");
	check_ok(onn_run_folder_load(&archive, &f));
	onn_archive_destroy(archive);
	check_ok(onn_run_folder_forget(&f, "last.npz"));
	onn_run_folder_close(&f);
	/* without a folder nothing is kept, and that is fine */
	check_ok(onn_run_folder_open(&none, NULL, "test"));
	ck_assert(!onn_run_folder_is_kept(&none));
	check_ok(onn_run_folder_check(&none, false));
	check_error(onn_run_folder_check(&none, true), ONN_ERROR_ARGUMENT, "resume without out");
	check_error(onn_run_folder_open(&none, "", "test"), ONN_ERROR_FILE, "test: folder \"\"");
	char *longest = calloc(1, ONN_PATH_ROOM + 1);
	memset(longest, 'x', ONN_PATH_ROOM);
	check_error(onn_run_folder_open(&none, longest, "test"), ONN_ERROR_FILE, "characters");
	free(longest);
}
END_TEST

TESTS("history", rows_come_back_from_a_checkpoint_without_what_it_does_not_keep,
    a_row_from_before_the_first_step_is_in_the_checkpoint_and_not_in_metrics,
    metrics_are_rows_that_count_from_1, a_folder_with_a_run_is_for_resuming_and_one_without_is_not)
