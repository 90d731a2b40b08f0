/* The examples of FIPS 180-2, appendix B, and lengths about the padding's limits in pieces. */
#include "testing.h"

#include "core/sha256.h"

static void check_digest(const char *data, size_t repeat, const char *expected)
{
	onn_sha256 sha;
	unsigned char digest[ONN_SHA256_BYTES];
	char text[ONN_SHA256_TEXT];

	onn_sha256_start(&sha);
	for (size_t i = 0; i < repeat; i++)
		onn_sha256_add(&sha, data, strlen(data));
	onn_sha256_finish(digest, &sha);
	onn_sha256_text(text, digest);
	ck_assert_str_eq(text, expected);
}

START_TEST(the_standards_examples_come_out)
{
	check_digest("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	check_digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
	    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	check_digest(
	    "a", 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	check_digest("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}
END_TEST

START_TEST(pieces_do_not_matter)
{
	unsigned char data[200], whole[ONN_SHA256_BYTES], parts[ONN_SHA256_BYTES];
	onn_sha256 sha;

	for (size_t i = 0; i < sizeof data; i++)
		data[i] = (unsigned char)(i * 7);
	for (size_t length = 50; length <= sizeof data; length++) {
		onn_sha256_start(&sha);
		onn_sha256_add(&sha, data, length);
		onn_sha256_finish(whole, &sha);
		onn_sha256_start(&sha);
		onn_sha256_add(&sha, data, length / 3);
		onn_sha256_add(&sha, data + length / 3, length - length / 3);
		onn_sha256_finish(parts, &sha);
		ck_assert_mem_eq(whole, parts, sizeof whole);
	}
}
END_TEST

TESTS("sha256", the_standards_examples_come_out, pieces_do_not_matter)
