/*
 * Images with kernels by oneDNN, in single precision: a chunk is some images, which go to a layout
 * of oneDNN's choice and back while they are in the cache. A gradient of kernels is the sum of the
 * chunks', in order.
 */
#include "backend/c/product/convolve.h"

#include "config.h"

#ifdef ONN_HAVE_DNNL
#include <dnnl.h>
#endif

#if defined(ONN_HAVE_DNNL) && DNNL_VERSION_MAJOR == 2

#include <string.h>

#include "backend/c/thresholds.h"
#include "core/memory.h"

/* One of x, w and y: as it lies in a schedule's memory, and as the primitive wants it. */
typedef struct port {
	dnnl_memory_desc_t outside, inside;
	bool moved;
	dnnl_primitive_t move; /* in, or out for the result; NULL where it is not moved */
	size_t bytes, at;      /* inside: its size; where it stands in the scratch */
} port;

enum { OUTSIDE_X, OUTSIDE_W, OUTSIDE_Y, INSIDE_X, INSIDE_W, INSIDE_Y, WORK, MEMORIES };

/* What a chunk has of its own, since two threads cannot share it. */
typedef struct job {
	dnnl_stream_t stream;
	dnnl_memory_t memory[MEMORIES];
} job;

typedef struct onn_c_dnnl {
	struct onn_c_dnnl *next; /* that the builder frees */
	onn_c_convolve *s;
	dnnl_engine_t engine;
	dnnl_primitive_t convolve;
	port x, w, y;
	dnnl_memory_desc_t work;
	size_t work_at, chunks;
	size_t image, result; /* bytes of an image of x and of y */
	char *kernels;        /* inside: w, or the sum of the chunks' */
	char *part;           /* inside: the chunks' sums; NULL where there is one chunk */
	job *job;             /* of each chunk, and one for w */
} onn_c_dnnl;

/* ---- running ---- */

static void set(const job *j, int which, void *data)
{
	dnnl_memory_set_data_handle(j->memory[which], data);
}

/* A status here could only mean that there is no memory for a few pointers; what a primitive can do
 * was found out when it was made. */
static void move(const port *p, const job *j, int from, int to)
{
	const dnnl_exec_arg_t arguments[] = {
	    {DNNL_ARG_FROM, j->memory[from]}, {DNNL_ARG_TO, j->memory[to]}};
	dnnl_primitive_execute(p->move, j->stream, 2, arguments);
}

/* The place that the primitive reads or writes: the outside one, or one in the scratch. */
static char *inside_of(const port *p, const onn_c_thread *thread, char *outside)
{
	return p->moved ? (char *)thread->scratch + p->at : outside;
}

static void run_chunk(const onn_c_dnnl *m, const onn_c_thread *thread, size_t i)
{
	static const int names[3][3] = {
	    [ONN_CONVOLVE_OUTPUT] = {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST},
	    [ONN_CONVOLVE_INPUT] = {DNNL_ARG_DIFF_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DIFF_DST},
	    [ONN_CONVOLVE_WEIGHT] = {DNNL_ARG_SRC, DNNL_ARG_DIFF_WEIGHTS, DNNL_ARG_DIFF_DST},
	};
	const onn_c_convolve *s = m->s;
	onn_convolve_part result = s->of.part;
	const job *j = &m->job[i];
	char *x = onn_c_at(thread, s->x) + i * s->images * m->image;
	char *y = onn_c_at(thread, s->y) + i * s->images * m->result;
	char *w = m->kernels ? m->kernels : onn_c_at(thread, s->w);
	set(j, OUTSIDE_X, x);
	set(j, OUTSIDE_Y, y);
	set(j, INSIDE_X, inside_of(&m->x, thread, x));
	set(j, INSIDE_Y, inside_of(&m->y, thread, y));
	set(j, INSIDE_W, m->part ? m->part + i * m->w.bytes : w);
	set(j, WORK, (char *)thread->scratch + m->work_at);
	if (m->x.moved && result != ONN_CONVOLVE_INPUT)
		move(&m->x, j, OUTSIDE_X, INSIDE_X);
	if (m->y.moved && result != ONN_CONVOLVE_OUTPUT)
		move(&m->y, j, OUTSIDE_Y, INSIDE_Y);
	const dnnl_exec_arg_t arguments[] = {{names[result][0], j->memory[INSIDE_X]},
	    {names[result][1], j->memory[INSIDE_W]}, {names[result][2], j->memory[INSIDE_Y]},
	    {DNNL_ARG_SCRATCHPAD, j->memory[WORK]}};
	dnnl_primitive_execute(m->convolve, j->stream, ONN_COUNT(arguments), arguments);
	if (m->x.moved && result == ONN_CONVOLVE_INPUT)
		move(&m->x, j, INSIDE_X, OUTSIDE_X);
	if (m->y.moved && result == ONN_CONVOLVE_OUTPUT)
		move(&m->y, j, INSIDE_Y, OUTSIDE_Y);
}

static void work(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	for (size_t i = begin; i < end; i++)
		run_chunk(data, thread, i);
}

/* w to its place inside, or from it. */
static void move_kernels(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	const onn_c_dnnl *m = data;
	const job *j = &m->job[m->chunks];
	bool out = m->s->of.part == ONN_CONVOLVE_WEIGHT;
	(void)begin, (void)end;
	set(j, OUTSIDE_W, onn_c_at(thread, m->s->w));
	set(j, INSIDE_W, m->kernels);
	move(&m->w, j, out ? INSIDE_W : OUTSIDE_W, out ? OUTSIDE_W : INSIDE_W);
}

static void add_all(
    float *restrict out, const float *restrict part, size_t n, size_t apart, size_t parts)
{
	memcpy(out, part, n * sizeof *out);
	for (size_t p = 1; p < parts; p++)
		for (size_t i = 0; i < n; i++)
			out[i] += part[p * apart + i];
}

static void add_parts(const void *data, const onn_c_thread *thread, size_t begin, size_t end)
{
	const onn_c_dnnl *m = data;
	size_t all = m->w.bytes / sizeof(float), from = begin * ONN_C_WEIGHT_CHUNK;
	size_t to = onn_size_least(end * ONN_C_WEIGHT_CHUNK, all);
	float *out = (float *)(void *)(m->kernels ? m->kernels : onn_c_at(thread, m->s->w));
	add_all(out + from, (const float *)(const void *)m->part + from, to - from, all, m->chunks);
}

/* ---- primitives ---- */

static bool is_good(dnnl_status_t status) { return status == dnnl_success; }

/* Images, kernels of groups, results of a chunk: as they lie, or (any) as oneDNN likes. */
static bool describe(dnnl_memory_desc_t d[3], const onn_c_convolve *s, bool any)
{
	const onn_convolve *c = &s->of;
	dnnl_dim_t g = (dnnl_dim_t)c->groups, n = (dnnl_dim_t)s->images;
	dnnl_dims_t x = {
	    n, (dnnl_dim_t)c->channels, (dnnl_dim_t)c->image[0], (dnnl_dim_t)c->image[1]};
	dnnl_dims_t y = {
	    n, (dnnl_dim_t)c->outputs, (dnnl_dim_t)c->result[0], (dnnl_dim_t)c->result[1]};
	dnnl_dims_t w = {g, (dnnl_dim_t)c->outputs / g, (dnnl_dim_t)c->channels / g,
	    (dnnl_dim_t)c->kernel[0], (dnnl_dim_t)c->kernel[1]};
	bool grouped = c->groups > 1;
	return is_good(dnnl_memory_desc_init_by_tag(
	           &d[0], 4, x, dnnl_f32, any ? dnnl_format_tag_any : dnnl_nchw)) &&
	       is_good(dnnl_memory_desc_init_by_tag(&d[1], grouped ? 5 : 4, grouped ? w : w + 1,
	           dnnl_f32,
	           any       ? dnnl_format_tag_any
	           : grouped ? dnnl_goihw
	                     : dnnl_oihw)) &&
	       is_good(dnnl_memory_desc_init_by_tag(
	           &d[2], 4, y, dnnl_f32, any ? dnnl_format_tag_any : dnnl_nchw));
}

typedef struct steps {
	dnnl_dims_t stride, dilation, padding;
} steps;

static bool describe_forward(dnnl_convolution_desc_t *of, dnnl_memory_desc_t d[3], const steps *k)
{
	return is_good(dnnl_dilated_convolution_forward_desc_init(of, dnnl_forward_training,
	    dnnl_convolution_direct, &d[0], &d[1], NULL, &d[2], k->stride, k->dilation, k->padding,
	    k->padding));
}

static bool describe_part(
    dnnl_convolution_desc_t *of, onn_convolve_part part, dnnl_memory_desc_t d[3], const steps *k)
{
	if (part == ONN_CONVOLVE_OUTPUT)
		return describe_forward(of, d, k);
	if (part == ONN_CONVOLVE_INPUT)
		return is_good(
		    dnnl_dilated_convolution_backward_data_desc_init(of, dnnl_convolution_direct,
		        &d[0], &d[1], &d[2], k->stride, k->dilation, k->padding, k->padding));
	return is_good(
	    dnnl_dilated_convolution_backward_weights_desc_init(of, dnnl_convolution_direct, &d[0],
	        &d[1], NULL, &d[2], k->stride, k->dilation, k->padding, k->padding));
}

/* The descriptor of the primitive, which the caller destroys; NULL where there is none. */
static dnnl_primitive_desc_t choose(const onn_c_dnnl *m)
{
	const onn_convolve *c = &m->s->of;
	steps k = {{0}, {0}, {0}};
	dnnl_memory_desc_t d[3];
	dnnl_convolution_desc_t forward, of;
	dnnl_primitive_desc_t hint = NULL, made = NULL;
	dnnl_primitive_attr_t attributes = NULL;
	for (int i = 0; i < 2; i++) {
		k.stride[i] = (dnnl_dim_t)c->stride[i];
		k.dilation[i] = (dnnl_dim_t)c->dilation[i] - 1;
		k.padding[i] = (dnnl_dim_t)c->padding[i];
	}
	bool good =
	    describe(d, m->s, true) && describe_forward(&forward, d, &k) &&
	    describe_part(&of, c->part, d, &k) &&
	    is_good(dnnl_primitive_attr_create(&attributes)) &&
	    is_good(dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user));
	if (good && c->part != ONN_CONVOLVE_OUTPUT)
		good = is_good(
		    dnnl_primitive_desc_create(&hint, &forward, attributes, m->engine, NULL));
	if (good)
		dnnl_primitive_desc_create(&made, &of, attributes, m->engine, hint);
	dnnl_primitive_desc_destroy(hint);
	dnnl_primitive_attr_destroy(attributes);
	return made;
}

static bool make_move(const onn_c_dnnl *m, port *p, bool out)
{
	dnnl_primitive_desc_t d = NULL;
	const dnnl_memory_desc_t *from = out ? &p->inside : &p->outside;
	const dnnl_memory_desc_t *to = out ? &p->outside : &p->inside;
	p->moved = !dnnl_memory_desc_equal(&p->inside, &p->outside);
	p->bytes = dnnl_memory_desc_get_size(&p->inside);
	if (!p->moved)
		return true;
	bool good =
	    is_good(dnnl_reorder_primitive_desc_create(&d, from, m->engine, to, m->engine, NULL)) &&
	    is_good(dnnl_primitive_create(&p->move, d));
	dnnl_primitive_desc_destroy(d);
	return good;
}

static bool ask_layouts(onn_c_dnnl *m, const dnnl_primitive_desc_t d)
{
	static const dnnl_query_t names[3][3] = {
	    [ONN_CONVOLVE_OUTPUT] = {dnnl_query_src_md, dnnl_query_weights_md, dnnl_query_dst_md},
	    [ONN_CONVOLVE_INPUT] = {dnnl_query_diff_src_md, dnnl_query_weights_md,
	        dnnl_query_diff_dst_md},
	    [ONN_CONVOLVE_WEIGHT] = {dnnl_query_src_md, dnnl_query_diff_weights_md,
	        dnnl_query_diff_dst_md},
	};
	port *ports[3] = {&m->x, &m->w, &m->y};
	dnnl_memory_desc_t outside[3];
	onn_convolve_part part = m->s->of.part;
	static const int result[] = {
	    [ONN_CONVOLVE_OUTPUT] = 2, [ONN_CONVOLVE_INPUT] = 0, [ONN_CONVOLVE_WEIGHT] = 1};
	if (!describe(outside, m->s, false))
		return false;
	for (int i = 0; i < 3; i++) {
		const dnnl_memory_desc_t *inside =
		    dnnl_primitive_desc_query_md(d, names[part][i], 0);
		if (!inside)
			return false;
		ports[i]->outside = outside[i];
		ports[i]->inside = *inside;
		if (!make_move(m, ports[i], i == result[part]))
			return false;
	}
	const dnnl_memory_desc_t *scratch =
	    dnnl_primitive_desc_query_md(d, dnnl_query_scratchpad_md, 0);
	if (scratch)
		m->work = *scratch;
	return scratch != NULL;
}

/* The objects that hold a chunk's pointers. */
static bool make_job(const onn_c_dnnl *m, job *j)
{
	const dnnl_memory_desc_t *const d[MEMORIES] = {&m->x.outside, &m->w.outside, &m->y.outside,
	    &m->x.inside, &m->w.inside, &m->y.inside, &m->work};
	bool good = is_good(dnnl_stream_create(&j->stream, m->engine, dnnl_stream_default_flags));
	for (int i = 0; i < MEMORIES && good; i++)
		good =
		    is_good(dnnl_memory_create(&j->memory[i], d[i], m->engine, DNNL_MEMORY_NONE));
	return good;
}

/* The loops that oneDNN falls back to are slower than ours. */
static bool is_fast(const dnnl_primitive_desc_t d)
{
	const char *name = NULL;
	return is_good(dnnl_primitive_desc_query(d, dnnl_query_impl_info_str, 0, &name)) && name &&
	       !strstr(name, "ref");
}

static bool make(onn_c_dnnl *m)
{
	if (!is_good(dnnl_engine_create(&m->engine, dnnl_cpu, 0)))
		return false;
	dnnl_primitive_desc_t d = choose(m);
	bool good =
	    d && is_fast(d) && ask_layouts(m, d) && is_good(dnnl_primitive_create(&m->convolve, d));
	for (size_t i = 0; i <= m->chunks && good; i++)
		good = make_job(m, &m->job[i]);
	dnnl_primitive_desc_destroy(d);
	return good;
}

static void release(onn_c_dnnl *m)
{
	for (size_t i = 0; m->job && i <= m->chunks; i++) {
		for (int k = 0; k < MEMORIES; k++)
			dnnl_memory_destroy(m->job[i].memory[k]);
		dnnl_stream_destroy(m->job[i].stream);
	}
	port *ports[3] = {&m->x, &m->w, &m->y};
	for (int i = 0; i < 3; i++)
		dnnl_primitive_destroy(ports[i]->move);
	dnnl_primitive_destroy(m->convolve);
	dnnl_engine_destroy(m->engine);
}

void onn_c_release_convolve(onn_c_builder *b)
{
	for (; b->dnnl; b->dnnl = b->dnnl->next)
		release(b->dnnl);
}

/* ---- preparation ---- */

/* Images of a chunk, which divide the batch: results stay in the cache, sums of kernels are few. */
static size_t choose_images(const onn_c_convolve *s)
{
	const onn_convolve *c = &s->of;
	size_t x = c->channels * c->image[0] * c->image[1];
	size_t y = c->outputs * c->result[0] * c->result[1];
	size_t images = ONN_C_IMAGES / (x + y) ? ONN_C_IMAGES / (x + y) : 1;
	if (c->part == ONN_CONVOLVE_WEIGHT) {
		size_t least = onn_size_divide_up(c->batch, ONN_C_WEIGHT_PARTS);
		images = images > least ? images : least;
		while (images < c->batch && c->batch % images != 0)
			images++;
	}
	images = onn_size_least(images, c->batch);
	while (c->batch % images != 0)
		images--;
	return images;
}

onn_status onn_c_convolve_dnnl_make(onn_c_builder *b, onn_c_convolve *s)
{
	const onn_convolve *c = &s->of;
	size_t channels = c->channels / c->groups;
	bool few =
	    c->groups == 1 && ((c->part == ONN_CONVOLVE_WEIGHT && channels < ONN_C_DNNL_CHANNELS) ||
	                          (c->part == ONN_CONVOLVE_INPUT && channels == 1));
	if (s->type != ONN_F32 || few)
		return ONN_OK;
	onn_c_dnnl *m = onn_c_allocate(b, sizeof *m);
	if (!m)
		return ONN_ERROR_MEMORY;
	m->s = s;
	m->image = c->channels * c->image[0] * c->image[1] * sizeof(float);
	m->result = c->outputs * c->result[0] * c->result[1] * sizeof(float);
	s->images = choose_images(s);
	m->chunks = c->batch / s->images;
	m->job = onn_c_allocate_array(b, m->chunks + 1, sizeof *m->job);
	if (!m->job)
		return ONN_ERROR_MEMORY;
	/* primitives are made for as many threads as there are then */
	int before = onn_gemm_enter();
	bool good = make(m);
	onn_gemm_leave(before);
	if (!good) {
		release(m);
		return ONN_OK;
	}
	m->next = b->dnnl;
	b->dnnl = m;
	s->made = m;
	return ONN_OK;
}

static void place(size_t *at, port *p)
{
	p->at = *at;
	if (p->moved)
		*at = onn_size_round_up(*at + p->bytes, ONN_C_LINE);
}

static size_t image_edge(const void *data, size_t chunk)
{
	const onn_c_dnnl *m = data;
	return chunk * m->s->images * m->image;
}

static size_t result_edge(const void *data, size_t chunk)
{
	const onn_c_dnnl *m = data;
	return chunk * m->s->images * m->result;
}

/* Images and results, a chunk its own. */
static onn_status touch_images(onn_c_builder *b, const onn_c_dnnl *m)
{
	const onn_c_convolve *s = m->s;
	const onn_convolve *c = &s->of;
	onn_status status = onn_c_touch(b, s->x.memory, s->x.offset, c->batch * m->image,
	    c->part == ONN_CONVOLVE_INPUT, image_edge);
	return status ? status
	              : onn_c_touch(b, s->y.memory, s->y.offset, c->batch * m->result,
	                    c->part == ONN_CONVOLVE_OUTPUT, result_edge);
}

/* Chunks, the sum of theirs, and its way out. */
static onn_status prepare_weight(onn_c_builder *b, onn_c_dnnl *m, double cost)
{
	const onn_convolve *c = &m->s->of;
	if (m->w.moved && !(m->kernels = onn_c_allocate(b, m->w.bytes)))
		return ONN_ERROR_MEMORY;
	if (m->chunks > 1 && !(m->part = onn_c_allocate_array(b, m->chunks, m->w.bytes)))
		return ONN_ERROR_MEMORY;
	onn_status status = onn_c_add_stage(b, work, m, m->chunks, cost);
	/* stages that share sums say nothing: they are kept apart */
	if (!status && !m->part && !m->w.moved) {
		status = touch_images(b, m);
		return status ? status : onn_c_touch_value(b, c->w, true);
	}
	size_t numbers = m->w.bytes / sizeof(float);
	if (!status && m->part)
		status = onn_c_add_stage(b, add_parts, m,
		    onn_size_divide_up(numbers, ONN_C_WEIGHT_CHUNK), (double)(numbers * m->chunks));
	if (!status && m->w.moved)
		status = onn_c_add_stage(b, move_kernels, m, 1, (double)numbers);
	return status;
}

onn_status onn_c_convolve_dnnl_prepare(onn_c_builder *b, const onn_step *step, void *subject)
{
	onn_c_convolve *s = subject;
	onn_c_dnnl *m = s->made;
	size_t at = 0;
	double cost = step->flops / 4 + ONN_C_COST_PRODUCT;
	place(&at, &m->x);
	place(&at, &m->y);
	m->work_at = at;
	onn_c_need_scratch(b, at + dnnl_memory_desc_get_size(&m->work));
	b->gemm = true;
	onn_c_say(b, b->step, " %zu", m->chunks);
	if (s->of.part == ONN_CONVOLVE_WEIGHT)
		return prepare_weight(b, m, cost);
	onn_status status = ONN_OK;
	if (m->w.moved) {
		m->kernels = onn_c_allocate(b, m->w.bytes);
		status = m->kernels ? onn_c_add_stage(b, move_kernels, m, 1, (double)s->weights)
		                    : ONN_ERROR_MEMORY;
		if (status)
			return status;
	}
	status = onn_c_add_stage(b, work, m, m->chunks, cost);
	/* what is shared by stages alone is no memory of a run */
	if (status || m->w.moved)
		return status;
	status = touch_images(b, m);
	return status ? status : onn_c_touch_value(b, s->of.w, false);
}

#else

onn_status onn_c_convolve_dnnl_make(onn_c_builder *b, onn_c_convolve *s)
{
	(void)b, (void)s;
	return ONN_OK;
}

onn_status onn_c_convolve_dnnl_prepare(onn_c_builder *b, const onn_step *step, void *subject)
{
	(void)b, (void)step, (void)subject;
	return onn_error(ONN_ERROR_UNSUPPORTED, "onn_plan_create: this build has no oneDNN");
}

void onn_c_release_convolve(onn_c_builder *b) { (void)b; }

#endif
