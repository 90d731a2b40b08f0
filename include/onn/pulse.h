/**
 * @file
 * Pulses in time: a two-level absorber with a memory, through which light runs slot by slot.
 *
 * A medium is cut into cells and a pulse into slots of equal duration, in the frame that travels
 * with the light. Two models share one interface:
 *
 *     rate    dI/dz = -a (1-q) I             dq/dt = (1-q) I/Fsat - q/T1
 *     Bloch   dp/dt = -(1 + i Delta) p/T2 + W w     dw/dt = -(1+w)/T1 - Re(conj(W) p)
 *             dW/dz = (a/(2 T2)) p
 *
 * q is the fraction of the absorption that is bleached, p the polarisation, w the inversion (-1 at
 * rest, q = 1 + w), a the optical depth over the whole medium, z from 0 to 1.
 *
 * Light of the rate model is a real number a slot: its fluence over Fsat, Fsat = Isat T1. Light of
 * the Bloch model is complex: the Rabi frequency W in the middle of the slot; |W|^2 T2 slot is the
 * slot's fluence over Fsat. Times are in any one unit.
 *
 * The rate model holds where T2 is far below the pulse's duration, its rise and 1/|W|.
 *
 * Everything here builds nodes. A batch is one pulse a row, and each row may have parameters of its
 * own; all is differentiable once, in light, state and parameters.
 *
 * @see docs/physics.md; Frantz, Nodvik, J. Appl. Phys. 34, 2346 (1963)
 */
#ifndef ONN_PULSE_H
#define ONN_PULSE_H

#include <onn/graph.h>
#include <onn/saturable.h>
#include <onn/settings.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What the light does to the atoms. */
typedef enum onn_pulse_model {
	ONN_PULSE_RATE, /**< populations: rate equations */
	ONN_PULSE_BLOCH /**< populations and polarisation: optical Bloch equations */
} onn_pulse_model;
/** The words of onn_pulse_model, in its order. */
#define ONN_PULSE_MODEL_WORDS "rate", "bloch"

/** A two-level absorber in time. */
typedef struct onn_pulse_medium {
	size_t size;           /**< sizeof(onn_pulse_medium) */
	onn_pulse_model model; /**< rate or bloch */
	/** Slices along the medium; >= 1. In the rate model without loss, two-photon absorption and
	 * classes their number changes nothing in the light behind: one is enough where no state
	 * and no record is looked at. Elsewhere the error falls with its square. */
	unsigned cells;
	/** a: optical depth on resonance for a weak beam's intensity; >= 0. By name it is "od" */
	double depth;
	double t1; /**< time in which the inversion relaxes; > 0; INFINITY: the slow absorber */
	double t2; /**< time in which the polarisation does; > 0; Bloch only */
	double detuning; /**< (w0 - w)/(half linewidth) */
	double loss;     /**< depth of unsaturable loss in the same medium; >= 0 */
	/** two-photon absorption: dI/dz = -two_photon I^2, I in Fsat per unit of time; >= 0; rate
	 * only */
	double two_photon;
	/** spread of the detunings of moving atoms: their density is exp(-(x/doppler)^2), in half
	 * linewidths; 0: they are at rest */
	double doppler;
	unsigned classes; /**< classes of velocity, odd; 1: atoms at rest */
	/** beams that meet: time that light takes through the medium; 0: what cells and slots make
	 * it */
	double transit;
} onn_pulse_medium;

/** Rate, 32 cells, depth 1, T1 1, T2 2; resonant, at rest, without loss. */
#define ONN_PULSE_MEDIUM_INIT                                                                      \
	{                                                                                          \
		sizeof(onn_pulse_medium), ONN_PULSE_RATE, 32, 1, 1, 2, 0, 0, 0, 0, 1, 0            \
	}

/** Nodes in place of a medium's numbers; the null node: the number. Real; a scalar or [batch,
 * 1]. */
typedef struct onn_pulse_nodes {
	size_t size;         /**< sizeof(onn_pulse_nodes) */
	onn_node slot;       /**< duration of a slot; > 0 */
	onn_node depth;      /**< onn_pulse_medium.depth */
	onn_node t1;         /**< onn_pulse_medium.t1 */
	onn_node t2;         /**< onn_pulse_medium.t2 */
	onn_node detuning;   /**< onn_pulse_medium.detuning */
	onn_node loss;       /**< onn_pulse_medium.loss */
	onn_node two_photon; /**< onn_pulse_medium.two_photon */
} onn_pulse_nodes;

/** No nodes: all is as the medium says. */
#define ONN_PULSE_NODES_INIT                                                                       \
	{                                                                                          \
		sizeof(onn_pulse_nodes), {0}, {0}, {0}, {0}, {0}, {0}, { 0 }                       \
	}

/** What a pulse leaves. */
typedef struct onn_pulse_passage {
	onn_node light; /**< behind the medium: [batch, slots]; complex in the Bloch model */
	/** of the medium afterwards, [batch, ...]: for onn_pulse_pass, onn_pulse_wait and the
	 * others */
	onn_node state;
	/** the bleached fraction of each cell before each slot and after the last, [batch, slots +
	 * 1, cells]; the null node where it was not asked for */
	onn_node record;
} onn_pulse_passage;

/** The word of a model; "?" for a value that is none. */
ONN_API const char *onn_pulse_model_name(onn_pulse_model model);
/** The model of a word; false and untouched if there is none. */
ONN_API bool onn_pulse_model_from_name(onn_pulse_model *model, const char *name);

/** The table of onn_pulse_medium: model, cells, od, t1, t2, detuning, loss, two_photon, doppler,
 * classes, transit. Lent. */
ONN_API const onn_settings *onn_pulse_medium_settings(void);
/** ONN_OK, or ONN_ERROR_ARGUMENT with the setting that is out of its range or does not go with
 * another. */
ONN_API onn_status onn_pulse_medium_check(const onn_pulse_medium *medium);

/**
 * The fluence behind a slow absorber in closed form, for any shape of the pulse: Frantz, Nodvik's
 * ln[1 + exp(-depth) (exp(f) - 1)]. With the two exchanged it is the depth that is left.
 *
 * @param fluence  over Fsat; >= 0, and as large as one likes
 * @param depth    optical depth of a weak beam's intensity; >= 0, likewise
 * @return over Fsat; never negative, right to rounding also where it is far below both
 */
ONN_API double onn_pulse_slow_fluence(double fluence, double depth);

/**
 * A pulse through a medium.
 *
 * In each slot every cell relaxes for half a slot, absorbs, and relaxes for the other half; loss
 * and two-photon absorption stand half before and half behind each cell. The error is of second
 * order in slots and cells. Photons are kept to rounding: what the light loses the medium has, but
 * for loss. The rate model's cell is Frantz and Nodvik's solution, positive and stable for any
 * slot, depth and fluence; without relaxation it has no error at all.
 *
 * @param out     receives the light behind, the medium's state afterwards, and the record
 * @param g       graph
 * @param light   [batch, slots]. Rate: real, fluence of each slot over Fsat; below 0 counts as 0.
 *                Bloch: the Rabi frequency in the middle of each slot; real counts as complex
 * @param slot    duration of a slot, in the unit of the medium's times; > 0 and finite; nodes->slot
 *                replaces it
 * @param state   of the medium before: as a passage through a medium of the same model, cells and
 *                classes left it, [batch, ...] or of one row for all; the null node: at rest
 * @param medium  read at once, never kept
 * @param nodes   in place of the medium's numbers; NULL: none. They must keep to the ranges that
 *                the numbers have: no one can check them
 * @param record  whether the bleached fraction is recorded
 * @return the graph's status: ONN_ERROR_ARGUMENT: types, shapes, slot, a setting
 * @note   A real number has f32 or f64 as the light has it. A second derivative is
 *         ONN_ERROR_UNSUPPORTED.
 */
ONN_API onn_status onn_pulse_pass(onn_pulse_passage *out, onn_graph *g, onn_node light, double slot,
    onn_node state, const onn_pulse_medium *medium, const onn_pulse_nodes *nodes, bool record);

/** What two beams that meet leave. */
typedef struct onn_pulse_meeting {
	onn_node forward;  /**< the first behind the medium, [batch, slots] */
	onn_node backward; /**< the second in front of it, [batch, slots] */
	onn_node state;    /**< of the medium afterwards, as a passage's */
	/** the bleached fraction of each cell before each step and after the last, [batch, slots +
	 * cells, cells]; the null node where it was not asked for */
	onn_node record;
} onn_pulse_meeting;

/**
 * Two strong beams through one medium: the first enters in front, the second behind and runs back.
 * Light takes a slot for a cell, so it takes cells slots through the medium; slot m of either beam
 * enters in step m and leaves in step m + cells - 1. A beam that comes later begins with dark
 * slots.
 *
 * Rate: all cells take both beams together, t = f + b: t' = G(t, A), and each is dimmed by t'/t.
 * Bloch: each beam has a polarisation of its own, p and r, and both drive one inversion:
 *
 *     dp/dt = -(1 + i Delta) p/T2 + F w    dr/dt = -(1 + i Delta') r/T2 + B w
 *     dw/dt = -(1+w)/T1 - Re(conj(F) p + conj(B) r)
 *
 * So w is the mean over a wavelength: the grating of half a wavelength that the beams' interference
 * writes is washed out, as by atoms that move, or by beams that are not coherent with each other.
 * Classes are of velocity: Delta' of each is that of the opposite class. (In the rate model both
 * beams meet a class at the same detuning, which differs where the middle one is not 0.) What the
 * atoms radiate into a beam behind its last slot is not followed.
 *
 * @param out       receives both beams, the medium's state after slots + cells - 1 steps, when all
 *                  light is out, and the record
 * @param g         graph
 * @param forward   [batch, slots]: light as of onn_pulse_pass
 * @param backward  the same
 * @param slot      duration of a slot; > 0 and finite; nodes->slot replaces it
 * @param state     of the medium before, in the Bloch model as a meeting left it; the null node: at
 *                  rest
 * @param medium    two_photon 0; transit 0 or cells slots
 * @param nodes     in place of the medium's numbers; NULL: none
 * @param record    whether the bleached fraction is recorded
 * @return the graph's status: ONN_ERROR_ARGUMENT: types, shapes, slot, a setting;
 *         ONN_ERROR_UNSUPPORTED: two-photon absorption
 * @note   Of second order in slots and cells, which here are one; photons are kept to rounding, and
 *         without relaxation |p|^2 + |r|^2 + w^2. A state of the Bloch model has both
 *         polarisations: it goes on with onn_pulse_meet, onn_pulse_wait, onn_pulse_bleached and
 *         onn_pulse_probe.
 */
ONN_API onn_status onn_pulse_meet(onn_pulse_meeting *out, onn_graph *g, onn_node forward,
    onn_node backward, double slot, onn_node state, const onn_pulse_medium *medium,
    const onn_pulse_nodes *nodes, bool record);

/**
 * The medium after a while in the dark, exactly.
 *
 * @param g       graph
 * @param state   as a passage left it
 * @param delay   real, >= 0; a scalar or [batch, 1]
 * @param medium  the passage's
 * @param nodes   the passage's; NULL: none
 * @return the state then, of state's shape; the graph's error is ONN_ERROR_ARGUMENT: types,
 *         shapes, a setting
 */
ONN_API onn_node onn_pulse_wait(onn_graph *g, onn_node state, onn_node delay,
    const onn_pulse_medium *medium, const onn_pulse_nodes *nodes);

/**
 * The bleached fraction of each cell: q, in the Bloch model 1 + w, over all classes.
 *
 * @param g       graph
 * @param state   as a passage left it
 * @param medium  the passage's
 * @return [batch, cells], real; the graph's error is ONN_ERROR_ARGUMENT: types, shapes, a setting
 */
ONN_API onn_node onn_pulse_bleached(onn_graph *g, onn_node state, const onn_pulse_medium *medium);

/**
 * The intensity transmission of a weak incoherent probe at the frequency of the light, short
 * against T1: exp(-sum of the remaining depth), loss included. In the Bloch model the populations
 * count.
 *
 * Right behind a pulse in a slow absorber (rate model, T1 infinite) it is the derivative of the
 * fluence behind by that in front, exactly.
 *
 * @param g       graph
 * @param state   as a passage left it
 * @param medium  the passage's
 * @param nodes   the passage's; NULL: none
 * @return [batch, 1], real; the graph's error is ONN_ERROR_ARGUMENT: types, shapes, a setting
 */
ONN_API onn_node onn_pulse_transmission(
    onn_graph *g, onn_node state, const onn_pulse_medium *medium, const onn_pulse_nodes *nodes);

/**
 * The same for a probe that comes a while later: from the same side, or launched at the exit and
 * running back, for which each cell relaxes as long as light takes from there to the exit and back
 * more (medium->transit).
 *
 * @param g        graph
 * @param state    as a passage left it
 * @param delay    from the end of the passage to the probe's launch; real, >= 0; a scalar or
 *                 [batch, 1]; the null node: none
 * @param counter  whether it runs back
 * @param medium   the passage's
 * @param nodes    the passage's; NULL: none
 * @return [batch, 1], real; the graph's error is ONN_ERROR_ARGUMENT: types, shapes, a setting
 */
ONN_API onn_node onn_pulse_probe(onn_graph *g, onn_node state, onn_node delay, bool counter,
    const onn_pulse_medium *medium, const onn_pulse_nodes *nodes);

/** A nonlinearity made of pulses: each number is carried by a pump pulse, and what is given back is
 * what comes out behind the medium. */
typedef struct onn_pulse_absorber {
	size_t size;           /**< sizeof(onn_pulse_absorber) */
	onn_encoding encoding; /**< a number is a fluence over Fsat ("intensity"), or its root */
	onn_gradient_mode gradient; /**< by what the backward pass multiplies */
	/** slots numbers >= 0: the pulse's fluence in each slot; NULL: all equal */
	const double *shape;
	size_t slots;          /**< how many; 0: one */
	double slot;           /**< duration of a slot; > 0 */
	double probe_delay;    /**< from the pump's last slot to the launch of the probe; >= 0 */
	bool probe_counter;    /**< whether the probe runs back: onn_pulse_probe */
	onn_probe_at probe_at; /**< at which numbers it is launched */
	/** the probes' fluence over the pumps', both as the mean over all numbers; 0: so weak that
	 * the medium does not see them */
	double probe_fraction;
	/* What is detected has shot noise; all numbers of x share the light, which is as bright as
	 * these say. */
	double pump_photons;  /**< of a pump as launched, mean over all numbers; 0: no noise */
	double probe_photons; /**< of a probe as launched, mean over all numbers; 0: no noise */
	uint64_t seed;        /**< of the noise */
	uint32_t stream;      /**< of it; two are used. See onn_random_uniform */
	onn_node step;        /**< which draw: 0-d u32; the null node: no noise */
} onn_pulse_absorber;

/** Fluences, exact, a square pulse of one slot of duration 1, weak probes right behind it where
 * there is a pump, no noise. */
#define ONN_PULSE_ABSORBER_INIT                                                                    \
	{                                                                                          \
		sizeof(onn_pulse_absorber), ONN_ENCODING_INTENSITY, ONN_GRADIENT_EXACT, NULL, 0,   \
		    1, 0, false, ONN_PROBE_AT_PUMPED, 0, 0, 0, 0, 0,                               \
		{                                                                                  \
			0                                                                          \
		}                                                                                  \
	}

/**
 * The fluence (amplitude) of pulses behind a medium that is at rest before each.
 *
 * By gradient `approximate` the error signal is carried back by probes through the medium that the
 * pump has bleached. With fluences, a slow absorber, no delay and a weak probe this is the exact
 * derivative.
 *
 * A probe of probe_fraction F is a pulse of its own: the error signal d of a number is launched as
 * the fluence c |d| (an amplitude: c^2 d^2), where c is one number for all of x that makes the mean
 * of these F times that of the pumps; it bleaches what it passes, and what comes out, over c, is
 * what flows back. Fluences have no sign: positive and negative part are two runs whose results
 * are subtracted. Of a number one of them is dark, so that both are one pass here. A probe is
 * short against t1.
 *
 * Photons: of a fluence a Poisson number is detected, of an amplitude one with the deviation of
 * half a root of a photon (balanced detection of a coherent state), of pump and probe alike.
 *
 * @param g         graph
 * @param x         real, any shape; a fluence below 0 counts as 0: output 0, exact slope 0; a
 *                  probe that is launched there (probe_at) sees the medium at rest
 * @param absorber  read at once, never kept; the shape is scaled so that it adds up to 1
 * @param medium    rate model; where cells change nothing in the light, one is used
 * @param nodes     in place of the medium's numbers, scalars; NULL: none. In the modes other than
 *                  exact nothing flows into them
 * @return of x's shape and type; the graph's error is ONN_ERROR_ARGUMENT: x, a setting, a shape
 *         that is negative, infinite or 0 altogether; ONN_ERROR_UNSUPPORTED: the Bloch model
 * @see Guo, Barrett, Wang, Lvovsky, Photonics Research 9, B71 (2021)
 */
ONN_API onn_node onn_pulse_absorb(onn_graph *g, onn_node x, const onn_pulse_absorber *absorber,
    const onn_pulse_medium *medium, const onn_pulse_nodes *nodes);

#ifdef __cplusplus
}
#endif

#endif
