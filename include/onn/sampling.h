/**
 * @file
 * Whether what is put on a grid, and what is sent through space, is sampled finely enough.
 *
 * A phase that turns by more than half a turn from one pixel to the next looks like a slower one
 * the other way: a tilt finer than two pixels sends light elsewhere, a lens that is too strong
 * becomes many weak ones. No padding mends that, a finer pitch does. Each function here tells the
 * largest step that its source or element makes, from the same arguments as the builder; none needs
 * a graph. All return ONN_ERROR_ARGUMENT for what the builder refuses.
 */
#ifndef ONN_SAMPLING_H
#define ONN_SAMPLING_H

#include <onn/array.h>
#include <onn/device.h>
#include <onn/elements.h>
#include <onn/optics.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The phase that something makes on a grid, from pixel to pixel. */
typedef struct onn_phase_sampling {
	/** largest change of phase between neighbours along (y, x), radians, of the shortest
	 * wavelength; 0 on an axis of one pixel */
	double step[2];
	/** the same thing is sampled on pixels of at most (y, x) metres; infinite where any will do
	 */
	double pitch[2];
	bool enough;   /**< step <= pi on both axes */
	char why[320]; /**< one sentence with the numbers compared, no line end */
} onn_phase_sampling;

/** Of onn_plane_wave: k d sin t, which is to be at most pi (1 - 1/(2 n)) on n pixels, of
 * whose frequencies half a turn is both ways: sin t <= lambda/(2 d) (1 - 1/(2 n)). */
ONN_API onn_status onn_plane_wave_sampling(onn_phase_sampling *sampling, const onn_grid *grid,
    const onn_light *light, double ty, double tx);
/** Of onn_point_source: at the pixels farthest from the point. */
ONN_API onn_status onn_point_source_sampling(onn_phase_sampling *sampling, const onn_grid *grid,
    const onn_light *light, double y, double x, double z);
/** Of onn_gaussian_beam, where its amplitude is 1e-3 of its middle's or more; a beam whose waist is
 * narrower than 1.7 pixels is not sampled either, where its edges are on the grid. */
ONN_API onn_status onn_gaussian_beam_sampling(onn_phase_sampling *sampling, const onn_grid *grid,
    const onn_light *light, double w0, double z);
/** Of onn_hermite_gauss: its lobes and its wavefront together, up to where its amplitude is about
 * 1e-3 of the largest; a mode whose spectrum is wider than the grid's is not sampled either. */
ONN_API onn_status onn_hermite_gauss_sampling(onn_phase_sampling *sampling, const onn_grid *grid,
    const onn_light *light, int m, int n, double w0, double z);
/** Of onn_laguerre_gauss in the same way: rings, phase about the axis and wavefront. */
ONN_API onn_status onn_laguerre_gauss_sampling(onn_phase_sampling *sampling, const onn_grid *grid,
    const onn_light *light, int p, int l, double w0, double z);
/** Of onn_thin_lens on the whole grid: k d |x|/f at its edge, so that n pixels sample a centred
 * lens from f = n d^2/lambda on. `why` names that focal length, and the radius within which light
 * meets a lens that is sampled. */
ONN_API onn_status onn_lens_sampling(onn_phase_sampling *sampling, const onn_grid *grid,
    const onn_light *light, double f, double y, double x);
/** Of onn_blazed_phase, onn_binary_phase and onn_sine_phase: two pixels a period at least, along
 * both axes. */
ONN_API onn_status onn_grating_sampling(
    onn_phase_sampling *sampling, const onn_grid *grid, double period, double angle);
/** Of onn_zernike times a coefficient in radians: the slope at the edge of the disc, where it is
 * steepest, along both axes: |c| N (n (n + 2) - m^2)/2 a radius, N Noll's factor. */
ONN_API onn_status onn_zernike_sampling(onn_phase_sampling *sampling, const onn_grid *grid, int n,
    int m, double radius, double coefficient);
/** Of onn_misaligned_beam: a tilt of three standard deviations. */
ONN_API onn_status onn_misalignment_sampling(onn_phase_sampling *sampling, const onn_grid *grid,
    const onn_light *light, const onn_misalignment *m);
/**
 * Of numbers: a field, or the phases of a plate.
 *
 * From one step alone half a turn cannot be told from more, but from many in a row it can: where
 * the steps change from pixel to pixel by less than an eighth of a turn they are followed beyond
 * half a turn. Steps that differ by more than a turn on the way cannot all be below half a turn.
 * What is uneven from pixel to pixel (noise, the levels of a plate, jumps by a turn) is taken as it
 * is, and a tilt that is too steep everywhere cannot be seen.
 *
 * @param sampling  receives the answer; a field's that is found to be too coarse has the least
 *                  steps that it can have
 * @param numbers   [..., y, x], complex: amplitudes, of which those below 1e-2 of the largest do
 *                  not count; or real: phases, radians
 * @param grid      its pixels
 * @return ONN_ERROR_ARGUMENT: the grid, numbers of another type or of another shape
 */
ONN_API onn_status onn_numbers_sampling(
    onn_phase_sampling *sampling, const onn_array *numbers, const onn_grid *grid);

/** A propagation of light that is known, and how far its result may be from the truth. */
typedef struct onn_measure {
	onn_method method; /**< what was asked for, or what auto takes */
	size_t pad[2];     /**< zeros on each side, pixels (y, x): as asked for, or as auto takes */
	/** the largest error of an amplitude that is to be expected, over the largest amplitude of
	 * the result, without rounding; infinite where that is not known */
	double error;
	bool enough;   /**< error <= the tolerance; fraunhofer: see there */
	char why[320]; /**< one sentence with the number, and what does better; no line end */
} onn_measure;

/**
 * How well a propagation of this light is computed, and for auto, with which method and padding.
 *
 * The truth is the field as a sum of plane waves up to the grid's own frequencies, dark beyond its
 * edges; along an axis without padding (and along the y axis of a grid of one row) it repeats. What
 * a method makes of its light is known in closed form (docs/physics.md, "How wrong a propagation
 * is"): for asm on a padded grid that reaches farther than light of the finest frequency, and for
 * rs from where its kernel is sampled. Every other propagation, and pixels of half a wavelength or
 * less, is run and compared with the best that there is.
 *
 * auto takes rs from where its kernel is sampled, else asm, and as much padding as the tolerance
 * needs; where the padding is given, the best method for it; without padding on an axis, asm. It
 * takes the best that it finds where the tolerance cannot be met with 2^24 padded pixels.
 *
 * fraunhofer is enough from D^2/lambda on, D the largest side of what is lit (1e-2 of the largest
 * amplitude and more); its error is infinite before that and 0 behind, since it is none of the
 * sampling. scaled is enough where asm is on its padded grid, and its window within that.
 *
 * @param measure      receives the answer
 * @param device       runs the propagation, once or a few times; NULL: plain C
 * @param field        [..., y, x] or [..., wavelength, y, x], complex or real amplitudes; the worst
 *                     of the fields decides; lent
 * @param grid         its pixels
 * @param light        its wavelengths; runs are in double where the device can
 * @param z            distance, metres
 * @param propagation  as for onn_propagate, nodes do not count; NULL: ONN_PROPAGATION_INIT
 * @param tolerance    wished for: error over the largest amplitude, > 0
 * @return ONN_ERROR_ARGUMENT: as onn_propagate, a field of another shape, the tolerance;
 *         ONN_ERROR_MEMORY, ONN_ERROR_DEVICE
 */
ONN_API onn_status onn_propagation_measure(onn_measure *measure, onn_device *device,
    const onn_array *field, const onn_grid *grid, const onn_light *light, double z,
    const onn_propagation *propagation, double tolerance);

#ifdef __cplusplus
}
#endif

#endif
