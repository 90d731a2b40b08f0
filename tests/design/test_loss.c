/* What a design makes small, of light that is known. */
#include "bench.h"
#include "design/builder.h"

enum { LIT = 14 /* pixels of the target */ };

/* The loss of an intensity whose amplitude is real, of a target of LIT pixels of 1. */
static double loss_at(onn_design d, const double *intensity)
{
	onn_array *e, *t;
	double loss;
	onn_graph *g;
	onn_plan *plan;

	check_ok(onn_array_create(&e, ONN_C128, 2, (size_t[]){N, N}));
	check_ok(onn_array_create(&t, ONN_F64, 2, (size_t[]){N, N}));
	for (size_t i = 0; i < PIXELS; i++) {
		((double *)onn_array_data(e))[2 * i] = sqrt(intensity[i]);
		((double *)onn_array_data(t))[i] = i < LIT;
	}
	check_ok(onn_graph_create(&g));
	onn_node field = onn_constant(g, e), target = onn_constant(g, t);
	onn_node node = onn_design_loss_node(g, &d, field, onn_abs2(g, field), target);
	check_ok(onn_plan_create(&plan, device, g, &node, 1, NULL));
	check_ok(onn_plan_run(plan));
	check_ok(onn_tensor_read(&loss, onn_plan_output(plan, 0), sizeof loss));
	onn_plan_destroy(plan);
	onn_graph_destroy(g);
	onn_array_destroy(e);
	onn_array_destroy(t);
	return loss;
}

/* Light on the target, of so much a pixel, and everywhere beside it. */
static void spread(double *intensity, double on, double beside)
{
	for (size_t i = 0; i < PIXELS; i++)
		intensity[i] = i < LIT ? on : beside;
}

START_TEST(an_even_background_counts)
{
	onn_design d = small_design();
	double intensity[PIXELS];

	d.loss = ONN_DESIGN_LOSS_CORRELATION;
	for (int share = 0; share <= 90; share += 10) {
		/* this share of the light is everywhere alike, the rest on the target */
		double beside = share / 100. / PIXELS, on = beside + (1 - share / 100.) / LIT;
		double dark = PIXELS - LIT, all = LIT * on + dark * beside;
		spread(intensity, on, beside);
		d.loss = ONN_DESIGN_LOSS_CORRELATION;
		d.rules = 2;
		double cosine = LIT * on / sqrt((LIT * on * on + dark * beside * beside) * LIT);
		check_near(loss_at(d, intensity), 1 - cosine, 1e-14);
		d.rules = 1; /* as it was */
		check_near(loss_at(d, intensity), 0, 1e-13);
		d.rules = 2;
		d.loss = ONN_DESIGN_LOSS_OVERLAP;
		double overlap = loss_at(d, intensity);
		check_near(overlap, 1 - LIT * sqrt(on) / sqrt(all * LIT), 1e-14);
		/* the square of it is the light on the target */
		check_near(pow(1 - overlap, 2), LIT * on / all, 1e-13);
		ck_assert(share < 70 || (1 - cosine > .09 && overlap > .35));
	}
}
END_TEST

START_TEST(brightness_does_not_count_where_the_picture_does)
{
	onn_design d = small_design(), gs = phase_design();
	double intensity[PIXELS], bright[PIXELS];

	gs.update = ONN_DESIGN_UPDATE_GERCHBERG_SAXTON;
	for (size_t i = 0; i < PIXELS; i++) {
		intensity[i] = (i < LIT) + .1 * (double)(i % 7);
		bright[i] = 25 * intensity[i];
	}
	for (int loss = 0; loss <= ONN_DESIGN_LOSS_OVERLAP; loss++) {
		bool picture = loss >= ONN_DESIGN_LOSS_CORRELATION;
		d.loss = gs.loss = (onn_design_loss)loss;
		check_near(loss_at(gs, bright), loss_at(gs, intensity), 1e-13);
		ck_assert(picture == (fabs(loss_at(d, bright) - loss_at(d, intensity)) < 1e-13));
		ck_assert(loss_at(gs, intensity) > .01);
		gs.rules = 1;
		ck_assert(picture == (fabs(loss_at(gs, bright) - loss_at(gs, intensity)) < 1e-13));
		gs.rules = 2;
	}
}
END_TEST

START_TEST(a_picture_in_proportion_has_no_loss)
{
	onn_design d = phase_design();
	double intensity[PIXELS];

	d.update = ONN_DESIGN_UPDATE_GERCHBERG_SAXTON;
	spread(intensity, 3, 0);
	for (int loss = 0; loss <= ONN_DESIGN_LOSS_OVERLAP; loss++) {
		d.loss = (onn_design_loss)loss;
		check_near(loss_at(d, intensity), 0, 1e-14);
	}
}
END_TEST

TESTS_ON_DEVICE("loss", an_even_background_counts, brightness_does_not_count_where_the_picture_does,
    a_picture_in_proportion_has_no_loss)
