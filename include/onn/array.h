/**
 * @file
 * Element types, and arrays in the host's memory.
 *
 * An onn_array is dense and row-major. It carries data into and out of files and devices; what a
 * device works on is an onn_tensor (device.h).
 */
#ifndef ONN_ARRAY_H
#define ONN_ARRAY_H

#include <stdbool.h>
#include <stddef.h>

#include <onn/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Element types, in the order of promotion: an operation on two types works in the later one. */
typedef enum onn_type {
	ONN_U8,  /**< uint8_t */
	ONN_I32, /**< int32_t */
	ONN_U32, /**< uint32_t */
	ONN_F32, /**< float */
	ONN_F64, /**< double */
	ONN_C64, /**< two f32, real part first */
	ONN_C128 /**< two f64, real part first */
} onn_type;

enum {
	ONN_TYPE_COUNT = ONN_C128 + 1, /**< how many types there are */
	ONN_MAX_DIMS = 8               /**< the most axes that an array, tensor or node can have */
};

/** "u8", "i32", "u32", "f32", "f64", "c64" or "c128"; "?" for any other value. */
ONN_API const char *onn_type_name(onn_type type);
/** Bytes an element takes; 0 for a value that is no type. */
ONN_API size_t onn_type_size(onn_type type);
/** True for c64 and c128. */
ONN_API bool onn_type_is_complex(onn_type type);
/** True for f32, f64, c64 and c128: the types that have derivatives. */
ONN_API bool onn_type_is_float(onn_type type);
/** The type of the real part: f32 for c64, f64 for c128, else the type itself. */
ONN_API onn_type onn_type_real(onn_type type);
/** The complex type of that precision: c64 for f32, c128 for f64; complex types stay. */
ONN_API onn_type onn_type_complex(onn_type type);
/** The type that an operation on both works in: f64 with c64 gives c128, u8 with f32 gives f32. */
ONN_API onn_type onn_type_promote(onn_type a, onn_type b);

/** Elements of one type in a dense row-major shape. */
typedef struct onn_array onn_array;

/**
 * Makes an array of zeros.
 *
 * @param a      receives the array; the caller destroys it
 * @param type   of its elements
 * @param ndim   0 to ONN_MAX_DIMS; 0 makes a single element
 * @param shape  ndim sizes; may be NULL where ndim is 0; sizes of 0 are fine
 * @return ONN_ERROR_ARGUMENT (type, ndim), ONN_ERROR_MEMORY
 */
ONN_API onn_status onn_array_create(onn_array **a, onn_type type, size_t ndim, const size_t *shape);
/** As onn_array_create, with the elements copied from data, which holds them densely in row-major
 * order. */
ONN_API onn_status onn_array_from(
    onn_array **a, onn_type type, size_t ndim, const size_t *shape, const void *data);
/** A copy with each element converted to another type; complex to real keeps the real part. The
 * caller destroys it. ONN_ERROR_ARGUMENT (type), ONN_ERROR_MEMORY. */
ONN_API onn_status onn_array_convert(onn_array **a, const onn_array *from, onn_type type);
/** Frees an array. NULL is fine. */
ONN_API void onn_array_destroy(onn_array *a);

/** Type of its elements. */
ONN_API onn_type onn_array_type(const onn_array *a);
/** Number of axes. */
ONN_API size_t onn_array_ndim(const onn_array *a);
/** Lent: ndim sizes. */
ONN_API const size_t *onn_array_shape(const onn_array *a);
/** The number of elements: the product of the sizes, 1 for ndim 0. */
ONN_API size_t onn_array_count(const onn_array *a);
/** Lent: the elements, to be written or read. */
ONN_API void *onn_array_data(onn_array *a);
/** Lent: the elements, to be read. */
ONN_API const void *onn_array_const_data(const onn_array *a);

/**
 * Reads an array from a file, by the ending of its name.
 *
 * - `.npz`, `.safetensors`: an array of an archive (onn/archive.h)
 * - `.h5`, `.hdf5`: a dataset of HDF5: whole and real numbers, truth values, complex ones as a
 *   compound of r and i, as h5py has them
 * - `.mat`: a variable of a MAT file of MATLAB's, version 5 to 7, or 7.3, which is HDF5: numbers,
 *   element (i, j) being [i, j] here
 * - any other: NumPy's .npy, versions 1 to 3; both byte orders, both element orders
 *
 * Of the first three a colon tells which one, "run.h5:/light/field", "run.mat:field"; without it,
 * the file has one array only. Truth values become u8, wider and narrower integers i32 where every
 * value fits.
 *
 * @param a     receives the array; the caller destroys it
 * @param path  of the file, and the array's name behind a colon
 * @return ONN_ERROR_FILE, ONN_ERROR_FORMAT (damaged, no numbers, no array of that name: then with
 *         the names that there are), ONN_ERROR_UNSUPPORTED (HDF5, without its library),
 *         ONN_ERROR_MEMORY
 */
ONN_API onn_status onn_array_load(onn_array **a, const char *path);
/**
 * Writes an array into a file, by the ending of its name as onn_array_load reads it: under a
 * temporary name, synced, then renamed. With a name behind a colon it is added to a file that is
 * there, in place of the array of that name; without, the file has one array, "data". Equal arrays
 * make equal bytes.
 *
 * MATLAB's arrays have two axes or more: a number is written as 1 by 1, a list as a row.
 *
 * @param a     what is written
 * @param path  of the file; replaced where it exists and no name is given
 * @return ONN_ERROR_FILE, ONN_ERROR_ARGUMENT (a name that is no variable of MATLAB),
 *         ONN_ERROR_FORMAT (the file that is there is none to add to), ONN_ERROR_UNSUPPORTED (HDF5,
 *         without its library; c128 in a safetensors; 2 GB in a MAT file), ONN_ERROR_MEMORY
 */
ONN_API onn_status onn_array_save(const onn_array *a, const char *path);

#ifdef __cplusplus
}
#endif

#endif
