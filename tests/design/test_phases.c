/* What is left of complex plates where they delay light alone. */
#include "bench.h"

/* Plates of any size made, but those of 0, which turn no light. */
static void set_plates(bench *b)
{
	for (size_t k = 0; k < PLATES; k++) {
		b->x[k][2 * k] = b->x[k][2 * k + 1] = 0;
		set_plate(b, k);
	}
}

START_TEST(the_light_is_that_of_a_design_of_the_same_phases)
{
	for (int adam = 0; adam < 2; adam++)
		for (int loss = 0; loss <= ONN_DESIGN_LOSS_OVERLAP; loss++) {
			onn_design d = small_design(), e = phase_design();
			onn_design_result r, s;
			onn_array *picture[2];
			double gain, most = 0;
			bench b, c;
			d.loss = e.loss = (onn_design_loss)loss;
			d.update = adam ? ONN_DESIGN_UPDATE_ADAM : ONN_DESIGN_UPDATE_SGD;
			open_bench(&b, &d, NULL);
			open_bench(&c, &e, NULL);
			set_plates(&b);
			for (size_t k = 0; k < PLATES; k++) {
				for (size_t i = 0; i < PIXELS; i++) {
					c.x[k][i] = atan2(b.x[k][2 * i + 1], b.x[k][2 * i]);
					most = fmax(most, hypot(b.x[k][2 * i + 1], b.x[k][2 * i]));
				}
				set_plate(&c, k);
			}
			double before = loss_of(&b);
			check_ok(onn_designer_result_of_phases(&r, &gain, &picture[0], b.designer));
			check_ok(onn_designer_result(&s, &picture[1], c.designer));
			check_near(gain, most, 1e-14);
			check_near(r.loss, s.loss, 1e-12 * s.loss);
			check_near(r.scale, s.scale, 1e-12 * s.scale);
			check_near(r.likeness.correlation, s.likeness.correlation, 1e-12);
			check_near(r.likeness.efficiency, s.likeness.efficiency, 1e-12);
			for (size_t i = 0; i < PIXELS; i++)
				check_near(((const double *)onn_array_const_data(picture[0]))[i],
				    ((const double *)onn_array_const_data(picture[1]))[i], 1e-11);
			ck_assert(loss_of(&b) == before && before != r.loss);
			/* of plates of phase it is what there is */
			check_ok(onn_designer_result_of_phases(&r, &gain, NULL, c.designer));
			ck_assert(gain == 1 && r.loss == s.loss);
			onn_array_destroy(picture[0]);
			onn_array_destroy(picture[1]);
			close_bench(&b);
			close_bench(&c);
		}
}
END_TEST

TESTS_ON_DEVICE("phases", the_light_is_that_of_a_design_of_the_same_phases)
