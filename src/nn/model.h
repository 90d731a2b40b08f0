/*
 * What each kind of network tells the rest: its weights, its graph.
 */
#ifndef ONN_SRC_NN_MODEL_H
#define ONN_SRC_NN_MODEL_H

#include <onn/model.h>

enum { ONN_MODEL_MAX_WEIGHTS = 2 * (ONN_MLP_MAX_HIDDEN + 1) };

/* How a weight begins. */
typedef enum onn_start {
	ONN_START_NORMAL, /* drawn by the network's onn_weight_start */
	ONN_START_ZERO,
	ONN_START_PHASOR /* [2, ...]: cosine and sine of an angle that is drawn so */
} onn_start;

typedef struct onn_weight {
	char name[16];
	size_t ndim, shape[3];
	onn_start start;
} onn_weight;

/* Fill at most ONN_MODEL_MAX_WEIGHTS rows; return how many. */
size_t onn_mlp_weights(const onn_mlp *m, onn_weight *weight);
size_t onn_d2nn_weights(const onn_d2nn *d, onn_weight *weight);

/* In what state a network is used; all zeros: as it was designed. */
typedef struct onn_condition {
	onn_node step; /* 0-d u32: training, and which draw of the random errors */
	uint64_t seed; /* of what is drawn */
	bool damaged;  /* a copy with the errors of `damage` */
	onn_evaluate_options damage;
	onn_node batch; /* damaged: 0-d u32, which draw of the camera's noise */
} onn_condition;

/* Whether a training of the network draws random numbers by its step. */
bool onn_network_draws(const onn_network *network);
/* Pixels are scaled to [0, this]. */
double onn_network_input_maximum(const onn_network *network);
/* Images that are worth taking at a time, at most `most`. */
size_t onn_network_batch(const onn_network *network, size_t most);
/* What the pixels of a batch become: [batch, outputs]; leaf: the weights' variables. */
onn_node onn_mlp_forward(const onn_mlp *m, onn_graph *g, onn_node x, const onn_node *leaf);
onn_node onn_d2nn_forward(const onn_d2nn *d, onn_graph *g, onn_node x, const onn_node *leaf,
    const onn_condition *condition);
/* The variables of the model's weights. */
void onn_model_leaves(const onn_model *model, onn_graph *g, onn_node *leaf);
/* onn_model_forward under a condition. */
onn_node onn_model_forward_in(const onn_model *model, onn_graph *g, onn_node x,
    const onn_condition *condition, onn_node *variable);

/* Replaces the weights by those of the same names in an archive; path is for messages. */
onn_status onn_model_take(onn_model *model, const onn_archive *archive, const char *path);

/*
 * Runs a graph over images, some rows at a time. build makes the outputs, each [rows, ...] of the
 * model's precision, from the pixels x [rows, inputs]; output[i] receives [count, ...].
 */
typedef struct onn_reading {
	size_t count; /* of outputs */
	void (*build)(const onn_model *model, onn_graph *g, onn_node x, onn_node *output);
} onn_reading;

onn_status onn_model_read(const char *function, const onn_reading *reading, onn_array **output,
    const onn_model *model, onn_device *device, const onn_array *x, double scale);

#endif
