#include "nn/rows.h"

#include <stdbool.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/error.h"

static const char processor[] = "4f";

static onn_status no_memory(void) { return onn_error_memory("onn_rows_expand", 1); }

/* {"layer": kind, name: value} */
static onn_status add(cJSON *to, const char *kind, const char *name, const cJSON *value)
{
	cJSON *row = cJSON_CreateObject(), *copy = cJSON_Duplicate(value, true);
	bool fine = row && copy && cJSON_AddStringToObject(row, "layer", kind) &&
	            cJSON_AddItemToObject(row, name, copy);
	if (!fine)
		cJSON_Delete(copy);
	if (fine && cJSON_AddItemToArray(to, row))
		return ONN_OK;
	cJSON_Delete(row);
	return no_memory();
}

/* From a focal plane of a lens to the other. */
static onn_status add_lens(cJSON *to, const cJSON *f)
{
	onn_status status = add(to, "space", "distance", f);
	if (!status)
		status = add(to, "lens", "f", f);
	return status ? status : add(to, "space", "distance", f);
}

static onn_status add_mask(cJSON *to, const cJSON *mask)
{
	cJSON *row = cJSON_Duplicate(mask, true);
	bool fine = row && (cJSON_HasObjectItem(row, "layer") ||
	                       cJSON_AddStringToObject(row, "layer", "mask"));
	if (fine && cJSON_AddItemToArray(to, row))
		return ONN_OK;
	cJSON_Delete(row);
	return no_memory();
}

static onn_status add_masks(cJSON *to, const cJSON *mask)
{
	const cJSON *item;
	onn_status status = ONN_OK;
	if (cJSON_IsObject(mask))
		return add_mask(to, mask);
	cJSON_ArrayForEach(item, mask)
	{
		if (!status)
			status = cJSON_IsObject(item) ? add_mask(to, item) : ONN_ERROR_FORMAT;
	}
	return cJSON_IsArray(mask) && !status
	           ? ONN_OK
	           : onn_error(status ? status : ONN_ERROR_FORMAT,
	                 "4f: its mask is no layer and no list of layers; expected such as "
	                 "{\"file\": \"slit.png\", \"side\": \"4mm\"}");
}

static onn_status check(const cJSON *values)
{
	static const char *const known[] = {"f1", "f2", "mask"};
	const cJSON *item;
	cJSON_ArrayForEach(item, values)
	{
		bool found = false;
		for (size_t i = 0; i < 3; i++)
			found |= strcmp(item->string, known[i]) == 0;
		if (!found)
			return onn_error(ONN_ERROR_FORMAT,
			    "4f: there is no \"%s\"; expected f1, f2 and mask", item->string);
		if (strcmp(item->string, "mask") != 0 && !cJSON_IsNumber(item) &&
		    !cJSON_IsString(item))
			return onn_error(ONN_ERROR_FORMAT,
			    "4f: its %s is no number, which a lens and two gaps have in common; "
			    "expected "
			    "such as \"70mm\"",
			    item->string);
	}
	return cJSON_IsObject(values) && cJSON_HasObjectItem(values, "f1")
	           ? ONN_OK
	           : onn_error(ONN_ERROR_FORMAT,
	                 "4f: no \"f1\"; expected {\"f1\": \"70mm\", \"mask\": {...}}");
}

static onn_status expand(cJSON *to, const cJSON *item)
{
	const cJSON *values = cJSON_GetObjectItemCaseSensitive(item, processor);
	const cJSON *f1 = cJSON_GetObjectItemCaseSensitive(values, "f1");
	const cJSON *f2 = cJSON_GetObjectItemCaseSensitive(values, "f2");
	const cJSON *mask = cJSON_GetObjectItemCaseSensitive(values, "mask");
	onn_status status = check(values);
	if (!status && cJSON_GetArraySize(item) != 1)
		status = onn_error(
		    ONN_ERROR_FORMAT, "4f: something stands beside it; expected {\"4f\": {...}}");
	if (!status)
		status = add_lens(to, f1);
	if (!status && mask)
		status = add_masks(to, mask);
	return status ? status : add_lens(to, f2 ? f2 : f1);
}

onn_status onn_rows_expand(cJSON *list)
{
	onn_status status = ONN_OK;
	cJSON *made = cJSON_CreateArray();
	if (!made)
		return no_memory();
	while (cJSON_IsArray(list) && cJSON_GetArraySize(list) > 0 && !status) {
		cJSON *item = cJSON_DetachItemFromArray(list, 0);
		if (cJSON_HasObjectItem(item, processor)) {
			status = expand(made, item);
			cJSON_Delete(item);
		} else {
			cJSON_AddItemToArray(made, item);
		}
	}
	while (!status && cJSON_GetArraySize(made) > 0)
		cJSON_AddItemToArray(list, cJSON_DetachItemFromArray(made, 0));
	cJSON_Delete(made);
	return status;
}
