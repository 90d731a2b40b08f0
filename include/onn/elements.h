/**
 * @file
 * What stands in a beam: plates, lenses, apertures, modulators, absorbing sheets, detectors,
 * cameras, and the errors of mounting them.
 *
 * Every element is thin: the field behind it is the field before it times a transmission, but for
 * the absorber, whose transmission depends on the light. All of them are graph, with derivatives of
 * every order.
 *
 * Lengths are metres, angles and phases radians, intensities |E|^2. A field is what onn_field
 * (optics.h) describes, [..., y, x] or [..., wavelength, y, x], and its grid and light pass
 * through. Maps (phases, masks, heights) are real nodes [ny, nx], f32 or f64, of which the graph
 * keeps one for equal arguments. Builders return nodes of the graph that they are given, which dies
 * with it. After an error they return a null node, or a field that holds one, and the graph keeps
 * status and text (onn_graph_status, onn_graph_error): ONN_ERROR_ARGUMENT unless said otherwise.
 *
 * @see Goodman, Introduction to Fourier Optics, chapters 5 and 7; docs/physics.md, "What stands in
 *      a
 * beam of light"
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

/**
 * A plate that delays: the field times exp(i phase).
 *
 * @param g      graph
 * @param field  light before the plate
 * @param phase  real, radians at each wavelength; broadcasts to the field's shape
 * @return light behind it; the graph's error: phase is not real, or its shape does not go with the
 *         field's
 */
ONN_API onn_field onn_phase_plate(onn_graph *g, onn_field field, onn_node phase);
/**
 * A free complex plate: the field times the transmission itself, which may have gain.
 *
 * @param g             graph
 * @param field         light before the plate
 * @param transmission  complex or real, a plain number; broadcasts to the field's shape
 * @return light behind it; the graph's error: the shape does not go with the field's
 */
ONN_API onn_field onn_complex_plate(onn_graph *g, onn_field field, onn_node transmission);
/**
 * A complex plate that absorbs and delays but does not amplify: the field times the transmission
 * where that is of modulus 1 or less, and elsewhere times t/|t|, so that no more light leaves a
 * pixel than comes to it. A gradient there turns t and does not stretch it.
 *
 * @param g             graph
 * @param field         light before the plate
 * @param transmission  complex or real, a plain number; broadcasts to the field's shape
 * @return light behind it; the graph's error: the shape does not go with the field's
 */
ONN_API onn_field onn_passive_plate(onn_graph *g, onn_field field, onn_node transmission);
/**
 * A plate of material, whose phase 2 pi (n - 1) height/lambda is each wavelength's own.
 *
 * @param g                 graph
 * @param field             light before the plate
 * @param height            real, metres; broadcasts to the field's shape, usually [y, x]
 * @param refractive_index  n, the same at every wavelength; finite, > 0
 * @return light behind it; the graph's error: height is not real or of another shape, the index
 */
ONN_API onn_field onn_height_plate(
    onn_graph *g, onn_field field, onn_node height, double refractive_index);
/**
 * A thin lens: exp(-i k r^2/(2f)) about a centre, k = 2 pi/lambda (Goodman, section 5.1).
 *
 * @param g      graph
 * @param field  light before the lens
 * @param f      focal length, metres; < 0 diverges; not 0, infinite is no lens
 * @param y      centre, metres
 * @param x      centre, metres
 * @return light behind it; the graph's error: f is 0 or NaN, a centre that is not finite, or
 *         ONN_ERROR_MEMORY: the lens's table
 */
ONN_API onn_field onn_thin_lens(onn_graph *g, onn_field field, double f, double y, double x);

/* ---- apertures ---- */

/**
 * Lets light through within a circle. A pixel is inside where its centre is at most radius from the
 * aperture's; that is decided without rounding where radius, centre and pitch are in ratios of
 * small whole numbers.
 *
 * @param g       graph
 * @param field   light before the aperture
 * @param radius  metres; finite, > 0
 * @param y       centre, metres
 * @param x       centre, metres
 * @return light behind it; the graph's error: a radius or centre out of range
 */
ONN_API onn_field onn_circular_aperture(
    onn_graph *g, onn_field field, double radius, double y, double x);
/**
 * Lets light through within a rectangle, edges included: pixels whose centre is at most height/2 in
 * y and width/2 in x from the aperture's.
 *
 * @param g       graph
 * @param field   light before the aperture
 * @param height  in y, metres; finite, > 0
 * @param width   in x, metres; finite, > 0
 * @param y       centre, metres
 * @param x       centre, metres
 * @return light behind it; the graph's error: a size or centre out of range
 */
ONN_API onn_field onn_rectangular_aperture(
    onn_graph *g, onn_field field, double height, double width, double y, double x);
/**
 * The mask of onn_circular_aperture: 1 inside, 0 outside.
 *
 * @param g       graph
 * @param type    f32 or f64
 * @param grid    its pixels
 * @param radius  metres; finite, > 0
 * @param y       centre, metres
 * @param x       centre, metres
 * @return [ny, nx]; the graph's error: type, grid, radius or centre, or ONN_ERROR_MEMORY
 */
ONN_API onn_node onn_circular_mask(
    onn_graph *g, onn_type type, const onn_grid *grid, double radius, double y, double x);
/**
 * The mask of onn_rectangular_aperture: 1 inside, 0 outside.
 *
 * @param g       graph
 * @param type    f32 or f64
 * @param grid    its pixels
 * @param height  in y, metres; finite, > 0
 * @param width   in x, metres; finite, > 0
 * @param y       centre, metres
 * @param x       centre, metres
 * @return [ny, nx]; the graph's error: type, grid, a size or centre, or ONN_ERROR_MEMORY
 */
ONN_API onn_node onn_rectangular_mask(onn_graph *g, onn_type type, const onn_grid *grid,
    double height, double width, double y, double x);

/* ---- phases, for onn_phase_plate ---- */

/**
 * Phase of a blazed grating: a sawtooth from 0 up to 2 pi.
 *
 * @param g       graph
 * @param type    f32 or f64
 * @param grid    its pixels
 * @param period  metres; finite, > 0
 * @param angle   of the direction in which it rises, radians, from x to y
 * @return [ny, nx], radians; the graph's error: type, grid, a number, or ONN_ERROR_MEMORY
 */
ONN_API onn_node onn_blazed_phase(
    onn_graph *g, onn_type type, const onn_grid *grid, double period, double angle);
/**
 * Phase of a binary grating: 0 and `depth` in turn, each half a period.
 *
 * @param g       graph
 * @param type    f32 or f64
 * @param grid    its pixels
 * @param period  metres; finite, > 0
 * @param angle   of the direction across its lines, radians, from x to y
 * @param depth   radians; finite
 * @return [ny, nx], radians; the graph's error: type, grid, a number, or ONN_ERROR_MEMORY
 */
ONN_API onn_node onn_binary_phase(
    onn_graph *g, onn_type type, const onn_grid *grid, double period, double angle, double depth);
/**
 * Phase of a sinusoidal grating: depth/2 (1 + sin(2 pi t/period)), t along the direction at
 * `angle`.
 *
 * @param g       graph
 * @param type    f32 or f64
 * @param grid    its pixels
 * @param period  metres; finite, > 0
 * @param angle   of the direction across its lines, radians, from x to y
 * @param depth   radians from lowest to highest; finite
 * @return [ny, nx], radians; the graph's error: type, grid, a number, or ONN_ERROR_MEMORY
 */
ONN_API onn_node onn_sine_phase(
    onn_graph *g, onn_type type, const onn_grid *grid, double period, double angle, double depth);
/**
 * A Zernike polynomial in Noll's normalisation: its mean square over the disc is 1, so a
 * coefficient in radians is the aberration's root mean square. 0 outside the disc.
 *
 * @param g       graph
 * @param type    f32 or f64
 * @param grid    its pixels
 * @param n       radial order, 0 to 1000
 * @param m       azimuthal frequency: |m| <= n, n - |m| even; m < 0: the sine, else the cosine
 * @param radius  of the disc about the optical axis, metres; finite, > 0
 * @return [ny, nx], plain numbers; the graph's error: type, grid, n, m, radius, or ONN_ERROR_MEMORY
 * @see Noll, J. Opt. Soc. Am. 66, 207 (1976)
 */
ONN_API onn_node onn_zernike(
    onn_graph *g, onn_type type, const onn_grid *grid, int n, int m, double radius);

/* ---- spatial light modulators ---- */

/** What a spatial light modulator can show. */
typedef struct onn_slm {
	size_t size;     /**< sizeof(onn_slm) */
	unsigned levels; /**< phases 2 pi m/levels, nearest on the circle, halves up; 0: continuous;
	                     2 to 65536 */
	double fill;     /**< part of a pixel's area that modulates, (0, 1]; the rest passes light
	                     unmodulated */
} onn_slm;

/** Continuous phases, the whole area modulates. */
#define ONN_SLM_INIT                                                                               \
	{                                                                                          \
		sizeof(onn_slm), 0, 1                                                              \
	}

/**
 * The phase that the modulator shows for a phase wanted. Its derivative is that of the phase wanted
 * (straight through), so that plates can be trained at the levels there are.
 *
 * @param g      graph
 * @param phase  real, radians, any shape
 * @param slm    levels and fill
 * @return of phase's shape, in [0, 2 pi) where there are levels; the graph's error: phase is not
 *         real, slm is out of range
 */
ONN_API onn_node onn_slm_phase(onn_graph *g, onn_node phase, const onn_slm *slm);
/**
 * A field behind a modulator: times fill exp(i shown) + (1 - fill).
 *
 * @param g      graph
 * @param field  light before it
 * @param phase  wanted: real, radians; broadcasts to the field's shape
 * @param slm    levels and fill
 * @return light behind it; the graph's error: phase is not real or of another shape, slm is out of
 *         range
 */
ONN_API onn_field onn_modulate(onn_graph *g, onn_field field, onn_node phase, const onn_slm *slm);

/* ---- misalignment ---- */

/**
 * Errors of mounting, drawn anew at each step: what training has to see to survive them (Mengu et
 * al., Nanophotonics 9, 4207 (2020)). Normal, with these standard deviations, by Philox: the same
 * on every device. 0 leaves an error out.
 */
typedef struct onn_misalignment {
	size_t size;     /**< sizeof(onn_misalignment) */
	double shift;    /**< of a plate in its plane, each axis, metres; >= 0 */
	double tilt;     /**< of the beam behind it, each axis, radians; >= 0 */
	double distance; /**< of the gap behind it, metres; >= 0 */
	uint64_t seed;   /**< names the run */
	uint32_t stream; /**< names the plate; three streams from this one on are used */
} onn_misalignment;

/** No errors. */
#define ONN_MISALIGNMENT_INIT                                                                      \
	{                                                                                          \
		sizeof(onn_misalignment), 0, 0, 0, 0, 0                                            \
	}

/**
 * A plate seen shifted in its plane, by linear interpolation between its pixels; beyond its edge
 * its edge goes on. A phase that jumps by a turn between pixels is to be shifted as a transmission.
 *
 * @param g      graph
 * @param plate  [..., ny, nx], real phase or height, or complex transmission; all are shifted alike
 * @param grid   the plate's pixels
 * @param m      the deviations
 * @param step   0-d u32: draws are new where it is
 * @return of plate's type and shape; the graph's error: plate's type or shape, grid, m
 */
ONN_API onn_node onn_misaligned_plate(
    onn_graph *g, onn_node plate, const onn_grid *grid, const onn_misalignment *m, onn_node step);
/**
 * A field tilted: times exp(i k (y sin ty + x sin tx)) with drawn ty and tx.
 *
 * @param g      graph
 * @param field  light behind the plate
 * @param m      the deviations
 * @param step   0-d u32: draws are new where it is
 * @return the tilted field; the graph's error: m or step
 */
ONN_API onn_field onn_misaligned_beam(
    onn_graph *g, onn_field field, const onn_misalignment *m, onn_node step);
/**
 * A distance with its error, to use as onn_propagation's node. A device without fp64 has no such
 * plan; onn_misaligned_gap needs none.
 *
 * @param g     graph
 * @param z     distance meant, metres
 * @param m     the deviations
 * @param step  0-d u32: draws are new where it is
 * @return z plus its error: 0-d f64; the graph's error: m or step
 */
ONN_API onn_node onn_misaligned_distance(
    onn_graph *g, double z, const onn_misalignment *m, onn_node step);
/**
 * onn_propagate over a distance with that error, in the light's own precision and at little more
 * than onn_propagate's cost: one complex product for each frequency. The phase k dz, which all of
 * the light has in common, is left out, and evanescent waves decay as over z.
 *
 * @param g            graph
 * @param field        light behind the plate
 * @param z            distance meant, metres
 * @param propagation  as for onn_propagate; asm, band-limited, fresnel or auto where it chooses one
 *                     of these, without nodes; NULL: ONN_PROPAGATION_INIT
 * @param m            the deviations
 * @param step         0-d u32: draws are new where it is
 * @return field on the same grid; the graph's error: those of onn_propagate, another method, m,
 *         step
 */
ONN_API onn_field onn_misaligned_gap(onn_graph *g, onn_field field, double z,
    const onn_propagation *propagation, const onn_misalignment *m, onn_node step);

/* ---- absorbing sheets ---- */

/**
 * A saturable absorber that the field passes, thin or thick, detuned or not (saturable.h). Every
 * wavelength meets the same absorber, and saturates it alone.
 *
 * @param g         graph
 * @param field     light before the sheet
 * @param absorber  amplitude encoding; isat in units of |E|^2
 * @return light behind it; the graph's error: a field of absorber, or another encoding
 * @see Guo, Barrett, Wang, Lvovsky, Photonics Research 9, B71 (2021)
 */
ONN_API onn_field onn_absorbing_sheet(onn_graph *g, onn_field field, const onn_absorber *absorber);
/**
 * onn_absorbing_sheet with a node for its depth, in place of absorber->depth: for depths that are
 * learned, or that differ from place to place.
 *
 * @param g         graph
 * @param field     light before the sheet
 * @param absorber  amplitude encoding; isat in units of |E|^2
 * @param depth     optical depth for intensity: real, >= 0, broadcasts with the field
 * @return light behind it; the graph's error: a field of absorber, another encoding, depth's type
 *         or shape
 */
ONN_API onn_field onn_absorbing_sheet_of(
    onn_graph *g, onn_field field, const onn_absorber *absorber, onn_node depth);

/* ---- numbers that are nodes ----
 * The same elements with nodes in place of numbers, 0-d f64, for derivatives by focal lengths,
 * positions, tilts, radii and wavelengths; onn_propagation has those of a distance. Their
 * transmission is made in f64 in the graph, so the device needs f64. A null node of a centre or an
 * angle is 0, one of a wavelength is the light's; a wavelength may also be [wavelength, 1, 1].
 */

/**
 * onn_thin_lens of nodes.
 *
 * @param g           graph
 * @param field       light before the lens
 * @param f           focal length, metres; not a known number of 0; a variable that holds 0 when
 *                    the plan runs gives NaN, in the light and in every derivative
 * @param y           centre, metres
 * @param x           centre, metres
 * @param wavelength  metres
 * @return light behind it; the graph's error: a node that is not such a number, an f of 0
 */
ONN_API onn_field onn_thin_lens_of(
    onn_graph *g, onn_field field, onn_node f, onn_node y, onn_node x, onn_node wavelength);
/**
 * A prism: the field times exp(i k (y sin ty + x sin tx)).
 *
 * @param g           graph
 * @param field       light before it
 * @param ty          angle, radians
 * @param tx          angle, radians
 * @param wavelength  metres
 * @return light behind it; the graph's error: a node that is not such a number
 */
ONN_API onn_field onn_tilt_of(
    onn_graph *g, onn_field field, onn_node ty, onn_node tx, onn_node wavelength);
/**
 * A circular mask with an edge that has a derivative: 1 inside, 0 outside, and linear in between
 * over `edge`, so that it is one half at the radius. The amplitude of what passes.
 *
 * @param g       graph
 * @param grid    its pixels
 * @param radius  metres
 * @param edge    metres, some pixels; finite, > 0
 * @param y       centre, metres
 * @param x       centre, metres
 * @return f64 [ny, nx]; the graph's error: grid, edge, or a node that is not such a number
 */
ONN_API onn_node onn_soft_circle(
    onn_graph *g, const onn_grid *grid, onn_node radius, double edge, onn_node y, onn_node x);
/**
 * onn_gaussian_beam of nodes, about a centre.
 *
 * @param g           graph
 * @param grid        its pixels
 * @param light       its wavelengths
 * @param w0          radius of the waist, metres
 * @param z           distance behind the waist, metres
 * @param y           centre, metres
 * @param x           centre, metres
 * @param wavelength  metres
 * @return the beam; the graph's error: grid, light, or a node that is not such a number
 */
ONN_API onn_field onn_gaussian_beam_of(onn_graph *g, const onn_grid *grid, const onn_light *light,
    onn_node w0, onn_node z, onn_node y, onn_node x, onn_node wavelength);

/* ---- detection ---- */

/**
 * Intensity of light that does not interfere: |E|^2 summed over wavelengths and modes.
 *
 * @param g       graph
 * @param field   the light
 * @param weight  of each wavelength, read at once, never kept; NULL: 1 each
 * @param modes   how many batch axes, from the left, are modes to be summed over
 * @return real, the field's shape without its wavelengths and modes; the graph's error: fewer batch
 *         axes than modes, a weight that is not finite
 */
ONN_API onn_node onn_incoherent_intensity(
    onn_graph *g, onn_field field, const double *weight, size_t modes);

/** A rectangle of pixels: rows [y, y + ny), columns [x, x + nx). */
typedef struct onn_region {
	size_t y;  /**< first row */
	size_t x;  /**< first column */
	size_t ny; /**< rows */
	size_t nx; /**< columns */
} onn_region;

/**
 * Regions on rows and columns as even as they go, centred; rows fill from the top. Ten are rows of
 * 3, 4 and 3, as in Lin et al., Science 361, 1004 (2018).
 *
 * @param region  receives count regions, in the caller's memory
 * @param grid    the detector's pixels
 * @param count   regions; at least 1
 * @param ny      rows of each; at least 1
 * @param nx      columns of each; at least 1
 * @return ONN_ERROR_ARGUMENT: the grid, or regions that do not fit, with the size that would
 */
ONN_API onn_status onn_detector_layout(
    onn_region *region, const onn_grid *grid, size_t count, size_t ny, size_t nx);
/**
 * Regions in rows and columns, evenly over the grid.
 *
 * @param region   receives rows times columns regions, row by row, in the caller's memory
 * @param grid     the detector's pixels
 * @param rows     at least 1
 * @param columns  at least 1
 * @param ny       rows of pixels of each; at least 1
 * @param nx       columns of pixels of each; at least 1
 * @return ONN_ERROR_ARGUMENT: the grid, or regions that do not fit
 */
ONN_API onn_status onn_detector_grid(
    onn_region *region, const onn_grid *grid, size_t rows, size_t columns, size_t ny, size_t nx);
/**
 * Sum of intensity over each region.
 *
 * @param g          graph
 * @param intensity  real [..., y, x]
 * @param region     count regions within it, read at once, never kept; they may overlap
 * @param count      at least 1
 * @return [..., count]; the graph's error: intensity's type or shape, a region that is empty or
 *         outside, or ONN_ERROR_MEMORY
 */
ONN_API onn_node onn_detect(
    onn_graph *g, onn_node intensity, const onn_region *region, size_t count);
/**
 * Differential detection: of 2n readings, n pairs give (I+ - I-)/(I+ + I-).
 *
 * @param g         graph
 * @param readings  real [..., 2n]: I+ the first n, I- the others
 * @return [..., n], from -1 to 1; 0 where both are 0; the graph's error: not real, or an odd number
 * @see Li, Mengu, Luo, Rivenson, Ozcan, Adv. Photonics 1, 046001 (2019)
 */
ONN_API onn_node onn_differential(onn_graph *g, onn_node readings);

/** A camera: photons, noise, a well that fills, a converter. */
typedef struct onn_camera {
	size_t size;       /**< sizeof(onn_camera) */
	double photons;    /**< photoelectrons per unit of intensity and pixel; > 0 */
	double read_noise; /**< standard deviation, electrons; >= 0 */
	double full_well;  /**< electrons that saturate a pixel; > 0, may be infinite */
	unsigned bits;     /**< of the converter, to 24: 0 at 0 and below, full scale at full_well,
	                      which is then finite; 0: no rounding, and readings below 0 stay */
	bool shot_noise;   /**< Poisson's: onn_random_poisson */
	uint64_t seed;     /**< names the run */
	uint32_t stream;   /**< names the camera; two streams from this one on are used */
} onn_camera;

/** 10^4 electrons a unit, no noise, no rounding, no limit. */
#define ONN_CAMERA_INIT                                                                            \
	{                                                                                          \
		sizeof(onn_camera), 1e4, 0, INFINITY, 0, false, 0, 0                               \
	}

/**
 * What the camera reads, in units of intensity again. Its derivative goes straight through noise
 * and rounding, and is 0 where a pixel is saturated.
 *
 * @param g          graph
 * @param intensity  real, any shape
 * @param camera     as above
 * @param step       0-d u32: draws are new where it is
 * @return of intensity's type and shape; the graph's error: intensity is not real, a field of
 *         camera is out of range, step
 */
ONN_API onn_node onn_camera_reading(
    onn_graph *g, onn_node intensity, const onn_camera *camera, onn_node step);

/* ---- what a picture is worth ---- */

/** How alike two pictures are, in double, for reports. */
typedef struct onn_likeness {
	double mse;  /**< mean square of the difference */
	double psnr; /**< 10 log10(peak^2/mse), dB; infinite for equal pictures */
	/** structural similarity: mean over all places of a Gaussian window of 11 pixels and
	 * deviation 1.5 (on a shorter side, of the largest odd number that fits) */
	double ssim;
	double correlation; /**< Pearson's; 0 where a picture is flat */
	double efficiency; /**< part of the light that is where the target is above half its peak; 0
	                      where there is no light */
} onn_likeness;

/**
 * Compares two pictures.
 *
 * @param likeness  receives the figures
 * @param picture   [y, x], f32 or f64
 * @param target    the same shape, f32 or f64
 * @param peak      the largest value that counts, usually 1; finite, > 0
 * @return ONN_ERROR_ARGUMENT (shapes, types, peak), ONN_ERROR_MEMORY
 * @see Wang, Bovik, Sheikh, Simoncelli, IEEE Trans. Image Process. 13, 600 (2004), for ssim
 */
ONN_API onn_status onn_compare_pictures(
    onn_likeness *likeness, const onn_array *picture, const onn_array *target, double peak);

#ifdef __cplusplus
}
#endif

#endif
