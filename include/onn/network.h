/**
 * @file
 * Networks: lists of layers.
 *
 * An image goes in, each layer takes what the one before it gives, and the last one gives a number
 * for each class, of which the largest wins. What flows between layers is numbers or light:
 *
 * | kind       | takes, gives             | settings                                        |
 * |------------|--------------------------|-------------------------------------------------|
 * | flatten    | numbers, [n]             |                                                 |
 * | linear     | [n], [outputs]           | outputs, bias, init_mean ...                    |
 * | conv2d     | [c, h, w], [outputs, ..] | outputs, kernel, stride, padding, groups, bias  |
 * | conv4f     | [c, h, w], [outputs, ..] | outputs, kernel, padding, reading, mask         |
 * |            | or light                 | pitch, wavelength                               |
 * | pool       | [c, h, w], [c, ..]       | kind, window, stride, padding                   |
 * | dropout    | numbers, the same        | rate                                            |
 * | absorber   | numbers, the same        | those of onn_absorber: medium, od, gradient ... |
 * | relu       | numbers, the same        |                                                 |
 * | tanh       | numbers, the same        |                                                 |
 * | sigmoid    | numbers, the same        |                                                 |
 * | click      | numbers, the same        | photons, terms                                  |
 * | scale      | numbers, the same        | factor, offset                                  |
 * | encode     | an image [h, w], light   | grid, pitch, wavelength, image, encoding        |
 * | wavelength | light, light             | value, power                                    |
 * | plate      | light, light             | modulation, levels, misalign, init_mean ...     |
 * | space      | light, light             | distance, padding, method, evanescent           |
 * | sheet      | light, light             | those of onn_absorber                           |
 * | lens       | light, light             | f, at                                           |
 * | mask       | light, light             | file, modulation, side                          |
 * | slm        | light, light             | file, white, levels, fill, side, lut, flatness  |
 * | grating    | light, light             | kind, period, angle, depth                      |
 * | zernike    | light, light             | n, m, radius, coefficient                       |
 * | tilt       | light, light             | angle                                           |
 * | filter     | light, light             | transmission                                    |
 * | aperture   | light, light             | shape, radius, sides, at, edge                  |
 * | detect     | light, [outputs]         | regions, side, area, detection, reading         |
 * | camera     | light, [ny, nx]          | photons, read_noise                             |
 *
 * plane, gaussian, point, hermite-gauss, laguerre-gauss, slits, text and image are sources, which
 * begin a system of light (system.h); a network has no place for them. In a file {"4f": {"f1": ...,
 * "f2": ..., "mask": {...}}} stands for the rows of two lenses with that mask between them.
 *
 * onn_layer_settings has each kind's table with units and ranges; docs/networks.md describes the
 * kinds, docs/adding-a-layer.md adds one. Five plates in free space with a linear layer behind
 * their detectors, for example:
 *
 *     onn_network_create(&network, NULL);
 *     onn_network_add(network, "encode", "grid=200 pitch=4e-4 wavelength=7.5e-4");
 *     for (int i = 0; i < 5; i++) {
 *             onn_network_add(network, "plate", "");
 *             onn_network_add(network, "space", "distance=0.03");
 *     }
 *     onn_network_add(network, "detect", "regions=10,10 reading=fraction");
 *     onn_network_add(network, "linear", "outputs=10");
 *     onn_train(NULL, network, &options, dataset, device);
 *
 * onn_network_of_mlp, onn_network_of_cnn and onn_network_of_d2nn write the lists of the usual ones.
 */
#ifndef ONN_NETWORK_H
#define ONN_NETWORK_H

#include <onn/elements.h>
#include <onn/nn.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How long a list may be. */
enum { ONN_NETWORK_MAX_LAYERS = 256 };

/** A list of layers and what they have in common. */
typedef struct onn_network onn_network;

/** What a network takes and how its outputs are judged. */
typedef struct onn_network_options {
	size_t size; /**< sizeof(onn_network_options) */
	/** of an image: 1, a list of pixels; 2, height and width; 0: the data set's */
	size_t ndim;
	size_t input[2];      /**< [pixels], or [height, width] */
	size_t classes;       /**< 0: the data set's */
	onn_type precision;   /**< ONN_F32 or ONN_F64 */
	double input_maximum; /**< pixels are scaled to [0, input_maximum] */
	onn_loss loss;        /**< what training makes small */
	double gain;          /**< nll: the softmax is of gain times the outputs; > 0 */
	double off_target;    /**< mse: target of the classes that are not the label's; < 1 */
	/** weight, in the loss, of -ln of the part of an image's light that arrives in its label's
	 * region of the last detect; >= 0 */
	double efficiency;
} onn_network_options;

/** Of the data set's images, f32, [0, 1], MSE against 1 and 0. */
#define ONN_NETWORK_OPTIONS_INIT                                                                   \
	{                                                                                          \
		sizeof(onn_network_options), 0, {0, 0}, 0, ONN_F32, 1, ONN_LOSS_MSE, 1, 0, 0       \
	}

/** The table of onn_network_options: input, classes, precision, input_maximum, loss, gain,
 * off_target, efficiency. Lent. */
ONN_API const onn_settings *onn_network_settings(void);

/* ---- the list ---- */

/**
 * A network without layers; the caller destroys it.
 *
 * @param network  receives it
 * @param options  NULL: ONN_NETWORK_OPTIONS_INIT
 * @return ONN_ERROR_ARGUMENT, ONN_ERROR_MEMORY
 */
ONN_API onn_status onn_network_create(onn_network **network, const onn_network_options *options);
/** A network of its own with the same list; the caller destroys it. ONN_ERROR_MEMORY. */
ONN_API onn_status onn_network_copy(onn_network **copy, const onn_network *network);
/** NULL is fine. */
ONN_API void onn_network_destroy(onn_network *network);

/**
 * Adds a layer behind the others.
 *
 * @param network   becomes longer by one
 * @param kind      "linear", "plate", ...
 * @param settings  "outputs=128 bias=true": names and values, blanks between them; those not named
 *                  keep their standard. "" or NULL: all of them do
 * @return ONN_ERROR_ARGUMENT: no such kind, no such setting, a value that it does not take, too
 *         many layers; ONN_ERROR_MEMORY. The network is then as it was. Whether layers fit is
 *         onn_network_check's to say
 */
ONN_API onn_status onn_network_add(onn_network *network, const char *kind, const char *settings);
/** Changes a setting of layer i, from 0. A preset's network becomes a list of its own by it.
 * ONN_ERROR_ARGUMENT: no such layer or setting, or a value that it does not take. */
ONN_API onn_status onn_network_set(
    onn_network *network, size_t i, const char *name, const char *value);
/** The same with a number, to the bit; for settings that are one number. */
ONN_API onn_status onn_network_set_real(
    onn_network *network, size_t i, const char *name, double value);

/** Lent: what its JSON calls "model": a preset's name, "mlp", "cnn" or "d2nn", or "network". */
ONN_API const char *onn_network_model(const onn_network *network);
/** How many layers it has. */
ONN_API size_t onn_network_layers(const onn_network *network);
/** Lent: "linear", ...; NULL for an i that is not there. */
ONN_API const char *onn_network_kind(const onn_network *network, size_t i);
/** A setting of layer i as onn_network_set reads it; free it with onn_free. NULL: no such setting
 * or layer, or no memory. */
ONN_API char *onn_network_get(const onn_network *network, size_t i, const char *name);
/** What it takes and how its outputs are judged, lent. */
ONN_API const onn_network_options *onn_network_options_of(const onn_network *network);
/** The first layer of a kind from layer `from` on; SIZE_MAX where there is none. */
ONN_API size_t onn_network_find(const onn_network *network, const char *kind, size_t from);

/** The name of kind i, from 0, lent; NULL beyond the last. */
ONN_API const char *onn_layer_kind_name(size_t i);
/** A kind's table of settings, lent; NULL for a kind that there is not. */
ONN_API const onn_settings *onn_layer_settings(const char *kind);
/** One line on what it does, lent; NULL for a kind that there is not. */
ONN_API const char *onn_layer_summary(const char *kind);

/* ---- what fits ---- */

/**
 * Gives the network an image's shape and a number of classes where it has none yet.
 *
 * @return ONN_ERROR_ARGUMENT: it has others
 */
ONN_API onn_status onn_network_fit(
    onn_network *network, size_t height, size_t width, size_t classes);

/**
 * Whether the list is a network.
 *
 * @return ONN_ERROR_ARGUMENT: a setting out of its range; a layer that cannot take what the one
 *         before it gives (the text has the layer, the shape that it gets, and what it expects);
 *         outputs that are not one number a class
 */
ONN_API onn_status onn_network_check(const onn_network *network);

/** What flows between two layers, of one image. */
typedef struct onn_signal {
	bool light;      /**< a field on a grid; else real numbers */
	size_t ndim;     /**< of numbers */
	size_t shape[3]; /**< of numbers */
	onn_grid grid;   /**< of light */
	onn_light beam;  /**< of light: wavelengths and precision */
	bool incoherent; /**< of light: that of different pixels of the image does not interfere */
} onn_signal;

/** What layer i takes; i = onn_network_layers(): what the last one gives. ONN_ERROR_ARGUMENT as
 * onn_network_check says, for the layers before i. */
ONN_API onn_status onn_network_signal(onn_signal *signal, const onn_network *network, size_t i);
/** "[28, 28]", "light on 200 x 200 pixels of 0.0004 m", cut to fit; returns text. */
ONN_API const char *onn_signal_text(char *text, size_t room, const onn_signal *signal);

/** How many numbers layer i learns. ONN_ERROR_ARGUMENT: as onn_network_signal, and there is no such
 * layer; ONN_ERROR_MEMORY. */
ONN_API onn_status onn_network_weights(size_t *total, const onn_network *network, size_t i);
/** Pixels of an image; 0 where they are not known yet. */
ONN_API size_t onn_network_inputs(const onn_network *network);
/** Classes; 0 where they are not known yet. */
ONN_API size_t onn_network_outputs(const onn_network *network);

/** Where on the grid the image stands, by layer i, an encode. ONN_ERROR_ARGUMENT: another kind, or
 * as onn_network_signal. */
ONN_API onn_status onn_network_image(onn_region *region, const onn_network *network, size_t i);
/**
 * The regions that layer i, a detect, reads.
 *
 * @param region   receives *count regions in the order of the readings: one a class or place; of
 *                 pairs first all that count for one and then all that count against; free it with
 *                 onn_free
 * @param count    receives how many
 * @param network  one whose layers before i fit
 * @param i        a detect
 * @return ONN_ERROR_ARGUMENT: another kind, or as onn_network_signal; ONN_ERROR_MEMORY
 */
ONN_API onn_status onn_network_detectors(
    onn_region **region, size_t *count, const onn_network *network, size_t i);
/** How well layer i, a space, samples its way (onn_propagation_choose). ONN_ERROR_ARGUMENT: another
 * kind, or as onn_network_signal. */
ONN_API onn_status onn_network_sampling(
    onn_sampling *sampling, const onn_network *network, size_t i);

/* ---- files ---- */

/**
 * The description as JSON; free it with onn_free. NULL: no memory. A preset's is the preset's own,
 * with "model": "mlp", "cnn" or "d2nn"; else "model" is "network", beside the settings of
 * onn_network_options and "layers", a list of objects whose "layer" is their kind.
 */
ONN_API char *onn_network_to_json(const onn_network *network);
/** The list of layers, of a preset's network too; free it with onn_free. NULL: no memory. */
ONN_API char *onn_network_list_to_json(const onn_network *network);
/** Reads either; without "model" it is a network where it has "layers", else a perceptron. The
 * caller destroys it. ONN_ERROR_FORMAT with the layer and setting that is wrong. */
ONN_API onn_status onn_network_from_json(onn_network **network, const char *json);
/** The same of a file. ONN_ERROR_FILE too. */
ONN_API onn_status onn_network_load(onn_network **network, const char *path);
/** ONN_ERROR_ARGUMENT with the first thing in which a network differs from what it was, and both
 * values: "layer 3 (space): distance was 0.03 and is 0.04". Texts count layers from 1: this one has
 * the index 2. */
ONN_API onn_status onn_network_compare(const onn_network *is, const onn_network *was);

/* ---- graph ---- */

/** Loss of a batch of outputs [batch, classes] by the network's options, 0-d; label as of
 * onn_loss_of. The weight of light's efficiency needs more than outputs: it counts in training. */
ONN_API onn_node onn_network_loss(
    onn_graph *g, const onn_network *network, onn_node output, onn_node label);

#ifdef __cplusplus
}
#endif

#endif
