/* take, scatter_add, argmax and zero: cl/index.cl and cl/scatter.cl, read once for each element
 * type that they meet. */
#include "kernels.h"

#include "backend/opencl/merge.h"
#include "backend/opencl/product/epilogue.h"
#include "backend/opencl/thresholds.h"
#include "core/memory.h"

/* A file's functions for a type; wide where 32 bits cannot count the elements. */
static void add_text(onn_cl_executable *e, onn_type type, bool wide, const char *file)
{
	static const char *const words[] = {"T", "NAME", "I", "GROUP", "NO_ARGMAX", "DIGITS"};
	const char *name = onn_type_name(type);
	onn_text text = ONN_TEXT_INIT;

	onn_text_add(&text, "#define T pw_%s\n#define NAME(x) x##_%s%s\n#define I %s\n", name, name,
	    wide ? "_wide" : "", wide ? "ulong" : "uint");
	onn_text_add(&text, "#define GROUP %zu\n#define DIGITS %du\n%s%s", e->device->group,
	    1 << ONN_CL_SCATTER_BITS, onn_type_is_complex(type) ? "#define NO_ARGMAX\n" : "", file);
	for (size_t i = 0; i < ONN_COUNT(words); i++)
		onn_text_add(&text, "#undef %s\n", words[i]);
	onn_cl_add_section(e, &text);
}

static void add_kernels(onn_cl_executable *e, onn_type type, bool wide)
{
	add_text(e, type, wide, onn_cl_text_index);
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

/* ---- scatter_add: cl/scatter.cl ---- */

/* Adds a launch of one of its functions for a type, of so many items, that moves so many bytes. */
static void add_scatter_work(onn_cl_executable *e, uint32_t number, const char *name, onn_type type,
    bool wide, size_t items, size_t room, double moves)
{
	add_kernels(e, type, wide);
	add_text(e, type, wide, onn_cl_text_scatter);
	onn_cl_add_work(e, number, groups_of(e, items), e->device->group, room, "scatter_%s_%s%s",
	    name, onn_type_name(type), wide ? "_wide" : "");
	onn_cl_moves(e, moves);
}

static onn_type scattered_type(const onn_cl_executable *e, uint32_t number)
{
	return e->base.schedule->value[e->base.schedule->step[number].u.scatter.out].type;
}

/* Positions are sorted alike whatever they are of. */
static const onn_type sorting_type = ONN_U32;

static void add_scatter_walk(onn_cl_executable *e, uint32_t number, bool wide)
{
	const onn_step *step = &e->base.schedule->step[number];
	const size_t rows = step->u.scatter.rows, row = step->u.scatter.row;
	/* Each block of rows reads all indices once more: no more blocks than keep the device busy.
	 */
	size_t wanted = ((size_t)e->device->units * e->device->group + row - 1) / row;
	size_t blocks = wanted < rows ? wanted : rows;
	size_t block = (rows + blocks - 1) / blocks;
	size_t total = (rows + block - 1) / block * row;

	onn_cl_say(e, number, "kernel scatter_add");
	add_scatter_work(e, number, "walk", scattered_type(e, number), wide || is_wide(total),
	    total, 0, step->bytes);
	onn_cl_pass_input(e, step->u.scatter.index, 0);
	onn_cl_pass_input(e, step->u.scatter.updates, 0);
	onn_cl_pass_value(e, step->u.scatter.out, 0);
	onn_cl_pass_int(e, e->base.schedule->value[step->u.scatter.index].type == ONN_U32);
	onn_cl_pass_ulong(e, rows);
	onn_cl_pass_ulong(e, step->u.scatter.count);
	onn_cl_pass_ulong(e, row);
	onn_cl_pass_ulong(e, block);
	onn_cl_pass_ulong(e, total);
}

/* How positions of updates are sorted, and where all that is in the scratch memory, in uints: two
 * lists from 0 on. */
typedef struct sorting {
	size_t parts, length; /* of a list, and positions of each part */
	size_t rows_at, table, end;
	unsigned digits;
	bool wide;
} sorting;

static sorting plan_sorting(const onn_step *step)
{
	const size_t rows = step->u.scatter.rows, count = step->u.scatter.count;
	const size_t most = ONN_CL_SCATTER_TABLE >> ONN_CL_SCATTER_BITS;
	sorting s = {.digits = 1, .wide = is_wide(rows * step->u.scatter.row)};

	while ((rows - 1) >> s.digits * ONN_CL_SCATTER_BITS)
		s.digits++;
	s.length = onn_size_divide_up(count, most);
	s.length = s.length < ONN_CL_SCATTER_PART ? ONN_CL_SCATTER_PART : s.length;
	s.parts = onn_size_divide_up(count, s.length);
	s.rows_at = 2 * count;
	s.table = s.rows_at + 2 * rows;
	s.end = s.table + (s.parts << ONN_CL_SCATTER_BITS);
	return s;
}

/* The list from which a digit is read; it goes to the other. */
static size_t list_of(const onn_step *step, unsigned digit)
{
	return digit % 2 ? step->u.scatter.count : 0;
}

static void pass_place(onn_cl_executable *e, const sorting *s, size_t at)
{
	onn_cl_pass_scratch(e, s->end * sizeof(cl_uint), sizeof(cl_uint), 0);
	onn_cl_pass_ulong(e, at);
}

static void pass_index(onn_cl_executable *e, const onn_step *step, const sorting *s, size_t at)
{
	onn_cl_pass_input(e, step->u.scatter.index, 0);
	pass_place(e, s, at);
}

static void pass_parts(onn_cl_executable *e, const onn_step *step, const sorting *s, unsigned digit)
{
	onn_cl_pass_int(e, e->base.schedule->value[step->u.scatter.index].type == ONN_U32);
	onn_cl_pass_uint(e, step->u.scatter.rows);
	onn_cl_pass_uint(e, step->u.scatter.count);
	onn_cl_pass_uint(e, digit * ONN_CL_SCATTER_BITS);
	onn_cl_pass_uint(e, s->parts);
	onn_cl_pass_uint(e, s->length);
}

static void add_digit(onn_cl_executable *e, uint32_t number, const sorting *s, unsigned digit)
{
	const onn_step *step = &e->base.schedule->step[number];
	const size_t table = s->end - s->table;
	const double list = sizeof(cl_uint) * (double)step->u.scatter.count;
	const double moves = 2 * list + sizeof(cl_uint) * (double)table;

	add_scatter_work(e, number, "count", sorting_type, s->wide, s->parts, 0, moves);
	pass_index(e, step, s, s->table);
	onn_cl_pass_ulong(e, list_of(step, digit));
	onn_cl_pass_ulong(e, s->rows_at);
	pass_parts(e, step, s, digit);
	add_scatter_work(e, number, "starts", sorting_type, s->wide, 1,
	    e->device->group * sizeof(cl_uint), 3 * sizeof(cl_uint) * (double)table);
	pass_place(e, s, s->table);
	onn_cl_pass_uint(e, table);
	add_scatter_work(e, number, "move", sorting_type, s->wide, s->parts, 0, moves + list);
	pass_index(e, step, s, s->table);
	onn_cl_pass_ulong(e, list_of(step, digit));
	onn_cl_pass_ulong(e, list_of(step, digit + 1));
	pass_parts(e, step, s, digit);
}

static void add_scatter_sorted(onn_cl_executable *e, uint32_t number)
{
	const onn_step *step = &e->base.schedule->step[number];
	const sorting s = plan_sorting(step);
	const size_t total = step->u.scatter.rows * step->u.scatter.row;
	const double list = sizeof(cl_uint) * (double)step->u.scatter.count;

	onn_cl_say(e, number, "kernel scatter_add, sorted by rows");
	for (unsigned digit = 0; digit < s.digits; digit++)
		add_digit(e, number, &s, digit);
	add_scatter_work(
	    e, number, "rows", sorting_type, s.wide, step->u.scatter.count, 0, 3 * list);
	pass_index(e, step, &s, s.rows_at);
	onn_cl_pass_ulong(e, list_of(step, s.digits));
	onn_cl_pass_int(e, e->base.schedule->value[step->u.scatter.index].type == ONN_U32);
	onn_cl_pass_uint(e, step->u.scatter.rows);
	onn_cl_pass_uint(e, step->u.scatter.count);
	add_scatter_work(
	    e, number, "sum", scattered_type(e, number), s.wide, total, 0, step->bytes + list);
	onn_cl_pass_input(e, step->u.scatter.updates, 0);
	onn_cl_pass_value(e, step->u.scatter.out, 0);
	pass_place(e, &s, s.rows_at);
	onn_cl_pass_ulong(e, list_of(step, s.digits));
	onn_cl_pass_uint(e, step->u.scatter.rows);
	onn_cl_pass_ulong(e, step->u.scatter.row);
	onn_cl_pass_ulong(e, total);
}

onn_status onn_cl_add_scatter(onn_cl_executable *e, uint32_t number)
{
	const onn_step *step = &e->base.schedule->step[number];
	const size_t rows = step->u.scatter.rows, count = step->u.scatter.count;
	const bool wide = is_wide(rows) || is_wide(count);

	if (rows == 0 || step->u.scatter.row == 0)
		return ONN_OK;
	if (wide || count <= ONN_CL_SCATTER_WALK ||
	    (count <= ONN_CL_SCATTER_WALK_LONG && count <= rows / ONN_CL_SCATTER_ROWS))
		add_scatter_walk(e, number, wide);
	else
		add_scatter_sorted(e, number);
	return ONN_OK;
}

/* ---- argmax and zero ---- */

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
