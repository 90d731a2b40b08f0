/* The graph of a design: gradients with their signs, memory, projections. In double, on device
 * c. */
#include <onn/device.h>
#include <onn/plan.h>

#include "design_model.h"
#include "device.h"
#include "testing.h"

enum { N = 12, PLATES = 4, COUNT_OF_PLATE = N * N };

static onn_device *device;

/* A problem whose light spreads over the whole grid. */
static design_problem problem(void)
{
	return (design_problem){.size = N,
	    .plates = PLATES,
	    .side = 60e-6,
	    .distance = 200e-6,
	    .wavelength = 1e-6,
	    .padding = 3,
	    .evanescent = ONN_EVANESCENT_PASS,
	    .real = ONN_F64,
	    .rate = 1e-3};
}

/* Numbers that look random, from -1 to 1. */
static double noise(unsigned *state)
{
	*state = *state * 1664525u + 1013904223u;
	return (double)(*state >> 8) / (1 << 23) - 1;
}

typedef struct bench {
	design_problem p;
	design_model m;
	onn_plan *step, *look;
	onn_tensor **state, *source, *target;
	size_t numbers; /* real numbers a plate's variable */
} bench;

static onn_tensor *tensor(onn_type type, size_t ndim, const size_t *shape)
{
	onn_tensor *t = NULL;
	check_ok(onn_tensor_create(&t, device, type, ndim, shape));
	return t;
}

static void open_bench(bench *b, const design_problem *p)
{
	size_t shape[] = {N, N};
	unsigned seed = 5;
	double e[2 * COUNT_OF_PLATE], t[COUNT_OF_PLATE], x[2 * COUNT_OF_PLATE];

	*b = (bench){.p = *p};
	check_ok(design_model_build(&b->m, p));
	onn_node *out = calloc(b->m.nassigns + 1, sizeof *out),
	         look[] = {b->m.loss, b->m.intensity};
	out[0] = b->m.loss;
	memcpy(out + 1, b->m.assign, b->m.nassigns * sizeof *out);
	check_ok(onn_plan_create(&b->step, device, b->m.g, out, b->m.nassigns + 1, NULL));
	check_ok(onn_plan_create(&b->look, device, b->m.g, look, 2, NULL));
	free(out);
	b->source = tensor(ONN_C128, 2, shape);
	b->target = tensor(ONN_F64, 2, shape);
	for (size_t i = 0; i < COUNT_OF_PLATE; i++) {
		e[2 * i] = 1 + 0.3 * noise(&seed);
		e[2 * i + 1] = 0.3 * noise(&seed);
		t[i] = 0.5 + 0.5 * noise(&seed);
	}
	check_ok(onn_tensor_write(b->source, e, sizeof e));
	check_ok(onn_tensor_write(b->target, t, sizeof t));
	b->state = calloc(b->m.nvariables, sizeof *b->state);
	b->numbers =
	    onn_type_is_complex(b->m.variable[0].type) ? 2 * COUNT_OF_PLATE : COUNT_OF_PLATE;
	for (size_t i = 0; i < b->m.nvariables; i++) {
		const design_variable *v = &b->m.variable[i];
		b->state[i] = tensor(v->type, v->ndim, v->shape);
		for (size_t k = 0; k < b->numbers; k++)
			x[k] = p->phase ? 3 * noise(&seed) : 0.9 * noise(&seed);
		if (i < PLATES * b->m.parts)
			check_ok(onn_tensor_write(b->state[i], x, b->numbers * sizeof *x));
		check_ok(onn_plan_bind(b->step, v->name, b->state[i]));
		check_ok(onn_plan_bind(b->look, v->name, b->state[i]));
	}
	for (int i = 0; i < 2; i++) {
		check_ok(onn_plan_bind(i ? b->step : b->look, "source", b->source));
		check_ok(onn_plan_bind(i ? b->step : b->look, "target", b->target));
	}
}

static void close_bench(bench *b)
{
	onn_plan_destroy(b->step);
	onn_plan_destroy(b->look);
	for (size_t i = 0; i < b->m.nvariables; i++)
		onn_tensor_destroy(b->state[i]);
	free(b->state);
	onn_tensor_destroy(b->source);
	onn_tensor_destroy(b->target);
	design_model_clear(&b->m);
}

static double loss_of(bench *b)
{
	double loss;
	check_ok(onn_plan_run(b->look));
	check_ok(onn_tensor_read(&loss, onn_plan_output(b->look, 0), sizeof loss));
	return loss;
}

static double step(bench *b)
{
	double loss;
	check_ok(onn_plan_run(b->step));
	check_ok(onn_tensor_read(&loss, onn_plan_output(b->step, 0), sizeof loss));
	return loss;
}

/* dL by one number of a variable, by central differences. */
static double slope(bench *b, size_t variable, size_t number)
{
	static const double h = 1e-5;
	double x[2 * COUNT_OF_PLATE], two[2];

	check_ok(onn_tensor_read(x, b->state[variable], b->numbers * sizeof *x));
	double at = x[number];
	for (int i = 0; i < 2; i++) {
		x[number] = i ? at + h : at - h;
		check_ok(onn_tensor_write(b->state[variable], x, b->numbers * sizeof *x));
		two[i] = loss_of(b);
	}
	x[number] = at;
	check_ok(onn_tensor_write(b->state[variable], x, b->numbers * sizeof *x));
	return (two[1] - two[0]) / (2 * h);
}

/* How far a step moves each number, divided by -rate: the gradient, where the update is sgd's. */
static void moved(bench *b, double by[][2 * COUNT_OF_PLATE])
{
	static double before[2 * PLATES][2 * COUNT_OF_PLATE];
	size_t n = PLATES * b->m.parts, bytes = b->numbers * sizeof(double);

	for (size_t i = 0; i < n; i++)
		check_ok(onn_tensor_read(before[i], b->state[i], bytes));
	step(b);
	for (size_t i = 0; i < n; i++) {
		check_ok(onn_tensor_read(by[i], b->state[i], bytes));
		for (size_t k = 0; k < b->numbers; k++)
			by[i][k] = (before[i][k] - by[i][k]) / b->p.rate;
		check_ok(onn_tensor_write(b->state[i], before[i], bytes));
	}
}

static void check_gradient(design_problem p)
{
	static double by[2 * PLATES][2 * COUNT_OF_PLATE];
	bench b;

	p.update = DESIGN_SGD;
	p.rate = 1;
	open_bench(&b, &p);
	moved(&b, by);
	for (size_t i = 0; i < PLATES * b.m.parts; i++)
		for (size_t k = 0; k < b.numbers; k += 13) {
			double expected = slope(&b, i, k);
			check_near(by[i][k], expected, 1e-7 * fabs(expected) + 2e-9);
		}
	close_bench(&b);
}

START_TEST(sgd_follows_the_central_differences_of_each_loss)
{
	for (int loss = DESIGN_TUTORIAL; loss <= DESIGN_CORRELATION; loss++)
		for (int phase = 0; phase < 2; phase++) {
			design_problem p = problem();
			p.loss = (design_loss)loss;
			p.phase = phase;
			check_gradient(p);
		}
}
END_TEST

START_TEST(sgd_follows_them_where_fields_are_computed_again)
{
	for (size_t k = 1; k <= PLATES; k++) {
		design_problem p = problem();
		p.keep_every = k;
		check_gradient(p);
	}
}
END_TEST

/* The direction, not only a fall of the loss: the conjugate's step falls too. */
START_TEST(phase_sign_steps_against_the_gradient_by_the_rate)
{
	static double by[2 * PLATES][2 * COUNT_OF_PLATE];
	design_problem p = problem();
	bench b;

	open_bench(&b, &p);
	moved(&b, by);
	for (size_t i = 0; i < PLATES; i++)
		for (size_t k = 0; k < COUNT_OF_PLATE; k += 17) {
			double re = slope(&b, i, 2 * k), im = slope(&b, i, 2 * k + 1);
			check_near(hypot(by[i][2 * k], by[i][2 * k + 1]), 1, 1e-12);
			check_near(by[i][2 * k], re / hypot(re, im), 1e-4);
			check_near(by[i][2 * k + 1], im / hypot(re, im), 1e-4);
		}
	close_bench(&b);
}
END_TEST

START_TEST(fields_computed_again_change_no_bit_of_a_step)
{
	static double kept[2 * PLATES][2 * COUNT_OF_PLATE], again[2 * PLATES][2 * COUNT_OF_PLATE];

	for (int phase = 0; phase < 2; phase++)
		for (size_t k = 1; k <= PLATES; k++) {
			design_problem p = problem();
			bench b;
			p.phase = phase;
			open_bench(&b, &p);
			moved(&b, kept);
			size_t bytes = b.numbers * sizeof(double);
			close_bench(&b);
			p.keep_every = k;
			open_bench(&b, &p);
			moved(&b, again);
			close_bench(&b);
			for (size_t i = 0; i < PLATES; i++)
				ck_assert_mem_eq(kept[i], again[i], bytes);
		}
}
END_TEST

/* The bytes of a step's temporaries, in planes. */
static double planes(size_t plates, size_t keep_every)
{
	design_problem p = problem();
	design_model m;
	onn_plan *plan = NULL;

	p.size = 64;
	p.plates = plates;
	p.padding = 0;
	p.keep_every = keep_every;
	check_ok(design_model_build(&m, &p));
	onn_node *out = calloc(m.nassigns + 1, sizeof *out);
	out[0] = m.loss;
	memcpy(out + 1, m.assign, m.nassigns * sizeof *out);
	check_ok(onn_plan_create(&plan, device, m.g, out, m.nassigns + 1, NULL));
	double bytes = (double)onn_plan_bytes(plan);
	onn_plan_destroy(plan);
	free(out);
	design_model_clear(&m);
	return bytes / (64 * 64 * 16);
}

START_TEST(a_step_holds_the_fields_and_little_more)
{
	/* kept fields, the spectrum, a gradient or two: no gradients of all plates */
	double all = planes(32, 0);
	ck_assert_msg(all >= 32 && all <= 36, "%g planes for 32 plates", all);
	/* each sixth field, and the six of the segment at hand */
	double few = planes(32, 6);
	ck_assert_msg(few <= 6 + 6 + 4, "%g planes for 32 plates, each sixth kept", few);
}
END_TEST

/* Distance of the camera's amplitudes from the target's at equal power. */
static double distance(bench *b)
{
	double i[COUNT_OF_PLATE], t[COUNT_OF_PLATE], power = 0, wanted = 0, sum = 0;

	loss_of(b);
	check_ok(onn_tensor_read(i, onn_plan_output(b->look, 1), sizeof i));
	check_ok(onn_tensor_read(t, b->target, sizeof t));
	for (size_t k = 0; k < COUNT_OF_PLATE; k++) {
		power += i[k];
		wanted += t[k];
	}
	for (size_t k = 0; k < COUNT_OF_PLATE; k++)
		sum += pow(sqrt(i[k]) - sqrt(t[k] * power / wanted), 2);
	return sum / power;
}

START_TEST(projections_never_lead_further_from_the_target)
{
	design_problem p = problem();
	bench b;

	p.phase = true;
	p.padding = 0;
	p.update = DESIGN_GERCHBERG_SAXTON;
	for (size_t keep = 0; keep < 4; keep += 3) {
		p.keep_every = keep;
		open_bench(&b, &p);
		double first = distance(&b), before = first;
		for (int i = 0; i < 30; i++) {
			step(&b);
			double now = distance(&b);
			ck_assert_msg(
			    now <= before * (1 + 1e-12), "step %d: %g after %g", i, now, before);
			before = now;
		}
		ck_assert_msg(before < 0.1 * first, "%g after 30 steps, %g before", before, first);
		close_bench(&b);
	}
}
END_TEST

/* Adam's first step is rate g/(|g| + epsilon) of each real number. */
START_TEST(adams_first_step_has_the_gradients_sign)
{
	static double by[2 * PLATES][2 * COUNT_OF_PLATE];
	design_problem p = problem();
	bench b;

	p.update = DESIGN_ADAM;
	open_bench(&b, &p);
	moved(&b, by);
	for (size_t i = 0; i < 2 * PLATES; i++)
		for (size_t k = 0; k < b.numbers; k += 13) {
			double g = slope(&b, i, k);
			check_near(by[i][k], g / (fabs(g) + 1e-8), 1e-3);
		}
	close_bench(&b);
}
END_TEST

START_TEST(levels_are_what_a_plate_shows)
{
	design_problem p = problem();
	bench b;

	p.phase = true;
	p.levels = 4;
	p.loss = DESIGN_MSE;
	open_bench(&b, &p);
	double fine = loss_of(&b);
	/* phases moved to the levels that they are shown as: the same light */
	for (size_t i = 0; i < PLATES; i++) {
		double x[COUNT_OF_PLATE];
		check_ok(onn_tensor_read(x, b.state[i], sizeof x));
		for (size_t k = 0; k < COUNT_OF_PLATE; k++)
			x[k] = nearbyint(x[k] / 1.5707963267948966) * 1.5707963267948966;
		check_ok(onn_tensor_write(b.state[i], x, sizeof x));
	}
	check_near(loss_of(&b), fine, 1e-12);
	/* and the gradient passes straight through */
	ck_assert(step(&b) >= 0);
	check_near(loss_of(&b), fine, 1e-12); /* 1e-3 rad away: still the same levels */
	close_bench(&b);
}
END_TEST

START_TEST(a_problem_that_optics_refuses_is_an_error)
{
	design_problem p = problem();
	design_model m;

	p.distance = NAN;
	ck_assert(design_model_build(&m, &p) != ONN_OK);
	ck_assert_msg(strstr(onn_last_error(), "nan"), "%s", onn_last_error());
	ck_assert_ptr_null(m.g);
	p = problem();
	p.wavelength = -1;
	ck_assert(design_model_build(&m, &p) != ONN_OK);
}
END_TEST

int main(void)
{
	device = open_test_device(NULL);
	int failed = run_tests("design_model",
	    (const TTest *[]){sgd_follows_the_central_differences_of_each_loss,
	        sgd_follows_them_where_fields_are_computed_again,
	        phase_sign_steps_against_the_gradient_by_the_rate,
	        fields_computed_again_change_no_bit_of_a_step,
	        a_step_holds_the_fields_and_little_more,
	        projections_never_lead_further_from_the_target,
	        adams_first_step_has_the_gradients_sign, levels_are_what_a_plate_shows,
	        a_problem_that_optics_refuses_is_an_error, NULL});
	onn_device_destroy(device);
	return failed;
}
