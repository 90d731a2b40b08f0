/**
 * @file
 * Labelled images: MNIST and its kin, the UCI digits, a user's own.
 */
#ifndef ONN_DATASET_H
#define ONN_DATASET_H

#include <stdint.h>

#include <onn/array.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * A training and a test set in the host's memory. Images are u8 [count, height, width] whose full
 * scale is `scale` (255 for IDX files, 16 for the digits), or f32 as they stand in a user's file
 * (scale 1), of which onn_dataset_range tells whether 1 is white. Labels are i32 [count], each in 0
 * ... classes-1.
 */
typedef struct onn_dataset {
	char name[64];      /**< as it was asked for; of a file its own, without folders */
	onn_array *train_x; /**< images to train with */
	onn_array *train_y; /**< their labels */
	onn_array *test_x;  /**< images to test with */
	onn_array *test_y;  /**< their labels */
	size_t height;      /**< of an image, pixels */
	size_t width;       /**< of an image, pixels */
	size_t classes;     /**< labels are 0 ... classes-1 */
	double scale; /**< pixel / scale is in [0, 1], but for floats: see onn_dataset_range */
} onn_dataset;

/** A published set that onn_dataset_load knows by name; the texts live as long as the program. */
typedef struct onn_dataset_info {
	const char *name;    /**< what onn_dataset_load takes: "mnist" */
	const char *title;   /**< as its publishers write it: "MNIST" */
	size_t classes;      /**< labels are 0 ... classes-1 */
	size_t train;        /**< images to train with */
	size_t test;         /**< images to test with */
	const char *page;    /**< where its files come from */
	const char *licence; /**< in the words of that page */
} onn_dataset_info;

/** The i-th of the sets that are known, the digits that come with the library first; NULL past the
 * last. */
ONN_API const onn_dataset_info *onn_dataset_known(size_t i);

/**
 * Loads a set by name: one that onn_dataset_known lists, such as "digits" or "mnist", or the path
 * of a FILE.npz with x, y and, if it likes, x_test, y_test.
 *
 * Files are looked for in directory/NAME, directory, then ONN_DATA_DIR/NAME and ONN_DATA_DIR, then
 * the folders where Debian's packages put them; plain or .gz. MNIST and others after it have equal
 * file names: a folder whose training labels are those published for another of them is passed
 * over. The digits come with the library and need no directory. Sets without a test part ("digits",
 * an .npz with x and y only) are split 80/20 by a permutation drawn from seed; for the others seed
 * does nothing.
 *
 * In an .npz x is u8 (full scale 255, or 1 where no element is above 1), f32 or f64, of shape
 * [n, height, width] or [n, features]; features that make a square become one. y is [n], whole
 * numbers from 0.
 *
 * @param dataset    receives the set; the caller destroys it
 * @param name       as above
 * @param directory  a folder of data sets or of one's files; may be NULL
 * @param seed       of the split, where the set has no test part
 * @return ONN_ERROR_FILE (the text says which files, from which project's page, into which folder),
 *         ONN_ERROR_FORMAT (truncated, corrupt, mismatched), ONN_ERROR_ARGUMENT (an unknown name:
 *         the text has the nearest known one), ONN_ERROR_MEMORY
 */
ONN_API onn_status onn_dataset_load(
    onn_dataset **dataset, const char *name, const char *directory, uint64_t seed);
/** Where a set's files are. */
typedef struct onn_dataset_place {
	char folder[4096];  /**< that has them, of the digits the file; "": they are not there */
	char looked[16384]; /**< the folders that are looked in, in order, a line each */
} onn_dataset_place;

/**
 * Looks for a known set's files as onn_dataset_load does, and reads none of its images.
 *
 * @param place      receives where they are, and where they were looked for, also on failure
 * @param i          of onn_dataset_known
 * @param directory  as in onn_dataset_load
 * @return ONN_ERROR_FILE (the text says which files are missing, and from which page they come),
 *         ONN_ERROR_ARGUMENT (there is no such set)
 */
ONN_API onn_status onn_dataset_find(onn_dataset_place *place, size_t i, const char *directory);
/**
 * What all images are within, over `scale`: 0 and 1, or the least and largest number of a file of
 * floats that go beyond. Those do not say what white is: only floats like them mean the same.
 *
 * @param range    receives the two
 * @param dataset  a set with its images
 */
ONN_API void onn_dataset_range(double range[2], const onn_dataset *dataset);
/** Frees a set and its arrays. NULL is fine. */
ONN_API void onn_dataset_destroy(onn_dataset *dataset);

#ifdef __cplusplus
}
#endif

#endif
