/*
 * Pointwise programs as OpenCL text. Each number of a program is a kernel argument, and so are the
 * places of its inputs and outputs; shapes and strides are integers in the text.
 */
#include "backend/opencl/opencl_backend.h"
#include "backend/opencl/thresholds.h"
#include "core/memory.h"

static onn_type input_type(const onn_schedule *s, const onn_program *p, uint32_t i)
{
	return s->value[p->input[i].value].type;
}

/* Operations that take a seed and a stream. */
static bool is_random(onn_op op) { return op == ONN_OP_RANDOM || op == ONN_OP_POISSON; }

static bool is_given(onn_cl_words words, uint32_t input) { return words.given >> input & 1; }

void onn_cl_print_parameters(
    onn_text *text, const onn_schedule *s, const onn_program *p, onn_cl_words words)
{
	const char *mark = words.mark;

	for (uint32_t i = 0; i < p->ninputs; i++)
		if (!is_given(words, i))
			onn_text_add(text, "__global const pw_%s *%sx%u, ulong %sp%u, ",
			    onn_type_name(input_type(s, p, i)), mark, i, mark, i);
	for (uint32_t i = 0; i < p->nimmediates; i++)
		onn_text_add(
		    text, "const pw_%s %sc%u, ", onn_type_name(p->immediate[i].type), mark, i);
	for (uint32_t i = 0; i < p->ninstrs; i++)
		if (is_random(p->instr[i].op))
			onn_text_add(
			    text, "const uint %slow%u, const uint %shigh%u, ", mark, i, mark, i);
}

void onn_cl_print_names(onn_text *text, const onn_program *p, onn_cl_words words)
{
	const char *mark = words.mark;

	for (uint32_t i = 0; i < p->ninputs; i++)
		if (!is_given(words, i))
			onn_text_add(text, "%sx%u, %sp%u, ", mark, i, mark, i);
	for (uint32_t i = 0; i < p->nimmediates; i++)
		onn_text_add(text, "%sc%u, ", mark, i);
	for (uint32_t i = 0; i < p->ninstrs; i++)
		if (is_random(p->instr[i].op))
			onn_text_add(text, "%slow%u, %shigh%u, ", mark, i, mark, i);
}

static void pass_immediate(onn_cl_executable *e, const onn_immediate *c)
{
	unsigned char number[16];

	onn_immediate_store(number, c);
	onn_cl_pass_number(e, c->type, number);
}

void onn_cl_pass_parameters(onn_cl_executable *e, const onn_program *p, onn_cl_words words)
{
	for (uint32_t i = 0; i < p->ninputs; i++)
		if (!is_given(words, i))
			onn_cl_pass_input(e, p->input[i].value, p->input[i].offset);
	for (uint32_t i = 0; i < p->nimmediates; i++)
		pass_immediate(e, &p->immediate[i]);
	for (uint32_t i = 0; i < p->ninstrs; i++)
		if (is_random(p->instr[i].op))
			onn_cl_pass_seed(e, p->instr[i].seed);
}

/* ---- user operations ---- */

static bool is_written(const onn_cl_executable *e, const onn_operation *operation)
{
	for (size_t i = 0; i < e->operations; i++)
		if (e->operation[i] == operation)
			return true;
	return false;
}

/* For each precision: real and R(x) are what the user's text is written in, and the library's with
 * PW_R(name) of cl/shared. */
static void write_operation(onn_cl_executable *e, const onn_operation *operation)
{
	for (int bits = 32; bits <= 64; bits *= 2) {
		onn_text_add(&e->functions,
		    "#if ONN_FP64 || %d == 32\n#define real pw_f%d\n#define R(x) %s\n"
		    "#define PW_R(name) pw_##name##_f%d\n"
		    "static real custom_%s_f%d(",
		    bits, bits, bits == 32 ? "x##f" : "x", bits, operation->name, bits);
		for (int i = 0; i < operation->arity; i++)
			onn_text_add(&e->functions, "%sreal %c", i ? ", " : "", 'a' + i);
		onn_text_add(&e->functions,
		    ")\n{\n%s\n}\n#undef real\n#undef R\n#undef PW_R\n#endif\n", operation->opencl);
	}
}

onn_status onn_cl_add_operations(onn_cl_executable *e, const onn_program *p)
{
	for (uint32_t i = 0; i < p->ninstrs; i++) {
		const onn_operation *operation = p->instr[i].custom;
		if (p->instr[i].op != ONN_OP_CUSTOM || is_written(e, operation))
			continue;
		if (!operation->opencl)
			return onn_error(ONN_ERROR_UNSUPPORTED,
			    "onn_plan_create: operation %s has no OpenCL text, which device %s "
			    "needs",
			    operation->name, e->base.device->name);
		if (!onn_grow(&e->operation, &e->operation_room, e->operations + 1,
		        sizeof *e->operation)) {
			e->no_memory = true;
			return ONN_OK;
		}
		e->operation[e->operations++] = operation;
		write_operation(e, operation);
	}
	return ONN_OK;
}

/* ---- places ---- */

static bool fits(ptrdiff_t n) { return n > -ONN_CL_NARROW && n < ONN_CL_NARROW; }

bool onn_cl_view_is_wide(const onn_view *v, const size_t *shape, uint32_t ndim)
{
	ptrdiff_t most = 0;

	for (uint32_t d = 0; d < ndim; d++) {
		ptrdiff_t stride = v->stride[d] < 0 ? -v->stride[d] : v->stride[d];
		if (!fits(stride))
			return true;
		most += stride * (ptrdiff_t)shape[d];
	}
	return !fits(most);
}

bool onn_cl_is_wide(const onn_step *step)
{
	const onn_program *p = &step->u.pointwise.program;
	const size_t *shape = step->u.pointwise.shape;
	uint32_t ndim = step->u.pointwise.ndim;
	size_t count = 1;

	for (uint32_t d = 0; d < ndim; d++) {
		count *= shape[d];
		if (count > ONN_CL_NARROW)
			return true;
	}
	for (uint32_t i = 0; i < p->ninputs; i++)
		if (onn_cl_view_is_wide(&p->input[i], shape, ndim))
			return true;
	for (uint32_t i = 0; i < p->noutputs; i++)
		if (onn_cl_view_is_wide(&p->output[i].view, shape, ndim))
			return true;
	return false;
}

/*
 * Whether the view moves through these axes as one: by a fixed stride an element, put into *stride.
 * Without axes there is one element, at which any stride is right: the usual one, so that the text
 * is that of dense elements.
 */
static bool is_even(const onn_view *view, const onn_cl_axes *axes, ptrdiff_t *stride)
{
	ptrdiff_t expected;

	*stride = axes->last > axes->first ? view->stride[axes->last - 1] : 1;
	expected = *stride;
	for (uint32_t d = axes->last; d > axes->first; d--) {
		if (view->stride[d - 1] != expected && axes->shape[d - 1] != 1)
			return false;
		expected *= (ptrdiff_t)axes->shape[d - 1];
	}
	return true;
}

bool onn_cl_view_is_dense(const onn_view *view, const size_t *shape, uint32_t ndim)
{
	const onn_cl_axes axes = {shape, 0, ndim, ""};
	ptrdiff_t stride;

	return is_even(view, &axes, &stride) && stride == 1;
}

void onn_cl_print_axes(onn_text *text, const onn_cl_axes *axes, bool wide)
{
	const char *suffix = wide ? "ul" : "u";
	size_t below = 1; /* elements that a step along the axis passes over */

	if (axes->last - axes->first < 2)
		return;
	for (uint32_t d = axes->last; d > axes->first; d--) {
		onn_text_add(text, "\tconst %s i%u = ", wide ? "long" : "int", d - 1);
		onn_text_add(text, "%s", axes->variable);
		if (below > 1)
			onn_text_add(text, " / %zu%s", below, suffix);
		below *= axes->shape[d - 1];
		if (d - 1 > axes->first)
			onn_text_add(text, " %% %zu%s", axes->shape[d - 1], suffix);
		onn_text_add(text, ";\n");
	}
}

void onn_cl_print_place(onn_text *text, const onn_view *view, const onn_cl_axes *axes, bool wide)
{
	const char *signed_type = wide ? "long" : "int";
	ptrdiff_t stride;

	if (is_even(view, axes, &stride)) {
		if (stride != 0)
			onn_text_add(
			    text, " + (%s)%s * (%td)", signed_type, axes->variable, stride);
		return;
	}
	for (uint32_t d = axes->first; d < axes->last; d++)
		if (view->stride[d] != 0)
			onn_text_add(text, " + i%u * (%td)", d, view->stride[d]);
}

void onn_cl_print_stores(onn_text *text, const onn_program *p, const onn_cl_axes *axes, bool wide)
{
	for (uint32_t i = 0; i < p->noutputs; i++) {
		onn_text_add(text, "\ty%u[q%u", i, i);
		onn_cl_print_place(text, &p->output[i].view, axes, wide);
		onn_text_add(text, "] = r%u;\n", p->output[i].reg);
	}
}

/* ---- registers ---- */

static void print_operands(onn_text *text, const onn_instr *instr)
{
	for (uint16_t i = 0; i < instr->arity; i++)
		onn_text_add(text, "%sr%u", i ? ", " : "", instr->src[i]);
}

static void print_instr(onn_text *text, const onn_instr *instr, uint32_t number)
{
	const char *type = onn_type_name(instr->type), *source = onn_type_name(instr->source);

	switch (instr->op) {
	case ONN_OP_CAST:
		onn_text_add(text, "pw_cast_%s_%s(", source, type);
		break;
	case ONN_OP_RANDOM:
		onn_text_add(text, "pw_random_%s(", type);
		break;
	case ONN_OP_CUSTOM:
		onn_text_add(text, "custom_%s_%s(", instr->custom->name, type);
		break;
	default:
		onn_text_add(text, "pw_%s_%s(", onn_op_name(instr->op), source);
	}
	print_operands(text, instr);
	if (instr->op == ONN_OP_SINC)
		onn_text_add(text, ", %u", (unsigned)instr->order);
	if (is_random(instr->op))
		onn_text_add(text, ", low%u, high%u, %uu", number, number, (unsigned)instr->stream);
	onn_text_add(text, ")");
}

void onn_cl_print_registers(onn_text *text, const onn_schedule *s, const onn_program *p,
    const onn_cl_axes *axes, size_t groups, bool wide, onn_cl_words words)
{
	uint32_t reg = 0;

	for (size_t g = 0; g < groups; g++)
		onn_cl_print_axes(text, &axes[g], wide);
	for (uint32_t i = 0; i < p->ninputs; i++, reg++) {
		const char *type = onn_type_name(input_type(s, p, i));
		if (is_given(words, i)) {
			onn_text_add(text, "\tconst pw_%s r%u = given;\n", type, reg);
			continue;
		}
		onn_text_add(text, "\tconst pw_%s r%u = x%u[p%u", type, reg, i, i);
		for (size_t g = 0; g < groups; g++)
			onn_cl_print_place(text, &p->input[i], &axes[g], wide);
		onn_text_add(text, "];\n");
	}
	for (uint32_t i = 0; i < p->nimmediates; i++, reg++)
		onn_text_add(text, "\tconst pw_%s r%u = c%u;\n",
		    onn_type_name(p->immediate[i].type), reg, i);
	for (uint32_t i = 0; i < p->ninstrs; i++, reg++) {
		onn_text_add(text, "\tconst pw_%s r%u = ", onn_type_name(p->instr[i].type), reg);
		print_instr(text, &p->instr[i], i);
		onn_text_add(text, ";\n");
	}
}
