/**
 * @file
 * Saturable absorption in steady state: the nonlinear layer of an all-optical network.
 *
 * A medium of resonant optical depth a0 dims a weak beam's intensity by exp(-a0) and lets a strong
 * one through. With s = I/Isat and, thin, one saturation for the whole medium:
 *
 *     thin, amplitude   y = x exp(-(a0/2)/(1+s)),  s = x^2/Isat
 *     thin, intensity   y = x exp(-a0/(1+s)),      s = x/Isat
 *     thick             the beam saturates the medium as it goes, ds/dz = -a s/(1+s)
 *     dynamic           each number is a pulse, and the medium remembers: rate equations, fluences
 *
 * What flows backward through the layer is chosen by onn_gradient_mode: the true derivative, or
 * what a weak probe beam sent back through the medium measures, or one of three controls.
 *
 * @see Guo, Barrett, Wang, Lvovsky, Photonics Research 9, B71 (2021), arXiv 1912.12256
 */
#ifndef ONN_SATURABLE_H
#define ONN_SATURABLE_H

#include <math.h>
#include <onn/graph.h>
#include <onn/settings.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Whether the beam is weakened within the medium. */
typedef enum onn_medium {
	ONN_MEDIUM_THIN,   /**< one saturation for the whole medium */
	ONN_MEDIUM_THICK,  /**< the beam's own absorption along the medium counts */
	ONN_MEDIUM_DYNAMIC /**< thick, in time: pulses in a medium with a memory (onn/pulse.h) */
} onn_medium;
/** The words of onn_medium, in its order. */
#define ONN_MEDIUM_WORDS "thin", "thick", "dynamic"

/** What carries the number: the (signed or complex) field, or the intensity. */
typedef enum onn_encoding {
	ONN_ENCODING_AMPLITUDE, /**< the field, whose square is the intensity */
	ONN_ENCODING_INTENSITY  /**< the intensity; of a pulse, its fluence */
} onn_encoding;
/** The words of onn_encoding, in its order; "fluence" is intensity, too. */
#define ONN_ENCODING_WORDS "amplitude", "intensity"

/** From which side a probe pulse meets a dynamic medium. */
typedef enum onn_probe_direction {
	ONN_PROBE_CO,     /**< from the side that the pump came from */
	ONN_PROBE_COUNTER /**< launched at the exit, against the pump's way */
} onn_probe_direction;
/** The words of onn_probe_direction, in its order. */
#define ONN_PROBE_DIRECTION_WORDS "co", "counter"

/** At which numbers a probe pulse is launched. */
typedef enum onn_probe_at {
	ONN_PROBE_AT_PUMPED, /**< not at fluences below 0, whose pump is dark: 0 flows back there */
	ONN_PROBE_AT_ALL     /**< at all; where the pump is dark it sees the medium at rest */
} onn_probe_at;
/** The words of onn_probe_at, in its order. */
#define ONN_PROBE_AT_WORDS "pumped", "all"

/** By what the backward pass multiplies. Only exact has a true second derivative; the second
 * derivative of another mode is that of its own rule (0 for the controls; the probe's transmission
 * counts as fixed). */
typedef enum onn_gradient_mode {
	ONN_GRADIENT_APPROXIMATE, /**< the transmission that a weak probe beam sees */
	ONN_GRADIENT_EXACT,       /**< the derivative of the response */
	ONN_GRADIENT_ZERO,        /**< 0: nothing below learns */
	ONN_GRADIENT_POSITIVE,    /**< 1 in intensity encoding, exp(-5) in amplitude encoding */
	ONN_GRADIENT_NEGATIVE     /**< -1 */
} onn_gradient_mode;
/** The words of onn_gradient_mode, in its order; "probe" is approximate, too. */
#define ONN_GRADIENT_MODE_WORDS "approximate", "exact", "zero", "positive", "negative"

/** A saturable absorber: the medium, and what flows backward through it. */
typedef struct onn_absorber {
	size_t size;                /**< sizeof(onn_absorber) */
	onn_medium medium;          /**< thin or thick */
	onn_encoding encoding;      /**< of the input and the output */
	onn_gradient_mode gradient; /**< by what the backward pass multiplies */
	/** a0: optical depth on resonance for a weak beam's intensity; >= 0. By name it is "od" */
	double depth;
	/** saturation intensity in the input's units (squared, for an amplitude); > 0 */
	double isat;
	/** (w0 - w)/(Gamma/2); other than 0 needs amplitude encoding and a complex input */
	double detuning;
	/** depth of unsaturable loss in the same medium; >= 0; resonant only */
	double loss;
	/** thick, approximate: contrast in [0, 1] of the grating that pump and coherent
	 * counter-propagating probe write; 0: washed out */
	double grating;
	/** thin: number of slices of depth/slices each; 0 and 1: one */
	unsigned slices;
	/** thick, on resonance, no loss: inhomogeneous broadening, line centre */
	bool doppler;
	/* dynamic: each number is carried by a square pulse of its own, which finds the medium at
	 * rest. isat is then a fluence: that which saturates, in the input's units (squared). Times
	 * are in any one unit. */
	double t1;          /**< time in which the medium relaxes; > 0; INFINITY: a slow absorber */
	double pulse_width; /**< duration of the pulse; > 0 */
	/** that it is computed in; >= 1. Where t1 is infinite one is exact, and is what is taken */
	unsigned slots;
	double probe_delay; /**< from the pulse's end to the launch of the probe; >= 0 */
	onn_probe_direction probe_direction; /**< of the probe that carries errors back */
	double transit;        /**< time that light takes through the medium; >= 0, 0: none */
	onn_probe_at probe_at; /**< pumped is all where numbers are amplitudes */
	/** the probes' fluence over the pumps', both as the mean over a batch; >= 0; 0: weak */
	double probe_fraction;
	/** photons of a probe as launched, mean over a batch, when networks are trained; >= 0; 0:
	 * no noise. The pumps have 1/probe_fraction as many, and no noise where that is 0 */
	double probe_noise;
} onn_absorber;

/** Thin, amplitude, probe, depth 10, Isat 1: the activation of the paper. */
#define ONN_ABSORBER_INIT                                                                          \
	{                                                                                          \
		sizeof(onn_absorber), ONN_MEDIUM_THIN, ONN_ENCODING_AMPLITUDE,                     \
		    ONN_GRADIENT_APPROXIMATE, 10, 1, 0, 0, 0, 1, false, INFINITY, 1, 16, 0,        \
		    ONN_PROBE_CO, 0, ONN_PROBE_AT_PUMPED, 0, 0                                     \
	}

/** The word of a medium; "?" for a value that is none. */
ONN_API const char *onn_medium_name(onn_medium medium);
/** The word of an encoding; "?" for a value that is none. */
ONN_API const char *onn_encoding_name(onn_encoding encoding);
/** The word of a mode; "?" for a value that is none. */
ONN_API const char *onn_gradient_mode_name(onn_gradient_mode mode);
/** The word of a direction; "?" for a value that is none. */
ONN_API const char *onn_probe_direction_name(onn_probe_direction direction);
/** The direction of a word; false and untouched if there is none. */
ONN_API bool onn_probe_direction_from_name(onn_probe_direction *direction, const char *name);
/** The word of a place of probes; "?" for a value that is none. */
ONN_API const char *onn_probe_at_name(onn_probe_at at);
/** The place of a word; false and untouched if there is none. */
ONN_API bool onn_probe_at_from_name(onn_probe_at *at, const char *name);
/** The medium of a word; false and untouched if there is none. */
ONN_API bool onn_medium_from_name(onn_medium *medium, const char *name);
/** The encoding of a word; false and untouched if there is none. */
ONN_API bool onn_encoding_from_name(onn_encoding *encoding, const char *name);
/** The mode of a word; false and untouched if there is none. */
ONN_API bool onn_gradient_mode_from_name(onn_gradient_mode *mode, const char *name);

/** The table of onn_absorber: medium, encoding, gradient, od, isat, detuning, loss, grating,
 * slices, doppler, t1, pulse_width, slots, probe_delay, probe_direction, transit, probe_at,
 * probe_fraction, probe_noise. Lent. */
ONN_API const onn_settings *onn_absorber_settings(void);
/** ONN_OK, or ONN_ERROR_ARGUMENT with the setting that is out of its range or does not go with
 * another. */
ONN_API onn_status onn_absorber_check(const onn_absorber *absorber);

/**
 * The light behind the medium.
 *
 * @param g         graph
 * @param x         amplitude or intensity by absorber->encoding, any shape; real or, in amplitude
 *                  encoding, complex. Intensity below 0 (a simulated network may make it) counts as
 *                  0: output 0, exact slope 0, the probe sees the unsaturated medium.
 * @param absorber  read at once, never kept
 * @return node of x's shape; of x's type, f32 or f64 precision kept; complex where detuning is not
 *         0; the graph's error is ONN_ERROR_ARGUMENT: an integer x, a setting out of its range, or
 *         one that does not go with another or with x's type
 * @note   On a real field the exact derivative is that of the quadrature in phase with the pump.
 *         No noise is drawn here, whatever probe_noise says: it is drawn in networks, by the step
 *         of their training.
 */
ONN_API onn_node onn_saturable_absorber(onn_graph *g, onn_node x, const onn_absorber *absorber);
/**
 * onn_saturable_absorber with a node for the depth, in place of absorber->depth: for depths that
 * are learned, or that differ from place to place. Differentiable in both.
 *
 * @param g         graph
 * @param x         as of onn_saturable_absorber
 * @param absorber  all but its depth counts
 * @param depth     optical depth for intensity: real, >= 0, broadcasts with x
 * @return node of the shape of both; the graph's error as of onn_saturable_absorber, or depth's
 *         type or shape
 * @note   In the modes other than exact nothing flows into the depth: the transmission counts as
 * fixed.
 */
ONN_API onn_node onn_saturable_absorber_of(
    onn_graph *g, onn_node x, const onn_absorber *absorber, onn_node depth);

/**
 * Absorbance A = -ln T of a thick medium at input s = I/Isat, resonant: the solution of
 * A + s (1 - exp(-A)) = depth (docs/physics.md), right to rounding for every s and depth: 0 for an
 * infinite s, infinite for an infinite depth, NaN for both. Differentiable to any order in both.
 *
 * @param g      graph
 * @param s      real, >= 0; the two broadcast and promote
 * @param depth  optical depth for intensity, real, >= 0
 * @return A, real; the graph's error: another type, shapes that do not broadcast
 */
ONN_API onn_node onn_thick_absorbance(onn_graph *g, onn_node s, onn_node depth);

/**
 * Pump and incoherent probe of any strength in one thick medium, as intensities in units of Isat:
 * both see the transmission of their sum.
 *
 * @param pump_out   receives the pump behind the medium
 * @param probe_out  receives the probe behind the medium
 * @param g          graph
 * @param pump       real, >= 0; the two broadcast and promote
 * @param probe      real, >= 0
 * @param depth      optical depth for intensity; finite, >= 0
 * @return the graph's status: ONN_ERROR_ARGUMENT: types, shapes, depth
 */
ONN_API onn_status onn_thick_two_beams(onn_node *pump_out, onn_node *probe_out, onn_graph *g,
    onn_node pump, onn_node probe, double depth);

/** One point of an absorber's response to a real input. */
typedef struct onn_response {
	double output;           /**< the field's real part where detuning is not 0 */
	double output_imaginary; /**< 0 on resonance */
	double exact; /**< slope of the response; detuned: of the real part along a real input */
	double probe; /**< transmission of a weak probe; detuned: its real part */
} onn_response;

/**
 * Response to a list of inputs in double, without a graph: what a plot shows. The gradient mode
 * does nothing.
 *
 * @param response  receives count points
 * @param absorber  read at once
 * @param input     count numbers, finite; not below 0 in intensity encoding
 * @param count     how many
 * @return ONN_ERROR_ARGUMENT: an input, or a field of absorber
 */
ONN_API onn_status onn_absorber_response(
    onn_response *response, const onn_absorber *absorber, const double *input, size_t count);

#ifdef __cplusplus
}
#endif

#endif
