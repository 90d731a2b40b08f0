#include "backend/c/builder.h"

#include <stdlib.h>

#include "backend/c/thresholds.h"
#include "core/error.h"
#include "core/memory.h"

typedef struct block {
	struct block *next;
} block;

void *onn_c_allocate(onn_c_builder *b, size_t bytes)
{
	size_t all;
	block *made = onn_size_add(&all, bytes, ONN_C_LINE) ? onn_aligned_alloc(all) : NULL;
	if (!made) {
		onn_error_memory("onn_plan_create", bytes);
		return NULL;
	}
	made->next = b->blocks;
	b->blocks = made;
	return (char *)made + ONN_C_LINE;
}

void *onn_c_allocate_array(onn_c_builder *b, size_t count, size_t size)
{
	size_t bytes;
	if (!onn_size_mul(&bytes, count, size)) {
		onn_error_memory("onn_plan_create", SIZE_MAX);
		return NULL;
	}
	return onn_c_allocate(b, bytes);
}

void onn_c_need_scratch(onn_c_builder *b, size_t bytes)
{
	if (bytes > b->scratch)
		b->scratch = bytes;
}

onn_status onn_c_add_stage(
    onn_c_builder *b, onn_c_work work, const void *data, size_t chunks, double cost)
{
	if (chunks == 0)
		return ONN_OK;
	if (!onn_grow(&b->stage, &b->stage_capacity, b->nstages + 1, sizeof *b->stage))
		return onn_error_memory("onn_plan_create", sizeof *b->stage);
	b->stage[b->nstages++] = (onn_c_stage){work, data, chunks,
	    chunks == 1 || cost < ONN_C_COST_SERIAL, true, b->step, b->naccesses, 0};
	return ONN_OK;
}

onn_status onn_c_touch(
    onn_c_builder *b, uint32_t memory, size_t begin, size_t bytes, bool write, onn_c_edge edge)
{
	/* a step without work added no stage */
	if (b->nstages == 0 || b->stage[b->nstages - 1].step != b->step || bytes == 0)
		return ONN_OK;
	if (!onn_grow(&b->access, &b->access_capacity, b->naccesses + 1, sizeof *b->access))
		return onn_error_memory("onn_plan_create", sizeof *b->access);
	b->stage[b->nstages - 1].naccesses++;
	b->access[b->naccesses++] =
	    (onn_c_access){(uint32_t)b->nstages - 1, memory, begin, begin + bytes, write, edge};
	return ONN_OK;
}

onn_status onn_c_touch_value(onn_c_builder *b, uint32_t value, bool write)
{
	const onn_value *v = &b->schedule->value[value];
	return onn_c_touch(b, v->memory, v->offset, v->count * onn_type_size(v->type), write, NULL);
}

onn_c_place onn_c_value_place(const onn_c_builder *b, uint32_t value)
{
	const onn_value *v = &b->schedule->value[value];
	return (onn_c_place){v->memory, v->offset};
}

void onn_c_builder_free(onn_c_builder *b)
{
	for (block *freed = b->blocks, *next; freed; freed = next) {
		next = freed->next;
		onn_aligned_free(freed);
	}
	free(b->stage);
	free(b->access);
}
