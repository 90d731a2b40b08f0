/* The results of device "c" do not depend on the number of its threads: not by a bit. */
#include "testing.h"

#include "selftest/cases.h"

START_TEST(every_case_gives_the_same_bits_on_1_2_and_5_threads)
{
	static const int threads[] = {1, 2, 5};
	onn_device *device[COUNT(threads)];
	int failed = 0;

	for (size_t i = 0; i < COUNT(threads); i++) {
		onn_device_options options = ONN_DEVICE_OPTIONS_INIT;
		options.threads = threads[i];
		check_ok(onn_device_create(&device[i], "c", &options));
	}
	for (const onn_case *const *table = onn_case_tables; *table; table++)
		for (const onn_case *c = *table; c->name; c++)
			for (int type = 0; type < ONN_TYPE_COUNT; type++)
				for (size_t i = 1; i < COUNT(threads) && c->types & 1u << type;
				     i++) {
					double error;
					char where[256];
					check_ok(onn_case_compare(&error, where, sizeof where,
					    device[i], device[0], c, (onn_type)type, NULL));
					if (error == 0)
						continue;
					printf("%s %s on %d threads: %g: %s\n", c->name,
					    onn_type_name((onn_type)type), threads[i], error,
					    where);
					failed++;
				}
	for (size_t i = 0; i < COUNT(threads); i++)
		onn_device_destroy(device[i]);
	ck_assert_int_eq(failed, 0);
}
END_TEST

TESTS("threads", every_case_gives_the_same_bits_on_1_2_and_5_threads)
