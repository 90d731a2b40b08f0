/*
 * A step of Fourier transforms made ready: what stages.c runs and fourier.c prepares.
 */
#ifndef ONN_SRC_BACKEND_C_FOURIER_STEP_H
#define ONN_SRC_BACKEND_C_FOURIER_STEP_H

#include "backend/c/fourier/axis.h"
#include "backend/c/pointwise/program.h"
#include "backend/c/pointwise/plate.h"

/* What steps of an executable share: large enough for each, made when all are known. */
struct onn_fft_room {
	char *field, *plane, *filter;
	size_t field_bytes, plane_bytes, filter_bytes;
};
typedef struct onn_fft_room onn_fft_room;

typedef struct onn_fft_operand {
	onn_c_view view; /* its fields' first elements, over the batch */
	ptrdiff_t row;   /* elements */
} onn_fft_operand;

/* A filter in the order of lines, divided by the number of points. */
typedef struct onn_fft_filter {
	onn_c_view view;  /* over the batch */
	size_t fields;    /* that differ */
	const char *made; /* NULL: in the room, by a stage before */
} onn_fft_filter;

/* A field of a step that is split. */
typedef struct onn_fft_piece {
	const struct onn_fft_step *f;
	size_t batch;
} onn_fft_piece;

/*
 * A field's columns on the way back, and on the way into the step that reads them: a tile stays in
 * the cache between the two.
 */
typedef struct onn_fft_joint {
	onn_fft_piece back, in;
	bool store;       /* others read them too ... */
	bool late;        /* ... when the caches would have lost them */
	bool moves_plate; /* in's y by them, which is done here as well */
	onn_c_plate_step plate;
} onn_fft_joint;

typedef struct onn_fft_step {
	const onn_transform *t;
	const onn_fft_kernels *kernels;
	const onn_fft_axis *axis[2]; /* y, x */
	onn_fft_room *room;
	const onn_c_program *program; /* NULL: x, times y by `factor`, is read where it stands */
	onn_fft_factor factor;
	onn_fft_operand x, y, out;
	onn_fft_filter filter;
	size_t shape[2], area;                        /* of what the program computes */
	size_t fields;                                /* of the batch */
	size_t size;                                  /* bytes of a complex number */
	size_t tiles_in, tiles_out, blocks;           /* columns and rows by lanes */
	size_t block_bytes, filter_bytes;             /* filter: of one field */
	size_t lines_at, work_at, field_at, plane_at; /* in the scratch */
	size_t lines;                                 /* along one axis: rows of all fields */
	double scale;                                 /* of a transform */
	onn_fft_joint joint;                          /* where the step is joined with one before */
} onn_fft_step;

/* ---- pieces of a field ---- */

/* Rows that the step reads along y (0) or x (1). */
onn_fft_window onn_fft_window_in(const onn_fft_step *f, int axis);
/* Field `batch` of an operand, its columns from `column` on, its rows from `row` on. */
onn_fft_field onn_fft_field_at(const onn_fft_operand *x, const onn_c_thread *thread, size_t batch);
onn_fft_field onn_fft_tile(const onn_fft_step *f, onn_fft_field x, size_t column);
onn_fft_field onn_fft_rows(const onn_fft_step *f, onn_fft_field x, size_t row);
/*
 * Asks for rows begin ... end-1 of a tile, a few at a time while others are worked on: they lie far
 * apart, so that no processor fetches them ahead by itself.
 */
void onn_fft_ask_for(
    const onn_fft_step *f, onn_fft_field tile, size_t begin, size_t end, bool write);
/* A block of lines of a tile, in some order (NULL: as they stand), to the tile's part of the plane,
 * and back; `rows` of lines in all. */
void onn_fft_transpose_out(const onn_fft_step *f, char *plane, const char *lines, size_t block,
    const uint32_t *order, size_t rows);
void onn_fft_transpose_in(const onn_fft_step *f, char *lines, const char *plane, size_t block);

/* ---- filter.c ---- */

/* Gathers the step's filter, or has each run do so; f's axes and sizes are there. */
onn_status onn_fft_prepare_filter(
    onn_c_builder *b, onn_fft_step *f, const onn_step *step, const onn_c_space *batch);
/* The stage added last reads the filter. */
onn_status onn_fft_touch_filter(onn_c_builder *b, const onn_fft_step *f);
/* Block `block` of the lines of a field's filter: n[1] rows. */
const char *onn_fft_filter_block(const onn_fft_step *f, size_t batch, size_t block);

/* ---- what stages do ---- */

/* data is an onn_fft_step ... */
void onn_fft_fields_work(const void *data, const onn_c_thread *thread, size_t begin, size_t end);
void onn_fft_lines_work(const void *data, const onn_c_thread *thread, size_t begin, size_t end);
/* ... or an onn_fft_piece. */
void onn_fft_evaluate_work(const void *data, const onn_c_thread *thread, size_t begin, size_t end);
void onn_fft_columns_work(const void *data, const onn_c_thread *thread, size_t begin, size_t end);
void onn_fft_rows_work(const void *data, const onn_c_thread *thread, size_t begin, size_t end);
void onn_fft_columns_back_work(
    const void *data, const onn_c_thread *thread, size_t begin, size_t end);
/* ... or an onn_fft_joint. */
void onn_fft_joint_work(const void *data, const onn_c_thread *thread, size_t begin, size_t end);

/* ---- joint.c ---- */

/*
 * The paths of a filter on one field, an onn_fft_step, that goes on with what the filter before it
 * stores, and of one whose plate the next step moves by that. prepare turns the stage added last,
 * which is that filter's columns on the way back, into the joint of both.
 */
bool onn_fft_find_joint(const onn_c_builder *b, const onn_step *step, void *subject);
bool onn_fft_find_joint_and_plate(const onn_c_builder *b, const onn_step *step, void *subject);
void onn_fft_join(onn_c_builder *b, onn_fft_step *f);

#endif
