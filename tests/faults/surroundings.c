/*
 * surroundings [--all]: uses of the command and of the library where descriptors are closed or few,
 * the stack is small, there is no home, the clock goes backwards, numbers have a comma, and folders
 * cannot be written to or vanish. Each comes to the results of quieter surroundings, or to exit
 * code 1 with a message.
 *
 * Closed standard descriptors: tests/apps/usage.sh and propagate.sh; a limit of a file's size:
 * train.sh, design.sh, propagate.sh; two runs in one folder: tests/run/test_folder.c; caches that
 * cannot be written: devices.sh, and tests/backend_opencl/test_compile.c.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "inject.h"
#include "room.h"
#include "use.h"

typedef struct surroundings {
	const char *name;
	use_prepare *prepare;
	long value; /* of a limit */
} surroundings;

static long tried, same, refused, faults;

/* ---- what they are ---- */

static void limit(int what, long value)
{
	struct rlimit most = {(rlim_t)value, (rlim_t)value};
	if (setrlimit(what, &most))
		_exit(98);
}

static void few_descriptors(void *s) { limit(RLIMIT_NOFILE, ((surroundings *)s)->value); }
static void small_stack(void *s) { limit(RLIMIT_STACK, ((surroundings *)s)->value); }

static void no_home(void *s)
{
	(void)s;
	unsetenv("HOME");
	unsetenv("XDG_CACHE_HOME");
}

/* But for what finds gnuplot and a device. */
static void bare(void *s)
{
	char *path = strdup(getenv("PATH"));
	(void)s;
	if (!path || clearenv() || setenv("PATH", path, 1) || setenv("ONN_DEVICE", "c", 1))
		_exit(98);
	free(path);
}

static void clock_goes_back(void *s)
{
	(void)s;
	inject_clock(false);
}

static void comma(void *s)
{
	static const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "fr_FR"};
	(void)s;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (setlocale(LC_ALL, names[i]))
			break; /* none: the machine has no such locale, and this is the usual one */
}

/* Bit i: descriptor i. */
static void closed(void *s)
{
	for (int i = 0; i < 3; i++)
		if (((surroundings *)s)->value & 1 << i)
			close(i);
}

static const surroundings all[] = {{"without HOME", no_home, 0},
    {"without an environment", bare, 0}, {"with a clock that goes back", clock_goes_back, 0},
    {"with a comma", comma, 0}, {"with a stack of 256 KiB", small_stack, 256 << 10},
    {"with 4 descriptors", few_descriptors, 4}, {"with 5 descriptors", few_descriptors, 5},
    {"with 6 descriptors", few_descriptors, 6}, {"with 8 descriptors", few_descriptors, 8},
    {"with 12 descriptors", few_descriptors, 12}, {"without descriptors 0 and 1", closed, 3},
    {"without descriptors 1 and 2", closed, 6}, {"without descriptors 0 to 2", closed, 7}};

/* ---- what it comes to ---- */

static void judge(
    const use *u, const char *where, const outcome *o, bool silent, const char *differs)
{
	const char *files = room_faults("room", false);
	bool text =
	    silent || strstr(o->said, "onn") != NULL; /* a program it starts may speak first */
	tried++;
	same += o->code == 0;
	refused += o->code == 1;
	if (!o->late && !*files && ((o->code == 0 && !*differs) || (o->code == 1 && text)))
		return;
	faults++;
	fprintf(stderr, "FAULT: %s %s: %scode %d,%s%s: %s\n", u->name, where,
	    o->late ? "it hangs, " : "", o->code, files, differs, o->said);
}

static void try_surroundings(const use *u)
{
	room_clear("room");
	outcome o = use_run(u, "room", NULL, NULL, NULL);
	room_copy("good", "room");
	if (o.code != 0) {
		judge(u, "in quiet", &o, false, "");
		return;
	}
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		surroundings s = all[i];
		room_clear("room");
		o = use_run(u, "room", NULL, s.prepare, &s);
		/* standard output that is closed is one that cannot be written to */
		bool silent = s.prepare == closed;
		judge(u, s.name, &o, silent, o.code == 0 ? room_differs("room", "good", 1e-6) : "");
	}
}

/* ---- folders ---- */

static void try_place(const char *words, const char *where)
{
	use u = {words, words, NULL, NULL, 0};
	room_clear("room");
	outcome o = use_run(&u, "room", NULL, NULL, NULL);
	judge(&u, where, &o, false, o.code == 0 ? " it wrote there" : "");
}

static void try_places(void)
{
	static const char mlp[] =
	    "train mlp --dataset ../fixtures/set.npz --hidden 4 --epochs 1 --quiet --out ",
	                  design[] = "design --size 12 --plates 2 --steps 1 --quiet --out ";
	static const char *const places[] = {"../fixtures/set.npz", "../fixtures/set.npz/run",
	    "/proc/run", "/proc/self/mem", "/dev/null", "/dev/null/run", "/sys/run"};
	char words[512];
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		snprintf(words, sizeof words, "%s%s", mlp, places[i]);
		try_place(words, places[i]);
		snprintf(words, sizeof words, "%s%s", design, places[i]);
		try_place(words, places[i]);
	}
}

/* The run's folder is taken away while it is at work, a hundredth of its time later each time. */
static void try_vanishing(const char *words, int times)
{
	use u = {words, words, NULL, NULL, WRITES};
	for (int i = 0; i < times; i++) {
		room_clear("room");
		pid_t child = use_begin(&u, "room", NULL, NULL, NULL);
		nanosleep(&(struct timespec){0, 3000000L * (i + 1)}, NULL);
		if (access("room/run", F_OK) == 0) {
			room_clear("room/run");
			rmdir("room/run");
		}
		outcome o = use_end(child, "room");
		/* what it wrote behind that may be half of a run, but of whole files */
		judge(&u, "whose folder vanishes", &o, false, "");
	}
}

int __wrap_main(int argc, char **argv);
int __wrap_main(int argc, char **argv)
{
	bool whole = argc == 2 && !strcmp(argv[1], "--all");
	inject_start();
	room_start();
	setenv("ONN_DEVICE", "c", 0);
	setenv("ONN_THREADS", "1", 0);
	use_make_fixtures();
	for (const use *u = uses; u->name; u++)
		if (!u->begun &&
		    (whole ? strcmp(u->name, "selftest") != 0 : (u->flags & QUICK) != 0))
			try_surroundings(u);
	try_places();
	try_vanishing("train mlp --dataset ../fixtures/set.npz --hidden 4 --batch 8 --epochs 9 "
	              "--quiet --out run",
	    whole ? 100 : 10);
	try_vanishing("design --size 12 --plates 2 --steps 50 --save-every 2 --quiet --out run",
	    whole ? 100 : 10);
	printf("%ld tried: %ld as ever, %ld refused, %ld faults\n", tried, same, refused, faults);
	return faults ? EXIT_FAILURE : EXIT_SUCCESS;
}
