/**
 * @file
 * Experiments with pulses: what a list of pulses leaves of itself behind a medium, and what a weak
 * probe sees after each, all of them one batch on a device.
 *
 * Slots and cells are as many as a tolerance needs: the scheme is of second order in both, so that
 * a third of the difference to half as many is the error that is left.
 */
#ifndef ONN_PULSE_EXPERIMENT_H
#define ONN_PULSE_EXPERIMENT_H

#include <onn/device.h>
#include <onn/pulse.h>
#include <onn/pulse_light.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How the light is spread over the beam. */
typedef enum onn_pulse_profile {
	ONN_PULSE_FLAT, /**< evenly */
	/** exp(-2 r^2/w^2): twice the mean fluence on the axis, where the mean is energy/(pi w^2);
	 * every radius is a medium of its own */
	ONN_PULSE_GAUSSIAN_BEAM
} onn_pulse_profile;
/** The words of onn_pulse_profile, in its order. */
#define ONN_PULSE_PROFILE_WORDS "flat", "gaussian"
/** The word of a profile; "?" for a value that is none. */
ONN_API const char *onn_pulse_profile_name(onn_pulse_profile profile);
/** The profile of a word; false and untouched if there is none. */
ONN_API bool onn_pulse_profile_from_name(onn_pulse_profile *profile, const char *name);

/** A pulse and the medium that it meets. Times are in the unit of the experiment's. */
typedef struct onn_pulse_point {
	double fluence;  /**< over Fsat, the beam's mean; >= 0 */
	double width;    /**< of the light, as onn_pulse_light has it; > 0 */
	double depth;    /**< a0 on resonance; >= 0 */
	double t1;       /**< > 0; INFINITY: a slow absorber */
	double t2;       /**< > 0; Bloch model */
	double detuning; /**< (w0 - w)/(half linewidth) */
	double loss;     /**< depth of unsaturable loss, >= 0 */
	double
	    two_photon; /**< rate model: dI/dz = -two_photon I^2, I in Fsat a unit of time; >= 0 */
} onn_pulse_point;

/** How far an experiment is: told before each run of all points. */
typedef struct onn_pulse_progress {
	size_t slots;     /**< of the run that begins */
	size_t cells;     /**< of it */
	bool last;        /**< the one with the derivatives, which takes some four times as long */
	double error;     /**< that the runs so far leave; NaN: nothing is known yet */
	double tolerance; /**< that is aimed at */
} onn_pulse_progress;

/** What all points of an experiment have in common. */
typedef struct onn_pulse_experiment {
	size_t size;               /**< sizeof(onn_pulse_experiment) */
	onn_pulse_model model;     /**< rate or bloch */
	onn_pulse_profile profile; /**< of the beam */
	/** of fluence_out and probe, relative, in the Bloch model to at least 1e-6 of the
	 * light; 0: 1e-6, in the Bloch model 1e-4 */
	double tolerance;
	unsigned slots;   /**< of time; 0: as many as the tolerance needs */
	unsigned cells;   /**< along the medium; 0: as many as the tolerance needs */
	double doppler;   /**< as in onn_pulse_medium */
	unsigned classes; /**< as in onn_pulse_medium */
	double
	    probe_fraction; /**< a probe of that part of the pulse's fluence, and its shape, right
	                            behind it; 0: none */
	onn_pulse_light light; /**< its shape; the points have the width */
	/** called by onn_pulse_experiment_run; NULL: no one looks on */
	void (*progress)(const onn_pulse_progress *progress, void *user);
	void *user; /**< handed to it */
} onn_pulse_experiment;
/** A Gaussian pulse in a flat beam, rate model. */
#define ONN_PULSE_EXPERIMENT_INIT                                                                  \
	{                                                                                          \
		sizeof(onn_pulse_experiment), ONN_PULSE_RATE, ONN_PULSE_FLAT, 0, 0, 0, 0, 1, 0,    \
		    ONN_PULSE_LIGHT_INIT, NULL, NULL                                               \
	}
/** The table of onn_pulse_experiment: model, profile, tolerance, slots, cells, doppler, classes,
 * probe_fraction, and those of its light. Lent. */
ONN_API const onn_settings *onn_pulse_experiment_settings(void);

/** What a pulse left. Fluences are over Fsat, the beam's mean. */
typedef struct onn_pulse_outcome {
	double fluence_in;   /**< of the point */
	double fluence_out;  /**< behind the medium */
	double probe;        /**< transmission of a weak incoherent probe right behind the pulse */
	double derivative;   /**< d fluence_out/d fluence_in, exact */
	double transmission; /**< fluence_out/fluence_in; of no light, of weak light */
	double strong_probe; /**< transmission of the probe of probe_fraction; NaN: there is none */
	double bleached;  /**< largest bleached fraction on the way, at the entrance on the axis */
	double width_in;  /**< full width at half maximum of the power */
	double width_out; /**< the same behind the medium */
	double shift;     /**< by how much the mean time of the light is later behind the medium */
	double area;      /**< of one pulse on the axis, in units of pi; NaN: T2 is 0 */
	double deviation; /**< of the rate model from Bloch's, thin medium: onn_pulse_regime */
	double error;     /**< relative: of fluence_out, or of probe if that is larger */
	double start;     /**< when the first slot begins */
	double slot;      /**< how long a slot is */
} onn_pulse_outcome;

/** An experiment's results. */
typedef struct onn_pulse_results {
	size_t count;               /**< of points */
	size_t slots;               /**< as many as it took */
	size_t cells;               /**< as many as it took */
	double error;               /**< largest of the outcomes' */
	double tolerance;           /**< that was aimed at; in f32 at least 1e-4 */
	onn_pulse_outcome *outcome; /**< count of them */
	onn_array *light_in;        /**< f64 [count, slots]: fluence of each slot over Fsat */
	onn_array *light_out;       /**< the same behind the medium */
	onn_array *bleached;        /**< f64 [count, cells]: right behind the pulse, on the axis */
} onn_pulse_results;

/**
 * Sends each point's pulse through its medium.
 *
 * @param results     receives the results; the caller destroys them
 * @param device      runs it in f64, or in f32 where it lacks f64
 * @param experiment  what all points have in common
 * @param point       count points
 * @param count       how many, >= 1
 * @return ONN_ERROR_ARGUMENT: a setting or a point's number out of its range; ONN_ERROR_NUMERIC: a
 *         result that is not finite; ONN_ERROR_MEMORY, ONN_ERROR_DEVICE. A tolerance that the most
 *         slots and cells do not meet is no error: see results->error.
 */
ONN_API onn_status onn_pulse_experiment_run(onn_pulse_results **results, onn_device *device,
    const onn_pulse_experiment *experiment, const onn_pulse_point *point, size_t count);
/** Frees results. NULL is fine. */
ONN_API void onn_pulse_results_destroy(onn_pulse_results *results);

/** A second pulse of the same shape, as strong as one likes, that runs back through the medium. */
typedef struct onn_pulse_counter {
	double fluence; /**< over Fsat; >= 0 */
	double delay;   /**< by how much later it enters behind than the first does in front */
	double transit; /**< time that light takes through the medium; > 0 */
} onn_pulse_counter;

/** What two pulses that met left. */
typedef struct onn_pulse_collision {
	double forward;   /**< fluence of the first behind the medium, over Fsat */
	double backward;  /**< of the second in front of it */
	double error;     /**< relative, the larger of both */
	double tolerance; /**< that was aimed at; in f32 at least 1e-4 */
	size_t slots;     /**< of time */
	size_t cells;     /**< along the medium; light takes a slot for each */
} onn_pulse_collision;

/**
 * Sends a pulse and another one against it, and solves both together (onn_pulse_meet).
 *
 * @param out         receives what is left of each
 * @param device      runs it in f64, or in f32 where it lacks f64
 * @param experiment  its model, tolerance, classes and light; slots and cells follow from the
 *                    tolerance
 * @param point       the first pulse and the medium
 * @param counter     the second pulse
 * @return ONN_ERROR_ARGUMENT: a setting or number out of its range, also light that lasts too long
 *         for the transit; ONN_ERROR_UNSUPPORTED: a Gaussian profile, two-photon absorption;
 *         ONN_ERROR_NUMERIC, ONN_ERROR_MEMORY, ONN_ERROR_DEVICE. A tolerance that is not met is no
 *         error: see out->error.
 */
ONN_API onn_status onn_pulse_collide(onn_pulse_collision *out, onn_device *device,
    const onn_pulse_experiment *experiment, const onn_pulse_point *point,
    const onn_pulse_counter *counter);

/**
 * A weak probe: incoherent and short, or a copy of the pulse that is coherent with it.
 *
 * A copy runs back and writes a grating with the pulse where both are, of half a wavelength, that
 * sends light of the pulse into it. It has the pulse's shape, its delay is behind the pulse itself
 * (0: both are at the exit at once), and its transmission that of its energy. With constant light
 * that is T [(1 + s_in)/(1 + s_out)]^grating, T and s of the pulse: of full contrast the derivative
 * of the intensity behind by that in front. Rate model, resonant, atoms at rest, without two-photon
 * absorption.
 */
typedef struct onn_pulse_weak_probe {
	double delay; /**< behind the end of the pulse's last slot; below 0: while the pulse is on
	                      its way, or before it */
	double detuning; /**< (w0 - w)/(half linewidth) */
	bool counter;    /**< it is launched at the exit and runs back */
	double transit;  /**< of a probe that runs back: time that light needs through the medium */
	double grating;  /**< contrast of a copy's, 0 (none: an incoherent probe) to 1 */
	/** in which the atoms' motion washes a copy's grating out; 0: it lasts as long as the
	 * inversion does, T1 */
	double grating_time;
} onn_pulse_weak_probe;

/**
 * What weak probes see of pulses, each probe alone behind its pulse.
 *
 * @param transmission  receives [points, count] numbers, of the beam's energy
 * @param device        as for onn_pulse_experiment_run
 * @param experiment    as there; slots and cells as they stand, 0: 1024 and 64
 * @param point         the pulses, `points` of them
 * @param points        how many, >= 1
 * @param probe         [points, count]: those of each pulse
 * @param count         how many a pulse has
 * @return as onn_pulse_experiment_run, also for a delay that is not finite or a transit below 0;
 *         ONN_ERROR_UNSUPPORTED: a delay below 0 with classes of velocity, or of a probe that runs
 *         back through a medium with a transit time; a grating that goes with the pulse or in
 *         another case than it is there for
 */
ONN_API onn_status onn_pulse_probe_run(double *transmission, onn_device *device,
    const onn_pulse_experiment *experiment, const onn_pulse_point *point, size_t points,
    const onn_pulse_weak_probe *probe, size_t count);

/** The way of one pulse through its medium, on the axis of the beam. */
typedef struct onn_pulse_trace {
	size_t slots;        /**< as asked for */
	size_t cells;        /**< as asked for */
	double start;        /**< when the first slot begins */
	double slot;         /**< how long a slot is */
	onn_array *light;    /**< f64 [cells + 1, slots]: fluence of each slot over Fsat, before and
	                          behind each cell */
	onn_array *bleached; /**< f64 [cells, slots + 1]: bleached fraction of each cell before each
	                          slot and after the last */
} onn_pulse_trace;

/**
 * Follows a pulse cell by cell.
 *
 * @param trace       receives it; the caller destroys it
 * @param device      runs it
 * @param experiment  as for onn_pulse_experiment_run; slots and cells as they stand, 0: 256 and 32
 * @param point       the pulse
 * @return as onn_pulse_experiment_run
 */
ONN_API onn_status onn_pulse_trace_run(onn_pulse_trace **trace, onn_device *device,
    const onn_pulse_experiment *experiment, const onn_pulse_point *point);
/** Frees a trace. NULL is fine. */
ONN_API void onn_pulse_trace_destroy(onn_pulse_trace *trace);

#ifdef __cplusplus
}
#endif

#endif
