/*
 * Pulses through media: a chunk is some rows, which a kernel works on together, one in each lane.
 */
#include "backend/c/pulse/kernels.h"
#include "backend/c/thresholds.h"
#include "core/memory.h"

typedef struct pulse {
	onn_pulse_kernel kernel;
	onn_c_place in[4], out;
	size_t operands;
	size_t lanes;   /* of a chunk */
	size_t out_row; /* bytes */
	pw_pulse p;     /* but for the rows of a chunk */
} pulse;

static void pulse_work(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	const pulse *s = data;
	const void *in[4] = {NULL};
	pw_pulse p = s->p;
	for (size_t i = 0; i < s->operands; i++)
		in[i] = onn_c_at(thread, s->in[i]);
	for (size_t chunk = begin; chunk < end; chunk++) {
		p.first = chunk * s->lanes;
		s->kernel(&p, in, onn_c_at(thread, s->out), thread->scratch);
	}
}

static size_t pulse_edge(const void *data, size_t chunk)
{
	const pulse *s = data;
	return chunk * s->lanes * s->out_row;
}

static bool is_narrow(const onn_pulse_rows *kind, size_t rows)
{
	bool many = kind->model && kind->classes >= ONN_C_PULSE_NARROW_CLASSES;
	return rows <= (many ? ONN_C_PULSE_NARROW_ROWS : 1);
}

static const onn_pulse_kernels *choose(const onn_c_builder *b, bool narrow)
{
#ifdef ONN_X86_KERNELS
	const bool avx512 = b->kernels == &onn_kernels_avx512;
	if (avx512 && !narrow)
		return &onn_pulse_avx512;
	if (avx512 || b->kernels == &onn_kernels_avx2)
		return narrow ? &onn_pulse_avx2_narrow : &onn_pulse_avx2;
#endif
	(void)b;
	return narrow ? &onn_pulse_baseline_narrow : &onn_pulse_baseline;
}

/* The sizes of a step for the kernels. */
static pw_pulse sizes_of(const onn_step *step, uint32_t segment, size_t lanes, size_t room)
{
	const onn_pulse_rows *kind = &step->u.pulse.kind;
	bool adjoint = step->u.pulse.adjoint;
	return (pw_pulse){.model = kind->model,
	    .slots = kind->slots,
	    .cells = kind->cells,
	    .classes = kind->classes,
	    .planes = (pw_u32)onn_pulse_rows_planes(kind),
	    .lossy = kind->lossy,
	    .record = kind->record,
	    .segment = segment,
	    .lanes = (pw_u32)lanes,
	    .rows = step->u.pulse.rows,
	    .stride = room,
	    .light_row = onn_pulse_rows_light(kind),
	    .state_row = step->u.pulse.one_state ? 0 : onn_pulse_rows_state(kind),
	    .parameter_row = step->u.pulse.one_parameters ? 0 : onn_pulse_rows_parameters(kind),
	    .out_row = adjoint ? onn_pulse_rows_gradients(kind) : onn_pulse_rows_given(kind),
	    .cotangent_row = onn_pulse_rows_given(kind)};
}

/* Enough rows to share among threads, as many vectors as hide a function's latency; room: lanes. */
static size_t lanes_of(size_t rows, const onn_pulse_kernels *kernels, size_t size, size_t room)
{
	size_t unit = kernels->unit ? kernels->unit / size : 1;
	size_t lanes = onn_size_round_up(onn_size_divide_up(rows, ONN_C_BLOCKS), unit);
	return onn_size_least(lanes, room);
}

onn_status onn_c_prepare_pulse(onn_c_builder *b, const onn_step *step)
{
	const onn_pulse_rows *kind = &step->u.pulse.kind;
	const onn_type type = b->schedule->value[step->u.pulse.out].type;
	const bool adjoint = step->u.pulse.adjoint;
	const size_t size = onn_type_size(type), rows = step->u.pulse.rows;
	const uint32_t value[4] = {step->u.pulse.light, step->u.pulse.state,
	    step->u.pulse.parameters, step->u.pulse.cotangent};
	pulse *s = onn_c_allocate(b, sizeof *s);
	if (!s)
		return ONN_ERROR_MEMORY;
	const onn_pulse_kernels *kernels = choose(b, is_narrow(kind, rows));
	const size_t room = kernels->room ? kernels->room / size : 1;
	uint32_t segment = onn_pulse_segment(kind, ONN_C_PULSE_TAPE / (room * size));
	s->kernel = kernels->way[onn_pulse_way_of(kind)][adjoint][type == ONN_F64];
	s->lanes = lanes_of(rows, kernels, size, room);
	s->p = sizes_of(step, segment, s->lanes, room);
	s->out_row = s->p.out_row * size;
	s->operands = adjoint ? 4 : 3;
	for (size_t i = 0; i < s->operands; i++)
		s->in[i] = onn_c_value_place(b, value[i]);
	s->out = onn_c_value_place(b, step->u.pulse.out);
	onn_c_need_scratch(b, onn_pulse_work(kind, adjoint, segment) * room * size);
	onn_c_say(b, b->step, "%zu rows at once", s->lanes);
	if (adjoint && segment < onn_pulse_rows_steps(kind))
		onn_c_say(b, b->step, "%u steps kept", segment);
	onn_status status =
	    onn_c_add_stage(b, pulse_work, s, onn_size_divide_up(rows, s->lanes), step->flops);
	for (size_t i = 0; !status && i < s->operands; i++)
		status = onn_c_touch_value(b, value[i], false);
	return status ? status
	              : onn_c_touch(
	                    b, s->out.memory, s->out.offset, rows * s->out_row, true, pulse_edge);
}
