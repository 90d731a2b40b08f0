/**
 * @file
 * Graphs of tensor operations, and their gradients to any order.
 *
 * A builder takes nodes and returns a node. The first error sticks to the graph: later builders
 * return the null node, so calls nest without checks, and onn_plan_create (or onn_graph_status)
 * reports what went wrong first: ONN_ERROR_ARGUMENT for types, shapes and numbers that an operation
 * does not take, ONN_ERROR_MEMORY. Nodes die with their graph; arrays, shapes and axes that a
 * builder is given are read at once and never kept. A graph belongs to one thread.
 *
 * Shapes broadcast as in NumPy: aligned at the last axis, sizes equal or 1. Types promote as
 * onn_type_promote says; but a single number (0-d) in double precision beside an array in single
 * precision is refused, since it would make all that follows double. Equal subexpressions become
 * one node.
 *
 * The gradient of a real L at z = x + iy is dL/dx + i dL/dy, the direction of steepest ascent
 * (PyTorch's convention; the conjugate of Autograd's and JAX's). For a holomorphic y(z) a rule
 * multiplies by conj(dy/dz).
 */
#ifndef ONN_GRAPH_H
#define ONN_GRAPH_H

#include <stdint.h>

#include <onn/array.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Nodes, and the first error of the builders that made them. */
typedef struct onn_graph onn_graph;

/** A value in a graph. id 0 is the null node: what a builder returns after an error. */
typedef struct onn_node {
	uint32_t id; /**< its number within its graph */
} onn_node;

/** What a builder returns after an error. */
#ifndef __cplusplus
#define ONN_NULL_NODE ((onn_node){0})
#else /* which has no compound literals */
static inline onn_node onn_null_node()
{
	onn_node none = {0};
	return none;
}
#define ONN_NULL_NODE onn_null_node()
#endif

/** Makes an empty graph, which the caller destroys. ONN_ERROR_MEMORY. */
ONN_API onn_status onn_graph_create(onn_graph **g);
/** Frees a graph and its nodes; plans made from it stay. NULL is fine. */
ONN_API void onn_graph_destroy(onn_graph *g);

/** The first error of the graph's builders, or ONN_OK; its text comes from onn_graph_error. */
ONN_API onn_status onn_graph_status(const onn_graph *g);
/** Lent as long as the graph: the text of its first error; "" where there is none. */
ONN_API const char *onn_graph_error(const onn_graph *g);
/** Forgets the error, for those who have handled it, such as a language with exceptions: nodes made
 * before it are whole, and builders build again. */
ONN_API void onn_graph_recover(onn_graph *g);
/** For builders of your own: records an error, unless one stands already; returns the null node. */
ONN_API onn_node onn_fail(onn_graph *g, onn_status status, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 3, 4)))
#endif
    ;

/** Nodes made so far, dead ones included. */
ONN_API size_t onn_graph_size(const onn_graph *g);
/** Element type. Of a node that the graph lacks, these queries give u8, 0 axes, 1 element. */
ONN_API onn_type onn_node_type(const onn_graph *g, onn_node x);
/** Number of axes. */
ONN_API size_t onn_node_ndim(const onn_graph *g, onn_node x);
/** Lent: ndim sizes; valid until the next builder call. */
ONN_API const size_t *onn_node_shape(const onn_graph *g, onn_node x);
/** Number of elements: the product of the sizes. */
ONN_API size_t onn_node_count(const onn_graph *g, onn_node x);
/** The subgraphs below some nodes as text, a node a line; free it with onn_free. NULL: no
 * memory. */
ONN_API char *onn_graph_describe(const onn_graph *g, const onn_node *nodes, size_t count);

/* ---- leaves ---- */

/**
 * A named input: weights, data, the learning rate. Plans bind a tensor to the name.
 * Asking for the same name again gives the same node; another type or shape is an error.
 */
ONN_API onn_node onn_variable(
    onn_graph *g, const char *name, onn_type type, size_t ndim, const size_t *shape);
/** An array of fixed numbers, copied into the graph. */
ONN_API onn_node onn_constant(onn_graph *g, const onn_array *a);
/** A number, 0-d. Integer types must hold it exactly. */
ONN_API onn_node onn_scalar(onn_graph *g, onn_type type, double value);
/** A complex number, 0-d; type c64 or c128. */
ONN_API onn_node onn_complex_scalar(onn_graph *g, onn_type type, double re, double im);
/** A number repeated over a shape. */
ONN_API onn_node onn_full(
    onn_graph *g, onn_type type, size_t ndim, const size_t *shape, double value);
/** 0, 1, ... count-1; type i32, u32, f32 or f64. */
ONN_API onn_node onn_iota(onn_graph *g, onn_type type, size_t count);

/**
 * Random numbers, uniform in [0, 1), by Philox 4x32-10 with key = seed, counter = (step, stream,
 * element): the same on every device and for every thread count.
 *
 * @param g       graph
 * @param type    f32 or f64
 * @param ndim    0 to ONN_MAX_DIMS
 * @param shape   ndim sizes
 * @param seed    names the run
 * @param stream  names the use: two nodes with equal seed and stream draw equal numbers; below 2^30
 * @param step    0-d u32 node that the caller advances; onn_scalar(g, ONN_U32, 0) for one draw
 * @return of that shape, without derivative
 * @see Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011
 */
ONN_API onn_node onn_random_uniform(onn_graph *g, onn_type type, size_t ndim, const size_t *shape,
    uint64_t seed, uint32_t stream, onn_node step);
/** As onn_random_uniform, with mean 0 and deviation 1 (Box and Muller). */
ONN_API onn_node onn_random_normal(onn_graph *g, onn_type type, size_t ndim, const size_t *shape,
    uint64_t seed, uint32_t stream, onn_node step);

/**
 * Counts of Poisson's distribution, one for each mean: photons in pixels. The same numbers on every
 * device, and for equal means in f32 and f64; a mean below 0 counts as 0. The distribution is right
 * to 1e-10 for means below 16 and to 5e-5 (total variation) above, where the error falls as
 * mean^(-3/2); from 2^30 on it is normal and not rounded to whole counts.
 *
 * @param g       graph
 * @param mean    real, any shape
 * @param seed    names the run
 * @param stream  names the use, as of onn_random_uniform
 * @param step    0-d u32
 * @return of mean's type and shape
 * @note   The derivative with respect to the mean is 1: it passes straight through the noise.
 */
ONN_API onn_node onn_random_poisson(
    onn_graph *g, onn_node mean, uint64_t seed, uint32_t stream, onn_node step);

/* ---- pointwise: operands broadcast and promote; results have that shape and, but where it is
 * said, that type ---- */

/** a + b. */
ONN_API onn_node onn_add(onn_graph *g, onn_node a, onn_node b);
/** a - b. */
ONN_API onn_node onn_sub(onn_graph *g, onn_node a, onn_node b);
/** a b. */
ONN_API onn_node onn_mul(onn_graph *g, onn_node a, onn_node b);
/** a / b; integers are an error: cast first. */
ONN_API onn_node onn_div(onn_graph *g, onn_node a, onn_node b);
/**
 * a to the power b, real; a negative a needs a whole b, else NaN, as in C's pow. The derivatives by
 * a of whole powers are those of polynomials at 0, too; the derivative by b at a = 0 is taken as 0.
 */
ONN_API onn_node onn_pow(onn_graph *g, onn_node a, onn_node b);
/** x^n for a whole n by repeated multiplication, of 1/x where n is below 0; real or complex. */
ONN_API onn_node onn_powi(onn_graph *g, onn_node x, int n);
/** The angle of (x, y), real. The derivatives at (0, 0) are taken as 0. */
ONN_API onn_node onn_atan2(onn_graph *g, onn_node y, onn_node x);
/** The smaller of two, not complex; a NaN operand gives NaN. Equal operands share the derivative
 * half and half. */
ONN_API onn_node onn_min(onn_graph *g, onn_node a, onn_node b);
/** The larger of two, as onn_min. */
ONN_API onn_node onn_max(onn_graph *g, onn_node a, onn_node b);
/** x plus a number, which takes x's type and so never promotes x. */
ONN_API onn_node onn_add_real(onn_graph *g, onn_node x, double value);
/** x times a number, which takes x's type and so never promotes x. */
ONN_API onn_node onn_mul_real(onn_graph *g, onn_node x, double value);

/** 1 where a < b, 0 elsewhere, in the operands' promoted type; not complex, no derivative. NaN
 * compares false. */
ONN_API onn_node onn_less(onn_graph *g, onn_node a, onn_node b);
/** 1 where a <= b, as onn_less. */
ONN_API onn_node onn_less_equal(onn_graph *g, onn_node a, onn_node b);
/** 1 where a = b, as onn_less. */
ONN_API onn_node onn_equal(onn_graph *g, onn_node a, onn_node b);
/** a where condition is not 0, else b; condition is real or integer and has no derivative. Where
 * the operand that is left out has an infinite or NaN derivative, a gradient is 0 times it, NaN:
 * give it a harmless argument there, too. */
ONN_API onn_node onn_select(onn_graph *g, onn_node condition, onn_node a, onn_node b);

/** -x; unsigned integers wrap around. */
ONN_API onn_node onn_neg(onn_graph *g, onn_node x);
/** 1/x, real or complex. */
ONN_API onn_node onn_recip(onn_graph *g, onn_node x);
/** x^2. */
ONN_API onn_node onn_square(onn_graph *g, onn_node x);
/** Square root, real or complex; NaN for a real x below 0. */
ONN_API onn_node onn_sqrt(onn_graph *g, onn_node x);
/** e^x, real or complex. */
ONN_API onn_node onn_exp(onn_graph *g, onn_node x);
/** Natural logarithm, real or complex; NaN for a real x below 0. */
ONN_API onn_node onn_log(onn_graph *g, onn_node x);
/** Sine of radians, real or complex. */
ONN_API onn_node onn_sin(onn_graph *g, onn_node x);
/** Cosine of radians, real or complex. */
ONN_API onn_node onn_cos(onn_graph *g, onn_node x);
/** Hyperbolic tangent, real or complex. */
ONN_API onn_node onn_tanh(onn_graph *g, onn_node x);
/** Inverse of the hyperbolic sine, real: x near 0, and sign(x) log(2 |x|) far from it. */
ONN_API onn_node onn_asinh(onn_graph *g, onn_node x);
/** exp(x) - 1, right near 0; real. */
ONN_API onn_node onn_expm1(onn_graph *g, onn_node x);
/** log(1 + x), right near 0; real. */
ONN_API onn_node onn_log1p(onn_graph *g, onn_node x);
/** 1 / (1 + exp(-x)), with all digits in its tails, and so its derivatives; real or complex. */
ONN_API onn_node onn_sigmoid(onn_graph *g, onn_node x);
/** The larger of x and 0, real; the derivative at 0 is 0, and NaN passes. */
ONN_API onn_node onn_relu(onn_graph *g, onn_node x);
/** |x|, real result; the derivative at 0 is 0. */
ONN_API onn_node onn_abs(onn_graph *g, onn_node x);
/** -1, 0 or 1, without derivative; of a complex number x/|x|, and 0 for 0, where the derivative is
 * taken as 0. */
ONN_API onn_node onn_sign(onn_graph *g, onn_node x);
/** The largest whole number that is not above x; real, without derivative. */
ONN_API onn_node onn_floor(onn_graph *g, onn_node x);
/** Nearest whole number, halves to even; real, without derivative. */
ONN_API onn_node onn_round(onn_graph *g, onn_node x);
/** sin(x)/x, 1 at 0; right at and near 0 for derivatives of every order, which are 0 at infinity;
 * real. */
ONN_API onn_node onn_sinc(onn_graph *g, onn_node x);

/** re + i im of two reals: complex, of their precision. */
ONN_API onn_node onn_complex(onn_graph *g, onn_node re, onn_node im);
/** The real part; a real x itself. */
ONN_API onn_node onn_real(onn_graph *g, onn_node x);
/** The imaginary part; 0 for a real x. */
ONN_API onn_node onn_imag(onn_graph *g, onn_node x);
/** The complex conjugate; a real x itself. */
ONN_API onn_node onn_conj(onn_graph *g, onn_node x);
/** |x|^2, real. */
ONN_API onn_node onn_abs2(onn_graph *g, onn_node x);
/** The angle of x in (-pi, pi]; real. The derivative at 0 is taken as 0. */
ONN_API onn_node onn_arg(onn_graph *g, onn_node x);
/** exp(i x) of a real x. */
ONN_API onn_node onn_expi(onn_graph *g, onn_node x);

/** The value passes, the derivative does not: mul(x, stop(t)) is the optical probe's rule. */
ONN_API onn_node onn_stop(onn_graph *g, onn_node x);
/** The value of the first, the derivative of the second; equal types and shapes. */
ONN_API onn_node onn_straight_through(onn_graph *g, onn_node value, onn_node derivative);

/**
 * Builds what flows back into x: a node of x's shape and type out of dy, what flows into the
 * value. It may use every node of the graph. The null node means 0.
 */
typedef onn_node (*onn_backward_rule)(onn_graph *g, onn_node x, onn_node dy, const void *data);
/**
 * A value, and a backward rule of your own for it: what flows back need not be linear in what flows
 * in, as a measurement of it is not.
 *
 * @param g      graph
 * @param value  of a float type
 * @param x      what the rule gives the gradient of; value's shape and type
 * @param rule   called whenever a gradient is built, as long as the graph lives
 * @param data   handed to the rule, copied; NULL where bytes is 0
 * @param bytes  of data
 * @return the value, as a node
 */
ONN_API onn_node onn_ruled(onn_graph *g, onn_node value, onn_node x, onn_backward_rule rule,
    const void *data, size_t bytes);

/** To another type. Real to complex has imaginary part 0; complex to real is an error (see
 * onn_real); a real becomes an integer by truncation. */
ONN_API onn_node onn_cast(onn_graph *g, onn_node x, onn_type type);

/* ---- shapes: axes count from 0; negative axes from the end ---- */

/** The same elements in row-major order under another shape of as many. */
ONN_API onn_node onn_reshape(onn_graph *g, onn_node x, size_t ndim, const size_t *shape);
/** x repeated along axes of size 1 and new axes on the left. */
ONN_API onn_node onn_broadcast(onn_graph *g, onn_node x, size_t ndim, const size_t *shape);
/** Axis i of the result is axis order[i] of x; order names each axis once. */
ONN_API onn_node onn_permute(onn_graph *g, onn_node x, const int *order);
/** The last two axes change places. */
ONN_API onn_node onn_transpose(onn_graph *g, onn_node x);
/** Elements start, start + step, ... of one axis, count of them; step is not 0. */
ONN_API onn_node onn_slice(
    onn_graph *g, onn_node x, int axis, size_t start, size_t count, ptrdiff_t step);
/** Zeros before and after an axis. */
ONN_API onn_node onn_pad(onn_graph *g, onn_node x, int axis, size_t before, size_t after);
/** Element i moves to (i + shift) mod size. */
ONN_API onn_node onn_roll(onn_graph *g, onn_node x, int axis, ptrdiff_t shift);
/** count nodes one behind the other along an axis; their other sizes are equal. */
ONN_API onn_node onn_concat(onn_graph *g, const onn_node *x, size_t count, int axis);

/* ---- reductions and indices ---- */

/** Sum over the named axes; keep leaves them with size 1. naxes 0: over all axes. */
ONN_API onn_node onn_sum(onn_graph *g, onn_node x, const int *axes, size_t naxes, bool keep);
/** Mean over axes, as onn_sum; not integers. */
ONN_API onn_node onn_mean(onn_graph *g, onn_node x, const int *axes, size_t naxes, bool keep);
/** Largest over axes, as onn_sum; ties share the derivative. Not complex; no axis of size 0. */
ONN_API onn_node onn_reduce_max(onn_graph *g, onn_node x, const int *axes, size_t naxes, bool keep);
/** Index of the first largest element along an axis, i32; the axis goes. A NaN counts as
 * largest. */
ONN_API onn_node onn_argmax(onn_graph *g, onn_node x, int axis);
/** log(sum(exp(x))) along an axis that goes; right for large x, and infinite where the largest is:
 * of -infinity alone -infinity. The derivative is NaN there. */
ONN_API onn_node onn_logsumexp(onn_graph *g, onn_node x, int axis);
/** x minus its onn_logsumexp along an axis, which stays. */
ONN_API onn_node onn_log_softmax(onn_graph *g, onn_node x, int axis);
/** Rows: out[i..., j...] = x[index[i...], j...]; index is i32 or u32. An index outside x counts as
 * the nearest row inside (no device can raise an error from within a kernel). */
ONN_API onn_node onn_take(onn_graph *g, onn_node x, onn_node index);
/** The adjoint of take: zeros of `rows` rows, to which row index[i] adds updates[i]; in a fixed
 * order, so that sums repeat to the bit. updates has index's shape, then the row's. */
ONN_API onn_node onn_scatter_add(onn_graph *g, onn_node index, onn_node updates, size_t rows);
/** 1 where the class index equals the last axis' position: [..., classes] of a float type. */
ONN_API onn_node onn_one_hot(onn_graph *g, onn_node index, size_t classes, onn_type type);

/** Matrix product over the last two axes; leading axes broadcast. Integers are an error. */
ONN_API onn_node onn_matmul(onn_graph *g, onn_node a, onn_node b);

/** What onn_matmul_op does to a factor first. */
enum {
	ONN_N = 0, /**< as is */
	ONN_T = 1, /**< transposed */
	ONN_C = 2, /**< conjugated */
	ONN_H = 3  /**< both */
};
/** Matrix product op(a) op(b) without copies, as onn_matmul; op by ONN_N, ONN_T, ONN_C, ONN_H. */
ONN_API onn_node onn_matmul_op(onn_graph *g, onn_node a, int op_a, onn_node b, int op_b);

/**
 * Stores value in a variable when the plan that has this node among its outputs runs. Every read
 * sees the value from before the run. value takes the variable's type and shape by cast and
 * broadcast.
 */
ONN_API onn_node onn_assign(onn_graph *g, onn_node variable, onn_node value);

/* ---- a pointwise operation of your own ---- */

/**
 * A real pointwise operation, fused like the built-in ones.
 *
 * C functions work on whole blocks: y[i] from x[0][i] ... x[arity-1][i], 0 <= i < n; y overlaps no
 * x. opencl is the body of a function of `real` arguments a, b, c that returns `real` (float or
 * double, as the kernel needs), such as "return a * exp(-a);"; R(0.5) writes a literal of that
 * precision. NULL: such a plan is ONN_ERROR_UNSUPPORTED on opencl-pure.
 *
 * The structure must outlive every graph and plan that uses it.
 */
typedef struct onn_operation {
	const char *name; /**< a C identifier, unique among the operations of a graph */
	int arity;        /**< 1 to 3 */
	void (*f32)(float *y, const float *const x[], size_t n);   /**< in single precision */
	void (*f64)(double *y, const double *const x[], size_t n); /**< in double precision */
	const char *opencl; /**< the body of a function, or NULL */
	/**
	 * Builds the gradients: grad[i] for input x[i], from the output y and its gradient dy; a
	 * null node means 0. NULL: asking for the derivative is an error.
	 */
	void (*gradient)(
	    onn_node grad[], onn_graph *g, const onn_node x[], onn_node y, onn_node dy);
} onn_operation;

/** Applies it to arity real nodes, which broadcast and promote. */
ONN_API onn_node onn_custom(onn_graph *g, const onn_operation *operation, const onn_node x[]);

/* ---- the gradient ---- */

/**
 * Gradient of y with respect to some nodes, as nodes of the same graph: gradients of gradients work
 * to any order.
 *
 * @param grad   receives count nodes with the types and shapes of wrt: zeros where y does not
 *               depend on one
 * @param g      graph
 * @param y      the node to derive; real 0-d, unless seed is given
 * @param seed   the gradient that flows into y: y's shape and type; the null node for 1
 * @param wrt    count nodes, float or complex, that y is computed from; also nodes inside the
 *               graph, but no onn_scalar or onn_full, since numbers are folded as the graph is
 *               built
 * @param count  how many
 * @return the graph's status: ONN_ERROR_ARGUMENT (shapes, types), ONN_ERROR_UNSUPPORTED (an
 *         operation on the way has no derivative: its name)
 */
ONN_API onn_status onn_gradient(
    onn_node *grad, onn_graph *g, onn_node y, onn_node seed, const onn_node *wrt, size_t count);

#ifdef __cplusplus
}
#endif

#endif
