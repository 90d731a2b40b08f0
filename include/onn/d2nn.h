/**
 * @file
 * Diffractive classifiers: an image as light, plates with free space behind each, a detector region
 * a class.
 *
 * The image stands right before the first plate, enlarged (bilinearly) to `image` pixels in the
 * middle of the grid. Each plate is followed by an absorbing sheet, if there is one, and by
 * `distance` of free space (angular spectrum, zeros around the grid, evanescent waves decay);
 * behind the last space is the detector plane.
 *
 * @see Lin et al., "All-optical machine learning using diffractive deep neural networks", Science
 * 361, 1004 (2018)
 */
#ifndef ONN_D2NN_H
#define ONN_D2NN_H

#include <onn/elements.h>
#include <onn/nn.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { ONN_D2NN_MAX_LAYERS = 32 };

/** How a pixel x in [0, 1] becomes light: field x, or exp(i pi x); 0 beside the image. */
typedef enum onn_d2nn_encoding {
	ONN_D2NN_ENCODING_AMPLITUDE,
	ONN_D2NN_ENCODING_PHASE
} onn_d2nn_encoding;
#define ONN_D2NN_ENCODING_WORDS "amplitude", "phase"

/** What is learnt of a plate: phases, exp(i phi), or free complex numbers. */
typedef enum onn_d2nn_modulation {
	ONN_D2NN_MODULATION_PHASE,
	ONN_D2NN_MODULATION_COMPLEX
} onn_d2nn_modulation;
#define ONN_D2NN_MODULATION_WORDS "phase", "complex"

/** A class's output: its region's share of the light in all regions, or, of two regions a class,
 * (I+ - I-)/(I+ + I-). */
typedef enum onn_d2nn_detection {
	ONN_D2NN_DETECTION_PLAIN,
	ONN_D2NN_DETECTION_DIFFERENTIAL
} onn_d2nn_detection;
#define ONN_D2NN_DETECTION_WORDS "plain", "differential"

/** Cross-entropy of softmax(gain output), or mean square of output - target, the target being 1 for
 * the label and for others 0 (plain) or -1 (differential). */
typedef enum onn_d2nn_loss { ONN_D2NN_LOSS_SOFTMAX, ONN_D2NN_LOSS_MSE } onn_d2nn_loss;
#define ONN_D2NN_LOSS_WORDS "softmax", "mse"

typedef struct onn_d2nn {
	size_t size;          /**< sizeof(onn_d2nn) */
	size_t height, width; /**< pixels of an image */
	size_t outputs;       /**< classes */
	size_t layers;        /**< plates: 1 to ONN_D2NN_MAX_LAYERS */
	size_t grid;          /**< pixels of a plate's side */
	double pitch;         /**< of plates and fields, metres */
	double wavelength;    /**< metres */
	double distance; /**< from plate to plate, and from the last to the detectors; metres */
	size_t padding;  /**< zeros on each side; ONN_D2NN_PADDING_HALF: half the grid */
	size_t image;    /**< pixels that the image's longer side fills; 0: as is best known */
	size_t detector; /**< pixels of a detector region's side; 0: as is best known */
	onn_d2nn_encoding encoding;
	onn_d2nn_modulation modulation;
	onn_d2nn_detection detection;
	onn_d2nn_loss loss;
	double gain;            /**< of the softmax; > 0 */
	onn_absorber absorber;  /**< behind each plate; depth 0: none. Amplitude encoding */
	double misalign;        /**< while training: deviation of each plate's shift, metres, drawn
	                          anew at each step; 0: none */
	unsigned levels;        /**< of phase that a plate can show; 0: any */
	onn_type precision;     /**< ONN_F32 or ONN_F64 */
	onn_weight_start start; /**< of the phases, radians */
} onn_d2nn;

#define ONN_D2NN_PADDING_HALF ((size_t)-1)

/** Five phase plates of 200 x 200 pixels at 0.4 mm, 0.75 mm waves, 30 mm apart, f32. */
#define ONN_D2NN_INIT                                                                              \
	{                                                                                          \
		sizeof(onn_d2nn), 28, 28, 10, 5, 200, 400e-6, 0.75e-3, 30e-3,                      \
		    ONN_D2NN_PADDING_HALF, 0, 0, ONN_D2NN_ENCODING_AMPLITUDE,                      \
		    ONN_D2NN_MODULATION_PHASE, ONN_D2NN_DETECTION_PLAIN, ONN_D2NN_LOSS_SOFTMAX,    \
		    30,                                                                            \
		    {sizeof(onn_absorber), ONN_MEDIUM_THIN, ONN_ENCODING_AMPLITUDE,                \
		        ONN_GRADIENT_EXACT, 0, 1, 0, 0, 0, 1, false},                              \
		    0, 0, ONN_F32,                                                                 \
		{                                                                                  \
			sizeof(onn_weight_start), 0, 0.1, false                                    \
		}                                                                                  \
	}

/** The word of a value; "?" for a value that is none. */
ONN_API const char *onn_d2nn_encoding_name(onn_d2nn_encoding encoding);
ONN_API const char *onn_d2nn_modulation_name(onn_d2nn_modulation modulation);
ONN_API const char *onn_d2nn_detection_name(onn_d2nn_detection detection);
ONN_API const char *onn_d2nn_loss_name(onn_d2nn_loss loss);
/** The value of a word; false and untouched if there is none. */
ONN_API bool onn_d2nn_encoding_from_name(onn_d2nn_encoding *encoding, const char *name);
ONN_API bool onn_d2nn_modulation_from_name(onn_d2nn_modulation *modulation, const char *name);
ONN_API bool onn_d2nn_detection_from_name(onn_d2nn_detection *detection, const char *name);
ONN_API bool onn_d2nn_loss_from_name(onn_d2nn_loss *loss, const char *name);

/** ONN_OK, or ONN_ERROR_ARGUMENT with the field that is out of its range. */
ONN_API onn_status onn_d2nn_check(const onn_d2nn *d2nn);
/** The description as JSON; free it with onn_free. NULL: no memory. */
ONN_API char *onn_d2nn_to_json(const onn_d2nn *d2nn);
/** Reads what onn_d2nn_to_json wrote; fields that are missing keep ONN_D2NN_INIT's.
 * ONN_ERROR_FORMAT. */
ONN_API onn_status onn_d2nn_from_json(onn_d2nn *d2nn, const char *json);

/** Where on the grid the image stands; its longer side fills `image` pixels. */
ONN_API onn_region onn_d2nn_image_region(const onn_d2nn *d2nn);
/**
 * How well the space between plates is sampled: angular spectrum on the padded grid
 * (onn_propagation_choose). ONN_ERROR_ARGUMENT for numbers that no grid or light may have.
 */
ONN_API onn_status onn_d2nn_sampling(const onn_d2nn *d2nn, onn_sampling *sampling);
/** Detector regions: one a class, or two, first all that count for a class and then all that count
 * against. */
ONN_API size_t onn_d2nn_region_count(const onn_d2nn *d2nn);
/** Fills onn_d2nn_region_count() regions, in rows over the middle seven tenths of the grid.
 * ONN_ERROR_ARGUMENT where they don't fit there. */
ONN_API onn_status onn_d2nn_regions(const onn_d2nn *d2nn, onn_region *region);

#ifdef __cplusplus
}
#endif

#endif
