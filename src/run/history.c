#include "run/history.h"

#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/memory.h"
#include "core/number.h"
#include "core/text.h"

void onn_history_free(onn_history *h)
{
	free(h->row);
	h->row = NULL;
	h->count = h->capacity = 0;
}

const double *onn_history_row(const onn_history *h, size_t i) { return h->row + i * h->columns; }

onn_status onn_history_reserve(onn_history *h, size_t count)
{
	size_t bytes = h->columns * sizeof *h->row;
	return onn_grow(&h->row, &h->capacity, count, bytes)
	           ? ONN_OK
	           : onn_error_memory("a run's history", count * bytes);
}

onn_status onn_history_add(onn_history *h, const double *row)
{
	onn_status status = onn_history_reserve(h, h->count + 1);
	if (!status)
		memcpy(h->row + h->count++ * h->columns, row, h->columns * sizeof *row);
	return status;
}

onn_status onn_history_put(onn_archive *archive, const onn_history *h, size_t count)
{
	onn_array *a;
	size_t ndim = h->columns == 1 ? 1 : 2;
	onn_status status = onn_array_create(&a, ONN_F64, ndim, (size_t[]){count, h->kept});
	if (status)
		return status;
	double *x = onn_array_data(a);
	for (size_t i = 0; i < count; i++)
		memcpy(x + i * h->kept, onn_history_row(h, i), h->kept * sizeof *x);
	status = onn_archive_put(archive, h->array, a);
	onn_array_destroy(a);
	return status;
}

onn_status onn_history_take(
    onn_history *h, const onn_archive *archive, size_t count, const char *path)
{
	const onn_array *a;
	onn_status status = onn_archive_find(&a, archive, h->array);
	if (status)
		return status;
	size_t ndim = h->columns == 1 ? 1 : 2;
	const size_t *shape = a ? onn_array_shape(a) : NULL;
	if (!a || onn_array_type(a) != ONN_F64 || onn_array_ndim(a) != ndim || shape[0] != count ||
	    (ndim == 2 && shape[1] != h->kept))
		return onn_error(ONN_ERROR_FORMAT,
		    "%s: array %s is not there or not f64 [%zu, %zu]", path, h->array, count,
		    h->kept);
	status = onn_history_reserve(h, count);
	const double *x = onn_array_const_data(a);
	for (size_t i = 0; i < count && !status; i++) {
		double *row = h->row + i * h->columns;
		memcpy(row, x + i * h->kept, h->kept * sizeof *x);
		memset(row + h->kept, 0, (h->columns - h->kept) * sizeof *x);
	}
	h->count = status ? 0 : count;
	return status;
}

onn_status onn_history_write(const onn_run_folder *f, const onn_history *h)
{
	onn_text text = ONN_TEXT_INIT;
	char number[ONN_NUMBER_ROOM];
	onn_text_add(&text, "%s", h->index);
	for (size_t k = 0; k < h->columns; k++)
		onn_text_add(&text, ",%s", h->column[k].name);
	onn_text_add(&text, "\n");
	for (size_t i = h->before; i < h->count; i++) {
		onn_text_add(&text, "%zu", i - h->before + 1);
		for (size_t k = 0; k < h->columns; k++)
			onn_text_add(&text, ",%s",
			    onn_number_format(
			        number, h->column[k].format, onn_history_row(h, i)[k]));
		onn_text_add(&text, "\n");
	}
	return onn_run_folder_write(f, "metrics.csv", onn_text_take(&text));
}
