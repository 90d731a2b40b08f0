/* Sums and maxima of the device c. */
#include "scene.h"

static const struct {
	uint32_t ndim, kept;
	size_t shape[4];
	ptrdiff_t stride[4];
} reduction[] = {
    {1, 0, {1}, {1}}, {1, 0, {100003}, {1}}, {1, 1, {517}, {1}}, /* nothing to reduce */
    {2, 1, {64, 10}, {10, 1}},                                   /* short rows */
    {2, 1, {3, 40000}, {40000, 1}},                              /* long rows */
    {2, 1, {128, 64}, {1, 128}},                                 /* columns */
    {2, 1, {1000, 77}, {1, 1000}},                               /* columns, several tiles */
    {2, 1, {10, 60000}, {1, 10}},                                /* columns, several segments */
    {3, 2, {5, 33, 29}, {957, 1, 33}},                           /* columns with outer axes */
    {3, 1, {7, 11, 13}, {1, 91, 7}},                             /* two reduced axes */
    {2, 1, {6, 50}, {0, 1}},                                     /* a broadcast kept axis */
    {2, 1, {6, 50}, {1, 0}},                                     /* a broadcast reduced axis */
    {2, 1, {4, 0}, {0, 1}},                                      /* empty sums */
    {4, 2, {21, 12, 2, 2}, {48, 2, 24, 1}},                      /* windows */
    {4, 2, {5, 7, 3, 4}, {84, 4, 28, 1}},                        /* windows, neither side 2 */
    {3, 1, {7, 2, 3}, {3, 21, 1}},                               /* one row of windows */
    {4, 2, {3, 200, 2, 2}, {800, 2, 400, 1}},                    /* rows longer than a block */
};

static void check_reductions(onn_op op, onn_type t, double tolerance)
{
	for (size_t i = 0; i < COUNT(reduction); i++) {
		uint32_t ndim = reduction[i].ndim, kept = reduction[i].kept;
		size_t count = 1, outputs = 1;
		ptrdiff_t stride[4] = {0, 0, 0, 0};
		scene s;
		for (uint32_t a = ndim; a-- > 0;) {
			count *= reduction[i].shape[a];
			if (a >= kept)
				continue;
			stride[a] = (ptrdiff_t)outputs;
			outputs *= reduction[i].shape[a];
		}
		if (count == 0 && op == ONN_OP_REDUCE_MAX)
			continue;
		begin(&s, ONN_STEP_REDUCE);
		set_shape(&s, ndim, reduction[i].shape);
		s.step.u.pointwise.kept = kept;
		s.step.u.pointwise.reduce = op;
		uint16_t x = add_input(&s, view(add_value(&s, t, count, t == ONN_U32 ? 0 : -8, 9),
		                               0, ndim, reduction[i].stride));
		uint16_t y = add_instr(&s, ONN_OP_MUL, t, t, x, x, 0);
		uint16_t z = add_instr(&s, ONN_OP_SUB, t, t, x, y, 0);
		add_output(&s, z, view(add_value(&s, t, outputs, 0, 0), 0, ndim, stride), false);
		char name[64];
		snprintf(
		    name, sizeof name, "%s of %s, case %zu", onn_op_name(op), onn_type_name(t), i);
		check_scene(name, &s, tolerance);
	}
}

START_TEST(sums_over_any_axes_agree_with_the_reference)
{
	check_reductions(ONN_OP_SUM, ONN_F32, 1e-6);
	check_reductions(ONN_OP_SUM, ONN_F64, 1e-14);
	check_reductions(ONN_OP_SUM, ONN_C64, 1e-6);
	check_reductions(ONN_OP_SUM, ONN_C128, 1e-14);
	check_reductions(ONN_OP_SUM, ONN_I32, 0);
	check_reductions(ONN_OP_SUM, ONN_U32, 0);
}
END_TEST

START_TEST(maxima_over_any_axes_agree_with_the_reference)
{
	check_reductions(ONN_OP_REDUCE_MAX, ONN_F32, 1e-6);
	check_reductions(ONN_OP_REDUCE_MAX, ONN_F64, 1e-14);
	check_reductions(ONN_OP_REDUCE_MAX, ONN_I32, 0);
	check_reductions(ONN_OP_REDUCE_MAX, ONN_U32, 0);
}
END_TEST

int main(void)
{
	return run_scenes("reduce", (const TTest *[]){sums_over_any_axes_agree_with_the_reference,
	                                maxima_over_any_axes_agree_with_the_reference, NULL});
}
