#include "testing.h"

#include "core/element.h"

START_TEST(every_type_holds_its_numbers)
{
	static const double numbers[] = {0, 1, 2, 200};
	double room[2 * COUNT(numbers)];
	for (int t = 0; t < ONN_TYPE_COUNT; t++) {
		onn_type type = (onn_type)t;
		size_t count = COUNT(numbers) * onn_type_parts(type);
		ck_assert_uint_eq(onn_type_parts(type), onn_type_is_complex(type) ? 2 : 1);
		for (size_t i = 0; i < count; i++)
			onn_part_set(room, type, i, numbers[(i + 1) % COUNT(numbers)]);
		for (size_t i = 0; i < count; i++)
			check_near(
			    onn_part_get(room, type, i), numbers[(i + 1) % COUNT(numbers)], 0);
	}
	float single[2];
	onn_part_set(single, ONN_C64, 1, 0.1);
	ck_assert(single[1] == 0.1f);
}
END_TEST

START_TEST(integers_stop_at_the_ends_of_their_range)
{
	static const struct {
		onn_type type;
		double x, held;
	} row[] = {
	    {ONN_U8, -3, 0},
	    {ONN_U8, 300, 255},
	    {ONN_U8, 7.9, 7},
	    {ONN_I32, -7.9, -7},
	    {ONN_I32, 1e10, INT32_MAX},
	    {ONN_I32, -INFINITY, INT32_MIN},
	    {ONN_U32, 1e10, UINT32_MAX},
	    {ONN_U32, -1, 0},
	    {ONN_U32, NAN, 0},
	    {ONN_I32, NAN, 0},
	};
	for (size_t i = 0; i < COUNT(row); i++) {
		uint32_t room[2] = {0};
		onn_part_set(room, row[i].type, 0, row[i].x);
		check_near(onn_part_get(room, row[i].type, 0), row[i].held, 0);
	}
}
END_TEST

TESTS("element", every_type_holds_its_numbers, integers_stop_at_the_ends_of_their_range)
