/*
 * The published sets, where they are: test_data_idx_set NAME FOLDER. ONN_DATA_DIR is looked into
 * too.
 */
#include "testing.h"

#include <onn/dataset.h>

/* What more is known of some sets' training labels. */
static const struct labels {
	const char *name;
	size_t per_class; /* 0: classes are not of equal size */
	int first[5];     /* -1: not known */
} labels[] = {
    {"mnist", 0, {5, 0, 4, 1, 9}},
    {"fashion", 6000, {9, 0, 0, 3, 0}},
    {"kmnist", 6000, {-1, -1, -1, -1, -1}},
    {"emnist", 2400, {-1, -1, -1, -1, -1}},
};

static const onn_dataset_info *set;
static onn_dataset *data;

START_TEST(the_set_has_the_sizes_that_its_publishers_say)
{
	ck_assert_str_eq(data->name, set->name);
	ck_assert_uint_eq(onn_array_shape(data->train_x)[0], set->train);
	ck_assert_uint_eq(onn_array_shape(data->test_x)[0], set->test);
	ck_assert_uint_eq(data->height, 28);
	ck_assert_uint_eq(data->width, 28);
	ck_assert_uint_eq(data->classes, set->classes);
	ck_assert(data->scale == 255);
}
END_TEST

START_TEST(the_labels_are_those_of_the_set)
{
	size_t count[256] = {0};
	const int *label = onn_array_const_data(data->train_y);
	for (size_t i = 0; i < set->train; i++)
		count[label[i]]++;
	for (size_t k = 0; k < set->classes; k++)
		ck_assert_uint_gt(count[k], 0);
	for (size_t row = 0; row < COUNT(labels); row++) {
		if (strcmp(labels[row].name, set->name) != 0)
			continue;
		for (int i = 0; i < 5; i++)
			ck_assert(labels[row].first[i] < 0 || label[i] == labels[row].first[i]);
		for (size_t k = 0; labels[row].per_class && k < set->classes; k++)
			ck_assert_uint_eq(count[k], labels[row].per_class);
	}
}
END_TEST

START_TEST(the_images_stand_upright)
{
	/* The class 1 of MNIST and of EMNIST is a stroke: summed over the set it is higher than
	 * wide. */
	double sum = 0, down = 0, across = 0;
	const int *label = onn_array_const_data(data->train_y);
	const unsigned char *pixel = onn_array_const_data(data->train_x);
	for (size_t n = 0; n < set->train; n++) {
		for (int i = 0; label[n] == 1 && i < 784; i++) {
			double weight = pixel[784 * n + (size_t)i];
			sum += weight;
			down += weight * pow(i / 28 - 13.5, 2);
			across += weight * pow(i % 28 - 13.5, 2);
		}
	}
	ck_assert(sum > 0);
	if (strstr(set->name, "mnist") && set->name[0] != 'k')
		ck_assert_msg(down > 2 * across, "%g down, %g across", down / sum, across / sum);
}
END_TEST

static const char *folder;

START_TEST(the_set_is_not_taken_for_another_with_equal_file_names)
{
	const char *variable = getenv("ONN_DATA_DIR");
	const char *const above[] = {folder, variable ? variable : folder};
	bool refused = false;
	for (size_t i = 0; i < 2 * COUNT(above); i++) {
		char path[4096];
		onn_dataset *other = NULL;
		snprintf(path, sizeof path, "%s%s", above[i / 2], i % 2 ? "/mnist" : "");
		if (onn_dataset_load(&other, "kmnist", path, 0) == ONN_OK)
			refused = true; /* it stands beside in a folder of its own */
		refused = refused || strstr(onn_last_error(), "are those of mnist");
		onn_dataset_destroy(other);
	}
	ck_assert_msg(refused || strcmp(set->name, "mnist") != 0, "%s", onn_last_error());
}
END_TEST

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	size_t i = 0;
	while ((set = onn_dataset_known(i)) && strcmp(set->name, argv[1]) != 0)
		i++;
	if (!set)
		return 2;
	folder = argv[2];
	onn_status status = onn_dataset_load(&data, set->name, argv[2], 0);
	if (status == ONN_ERROR_FILE) {
		printf("skipped: %s is not on this machine: %s\n", set->name, onn_last_error());
		return 77;
	}
	if (status != ONN_OK) {
		printf("%s\n", onn_last_error());
		return 1;
	}
	int failed =
	    run_tests(set->name, (const TTest *[]){the_set_has_the_sizes_that_its_publishers_say,
	                             the_labels_are_those_of_the_set, the_images_stand_upright,
	                             the_set_is_not_taken_for_another_with_equal_file_names, NULL});
	onn_dataset_destroy(data);
	return failed;
}
