/* Histories of runs as metrics.csv has them. */
#include <onn/history.h>

#include <math.h>

#include "core/os.h"
#include "testing.h"

static const char folder[] = "test_history_load_run", file[] = "test_history_load_run/metrics.csv";
#define TRAINING "epoch,train_loss,selection_accuracy,report_accuracy,seconds\n"

static onn_status load(onn_array **a, onn_run_kind *kind, const char *text)
{
	check_ok(onn_directory_make(folder));
	check_ok(onn_file_write(file, text, strlen(text)));
	return onn_run_history_load(a, kind, folder);
}

START_TEST(rows_are_read_and_what_is_not_known_is_nan)
{
	onn_array *a;
	onn_run_kind kind;
	check_ok(load(&a, &kind, TRAINING "1,2.5,0.25,nan,1e-3\n2,1,.5,,0.5\n"));
	const double *x = onn_array_const_data(a);
	ck_assert(kind == ONN_RUN_TRAINING && onn_array_shape(a)[0] == 2);
	ck_assert_uint_eq(onn_array_shape(a)[1], ONN_TRAINING_COLUMNS);
	ck_assert(x[ONN_TRAINING_LOSS] == 2.5 && isnan(x[ONN_TRAINING_REPORT]));
	ck_assert(x[ONN_TRAINING_COLUMNS + ONN_TRAINING_SELECTION] == .5);
	ck_assert(isnan(x[ONN_TRAINING_COLUMNS + ONN_TRAINING_REPORT]) && x[9] == .5);
	onn_array_destroy(a);
	check_ok(load(&a, &kind, "step,loss\n"));
	ck_assert(kind == ONN_RUN_DESIGN && onn_array_shape(a)[0] == 0);
	onn_array_destroy(a);
}
END_TEST

START_TEST(what_is_no_history_is_refused_by_line)
{
	static const struct {
		const char *text, *wanted;
	} row[] = {{"", "is not that of a run"}, {"epoch,loss\n1,2\n", "is not that of a run"},
	    {"step,loss\n1,2\n2\n", "line 3 is not that of a run; expected 2 numbers"},
	    {"step,loss\n1,2,3\n", "line 2"}, {"step,loss\n1,x\n", "line 2"},
	    {TRAINING "1,2\n", "line 2 is not that of a run; expected 5 numbers"}};
	onn_array *a;
	onn_run_kind kind;
	for (size_t i = 0; i < COUNT(row); i++) {
		check_error(load(&a, &kind, row[i].text), ONN_ERROR_FORMAT, row[i].wanted);
		ck_assert_ptr_null(a);
	}
	check_error(
	    onn_run_history_load(&a, &kind, "no/such"), ONN_ERROR_FILE, "no/such/metrics.csv");
	check_error(onn_run_history_load(&a, &kind, NULL), ONN_ERROR_FILE, "expected one of 1 to");
	check_ok(onn_file_remove(file));
}
END_TEST

TESTS("history_load", rows_are_read_and_what_is_not_known_is_nan,
    what_is_no_history_is_refused_by_line)
