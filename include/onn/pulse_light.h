/**
 * @file
 * Pulses of light in time: their shapes, as what is needed to send them through a medium.
 *
 * A shape says when a pulse's light comes; how much of it there is, its fluence, is told apart. The
 * middle of a Gaussian or sech pulse and of a square one is at time 0; exponential and constant
 * light is switched on there. Times are in any one unit.
 */
#ifndef ONN_PULSE_LIGHT_H
#define ONN_PULSE_LIGHT_H

#include <onn/array.h>
#include <onn/settings.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How the intensity goes with time. `width` is its full width at half maximum. */
typedef enum onn_pulse_shape {
	ONN_PULSE_CW,          /**< constant, but for `rise`, for a time `width` from 0 on */
	ONN_PULSE_GAUSSIAN,    /**< exp(-4 ln2 t^2/width^2) */
	ONN_PULSE_SQUARE,      /**< constant from -width/2 to width/2 */
	ONN_PULSE_SECH,        /**< sech^2(1.7627 t/width): the field is a sech */
	ONN_PULSE_EXPONENTIAL, /**< 2^(-t/width) from 0 on */
	ONN_PULSE_DOUBLE,      /**< two Gaussian pulses of half the fluence, `separation` apart */
	ONN_PULSE_TRAIN, /**< `pulses` Gaussian ones, `separation` apart, which share the fluence */
	ONN_PULSE_SAMPLES /**< powers at some times, straight lines between */
} onn_pulse_shape;
/** The words of onn_pulse_shape, in its order. */
#define ONN_PULSE_SHAPE_WORDS                                                                      \
	"cw", "gaussian", "square", "sech", "exponential", "double", "train", "file"
/** The word of a shape; "?" for a value that is none. */
ONN_API const char *onn_pulse_shape_name(onn_pulse_shape shape);
/** The shape of a word; false and untouched if there is none. */
ONN_API bool onn_pulse_shape_from_name(onn_pulse_shape *shape, const char *name);

/** A shape with its times. */
typedef struct onn_pulse_light {
	size_t size;           /**< sizeof(onn_pulse_light) */
	onn_pulse_shape shape; /**< how the intensity goes with time */
	double width;          /**< of a pulse, > 0; does not count for samples */
	double separation;     /**< double, train: from pulse to pulse, > 0 */
	unsigned pulses;       /**< train: how many, >= 1 */
	size_t count;          /**< samples: how many, >= 2 */
	const double *time;    /**< samples: rising; lent */
	const double *power;   /**< samples: >= 0 in any unit, not all 0; lent */
	double rise; /**< cw: the power rises in a straight line for so long; 0 to width */
} onn_pulse_light;
/** A Gaussian pulse of width 1; trains of 5 pulses. */
#define ONN_PULSE_LIGHT_INIT                                                                       \
	{                                                                                          \
		sizeof(onn_pulse_light), ONN_PULSE_GAUSSIAN, 1, 0, 5, 0, NULL, NULL, 0             \
	}
/** The table of onn_pulse_light: shape, width, separation, pulses, rise, but no samples. Lent. */
ONN_API const onn_settings *onn_pulse_light_settings(void);
/** ONN_OK, or ONN_ERROR_ARGUMENT with what is out of its range: also samples that do not rise in
 * time, are below 0, or are all 0. */
ONN_API onn_status onn_pulse_light_check(const onn_pulse_light *light);

/**
 * From when to when there is light.
 *
 * @param window  receives the two times
 * @param light   a shape
 * @param tail    the part of a pulse's fluence that may be left out on each side; (0, 0.5)
 * @return ONN_ERROR_ARGUMENT: the light, the tail
 */
ONN_API onn_status onn_pulse_light_window(
    double window[2], const onn_pulse_light *light, double tail);

/**
 * How a pulse's fluence is shared among slots of equal duration: integrals in closed form, right to
 * rounding also in the tails. What comes before the window counts for the first slot, what comes
 * behind it for the last, so that the shares sum to 1.
 *
 * @param share   receives `slots` numbers
 * @param light   a shape
 * @param window  when the first slot begins and the last one ends
 * @param slots   how many, >= 1
 * @return ONN_ERROR_ARGUMENT: the light, a window without duration, no slots
 */
ONN_API onn_status onn_pulse_light_shares(
    double *share, const onn_pulse_light *light, const double window[2], size_t slots);

/** The largest intensity of light of fluence 1, over a unit of time; NaN with an error's text for
 * light that onn_pulse_light_check refuses. Overlapping pulses count as apart. */
ONN_API double onn_pulse_light_peak(const onn_pulse_light *light);
/** The duration of one pulse as two-photon absorption sees it: F^2/(integral of I^2), so that a
 * thin medium takes the part F/F2 of it where F2 = duration/two_photon. NaN as of
 * onn_pulse_light_peak. */
ONN_API double onn_pulse_light_duration(const onn_pulse_light *light);

/**
 * Reads numbers in columns: lines of text with commas, blanks, tabs or semicolons between the
 * numbers; where semicolons or tabs part them, a comma is a decimal one. Empty lines, lines that
 * begin with #, and a first line of words are passed over.
 *
 * @param table    receives f64 [rows, columns]; the caller destroys it
 * @param path     the file
 * @param columns  at least so many; all rows have as many as the first
 * @return ONN_ERROR_FILE; ONN_ERROR_FORMAT with the line that is none; ONN_ERROR_MEMORY
 */
ONN_API onn_status onn_pulse_table_load(onn_array **table, const char *path, size_t columns);

#ifdef __cplusplus
}
#endif

#endif
