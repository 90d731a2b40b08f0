/*
 * Every case of src/selftest on ONN_TEST_DEVICE against the reference: 1e-5 in single and 1e-12 in
 * double precision, relative; 0 for what only moves elements.
 */
#include "testing.h"

#include <onn/selftest.h>

#include "backend/backend.h"
#include "device.h"
#include "selftest/cases.h"

static onn_device *device, *reference;

typedef struct tally {
	int passed, failed, skipped;
} tally;

static bool print_failures(const onn_selftest_row *row, void *user)
{
	tally *t = user;

	t->passed += row->outcome == ONN_SELFTEST_PASSED;
	t->skipped += row->outcome == ONN_SELFTEST_SKIPPED;
	/* only a type that the device lacks is a reason to leave something out */
	bool bad = row->outcome == ONN_SELFTEST_FAILED ||
	           (row->outcome == ONN_SELFTEST_SKIPPED && onn_device_supports(device, row->type));
	t->failed += bad;
	if (bad)
		printf("%s %s: %g, not %g: %s\n", row->name, onn_type_name(row->type), row->error,
		    row->tolerance, row->text);
	return true;
}

/* What takes minutes on this device, and is shown in f32 by another. */
static bool is_left_out(onn_type type)
{
	return !onn_device_supports(device, type) ||
	       (is_repeated_by_rusticl() && onn_type_real(type) != ONN_F64);
}

typedef struct tries {
	onn_case_devices on;
	int failed;
} tries;

static bool is_taken(onn_type type, void *user)
{
	(void)user;
	return !is_left_out(type);
}

static bool count_different(const onn_case_result *r, void *user)
{
	tries *t = user;
	double tolerance = onn_case_tolerance(r->self, r->type);
	if (r->left_out || (!r->status && r->error <= tolerance))
		return true;
	printf("%s %s: %g, not %g: %s\n", r->self->name, onn_type_name(r->type), r->error,
	    tolerance, r->text);
	t->failed++;
	return true;
}

/* Compilers take minutes for all rows: llvmpipe has one of three, PoCL the other two. */
static onn_case *thinned(const onn_case *table)
{
	size_t rows = 0, kept = 0;

	while (table[rows].name)
		rows++;
	onn_case *some = calloc(rows + 1, sizeof *some);
	ck_assert_ptr_nonnull(some);
	for (size_t i = 0; i < rows; i++)
		if ((i % 3 == 0) == is_rusticl())
			some[kept++] = table[i];
	return some;
}

/* The cases of a table that fail or differ, each told. */
static int different(const onn_case *table, onn_device *on, const onn_plan_options *options)
{
	tries t = {
	    .on = {.device = on,
	        .reference = reference,
	        .options = options,
	        .extent = on->backend->compiles && !is_thorough() ? ONN_CASES_FEW : ONN_CASES_ALL,
	        .wanted = is_taken,
	        .told = count_different,
	        .user = &t}};
	check_ok(onn_case_compare_all(table, &t.on));
	return t.failed;
}

START_TEST(every_operation_agrees_with_the_reference)
{
	tally t = {0};
	size_t failed;

	if (is_thorough()) {
		for (const onn_case *const *table = onn_case_tables; *table; table++)
			ck_assert_int_eq(different(*table, device, NULL), 0);
		return;
	}
	if (!is_thorough() && (is_rusticl() || is_repeated_by_rusticl())) {
		for (const onn_case *const *table = onn_case_tables; *table; table++) {
			onn_case *some = thinned(*table);
			failed = (size_t)different(some, device, NULL);
			free(some);
			ck_assert_uint_eq(failed, 0);
		}
		return;
	}
	check_ok(onn_selftest(&failed, device, print_failures, &t));
	printf("%d passed, %d failed, %d skipped\n", t.passed, t.failed, t.skipped);
	ck_assert_int_eq(t.failed, 0);
	ck_assert_uint_eq(failed, 0);
	ck_assert_int_gt(t.passed, 100);
}
END_TEST

/* What plans do differently without fusion, and checked. */
START_TEST(compositions_agree_with_the_reference_without_fusion)
{
	onn_plan_options options = ONN_PLAN_OPTIONS_INIT;

	options.no_fusion = true;
	ck_assert_int_eq(different(onn_cases_composed, device, &options), 0);
}
END_TEST

START_TEST(the_check_mode_finds_nothing_wrong)
{
	onn_device_options options = ONN_DEVICE_OPTIONS_INIT;
	onn_device *checked;
	int failed;

	options.check = true;
	check_ok(onn_device_create(&checked, onn_device_name(device), &options));
	failed = different(onn_cases_composed, checked, NULL);
	onn_device_destroy(checked);
	ck_assert_int_eq(failed, 0);
}
END_TEST

/* ---- the table itself ---- */

/* The types that a row of ops.def promises to take. */
static const struct {
	onn_op op;
	unsigned types;
} promised[] = {
#define TYPES_R                                              ONN_TYPES_R
#define TYPES_C                                              ONN_TYPES_C
#define TYPES_RC                                             ONN_TYPES_RC
#define TYPES_RI                                             ONN_TYPES_RI
#define TYPES_RCI                                            ONN_TYPES_RCI
#define ONN_POINTWISE(id, text, arity, result, classes, ...) {ONN_OP_##id, TYPES_##classes},
#define ONN_SPECIAL(id, ...)                                 {ONN_OP_##id, 0},
#define ONN_PRIMITIVE(id, ...)                               {ONN_OP_##id, 0},
#include "ops/ops.def"
};

START_TEST(every_row_of_ops_def_has_a_case_for_each_of_its_types)
{
	ck_assert_uint_eq(COUNT(promised), ONN_OP_COUNT - 1);
	for (size_t i = 0; i < COUNT(promised); i++) {
		unsigned types = 0;
		for (const onn_case *const *table = onn_case_tables; *table; table++)
			for (const onn_case *c = *table; c->name; c++)
				if (c->op == promised[i].op)
					types |= c->types;
		ck_assert_msg(types != 0, "%s has no case", onn_op_name(promised[i].op));
		ck_assert_msg((types & promised[i].types) == promised[i].types,
		    "%s has no case for some of its types: %x of %x", onn_op_name(promised[i].op),
		    types, promised[i].types);
	}
}
END_TEST

static void find_each_row(onn_case_extent extent)
{
	for (const onn_case *const *table = onn_case_tables; *table; table++)
		for (const onn_case *c = *table; c->name; c++)
			for (int type = 0; c->op && type < ONN_TYPE_COUNT; type++) {
				onn_case_build b;
				bool found = false;
				if (!(c->types & 1u << type))
					continue;
				check_ok(onn_case_build_for(&b, c, (onn_type)type, extent));
				for (size_t id = 1; id < b.g->nnodes; id++)
					found |= b.g->node[id].op == c->op;
				ck_assert_msg(found, "case %s %s has no node %s", c->name,
				    onn_type_name((onn_type)type), onn_op_name(c->op));
				onn_case_clear(&b);
			}
}

START_TEST(every_case_holds_a_node_of_its_row)
{
	find_each_row(ONN_CASES_ALL);
	find_each_row(ONN_CASES_FEW);
}
END_TEST

int main(void)
{
	int result;

	device = open_test_device(NULL);
	if (onn_device_create(&reference, "reference", NULL))
		return EXIT_FAILURE;
	result = run_tests(
	    "op", (const TTest *[]){every_row_of_ops_def_has_a_case_for_each_of_its_types,
	              every_case_holds_a_node_of_its_row, every_operation_agrees_with_the_reference,
	              compositions_agree_with_the_reference_without_fusion,
	              the_check_mode_finds_nothing_wrong, NULL});
	onn_device_destroy(reference);
	onn_device_destroy(device);
	return result;
}
