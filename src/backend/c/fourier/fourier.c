/*
 * Preparing Fourier steps: what a step reads, and how it is split.
 */
#include <string.h>

#include "backend/c/fourier/step.h"
#include "backend/c/thresholds.h"
#include "core/error.h"
#include "core/memory.h"

/* Numbers beside those of the schedule's memory, and filter.c's, for what stages touch. */
#define FIELD UINT32_MAX
#define PLANE (UINT32_MAX - 1)

/* Inputs x and y of a program that is x, x y or x conj(y). */
typedef struct product {
	uint16_t x, y;
	onn_fft_factor factor;
} product;

static bool find_product(const onn_program *p, product *found)
{
	uint16_t made = (uint16_t)(p->ninputs + p->nimmediates), out = p->output[0].reg;
	*found = (product){out, out, ONN_FFT_ALONE};
	if (p->ninstrs == 0)
		return out < p->ninputs;
	const onn_instr *last = &p->instr[p->ninstrs - 1], *conj = &p->instr[0];
	if (p->ninstrs > 2 || out != made + p->ninstrs - 1 || last->op != ONN_OP_MUL)
		return false;
	if (p->ninstrs == 1) {
		*found = (product){last->src[0], last->src[1], ONN_FFT_TIMES};
	} else {
		if (conj->op != ONN_OP_CONJ || (last->src[0] != made && last->src[1] != made))
			return false;
		uint16_t other = last->src[last->src[0] == made ? 1 : 0];
		*found = (product){other, conj->src[0], ONN_FFT_TIMES_CONJUGATE};
	}
	return found->x < p->ninputs && found->y < p->ninputs;
}

/* An operand that is read as it stands in memory: of this type, rows dense. */
static bool read_operand(onn_fft_operand *o, const onn_fft_step *f, const onn_c_builder *b,
    const onn_view *v, const onn_c_space *batch, onn_type type)
{
	if (b->schedule->value[v->value].type != type ||
	    (v->stride[batch->ndim + 1] != 1 && f->shape[1] > 1))
		return false;
	onn_c_view_init(&o->view, b, v, batch);
	o->row = v->stride[batch->ndim];
	return true;
}

/* The program is a product of fields that are read as they stand in memory. */
static bool find_in_place(const onn_c_builder *b, const onn_step *step, void *subject)
{
	const onn_program *p = &step->u.pointwise.program;
	onn_type type = onn_program_type(p, b->schedule->value, p->output[0].reg);
	onn_fft_step *f = subject;
	onn_c_space batch;
	product found;
	onn_c_space_init(&batch, step->u.pointwise.ndim - 2, step->u.pointwise.shape, NULL);
	if (f->t->axes == 1 || !find_product(p, &found) ||
	    !read_operand(&f->x, f, b, &p->input[found.x], &batch, type) ||
	    (found.factor != ONN_FFT_ALONE &&
	        !read_operand(&f->y, f, b, &p->input[found.y], &batch, type)))
		return false;
	f->factor = found.factor;
	return true;
}

static onn_status prepare_program(onn_c_builder *b, const onn_step *step, void *subject)
{
	onn_fft_step *f = subject;
	onn_c_program *program;
	onn_c_space space;
	onn_c_space_init(&space, step->u.pointwise.ndim, step->u.pointwise.shape, NULL);
	f->factor = ONN_FFT_ALONE;
	onn_status status =
	    onn_c_program_create(&program, b, &step->u.pointwise.program, &space, false);
	f->program = program;
	return status;
}

/* How a step gets its points. */
static const onn_c_path inputs[] = {
    {"in place", find_in_place, NULL},
    {"program", NULL, prepare_program},
};

/* ---- what stages touch ---- */

static size_t edge_chunk(const void *data, size_t chunk)
{
	(void)data;
	return chunk;
}

static onn_status touch_inputs(onn_c_builder *b, const onn_step *step)
{
	const onn_program *p = &step->u.pointwise.program;
	onn_status status = ONN_OK;
	for (uint32_t i = 0; i < p->ninputs && !status; i++)
		status = onn_c_touch_value(b, p->input[i].value, false);
	return status;
}

static onn_status touch_out(onn_c_builder *b, const onn_step *step)
{
	return onn_c_touch_value(b, step->u.pointwise.program.output[0].view.value, true);
}

static onn_status touch_plate(onn_c_builder *b, const onn_c_plate_step *t)
{
	size_t bytes = t->count * sizeof(float[2]);
	onn_status status = onn_c_touch(b, t->b.memory, t->b.offset, bytes, false, NULL);
	return status ? status : onn_c_touch(b, t->w.memory, t->w.offset, bytes, true, NULL);
}

/* ---- stages ---- */

/* What the program computes, in blocks, to the room. */
static onn_status add_evaluation(onn_c_builder *b, const onn_fft_piece *p, const onn_step *step)
{
	const onn_fft_step *f = p->f;
	size_t block = onn_c_program_block(f->program), n = (f->area + block - 1) / block;
	onn_status status = onn_c_add_stage(
	    b, onn_fft_evaluate_work, p, n, onn_c_program_cost(f->program) * (double)f->area);
	if (!status)
		status = touch_inputs(b, step);
	return status ? status : onn_c_touch(b, FIELD, 0, n, true, edge_chunk);
}

/* Columns come into the plane, which is told apart by its tiles: what the stage added last touches.
 * */
static onn_status touch_columns(onn_c_builder *b, const onn_fft_step *f, const onn_step *step)
{
	onn_status status =
	    f->program ? onn_c_touch(b, FIELD, 0, SIZE_MAX, false, NULL) : touch_inputs(b, step);
	return status ? status : onn_c_touch(b, PLANE, 0, f->tiles_in, true, edge_chunk);
}

static onn_status add_rows(onn_c_builder *b, const onn_fft_piece *p, double cost)
{
	onn_status status = onn_c_add_stage(b, onn_fft_rows_work, p, p->f->blocks, cost);
	if (!status)
		status = onn_c_touch(b, PLANE, 0, SIZE_MAX, true, NULL);
	return status ? status : onn_fft_touch_filter(b, p->f);
}

static onn_status add_columns_back(onn_c_builder *b, const onn_fft_piece *p, double cost)
{
	size_t tiles = p->f->tiles_out;
	onn_status status = onn_c_add_stage(b, onn_fft_columns_back_work, p, tiles, cost);
	return status ? status : onn_c_touch(b, PLANE, 0, tiles, false, edge_chunk);
}

/* What follows the columns: rows, and of a filter columns once more. */
static onn_status add_rest(
    onn_c_builder *b, const onn_fft_piece *p, const onn_step *step, double cost)
{
	onn_status status = add_rows(b, p, 2 * cost);
	if (!status && p->f->t->filtered)
		status = add_columns_back(b, p, cost);
	return status ? status : touch_out(b, step);
}

/* One field of a split step. */
static onn_status split_field(
    onn_c_builder *b, const onn_fft_step *f, const onn_step *step, size_t batch, double cost)
{
	onn_fft_piece *p = onn_c_allocate(b, sizeof *p);
	if (!p)
		return ONN_ERROR_MEMORY;
	*p = (onn_fft_piece){f, batch};
	onn_status status = f->program ? add_evaluation(b, p, step) : ONN_OK;
	if (!status)
		status = onn_c_add_stage(b, onn_fft_columns_work, p, f->tiles_in, cost);
	if (!status)
		status = touch_columns(b, f, step);
	return status ? status : add_rest(b, p, step, cost);
}

/* Chunks that are whole fields, or rows of them. */
static onn_status add_whole(
    onn_c_builder *b, const onn_fft_step *f, const onn_step *step, onn_c_work work, size_t chunks)
{
	onn_status status = onn_c_add_stage(b, work, f, chunks, step->flops);
	if (!status)
		status = touch_inputs(b, step);
	if (!status)
		status = onn_fft_touch_filter(b, f);
	return status ? status : touch_out(b, step);
}

/* ---- ways ---- */

/* Where a thread keeps what, behind what the program needs. */
static void lay_out_scratch(onn_c_builder *b, onn_fft_step *f, size_t field, size_t plane)
{
	size_t row = f->kernels->row, n0 = onn_size_round_up(f->t->n[0], f->kernels->lanes),
	       n1 = f->t->n[1];
	size_t lines = (f->t->axes == 2 && n0 > n1 ? n0 : n1) * row, work = 0;
	for (int i = 0; i < 2; i++)
		if (f->axis[i] && onn_fft_axis_work(f->axis[i]) > work)
			work = onn_fft_axis_work(f->axis[i]);
	f->lines_at = f->program ? onn_c_program_scratch(f->program) : 0;
	f->work_at = f->lines_at + lines;
	f->field_at = f->work_at + work;
	f->plane_at = f->field_at + onn_size_round_up(field, ONN_C_LINE);
	onn_c_need_scratch(b, f->plane_at + plane);
}

static bool is_along_one_axis(const onn_c_builder *b, const onn_step *step, void *subject)
{
	(void)b, (void)subject;
	return step->u.pointwise.transform.axes == 1;
}

static onn_status prepare_lines(onn_c_builder *b, const onn_step *step, void *subject)
{
	onn_fft_step *f = subject;
	const onn_transform *t = f->t;
	size_t lanes = f->kernels->lanes;
	size_t chunk = t->filtered && f->filter.fields > 1 ? 1 : lanes;
	size_t points = t->size[1] > f->shape[1] ? t->size[1] : f->shape[1];
	f->lines = f->fields * f->shape[0];
	lay_out_scratch(b, f, lanes * f->shape[1] * f->size, points * f->kernels->row);
	return add_whole(b, f, step, onn_fft_lines_work, (f->lines + chunk - 1) / chunk);
}

static size_t plane_bytes(const onn_fft_step *f) { return f->blocks * f->block_bytes; }

/* Of what the program computes of a field. */
static size_t field_bytes(const onn_fft_step *f) { return f->program ? f->area * f->size : 0; }

/* Small fields, or enough of them: a field is a chunk. */
static bool is_of_many_fields(const onn_c_builder *b, const onn_step *step, void *subject)
{
	const onn_fft_step *f = subject;
	size_t plane = plane_bytes(f);
	(void)b, (void)step;
	return plane <= ONN_C_SMALL_PLANE ||
	       (f->fields >= ONN_C_MANY_FIELDS && plane + field_bytes(f) <= ONN_C_LARGE_PLANE);
}

static onn_status prepare_fields(onn_c_builder *b, const onn_step *step, void *subject)
{
	onn_fft_step *f = subject;
	lay_out_scratch(b, f, field_bytes(f), plane_bytes(f));
	return add_whole(b, f, step, onn_fft_fields_work, f->fields);
}

/* Asks for the room that the fields of a split step go through. */
static void need_room(onn_c_builder *b, onn_fft_step *f)
{
	onn_fft_room *r = f->room;
	lay_out_scratch(b, f, 0, 0);
	if (plane_bytes(f) > r->plane_bytes)
		r->plane_bytes = plane_bytes(f);
	if (field_bytes(f) > r->field_bytes)
		r->field_bytes = field_bytes(f);
}

static onn_status prepare_joint(onn_c_builder *b, const onn_step *step, void *subject)
{
	onn_fft_step *f = subject;
	need_room(b, f);
	onn_fft_join(b, f);
	onn_status status = f->joint.moves_plate ? touch_plate(b, &f->joint.plate) : ONN_OK;
	if (!status)
		status = touch_columns(b, f, step);
	return status ? status : add_rest(b, &f->joint.in, step, step->flops / 4);
}

static onn_status prepare_split(onn_c_builder *b, const onn_step *step, void *subject)
{
	onn_fft_step *f = subject;
	onn_status status = ONN_OK;
	need_room(b, f);
	for (size_t batch = 0; batch < f->fields && !status; batch++)
		status = split_field(b, f, step, batch, step->flops / (4 * (double)f->fields));
	return status;
}

/* How the work is cut up. */
static const onn_c_path ways[] = {
    {"lines", is_along_one_axis, prepare_lines},
    {"fields", is_of_many_fields, prepare_fields},
    {"joined and plate step", onn_fft_find_joint_and_plate, prepare_joint},
    {"joined", onn_fft_find_joint, prepare_joint},
    {"split", NULL, prepare_split},
};

/* ---- the step ---- */

/* Sizes in lanes, and of the plane that rows stand in between columns. */
static void measure(onn_fft_step *f)
{
	const onn_transform *t = f->t;
	size_t lanes = f->kernels->lanes, rows = t->filtered ? t->n[0] : t->size[0];
	f->blocks = (rows + lanes - 1) / lanes;
	f->tiles_in = (f->shape[1] + lanes - 1) / lanes;
	f->tiles_out = (t->size[1] + lanes - 1) / lanes;
	size_t tiles = f->tiles_in > f->tiles_out && t->filtered ? f->tiles_in : f->tiles_out;
	f->block_bytes = (t->filtered ? tiles : f->tiles_in) * lanes * f->kernels->row;
}

static void say_axes(onn_c_builder *b, const onn_fft_step *f)
{
	char y[32], x[32];
	onn_fft_axis_describe(x, sizeof x, f->axis[1]);
	if (f->axis[0])
		onn_fft_axis_describe(y, sizeof y, f->axis[0]);
	if (f->axis[0] && strcmp(x, y) != 0)
		onn_c_say(b, b->step, "%s and %s", y, x);
	else
		onn_c_say(b, b->step, "%s", x);
}

onn_status onn_c_prepare_fft(onn_c_builder *b, const onn_step *step)
{
	const onn_transform *t = &step->u.pointwise.transform;
	const onn_view *out = &step->u.pointwise.program.output[0].view;
	uint32_t inner = step->u.pointwise.ndim - 2;
	onn_type type = b->schedule->value[out->value].type;
	onn_c_space batch;
	onn_fft_step *f = onn_c_allocate(b, sizeof *f);
	if (f && !b->fft_room)
		b->fft_room = onn_c_allocate(b, sizeof *b->fft_room);
	if (!f || !b->fft_room)
		return ONN_ERROR_MEMORY;
	onn_c_space_init(&batch, inner, step->u.pointwise.shape, NULL);
	f->t = t;
	f->kernels = onn_fft_kernels_choose(b, type == ONN_C128);
	f->room = b->fft_room;
	f->fields = batch.count;
	memcpy(f->shape, step->u.pointwise.shape + inner, sizeof f->shape);
	f->area = f->shape[0] * f->shape[1];
	f->size = onn_type_size(type);
	f->scale = t->inverse ? 1 / ((double)t->n[1] * (t->axes == 2 ? (double)t->n[0] : 1)) : 1;
	f->scale = t->filtered ? 1 : f->scale;
	onn_c_view_init(&f->out.view, b, out, &batch);
	f->out.row = out->stride[inner];
	measure(f);

	onn_status status = onn_fft_axis_get(&f->axis[1], b, f->kernels, t->n[1]);
	if (!status && t->axes == 2)
		status = onn_fft_axis_get(&f->axis[0], b, f->kernels, t->n[0]);
	if (!status) {
		say_axes(b, f);
		status = onn_c_take_path(b, step, inputs, ONN_COUNT(inputs), f);
	}
	if (!status && t->filtered)
		status = onn_fft_prepare_filter(b, f, step, &batch);
	return status ? status : onn_c_take_path(b, step, ways, ONN_COUNT(ways), f);
}

onn_status onn_c_finish_fft(onn_c_builder *b)
{
	onn_fft_room *r = b->fft_room;
	if (!r)
		return ONN_OK;
	r->field = onn_c_allocate(b, r->field_bytes);
	r->plane = onn_c_allocate(b, r->plane_bytes);
	r->filter = onn_c_allocate(b, r->filter_bytes);
	return r->field && r->plane && r->filter ? ONN_OK : ONN_ERROR_MEMORY;
}
