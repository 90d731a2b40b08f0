#include "core/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/os.h"

bool onn_size_mul(size_t *product, size_t a, size_t b)
{
	if (b != 0 && a > SIZE_MAX / b)
		return false;
	*product = a * b;
	return true;
}

bool onn_size_add(size_t *sum, size_t a, size_t b)
{
	if (a > SIZE_MAX - b)
		return false;
	*sum = a + b;
	return true;
}

bool onn_size_product(size_t *product, size_t ndim, const size_t *shape)
{
	/* A size of 0 makes the product 0, whatever stands beside it: 0 x 2^63 x 2^63 is no
	 * overflow. */
	size_t total = 1;
	for (size_t i = 0; i < ndim; i++) {
		if (shape[i] == 0) {
			*product = 0;
			return true;
		}
	}
	for (size_t i = 0; i < ndim; i++) {
		if (!onn_size_mul(&total, total, shape[i]))
			return false;
	}
	*product = total;
	return true;
}

void *onn_aligned_alloc(size_t bytes)
{
	const size_t alignment = 64;
	size_t rounded;
	if (!onn_size_add(&rounded, bytes ? bytes : 1, alignment - 1))
		return NULL;
	/* aligned_alloc wants a whole number of alignments */
	rounded -= rounded % alignment;
	void *memory =
	    rounded >= ONN_HUGE_PAGE ? onn_huge_pages(rounded) : aligned_alloc(alignment, rounded);
	if (memory)
		memset(memory, 0, rounded);
	return memory;
}

void onn_aligned_free(void *memory) { free(memory); }

void onn_free_list(size_t count, void *const *memory)
{
	for (size_t i = 0; i < count; i++)
		free(memory[i]);
}

bool onn_grow(void *items, size_t *capacity, size_t need, size_t size)
{
	if (need <= *capacity)
		return true;
	size_t larger = *capacity > SIZE_MAX / 2 ? need : 2 * *capacity;
	if (larger < need)
		larger = need;
	if (larger < 8)
		larger = 8;
	size_t bytes;
	if (!onn_size_mul(&bytes, larger, size))
		return false;
	/* items points to a T *: copied by memcpy, since void ** may not alias it. */
	void *old, *grown;
	memcpy(&old, items, sizeof old);
	grown = realloc(old, bytes);
	if (!grown)
		return false;
	memcpy(items, &grown, sizeof grown);
	*capacity = larger;
	return true;
}

const char *onn_shape_text(char *text, size_t room, size_t ndim, const size_t *shape)
{
	size_t used = 0;
	for (size_t i = 0; i <= ndim && used < room; i++) {
		int n = i == ndim
		            ? snprintf(text + used, room - used, ndim ? "]" : "[]")
		            : snprintf(text + used, room - used, "%s%zu", i ? ", " : "[", shape[i]);
		used += n > 0 ? (size_t)n : 0;
	}
	return text;
}
