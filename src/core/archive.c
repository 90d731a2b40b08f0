#include "core/archive.h"

#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/memory.h"

onn_status onn_archive_create(onn_archive **archive)
{
	*archive = calloc(1, sizeof **archive);
	return *archive ? ONN_OK : onn_error_memory("onn_archive_create", sizeof **archive);
}

static void free_contents(onn_member *e)
{
	onn_array_destroy(e->array);
	free(e->text);
	e->array = NULL;
	e->text = NULL;
}

static void free_members(onn_members *m)
{
	for (size_t i = 0; i < m->count; i++) {
		free_contents(&m->item[i]);
		free(m->item[i].name);
	}
	onn_free_all(m->item, m->sorted);
}

void onn_archive_destroy(onn_archive *archive)
{
	if (!archive)
		return;
	free_members(&archive->arrays);
	free_members(&archive->texts);
	onn_archive_file_close(archive->file);
	free(archive);
}

/* ---- members by name ---- */

onn_member *onn_members_add(onn_members *m, const char *name, size_t length, size_t order)
{
	char *copy = malloc(length + 1);
	if (!copy || !onn_grow(&m->item, &m->capacity, m->count + 1, sizeof *m->item) ||
	    !onn_grow(&m->sorted, &m->room, m->count + 1, sizeof *m->sorted)) {
		free(copy);
		return NULL;
	}
	memcpy(copy, name, length);
	copy[length] = 0;
	m->item[m->count] = (onn_member){.name = copy, .order = order};
	return &m->item[m->count++];
}

/* Of equal names the earlier one first. */
static int compare(const void *a, const void *b)
{
	const onn_member_name *p = a, *q = b;
	int by_name = strcmp(p->name, q->name);
	return by_name ? by_name : (p->item > q->item) - (p->item < q->item);
}

static void list_names(onn_members *m)
{
	for (size_t i = 0; i < m->count; i++)
		m->sorted[i] = (onn_member_name){m->item[i].name, i};
	qsort(m->sorted, m->count, sizeof *m->sorted, compare);
}

void onn_members_sort(onn_members *m)
{
	size_t kept = 0;
	if (m->count == 0)
		return;
	list_names(m);
	for (size_t i = 0; i + 1 < m->count; i++) {
		if (strcmp(m->sorted[i].name, m->sorted[i + 1].name) != 0)
			continue;
		onn_member *e = &m->item[m->sorted[i].item];
		e->length = SIZE_MAX; /* to go; the names are still compared with */
	}
	for (size_t i = 0; i < m->count; i++) {
		if (m->item[i].length == SIZE_MAX)
			free(m->item[i].name);
		else
			m->item[kept++] = m->item[i];
	}
	m->count = kept;
	list_names(m);
}

/* Where a name stands in the order of names, or would. */
static size_t place_of(const onn_members *m, const char *name)
{
	size_t low = 0, high = m->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strcmp(m->sorted[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static onn_member *find(const onn_members *m, const char *name)
{
	size_t at = place_of(m, name);
	return at < m->count && strcmp(m->sorted[at].name, name) == 0 ? &m->item[m->sorted[at].item]
	                                                              : NULL;
}

bool onn_ends_with(const char *name, const char *end)
{
	size_t length = strlen(name), tail = strlen(end);
	return length >= tail && strcmp(name + length - tail, end) == 0;
}

/* Takes contents over, also on failure. */
static onn_status put(onn_archive *archive, const char *name, onn_member contents)
{
	onn_members *m = contents.array ? &archive->arrays : &archive->texts;
	onn_member *e = find(m, name);
	if (e) {
		free_contents(e);
	} else {
		size_t at = place_of(m, name), length = strlen(name);
		e = onn_members_add(m, name, length, archive->order);
		if (!e) {
			free_contents(&contents);
			return onn_error_memory("onn_archive_put", sizeof *e + length + 1);
		}
		archive->order++;
		memmove(
		    m->sorted + at + 1, m->sorted + at, (m->count - 1 - at) * sizeof *m->sorted);
		m->sorted[at] = (onn_member_name){e->name, m->count - 1};
	}
	e->array = contents.array;
	e->text = contents.text;
	e->length = contents.length;
	return ONN_OK;
}

/* zip's names have 16 bits of length, and a folder's ends with a slash. */
static bool good_name(const char *name)
{
	return name && name[0] && strlen(name) < 65000 && !onn_ends_with(name, "/");
}

onn_status onn_archive_put(onn_archive *archive, const char *name, const onn_array *a)
{
	onn_member contents = {0};
	if (!good_name(name))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_archive_put: name is \"%s\"; expected 1 to 64999 characters, the last no "
		    "/",
		    name ? name : "(null)");
	onn_status status = onn_array_convert(&contents.array, a, onn_array_type(a));
	return status == ONN_OK ? put(archive, name, contents) : status;
}

onn_status onn_archive_put_text(onn_archive *archive, const char *name, const char *text)
{
	if (!good_name(name) || onn_ends_with(name, ".npy"))
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_archive_put_text: name is \"%s\"; expected 1 to 64999 characters, the "
		    "last no / and not .npy",
		    name ? name : "(null)");
	if (!text)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_archive_put_text: the text of \"%s\" is NULL; expected a text", name);
	onn_member contents = {.length = strlen(text)};
	contents.text = malloc(contents.length + 1);
	if (!contents.text)
		return onn_error_memory("onn_archive_put_text", contents.length + 1);
	memcpy(contents.text, text, contents.length + 1);
	return put(archive, name, contents);
}

/* ---- getting ---- */

onn_status onn_archive_find(const onn_array **a, const onn_archive *archive, const char *name)
{
	onn_member *e = find(&archive->arrays, name);
	onn_status status = e ? onn_archive_file_read(archive->file, e, true) : ONN_OK;
	*a = e && !status ? e->array : NULL;
	return status;
}

onn_status onn_archive_find_text(const char **text, const onn_archive *archive, const char *name)
{
	onn_member *e = find(&archive->texts, name);
	onn_status status = e ? onn_archive_file_read(archive->file, e, false) : ONN_OK;
	*text = e && !status ? e->text : NULL;
	return status;
}

const onn_array *onn_archive_get(const onn_archive *archive, const char *name)
{
	const onn_array *a;
	onn_archive_find(&a, archive, name);
	return a;
}

const char *onn_archive_get_text(const onn_archive *archive, const char *name)
{
	const char *text;
	onn_archive_find_text(&text, archive, name);
	return text;
}

const char *onn_archive_name(const onn_archive *archive, size_t i)
{
	return i < archive->arrays.count ? archive->arrays.item[i].name : NULL;
}
