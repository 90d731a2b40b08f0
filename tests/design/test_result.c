/* The light at the camera and what it is worth. */
#include "bench.h"

START_TEST(field_and_intensity_are_the_same_light_and_the_loss_is_theirs)
{
	onn_design d = small_design();
	onn_array *field, *intensity;
	double sum = 0;
	bench b;

	open_bench(&b, &d, NULL);
	check_ok(onn_designer_step(b.designer));
	check_ok(onn_designer_field(&field, b.designer));
	check_ok(onn_designer_intensity(&intensity, b.designer));
	const double *e = onn_array_const_data(field), *i = onn_array_const_data(intensity);
	const double *t = onn_array_const_data(onn_designer_target(b.designer));
	for (size_t k = 0; k < PIXELS; k++) {
		check_near(i[k], e[2 * k] * e[2 * k] + e[2 * k + 1] * e[2 * k + 1], 1e-13);
		sum += (i[k] - t[k]) * (i[k] - t[k]) + fabs(i[k] - t[k]);
	}
	check_near(loss_of(&b), sum / PIXELS, 1e-14);
	onn_array_destroy(field);
	onn_array_destroy(intensity);
	close_bench(&b);
}
END_TEST

START_TEST(brightness_counts_unless_the_design_is_after_the_picture_alone)
{
	for (int alone = 0; alone < 2; alone++) {
		onn_design d = small_design();
		onn_design_result r;
		onn_array *picture, *intensity;
		double slope = 0, square = 0, both = 0, own = 0, wanted = 0, light = 0, came = 0;
		bench b;
		d.loss = alone ? ONN_DESIGN_LOSS_CORRELATION : ONN_DESIGN_LOSS_MSE;
		open_bench(&b, &d, NULL);
		check_ok(onn_designer_result(&r, &picture, b.designer));
		check_ok(onn_designer_intensity(&intensity, b.designer));
		const double *x = onn_array_const_data(picture),
		             *i = onn_array_const_data(intensity);
		const double *t = onn_array_const_data(onn_designer_target(b.designer));
		for (size_t k = 0; k < PIXELS; k++) {
			check_near(x[k], r.scale * i[k], 1e-15);
			slope += (x[k] - t[k]) * x[k]; /* 0 where the scale is the best one */
			square += (x[k] - t[k]) * (x[k] - t[k]);
			both += i[k] * t[k];
			own += i[k] * i[k];
			wanted += t[k] * t[k];
			light += i[k];
		}
		const double *e = onn_array_const_data(onn_designer_source(b.designer));
		for (size_t k = 0; k < 2 * PIXELS; k++)
			came += e[k] * e[k];
		if (alone)
			check_near(slope, 0, 1e-12);
		else
			ck_assert(r.scale == 1 && fabs(slope) > 0.1);
		check_near(r.likeness.mse, square / PIXELS, 1e-14);
		check_near(r.loss, alone ? 1 - both / sqrt(own * wanted) : r.likeness.mse, 1e-12);
		check_near(r.arriving, light / came, 1e-13);
		if (alone) /* of the mean square the loss tells what is left at the best scale */
			check_near(1 - pow(1 - r.loss, 2), r.likeness.mse * PIXELS / wanted, 1e-12);
		onn_array_destroy(picture);
		onn_array_destroy(intensity);
		close_bench(&b);
	}
}
END_TEST

TESTS_ON_DEVICE("result", field_and_intensity_are_the_same_light_and_the_loss_is_theirs,
    brightness_counts_unless_the_design_is_after_the_picture_alone)
