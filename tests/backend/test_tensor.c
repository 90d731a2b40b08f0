/* Tensors of a device: their elements, and what wrong arguments give. */
#include "device.h"
#include "testing.h"

static onn_device *device;

START_TEST(tensors_keep_their_elements)
{
	double in[6] = {1, -2, 3.5, 0, 1e300, -1e-300}, out[6] = {0};
	onn_array *a, *b;
	onn_tensor *t;

	check_ok(onn_array_from(&a, ONN_F64, 2, (size_t[]){2, 3}, in));
	check_ok(onn_tensor_from_array(&t, device, a));
	ck_assert_int_eq(onn_tensor_type(t), ONN_F64);
	ck_assert_uint_eq(onn_tensor_ndim(t), 2);
	ck_assert_uint_eq(onn_tensor_shape(t)[0], 2);
	ck_assert_uint_eq(onn_tensor_shape(t)[1], 3);
	ck_assert_uint_eq(onn_tensor_count(t), 6);
	ck_assert_ptr_eq(onn_tensor_device(t), device);
	check_ok(onn_tensor_read(out, t, sizeof out));
	ck_assert_mem_eq(in, out, sizeof in);
	in[4] = 7;
	check_ok(onn_tensor_write(t, in, sizeof in));
	check_ok(onn_tensor_to_array(&b, t));
	ck_assert_mem_eq(onn_array_const_data(b), in, sizeof in);
	onn_array_destroy(a);
	onn_array_destroy(b);
	onn_tensor_destroy(t);
	onn_tensor_destroy(NULL);
}
END_TEST

START_TEST(new_tensors_are_zeros_and_may_be_empty)
{
	float x[5] = {1, 1, 1, 1, 1};
	onn_tensor *t;
	onn_array *a;

	check_ok(onn_tensor_create(&t, device, ONN_F32, 1, (size_t[]){5}));
	check_ok(onn_tensor_read(x, t, sizeof x));
	for (int i = 0; i < 5; i++)
		ck_assert(x[i] == 0);
	onn_tensor_destroy(t);
	check_ok(onn_tensor_create(&t, device, ONN_C128, 3, (size_t[]){4, 0, 2}));
	check_ok(onn_tensor_read(NULL, t, 0));
	check_ok(onn_tensor_write(t, NULL, 0));
	check_ok(onn_tensor_to_array(&a, t));
	ck_assert_uint_eq(onn_array_count(a), 0);
	onn_array_destroy(a);
	onn_tensor_destroy(t);
}
END_TEST

START_TEST(wrong_arguments_of_tensors_are_errors)
{
	static const size_t huge[] = {SIZE_MAX / 4, 8}, wide[] = {SIZE_MAX / 4};
	float x[3];
	onn_tensor *t;
	onn_array *a;

	check_error(
	    onn_tensor_create(NULL, device, ONN_F32, 0, NULL), ONN_ERROR_ARGUMENT, "t is NULL");
	check_error(
	    onn_tensor_create(&t, NULL, ONN_F32, 0, NULL), ONN_ERROR_ARGUMENT, "device is NULL");
	check_error(onn_tensor_create(&t, device, (onn_type)99, 0, NULL), ONN_ERROR_ARGUMENT,
	    "onn_tensor_create: type is 99");
	check_error(onn_tensor_create(&t, device, ONN_F32, 9, (size_t[9]){0}), ONN_ERROR_ARGUMENT,
	    "ndim is 9; expected at most 8");
	check_error(
	    onn_tensor_create(&t, device, ONN_F32, 2, NULL), ONN_ERROR_ARGUMENT, "shape is NULL");
	check_error(
	    onn_tensor_create(&t, device, ONN_F32, 2, huge), ONN_ERROR_MEMORY, "onn_tensor_create");
	check_error(
	    onn_tensor_create(&t, device, ONN_F64, 1, wide), ONN_ERROR_MEMORY, "onn_tensor_create");
	/* it fits a size_t, and no machine */
	check_error(
	    onn_tensor_create(&t, device, ONN_U8, 1, wide), ONN_ERROR_MEMORY, "onn_tensor_create");
	ck_assert_ptr_null(t);
	check_error(onn_tensor_from_array(&t, device, NULL), ONN_ERROR_ARGUMENT, "a is NULL");
	check_error(onn_tensor_to_array(&a, NULL), ONN_ERROR_ARGUMENT, "t is NULL");
	check_ok(onn_tensor_create(&t, device, ONN_F32, 1, (size_t[]){3}));
	check_error(onn_tensor_write(t, x, 8), ONN_ERROR_ARGUMENT,
	    "onn_tensor_write: bytes is 8; expected 12 for [3] of type f32");
	check_error(onn_tensor_read(x, t, 16), ONN_ERROR_ARGUMENT, "onn_tensor_read: bytes is 16");
	check_error(onn_tensor_write(t, NULL, 12), ONN_ERROR_ARGUMENT, "data is NULL");
	check_error(onn_tensor_read(x, NULL, 12), ONN_ERROR_ARGUMENT, "t is NULL");
	check_error(onn_tensor_to_array(NULL, t), ONN_ERROR_ARGUMENT, "a is NULL");
	onn_tensor_destroy(t);
}
END_TEST

TESTS_ON_DEVICE("tensor", tensors_keep_their_elements, new_tensors_are_zeros_and_may_be_empty,
    wrong_arguments_of_tensors_are_errors)
