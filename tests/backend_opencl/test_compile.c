/*
 * Programs, and what our own kernels answered, kept on disk, on ONN_TEST_DEVICE: the folder is one
 * of this test's own, beside the program.
 */
#define _POSIX_C_SOURCE 200809L
#include "trial.h"

#include "backend/opencl/opencl_backend.h"
#include "core/os.h"
#include "device.h"

#include <dirent.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>

static onn_device *reference;

/* What the compiler does with optimisation, and without. */
typedef enum health { SOUND, FAILS, SLEEPS } health;
static health with, without;
static int builds[2]; /* without; with it */
static atomic_bool asleep;

cl_int __real_clBuildProgram(cl_program program, cl_uint count, const cl_device_id *list,
    const char *options, void(CL_CALLBACK *done)(cl_program, void *), void *user);
cl_int __wrap_clBuildProgram(cl_program program, cl_uint count, const cl_device_id *list,
    const char *options, void(CL_CALLBACK *done)(cl_program, void *), void *user);
cl_int __wrap_clBuildProgram(cl_program program, cl_uint count, const cl_device_id *list,
    const char *options, void(CL_CALLBACK *done)(cl_program, void *), void *user)
{
	const bool optimises = !strstr(options, "-cl-opt-disable");
	const health how = optimises ? with : without;

	builds[optimises]++;
	atomic_store(&asleep, how == SLEEPS);
	if (how == FAILS)
		return CL_BUILD_PROGRAM_FAILURE;
	while (how == SLEEPS)
		sleep(1000);
	return __real_clBuildProgram(program, count, list, options, done, user);
}

/* Sound builds take what they take; one that sleeps is seen at once. */
bool __real_onn_condition_wait_for(onn_condition *c, onn_mutex *m, double seconds);
bool __wrap_onn_condition_wait_for(onn_condition *c, onn_mutex *m, double seconds);
bool __wrap_onn_condition_wait_for(onn_condition *c, onn_mutex *m, double seconds)
{
	const bool sleeping = atomic_load(&asleep);
	const bool woken = __real_onn_condition_wait_for(c, m, sleeping ? 1e-3 : seconds);

	return woken || !sleeping;
}
static char root[512], folder[600];
/* Whether new devices are asked what is known, and what the last one said. */
static bool asked;
static char remark[256];

/* The kernels of a trial that nobody else builds: `mark` is a number of its text, a stride. */
static double error_of_a_new_device(size_t mark)
{
	onn_device *device = open_test_device(NULL);
	((onn_cl_device *)device)->answered[0] = !asked;
	trial t = trial_start();
	onn_node x = trial_input(&t, ONN_F32, 2, (size_t[]){9, mark}, 0, 1);
	onn_node y = onn_exp(t.g, onn_slice(t.g, onn_slice(t.g, x, 1, 0, 3, 2), 0, 8, 5, -1));
	double error = trial_error(&t, device, reference, y);

	snprintf(remark, sizeof remark, "%s", onn_device_remark(device));
	trial_end(&t);
	onn_device_destroy(device);
	return error;
}

/* The cache's files whose names end so, and the path of the last. */
static int count_ends(const char *end, char *path, size_t room)
{
	DIR *d = opendir(folder);
	int count = 0;

	for (struct dirent *e; d && (e = readdir(d));)
		if (e->d_name[0] != '.' && strstr(e->d_name, end)) {
			snprintf(path, room, "%s/%s", folder, e->d_name);
			count++;
		}
	if (d)
		closedir(d);
	return count;
}

static int count_files(char *path, size_t room) { return count_ends("", path, room); }

static void empty_cache(void)
{
	char path[1200];

	while (count_files(path, sizeof path) > 0)
		ck_assert_int_eq(remove(path), 0);
}

/* A cache of one file, whose path and contents are returned; free the latter with onn_free. */
static void *one_file(size_t mark, char *path, size_t room, size_t *bytes)
{
	void *data;

	empty_cache();
	ck_assert_double_le(error_of_a_new_device(mark), 1e-6);
	ck_assert_int_eq(count_files(path, room), 1);
	check_ok(onn_file_read(&data, bytes, path));
	return data;
}

START_TEST(a_second_start_takes_the_program_from_disk)
{
	char path[1200];
	size_t bytes;
	struct stat before, after;

	onn_free(one_file(101, path, sizeof path, &bytes));
	ck_assert_int_eq(stat(path, &before), 0);
	ck_assert_double_le(error_of_a_new_device(101), 1e-6);
	ck_assert_int_eq(count_files(path, sizeof path), 1);
	ck_assert_int_eq(stat(path, &after), 0);
	/* a file that was of no use would have been written anew, as another inode */
	ck_assert(before.st_ino == after.st_ino);
}
END_TEST

START_TEST(a_damaged_file_is_replaced)
{
	enum { HEAD = 80 }; /* magic, key, digest, size */
	char path[1200];
	size_t bytes;
	unsigned char *data = one_file(103, path, sizeof path, &bytes);

	ck_assert_uint_gt(bytes, HEAD);
	for (int damage = 0; damage < 7; damage++) {
		unsigned char *copy = malloc(bytes);
		size_t length = bytes;
		memcpy(copy, data, bytes);
		switch (damage) {
		case 0:
			length = 0;
			break;
		case 1:
			length = HEAD / 2;
			break;
		case 2:
			length = bytes - 1;
			break;
		case 3:
			copy[0] ^= 1; /* magic */
			break;
		case 4:
			copy[8] ^= 1; /* key */
			break;
		case 5:
			memset(copy + HEAD - 8, 0x7f, 8); /* a size that lies */
			break;
		default:
			copy[bytes / 2] ^= 1; /* the binary */
		}
		check_ok(onn_file_write(path, copy, length));
		ck_assert_double_le(error_of_a_new_device(103), 1e-6);
		free(copy);
		void *now;
		check_ok(onn_file_read(&now, &length, path));
		ck_assert_msg(length > HEAD && memcmp(now, data, HEAD - 40) == 0,
		    "damage %d is still there", damage);
		onn_free(now);
	}
	onn_free(data);
}
END_TEST

START_TEST(what_another_user_could_have_written_is_not_used)
{
	char path[1200];
	size_t bytes;
	struct stat before, after;

	onn_free(one_file(131, path, sizeof path, &bytes));
	ck_assert_int_eq(stat(path, &before), 0);
	ck_assert_uint_eq(before.st_mode & 0777, 0600);
	ck_assert_int_eq(chmod(path, 0666), 0);
	ck_assert_double_le(error_of_a_new_device(131), 1e-6);
	ck_assert_int_eq(stat(path, &after), 0);
	ck_assert_uint_eq(after.st_mode & 0777, 0600); /* written anew */
	/* a folder in which others may write is neither read nor written */
	empty_cache();
	ck_assert_int_eq(chmod(folder, 0777), 0);
	ck_assert_double_le(error_of_a_new_device(131), 1e-6);
	ck_assert_int_eq(count_files(path, sizeof path), 0);
	ck_assert_int_eq(chmod(folder, 0700), 0);
}
END_TEST

START_TEST(a_folder_that_cannot_be_written_costs_only_time)
{
	char file[600];

	empty_cache();
	/* a file where the folder should be: root may write in any folder */
	ck_assert_int_eq(rmdir(folder), 0);
	snprintf(file, sizeof file, "%s", folder);
	check_ok(onn_file_write(file, "x", 1));
	ck_assert_double_le(error_of_a_new_device(107), 1e-6);
	check_ok(onn_file_remove(file));
	ck_assert_int_eq(setenv("XDG_CACHE_HOME", "/proc/self/no such folder", 1), 0);
	ck_assert_double_le(error_of_a_new_device(109), 1e-6);
	ck_assert_int_eq(setenv("XDG_CACHE_HOME", root, 1), 0);
	ck_assert_double_le(error_of_a_new_device(107), 1e-6);
	if (geteuid() != 0) {
		ck_assert_int_eq(chmod(folder, 0500), 0);
		ck_assert_double_le(error_of_a_new_device(113), 1e-6);
		ck_assert_int_eq(chmod(folder, 0700), 0);
	}
}
END_TEST

START_TEST(a_success_leaves_no_error_text_of_the_cache)
{
	empty_cache();
	ck_assert_int_eq(setenv("XDG_CACHE_HOME", "/proc/self/no such folder", 1), 0);
	onn_device *none = NULL;
	check_error(
	    onn_device_create(&none, "no such device", NULL), ONN_ERROR_ARGUMENT, "no such");
	ck_assert_double_le(error_of_a_new_device(127), 1e-6);
	ck_assert_ptr_nonnull(strstr(onn_last_error(), "no such device"));
	ck_assert_int_eq(setenv("XDG_CACHE_HOME", root, 1), 0);
}
END_TEST

START_TEST(what_own_kernels_answer_is_kept)
{
	static const struct {
		const char *text, *remark;
	} row[] = {{"by passes: off by 4", "whole lines in f32: off by 4; passes do it"},
	    {"right", ""}, {"damaged", ""}};
	char path[1200];
	void *text;
	size_t bytes;

	empty_cache();
	asked = true;
	ck_assert_double_le(error_of_a_new_device(131), 1e-6);
	ck_assert_str_eq(remark, "");
	ck_assert_int_eq(count_ends(".txt", path, sizeof path), 1);
	for (size_t i = 0; i < COUNT(row); i++) {
		check_ok(onn_file_write_own(path, row[i].text, strlen(row[i].text)));
		ck_assert_double_le(error_of_a_new_device(131), 1e-6);
		ck_assert_str_eq(remark, row[i].remark);
	}
	/* the last one is of no use and was found anew */
	check_ok(onn_file_read(&text, &bytes, path));
	ck_assert_str_eq(text, "right");
	onn_free(text);
	/* what another user could have written is not believed */
	check_ok(onn_file_write_own(path, row[0].text, strlen(row[0].text)));
	ck_assert_int_eq(chmod(path, 0666), 0);
	ck_assert_double_le(error_of_a_new_device(131), 1e-6);
	ck_assert_str_eq(remark, "");
	asked = false;
}
END_TEST

/* The status of a plan that nobody else builds, on a new device, and what that says. */
static onn_status plan_on_a_new_device(size_t mark)
{
	onn_device *device = open_test_device(NULL);
	onn_plan *plan = NULL;
	trial t = trial_start();

	((onn_cl_device *)device)->answered[0] = true;
	atomic_store(&asleep, false);
	builds[0] = builds[1] = 0;
	onn_node x = trial_input(&t, ONN_F32, 2, (size_t[]){9, mark}, 0, 1);
	onn_node y = onn_exp(t.g, onn_slice(t.g, x, 1, 0, 3, 2));
	onn_status status = onn_plan_create(&plan, device, t.g, &y, 1, NULL);
	snprintf(remark, sizeof remark, "%s", onn_device_remark(device));
	onn_plan_destroy(plan);
	trial_end(&t);
	onn_device_destroy(device);
	return status;
}

START_TEST(what_a_compiler_fails_at_is_built_without_optimisation_and_kept)
{
	char path[1200];

	empty_cache();
	with = FAILS;
	check_ok(plan_on_a_new_device(151));
	ck_assert_str_eq(remark, "its compiler: a build fails; kernels without optimisation do it");
	ck_assert_int_eq(builds[true], 2);
	ck_assert_int_eq(builds[false], 1);
	ck_assert_int_eq(count_ends(".bin", path, sizeof path), 1);
	/* another time it is there, and the compiler is not asked for what it cannot do */
	check_ok(plan_on_a_new_device(151));
	ck_assert_int_eq(builds[true], 0);
	ck_assert_ptr_nonnull(strstr(remark, "without optimisation"));
	/* neither: what it said of the first is told */
	without = FAILS;
	check_error(plan_on_a_new_device(157), ONN_ERROR_DEVICE, "does not build");
	ck_assert(!onn_device_stuck());
	with = without = SOUND;
	check_ok(plan_on_a_new_device(157));
	ck_assert_str_eq(remark, "");
	ck_assert_int_eq(builds[false], 0);
}
END_TEST

START_TEST(a_compiler_that_sleeps_is_not_waited_for)
{
	with = SLEEPS;
	check_ok(plan_on_a_new_device(163));
	ck_assert_ptr_nonnull(strstr(remark, "a build takes too long; kernels without"));
	ck_assert_int_eq(builds[true], 1);
	ck_assert(onn_device_stuck()); /* the thread is still there */
	without = SLEEPS;
	check_error(plan_on_a_new_device(167), ONN_ERROR_DEVICE,
	    "not built within 300 s (ONN_OPENCL_LIMIT)");
	ck_assert_ptr_nonnull(strstr(onn_last_error(), "expected another driver, or device c"));
	with = without = SOUND;
	check_ok(plan_on_a_new_device(173));
}
END_TEST

int main(void)
{
	char path[1200], at[400];

	if (!getcwd(at, sizeof at))
		return EXIT_FAILURE;
	snprintf(root, sizeof root, "%s/cache-of-test-%ld", at, (long)getpid());
	snprintf(folder, sizeof folder, "%s/onn/opencl", root);
	setenv("XDG_CACHE_HOME", root, 1);
	setenv("ONN_OPENCL_CACHE", "1", 1);
	onn_device_destroy(open_test_device(NULL)); /* or the end, with a skip */
	if (onn_device_create(&reference, "reference", NULL))
		return EXIT_FAILURE;
	int result = run_tests("opencl cache",
	    (const TTest *[]){a_second_start_takes_the_program_from_disk,
	        a_damaged_file_is_replaced, what_another_user_could_have_written_is_not_used,
	        a_folder_that_cannot_be_written_costs_only_time,
	        a_success_leaves_no_error_text_of_the_cache, what_own_kernels_answer_is_kept,
	        what_a_compiler_fails_at_is_built_without_optimisation_and_kept,
	        a_compiler_that_sleeps_is_not_waited_for, NULL});
	onn_device_destroy(reference);
	while (count_files(path, sizeof path) > 0)
		remove(path);
	rmdir(folder);
	snprintf(path, sizeof path, "%s/onn", root);
	rmdir(path);
	rmdir(root);
	return result;
}
