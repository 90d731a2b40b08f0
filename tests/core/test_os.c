#define _GNU_SOURCE /* setenv, symlink, sighandler_t */
#include "testing.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.h"
#include "core/memory.h"
#include "core/os.h"

#define ROOM "test_os.d"

static void make_room(void) { check_ok(onn_directory_make(ROOM)); }

START_TEST(the_clock_goes_forward_by_seconds)
{
	double start = onn_clock();
	usleep(20000);
	double passed = onn_clock() - start;
	ck_assert_msg(passed >= 0.02 && passed < 20, "%g s", passed);
}
END_TEST

START_TEST(the_machine_has_processors_and_memory)
{
	char name[64] = "x", tiny[2] = "x";
	ck_assert_int_ge(onn_processors(), 1);
	ck_assert_uint_gt(onn_physical_memory(), 1 << 20);
	onn_processor_name(name, sizeof name);
	ck_assert(strlen(name) < sizeof name && !strchr(name, '\n'));
	onn_processor_name(tiny, sizeof tiny);
	ck_assert_uint_le(strlen(tiny), 1);
}
END_TEST

typedef struct meeting {
	onn_mutex *mutex;
	onn_condition *condition;
	int arrived, sum;
	bool go;
} meeting;

static void attend(void *argument)
{
	meeting *m = argument;
	onn_mutex_lock(m->mutex);
	m->arrived++;
	onn_condition_broadcast(m->condition);
	while (!m->go)
		onn_condition_wait(m->condition, m->mutex);
	onn_mutex_unlock(m->mutex);
	for (int i = 0; i < 1000; i++) {
		onn_mutex_lock(m->mutex);
		m->sum++;
		onn_mutex_unlock(m->mutex);
	}
}

START_TEST(threads_wait_for_a_condition_and_exclude_each_other)
{
	meeting m = {0};
	onn_thread *thread[4];
	check_ok(onn_mutex_create(&m.mutex));
	check_ok(onn_condition_create(&m.condition));
	for (int i = 0; i < 4; i++)
		check_ok(onn_thread_start(&thread[i], attend, &m));
	onn_mutex_lock(m.mutex);
	while (m.arrived < 4)
		onn_condition_wait(m.condition, m.mutex);
	m.go = true;
	onn_condition_broadcast(m.condition);
	onn_mutex_unlock(m.mutex);
	for (int i = 0; i < 4; i++)
		onn_thread_join(thread[i]);
	ck_assert_int_eq(m.sum, 4000);
	onn_condition_destroy(m.condition);
	onn_mutex_destroy(m.mutex);
	onn_condition_destroy(NULL);
	onn_mutex_destroy(NULL);
	onn_thread_join(NULL);
}
END_TEST

static void fail_here(void *text)
{
	onn_error(ONN_ERROR_FILE, "of the other thread");
	snprintf(text, 64, "%s", onn_last_error());
}

START_TEST(each_thread_has_an_error_text_of_its_own)
{
	char text[64];
	onn_thread *thread;
	onn_error(ONN_ERROR_FILE, "of this thread");
	check_ok(onn_thread_start(&thread, fail_here, text));
	onn_thread_join(thread);
	ck_assert_str_eq(text, "of the other thread");
	ck_assert_str_eq(onn_last_error(), "of this thread");
}
END_TEST

START_TEST(an_error_text_may_quote_the_one_before_and_is_cut_to_fit)
{
	char text[3000];
	onn_error(ONN_ERROR_FILE, "inner");
	ck_assert_int_eq(
	    onn_error(ONN_ERROR_FORMAT, "outer: %s", onn_last_error()), ONN_ERROR_FORMAT);
	ck_assert_str_eq(onn_last_error(), "outer: inner");
	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = 0;
	onn_error(ONN_ERROR_FILE, "%s", text);
	ck_assert(strlen(onn_last_error()) > 500 && strlen(onn_last_error()) < sizeof text - 1);
	ck_assert_int_eq(onn_error_memory("onn_x", 77), ONN_ERROR_MEMORY);
	ck_assert_str_eq(onn_last_error(), "onn_x: 77 bytes could not be had");
	for (int status = ONN_OK; status <= ONN_CANCELLED; status++)
		ck_assert(strncmp(onn_status_name((onn_status)status), "ONN_", 4) == 0);
	ck_assert_ptr_nonnull(onn_status_name((onn_status)1000));
}
END_TEST

START_TEST(files_are_written_whole_and_devices_in_place)
{
	char *data;
	size_t bytes;
	make_room();
	check_ok(onn_file_write(ROOM "/a", "one\0two", 7));
	check_ok(onn_file_read((void **)&data, &bytes, ROOM "/a"));
	ck_assert_uint_eq(bytes, 7);
	ck_assert_mem_eq(data, "one\0two", 8); /* the 0 behind the last byte, too */
	onn_free(data);
	check_ok(onn_file_write(ROOM "/a", "", 0));
	check_ok(onn_file_read((void **)&data, &bytes, ROOM "/a"));
	ck_assert(bytes == 0 && data[0] == 0);
	onn_free(data);
	ck_assert(onn_file_exists(ROOM "/a"));
	check_ok(onn_file_write("/dev/null", "x", 1));
	struct stat info;
	ck_assert(stat("/dev/null", &info) == 0 && S_ISCHR(info.st_mode));
	check_ok(onn_file_remove(ROOM "/a"));
	ck_assert(!onn_file_exists(ROOM "/a"));
	check_error(onn_file_remove(ROOM "/a"), ONN_ERROR_FILE, ROOM "/a");
}
END_TEST

START_TEST(a_write_that_fails_leaves_the_old_file_and_no_temporary_one)
{
	make_room();
	check_ok(onn_directory_make(ROOM "/folder/below"));
	check_error(onn_file_write(ROOM "/folder", "x", 1), ONN_ERROR_FILE, ROOM "/folder");
	ck_assert(onn_directory_exists(ROOM "/folder/below"));
	check_error(onn_file_write(ROOM "/none/a", "x", 1), ONN_ERROR_FILE, ROOM "/none/a");
	check_error(onn_file_write("", "x", 1), ONN_ERROR_FILE, "onn_file_write");
}
END_TEST

enum { WRITERS = 4, WRITES = 25, LENGTH = 20000 };

static void write_often(void *letter)
{
	char *text = malloc(LENGTH);
	memset(text, *(const char *)letter, LENGTH);
	for (int i = 0; i < WRITES; i++)
		check_ok(onn_file_write(ROOM "/shared", text, LENGTH));
	free(text);
}

START_TEST(a_reader_never_sees_a_part_of_what_many_write)
{
	char letter[WRITERS];
	onn_thread *thread[WRITERS];
	make_room();
	remove(ROOM "/shared");
	for (int i = 0; i < WRITERS; i++) {
		letter[i] = (char)('a' + i);
		check_ok(onn_thread_start(&thread[i], write_often, &letter[i]));
	}
	for (int i = 0; i < 2000; i++) {
		char *data;
		size_t bytes;
		if (!onn_file_exists(ROOM "/shared"))
			continue;
		check_ok(onn_file_read((void **)&data, &bytes, ROOM "/shared"));
		ck_assert_uint_eq(bytes, LENGTH);
		size_t same = 0;
		while (same < LENGTH && data[same] == data[0])
			same++;
		ck_assert_uint_eq(same, LENGTH);
		onn_free(data);
	}
	for (int i = 0; i < WRITERS; i++)
		onn_thread_join(thread[i]);
	ck_assert(onn_file_exists(ROOM "/shared"));
}
END_TEST

START_TEST(folders_are_made_with_those_above_and_may_exist)
{
	make_room();
	check_ok(onn_directory_make(ROOM "/x/y//z/"));
	check_ok(onn_directory_make(ROOM "/x/y//z/"));
	ck_assert(onn_directory_exists(ROOM "/x/y/z") && !onn_file_exists(ROOM "/x/y/z"));
	check_ok(onn_file_write(ROOM "/x/file", "x", 1));
	check_error(onn_directory_make(ROOM "/x/file/y"), ONN_ERROR_FILE, ROOM "/x/file");
	check_error(onn_directory_make(""), ONN_ERROR_FILE, "onn_directory_make");
}
END_TEST

START_TEST(a_folder_that_cannot_be_made_has_the_reason_of_the_one_that_failed)
{
	make_room();
	remove(ROOM "/dangling");
	ck_assert_int_eq(symlink("nowhere", ROOM "/dangling"), 0);
	check_error(onn_directory_make(ROOM "/dangling"), ONN_ERROR_FILE, "Not a directory");
	check_error(onn_directory_make(ROOM "/dangling/below"), ONN_ERROR_FILE, "Not a directory");
	/* no folder can be made there, as on a file system that is read only */
	check_error(onn_directory_make("/proc/self/onn/below"), ONN_ERROR_FILE, "/proc/self/onn ");
	ck_assert_ptr_null(strstr(onn_last_error(), "below"));
}
END_TEST

START_TEST(a_file_beyond_the_limit_is_an_error_and_no_signal)
{
	static const char data[5000];
	struct rlimit before, small = {4096, 4096};
	make_room();
	check_ok(getrlimit(RLIMIT_FSIZE, &before));
	small.rlim_max = before.rlim_max;
	sighandler_t handler = signal(SIGXFSZ, SIG_DFL);
	check_ok(setrlimit(RLIMIT_FSIZE, &small));
	onn_status status = onn_file_write(ROOM "/large", data, sizeof data);
	check_ok(onn_file_write(ROOM "/small", data, 100));
	check_ok(setrlimit(RLIMIT_FSIZE, &before));
	signal(SIGXFSZ, handler);
	check_error(status, ONN_ERROR_FILE, "File too large");
	ck_assert(!onn_file_exists(ROOM "/large"));
}
END_TEST

START_TEST(the_cache_folder_follows_the_environment)
{
	char path[256], want[256], here[200];
	make_room();
	ck_assert_ptr_nonnull(getcwd(here, sizeof here));
	snprintf(want, sizeof want, "%s/" ROOM "/cache", here);
	setenv("XDG_CACHE_HOME", want, 1);
	strcat(want, "/onn");
	ck_assert(onn_cache_directory(path, sizeof path));
	ck_assert_str_eq(path, want);
	ck_assert(onn_directory_exists(want));
	ck_assert(!onn_cache_directory(path, 5));
	setenv("XDG_CACHE_HOME", "relative", 1);
	setenv("HOME", here, 1);
	ck_assert(onn_cache_directory(path, sizeof path));
	snprintf(want, sizeof want, "%s/.cache/onn", here);
	ck_assert_str_eq(path, want);
	unsetenv("XDG_CACHE_HOME");
	unsetenv("HOME");
	ck_assert(!onn_cache_directory(path, sizeof path));
}
END_TEST

static mode_t mode_of(const char *path)
{
	struct stat info;
	ck_assert_int_eq(stat(path, &info), 0);
	return info.st_mode & 0777;
}

START_TEST(what_another_user_can_write_is_not_this_users_own)
{
	make_room();
	remove(ROOM "/own/below/file");
	remove(ROOM "/own/below");
	remove(ROOM "/own");
	mode_t before = umask(0);
	bool made = onn_directory_own(ROOM "/own/below");
	onn_status status = onn_file_write_own(ROOM "/own/below/file", "x", 1);
	umask(before);
	ck_assert(made);
	check_ok(status);
	ck_assert_uint_eq(mode_of(ROOM "/own"), 0700);
	ck_assert_uint_eq(mode_of(ROOM "/own/below"), 0700);
	ck_assert_uint_eq(mode_of(ROOM "/own/below/file"), 0600);
	ck_assert(onn_directory_own(ROOM "/own/below") && onn_file_own(ROOM "/own/below/file"));
	static const struct {
		mode_t mode;
		bool own;
	} row[] = {{0755, true}, {0775, false}, {0757, false}, {0777, false}, {0700, true}};
	for (size_t i = 0; i < COUNT(row); i++) {
		ck_assert_int_eq(chmod(ROOM "/own/below", row[i].mode), 0);
		ck_assert_int_eq(chmod(ROOM "/own/below/file", row[i].mode), 0);
		ck_assert(onn_directory_own(ROOM "/own/below") == row[i].own);
		ck_assert(onn_file_own(ROOM "/own/below/file") == row[i].own);
	}
	ck_assert(!onn_file_own(ROOM "/own/below/none") && !onn_file_own(ROOM "/own/below"));
	ck_assert(!onn_directory_own(ROOM "/own/below/file"));
	if (geteuid() == 0) { /* who alone can give a file away */
		check_ok(chown(ROOM "/own/below/file", 65534, (gid_t)-1));
		check_ok(chown(ROOM "/own/below", 65534, (gid_t)-1));
		ck_assert(!onn_file_own(ROOM "/own/below/file"));
		ck_assert(!onn_directory_own(ROOM "/own/below"));
	}
}
END_TEST

START_TEST(the_folder_of_the_code_is_there)
{
	char path[4096];
	ck_assert(onn_library_directory(path, sizeof path));
	ck_assert(path[0] == '/' && onn_directory_exists(path));
	ck_assert(!onn_library_directory(path, 1));
}
END_TEST

static size_t answer(void *argument, void *reply, size_t room)
{
	(void)room;
	memcpy(reply, argument, 5);
	return 5;
}

static size_t crash(void *argument, void *reply, size_t room)
{
	(void)argument, (void)reply, (void)room;
	raise(SIGKILL);
	return 0;
}

static size_t leave(void *argument, void *reply, size_t room)
{
	(void)argument, (void)reply, (void)room;
	_exit(3);
}

static size_t hang(void *argument, void *reply, size_t room)
{
	(void)argument, (void)reply, (void)room;
	while (pause() < 0)
		;
	return 0;
}

static size_t say_too_much(void *argument, void *reply, size_t room)
{
	(void)argument, (void)reply;
	return room + 1;
}

START_TEST(a_child_answers_dies_or_is_given_up)
{
	char reply[16];
	size_t replied;
	check_ok(onn_in_child(reply, sizeof reply, &replied, answer, "five", 20));
	ck_assert_uint_eq(replied, 5);
	ck_assert_str_eq(reply, "five");
	check_error(onn_in_child(reply, sizeof reply, &replied, crash, NULL, 20), ONN_ERROR_DEVICE,
	    "signal 9");
	check_error(
	    onn_in_child(reply, sizeof reply, &replied, leave, NULL, 20), ONN_ERROR_DEVICE, "died");
	check_error(onn_in_child(reply, sizeof reply, &replied, say_too_much, NULL, 20),
	    ONN_ERROR_DEVICE, "died");
	double start = onn_clock();
	check_error(onn_in_child(reply, sizeof reply, &replied, hang, NULL, 0.1), ONN_ERROR_DEVICE,
	    "did not answer");
	ck_assert(onn_clock() - start < 10);
}
END_TEST

/* Which of the standard descriptors a child has, closed ones among them. */
static size_t tell_descriptors(void *argument, void *reply, size_t room)
{
	(void)argument, (void)room;
	for (int i = 0; i < 3; i++)
		((char *)reply)[i] = fcntl(i, F_GETFD) < 0 ? '-' : '+';
	return 3;
}

START_TEST(a_child_answers_whatever_standard_descriptors_are_closed)
{
	int kept[3];
	char reply[8][3];
	onn_status status[8];
	size_t replied[8];
	fflush(stdout);
	for (int i = 0; i < 3; i++)
		ck_assert_int_ge(kept[i] = fcntl(i, F_DUPFD_CLOEXEC, 10), 10);
	for (int closed = 0; closed < 8; closed++) {
		for (int i = 0; i < 3; i++)
			if (closed & 1 << i)
				close(i);
		status[closed] = onn_in_child(
		    reply[closed], sizeof reply[0], &replied[closed], tell_descriptors, NULL, 20);
		for (int i = 0; i < 3; i++)
			dup2(kept[i], i);
	}
	for (int i = 0; i < 3; i++)
		close(kept[i]);
	for (int closed = 0; closed < 8; closed++) {
		ck_assert_msg(status[closed] == ONN_OK && replied[closed] == 3, "closed %d: %s",
		    closed, onn_last_error());
		ck_assert_mem_eq(reply[closed], "+++", 3);
	}
}
END_TEST

START_TEST(sizes_are_checked_before_they_overflow)
{
	size_t x = 7;
	ck_assert(onn_size_mul(&x, SIZE_MAX / 3, 3) && x == SIZE_MAX / 3 * 3);
	ck_assert(!onn_size_mul(&x, SIZE_MAX / 3 + 1, 3));
	ck_assert(onn_size_mul(&x, 0, SIZE_MAX) && x == 0);
	ck_assert(onn_size_add(&x, SIZE_MAX - 1, 1) && x == SIZE_MAX);
	ck_assert(!onn_size_add(&x, SIZE_MAX, 1));
	ck_assert(onn_size_product(&x, 0, NULL) && x == 1);
	ck_assert(onn_size_product(&x, 3, (size_t[]){SIZE_MAX, SIZE_MAX, 0}) && x == 0);
	ck_assert(!onn_size_product(&x, 2, (size_t[]){SIZE_MAX, 2}));
}
END_TEST

START_TEST(memory_is_zero_and_aligned_small_and_large)
{
	static const size_t size[] = {
	    0, 1, 63, 64, 65, 4096, (2 << 20) - 64, 2 << 20, (5 << 20) + 3};
	for (size_t i = 0; i < COUNT(size); i++) {
		unsigned char *p = onn_aligned_alloc(size[i]);
		ck_assert_ptr_nonnull(p);
		ck_assert_uint_eq((uintptr_t)p % (size[i] >= 2 << 20 ? 2 << 20 : 64), 0);
		size_t zeros = 0;
		while (zeros < size[i] && p[zeros] == 0)
			zeros++;
		ck_assert_uint_eq(zeros, size[i]);
		memset(p, 0xff, size[i]);
		onn_aligned_free(p);
	}
	ck_assert_ptr_null(onn_aligned_alloc(SIZE_MAX));
	ck_assert_ptr_null(onn_aligned_alloc(SIZE_MAX - 100));
}
END_TEST

START_TEST(lists_grow_and_keep_their_items)
{
	int *items = NULL;
	size_t capacity = 0;
	for (int i = 0; i < 1000; i++) {
		ck_assert(onn_grow(&items, &capacity, (size_t)i + 1, sizeof *items));
		items[i] = i;
	}
	ck_assert(capacity >= 1000 && capacity < 3000);
	for (int i = 0; i < 1000; i++)
		ck_assert_int_eq(items[i], i);
	int *before = items;
	ck_assert(!onn_grow(&items, &capacity, SIZE_MAX / 2, sizeof *items));
	ck_assert_ptr_eq(items, before);
	free(items);
}
END_TEST

START_TEST(shapes_become_text_that_is_cut_to_fit)
{
	char text[64];
	static const size_t shape[] = {64, 784, 1};
	ck_assert_str_eq(onn_shape_text(text, sizeof text, 3, shape), "[64, 784, 1]");
	ck_assert_str_eq(onn_shape_text(text, sizeof text, 1, shape), "[64]");
	ck_assert_str_eq(onn_shape_text(text, sizeof text, 0, shape), "[]");
	ck_assert_str_eq(onn_shape_text(text, 6, 3, shape), "[64, ");
}
END_TEST

TESTS("os", the_clock_goes_forward_by_seconds, the_machine_has_processors_and_memory,
    threads_wait_for_a_condition_and_exclude_each_other, each_thread_has_an_error_text_of_its_own,
    an_error_text_may_quote_the_one_before_and_is_cut_to_fit,
    files_are_written_whole_and_devices_in_place,
    a_write_that_fails_leaves_the_old_file_and_no_temporary_one,
    a_reader_never_sees_a_part_of_what_many_write, folders_are_made_with_those_above_and_may_exist,
    the_cache_folder_follows_the_environment, what_another_user_can_write_is_not_this_users_own,
    the_folder_of_the_code_is_there, a_child_answers_dies_or_is_given_up,
    a_child_answers_whatever_standard_descriptors_are_closed,
    a_folder_that_cannot_be_made_has_the_reason_of_the_one_that_failed,
    a_file_beyond_the_limit_is_an_error_and_no_signal, sizes_are_checked_before_they_overflow,
    memory_is_zero_and_aligned_small_and_large, lists_grow_and_keep_their_items,
    shapes_become_text_that_is_cut_to_fit)
