#include "reproduce/data.h"

#include <string.h>

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

onn_status onn_case_set_load(onn_case_set *set, const onn_case_data *data, const char *data_dir)
{
	const onn_case_data *of = &set->of;
	if (set->dataset && of->train == data->train && of->test == data->test &&
	    strcmp(of->dataset, data->dataset) == 0)
		return ONN_OK;
	onn_case_set_clear(set);
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
	else
		onn_case_set_clear(set);
	return status;
}

void onn_case_set_clear(onn_case_set *set)
{
	onn_dataset_destroy(set->dataset);
	*set = (onn_case_set){.dataset = NULL};
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
	onn_status status = onn_case_set_load(&set, data, data_dir);
	if (!status)
		*size = size_of(set.dataset);
	onn_case_set_clear(&set);
	return status;
}
