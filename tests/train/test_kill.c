/*
 * Training processes killed at random moments: every checkpoint can be read, and the run goes on to
 * the bytes of one that nobody stopped. ONN_TEST_KILLS: how many, 25 where it is not set.
 */
#define _POSIX_C_SOURCE 200809L

#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <onn/device.h>

#include "presets.h"
#include "train/training.h"

static const char straight[] = "test_kill_straight", killed[] = "test_kill_killed";

/* In the child: opens a device and trains to the end. Nothing of Check may run here. */
static int train(const char *out, bool resume)
{
	onn_device *device;
	onn_dataset *d = make_set(200, 40, 12);
	onn_mlp m = network_for(d);
	onn_train_options o = ONN_TRAIN_OPTIONS_INIT;
	onn_device_options options = ONN_DEVICE_OPTIONS_INIT;
	options.threads = 2;
	o.batch = 16;
	o.epochs = 40;
	o.out = out;
	o.resume = resume;
	if (onn_device_create(&device, "c", &options) || train_mlp(NULL, &m, &o, d, device)) {
		fprintf(stderr, "%s\n", onn_last_error());
		return 1;
	}
	return 0;
}

static pid_t start(const char *out, bool resume)
{
	fflush(NULL);
	pid_t child = fork();
	ck_assert(child >= 0);
	if (child == 0)
		_exit(train(out, resume));
	return child;
}

/* True where it ended by itself, and well. */
static bool finish(pid_t child)
{
	int status;
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	if (WIFSIGNALED(status)) {
		ck_assert_int_eq(WTERMSIG(status), SIGKILL);
		return false;
	}
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "a resumed run failed");
	return true;
}

START_TEST(a_run_killed_at_random_moments_ends_with_the_same_bytes)
{
	const char *asked = getenv("ONN_TEST_KILLS");
	unsigned kills = asked ? (unsigned)strtoul(asked, NULL, 10) : 25, done = 0, finished = 0;
	size_t bytes;
	clean(straight);
	clean(killed);
	ck_assert(finish(start(straight, false)));
	for (uint32_t i = 0; done < kills; i++) {
		bool resume = onn_file_exists(path_in(killed, "last.npz"));
		double seconds = .12 * onn_philox_uniform(1, 0, 9, i);
		struct timespec wait = {0, (long)(1e9 * seconds)};
		pid_t child = start(killed, resume);
		nanosleep(&wait, NULL);
		kill(child, SIGKILL);
		if (finish(child)) {
			check_same_file(straight, killed, "last.npz");
			clean(killed);
			finished++;
			continue;
		}
		done++;
		onn_archive *archive = NULL;
		if (onn_file_exists(path_in(killed, "last.npz")))
			check_ok(onn_archive_load(&archive, path_in(killed, "last.npz")));
		onn_archive_destroy(archive);
	}
	ck_assert(finish(start(killed, onn_file_exists(path_in(killed, "last.npz")))));
	check_same_file(straight, killed, "last.npz");
	check_same_file(straight, killed, "best.npz");
	check_same_file(straight, killed, "config.json");
	char *metrics = read_text(straight, "metrics.csv", &bytes);
	ck_assert_ptr_nonnull(strstr(metrics, "\n40,"));
	onn_free(metrics);
	check_same_metrics(straight, killed, 40);
	printf("%u kills, %u runs ended before theirs\n", done, finished);
	clean(straight);
	clean(killed);
	remove(straight);
	remove(killed);
}
END_TEST

TESTS("kill", a_run_killed_at_random_moments_ends_with_the_same_bytes)
