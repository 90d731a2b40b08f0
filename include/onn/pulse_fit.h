/**
 * @file
 * What a saturable absorber is, from measurements: transmission (or reflectivity) against fluence,
 * or a pump-probe trace, by least squares with exact derivatives.
 *
 * The model is the slow absorber's, for pulses that are short against T1:
 *
 *     T(F) = e^-b ln[1 + e^-a (e^S - 1)]/S e^(-F/F2),  S = F/Fsat
 *     T_probe(delay) = e^(-b - a + (a - A) x),  x = e^(-delay/T1),  A = ln[1 + e^-S (e^a - 1)]
 *
 * with a saturable depth a and an unsaturable one b. Of a Gaussian beam each is the mean over its
 * energy, (1/(2F)) times the integral over fluences from 0 to 2 F, F the mean fluence.
 *
 * @see Haiml, Grange, Keller, Appl. Phys. B 79, 331 (2004): Rns = e^-b, Rlin = e^-(a+b)
 */
#ifndef ONN_PULSE_FIT_H
#define ONN_PULSE_FIT_H

#include <math.h>

#include <onn/pulse_experiment.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What was measured. */
typedef enum onn_pulse_data {
	ONN_PULSE_DATA_FLUENCE, /**< transmission against fluence, in the unit of Fsat */
	ONN_PULSE_DATA_DELAY    /**< a weak probe's transmission against its delay, >= 0 */
} onn_pulse_data;
/** The words of onn_pulse_data, in its order. */
#define ONN_PULSE_DATA_WORDS "fluence", "delay"

/** What an absorber is told by. */
typedef enum onn_pulse_parameter_of_fit {
	ONN_PULSE_FIT_FSAT,    /**< fluence: in the unit of the data; > 0 */
	ONN_PULSE_FIT_DEPTH,   /**< both: a */
	ONN_PULSE_FIT_LOSS,    /**< both: b */
	ONN_PULSE_FIT_F2,      /**< fluence: of two-photon absorption; INFINITY: none */
	ONN_PULSE_FIT_T1,      /**< delay: in the unit of the data; > 0 */
	ONN_PULSE_FIT_FLUENCE, /**< delay: S of the pump; > 0 */
	ONN_PULSE_FIT_COUNT    /**< how many there are */
} onn_pulse_parameter_of_fit;
/** The words of onn_pulse_parameter_of_fit, in its order. */
#define ONN_PULSE_FIT_WORDS "fsat", "depth", "loss", "f2", "t1", "fluence"

/** How to fit. */
typedef struct onn_pulse_fit {
	size_t size;               /**< sizeof(onn_pulse_fit) */
	onn_pulse_data data;       /**< what was measured */
	onn_pulse_profile profile; /**< of the beam */
	/** NaN: guessed from the data. The pump's fluence cannot be. */
	double start[ONN_PULSE_FIT_COUNT];
	/** kept as `start` has it; those that the data do not have are anyway */
	bool fixed[ONN_PULSE_FIT_COUNT];
} onn_pulse_fit;
/** Transmission against fluence, a flat beam, all guessed; a pump's fluence is kept. */
#define ONN_PULSE_FIT_INIT                                                                         \
	{                                                                                          \
		sizeof(onn_pulse_fit), ONN_PULSE_DATA_FLUENCE, ONN_PULSE_FLAT,                     \
		    {NAN, NAN, NAN, NAN, NAN, NAN},                                                \
		{                                                                                  \
			false, false, false, false, false, true                                    \
		}                                                                                  \
	}

/** What was found. */
typedef struct onn_pulse_fitted {
	double value[ONN_PULSE_FIT_COUNT]; /**< F2 is INFINITY where the data show none */
	double error[ONN_PULSE_FIT_COUNT]; /**< standard errors; 0 of what was fixed */
	bool free[ONN_PULSE_FIT_COUNT];    /**< was it fitted? */
	/** of the errors of those that are free; of F2 that of 1/F2 */
	double correlation[ONN_PULSE_FIT_COUNT][ONN_PULSE_FIT_COUNT];
	double modulation;       /**< e^-b (1 - e^-a): the modulation depth, Rns - Rlin */
	double modulation_error; /**< its standard error, correlations counted */
	double lost;             /**< 1 - e^-b: the unsaturable loss, 1 - Rns */
	double lost_error;       /**< its standard error */
	double f2_least;         /**< F2 is above this, with two standard errors */
	double chi2;             /**< sum of squares over sigma^2; without sigma, over 1 */
	double noise;            /**< standard deviation of a point; with sigma, over sigma */
	size_t points;           /**< how many were measured */
	size_t parameters;       /**< how many were fitted */
} onn_pulse_fitted;

/**
 * Fits the model to points.
 *
 * @param fitted  receives the answer
 * @param fit     how; read at once
 * @param x       fluences > 0, or delays >= 0: count of them
 * @param y       transmissions > 0: count of them
 * @param sigma   standard deviation of each y, > 0; NULL: all are alike, and it is taken from the
 *                residuals
 * @param count   more than there are parameters to fit
 * @return ONN_ERROR_ARGUMENT: points or starts out of range, too few; ONN_ERROR_NUMERIC: the data
 *         do not tell two parameters apart, or one does nothing to them, by name; no least squares
 *         found
 */
ONN_API onn_status onn_pulse_fit_run(onn_pulse_fitted *fitted, const onn_pulse_fit *fit,
    const double *x, const double *y, const double *sigma, size_t count);

/**
 * The model's values.
 *
 * @param y      receives count of them
 * @param fit    data and profile count
 * @param value  ONN_PULSE_FIT_COUNT numbers, as of onn_pulse_fitted
 * @param x      fluences or delays
 * @param count  how many
 * @return ONN_ERROR_ARGUMENT: fit, x or a value out of range
 */
ONN_API onn_status onn_pulse_fit_model(
    double *y, const onn_pulse_fit *fit, const double *value, const double *x, size_t count);

#ifdef __cplusplus
}
#endif

#endif
