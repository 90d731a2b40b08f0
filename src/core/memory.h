/*
 * Sizes that are checked before they are multiplied, and memory that is aligned.
 */
#ifndef ONN_SRC_CORE_MEMORY_H
#define ONN_SRC_CORE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#define ONN_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* false on overflow */
bool onn_size_mul(size_t *product, size_t a, size_t b);
bool onn_size_add(size_t *sum, size_t a, size_t b);
/* The product of ndim sizes; 1 for ndim 0. */
bool onn_size_product(size_t *product, size_t ndim, const size_t *shape);

static inline size_t onn_size_least(size_t a, size_t b) { return a < b ? a : b; }
/* Rounded up; 0 for b = 0. */
static inline size_t onn_size_divide_up(size_t a, size_t b) { return b == 0 ? 0 : (a + b - 1) / b; }
/* The next multiple of `to`. */
static inline size_t onn_size_round_up(size_t a, size_t to) { return (a + to - 1) / to * to; }

/* Zeroed, aligned to 64 bytes (to 2 MiB, in huge pages, from that size on); NULL if there is
 * no memory. bytes may be 0. Freed by onn_aligned_free. */
void *onn_aligned_alloc(size_t bytes);
void onn_aligned_free(void *memory);

/* Frees some pointers, of which some may be NULL: onn_free_all(a->x, a->y, a). */
#define onn_free_all(...)                                                                          \
	onn_free_list(sizeof((void *[]){__VA_ARGS__}) / sizeof(void *), (void *[]){__VA_ARGS__})
void onn_free_list(size_t count, void *const *memory);

/* Grows *items, of size bytes each, to hold at least `need` (doubling); false and unchanged without
 * memory. */
bool onn_grow(void *items, size_t *capacity, size_t need, size_t size);

/* "[64, 784]" into text, cut to fit; returns text. For messages. */
const char *onn_shape_text(char *text, size_t room, size_t ndim, const size_t *shape);

#endif
