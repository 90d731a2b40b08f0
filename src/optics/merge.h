/*
 * Pixels of one kind as rectangles: equal runs in rows that follow each other.
 */
#ifndef ONN_SRC_OPTICS_MERGE_H
#define ONN_SRC_OPTICS_MERGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Kinds of pixels, (level >> shift) & mask, rows being `step` apart and columns `next`: so columns
 * can be looked at as rows. */
typedef struct onn_merge_map {
	size_t rows, columns, step, next;
	const int32_t *level;
	unsigned shift;
	uint32_t mask;
} onn_merge_map;

typedef struct onn_merged {
	size_t row0, column0, row1, column1; /* from 0 up to before 1 */
	uint32_t kind;
} onn_merged;

static inline uint32_t onn_merge_kind(const onn_merge_map *map, size_t row, size_t column)
{
	return (uint32_t)map->level[row * map->step + column * map->next] >> map->shift & map->mask;
}

/* Tells of all rectangles, which cover the map without overlap, until `tell` returns false. False:
 * it did, or there was no memory. */
bool onn_merge(const onn_merge_map *map, bool (*tell)(void *user, const onn_merged *r), void *user);

#endif
