#include "optics/merge.h"

#include <stdlib.h>

/* A run that began at its column in row `row0`, and goes on; column1 is 0: none does. */
typedef struct open_run {
	size_t row0, column1;
	uint32_t kind;
} open_run;

typedef struct merging {
	const onn_merge_map *map;
	open_run *open; /* [columns], by the run's first column */
	bool (*tell)(void *user, const onn_merged *r);
	void *user;
} merging;

static bool end_run(merging *m, size_t column, size_t row)
{
	const open_run *run = &m->open[column];
	if (!run->column1)
		return true;
	onn_merged r = {run->row0, column, row, run->column1, run->kind};
	m->open[column].column1 = 0;
	return m->tell(m->user, &r);
}

static bool take_row(merging *m, size_t row)
{
	const onn_merge_map *map = m->map;
	for (size_t begin = 0, end; begin < map->columns; begin = end) {
		uint32_t kind = onn_merge_kind(map, row, begin);
		for (end = begin + 1; end < map->columns && onn_merge_kind(map, row, end) == kind;)
			end++;
		open_run *run = &m->open[begin];
		bool same = run->column1 == end && run->kind == kind;
		if (!same && !end_run(m, begin, row))
			return false;
		if (!same)
			*run = (open_run){row, end, kind};
		for (size_t i = begin + 1; i < end; i++)
			if (!end_run(m, i, row))
				return false;
	}
	return true;
}

bool onn_merge(const onn_merge_map *map, bool (*tell)(void *user, const onn_merged *r), void *user)
{
	merging m = {map, calloc(map->columns, sizeof(open_run)), tell, user};
	bool good = m.open != NULL;
	for (size_t row = 0; row < map->rows && good; row++)
		good = take_row(&m, row);
	for (size_t i = 0; i < map->columns && good; i++)
		good = end_run(&m, i, map->rows);
	free(m.open);
	return good;
}
