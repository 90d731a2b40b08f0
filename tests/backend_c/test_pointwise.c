/* Pointwise programs of the device c. */
#include "scene.h"

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

int main(void)
{
	return run_scenes("pointwise",
	    (const TTest *[]){programs_of_any_length_agree_with_the_reference,
	        updates_in_place_read_before_they_write, values_that_change_places_do_not_mix,
	        strided_and_broadcast_operands_agree_with_the_reference,
	        scalar_parts_of_programs_agree_with_the_reference,
	        programs_of_mixed_types_agree_with_the_reference, NULL});
}
