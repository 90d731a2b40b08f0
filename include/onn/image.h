/**
 * @file
 * Pictures in and out: PNG, and where the build has their libraries TIFF and, in only, JPEG.
 */
#ifndef ONN_IMAGE_H
#define ONN_IMAGE_H

#include <onn/array.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { ONN_IMAGE_MAX_SIDE = 32768 /**< the largest width and height that is read or written */ };

/**
 * Reads a PNG, TIFF or JPEG, which is told by its first bytes, as shades of grey.
 *
 * Takes 1 to 16 bits, grey, colour and palettes, interlaced or not. Colours become
 * 0.299 R + 0.587 G + 0.114 B of the stored values; what is transparent becomes black, that is no
 * light. Gamma and colour profiles are not applied.
 *
 * Of TIFFs it takes one picture a file: 8 or 16 bits from 0 up, grey or colour, in strips or tiles,
 * as they are or in LZW, deflate or PackBits; and grey floats of 32 or 64 bits, which stay as they
 * are, whatever their range. Of JPEGs it takes grey and colours, in one pass or several; their
 * orientation is not applied.
 *
 * @param a     receives f64 [height, width] with 0 for black and 1 for white; the caller destroys
 *              it
 * @param path  of the file
 * @return ONN_ERROR_FILE, ONN_ERROR_FORMAT (none of these, truncated, corrupt, too large),
 *         ONN_ERROR_UNSUPPORTED (a TIFF or JPEG, without its library), ONN_ERROR_MEMORY
 */
ONN_API onn_status onn_image_load(onn_array **a, const char *path);

/** The size of a PNG, TIFF or JPEG in pixels, from its header: what is not wanted need not be
 * decoded. ONN_ERROR_FILE, ONN_ERROR_FORMAT (no such), ONN_ERROR_UNSUPPORTED (a TIFF or JPEG,
 * without its library). */
ONN_API onn_status onn_image_size(size_t *height, size_t *width, const char *path);

/**
 * What full scale is in the numbers of a picture, or of pictures, where their type says it: 1 for
 * floats; 255 for bytes, but 1 for bytes of 0 and 1 alone, which are truth values (a .npy of bools
 * is read as such); 0, that is unknown, for other types. Data sets and the command's predict go by
 * it.
 *
 * @param x  any array
 * @return 0, 1 or 255
 */
ONN_API double onn_image_white(const onn_array *x);

/**
 * Writes a PNG, or where the name ends in .tif or .tiff a TIFF without compression, under a
 * temporary name that is then renamed. Equal pictures make equal bytes.
 *
 * @param a     grey [height, width] or colour [height, width, 3]; f32 and f64 run from 0 to 1,
 *              beyond which they are cut, u8 from 0 to 255
 * @param path  of the file; replaced where it exists
 * @param bits  8 or 16 a channel; of a TIFF also 32, floats that are not cut
 * @return ONN_ERROR_ARGUMENT (shape, type, bits, NaN, beyond f32), ONN_ERROR_UNSUPPORTED (a TIFF,
 *         without libtiff; a name ending in .jpg or .jpeg), ONN_ERROR_FILE, ONN_ERROR_MEMORY
 */
ONN_API onn_status onn_image_save(const onn_array *a, const char *path, int bits);

#ifdef __cplusplus
}
#endif

#endif
