/* Matrix products: cl/product/matmul.cl, in tiles, for every type, operation and batch. */
#include "kernels.h"

#include "backend/opencl/merge.h"
#include "backend/opencl/product/epilogue.h"
#include "backend/opencl/product/tile.h"
#include "backend/opencl/thresholds.h"
#include "core/memory.h"

/* A group's tile of the result, and the parts of the sum. */
typedef struct cut {
	onn_cl_tile tile;
	size_t parts;
} cut;

typedef struct product {
	const onn_step *step;
	uint32_t number;
	onn_type type;
	cut cut;
	size_t batches;
	onn_cl_also also;
	bool stored;
} product;

static size_t count_groups(const onn_cl_tile *t, size_t m, size_t n, size_t batches)
{
	const size_t side = t->edge * t->work;

	return onn_size_divide_up(m, side) * onn_size_divide_up(n, side) * batches;
}

/* Large tiles read memory less often; small ones, and parts of the sum, keep more units busy. */
static cut choose_cut(
    const onn_cl_device *d, onn_type type, size_t m, size_t n, size_t k, size_t batches)
{
	const size_t wanted = ONN_CL_GROUPS_A_UNIT * (size_t)d->units;
	cut c = {onn_cl_tile_of(d, type, false), 1};

	if (count_groups(&c.tile, m, n, batches) < wanted)
		c.tile = onn_cl_tile_of(d, type, true);
	const size_t groups = count_groups(&c.tile, m, n, batches);
	if (groups < wanted) {
		c.parts =
		    onn_size_least(onn_size_divide_up(wanted, groups), k / ONN_CL_PRODUCT_PART);
		c.parts = onn_size_least(c.parts, ONN_CL_PRODUCT_PARTS);
		c.parts = c.parts > 1 ? c.parts : 1;
	}
	return c;
}

static void print_batch(onn_text *text, char operand, const onn_step *step, const onn_matrix *m)
{
	size_t below = 1;

	onn_text_add(text, "#define %c_BATCH(i) (0", operand);
	for (uint32_t d = step->u.matmul.nbatch; d > 0; d--) {
		size_t size = step->u.matmul.batch[d - 1];
		if (size > 1 && m->batch_stride[d - 1] != 0)
			onn_text_add(text, " + (long)((i) / %zuu %% %zuu) * (%td)", below, size,
			    m->batch_stride[d - 1]);
		below *= size;
	}
	onn_text_add(text, ")\n");
}

/* A processor's sums are vectors: of as many numbers as its largest have. */
static void print_lanes(onn_text *text, const onn_cl_device *d, const product *p)
{
	const bool vectors = d->serial_items && (p->type == ONN_F32 || p->type == ONN_F64);
	const size_t lanes = vectors ? ONN_CL_PRODUCT_VECTOR / onn_type_size(p->type) : 1;

	onn_text_add(text, "#define LANES %zu\n", lanes);
	if (vectors)
		onn_text_add(
		    text, "#define V %s%zu\n", p->type == ONN_F32 ? "float" : "double", lanes);
}

static void print_kernel(
    onn_text *text, const onn_cl_device *d, const onn_schedule *s, const product *p)
{
	static const char *const words[] = {"NAME", "T", "COMPLEX", "A_T", "A_C", "B_T", "B_C",
	    "A_BATCH", "B_BATCH", "EDGE", "WORK", "DEPTH", "LANES", "V", "PARTS", "BATCHES", "I",
	    "STORED", "ALSO", "PARAMETERS"};
	const onn_cl_tile *tile = &p->cut.tile;
	const int a = p->step->u.matmul.a.op, b = p->step->u.matmul.b.op;
	const bool wide = s->value[p->step->u.matmul.c].count > ONN_CL_NARROW;

	onn_text_add(text, "#define NAME matmul_@\n#define T pw_%s\n#define COMPLEX %d\n",
	    onn_type_name(p->type), onn_type_is_complex(p->type) ? 1 : 0);
	onn_text_add(text, "#define A_T %d\n#define A_C %d\n#define B_T %d\n#define B_C %d\n",
	    a == ONN_T || a == ONN_H, a == ONN_C || a == ONN_H, b == ONN_T || b == ONN_H,
	    b == ONN_C || b == ONN_H);
	print_lanes(text, d, p);
	print_batch(text, 'A', p->step, &p->step->u.matmul.a);
	print_batch(text, 'B', p->step, &p->step->u.matmul.b);
	onn_cl_print_also(text, s, &p->also, false);
	onn_text_add(text, "#define PARAMETERS ");
	onn_cl_print_also_parameters(text, s, &p->also);
	onn_text_add(text,
	    "\n#define EDGE %zu\n#define WORK %zu\n#define DEPTH %zu\n#define PARTS %zu\n"
	    "#define BATCHES %zu\n#define I %s\n#define STORED %d\n%s",
	    tile->edge, tile->work, tile->depth, p->cut.parts, p->batches, wide ? "ulong" : "uint",
	    p->stored, onn_cl_text_matmul);
	for (size_t i = 0; i < ONN_COUNT(words); i++)
		onn_text_add(text, "#undef %s\n", words[i]);
}

/* Where the result goes, and what else is done with it. */
static void pass_result(onn_cl_executable *e, const product *p)
{
	if (p->stored)
		onn_cl_pass_value(e, p->step->u.matmul.c, 0);
	onn_cl_pass_also(e, &p->also);
}

static void add_kernels(onn_cl_executable *e, const product *p)
{
	const onn_schedule *s = e->base.schedule;
	const onn_step *step = p->step;
	const size_t m = step->u.matmul.m, n = step->u.matmul.n, k = step->u.matmul.k;
	const size_t edge = p->cut.tile.edge, parts = p->cut.parts;
	const size_t count = s->value[step->u.matmul.c].count;
	const size_t bytes = count * onn_type_size(p->type);
	onn_text text = ONN_TEXT_INIT;

	print_kernel(&text, e->device, s, p);
	const size_t section = onn_cl_add_section(e, &text);
	onn_cl_add_work(e, p->number, count_groups(&p->cut.tile, m, n, p->batches) * parts,
	    edge * edge,
	    2 * p->cut.tile.depth * (edge * p->cut.tile.work + 1) * onn_type_size(p->type),
	    "matmul_%zu", section);
	onn_cl_keep_size(e);
	onn_cl_moves(
	    e, step->bytes - (p->stored ? 0 : (double)bytes) + onn_cl_also_bytes(s, &p->also));
	onn_cl_pass_input(e, step->u.matmul.a.value, step->u.matmul.a.offset);
	onn_cl_pass_input(e, step->u.matmul.b.value, step->u.matmul.b.offset);
	if (parts == 1)
		pass_result(e, p);
	else
		onn_cl_pass_scratch(e, bytes * parts, onn_type_size(p->type), 0);
	onn_cl_pass_ulong(e, step->u.matmul.a.ld);
	onn_cl_pass_ulong(e, step->u.matmul.b.ld);
	onn_cl_pass_uint(e, m);
	onn_cl_pass_uint(e, n);
	onn_cl_pass_uint(e, k);
	if (parts == 1)
		return;
	onn_cl_say(e, p->number, "sums in %zu parts", parts);
	const size_t items = e->device->group;
	onn_cl_add_work(
	    e, p->number, onn_size_divide_up(count, items), items, 0, "matmul_%zu_sum", section);
	onn_cl_pass_scratch(e, bytes * parts, onn_type_size(p->type), 0);
	pass_result(e, p);
	onn_cl_pass_ulong(e, count);
	onn_cl_pass_uint(e, items);
}

onn_status onn_cl_add_matmul(onn_cl_executable *e, uint32_t number)
{
	const onn_schedule *s = e->base.schedule;
	const onn_step *step = &s->step[number];
	const size_t m = step->u.matmul.m, n = step->u.matmul.n, k = step->u.matmul.k;
	product p = {.step = step, .number = number, .type = s->value[step->u.matmul.c].type};

	onn_size_product(&p.batches, step->u.matmul.nbatch, step->u.matmul.batch);
	if (m == 0 || n == 0 || p.batches == 0)
		return ONN_OK;
	if (k == 0) {
		onn_cl_add_fill(e, number, step->u.matmul.c);
		return ONN_OK;
	}
	if (onn_cl_gemm_takes(e->device, s, step)) {
		onn_cl_say(e, number, "CLBlast");
		onn_cl_add_launch(e, ONN_CL_GEMM, number);
		return ONN_OK;
	}
	p.cut = choose_cut(e->device, p.type, m, n, k, p.batches);
	const size_t side = p.cut.tile.edge * p.cut.tile.work;
	onn_cl_say(e, number, "kernel, tiles of %zu x %zu", side, side);
	onn_cl_find_epilogue(&p.also, &p.stored, e, number, step->u.matmul.c);
	onn_status status = onn_cl_also_operations(e, &p.also);
	if (!status)
		add_kernels(e, &p);
	return status;
}
