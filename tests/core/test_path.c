/* Names of files put together. */
#include "testing.h"

#include "core/path.h"

START_TEST(paths_join_or_are_empty)
{
	char path[ONN_PATH_ROOM], folder[ONN_PATH_ROOM + 1];
	ck_assert(onn_path_join(path, "a/b", "c"));
	ck_assert_str_eq(path, "a/b/c");
	ck_assert(!onn_path_join(path, NULL, "c"));
	ck_assert_str_eq(path, "");
	ck_assert(!onn_path_join(path, "", "c"));
	memset(folder, 'f', sizeof folder);
	folder[ONN_PATH_ROOM - 3] = '\0';
	ck_assert(onn_path_join(path, folder, "c"));
	ck_assert_uint_eq(strlen(path), ONN_PATH_ROOM - 1);
	ck_assert(!onn_path_join(path, folder, "cc"));
	ck_assert_str_eq(path, "");
}
END_TEST

int main(void) { return run_tests("path", (const TTest *[]){paths_join_or_are_empty, NULL}); }
