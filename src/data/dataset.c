#include <onn/dataset.h>
#include <onn/image.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "core/error.h"
#include "core/memory.h"
#include "core/nearest.h"
#include "core/os.h"
#include "core/philox.h"
#include "core/text.h"
#include "data/files.h"

/* Of the permutation that splits; apart from those that shuffle. */
enum { SPLIT_STREAM = 0x517 };

bool onn_find_file(char path[ONN_PATH_ROOM], const char *folder, const char *name)
{
	if (!onn_path_join(path, folder, name))
		return false;
	if (onn_file_exists(path))
		return true;
	size_t length = strlen(path);
	if (length + sizeof ".gz" > ONN_PATH_ROOM)
		return false;
	strcpy(path + length, ".gz");
	return onn_file_exists(path);
}

/* The digits that come with the library: beside it where it is installed, or in the source tree. */
static bool find_digits(char path[ONN_PATH_ROOM], const char *directory)
{
	static const char *const beside[] = {"../share/onn", "../../share/onn"};
	char library[ONN_PATH_ROOM], folder[ONN_PATH_ROOM];
	if (onn_find_file(path, directory, "digits.csv"))
		return true;
	if (onn_library_directory(library, sizeof library)) {
		for (size_t i = 0; i < ONN_COUNT(beside); i++) {
			if (onn_path_join(folder, library, beside[i]) &&
			    onn_find_file(path, folder, "digits.csv"))
				return true;
		}
	}
	return onn_find_file(path, ONN_SOURCE_DATA, "digits.csv") ||
	       onn_find_file(path, ONN_INSTALL_DATA, "digits.csv") ||
	       onn_find_file(path, getenv("ONN_DATA_DIR"), "digits.csv");
}

/* ---- putting sets together ---- */

/* Rows order[0 ... count-1] of a as a new array. */
static onn_status gather(onn_array **rows, const onn_array *a, const int32_t *order, size_t count)
{
	size_t shape[ONN_MAX_DIMS], ndim = onn_array_ndim(a);
	memcpy(shape, onn_array_shape(a), ndim * sizeof *shape);
	size_t bytes = onn_array_count(a) / shape[0] * onn_type_size(onn_array_type(a));
	shape[0] = count;
	onn_status status = onn_array_create(rows, onn_array_type(a), ndim, shape);
	if (status != ONN_OK)
		return status;
	const char *from = onn_array_const_data(a);
	char *to = onn_array_data(*rows);
	for (size_t i = 0; i < count; i++)
		memcpy(to + i * bytes, from + (size_t)order[i] * bytes, bytes);
	return ONN_OK;
}

/* Four fifths of x and y to train with, the rest to test with. */
static onn_status split(
    onn_dataset *d, const onn_array *x, const onn_array *y, uint64_t seed, const char *path)
{
	size_t count = onn_array_shape(x)[0], test = (count + 4) / 5, train = count - test;
	if (count < 2 || count > INT32_MAX)
		return onn_error(ONN_ERROR_FORMAT,
		    "onn_dataset_load: %s has %zu images; expected at least 2 to split", path,
		    count);
	int32_t *order = malloc(count * sizeof *order);
	if (!order)
		return onn_error_memory("onn_dataset_load", count * sizeof *order);
	onn_philox_permutation(order, count, seed, 0, SPLIT_STREAM);
	onn_status status = gather(&d->train_x, x, order, train);
	if (status == ONN_OK)
		status = gather(&d->train_y, y, order, train);
	if (status == ONN_OK)
		status = gather(&d->test_x, x, order + train, test);
	if (status == ONN_OK)
		status = gather(&d->test_y, y, order + train, test);
	free(order);
	return status;
}

static onn_status no_digits(const char *function)
{
	return onn_error(ONN_ERROR_FILE,
	    "%s: digits.csv.gz is neither in %s nor in %s; it comes with the library", function,
	    ONN_INSTALL_DATA, ONN_SOURCE_DATA);
}

static onn_status load_digits(onn_dataset *d, const char *directory, uint64_t seed)
{
	char path[ONN_PATH_ROOM];
	onn_array *x, *y;
	if (!find_digits(path, directory))
		return no_digits("onn_dataset_load");
	onn_status status = onn_digits_load(&x, &y, path);
	if (status != ONN_OK)
		return status;
	d->classes = 10;
	d->scale = 16;
	status = split(d, x, y, seed, path);
	onn_array_destroy(x);
	onn_array_destroy(y);
	return status;
}

/* ---- a user's own ---- */

/* As it stands, else below directory, else below ONN_DATA_DIR. */
static const char *find_archive(char path[ONN_PATH_ROOM], const char *name, const char *directory)
{
	if (onn_file_exists(name))
		return name;
	if (onn_path_join(path, directory, name) && onn_file_exists(path))
		return path;
	if (onn_path_join(path, getenv("ONN_DATA_DIR"), name) && onn_file_exists(path))
		return path;
	return name;
}

static onn_status load_parts(
    onn_dataset *d, const onn_archive *archive, uint64_t seed, const char *path)
{
	onn_array *x, *y;
	onn_status status = onn_dataset_from_archive(&x, &y, &d->classes, archive, "x", "y", path);
	if (status != ONN_OK)
		return status;
	d->scale = onn_image_white(x);
	const onn_array *test_x, *test_y = NULL;
	status = onn_archive_find(&test_x, archive, "x_test");
	if (status == ONN_OK)
		status = onn_archive_find(&test_y, archive, "y_test");
	if (status != ONN_OK || (!test_x && !test_y)) {
		if (status == ONN_OK)
			status = split(d, x, y, seed, path);
		onn_array_destroy(x);
		onn_array_destroy(y);
		return status;
	}
	d->train_x = x;
	d->train_y = y;
	return onn_dataset_from_archive(
	    &d->test_x, &d->test_y, &d->classes, archive, "x_test", "y_test", path);
}

static onn_status load_archive(
    onn_dataset *d, const char *name, const char *directory, uint64_t seed)
{
	char place[ONN_PATH_ROOM];
	const char *path = find_archive(place, name, directory), *slash = strrchr(path, '/');
	onn_archive *archive;
	snprintf(d->name, sizeof d->name, "%.63s", slash ? slash + 1 : path);
	onn_status status = onn_archive_load(&archive, path);
	if (status != ONN_OK)
		return status;
	status = load_parts(d, archive, seed, path);
	onn_archive_destroy(archive);
	if (status == ONN_OK && d->classes < 2)
		status = onn_error(ONN_ERROR_FORMAT,
		    "onn_dataset_load: %s: every label is 0; expected at least 2 classes", path);
	if (status == ONN_OK && onn_array_type(d->train_x) != onn_array_type(d->test_x))
		status = onn_error(ONN_ERROR_FORMAT,
		    "onn_dataset_load: %s: x is %s and x_test is %s; expected equal types", path,
		    onn_type_name(onn_array_type(d->train_x)),
		    onn_type_name(onn_array_type(d->test_x)));
	return status;
}

/* ---- the public functions ---- */

const onn_dataset_info *onn_dataset_known(size_t i)
{
	static const onn_dataset_info digits = {"digits", "UCI digits", 10, 1437, 360,
	    "https://archive.ics.uci.edu/dataset/80", "CC BY 4.0"};
	return i == 0 ? &digits : onn_idx_set_info(i - 1);
}

onn_status onn_dataset_find(onn_dataset_place *place, size_t i, const char *directory)
{
	char path[ONN_PATH_ROOM];

	*place = (onn_dataset_place){{0}, {0}};
	if (!onn_dataset_known(i))
		return onn_error(ONN_ERROR_ARGUMENT, "onn_dataset_find: there is no set %zu", i);
	if (i > 0)
		return onn_idx_set_find(place, i - 1, directory);
	snprintf(place->looked, sizeof place->looked, "%s%s%s\n%s", directory ? directory : "",
	    directory ? "\n" : "", ONN_SOURCE_DATA, ONN_INSTALL_DATA);
	if (!find_digits(path, directory))
		return no_digits("onn_dataset_find");
	snprintf(place->folder, sizeof place->folder, "%s", path);
	return ONN_OK;
}

static onn_status unknown(const char *name)
{
	char names[512] = "", hint[ONN_NEAREST_HINT];
	onn_nearest nearest = ONN_NEAREST_INIT(name);
	const onn_dataset_info *info;
	for (size_t i = 0; (info = onn_dataset_known(i)); i++) {
		onn_append(names, sizeof names, "%s%s", i ? ", " : "", info->name);
		onn_nearest_try(&nearest, info->name);
	}
	return onn_error(ONN_ERROR_ARGUMENT,
	    "onn_dataset_load: \"%.64s\" is no data set%s (expected %s or a FILE.npz)", name,
	    onn_nearest_hint(hint, &nearest), names);
}

static bool is_archive(const char *name)
{
	size_t length = strlen(name);
	return length > 4 && strcmp(name + length - 4, ".npz") == 0;
}

static onn_status load(onn_dataset *d, const char *name, const char *directory, uint64_t seed)
{
	if (is_archive(name))
		return load_archive(d, name, directory, seed);
	snprintf(d->name, sizeof d->name, "%.63s", name);
	/* they are elsewhere, too, which would hide a wrong name; others say where they looked */
	if (strcmp(name, "digits") == 0 && directory && !onn_directory_exists(directory))
		return onn_error(ONN_ERROR_FILE,
		    "onn_dataset_load: %s is no folder; expected the one where data sets are",
		    directory);
	if (strcmp(name, "digits") == 0)
		return load_digits(d, directory, seed);
	for (size_t i = 0; onn_idx_set_info(i); i++) {
		if (strcmp(name, onn_idx_set_info(i)->name) == 0)
			return onn_idx_set_load(d, i, directory);
	}
	return unknown(name);
}

/* Both parts have images of one size. */
static onn_status measure(onn_dataset *d)
{
	const size_t *train = onn_array_shape(d->train_x), *test = onn_array_shape(d->test_x);
	if (train[1] != test[1] || train[2] != test[2])
		return onn_error(ONN_ERROR_FORMAT,
		    "onn_dataset_load: %s has images of %zu x %zu to train and %zu x %zu to test; "
		    "expected equal sizes",
		    d->name, train[1], train[2], test[1], test[2]);
	d->height = train[1];
	d->width = train[2];
	return ONN_OK;
}

onn_status onn_dataset_load(
    onn_dataset **dataset, const char *name, const char *directory, uint64_t seed)
{
	*dataset = NULL;
	if (!name)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "onn_dataset_load: name is NULL; expected a data set's name");
	onn_dataset *d = calloc(1, sizeof *d);
	if (!d)
		return onn_error_memory("onn_dataset_load", sizeof *d);
	onn_status status = load(d, name, directory, seed);
	if (status == ONN_OK)
		status = measure(d);
	if (status != ONN_OK) {
		onn_dataset_destroy(d);
		return status;
	}
	*dataset = d;
	return ONN_OK;
}

static void widen(double range[2], const onn_array *x, double scale)
{
	const float *pixel = onn_array_const_data(x);
	if (onn_array_type(x) != ONN_F32)
		return; /* whole numbers are from 0 to full scale */
	for (size_t i = 0; i < onn_array_count(x); i++) {
		range[0] = fmin(range[0], pixel[i] / scale);
		range[1] = fmax(range[1], pixel[i] / scale);
	}
}

void onn_dataset_range(double range[2], const onn_dataset *dataset)
{
	range[0] = 0;
	range[1] = 1;
	widen(range, dataset->train_x, dataset->scale);
	widen(range, dataset->test_x, dataset->scale);
}

void onn_dataset_destroy(onn_dataset *dataset)
{
	if (!dataset)
		return;
	onn_array_destroy(dataset->train_x);
	onn_array_destroy(dataset->train_y);
	onn_array_destroy(dataset->test_x);
	onn_array_destroy(dataset->test_y);
	free(dataset);
}
