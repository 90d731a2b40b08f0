/**
 * @file
 * Convolutions and pooling of images with channels in a graph.
 *
 * Images are [batch, channels, height, width]. What is called a convolution here is a correlation,
 * as in all libraries for deep learning: the kernel is not turned round.
 *
 *     y[n, o, p, q] = sum over c, i, j of
 *         x[n, c, p stride - padding + i dilation, q stride - padding + j dilation] w[o, c, i, j]
 *
 * where x is 0 outside of its image and c runs over the channels of o's group. Real or complex;
 * nothing is conjugated.
 */
#ifndef ONN_CONVOLUTION_H
#define ONN_CONVOLUTION_H

#include <onn/graph.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How a kernel goes over an image: along the height, and along the width. */
typedef struct onn_convolution {
	size_t size;        /**< sizeof(onn_convolution) */
	size_t stride[2];   /**< pixels from one place of the kernel to the next; 1 to 2^24 */
	size_t padding[2];  /**< zeros on each side of the image; at most 2^24 */
	size_t dilation[2]; /**< pixels from one number of the kernel to the next; 1 to 2^24 */
	/** channels, and outputs, are cut into so many groups, which do not mix */
	size_t groups;
} onn_convolution;

/** Every place, no zeros around, dense, all channels together. */
#define ONN_CONVOLUTION_INIT                                                                       \
	{                                                                                          \
		sizeof(onn_convolution), {1, 1}, {0, 0}, {1, 1}, 1                                 \
	}

/**
 * Images with kernels.
 *
 * @param g     graph
 * @param x     [batch, channels, height, width], f32, f64, c64 or c128
 * @param w     [outputs, channels / groups, kernel height, kernel width]; the two promote
 * @param how   read at once; NULL: ONN_CONVOLUTION_INIT
 * @return [batch, outputs, (height + 2 padding - (kernel - 1) dilation - 1) / stride + 1, ...]; the
 *         graph's error: other shapes, no channels, groups that do not divide channels and outputs,
 *         a kernel that is empty or larger than the padded image, an integer type
 * @note   Differentiable to any order: its gradients are the other two of this header. A device may
 *         go by a spectrum of images: one number that is not finite may then spoil all of its image
 */
ONN_API onn_node onn_conv2d(onn_graph *g, onn_node x, onn_node w, const onn_convolution *how);
/**
 * The adjoint of onn_conv2d in x, without conjugation: the image that each number of y paints with
 * the kernels, also known as a transposed convolution.
 *
 * @param g     graph
 * @param w     as of onn_conv2d
 * @param y     [batch, outputs, rows, columns]
 * @param size  height and width of the result, of which onn_conv2d makes rows and columns
 * @param how   as of onn_conv2d
 * @return [batch, channels, size]; the graph's error as of onn_conv2d
 */
ONN_API onn_node onn_conv2d_input(
    onn_graph *g, onn_node w, onn_node y, const size_t size[2], const onn_convolution *how);
/**
 * The adjoint of onn_conv2d in w, without conjugation: how each output goes with each pixel that a
 * kernel's number looks at.
 *
 * @param g     graph
 * @param x     as of onn_conv2d
 * @param y     [batch, outputs, rows, columns]
 * @param size  height and width of the kernels, with which onn_conv2d makes rows and columns
 * @param how   as of onn_conv2d
 * @return [outputs, channels / groups, size]; the graph's error as of onn_conv2d
 */
ONN_API onn_node onn_conv2d_weight(
    onn_graph *g, onn_node x, onn_node y, const size_t size[2], const onn_convolution *how);

/** What a window's pixels become. */
typedef enum onn_pooling {
	ONN_POOLING_AVERAGE, /**< their sum over the number of the window's places */
	ONN_POOLING_MAX      /**< the largest; the derivative is that of the first of them */
} onn_pooling;

/** The words of onn_pooling, in its order. */
#define ONN_POOLING_WORDS "average", "max"
/** The word of a kind of pooling; "?" for a value that is none. */
ONN_API const char *onn_pooling_name(onn_pooling kind);
/** The kind of pooling of a word; false and untouched if there is none. */
ONN_API bool onn_pooling_from_name(onn_pooling *kind, const char *name);

/** Windows over images: along the height, and along the width. */
typedef struct onn_pool {
	size_t size;      /**< sizeof(onn_pool) */
	onn_pooling kind; /**< what a window becomes */
	size_t window[2]; /**< pixels; 1 to 4096 */
	size_t stride[2]; /**< pixels from window to window, at most 2^24; 0: the window */
	size_t
	    padding[2]; /**< pixels around the image, fewer than the window: 0, or never largest */
} onn_pool;

/** Averages of 2 x 2 pixels. */
#define ONN_POOL_INIT                                                                              \
	{                                                                                          \
		sizeof(onn_pool), ONN_POOLING_AVERAGE, {2, 2}, {0, 0}, { 0, 0 }                    \
	}

/**
 * Windows of the last two axes. Pixels that no window reaches are left out.
 *
 * @param g     graph
 * @param x     [..., height, width], at most ONN_MAX_DIMS - 2 axes; float, for the largest not
 *              complex
 * @param pool  read at once; NULL: ONN_POOL_INIT
 * @return [..., (height + 2 padding - window) / stride + 1, ...]; the graph's error: another type,
 *         sizes out of their ranges, a window larger than the padded image
 * @note   Differentiable to any order. Windows side by side (the stride is the window) are fast.
 */
ONN_API onn_node onn_pool2d(onn_graph *g, onn_node x, const onn_pool *pool);

#ifdef __cplusplus
}
#endif

#endif
