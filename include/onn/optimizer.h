/**
 * @file
 * Optimisers: from gradients to assignments, as nodes of the graph.
 *
 * An optimiser's state (moments, number of steps) is variables of the plan: for each weight NAME
 * one tensor of its type and shape for each slot, called SLOT.NAME ("adam.m.w0"), zeros at first;
 * and, for Adam, the 0-d i32 variable "adam.step".
 */
#ifndef ONN_OPTIMIZER_H
#define ONN_OPTIMIZER_H

#include <onn/graph.h>
#include <onn/settings.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How gradients become steps. */
typedef enum onn_optimizer_kind {
	ONN_OPTIMIZER_ADAM, /**< Kingma and Ba, arXiv 1412.6980 */
	ONN_OPTIMIZER_SGD   /**< stochastic gradient descent, with momentum if it likes */
} onn_optimizer_kind;
/** The words of onn_optimizer_kind, in its order. */
#define ONN_OPTIMIZER_KIND_WORDS "adam", "sgd"
/** How the learning rate changes from epoch to epoch. */
typedef enum onn_decay {
	ONN_DECAY_CONSTANT, /**< not at all */
	ONN_DECAY_STEP,     /**< times decay_factor after each decay_epochs epochs */
	ONN_DECAY_COSINE    /**< half a cosine from the full rate towards 0 over all epochs */
} onn_decay;
/** The words of onn_decay, in its order. */
#define ONN_DECAY_WORDS "constant", "step", "cosine"

/** An optimiser and its numbers. */
typedef struct onn_optimizer {
	size_t size;             /**< sizeof(onn_optimizer) */
	onn_optimizer_kind kind; /**< what the other numbers are of */
	double rate;             /**< learning rate of the first epoch; > 0 */
	double beta1;            /**< Adam: of the mean of gradients, in [0, 1) */
	double beta2;            /**< Adam: of the mean of their squares, in [0, 1) */
	double epsilon;          /**< Adam: is added to the root of the squares; > 0 */
	double momentum;         /**< SGD, in [0, 1): v = momentum v + grad, w -= rate v */
	onn_decay decay;         /**< from epoch to epoch */
	double decay_factor;     /**< step: in (0, 1] */
	size_t decay_epochs;     /**< step: > 0 */
	size_t warmup; /**< epochs in which the rate rises, evenly, to what the schedule says */
} onn_optimizer;

/** Adam at 5e-4, constant. */
#define ONN_OPTIMIZER_INIT                                                                         \
	{                                                                                          \
		sizeof(onn_optimizer), ONN_OPTIMIZER_ADAM, 5e-4, 0.9, 0.999, 1e-8, 0,              \
		    ONN_DECAY_CONSTANT, 0.1, 20, 0                                                 \
	}

/** The word of a kind; "?" for a value that is none. */
ONN_API const char *onn_optimizer_kind_name(onn_optimizer_kind kind);
/** The word of a decay; "?" for a value that is none. */
ONN_API const char *onn_decay_name(onn_decay decay);
/** The kind of a word; false and untouched if there is none. */
ONN_API bool onn_optimizer_kind_from_name(onn_optimizer_kind *kind, const char *name);
/** The decay of a word; false and untouched if there is none. */
ONN_API bool onn_decay_from_name(onn_decay *decay, const char *name);

/** The table of onn_optimizer: optimizer, lr, beta1, beta2, epsilon, momentum, schedule,
 * decay_factor, decay_epochs, warmup. Lent. */
ONN_API const onn_settings *onn_optimizer_settings(void);
/** ONN_OK, or ONN_ERROR_ARGUMENT with the setting that is out of its range. */
ONN_API onn_status onn_optimizer_check(const onn_optimizer *optimizer);
/** The learning rate of an epoch, counted from 0, of `epochs`. */
ONN_API double onn_optimizer_rate(const onn_optimizer *optimizer, size_t epoch, size_t epochs);

/** Tensors of state for each weight: 2 for Adam, 1 for SGD with momentum, else 0. */
ONN_API size_t onn_optimizer_slots(const onn_optimizer *optimizer);
/** Lent: the slot's part of the variable's name, "adam.m"; NULL for a slot that is not there. */
ONN_API const char *onn_optimizer_slot_name(const onn_optimizer *optimizer, size_t slot);
/** True where the step number "adam.step" is a variable too. */
ONN_API bool onn_optimizer_counts_steps(const onn_optimizer *optimizer);

/**
 * New values of some weights, and the assignments of the optimiser's own state.
 *
 * @param g          graph
 * @param optimizer  read at once
 * @param rate       0-d node: the learning rate, mostly a variable
 * @param count      number of weights
 * @param name       of each, for the variables of its state
 * @param weight     count variables, all f32 or all f64
 * @param grad       their gradients
 * @param updated    receives count nodes: the new weights, for the caller to limit and onn_assign
 * @param state      receives the assignments: room for onn_optimizer_slots() count + 1
 * @param nstate     receives their number
 * @return ONN_ERROR_ARGUMENT: a setting of optimizer; else the graph's status
 */
ONN_API onn_status onn_optimizer_build(onn_graph *g, const onn_optimizer *optimizer, onn_node rate,
    size_t count, const char *const *name, const onn_node *weight, const onn_node *grad,
    onn_node *updated, onn_node *state, size_t *nstate);

#ifdef __cplusplus
}
#endif

#endif
