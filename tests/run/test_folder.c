#define _DEFAULT_SOURCE /* kill */
#include "run/folder.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/error.h"
#include "testing.h"

#define ROOM "test_run_folder.d"

static const char *const nothing[] = {NULL};

static onn_run_folder opened(void)
{
	onn_run_folder f;
	check_ok(onn_run_folder_open(&f, ROOM "/run", "onn_test"));
	return f;
}

static void make_room(void)
{
	check_ok(onn_directory_make(ROOM "/run"));
	remove(ROOM "/run/last.npz");
}

START_TEST(a_second_run_in_a_folder_is_refused_until_the_first_ends)
{
	onn_archive *archive, *none;
	onn_run_folder first = opened(), second = opened();
	make_room();
	check_ok(onn_run_folder_start(&first, "{}", nothing));
	check_error(onn_run_folder_start(&second, "other", nothing), ONN_ERROR_FILE,
	    "onn_test: " ROOM "/run is in use by another run");
	char *config;
	size_t bytes;
	check_ok(onn_file_read((void **)&config, &bytes, ROOM "/run/config.json"));
	ck_assert_str_eq(config, "{}");
	onn_free(config);
	check_ok(onn_archive_create(&archive));
	check_ok(onn_run_folder_save(&first, "last.npz", archive));
	onn_archive_destroy(archive);
	check_error(
	    onn_run_folder_load(&none, &second), ONN_ERROR_FILE, "is in use by another run");
	onn_run_folder_close(&first);
	/* it had looked before the first one began */
	check_error(onn_run_folder_start(&second, "other", nothing), ONN_ERROR_ARGUMENT,
	    "holds a run already");
	onn_run_folder_close(&second);
	check_ok(onn_run_folder_load(&archive, &second));
	onn_archive_destroy(archive);
	onn_run_folder_close(&second);
	onn_run_folder_close(&second);
}
END_TEST

START_TEST(a_run_that_was_killed_leaves_a_folder_that_another_may_have)
{
	onn_run_folder f = opened();
	int ends[2];
	char byte;
	make_room();
	ck_assert_int_eq(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		onn_status status = onn_run_folder_start(&f, "{}", nothing);
		if (write(ends[1], "x", 1) != 1 || status)
			_exit(1);
		for (;;)
			pause();
	}
	ck_assert_int_eq((int)read(ends[0], &byte, 1), 1);
	check_error(onn_run_folder_start(&f, "{}", nothing), ONN_ERROR_FILE, "in use");
	kill(child, SIGKILL);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
	/* what it was writing */
	check_ok(onn_file_write(ROOM "/run/.onn-00112233445566ff.tmp", "part", 4));
	check_ok(onn_run_folder_start(&f, "{}", nothing));
	ck_assert(!onn_file_exists(ROOM "/run/.onn-00112233445566ff.tmp"));
	onn_run_folder_close(&f);
}
END_TEST

START_TEST(where_a_device_fails_the_error_says_what_is_kept)
{
	onn_run_folder f = opened(), none;
	onn_archive *archive;
	make_room();
	check_ok(onn_run_folder_start(&f, "{}", nothing));
	onn_error(ONN_ERROR_DEVICE, "it hangs");
	onn_run_folder_remind(&f, ONN_ERROR_DEVICE, "step 7");
	ck_assert_str_eq(onn_last_error(), "it hangs"); /* nothing is */
	check_ok(onn_archive_create(&archive));
	check_ok(onn_run_folder_save(&f, "last.npz", archive));
	onn_archive_destroy(archive);
	onn_run_folder_remind(&f, ONN_ERROR_NUMERIC, "step 7");
	onn_run_folder_remind(&f, ONN_OK, "step 7");
	check_ok(onn_run_folder_open(&none, NULL, "onn_test"));
	onn_run_folder_remind(&none, ONN_ERROR_DEVICE, "step 7");
	ck_assert_str_eq(onn_last_error(), "it hangs");
	onn_run_folder_remind(&f, ONN_ERROR_DEVICE, "step 7");
	ck_assert_str_eq(onn_last_error(),
	    "it hangs; " ROOM "/run/last.npz holds what was done up to step 7, and a resumed run "
	    "goes on there");
	onn_run_folder_close(&f);
}
END_TEST

TESTS("run_folder", where_a_device_fails_the_error_says_what_is_kept,
    a_second_run_in_a_folder_is_refused_until_the_first_ends,
    a_run_that_was_killed_leaves_a_folder_that_another_may_have)
