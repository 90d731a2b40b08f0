#include "reproduce/change.h"

#include <cjson/cJSON.h>

#include "testing.h"

static char *changed(const char *json, const char *path, const char *value, onn_status *status)
{
	cJSON *object = cJSON_Parse(json), *v = cJSON_Parse(value);
	*status = onn_change(object, path, v);
	char *text = cJSON_PrintUnformatted(object);
	cJSON_Delete(object);
	cJSON_Delete(v);
	return text;
}

START_TEST(a_path_changes_what_it_names_and_nothing_else)
{
	static const char list[] =
	    "{\"layers\":[{\"layer\":\"plate\"},{\"layer\":\"space\",\"distance\":1},"
	    "{\"layer\":\"plate\",\"levels\":2}]}";
	static const struct {
		const char *json, *path, *value, *expected;
	} row[] = {
	    {"{\"a\":1}", "a", "2", "{\"a\":2}"},
	    {"{\"a\":1}", "b", "[1,2]", "{\"a\":1,\"b\":[1,2]}"},
	    {"{}", "a.b.c", "\"x\"", "{\"a\":{\"b\":{\"c\":\"x\"}}}"},
	    {"{\"a\":{\"b\":1,\"c\":2}}", "a.b", "true", "{\"a\":{\"b\":true,\"c\":2}}"},
	    {"{\"a\":{\"b\":1}}", "a", "{}", "{\"a\":{}}"},
	    {"{\"a\":[1,2,3]}", "a.1", "7", "{\"a\":[1,7,3]}"},
	    {list, "layers.plate.levels", "4",
	        "{\"layers\":[{\"layer\":\"plate\",\"levels\":4},"
	        "{\"layer\":\"space\",\"distance\":1},{\"layer\":\"plate\",\"levels\":4}]}"},
	    {list, "layers.space", "{}",
	        "{\"layers\":[{\"layer\":\"plate\"},{},{\"layer\":\"plate\",\"levels\":2}]}"},
	};
	for (size_t i = 0; i < COUNT(row); i++) {
		onn_status status;
		char *text = changed(row[i].json, row[i].path, row[i].value, &status);
		check_ok(status);
		ck_assert_str_eq(text, row[i].expected);
		cJSON_free(text);
	}
}
END_TEST

START_TEST(a_path_that_leads_nowhere_is_refused)
{
	static const char json[] = "{\"a\":1,\"list\":[{\"layer\":\"plate\"}]}";
	static char deep[4000];
	static const char *const path[] = {"a.b", "", ".", "list.9", "list.lens.f", "a.", deep};
	for (size_t i = 0; i + 1 < sizeof deep; i++)
		deep[i] = i % 2 ? '.' : 'b';
	for (size_t i = 0; i < COUNT(path); i++) {
		onn_status status;
		char *text = changed(json, path[i], "1", &status);
		check_error(status, ONN_ERROR_FORMAT, "leads nowhere");
		ck_assert_str_eq(text, json);
		cJSON_free(text);
	}
}
END_TEST

TESTS("reproduce_change", a_path_changes_what_it_names_and_nothing_else,
    a_path_that_leads_nowhere_is_refused)
