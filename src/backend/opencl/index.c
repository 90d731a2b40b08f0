/* take, scatter_add, argmax and zero: cl/index.cl, read once for each element type that they meet.
 * */
#include "kernels.h"

#include "backend/opencl/merge.h"
#include "backend/opencl/product/epilogue.h"
#include "backend/opencl/thresholds.h"
#include "core/memory.h"

/* The kernels for a type; wide where 32 bits cannot count the elements. */
static void add_kernels(onn_cl_executable *e, onn_type type, bool wide)
{
	static const char *const words[] = {"T", "NAME", "I", "GROUP", "NO_ARGMAX"};
	const char *name = onn_type_name(type);
	onn_text text = ONN_TEXT_INIT;

	onn_text_add(&text, "#define T pw_%s\n#define NAME(x) x##_%s%s\n#define I %s\n", name, name,
	    wide ? "_wide" : "", wide ? "ulong" : "uint");
	onn_text_add(&text, "#define GROUP %zu\n%s%s", e->device->group,
	    onn_type_is_complex(type) ? "#define NO_ARGMAX\n" : "", onn_cl_text_index);
	for (size_t i = 0; i < ONN_COUNT(words); i++)
		onn_text_add(&text, "#undef %s\n", words[i]);
	onn_cl_add_section(e, &text);
}

static void add_work(onn_cl_executable *e, uint32_t step, const char *name, onn_type type,
    bool wide, size_t groups, size_t room)
{
	add_kernels(e, type, wide);
	onn_cl_say(e, step, "kernel %s", name);
	onn_cl_add_work(e, step, groups, e->device->group, room, "%s_%s%s", name,
	    onn_type_name(type), wide ? "_wide" : "");
}

static size_t groups_of(const onn_cl_executable *e, size_t items)
{
	return onn_size_divide_up(items, e->device->group);
}

static bool is_wide(size_t count) { return count > ONN_CL_NARROW; }

/* A take whose elements go through programs: its own function, beside those of its type. */
static void add_take_also(
    onn_cl_executable *e, uint32_t number, const onn_cl_also *also, bool stored)
{
	const onn_schedule *s = e->base.schedule;
	const onn_step *step = &s->step[number];
	const size_t total = step->u.take.count * step->u.take.row;
	const char *type = onn_type_name(s->value[step->u.take.out].type);
	onn_text text = ONN_TEXT_INIT;

	add_kernels(e, s->value[step->u.take.out].type, false);
	onn_cl_print_also(&text, s, also, false);
	onn_text_add(&text,
	    "static void take_@(__global const pw_%s *x, ulong x_offset, __global const int "
	    "*index, "
	    "ulong index_offset, ",
	    type);
	if (stored)
		onn_text_add(&text, "__global pw_%s *out, ulong out_offset, ", type);
	onn_cl_print_also_parameters(&text, s, also);
	onn_text_add(&text,
	    "long stride, int is_unsigned, ulong rows, ulong row, ulong total, const uint group)\n"
	    "{\n\tconst uint i = group * %zuu + (uint)get_local_id(0);\n"
	    "\tif (i >= (uint)total)\n\t\treturn;\n"
	    "\tconst pw_%s given = taken_%s(x + x_offset, index + index_offset, stride, "
	    "is_unsigned, rows, row, i);\n%s\tALSO(i)\n}\n#undef ALSO\n",
	    e->device->group, type, type, stored ? "\tout[out_offset + i] = given;\n" : "");
	const size_t section = onn_cl_add_section(e, &text);
	onn_cl_say(e, number, "kernel take");
	onn_cl_add_work(e, number, groups_of(e, total), e->device->group, 0, "take_%zu", section);
	onn_cl_moves(
	    e, step->bytes + onn_cl_also_bytes(s, also) -
	           (stored ? 0 : (double)(total * onn_type_size(s->value[step->u.take.out].type))));
}

onn_status onn_cl_add_take(onn_cl_executable *e, uint32_t number)
{
	const onn_step *step = &e->base.schedule->step[number];
	const onn_value *value = e->base.schedule->value;
	const size_t total = step->u.take.count * step->u.take.row;
	onn_cl_also also = {.count = 0};
	bool stored = true;

	if (total == 0)
		return ONN_OK;
	if (step->u.take.rows == 0) {
		onn_cl_add_fill(e, number, step->u.take.out);
		return ONN_OK;
	}
	const bool wide = is_wide(total) || is_wide(step->u.take.rows);
	if (!wide)
		onn_cl_find_epilogue(&also, &stored, e, number, step->u.take.out);
	onn_status status = onn_cl_also_operations(e, &also);
	if (status)
		return status;
	if (also.count > 0)
		add_take_also(e, number, &also, stored);
	else
		add_work(
		    e, number, "take", value[step->u.take.out].type, wide, groups_of(e, total), 0);
	onn_cl_pass_input(e, step->u.take.x.value, step->u.take.x.offset);
	onn_cl_pass_input(e, step->u.take.index, 0);
	if (stored)
		onn_cl_pass_value(e, step->u.take.out, 0);
	onn_cl_pass_also(e, &also);
	onn_cl_pass_long(e, step->u.take.x.stride[0]);
	onn_cl_pass_int(e, value[step->u.take.index].type == ONN_U32);
	onn_cl_pass_ulong(e, step->u.take.rows);
	onn_cl_pass_ulong(e, step->u.take.row);
	onn_cl_pass_ulong(e, total);
	return ONN_OK;
}

onn_status onn_cl_add_scatter(onn_cl_executable *e, uint32_t number)
{
	const onn_step *step = &e->base.schedule->step[number];
	const onn_value *value = e->base.schedule->value;
	const size_t rows = step->u.scatter.rows, row = step->u.scatter.row;

	if (rows == 0 || row == 0)
		return ONN_OK;
	/* Each block of rows reads all indices once more: no more blocks than keep the device busy.
	 */
	size_t wanted = ((size_t)e->device->units * e->device->group + row - 1) / row;
	size_t blocks = wanted < rows ? wanted : rows;
	size_t block = (rows + blocks - 1) / blocks;
	size_t total = (rows + block - 1) / block * row;

	add_work(e, number, "scatter_add", value[step->u.scatter.out].type,
	    is_wide(total) || is_wide(rows) || is_wide(step->u.scatter.count), groups_of(e, total),
	    0);
	onn_cl_pass_input(e, step->u.scatter.index, 0);
	onn_cl_pass_input(e, step->u.scatter.updates, 0);
	onn_cl_pass_value(e, step->u.scatter.out, 0);
	onn_cl_pass_int(e, value[step->u.scatter.index].type == ONN_U32);
	onn_cl_pass_ulong(e, rows);
	onn_cl_pass_ulong(e, step->u.scatter.count);
	onn_cl_pass_ulong(e, row);
	onn_cl_pass_ulong(e, block);
	onn_cl_pass_ulong(e, total);
	return ONN_OK;
}

onn_status onn_cl_add_argmax(onn_cl_executable *e, uint32_t number)
{
	const onn_step *step = &e->base.schedule->step[number];
	const onn_type type = e->base.schedule->value[step->u.argmax.x].type;
	const size_t results = step->u.argmax.outer * step->u.argmax.inner;
	const size_t group = e->device->group;
	const bool groups =
	    step->u.argmax.n >= ONN_CL_LONG_ROW && results < e->device->units * group;

	if (results == 0)
		return ONN_OK;
	if (groups)
		add_work(e, number, "argmax_long", type, is_wide(results), results,
		    onn_size_round_up(group, 4) * (onn_type_size(type) + sizeof(cl_uint)));
	else
		add_work(e, number, "argmax", type, is_wide(results), groups_of(e, results), 0);
	onn_cl_pass_input(e, step->u.argmax.x, 0);
	onn_cl_pass_value(e, step->u.argmax.out, 0);
	onn_cl_pass_ulong(e, step->u.argmax.n);
	onn_cl_pass_ulong(e, step->u.argmax.inner);
	if (!groups)
		onn_cl_pass_ulong(e, results);
	return ONN_OK;
}

onn_status onn_cl_add_zero(onn_cl_executable *e, uint32_t number)
{
	onn_cl_add_fill(e, number, e->base.schedule->step[number].u.zero.out);
	return ONN_OK;
}
