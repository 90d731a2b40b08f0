/*
 * What bounds a device, and the time that a list of steps takes by that: each step as long as the
 * slowest of its launches, its bytes and its operations. Sums with few groups, waits for another
 * device and what a driver does on the host are left out.
 */
#ifndef ONN_APPS_BENCH_CARDS_H
#define ONN_APPS_BENCH_CARDS_H

#include "bench.h"

typedef struct bench_limits {
	const char *name;
	double launch;        /* seconds from one launch of a stream to the next */
	double memory;        /* bytes a second, read and written */
	double cached, cache; /* the same where all that a work touches fits so many bytes */
	double f32, f64;      /* operations a second; f64 0: it has none */
	double local;         /* bytes that the work items of a group share */
} bench_limits;

typedef struct bench_expected {
	double bandwidth;              /* bytes a second, the one that counts */
	double launches, bytes, flops; /* seconds of each by itself, over all steps */
	double seconds;                /* over all steps, of each the slowest */
	const char *bound;             /* what most of these are: "launches", "bytes", "FLOP" */
} bench_expected;

/* Cards by number, from 0; NULL behind the last. Figures are what programs are known to reach, some
 * .8 of what makers print, and estimates; none was measured here. */
const bench_limits *bench_card(size_t i);
/* By name, in any case; NULL where there is none. */
const bench_limits *bench_card_find(const char *name);

/* resident: bytes that all steps together touch; real: of the operations. */
bench_expected bench_expect(const bench_limits *limits, const onn_step_work *step, size_t count,
    double resident, onn_type real);

/* ---- limits.c ---- */

/* Those of an open device, by small plans; memory for works that touch `resident` bytes. */
bench_limits bench_limits_of(onn_device *device, int repeat);
double bench_bandwidth_of(onn_device *device, double resident, int repeat);

#endif
