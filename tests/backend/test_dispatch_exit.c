/*
 * The end of a program with work on ONN_TEST_DEVICE: nothing is destroyed, or all is by a function
 * of atexit that was given before or after the device was made. This program starts itself so.
 */
#define _POSIX_C_SOURCE 200809L
#include "device.h"

#include <sys/wait.h>
#include <unistd.h>

#include <onn/plan.h>

static const char *program;
static onn_device *device;
static onn_graph *g;
static onn_plan *plan;
static onn_tensor *x;

static void destroy(void)
{
	onn_plan_destroy(plan);
	onn_tensor_destroy(x);
	onn_graph_destroy(g);
	onn_device_destroy(device);
}

static void destroy_the_device(void) { onn_device_destroy(device); }

static int end(const char *how)
{
	const size_t shape[] = {200, 200};
	onn_status status;

	if (strcmp(how, "destroyed by who was first") == 0)
		atexit(destroy);
	device = open_test_device(NULL);
	if (onn_graph_create(&g))
		return 1;
	onn_node in = onn_variable(g, "x", ONN_F32, 2, shape), last = in;
	for (int i = 0; i < 4; i++)
		last = onn_exp(g, onn_matmul(g, last, in));
	status = onn_plan_create(&plan, device, g, &last, 1, NULL);
	if (!status)
		status = onn_tensor_create(&x, device, ONN_F32, 2, shape);
	if (!status)
		status = onn_plan_bind(plan, "x", x);
	for (int i = 0; i < 5 && !status; i++)
		status = onn_plan_run(plan);
	if (strcmp(how, "destroyed by who was last") == 0)
		atexit(destroy);
	if (strcmp(how, "only the device") == 0)
		atexit(destroy_the_device);
	if (status)
		printf("%s\n", onn_last_error());
	return status ? 1 : 0;
}

/* In a process of its own, whose drivers find no kernel compiled. */
static int code_of(const char *how, const char *cache)
{
	int code;

	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		setenv("XDG_CACHE_HOME", cache, 1);
		unsetenv("POCL_CACHE_DIR");
		execl(program, program, how, (char *)NULL);
		_exit(3);
	}
	ck_assert(child > 0 && waitpid(child, &code, 0) == child);
	return code;
}

START_TEST(a_program_ends_well_whoever_destroys_the_device)
{
	static const char *const ways[] = {"nothing is destroyed", "destroyed by who was first",
	    "destroyed by who was last", "only the device"};

	for (size_t i = 0; i < COUNT(ways); i++) {
		char here[400], cache[500], remove_it[600];
		ck_assert_ptr_nonnull(getcwd(here, sizeof here));
		snprintf(cache, sizeof cache, "%s/exit-%ld.d", here, (long)getpid());
		int code = code_of(ways[i], cache);
		snprintf(remove_it, sizeof remove_it, "rm -rf '%s'", cache);
		ck_assert_int_eq(system(remove_it), 0);
		ck_assert_msg(WIFEXITED(code) && WEXITSTATUS(code) == 0, "%s: %s %d", ways[i],
		    WIFEXITED(code) ? "exit code" : "signal",
		    WIFEXITED(code) ? WEXITSTATUS(code) : WTERMSIG(code));
	}
}
END_TEST

int main(int argc, char **argv)
{
	if (argc == 2)
		return end(argv[1]);
	program = argv[0];
	onn_device_destroy(open_test_device(NULL)); /* or the end, with a skip */
	return run_tests(
	    "exit", (const TTest *[]){a_program_ends_well_whoever_destroys_the_device, NULL});
}
