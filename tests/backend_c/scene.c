#include "scene.h"

#include "backend/backend.h"
#include "core/element.h"
#include "core/memory.h"
#include "core/philox.h"

enum { SETS = 4 };

static onn_device *opened[SETS]; /* the reference, then c with 1, 2, 3 threads */

void begin(scene *s, onn_step_kind kind)
{
	memset(s, 0, sizeof *s);
	s->schedule.memory = s->memory;
	s->schedule.value = s->value;
	s->schedule.step = &s->step;
	s->schedule.nsteps = 1;
	s->step.kind = kind;
	if (!onn_step_has_program(kind))
		return; /* the union has other members */
	s->step.u.pointwise.program.input = s->input;
	s->step.u.pointwise.program.immediate = s->immediate;
	s->step.u.pointwise.program.instr = s->instr;
}

uint32_t add_value(scene *s, onn_type type, size_t count, double low, double high)
{
	uint32_t v = s->schedule.nvalues++;
	s->schedule.nmemory++;
	s->memory[v].bytes = count * onn_type_size(type);
	s->value[v] = (onn_value){type, v, 0, count};
	s->low[v] = low;
	s->high[v] = high;
	return v;
}

void set_shape(scene *s, uint32_t ndim, const size_t *shape)
{
	s->step.u.pointwise.ndim = ndim;
	for (uint32_t i = 0; i < ndim; i++)
		s->step.u.pointwise.shape[i] = shape[i];
}

onn_view view(uint32_t value, ptrdiff_t offset, uint32_t ndim, const ptrdiff_t *stride)
{
	onn_view v = {.value = value, .offset = offset};
	for (uint32_t i = 0; i < ndim; i++)
		v.stride[i] = stride[i];
	return v;
}

uint16_t add_input(scene *s, onn_view v)
{
	onn_program *p = &s->step.u.pointwise.program;
	p->input[p->ninputs] = v;
	return (uint16_t)p->ninputs++;
}

uint16_t add_immediate(scene *s, onn_type type, double re)
{
	onn_program *p = &s->step.u.pointwise.program;
	p->immediate[p->nimmediates] = (onn_immediate){type, re, 0};
	return (uint16_t)(p->ninputs + p->nimmediates++);
}

/* After all inputs and immediates. */
uint16_t add_instr(
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

void add_output(scene *s, uint16_t reg, onn_view v, bool in_place)
{
	onn_program *p = &s->step.u.pointwise.program;
	p->output[p->noutputs].reg = reg;
	p->output[p->noutputs].view = v;
	p->output[p->noutputs++].in_place = in_place;
}

static void draw(const scene *s, uint32_t m, void *data)
{
	const onn_value *v = &s->value[m];
	size_t parts = onn_type_parts(v->type);
	for (size_t i = 0; i < v->count * parts; i++) {
		double x =
		    s->low[m] + (s->high[m] - s->low[m]) * onn_philox_uniform(3, 0, m, (uint32_t)i);
		onn_part_set(data, v->type, i, x);
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
		check_ok(device->backend->buffer_create(&buffer[m], device, s->memory[m].bytes));
		check_ok(
		    device->backend->buffer_write(buffer[m], 0, contents[m], s->memory[m].bytes));
	}
	check_ok(device->backend->prepare(&executable, device, &s->schedule));
	for (int i = 0; i < times; i++)
		check_ok(device->backend->run(executable, buffer, 0, 1));
	check_ok(device->backend->wait(device));
	for (uint32_t m = 0; m < s->schedule.nmemory; m++) {
		check_ok(
		    device->backend->buffer_read(contents[m], buffer[m], 0, s->memory[m].bytes));
		device->backend->buffer_destroy(buffer[m]);
	}
	device->backend->executable_destroy(executable);
}

/* tolerance in units of the largest number that the memory holds; 0: exact */
void check_scene_times(const char *name, scene *s, double tolerance, int times)
{
	char *contents[SETS][MOST_VALUES];
	for (int d = 0; d < SETS; d++)
		run(s, opened[d], times, contents[d]);
	for (uint32_t m = 0; m < s->schedule.nmemory; m++) {
		const onn_value *v = &s->value[m];
		size_t parts = onn_type_parts(v->type);
		double largest = 0;
		for (size_t i = 0; i < v->count * parts; i++) {
			double want = fabs(onn_part_get(contents[0][m], v->type, i));
			largest = want > largest && isfinite(want) ? want : largest;
		}
		for (size_t i = 0; i < v->count * parts; i++) {
			double want = onn_part_get(contents[0][m], v->type, i);
			double got = onn_part_get(contents[1][m], v->type, i);
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

void check_scene(const char *name, scene *s, double tolerance)
{
	check_scene_times(name, s, tolerance, 1);
}

int run_scenes(const char *name, const TTest *const tests[])
{
	onn_device_options options = ONN_DEVICE_OPTIONS_INIT;
	int code = onn_device_create(&opened[0], "reference", NULL);
	for (int d = 1; d < SETS && !code; d++) {
		options.threads = d;
		code = onn_device_create(&opened[d], "c", &options);
	}
	if (code) {
		printf("%s\n", onn_last_error());
		return EXIT_FAILURE;
	}
	printf("%s\n", onn_device_description(opened[1]));
	code = run_tests(name, tests);
	for (int d = 0; d < SETS; d++)
		onn_device_destroy(opened[d]);
	return code;
}
