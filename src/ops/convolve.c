/*
 * Images with kernels. The sum of y, w and x over all that a convolution pairs is linear in each of
 * the three; the operations are its partial derivatives, and so are the gradients of each.
 */
#include <stdio.h>
#include <string.h>

#include <onn/convolution.h>

#include "core/memory.h"
#include "core/options.h"
#include "ops/rules.h"

enum { MOST = 1 << 24 };

/* ---- what fits ---- */

/* Sizes of images x, kernels w and results y, [4] each. */
typedef struct three {
	const char *function;
	const size_t *x, *w, *y;
} three;

static bool fail_three(onn_graph *g, const three *t, const char *expected)
{
	char x[96], w[96], y[96];
	onn_fail(g, ONN_ERROR_ARGUMENT, "%s: x is %s, w is %s%s%s; expected %s", t->function,
	    onn_shape_text(x, sizeof x, 4, t->x), onn_shape_text(w, sizeof w, 4, t->w),
	    t->y ? ", y is " : "", t->y ? onn_shape_text(y, sizeof y, 4, t->y) : "", expected);
	return false;
}

/* How many places there are along an axis; false where the kernel is larger than the image. */
static bool places(size_t *count, const onn_attr *a, int axis, size_t image, size_t kernel)
{
	size_t across, padded;
	if (kernel == 0 || !onn_size_mul(&across, kernel - 1, a->convolution.dilation[axis]) ||
	    !onn_size_add(&padded, image, 2 * a->convolution.padding[axis]) || across >= padded)
		return false;
	*count = (padded - across - 1) / a->convolution.stride[axis] + 1;
	return true;
}

/* Channels, outputs and groups. */
static bool check_channels(onn_graph *g, const three *t, size_t groups)
{
	char text[96];
	if (t->x[1] == 0 || t->w[0] == 0)
		return fail_three(g, t, "at least one channel and one output");
	if (t->x[1] % groups != 0 || t->w[0] % groups != 0) {
		snprintf(text, sizeof text,
		    "groups (%zu) that divide channels (%zu) and outputs (%zu)", groups, t->x[1],
		    t->w[0]);
		return fail_three(g, t, text);
	}
	if (t->w[1] == t->x[1] / groups)
		return true;
	snprintf(text, sizeof text, "w's second size (%zu) = x's channels (%zu) / groups (%zu)",
	    t->w[1], t->x[1], groups);
	return fail_three(g, t, text);
}

/* Fills what is fitting of y: rows and columns. */
static bool check_places(size_t rows[2], onn_graph *g, const three *t, const onn_attr *a)
{
	char text[128];
	for (int axis = 0; axis < 2; axis++) {
		size_t image = t->x[2 + axis], kernel = t->w[2 + axis];
		if (places(&rows[axis], a, axis, image, kernel))
			continue;
		snprintf(text, sizeof text,
		    "a kernel (%zu, dilation %zu) that is not empty and not larger than the padded "
		    "image (%zu + 2 * %zu)",
		    kernel, a->convolution.dilation[axis], image, a->convolution.padding[axis]);
		return fail_three(g, t, text);
	}
	return true;
}

/* The same, and that y is what a convolution makes. */
static bool check_result(onn_graph *g, const three *t, const onn_attr *a)
{
	size_t rows[2];
	char text[96];
	if (!check_channels(g, t, a->convolution.groups) || !check_places(rows, g, t, a))
		return false;
	if (t->y[0] == t->x[0] && t->y[1] == t->w[0] && t->y[2] == rows[0] && t->y[3] == rows[1])
		return true;
	snprintf(
	    text, sizeof text, "y to be [%zu, %zu, %zu, %zu]", t->x[0], t->w[0], rows[0], rows[1]);
	return fail_three(g, t, text);
}

static const size_t *input_shape(onn_graph *g, const onn_node_data *n, int i)
{
	return onn_node_get(g, n->inline_input[i])->shape;
}

static onn_type input_type(onn_graph *g, const onn_node_data *n)
{
	return onn_node_get(g, n->inline_input[0])->type;
}

bool infer_conv2d(onn_graph *g, onn_node_data *n)
{
	three t = {"onn_conv2d", input_shape(g, n, 0), input_shape(g, n, 1), NULL};
	size_t rows[2];
	if (!check_channels(g, &t, n->attr->convolution.groups) ||
	    !check_places(rows, g, &t, n->attr))
		return false;
	return onn_infer_as(n, input_type(g, n), 4, (size_t[]){t.x[0], t.w[0], rows[0], rows[1]});
}

bool infer_conv2d_input(onn_graph *g, onn_node_data *n)
{
	const size_t *w = input_shape(g, n, 0), *y = input_shape(g, n, 1);
	const size_t *size = n->attr->convolution.size;
	size_t channels = 0;
	if (!onn_size_mul(&channels, w[1], n->attr->convolution.groups))
		channels = 0;
	size_t x[4] = {y[0], channels, size[0], size[1]};
	three t = {"onn_conv2d_input", x, w, y};
	return check_result(g, &t, n->attr) && onn_infer_as(n, input_type(g, n), 4, x);
}

bool infer_conv2d_weight(onn_graph *g, onn_node_data *n)
{
	const size_t *x = input_shape(g, n, 0), *y = input_shape(g, n, 1);
	const size_t *size = n->attr->convolution.size;
	size_t w[4] = {y[1], x[1] / n->attr->convolution.groups, size[0], size[1]};
	three t = {"onn_conv2d_weight", x, w, y};
	return check_result(g, &t, n->attr) && onn_infer_as(n, input_type(g, n), 4, w);
}

/* ---- builders ---- */

/* Fills the attributes; false, with the error recorded, where they are out of their ranges. */
static bool take_how(onn_attr *a, onn_graph *g, const char *function, const onn_convolution *how)
{
	onn_convolution own = ONN_CONVOLUTION_INIT;
	onn_status status = onn_options_take(&own, how, function, "ONN_CONVOLUTION_INIT");
	if (status) {
		onn_fail(g, status, "%s", onn_last_error());
		return false;
	}
	memset(a, 0, sizeof *a);
	memcpy(a->convolution.stride, own.stride, sizeof own.stride);
	memcpy(a->convolution.padding, own.padding, sizeof own.padding);
	memcpy(a->convolution.dilation, own.dilation, sizeof own.dilation);
	a->convolution.groups = own.groups;
	bool good = own.groups > 0;
	for (int i = 0; i < 2; i++)
		good = good && own.stride[i] > 0 && own.stride[i] <= MOST &&
		       own.padding[i] <= MOST && own.dilation[i] > 0 && own.dilation[i] <= MOST;
	if (!good)
		onn_fail(g, ONN_ERROR_ARGUMENT,
		    "%s: stride [%zu, %zu], padding [%zu, %zu], dilation [%zu, %zu], %zu groups; "
		    "expected strides, dilations and groups from 1, all but groups at most %d",
		    function, own.stride[0], own.stride[1], own.padding[0], own.padding[1],
		    own.dilation[0], own.dilation[1], own.groups, MOST);
	return good;
}

/* Two of the three, of 4 axes each, to one type; then the third. */
static onn_node make(onn_graph *g, const char *function, onn_op op, onn_node a, onn_node b,
    const size_t *size, const onn_convolution *how)
{
	onn_attr attr;
	onn_node x[2] = {a, b};
	if (!onn_graph_ok(g, function, a) || !onn_graph_ok(g, function, b) ||
	    !take_how(&attr, g, function, how))
		return ONN_NULL_NODE;
	if (size)
		memcpy(attr.convolution.size, size, sizeof attr.convolution.size);
	onn_type type = onn_type_promote(onn_node_type(g, a), onn_node_type(g, b));
	if (!onn_type_is_float(type) || onn_node_ndim(g, a) != 4 || onn_node_ndim(g, b) != 4)
		return onn_fail(g, ONN_ERROR_ARGUMENT,
		    "%s: %s of %zu axes and %s of %zu; expected 4 axes each and a float type",
		    function, onn_type_name(onn_node_type(g, a)), onn_node_ndim(g, a),
		    onn_type_name(onn_node_type(g, b)), onn_node_ndim(g, b));
	for (int i = 0; i < 2; i++)
		x[i] = onn_cast(g, x[i], type);
	return onn_make(g, op, x, 2, &attr);
}

onn_node onn_conv2d(onn_graph *g, onn_node x, onn_node w, const onn_convolution *how)
{
	return make(g, "onn_conv2d", ONN_OP_CONV2D, x, w, NULL, how);
}

onn_node onn_conv2d_input(
    onn_graph *g, onn_node w, onn_node y, const size_t size[2], const onn_convolution *how)
{
	return make(g, "onn_conv2d_input", ONN_OP_CONV2D_INPUT, w, y, size, how);
}

onn_node onn_conv2d_weight(
    onn_graph *g, onn_node x, onn_node y, const size_t size[2], const onn_convolution *how)
{
	return make(g, "onn_conv2d_weight", ONN_OP_CONV2D_WEIGHT, x, y, size, how);
}

/* ---- gradients: as dL = Re(conj(grad) dz), the other factor is conjugated ---- */

/* The operation of a and b with the attributes of `from`, its result's size that of `like`. */
static onn_node other(
    onn_graph *g, onn_op op, onn_node a, onn_node b, const onn_attr *from, const onn_node *like)
{
	onn_attr attr = *from;
	if (!a.id || !b.id)
		return ONN_NULL_NODE;
	memset(attr.convolution.size, 0, sizeof attr.convolution.size);
	if (like)
		memcpy(attr.convolution.size, onn_node_shape(g, *like) + 2,
		    sizeof attr.convolution.size);
	return onn_make(g, op, (onn_node[]){a, b}, 2, &attr);
}

ONN_RULE(grad_conv2d)
{
	onn_node x = b->in[0], w = b->in[1];
	grad[0] = other(g, ONN_OP_CONV2D_INPUT, onn_conj(g, w), b->dy, b->attr, &x);
	grad[1] = other(g, ONN_OP_CONV2D_WEIGHT, onn_conj(g, x), b->dy, b->attr, &w);
}

ONN_RULE(grad_conv2d_input)
{
	onn_node w = b->in[0], y = b->in[1];
	grad[0] = other(g, ONN_OP_CONV2D_WEIGHT, b->dy, onn_conj(g, y), b->attr, &w);
	grad[1] = other(g, ONN_OP_CONV2D, b->dy, onn_conj(g, w), b->attr, NULL);
}

ONN_RULE(grad_conv2d_weight)
{
	onn_node x = b->in[0], y = b->in[1];
	grad[0] = other(g, ONN_OP_CONV2D_INPUT, b->dy, onn_conj(g, y), b->attr, &x);
	grad[1] = other(g, ONN_OP_CONV2D, onn_conj(g, x), b->dy, b->attr, NULL);
}
