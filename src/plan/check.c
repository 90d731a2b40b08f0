/*
 * The check mode. Before a step, all memory that it touches is copied from the device to the
 * reference; then both run the step, and what it wrote is compared. Slow, and meant to be: it finds
 * the kernel that is wrong.
 */
#include "plan/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/element.h"
#include "core/error.h"
#include "core/memory.h"

struct onn_check {
	const onn_schedule *schedule;
	onn_device *reference;
	onn_executable *executable;
	onn_buffer **buffer; /* the reference's own, one a memory of the schedule */
	size_t room;         /* bytes of each of the two below: the largest memory's */
	void *got, *expected;
};

/* ---- comparing ---- */

/* The parts of the numbers in a value: re and im count one each. */
static size_t parts_of(const onn_value *v) { return v->count * onn_type_parts(v->type); }

/* The state of one step's comparison. */
typedef struct comparison {
	onn_check *check;
	onn_buffer *const *buffers; /* the device's */
	uint32_t step;
	double largest; /* of the finite numbers that the step reads */
	onn_status status;
} comparison;

static onn_measure measure_of(const comparison *c)
{
	return onn_step_measure(c->check->schedule->step[c->step].kind);
}

static void copy_in(void *user, uint32_t value, bool written)
{
	comparison *c = user;
	const onn_value *v = &c->check->schedule->value[value];
	onn_buffer *from = c->buffers[v->memory], *to = c->check->buffer[v->memory];
	size_t bytes = v->count * onn_type_size(v->type);
	double largest = 0;

	if (c->status || bytes == 0)
		return;
	/* also what is written: a step may write a part and leave the rest as it is */
	c->status = from->device->backend->buffer_read(c->check->expected, from, v->offset, bytes);
	if (!c->status)
		c->status =
		    to->device->backend->buffer_write(to, v->offset, c->check->expected, bytes);
	for (size_t i = 0; !written && !c->status && i < parts_of(v); i++) {
		double x = fabs(onn_part_get(c->check->expected, v->type, i));
		if (isfinite(x) && x > largest)
			largest = x;
	}
	/* the numbers of a product have the size of the operands' product */
	if (measure_of(c) == ONN_MEASURE_PRODUCT && c->largest > 0)
		c->largest = fmax(c->largest, fmax(largest, c->largest * largest));
	else
		c->largest = fmax(c->largest, largest);
}

/*
 * A rounding of intermediate results is no difference: it is far below 1e-4 of the largest number
 * in the step in single precision, and 1e-10 in double, while a wrong kernel is wrong by the size
 * of the numbers.
 */
static bool same(onn_type type, double x, double y, double largest)
{
	double tolerance = !onn_type_is_float(type)         ? 0
	                   : onn_type_real(type) == ONN_F32 ? 1e-4
	                                                    : 1e-10;

	if (x == y || (isnan(x) && isnan(y)))
		return true;
	return fabs(x - y) <= tolerance * fmax(largest, fabs(y)) && isfinite(y);
}

static void compare_out(void *user, uint32_t value, bool written)
{
	comparison *c = user;
	const onn_value *v = &c->check->schedule->value[value];
	onn_buffer *from = c->buffers[v->memory], *truth = c->check->buffer[v->memory];
	size_t bytes = v->count * onn_type_size(v->type);

	if (c->status || bytes == 0 || !written)
		return;
	c->status = from->device->backend->buffer_read(c->check->got, from, v->offset, bytes);
	if (!c->status)
		c->status = truth->device->backend->buffer_read(
		    c->check->expected, truth, v->offset, bytes);
	/* a transform sums over the field: its error is that of its largest number */
	if (measure_of(c) == ONN_MEASURE_RESULT)
		for (size_t i = 0; !c->status && i < parts_of(v); i++) {
			double y = fabs(onn_part_get(c->check->expected, v->type, i));
			c->largest = isfinite(y) ? fmax(c->largest, y) : c->largest;
		}
	for (size_t i = 0; !c->status && i < parts_of(v); i++) {
		double x = onn_part_get(c->check->got, v->type, i),
		       y = onn_part_get(c->check->expected, v->type, i);
		if (same(v->type, x, y, c->largest))
			continue;
		c->status = onn_error(ONN_ERROR_DEVICE,
		    "onn_plan_run: step %u (%s) on %s: number %zu of %zu (%s) is %.9g; the "
		    "reference "
		    "has %.9g",
		    c->step, c->check->schedule->step[c->step].label, from->device->name, i,
		    parts_of(v), onn_type_name(v->type), x, y);
	}
}

/* ---- the check ---- */

onn_status onn_check_create(onn_check **check, const onn_schedule *schedule)
{
	onn_check *c = calloc(1, sizeof *c);
	onn_status status;

	*check = NULL;
	if (!c)
		return onn_error_memory("onn_plan_create", sizeof *c);
	c->schedule = schedule;
	status = onn_device_create(&c->reference, "reference", NULL);
	if (!status) {
		c->buffer = calloc(schedule->nmemory + 1, sizeof *c->buffer);
		for (uint32_t i = 0; i < schedule->nmemory; i++)
			if (schedule->memory[i].bytes > c->room)
				c->room = schedule->memory[i].bytes;
		c->got = onn_aligned_alloc(c->room);
		c->expected = onn_aligned_alloc(c->room);
		if (!c->buffer || !c->got || !c->expected)
			status = onn_error_memory("onn_plan_create", 2 * c->room);
	}
	for (uint32_t i = 0; !status && i < schedule->nmemory; i++)
		status = c->reference->backend->buffer_create(
		    &c->buffer[i], c->reference, schedule->memory[i].bytes);
	if (!status)
		status = c->reference->backend->prepare(&c->executable, c->reference, schedule);
	if (status)
		onn_check_destroy(c);
	else
		*check = c;
	return status;
}

void onn_check_destroy(onn_check *c)
{
	if (!c)
		return;
	if (c->executable)
		c->reference->backend->executable_destroy(c->executable);
	for (uint32_t i = 0; c->buffer && i < c->schedule->nmemory; i++)
		c->reference->backend->buffer_destroy(c->buffer[i]);
	onn_aligned_free(c->got);
	onn_aligned_free(c->expected);
	onn_device_destroy(c->reference);
	onn_free_all(c->buffer, c);
}

onn_status onn_check_run(onn_check *check, onn_device *device, onn_executable *executable,
    onn_buffer *const *buffers, uint32_t first, uint32_t count)
{
	for (uint32_t i = first; i < first + count; i++) {
		const onn_step *step = &check->schedule->step[i];
		comparison c = {check, buffers, i, 0, ONN_OK};
		onn_step_visit(step, copy_in, &c);
		if (!c.status)
			c.status = device->backend->run(executable, buffers, i, 1);
		if (!c.status)
			c.status = device->backend->wait(device);
		if (!c.status)
			c.status =
			    check->reference->backend->run(check->executable, check->buffer, i, 1);
		onn_step_visit(step, compare_out, &c);
		if (c.status)
			return c.status;
	}
	return ONN_OK;
}
