#include "reproduce/change.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/error.h"
#include "core/number.h"

enum { LONGEST = 64, LONGEST_PATH = 512 };

typedef struct change {
	const char *path; /* the whole, for messages */
	const cJSON *value;
	size_t made; /* how many places it has changed */
	onn_status status;
} change;

/* The first word of a path into `word`; what follows its dot, or NULL behind the last. */
static const char *first_word(char word[LONGEST], const char *path)
{
	size_t length = strcspn(path, ".");
	snprintf(word, LONGEST, "%.*s", (int)length, path);
	return path[length] ? path + length + 1 : NULL;
}

static void no_memory(change *c) { c->status = onn_error_memory("onn_change", 1); }

/* A copy of the value in place of an item, or as a new member. */
static void put(change *c, cJSON *parent, const char *name, cJSON *old)
{
	cJSON *copy = cJSON_Duplicate(c->value, true);
	bool fine = copy != NULL;
	if (fine && cJSON_IsArray(parent))
		fine = cJSON_ReplaceItemViaPointer(parent, old, copy);
	else if (fine && old)
		fine = cJSON_ReplaceItemInObjectCaseSensitive(parent, name, copy);
	else if (fine)
		fine = cJSON_AddItemToObject(parent, name, copy);
	if (fine) {
		c->made++;
		return;
	}
	cJSON_Delete(copy);
	no_memory(c);
}

static void walk(change *c, cJSON *at, const char *path);

/* What stands under a name, or number, goes on by the rest of the path. */
static void step(change *c, cJSON *parent, cJSON *item, const char *name, const char *rest)
{
	if (rest)
		walk(c, item, rest);
	else
		put(c, parent, name, item);
}

static void walk_array(change *c, cJSON *at, const char *word, const char *rest)
{
	uint64_t number;
	cJSON *item, *next;
	if (onn_number_read_whole(&number, word, strlen(word))) {
		item = number < (uint64_t)cJSON_GetArraySize(at)
		           ? cJSON_GetArrayItem(at, (int)number)
		           : NULL;
		if (item)
			step(c, at, item, word, rest);
		return;
	}
	for (item = at->child; item && !c->status; item = next) {
		next = item->next;
		const char *kind =
		    cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "layer"));
		if (kind && strcmp(kind, word) == 0)
			step(c, at, item, word, rest);
	}
}

static void walk(change *c, cJSON *at, const char *path)
{
	char word[LONGEST];
	const char *rest = first_word(word, path);
	if (cJSON_IsArray(at)) {
		walk_array(c, at, word, rest);
		return;
	}
	if (!cJSON_IsObject(at) || !*word)
		return;
	cJSON *item = cJSON_GetObjectItemCaseSensitive(at, word);
	if (!item && rest && !(item = cJSON_AddObjectToObject(at, word))) {
		no_memory(c);
		return;
	}
	step(c, at, item, word, rest);
}

onn_status onn_change(cJSON *object, const char *path, const cJSON *value)
{
	change c = {path, value, 0, ONN_OK};
	if (strlen(path) < LONGEST_PATH) /* a walk goes as deep as the path is long */
		walk(&c, object, path);
	if (!c.status && !c.made)
		c.status = onn_error(ONN_ERROR_FORMAT,
		    "\"%.80s\" leads nowhere; expected names with dots between, such as "
		    "network.absorber.od, and in a list a number or a kind of layer",
		    path);
	return c.status;
}

onn_status onn_change_all(cJSON *object, const cJSON *changes)
{
	const cJSON *item;
	onn_status status = ONN_OK;
	cJSON_ArrayForEach(item, changes)
	{
		if (!status)
			status = onn_change(object, item->string, item);
	}
	return status;
}
