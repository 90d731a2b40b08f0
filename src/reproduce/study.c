#include "reproduce/study.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/error.h"
#include "core/json.h"
#include "core/memory.h"
#include "core/nearest.h"
#include "core/number.h"
#include "core/os.h"
#include "reproduce/change.h"

/* Members that are of the table, not of its cells. */
static const char *const of_table[] = {
    "name", "title", "source", "published", "note", "quick", "x", "y", "series"};

static const cJSON *member(const cJSON *object, const char *name)
{
	return cJSON_GetObjectItemCaseSensitive(object, name);
}

static const cJSON *series_of(const onn_study *s, size_t i)
{
	return cJSON_GetArrayItem(member(s->json, "series"), (int)i);
}

/* ---- cells ---- */

bool onn_study_is_flat(const onn_study *s, size_t series)
{
	return s->info.points == 0 || cJSON_IsTrue(member(series_of(s, series), "flat"));
}

const char *onn_study_series(const onn_study *study, size_t i)
{
	return i < study->info.series ? cJSON_GetStringValue(member(series_of(study, i), "name"))
	                              : NULL;
}

double onn_study_published(const onn_study *s, size_t series, size_t point)
{
	const cJSON *p = member(series_of(s, series), "published");
	if (cJSON_IsArray(p))
		p = cJSON_GetArrayItem(p, (int)point);
	return cJSON_IsNumber(p) ? p->valuedouble : NAN;
}

double onn_study_x(char text[40], const onn_study *s, size_t point)
{
	const cJSON *x = cJSON_GetArrayItem(member(member(s->json, "x"), "values"), (int)point);
	char number[ONN_NUMBER_ROOM];
	text[0] = '\0';
	if (cJSON_IsString(x)) {
		snprintf(text, 40, "%s", x->valuestring);
		return NAN;
	}
	if (!cJSON_IsNumber(x))
		return NAN;
	snprintf(text, 40, "%s", onn_number_format(number, "%.9g", x->valuedouble));
	return x->valuedouble;
}

/* The changes of a cell: of the quick form, then of its series and of its x. */
static onn_status change_cell(cJSON *object, const onn_study *s, size_t series, size_t point)
{
	const cJSON *x = member(s->json, "x"), *path = member(x, "set"),
	            *own = series_of(s, series);
	onn_status status = ONN_OK;
	if (s->is_quick)
		status = onn_change_all(object, member(member(s->json, "quick"), "set"));
	if (!status)
		status = onn_change_all(object, member(own, "set"));
	if (!status && s->is_quick)
		status = onn_change_all(object, member(own, "quick"));
	if (status || !x || onn_study_is_flat(s, series))
		return status;
	if (path)
		status = onn_change(
		    object, path->valuestring, cJSON_GetArrayItem(member(x, "values"), (int)point));
	return status ? status
	              : onn_change_all(object, cJSON_GetArrayItem(member(x, "also"), (int)point));
}

onn_status onn_study_case(onn_case **c, const onn_study *s, size_t series, size_t point)
{
	char text[40];
	*c = NULL;
	cJSON *object = cJSON_Duplicate(s->json, true);
	if (!object)
		return onn_error_memory("onn_reproduce", 1);
	for (size_t i = 0; i < ONN_COUNT(of_table); i++)
		cJSON_DeleteItemFromObjectCaseSensitive(object, of_table[i]);
	onn_status status = change_cell(object, s, series, point);
	if (!status)
		status = onn_case_create(c, object);
	cJSON_Delete(object);
	if (!status || status == ONN_ERROR_MEMORY)
		return status;
	onn_study_x(text, s, point);
	return onn_error(ONN_ERROR_FORMAT, "series \"%s\"%s%s: %s", onn_study_series(s, series),
	    *text ? ", x = " : "", text, onn_last_error());
}

/* ---- checks ---- */

typedef struct kind {
	const char *name;
	int type; /* of cJSON; a number may stand for a list of them where it is */
} kind;

static bool is_kind(const cJSON *item, int type) { return (item->type & 0xff & type) != 0; }

static const char *kind_text(int type)
{
	return type == cJSON_String   ? "a text"
	       : type == cJSON_Object ? "an object"
	       : type == cJSON_Array  ? "a list"
	       : type & cJSON_True    ? "true or false"
	                              : "a number or a list";
}

/* Members of an object: of these kinds and, unless `others` are fine, of no other name. */
static onn_status check_members(
    const cJSON *object, const char *what, const kind *known, size_t count, bool others)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, object)
	{
		size_t i = 0;
		while (i < count && strcmp(known[i].name, item->string) != 0)
			i++;
		if (i == count && !others)
			return onn_error(ONN_ERROR_FORMAT,
			    "%s: there is no member \"%s\"; expected one such as \"%s\"", what,
			    item->string, known[0].name);
		if (i < count && !is_kind(item, known[i].type))
			return onn_error(ONN_ERROR_FORMAT, "%s: \"%s\" is not %s", what,
			    item->string, kind_text(known[i].type));
	}
	return ONN_OK;
}

static onn_status check_parts(const cJSON *json)
{
	enum { BOOL = cJSON_True | cJSON_False, NUMBERS = cJSON_Number | cJSON_Array };
	static const kind whole[] = {{"name", cJSON_String}, {"title", cJSON_String},
	    {"source", cJSON_String}, {"published", cJSON_String}, {"note", cJSON_String},
	    {"quick", cJSON_Object}, {"x", cJSON_Object}, {"y", cJSON_Object},
	    {"series", cJSON_Array}};
	static const kind quick[] = {
	    {"note", cJSON_String}, {"points", cJSON_Number}, {"set", cJSON_Object}};
	static const kind x[] = {{"label", cJSON_String}, {"set", cJSON_String},
	    {"values", cJSON_Array}, {"also", cJSON_Array}, {"log", BOOL}};
	static const kind y[] = {{"label", cJSON_String}, {"log", BOOL}, {"percent", BOOL}};
	static const kind series[] = {{"name", cJSON_String}, {"set", cJSON_Object},
	    {"quick", cJSON_Object}, {"flat", BOOL}, {"published", NUMBERS}};
	const cJSON *item;
	onn_status status = check_members(json, "study", whole, ONN_COUNT(whole), true);
	if (!status)
		status =
		    check_members(member(json, "quick"), "quick", quick, ONN_COUNT(quick), false);
	if (!status)
		status = check_members(member(json, "x"), "x", x, ONN_COUNT(x), false);
	if (!status)
		status = check_members(member(json, "y"), "y", y, ONN_COUNT(y), false);
	cJSON_ArrayForEach(item, member(json, "series"))
	{
		if (!status)
			status = check_members(item, "series", series, ONN_COUNT(series), false);
		if (!status && !member(item, "name"))
			status = onn_error(ONN_ERROR_FORMAT, "series: one has no \"name\"");
	}
	return status;
}

/* A name becomes that of a folder. */
static onn_status check_name(const char *name)
{
	size_t length = strlen(name);
	if (length && length < 60 &&
	    strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") == length &&
	    strcmp(name, "jobs") != 0)
		return ONN_OK;
	return onn_error(ONN_ERROR_FORMAT,
	    "\"name\" is \"%.60s\"; expected small letters, digits and - (of a folder; jobs is "
	    "taken)",
	    name);
}

static onn_status check_axis(const onn_study *s)
{
	const cJSON *x = member(s->json, "x"), *values = member(x, "values"), *item;
	size_t count = (size_t)cJSON_GetArraySize(values), words = 0;
	if (x && count == 0)
		return onn_error(ONN_ERROR_FORMAT, "x: no \"values\"; expected a list of them");
	cJSON_ArrayForEach(item, values)
	{
		words += cJSON_IsString(item) != 0;
		if (!cJSON_IsString(item) && !cJSON_IsNumber(item))
			return onn_error(
			    ONN_ERROR_FORMAT, "x: a value is neither a number nor a word");
	}
	if (words && words < count)
		return onn_error(ONN_ERROR_FORMAT, "x: words and numbers; expected one of them");
	const cJSON *also = member(x, "also");
	if (also && (size_t)cJSON_GetArraySize(also) != count)
		return onn_error(ONN_ERROR_FORMAT,
		    "x: \"also\" has %d items for %zu values; expected one each",
		    cJSON_GetArraySize(also), count);
	for (size_t i = 0; i < s->info.series; i++) {
		const cJSON *p = member(series_of(s, i), "published");
		if (cJSON_IsArray(p) && (size_t)cJSON_GetArraySize(p) != s->info.points)
			return onn_error(ONN_ERROR_FORMAT,
			    "series \"%s\": %d published values for %zu points",
			    onn_study_series(s, i), cJSON_GetArraySize(p), s->info.points);
	}
	return ONN_OK;
}

static onn_status check_cells(const onn_study *s)
{
	onn_status status = ONN_OK;
	for (size_t i = 0; i < s->info.series && !status; i++)
		for (size_t k = 0; k < (onn_study_is_flat(s, i) ? 1 : s->info.points) && !status;
		     k++) {
			onn_case *c = NULL;
			status = onn_study_case(&c, s, i, k);
			onn_case_destroy(c);
		}
	return status;
}

/* ---- making ---- */

static void cut(cJSON *list, int count)
{
	while (cJSON_IsArray(list) && cJSON_GetArraySize(list) > count)
		cJSON_DeleteItemFromArray(list, count);
}

/* The quick form has the first so many points. */
static void cut_points(cJSON *json)
{
	const cJSON *points = member(member(json, "quick"), "points");
	cJSON *x = cJSON_GetObjectItemCaseSensitive(json, "x"), *item;
	if (!cJSON_IsNumber(points) || points->valueint < 1)
		return;
	cut(cJSON_GetObjectItemCaseSensitive(x, "values"), points->valueint);
	cut(cJSON_GetObjectItemCaseSensitive(x, "also"), points->valueint);
	cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(json, "series"))
	{
		cut(cJSON_GetObjectItemCaseSensitive(item, "published"), points->valueint);
	}
}

static const char *text_of(const cJSON *object, const char *name)
{
	const char *text = cJSON_GetStringValue(member(object, name));
	return text ? text : "";
}

static void fill_info(onn_study *s)
{
	const cJSON *x = member(s->json, "x"), *y = member(s->json, "y"),
	            *values = member(x, "values");
	s->info = (onn_study_info){.name = text_of(s->json, "name"),
	    .title = text_of(s->json, "title"),
	    .source = text_of(s->json, "source"),
	    .published = text_of(s->json, "published"),
	    .note = text_of(s->json, "note"),
	    .quick = text_of(member(s->json, "quick"), "note"),
	    .x_label = text_of(x, "label"),
	    .y_label = text_of(y, "label"),
	    .x_log = cJSON_IsTrue(member(x, "log")),
	    .y_log = cJSON_IsTrue(member(y, "log")),
	    .percent = cJSON_IsTrue(member(y, "percent")),
	    .words = cJSON_IsString(cJSON_GetArrayItem(values, 0)),
	    .series = (size_t)cJSON_GetArraySize(member(s->json, "series")),
	    .points = x ? (size_t)cJSON_GetArraySize(values) : 0};
}

/* Takes the JSON over. */
static onn_status make(onn_study **out, cJSON *json, bool quick)
{
	onn_study *s = calloc(1, sizeof *s);
	*out = NULL;
	if (!s) {
		cJSON_Delete(json);
		return onn_error_memory("onn_study_from_json", sizeof *s);
	}
	s->json = json;
	s->is_quick = quick;
	onn_status status = check_parts(json);
	if (!status && quick)
		cut_points(json);
	if (!status)
		fill_info(s);
	if (!status)
		status = check_name(s->info.name);
	if (!status && s->info.series == 0)
		status =
		    onn_error(ONN_ERROR_FORMAT, "no \"series\"; expected a list with one at least");
	if (!status)
		status = check_axis(s);
	if (!status)
		status = check_cells(s);
	if (status)
		onn_study_destroy(s);
	else
		*out = s;
	return status;
}

onn_status onn_study_form(onn_study **form, const onn_study *study, bool quick)
{
	cJSON *json = cJSON_Duplicate(study->json, true);
	*form = NULL;
	return json ? make(form, json, quick) : onn_error_memory("onn_reproduce", 1);
}

void onn_study_destroy(onn_study *s)
{
	if (s)
		cJSON_Delete(s->json);
	free(s);
}

onn_study_info onn_study_about(const onn_study *study) { return study->info; }

char *onn_study_to_json(const onn_study *study)
{
	cJSON *copy = cJSON_Duplicate(study->json, true);
	char *json = onn_json_finish(copy), *lines = json ? onn_json_lines(json) : NULL;
	onn_free(json);
	return lines;
}

/* ---- reading ---- */

onn_status onn_study_from_json(onn_study **study, const char *json)
{
	onn_status status = ONN_OK;
	*study = NULL;
	cJSON *o = onn_json_parse("study", json, &status);
	onn_study *quick = NULL;
	if (!o)
		return status;
	status = make(study, o, false);
	if (!status)
		status = onn_study_form(&quick, *study, true);
	onn_study_destroy(quick);
	if (status) {
		onn_study_destroy(*study);
		*study = NULL;
	}
	return status;
}

onn_status onn_study_load(onn_study **study, const char *path)
{
	void *text = NULL;
	size_t bytes;
	*study = NULL;
	onn_status status = onn_file_read(&text, &bytes, path);
	if (status)
		return status;
	status = onn_study_from_json(study, text);
	onn_free(text);
	return status ? onn_error(status, "%s: %s", path, onn_last_error()) : ONN_OK;
}

const char *onn_study_known(size_t i)
{
	size_t count = 0;
	while (onn_known_studies[count].name)
		count++;
	return i < count ? onn_known_studies[i].name : NULL;
}

onn_status onn_study_open(onn_study **study, const char *name)
{
	onn_nearest nearest = ONN_NEAREST_INIT(name);
	char hint[ONN_NEAREST_HINT];
	*study = NULL;
	for (size_t i = 0; onn_known_studies[i].name; i++) {
		if (strcmp(onn_known_studies[i].name, name) == 0)
			return onn_study_from_json(study, onn_known_studies[i].json);
		onn_nearest_try(&nearest, onn_known_studies[i].name);
	}
	return onn_error(ONN_ERROR_ARGUMENT, "onn_study_open: no study \"%.60s\"%s", name,
	    onn_nearest_hint(hint, &nearest));
}
