/**
 * @file
 * Perceptrons: a preset of linear layers with an activation after each but the last.
 */
#ifndef ONN_MLP_H
#define ONN_MLP_H

#include <onn/network.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Limits of the preset: a list of layers may have more. */
enum { ONN_MLP_MAX_HIDDEN = 32 };

/** A perceptron: what the preset writes as a list. */
typedef struct onn_mlp {
	size_t size;    /**< sizeof(onn_mlp) */
	size_t inputs;  /**< pixels of an image */
	size_t outputs; /**< classes */
	size_t nhidden; /**< 0: a linear classifier */
	/** neurons of each hidden layer */
	size_t hidden[ONN_MLP_MAX_HIDDEN];
	onn_activation activation; /**< behind each hidden layer */
	onn_absorber absorber;     /**< read for ONN_ACTIVATION_SA */
	onn_loss loss;             /**< what training makes small */
	bool bias;                 /**< whether linear layers have one */
	onn_type precision;        /**< ONN_F32 or ONN_F64 */
	double input_maximum;      /**< pixels are scaled to [0, input_maximum] */
	onn_weight_start start;    /**< of all weights and biases */
} onn_mlp;

/** 784-128-128-10, saturable absorbers, MSE, f32. */
#define ONN_MLP_INIT                                                                               \
	{                                                                                          \
		sizeof(onn_mlp), 784, 10, 2, {128, 128}, ONN_ACTIVATION_SA, ONN_ABSORBER_INIT,     \
		    ONN_LOSS_MSE, false, ONN_F32, 1, ONN_WEIGHT_START_INIT                         \
	}

/** The table of onn_mlp: hidden, inputs, outputs, activation, loss, bias, precision, input_maximum,
 * init_..., absorber. Lent. */
ONN_API const onn_settings *onn_mlp_settings(void);
/** ONN_OK, or ONN_ERROR_ARGUMENT with the setting that is out of its range. */
ONN_API onn_status onn_mlp_check(const onn_mlp *mlp);

/**
 * The perceptron as a list of layers: linear, activation, linear, ... Weights are w0, w1, ... and,
 * [outputs], b0, b1, ...
 *
 * @param network  receives the network, which the caller destroys
 * @param mlp      read at once
 * @return ONN_ERROR_ARGUMENT (as onn_mlp_check), ONN_ERROR_MEMORY
 */
ONN_API onn_status onn_network_of_mlp(onn_network **network, const onn_mlp *mlp);
/** The perceptron that a network was made of; false, and untouched, where it was made otherwise. */
ONN_API bool onn_network_is_mlp(onn_mlp *mlp, const onn_network *network);

#ifdef __cplusplus
}
#endif

#endif
