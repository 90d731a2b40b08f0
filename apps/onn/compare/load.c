#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "compare/compare.h"

static const char *const head[] = {
    "epoch,train_loss,selection_accuracy,report_accuracy,seconds\n", "step,loss\n"};

/* ---- files ---- */

/* The whole of a text; NULL: there is none, or no memory. */
static char *read_text(const char *folder, const char *name)
{
	char *path = path_join(folder, name), *text = NULL;
	FILE *file = path ? fopen(path, "rb") : NULL;
	long size = -1;

	if (file && fseek(file, 0, SEEK_END) == 0)
		size = ftell(file);
	if (size >= 0 && fseek(file, 0, SEEK_SET) == 0)
		text = malloc((size_t)size + 1);
	if (text) {
		size_t got = fread(text, 1, (size_t)size, file);
		text[got] = '\0';
	}
	if (file)
		fclose(file);
	free(path);
	return text;
}

/* Rows of numbers, as many in each as there are columns; "nan" and nothing are not known. */
static bool read_rows(compare_run *r, const char *text, size_t columns)
{
	size_t lines = 0;

	for (const char *p = text; *p; p++)
		lines += *p == '\n';
	r->value = malloc((lines ? lines : 1) * columns * sizeof *r->value);
	if (!r->value)
		return false;
	for (r->rows = 0; r->rows < lines; r->rows++)
		for (size_t k = 0; k < columns; k++) {
			char *end;
			double x = strtod(text, &end);
			if (*end != (k + 1 < columns ? ',' : '\n'))
				return false;
			r->value[r->rows * columns + k] = end == text ? NAN : x;
			text = end + 1;
		}
	return true;
}

static int load_run(const command *c, compare_run *r, const char *folder)
{
	r->folder = folder;
	r->text = read_text(folder, "config.json");
	r->config = r->text ? cJSON_Parse(r->text) : NULL;
	char *metrics = read_text(folder, "metrics.csv");
	r->design = metrics && strncmp(metrics, head[1], strlen(head[1])) == 0;
	const char *first = head[r->design];
	int code = EXIT_OK;
	if (!r->config)
		code = command_fail(c,
		    "%s has no config.json to read; expected the folder of a run of onn train or "
		    "onn design",
		    folder);
	else if (!metrics)
		code = command_fail(c,
		    "%s has no metrics.csv; expected a run with an epoch that is done, one of "
		    "several seeds its folder seed-N",
		    folder);
	else if (strncmp(metrics, first, strlen(first)) != 0 ||
	         !read_rows(r, metrics + strlen(first), r->design ? DESIGN_COLUMNS : TRAIN_COLUMNS))
		code = command_fail(c, "%s/metrics.csv is not that of a run", folder);
	else if (r->rows == 0)
		code = command_fail(c, "%s has no epoch or step that is done", folder);
	free(metrics);
	return code;
}

/* ---- numbers ---- */

double compare_metric(const compare_run *r, size_t row, size_t column)
{
	return r->value[row * (r->design ? DESIGN_COLUMNS : TRAIN_COLUMNS) + column];
}

double compare_seconds(const compare_run *r)
{
	double sum = r->design ? NAN : 0;

	for (size_t i = 0; i < r->rows && !r->design; i++)
		sum += compare_metric(r, i, TRAIN_SECONDS);
	return sum;
}

/* Of equals the latest, as training chooses; with nothing to choose by the last. */
static void find_best(compare_run *r)
{
	r->best = r->rows - 1;
	for (size_t i = r->rows; i-- > 0 && !r->design;)
		if (compare_metric(r, i, TRAIN_SELECTION) >
		    compare_metric(r, r->best, TRAIN_SELECTION))
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
		if (!differs(w, path) || is_known(w, path))
			continue;
		char(*grown)[64] =
		    realloc(w->differing, (w->ndiffering + 1) * sizeof *w->differing);
		if (!grown)
			return false;
		w->differing = grown;
		memcpy(w->differing[w->ndiffering++], path, sizeof path);
	}
	return true;
}

int compare_load(compare_work *w, const char *const folder[], size_t count)
{
	int code = EXIT_OK;

	w->run = calloc(count, sizeof *w->run);
	if (!w->run)
		return command_fail(w->c, "no memory");
	for (w->count = 0; w->count < count && !code; w->count++)
		code = load_run(w->c, &w->run[w->count], folder[w->count]);
	for (size_t i = 0; i < w->count && !code; i++) {
		find_best(&w->run[i]);
		if (w->run[i].design != w->run[0].design)
			code =
			    command_fail(w->c, "%s is a %s and %s a %s; expected runs of one kind",
			        folder[0], w->run[0].design ? "design" : "training", folder[i],
			        w->run[i].design ? "design" : "training");
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
		free(w->run[i].value);
	}
	free(w->run);
	free(w->differing);
}
