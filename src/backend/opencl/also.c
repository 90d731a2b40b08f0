#include "backend/opencl/also.h"

#include "backend/opencl/thresholds.h"

static const onn_step *step_of(const onn_schedule *s, const onn_cl_also *also, uint32_t i)
{
	return &s->step[also->step[i]];
}

static const onn_program *program_of(const onn_schedule *s, const onn_cl_also *also, uint32_t i)
{
	return &step_of(s, also, i)->u.pointwise.program;
}

/* ---- which ---- */

size_t onn_cl_parameter_bytes(const onn_program *p)
{
	size_t bytes = 16 * (size_t)(p->ninputs + p->noutputs);

	for (uint32_t i = 0; i < p->nimmediates; i++)
		bytes += onn_type_size(p->immediate[i].type);
	return bytes + 8 * (size_t)p->ninstrs;
}

bool onn_cl_also_take(onn_cl_also *also, onn_cl_executable *e, uint32_t number, uint32_t given,
    uint32_t in, size_t bytes)
{
	const onn_schedule *s = e->base.schedule;

	if (also->count == ONN_CL_MOST_ALSO)
		return false;
	for (uint32_t i = 0; i < also->count; i++)
		bytes += onn_cl_parameter_bytes(program_of(s, also, i));
	if (bytes + onn_cl_parameter_bytes(&s->step[number].u.pointwise.program) >
	    ONN_CL_JOINT_PARAMETERS)
		return false;
	also->given[also->count] = given;
	also->step[also->count++] = number;
	e->taken[number] = true;
	onn_cl_say(e, number, "in step %u", (unsigned)in);
	return true;
}

onn_status onn_cl_also_operations(onn_cl_executable *e, const onn_cl_also *also)
{
	onn_status status = ONN_OK;

	for (uint32_t i = 0; i < also->count && !status; i++)
		status = onn_cl_add_operations(e, program_of(e->base.schedule, also, i));
	return status;
}

/* ---- text ---- */

/* A step's marks: "a", "b" ... */
static onn_cl_words marked(const onn_cl_also *also, uint32_t i)
{
	static const char *const marks[ONN_CL_MOST_ALSO] = {"a", "b", "c"};

	return (onn_cl_words){marks[i], also->given[i]};
}

static void print_outputs(
    onn_text *text, const onn_schedule *s, const onn_program *p, const char *mark, bool typed)
{
	for (uint32_t j = 0; j < p->noutputs; j++) {
		const char *type = onn_type_name(onn_program_type(p, s->value, p->output[j].reg));
		if (typed)
			onn_text_add(
			    text, "__global pw_%s *%sy%u, ulong %sq%u, ", type, mark, j, mark, j);
		else
			onn_text_add(text, "%sy%u, %sq%u, ", mark, j, mark, j);
	}
}

static void print_function(
    onn_text *text, const onn_schedule *s, const onn_cl_also *also, uint32_t number, bool wide)
{
	const onn_step *step = step_of(s, also, number);
	const onn_program *p = &step->u.pointwise.program;
	const onn_cl_axes axes = {step->u.pointwise.shape, 0, step->u.pointwise.ndim, "i"};
	const onn_cl_words words = {"", also->given[number]};
	const char *given = "uint";

	for (uint32_t i = 0; i < p->ninputs; i++)
		if (words.given >> i & 1)
			given = onn_type_name(s->value[p->input[i].value].type);
	onn_text_add(text, "static void also%u_@(", number);
	onn_cl_print_parameters(text, s, p, words);
	print_outputs(text, s, p, "", true);
	onn_text_add(text, "const %s%s given, const %s i)\n{\n\t(void)given;\n",
	    words.given ? "pw_" : "", given, wide ? "ulong" : "uint");
	onn_cl_print_registers(text, s, p, &axes, 1, wide, words);
	onn_cl_print_stores(text, p, &axes, wide);
	onn_text_add(text, "}\n");
}

void onn_cl_print_also(onn_text *text, const onn_schedule *s, const onn_cl_also *also, bool wide)
{
	for (uint32_t i = 0; i < also->count; i++)
		print_function(text, s, also, i, wide);
	onn_text_add(text, "#define ALSO(i)");
	for (uint32_t i = 0; i < also->count; i++) {
		const onn_program *p = program_of(s, also, i);
		onn_text_add(text, " also%u_@(", i);
		onn_cl_print_names(text, p, marked(also, i));
		print_outputs(text, s, p, marked(also, i).mark, false);
		onn_text_add(text, "%s, i);", also->given[i] ? "given" : "0");
	}
	onn_text_add(text, "\n");
}

void onn_cl_print_also_parameters(onn_text *text, const onn_schedule *s, const onn_cl_also *also)
{
	for (uint32_t i = 0; i < also->count; i++) {
		const onn_program *p = program_of(s, also, i);
		onn_cl_print_parameters(text, s, p, marked(also, i));
		print_outputs(text, s, p, marked(also, i).mark, true);
	}
}

void onn_cl_pass_also(onn_cl_executable *e, const onn_cl_also *also)
{
	for (uint32_t i = 0; i < also->count; i++) {
		const onn_program *p = program_of(e->base.schedule, also, i);
		onn_cl_pass_parameters(e, p, marked(also, i));
		for (uint32_t j = 0; j < p->noutputs; j++)
			onn_cl_pass_value(e, p->output[j].view.value, p->output[j].view.offset);
	}
}

/* ---- bytes ---- */

/* Of the elements that a view goes through, each once. */
static double view_bytes(
    const onn_schedule *s, const onn_view *view, const size_t *shape, uint32_t ndim)
{
	double bytes = (double)onn_type_size(s->value[view->value].type);

	for (uint32_t d = 0; d < ndim; d++)
		bytes *= view->stride[d] != 0 ? (double)shape[d] : 1;
	return bytes;
}

double onn_cl_input_bytes(const onn_schedule *s, const onn_step *step, uint32_t given)
{
	const onn_program *p = &step->u.pointwise.program;
	double bytes = 0;

	for (uint32_t i = 0; i < p->ninputs; i++)
		if (!(given >> i & 1))
			bytes += view_bytes(
			    s, &p->input[i], step->u.pointwise.shape, step->u.pointwise.ndim);
	return bytes;
}

double onn_cl_also_bytes(const onn_schedule *s, const onn_cl_also *also)
{
	double bytes = 0;

	for (uint32_t i = 0; i < also->count; i++) {
		const onn_step *step = step_of(s, also, i);
		const onn_program *p = &step->u.pointwise.program;
		bytes += onn_cl_input_bytes(s, step, also->given[i]);
		for (uint32_t j = 0; j < p->noutputs; j++)
			bytes += view_bytes(
			    s, &p->output[j].view, step->u.pointwise.shape, step->u.pointwise.ndim);
	}
	return bytes;
}
