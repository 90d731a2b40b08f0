/* What a run's checkpoint says of it. */
#include "bench.h"
#include "design/designer.h"

#define DATA ONN_SOURCE_DIR "/tests/design/data/"

START_TEST(a_run_tells_its_settings)
{
	onn_design_config c;

	ck_assert(onn_design_config_exists(DATA "gerchberg_saxton"));
	ck_assert(!onn_design_config_exists(DATA) && !onn_design_config_exists(NULL));
	check_ok(onn_design_config_load(&c, DATA "gerchberg_saxton"));
	ck_assert_uint_eq(c.design.pixels, 16);
	ck_assert_uint_eq(c.design.plates, 2);
	ck_assert_uint_eq(c.design.levels, 16);
	ck_assert_uint_eq(c.design.steps, 12);
	ck_assert_uint_eq(c.design.save_every, 3);
	ck_assert_int_eq(c.design.update, ONN_DESIGN_UPDATE_GERCHBERG_SAXTON);
	ck_assert_int_eq(c.design.modulation, ONN_DESIGN_MODULATION_PHASE);
	ck_assert(c.design.side == 4e-3 && c.design.aperture == 1e-3);
	ck_assert_str_eq(c.target, "smiley");
	ck_assert_str_eq(c.source, "");
	ck_assert_str_eq(c.device, "c");
	ck_assert_int_eq(c.threads, 1);
	check_error(onn_design_config_load(&c, "no such folder"), ONN_ERROR_FILE,
	    "no such folder/last.npz");
}
END_TEST

START_TEST(names_come_back_and_none_is_null)
{
	onn_design_config c = {.design = ONN_DESIGN_INIT, .device = "c", .threads = 2}, back;

	strcpy(c.target, "/a/\"b\".npy");
	strcpy(c.start, "/c.npy");
	char *text = onn_design_config_text(&c);
	ck_assert_ptr_nonnull(strstr(text, "\"source\":\tnull"));
	ck_assert_int_eq(text[strlen(text) - 1], '\n');
	check_ok(onn_design_config_parse(&back, text, "last.npz"));
	ck_assert_str_eq(back.target, c.target);
	ck_assert_str_eq(back.source, "");
	ck_assert_str_eq(back.start, c.start);
	ck_assert_int_eq(back.threads, 2);
	onn_free(text);
}
END_TEST

/* What the loss means is the run's: those from before say nothing. */
START_TEST(runs_keep_their_rules)
{
	onn_design_config c = {.design = ONN_DESIGN_INIT, .device = "c", .threads = 2}, back;

	for (unsigned rules = 1; rules <= 2; rules++) {
		c.design.rules = rules;
		char *text = onn_design_config_text(&c);
		ck_assert((strstr(text, "\"rules\":\t2") != NULL) == (rules == 2));
		check_ok(onn_design_config_parse(&back, text, "last.npz"));
		ck_assert_uint_eq(back.design.rules, rules);
		onn_free(text);
	}
	c.design.rules = 3;
	char *text = onn_design_config_text(&c);
	check_error(onn_design_config_parse(&back, text, "last.npz"), ONN_ERROR_FORMAT,
	    "last.npz: design: rules is 0; expected 1 or 2");
	onn_free(text);
}
END_TEST

START_TEST(what_is_no_design_is_refused)
{
	static const struct {
		const char *text, *expected;
	} row[] = {{NULL, "last.npz: the text is not JSON"}, {"{", "not JSON"},
	    {"{\"command\": \"train\"}", "last.npz holds no design"}, {"{}", "holds no design"},
	    {"{\"command\": \"design\"}", "last.npz: \"target\" is not there"},
	    {"{\"command\": \"design\", \"target\": null, \"source\": 3}",
	        "\"source\" is not a text"},
	    {"{\"command\": \"design\", \"target\": null, \"source\": null, \"start\": null, "
	     "\"device\": \"c\", \"size\": 1}",
	        "size is 1; expected"},
	    {"{\"command\": \"design\", \"target\": null, \"source\": null, \"start\": null, "
	     "\"device\": \"c\", \"slm-levels\": 8}",
	        "modulation is complex"}};
	onn_design_config c;

	for (size_t i = 0; i < COUNT(row); i++)
		check_error(onn_design_config_parse(&c, row[i].text, "last.npz"), ONN_ERROR_FORMAT,
		    row[i].expected);
}
END_TEST

TESTS("config", a_run_tells_its_settings, names_come_back_and_none_is_null, runs_keep_their_rules,
    what_is_no_design_is_refused)
