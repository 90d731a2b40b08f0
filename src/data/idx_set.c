#include "data/files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "core/error.h"
#include "core/memory.h"
#include "core/os.h"

enum { FILE_COUNT = 4 }; /* images and labels to train, images and labels to test */

/* A row of idx_sets.def. */
typedef struct idx_set {
	onn_dataset_info info;
	const char *files[FILE_COUNT];
	const char *installed;
	bool columns; /* the file has columns where others have rows */
	unsigned long sum;
} idx_set;

enum { ROWS = false, COLUMNS = true };

static const idx_set idx_sets[] = {
#define FILES(...)                                                                                 \
	{                                                                                          \
		__VA_ARGS__                                                                        \
	}
#define ONN_IDX_SET(name, title, classes, train, test, files, layout, page, licence, folder, sum)  \
	{{#name, title, classes, train, test, page, licence}, files, folder, layout, sum},
#include "data/idx_sets.def"
#undef FILES
};

const onn_dataset_info *onn_idx_set_info(size_t i)
{
	return i < ONN_COUNT(idx_sets) ? &idx_sets[i].info : NULL;
}

/* ---- where files are ---- */

/* The i-th folder to look for a set in; "" where there is none; false past the last. A folder of
 * the set's own goes first: some sets have equal file names. */
static bool candidate(char path[ONN_PATH_ROOM], const idx_set *set, const char *directory, int i)
{
	const char *folder = i < 2 ? directory : i < 4 ? getenv("ONN_DATA_DIR") : set->installed;
	if (i == 0 || i == 2)
		onn_path_join(path, folder, set->info.name);
	else if (!folder || snprintf(path, ONN_PATH_ROOM, "%s", folder) >= ONN_PATH_ROOM)
		path[0] = '\0';
	return i <= 4;
}

/* What the search met on its way. */
typedef struct search {
	char paths[FILE_COUNT][ONN_PATH_ROOM];
	char partial[ONN_PATH_ROOM]; /* a folder with some of the files, or "" */
	char foreign[ONN_PATH_ROOM]; /* a folder with another set's files of equal names, or "" */
	const idx_set *other;        /* the set that those are of */
} search;

/* The set whose published training labels these are, or NULL. */
static const idx_set *known_labels(const char *path)
{
	void *data;
	size_t bytes;
	if (onn_inflated_read(&data, &bytes, path, onn_idx_most) != ONN_OK)
		return NULL;
	unsigned long sum = bytes < 1 << 20 ? crc32(0, data, (uInt)bytes) : 0;
	free(data);
	for (size_t i = 0; i < ONN_COUNT(idx_sets); i++) {
		if (sum != 0 && sum == idx_sets[i].sum)
			return &idx_sets[i];
	}
	return NULL;
}

/* Where a set's files are not: which, from where, into which folder. */
static onn_status missing(const search *s, const idx_set *set, const char *directory)
{
	char lacks[FILE_COUNT * 64] = "", found[ONN_PATH_ROOM];
	for (int i = 0; i < FILE_COUNT; i++) {
		if (s->partial[0] && onn_find_file(found, s->partial, set->files[i]))
			continue;
		size_t used = strlen(lacks);
		snprintf(
		    lacks + used, sizeof lacks - used, "%s%s", used ? ", " : "", set->files[i]);
	}
	if (s->foreign[0])
		return onn_error(ONN_ERROR_FILE,
		    "onn_dataset_load: the files in %s are those of %s; put %s's (%s, from %s) "
		    "into a folder %s",
		    s->foreign, s->other->info.name, set->info.name, lacks, set->info.page,
		    set->info.name);
	const char *variable = getenv("ONN_DATA_DIR"), *folder = s->partial;
	if (!folder[0])
		folder = directory && directory[0] ? directory : variable ? variable : "";
	bool whole = folder[0] && !s->partial[0];
	return onn_error(ONN_ERROR_FILE,
	    "onn_dataset_load: %s lacks files; get %s (each as it is or as .gz) from %s and put "
	    "them into %s%s%s",
	    set->info.name, lacks, set->info.page,
	    folder[0] ? folder : "a folder that --data-dir or ONN_DATA_DIR names",
	    whole ? " or its subfolder " : "", whole ? set->info.name : "");
}

static onn_status find_files(search *s, const idx_set *set, const char *directory)
{
	char folder[ONN_PATH_ROOM];
	for (int i = 0; candidate(folder, set, directory, i); i++) {
		int found = 0;
		for (int k = 0; k < FILE_COUNT; k++)
			found += onn_find_file(s->paths[k], folder, set->files[k]);
		const idx_set *owner = found == FILE_COUNT ? known_labels(s->paths[1]) : NULL;
		if (found == FILE_COUNT && (!owner || owner == set))
			return ONN_OK;
		if (found == FILE_COUNT) {
			strcpy(s->foreign, folder);
			s->other = owner;
		} else if (found > 0 && !s->partial[0]) {
			strcpy(s->partial, folder);
		}
	}
	return missing(s, set, directory);
}

onn_status onn_idx_set_find(onn_dataset_place *place, size_t i, const char *directory)
{
	const idx_set *set = &idx_sets[i];
	search *s = calloc(1, sizeof *s);
	char folder[ONN_PATH_ROOM];
	size_t used = 0;

	if (!s)
		return onn_error_memory("onn_dataset_find", sizeof *s);
	for (int k = 0; candidate(folder, set, directory, k); k++)
		if (folder[0] && used < sizeof place->looked)
			used += (size_t)snprintf(place->looked + used, sizeof place->looked - used,
			    "%s%s", used ? "\n" : "", folder);
	onn_status status = find_files(s, set, directory);
	if (!status) {
		snprintf(place->folder, sizeof place->folder, "%s", s->paths[0]);
		*strrchr(place->folder, '/') = '\0';
	}
	free(s);
	return status;
}

/* ---- what is in them ---- */

/* Columns become rows, in each image. */
static onn_status transpose(onn_array **x)
{
	const size_t *shape = onn_array_shape(*x);
	size_t count = shape[0], height = shape[1], width = shape[2];
	onn_array *turned;
	onn_status status = onn_array_create(&turned, ONN_U8, 3, (size_t[]){count, width, height});
	if (status != ONN_OK)
		return status;
	const uint8_t *from = onn_array_const_data(*x);
	uint8_t *to = onn_array_data(turned);
	for (size_t n = 0; n < count; n++, from += height * width, to += height * width) {
		for (size_t i = 0; i < height; i++) {
			for (size_t j = 0; j < width; j++)
				to[j * height + i] = from[i * width + j];
		}
	}
	onn_array_destroy(*x);
	*x = turned;
	return ONN_OK;
}

static onn_status load_labels(
    onn_array **y, const onn_array *x, const idx_set *set, const char *path)
{
	onn_status status = onn_idx_load_labels(y, path);
	if (status != ONN_OK)
		return status;
	size_t count = onn_array_count(*y);
	const int32_t *label = onn_array_const_data(*y);
	if (count != onn_array_shape(x)[0])
		status = onn_error(ONN_ERROR_FORMAT,
		    "onn_dataset_load: %s has %zu labels; expected one for each of %zu images",
		    path, count, onn_array_shape(x)[0]);
	for (size_t i = 0; i < count && status == ONN_OK; i++) {
		if (label[i] < 0 || (size_t)label[i] >= set->info.classes)
			status = onn_error(ONN_ERROR_FORMAT,
			    "onn_dataset_load: %s: label %zu is %d; expected 0 to %zu", path, i,
			    label[i], set->info.classes - 1);
	}
	return status;
}

static onn_status load_part(
    onn_array **x, onn_array **y, const idx_set *set, const char *images, const char *labels)
{
	onn_status status = onn_idx_load(x, images, 3);
	if (status == ONN_OK && set->columns)
		status = transpose(x);
	return status == ONN_OK ? load_labels(y, *x, set, labels) : status;
}

onn_status onn_idx_set_load(onn_dataset *d, size_t i, const char *directory)
{
	const idx_set *set = &idx_sets[i];
	search *s = calloc(1, sizeof *s);
	if (!s)
		return onn_error_memory("onn_dataset_load", sizeof *s);
	onn_status status = find_files(s, set, directory);
	if (status == ONN_OK)
		status = load_part(&d->train_x, &d->train_y, set, s->paths[0], s->paths[1]);
	if (status == ONN_OK)
		status = load_part(&d->test_x, &d->test_y, set, s->paths[2], s->paths[3]);
	free(s);
	d->classes = set->info.classes;
	d->scale = 255;
	return status;
}
