/*
 * What graph builders do with wrong arguments: the null node, a status and a text in the graph.
 */
#include "testing.h"

#include <onn/convolution.h>
#include <onn/graph.h>

#include "core/memory.h"

/* The nodes that each row below starts from. */
typedef struct given {
	onn_graph *g;
	onn_node null, number, vector, matrix, cube, whole, bytes,
	    z;              /* f32 [], [3], [4, 5], [2, 3, 4]; i32 [3]; u8 [3]; c64 [3] */
	onn_node elsewhere; /* a number that no node of g has */
} given;

typedef onn_node (*builder)(given *w);

#define WRONG(name, call)                                                                          \
	static onn_node name(given *w)                                                             \
	{                                                                                          \
		onn_graph *g = w->g;                                                               \
		return call;                                                                       \
	}
#define SHAPE(...)                                                                                 \
	(size_t[]) { __VA_ARGS__ }
#define AXES(...)                                                                                  \
	(int[]) { __VA_ARGS__ }

static const onn_operation nameless = {.arity = 1};
static onn_node no_rule(onn_graph *g, onn_node x, onn_node dy, const void *data)
{
	(void)g, (void)dy, (void)data;
	return x;
}
static const size_t huge[] = {SIZE_MAX / 2, 3};

/* leaves */
WRONG(variable_no_name, onn_variable(g, NULL, ONN_F32, 0, NULL))
WRONG(variable_empty_name, onn_variable(g, "", ONN_F32, 0, NULL))
WRONG(variable_type, onn_variable(g, "v", (onn_type)99, 0, NULL))
WRONG(variable_axes, onn_variable(g, "v", ONN_F32, 9, SHAPE(1, 1, 1, 1, 1, 1, 1, 1, 1)))
WRONG(variable_no_shape, onn_variable(g, "v", ONN_F32, 2, NULL))
WRONG(variable_again, onn_variable(g, "vector", ONN_F32, 1, SHAPE(4)))
WRONG(variable_again_type, onn_variable(g, "vector", ONN_F64, 1, SHAPE(3)))
WRONG(variable_huge, onn_variable(g, "v", ONN_F32, 2, huge))
WRONG(constant_null, onn_constant(g, NULL))
WRONG(scalar_type, onn_scalar(g, (onn_type)-1, 1))
WRONG(scalar_half, onn_scalar(g, ONN_I32, 0.5))
WRONG(scalar_negative, onn_scalar(g, ONN_U8, -1))
WRONG(scalar_large, onn_scalar(g, ONN_U32, 4294967296.0))
WRONG(scalar_nan, onn_scalar(g, ONN_I32, NAN))
WRONG(complex_real, onn_complex_scalar(g, ONN_F32, 1, 2))
WRONG(full_axes, onn_full(g, ONN_F32, 9, SHAPE(1, 1, 1, 1, 1, 1, 1, 1, 1), 0))
WRONG(full_half, onn_full(g, ONN_I32, 1, SHAPE(2), 0.5))
WRONG(full_huge, onn_full(g, ONN_F32, 2, huge, 0))
WRONG(iota_type, onn_iota(g, ONN_C64, 3))
WRONG(iota_bytes, onn_iota(g, ONN_U8, 3))
WRONG(iota_count, onn_iota(g, ONN_F32, ((size_t)1 << 24) + 1))
WRONG(uniform_type, onn_random_uniform(g, ONN_I32, 0, NULL, 1, 1, onn_scalar(g, ONN_U32, 0)))
WRONG(uniform_step, onn_random_uniform(g, ONN_F32, 0, NULL, 1, 1, w->number))
WRONG(
    uniform_stream, onn_random_uniform(g, ONN_F32, 0, NULL, 1, 1u << 30, onn_scalar(g, ONN_U32, 0)))
WRONG(
    normal_stream, onn_random_normal(g, ONN_F32, 0, NULL, 1, UINT32_MAX, onn_scalar(g, ONN_U32, 0)))
WRONG(
    poisson_type, onn_random_poisson(g, onn_scalar(g, ONN_I32, 1), 1, 1, onn_scalar(g, ONN_U32, 0)))
WRONG(poisson_step, onn_random_poisson(g, w->number, 1, 1, w->number))
WRONG(poisson_stream, onn_random_poisson(g, w->number, 1, 1u << 30, onn_scalar(g, ONN_U32, 0)))
WRONG(normal_shape, onn_random_normal(g, ONN_F32, 9, NULL, 1, 1, onn_scalar(g, ONN_U32, 0)))

/* pointwise */
WRONG(add_null, onn_add(g, w->null, w->vector))
WRONG(add_elsewhere, onn_add(g, w->vector, w->elsewhere))
WRONG(add_shapes, onn_add(g, w->vector, w->matrix))
WRONG(sub_shapes, onn_sub(g, w->cube, w->matrix))
WRONG(mul_shapes, onn_mul(g, w->vector, w->matrix))
WRONG(div_whole, onn_div(g, w->whole, w->whole))
WRONG(pow_complex, onn_pow(g, w->z, w->z))
WRONG(atan2_complex, onn_atan2(g, w->z, w->z))
WRONG(min_complex, onn_min(g, w->z, w->z))
WRONG(max_complex, onn_max(g, w->z, w->vector))
WRONG(less_complex, onn_less(g, w->z, w->z))
WRONG(less_equal_complex, onn_less_equal(g, w->z, w->z))
WRONG(equal_complex, onn_equal(g, w->z, w->z))
WRONG(select_complex, onn_select(g, w->z, w->vector, w->vector))
WRONG(select_shapes, onn_select(g, w->matrix, w->vector, w->vector))
WRONG(select_null, onn_select(g, w->null, w->vector, w->vector))
WRONG(add_real_half, onn_add_real(g, w->whole, 0.5))
WRONG(mul_real_half, onn_mul_real(g, w->whole, 0.5))
WRONG(powi_null, onn_powi(g, w->null, 2))
WRONG(neg_null, onn_neg(g, w->null))
WRONG(recip_whole, onn_recip(g, w->whole))
WRONG(square_null, onn_square(g, w->null))
WRONG(sqrt_whole, onn_sqrt(g, w->whole))
WRONG(exp_whole, onn_exp(g, w->whole))
WRONG(log_whole, onn_log(g, w->whole))
WRONG(sin_whole, onn_sin(g, w->whole))
WRONG(cos_bytes, onn_cos(g, w->bytes))
WRONG(tanh_whole, onn_tanh(g, w->whole))
WRONG(asinh_complex, onn_asinh(g, w->z))
WRONG(expm1_complex, onn_expm1(g, w->z))
WRONG(log1p_complex, onn_log1p(g, w->z))
WRONG(sigmoid_whole, onn_sigmoid(g, w->whole))
WRONG(relu_complex, onn_relu(g, w->z))
WRONG(abs_whole, onn_abs(g, w->whole))
WRONG(sign_whole, onn_sign(g, w->whole))
WRONG(floor_complex, onn_floor(g, w->z))
WRONG(round_complex, onn_round(g, w->z))
WRONG(sinc_complex, onn_sinc(g, w->z))
WRONG(sinc_whole, onn_sinc(g, w->whole))
WRONG(complex_complex, onn_complex(g, w->z, w->z))
WRONG(real_null, onn_real(g, w->null))
WRONG(imag_null, onn_imag(g, w->null))
WRONG(conj_null, onn_conj(g, w->null))
WRONG(abs2_null, onn_abs2(g, w->null))
WRONG(arg_null, onn_arg(g, w->null))
WRONG(expi_complex, onn_expi(g, w->z))
WRONG(stop_null, onn_stop(g, w->null))
WRONG(through_shapes, onn_straight_through(g, w->vector, w->matrix))
WRONG(through_types, onn_straight_through(g, w->vector, w->whole))
WRONG(ruled_shapes, onn_ruled(g, w->vector, w->matrix, no_rule, NULL, 0))
WRONG(ruled_whole, onn_ruled(g, w->whole, w->whole, no_rule, NULL, 0))
WRONG(ruled_nothing, onn_ruled(g, w->vector, w->vector, NULL, NULL, 0))
WRONG(cast_real, onn_cast(g, w->z, ONN_F32))
WRONG(cast_type, onn_cast(g, w->vector, (onn_type)77))
WRONG(custom_null, onn_custom(g, NULL, &w->vector))
WRONG(custom_nameless, onn_custom(g, &nameless, &w->vector))

/* shapes */
WRONG(reshape_count, onn_reshape(g, w->matrix, 1, SHAPE(19)))
WRONG(reshape_axes, onn_reshape(g, w->matrix, 9, SHAPE(20, 1, 1, 1, 1, 1, 1, 1, 1)))
WRONG(reshape_no_shape, onn_reshape(g, w->matrix, 1, NULL))
WRONG(broadcast_size, onn_broadcast(g, w->vector, 1, SHAPE(4)))
WRONG(broadcast_fewer, onn_broadcast(g, w->matrix, 1, SHAPE(5)))
WRONG(broadcast_huge, onn_broadcast(g, w->number, 2, huge))
WRONG(permute_twice, onn_permute(g, w->matrix, AXES(0, 0)))
WRONG(permute_outside, onn_permute(g, w->matrix, AXES(0, 2)))
WRONG(permute_null, onn_permute(g, w->matrix, NULL))
WRONG(transpose_vector, onn_transpose(g, w->vector))
WRONG(slice_axis, onn_slice(g, w->matrix, 2, 0, 1, 1))
WRONG(slice_step, onn_slice(g, w->matrix, 0, 0, 1, 0))
WRONG(slice_past, onn_slice(g, w->matrix, 0, 2, 3, 1))
WRONG(slice_before, onn_slice(g, w->matrix, 1, 2, 4, -1))
WRONG(slice_start, onn_slice(g, w->matrix, 1, 5, 1, 1))
WRONG(pad_axis, onn_pad(g, w->matrix, -3, 0, 1))
WRONG(pad_huge, onn_pad(g, w->matrix, 0, SIZE_MAX, SIZE_MAX))
WRONG(roll_axis, onn_roll(g, w->matrix, 2, 1))
WRONG(concat_none, onn_concat(g, NULL, 0, 0))
WRONG(concat_sizes, onn_concat(g, (onn_node[]){w->matrix, w->cube}, 2, 0))
WRONG(concat_types, onn_concat(g, (onn_node[]){w->vector, w->whole}, 2, 0))
WRONG(concat_axis, onn_concat(g, (onn_node[]){w->vector, w->vector}, 2, 1))

/* reductions and indices */
WRONG(sum_axis, onn_sum(g, w->matrix, AXES(2), 1, false))
WRONG(sum_twice, onn_sum(g, w->matrix, AXES(1, -1), 2, false))
WRONG(mean_whole, onn_mean(g, w->whole, NULL, 0, false))
WRONG(mean_axis, onn_mean(g, w->matrix, AXES(-3), 1, false))
WRONG(max_of_complex, onn_reduce_max(g, w->z, NULL, 0, false))
WRONG(max_of_none, onn_reduce_max(g, onn_slice(g, w->vector, 0, 0, 0, 1), NULL, 0, false))
WRONG(argmax_axis, onn_argmax(g, w->matrix, 2))
WRONG(argmax_complex, onn_argmax(g, w->z, 0))
WRONG(argmax_none, onn_argmax(g, onn_slice(g, w->vector, 0, 0, 0, 1), 0))
WRONG(logsumexp_axis, onn_logsumexp(g, w->matrix, 2))
WRONG(log_softmax_axis, onn_log_softmax(g, w->matrix, -3))
WRONG(take_index, onn_take(g, w->matrix, w->vector))
WRONG(take_number, onn_take(g, w->number, w->whole))
WRONG(scatter_index, onn_scatter_add(g, w->vector, w->matrix, 3))
WRONG(scatter_shape, onn_scatter_add(g, w->whole, w->matrix, 3))
WRONG(scatter_no_rows, onn_scatter_add(g, w->whole, w->vector, 0))
WRONG(one_hot_index, onn_one_hot(g, w->vector, 3, ONN_F32))
WRONG(one_hot_type, onn_one_hot(g, w->whole, 3, ONN_I32))
WRONG(matmul_vector, onn_matmul(g, w->vector, w->matrix))
WRONG(matmul_sizes, onn_matmul(g, w->matrix, w->matrix))
WRONG(matmul_whole, onn_matmul(g, onn_cast(g, w->matrix, ONN_I32), onn_cast(g, w->matrix, ONN_I32)))
WRONG(matmul_op_number, onn_matmul_op(g, w->matrix, 4, w->matrix, ONN_T))
WRONG(matmul_batch,
    onn_matmul_op(g, w->cube, ONN_N, onn_broadcast(g, w->matrix, 3, SHAPE(3, 4, 5)), ONN_N))

/* images with kernels */
static onn_node images(given *w, size_t channels, size_t height, size_t width)
{
	return onn_full(w->g, ONN_F32, 4, SHAPE(2, channels, height, width), 1);
}

static onn_convolution how_of(size_t stride, size_t dilation, size_t groups)
{
	onn_convolution how = ONN_CONVOLUTION_INIT;
	how.stride[0] = stride;
	how.dilation[1] = dilation;
	how.groups = groups;
	return how;
}
#define HOW(stride, dilation, groups)                                                              \
	(onn_convolution[]) { how_of(stride, dilation, groups) }

WRONG(conv_axes, onn_conv2d(g, w->cube, images(w, 3, 3, 3), NULL))
WRONG(conv_whole, onn_conv2d(g, onn_cast(g, images(w, 3, 8, 8), ONN_I32),
                      onn_cast(g, images(w, 3, 3, 3), ONN_I32), NULL))
WRONG(conv_no_channels, onn_conv2d(g, images(w, 0, 8, 8), images(w, 0, 3, 3), NULL))
WRONG(conv_no_outputs,
    onn_conv2d(g, images(w, 3, 8, 8), onn_full(g, ONN_F32, 4, SHAPE(0, 3, 3, 3), 1), NULL))
WRONG(conv_channels, onn_conv2d(g, images(w, 3, 8, 8), images(w, 4, 3, 3), NULL))
WRONG(conv_groups, onn_conv2d(g, images(w, 3, 8, 8), images(w, 1, 3, 3), HOW(1, 1, 2)))
WRONG(conv_groups_of_outputs, onn_conv2d(g, images(w, 3, 8, 8), images(w, 1, 3, 3), HOW(1, 1, 3)))
WRONG(conv_no_groups, onn_conv2d(g, images(w, 3, 8, 8), images(w, 3, 3, 3), HOW(1, 1, 0)))
WRONG(conv_stride, onn_conv2d(g, images(w, 3, 8, 8), images(w, 3, 3, 3), HOW(0, 1, 1)))
WRONG(conv_large_kernel, onn_conv2d(g, images(w, 3, 8, 8), images(w, 3, 9, 3), NULL))
WRONG(conv_dilated, onn_conv2d(g, images(w, 3, 8, 8), images(w, 3, 3, 3), HOW(1, 4, 1)))
WRONG(conv_no_kernel, onn_conv2d(g, images(w, 3, 8, 8), images(w, 3, 0, 3), NULL))
WRONG(
    conv_size, onn_conv2d(g, images(w, 3, 8, 8), images(w, 3, 3, 3), &(onn_convolution){.size = 3}))
WRONG(
    conv_input_rows, onn_conv2d_input(g, images(w, 3, 3, 3), images(w, 2, 6, 6), SHAPE(9, 8), NULL))
WRONG(conv_input_outputs,
    onn_conv2d_input(g, images(w, 3, 3, 3), images(w, 5, 6, 6), SHAPE(8, 8), NULL))
WRONG(conv_weight_columns,
    onn_conv2d_weight(g, images(w, 3, 8, 8), images(w, 5, 6, 6), SHAPE(3, 4), NULL))
WRONG(conv_weight_groups,
    onn_conv2d_weight(g, images(w, 3, 8, 8), images(w, 5, 6, 6), SHAPE(3, 3), HOW(1, 1, 3)))
WRONG(assign_target, onn_assign(g, onn_neg(g, w->vector), w->vector))
WRONG(assign_shape, onn_assign(g, w->vector, w->matrix))
WRONG(assign_complex, onn_assign(g, w->vector, w->z))

static const struct row {
	const char *name;
	builder build;
	onn_status status;
	const char *part;
} rows[] = {
#define ROW(name, part)                                                                            \
	{                                                                                          \
#name, name, ONN_ERROR_ARGUMENT, part                                              \
	}
#define LARGE(name, part)                                                                          \
	{                                                                                          \
#name, name, ONN_ERROR_MEMORY, part                                                \
	}
    ROW(variable_no_name, "onn_variable: no name"),
    ROW(variable_empty_name, "onn_variable: no name"),
    ROW(variable_type, "onn_variable: type 99"),
    ROW(variable_axes, "9 axes"),
    ROW(variable_no_shape, "no sizes"),
    ROW(variable_again, "\"vector\" is [4] f32 here; it was made as [3] f32"),
    ROW(variable_again_type, "f64"),
    LARGE(variable_huge, "overflow"),
    ROW(constant_null, "onn_constant"),
    ROW(scalar_type, "onn_scalar"),
    ROW(scalar_half, "0.5"),
    ROW(scalar_negative, "-1"),
    ROW(scalar_large, "u32"),
    ROW(scalar_nan, "nan"),
    ROW(complex_real, "onn_complex_scalar: type is f32"),
    ROW(full_axes, "onn_broadcast: 9 axes"),
    ROW(full_half, "onn_full: 0.5"),
    LARGE(full_huge, "overflow"),
    ROW(iota_type, "onn_iota: type is c64"),
    ROW(iota_bytes, "onn_iota: type is u8"),
    ROW(iota_count, "onn_iota: 16777217"),
    ROW(uniform_type, "i32"),
    ROW(uniform_step, "onn_random_uniform"),
    ROW(uniform_stream, "onn_random_uniform"),
    ROW(normal_stream, "onn_random_normal"),
    ROW(normal_shape, "onn_random_normal"),
    ROW(poisson_type, "onn_random_poisson"),
    ROW(poisson_step, "onn_random_poisson"),
    ROW(poisson_stream, "onn_random_poisson"),
    ROW(add_null, "onn_add: node 0"),
    ROW(add_elsewhere, "onn_add: node 123456"),
    ROW(add_shapes, "onn_add: shapes [3] and [4, 5]"),
    ROW(sub_shapes, "onn_sub: shapes [2, 3, 4] and [4, 5]"),
    ROW(mul_shapes, "onn_mul: shapes [3] and [4, 5]"),
    ROW(div_whole, "onn_div: operands are i32"),
    ROW(pow_complex, "onn_pow: operands are c64"),
    ROW(atan2_complex, "onn_atan2: operands are c64"),
    ROW(min_complex, "onn_min: operands are c64"),
    ROW(max_complex, "onn_max: operands are c64"),
    ROW(less_complex, "onn_less: operands are c64"),
    ROW(less_equal_complex, "onn_less_equal: operands are c64"),
    ROW(equal_complex, "onn_equal: operands are c64"),
    ROW(select_complex, "onn_select: the condition is c64"),
    ROW(select_shapes, "onn_select: shapes"),
    ROW(select_null, "onn_select: node 0"),
    ROW(add_real_half, "0.5"),
    ROW(mul_real_half, "0.5"),
    ROW(powi_null, "onn_powi: node 0"),
    ROW(neg_null, "onn_neg: node 0"),
    ROW(recip_whole, "onn_recip: operands are i32"),
    ROW(square_null, "node 0"),
    ROW(sqrt_whole, "onn_sqrt: operands are i32"),
    ROW(exp_whole, "onn_exp: operands are i32"),
    ROW(log_whole, "onn_log: operands are i32"),
    ROW(sin_whole, "onn_sin: operands are i32"),
    ROW(cos_bytes, "onn_cos: operands are"),
    ROW(tanh_whole, "onn_tanh: operands are i32"),
    ROW(asinh_complex, "onn_asinh: operands are c64"),
    ROW(expm1_complex, "onn_expm1: operands are c64"),
    ROW(log1p_complex, "onn_log1p: operands are c64"),
    ROW(sigmoid_whole, "i32"),
    ROW(relu_complex, "c64"),
    ROW(abs_whole, "onn_abs: operands are i32"),
    ROW(sign_whole, "onn_sign: operands are i32"),
    ROW(floor_complex, "onn_floor: operands are c64"),
    ROW(round_complex, "onn_round: operands are c64"),
    ROW(sinc_complex, "onn_sinc: x is c64"),
    ROW(sinc_whole, "onn_sinc: x is i32"),
    ROW(complex_complex, "onn_complex: operands are c64"),
    ROW(real_null, "node 0"),
    ROW(imag_null, "onn_imag: node 0"),
    ROW(conj_null, "node 0"),
    ROW(abs2_null, "node 0"),
    ROW(arg_null, "node 0"),
    ROW(expi_complex, "c64"),
    ROW(stop_null, "onn_stop"),
    ROW(through_shapes, "onn_straight_through: [3] f32 and [4, 5] f32"),
    ROW(through_types, "i32"),
    ROW(ruled_shapes, "onn_ruled: [3] f32 and [4, 5] f32"),
    ROW(ruled_whole, "onn_ruled: a rule for a value of i32"),
    ROW(ruled_nothing, "onn_ruled: no rule for a value of f32"),
    ROW(cast_real, "onn_cast: from c64 to f32"),
    ROW(cast_type, "onn_cast"),
    ROW(custom_null, "onn_custom"),
    ROW(custom_nameless, "onn_custom"),
    ROW(reshape_count, "onn_reshape: from [4, 5] to [19]"),
    ROW(reshape_axes, "onn_reshape: 9 axes"),
    ROW(reshape_no_shape, "no sizes"),
    ROW(broadcast_size, "onn_broadcast: from [3] to [4]"),
    ROW(broadcast_fewer, "onn_broadcast: from [4, 5] to [5]"),
    LARGE(broadcast_huge, "overflow"),
    ROW(permute_twice, "onn_permute: order[1] is 0"),
    ROW(permute_outside, "onn_permute: order[1] is 2"),
    ROW(permute_null, "onn_permute"),
    ROW(transpose_vector, "onn_transpose: x has 1 axes"),
    ROW(slice_axis, "onn_slice: axis 2"),
    ROW(slice_step, "step 0"),
    ROW(slice_past, "onn_slice: start 2, count 3, step 1"),
    ROW(slice_before, "onn_slice: start 2, count 4, step -1"),
    ROW(slice_start, "onn_slice: start 5"),
    ROW(pad_axis, "onn_pad: axis -3"),
    LARGE(pad_huge, "onn_pad"),
    ROW(roll_axis, "axis 2"),
    ROW(concat_none, "onn_concat: 0 nodes"),
    ROW(concat_sizes, "onn_concat: node 1 is [2, 3, 4] f32"),
    ROW(concat_types, "onn_concat: node 1 is [3] i32"),
    ROW(concat_axis, "onn_concat: axis 1"),
    ROW(sum_axis, "onn_sum: axes[0] is 2"),
    ROW(sum_twice, "onn_sum: axes[1] is -1"),
    ROW(mean_whole, "onn_mean: x is i32"),
    ROW(mean_axis, "onn_mean: axes[0] is -3"),
    ROW(max_of_complex, "onn_reduce_max: x is c64"),
    ROW(max_of_none, "onn_reduce_max: axis 0 has size 0"),
    ROW(argmax_axis, "onn_argmax: axis 2"),
    ROW(argmax_complex, "c64"),
    ROW(argmax_none, "onn_argmax: axis 0"),
    ROW(logsumexp_axis, "axes[0] is 2"),
    ROW(log_softmax_axis, "axes[0] is -3"),
    ROW(take_index, "onn_take: index is f32"),
    ROW(take_number, "onn_take: rows of x []"),
    ROW(scatter_index, "onn_scatter_add: index is f32"),
    ROW(scatter_shape, "onn_scatter_add: updates [4, 5]"),
    ROW(scatter_no_rows, "to 0 rows"),
    ROW(one_hot_index, "onn_one_hot: index is f32"),
    ROW(one_hot_type, "onn_one_hot"),
    ROW(matmul_vector, "onn_matmul: a is [3] f32"),
    ROW(matmul_sizes, "expected a's last size (5) = b's first (4)"),
    ROW(matmul_whole, "i32"),
    ROW(matmul_op_number, "ops 4 and 1"),
    ROW(matmul_batch, "leading axis 0 has 2 and 3"),
    ROW(conv_axes, "onn_conv2d: f32 of 3 axes and f32 of 4; expected 4 axes each"),
    ROW(conv_whole, "i32 of 4 axes"),
    ROW(conv_no_channels, "x is [2, 0, 8, 8], w is [2, 0, 3, 3]; expected at least one channel"),
    ROW(conv_no_outputs, "expected at least one channel and one output"),
    ROW(conv_channels, "expected w's second size (4) = x's channels (3) / groups (1)"),
    ROW(conv_groups, "expected groups (2) that divide channels (3) and outputs (2)"),
    ROW(conv_groups_of_outputs, "expected groups (3) that divide channels (3) and outputs (2)"),
    ROW(conv_no_groups, "0 groups; expected strides, dilations and groups from 1"),
    ROW(conv_stride, "stride [0, 1]"),
    ROW(conv_large_kernel, "a kernel (9, dilation 1) that is not empty and not larger than the "
                           "padded image (8 + 2 * 0)"),
    ROW(conv_dilated, "a kernel (3, dilation 4)"),
    ROW(conv_no_kernel, "a kernel (0, dilation 1)"),
    ROW(conv_size, "onn_conv2d"),
    ROW(conv_input_rows, "onn_conv2d_input: x is [2, 3, 9, 8], w is [2, 3, 3, 3], y is [2, 2, 6, "
                         "6]; expected y to be [2, 2, 7, 6]"),
    ROW(conv_input_outputs, "expected y to be [2, 2, 6, 6]"),
    ROW(conv_weight_columns, "expected y to be [2, 5, 6, 5]"),
    ROW(conv_weight_groups, "expected groups (3) that divide channels (3) and outputs (5)"),
    ROW(assign_target, "onn_assign: the target is neg"),
    ROW(assign_shape, "from [4, 5] to [3]"),
    ROW(assign_complex, "onn_cast: from c64 to f32"),
};

static void begin(given *w)
{
	check_ok(onn_graph_create(&w->g));
	w->null = ONN_NULL_NODE;
	w->number = onn_variable(w->g, "number", ONN_F32, 0, NULL);
	w->vector = onn_variable(w->g, "vector", ONN_F32, 1, SHAPE(3));
	w->matrix = onn_variable(w->g, "matrix", ONN_F32, 2, SHAPE(4, 5));
	w->cube = onn_variable(w->g, "cube", ONN_F32, 3, SHAPE(2, 3, 4));
	w->whole = onn_variable(w->g, "whole", ONN_I32, 1, SHAPE(3));
	w->bytes = onn_variable(w->g, "bytes", ONN_U8, 1, SHAPE(3));
	w->z = onn_variable(w->g, "z", ONN_C64, 1, SHAPE(3));
	w->elsewhere = (onn_node){123456};
	check_ok(onn_graph_status(w->g));
}

START_TEST(wrong_arguments_give_the_null_node_a_status_and_a_text)
{
	int failed = 0;

	for (size_t i = 0; i < COUNT(rows); i++) {
		given w;
		begin(&w);
		onn_node y = rows[i].build(&w);
		onn_status status = onn_graph_status(w.g);
		const char *text = onn_graph_error(w.g);
		if (y.id != 0 || status != rows[i].status || !strstr(text, rows[i].part)) {
			printf("%s: node %u, %s: %s; expected %s with \"%s\"\n", rows[i].name, y.id,
			    onn_status_name(status), text, onn_status_name(rows[i].status),
			    rows[i].part);
			failed++;
		}
		onn_graph_destroy(w.g);
	}
	ck_assert_int_eq(failed, 0);
}
END_TEST

START_TEST(the_first_error_stays_and_later_builders_pass_the_null_node)
{
	given w;
	onn_node grad;

	begin(&w);
	onn_node y = onn_exp(w.g, onn_add(w.g, w.vector, w.matrix));
	ck_assert_uint_eq(y.id, 0);
	ck_assert_uint_eq(onn_sin(w.g, w.vector).id, 0);
	ck_assert(strstr(onn_graph_error(w.g), "onn_add: shapes [3] and [4, 5]"));
	ck_assert_str_eq(onn_last_error(), onn_graph_error(w.g));
	check_error(onn_gradient(&grad, w.g, y, ONN_NULL_NODE, &w.vector, 1), ONN_ERROR_ARGUMENT,
	    "onn_add");
	ck_assert_uint_eq(grad.id, 0);
	onn_graph_destroy(w.g);
}
END_TEST

START_TEST(onn_fail_records_the_error_of_a_users_builder)
{
	given w;

	begin(&w);
	ck_assert_uint_eq(onn_fail(w.g, ONN_ERROR_NUMERIC, "mine: %d", 7).id, 0);
	ck_assert_int_eq(onn_graph_status(w.g), ONN_ERROR_NUMERIC);
	ck_assert_str_eq(onn_graph_error(w.g), "mine: 7");
	onn_graph_destroy(w.g);
}
END_TEST

START_TEST(wrong_arguments_of_the_gradient_are_errors)
{
	given w;
	onn_node grad;

	begin(&w);
	check_error(onn_gradient(&grad, w.g, w.vector, ONN_NULL_NODE, &w.vector, 1),
	    ONN_ERROR_ARGUMENT, "onn_gradient: y is [3] f32 and no seed");
	onn_graph_destroy(w.g);
	begin(&w);
	check_error(onn_gradient(&grad, w.g, w.vector, w.matrix, &w.vector, 1), ONN_ERROR_ARGUMENT,
	    "onn_gradient: the seed is [4, 5] f32");
	onn_graph_destroy(w.g);
	begin(&w);
	check_error(onn_gradient(&grad, w.g, w.number, ONN_NULL_NODE, &w.whole, 1),
	    ONN_ERROR_ARGUMENT, "onn_gradient: wrt[0] is i32");
	onn_graph_destroy(w.g);
	begin(&w);
	check_error(onn_gradient(&grad, w.g, w.number, ONN_NULL_NODE, &w.elsewhere, 1),
	    ONN_ERROR_ARGUMENT, "onn_gradient: node 123456");
	onn_graph_destroy(w.g);
}
END_TEST

START_TEST(the_gradient_of_what_does_not_depend_on_a_node_is_zeros)
{
	given w;
	onn_node grad[2];

	begin(&w);
	check_ok(onn_gradient(
	    grad, w.g, onn_sin(w.g, w.number), ONN_NULL_NODE, (onn_node[]){w.matrix, w.number}, 2));
	ck_assert_uint_eq(onn_node_ndim(w.g, grad[0]), 2);
	ck_assert_uint_eq(onn_node_count(w.g, grad[0]), 20);
	ck_assert_int_eq(onn_node_type(w.g, grad[0]), ONN_F32);
	onn_graph_destroy(w.g);
}
END_TEST

START_TEST(queries_of_a_node_that_is_not_there_are_harmless)
{
	given w;
	char *text;

	begin(&w);
	ck_assert_uint_eq(onn_node_ndim(w.g, w.elsewhere), 0);
	ck_assert_uint_eq(onn_node_ndim(w.g, w.null), 0);
	ck_assert(onn_node_shape(w.g, w.elsewhere) != NULL);
	text = onn_graph_describe(w.g, &w.elsewhere, 1);
	ck_assert(text != NULL);
	onn_free(text);
	ck_assert_uint_eq(onn_graph_size(w.g), 7);
	onn_graph_destroy(w.g);
	onn_graph_destroy(NULL);
}
END_TEST

TESTS("arguments", wrong_arguments_give_the_null_node_a_status_and_a_text,
    the_first_error_stays_and_later_builders_pass_the_null_node,
    onn_fail_records_the_error_of_a_users_builder, wrong_arguments_of_the_gradient_are_errors,
    the_gradient_of_what_does_not_depend_on_a_node_is_zeros,
    queries_of_a_node_that_is_not_there_are_harmless)
