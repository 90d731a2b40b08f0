/*
 * Schedules made by hand, on 1, 2 and 3 threads, against the reference: near it, and equal to
 * each other to the bit.
 */
#include "testing.h"

#include "backend/backend.h"
#include "core/memory.h"
#include "core/philox.h"

enum { MOST_VALUES = 16, MOST_INSTRS = 12, SETS = 4 };

/* One step over values that each have a memory of their own, unless two share one. */
typedef struct scene {
	onn_schedule schedule;
	onn_memory memory[MOST_VALUES];
	onn_value value[MOST_VALUES];
	onn_step step;
	onn_view input[MOST_VALUES];
	onn_immediate immediate[MOST_VALUES];
	onn_instr instr[MOST_INSTRS];
	double low[MOST_VALUES], high[MOST_VALUES]; /* of the numbers drawn */
} scene;

static void begin(scene *s, onn_step_kind kind)
{
	memset(s, 0, sizeof *s);
	s->schedule.memory = s->memory;
	s->schedule.value = s->value;
	s->schedule.step = &s->step;
	s->schedule.nsteps = 1;
	s->step.kind = kind;
	if (kind != ONN_STEP_POINTWISE && kind != ONN_STEP_REDUCE)
		return; /* the union has other members */
	s->step.u.pointwise.program.input = s->input;
	s->step.u.pointwise.program.immediate = s->immediate;
	s->step.u.pointwise.program.instr = s->instr;
}

static uint32_t add_value(scene *s, onn_type type, size_t count, double low, double high)
{
	uint32_t v = s->schedule.nvalues++;
	s->schedule.nmemory++;
	s->memory[v].bytes = count * onn_type_size(type);
	s->value[v] = (onn_value){type, v, 0, count};
	s->low[v] = low;
	s->high[v] = high;
	return v;
}

static void set_shape(scene *s, uint32_t ndim, const size_t *shape)
{
	s->step.u.pointwise.ndim = ndim;
	for (uint32_t i = 0; i < ndim; i++)
		s->step.u.pointwise.shape[i] = shape[i];
}

static onn_view view(uint32_t value, ptrdiff_t offset, uint32_t ndim, const ptrdiff_t *stride)
{
	onn_view v = {.value = value, .offset = offset};
	for (uint32_t i = 0; i < ndim; i++)
		v.stride[i] = stride[i];
	return v;
}

static uint16_t add_input(scene *s, onn_view v)
{
	onn_program *p = &s->step.u.pointwise.program;
	p->input[p->ninputs] = v;
	return (uint16_t)p->ninputs++;
}

static uint16_t add_immediate(scene *s, onn_type type, double re)
{
	onn_program *p = &s->step.u.pointwise.program;
	p->immediate[p->nimmediates] = (onn_immediate){type, re, 0};
	return (uint16_t)(p->ninputs + p->nimmediates++);
}

/* After all inputs and immediates. */
static uint16_t add_instr(
    scene *s, onn_op op, onn_type type, onn_type source, uint16_t a, uint16_t b, uint16_t c)
{
	onn_program *p = &s->step.u.pointwise.program;
	p->instr[p->ninstrs] = (onn_instr){.op = op,
	    .type = type,
	    .source = source,
	    .src = {a, b, c},
	    .arity = (uint16_t)onn_op_arity(op)};
	return (uint16_t)(p->ninputs + p->nimmediates + p->ninstrs++);
}

static void add_output(scene *s, uint16_t reg, onn_view v, bool in_place)
{
	onn_program *p = &s->step.u.pointwise.program;
	p->output[p->noutputs].reg = reg;
	p->output[p->noutputs].view = v;
	p->output[p->noutputs++].in_place = in_place;
}

static void draw(const scene *s, uint32_t m, void *data)
{
	const onn_value *v = &s->value[m];
	size_t parts = onn_type_is_complex(v->type) ? 2 : 1;
	for (size_t i = 0; i < v->count * parts; i++) {
		double x =
		    s->low[m] + (s->high[m] - s->low[m]) * onn_philox_uniform(3, 0, m, (uint32_t)i);
		switch (onn_type_real(v->type)) {
		case ONN_U8:
			((uint8_t *)data)[i] = (uint8_t)x;
			break;
		case ONN_I32:
			((int32_t *)data)[i] = (int32_t)x;
			break;
		case ONN_U32:
			((uint32_t *)data)[i] = (uint32_t)x;
			break;
		case ONN_F32:
			((float *)data)[i] = (float)x;
			break;
		default:
			((double *)data)[i] = x;
		}
	}
}

/* Runs the step on a device three times, which matters in place, and returns what every memory then
 * holds. */
static void run(scene *s, onn_device *device, int times, char *contents[])
{
	onn_buffer *buffer[MOST_VALUES];
	onn_executable *executable;
	for (uint32_t m = 0; m < s->schedule.nmemory; m++) {
		contents[m] = calloc(1, s->memory[m].bytes + 1);
		draw(s, m, contents[m]);
		check_ok(device->backend->buffer_create(device, s->memory[m].bytes, &buffer[m]));
		check_ok(
		    device->backend->buffer_write(buffer[m], 0, contents[m], s->memory[m].bytes));
	}
	check_ok(device->backend->prepare(device, &s->schedule, &executable));
	for (int i = 0; i < times; i++)
		check_ok(device->backend->run(executable, buffer, 0, 1));
	check_ok(device->backend->wait(device));
	for (uint32_t m = 0; m < s->schedule.nmemory; m++) {
		check_ok(
		    device->backend->buffer_read(buffer[m], 0, contents[m], s->memory[m].bytes));
		device->backend->buffer_destroy(buffer[m]);
	}
	device->backend->executable_destroy(executable);
}

static double part(const void *data, onn_type type, size_t i)
{
	switch (onn_type_real(type)) {
	case ONN_U8:
		return ((const uint8_t *)data)[i];
	case ONN_I32:
		return ((const int32_t *)data)[i];
	case ONN_U32:
		return ((const uint32_t *)data)[i];
	case ONN_F32:
		return ((const float *)data)[i];
	default:
		return ((const double *)data)[i];
	}
}

static onn_device *device[SETS]; /* the reference, then c with 1, 2, 3 threads */

/* tolerance in units of the largest number that the memory holds; 0: exact */
static void check_scene_times(const char *name, scene *s, double tolerance, int times)
{
	char *contents[SETS][MOST_VALUES];
	for (int d = 0; d < SETS; d++)
		run(s, device[d], times, contents[d]);
	for (uint32_t m = 0; m < s->schedule.nmemory; m++) {
		const onn_value *v = &s->value[m];
		size_t parts = onn_type_is_complex(v->type) ? 2 : 1;
		double largest = 0;
		for (size_t i = 0; i < v->count * parts; i++) {
			double want = fabs(part(contents[0][m], v->type, i));
			largest = want > largest && isfinite(want) ? want : largest;
		}
		for (size_t i = 0; i < v->count * parts; i++) {
			double want = part(contents[0][m], v->type, i);
			double got = part(contents[1][m], v->type, i);
			bool same = isnan(want) ? isnan(got) : got == want;
			ck_assert_msg(same || fabs(got - want) <= tolerance * largest,
			    "%s: value %u, number %zu of %zu: %.9g, not %.9g", name, m, i,
			    v->count * parts, got, want);
		}
		for (int d = 2; d < SETS; d++)
			ck_assert_msg(
			    memcmp(contents[1][m], contents[d][m], s->memory[m].bytes) == 0,
			    "%s: value %u differs between 1 and %d threads", name, m, d);
	}
	for (int d = 0; d < SETS; d++)
		for (uint32_t m = 0; m < s->schedule.nmemory; m++)
			free(contents[d][m]);
}

static void check_scene(const char *name, scene *s, double tolerance)
{
	check_scene_times(name, s, tolerance, 1);
}

static const ptrdiff_t dense[] = {1};

/* ---- pointwise ---- */

static const size_t counts[] = {0, 1, 2, 15, 63, 64, 65, 511, 513, 4097, 100003};

/* y = exp(a b + 2) - (a + 0.5) b, z = y y: scalars, chains, two outputs of one chain */
START_TEST(programs_of_any_length_agree_with_the_reference)
{
	for (size_t i = 0; i < COUNT(counts); i++)
		for (int type = ONN_F32; type <= ONN_F64; type++) {
			size_t n = counts[i];
			onn_type t = (onn_type)type;
			scene s;
			begin(&s, ONN_STEP_POINTWISE);
			set_shape(&s, 1, &n);
			uint16_t a = add_input(&s, view(add_value(&s, t, n, -1, 1), 0, 1, dense));
			uint16_t b = add_input(&s, view(add_value(&s, t, n, -1, 1), 0, 1, dense));
			uint16_t two = add_immediate(&s, t, 2), half = add_immediate(&s, t, 0.5);
			uint16_t ab = add_instr(&s, ONN_OP_MUL, t, t, a, b, 0);
			uint16_t sum = add_instr(&s, ONN_OP_ADD, t, t, ab, two, 0);
			uint16_t e = add_instr(&s, ONN_OP_EXP, t, t, sum, 0, 0);
			uint16_t h = add_instr(&s, ONN_OP_ADD, t, t, a, half, 0);
			uint16_t hb = add_instr(&s, ONN_OP_MUL, t, t, h, b, 0);
			uint16_t y = add_instr(&s, ONN_OP_SUB, t, t, e, hb, 0);
			uint16_t z = add_instr(&s, ONN_OP_MUL, t, t, y, y, 0);
			add_output(&s, y, view(add_value(&s, t, n, 0, 0), 0, 1, dense), false);
			add_output(&s, z, view(add_value(&s, t, n, 0, 0), 0, 1, dense), false);
			check_scene("program", &s, t == ONN_F32 ? 1e-6 : 1e-14);
		}
}
END_TEST

/* m = 0.9 m + 0.1 g; w = w - 0.01 m / (sqrt(v) + 1e-3), m and w in place: the older m is not read
 * again */
START_TEST(updates_in_place_read_before_they_write)
{
	for (size_t i = 0; i < COUNT(counts); i++) {
		size_t n = counts[i];
		onn_type t = ONN_F32;
		scene s;
		begin(&s, ONN_STEP_POINTWISE);
		set_shape(&s, 1, &n);
		onn_view vm = view(add_value(&s, t, n, -1, 1), 0, 1, dense);
		onn_view vw = view(add_value(&s, t, n, -1, 1), 0, 1, dense);
		uint16_t m = add_input(&s, vm), w = add_input(&s, vw);
		uint16_t g = add_input(&s, view(add_value(&s, t, n, -1, 1), 0, 1, dense));
		uint16_t v = add_input(&s, view(add_value(&s, t, n, 0.1, 1), 0, 1, dense));
		uint16_t c0 = add_immediate(&s, t, 0.9), c1 = add_immediate(&s, t, 0.1);
		uint16_t c2 = add_immediate(&s, t, 0.01), c3 = add_immediate(&s, t, 1e-3);
		uint16_t m0 = add_instr(&s, ONN_OP_MUL, t, t, m, c0, 0);
		uint16_t g0 = add_instr(&s, ONN_OP_MUL, t, t, g, c1, 0);
		uint16_t m1 = add_instr(&s, ONN_OP_ADD, t, t, m0, g0, 0);
		uint16_t root = add_instr(&s, ONN_OP_SQRT, t, t, v, 0, 0);
		uint16_t under = add_instr(&s, ONN_OP_ADD, t, t, root, c3, 0);
		uint16_t q = add_instr(&s, ONN_OP_DIV, t, t, m1, under, 0);
		uint16_t step = add_instr(&s, ONN_OP_MUL, t, t, q, c2, 0);
		uint16_t w1 = add_instr(&s, ONN_OP_SUB, t, t, w, step, 0);
		add_output(&s, m1, vm, true);
		add_output(&s, w1, vw, true);
		check_scene_times("update", &s, 2e-6, 3);
	}
}
END_TEST

/* Adam's update in the order of operands that bits of `swap` say; moments and weights in place. */
static void adam(scene *s, onn_type t, size_t n, unsigned swap, bool in_place)
{
	begin(s, ONN_STEP_POINTWISE);
	set_shape(s, 1, &n);
	onn_view vm = view(add_value(s, t, n, -1, 1), 0, 1, dense);
	onn_view vv = view(add_value(s, t, n, 0, 1), 0, 1, dense);
	onn_view vw = view(add_value(s, t, n, -1, 1), 0, 1, dense);
	uint16_t m = add_input(s, vm), v = add_input(s, vv), w = add_input(s, vw);
	uint16_t g = add_input(s, view(add_value(s, t, n, -1, 1), 0, 1, dense));
	ptrdiff_t none = 0;
	uint16_t eps = add_input(s, view(add_value(s, t, 1, 1e-3, 2e-3), 0, 1, &none));
	uint16_t rate = add_input(s, view(add_value(s, t, 1, 0.1, 0.2), 0, 1, &none));
	uint16_t b1 = add_immediate(s, t, 0.9), c1 = add_immediate(s, t, 0.1);
	uint16_t b2 = add_immediate(s, t, 0.999), c2 = add_immediate(s, t, 1e-3);
#define TWO(op, a, b, bit)                                                                         \
	add_instr(s, op, t, t, swap >> (bit)&1 ? (b) : (a), swap >> (bit)&1 ? (a) : (b), 0)
	uint16_t gg = TWO(ONN_OP_MUL, g, g, 0);
	uint16_t v1 = TWO(ONN_OP_MUL, gg, c2, 0), v0 = TWO(ONN_OP_MUL, v, b2, 1);
	uint16_t vn = TWO(ONN_OP_ADD, v0, v1, 2);
	uint16_t m0 = TWO(ONN_OP_MUL, m, b1, 3), m1 = TWO(ONN_OP_MUL, g, c1, 4);
	uint16_t mn = TWO(ONN_OP_ADD, m0, m1, 5);
	uint16_t root = add_instr(s, ONN_OP_SQRT, t, t, vn, 0, 0);
	uint16_t under = TWO(ONN_OP_ADD, root, eps, 6);
	uint16_t q = add_instr(s, ONN_OP_DIV, t, t, mn, under, 0);
	uint16_t step = TWO(ONN_OP_MUL, q, rate, 7);
	uint16_t wn = add_instr(s, ONN_OP_SUB, t, t, w, step, 0);
#undef TWO
	onn_view om = vm, ov = vv, ow = vw;
	if (!in_place) {
		om.value = add_value(s, t, n, 0, 0);
		ov.value = add_value(s, t, n, 0, 0);
		ow.value = add_value(s, t, n, 0, 0);
	}
	add_output(s, wn, ow, in_place);
	add_output(s, mn, om, in_place);
	add_output(s, vn, ov, in_place);
}

START_TEST(adam_updates_agree_with_the_reference_in_any_order_of_operands)
{
	scene s;
	for (size_t i = 0; i < COUNT(counts); i++)
		for (int type = ONN_F32; type <= ONN_F64; type++) {
			adam(&s, (onn_type)type, counts[i], 0, true);
			check_scene_times("adam", &s, type == ONN_F32 ? 2e-6 : 1e-14, 3);
		}
	for (unsigned swap = 0; swap < 256; swap += 5) {
		adam(&s, ONN_F32, 1000, swap, swap & 1);
		check_scene_times("adam, swapped", &s, 2e-6, 2);
	}
}
END_TEST

/* Moments that an estimated root or quotient is not made for. */
START_TEST(adam_updates_keep_zeros_infinities_and_nan)
{
	static const double special[] = {0, 1e-40, 1e-31, 1e33, INFINITY, NAN, 1};
	for (size_t i = 0; i < COUNT(special); i++)
		for (size_t j = 0; j < COUNT(special); j++) {
			scene s;
			adam(&s, ONN_F32, 40, 0, false);
			s.low[0] = s.high[0] = special[i]; /* m */
			s.low[1] = s.high[1] = special[j]; /* v */
			s.low[3] = s.high[3] = 0;          /* g */
			check_scene("adam, special", &s, 2e-6);
		}
}
END_TEST

/* w - 0.1 sign(a conj(b)), or of a b; bits of `swap` put operands of products the other way
 * round. */
static void turn(scene *s, onn_type t, size_t n, bool plain, unsigned swap, bool in_place)
{
	begin(s, ONN_STEP_POINTWISE);
	set_shape(s, 1, &n);
	onn_view vw = view(add_value(s, t, n, -1, 1), 0, 1, dense), vo = vw;
	uint16_t w = add_input(s, vw);
	uint16_t a = add_input(s, view(add_value(s, t, n, -1, 1), 0, 1, dense));
	uint16_t b = add_input(s, view(add_value(s, t, n, -1, 1), 0, 1, dense));
	uint16_t length = add_immediate(s, t, 0.1);
	if (!plain)
		b = add_instr(s, ONN_OP_CONJ, t, t, b, 0, 0);
	uint16_t g = add_instr(s, ONN_OP_MUL, t, t, swap & 1 ? b : a, swap & 1 ? a : b, 0);
	uint16_t u = add_instr(s, ONN_OP_SIGN, t, t, g, 0, 0);
	u = add_instr(s, ONN_OP_MUL, t, t, swap & 2 ? length : u, swap & 2 ? u : length, 0);
	if (!in_place)
		vo.value = add_value(s, t, n, 0, 0);
	add_output(s, add_instr(s, ONN_OP_SUB, t, t, w, u, 0), vo, in_place);
}

START_TEST(plates_that_turn_agree_with_the_reference)
{
	static const double odd[] = {0, 1e-30, 2e-18, 1e-10, 1e17, NAN};
	scene s;
	for (size_t i = 0; i < COUNT(counts); i++)
		for (unsigned k = 0; k < 16; k++) {
			turn(&s, k & 8 ? ONN_C64 : ONN_C128, counts[i], k & 1, k >> 1, k & 4);
			check_scene_times("turn", &s, k & 8 ? 2e-6 : 1e-14, 3);
		}
	for (size_t i = 0; i < COUNT(odd); i++) {
		turn(&s, ONN_C64, 100, i & 1, 0, true);
		s.low[1] = s.high[1] = odd[i];
		check_scene("turn, odd", &s, 2e-6);
	}
}
END_TEST

/* a = b, b = a + b, in place, with the old a read after its place could be written */
START_TEST(values_that_change_places_do_not_mix)
{
	for (size_t i = 0; i < COUNT(counts); i++) {
		size_t n = counts[i];
		scene s;
		begin(&s, ONN_STEP_POINTWISE);
		set_shape(&s, 1, &n);
		onn_view va = view(add_value(&s, ONN_F64, n, -1, 1), 0, 1, dense);
		onn_view vb = view(add_value(&s, ONN_F64, n, -1, 1), 0, 1, dense);
		onn_view vc = view(add_value(&s, ONN_F64, n, -1, 1), 0, 1, dense);
		uint16_t a = add_input(&s, va), b = add_input(&s, vb), c = add_input(&s, vc);
		uint16_t ab = add_instr(&s, ONN_OP_ADD, ONN_F64, ONN_F64, a, b, 0);
		uint16_t abc = add_instr(&s, ONN_OP_MUL, ONN_F64, ONN_F64, ab, c, 0);
		uint16_t late = add_instr(&s, ONN_OP_SUB, ONN_F64, ONN_F64, abc, a, 0);
		add_output(&s, b, va, true);
		add_output(&s, ab, vb, true);
		add_output(&s, late, vc, true);
		check_scene_times("exchange", &s, 1e-14, 3);
	}
}
END_TEST

/* A [5, 37, 11] with a transposed, a mirrored, a row and a column operand, to a strided output. */
START_TEST(strided_and_broadcast_operands_agree_with_the_reference)
{
	static const size_t shape[] = {5, 37, 11};
	static const onn_type types[] = {ONN_F32, ONN_F64, ONN_C64, ONN_C128, ONN_I32};
	for (size_t i = 0; i < COUNT(types); i++) {
		onn_type t = types[i];
		size_t n = 5 * 37 * 11;
		scene s;
		begin(&s, ONN_STEP_POINTWISE);
		set_shape(&s, 3, shape);
		uint16_t a =
		    add_input(&s, view(add_value(&s, t, n, -9, 9), 0, 3, (ptrdiff_t[]){1, 55, 5}));
		uint16_t b = add_input(
		    &s, view(add_value(&s, t, n, -9, 9), 10, 3, (ptrdiff_t[]){407, 11, -1}));
		uint16_t c =
		    add_input(&s, view(add_value(&s, t, 11, -9, 9), 0, 3, (ptrdiff_t[]){0, 0, 1}));
		uint16_t d =
		    add_input(&s, view(add_value(&s, t, 5, -9, 9), 0, 3, (ptrdiff_t[]){1, 0, 0}));
		uint16_t e =
		    add_input(&s, view(add_value(&s, t, 3, -9, 9), 2, 3, (ptrdiff_t[]){0, 0, 0}));
		uint16_t r = add_instr(&s, ONN_OP_ADD, t, t, a, b, 0);
		r = add_instr(&s, ONN_OP_SUB, t, t, r, c, 0);
		r = add_instr(&s, ONN_OP_MUL, t, t, r, e, 0);
		r = add_instr(&s, ONN_OP_ADD, t, t, d, r, 0);
		add_output(&s, r,
		    view(add_value(&s, t, 2 * n, 0, 0), 1, 3, (ptrdiff_t[]){814, 22, 2}), false);
		/* an input and a scalar as outputs */
		add_output(
		    &s, c, view(add_value(&s, t, n, 0, 0), 0, 3, (ptrdiff_t[]){407, 11, 1}), false);
		add_output(
		    &s, e, view(add_value(&s, t, n, 0, 0), 0, 3, (ptrdiff_t[]){407, 11, 1}), false);
		check_scene("strided", &s, onn_type_real(t) == ONN_F32 ? 1e-6 : 1e-14);
	}
}
END_TEST

/* Scalars of the whole step are computed once: 1 / (1 - b^t), and the last of them is 0-d itself.
 */
START_TEST(scalar_parts_of_programs_agree_with_the_reference)
{
	for (size_t i = 0; i < COUNT(counts); i++) {
		size_t n = counts[i];
		onn_type t = ONN_F32;
		scene s;
		begin(&s, ONN_STEP_POINTWISE);
		set_shape(&s, 1, &n);
		uint16_t x = add_input(&s, view(add_value(&s, t, n, 0.5, 1), 0, 1, dense));
		uint16_t k =
		    add_input(&s, view(add_value(&s, ONN_I32, 1, 3, 3.5), 0, 1, (ptrdiff_t[]){0}));
		uint16_t beta = add_immediate(&s, t, 0.9), one = add_immediate(&s, t, 1);
		uint16_t f = add_instr(&s, ONN_OP_CAST, t, ONN_I32, k, 0, 0);
		uint16_t p = add_instr(&s, ONN_OP_POW, t, t, beta, f, 0);
		uint16_t d = add_instr(&s, ONN_OP_SUB, t, t, one, p, 0);
		uint16_t y = add_instr(&s, ONN_OP_DIV, t, t, x, d, 0);
		uint16_t less = add_instr(&s, ONN_OP_LESS, t, t, d, x, 0);
		uint16_t z = add_instr(&s, ONN_OP_SELECT, t, t, less, d, one);
		uint16_t w = add_instr(&s, ONN_OP_POW, t, t, x, d, 0); /* no variant: filled */
		add_output(&s, y, view(add_value(&s, t, n, 0, 0), 0, 1, dense), false);
		add_output(&s, z, view(add_value(&s, t, n, 0, 0), 0, 1, dense), false);
		add_output(&s, w, view(add_value(&s, t, n, 0, 0), 0, 1, dense), false);
		add_output(&s, d, view(add_value(&s, t, n, 0, 0), 0, 1, dense), false);
		check_scene("scalars", &s, 2e-6);
	}
}
END_TEST

/* Types of three sizes in one program: blocks hold the widest. */
START_TEST(programs_of_mixed_types_agree_with_the_reference)
{
	for (size_t i = 0; i < COUNT(counts); i++) {
		size_t n = counts[i];
		scene s;
		begin(&s, ONN_STEP_POINTWISE);
		set_shape(&s, 1, &n);
		uint16_t u = add_input(&s, view(add_value(&s, ONN_U8, n, 0, 255), 0, 1, dense));
		uint16_t z = add_input(&s, view(add_value(&s, ONN_C64, n, -1, 1), 0, 1, dense));
		uint16_t f = add_instr(&s, ONN_OP_CAST, ONN_F32, ONN_U8, u, 0, 0);
		uint16_t m = add_instr(&s, ONN_OP_ABS, ONN_F32, ONN_C64, z, 0, 0);
		uint16_t g = add_instr(&s, ONN_OP_MUL, ONN_F32, ONN_F32, f, m, 0);
		uint16_t d = add_instr(&s, ONN_OP_CAST, ONN_F64, ONN_F32, g, 0, 0);
		uint16_t c = add_instr(&s, ONN_OP_COMPLEX, ONN_C64, ONN_F32, g, m, 0);
		uint16_t e = add_instr(&s, ONN_OP_MUL, ONN_C64, ONN_C64, c, z, 0);
		add_output(&s, d, view(add_value(&s, ONN_F64, n, 0, 0), 0, 1, dense), false);
		add_output(&s, e, view(add_value(&s, ONN_C64, n, 0, 0), 0, 1, dense), false);
		check_scene("mixed", &s, 1e-6);
	}
}
END_TEST

/* ---- reductions ---- */

static const struct {
	uint32_t ndim, kept;
	size_t shape[3];
	ptrdiff_t stride[3];
} reduction[] = {
    {1, 0, {1}, {1}}, {1, 0, {100003}, {1}}, {1, 1, {517}, {1}}, /* nothing to reduce */
    {2, 1, {64, 10}, {10, 1}},                                   /* short rows */
    {2, 1, {3, 40000}, {40000, 1}},                              /* long rows */
    {2, 1, {128, 64}, {1, 128}},                                 /* columns */
    {2, 1, {1000, 77}, {1, 1000}},                               /* columns, several tiles */
    {2, 1, {10, 60000}, {1, 10}},                                /* columns, several segments */
    {3, 2, {5, 33, 29}, {957, 1, 33}},                           /* columns with outer axes */
    {3, 1, {7, 11, 13}, {1, 91, 7}},                             /* two reduced axes */
    {2, 1, {6, 50}, {0, 1}},                                     /* a broadcast kept axis */
    {2, 1, {6, 50}, {1, 0}},                                     /* a broadcast reduced axis */
    {2, 1, {4, 0}, {0, 1}},                                      /* empty sums */
};

static void check_reductions(onn_op op, onn_type t, double tolerance)
{
	for (size_t i = 0; i < COUNT(reduction); i++) {
		uint32_t ndim = reduction[i].ndim, kept = reduction[i].kept;
		size_t count = 1, outputs = 1;
		ptrdiff_t stride[3] = {0, 0, 0};
		scene s;
		for (uint32_t a = ndim; a-- > 0;) {
			count *= reduction[i].shape[a];
			if (a >= kept)
				continue;
			stride[a] = (ptrdiff_t)outputs;
			outputs *= reduction[i].shape[a];
		}
		if (count == 0 && op == ONN_OP_REDUCE_MAX)
			continue;
		begin(&s, ONN_STEP_REDUCE);
		set_shape(&s, ndim, reduction[i].shape);
		s.step.u.pointwise.kept = kept;
		s.step.u.pointwise.reduce = op;
		uint16_t x = add_input(&s, view(add_value(&s, t, count, t == ONN_U32 ? 0 : -8, 9),
		                               0, ndim, reduction[i].stride));
		uint16_t y = add_instr(&s, ONN_OP_MUL, t, t, x, x, 0);
		uint16_t z = add_instr(&s, ONN_OP_SUB, t, t, x, y, 0);
		add_output(&s, z, view(add_value(&s, t, outputs, 0, 0), 0, ndim, stride), false);
		char name[64];
		snprintf(
		    name, sizeof name, "%s of %s, case %zu", onn_op_name(op), onn_type_name(t), i);
		check_scene(name, &s, tolerance);
	}
}

START_TEST(sums_over_any_axes_agree_with_the_reference)
{
	check_reductions(ONN_OP_SUM, ONN_F32, 1e-6);
	check_reductions(ONN_OP_SUM, ONN_F64, 1e-14);
	check_reductions(ONN_OP_SUM, ONN_C64, 1e-6);
	check_reductions(ONN_OP_SUM, ONN_C128, 1e-14);
	check_reductions(ONN_OP_SUM, ONN_I32, 0);
	check_reductions(ONN_OP_SUM, ONN_U32, 0);
}
END_TEST

START_TEST(maxima_over_any_axes_agree_with_the_reference)
{
	check_reductions(ONN_OP_REDUCE_MAX, ONN_F32, 1e-6);
	check_reductions(ONN_OP_REDUCE_MAX, ONN_F64, 1e-14);
	check_reductions(ONN_OP_REDUCE_MAX, ONN_I32, 0);
	check_reductions(ONN_OP_REDUCE_MAX, ONN_U32, 0);
}
END_TEST

/* ---- moves by index ---- */

START_TEST(argmax_agrees_with_the_reference)
{
	static const size_t shape[][3] = {
	    {64, 10, 1}, {3, 1000, 1}, {5, 7, 33}, {1, 1, 1}, {0, 4, 2}};
	static const onn_type types[] = {ONN_F32, ONN_F64, ONN_I32, ONN_U32, ONN_U8};
	for (size_t i = 0; i < COUNT(shape); i++)
		for (size_t j = 0; j < COUNT(types); j++) {
			scene s;
			begin(&s, ONN_STEP_ARGMAX);
			size_t outputs = shape[i][0] * shape[i][2];
			s.step.u.argmax.x = add_value(&s, types[j], outputs * shape[i][1], 0, 20);
			s.step.u.argmax.out = add_value(&s, ONN_I32, outputs, 0, 0);
			s.step.u.argmax.outer = shape[i][0];
			s.step.u.argmax.n = shape[i][1];
			s.step.u.argmax.inner = shape[i][2];
			check_scene("argmax", &s, 0);
		}
}
END_TEST

START_TEST(take_and_scatter_add_agree_with_the_reference)
{
	static const onn_type types[] = {ONN_U8, ONN_F32, ONN_F64, ONN_C64, ONN_C128, ONN_I32};
	static const size_t row[] = {1, 7, 784};
	for (size_t i = 0; i < COUNT(types); i++)
		for (size_t j = 0; j < COUNT(row); j++)
			for (int is_signed = 0; is_signed < 2; is_signed++) {
				onn_type t = types[i], index = is_signed ? ONN_I32 : ONN_U32;
				double low = is_signed ? -3 : 0; /* some lie outside */
				scene s;
				begin(&s, ONN_STEP_TAKE);
				s.step.u.take.x.value = add_value(&s, t, 50 * row[j] + 3, 0, 9);
				s.step.u.take.x.offset = 3;
				s.step.u.take.x.stride[0] = (ptrdiff_t)row[j];
				s.step.u.take.index = add_value(&s, index, 65, low, 55);
				s.step.u.take.out = add_value(&s, t, 65 * row[j], 0, 0);
				s.step.u.take.rows = 50;
				s.step.u.take.count = 65;
				s.step.u.take.row = row[j];
				check_scene("take", &s, 0);
				if (t == ONN_U8)
					continue;
				begin(&s, ONN_STEP_SCATTER_ADD);
				s.step.u.scatter.index = add_value(&s, index, 65, low, 25);
				s.step.u.scatter.updates = add_value(&s, t, 65 * row[j], 0, 9);
				s.step.u.scatter.out = add_value(&s, t, 20 * row[j], 0, 0);
				s.step.u.scatter.rows = 20;
				s.step.u.scatter.count = 65;
				s.step.u.scatter.row = row[j];
				check_scene(
				    "scatter_add", &s, onn_type_real(t) == ONN_F32 ? 1e-6 : 1e-14);
			}
}
END_TEST

START_TEST(zero_clears_all_of_a_value)
{
	for (size_t i = 0; i < COUNT(counts); i++) {
		scene s;
		begin(&s, ONN_STEP_ZERO);
		s.step.u.zero.out = add_value(&s, ONN_F32, counts[i], 1, 2);
		check_scene("zero", &s, 0);
	}
}
END_TEST

/* ---- matrix products ---- */

START_TEST(products_of_batches_agree_with_the_reference)
{
	static const size_t size[][3] = {
	    {1, 1, 1}, {64, 128, 784}, {784, 128, 64}, {33, 10, 70}, {7, 300, 90}, {5, 6, 0}};
	for (size_t i = 0; i < COUNT(size); i++)
		for (int type = ONN_F32; type <= ONN_C128; type++)
			for (int op = 0; op < 16; op += 5) {
				onn_type t = (onn_type)type;
				size_t m = size[i][0], n = size[i][1], k = size[i][2];
				scene s;
				begin(&s, ONN_STEP_MATMUL);
				onn_matrix *a = &s.step.u.matmul.a, *b = &s.step.u.matmul.b;
				a->op = op & 3;
				b->op = op >> 2;
				a->ld = a->op & ONN_T ? m : k;
				b->ld = b->op & ONN_T ? k : n;
				/* batches [2, 3]: a is broadcast over the second, b over the first
				 */
				a->value = add_value(&s, t, 2 * m * k + 5, -1, 1);
				a->offset = 5;
				a->batch_stride[0] = (ptrdiff_t)(m * k);
				b->value = add_value(&s, t, 3 * k * n, -1, 1);
				b->batch_stride[1] = (ptrdiff_t)(k * n);
				s.step.u.matmul.c = add_value(&s, t, 6 * m * n, 0, 0);
				s.step.u.matmul.m = m;
				s.step.u.matmul.n = n;
				s.step.u.matmul.k = k;
				s.step.u.matmul.nbatch = 2;
				s.step.u.matmul.batch[0] = 2;
				s.step.u.matmul.batch[1] = 3;
				if (m * n * k > 1000000 && (op != 0 || t != ONN_F32))
					continue; /* the reference is slow */
				check_scene(
				    "matmul", &s, onn_type_real(t) == ONN_F32 ? 1e-5 : 1e-13);
			}
}
END_TEST

/* Few rows, many terms, and neither number a round one: the sum is cut into parts. */
START_TEST(products_of_long_sums_agree_with_the_reference)
{
	enum { M = 23, N = 66, K = 1203 };
	for (int op = 0; op < 4; op++) {
		scene s;
		begin(&s, ONN_STEP_MATMUL);
		onn_matrix *a = &s.step.u.matmul.a, *b = &s.step.u.matmul.b;
		a->op = op & 1 ? ONN_T : ONN_N;
		b->op = op & 2 ? ONN_T : ONN_N;
		a->ld = a->op & ONN_T ? M + 3 : K + 2;
		b->ld = b->op & ONN_T ? K : N + 1;
		a->value = add_value(&s, ONN_F32, (size_t)(M + 3) * (K + 2), -1, 1);
		b->value = add_value(&s, ONN_F32, (size_t)(N + 1) * K, -1, 1);
		s.step.u.matmul.c = add_value(&s, ONN_F32, M * N, 0, 0);
		s.step.u.matmul.m = M;
		s.step.u.matmul.n = N;
		s.step.u.matmul.k = K;
		check_scene("matmul of long sums", &s, 1e-5);
	}
}
END_TEST

int main(void)
{
	onn_device_options options = ONN_DEVICE_OPTIONS_INIT;
	int code = onn_device_create(&device[0], "reference", NULL);
	for (int d = 1; d < SETS && !code; d++) {
		options.threads = d;
		code = onn_device_create(&device[d], "c", &options);
	}
	if (code) {
		printf("%s\n", onn_last_error());
		return EXIT_FAILURE;
	}
	printf("%s\n", onn_device_description(device[1]));
	code = run_tests("steps",
	    (const TTest *[]){programs_of_any_length_agree_with_the_reference,
	        adam_updates_agree_with_the_reference_in_any_order_of_operands,
	        adam_updates_keep_zeros_infinities_and_nan,
	        plates_that_turn_agree_with_the_reference, updates_in_place_read_before_they_write,
	        values_that_change_places_do_not_mix,
	        strided_and_broadcast_operands_agree_with_the_reference,
	        scalar_parts_of_programs_agree_with_the_reference,
	        programs_of_mixed_types_agree_with_the_reference,
	        sums_over_any_axes_agree_with_the_reference,
	        maxima_over_any_axes_agree_with_the_reference, argmax_agrees_with_the_reference,
	        take_and_scatter_add_agree_with_the_reference, zero_clears_all_of_a_value,
	        products_of_batches_agree_with_the_reference,
	        products_of_long_sums_agree_with_the_reference, NULL});
	for (int d = 0; d < SETS; d++)
		onn_device_destroy(device[d]);
	return code;
}
