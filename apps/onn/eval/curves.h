/*
 * Accuracy against the size of an error: curves over lists of values, as text, CSV and figure.
 */
#ifndef ONN_APPS_EVAL_CURVES_H
#define ONN_APPS_EVAL_CURVES_H

#include <onn/model.h>

#include "command.h"
#include "core/sha256.h"

/* Errors that may be lists. */
typedef enum curve_error {
	CURVE_WEIGHTS,
	CURVE_ACTIVATIONS,
	CURVE_PHASES,
	CURVE_BITS,
	CURVE_SHIFTS,
	CURVE_PHOTONS,
	CURVE_PRODUCTS,
	CURVE_ERRORS
} curve_error;

typedef struct curve_point {
	curve_error error;
	double value, mean, deviation; /* of the accuracy over the copies */
} curve_point;

typedef struct curves {
	number_list list[CURVE_ERRORS]; /* as given; none, one number or several */
	const char *csv, *plot;         /* NULL: none */
	size_t count;
	curve_point *point;
} curves;

/* "weight-noise": the option, and, with _ for -, the setting and the CSV's word. */
extern const char *const curve_name[CURVE_ERRORS];

/* Sets single numbers in what damages the network; a status 2 and its text where one is out of its
 * range, or there is nothing to draw a curve of. */
int curves_take(const curves *c, onn_evaluate_options *damage);
/* Whether some error is a list. */
bool curves_are_there(const curves *c);
/* A value of an error's list among the options. */
void curves_set(onn_evaluate_options *damage, curve_error error, double value);
/* Lists the points, whose numbers are to be filled; an exit status. */
int curves_list(curves *c);
/* A digest of a run's weights; false: they cannot be read. */
bool curves_digest(char text[ONN_SHA256_TEXT], const char *run);
/* Writes what was asked for; folder: curves.csv and curves.png there, too, NULL: none. An exit
 * status. */
int curves_finish(const curves *c, double sound, size_t copies, const char *folder);
void curves_clear(curves *c);

#endif
