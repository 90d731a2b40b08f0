#include "reproduce/work.h"

#include "testing.h"

START_TEST(a_table_has_mean_deviation_and_distance_in_deviations)
{
	double value[2][3] = {{0.97, 0.98, 0.99}, {NAN, 0.5, NAN}};
	onn_study_cell cell[2] = {{.published = 0.96, .count = 3, .value = value[0]},
	    {.published = 0.4, .count = 3, .value = value[1]}};
	onn_study_table table = {.count = 2, .cell = cell};
	onn_table_sum_up(&table);
	check_near(cell[0].mean, 0.98, 1e-15);
	check_near(cell[0].deviation, 0.01, 1e-15);
	check_near(cell[0].difference, 2, 1e-10);
	ck_assert_uint_eq(cell[1].measured, 1);
	check_near(cell[1].mean, 0.5, 0);
	ck_assert(isnan(cell[1].deviation) && isnan(cell[1].difference));
	ck_assert_uint_eq(table.missing, 2);
}
END_TEST

/* Work is epochs times images; what another task trains, or begins, is no work. */
START_TEST(equal_trainings_are_counted_once_also_among_studies)
{
	onn_work w[2];
	onn_study *study[2];
	double sum = 0;
	size_t first = 0;
	for (int i = 0; i < 2; i++) {
		check_ok(onn_study_open(&study[i], "fidelity"));
		check_ok(onn_work_create(&w[i], study[i], false, 2, NULL));
	}
	onn_work_join(w, 2);
	for (int i = 0; i < 2; i++)
		for (size_t k = 0; k < w[i].count; k++) {
			sum += w[i].task[k].training;
			first += w[i].task[k].first;
		}
	ck_assert_uint_eq(w[0].count, 2 * 4 * 7);
	ck_assert_uint_eq(first, 2 * 7);
	check_near(sum, 2 * 50 * 60000.0, 0);
	for (int i = 0; i < 2; i++) {
		onn_work_clear(&w[i]);
		onn_study_destroy(study[i]);
	}
}
END_TEST

START_TEST(a_schedule_that_ends_with_its_epochs_is_not_gone_on_with)
{
	static const char json[] =
	    "{\"name\": \"a\", \"network\": {\"model\": \"mlp\"}, "
	    "\"training\": {\"schedule\": \"cosine\"}, \"series\": [{\"name\": \"s\"}],"
	    "\"x\": {\"set\": \"training.epochs\", \"values\": [2, 3]}}";
	onn_study *study;
	onn_work w;
	check_ok(onn_study_from_json(&study, json));
	check_ok(onn_work_create(&w, study, false, 0, NULL));
	onn_work_join(&w, 1);
	check_near(w.task[0].training, 2 * 60000.0, 0);
	check_near(w.task[1].training, 3 * 60000.0, 0);
	onn_work_clear(&w);
	onn_study_destroy(study);
}
END_TEST

TESTS("reproduce_work", a_table_has_mean_deviation_and_distance_in_deviations,
    equal_trainings_are_counted_once_also_among_studies,
    a_schedule_that_ends_with_its_epochs_is_not_gone_on_with)
