/* Steps that move rows by index, and zeros, of the device c. */
#include "scene.h"

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
				begin(&s, ONN_STEP_SCATTER);
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

int main(void)
{
	return run_scenes("index",
	    (const TTest *[]){argmax_agrees_with_the_reference,
	        take_and_scatter_add_agree_with_the_reference, zero_clears_all_of_a_value, NULL});
}
