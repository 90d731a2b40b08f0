/* SHA-256 (FIPS 180-4): names of cached programs, and the check of what a cache gives back. */
#ifndef ONN_SRC_CORE_SHA256_H
#define ONN_SRC_CORE_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { ONN_SHA256_BYTES = 32, ONN_SHA256_TEXT = 65 };

typedef struct onn_sha256 {
	uint32_t state[8];
	uint64_t length; /* bytes so far */
	unsigned char block[64];
} onn_sha256;

void onn_sha256_start(onn_sha256 *sha);
void onn_sha256_add(onn_sha256 *sha, const void *data, size_t bytes);
void onn_sha256_finish(unsigned char digest[ONN_SHA256_BYTES], onn_sha256 *sha);
/* 64 hexadecimal digits and a 0. */
void onn_sha256_text(char text[ONN_SHA256_TEXT], const unsigned char digest[ONN_SHA256_BYTES]);

#endif
