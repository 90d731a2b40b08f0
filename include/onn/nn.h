/**
 * @file
 * Layers, losses and limits of networks: functions that build graphs.
 *
 * Batches come first: x is [batch, inputs]. A linear layer's weight is [inputs, outputs], so that y
 * = x w. After an error builders return the null node, and the graph keeps it: ONN_ERROR_ARGUMENT
 * for types and shapes that do not go together and for settings out of range.
 */
#ifndef ONN_NN_H
#define ONN_NN_H

#include <math.h>

#include <onn/saturable.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What stands behind a linear layer. */
typedef enum onn_activation {
	ONN_ACTIVATION_SA,     /**< saturable absorber */
	ONN_ACTIVATION_RELU,   /**< onn_relu */
	ONN_ACTIVATION_TANH,   /**< onn_tanh */
	ONN_ACTIVATION_SIGMOID /**< onn_sigmoid */
} onn_activation;
/** The words of onn_activation, in its order. */
#define ONN_ACTIVATION_WORDS "sa", "relu", "tanh", "sigmoid"

/** What training makes small. */
typedef enum onn_loss {
	ONN_LOSS_MSE, /**< raw output fields against one-hot targets: what interference measures */
	ONN_LOSS_NLL  /**< negative log-likelihood of the log-softmax */
} onn_loss;
/** The words of onn_loss, in its order. */
#define ONN_LOSS_WORDS "mse", "nll"

/** A norm of a matrix, entry by entry. */
typedef enum onn_norm {
	ONN_NORM_NONE, /**< no limit */
	ONN_NORM_L1,   /**< sum of magnitudes */
	ONN_NORM_L2    /**< root of the sum of squares */
} onn_norm;
/** The words of onn_norm, in its order. */
#define ONN_NORM_WORDS "none", "l1", "l2"

/** The word of an activation; "?" for a value that is none. */
ONN_API const char *onn_activation_name(onn_activation activation);
/** The word of a loss; "?" for a value that is none. */
ONN_API const char *onn_loss_name(onn_loss loss);
/** The word of a norm; "?" for a value that is none. */
ONN_API const char *onn_norm_name(onn_norm norm);
/** The activation of a word; false and untouched if there is none. */
ONN_API bool onn_activation_from_name(onn_activation *activation, const char *name);
/** The loss of a word; false and untouched if there is none. */
ONN_API bool onn_loss_from_name(onn_loss *loss, const char *name);
/** The norm of a word; false and untouched if there is none. */
ONN_API bool onn_norm_from_name(onn_norm *norm, const char *name);

/** x w: x [batch, inputs], w [inputs, outputs]; [batch, outputs]. */
ONN_API onn_node onn_linear(onn_graph *g, onn_node x, onn_node w);
/** x w + bias; bias [outputs]. */
ONN_API onn_node onn_linear_bias(onn_graph *g, onn_node x, onn_node w, onn_node bias);
/** An activation of x, any shape. absorber is read for ONN_ACTIVATION_SA only, and may be NULL for
 * others. */
ONN_API onn_node onn_activate(
    onn_graph *g, onn_node x, onn_activation activation, const onn_absorber *absorber);

/**
 * Loss of a batch, 0-d.
 *
 * MSE: mean over batch and outputs of (output - one-hot)^2. NLL: mean over the batch of -log
 * softmax(output)[label].
 *
 * @param g       graph
 * @param loss    which
 * @param output  [batch, outputs], real
 * @param label   [batch], i32 or u32, each below outputs
 * @return 0-d, of output's type
 */
ONN_API onn_node onn_loss_of(onn_graph *g, onn_loss loss, onn_node output, onn_node label);
/** 1 where the largest output is the label's, else 0: [batch] of output's type. */
ONN_API onn_node onn_hits(onn_graph *g, onn_node output, onn_node label);

/** What a weight matrix is held to after each step: first the range, then the norm. */
typedef struct onn_weight_limits {
	size_t size;   /**< sizeof(onn_weight_limits) */
	double low;    /**< each weight is raised to this at least; -infinite: free */
	double high;   /**< each weight is lowered to this at most; infinite: free */
	onn_norm norm; /**< divides the whole matrix by this entrywise norm where it exceeds 1 */
} onn_weight_limits;

/** No limits. */
#define ONN_WEIGHT_LIMITS_INIT                                                                     \
	{                                                                                          \
		sizeof(onn_weight_limits), -INFINITY, INFINITY, ONN_NORM_NONE                      \
	}

/** The table of onn_weight_limits: weight_low, weight_high, weight_norm. Lent. */
ONN_API const onn_settings *onn_weight_limits_settings(void);
/** w held to the limits; w itself where nothing is limited. */
ONN_API onn_node onn_limit_weights(onn_graph *g, onn_node w, const onn_weight_limits *limits);

/** How weights begin: normal random numbers. */
typedef struct onn_weight_start {
	size_t size;      /**< sizeof(onn_weight_start) */
	double mean;      /**< finite */
	double std;       /**< standard deviation; >= 0 */
	bool random_sign; /**< a fair coin gives each weight's sign */
} onn_weight_start;

/** Mean 0, deviation 0.1. */
#define ONN_WEIGHT_START_INIT                                                                      \
	{                                                                                          \
		sizeof(onn_weight_start), 0, 0.1, false                                            \
	}

/** The table of onn_weight_start: init_mean, init_std, init_random_sign. Lent. */
ONN_API const onn_settings *onn_weight_start_settings(void);
/**
 * Fills an array with normal random numbers by Philox: the same for a seed and stream everywhere.
 *
 * @param w       f32 or f64, fewer than 2^32 elements
 * @param start   of which distribution
 * @param seed    names the run
 * @param stream  names the use: another number for each weight of a model
 * @return ONN_ERROR_ARGUMENT: another type, too many elements, a start out of its range
 */
ONN_API onn_status onn_start_weights(
    onn_array *w, const onn_weight_start *start, uint64_t seed, uint32_t stream);

#ifdef __cplusplus
}
#endif

#endif
