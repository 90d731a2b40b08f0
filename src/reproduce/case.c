#include "reproduce/case.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/error.h"
#include "core/json.h"
#include "core/memory.h"
#include "core/settings.h"
#include "core/text.h"
#include "reproduce/measure.h"

/* ---- the tables ---- */

#define DATA(name, kind, member) ONN_SETTING(name, kind, onn_case_data, member)
static const onn_setting data_rows[] = {
    {DATA("dataset", TEXT, dataset), .length = sizeof((onn_case_data *)0)->dataset},
    {DATA("train", SIZE, train)},
    {DATA("test", SIZE, test)},
};

static const onn_settings *data_settings(void)
{
	ONN_RETURN_SETTINGS("data", data_rows, onn_case_data, NULL, {"mnist", 0, 0});
}

#define POINT(name, member) ONN_SETTING(name, REAL, onn_pulse_point, member)
#define NOT_BELOW_0         .low = 0, .high = INFINITY, .high_open = true
#define ABOVE_0             NOT_BELOW_0, .low_open = true
static const onn_setting point_rows[] = {
    {POINT("fluence", fluence), NOT_BELOW_0},
    {POINT("width", width), ABOVE_0},
    {POINT("od", depth), NOT_BELOW_0},
    {POINT("t1", t1), ABOVE_0, .infinite = true},
    {POINT("t2", t2), ABOVE_0},
    {POINT("detuning", detuning)},
    {POINT("loss", loss), NOT_BELOW_0},
    {POINT("two_photon", two_photon), NOT_BELOW_0},
};

static const onn_settings *point_settings(void)
{
	ONN_RETURN_SETTINGS(
	    "medium", point_rows, onn_pulse_point, NULL, {1, 1, 1, INFINITY, 1, 0, 0, 0});
}

#define ROW(name, kind, member) ONN_SETTING(name, kind, onn_case, member)
static const onn_setting rows[] = {
    {ROW("data", PART, data), .part = data_settings},
    {ROW("training", PART, training), .part = onn_train_settings},
    {ROW("measure", TEXT, measure_name), .length = sizeof((onn_case *)0)->measure_name},
    {ROW("evaluation", PART, evaluation), .part = onn_evaluate_settings},
    {ROW("copies", SIZE, copies), .low = 1, .high = 10000},
    {ROW("weight", TEXT, weight), .length = sizeof((onn_case *)0)->weight},
    {ROW("images", SIZE, images), .low = 1, .high = 1000000},
    {ROW("absorber", PART, absorber), .part = onn_absorber_settings},
    {ROW("input", REAL, input)},
    {ROW("pulse", PART, pulse), .part = onn_pulse_experiment_settings},
    {ROW("medium", PART, medium), .part = point_settings},
    {ROW("probe_detuning", REAL, probe_detuning)},
};

static const onn_settings *case_settings(void)
{
	ONN_RETURN_SETTINGS("case", rows, onn_case, NULL,
	    {.data = {"mnist", 0, 0},
	        .training = ONN_TRAIN_OPTIONS_INIT,
	        .measure_name = "report",
	        .evaluation = ONN_EVALUATE_OPTIONS_INIT,
	        .copies = 1,
	        .images = 500,
	        .absorber = ONN_ABSORBER_INIT,
	        .pulse = ONN_PULSE_EXPERIMENT_INIT,
	        .medium = {1, 1, 1, INFINITY, 1, 0, 0, 0}});
}

/* ---- networks ---- */

/* A preset that leaves them open gets an image's shape and the classes, as by `onn train`. */
static bool add_sizes(cJSON *o, size_t height, size_t width, size_t classes)
{
	const char *model = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, "model"));
	if (!model || cJSON_HasObjectItem(o, "layers"))
		return true; /* a list: onn_network_fit's business */
	bool flat = strcmp(model, "mlp") == 0;
	const struct {
		const char *name;
		size_t value;
	} size[] = {{flat ? "inputs" : "height", flat ? height * width : height},
	    {flat ? NULL : "width", width}, {"outputs", classes}};
	for (size_t i = 0; i < ONN_COUNT(size); i++)
		if (size[i].name && !cJSON_HasObjectItem(o, size[i].name) &&
		    !onn_json_put_whole(o, size[i].name, size[i].value))
			return false;
	return true;
}

onn_status onn_case_network(
    onn_network **network, const onn_case *c, size_t height, size_t width, size_t classes)
{
	onn_status status = ONN_OK;
	*network = NULL;
	cJSON *o = onn_json_parse("network", c->network, &status);
	if (!o)
		return status;
	char *text = add_sizes(o, height, width, classes) ? onn_json_finish(o) : NULL;
	if (!text)
		return onn_error_memory("onn_reproduce", 1);
	status = onn_network_from_json(network, text);
	onn_free(text);
	if (!status)
		status = onn_network_fit(*network, height, width, classes);
	if (!status)
		status = onn_network_check(*network);
	if (status) {
		onn_network_destroy(*network);
		*network = NULL;
	}
	return status;
}

/* Whether it is a network at all; images that it leaves open are as MNIST's. Whether layers fit
 * only its data set's images can tell. */
static onn_status check_network(const onn_case *c)
{
	onn_network *network = NULL;
	onn_status status = onn_network_from_json(&network, c->network);
	onn_network_destroy(network);
	return status;
}

/* ---- a case ---- */

static onn_status take_network(onn_case *c, cJSON *object)
{
	cJSON *part = cJSON_DetachItemFromObjectCaseSensitive(object, "network");
	if (!part)
		return ONN_OK;
	if (!cJSON_IsObject(part)) {
		cJSON_Delete(part);
		return onn_error(
		    ONN_ERROR_FORMAT, "\"network\" is no object; expected a network's settings");
	}
	c->network = onn_json_finish(part);
	return c->network ? ONN_OK : onn_error_memory("onn_reproduce", 1);
}

static onn_status take_all(onn_case *c, const cJSON *object)
{
	cJSON *own = cJSON_Duplicate(object, true);
	if (!own)
		return onn_error_memory("onn_reproduce", 1);
	onn_status status = take_network(c, own);
	if (!status)
		status = onn_settings_take(c, case_settings(), own, true);
	cJSON_Delete(own);
	if (!status)
		status = onn_settings_check(case_settings(), c);
	if (!status)
		status = onn_measure_find(&c->measure, c->measure_name);
	if (!status && c->measure->trains && !c->network)
		status = onn_error(ONN_ERROR_FORMAT,
		    "\"measure\" is %s and there is no \"network\"; expected one to train",
		    c->measure_name);
	if (!status && c->network)
		status = check_network(c);
	c->evaluation.quantise = c->evaluation.levels > 0;
	return status;
}

onn_status onn_case_create(onn_case **out, const cJSON *object)
{
	*out = NULL;
	onn_case *c = malloc(sizeof *c);
	if (!c)
		return onn_error_memory("onn_reproduce", sizeof *c);
	memcpy(c, case_settings()->standard, sizeof *c);
	onn_status status = take_all(c, object);
	if (!status) {
		*out = c;
		return ONN_OK;
	}
	onn_case_destroy(c);
	return status == ONN_ERROR_MEMORY ? status : ONN_ERROR_FORMAT;
}

void onn_case_destroy(onn_case *c)
{
	if (c)
		onn_free(c->network);
	free(c);
}
