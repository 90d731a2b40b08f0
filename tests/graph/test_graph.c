/*
 * Graphs: equal expressions are one node, small truths hold, errors stick and say what was wrong.
 */
#include "testing.h"

#include <onn/graph.h>

#include "graph/graph.h"

static onn_graph *g;
static onn_node x, w, z;

static void setup(void)
{
	check_ok(onn_graph_create(&g));
	x = onn_variable(g, "x", ONN_F64, 1, (size_t[]){5});
	w = onn_variable(g, "w", ONN_F32, 2, (size_t[]){4, 5});
	z = onn_variable(g, "z", ONN_C64, 1, (size_t[]){5});
}

static void teardown(void)
{
	const char *wrong = onn_graph_verify(g);
	ck_assert_msg(!wrong, "%s", wrong);
	onn_graph_destroy(g);
}

#define SAME(a, b) ck_assert_uint_eq((a).id, (b).id)

START_TEST(equal_expressions_are_one_node)
{
	setup();
	SAME(onn_exp(g, onn_mul(g, x, x)), onn_exp(g, onn_square(g, x)));
	SAME(onn_mul(g, x, onn_sin(g, x)), onn_mul(g, onn_sin(g, x), x));
	ck_assert_uint_ne(onn_sub(g, x, onn_sin(g, x)).id, onn_sub(g, onn_sin(g, x), x).id);
	SAME(onn_variable(g, "x", ONN_F64, 1, (size_t[]){5}), x);
	SAME(onn_sum(g, x, NULL, 0, false), onn_sum(g, x, (int[]){-1}, 1, false));
	teardown();
}
END_TEST

START_TEST(a_hundred_thousand_nodes_are_found_again)
{
	setup();
	onn_node y = x;
	for (int i = 0; i < 50000; i++)
		y = onn_sin(g, onn_mul_real(g, y, 1.0 + i));
	size_t made = onn_graph_size(g);
	onn_node again = x;
	for (int i = 0; i < 50000; i++)
		again = onn_sin(g, onn_mul_real(g, again, 1.0 + i));
	SAME(y, again);
	ck_assert_uint_eq(onn_graph_size(g), made);
	onn_graph_destroy(g);
}
END_TEST

START_TEST(neutral_operations_leave_their_operand)
{
	setup();
	SAME(onn_add_real(g, x, 0), x);
	SAME(onn_mul_real(g, x, 1), x);
	SAME(onn_neg(g, onn_neg(g, x)), x);
	SAME(onn_conj(g, onn_conj(g, z)), z);
	SAME(onn_real(g, onn_complex(g, x, onn_sin(g, x))), x);
	SAME(onn_cast(g, x, ONN_F64), x);
	SAME(onn_transpose(g, onn_transpose(g, w)), w);
	SAME(onn_reshape(g, onn_reshape(g, w, 1, (size_t[]){20}), 2, (size_t[]){4, 5}), w);
	SAME(onn_slice(g, w, 1, 0, 5, 1), w);
	SAME(onn_roll(g, x, 0, 5), x);
	SAME(onn_powi(g, x, 1), x);
	teardown();
}
END_TEST

START_TEST(a_product_with_zero_stays_for_infinities)
{
	setup();
	ck_assert_uint_ne(onn_mul_real(g, x, 0).id, onn_full(g, ONN_F64, 1, (size_t[]){5}, 0).id);
	teardown();
}
END_TEST

START_TEST(numbers_are_folded)
{
	setup();
	onn_node a = onn_scalar(g, ONN_F64, 3), b = onn_scalar(g, ONN_F64, 4);
	SAME(onn_add(g, onn_mul(g, a, a), onn_mul(g, b, b)), onn_scalar(g, ONN_F64, 25));
	SAME(onn_sqrt(g, onn_scalar(g, ONN_F64, 25)), onn_scalar(g, ONN_F64, 5));
	teardown();
}
END_TEST

START_TEST(casts_of_numbers_are_numbers_as_their_type_holds_them)
{
	setup();
	onn_node tenth = onn_scalar(g, ONN_F32, 0.1);
	SAME(onn_cast(g, tenth, ONN_C64), onn_complex_scalar(g, ONN_C64, 0.1f, 0));
	SAME(onn_cast(g, tenth, ONN_F64), onn_scalar(g, ONN_F64, (double)0.1f));
	SAME(onn_cast(g, onn_full(g, ONN_I32, 1, (size_t[]){3}, 7), ONN_F64),
	    onn_full(g, ONN_F64, 1, (size_t[]){3}, 7));
	teardown();
}
END_TEST

START_TEST(a_real_number_is_its_own_conjugate)
{
	setup();
	onn_node real = onn_cast(g, x, ONN_C128);
	SAME(onn_conj(g, real), real);
	ck_assert_uint_ne(onn_conj(g, onn_cast(g, z, ONN_C128)).id, onn_cast(g, z, ONN_C128).id);
	teardown();
}
END_TEST

START_TEST(types_promote_and_a_plain_number_does_not_widen)
{
	setup();
	ck_assert_int_eq(onn_node_type(g, onn_mul(g, z, x)), ONN_C128);
	ck_assert_int_eq(onn_node_type(g, onn_mul_real(g, w, 0.1)), ONN_F32);
	ck_assert_int_eq(onn_node_type(g, onn_mul_real(g, z, 0.1)), ONN_C64);
	ck_assert_int_eq(onn_node_type(g, onn_abs2(g, z)), ONN_F32);
	ck_assert_int_eq(onn_node_type(g, onn_less(g, x, w)), ONN_F64);
	teardown();
}
END_TEST

/* One number would make a network double, which was only seen where its outputs were read. */
START_TEST(a_single_number_in_double_is_refused_beside_an_array_in_single)
{
	static const onn_type types[] = {ONN_F64, ONN_C128};
	static const char *const text[] = {
	    "onn_mul: an array, f32 [4, 5], and a single number, f64, would be f64",
	    "onn_add: an array, c64 [5], and a single number, c128, would be c128, and all that "
	    "follows; expected c64 of the number too, or onn_cast of the array"};
	for (int i = 0; i < 2; i++) {
		setup();
		onn_node number = onn_variable(g, "number", types[i], 0, NULL);
		onn_node y = i ? onn_add(g, number, z) : onn_mul(g, w, number);
		ck_assert(!y.id && onn_graph_status(g) == ONN_ERROR_ARGUMENT);
		ck_assert_msg(strstr(onn_graph_error(g), text[i]), "%s", onn_graph_error(g));
		teardown();
		setup();
		number = onn_variable(g, "number", types[i], 0, NULL);
		onn_type type = onn_type_promote(ONN_F64, types[i]);
		ck_assert_int_eq(onn_node_type(g, onn_mul(g, onn_cast(g, w, type), number)), type);
		ck_assert_int_eq(onn_node_type(g, onn_mul(g, x, number)), type);
		onn_node single = onn_variable(g, "single", ONN_F32, 0, NULL);
		ck_assert_int_eq(onn_node_type(g, onn_mul(g, single, number)), type);
		ck_assert_int_eq(onn_node_type(g, onn_mul(g, x, single)), ONN_F64);
		ck_assert_int_eq(
		    onn_node_type(g, onn_mul(g, w, onn_cast(g, number, ONN_C64))), ONN_C64);
		teardown();
	}
}
END_TEST

START_TEST(the_first_error_sticks_and_the_rest_is_silent)
{
	setup();
	onn_node bad = onn_matmul(g, w, w);
	ck_assert_uint_eq(bad.id, 0);
	ck_assert_int_eq(onn_graph_status(g), ONN_ERROR_ARGUMENT);
	ck_assert_str_eq(onn_graph_error(g),
	    "onn_matmul: a is [4, 5], b is [4, 5]; expected a's last "
	    "size (5) = b's first (4)");
	ck_assert_uint_eq(onn_exp(g, onn_add(g, bad, x)).id, 0);
	ck_assert_uint_eq(onn_reshape(g, x, 1, (size_t[]){7}).id, 0);
	ck_assert_msg(strstr(onn_graph_error(g), "onn_matmul"), "%s", onn_graph_error(g));
	onn_node grad;
	check_error(
	    onn_gradient(&grad, g, bad, ONN_NULL_NODE, &x, 1), ONN_ERROR_ARGUMENT, "onn_matmul");
	onn_graph_destroy(g);
}
END_TEST

/* Each call is wrong in its own way; the text names the function and what was given. */
START_TEST(a_graph_goes_on_once_its_error_is_forgotten)
{
	setup();
	onn_node other = onn_variable(g, "other", ONN_F64, 1, (size_t[]){99});
	ck_assert_uint_eq(onn_add(g, x, other).id, 0);
	ck_assert_uint_eq(onn_neg(g, x).id, 0);
	onn_graph_recover(g);
	ck_assert_int_eq(onn_graph_status(g), ONN_OK);
	ck_assert_str_eq(onn_graph_error(g), "");
	ck_assert_uint_ne(onn_neg(g, x).id, 0);
	teardown();
}
END_TEST

START_TEST(wrong_arguments_are_named)
{
	static const size_t huge[] = {SIZE_MAX / 2, 8};
	for (int which = 0; which < 19; which++) {
		setup();
		const char *part = "";
		onn_node null = ONN_NULL_NODE, stranger = {4000};
		switch (which) {
		case 0:
			onn_add(g, x, onn_variable(g, "v", ONN_F64, 1, (size_t[]){4})),
			    part = "shapes [5] and [4]";
			break;
		case 1:
			onn_sinc(g, z), part = "onn_sinc: x is c64";
			break;
		case 2:
			onn_pow(g, z, z), part = "onn_pow: operands are c64";
			break;
		case 3:
			onn_cast(g, z, ONN_F32), part = "from c64 to f32";
			break;
		case 4:
			onn_slice(g, x, 0, 3, 3, 1), part = "start 3, count 3";
			break;
		case 5:
			onn_slice(g, x, 1, 0, 1, 1), part = "axis 1";
			break;
		case 6:
			onn_permute(g, w, (int[]){0, 0}), part = "order[1] is 0";
			break;
		case 7:
			onn_reduce_max(g, onn_slice(g, x, 0, 0, 0, 1), NULL, 0, false),
			    part = "size 0";
			break;
		case 8:
			onn_take(g, x, x), part = "index is f64";
			break;
		case 9:
			onn_variable(g, "x", ONN_F32, 0, NULL), part = "it was made as [5] f64";
			break;
		case 10:
			onn_variable(g, "", ONN_F32, 0, NULL), part = "no name";
			break;
		case 11:
			onn_assign(g, onn_sin(g, x), x), part = "the target is sin";
			break;
		case 12:
			onn_exp(g, null), part = "node 0";
			break;
		case 13:
			onn_exp(g, stranger), part = "node 4000";
			break;
		case 14:
			onn_full(g, ONN_F64, 2, huge, 1), part = "overflow";
			break;
		case 15:
			onn_scalar(g, ONN_U8, 256), part = "256";
			break;
		case 16:
			onn_concat(g, (onn_node[]){x, w}, 2, 0), part = "node 1 is [4, 5] f32";
			break;
		case 17:
			onn_sum(g, w, (int[]){0, -2}, 2, true), part = "axes[1] is -2";
			break;
		case 18:
			onn_broadcast(g, x, 1, (size_t[]){6}), part = "from [5] to [6]";
			break;
		}
		ck_assert_msg(onn_graph_status(g) != ONN_OK, "case %d passed", which);
		ck_assert_msg(strstr(onn_graph_error(g), part), "case %d: no \"%s\" in: %s", which,
		    part, onn_graph_error(g));
		onn_graph_destroy(g);
	}
}
END_TEST

START_TEST(a_description_has_a_line_a_node)
{
	setup();
	onn_node y = onn_sum(g, onn_mul(g, x, onn_sin(g, x)), NULL, 0, false);
	char *text = onn_graph_describe(g, &y, 1);
	ck_assert_ptr_nonnull(text);
	ck_assert_msg(strstr(text, "variable \"x\" : [5] f64"), "%s", text);
	ck_assert_msg(strstr(text, "sum %"), "%s", text);
	ck_assert_msg(!strstr(text, "\"w\""), "dead nodes appear: %s", text);
	onn_free(text);
	teardown();
}
END_TEST

START_TEST(a_gradient_refuses_what_has_none)
{
	setup();
	onn_node grad;
	check_error(onn_gradient(&grad, g, x, ONN_NULL_NODE, &x, 1), ONN_ERROR_ARGUMENT, "no seed");
	onn_graph_destroy(g);
	setup();
	onn_node i = onn_variable(g, "i", ONN_I32, 0, NULL), y = onn_sum(g, x, NULL, 0, false);
	check_error(
	    onn_gradient(&grad, g, y, ONN_NULL_NODE, &i, 1), ONN_ERROR_ARGUMENT, "wrt[0] is i32");
	onn_graph_destroy(g);
	setup();
	y = onn_sum(g, onn_assign(g, x, onn_sin(g, x)), NULL, 0, false);
	check_error(
	    onn_gradient(&grad, g, y, ONN_NULL_NODE, &x, 1), ONN_ERROR_UNSUPPORTED, "assign");
	onn_graph_destroy(g);
	setup();
	onn_node two = onn_scalar(g, ONN_F64, 2);
	y = onn_exp(g, two);
	check_error(onn_gradient(&grad, g, y, ONN_NULL_NODE, &two, 1), ONN_ERROR_ARGUMENT,
	    "wrt[0] is a fixed number");
	onn_graph_destroy(g);
	setup();
	onn_node twos =
	    onn_reshape(g, onn_full(g, ONN_F64, 1, (size_t[]){4}, 2), 2, (size_t[]){2, 2});
	y = onn_sum(g, onn_exp(g, twos), NULL, 0, false);
	check_error(onn_gradient(&grad, g, y, ONN_NULL_NODE, &twos, 1), ONN_ERROR_ARGUMENT,
	    "wrt[0] is a fixed number");
	onn_graph_destroy(g);
}
END_TEST

START_TEST(a_gradient_stays_small_at_high_order)
{
	setup();
	onn_node y = onn_div(g, onn_sin(g, x), x), one = onn_full(g, ONN_F64, 1, (size_t[]){5}, 1);
	for (int order = 1; order <= 8; order++)
		check_ok(onn_gradient(&y, g, y, one, &x, 1));
	ck_assert_uint_lt(onn_graph_size(g), 20000);
	teardown();
}
END_TEST

TESTS("graph", equal_expressions_are_one_node, a_hundred_thousand_nodes_are_found_again,
    neutral_operations_leave_their_operand, a_product_with_zero_stays_for_infinities,
    numbers_are_folded, casts_of_numbers_are_numbers_as_their_type_holds_them,
    a_real_number_is_its_own_conjugate, types_promote_and_a_plain_number_does_not_widen,
    a_single_number_in_double_is_refused_beside_an_array_in_single,
    the_first_error_sticks_and_the_rest_is_silent, a_graph_goes_on_once_its_error_is_forgotten,
    wrong_arguments_are_named, a_description_has_a_line_a_node, a_gradient_refuses_what_has_none,
    a_gradient_stays_small_at_high_order)
