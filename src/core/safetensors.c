/*
 * The format: 8 bytes with the length of the header, the least significant first; the header, JSON,
 * in which each tensor has a dtype, a shape and where its bytes begin and end behind the header,
 * and __metadata__ has texts; then the bytes, without gaps, in C's order, little-endian.
 */
#include "core/safetensors.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/archive.h"
#include "core/element.h"
#include "core/error.h"
#include "core/json.h"
#include "core/memory.h"
#include "core/npy.h"
#include "core/os.h"

enum { LENGTH = 8, MOST_HEADER = 100000000 /* as the reference takes */ };

static const char metadata[] = "__metadata__";

/* As NumPy calls them: kind and bytes; B is the upper half of an IEEE float. */
static const struct dtype {
	const char *name;
	char kind;
	size_t size;
	int type; /* that is written so; -1: none */
} dtypes[] = {
    {"F64", 'f', 8, ONN_F64},
    {"F32", 'f', 4, ONN_F32},
    {"F16", 'f', 2, -1},
    {"BF16", 'B', 2, -1},
    {"C64", 'c', 8, ONN_C64},
    {"BOOL", 'b', 1, -1},
    {"U8", 'u', 1, ONN_U8},
    {"I8", 'i', 1, -1},
    {"U16", 'u', 2, -1},
    {"I16", 'i', 2, -1},
    {"U32", 'u', 4, ONN_U32},
    {"I32", 'i', 4, ONN_I32},
    {"U64", 'u', 8, -1},
    {"I64", 'i', 8, -1},
};
enum { DTYPES = sizeof dtypes / sizeof *dtypes };

bool onn_safetensors_named(const char *path)
{
	static const char end[] = ".safetensors";
	return strlen(path) > strlen(end) && onn_ends_with(path, end);
}

/* ---- reading ---- */

/* A row of the header. */
typedef struct tensor {
	const char *name;
	const struct dtype *dtype;
	size_t ndim, shape[ONN_MAX_DIMS], begin, end;
} tensor;

static onn_status damaged(const char *path, const char *name, const char *what)
{
	return onn_error(ONN_ERROR_FORMAT, "onn_archive_load: %s is no sound safetensors: %s%s%s",
	    path, name ? name : "", name ? ": " : "", what);
}

/* A whole number that a double holds exactly. */
static bool take_size(size_t *size, const cJSON *item)
{
	if (!cJSON_IsNumber(item) || !(item->valuedouble >= 0 && item->valuedouble <= 0x1p53) ||
	    item->valuedouble != floor(item->valuedouble) ||
	    item->valuedouble > (double)(SIZE_MAX / 2))
		return false;
	*size = (size_t)item->valuedouble;
	return true;
}

static const struct dtype *find_dtype(const cJSON *item)
{
	const char *name = cJSON_GetStringValue(item);
	for (size_t i = 0; i < DTYPES && name; i++)
		if (strcmp(name, dtypes[i].name) == 0)
			return &dtypes[i];
	return NULL;
}

static onn_status read_row(tensor *t, const cJSON *row, size_t bytes, const char *path)
{
	const cJSON *shape = cJSON_GetObjectItemCaseSensitive(row, "shape"), *size;
	const cJSON *offsets = cJSON_GetObjectItemCaseSensitive(row, "data_offsets");
	size_t need;
	*t = (tensor){.name = row->string};
	t->dtype = find_dtype(cJSON_GetObjectItemCaseSensitive(row, "dtype"));
	if (!t->dtype)
		return damaged(path, t->name,
		    "its dtype is none that is read; expected F64, F32, "
		    "F16, BF16, C64, BOOL, or whole numbers");
	if (!cJSON_IsArray(shape) || !cJSON_IsArray(offsets) || cJSON_GetArraySize(offsets) != 2 ||
	    !take_size(&t->begin, cJSON_GetArrayItem(offsets, 0)) ||
	    !take_size(&t->end, cJSON_GetArrayItem(offsets, 1)))
		return damaged(path, t->name, "expected shape and data_offsets");
	cJSON_ArrayForEach(size, shape)
	{
		if (t->ndim == ONN_MAX_DIMS)
			return damaged(path, t->name, "it has too many axes");
		if (!take_size(&t->shape[t->ndim++], size))
			return damaged(path, t->name, "its shape is not of whole numbers");
	}
	if (t->begin > t->end || t->end > bytes)
		return damaged(path, t->name, "its bytes lie beyond the file");
	if (!onn_size_product(&need, t->ndim, t->shape) ||
	    !onn_size_mul(&need, need, t->dtype->size) || need != t->end - t->begin)
		return damaged(path, t->name, "its bytes are not as many as its shape takes");
	return ONN_OK;
}

static int by_place(const void *a, const void *b)
{
	const tensor *p = a, *q = b;
	return p->begin != q->begin ? (p->begin > q->begin) - (p->begin < q->begin)
	                            : (p->end > q->end) - (p->end < q->end);
}

static onn_status read_rows(
    tensor *t, size_t *count, const cJSON *head, size_t bytes, const char *path)
{
	const cJSON *row;
	size_t end = 0;
	onn_status status = ONN_OK;
	cJSON_ArrayForEach(row, head)
	{
		if (strcmp(row->string, metadata) == 0)
			continue;
		status = read_row(&t[*count], row, bytes, path);
		if (status)
			return status;
		(*count)++;
	}
	qsort(t, *count, sizeof *t, by_place);
	for (size_t i = 0; i < *count; end = t[i++].end)
		if (t[i].begin != end)
			return damaged(path, t[i].name, "its bytes do not follow those before it");
	return end == bytes ? ONN_OK : damaged(path, NULL, "it has bytes of no tensor");
}

/* The upper halves of floats. */
static onn_status widen(onn_array **a, const tensor *t, const unsigned char *data)
{
	onn_status status = onn_array_create(a, ONN_F32, t->ndim, t->shape);
	for (size_t i = 0; !status && i < onn_array_count(*a); i++) {
		uint32_t bits = (uint32_t)data[2 * i] << 16 | (uint32_t)data[2 * i + 1] << 24;
		memcpy((float *)onn_array_data(*a) + i, &bits, sizeof bits);
	}
	return status;
}

static onn_status take_tensor(
    onn_archive *archive, const tensor *t, const unsigned char *data, const char *path)
{
	char where[512];
	onn_array *a = NULL;
	if (onn_archive_get(archive, t->name))
		return damaged(path, t->name, "it is there twice");
	snprintf(where, sizeof where, "%s, tensor %s,", path, t->name);
	onn_status status = t->dtype->kind == 'B'
	                        ? widen(&a, t, data + t->begin)
	                        : onn_elements_decode(&a, where, t->dtype->kind, t->dtype->size,
	                              t->ndim, t->shape, data + t->begin);
	if (!status)
		status = onn_archive_put(archive, t->name, a);
	onn_array_destroy(a);
	return status == ONN_ERROR_ARGUMENT ? damaged(path, t->name, "its name cannot be kept")
	                                    : status;
}

static onn_status take_metadata(onn_archive *archive, const cJSON *head, const char *path)
{
	const cJSON *texts = cJSON_GetObjectItemCaseSensitive(head, metadata), *text;
	if (texts && !cJSON_IsObject(texts))
		return damaged(path, metadata, "expected an object of texts");
	cJSON_ArrayForEach(text, texts)
	{
		if (!cJSON_IsString(text))
			return damaged(path, metadata, "expected an object of texts");
		onn_status status = onn_archive_put_text(archive, text->string, text->valuestring);
		if (status)
			return status == ONN_ERROR_ARGUMENT
			           ? damaged(path, text->string, "its name cannot be kept")
			           : status;
	}
	return ONN_OK;
}

static onn_status take_all(onn_archive *archive, const cJSON *head, const unsigned char *data,
    size_t bytes, const char *path)
{
	size_t count = 0, most = 0;
	for (const cJSON *row = head->child; row; row = row->next)
		most++;
	tensor *t = calloc(most ? most : 1, sizeof *t);
	if (!t)
		return onn_error_memory("onn_archive_load", most * sizeof *t);
	onn_status status = read_rows(t, &count, head, bytes, path);
	for (size_t i = 0; i < count && !status; i++)
		status = take_tensor(archive, &t[i], data, path);
	free(t);
	return status ? status : take_metadata(archive, head, path);
}

/* The header as it stands in the file, 0 behind it. */
static onn_status parse_header(
    cJSON **head, size_t *length, const unsigned char *file, size_t bytes, const char *path)
{
	uint64_t claimed = 0;
	onn_status status = ONN_OK;
	for (int i = 0; i < LENGTH && bytes >= LENGTH; i++)
		claimed |= (uint64_t)file[i] << 8 * i;
	if (bytes < LENGTH || claimed > MOST_HEADER || claimed > bytes - LENGTH || !claimed ||
	    file[LENGTH] != '{')
		return damaged(path, NULL, "it does not begin with a header and its length");
	*length = (size_t)claimed;
	char *text = malloc(*length + 1);
	if (!text)
		return onn_error_memory("onn_archive_load", *length + 1);
	memcpy(text, file + LENGTH, *length);
	text[*length] = 0;
	if (memchr(text, 0, *length))
		status = damaged(path, NULL, "its header is no text");
	else
		*head = onn_json_parse(path, text, &status);
	free(text);
	return status;
}

onn_status onn_safetensors_load(onn_archive **archive, const char *path)
{
	void *file;
	size_t bytes, length = 0;
	cJSON *head = NULL;
	onn_archive *made = NULL;
	*archive = NULL;
	onn_status status = onn_file_read(&file, &bytes, path);
	if (status)
		return status;
	status = parse_header(&head, &length, file, bytes, path);
	if (!status)
		status = onn_archive_create(&made);
	if (!status)
		status = take_all(made, head, (unsigned char *)file + LENGTH + length,
		    bytes - LENGTH - length, path);
	cJSON_Delete(head);
	onn_free(file);
	if (status)
		onn_archive_destroy(made);
	else
		*archive = made;
	return status;
}

/* ---- writing ---- */

/* The arrays in the order in which they are written: large elements first, so that each begins at a
 * multiple of its own. */
typedef struct writing {
	const onn_array **array;
	const char **name;
	size_t count, next;
	bool begun;
	char *header; /* its length before it */
	size_t header_bytes;
	unsigned char *turned; /* a copy in the file's byte order, where the host's is another */
} writing;

static const char *dtype_of(onn_type type)
{
	for (size_t i = 0; i < DTYPES; i++)
		if (dtypes[i].type == (int)type)
			return dtypes[i].name;
	return NULL;
}

static onn_status gather(writing *w, const onn_archive *archive)
{
	for (size_t size = 8; size; size /= 2) {
		for (size_t i = 0; i < archive->arrays.count; i++) {
			const char *name = archive->arrays.item[i].name;
			const onn_array *a;
			onn_status status = onn_archive_find(&a, archive, name);
			if (status)
				return status;
			if (!dtype_of(onn_array_type(a)) || strcmp(name, metadata) == 0)
				return onn_error(ONN_ERROR_UNSUPPORTED,
				    "onn_archive_save: %s is %s, which a safetensors cannot hold; "
				    "expected other numbers or names, or a name of .npz",
				    name, onn_type_name(onn_array_type(a)));
			if (onn_type_size(onn_array_type(a)) != size)
				continue;
			w->array[w->count] = a;
			w->name[w->count++] = name;
		}
	}
	return ONN_OK;
}

static bool put_row(cJSON *head, const char *name, const onn_array *a, size_t *at)
{
	cJSON *row = cJSON_AddObjectToObject(head, name);
	cJSON *shape = cJSON_CreateArray(), *offsets = cJSON_CreateArray();
	size_t end = *at + onn_array_count(a) * onn_type_size(onn_array_type(a));
	bool good = cJSON_AddStringToObject(row, "dtype", dtype_of(onn_array_type(a))) &&
	            cJSON_AddItemToObject(row, "shape", shape);
	if (!good)
		cJSON_Delete(shape);
	for (size_t i = 0; i < onn_array_ndim(a) && good; i++)
		good =
		    cJSON_AddItemToArray(shape, cJSON_CreateNumber((double)onn_array_shape(a)[i]));
	good = good && cJSON_AddItemToArray(offsets, cJSON_CreateNumber((double)*at)) &&
	       cJSON_AddItemToArray(offsets, cJSON_CreateNumber((double)end)) &&
	       cJSON_AddItemToObject(row, "data_offsets", offsets);
	if (!good)
		cJSON_Delete(offsets);
	*at = end;
	return good;
}

static onn_status put_texts(cJSON *head, const onn_archive *archive)
{
	cJSON *texts = archive->texts.count ? cJSON_AddObjectToObject(head, metadata) : NULL;
	for (size_t i = 0; i < archive->texts.count; i++) {
		const char *name = archive->texts.item[i].name, *text;
		onn_status status = onn_archive_find_text(&text, archive, name);
		if (status)
			return status;
		if (!onn_json_put_text(texts, name, text))
			return onn_error_memory("onn_archive_save", strlen(text));
	}
	return ONN_OK;
}

/* Spaces behind the header, so that the arrays begin at a multiple of 8. */
static onn_status make_header(writing *w, const onn_archive *archive)
{
	cJSON *head = cJSON_CreateObject();
	size_t at = 0;
	bool good = head != NULL;
	onn_status status = good ? put_texts(head, archive) : ONN_OK;
	for (size_t i = 0; i < w->count && good && !status; i++)
		good = put_row(head, w->name[i], w->array[i], &at);
	if (status || !good) {
		cJSON_Delete(head);
		return status ? status : onn_error_memory("onn_archive_save", 1);
	}
	char *text = onn_json_finish(head);
	size_t length = text ? strlen(text) : 0, room = (length + 7) / 8 * 8;
	w->header = text ? malloc(LENGTH + room) : NULL;
	if (!w->header) {
		onn_free(text);
		return onn_error_memory("onn_archive_save", room);
	}
	for (int i = 0; i < LENGTH; i++)
		w->header[i] = (char)((uint64_t)room >> 8 * i & 255);
	memcpy(w->header + LENGTH, text, length);
	memset(w->header + LENGTH + length, ' ', room - length);
	w->header_bytes = LENGTH + room;
	onn_free(text);
	return ONN_OK;
}

/* The elements with their least significant bytes first. NULL: no memory. */
static const void *in_order(writing *w, const onn_array *a)
{
	const unsigned char *from = onn_array_const_data(a);
	size_t part = onn_type_size(onn_array_type(a)) / onn_type_parts(onn_array_type(a));
	size_t bytes = onn_array_count(a) * onn_type_size(onn_array_type(a));
	if (onn_host_is_little() || part == 1 || !bytes)
		return from;
	free(w->turned);
	w->turned = malloc(bytes);
	for (size_t i = 0; i < bytes && w->turned; i++)
		w->turned[i] = from[i / part * part + part - 1 - i % part];
	return w->turned;
}

/* A piece of no bytes would be the end. */
static bool next_piece(void *user, const void **data, size_t *bytes)
{
	writing *w = user;
	*data = w->header;
	*bytes = w->begun ? 0 : w->header_bytes;
	while (w->begun && *bytes == 0 && w->next < w->count) {
		const onn_array *a = w->array[w->next++];
		*bytes = onn_array_count(a) * onn_type_size(onn_array_type(a));
		*data = in_order(w, a);
		if (*bytes && !*data) {
			onn_error_memory("onn_archive_save", *bytes);
			return false;
		}
	}
	w->begun = true;
	return true;
}

onn_status onn_safetensors_save(const onn_archive *archive, const char *path)
{
	size_t count = archive->arrays.count ? archive->arrays.count : 1;
	writing w = {
	    .array = calloc(count, sizeof *w.array), .name = calloc(count, sizeof *w.name)};
	onn_status status = w.array && w.name
	                        ? gather(&w, archive)
	                        : onn_error_memory("onn_archive_save", count * sizeof *w.array);
	if (!status)
		status = make_header(&w, archive);
	if (!status)
		status = onn_file_write_pieces(path, next_piece, &w);
	free(w.header);
	free(w.turned);
	free(w.array);
	free(w.name);
	return status;
}
