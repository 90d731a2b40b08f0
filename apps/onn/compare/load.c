#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include <onn/history.h>

#include "compare/compare.h"
#include "system.h"

enum { DEPTH = 2 }; /* a list of runs, of several seeds each */

/* ---- files ---- */

static int load_run(const command *c, compare_run *r)
{
	onn_run_kind kind;

	r->text = path_read(r->folder, "config.json");
	r->config = r->text ? cJSON_Parse(r->text) : NULL;
	if (!r->config)
		return command_fail(c,
		    "%s has no config.json to read; expected the folder of a run of onn train or "
		    "onn design, or of several, or what onn simulate --out left",
		    r->folder);
	onn_status status = onn_run_history_load(&r->history, &kind, r->folder);
	if (status == ONN_ERROR_FILE)
		return command_fail(c,
		    "%s has no metrics.csv; expected a run with an epoch or step that is done",
		    r->folder);
	if (status)
		return command_status(c, status);
	r->design = kind == ONN_RUN_DESIGN;
	r->rows = onn_array_shape(r->history)[0];
	return r->rows ? EXIT_OK
	               : command_fail(c, "%s has no epoch or step that is done", r->folder);
}

/* ---- folders ---- */

static bool has_history(const char *folder)
{
	char *path = path_join(folder, "metrics.csv");
	bool there = path && path_exists(path);

	free(path);
	return there;
}

static bool add_run(compare_work *w, const char *folder)
{
	compare_run *grown = realloc(w->run, (w->count + 1) * sizeof *w->run);
	char *own = grown ? path_join(NULL, folder) : NULL;

	if (grown)
		w->run = grown;
	if (own)
		w->run[w->count++] = (compare_run){.folder = own};
	return own != NULL;
}

/* A run; or those in the folders of a list of runs, and in those of their seeds. */
static bool add_folder(compare_work *w, const char *folder, int depth)
{
	size_t count = 0, before = w->count;
	char **name = depth > 0 && !has_history(folder) ? system_folders(folder, &count) : NULL;
	bool fine = true;

	for (size_t i = 0; i < count && fine; i++) {
		char *path = path_join(folder, name[i]);
		fine = path != NULL;
		if (fine && (has_history(path) || depth > 1))
			fine = add_folder(w, path, depth - 1);
		free(path);
	}
	for (size_t i = 0; i < count; i++)
		free(name[i]);
	free(name);
	/* what is no run is told as such, where it was named */
	if (fine && w->count == before && (depth == DEPTH || has_history(folder)))
		fine = add_run(w, folder);
	return fine;
}

/* ---- numbers ---- */

double compare_metric(const compare_run *r, size_t row, size_t column)
{
	const double *value = onn_array_const_data(r->history);

	return value[row * onn_array_shape(r->history)[1] + column];
}

double compare_seconds(const compare_run *r)
{
	double sum = r->design ? NAN : 0;

	for (size_t i = 0; i < r->rows && !r->design; i++)
		sum += compare_metric(r, i, ONN_TRAINING_SECONDS);
	return sum;
}

/* Of equals the latest, as training chooses; with nothing to choose by the last. */
static void find_best(compare_run *r)
{
	r->best = r->rows - 1;
	for (size_t i = r->rows; i-- > 0 && !r->design;)
		if (compare_metric(r, i, ONN_TRAINING_SELECTION) >
		    compare_metric(r, r->best, ONN_TRAINING_SELECTION))
			r->best = i;
}

/* ---- settings ---- */

static const cJSON *find(const cJSON *from, const char *path)
{
	while (from && *path) {
		char name[64];
		size_t length = strcspn(path, ".");
		snprintf(name, sizeof name, "%.*s", (int)length, path);
		from = cJSON_GetObjectItemCaseSensitive(from, name);
		path += length + (path[length] == '.');
	}
	return from;
}

const char *compare_setting(char *text, size_t room, const compare_run *r, const char *path)
{
	const cJSON *item = find(r->config, path);
	char *printed = item ? cJSON_PrintUnformatted(item) : NULL;

	snprintf(text, room, "%s",
	    cJSON_IsString(item) ? cJSON_GetStringValue(item)
	    : printed            ? printed
	                         : "-");
	cJSON_free(printed);
	return text;
}

/* What is of no choice, or longer than a cell. */
static bool is_left_out(const char *path)
{
	static const char *const names[] = {"digest", "onn", "train_count", "test_count"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(path, names[i]) == 0)
			return true;
	return false;
}

static bool differs(const compare_work *w, const char *path)
{
	char first[96], other[96];

	compare_setting(first, sizeof first, &w->run[0], path);
	for (size_t i = 1; i < w->count; i++)
		if (strcmp(first, compare_setting(other, sizeof other, &w->run[i], path)) != 0)
			return true;
	return false;
}

static bool is_known(const compare_work *w, const char *path)
{
	for (size_t i = 0; i < w->ndiffering; i++)
		if (strcmp(w->differing[i], path) == 0)
			return true;
	return false;
}

static bool is_shared(const compare_work *w, const char *path)
{
	for (size_t i = 0; i < w->count; i++)
		if (!find(w->run[i].config, path))
			return false;
	return true;
}

/* Behind those of its kind: first what all runs have. */
static bool add_setting(compare_work *w, const char path[64])
{
	char(*grown)[64] = realloc(w->differing, (w->ndiffering + 1) * sizeof *w->differing);

	if (!grown)
		return false;
	w->differing = grown;
	size_t at = is_shared(w, path) ? w->nshared++ : w->ndiffering;
	memmove(w->differing + at + 1, w->differing + at,
	    (w->ndiffering++ - at) * sizeof *w->differing);
	memcpy(w->differing[at], path, sizeof *w->differing);
	return true;
}

/* Leaves of an object below a path that are not alike in all runs. */
static bool collect(compare_work *w, const cJSON *object, const char *above)
{
	const cJSON *item;
	char path[64];

	cJSON_ArrayForEach(item, object)
	{
		if (!item->string)
			continue;
		int n =
		    snprintf(path, sizeof path, "%s%s%s", above, *above ? "." : "", item->string);
		if (n < 0 || (size_t)n >= sizeof path || is_left_out(path))
			continue;
		if (cJSON_IsObject(item)) {
			if (!collect(w, item, path))
				return false;
			continue;
		}
		if (differs(w, path) && !is_known(w, path) && !add_setting(w, path))
			return false;
	}
	return true;
}

int compare_load(compare_work *w, const char *const folder[], size_t count)
{
	int code = EXIT_OK;

	for (size_t i = 0; i < count; i++)
		if (!add_folder(w, folder[i], DEPTH))
			return command_fail(w->c, "no memory");
	for (size_t i = 0; i < w->count && !code; i++)
		code = load_run(w->c, &w->run[i]);
	for (size_t i = 0; i < w->count && !code; i++) {
		find_best(&w->run[i]);
		if (w->run[i].design != w->run[0].design)
			code =
			    command_fail(w->c, "%s is a %s and %s a %s; expected runs of one kind",
			        w->run[0].folder, w->run[0].design ? "design" : "training",
			        w->run[i].folder, w->run[i].design ? "design" : "training");
	}
	for (size_t i = 0; i < w->count && !code; i++)
		if (!collect(w, w->run[i].config, ""))
			code = command_fail(w->c, "no memory");
	return code;
}

void compare_clear(compare_work *w)
{
	for (size_t i = 0; i < w->count; i++) {
		cJSON_Delete(w->run[i].config);
		free(w->run[i].text);
		onn_array_destroy(w->run[i].history);
		free(w->run[i].folder);
	}
	free(w->run);
	free(w->differing);
}
