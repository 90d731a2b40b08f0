#include "reproduce/data.h"

#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/memory.h"
#include "data/files.h"

/* Sets without a test part are always split in the same way, as by the command. */
enum { SPLIT_SEED = 0 };

static onn_status cut(onn_array **a, size_t count)
{
	size_t shape[ONN_MAX_DIMS], ndim = onn_array_ndim(*a);
	onn_array *first = NULL;
	memcpy(shape, onn_array_shape(*a), ndim * sizeof *shape);
	if (count == 0 || count >= shape[0])
		return ONN_OK;
	shape[0] = count;
	onn_status status =
	    onn_array_from(&first, onn_array_type(*a), ndim, shape, onn_array_const_data(*a));
	if (!status) {
		onn_array_destroy(*a);
		*a = first;
	}
	return status;
}

/* set is all zeros; its data set is the caller's, also after an error. */
static onn_status load(onn_case_set *set, const onn_case_data *data, const char *data_dir)
{
	onn_status status = onn_dataset_load(&set->dataset, data->dataset, data_dir, SPLIT_SEED);
	if (status)
		return status;
	onn_dataset *d = set->dataset;
	set->of = *data;
	status = cut(&d->train_x, data->train);
	if (!status)
		status = cut(&d->train_y, data->train);
	if (!status)
		status = cut(&d->test_x, data->test);
	if (!status)
		status = cut(&d->test_y, data->test);
	if (!status)
		onn_dataset_digest(set->digest, d);
	return status;
}

/* ---- sets that are shared ---- */

onn_status onn_case_sets_create(onn_case_sets *sets)
{
	sets->first = NULL;
	return onn_mutex_create(&sets->mutex);
}

/* Those that nobody uses. */
static void drop_idle(onn_case_sets *sets)
{
	onn_case_set **at = &sets->first;
	while (*at) {
		onn_case_set *set = *at;
		if (set->users) {
			at = &set->next;
			continue;
		}
		*at = set->next;
		onn_dataset_destroy(set->dataset);
		free(set);
	}
}

void onn_case_sets_clear(onn_case_sets *sets)
{
	drop_idle(sets);
	onn_mutex_destroy(sets->mutex);
	sets->mutex = NULL;
}

static bool is_of(const onn_case_data *a, const onn_case_data *b)
{
	return a->train == b->train && a->test == b->test && strcmp(a->dataset, b->dataset) == 0;
}

static onn_status add(onn_case_sets *sets, const onn_case_data *data, const char *data_dir)
{
	onn_case_set *made = calloc(1, sizeof *made);
	if (!made)
		return onn_error_memory("onn_reproduce", sizeof *made);
	onn_status status = load(made, data, data_dir);
	if (status) {
		onn_dataset_destroy(made->dataset);
		free(made);
		return status;
	}
	made->next = sets->first;
	sets->first = made;
	return ONN_OK;
}

onn_status onn_case_sets_take(
    const onn_case_set **out, onn_case_sets *sets, const onn_case_data *data, const char *data_dir)
{
	onn_status status = ONN_OK;
	*out = NULL;
	onn_mutex_lock(sets->mutex);
	onn_case_set *set = sets->first;
	while (set && !is_of(&set->of, data))
		set = set->next;
	if (!set) {
		drop_idle(sets);
		status = add(sets, data, data_dir);
		set = status ? NULL : sets->first;
	}
	if (set)
		set->users++;
	onn_mutex_unlock(sets->mutex);
	*out = set;
	return status;
}

void onn_case_sets_give(onn_case_sets *sets, const onn_case_set *set)
{
	if (!set)
		return;
	onn_mutex_lock(sets->mutex);
	for (onn_case_set *own = sets->first; own; own = own->next)
		own->users -= own == set;
	onn_mutex_unlock(sets->mutex);
}

static size_t least(size_t all, size_t first)
{
	return first == 0 ? all : onn_size_least(all, first);
}

static onn_case_size size_of(const onn_dataset *d)
{
	return (onn_case_size){d->height, d->width, d->classes, onn_array_count(d->train_y),
	    onn_array_count(d->test_y)};
}

/* Images of all sets that are known by name are as MNIST's, but for the digits, which come along.
 */
onn_status onn_case_size_of(onn_case_size *size, const onn_case_data *data, const char *data_dir)
{
	enum { SIDE = 28 };
	const onn_dataset_info *info = NULL;
	onn_case_set set = {.dataset = NULL};
	for (size_t i = 1; (info = onn_dataset_known(i)); i++)
		if (strcmp(info->name, data->dataset) == 0)
			break;
	if (info) {
		*size = (onn_case_size){SIDE, SIDE, info->classes, least(info->train, data->train),
		    least(info->test, data->test)};
		return ONN_OK;
	}
	onn_status status = load(&set, data, data_dir);
	if (!status)
		*size = size_of(set.dataset);
	onn_dataset_destroy(set.dataset);
	return status;
}
