#include "data/files.h"

#include <stdint.h>

#include "core/sha256.h"

static void add_array(onn_sha256 *sha, const onn_array *a)
{
	if (!a)
		return;
	uint64_t head[2] = {(uint64_t)onn_array_type(a), onn_array_count(a)};
	onn_sha256_add(sha, head, sizeof head);
	onn_sha256_add(
	    sha, onn_array_const_data(a), onn_array_count(a) * onn_type_size(onn_array_type(a)));
}

void onn_dataset_digest(char text[ONN_SHA256_TEXT], const onn_dataset *d)
{
	const onn_array *const part[] = {d->train_x, d->train_y, d->test_x, d->test_y};
	unsigned char digest[ONN_SHA256_BYTES];
	onn_sha256 sha;
	onn_sha256_start(&sha);
	for (int i = 0; i < 4; i++)
		add_array(&sha, part[i]);
	onn_sha256_finish(digest, &sha);
	onn_sha256_text(text, digest);
}
