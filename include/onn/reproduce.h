/**
 * @file
 * Published results, repeated: what is trained, what is measured of it, and what was published.
 *
 * A study is a table: series (rows of a legend) against an axis x, a number for each seed in every
 * cell. It is a JSON text, of which docs/reproducing.md tells the members; the built-in ones are
 * such texts, and a user's own is another.
 *
 * Each cell names a network, a training and a measurement. Cells that need the same training share
 * it, within a study and among all that run in one folder.
 */
#ifndef ONN_REPRODUCE_H
#define ONN_REPRODUCE_H

#include <onn/trainer.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A result to repeat. */
typedef struct onn_study onn_study;

/** The name of built-in study i, from 0, lent; NULL beyond the last. */
ONN_API const char *onn_study_known(size_t i);
/** A built-in study; the caller destroys it. ONN_ERROR_ARGUMENT: no such name, with the nearest;
 * ONN_ERROR_MEMORY. */
ONN_API onn_status onn_study_open(onn_study **study, const char *name);
/**
 * A study of one's own.
 *
 * @param study  receives it; the caller destroys it
 * @param json   its text
 * @return ONN_ERROR_FORMAT: not JSON, a member that there is not or of another kind, a path that
 *         leads nowhere, a cell whose network, training or measurement is wrong: the text names
 *         series and x; ONN_ERROR_MEMORY
 */
ONN_API onn_status onn_study_from_json(onn_study **study, const char *json);
/** The same of a file. ONN_ERROR_FILE too. */
ONN_API onn_status onn_study_load(onn_study **study, const char *path);
/** NULL is fine. */
ONN_API void onn_study_destroy(onn_study *study);
/** Its text, for a person to change; free it with onn_free. NULL: no memory. */
ONN_API char *onn_study_to_json(const onn_study *study);

/** What a study says of itself; the texts are lent, "" where it is silent. */
typedef struct onn_study_info {
	const char *name;      /**< of its folder */
	const char *title;     /**< what it repeats */
	const char *source;    /**< where that was published */
	const char *published; /**< what was published, in a few words */
	const char *note;      /**< what is assumed, what differs from the source */
	const char *quick;     /**< in what its quick form falls short */
	const char *x_label;   /**< of the axis; "" without one */
	const char *y_label;   /**< of what is measured */
	bool x_log;            /**< draw x on a logarithmic axis */
	bool y_log;            /**< the same of y */
	bool percent;          /**< values are fractions, to be shown in per cent */
	bool words;            /**< x are words, not numbers */
	size_t series;         /**< how many */
	size_t points;         /**< on the axis; 0 without one */
} onn_study_info;

/** What the study says of itself. */
ONN_API onn_study_info onn_study_about(const onn_study *study);
/** The name of a series, from 0, lent; NULL for one that is not there. */
ONN_API const char *onn_study_series(const onn_study *study, size_t i);

/** A cell of a table. */
typedef struct onn_study_cell {
	size_t series;    /**< which, from 0 */
	size_t point;     /**< which on the axis, from 0 */
	bool flat;        /**< it is the only one of its series, and has no x */
	char text[40];    /**< its x, "" without */
	double x;         /**< where it is drawn; of words `point`; NaN without */
	double published; /**< NaN: nothing was */
	size_t count;     /**< seeds */
	double *value;    /**< of each seed; NaN: there is none */
	char (*run)[32]; /**< of each seed: its run's folder within OUT/jobs; "": none is trained */
	size_t measured; /**< of the values, those that are there */
	double mean;     /**< of them; NaN: there is none */
	double deviation; /**< as of a sample; NaN for less than two */
	/** (mean - published)/deviation; NaN without one of these */
	double difference;
} onn_study_cell;

/** What a study came to. */
typedef struct onn_study_table {
	const onn_study *study; /**< lent */
	bool quick;             /**< in its quick form */
	size_t count;           /**< cells */
	onn_study_cell *cell;   /**< series by series */
	size_t missing;         /**< values that could not be had */
	const char *reason;     /**< why the first of them could not; "" where none is missing */
} onn_study_table;

/** Where a reproduction stands. */
typedef struct onn_reproduce_progress {
	size_t study;             /**< which, from 0 */
	const char *name;         /**< the study's */
	size_t job;               /**< trainings that are done, of all studies */
	size_t jobs;              /**< trainings in all */
	onn_train_progress train; /**< of a training at hand; all 0 where none is */
	double done;              /**< part of the work, 0 to 1 */
	double left;              /**< seconds to come, estimated */
	size_t running;           /**< trainings at hand */
} onn_reproduce_progress;

/** How studies are repeated. */
typedef struct onn_reproduce_options {
	size_t size;          /**< sizeof(onn_reproduce_options) */
	bool quick;           /**< in their quick form */
	size_t seeds;         /**< 0: as many as each study says */
	const char *out;      /**< folder, made if need be: trainings are kept in out/jobs */
	const char *data_dir; /**< where data sets are; NULL: as onn_dataset_load finds them */

	void *user; /**< first argument of the callbacks, each of which may be NULL */
	/** Some times a second, by the thread that called, as all callbacks are. True: save what
	 * is at hand, return ONN_CANCELLED. */
	bool (*progress)(void *user, const onn_reproduce_progress *progress);
	/** A study is done; its table lives until the callback returns. True: go on; else
	 * ONN_CANCELLED. */
	bool (*table)(void *user, size_t study, const onn_study_table *table);
	/** A line for a person, without newline: what failed, what goes on. */
	void (*log)(void *user, const char *line);
	/** Trainings and measurements at once, each on a device of its own with its share of the
	 * device's threads; 0: on "c" as many as there are threads, work and memory for, else 1.
	 * Tables do not depend on it. */
	size_t jobs;
	/** NULL, or the ranks that share out the trainings, each on its own device and with the
	 * same out; those of a study's equal trainings go to one rank. Then rank 0 makes the tables
	 * of what is kept, and does itself what is missing; the others' callbacks hear of nothing
	 * but progress. Tables are those of one rank. */
	const onn_group *group;
} onn_reproduce_options;

/** In full, seeds as the studies say. */
#define ONN_REPRODUCE_OPTIONS_INIT                                                                 \
	{                                                                                          \
		sizeof(onn_reproduce_options), false, 0, NULL, NULL, NULL, NULL, NULL, NULL, 0,    \
		    NULL                                                                           \
	}

/**
 * How long a study takes here, trainings and measurements, by some steps of its first network.
 *
 * @param seconds  receives the estimate
 * @param study    which
 * @param options  quick, seeds, jobs and data_dir count; NULL: ONN_REPRODUCE_OPTIONS_INIT
 * @param device   on which it would run
 * @return what onn_train returns, and onn_dataset_load for data whose size is not known before
 */
ONN_API onn_status onn_study_forecast(double *seconds, const onn_study *study,
    const onn_reproduce_options *options, onn_device *device);

/**
 * Repeats studies: their tables come one after another, their trainings may be side by side.
 *
 * What is trained and measured is kept: a reproduction that was ended at any moment goes on where
 * it was, and ends with the same numbers. A training or measurement that fails, such as one whose
 * data set is not there, leaves a gap in its table, and the others go on.
 *
 * @param study    count of them
 * @param count    how many
 * @param options  out is needed
 * @param device   where it is computed
 * @return ONN_CANCELLED; ONN_ERROR_FILE: the folder cannot be made, or another reproduction has it;
 *         ONN_ERROR_ARGUMENT: options; ONN_ERROR_MEMORY
 */
ONN_API onn_status onn_reproduce(const onn_study *const *study, size_t count,
    const onn_reproduce_options *options, onn_device *device);

#ifdef __cplusplus
}
#endif

#endif
