/*
 * Kernels of whole lines, written (cl/fourier/lines.cl) and launched: what stands before and behind
 * the transforms is text of the programs of one step or several.
 */
#include <string.h>

#include "kernels.h"

#include "backend/opencl/fourier/fourier.h"
#include "core/memory.h"

/* ---- a kernel ---- */

typedef struct kernel {
	const onn_cl_whole *f;
	const onn_step *source, *sink; /* whose program loads, and whose result is stored */
	const onn_cl_also *also;
	bool columns, stored, joint;
	uint32_t given; /* of the source, at a joint */
	int first, middle, last;
	size_t n, width, total;           /* columns: total fields; else rows */
	size_t in[2], out[2], between[2]; /* from, count */
	size_t first_field;
} kernel;

static void print_passes(onn_text *text, size_t n)
{
	onn_text_add(text, "#define PASSES");
	for (size_t below = 1, rest = n; rest > 1;) {
		const size_t radix = onn_cl_next_factor(rest);
		const bool direct = radix > 5 && radix != 8;
		onn_text_add(text, " %s(%zu, %zu)", direct ? "DIRECT" : "PASS", radix, below);
		below *= radix;
		rest /= radix;
	}
	onn_text_add(text, "\n");
}

static void print_type(onn_text *text, onn_type type, size_t lanes)
{
	const char *real = onn_type_name(onn_type_real(type));

	onn_text_add(text, "#define T pw_%s\n#define S pw_%s\n", onn_type_name(type), real);
	if (lanes == 1)
		onn_text_add(text, "#define V pw_%s\n", real);
	else
		onn_text_add(
		    text, "#define V %s%zu\n", type == ONN_C64 ? "float" : "double", lanes);
}

static void print_shape(onn_text *text, const kernel *k, const onn_cl_group *g)
{
	const struct {
		const char *name;
		size_t number;
	} words[] = {{"ITEMS", g->items}, {"PER", g->per}, {"LINES", g->lines}, {"LANES", g->lanes},
	    {"SPREAD", g->spread}, {"N", k->n}, {"COLUMNS", k->columns}, {"PITCH", k->f->pitch},
	    {"ROWS", k->f->rows}, {"WIDTH", k->width},
	    {"PADDED", onn_size_round_up(k->width, g->lanes)}, {"IN_FROM", k->in[0]},
	    {"IN_COUNT", k->in[1]}, {"OUT_FROM", k->out[0]}, {"OUT_COUNT", k->out[1]},
	    {"JOINT_FROM", k->between[0]}, {"JOINT_COUNT", k->between[1]},
	    {"PROGRAM", k->source && !k->joint}, {"STORE", k->sink && !k->joint},
	    {"STORED", k->stored}};

	/* no name is the beginning of another: Oclgrind would count both kernels' memory */
	onn_text_add(
	    text, "#define NAME whole_@_lines\n#define I %s\n", k->f->wide ? "ulong" : "uint");
	print_type(text, k->f->type, g->lanes);
	print_passes(text, k->n);
	for (size_t i = 0; i < ONN_COUNT(words); i++)
		onn_text_add(text, "#define %s %zu\n", words[i].name, words[i].number);
	onn_text_add(text, "#define FIRST %d\n#define MIDDLE %d\n#define LAST %d\n", k->first,
	    k->middle, k->last);
}

static onn_cl_words alone(uint32_t given) { return (onn_cl_words){"", given}; }

/* The value for element i: of the program of a step; at a joint with inputs that are `given`. */
static void print_element(onn_text *text, const onn_schedule *s, const kernel *k)
{
	const onn_program *p = &k->source->u.pointwise.program;
	const onn_cl_axes axes = {
	    k->source->u.pointwise.shape, 0, k->source->u.pointwise.ndim, "i"};

	onn_text_add(text, "static T element_@(");
	onn_cl_print_parameters(text, s, p, alone(k->given));
	onn_text_add(text, "const T given, const I i)\n{\n\t(void)given;\n");
	onn_cl_print_registers(text, s, p, &axes, 1, k->f->wide, alone(k->given));
	onn_text_add(text, "\treturn r%u;\n}\n#define ELEMENT(i) element_@(", p->output[0].reg);
	onn_cl_print_names(text, p, alone(k->given));
	onn_text_add(text, "%s, i)\n", k->joint ? "given" : "(T)(0)");
}

static void print_programs(onn_text *text, const onn_schedule *s, const kernel *k)
{
	static const onn_cl_also none = {0};
	const onn_cl_also *also = k->also ? k->also : &none;

	if (k->source)
		print_element(text, s, k);
	onn_cl_print_also(text, s, also, k->f->wide);
	onn_text_add(text, "#define PARAMETERS ");
	if (k->source)
		onn_cl_print_parameters(text, s, &k->source->u.pointwise.program, alone(k->given));
	onn_cl_print_also_parameters(text, s, also);
	onn_text_add(text, "\n");
}

/* Where element i of the result, or the filter of field o, is. */
static void print_view(onn_text *text, const kernel *k, const char *word, const onn_cl_axes *axes,
    const onn_view *view)
{
	onn_text_add(text, "static %s %s_@(const I %s)\n{\n", k->f->wide ? "long" : "int", word,
	    axes->variable);
	onn_cl_print_axes(text, axes, k->f->wide);
	onn_text_add(text, "\treturn 0");
	onn_cl_print_place(text, view, axes, k->f->wide);
	onn_text_add(text, ";\n}\n");
}

static void print_places(onn_text *text, const kernel *k)
{
	const onn_transform *t = &k->f->step->u.pointwise.transform;
	const uint32_t nbatch = k->f->step->u.pointwise.ndim - 2;
	size_t shape[ONN_MAX_DIMS];

	if (k->stored) {
		const onn_step *sink = k->sink;
		const onn_cl_axes axes = {shape, 0, nbatch + 2, "i"};
		memcpy(shape, sink->u.pointwise.shape, sizeof shape);
		shape[nbatch] = sink->u.pointwise.transform.size[0];
		shape[nbatch + 1] = sink->u.pointwise.transform.size[1];
		print_view(text, k, "place", &axes, &sink->u.pointwise.program.output[0].view);
		onn_text_add(text, "#define PLACE(i) place_@(i)\n");
	}
	if (k->middle == 1) {
		const onn_cl_axes axes = {k->f->step->u.pointwise.shape, 0, nbatch, "o"};
		print_view(text, k, "filter", &axes, &t->filter);
		onn_text_add(text, "#define FILTER(o) filter_@(o)\n");
	}
}

static void pass_scale(onn_cl_executable *e, onn_type type, double scale)
{
	const cl_float single = (cl_float)scale;

	if (type == ONN_C64)
		onn_cl_pass_bytes(e, &single, sizeof single);
	else
		onn_cl_pass_bytes(e, &scale, sizeof scale);
}

static void pass_arguments(onn_cl_executable *e, const kernel *k, uint32_t table)
{
	const onn_cl_whole *f = k->f;

	if (k->source)
		onn_cl_pass_parameters(e, &k->source->u.pointwise.program, alone(k->given));
	if (k->also)
		onn_cl_pass_also(e, k->also);
	if (k->sink) {
		const onn_view *out = &k->sink->u.pointwise.program.output[0].view;
		onn_cl_pass_value(e, out->value, out->offset);
		pass_scale(e, f->type, f->scale);
	}
	if (k->middle == 1) {
		const onn_transform *t = &f->step->u.pointwise.transform;
		onn_cl_pass_input(e, t->filter.value, t->filter.offset);
		onn_cl_pass_int(e, t->conjugate);
		pass_scale(e, f->type, f->filter_scale);
	}
	/* rows that are read and stored at once touch no plane, but one is an argument */
	onn_cl_pass_plane(
	    e, (f->planes ? f->part * f->rows * f->pitch : 1) * onn_type_size(f->type));
	onn_cl_pass_table(e, table);
	onn_cl_pass_ulong(e, k->first_field);
	if (f->wide)
		onn_cl_pass_ulong(e, k->total);
	else
		onn_cl_pass_uint(e, k->total);
}

/* What the kernel reads and writes; of a program's or filter's part in proportion to fields. */
static double moved(const onn_schedule *s, const kernel *k)
{
	const onn_cl_whole *f = k->f;
	const onn_transform *t = &f->step->u.pointwise.transform;
	const double size = (double)onn_type_size(f->type);
	const double fields = k->columns ? (double)k->total : (double)k->total / (double)f->rows;
	const double part = fields / (double)f->fields, lines = (double)(k->total * k->width);
	double bytes = 0;

	if (!k->source || k->joint)
		bytes += lines * (double)k->in[1] * size;
	if (!k->sink || k->joint)
		bytes += lines * (double)k->out[1] * size;
	if (k->source)
		bytes += part * onn_cl_input_bytes(s, k->source, k->given);
	if (k->stored)
		bytes += fields * (double)(f->size[0] * f->size[1]) * size;
	if (k->middle == 1)
		bytes += (double)(t->n[0] * t->n[1]) * size;
	if (k->also)
		bytes += onn_cl_also_bytes(s, k->also);
	return bytes;
}

static onn_status add_kernel(onn_cl_executable *e, uint32_t step, const kernel *k)
{
	static const char *const words[] = {"ITEMS", "PER", "LINES", "LANES", "SPREAD", "N",
	    "COLUMNS", "PITCH", "ROWS", "WIDTH", "PADDED", "IN_FROM", "IN_COUNT", "OUT_FROM",
	    "OUT_COUNT", "JOINT_FROM", "JOINT_COUNT", "PROGRAM", "STORE", "STORED", "NAME", "I",
	    "T", "S", "V", "PASSES", "FIRST", "MIDDLE", "LAST", "ELEMENT", "ALSO", "PLACE",
	    "FILTER", "PARAMETERS"};
	onn_text text = ONN_TEXT_INIT;
	uint32_t table;
	const size_t lines = k->columns ? k->total * k->width : k->total;
	const onn_cl_group g = onn_cl_line_group(e->device, k->f->type, k->n, lines, k->columns);
	const size_t padded =
	    k->columns ? k->total * onn_size_round_up(k->width, g.lanes) : k->total;
	onn_status status = onn_cl_fft_table(&table, e, k->f->type, k->n, 0);

	if (status)
		return status;
	print_shape(&text, k, &g);
	print_programs(&text, e->base.schedule, k);
	print_places(&text, k);
	onn_text_add(&text, "%s", onn_cl_text_lines);
	for (size_t i = 0; i < ONN_COUNT(words); i++)
		onn_text_add(&text, "#undef %s\n", words[i]);
	const size_t section = onn_cl_add_section(e, &text);
	onn_cl_add_kernel(e, step, onn_size_divide_up(padded, g.lines * g.lanes) * g.items, g.items,
	    "whole_%zu_lines", section);
	pass_arguments(e, k, table);
	onn_cl_moves(e, moved(e->base.schedule, k));
	return ONN_OK;
}

/* ---- launches ---- */

static int way(const onn_transform *t) { return t->inverse ? -1 : 1; }

/* Rows, which are read from `source` or the plane, and stored or go back there. */
static onn_status add_rows(
    onn_cl_executable *e, const onn_cl_whole *f, size_t first, size_t fields, bool store)
{
	const onn_transform *t = &f->step->u.pointwise.transform;
	const kernel k = {.f = f,
	    .source = f->planes ? NULL : f->step,
	    .sink = store ? f->step : NULL,
	    .stored = store,
	    .first = t->filtered ? 1 : way(t),
	    .middle = t->filtered,
	    .last = t->filtered ? -1 : 0,
	    .n = f->n[1],
	    .width = 1,
	    .total = fields * f->rows,
	    .in = {f->at[1], f->shape[1]},
	    .out = {f->from[1], f->size[1]},
	    .first_field = first};

	return add_kernel(e, f->number, &k);
}

onn_status onn_cl_whole_rows(
    onn_cl_executable *e, const onn_cl_whole *f, size_t first, size_t fields)
{
	const bool filtered = f->step->u.pointwise.transform.filtered;

	return add_rows(e, f, first, fields, !f->planes || !filtered);
}

onn_status onn_cl_whole_columns(
    onn_cl_executable *e, const onn_cl_whole *f, size_t first, size_t fields)
{
	const onn_transform *t = &f->step->u.pointwise.transform;
	const kernel k = {.f = f,
	    .source = f->step,
	    .columns = true,
	    .first = t->filtered ? 1 : way(t),
	    .n = f->n[0],
	    .width = f->shape[1],
	    .total = fields,
	    .in = {f->at[0], f->shape[0]},
	    .out = {t->filtered ? 0 : f->from[0], f->rows},
	    .first_field = first};

	return add_kernel(e, f->number, &k);
}

onn_status onn_cl_whole_end(onn_cl_executable *e, const onn_cl_whole *f, size_t first,
    size_t fields, bool stored, const onn_cl_also *also)
{
	const kernel k = {.f = f,
	    .sink = f->step,
	    .also = also,
	    .columns = true,
	    .stored = stored,
	    .first = -1,
	    .n = f->n[0],
	    .width = f->size[1],
	    .total = fields,
	    .in = {0, f->n[0]},
	    .out = {f->from[0], f->size[0]},
	    .first_field = first};

	return add_kernel(e, f->number, &k);
}

onn_status onn_cl_whole_join(onn_cl_executable *e, const onn_cl_whole *f, const onn_cl_whole *to,
    uint32_t given, bool stored, const onn_cl_also *also)
{
	const kernel k = {.f = f,
	    .source = to->step,
	    .sink = f->step,
	    .also = also,
	    .columns = true,
	    .stored = stored,
	    .joint = true,
	    .given = given,
	    .first = -1,
	    .middle = 2,
	    .last = 1,
	    .n = f->n[0],
	    .width = f->size[1],
	    .total = f->fields,
	    .in = {0, f->n[0]},
	    .out = {0, f->n[0]},
	    .between = {f->from[0], f->size[0]}};

	return add_kernel(e, to->number, &k);
}
