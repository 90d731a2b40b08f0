/* The step of a plate by its gradient's phase, which has a loop of its own. */
#include "scene.h"

/* w - 0.1 sign(a conj(b)), or of a b; bits of `swap` put operands of products the other way
 * round. */
static void plate_step(scene *s, onn_type t, size_t n, bool plain, unsigned swap, bool in_place)
{
	begin(s, ONN_STEP_POINTWISE);
	set_shape(s, 1, &n);
	onn_view vw = view(add_value(s, t, n, -1, 1), 0, 1, dense), vo = vw;
	uint16_t w = add_input(s, vw);
	uint16_t a = add_input(s, view(add_value(s, t, n, -1, 1), 0, 1, dense));
	uint16_t b = add_input(s, view(add_value(s, t, n, -1, 1), 0, 1, dense));
	uint16_t length = add_immediate(s, t, 0.1);
	if (!plain)
		b = add_instr(s, ONN_OP_CONJ, t, t, b, 0, 0);
	uint16_t g = add_instr(s, ONN_OP_MUL, t, t, swap & 1 ? b : a, swap & 1 ? a : b, 0);
	uint16_t u = add_instr(s, ONN_OP_SIGN, t, t, g, 0, 0);
	u = add_instr(s, ONN_OP_MUL, t, t, swap & 2 ? length : u, swap & 2 ? u : length, 0);
	if (!in_place)
		vo.value = add_value(s, t, n, 0, 0);
	add_output(s, add_instr(s, ONN_OP_SUB, t, t, w, u, 0), vo, in_place);
}

START_TEST(plate_steps_agree_with_the_reference)
{
	static const double odd[] = {0, 1e-30, 2e-18, 1e-10, 1e17, NAN};
	scene s;
	for (size_t i = 0; i < COUNT(counts); i++)
		for (unsigned k = 0; k < 16; k++) {
			plate_step(&s, k & 8 ? ONN_C64 : ONN_C128, counts[i], k & 1, k >> 1, k & 4);
			check_scene_times("plate step", &s, k & 8 ? 2e-6 : 1e-14, 3);
		}
	for (size_t i = 0; i < COUNT(odd); i++) {
		plate_step(&s, ONN_C64, 100, i & 1, 0, true);
		s.low[1] = s.high[1] = odd[i];
		check_scene("plate step, odd", &s, 2e-6);
	}
}
END_TEST

int main(void)
{
	return run_scenes("plate", (const TTest *[]){plate_steps_agree_with_the_reference, NULL});
}
