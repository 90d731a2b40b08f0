/* What the functions of plan.h do with wrong arguments. */
#include "testing.h"

#include <onn/plan.h>

static onn_device *device, *other;

typedef struct network {
	onn_graph *g;
	onn_node x, y;
	onn_plan *plan;
	onn_tensor *tensor;
} network;

/* y = sin x, x of f32 [3]; not bound. */
static network begin(void)
{
	network n = {0};

	check_ok(onn_graph_create(&n.g));
	n.x = onn_variable(n.g, "x", ONN_F32, 1, (size_t[]){3});
	n.y = onn_sin(n.g, n.x);
	check_ok(onn_plan_create(&n.plan, device, n.g, &n.y, 1, NULL));
	check_ok(onn_tensor_create(&n.tensor, device, ONN_F32, 1, (size_t[]){3}));
	return n;
}

static void end(network *n)
{
	onn_plan_destroy(n->plan);
	onn_tensor_destroy(n->tensor);
	onn_graph_destroy(n->g);
}

START_TEST(creating_a_plan_reports_the_graphs_error_and_wrong_outputs)
{
	network n = begin();
	onn_plan *plan = n.plan;
	onn_node none = ONN_NULL_NODE, far = {1000};

	check_error(onn_plan_create(&plan, NULL, n.g, &n.y, 1, NULL), ONN_ERROR_ARGUMENT,
	    "onn_plan_create: no device");
	ck_assert_ptr_null(plan);
	check_error(onn_plan_create(&plan, device, n.g, &n.y, 0, NULL), ONN_ERROR_ARGUMENT,
	    "onn_plan_create: no outputs");
	check_error(onn_plan_create(&plan, device, n.g, NULL, 1, NULL), ONN_ERROR_ARGUMENT,
	    "onn_plan_create: no outputs");
	check_error(onn_plan_create(&plan, device, n.g, &none, 1, NULL), ONN_ERROR_ARGUMENT,
	    "output 0 is node 0");
	check_error(onn_plan_create(&plan, device, n.g, (onn_node[]){n.y, far}, 2, NULL),
	    ONN_ERROR_ARGUMENT, "output 1 is node 1000");
	onn_plan_options options = {3, true, 0};
	check_error(onn_plan_create(&plan, device, n.g, &n.y, 1, &options), ONN_ERROR_ARGUMENT,
	    "onn_plan_create: the options' size is 3; expected 24, as from ONN_PLAN_OPTIONS_INIT");
	onn_add(n.g, n.x, onn_variable(n.g, "z", ONN_F32, 1, (size_t[]){4}));
	check_error(onn_plan_create(&plan, device, n.g, &n.y, 1, NULL), ONN_ERROR_ARGUMENT,
	    "onn_add: shapes [3] and [4]");
	end(&n);
}
END_TEST

START_TEST(binding_checks_name_device_type_and_shape)
{
	network n = begin();
	onn_tensor *wrong;

	check_error(onn_plan_bind(n.plan, "y", n.tensor), ONN_ERROR_ARGUMENT,
	    "onn_plan_bind: the graph has no variable \"y\"");
	check_error(onn_plan_bind(n.plan, NULL, n.tensor), ONN_ERROR_ARGUMENT, "onn_plan_bind");
	check_error(onn_plan_bind(n.plan, "x", NULL), ONN_ERROR_ARGUMENT, "no tensor for \"x\"");
	check_ok(onn_tensor_create(&wrong, device, ONN_F64, 1, (size_t[]){3}));
	check_error(onn_plan_bind(n.plan, "x", wrong), ONN_ERROR_ARGUMENT,
	    "\"x\" is given [3] f64; expected [3] f32");
	onn_tensor_destroy(wrong);
	check_ok(onn_tensor_create(&wrong, device, ONN_F32, 2, (size_t[]){3, 1}));
	check_error(onn_plan_bind(n.plan, "x", wrong), ONN_ERROR_ARGUMENT,
	    "\"x\" is given [3, 1] f32; expected [3] f32");
	onn_tensor_destroy(wrong);
	check_ok(onn_tensor_create(&wrong, other, ONN_F32, 1, (size_t[]){3}));
	check_error(
	    onn_plan_bind(n.plan, "x", wrong), ONN_ERROR_ARGUMENT, "expected the plan's device");
	onn_tensor_destroy(wrong);
	end(&n);
}
END_TEST

START_TEST(a_run_names_the_variable_that_is_not_bound)
{
	network n = begin();

	check_error(onn_plan_run(n.plan), ONN_ERROR_ARGUMENT,
	    "onn_plan_run: the variable \"x\" has no tensor");
	check_ok(onn_plan_bind(n.plan, "x", n.tensor));
	check_ok(onn_plan_run(n.plan));
	check_ok(onn_plan_wait(n.plan));
	end(&n);
}
END_TEST

START_TEST(outputs_and_texts_answer_wrong_questions_too)
{
	network n = begin();

	ck_assert_ptr_nonnull(onn_plan_output(n.plan, 0));
	ck_assert_ptr_null(onn_plan_output(n.plan, 1));
	ck_assert_ptr_null(onn_plan_output(n.plan, SIZE_MAX));
	ck_assert_ptr_null(onn_plan_profile(n.plan));
	ck_assert(strstr(onn_last_error(), "onn_plan_profile: device reference keeps no profile"));
	char *text = onn_plan_describe(n.plan);
	ck_assert_ptr_nonnull(text);
	ck_assert(strstr(text, "sin"));
	onn_free(text);
	ck_assert_uint_ge(onn_plan_bytes(n.plan), 3 * sizeof(float));
	end(&n);
	onn_plan_destroy(NULL);
}
END_TEST

START_TEST(a_profile_lists_the_steps)
{
	onn_device_options options = ONN_DEVICE_OPTIONS_INIT;
	onn_device *profiled, *saved = device;

	options.profile = true;
	check_ok(onn_device_create(&profiled, "reference", &options));
	device = profiled;
	network n = begin();
	check_ok(onn_plan_bind(n.plan, "x", n.tensor));
	for (int i = 0; i < 3; i++)
		check_ok(onn_plan_run(n.plan));
	char *text = onn_plan_profile(n.plan);
	ck_assert_ptr_nonnull(text);
	ck_assert_msg(strstr(text, "sin") && strstr(text, "3 runs"), "%s", text);
	onn_free(text);
	end(&n);
	onn_device_destroy(profiled);
	device = saved;
}
END_TEST

START_TEST(an_assign_has_no_output)
{
	network n = begin();
	onn_plan *plan;
	onn_node store = onn_assign(n.g, n.x, n.y);

	check_ok(onn_plan_create(&plan, device, n.g, &store, 1, NULL));
	ck_assert_ptr_null(onn_plan_output(plan, 0));
	onn_plan_destroy(plan);
	end(&n);
}
END_TEST

int main(void)
{
	int result;

	if (onn_device_create(&device, "reference", NULL) ||
	    onn_device_create(&other, "reference", NULL))
		return EXIT_FAILURE;
	result = run_tests("plan arguments",
	    (const TTest *[]){creating_a_plan_reports_the_graphs_error_and_wrong_outputs,
	        binding_checks_name_device_type_and_shape,
	        a_run_names_the_variable_that_is_not_bound,
	        outputs_and_texts_answer_wrong_questions_too, a_profile_lists_the_steps,
	        an_assign_has_no_output, NULL});
	onn_device_destroy(device);
	onn_device_destroy(other);
	return result;
}
