#define _DEFAULT_SOURCE /* symlink, fchmod */
#include "testing.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/os.h"
#include "core/os_temporary.h"

#define ROOM "test_os_temporary.d"

static void make_room(void) { check_ok(onn_directory_make(ROOM "/below")); }

/* Names in the folder that begin with a dot. */
static int hidden(const char *folder)
{
	int count = 0;
	DIR *stream = opendir(folder);
	for (struct dirent *e; (e = readdir(stream)) != NULL;)
		count += e->d_name[0] == '.' && strcmp(e->d_name, ".") != 0 &&
		         strcmp(e->d_name, "..") != 0;
	closedir(stream);
	return count;
}

static void check_holds(const char *path, const char *text)
{
	void *data;
	size_t bytes;
	check_ok(onn_file_read(&data, &bytes, path));
	ck_assert_str_eq(data, text);
	onn_free(data);
}

static int mode_of(const char *path)
{
	struct stat info;
	ck_assert_int_eq(stat(path, &info), 0);
	return info.st_mode & 0777;
}

START_TEST(a_link_is_followed_and_stays)
{
	struct stat info;
	make_room();
	remove(ROOM "/below/file");
	remove(ROOM "/first");
	remove(ROOM "/second");
	ck_assert_int_eq(symlink("below/file", ROOM "/first"), 0);
	ck_assert_int_eq(symlink("first", ROOM "/second"), 0);
	check_ok(onn_file_write(ROOM "/second", "new", 3)); /* it points to nothing yet */
	check_holds(ROOM "/below/file", "new");
	check_ok(onn_file_write(ROOM "/second", "newer", 5));
	check_holds(ROOM "/below/file", "newer");
	ck_assert(lstat(ROOM "/first", &info) == 0 && S_ISLNK(info.st_mode));
	ck_assert(lstat(ROOM "/second", &info) == 0 && S_ISLNK(info.st_mode));
	remove(ROOM "/first");
	ck_assert_int_eq(symlink("second", ROOM "/first"), 0);
	check_error(onn_file_write(ROOM "/second", "x", 1), ONN_ERROR_FILE, ROOM "/second");
	ck_assert_int_eq(hidden(ROOM) + hidden(ROOM "/below"), 0);
}
END_TEST

/* A pipe is written in place, by the library and by what the command does. */
START_TEST(a_pipe_stays_one)
{
	static const char path[] = ROOM "/pipe";
	struct stat info;
	char got[16] = "";
	onn_temporary t;
	make_room();
	remove(path);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	int reader = open(path, O_RDONLY | O_NONBLOCK);
	check_ok(onn_file_write(path, "one", 3));
	ck_assert_int_eq(read(reader, got, sizeof got), 3);
	ck_assert_mem_eq(got, "one", 3);
	ck_assert(onn_temporary_open(&t, path));
	ck_assert_int_eq(write(t.file, "two", 3), 3);
	ck_assert(onn_temporary_commit(&t));
	ck_assert(onn_temporary_open(&t, path));
	onn_temporary_discard(&t);
	ck_assert_int_eq(read(reader, got, sizeof got), 3);
	ck_assert_mem_eq(got, "two", 3);
	ck_assert(lstat(path, &info) == 0 && S_ISFIFO(info.st_mode));
	ck_assert_int_eq(hidden(ROOM), 0);
	close(reader);
	remove(path);
}
END_TEST

START_TEST(a_file_keeps_its_mode_and_a_new_one_has_the_processes)
{
	static const int modes[] = {0600, 0640, 0444, 0755};
	make_room();
	mode_t before = umask(022);
	for (size_t i = 0; i < COUNT(modes); i++) {
		remove(ROOM "/mode");
		check_ok(onn_file_write(ROOM "/mode", "old", 3));
		ck_assert_int_eq(mode_of(ROOM "/mode"), 0644);
		ck_assert_int_eq(chmod(ROOM "/mode", (mode_t)modes[i]), 0);
		check_ok(onn_file_write(ROOM "/mode", "new", 3));
		ck_assert_int_eq(mode_of(ROOM "/mode"), modes[i]);
		check_holds(ROOM "/mode", "new");
	}
	umask(before);
}
END_TEST

START_TEST(a_name_of_any_length_can_be_written)
{
	char path[sizeof ROOM + 257] = ROOM "/";
	make_room();
	memset(path + sizeof ROOM, 'n', 255);
	check_ok(onn_file_write(path, "long", 4));
	check_holds(path, "long");
	remove(path);
	path[sizeof ROOM + 255] = 'n';
	check_error(onn_file_write(path, "long", 4), ONN_ERROR_FILE, ROOM);
	ck_assert_int_eq(hidden(ROOM), 0);
}
END_TEST

START_TEST(what_a_killed_writer_left_goes_and_what_is_written_stays)
{
	static const char left[] = "/.onn-0123456789abcdef.tmp",
	                  own[] = "/.onn-0123456789abcdeg.tmp";
	onn_temporary t;
	char path[64];
	make_room();
	for (int i = 0; i < 2; i++) {
		const char *folder = i ? ROOM "/below" : ROOM;
		snprintf(path, sizeof path, "%s%s", folder, left);
		check_ok(onn_file_write(path, "left", 4));
		snprintf(path, sizeof path, "%s%s", folder, own);
		check_ok(onn_file_write(path, "own", 3));
	}
	ck_assert(onn_temporary_open(&t, ROOM "/under way"));
	ck_assert_int_eq(hidden(ROOM), 3);
	onn_temporary_sweep(ROOM);
	ck_assert_int_eq(hidden(ROOM), 2);
	ck_assert_int_eq(hidden(ROOM "/below"), 1);
	ck_assert_int_eq((int)write(t.file, "whole", 5), 5);
	ck_assert(onn_temporary_commit(&t));
	check_holds(ROOM "/under way", "whole");
	check_ok(onn_file_remove(ROOM "/.onn-0123456789abcdeg.tmp"));
	check_ok(onn_file_remove(ROOM "/below/.onn-0123456789abcdeg.tmp"));
}
END_TEST

START_TEST(a_signal_waits_until_the_file_is_there)
{
	int code;
	make_room();
	pid_t child = fork();
	if (child == 0) {
		onn_temporary t;
		signal(SIGTERM, SIG_DFL); /* Check's would end the group */
		if (!onn_temporary_open(&t, ROOM "/waits") || write(t.file, "whole", 5) != 5)
			_exit(1);
		raise(SIGTERM);
		_exit(onn_temporary_commit(&t) ? 2 : 3); /* it ends within, behind the rename */
	}
	ck_assert_int_eq(waitpid(child, &code, 0), child);
	ck_assert(WIFSIGNALED(code) && WTERMSIG(code) == SIGTERM);
	check_holds(ROOM "/waits", "whole");
	ck_assert_int_eq(hidden(ROOM), 0);
	check_ok(onn_file_remove(ROOM "/waits"));
}
END_TEST

START_TEST(a_folder_has_one_holder_until_its_process_ends)
{
	onn_lock *lock, *second;
	int ends[2];
	char byte;
	make_room();
	check_ok(onn_directory_lock(&lock, ROOM));
	check_error(onn_directory_lock(&second, ROOM), ONN_ERROR_FILE, ROOM " is in use");
	ck_assert_ptr_null(second);
	check_ok(onn_directory_lock(&second, ROOM "/below"));
	onn_directory_unlock(second);
	onn_directory_unlock(lock);
	onn_directory_unlock(NULL);
	ck_assert_int_eq(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		onn_status status = onn_directory_lock(&lock, ROOM);
		if (write(ends[1], "x", 1) != 1 || status)
			_exit(1);
		for (;;)
			pause();
	}
	ck_assert_int_eq((int)read(ends[0], &byte, 1), 1);
	check_error(onn_directory_lock(&second, ROOM), ONN_ERROR_FILE, "in use");
	kill(child, SIGKILL);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
	check_ok(onn_directory_lock(&lock, ROOM));
	onn_directory_unlock(lock);
	check_error(onn_directory_lock(&lock, ROOM "/none"), ONN_ERROR_FILE, "could not be opened");
}
END_TEST

TESTS("os_temporary", a_link_is_followed_and_stays, a_pipe_stays_one,
    a_file_keeps_its_mode_and_a_new_one_has_the_processes, a_name_of_any_length_can_be_written,
    what_a_killed_writer_left_goes_and_what_is_written_stays,
    a_signal_waits_until_the_file_is_there, a_folder_has_one_holder_until_its_process_ends)
