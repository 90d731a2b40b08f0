/**
 * @file
 * What stands in a beam: plates, lenses, apertures, modulators, absorbing sheets, detectors,
 * cameras, and the errors of mounting them.
 *
 * Every element is thin: the field behind it is the field before it times a transmission, but for
 * the absorber, whose transmission depends on the light. All of them are graph, with derivatives.
 */
#ifndef ONN_ELEMENTS_H
#define ONN_ELEMENTS_H

#include <math.h>

#include <onn/optics.h>
#include <onn/saturable.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- plates ---- */

/** exp(i phase); phase is real, radians at each wavelength, and broadcasts to the field's shape. */
ONN_API onn_field onn_phase_plate(onn_graph *g, onn_field field, onn_node phase);
/** A free complex plate: the transmission itself, complex or real. It may have gain. */
ONN_API onn_field onn_complex_plate(onn_graph *g, onn_field field, onn_node transmission);
/** A plate of material: height [y, x] in metres (real), refractive index n: phase
 * 2 pi (n - 1) height/lambda at each wavelength. */
ONN_API onn_field onn_height_plate(
    onn_graph *g, onn_field field, onn_node height, double refractive_index);
/** Thin lens, exp(-i k r^2/(2f)) about (y, x); f < 0 diverges; f is not 0. */
ONN_API onn_field onn_thin_lens(onn_graph *g, onn_field field, double f, double y, double x);
/** 1 inside, 0 outside: pixels whose centre is at most radius from (y, x), decided without rounding
 * where radius and pitch are in a ratio of small whole numbers; and |y| <= height/2, |x| <=
 * width/2. */
ONN_API onn_field onn_circular_aperture(
    onn_graph *g, onn_field field, double radius, double y, double x);
ONN_API onn_field onn_rectangular_aperture(
    onn_graph *g, onn_field field, double height, double width, double y, double x);
/** The masks of the two, [ny, nx], f32 or f64. */
ONN_API onn_node onn_circular_mask(
    onn_graph *g, onn_type type, const onn_grid *grid, double radius, double y, double x);
ONN_API onn_node onn_rectangular_mask(onn_graph *g, onn_type type, const onn_grid *grid,
    double height, double width, double y, double x);

/* ---- phases, [ny, nx], real: for onn_phase_plate ---- */

/** Sawtooth of 2 pi over `period` metres, rising along the direction at `angle` from x to y. */
ONN_API onn_node onn_blazed_phase(
    onn_graph *g, onn_type type, const onn_grid *grid, double period, double angle);
/** 0 and `depth` in turn, each half a period. */
ONN_API onn_node onn_binary_phase(
    onn_graph *g, onn_type type, const onn_grid *grid, double period, double angle, double depth);
/** depth/2 (1 + sin) of that period. */
ONN_API onn_node onn_sine_phase(
    onn_graph *g, onn_type type, const onn_grid *grid, double period, double angle, double depth);
/** Zernike polynomial of order n >= 0 and azimuthal frequency m (|m| <= n, n - |m| even), Noll's
 * normalisation (mean square 1 over the disc), over a disc of this radius; 0 outside. Times a
 * coefficient in radians. m < 0: the sine. */
ONN_API onn_node onn_zernike(
    onn_graph *g, onn_type type, const onn_grid *grid, int n, int m, double radius);

/* ---- spatial light modulators ---- */

typedef struct onn_slm {
	size_t size;     /**< sizeof(onn_slm) */
	unsigned levels; /**< phases 2 pi m/levels, nearest on the circle, halves up; 0: continuous;
	                     2 to 65536 */
	double fill;     /**< part of a pixel's area that modulates, (0, 1]; the rest passes light
	                     unmodulated */
} onn_slm;

#define ONN_SLM_INIT                                                                               \
	{                                                                                          \
		sizeof(onn_slm), 0, 1                                                              \
	}

/** The phase that the modulator shows for a phase wanted; its derivative is that of the phase
 * wanted (straight through). */
ONN_API onn_node onn_slm_phase(onn_graph *g, onn_node phase, const onn_slm *slm);
/** The field behind it: fill exp(i shown) + (1 - fill). */
ONN_API onn_field onn_modulate(onn_graph *g, onn_field field, onn_node phase, const onn_slm *slm);

/* ---- misalignment ---- */

/**
 * Errors of mounting, drawn anew at each step: what training has to see to survive them. Normal,
 * with these standard deviations, by Philox: the same on every device.
 */
typedef struct onn_misalignment {
	size_t size;     /**< sizeof(onn_misalignment) */
	double shift;    /**< of a plate in its plane, each axis, metres */
	double tilt;     /**< of the beam behind it, each axis, radians */
	double distance; /**< of the gap behind it, metres */
	uint64_t seed;
	uint32_t stream; /**< names the plate; three streams from this one on are used */
} onn_misalignment;

#define ONN_MISALIGNMENT_INIT                                                                      \
	{                                                                                          \
		sizeof(onn_misalignment), 0, 0, 0, 0, 0                                            \
	}

/** A plate [ny, nx] (real phase, or transmission) seen shifted in its plane, by interpolation
 * between its pixels; beyond its edge its edge goes on. A phase that jumps by a turn between pixels
 * is to be shifted as a transmission. step: 0-d u32. */
ONN_API onn_node onn_misaligned_plate(
    onn_graph *g, onn_node plate, const onn_grid *grid, const onn_misalignment *m, onn_node step);
/** The field with the tilt's phase. */
ONN_API onn_field onn_misaligned_beam(
    onn_graph *g, onn_field field, const onn_misalignment *m, onn_node step);
/** The distance to use as onn_propagation's node: z plus its error, f64. A device without fp64
 * has no such plan; onn_misaligned_gap needs none. */
ONN_API onn_node onn_misaligned_distance(
    onn_graph *g, double z, const onn_misalignment *m, onn_node step);
/**
 * onn_propagate over a distance with that error, in the light's own precision and at little more
 * than onn_propagate's cost: one complex product for each frequency. The phase k dz, which all of
 * the light has in common, is left out, and evanescent waves decay as over z.
 *
 * @param propagation  as for onn_propagate; asm, band-limited, fresnel or auto where it chooses one
 * of these, without nodes
 */
ONN_API onn_field onn_misaligned_gap(onn_graph *g, onn_field field, double z,
    const onn_propagation *propagation, const onn_misalignment *m, onn_node step);

/* ---- absorbing sheets ---- */

/** A saturable absorber that the field passes, thin or thick, detuned or not; amplitude encoding,
 * Isat in units of |E|^2. Every wavelength meets the same absorber, and saturates it alone. */
ONN_API onn_field onn_absorbing_sheet(onn_graph *g, onn_field field, const onn_absorber *absorber);
/** The same with a node for its depth (real, >= 0, broadcasts with the field), in place of
 * absorber->depth. */
ONN_API onn_field onn_absorbing_sheet_of(
    onn_graph *g, onn_field field, const onn_absorber *absorber, onn_node depth);

/* ---- detection ---- */

/** |E|^2 summed over wavelengths (weights NULL: 1 each) and, from the left, over `modes` batch
 * axes: light that does not interfere. Real. */
ONN_API onn_node onn_incoherent_intensity(
    onn_graph *g, onn_field field, const double *weight, size_t modes);

/** A rectangle of pixels: rows [y, y + ny), columns [x, x + nx). */
typedef struct onn_region {
	size_t y, x, ny, nx;
} onn_region;

/** count regions of ny x nx pixels on a grid of rows and columns as even as they go, centred; rows
 * fill from the top. ONN_ERROR_ARGUMENT where they don't fit. D2NN's ten: rows of 3, 4 and 3. */
ONN_API onn_status onn_detector_layout(
    onn_region *region, const onn_grid *grid, size_t count, size_t ny, size_t nx);
/** Sum of intensity [..., y, x] over each region: [..., count]. */
ONN_API onn_node onn_detect(
    onn_graph *g, onn_node intensity, const onn_region *region, size_t count);
/** Of 2n readings, n pairs: (I+ - I-)/(I+ + I-), I+ the first n; 0 where both are 0. [..., n]. */
ONN_API onn_node onn_differential(onn_graph *g, onn_node readings);

typedef struct onn_camera {
	size_t size;       /**< sizeof(onn_camera) */
	double photons;    /**< photoelectrons per unit of intensity and pixel; > 0 */
	double read_noise; /**< standard deviation, electrons; >= 0 */
	double full_well;  /**< electrons that saturate a pixel; > 0, may be infinite */
	unsigned bits;     /**< of the converter, to 24: 0 at 0 and below, full scale at full_well,
	                      which is then finite; 0: no rounding, and readings below 0 stay */
	bool shot_noise;   /**< Poisson's: onn_random_poisson */
	uint64_t seed;
	uint32_t stream; /**< two streams from this one on are used */
} onn_camera;

/** 10^4 electrons a unit, no noise, no rounding, no limit. */
#define ONN_CAMERA_INIT                                                                            \
	{                                                                                          \
		sizeof(onn_camera), 1e4, 0, INFINITY, 0, false, 0, 0                               \
	}

/** What the camera reads, in units of intensity again. Derivative: straight through noise and
 * rounding, 0 where saturated. step: 0-d u32. */
ONN_API onn_node onn_camera_reading(
    onn_graph *g, onn_node intensity, const onn_camera *camera, onn_node step);

/* ---- what a picture is worth ---- */

/** Comparisons of [y, x] pictures in double, for reports; ONN_ERROR_ARGUMENT on wrong shapes or
 * types. peak: the largest value that counts, usually 1. */
typedef struct onn_likeness {
	double mse, psnr; /**< dB; infinite for equal pictures */
	/** mean over all places of a Gaussian window of 11 pixels and deviation 1.5 (on a shorter
	 * side, of the largest odd number that fits) */
	double ssim;
	double correlation; /**< Pearson's; 0 where a picture is flat */
	double efficiency; /**< part of the light that is where the target is above half its peak; 0
	                      where there is no light */
} onn_likeness;

ONN_API onn_status onn_compare_pictures(
    onn_likeness *likeness, const onn_array *picture, const onn_array *target, double peak);

#ifdef __cplusplus
}
#endif

#endif
