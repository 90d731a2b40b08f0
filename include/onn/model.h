/**
 * @file
 * Networks: their description, their weights, what they predict.
 */
#ifndef ONN_MODEL_H
#define ONN_MODEL_H

#include <onn/archive.h>
#include <onn/d2nn.h>
#include <onn/dataset.h>
#include <onn/device.h>
#include <onn/nn.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { ONN_MLP_MAX_HIDDEN = 32 };

/** A perceptron: linear layers with an activation after each but the last. */
typedef struct onn_mlp {
	size_t size;    /**< sizeof(onn_mlp) */
	size_t inputs;  /**< pixels of an image */
	size_t outputs; /**< classes */
	size_t nhidden; /**< 0: a linear classifier */
	size_t hidden[ONN_MLP_MAX_HIDDEN];
	onn_activation activation;
	onn_absorber absorber; /**< read for ONN_ACTIVATION_SA */
	onn_loss loss;
	bool bias;
	onn_type precision;   /**< ONN_F32 or ONN_F64 */
	double input_maximum; /**< pixels are scaled to [0, input_maximum] */
	onn_weight_start start;
} onn_mlp;

/** 784-128-128-10, saturable absorbers, MSE, f32. */
#define ONN_MLP_INIT                                                                               \
	{                                                                                          \
		sizeof(onn_mlp), 784, 10, 2, {128, 128}, ONN_ACTIVATION_SA, ONN_ABSORBER_INIT,     \
		    ONN_LOSS_MSE, false, ONN_F32, 1, ONN_WEIGHT_START_INIT                         \
	}

/** ONN_OK, or ONN_ERROR_ARGUMENT with the field that is out of its range. */
ONN_API onn_status onn_mlp_check(const onn_mlp *mlp);
/** The description as JSON; free it with onn_free. NULL: no memory. */
ONN_API char *onn_mlp_to_json(const onn_mlp *mlp);
/** Reads what onn_mlp_to_json wrote; fields that are missing keep ONN_MLP_INIT's. ONN_ERROR_FORMAT.
 */
ONN_API onn_status onn_mlp_from_json(onn_mlp *mlp, const char *json);

/** Which of its descriptions a network is. */
typedef enum onn_network_kind { ONN_NETWORK_MLP, ONN_NETWORK_D2NN } onn_network_kind;
#define ONN_NETWORK_KIND_WORDS "mlp", "d2nn"

/** A network of any kind. */
typedef struct onn_network {
	size_t size; /**< sizeof(onn_network) */
	onn_network_kind kind;
	onn_mlp mlp;   /**< read for ONN_NETWORK_MLP */
	onn_d2nn d2nn; /**< read for ONN_NETWORK_D2NN */
} onn_network;

#define ONN_NETWORK_INIT                                                                           \
	{                                                                                          \
		sizeof(onn_network), ONN_NETWORK_MLP, ONN_MLP_INIT, ONN_D2NN_INIT                  \
	}

/** "mlp", "d2nn"; "?" for a value that is none. And back: false and untouched if there is none. */
ONN_API const char *onn_network_kind_name(onn_network_kind kind);
ONN_API bool onn_network_kind_from_name(onn_network_kind *kind, const char *name);
ONN_API onn_network onn_network_of_mlp(const onn_mlp *mlp);
ONN_API onn_network onn_network_of_d2nn(const onn_d2nn *d2nn);
/** ONN_OK, or ONN_ERROR_ARGUMENT with the field that is out of its range. */
ONN_API onn_status onn_network_check(const onn_network *network);
/** The description as JSON, "model" naming its kind; free it with onn_free. NULL: no memory. */
ONN_API char *onn_network_to_json(const onn_network *network);
/** Reads it back; without "model" it is a perceptron. ONN_ERROR_FORMAT. */
ONN_API onn_status onn_network_from_json(onn_network *network, const char *json);
/** Pixels of an image, and classes. */
ONN_API size_t onn_network_inputs(const onn_network *network);
ONN_API size_t onn_network_outputs(const onn_network *network);
ONN_API onn_type onn_network_precision(const onn_network *network);
/** Loss of a batch of outputs [batch, outputs] by the network's own choice, 0-d. */
ONN_API onn_node onn_network_loss(
    onn_graph *g, const onn_network *network, onn_node output, onn_node label);

/** A description and its weights in the host's memory. */
typedef struct onn_model onn_model;

/** A model with its weights drawn from seed. The caller destroys it. */
ONN_API onn_status onn_model_create(onn_model **model, const onn_mlp *mlp, uint64_t seed);
ONN_API onn_status onn_model_create_network(
    onn_model **model, const onn_network *network, uint64_t seed);
ONN_API void onn_model_destroy(onn_model *model);
/** Lent. */
ONN_API const onn_network *onn_model_network(const onn_model *model);
/** Lent; NULL where the model is of another kind. */
ONN_API const onn_mlp *onn_model_mlp(const onn_model *model);
ONN_API const onn_d2nn *onn_model_d2nn(const onn_model *model);

/**
 * Weights of a perceptron are called w0, w1, ... and, [outputs], b0, b1, ..., and numbered w0,
 * (b0,) w1, ... Plates of a diffractive network are layer0.plate, layer1.plate, ...: phases [grid,
 * grid] in radians, or [2, grid, grid], real and imaginary parts.
 */
ONN_API size_t onn_model_count(const onn_model *model);
/** Lent; NULL for an i that is not there. */
ONN_API const char *onn_model_name(const onn_model *model, size_t i);
ONN_API onn_array *onn_model_weight(onn_model *model, size_t i);
ONN_API const onn_array *onn_model_const_weight(const onn_model *model, size_t i);

/**
 * Output of the network as nodes of a graph, with a variable for each parameter.
 *
 * @param x [batch, inputs] of the model's precision, in [0, input_maximum] (diffractive: [0, 1])
 * @param variable  receives onn_model_count() variables; NULL is fine
 */
ONN_API onn_node onn_model_forward(
    const onn_model *model, onn_graph *g, onn_node x, onn_node *variable);

/** Reads a checkpoint: best.npz or last.npz of a run, or what onn_model_save wrote. */
ONN_API onn_status onn_model_load(onn_model **model, const char *path);
/** Writes weights and description; numpy.load opens it. */
ONN_API onn_status onn_model_save(const onn_model *model, const char *path);
/** Puts weights and description ("model.json") into an archive, as checkpoints hold them. */
ONN_API onn_status onn_model_put(const onn_model *model, onn_archive *archive);
/** Replaces the weights by arrays of the same names and shapes from an .npz. Others in the file are
 * ignored. ONN_ERROR_FORMAT: one is missing, or of another shape. */
ONN_API onn_status onn_model_import(onn_model *model, const char *path);

/**
 * Outputs of the network for some images.
 *
 * @param output  receives [count, outputs] of the model's precision
 * @param x       [count, ...] with `inputs` numbers an image; any real type
 * @param scale   a number of x that means full scale: 255 for u8 pictures, 1 for fractions
 */
ONN_API onn_status onn_model_predict(onn_array **output, const onn_model *model, onn_device *device,
    const onn_array *x, double scale);

/**
 * What a diffractive network makes of some images.
 *
 * @param output    receives [count, outputs] as onn_model_predict gives them
 * @param fraction  receives [count, onn_d2nn_region_count()]: of all light of the image, the part
 *                  that arrives in each region; 0 for an image without light
 * @param x         as in onn_model_predict
 */
ONN_API onn_status onn_d2nn_measure(onn_array **output, onn_array **fraction,
    const onn_model *model, onn_device *device, const onn_array *x, double scale);

/**
 * The light at every plane of a diffractive network.
 *
 * @param intensity  receives [count, layers + 1, grid, grid]: |E|^2 of the image before the first
 *                   plate, and behind each space; the last is the detectors' plane
 * @param x          as in onn_model_predict
 */
ONN_API onn_status onn_d2nn_planes(onn_array **intensity, const onn_model *model,
    onn_device *device, const onn_array *x, double scale);

/** How a model is measured on a test set. */
typedef struct onn_evaluate_options {
	size_t size;         /**< sizeof(onn_evaluate_options) */
	uint64_t seed;       /**< of the split into halves, and of errors: the training's seed */
	uint32_t copy;       /**< which of many damaged copies: others have other errors */
	double weight_noise; /**< Gaussian noise on each weight, its deviation in units of the root
	                        mean square of the weight's matrix: 0.05 is 5 % of the typical
	                        weight */
	size_t batch;        /**< images at a time, or fewer where fields are large */
	/* The rest is for diffractive networks, and fixed for a seed: one damaged copy. */
	double misalign;    /**< deviation of each plate's shift in its plane, metres */
	double phase_noise; /**< deviation of each pixel's phase, radians */
	bool quantise;      /**< plates show `levels` phases instead of as many as the model's */
	unsigned levels;    /**< 0: any phase */
	double photons;     /**< photoelectrons that all light of an image would make: a camera with
	                       shot noise reads the detectors' plane; 0: no camera */
	double read_noise;  /**< of the camera's pixels, electrons; needs photons */
} onn_evaluate_options;

#define ONN_EVALUATE_OPTIONS_INIT                                                                  \
	{                                                                                          \
		sizeof(onn_evaluate_options), 0, 0, 0, 500, 0, 0, false, 0, 0, 0                   \
	}

typedef struct onn_accuracy {
	double all, selection, report;     /**< fractions; NaN where there is no image */
	size_t count, nselection, nreport; /**< images */
} onn_accuracy;

/** Accuracy on the set's test part, and on the two halves that training selects and reports on. */
ONN_API onn_status onn_model_evaluate(onn_accuracy *accuracy, const onn_model *model,
    onn_device *device, const onn_dataset *dataset, const onn_evaluate_options *options);

#ifdef __cplusplus
}
#endif

#endif
