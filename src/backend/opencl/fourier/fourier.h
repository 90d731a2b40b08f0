/* What the files of Fourier transforms share: fourier.c, and an engine in each of the others. */
#ifndef ONN_SRC_BACKEND_OPENCL_FOURIER_FOURIER_H
#define ONN_SRC_BACKEND_OPENCL_FOURIER_FOURIER_H

#include "backend/opencl/also.h"

/* While launches of a step are added: its part of the scratch memory, in elements. */
typedef struct onn_cl_work {
	onn_cl_executable *e;
	uint32_t step;
	onn_type field;  /* complex: of what is loaded, filtered with and stored ... */
	onn_type type;   /* ... and of the work: the same, or in double */
	bool wide;       /* 32 bits cannot count the elements */
	size_t elements; /* in all */
	size_t half;     /* from where a second copy has room */
	size_t at;       /* where the data stands now: 0 or half */
} onn_cl_work;

/*
 * Lines along n of an array [outer, n, inner]. Elements in_from ... in_from+in_count-1 are there,
 * as [outer, in_count, inner]; the others are 0. Only out_from ... are wanted, as
 * [outer, out_count, inner].
 */
typedef struct onn_cl_lines {
	size_t outer, n, inner;
	size_t in_from, in_count, out_from, out_count;
	bool inverse; /* with the other sign; nothing is divided */
} onn_cl_lines;

/* Starts the text of a kernel of cl/fourier/fourier.cl: part is "LOAD" ... */
void onn_cl_fft_begin(onn_text *text, const onn_cl_work *w, const char *part);
/* Ends it and adds its launch over `total` items; its arguments follow, `total` the last of
 * onn_cl_fft_pass. */
void onn_cl_fft_end(onn_text *text, const onn_cl_work *w, size_t total);
/* A number of the kernel's type I. */
void onn_cl_fft_pass(const onn_cl_work *w, size_t number);

/* ---- libraries: engine.c, vkfft.c, clfft.c ---- */

/* Transforms in place of fields [n[0], n[1]] that lie densely in the scratch memory. */
typedef struct onn_cl_block {
	onn_type type;
	size_t fields, n[2];
	size_t rows;   /* along x alone: so many rows of each field */
	bool along[2]; /* y, x */
} onn_cl_block;

typedef struct onn_cl_plan {
	onn_cl_block block;
	const struct onn_cl_engine *engine;
	void *state;
} onn_cl_plan;

typedef struct onn_cl_engine {
	const char *name;       /* in ONN_OPENCL_FFT */
	const char *library;    /* for people */
	bool rows;              /* can leave rows out */
	bool (*is_sound)(void); /* whether this version may be a GPU's default */
	bool (*takes)(const onn_cl_device *d, const onn_cl_block *block);
	/* *given: 0, or the library's code; only a lack of memory is an error here. */
	onn_status (*create)(int *given, onn_cl_executable *e, onn_cl_plan *plan);
	/* Enqueues it; offset in bytes, from which the first row stands. Gives 0, or the library's
	 * code. */
	int (*run)(onn_cl_executable *e, const onn_cl_plan *plan, const onn_cl_launch *launch);
	void (*destroy)(onn_cl_plan *plan);
} onn_cl_engine;

extern const onn_cl_engine onn_cl_vkfft, onn_cl_clfft;

/* Whether n's primes are up to 13. */
bool onn_cl_library_is_smooth(size_t n);

/*
 * The plan for a block, made and tried where there was none; *number is SIZE_MAX where the library
 * does not transform it, or not rightly. The error is a lack of memory.
 */
onn_status onn_cl_library_plan(size_t *number, onn_cl_executable *e, const onn_cl_block *block);
/* Adds a launch of the block's plan, which there is. */
onn_status onn_cl_library_add(
    onn_cl_work *w, const onn_cl_block *block, size_t first_row, bool inverse);

/* ---- trust in libraries: proof.c ---- */

/* What the device knows of such a plan. */
onn_cl_verdict onn_cl_plan_known(onn_cl_executable *e, const onn_cl_plan *plan);
/* The library makes none. */
void onn_cl_plan_refused(onn_cl_executable *e, const onn_cl_plan *plan, int given);
/*
 * Whether it transforms fields whose spectra are known, forth and back, while the executable has
 * no scratch memory yet: 1e-5 in single and 1e-12 in double precision. The device keeps the
 * verdict.
 */
bool onn_cl_plan_is_right(onn_cl_executable *e, const onn_cl_plan *plan);

/* ---- gains: gain.c ---- */

/* Rows y ... of a field, from column x on, that lie from `element` of the scratch memory on. */
typedef struct onn_cl_place {
	size_t y, x, rows, columns;
	size_t element, pitch;
} onn_cl_place;

/* The argument of a launch that is a factor. */
typedef struct onn_cl_scale {
	size_t launch;
	cl_uint argument;
} onn_cl_scale;

/* A filter's launches from its load to its store, and what they work on. */
typedef struct onn_cl_trial {
	size_t n[2];
	bool library;
	size_t load; /* launch */
	onn_cl_scale multiply, store;
	double scale;
	onn_cl_place in, out;       /* of the first field, behind the load and before the store */
	onn_cl_place there, wanted; /* the windows; rows and columns alone */
} onn_cl_trial;

void onn_cl_gain_add(const onn_cl_work *w, const onn_cl_trial *trial);
/* That of lines of n points in single precision by cl/fourier/lines.cl, which is known. 1: no
 * memory. */
double onn_cl_gain_of_lines(size_t n);
/* Two f32 whose product is near. */
void onn_cl_gain_split(double scale, cl_float pair[2]);

/* ---- our own engine: own.c ---- */

/* The radix of the next pass, where the passes before left n points to transform. */
size_t onn_cl_next_factor(size_t n);
/* The number in e->table of the roots of unity for n, m = 0, or of a chirp; equal ones are made
 * once. */
onn_status onn_cl_fft_table(
    uint32_t *number, onn_cl_executable *e, onn_type type, size_t n, size_t m);
/* Whether lines of n points go by a convolution with a chirp. */
bool onn_cl_own_chirps(size_t n);
/* Elements that each half of the workspace must have for these lines. */
size_t onn_cl_own_room(const onn_cl_lines *lines);
onn_status onn_cl_own_add(onn_cl_work *w, const onn_cl_lines *lines);

/* ---- whole lines in local memory: whole.c, lines.c ---- */

/*
 * A step as lines along y (0) and x (1), or, where fields are rows, along x alone. An array
 * [fields, rows, n[1]] for those: `rows` of a field are transformed along x, each by itself.
 */
typedef struct onn_cl_whole {
	const onn_step *step;
	uint32_t number;
	onn_type type;
	bool wide, planes;   /* planes: along y, too */
	size_t fields, part; /* of the batch; of those that go through the plane at once */
	size_t n[2], at[2], shape[2], from[2], size[2];
	size_t rows, pitch;         /* of the plane */
	double filter_scale, scale; /* of what is stored */
} onn_cl_whole;

/* How groups share lines of n points, `total` in all: the words of cl/fourier/lines.cl. */
typedef struct onn_cl_group {
	size_t items, per, lines, lanes;
	bool spread;
} onn_cl_group;
onn_cl_group onn_cl_line_group(
    const onn_cl_device *d, onn_type type, size_t n, size_t total, bool columns);

/* The shape of what a step stores. Whether its indices, or so many elements beside, need more than
 * 32 bits. */
void onn_cl_stored_shape(size_t shape[ONN_MAX_DIMS], const onn_step *step);
bool onn_cl_fft_is_wide(const onn_step *step, size_t elements);
/* False: it goes by passes. */
bool onn_cl_whole_find(onn_cl_whole *f, const onn_cl_executable *e, uint32_t number);
/* Its launches for some fields: along y; then along x, which is all where there are no planes. */
onn_status onn_cl_whole_columns(
    onn_cl_executable *e, const onn_cl_whole *f, size_t first, size_t fields);
onn_status onn_cl_whole_rows(
    onn_cl_executable *e, const onn_cl_whole *f, size_t first, size_t fields);
/* Back along y; what is stored is also an input of other steps. */
onn_status onn_cl_whole_end(onn_cl_executable *e, const onn_cl_whole *f, size_t first,
    size_t fields, bool stored, const onn_cl_also *also);
/* Both at once, of `to` whose inputs `given` are what f would store. */
onn_status onn_cl_whole_join(onn_cl_executable *e, const onn_cl_whole *f, const onn_cl_whole *to,
    uint32_t given, bool stored, const onn_cl_also *also);

/* ---- joint.c ---- */

/* Adds the launches of such a step, but for its last one where another filter goes on from it. */
onn_status onn_cl_add_whole(onn_cl_executable *e, const onn_cl_whole *f);

#endif
