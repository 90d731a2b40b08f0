/*
 * Filters in the order in which transforms leave frequencies, divided by the number of points:
 * gathered once where they are constants, else by a stage of each run.
 */
#include "backend/c/fourier/step.h"

#include "core/error.h"
#include "core/memory.h"

/* A number beside those of the schedule's memory and fourier.c's, for what stages touch. */
#define FILTER (UINT32_MAX - 2)

static size_t filter_index(const onn_fft_filter *h, size_t batch)
{
	size_t index = 0, weight = 1;
	for (uint32_t axis = h->view.ndim; axis-- > 0; batch /= h->view.shape[axis])
		if (h->view.stride[axis] != 0) {
			index += batch % h->view.shape[axis] * weight;
			weight *= h->view.shape[axis];
		}
	return index;
}

/* Bytes from the first field to field `index` of those that differ. */
static ptrdiff_t filter_offset(const onn_fft_filter *h, size_t index)
{
	ptrdiff_t offset = 0;
	for (uint32_t axis = h->view.ndim; axis-- > 0;)
		if (h->view.stride[axis] != 0) {
			offset += (ptrdiff_t)(index % h->view.shape[axis]) * h->view.stride[axis];
			index /= h->view.shape[axis];
		}
	return offset;
}

/* Block `block` of a field that starts at `field`; along one axis every lane has the same. */
static void gather_filter(const onn_fft_step *f, char *field, size_t block, char *to)
{
	const onn_transform *t = f->t;
	const uint32_t *frequency = t->axes == 2 ? onn_fft_axis_frequency(f->axis[0]) : NULL;
	size_t lanes = f->kernels->lanes;
	double points = (double)t->n[1] * onn_fft_axis_gain(f->axis[1]);
	if (t->axes == 2)
		points *= (double)t->n[0] * onn_fft_axis_gain(f->axis[0]);
	void *row[ONN_FFT_LANES_MAX] = {0};
	for (size_t k = 0; k < lanes; k++)
		if (!frequency)
			row[k] = field;
		else if (block * lanes + k < t->n[0])
			row[k] = field + frequency[block * lanes + k] * t->n[1] * f->size;
	f->kernels->gather(to, row, onn_fft_axis_frequency(f->axis[1]), t->n[1], 1 / points);
}

/* Blocks of a filter's lines; a block has n[1] rows. */
static size_t filter_blocks(const onn_fft_step *f) { return f->t->axes == 1 ? 1 : f->blocks; }

/* Blocks begin ... end-1, over all fields of the filter, from the first field at base. */
static void gather_filters(const onn_fft_step *f, char *base, char *to, size_t begin, size_t end)
{
	size_t blocks = filter_blocks(f), bytes = f->t->n[1] * f->kernels->row;
	for (size_t i = begin; i < end; i++)
		gather_filter(
		    f, base + filter_offset(&f->filter, i / blocks), i % blocks, to + i * bytes);
}

static void gather_work(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	const onn_fft_step *f = data;
	gather_filters(f, onn_c_at(thread, f->filter.view.place), f->room->filter, begin, end);
}

const char *onn_fft_filter_block(const onn_fft_step *f, size_t batch, size_t block)
{
	const char *h = f->filter.made ? f->filter.made : f->room->filter;
	h += filter_index(&f->filter, batch) * f->filter_bytes;
	return h + block * f->t->n[1] * f->kernels->row;
}

/* ---- preparation ---- */

/* A constant filter in the order of lines, for all steps that read it. */
struct onn_fft_made {
	struct onn_fft_made *next;
	const char *base;
	const onn_fft_kernels *kernels;
	size_t n[2];
	onn_c_view view; /* over the batch */
	char *lines;
};

static bool views_equal(const onn_c_view *a, const onn_c_view *b)
{
	bool equal = a->ndim == b->ndim;
	for (uint32_t i = 0; i < a->ndim && equal; i++)
		equal = a->shape[i] == b->shape[i] && a->stride[i] == b->stride[i];
	return equal;
}

static bool find_kept(const onn_c_builder *b, const onn_step *step, void *subject)
{
	const onn_value *value = &b->schedule->value[step->u.pointwise.transform.filter.value];
	const onn_memory *memory = &b->schedule->memory[value->memory];
	(void)subject;
	return memory->kind == ONN_MEMORY_CONSTANT && memory->data;
}

static onn_status prepare_kept(onn_c_builder *b, const onn_step *step, void *subject)
{
	onn_fft_step *f = subject;
	onn_fft_filter *h = &f->filter;
	const onn_value *value = &b->schedule->value[step->u.pointwise.transform.filter.value];
	const void *data = b->schedule->memory[value->memory].data;
	char *base = (char *)(uintptr_t)data + h->view.place.offset;
	size_t n0 = f->t->axes == 1 ? 1 : f->t->n[0], n1 = f->t->n[1];
	for (struct onn_fft_made *m = b->fft_filters; m; m = m->next)
		if (m->base == base && m->kernels == f->kernels && m->n[0] == n0 && m->n[1] == n1 &&
		    views_equal(&m->view, &h->view)) {
			h->made = m->lines;
			return ONN_OK;
		}
	struct onn_fft_made *m = onn_c_allocate(b, sizeof *m);
	char *lines = onn_c_allocate_array(b, h->fields, f->filter_bytes);
	if (!m || !lines)
		return ONN_ERROR_MEMORY;
	gather_filters(f, base, lines, 0, h->fields * filter_blocks(f));
	*m = (struct onn_fft_made){b->fft_filters, base, f->kernels, {n0, n1}, h->view, lines};
	b->fft_filters = m;
	h->made = lines;
	return ONN_OK;
}

static onn_status prepare_gathered(onn_c_builder *b, const onn_step *step, void *subject)
{
	onn_fft_step *f = subject;
	size_t chunks = f->filter.fields * filter_blocks(f), bytes;
	if (!onn_size_mul(&bytes, f->filter.fields, f->filter_bytes))
		return onn_error_memory("onn_plan_create", SIZE_MAX);
	if (bytes > f->room->filter_bytes)
		f->room->filter_bytes = bytes;
	onn_status status = onn_c_add_stage(b, gather_work, f, chunks, 2 * (double)bytes);
	if (!status)
		status = onn_c_touch_value(b, step->u.pointwise.transform.filter.value, false);
	if (!status)
		status = onn_c_touch(b, FILTER, 0, chunks, true, NULL);
	return status;
}

/* How a step gets its filter in the order of lines: once, where it is a constant, or in each run.
 * */
static const onn_c_path filters[] = {
    {"filter kept", find_kept, prepare_kept},
    {"filter gathered", NULL, prepare_gathered},
};

onn_status onn_fft_prepare_filter(
    onn_c_builder *b, onn_fft_step *f, const onn_step *step, const onn_c_space *batch)
{
	onn_fft_filter *h = &f->filter;
	onn_c_view_init(&h->view, b, &f->t->filter, batch);
	h->fields = 1;
	for (uint32_t i = 0; i < h->view.ndim; i++)
		h->fields *= h->view.stride[i] ? h->view.shape[i] : 1;
	if (!onn_size_mul(&f->filter_bytes, filter_blocks(f) * f->t->n[1], f->kernels->row))
		return onn_error_memory("onn_plan_create", SIZE_MAX);
	return onn_c_take_path(b, step, filters, ONN_COUNT(filters), f);
}

onn_status onn_fft_touch_filter(onn_c_builder *b, const onn_fft_step *f)
{
	if (!f->t->filtered || f->filter.made)
		return ONN_OK;
	return onn_c_touch(b, FILTER, 0, SIZE_MAX, false, NULL);
}
