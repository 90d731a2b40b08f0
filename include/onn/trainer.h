/**
 * @file
 * Training: epochs of optimiser steps, evaluation, checkpoints, and going on after an interruption.
 *
 * One plan is the whole step: gather the batch, forward, backward, update, add up the loss. The
 * test set is split at random in two halves: the best epoch, of equals the latest, is chosen on the
 * selection half, its accuracy reported on the other.
 *
 * Run folder: config.json, metrics.csv
 * (epoch,train_loss,selection_accuracy,report_accuracy,seconds; the seconds are those of the
 * epoch's training steps alone), best.npz (the best epoch's model), last.npz (all that is needed to
 * go on) and seconds.npy (times, which stay out of checkpoints so that equal runs write equal
 * ones). With several seeds each has a folder seed-N of its own in it, beside summary.json; where a
 * GPU steps them together, each is what it would be alone.
 *
 * last.npz is written last and is what counts: a run killed at any moment goes on from it and, on
 * the same device and with the same number of threads, ends with the same bytes as one that never
 * stopped. While a run goes on its folder is locked: a second run in it is ONN_ERROR_FILE.
 */
#ifndef ONN_TRAINER_H
#define ONN_TRAINER_H

#include <onn/group.h>
#include <onn/model.h>
#include <onn/optimizer.h>
#include <onn/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Where training stands, after each step. */
typedef struct onn_train_progress {
	uint64_t seed;   /**< of the run */
	size_t run;      /**< which seed, from 0 */
	size_t runs;     /**< of how many */
	size_t epoch;    /**< from 0 */
	size_t epochs;   /**< in all */
	size_t step;     /**< steps done of this epoch's */
	size_t steps;    /**< of an epoch */
	double seconds;  /**< since this epoch's training began */
	size_t together; /**< runs that take the step, from this one on */
} onn_train_progress;

/** A row of metrics.csv. */
typedef struct onn_train_epoch {
	uint64_t seed;             /**< of the run */
	size_t run;                /**< which seed, from 0 */
	size_t runs;               /**< of how many */
	size_t epoch;              /**< from 1 here, as in the file */
	size_t epochs;             /**< in all */
	double train_loss;         /**< mean over the epoch's steps */
	double selection_accuracy; /**< fraction; NaN for a set without test images */
	double report_accuracy;    /**< the same, of the other half */
	double seconds;            /**< of this epoch's training steps */
	bool best;                 /**< no epoch before it was better on the selection half */
} onn_train_epoch;

/** How a network is trained. */
typedef struct onn_train_options {
	size_t size;              /**< sizeof(onn_train_options) */
	onn_optimizer optimizer;  /**< how gradients become steps */
	onn_weight_limits limits; /**< of weights, after each step */
	size_t batch;             /**< images a step */
	size_t epochs;            /**< times that each image is seen */
	uint64_t seed;            /**< of weights, order of samples and halves of the test set */
	size_t seeds;             /**< runs, with seed, seed + 1, ... */
	const char *out;          /**< run folder, made if need be; NULL: no files */
	bool resume;              /**< go on from out's last.npz */
	const char *dataset;      /**< the set's name for config.json; NULL: dataset->name */
	const char *weights;      /**< .npz or .safetensors to take the first weights from; NULL:
	                             drawn from seed */
	bool profile; /**< fill onn_train_result.profile; needs a device opened with profile */

	void *user; /**< first argument of the callbacks, each of which may be NULL */
	/** After each step, some microseconds apart: keep it short. True: finish, save, return
	 * ONN_CANCELLED. */
	bool (*progress)(void *user, const onn_train_progress *progress);
	/** After each epoch. */
	void (*epoch)(void *user, const onn_train_epoch *epoch);
	/** A line for a person, without newline. */
	void (*log)(void *user, const char *line);
	/* What onn_evaluate_options has of these names, anew at each step, so that the network
	 * learns to bear it; epochs are measured with bits, without noise. */
	double weight_noise;     /**< deviation, in units of a matrix's root mean square */
	double activation_noise; /**< deviation, in units of an image's numbers' root mean square */
	double phase_noise;      /**< deviation, radians; for networks with plates or conv4f */
	size_t bits;             /**< gradients are taken as if weights were not rounded */
	/** The ranks that train together; NULL: there is one. Lent until onn_train returns. All of
	 * them call it with the same network, options and data, each with a device of its own. A
	 * rank takes its part of every batch, and gradients are added up: losses are those of one
	 * rank within rounding, and the same bytes again with as many ranks; what is drawn at
	 * random within a step (dropout, noise) each rank draws for itself. Rank 0 alone reads and
	 * writes files and calls epoch and log; progress is called on each, and where one says so
	 * all stop behind the same step. Where a rank fails or is lost all end with an error, and
	 * rank 0 keeps what was done. */
	const onn_group *group;
	/** When the plan of a step on a whole batch stands, before a seed's first step: for
	 * onn_plan_describe and onn_plan_step_work. Lent for the length of the call. */
	void (*planned)(void *user, const onn_plan *plan);
	/** How many seeds are stepped together at most, by one plan, up to 512; 0: on a GPU as many
	 * as are small beside it (256 MiB of weights and intermediate results in all, and 64),
	 * elsewhere 1. A small network leaves most of a GPU idle, and a step of several takes as
	 * many launches as that of one. Weights and losses of each seed are those that it has
	 * alone: to the bit where the device's own kernels do the products. Each has its folder,
	 * and goes on from it. progress tells of all at once, and a run's seconds are its share of
	 * theirs. Where a device cannot (c, a transform of light, a profile, a group), seeds come
	 * one by one, and log says so where this is not 0. */
	size_t together;
	/** Asked before each batch while an epoch is measured, which may take longer than a step.
	 * True: save, return ONN_CANCELLED; a run that goes on measures that epoch again. */
	bool (*stop)(void *user);
} onn_train_options;

/** Adam at 5e-4, no limits, 50 epochs of batches of 64, seed 0, no folder, no callbacks. */
#define ONN_TRAIN_OPTIONS_INIT                                                                     \
	{                                                                                          \
		sizeof(onn_train_options), ONN_OPTIMIZER_INIT, ONN_WEIGHT_LIMITS_INIT, 64, 50, 0,  \
		    1, NULL, false, NULL, NULL, false, NULL, NULL, NULL, NULL, 0, 0, 0, 0, NULL,   \
		    NULL, 0, NULL                                                                  \
	}

/** What a seed's run came to. */
typedef struct onn_train_run {
	uint64_t seed;             /**< of weights, order of samples and halves of the test set */
	size_t epochs;             /**< done */
	size_t best_epoch;         /**< from 1; 0: none yet */
	double train_loss;         /**< of the last epoch */
	double selection_accuracy; /**< of the best epoch */
	double report_accuracy;    /**< of the best epoch */
	double seconds;            /**< of training steps, all epochs */
	bool was_finished;         /**< resumed, and there was nothing left to do */
	onn_train_epoch *epoch;    /**< `epochs` of them, those before a resumption too */
} onn_train_run;

/** What a training came to. */
typedef struct onn_train_result {
	size_t count;       /**< runs, one a seed */
	onn_train_run *run; /**< count of them */
	double mean;        /**< of report_accuracy over the runs */
	double deviation;   /**< of report_accuracy, as of a sample; 0 for one run */
	bool was_finished;  /**< of all runs */
	char *profile;      /**< time by step of the training plan; NULL unless asked for */
} onn_train_result;

/** The table of onn_train_options: the optimizer's rows, batch, epochs, seed, seeds, the rows of
 * the weights' limits. Lent. */
ONN_API const onn_settings *onn_train_settings(void);
/** ONN_OK, or ONN_ERROR_ARGUMENT with the setting that is out of its range. */
ONN_API onn_status onn_train_options_check(const onn_train_options *options);

/**
 * Trains a network on a data set.
 *
 * @param result   filled as far as training came, also on failure; clear it with
 *                 onn_train_result_clear. May be NULL
 * @param network  where it leaves the shape of images or the number of classes open, it takes the
 *                 set's (onn_network_fit); is not changed
 * @param options  NULL: ONN_TRAIN_OPTIONS_INIT
 * @param dataset  lent until it returns
 * @param device   where it is computed
 * @return ONN_CANCELLED (progress said so; out can be resumed),
 *         ONN_ERROR_NUMERIC (a loss or weight is not finite: the text names the step; the last good
 *         checkpoint stays),
 *         ONN_ERROR_ARGUMENT (also: images or classes that the network does not take; nothing to
 *         train; out holds a run and resume is false; resume without a checkpoint; the checkpoint
 *         is of another network, training or data), ONN_ERROR_FILE, ONN_ERROR_FORMAT,
 *         ONN_ERROR_MEMORY, ONN_ERROR_DEVICE, ONN_ERROR_UNSUPPORTED
 */
ONN_API onn_status onn_train(onn_train_result *result, const onn_network *network,
    const onn_train_options *options, const onn_dataset *dataset, onn_device *device);
/** Frees what the result holds, not the structure itself. */
ONN_API void onn_train_result_clear(onn_train_result *result);

/** What a step of a training costs. */
typedef struct onn_train_cost {
	size_t weights;        /**< numbers that are learnt */
	double flops;          /**< floating-point operations, estimated */
	double traffic;        /**< bytes that its steps read and write */
	size_t plan_bytes;     /**< memory for what lies between steps, and for tables */
	size_t variable_bytes; /**< of weights and the optimizer's state */
} onn_train_cost;

/**
 * What a step costs, from the plan of one that is made and not run.
 *
 * @param cost     receives it
 * @param network  as onn_network_check wants it
 * @param options  its optimizer, limits and batch count
 * @param device   for which the plan is made
 * @return ONN_ERROR_ARGUMENT (network, options), and what onn_plan_create returns
 */
ONN_API onn_status onn_train_cost_of(onn_train_cost *cost, const onn_network *network,
    const onn_train_options *options, onn_device *device);

/** What config.json of a run folder says. */
typedef struct onn_train_config {
	onn_network *network;      /**< what is trained */
	onn_train_options options; /**< no callbacks; out, weights and resume are not set */
	char version[32];          /**< of the library */
	char dataset[4096];        /**< onn_dataset.name, or the path of its file */
	size_t height;             /**< of the set's images */
	size_t width;              /**< of the set's images */
	double scale;              /**< onn_dataset.scale: what full scale was in u8 images */
	double range[2];           /**< onn_dataset_range: what the images were within */
	size_t train_count;        /**< images to train on */
	size_t test_count;         /**< images to test on */
	char digest[65];    /**< SHA-256 of images and labels; "": a run that version 0.1.0 began */
	char device[128];   /**< onn_device_name */
	unsigned threads;   /**< of the host */
	size_t ranks;       /**< that trained it together */
	char weights[4096]; /**< onn_train_options.weights; "": drawn from the seed */
} onn_train_config;

/** Reads DIRECTORY/config.json; clear it with onn_train_config_clear. ONN_ERROR_FILE,
 * ONN_ERROR_FORMAT, ONN_ERROR_MEMORY: there is nothing to clear. */
ONN_API onn_status onn_train_config_load(onn_train_config *config, const char *directory);
/** The same of a config.json by its path. */
ONN_API onn_status onn_train_config_read(onn_train_config *config, const char *path);
/** Frees what it holds, not the structure itself. */
ONN_API void onn_train_config_clear(onn_train_config *config);

#ifdef __cplusplus
}
#endif

#endif
