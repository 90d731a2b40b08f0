/*
 * Loops over rows in the common subset of C11 and OpenCL C. In C a call works on several rows at
 * once, one in each lane of a vector; in OpenCL a work item has a row of its own, and so has a call
 * where PULSE_NARROW is defined.
 *
 *   PULSE_MEMORY   the address space of what all rows have
 *   PULSE_ROOM     rows of a call at most: local arrays have a number for each
 *   PULSE_UNITS(u) a loop over units of lanes, a vector or a few each, and all of a call's lanes;
 *                  PULSE_IN_UNIT(l, u) over those of one, whose body is a vector's, and
 *                  PULSE_IN_UNIT_MAX(l, u, most), which raises `most`
 *   PULSE_EACH(l)  both loops
 *   PULSE_LANES(l) the same for bodies that are not: they go where rows lie in memory
 *   PULSE_ROW(l)   the row of a lane; lanes past the last row repeat it
 *   PULSE_AT(i)    number i of the lane in working memory
 */
#ifndef ONN_CL_SHARED_PULSE_LANES_H
#define ONN_CL_SHARED_PULSE_LANES_H

typedef struct pw_pulse {
	pw_u32 model; /* of onn_pulse_model */
	pw_u32 slots, cells, classes;
	pw_u32 planes;        /* numbers of a class that a state has */
	pw_u32 lossy, record; /* flags */
	pw_u32 segment;       /* adjoint: steps whose way is kept at once */
	pw_u32 lanes;         /* of this call */
	pw_u64 first, rows;   /* its first row; all rows */
	pw_u64 stride;        /* in working memory, from a lane's number to its next */
	/* from row to row */
	pw_u64 light_row, state_row, parameter_row, out_row, cotangent_row;
} pw_pulse;

#if defined(__OPENCL_VERSION__) || defined(PULSE_NARROW)

#ifdef __OPENCL_VERSION__
#define PULSE_MEMORY __global
#define PULSE_STRIDE p->stride
#else /* a row whose numbers lie close together, without a room */
#define PULSE_MEMORY
#define PULSE_STRIDE     1
#define PULSE_ROOM_BYTES 0
#define PULSE_UNIT_BYTES 0
#endif
#define PULSE_ROOM                    1
#define PULSE_UNITS(u)                for (pw_u32 u = ((void)p, 0); u < 1; u++)
#define PULSE_IN_UNIT(l, u)           for (pw_u32 l = 0; l < 1; l++)
#define PULSE_IN_UNIT_MAX(l, u, most) for (pw_u32 l = 0; l < 1; l++)
#define PULSE_EACH(l)                 for (pw_u32 l = ((void)p, 0); l < 1; l++)
#define PULSE_LANES(l)                for (pw_u32 l = 0; l < 1; l++)
#define PULSE_ROW(l)                  (p->first)
#define PULSE_IS_ROW(l)               1
#define PULSE_AT(i)                   [(pw_u64)(i)*PULSE_STRIDE + l]

#else

#define PULSE_MEMORY
/* Two vectors of a unit hide each other's latency. */
#ifdef __AVX512F__
#define PULSE_UNIT_BYTES 128
#else
#define PULSE_UNIT_BYTES 64
#endif
/* So many that what 32 cells have of them stays in the nearest cache. */
#define PULSE_ROOM_BYTES 256
#define PULSE_UNIT       (PULSE_UNIT_BYTES * 8 / ONN_BITS)
#define PULSE_ROOM       (PULSE_ROOM_BYTES * 8 / ONN_BITS)
#define PULSE_UNITS(u)   for (pw_u32 u = 0; u < PULSE_ROOM && u < p->lanes; u += PULSE_UNIT)
#define PULSE_IN_UNIT(l, u)                                                                        \
	SIMD                                                                                       \
	for (pw_u32 l = u; l < u + PULSE_UNIT; l++)
#define PULSE_IN_UNIT_MAX(l, u, most) SIMD_MAX(most) for (pw_u32 l = u; l < u + PULSE_UNIT; l++)
#define PULSE_EACH(l)                 PULSE_UNITS(unit_##l) PULSE_IN_UNIT(l, unit_##l)
#define PULSE_LANES(l)                for (pw_u32 l = 0; l < PULSE_ROOM && l < p->lanes; l++)
#define PULSE_ROW(l)                  (p->first + l < p->rows ? p->first + l : p->rows - 1)
#define PULSE_IS_ROW(l)               (p->first + l < p->rows)
#define PULSE_AT(i)                   [(pw_u64)(i)*PULSE_ROOM + l]

#endif

/* Where parameters stand in a row: ops/pulse.h. */
#define PULSE_SLOT       0
#define PULSE_DEPTH      1
#define PULSE_G1         2
#define PULSE_G2         3
#define PULSE_LOSS       4
#define PULSE_TWO_PHOTON 5
#define PULSE_CLASS      6

#endif
