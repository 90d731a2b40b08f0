/**
 * @file
 * Networks: their description, their weights, what they predict.
 */
#ifndef ONN_MODEL_H
#define ONN_MODEL_H

#include <onn/archive.h>
#include <onn/dataset.h>
#include <onn/device.h>
#include <onn/network.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A description and its weights in the host's memory. */
typedef struct onn_model onn_model;

/**
 * A model with its weights drawn from seed; masks are read from their files. The caller destroys
 * it.
 *
 * @param model    receives the model
 * @param network  is copied
 * @param seed     of the weights, each by a stream of its own
 * @return ONN_ERROR_ARGUMENT (as onn_network_check, or too many weights), ONN_ERROR_FILE,
 *         ONN_ERROR_FORMAT (masks), ONN_ERROR_MEMORY
 */
ONN_API onn_status onn_model_create(onn_model **model, const onn_network *network, uint64_t seed);
/** NULL is fine. */
ONN_API void onn_model_destroy(onn_model *model);
/** What it is made by, lent. */
ONN_API const onn_network *onn_model_network(const onn_model *model);

/**
 * Weights in the order of the layers, each named by its kind and how often that stood before: of
 * linear layers w0, (b0,) w1, ...; of plates layer0.plate, ...: phases [ny, nx] in radians, or
 * [2, ny, nx], real and imaginary parts; of masks mask0, ..., which are not trained.
 */
ONN_API size_t onn_model_count(const onn_model *model);
/** The name of weight i, lent; NULL for an i that is not there. */
ONN_API const char *onn_model_name(const onn_model *model, size_t i);
/** The numbers of weight i, lent, to write too; NULL for an i that is not there. */
ONN_API onn_array *onn_model_weight(onn_model *model, size_t i);
/** The same, to read. */
ONN_API const onn_array *onn_model_const_weight(const onn_model *model, size_t i);

/**
 * Output of the network as nodes of a graph, with a variable for each parameter.
 *
 * @param model     names, shapes and precision are taken from it; weights are bound to the plan
 * @param g         graph
 * @param x         [batch, inputs] of the model's precision, in [0, input_maximum]
 * @param variable  receives onn_model_count() variables; NULL is fine
 * @return [batch, outputs]; the graph keeps errors
 */
ONN_API onn_node onn_model_forward(
    const onn_model *model, onn_graph *g, onn_node x, onn_node *variable);

/** Reads a checkpoint: best.npz or last.npz of a run, or what onn_model_save wrote. The caller
 * destroys the model. ONN_ERROR_FILE, ONN_ERROR_FORMAT, ONN_ERROR_MEMORY. */
ONN_API onn_status onn_model_load(onn_model **model, const char *path);
/** Writes weights and description; numpy.load opens it, or, where path ends in .safetensors, what
 * reads those. ONN_ERROR_FILE, ONN_ERROR_MEMORY: what was
 * there before is still there. */
ONN_API onn_status onn_model_save(const onn_model *model, const char *path);
/** Puts weights and description ("model.json") into an archive, as checkpoints hold them. */
ONN_API onn_status onn_model_put(const onn_model *model, onn_archive *archive);
/** Replaces the weights by arrays of the same names and shapes from an .npz or .safetensors. Others
 * in the file are ignored. ONN_ERROR_FORMAT: one is missing, or of another shape. */
ONN_API onn_status onn_model_import(onn_model *model, const char *path);

/**
 * Outputs of the network for some images.
 *
 * @param output  receives [count, outputs] of the model's precision, which the caller destroys
 * @param model   is not changed
 * @param device  where it is computed
 * @param x       [count, ...] with `inputs` numbers an image; any real type
 * @param scale   a number of x that means full scale: 255 for u8 pictures, 1 for fractions
 * @return ONN_ERROR_ARGUMENT (x, scale), ONN_ERROR_MEMORY, ONN_ERROR_DEVICE
 */
ONN_API onn_status onn_model_predict(onn_array **output, const onn_model *model, onn_device *device,
    const onn_array *x, double scale);

/**
 * What the detectors of a network of light read.
 *
 * @param output    receives [count, outputs] as onn_model_predict gives them
 * @param fraction  receives [count, regions] of the last detect layer (onn_network_detectors): of
 *                  all light of the image, the part that arrives in each region; 0 for an image
 *                  without light; the caller destroys both
 * @param model     is not changed
 * @param device    where it is computed
 * @param x         as in onn_model_predict
 * @param scale     as in onn_model_predict
 * @return as onn_model_predict; ONN_ERROR_ARGUMENT too where the network has no detect layer
 */
ONN_API onn_status onn_model_readings(onn_array **output, onn_array **fraction,
    const onn_model *model, onn_device *device, const onn_array *x, double scale);

/**
 * The light at every plane of a network.
 *
 * @param intensity  receives [count, planes, ny, nx]: |E|^2 of the image behind its encode, and
 *                   behind each space, wavelengths added up; the caller destroys it
 * @param model      is not changed
 * @param device     where it is computed
 * @param x          as in onn_model_predict
 * @param scale      as in onn_model_predict
 * @return as onn_model_predict; ONN_ERROR_ARGUMENT too where no light flows, or on grids of several
 *         sizes
 */
ONN_API onn_status onn_model_planes(onn_array **intensity, const onn_model *model,
    onn_device *device, const onn_array *x, double scale);

/** The largest amplitude transmission |t| of a model's plates: 1 for phases, 0 without plates.
 * Above 1 plates amplify: they cannot be made, and more light may arrive than came in. */
ONN_API double onn_model_plate_gain(const onn_model *model);

/** How a model is measured on a test set. */
typedef struct onn_evaluate_options {
	size_t size;         /**< sizeof(onn_evaluate_options) */
	uint64_t seed;       /**< of the split into halves, and of errors: the training's seed */
	uint32_t copy;       /**< which of many damaged copies: others have other errors */
	double weight_noise; /**< Gaussian noise on each weight, its deviation in units of the root
	                        mean square of the weight's matrix: 0.05 is 5 % of the typical
	                        weight */
	size_t batch;        /**< images at a time, or fewer where fields are large */
	/* The rest is for networks of light, and fixed for a seed: one damaged copy. */
	double misalign;    /**< deviation of each plate's shift in its plane, metres */
	double phase_noise; /**< deviation of each pixel's phase, of plates and of conv4f's masks,
	                       radians */
	bool quantise;      /**< plates show `levels` phases instead of as many as the model's */
	unsigned levels;    /**< 0: any phase */
	double photons;     /**< photoelectrons that all light of an image would make: a camera with
	                       shot noise reads the detectors' plane; 0: no camera */
	double read_noise;  /**< of the camera's pixels, electrons; needs photons */
	/* Of any network again. */
	double activation_noise; /**< Gaussian noise on what each absorber, relu, tanh or sigmoid
	                            gives, anew for each image, its deviation in units of the root
	                            mean square of the image's numbers there */
	size_t bits;         /**< each weight is the nearest of 2^bits values, at equal distances
	                            from minus to plus its matrix's largest magnitude; 0: any */
	double pump_photons; /**< of a pulse in front of a dynamic absorber, mean over a batch: what
	                            is behind is detected with shot noise; 0: without */
	double product_photons; /**< a linear layer's sums are light on pairs of detectors with shot
	                            noise, the terms above 0 on one, those below 0 on the other:
	                            detected photons for each multiplication, mean over a batch and
	                            the layer's weights; 0: without */
} onn_evaluate_options;

/** An undamaged network, 500 images at a time. */
#define ONN_EVALUATE_OPTIONS_INIT                                                                  \
	{                                                                                          \
		sizeof(onn_evaluate_options), 0, 0, 0, 500, 0, 0, false, 0, 0, 0, 0, 0, 0, 0       \
	}

/** The table of onn_evaluate_options: weight_noise, misalign, phase_noise, levels, photons,
 * read_noise, activation_noise, bits, pump_photons, product_photons. Lent. */
ONN_API const onn_settings *onn_evaluate_settings(void);

/** How many of a test set's images a model names well. */
typedef struct onn_accuracy {
	double all;        /**< fraction of all; NaN where there is no image */
	double selection;  /**< of the half that the best epoch is chosen on */
	double report;     /**< of the other half */
	size_t count;      /**< images */
	size_t nselection; /**< of the selection half */
	size_t nreport;    /**< of the report half */
} onn_accuracy;

/**
 * Accuracy on the set's test part, and on the two halves that training selects and reports on.
 *
 * @param accuracy  receives it
 * @param model     is not changed: errors are of a copy
 * @param device    where it is computed
 * @param dataset   its test part is read
 * @param options   NULL: ONN_EVALUATE_OPTIONS_INIT
 * @return ONN_ERROR_ARGUMENT: images or classes that the model does not take, an option out of its
 *         range, or errors of plates where there are none; ONN_ERROR_MEMORY, ONN_ERROR_DEVICE
 */
ONN_API onn_status onn_model_evaluate(onn_accuracy *accuracy, const onn_model *model,
    onn_device *device, const onn_dataset *dataset, const onn_evaluate_options *options);

#ifdef __cplusplus
}
#endif

#endif
