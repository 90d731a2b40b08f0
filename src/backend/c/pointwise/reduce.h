/* What the files of reductions share. */
#ifndef ONN_SRC_BACKEND_C_POINTWISE_REDUCE_H
#define ONN_SRC_BACKEND_C_POINTWISE_REDUCE_H

#include "backend/c/pointwise/program.h"

enum { ONN_C_TOTAL_BYTES = 16 };

typedef struct onn_c_reduction {
	const onn_c_program *program;
	const onn_kernels *kernels;
	bool maximum;
	onn_type type;
	size_t size, total_size;
	size_t outer, kept, reduced; /* rows: kept is 1 (the innermost axis); columns: its size */
	size_t width, tiles;         /* of columns: elements of a tile, tiles of the kept axis */
	size_t rows;                 /* evaluated at once: whole rows of a block */
	size_t segment, segments;    /* of the reduced axes */
	bool columns;                /* the last kept axis is innermost */
	bool windows;                /* [outer, tall, kept, wide], tall and wide reduced */
	size_t tall, wide;
	double cost;
	size_t acc_at, total_at; /* in the scratch */
	char *partial;  /* totals: [segment][outer][kept]; NULL where there is one segment */
	onn_c_view out; /* over the kept axes */
} onn_c_reduction;

/* Stages: reduce_loops.c. A chunk is a segment of a long row, some short rows, a segment of a tile
 * of columns, some windows; in the second stage a kept element or a tile of them, whose segments'
 * totals are added up. */
void onn_c_reduce_long_row(const void *data, const onn_c_thread *thread, size_t begin, size_t end);
void onn_c_reduce_short_rows(
    const void *data, const onn_c_thread *thread, size_t begin, size_t end);
void onn_c_reduce_columns(const void *data, const onn_c_thread *thread, size_t begin, size_t end);
void onn_c_reduce_windows(const void *data, const onn_c_thread *thread, size_t begin, size_t end);
void onn_c_reduce_combine(const void *data, const onn_c_thread *thread, size_t begin, size_t end);

#endif
