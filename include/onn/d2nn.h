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

#include <stdint.h>

#include <onn/network.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Limits of the preset: a list of layers may have more plates. */
enum { ONN_D2NN_MAX_LAYERS = 32 };

/** How a pixel x in [0, 1] becomes light: field x, or exp(i pi x), or a source of intensity x that
 * does not interfere with the other pixels; 0 beside the image. */
typedef enum onn_d2nn_encoding {
	ONN_D2NN_ENCODING_AMPLITUDE, /**< x */
	ONN_D2NN_ENCODING_PHASE,     /**< exp(i pi x) */
	ONN_D2NN_ENCODING_INCOHERENT /**< of each pixel alone, of power x */
} onn_d2nn_encoding;
/** The words of onn_d2nn_encoding, in its order. */
#define ONN_D2NN_ENCODING_WORDS "amplitude", "phase", "incoherent"

/** What is learnt of a plate: phases, exp(i phi), or complex numbers t, free or as a plate without
 * gain can have them. Where t is bound, each update of a training ends at the nearest t that is
 * allowed. */
typedef enum onn_d2nn_modulation {
	ONN_D2NN_MODULATION_PHASE,    /**< real phases */
	ONN_D2NN_MODULATION_COMPLEX,  /**< amplitude and phase: it may amplify, |t| > 1 */
	ONN_D2NN_MODULATION_PASSIVE,  /**< amplitude and phase, |t| <= 1 but for rounding */
	ONN_D2NN_MODULATION_AMPLITUDE /**< 0 <= t <= 1 */
} onn_d2nn_modulation;
/** The words of onn_d2nn_modulation, in its order. */
#define ONN_D2NN_MODULATION_WORDS "phase", "complex", "passive", "amplitude"

/** A class's output: its region's share of the light in all regions, or, of two regions a class,
 * (I+ - I-)/(I+ + I-). */
typedef enum onn_d2nn_detection {
	ONN_D2NN_DETECTION_PLAIN,       /**< one region a class */
	ONN_D2NN_DETECTION_DIFFERENTIAL /**< two: one counts for it, one against it */
} onn_d2nn_detection;
/** The words of onn_d2nn_detection, in its order. */
#define ONN_D2NN_DETECTION_WORDS "plain", "differential"

/** Cross-entropy of softmax(gain output), or mean square of output - target, the target being 1 for
 * the label and for others 0 (plain) or -1 (differential). */
typedef enum onn_d2nn_loss {
	ONN_D2NN_LOSS_SOFTMAX, /**< cross-entropy */
	ONN_D2NN_LOSS_MSE      /**< mean square */
} onn_d2nn_loss;
/** The words of onn_d2nn_loss, in its order. */
#define ONN_D2NN_LOSS_WORDS "softmax", "mse"

/** A diffractive classifier: what the preset writes as a list. */
typedef struct onn_d2nn {
	size_t size;       /**< sizeof(onn_d2nn) */
	size_t height;     /**< pixels of an image */
	size_t width;      /**< pixels of an image */
	size_t outputs;    /**< classes */
	size_t layers;     /**< plates: 1 to ONN_D2NN_MAX_LAYERS */
	size_t grid;       /**< pixels of a plate's side */
	double pitch;      /**< of plates and fields, metres */
	double wavelength; /**< metres */
	double distance;   /**< from plate to plate, and from the last to the detectors; metres */
	size_t padding;    /**< zeros on each side; ONN_D2NN_PADDING_HALF: half the grid */
	size_t image;      /**< pixels that the image's longer side fills; 0: as is best known */
	size_t detector;   /**< pixels of a detector region's side; 0: as is best known */
	onn_d2nn_encoding encoding;     /**< of images */
	onn_d2nn_modulation modulation; /**< of plates */
	onn_d2nn_detection detection;   /**< what an output is */
	onn_d2nn_loss loss;             /**< what training makes small */
	double gain;                    /**< of the softmax; > 0 */
	onn_absorber absorber;          /**< behind each plate; depth 0: none. Amplitude encoding */
	double misalign;        /**< while training: deviation of each plate's shift, metres, drawn
	                          anew at each step; 0: none */
	unsigned levels;        /**< of phase that a plate can show; 0: any */
	onn_type precision;     /**< ONN_F32 or ONN_F64 */
	onn_weight_start start; /**< of the phases, radians */
	double efficiency;      /**< onn_network_options.efficiency; 0: only the class counts */
} onn_d2nn;

/** Half the grid on each side: its size doubles. */
#define ONN_D2NN_PADDING_HALF SIZE_MAX

/** Five phase plates of 200 x 200 pixels at 0.4 mm, 0.75 mm waves, 29 mm apart, f32. */
#define ONN_D2NN_INIT                                                                              \
	{                                                                                          \
		sizeof(onn_d2nn), 28, 28, 10, 5, 200, 400e-6, 0.75e-3, 29e-3,                      \
		    ONN_D2NN_PADDING_HALF, 0, 0, ONN_D2NN_ENCODING_AMPLITUDE,                      \
		    ONN_D2NN_MODULATION_PHASE, ONN_D2NN_DETECTION_PLAIN, ONN_D2NN_LOSS_SOFTMAX,    \
		    30,                                                                            \
		    {sizeof(onn_absorber), ONN_MEDIUM_THIN, ONN_ENCODING_AMPLITUDE,                \
		        ONN_GRADIENT_EXACT, 0, 1, 0, 0, 0, 1, false, INFINITY, 1, 16, 0,           \
		        ONN_PROBE_CO, 0, ONN_PROBE_AT_PUMPED, 0, 0},                               \
		    0, 0, ONN_F32, {sizeof(onn_weight_start), 0, 0.1, false}, 0                    \
	}

/** The word of an encoding; "?" for a value that is none. */
ONN_API const char *onn_d2nn_encoding_name(onn_d2nn_encoding encoding);
/** The word of a modulation; "?" for a value that is none. */
ONN_API const char *onn_d2nn_modulation_name(onn_d2nn_modulation modulation);
/** The word of a detection; "?" for a value that is none. */
ONN_API const char *onn_d2nn_detection_name(onn_d2nn_detection detection);
/** The word of a loss; "?" for a value that is none. */
ONN_API const char *onn_d2nn_loss_name(onn_d2nn_loss loss);
/** The encoding of a word; false and untouched if there is none. */
ONN_API bool onn_d2nn_encoding_from_name(onn_d2nn_encoding *encoding, const char *name);
/** The modulation of a word; false and untouched if there is none. */
ONN_API bool onn_d2nn_modulation_from_name(onn_d2nn_modulation *modulation, const char *name);
/** The detection of a word; false and untouched if there is none. */
ONN_API bool onn_d2nn_detection_from_name(onn_d2nn_detection *detection, const char *name);
/** The loss of a word; false and untouched if there is none. */
ONN_API bool onn_d2nn_loss_from_name(onn_d2nn_loss *loss, const char *name);

/** The table of onn_d2nn: height, width, outputs, layers, grid, pitch, wavelength, distance,
 * padding, image, detector, encoding, modulation, detection, loss, gain, misalign, levels,
 * precision, init_..., absorber, efficiency. Lent. */
ONN_API const onn_settings *onn_d2nn_settings(void);
/** ONN_OK, or ONN_ERROR_ARGUMENT with the setting that is out of its range. */
ONN_API onn_status onn_d2nn_check(const onn_d2nn *d2nn);

/**
 * The classifier as a list of layers: encode, then plate, (sheet,) space for each plate, then
 * detect. Plates are layer0.plate, layer1.plate, ...
 *
 * @param network  receives the network, which the caller destroys
 * @param d2nn     read at once
 * @return ONN_ERROR_ARGUMENT (as onn_d2nn_check), ONN_ERROR_MEMORY
 */
ONN_API onn_status onn_network_of_d2nn(onn_network **network, const onn_d2nn *d2nn);
/** The classifier that a network was made of, with sizes where they were left open; false, and
 * untouched, where it was made otherwise. */
ONN_API bool onn_network_is_d2nn(onn_d2nn *d2nn, const onn_network *network);

#ifdef __cplusplus
}
#endif

#endif
