/* Steps against the gradient, with its sign: against central differences. */
#include "bench.h"

static double by[PLATES][2 * PIXELS];

START_TEST(sgd_follows_the_central_differences_of_each_loss)
{
	for (int loss = 0; loss <= ONN_DESIGN_LOSS_OVERLAP; loss++)
		for (int phase = 0; phase < 2; phase++) {
			onn_design d = phase ? phase_design() : small_design();
			d.loss = (onn_design_loss)loss;
			check_gradient(d);
		}
}
END_TEST

/* The direction, not only a fall of the loss: the conjugate's step falls too. */
START_TEST(phase_sign_steps_against_the_gradient_by_the_rate)
{
	onn_design d = small_design();
	bench b;

	open_bench(&b, &d, NULL);
	moved(&b, by);
	for (size_t k = 0; k < PLATES; k++)
		for (size_t i = 0; i < PIXELS; i += 17) {
			double re = slope(&b, k, 2 * i), im = slope(&b, k, 2 * i + 1);
			check_near(hypot(by[k][2 * i], by[k][2 * i + 1]), 1, 1e-12);
			check_near(by[k][2 * i], re / hypot(re, im), 1e-4);
			check_near(by[k][2 * i + 1], im / hypot(re, im), 1e-4);
		}
	close_bench(&b);
}
END_TEST

/* Adam's first step is rate g/(|g| + epsilon) of each real number. */
START_TEST(adams_first_step_has_the_gradients_sign)
{
	onn_design d = small_design();
	bench b;

	d.update = ONN_DESIGN_UPDATE_ADAM;
	open_bench(&b, &d, NULL);
	moved(&b, by);
	for (size_t k = 0; k < PLATES; k++)
		for (size_t i = 0; i < b.numbers; i += 7) {
			double g = slope(&b, k, i);
			check_near(by[k][i], g / (fabs(g) + 1e-8), 1e-3);
		}
	close_bench(&b);
}
END_TEST

/* Of plates that get no light the gradient is 0, whose sign is 0. */
START_TEST(a_pixel_without_light_stays)
{
	onn_design d = small_design();
	onn_designer *designer;
	onn_design_inputs in = ONN_DESIGN_INPUTS_INIT;
	onn_array *source, *plate;

	d.plates = 1;
	check_ok(onn_array_create(&source, ONN_F64, 2, (size_t[]){N, N}));
	for (size_t i = 0; i < PIXELS; i++)
		((double *)onn_array_data(source))[i] = i % N > 4;
	in.source = source;
	check_ok(onn_designer_create(&designer, &d, &in, NULL, device));
	check_ok(onn_designer_step(designer));
	check_ok(onn_designer_plate(&plate, designer, 0));
	for (size_t i = 0; i < PIXELS; i++) {
		const double *z = (const double *)onn_array_const_data(plate) + 2 * i;
		double off = hypot(z[0] - 1, z[1]);
		if (i % N > 4)
			check_near(off, d.rate, 1e-12);
		else
			ck_assert(z[0] == 1 && z[1] == 0);
	}
	onn_array_destroy(plate);
	onn_array_destroy(source);
	onn_designer_destroy(designer);
}
END_TEST

TESTS_ON_DEVICE("update", sgd_follows_the_central_differences_of_each_loss,
    phase_sign_steps_against_the_gradient_by_the_rate, adams_first_step_has_the_gradients_sign,
    a_pixel_without_light_stays)
