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

/** Of onn_plane_wave: k d sin t, which is to be at most pi: sin t <= lambda/(2 d). */
ONN_API onn_status onn_plane_wave_sampling(onn_phase_sampling *sampling, const onn_grid *grid,
    const onn_light *light, double ty, double tx);
/** Of onn_point_source: at the pixels farthest from the point. */
ONN_API onn_status onn_point_source_sampling(onn_phase_sampling *sampling, const onn_grid *grid,
    const onn_light *light, double y, double x, double z);
/** Of onn_gaussian_beam, where its amplitude is 1e-3 of its middle's or more; a beam narrower than
 * 1.7 pixels is not sampled either. */
ONN_API onn_status onn_gaussian_beam_sampling(onn_phase_sampling *sampling, const onn_grid *grid,
    const onn_light *light, double w0, double z);
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

#ifdef __cplusplus
}
#endif

#endif
