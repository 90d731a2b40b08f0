/**
 * @file
 * Compares a device with the reference, operation by operation, on the user's own machine.
 */
#ifndef ONN_SELFTEST_H
#define ONN_SELFTEST_H

#include <onn/device.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What came of a row. */
typedef enum onn_selftest_outcome {
	ONN_SELFTEST_PASSED, /**< the error is within the tolerance */
	ONN_SELFTEST_FAILED, /**< it is not, or the device failed */
	ONN_SELFTEST_SKIPPED /**< the device lacks the type, or has no form of the operation */
} onn_selftest_outcome;

/** One operation with one element type. */
typedef struct onn_selftest_row {
	const char *name;             /**< operation: "exp", "matmul" */
	onn_type type;                /**< of its elements */
	onn_selftest_outcome outcome; /**< what came of it */
	double error;                 /**< the worst over all shapes, relative; 0 where skipped */
	double tolerance; /**< what error may be; 0 for operations that only move elements */
	const char *text; /**< where the worst was, why it failed or was skipped; never NULL */
} onn_selftest_row;

/** Called after each row, which is lent for the length of the call; false cancels the rest. */
typedef bool (*onn_selftest_callback)(const onn_selftest_row *row, void *user);

/**
 * Runs every operation with every type and several shapes on a device and on the reference, with
 * equal inputs, and compares the results. An operation that fails on the device is a failed row.
 *
 * @param failed    receives the number of rows that failed; may be NULL
 * @param device    to be compared
 * @param callback  may be NULL
 * @param user      is passed to it
 * @return ONN_OK also where rows failed; ONN_ERROR_ARGUMENT, ONN_ERROR_MEMORY, ONN_CANCELLED
 */
ONN_API onn_status onn_selftest(
    size_t *failed, onn_device *device, onn_selftest_callback callback, void *user);

/** One work of real size with one element type. */
typedef struct onn_selftest_work {
	const char *name;             /**< "product 640 x 640 x 640" */
	onn_type type;                /**< of its elements */
	onn_selftest_outcome outcome; /**< what came of it */
	double error;     /**< largest difference over the largest number; 0 where skipped */
	double tolerance; /**< what error may be */
	double first;   /**< seconds until the first run was done: compiling, trials of libraries */
	double seconds; /**< of a run, the median of some; 0 where it failed */
	double flops;   /**< floating-point operations of a run, estimated */
	double bytes;   /**< that its steps read and write, estimated */
	const char *text; /**< why it failed or was skipped; never NULL */
} onn_selftest_work;

/** Called after each work, which is lent for the length of the call; false cancels the rest. */
typedef bool (*onn_selftest_work_callback)(const onn_selftest_work *work, void *user);

/**
 * Runs works of real size on a device and on device c with equal inputs, compares the results and
 * times them: products, filters of fields, sums, an absorber, convolutions, a perceptron's and
 * phase plates' gradients.
 *
 * @param failed    receives the number of works that failed; may be NULL
 * @param device    to be compared
 * @param callback  may be NULL
 * @param user      is passed to it
 * @return ONN_OK also where works failed; ONN_ERROR_ARGUMENT, ONN_ERROR_MEMORY, ONN_CANCELLED
 */
ONN_API onn_status onn_selftest_works(
    size_t *failed, onn_device *device, onn_selftest_work_callback callback, void *user);

#ifdef __cplusplus
}
#endif

#endif
