/*
 * Unwrapping along a path (Herraez, Burton, Lalor, Gdeisat, Appl. Opt. 41, 7437, 2002): pairs of
 * neighbours are joined from the smoothest places to the roughest, each time two groups of pixels
 * that are right within become one, by whole turns. So the result is the phase given, to the bit
 * modulo turns, and errors that vortices force stay where the phase is rough.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "optics/relief.h"

static const char *const function = "onn_plate_relief";

/* A pixel's group: the way to its root, and by how many turns it is above its parent. */
typedef struct member {
	uint32_t parent;
	int32_t turns;
} member;

/* Second differences through a pixel, and the square of their size; pixels at the edge lack
 * neighbours, and come last. */
static float roughness(const double *p, size_t ny, size_t nx, size_t at)
{
	size_t y = at / nx, x = at % nx;
	double sum = 0;

	if (y == 0 || x == 0 || y + 1 >= ny || x + 1 >= nx)
		return 1e6f;
	const ptrdiff_t line = (ptrdiff_t)nx, way[] = {1, line, line + 1, line - 1};
	for (int i = 0; i < 4; i++) {
		double bend = onn_phase_way(p[(ptrdiff_t)at - way[i]], p[at]) -
		              onn_phase_way(p[at], p[(ptrdiff_t)at + way[i]]);
		sum += bend * bend;
	}
	return (float)sqrt(sum);
}

/* A pair as one number: first the order, then which pair. Floats above 0 are ordered as their bits
 * are. */
static uint64_t key(float rough, size_t pixel, int axis)
{
	uint32_t bits;

	memcpy(&bits, &rough, sizeof bits);
	return (uint64_t)bits << 32 | (2 * pixel + (size_t)axis);
}

static size_t list_pairs(uint64_t *pair, const float *rough, size_t ny, size_t nx)
{
	size_t count = 0;

	for (size_t at = 0; at < ny * nx; at++) {
		if (at % nx + 1 < nx)
			pair[count++] = key(rough[at] + rough[at + 1], at, 0);
		if (at + nx < ny * nx)
			pair[count++] = key(rough[at] + rough[at + nx], at, 1);
	}
	return count;
}

static int ascending(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

/* The root of a pixel's group, and the turns of the pixel above it; paths become shorter. */
static uint32_t root_of(member *m, uint32_t i, int32_t *turns)
{
	uint32_t root = i;
	int32_t all = 0;

	while (m[root].parent != root) {
		all += m[root].turns;
		root = m[root].parent;
	}
	*turns = all;
	while (m[i].parent != root && i != root) {
		uint32_t next = m[i].parent;
		int32_t own = m[i].turns;
		m[i] = (member){root, all};
		all -= own;
		i = next;
	}
	return root;
}

/* b is to be within half a turn of a. */
static void join(member *m, uint32_t *size, const double *p, uint32_t a, uint32_t b)
{
	int32_t above_a, above_b;
	uint32_t ra = root_of(m, a, &above_a), rb = root_of(m, b, &above_b);

	if (ra == rb)
		return;
	int32_t turns = above_a - above_b + (int32_t)lround((p[a] - p[b]) / ONN_TWO_PI);
	if (size[ra] < size[rb]) {
		m[ra] = (member){rb, -turns};
		size[rb] += size[ra];
	} else {
		m[rb] = (member){ra, turns};
		size[ra] += size[rb];
	}
}

onn_status onn_phase_unwrap(double *p, size_t ny, size_t nx)
{
	size_t n = ny * nx, count = 0;
	if (n > (size_t)1 << 31)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: %zu pixels to unwrap; expected at most 2^31", function, n);
	uint64_t *pair = malloc(2 * n * sizeof *pair);
	member *m = malloc(n * sizeof *m);
	float *rough = malloc(n * sizeof *rough);
	uint32_t *size = (uint32_t *)rough; /* behind the sorting, in its place */
	onn_status status =
	    pair && m && rough
	        ? ONN_OK
	        : onn_error_memory(function, n * (2 * sizeof *pair + sizeof *m + sizeof *rough));

	if (!status) {
		for (size_t i = 0; i < n; i++)
			rough[i] = roughness(p, ny, nx, i);
		count = list_pairs(pair, rough, ny, nx);
		qsort(pair, count, sizeof *pair, ascending);
		for (size_t i = 0; i < n; i++) {
			m[i] = (member){(uint32_t)i, 0};
			size[i] = 1;
		}
	}
	for (size_t i = 0; i < count; i++) {
		uint32_t which = (uint32_t)pair[i];
		join(m, size, p, which / 2, which / 2 + (which % 2 ? (uint32_t)nx : 1));
	}
	for (size_t i = 0; i < n && !status; i++) {
		int32_t turns;
		root_of(m, (uint32_t)i, &turns);
		p[i] += turns * ONN_TWO_PI;
	}
	free(pair);
	free(m);
	free(rough);
	return status;
}
