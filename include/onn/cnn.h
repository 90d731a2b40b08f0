/**
 * @file
 * Convolutional networks: a preset of convolutions, an activation and pooling after each, then
 * linear layers with an activation after each but the last.
 */
#ifndef ONN_CNN_H
#define ONN_CNN_H

#include <onn/convolution.h>
#include <onn/network.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Limits of the preset: a list of layers may have more. */
enum { ONN_CNN_MAX_CONVOLUTIONS = 8, ONN_CNN_MAX_HIDDEN = 8 };

/** A convolutional network: what the preset writes as a list. */
typedef struct onn_cnn {
	size_t size;      /**< sizeof(onn_cnn) */
	size_t height;    /**< pixels of an image */
	size_t width;     /**< pixels of an image */
	size_t outputs;   /**< classes */
	size_t nchannels; /**< convolutions; 0: none */
	/** outputs of each convolution */
	size_t channels[ONN_CNN_MAX_CONVOLUTIONS];
	size_t kernel[2]; /**< pixels of all kernels; no image is padded, and strides are 1 */
	onn_pooling pool; /**< of windows side by side, behind the activations of convolutions */
	size_t window[2]; /**< pixels of a window; 1: no pooling */
	double dropout;   /**< rate, before the linear layers, in training; [0, 1) */
	size_t nhidden;   /**< 0: one linear layer */
	/** neurons of each hidden layer */
	size_t hidden[ONN_CNN_MAX_HIDDEN];
	onn_activation activation;   /**< behind convolutions and hidden layers */
	onn_absorber absorber;       /**< read for ONN_ACTIVATION_SA */
	onn_loss loss;               /**< what training makes small */
	bool bias;                   /**< whether convolutions and linear layers have one */
	onn_type precision;          /**< ONN_F32 or ONN_F64 */
	double input_maximum;        /**< pixels are scaled to [0, input_maximum] */
	onn_weight_start conv_start; /**< of the kernels */
	onn_weight_start start;      /**< of the linear layers' weights */
} onn_cnn;

/**
 * 28 x 28, 32 and 64 channels of 5 x 5, saturable absorbers, averages of 2 x 2, dropout 0.4,
 * 1024-128-10, MSE, pixels in [0, 5], f32.
 *
 * Source: Guo et al., Photonics Research 9, B71 (2021).
 */
#define ONN_CNN_INIT                                                                               \
	{                                                                                          \
		sizeof(onn_cnn), 28, 28, 10, 2, {32, 64}, {5, 5}, ONN_POOLING_AVERAGE, {2, 2},     \
		    0.4, 1, {128}, ONN_ACTIVATION_SA, ONN_ABSORBER_INIT, ONN_LOSS_MSE, false,      \
		    ONN_F32, 5, ONN_WEIGHT_START_INIT,                                             \
		{                                                                                  \
			sizeof(onn_weight_start), 0, 0.01, true                                    \
		}                                                                                  \
	}

/** The table of onn_cnn: channels, kernel, pool, window, dropout, hidden, height, width, outputs,
 * activation, loss, bias, precision, input_maximum, conv.init_..., init_..., absorber. Lent. */
ONN_API const onn_settings *onn_cnn_settings(void);
/** ONN_OK, or ONN_ERROR_ARGUMENT with the setting that is out of its range, or the layer that does
 * not fit. */
ONN_API onn_status onn_cnn_check(const onn_cnn *cnn);

/**
 * The network as a list of layers: conv2d, activation, pool, ..., flatten, dropout, linear, ...
 * Weights are conv0, conv1, ... [outputs, channels, height, width] and w0, w1, ..., with biases
 * conv0.bias, ... and b0, ...
 *
 * @param network  receives the network, which the caller destroys
 * @param cnn      read at once
 * @return ONN_ERROR_ARGUMENT (as onn_cnn_check), ONN_ERROR_MEMORY
 */
ONN_API onn_status onn_network_of_cnn(onn_network **network, const onn_cnn *cnn);
/** The preset that a network was made of; false, and untouched, where it was made otherwise. */
ONN_API bool onn_network_is_cnn(onn_cnn *cnn, const onn_network *network);

#ifdef __cplusplus
}
#endif

#endif
