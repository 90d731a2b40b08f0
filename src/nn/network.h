/*
 * A network's inside: its list, what it was made by, and one pass of light and numbers through it.
 */
#ifndef ONN_SRC_NN_NETWORK_H
#define ONN_SRC_NN_NETWORK_H

#include "nn/layer.h"

struct cJSON;

typedef struct onn_layer {
	const onn_layer_kind *kind;
	void *values; /* its settings */
} onn_layer;

/* A description that writes a list: a perceptron, a diffractive classifier. */
typedef struct onn_preset {
	const char *name;         /* its "model" in JSON */
	const char *init, *check; /* for messages: what makes its settings, what checks them */
	const onn_settings *(*settings)(void);
	/* Makes final what was left to the library, so that a run stays what it was when the
	 * library learns better. May be NULL. */
	void (*settle)(void *values);
	onn_status (*write)(onn_network *network, const void *values);
} onn_preset;

struct onn_network {
	onn_network_options options;
	size_t count;
	onn_layer layer[ONN_NETWORK_MAX_LAYERS];
	const onn_preset *preset; /* NULL: a list of its own */
	void *values;             /* the preset's */
};

/* The presets; NULL ends them. */
extern const onn_preset *const onn_presets[];
extern const onn_preset onn_mlp_preset, onn_cnn_preset, onn_d2nn_preset;

/* A network of a preset's settings, which are copied and settled; checks them. */
onn_status onn_network_of(onn_network **network, const onn_preset *preset, const void *values);
/* The same of a caller's structure, which may be an older version's. */
onn_status onn_network_from(onn_network **network, const onn_preset *preset, const void *given);
onn_status onn_preset_check(const onn_preset *preset, const void *given);
/* Gives the settings that a network was made of. False, and untouched, where it was made
 * otherwise. */
bool onn_network_is(const onn_network *network, const onn_preset *preset, void *values);
/* Adds a layer with a copy of these settings, of the kind's structure; NULL: the standard. */
onn_status onn_network_append(onn_network *network, const char *kind, const void *values);
/* What each layer takes, and what the last one gives: signal has room for the layers and one more.
 * Layers after `last` are left out. ONN_ERROR_ARGUMENT as onn_network_check. */
onn_status onn_network_signals(onn_signal *signal, const onn_network *network, size_t last);
/* How often its kind stands before layer i. */
size_t onn_network_ordinal(const onn_network *network, size_t i);
/* Checks that layer i is of this kind, and gives what it takes. */
onn_status onn_network_layer_of(onn_signal *signal, const char *function,
    const onn_network *network, size_t i, const char *kind);
/* "layer 3 (plate)" */
const char *onn_layer_text(char *text, size_t room, const onn_network *network, size_t i);
/* Puts "layer 3 (plate): " before the error's text; status, which may be ONN_OK. */
onn_status onn_at_layer(onn_status status, const onn_network *network, size_t i);
/* The error of a layer that is not there. */
onn_status onn_no_layer(const char *function, const onn_network *network, size_t i);

/* Whether there are regions whose light `efficiency` can be of. */
onn_status onn_network_check_efficiency(const onn_network *network);
/* Whether light is among what flows. */
bool onn_network_has_light(const onn_network *network);
/* Whether a training draws random numbers by its step. */
bool onn_network_draws(const onn_network *network);
/* Whether all of its plates are of phase: they can show levels. */
bool onn_network_is_phase_only(const onn_network *network);
/* Images that are worth taking at a time, at most `most`. */
size_t onn_network_batch(const onn_network *network, size_t most);

/* One pass through a network. */
typedef struct onn_pass {
	const onn_network *network;
	onn_type real, complex;
	const onn_run_condition *condition;
	onn_node source; /* the field that an encode made: all light there is */
	onn_node images; /* where it is each pixel's alone, onn_flow.images */
	/* for those who look at the way and not at its end alone */
	bool whole;        /* all of the light of each plane counts */
	bool fractions;    /* detectors read parts of all light of the image */
	onn_node readings; /* of the last detectors */
	/* what each layer gave; may be NULL */
	void (*look)(void *user, onn_graph *g, size_t layer, const onn_flow *flow);
	void *user;
} onn_pass;

/* x, images of [batch, ...] in any shape, through all layers; leaf: the weights' variables, as the
 * model numbers them. */
onn_node onn_pass_forward(onn_pass *pass, onn_graph *g, onn_node x, const onn_node *leaf);
/* All light of each image, [batch, 1, 1] (several wavelengths: [batch, 1, 1], added up). */
onn_node onn_pass_light(const onn_pass *pass, onn_graph *g);

#endif
