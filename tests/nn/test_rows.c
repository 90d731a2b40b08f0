/* Rows that stand for several: a network with one is the network of those. */
#include <string.h>

#include <onn/network.h>

#include "testing.h"

#define ENCODE "{\"layer\": \"encode\", \"grid\": 32, \"pitch\": 1e-5, \"wavelength\": 1e-6}"
#define ARM(f)                                                                                     \
	"{\"layer\": \"space\", \"distance\": " f "}, {\"layer\": \"lens\", \"f\": " f "},"        \
	"{\"layer\": \"space\", \"distance\": " f "}"

static char *list_of(const char *rows)
{
	char json[1024];
	onn_network *n;
	snprintf(
	    json, sizeof json, "{\"layers\": [" ENCODE ", %s, {\"layer\": \"camera\"}]}", rows);
	check_ok(onn_network_from_json(&n, json));
	char *text = onn_network_to_json(n);
	ck_assert(text != NULL);
	onn_network_destroy(n);
	return text;
}

static void check_same(const char *rows, const char *all)
{
	char *a = list_of(rows), *b = list_of(all);
	ck_assert_str_eq(a, b);
	onn_free(a);
	onn_free(b);
}

START_TEST(a_4f_is_two_lenses_in_four_gaps)
{
	check_same("{\"4f\": {\"f1\": \"4mm\"}}", ARM("4e-3") "," ARM("4e-3"));
	check_same("{\"4f\": {\"f1\": 4e-3, \"f2\": \"8mm\"}}", ARM("4e-3") "," ARM("8e-3"));
}
END_TEST

START_TEST(what_is_between_its_lenses_is_a_mask_a_layer_or_a_list)
{
	check_same("{\"4f\": {\"f1\": 4e-3, \"mask\": {\"file\": \"a.npy\"}}}",
	    ARM("4e-3") ", {\"layer\": \"mask\", \"file\": \"a.npy\"}," ARM("4e-3"));
	check_same("{\"4f\": {\"f1\": 4e-3, \"mask\": {\"layer\": \"plate\"}}}",
	    ARM("4e-3") ", {\"layer\": \"plate\"}," ARM("4e-3"));
	check_same("{\"layer\": \"plate\"}, {\"4f\": {\"f1\": 4e-3, \"mask\": [{\"layer\": "
	           "\"plate\"}, {\"layer\": \"filter\"}]}}, {\"4f\": {\"f1\": 2e-3}}",
	    "{\"layer\": \"plate\"}," ARM("4e-3") ", {\"layer\": \"plate\"}, {\"layer\": "
	                                          "\"filter\"}," ARM("4e-3") "," ARM(
	                                              "2e-3") "," ARM("2e-3"));
}
END_TEST

static void check_refused(const char *rows, const char *text)
{
	char json[512];
	onn_network *n;
	snprintf(json, sizeof json, "{\"layers\": [" ENCODE ", %s]}", rows);
	check_error(onn_network_from_json(&n, json), ONN_ERROR_FORMAT, text);
}

START_TEST(a_4f_that_is_none_is_refused)
{
	check_refused("{\"4f\": {\"f2\": 1}}", "4f: no \"f1\"; expected");
	check_refused(
	    "{\"4f\": {\"f1\": 1, \"f3\": 1}}", "there is no \"f3\"; expected f1, f2 and");
	check_refused("{\"4f\": {\"f1\": {\"optimize\": true}}}", "its f1 is no number");
	check_refused("{\"4f\": {\"f1\": 1, \"mask\": 3}}", "its mask is no layer");
	check_refused("{\"4f\": {\"f1\": 1, \"mask\": [3]}}", "its mask is no layer");
	check_refused("{\"4f\": {\"f1\": 1}, \"name\": \"a\"}", "something stands beside it");
	check_refused("{\"4f\": 3}", "4f: no \"f1\"");
}
END_TEST

TESTS("rows", a_4f_is_two_lenses_in_four_gaps,
    what_is_between_its_lenses_is_a_mask_a_layer_or_a_list, a_4f_that_is_none_is_refused)
