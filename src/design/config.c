/*
 * What a run's config.json says: its settings by name, where its inputs come from, where it runs.
 */
#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/error.h"
#include "core/json.h"
#include "core/os.h"
#include "core/settings.h"
#include "core/text.h"
#include "design/designer.h"

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
	uint64_t threads = 0;
	onn_status status = ONN_OK;

	get_text(c->target, sizeof c->target, o, "target", &status);
	get_text(c->source, sizeof c->source, o, "source", &status);
	get_text(c->start, sizeof c->start, o, "start", &status);
	get_text(c->device, sizeof c->device, o, "device", &status);
	onn_json_get_whole(o, "threads", &threads, &status);
	c->threads = threads > 4096 ? 4096 : (int)threads;
	if (!status)
		status = onn_settings_take(&c->design, onn_design_settings(), o, false);
	return status ? status : onn_design_check(&c->design);
}

onn_status onn_design_config_parse(onn_design_config *c, const char *text, const char *path)
{
	static const onn_design standard = ONN_DESIGN_INIT;
	onn_status status = ONN_OK;
	char reason[512];

	*c = (onn_design_config){.design = standard};
	cJSON *o = onn_json_parse(path, text, &status);
	const char *command = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, "command"));
	if (!status && (!command || strcmp(command, "design") != 0))
		status =
		    onn_error(ONN_ERROR_FORMAT, "%s holds no design; expected a run of one", path);
	else if (!status && take(c, o)) {
		snprintf(reason, sizeof reason, "%s", onn_last_error());
		status = onn_error(ONN_ERROR_FORMAT, "%s: %s", path, reason);
	}
	cJSON_Delete(o);
	return status;
}

onn_status onn_design_path(char path[ONN_PATH_ROOM], const char *folder, const char *name)
{
	if (onn_path_join(path, folder, name))
		return ONN_OK;
	return onn_error(ONN_ERROR_FILE,
	    "onn_designer_create: folder \"%.60s\"; expected one of 1 to %d characters",
	    folder ? folder : "(null)", ONN_PATH_ROOM - 20);
}

bool onn_design_config_exists(const char *folder)
{
	char path[ONN_PATH_ROOM];

	return onn_path_join(path, folder, "last.npz") && onn_file_exists(path);
}

onn_status onn_design_config_load(onn_design_config *c, const char *folder)
{
	char path[ONN_PATH_ROOM], *text = NULL;
	onn_status status = onn_design_path(path, folder, "last.npz");

	if (!status)
		status = onn_archive_load_text(&text, path, "config.json");
	if (!status)
		status = onn_design_config_parse(c, text, path);
	onn_free(text);
	return status;
}

/* ---- comparing ---- */

static onn_status differs(const char *folder, const char *what, const char *had, const char *want)
{
	return onn_error(ONN_ERROR_ARGUMENT,
	    "onn_designer_create: %s was designed with %s %s, and %s is asked for; a run goes on "
	    "as "
	    "it began",
	    folder, what, had && *had ? had : "of its own", want ? want : "another");
}

static onn_status compare_settings(
    const onn_design *saved, const onn_design *asked, const char *folder)
{
	onn_design same = *asked;
	char name[64];

	same.steps = saved->steps;
	same.save_every = saved->save_every;
	same.index = saved->index;
	same.base = saved->base;
	if (!onn_settings_difference(name, sizeof name, onn_design_settings(), &same, saved))
		return ONN_OK;
	char *want = onn_settings_get(onn_design_settings(), asked, name);
	char *had = onn_settings_get(onn_design_settings(), saved, name);
	onn_status status = differs(folder, name, had, want);
	onn_free(want);
	onn_free(had);
	return status;
}

onn_status onn_design_config_compare(const onn_design_config *saved, const onn_design *asked,
    const onn_design_inputs *in, const char *folder)
{
	onn_status status = asked ? compare_settings(&saved->design, asked, folder) : ONN_OK;

	if (!status && in->target_name && strcmp(in->target_name, saved->target) != 0)
		status = differs(folder, "target", saved->target, in->target_name);
	if (!status && in->source_name && strcmp(in->source_name, saved->source) != 0)
		status = differs(folder, "source", saved->source, in->source_name);
	if (!status && in->start_name && strcmp(in->start_name, saved->start) != 0)
		status = differs(folder, "start", saved->start, in->start_name);
	return status;
}
