/* What every field of every group of attributes takes part in. */
#include "testing.h"

#include "graph/attr.h"

typedef struct field {
	onn_attr_group group;
	const char *name;
	size_t offset, bytes;
} field;

/* clang-format off */
static const field fields[] = {
#define ONN_ATTR_BEGIN(id, group)                                                                  \
	{ONN_ATTR_##id, "", 0, 0},
#define ONN_ATTR(group, type, field, length, shown)                                                \
	{ONN_ATTR_NONE, #group "." #field, offsetof(onn_attr, group.field),                        \
	    sizeof((onn_attr *)0)->group.field},
#include "graph/attr.def"
};
/* clang-format on */

START_TEST(every_byte_of_every_field_counts_and_no_other)
{
	onn_attr_group group = ONN_ATTR_NONE;
	size_t groups = 0;
	for (size_t i = 0; i < COUNT(fields); i++) {
		const field *f = &fields[i];
		onn_attr a, b;
		if (f->bytes == 0) {
			group = f->group;
			groups++;
			continue;
		}
		memset(&a, 0x11, sizeof a);
		b = a;
		ck_assert(onn_attr_equal(group, &a, &b));
		for (size_t k = 0; k < f->bytes; k++) {
			((unsigned char *)&b)[f->offset + k] ^= 4;
			ck_assert_msg(!onn_attr_equal(group, &a, &b), "%s, byte %zu", f->name, k);
			ck_assert_msg(onn_attr_hash(1, group, &a) != onn_attr_hash(1, group, &b),
			    "%s, byte %zu", f->name, k);
			((unsigned char *)&b)[f->offset + k] ^= 4;
		}
	}
	ck_assert_uint_eq(groups, ONN_ATTR_COUNT - 1);
	/* the bytes between and behind the fields */
	onn_attr a, b;
	memset(&a, 0, sizeof a);
	memset(&b, 0xff, sizeof b);
	a.transform.axes = b.transform.axes = 2;
	a.transform.inverse = b.transform.inverse = true;
	ck_assert(onn_attr_equal(ONN_ATTR_TRANSFORM, &a, &b));
	ck_assert(
	    onn_attr_hash(1, ONN_ATTR_TRANSFORM, &a) == onn_attr_hash(1, ONN_ATTR_TRANSFORM, &b));
	ck_assert(onn_attr_equal(ONN_ATTR_NONE, &a, &b));
}
END_TEST

static void check_text(onn_attr_group group, onn_attr a, size_t ndim, const char *expected)
{
	onn_text text = ONN_TEXT_INIT;
	onn_attr_describe(&text, group, &a, ndim);
	char *got = onn_text_take(&text);
	ck_assert_str_eq(got, expected);
	onn_free(got);
}

START_TEST(attributes_are_printed_by_their_names)
{
	check_text(ONN_ATTR_NUMBER, (onn_attr){.number = {ONN_F32, 1.5, 0}}, 0, " 1.5");
	check_text(ONN_ATTR_NUMBER, (onn_attr){.number = {ONN_C64, 1.5, -2}}, 0, " 1.5-2i");
	check_text(ONN_ATTR_VARIABLE, (onn_attr){.variable = {.name = "w"}}, 0, " \"w\"");
	check_text(ONN_ATTR_AXES, (onn_attr){.axes = {5}}, 3, " axis 0 axis 2");
	check_text(ONN_ATTR_AXIS, (onn_attr){.axis = {1}}, 3, " axis 1");
	check_text(ONN_ATTR_PRODUCT, (onn_attr){.product = {{0, 3}}}, 2, " NH");
	check_text(ONN_ATTR_ORDER, (onn_attr){.order = {3}}, 1, " order 3");
	check_text(ONN_ATTR_PERMUTE, (onn_attr){.permute = {{1, 0}}}, 2, " from [1, 0]");
	check_text(
	    ONN_ATTR_SLICE, (onn_attr){.slice = {{4}, {-2}, {3}}}, 1, " start [4] step [-2]");
	check_text(ONN_ATTR_TRANSFORM, (onn_attr){.transform = {2, true}}, 2, " axes 2 inverse");
	check_text(ONN_ATTR_TRANSFORM, (onn_attr){.transform = {1, false}}, 2, " axes 1");
	check_text(ONN_ATTR_FILTER, (onn_attr){.filter = {2, true, {1, 2}, {3, 4}, {5, 6}}}, 3,
	    " axes 2 conjugate at [1, 2] from [3, 4]");
	check_text(ONN_ATTR_DRAW, (onn_attr){.draw = {ONN_F32, UINT64_MAX, 7}}, 1,
	    " seed 18446744073709551615 stream 7");
	check_text(ONN_ATTR_NONE, (onn_attr){.axis = {1}}, 3, "");
}
END_TEST

TESTS("attr", every_byte_of_every_field_counts_and_no_other, attributes_are_printed_by_their_names)
