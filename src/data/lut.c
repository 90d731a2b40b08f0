/* Phases of a modulator's levels, as they were measured. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include <onn/fabrication.h>

#include "core/element.h"
#include "core/error.h"
#include "core/formats.h"
#include "core/memory.h"
#include "core/os.h"
#include "data/image.h"
#include "data/lines.h"

enum { LEVELS = 256 };

/* Lines of one number, or of a level and a phase. */
typedef struct table {
	double *number;
	size_t rows, columns, room;
} table;

static onn_status refuse(const char *path)
{
	return onn_error(ONN_ERROR_FORMAT,
	    "onn_slm_lut_load: %s is no table of phases; expected %d of them, or lines of a level "
	    "from "
	    "0 to 255, rising, and its phase",
	    path, LEVELS);
}

static onn_status read_text(table *t, const char *path)
{
	double line[ONN_LINE_NUMBERS];
	void *file;
	size_t bytes, count;
	onn_status status = onn_file_read(&file, &bytes, path);
	if (status)
		return status;
	onn_lines s = {file, (const char *)file + bytes, 0};
	while (!status && (count = onn_lines_next(line, &s)) > 0) {
		t->columns = t->rows ? t->columns : count;
		if (count > 2 || count != t->columns || t->rows == LEVELS)
			status = refuse(path);
		else if (!onn_grow(&t->number, &t->room, (t->rows + 1) * count, sizeof *t->number))
			status = onn_error_memory("onn_slm_lut_load", bytes);
		for (size_t i = 0; i < count && !status; i++)
			t->number[t->rows * count + i] = line[i];
		t->rows += !status;
	}
	onn_free(file);
	return status;
}

static onn_status read_array(table *t, const char *path)
{
	onn_array *a;
	onn_status status = onn_image_or_array_load(&a, path);
	if (status)
		return status;
	const size_t *shape = onn_array_shape(a);
	size_t ndim = onn_array_ndim(a), count = onn_array_count(a);
	bool pairs = ndim == 2 && shape[1] == 2 && shape[0] <= LEVELS;
	/* MATLAB's lists are rows or columns */
	if ((!pairs && count != LEVELS) || ndim == 0 || onn_type_is_complex(onn_array_type(a)))
		status = refuse(path);
	else if (!onn_grow(&t->number, &t->room, count, sizeof *t->number))
		status = onn_error_memory("onn_slm_lut_load", count * sizeof *t->number);
	t->columns = pairs ? 2 : 1;
	t->rows = count / t->columns;
	for (size_t i = 0; i < count && !status; i++)
		t->number[i] = onn_part_get(onn_array_const_data(a), onn_array_type(a), i);
	onn_array_destroy(a);
	return status;
}

static bool is_table(const table *t)
{
	bool good = t->columns == 1 ? t->rows == LEVELS : t->rows >= 2;
	for (size_t i = 0; i < t->rows * t->columns && good; i++)
		good = isfinite(t->number[i]);
	for (size_t i = 0; i < t->rows && t->columns == 2 && good; i++) {
		double level = t->number[2 * i];
		good = level >= 0 && level < LEVELS && (i == 0 || level > t->number[2 * i - 2]);
	}
	return good;
}

/* Between two measured levels the phase is linear. */
static double phase_at(const table *t, double level)
{
	for (size_t i = 1; i < t->rows; i++) {
		const double *a = t->number + 2 * (i - 1), *b = a + 2;
		if (level >= a[0] && level <= b[0])
			return a[1] + (b[1] - a[1]) * (level - a[0]) / (b[0] - a[0]);
	}
	return NAN;
}

onn_status onn_slm_lut_load(onn_array **lut, const char *path)
{
	table t = {NULL, 0, 0, 0};
	*lut = NULL;
	onn_status status = onn_numbers_named(path) ? read_array(&t, path) : read_text(&t, path);
	if (!status && !is_table(&t))
		status = refuse(path);
	if (!status)
		status = onn_array_create(lut, ONN_F64, 1, (size_t[]){LEVELS});
	double *to = status ? NULL : onn_array_data(*lut);
	for (size_t i = 0; i < LEVELS && to; i++)
		to[i] = t.columns == 1 ? t.number[i] : phase_at(&t, (double)i);
	free(t.number);
	return status;
}
