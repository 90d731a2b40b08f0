/* Detectors: where their regions are, and what they read. */
#include "bench.h"

static onn_device *device;

static onn_network *network_with(const char *settings, size_t classes)
{
	return network_of(ONN_F32, 2, 2, classes,
	    (const layer_text[]){
	        {"encode", "grid=12,10 image=10"}, {"detect", settings}, {NULL, NULL}});
}

START_TEST(rows_and_columns_of_detectors_cover_the_grid)
{
	onn_region *region;
	size_t count;
	onn_network *n = network_with("regions=2,3", 6);
	check_ok(onn_network_detectors(&region, &count, n, 1));
	ck_assert_uint_eq(count, 6);
	for (size_t i = 0; i < count; i++) {
		/* 3 columns of the 10 pixels that the square has */
		ck_assert(region[i].ny == 3 && region[i].nx == 3);
		ck_assert(region[i].y + 3 <= 12 && region[i].x + 3 <= 10);
	}
	ck_assert(region[0].y + 3 <= region[3].y && region[0].x + 3 <= region[1].x);
	onn_free(region);
	check_error(onn_network_detectors(&region, &count, n, 0), ONN_ERROR_ARGUMENT, "is encode");
	ck_assert_ptr_null(region);
	onn_network_destroy(n);
}
END_TEST

START_TEST(without_regions_there_is_one_a_class_and_pairs_have_two)
{
	static const struct {
		const char *settings;
		size_t count;
	} row[] = {{NULL, 3}, {"detection=differential", 6}, {"regions=3 side=2", 3},
	    {"regions=3,1 detection=differential", 6}};
	for (size_t i = 0; i < COUNT(row); i++) {
		onn_region *region;
		size_t count;
		onn_network *n = network_with(row[i].settings, 3);
		check_ok(onn_network_detectors(&region, &count, n, 1));
		ck_assert_uint_eq(count, row[i].count);
		onn_free(region);
		onn_network_destroy(n);
	}
}
END_TEST

/* Two halves of a picture whose left is three times as bright as its right. */
static void read_halves(double y[2], const char *reading)
{
	char settings[64];
	snprintf(settings, sizeof settings, "regions=1,2 side=2 reading=%s", reading);
	onn_model *model = model_of_layers(4, 4, 2,
	    (const layer_text[]){{"encode", "grid=4 image=4"}, {"detect", settings}, {NULL, NULL}});
	double pixel[16];
	for (size_t i = 0; i < 16; i++)
		pixel[i] = i % 4 < 2 ? sqrt(3) / 2 : .5;
	outputs_of(y, device, model, pixel);
	onn_model_destroy(model);
}

START_TEST(readings_are_shares_fractions_or_powers)
{
	double y[2];
	/* 2 x 2 pixels of .75 and of .25; all light is 8 of each */
	read_halves(y, "power");
	check_near(y[0], 3, 1e-5);
	check_near(y[1], 1, 1e-5);
	read_halves(y, "share");
	check_near(y[0], .75, 1e-6);
	check_near(y[1], .25, 1e-6);
	read_halves(y, "fraction");
	check_near(y[0], 3. / 8, 1e-6);
	check_near(y[1], 1. / 8, 1e-6);
}
END_TEST

START_TEST(gradients_of_every_reading_agree_with_central_differences)
{
	static const char *const settings[] = {"side=2", "side=2 reading=fraction",
	    "side=2 reading=power", "side=1 detection=differential"};
	for (size_t i = 0; i < COUNT(settings); i++)
		check_layer_gradients(device, 4, 4, 2,
		    (const layer_text[]){{"encode", "grid=8"}, {"plate", "init_std=1"},
		        {"space", "distance=2e-3"}, {"detect", settings[i]}, {NULL, NULL}},
		    2, 1e-7);
}
END_TEST

TESTS_ON_DEVICE("detect", rows_and_columns_of_detectors_cover_the_grid,
    without_regions_there_is_one_a_class_and_pairs_have_two,
    readings_are_shares_fractions_or_powers,
    gradients_of_every_reading_agree_with_central_differences)
