/**
 * @file
 * Named arrays and texts in one file: NumPy's .npz, or a safetensors.
 *
 * numpy.load opens what onn_archive_save writes. Texts are members too, named as they are
 * ("config.json"); array members are named NAME.npy, and NAME here. Files hold nothing that depends
 * on the time: equal contents make equal bytes.
 *
 * A name that ends in .safetensors is a file of that format, with texts as its metadata: all of it
 * is read at once, numbers of types that are not here become the next larger (F16 and BF16 f32,
 * whole numbers i32, where they fit), and c128 cannot be written.
 */
#ifndef ONN_ARCHIVE_H
#define ONN_ARCHIVE_H

#include <onn/array.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Arrays and texts by name. */
typedef struct onn_archive onn_archive;

/** Makes an empty archive, which the caller destroys. ONN_ERROR_MEMORY. */
ONN_API onn_status onn_archive_create(onn_archive **archive);
/** Frees an archive and what it holds. NULL is fine. */
ONN_API void onn_archive_destroy(onn_archive *archive);

/** Adds a copy of an array, or replaces the one of that name. ONN_ERROR_MEMORY. */
ONN_API onn_status onn_archive_put(onn_archive *archive, const char *name, const onn_array *a);
/** Adds a copy of a text, or replaces the one of that name. ONN_ERROR_MEMORY. */
ONN_API onn_status onn_archive_put_text(onn_archive *archive, const char *name, const char *text);
/** Lends the array of that name in *a, NULL where there is none. ONN_ERROR_FORMAT with the member's
 * name for one that is truncated, corrupt or not of numbers; ONN_ERROR_MEMORY. */
ONN_API onn_status onn_archive_find(
    const onn_array **a, const onn_archive *archive, const char *name);
/** The same of a text. */
ONN_API onn_status onn_archive_find_text(
    const char **text, const onn_archive *archive, const char *name);
/** Lends the array of that name, or NULL where there is none that can be read. */
ONN_API const onn_array *onn_archive_get(const onn_archive *archive, const char *name);
/** Lends the text of that name, or NULL where there is none that can be read. */
ONN_API const char *onn_archive_get_text(const onn_archive *archive, const char *name);
/** The names of the arrays, in the order of the file: i from 0; NULL past the last. */
ONN_API const char *onn_archive_name(const onn_archive *archive, size_t i);

/** Opens an .npz or .safetensors as a new archive, which the caller destroys. Its members are read
 * when they are asked for, and those that nobody asks for may be of any kind. ONN_ERROR_FILE;
 * ONN_ERROR_FORMAT for a file that is neither, or whose members claim more bytes than it has;
 * ONN_ERROR_MEMORY. */
ONN_API onn_status onn_archive_load(onn_archive **archive, const char *path);
/** Reads one text of an .npz and nothing else of it; free it with onn_free. ONN_ERROR_FILE,
 * ONN_ERROR_FORMAT (no .npz, no such text in it), ONN_ERROR_MEMORY. */
ONN_API onn_status onn_archive_load_text(char **text, const char *path, const char *name);
/** Writes under a temporary name beside path, syncs and renames: path is whole or untouched.
 * ONN_ERROR_FILE, ONN_ERROR_MEMORY; ONN_ERROR_UNSUPPORTED (c128 in a safetensors); ONN_ERROR_FORMAT
 * for a member of a loaded archive that cannot
 * be read. */
ONN_API onn_status onn_archive_save(const onn_archive *archive, const char *path);

#ifdef __cplusplus
}
#endif

#endif
