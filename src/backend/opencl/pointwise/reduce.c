/* Sums and maxima: cl/pointwise/reduce.cl with a program as its prologue. */
#include <string.h>

#include "kernels.h"

#include "backend/opencl/merge.h"
#include "backend/opencl/opencl_backend.h"
#include "backend/opencl/thresholds.h"
#include "core/memory.h"

/* How a reduction is cut up; it depends on its shape and the device, never on time. */
typedef struct cut {
	size_t outer, length;
	size_t segments, segment;
	size_t group;
	size_t chunk; /* of what an item adds */
	bool items;   /* a work item for each result */
} cut;

/* Levels that a run of this many elements needs of a chunk each: three do. */
static size_t chunk_of(const cut *c)
{
	size_t run = c->items ? c->length : onn_size_divide_up(c->segment, c->group);
	size_t chunk = ONN_CL_SUM_CHUNK;
	while (run / chunk / chunk > chunk)
		chunk *= 2;
	return chunk;
}

static void choose_cut(const onn_cl_device *d, const onn_step *step, cut *c)
{
	const uint32_t ndim = step->u.pointwise.ndim, kept = step->u.pointwise.kept;
	const onn_program *p = &step->u.pointwise.program;
	bool rows = false; /* some input lies along the axes that go */

	onn_size_product(&c->outer, kept, step->u.pointwise.shape);
	onn_size_product(&c->length, ndim - kept, step->u.pointwise.shape + kept);
	for (uint32_t i = 0; i < p->ninputs && ndim > kept; i++) {
		ptrdiff_t stride = p->input[i].stride[ndim - 1];
		rows |= stride == 1 || stride == -1;
	}
	c->segments = 1;
	c->segment = c->length;
	c->items = c->length <= ONN_CL_SHORT_SUM ||
	           (c->outer >= ONN_CL_MANY_RESULTS && (!rows || !d->gpu));
	c->group = 1;
	size_t useful = c->items ? c->outer : c->length;
	while (c->group < d->group && c->group < useful)
		c->group *= 2;
	c->chunk = chunk_of(c);
	if (c->items || c->length < ONN_CL_LONG_SUM || c->outer >= d->units)
		return;
	/* few long sums: enough parts for every unit, then a second pass over the parts */
	size_t wanted = onn_size_divide_up(ONN_CL_PARTS_A_UNIT * (size_t)d->units, c->outer);
	size_t most = c->length / (ONN_CL_LONG_SUM / 4);
	c->segments = wanted < most ? wanted : most;
	c->segment = onn_size_divide_up(c->length, c->segments);
	c->segments = onn_size_divide_up(c->length, c->segment);
	c->chunk = chunk_of(c);
}

static const char *identity(onn_op reduce, onn_type type)
{
	if (reduce == ONN_OP_SUM)
		return "(T)(0)";
	return type == ONN_I32 ? "INT_MIN" : onn_type_is_float(type) ? "-INFINITY" : "0";
}

static void print_common(onn_text *text, const onn_step *step, onn_type type, bool wide)
{
	onn_text_add(text, "#define NAME reduce_@\n#define T pw_%s\n#define I %s\n",
	    onn_type_name(type), wide ? "ulong" : "uint");
	if (step->u.pointwise.reduce == ONN_OP_SUM)
		onn_text_add(text, "#define COMBINE(a, b) ((T)((a) + (b)))\n");
	else if (type == ONN_U8)
		onn_text_add(text, "#define COMBINE(a, b) max(a, b)\n");
	else
		onn_text_add(text, "#define COMBINE(a, b) pw_max_%s(a, b)\n", onn_type_name(type));
	onn_text_add(text, "#define IDENTITY %s\n", identity(step->u.pointwise.reduce, type));
}

static void print_body(onn_text *text, const cut *c)
{
	static const char *const words[] = {"NAME", "T", "I", "COMBINE", "IDENTITY", "PARAMETERS",
	    "ELEMENT", "PLACE", "OUTER", "LENGTH", "SEGMENTS", "SEGMENT", "GROUP", "CHUNK",
	    "ITEMS"};

	onn_text_add(text,
	    "#define OUTER %zu\n#define LENGTH %zu\n#define SEGMENTS %zu\n#define SEGMENT %zu\n"
	    "#define GROUP %zu\n#define CHUNK %zu\n#define ITEMS %d\n%s",
	    c->outer, c->length, c->segments, c->segment, c->group, c->chunk, c->items ? 1 : 0,
	    onn_cl_text_reduce);
	for (size_t i = 0; i < ONN_COUNT(words); i++)
		onn_text_add(text, "#undef %s\n", words[i]);
}

/* The prologue as a function of the result o and the element r of it. */
static void print_prologue(
    onn_text *text, const onn_schedule *s, const onn_step *step, onn_type type, bool wide)
{
	const onn_program *p = &step->u.pointwise.program;
	const uint32_t ndim = step->u.pointwise.ndim, kept = step->u.pointwise.kept;
	const onn_cl_axes axes[] = {
	    {step->u.pointwise.shape, 0, kept, "o"}, {step->u.pointwise.shape, kept, ndim, "r"}};
	const char *index = wide ? "ulong" : "uint";

	onn_text_add(text, "static pw_%s element_@(", onn_type_name(type));
	onn_cl_print_parameters(text, s, p, ONN_CL_ALONE);
	onn_text_add(text, "const %s o, const %s r)\n{\n", index, index);
	onn_cl_print_registers(text, s, p, axes, 2, wide, ONN_CL_ALONE);
	onn_text_add(text, "\treturn r%u;\n}\n", p->output[0].reg);
	onn_text_add(text, "#define ELEMENT(o, r) element_@(");
	onn_cl_print_names(text, p, ONN_CL_ALONE);
	onn_text_add(text, "o, r)\n#define PARAMETERS ");
	onn_cl_print_parameters(text, s, p, ONN_CL_ALONE);
	onn_text_add(text, "\n");
}

static void print_output(onn_text *text, const onn_step *step, bool wide)
{
	const onn_cl_axes axes = {step->u.pointwise.shape, 0, step->u.pointwise.kept, "o"};

	onn_text_add(text, "static %s place_@(const %s o)\n{\n", wide ? "long" : "int",
	    wide ? "ulong" : "uint");
	onn_cl_print_axes(text, &axes, wide);
	onn_text_add(text, "\treturn 0");
	onn_cl_print_place(text, &step->u.pointwise.program.output[0].view, &axes, wide);
	onn_text_add(text, ";\n}\n#define PLACE(o) place_@(o)\n");
}

/* The second pass: the same reduction of the parts in scratch memory. */
static void add_second_pass(
    onn_cl_executable *e, uint32_t number, const cut *first, onn_type type, bool wide)
{
	const onn_step *step = &e->base.schedule->step[number];
	const onn_view *out = &step->u.pointwise.program.output[0].view;
	onn_text text = ONN_TEXT_INIT;
	cut c = {first->outer, first->segments, 1, first->segments, 1, 0, false};

	while (c.group < e->device->group && c.group < c.length)
		c.group *= 2;
	c.chunk = chunk_of(&c);
	print_common(&text, step, type, wide);
	onn_text_add(&text,
	    "#define PARAMETERS __global const T *x0, ulong p0,\n"
	    "#define ELEMENT(o, r) x0[p0 + (o) * %zu + (r)]\n",
	    c.length);
	print_output(&text, step, wide);
	print_body(&text, &c);
	size_t section = onn_cl_add_section(e, &text);
	onn_cl_add_work(
	    e, number, c.outer, c.group, c.group * onn_type_size(type), "reduce_%zu", section);
	onn_cl_pass_scratch(e, first->outer * first->segments * onn_type_size(type), 0);
	onn_cl_pass_value(e, out->value, out->offset);
}

onn_status onn_cl_add_reduce(onn_cl_executable *e, uint32_t number)
{
	const onn_schedule *s = e->base.schedule;
	const onn_step *step = &s->step[number];
	const onn_program *p = &step->u.pointwise.program;
	const onn_view *out = &p->output[0].view;
	const bool wide = onn_cl_is_wide(step);
	onn_type type = onn_program_type(p, s->value, p->output[0].reg);
	onn_text text = ONN_TEXT_INIT;
	cut c;

	choose_cut(e->device, step, &c);
	if (c.outer == 0)
		return ONN_OK;
	onn_status status = onn_cl_add_operations(e, p);
	if (status)
		return status;
	print_common(&text, step, type, wide);
	print_prologue(&text, s, step, type, wide);
	if (c.segments > 1)
		onn_text_add(&text, "#define PLACE(o) (o)\n");
	else
		print_output(&text, step, wide);
	print_body(&text, &c);
	size_t section = onn_cl_add_section(e, &text);
	onn_cl_say(e, number, "kernel, %s for each result", c.items ? "an item" : "groups");
	if (c.segments > 1)
		onn_cl_say(e, number, " in %zu segments", c.segments);
	onn_cl_add_work(e, number,
	    c.items ? onn_size_divide_up(c.outer, c.group) : c.outer * c.segments, c.group,
	    c.items ? 0 : c.group * onn_type_size(type), "reduce_%zu", section);
	onn_cl_pass_parameters(e, p, ONN_CL_ALONE);
	if (c.segments > 1) {
		onn_cl_pass_scratch(e, c.outer * c.segments * onn_type_size(type), 0);
		add_second_pass(e, number, &c, type, wide);
	} else {
		onn_cl_pass_value(e, out->value, out->offset);
	}
	return ONN_OK;
}
