#include "reproduce/study.h"

#include "reproduce/measure.h"
#include "testing.h"

START_TEST(each_built_in_study_is_whole_in_both_forms)
{
	size_t count = 0;
	for (; onn_study_known(count); count++) {
		onn_study *study;
		check_ok(onn_study_open(&study, onn_study_known(count)));
		onn_study_info info = onn_study_about(study);
		ck_assert_str_eq(info.name, onn_study_known(count));
		ck_assert(*info.title && *info.source && *info.published && *info.y_label);
		for (int quick = 0; quick < 2; quick++) {
			onn_study *form;
			onn_case *c;
			check_ok(onn_study_form(&form, study, quick));
			check_ok(onn_study_case(&c, form, 0, 0));
			/* a quick training says in what it falls short */
			ck_assert(!c->measure->trains || *info.quick);
			onn_case_destroy(c);
			onn_study_destroy(form);
		}
		onn_study_destroy(study);
	}
	ck_assert_uint_ge(count, 20);
}
END_TEST

START_TEST(a_cell_has_the_settings_of_its_series_and_its_x)
{
	onn_study *study, *quick;
	onn_case *c;
	char text[40];
	check_ok(onn_study_open(&study, "mlp-depth"));
	check_ok(onn_study_case(&c, study, 1, 2));
	ck_assert(strstr(c->network, "\"approximate\"") && strstr(c->network, "30"));
	ck_assert_uint_eq(c->training.epochs, 50);
	ck_assert_uint_eq(c->training.seeds, 5);
	check_near(onn_study_published(study, 1, 2), 0.98, 0);
	check_near(onn_study_x(text, study, 2), 30, 0);
	ck_assert_str_eq(text, "30");
	ck_assert(isnan(onn_study_published(study, 2, 0)));
	ck_assert(!onn_study_is_flat(study, 1) && onn_study_is_flat(study, 5));
	onn_case_destroy(c);
	check_ok(onn_study_form(&quick, study, true));
	check_ok(onn_study_case(&c, quick, 1, 2));
	ck_assert_uint_eq(c->training.epochs, 1);
	onn_case_destroy(c);
	onn_study_destroy(quick);
	onn_study_destroy(study);
}
END_TEST

START_TEST(an_axis_may_be_shorter_in_the_quick_form)
{
	onn_study *study, *quick;
	onn_case *c;
	check_ok(onn_study_open(&study, "cnn-table"));
	check_ok(onn_study_form(&quick, study, true));
	ck_assert_uint_eq(onn_study_about(study).points, 3);
	ck_assert_uint_eq(onn_study_about(quick).points, 1);
	ck_assert(onn_study_about(quick).words && !onn_study_is_flat(quick, 0));
	check_ok(onn_study_case(&c, study, 0, 2));
	ck_assert_str_eq(c->data.dataset, "emnist");
	ck_assert_uint_eq(c->training.epochs, 40);
	onn_case_destroy(c);
	onn_study_destroy(quick);
	onn_study_destroy(study);
}
END_TEST

START_TEST(a_text_comes_back_as_it_was)
{
	onn_study *study, *again;
	check_ok(onn_study_open(&study, "d2nn-hybrid"));
	char *json = onn_study_to_json(study);
	check_ok(onn_study_from_json(&again, json));
	char *same = onn_study_to_json(again);
	ck_assert_str_eq(json, same);
	onn_free(json);
	onn_free(same);
	onn_study_destroy(again);
	onn_study_destroy(study);
}
END_TEST

#define ONE(rest) "{\"name\": \"a\", \"series\": [{\"name\": \"s\"}]" rest "}"

START_TEST(what_is_wrong_is_named)
{
	static const struct {
		const char *json, *part;
	} row[] = {
	    {"[]", "not JSON; expected an object"},
	    {"{}", "\"name\" is \"\""},
	    {"{\"name\": \"A b\"}", "\"name\" is \"A b\""},
	    {"{\"name\": 3}", "\"name\" is not a text"},
	    {"{\"name\": \"a\"}", "no \"series\""},
	    {"{\"name\": \"a\", \"series\": [{}]}", "one has no \"name\""},
	    {ONE(""), "there is no \"network\""},
	    {ONE(", \"measure\": \"output\", \"inputs\": 1"), "\"inputs\""},
	    {ONE(", \"measure\": \"output\", \"x\": {}"), "x: no \"values\""},
	    {ONE(", \"measure\": \"output\", \"x\": {\"values\": [1, \"b\"]}"),
	        "words and numbers"},
	    {ONE(", \"measure\": \"output\", \"x\": {\"set\": \"absorber.od\", \"values\": [1, "
	         "-2]}"),
	        "series \"s\", x = -2: "},
	};
	onn_study *study;
	for (size_t i = 0; i < COUNT(row); i++) {
		check_error(
		    onn_study_from_json(&study, row[i].json), ONN_ERROR_FORMAT, row[i].part);
		ck_assert_ptr_null(study);
	}
	check_error(
	    onn_study_open(&study, "gradient"), ONN_ERROR_ARGUMENT, "did you mean \"gradients\"?");
}
END_TEST

TESTS("reproduce_study", each_built_in_study_is_whole_in_both_forms,
    a_cell_has_the_settings_of_its_series_and_its_x, an_axis_may_be_shorter_in_the_quick_form,
    a_text_comes_back_as_it_was, what_is_wrong_is_named)
