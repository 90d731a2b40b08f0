/*
 * Accuracy on a test set and on the two halves that it is split into. Predictions are compared and
 * counted on the device.
 */
#ifndef ONN_SRC_TRAIN_EVALUATE_H
#define ONN_SRC_TRAIN_EVALUATE_H

#include <onn/group.h>
#include <onn/model.h>

typedef struct onn_evaluator onn_evaluator;

/* What is measured: one model, or copies that are trained together, whose seeds are options->seed,
 * one more, ... Of options seed and batch count, and, where damaged is true, what damages a copy of
 * the model. */
typedef struct onn_measured {
	const onn_model *model; /* all have its form */
	size_t copies;
	onn_tensor *const *weight; /* parameters, of the first copy; they may change between runs */
	const onn_evaluate_options *options;
	bool damaged;
	/* its ranks, with the same weights, measure a part each, and all get the whole; NULL: there
	 * is one */
	const onn_group *group;
	bool (*stop)(void *user); /* asked before each batch; NULL: it is not */
	void *user;
} onn_measured;

onn_status onn_evaluator_create(onn_evaluator **e, const onn_measured *measured, onn_device *device,
    const onn_dataset *dataset);
void onn_evaluator_destroy(onn_evaluator *e);
/* accuracy receives each copy's. ONN_CANCELLED where stop, of any rank, said so. */
onn_status onn_evaluator_run(onn_evaluator *e, onn_accuracy *accuracy);

/* Whether a network has what noise can be of: activations, plates or masks of phases. */
onn_status onn_check_errors(
    const char *function, const onn_network *network, double activations, double phases);

/* The network with what it leaves open, by the set; the caller destroys it. ONN_ERROR_ARGUMENT
 * where the set's images and classes are not what the network takes. */
onn_status onn_fit_to(onn_network **fitted, const char *function, const onn_network *network,
    const onn_dataset *dataset);

#endif
