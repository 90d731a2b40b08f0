/*
 * The training step as a plan, and all that it changes: weights, moments, sums. One plan is for
 * whole batches, a second for a last partial one; they share every tensor.
 *
 * Several trainings that differ in their seeds alone, seed, seed + 1 ..., are stepped together as
 * copies of the plan (plan/plan.h), each with the numbers that it would have by itself.
 */
#ifndef ONN_SRC_TRAIN_STEPPER_H
#define ONN_SRC_TRAIN_STEPPER_H

#include <onn/plan.h>
#include <onn/trainer.h>

typedef struct onn_stepper onn_stepper;

/* Starts from the weights of each of `copies` models, which are lent until the end. options gives
 * the first seed, batch, optimiser, limits and group, of which there is none for several copies.
 * ONN_ERROR_UNSUPPORTED: the device cannot step so many together. */
onn_status onn_stepper_create(onn_stepper **s, onn_model *const *model, size_t copies,
    const onn_train_options *options, const onn_dataset *dataset, onn_device *device);
void onn_stepper_destroy(onn_stepper *s);

/* Steps of an epoch. */
size_t onn_stepper_steps(const onn_stepper *s);
/* The weights' tensors, as the model numbers them, those of the first copy. */
onn_tensor *const *onn_stepper_weights(const onn_stepper *s);
const onn_plan *onn_stepper_plan(const onn_stepper *s);

/* Makes ready for an epoch, from 0, from one of its steps on. At step 0 the sum of losses starts
 * anew. */
onn_status onn_stepper_begin(onn_stepper *s, size_t epoch, double rate, size_t step);
/* Takes the next step. Of a group all ranks take it together; *stop: whether this rank wants to
 * stop behind it, then whether any does. */
onn_status onn_stepper_step(onn_stepper *s, bool *stop);
/* Whether the latest step failed since another rank has: all stands as it was before it. */
bool onn_stepper_lost(const onn_stepper *s);
/* Of a group: weights and state become rank 0's. */
onn_status onn_stepper_share(onn_stepper *s);
/* Waits for the steps; the mean loss of the samples so far, and the first step, from 0, whose loss
 * was not finite, or SIZE_MAX; of each copy. */
onn_status onn_stepper_wait(onn_stepper *s, double *loss, size_t *bad_step);

/* Reads a copy's weights into its model. *finite: whether all are. */
onn_status onn_stepper_read(const onn_stepper *s, size_t copy, onn_model *model, bool *finite);
/* A copy's state beside the weights: the optimiser's, the sum of losses. */
onn_status onn_stepper_put(const onn_stepper *s, size_t copy, onn_archive *archive);
/* The weights of the copy's model, and its state. */
onn_status onn_stepper_take(
    onn_stepper *s, size_t copy, const onn_archive *archive, const char *path);

#endif
