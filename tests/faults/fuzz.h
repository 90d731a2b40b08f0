/*
 * What reads bytes that others made: targets for libFuzzer (preset `fuzz`), and for replay.c.
 */
#ifndef ONN_TESTS_FAULTS_FUZZ_H
#define ONN_TESTS_FAULTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <onn/status.h>

typedef struct fuzz_target {
	const char *name;
	void (*run)(const uint8_t *data, size_t size);
	long fewer; /* each input is a process: replay.c tries so many times fewer; 0: all */
} fuzz_target;

/* Ends with a name of NULL. */
extern const fuzz_target fuzz_targets[];
const fuzz_target *fuzz_find(const char *name);

/* fuzz_files.c and fuzz_texts.c. What is accepted is read to its last byte and checked, and a
 * refusal has a text of its own; abort() otherwise. */
void fuzz_npy(const uint8_t *data, size_t size);
void fuzz_npz(const uint8_t *data, size_t size); /* a file, or behind 'W' the members of one */
void fuzz_png(
    const uint8_t *data, size_t size); /* checksums are mended where the last bit is set */
void fuzz_idx(const uint8_t *data, size_t size); /* the first byte: 1 packed by gzip, 2 images */
void fuzz_csv(const uint8_t *data, size_t size); /* the first byte: 1 packed by gzip */
void fuzz_set(const uint8_t *data, size_t size); /* the members of a data set */
void fuzz_config(const uint8_t *data, size_t size);
void fuzz_design(const uint8_t *data, size_t size);
void fuzz_network(const uint8_t *data, size_t size);
void fuzz_checkpoint(const uint8_t *data, size_t size); /* the members of one */
void fuzz_options(const uint8_t *data, size_t size);    /* a byte: which command; words by lines */

/* fuzz_formats.c */
void fuzz_tiff(const uint8_t *data, size_t size);
void fuzz_jpeg(const uint8_t *data, size_t size);
void fuzz_safetensors(const uint8_t *data, size_t size);
void fuzz_mat(const uint8_t *data, size_t size);  /* the first byte: which variable */
void fuzz_hdf5(const uint8_t *data, size_t size); /* the first byte: which array */
void fuzz_zemax(const uint8_t *data, size_t size);
void fuzz_lut(const uint8_t *data, size_t size);

/* A good input of a target: the i-th, in memory that the caller frees; NULL: there are no more. */
uint8_t *fuzz_seed(size_t *size, const char *target, size_t i);

/* ---- for the targets (fuzz_wrap.c) ---- */

/* Between members. */
#define FUZZ_CUT "\n=-=\n"

typedef struct fuzz_bytes {
	uint8_t *data;
	size_t size, room;
} fuzz_bytes;

void fuzz_append(fuzz_bytes *b, const void *data, size_t size);
/* fuzz_formats.c: seeds; false: there is no i-th. */
bool fuzz_seed_tiff(fuzz_bytes *b, size_t i);
bool fuzz_seed_jpeg(fuzz_bytes *b, size_t i);
bool fuzz_seed_safetensors(fuzz_bytes *b, size_t i);
bool fuzz_seed_mat(fuzz_bytes *b, size_t i);
bool fuzz_seed_hdf5(fuzz_bytes *b, size_t i);
bool fuzz_seed_zemax(fuzz_bytes *b, size_t i);
bool fuzz_seed_lut(fuzz_bytes *b, size_t i);
/* The name of a file that holds them, until the next call. */
const char *fuzz_file(const void *data, size_t size);
/* A zip of the pieces between cuts, by these names in turn, with checksums that are right. */
fuzz_bytes fuzz_zip(const uint8_t *data, size_t size, const char *const *names);
fuzz_bytes fuzz_gzip(const uint8_t *data, size_t size);
/* Fails where a call's status and its result do not belong together, or no text says why. */
void fuzz_judge(onn_status status, const void *result);
#define FUZZ_CHECK(what) ((what) ? (void)0 : fuzz_fail(#what, __FILE__, __LINE__))
_Noreturn void fuzz_fail(const char *what, const char *file, int line);

#endif
