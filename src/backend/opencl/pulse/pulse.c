/*
 * Pulses through media: cl/pulse.cl, behind the shared text of what happens to a row.
 */
#include "kernels.h"

#include <stdio.h>

#include "backend/opencl/opencl_backend.h"
#include "backend/opencl/thresholds.h"
#include "backend/pulse_work.h"
#include "core/memory.h"

/* The kernel of that name, which ends with the type's. */
static void add_kernel(onn_cl_executable *e, const char *name, bool adjoint, onn_type type)
{
	static const char *const words[] = {"T", "PULSE", "ROW", "ADJOINT", "GROUP"};
	onn_text text = ONN_TEXT_INIT;

	onn_text_add(&text, "%s#define T pw_%s\n#define PULSE %s\n#define ROW pw_%s\n",
	    onn_cl_text_pulse_all, onn_type_name(type), name, name);
	onn_text_add(&text, "%s#define GROUP %d\n%s", adjoint ? "#define ADJOINT\n" : "",
	    ONN_CL_PULSE_GROUP, onn_cl_text_pulse);
	for (size_t i = 0; i < ONN_COUNT(words); i++)
		onn_text_add(&text, "#undef %s\n", words[i]);
	onn_cl_add_section(e, &text);
}

/* Work items: as many as keep the device busy, or as there is working memory for. */
static size_t items_of(const onn_cl_device *d, size_t rows, size_t bytes)
{
	size_t busy = (size_t)d->units * ONN_CL_PULSE_ITEMS, room = ONN_CL_WORKSPACE / bytes;
	size_t items = rows < busy ? rows : busy;
	return items < room ? items : room > 0 ? room : 1;
}

onn_status onn_cl_add_pulse(onn_cl_executable *e, uint32_t number)
{
	const onn_step *step = &e->base.schedule->step[number];
	const onn_pulse_rows *kind = &step->u.pulse.kind;
	const onn_type type = e->base.schedule->value[step->u.pulse.out].type;
	const bool adjoint = step->u.pulse.adjoint;
	const size_t rows = step->u.pulse.rows, size = onn_type_size(type);
	const uint32_t segment = onn_pulse_segment(kind, ONN_CL_PULSE_TAPE / size);
	const size_t numbers = onn_pulse_work(kind, adjoint, segment);
	const size_t items = items_of(e->device, rows, numbers * size);
	char name[32];

	snprintf(name, sizeof name, "pulse_%s%s_%s", onn_pulse_way(kind), adjoint ? "_adjoint" : "",
	    onn_type_name(type));
	add_kernel(e, name, adjoint, type);
	onn_cl_say(e, number, "kernel %s, %zu rows at once", name, items);
	onn_cl_add_kernel(e, number, items, ONN_CL_PULSE_GROUP, "%s", name);
	onn_cl_pass_value(e, step->u.pulse.light, 0);
	onn_cl_pass_value(e, step->u.pulse.state, 0);
	onn_cl_pass_value(e, step->u.pulse.parameters, 0);
	if (adjoint)
		onn_cl_pass_value(e, step->u.pulse.cotangent, 0);
	onn_cl_pass_value(e, step->u.pulse.out, 0);
	onn_cl_pass_scratch(e, numbers * items * size, size, 0);
	onn_cl_pass_uint(e, kind->slots);
	onn_cl_pass_uint(e, kind->cells);
	onn_cl_pass_uint(e, kind->classes);
	onn_cl_pass_uint(e, (uint32_t)onn_pulse_rows_planes(kind));
	onn_cl_pass_uint(e, kind->lossy);
	onn_cl_pass_uint(e, kind->record);
	onn_cl_pass_uint(e, segment);
	onn_cl_pass_ulong(e, items);
	onn_cl_pass_ulong(e, rows);
	onn_cl_pass_ulong(e, onn_pulse_rows_light(kind));
	onn_cl_pass_ulong(e, step->u.pulse.one_state ? 0 : onn_pulse_rows_state(kind));
	onn_cl_pass_ulong(e, step->u.pulse.one_parameters ? 0 : onn_pulse_rows_parameters(kind));
	onn_cl_pass_ulong(e, adjoint ? onn_pulse_rows_gradients(kind) : onn_pulse_rows_given(kind));
	onn_cl_pass_ulong(e, onn_pulse_rows_given(kind));
	return ONN_OK;
}
