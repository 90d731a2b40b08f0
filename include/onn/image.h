/**
 * @file
 * Pictures in and out: PNG.
 */
#ifndef ONN_IMAGE_H
#define ONN_IMAGE_H

#include <onn/array.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { ONN_IMAGE_MAX_SIDE = 32768 /**< the largest width and height that is read or written */ };

/**
 * Reads a PNG as shades of grey.
 *
 * Takes 1 to 16 bits, grey, colour and palettes, interlaced or not. Colours become
 * 0.299 R + 0.587 G + 0.114 B of the stored values; what is transparent becomes black, that is no
 * light. Gamma and colour profiles are not applied.
 *
 * @param a     receives f64 [height, width] with 0 for black and 1 for white; the caller destroys
 *              it
 * @param path  of the file
 * @return ONN_ERROR_FILE, ONN_ERROR_FORMAT (no PNG, truncated, corrupt, too large),
 *         ONN_ERROR_MEMORY
 */
ONN_API onn_status onn_image_load(onn_array **a, const char *path);

/** The size of a PNG in pixels, from its first bytes: what is not wanted need not be decoded.
 * ONN_ERROR_FILE, ONN_ERROR_FORMAT (no PNG). */
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
 * Writes a PNG, under a temporary name that is then renamed. Equal pictures make equal bytes.
 *
 * @param a     grey [height, width] or colour [height, width, 3]; f32 and f64 run from 0 to 1,
 *              beyond which they are cut, u8 from 0 to 255
 * @param path  of the file; replaced where it exists
 * @param bits  8 or 16 a channel
 * @return ONN_ERROR_ARGUMENT (shape, type, bits, NaN), ONN_ERROR_FILE, ONN_ERROR_MEMORY
 */
ONN_API onn_status onn_image_save(const onn_array *a, const char *path, int bits);

#ifdef __cplusplus
}
#endif

#endif
