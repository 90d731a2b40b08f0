/* Images with kernels: cl/product/convolve.cl, in tiles, a kernel for each type and shape. */
#include "kernels.h"

#include "backend/opencl/product/tile.h"
#include "backend/opencl/thresholds.h"
#include "core/memory.h"

/* A step as a product of matrices, and its tiles. */
typedef struct product {
	size_t rows, columns, sum; /* of a group */
	size_t groups, parts;
	onn_cl_tile tile;
} product;

static size_t area(const size_t *sizes) { return sizes[0] * sizes[1]; }

static product product_of(const onn_convolve *c)
{
	size_t channels = c->channels / c->groups, outputs = c->outputs / c->groups;
	size_t taps = area(c->kernel);
	product p = {.groups = c->groups, .parts = 1};
	switch (c->part) {
	case ONN_CONVOLVE_OUTPUT:
		p.rows = outputs;
		p.columns = c->batch * area(c->result);
		p.sum = channels * taps;
		break;
	case ONN_CONVOLVE_INPUT:
		p.rows = channels;
		p.columns = c->batch * area(c->image);
		p.sum = outputs * taps;
		break;
	case ONN_CONVOLVE_WEIGHT:
		p.rows = outputs;
		p.columns = channels * taps;
		p.sum = c->batch * area(c->result);
		break;
	}
	return p;
}

static size_t tiles(const product *p)
{
	size_t edge = p->tile.edge * p->tile.work;
	return onn_size_divide_up(p->rows, edge) * onn_size_divide_up(p->columns, edge) * p->groups;
}

/* As matrix products choose theirs; long sums of few results are cut into parts besides. */
static void choose_tiles(product *p, const onn_cl_device *d, const onn_convolve *c, onn_type type)
{
	size_t wanted = ONN_CL_GROUPS_A_UNIT * (size_t)d->units;
	p->tile = onn_cl_tile_of(d, type, false);
	if (tiles(p) < wanted || p->rows <= p->tile.edge * ONN_CL_TILE_WORK_FEW)
		p->tile = onn_cl_tile_of(d, type, true);
	if (c->part != ONN_CONVOLVE_WEIGHT || tiles(p) >= wanted)
		return;
	p->parts = onn_size_least(onn_size_divide_up(wanted, tiles(p)), ONN_CL_CONVOLVE_PARTS);
	p->parts = onn_size_least(p->parts, onn_size_divide_up(p->sum, ONN_CL_CONVOLVE_PART));
}

static void print_kernel(onn_text *text, const onn_convolve *c, onn_type type, const product *p)
{
	static const char *const words[] = {"NAME", "T", "COMPLEX", "I", "PART", "BATCH", "CG",
	    "OG", "GROUPS", "IH", "IW", "KH", "KW", "OH", "OW", "SY", "SX", "PY", "PX", "DY", "DX",
	    "PARTS", "EDGE", "WORK", "DEPTH"};
	size_t padded = (c->image[0] + 2 * c->padding[0]) * (c->image[1] + 2 * c->padding[1]);
	size_t most = c->batch * (c->channels + c->outputs) * (padded + area(c->result)) +
	              p->groups * p->rows * p->columns * p->parts;
	onn_text_add(text, "#define NAME convolve_@\n#define T pw_%s\n#define COMPLEX %d\n",
	    onn_type_name(type), onn_type_is_complex(type) ? 1 : 0);
	onn_text_add(text, "#define I %s\n#define PART %d\n", most > ONN_CL_NARROW ? "long" : "int",
	    (int)c->part);
	const size_t number[] = {c->batch, c->channels / c->groups, c->outputs / c->groups,
	    c->groups, c->image[0], c->image[1], c->kernel[0], c->kernel[1], c->result[0],
	    c->result[1], c->stride[0], c->stride[1], c->padding[0], c->padding[1], c->dilation[0],
	    c->dilation[1], p->parts, p->tile.edge, p->tile.work, p->tile.depth};
	for (size_t i = 0; i < ONN_COUNT(number); i++)
		onn_text_add(text, "#define %s %zu\n", words[5 + i], number[i]);
	onn_text_add(text, "%s", onn_cl_text_convolve);
	for (size_t i = 0; i < ONN_COUNT(words); i++)
		onn_text_add(text, "#undef %s\n", words[i]);
}

/* The factors, and the result. */
static void pass_operands(onn_cl_executable *e, const onn_convolve *c)
{
	bool weight = c->part == ONN_CONVOLVE_WEIGHT, output = c->part == ONN_CONVOLVE_OUTPUT;
	onn_cl_pass_input(e, weight ? c->y : c->w, 0);
	onn_cl_pass_input(e, weight || output ? c->x : c->y, 0);
}

onn_status onn_cl_add_convolve(onn_cl_executable *e, uint32_t number)
{
	const onn_schedule *s = e->base.schedule;
	const onn_convolve *c = &s->step[number].u.convolve;
	const onn_type type = s->value[c->x].type;
	const uint32_t out = c->part == ONN_CONVOLVE_OUTPUT  ? c->y
	                     : c->part == ONN_CONVOLVE_INPUT ? c->x
	                                                     : c->w;
	product p = product_of(c);
	onn_text text = ONN_TEXT_INIT;

	choose_tiles(&p, e->device, c, type);
	const size_t edge = p.tile.edge, side = edge * p.tile.work;
	onn_cl_say(e, number, "kernel, tiles of %zu x %zu", side, side);
	print_kernel(&text, c, type, &p);
	size_t section = onn_cl_add_section(e, &text);
	onn_cl_add_kernel(e, number, 1, 1, "convolve_%zu", section);
	onn_cl_set_size(
	    e, (size_t[]){tiles(&p) * p.parts * edge, edge, 1}, (size_t[]){edge, edge, 1});
	pass_operands(e, c);
	if (p.parts == 1) {
		onn_cl_pass_value(e, out, 0);
		return ONN_OK;
	}
	size_t count = s->value[out].count, bytes = count * p.parts * onn_type_size(type);
	onn_cl_say(e, number, "sums in %zu parts", p.parts);
	onn_cl_pass_scratch(e, bytes, onn_type_size(type), 0);
	onn_cl_add_kernel(e, number, count, e->device->group, "convolve_%zu_sum", section);
	onn_cl_pass_scratch(e, bytes, onn_type_size(type), 0);
	onn_cl_pass_value(e, out, 0);
	onn_cl_pass_ulong(e, count);
	return ONN_OK;
}
