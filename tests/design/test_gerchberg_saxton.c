/* Projections: no step leads further from the target. */
#include "bench.h"

/* Distance of the camera's amplitudes from the target's at equal power. */
static double distance(bench *b)
{
	onn_array *intensity;
	double power = 0, wanted = 0, sum = 0;

	check_ok(onn_designer_intensity(&intensity, b->designer));
	const double *i = onn_array_const_data(intensity);
	const double *t = onn_array_const_data(onn_designer_target(b->designer));
	for (size_t k = 0; k < PIXELS; k++) {
		power += i[k];
		wanted += t[k];
	}
	for (size_t k = 0; k < PIXELS; k++)
		sum += pow(sqrt(i[k]) - sqrt(t[k] * power / wanted), 2);
	onn_array_destroy(intensity);
	return sum / power;
}

START_TEST(projections_never_lead_further_from_the_target)
{
	onn_design d = phase_design();
	bench b;

	d.padding = 0;
	d.update = ONN_DESIGN_UPDATE_GERCHBERG_SAXTON;
	for (size_t length = 0; length < 4; length += 3) {
		d.checkpoint_planes = length;
		open_bench(&b, &d, NULL);
		double first = distance(&b), before = first;
		for (int i = 0; i < 30; i++) {
			check_ok(onn_designer_step(b.designer));
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

/* What is printed on the way: of the amplitudes at each step, of the others on the whole. */
START_TEST(the_loss_falls_when_the_picture_becomes_better)
{
	for (int loss = 0; loss <= ONN_DESIGN_LOSS_OVERLAP; loss++) {
		onn_design d = phase_design();
		size_t count;
		bench b;
		d.padding = 0;
		d.update = ONN_DESIGN_UPDATE_GERCHBERG_SAXTON;
		d.loss = (onn_design_loss)loss;
		open_bench(&b, &d, NULL);
		for (int i = 0; i < 30; i++)
			check_ok(onn_designer_step(b.designer));
		double last = loss_of(&b);
		const double *all = onn_designer_losses(&count, b.designer);
		ck_assert_uint_eq(count, 31);
		ck_assert_msg(last < .5 * all[0], "loss %d: %g after %g", loss, last, all[0]);
		for (size_t i = 1; i < count && loss == ONN_DESIGN_LOSS_OVERLAP; i++)
			ck_assert(all[i] <= all[i - 1] + 1e-13);
		close_bench(&b);
	}
}
END_TEST

TESTS_ON_DEVICE("gerchberg_saxton", the_loss_falls_when_the_picture_becomes_better,
    projections_never_lead_further_from_the_target)
