/* Pointwise steps: a group's work made of the program's text. */
#include "backend/opencl/merge.h"
#include "backend/opencl/opencl_backend.h"
#include "core/memory.h"

/* What elements are moved as, so that types of a size share a kernel; NULL: they are computed. */
static const char *moved_as(const onn_schedule *s, const onn_program *p)
{
	if (p->ninputs != 1 || p->nimmediates > 0 || p->ninstrs > 0)
		return NULL;
	switch (onn_type_size(s->value[p->input[0].value].type)) {
	case 1:
		return "uchar";
	case 4:
		return "uint";
	case 8:
		return "ulong";
	default:
		return "uint4";
	}
}

/* The number of elements is an argument: what lies evenly in memory takes one kernel for all
 * shapes. */
static void print_kernel(onn_text *text, const onn_schedule *s, const onn_step *step, size_t group)
{
	const onn_program *p = &step->u.pointwise.program;
	const onn_cl_axes axes = {step->u.pointwise.shape, 0, step->u.pointwise.ndim, "i"};
	const bool wide = onn_cl_is_wide(step);
	const char *index = wide ? "ulong" : "uint", *moved = moved_as(s, p);

	onn_text_add(text, "static void pointwise_@(");
	if (moved)
		onn_text_add(text, "__global const %s *x0, ulong p0, ", moved);
	else
		onn_cl_print_parameters(text, s, p, ONN_CL_ALONE);
	for (uint32_t i = 0; i < p->noutputs; i++) {
		const onn_type type = onn_program_type(p, s->value, p->output[i].reg);
		onn_text_add(text, "__global %s%s *y%u, ulong q%u, ", moved ? "" : "pw_",
		    moved ? moved : onn_type_name(type), i, i);
	}
	onn_text_add(text,
	    "const ulong count, const uint group)\n{\n"
	    "\tconst %s i = (%s)group * %zu + (%s)get_local_id(0);\n"
	    "\tif (i >= (%s)count)\n\t\treturn;\n",
	    index, index, group, index, index);
	if (moved) {
		onn_cl_print_axes(text, &axes, wide);
		onn_text_add(text, "\tconst %s r0 = x0[p0", moved);
		onn_cl_print_place(text, &p->input[0], &axes, wide);
		onn_text_add(text, "];\n");
	} else {
		onn_cl_print_registers(text, s, p, &axes, 1, wide, ONN_CL_ALONE);
	}
	onn_cl_print_stores(text, p, &axes, wide);
	onn_text_add(text, "}\n");
}

onn_status onn_cl_add_pointwise(onn_cl_executable *e, uint32_t number)
{
	const onn_schedule *s = e->base.schedule;
	const onn_step *step = &s->step[number];
	const onn_program *p = &step->u.pointwise.program;
	onn_text text = ONN_TEXT_INIT;
	size_t count;

	onn_size_product(&count, step->u.pointwise.ndim, step->u.pointwise.shape);
	if (count == 0)
		return ONN_OK;
	onn_status status = onn_cl_add_operations(e, p);
	if (status)
		return status;
	print_kernel(&text, s, step, e->device->group);
	size_t section = onn_cl_add_section(e, &text);
	onn_cl_say(e, number, "kernel");
	onn_cl_add_work(e, number, onn_size_divide_up(count, e->device->group), e->device->group, 0,
	    "pointwise_%zu", section);
	onn_cl_pass_parameters(e, p, ONN_CL_ALONE);
	for (uint32_t i = 0; i < p->noutputs; i++)
		onn_cl_pass_value(e, p->output[i].view.value, p->output[i].view.offset);
	onn_cl_pass_ulong(e, count);
	return ONN_OK;
}
