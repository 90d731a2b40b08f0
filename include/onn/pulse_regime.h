/**
 * @file
 * Whether the rate model holds for a pulse: it is the limit of a polarisation that follows the
 * light at once, T2 short against the pulse's width, its rise and a Rabi period.
 */
#ifndef ONN_PULSE_REGIME_H
#define ONN_PULSE_REGIME_H

#include <onn/pulse_light.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A pulse against the times of the medium that it meets. */
typedef struct onn_pulse_regime {
	double t2_ratio; /**< width/T2; infinite where T2 is not known */
	double t1_ratio; /**< width/T1; 0 for a slow absorber */
	double area;     /**< of one pulse, in units of pi; NaN where T2 is not known */
	double bloch; /**< bleached fraction behind the pulse, thin medium, by Bloch's equations */
	double rate;  /**< the same by the rate model */
	double bloch_peak; /**< the largest on the way */
	double rate_peak;  /**< the same by the rate model */
	/** the largest difference of the two on the way, over the largest bleached fraction */
	double deviation;
	bool rate_holds; /**< deviation <= tolerance */
	char why[320];   /**< one sentence with the numbers, no line end */
} onn_pulse_regime;

/**
 * Sends a pulse through a thin medium by both models, in double on the host.
 *
 * @param regime     receives the answer
 * @param light      its shape, in the unit of t1 and t2
 * @param fluence    over Fsat, of the whole light; finite, >= 0
 * @param t1         > 0; INFINITY: a slow absorber
 * @param t2         >= 0; 0: not known, and so short that the rate model holds
 * @param detuning   (w0 - w)/(half linewidth)
 * @param tolerance  of the deviation, > 0
 * @return ONN_ERROR_ARGUMENT with what is out of its range; ONN_ERROR_MEMORY
 * @note   An inhomogeneous (Doppler) width does not help the rate model and does not count here.
 *         With T2 below 1/4000 of the time that the light takes, the deviation is that of a weak
 *         square pulse, T2/width, in place of the equations' result.
 * @see    docs/physics.md, where the rate model holds
 */
ONN_API onn_status onn_pulse_regime_of(onn_pulse_regime *regime, const onn_pulse_light *light,
    double fluence, double t1, double t2, double detuning, double tolerance);

#ifdef __cplusplus
}
#endif

#endif
