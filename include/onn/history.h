/**
 * @file
 * What a run has come to so far: the numbers of metrics.csv in the folder of a training or a
 * design, a row for each epoch or step that is done.
 */
#ifndef ONN_HISTORY_H
#define ONN_HISTORY_H

#include <onn/array.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a run is. */
typedef enum onn_run_kind {
	ONN_RUN_TRAINING, /**< of onn_train; of one seed */
	ONN_RUN_DESIGN    /**< of onn_designer_run */
} onn_run_kind;

/** The columns of a training's history. */
typedef enum onn_training_column {
	ONN_TRAINING_EPOCH,     /**< from 1 */
	ONN_TRAINING_LOSS,      /**< mean over the epoch's batches */
	ONN_TRAINING_SELECTION, /**< accuracy on the selection half of the test set, a fraction */
	ONN_TRAINING_REPORT,    /**< on the report half */
	ONN_TRAINING_SECONDS,   /**< of the epoch's steps */
	ONN_TRAINING_COLUMNS    /**< how many there are */
} onn_training_column;

/** The columns of a design's history. */
typedef enum onn_design_column {
	ONN_DESIGN_STEP,   /**< from 1 */
	ONN_DESIGN_LOSS,   /**< after it */
	ONN_DESIGN_COLUMNS /**< how many there are */
} onn_design_column;

/**
 * Reads the history of a run, also of one that is still going on.
 *
 * @param history  receives f64 [rows, ONN_TRAINING_COLUMNS or ONN_DESIGN_COLUMNS], NaN where a
 *                 number is not known; the caller destroys it
 * @param kind     receives what the run is
 * @param folder   of the run; of several seeds one of its folders seed-N
 * @return ONN_ERROR_FILE: there is no metrics.csv; ONN_ERROR_FORMAT: it is that of no run, with the
 *         line; ONN_ERROR_MEMORY
 */
ONN_API onn_status onn_run_history_load(
    onn_array **history, onn_run_kind *kind, const char *folder);

#ifdef __cplusplus
}
#endif

#endif
