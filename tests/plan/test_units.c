/*
 * Plans with fusion against plans without, both on the reference: what differs is the planner's
 * work alone.
 */
#include "testing.h"

#include "backend/backend.h"
#include "selftest/cases.h"

static onn_device *fused, *reference;
static onn_backend fusing;

START_TEST(fused_plans_compute_what_unfused_plans_compute)
{
	int failed = 0, compared = 0;

	for (const onn_case *const *table = onn_case_tables; *table; table++)
		for (const onn_case *c = *table; c->name; c++)
			for (int type = 0; type < ONN_TYPE_COUNT; type++) {
				double error, tolerance = onn_case_tolerance(c, (onn_type)type);
				char where[256];
				if (!(c->types & 1u << type))
					continue;
				check_ok(onn_case_compare(&error, where, sizeof where, fused,
				    reference, c, (onn_type)type, NULL));
				compared++;
				if (!(error <= tolerance)) {
					printf("%s %s: %g, not %g: %s\n", c->name,
					    onn_type_name((onn_type)type), error, tolerance, where);
					failed++;
				}
			}
	ck_assert_int_eq(failed, 0);
	ck_assert_int_gt(compared, 200);
}
END_TEST

START_TEST(a_chain_is_one_step_with_fusion_and_many_without)
{
	onn_plan_options options = ONN_PLAN_OPTIONS_INIT;
	onn_plan *plan;
	onn_graph *g;
	onn_node x, y;

	check_ok(onn_graph_create(&g));
	x = onn_variable(g, "x", ONN_F32, 2, (size_t[]){4, 5});
	y = onn_mul(g, x, onn_exp(g, onn_neg(g, onn_add_real(g, onn_square(g, x), 1))));
	check_ok(onn_plan_create(&plan, fused, g, &y, 1, NULL));
	ck_assert_uint_eq(onn_plan_steps(plan), 1);
	onn_plan_destroy(plan);
	options.no_fusion = true;
	check_ok(onn_plan_create(&plan, fused, g, &y, 1, &options));
	ck_assert_uint_eq(onn_plan_steps(plan), 5);
	onn_plan_destroy(plan);
	onn_graph_destroy(g);
}
END_TEST

int main(void)
{
	int result;

	if (onn_device_create(&reference, "reference", NULL) ||
	    onn_device_create(&fused, "reference", NULL))
		return EXIT_FAILURE;
	fusing = *fused->backend;
	fusing.unfused = false;
	fused->backend = &fusing;
	result =
	    run_tests("units", (const TTest *[]){fused_plans_compute_what_unfused_plans_compute,
	                           a_chain_is_one_step_with_fusion_and_many_without, NULL});
	onn_device_destroy(fused);
	onn_device_destroy(reference);
	return result;
}
