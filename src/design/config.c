/*
 * What a run's config.json says: its settings by name, where its inputs come from, where it runs.
 */
#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/error.h"
#include "core/json.h"
#include "core/settings.h"
#include "core/text.h"
#include "design/designer.h"
#include "run/checkpoint.h"

/* ---- writing ---- */

static bool put_name(cJSON *o, const char *what, const char *name)
{
	if (*name)
		return onn_json_put_text(o, what, name);
	return cJSON_AddNullToObject(o, what) != NULL;
}

char *onn_design_config_text(const onn_design_config *c)
{
	cJSON *o = cJSON_CreateObject();
	bool fine = o && onn_json_put_text(o, "command", "design") &&
	            put_name(o, "target", c->target) && put_name(o, "source", c->source) &&
	            put_name(o, "start", c->start) &&
	            onn_settings_put(o, onn_design_settings(), &c->design) &&
	            (c->design.rules == 1 || onn_json_put_whole(o, "rules", c->design.rules)) &&
	            onn_json_put_text(o, "device", c->device) &&
	            onn_json_put_whole(o, "threads", (uint64_t)c->threads);
	if (!fine) {
		cJSON_Delete(o);
		return NULL;
	}
	char *json = onn_json_finish(o);
	onn_text text = ONN_TEXT_INIT;
	if (json)
		onn_text_add(&text, "%s\n", json);
	onn_free(json);
	return json ? onn_text_take(&text) : NULL;
}

/* ---- reading ---- */

static void get_text(char *to, size_t room, const cJSON *o, const char *name, onn_status *status)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(o, name);
	const char *text = cJSON_IsNull(item) ? "" : onn_json_get_text(o, name, status);

	if (!*status && (!text || strlen(text) >= room))
		*status = onn_error(
		    ONN_ERROR_FORMAT, "\"%s\" is %s", name, text ? "too long" : "not there");
	if (!*status)
		strcpy(to, text);
}

static onn_status take(onn_design_config *c, const cJSON *o)
{
	uint64_t threads = 0, rules = 1; /* of a run from before there was a choice */
	onn_status status = ONN_OK;

	get_text(c->target, sizeof c->target, o, "target", &status);
	get_text(c->source, sizeof c->source, o, "source", &status);
	get_text(c->start, sizeof c->start, o, "start", &status);
	get_text(c->device, sizeof c->device, o, "device", &status);
	onn_json_get_whole(o, "threads", &threads, &status);
	onn_json_get_whole(o, "rules", &rules, &status);
	c->design.rules = rules < 3 ? (unsigned)rules : 0;
	c->threads = threads > 4096 ? 4096 : (int)threads;
	if (!status)
		status = onn_settings_take(&c->design, onn_design_settings(), o, false);
	if (!status)
		status = onn_design_check(&c->design);
	if (!status && !cJSON_HasObjectItem(o, "threads"))
		status = onn_error(ONN_ERROR_FORMAT, "\"threads\" is not there");
	if (!status)
		status = onn_settings_complete(onn_design_settings(), &c->design, o);
	return status;
}

onn_status onn_design_config_parse(onn_design_config *c, const char *text, const char *path)
{
	static const onn_design standard = ONN_DESIGN_INIT;
	onn_status status = ONN_OK;

	*c = (onn_design_config){.design = standard};
	cJSON *o = onn_json_parse(path, text, &status);
	const char *command = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, "command"));
	if (!status && (!command || strcmp(command, "design") != 0))
		status =
		    onn_error(ONN_ERROR_FORMAT, "%s holds no design; expected a run of one", path);
	else if (!status && (status = take(c, o)) != ONN_OK)
		status = onn_error(status == ONN_ERROR_MEMORY ? status : ONN_ERROR_FORMAT, "%s: %s",
		    path, onn_last_error());
	cJSON_Delete(o);
	return status;
}

bool onn_design_config_exists(const char *folder) { return onn_run_folder_has_checkpoint(folder); }

onn_status onn_design_config_load(onn_design_config *c, const char *folder)
{
	char path[ONN_PATH_ROOM], *text = NULL;
	onn_run_folder f;
	onn_status status = onn_run_folder_open(&f, folder ? folder : "", "onn_design_config_load");

	if (!status)
		status = onn_archive_load_text(
		    &text, onn_run_folder_path(path, &f, "last.npz"), "config.json");
	if (!status)
		status = onn_design_config_parse(c, text, path);
	onn_free(text);
	return status;
}

onn_status onn_design_config_read(onn_design_config *c, const char *path)
{
	void *text = NULL;
	size_t bytes;
	onn_status status = onn_file_read(&text, &bytes, path);

	if (!status)
		status = onn_design_config_parse(c, text, path);
	onn_free(text);
	return status;
}

/* ---- comparing ---- */

static onn_status compare_name(
    const char *run, const char *what, const char *had, const char *asked)
{
	if (!asked || strcmp(asked, had) == 0)
		return ONN_OK;
	return onn_checkpoint_differs(run, what, *had ? had : "of its own", asked);
}

onn_status onn_design_config_compare(const onn_design_config *saved, const onn_design *asked,
    const onn_design_inputs *in, const char *folder)
{
	static const char *const may_differ[] = {"steps", "save-every", "index", "base", NULL};
	char run[ONN_PATH_ROOM + 48];
	onn_status status = ONN_OK;

	snprintf(run, sizeof run, "onn_designer_create: %s was designed", folder);
	if (asked)
		status = onn_checkpoint_compare(
		    onn_design_settings(), &saved->design, asked, may_differ, run);
	if (!status)
		status = compare_name(run, "target", saved->target, in->target_name);
	if (!status)
		status = compare_name(run, "source", saved->source, in->source_name);
	if (!status)
		status = compare_name(run, "start", saved->start, in->start_name);
	return status;
}
