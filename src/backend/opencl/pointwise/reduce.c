/* Sums and maxima: cl/pointwise/reduce.cl with a program as its prologue. */
#include <string.h>

#include "kernels.h"

#include "backend/opencl/also.h"
#include "backend/opencl/merge.h"
#include "backend/opencl/opencl_backend.h"
#include "backend/opencl/thresholds.h"
#include "backend/opencl/touch.h"
#include "core/memory.h"

/* How a reduction is cut up; it depends on its shape and the device, never on time. */
typedef struct cut {
	size_t outer, length;
	size_t segments, segment;
	size_t group;
	size_t chunk; /* of what an item adds */
	bool items;   /* a work item for each result */
} cut;

/* What is done with the results: in the last pass. */
typedef struct end {
	bool stored;
	onn_cl_also also;
	double bytes; /* that other steps move */
} end;

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
	    "ELEMENT", "PLACE", "OUTER", "LENGTH", "SEGMENTS", "SEGMENT", "GROUP", "CHUNK", "ITEMS",
	    "STORED", "ALSO", "ALSO_PARAMETERS"};

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

/* Where results go, and what else is done with them. */
static void print_end(
    onn_text *text, const onn_schedule *s, const onn_step *step, const end *last, bool wide)
{
	const onn_cl_axes axes = {step->u.pointwise.shape, 0, step->u.pointwise.kept, "o"};

	onn_text_add(text, "static %s place_@(const %s o)\n{\n", wide ? "long" : "int",
	    wide ? "ulong" : "uint");
	onn_cl_print_axes(text, &axes, wide);
	onn_text_add(text, "\treturn 0");
	onn_cl_print_place(text, &step->u.pointwise.program.output[0].view, &axes, wide);
	onn_text_add(
	    text, ";\n}\n#define PLACE(o) place_@(o)\n#define STORED %d\n", last->stored ? 1 : 0);
	onn_cl_print_also(text, s, &last->also, wide);
	onn_text_add(text, "#define ALSO_PARAMETERS ");
	onn_cl_print_also_parameters(text, s, &last->also);
	onn_text_add(text, "\n");
}

static void pass_end(onn_cl_executable *e, const onn_step *step, const end *last, double own)
{
	const onn_view *out = &step->u.pointwise.program.output[0].view;

	onn_cl_pass_value(e, out->value, out->offset);
	onn_cl_pass_also(e, &last->also);
	if (last->also.count > 0)
		onn_cl_moves(e, own + last->bytes);
}

/* Whether a step's writing is in the way of the sums, whose inputs other items still read. */
static bool is_in_the_way(const onn_schedule *s, const onn_program *sum, const onn_program *p)
{
	for (uint32_t j = 0; j < p->noutputs; j++) {
		const uint32_t value = p->output[j].view.value;
		if (onn_cl_overlap(s, value, sum->output[0].view.value))
			return true;
		for (uint32_t i = 0; i < sum->ninputs; i++)
			if (onn_cl_overlap(s, value, sum->input[i].value))
				return true;
	}
	return false;
}

/* Whether step i is one over the sums' elements that can be done where they are made. */
static bool goes_on(uint32_t *given, const onn_cl_executable *e, uint32_t number, const cut *c,
    const onn_cl_also *also, uint32_t i)
{
	const onn_schedule *s = e->base.schedule;
	const onn_step *step = &s->step[i];
	const onn_program *sum = &s->step[number].u.pointwise.program;
	size_t count;

	if (step->kind != ONN_STEP_POINTWISE || e->taken[i] || i == s->early ||
	    onn_cl_fft_waits_at(e, i) ||
	    !onn_size_product(&count, step->u.pointwise.ndim, step->u.pointwise.shape) ||
	    count != c->outer || onn_cl_is_wide(step) ||
	    !onn_cl_find_given(given, s, &sum->output[0].view, i) || *given == 0 ||
	    is_in_the_way(s, sum, &step->u.pointwise.program))
		return false;
	for (uint32_t k = 0; k < also->count; k++)
		if (!onn_cl_is_apart(s, &s->step[also->step[k]], step, true))
			return false;
	return true;
}

/* What goes on with the results of step `number` while they are made: the steps right behind it. */
static onn_status find_end(end *last, onn_cl_executable *e, uint32_t number, const cut *c)
{
	const onn_schedule *s = e->base.schedule;
	const onn_step *step = &s->step[number];
	const onn_program *p = &step->u.pointwise.program;
	const onn_view *out = &p->output[0].view;
	const bool dense =
	    onn_cl_view_is_dense(out, step->u.pointwise.shape, step->u.pointwise.kept);

	for (uint32_t i = number + 1; i < s->nsteps && dense && !e->base.device->check; i++) {
		uint32_t given;
		if (!goes_on(&given, e, number, c, &last->also, i) ||
		    !onn_cl_also_take(&last->also, e, i, given, number, onn_cl_parameter_bytes(p)))
			break;
	}
	last->stored = onn_cl_is_wanted(s, out->value, number, UINT32_MAX, &last->also);
	last->bytes = onn_cl_also_bytes(s, &last->also);
	return onn_cl_also_operations(e, &last->also);
}

/* The second pass: the same reduction of the parts in scratch memory. */
static void add_second_pass(onn_cl_executable *e, uint32_t number, const cut *first,
    const end *last, onn_type type, bool wide)
{
	const onn_step *step = &e->base.schedule->step[number];
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
	print_end(&text, e->base.schedule, step, last, wide);
	print_body(&text, &c);
	size_t section = onn_cl_add_section(e, &text);
	onn_cl_add_work(
	    e, number, c.outer, c.group, c.group * onn_type_size(type), "reduce_%zu", section);
	onn_cl_pass_scratch(
	    e, first->outer * first->segments * onn_type_size(type), onn_type_size(type), 0);
	pass_end(e, step, last, 0);
}

onn_status onn_cl_add_reduce(onn_cl_executable *e, uint32_t number)
{
	const onn_schedule *s = e->base.schedule;
	const onn_step *step = &s->step[number];
	const onn_program *p = &step->u.pointwise.program;
	const bool wide = onn_cl_is_wide(step);
	onn_type type = onn_program_type(p, s->value, p->output[0].reg);
	onn_text text = ONN_TEXT_INIT;
	end last = {.stored = true};
	cut c;

	choose_cut(e->device, step, &c);
	if (c.outer == 0)
		return ONN_OK;
	onn_status status = onn_cl_add_operations(e, p);
	if (!status)
		status = find_end(&last, e, number, &c);
	if (status)
		return status;
	print_common(&text, step, type, wide);
	print_prologue(&text, s, step, type, wide);
	if (c.segments > 1)
		onn_text_add(&text, "#define PLACE(o) (o)\n#define STORED 1\n#define ALSO(i)\n"
		                    "#define ALSO_PARAMETERS\n");
	else
		print_end(&text, s, step, &last, wide);
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
		onn_cl_pass_scratch(
		    e, c.outer * c.segments * onn_type_size(type), onn_type_size(type), 0);
		add_second_pass(e, number, &c, &last, type, wide);
	} else {
		pass_end(e, step, &last, step->bytes);
	}
	return ONN_OK;
}
