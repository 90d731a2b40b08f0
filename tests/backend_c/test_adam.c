/* Adam's update, which has a loop of its own. */
#include "scene.h"

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

int main(void)
{
	return run_scenes("adam",
	    (const TTest *[]){adam_updates_agree_with_the_reference_in_any_order_of_operands,
	        adam_updates_keep_zeros_infinities_and_nan, NULL});
}
