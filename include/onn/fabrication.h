/**
 * @file
 * From a designed plate to one that can be made: phases, height maps and STL. Pictures of 16
 * bits: onn/image.h.
 */
#ifndef ONN_FABRICATION_H
#define ONN_FABRICATION_H

#include <onn/optics.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The phase of each pixel of a plate, wrapped to [0, 2 pi).
 *
 * @param phase  receives f64 [ny, nx], owned by the caller
 * @param plate  [ny, nx]: real phase, or complex, of which the phase counts; finite
 * @return ONN_ERROR_ARGUMENT (a shape or type, a phase that is not finite, by its place),
 *         ONN_ERROR_MEMORY
 */
ONN_API onn_status onn_plate_phase(onn_array **phase, const onn_array *plate);
/**
 * Heights that give a phase: that of onn_plate_phase divided by 2 pi (n - 1)/lambda, in metres.
 *
 * @param height      receives f64 [ny, nx] from 0 up to lambda/(n - 1), owned by the caller
 * @param plate       as for onn_plate_phase
 * @param wavelength  lambda in the medium around the plate, metres; finite, > 0
 * @param index       refractive index, > 1 (light slowed by 2 pi/lambda (n - 1) a metre)
 * @return ONN_ERROR_ARGUMENT (as onn_plate_phase, wavelength, index), ONN_ERROR_MEMORY
 */
ONN_API onn_status onn_height_map(
    onn_array **height, const onn_array *plate, double wavelength, double index);

/**
 * Writes a solid as binary STL, millimetres: each pixel a column of its height on a base; a closed
 * surface, each edge of exactly two triangles, outside normals. x and y are those of the grid, the
 * underside is at z = 0.
 *
 * Two columns that would touch along a line only, across a corner that the other two pixels leave
 * lower, make no solid. At such a corner a post with a diagonal of 1/32 pixel stands instead, as
 * high as its four pixels in the mean, so that the volume stays that of the columns.
 *
 * @param path    of the file; replaced where it exists
 * @param height  f64 [ny, nx], metres, >= 0
 * @param grid    its pixels
 * @param base    thickness of the base under height 0, metres; > 0
 * @return ONN_ERROR_ARGUMENT (a shape, a height, a pitch that single precision does not tell apart
 * from 0 beside the position), ONN_ERROR_MEMORY, ONN_ERROR_FILE (nothing is left behind)
 */
ONN_API onn_status onn_stl_write(
    const char *path, const onn_array *height, const onn_grid *grid, double base);

#ifdef __cplusplus
}
#endif

#endif
