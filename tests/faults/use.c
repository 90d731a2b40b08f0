#define _GNU_SOURCE
#include "use.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <onn/archive.h>
#include <onn/array.h>
#include <onn/image.h>

#include "room.h"

#define MLP "train mlp --dataset ../fixtures/set.npz --hidden 4 --batch 16 --out run --quiet"
#define D2NN                                                                                       \
	"train d2nn --dataset ../fixtures/set.npz --size 12 --layers 2 --distance 1e-3 --batch "   \
	"16 --out run "                                                                            \
	"--quiet"
#define NET                                                                                        \
	"train net --dataset ../fixtures/set.npz --network ../fixtures/net.json --batch 16 --out " \
	"run --quiet"
#define DESIGN "design --size 12 --plates 2 --out run --quiet"
#define SOURCE "source --wavelength 532e-9 --pitch 8e-6 --size 16 --kind laguerre-gauss"
#define LIGHT  "propagate ../fixtures/field.npy --wavelength 532e-9 --pitch 8e-6 --distance 2e-3"

const use uses[] = {
    {"api", NULL, api_work, NULL, QUICK},
    {"api-run", NULL, api_run, NULL, 0},
    {"mlp", MLP " --epochs 1", NULL, NULL, QUICK | WRITES},
    {"mlp-more", MLP " --epochs 2 --resume", NULL, "mlp", 0},
    {"mlp-seeds", MLP " --epochs 1 --seeds 2", NULL, NULL, WRITES},
    {"d2nn", D2NN " --epochs 1", NULL, NULL, QUICK | WRITES},
    {"d2nn-more", D2NN " --epochs 2 --resume", NULL, "d2nn", 0},
    {"net", NET " --epochs 1", NULL, NULL, WRITES},
    {"design", DESIGN " --steps 2", NULL, NULL, QUICK | WRITES},
    {"design-more", DESIGN " --steps 3 --resume", NULL, "design", 0},
    {"design-stl", DESIGN " --steps 2 --modulation phase --stl", NULL, NULL, WRITES},
    {"eval", "eval ../fixtures/mlp", NULL, NULL, QUICK},
    {"eval-copies", "eval ../fixtures/d2nn --misalign 1e-4 --copies 2", NULL, NULL, 0},
    {"predict", "predict ../fixtures/mlp ../fixtures/digit.png", NULL, NULL, QUICK},
    {"predict-light", "predict ../fixtures/d2nn ../fixtures/digit.npy", NULL, NULL, 0},
    {"source", SOURCE " out.npy", NULL, NULL, QUICK},
    {"propagate", LIGHT " out.npy", NULL, NULL, QUICK},
    {"propagate-png", LIGHT " out.png", NULL, NULL, 0},
    {"show", "show ../fixtures/net.json --dataset ../fixtures/set.npz --plot strip.svg", NULL, NULL,
        QUICK},
    {"show-run", "show ../fixtures/d2nn --json", NULL, NULL, 0},
    {"plot", "plot ../fixtures/field.npy --out field.svg", NULL, NULL, 0},
    {"response", "response --inputs 0:5:11 --plot response.svg", NULL, NULL, QUICK},
    {"reproduce", "reproduce --from ../fixtures/study.json --out run --quiet", NULL, NULL, 0},
    {"devices", "devices", NULL, NULL, MACHINE},
    {"selftest", "selftest --device c", NULL, NULL, MACHINE},
    {0},
};

const use *use_find(const char *name)
{
	const use *u = uses;
	while (u->name && strcmp(u->name, name) != 0)
		u++;
	return u->name ? u : NULL;
}

/* ---- children ---- */

int __real_main(int argc, char **argv); /* the command's */

static int command(const char *words, const char *more)
{
	static char text[4096];
	char *argv[64] = {"onn"}, *at = text;
	int argc = 1;
	snprintf(text, sizeof text, "%s %s", words, more ? more : "");
	for (char *word; argc < 63 && (word = strsep(&at, " ")) != NULL;)
		if (*word)
			argv[argc++] = word;
	return __real_main(argc, argv);
}

static void beside(char path[ROOM_PATH], const char *folder, const char *what)
{
	snprintf(path, ROOM_PATH, "%s.%s", folder, what);
}

static int make(const char *folder, const char *what)
{
	char path[ROOM_PATH];
	beside(path, folder, what);
	return open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
}

pid_t use_begin(
    const use *u, const char *folder, const char *more, use_prepare *prepare, void *user)
{
	fflush(NULL);
	pid_t child = fork();
	if (child != 0)
		return child;
	int in = open("/dev/null", O_RDONLY), out = make(folder, "out"),
	    err = make(folder, "errors");
	struct rlimit none = {0, 0};
	setrlimit(RLIMIT_CORE, &none);
	if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0 || chdir(folder))
		_exit(98);
	close(in);
	close(out);
	close(err);
	if (prepare)
		prepare(user);
	exit(u->work ? u->work() : command(u->words, more));
}

/* In seconds, of a clock that tests may not turn back. */
static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void read_text(char text[USE_TEXT], const char *folder, const char *what)
{
	char path[ROOM_PATH];
	beside(path, folder, what);
	FILE *file = fopen(path, "rb");
	size_t n = file ? fread(text, 1, USE_TEXT - 1, file) : 0;
	text[n] = 0;
	if (file)
		fclose(file);
}

outcome use_end(pid_t child, const char *folder)
{
	outcome o = {-1, false, "", ""};
	int status = 0;
	double begun = now();
	while (child > 0 && waitpid(child, &status, WNOHANG) == 0) {
		o.late = now() - begun > 120;
		if (o.late)
			kill(child, SIGKILL);
		nanosleep(&(struct timespec){0, 300000}, NULL);
	}
	if (child > 0)
		o.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	read_text(o.said, folder, "errors");
	read_text(o.result, folder, "out");
	return o;
}

outcome use_run(
    const use *u, const char *folder, const char *more, use_prepare *prepare, void *user)
{
	return use_end(use_begin(u, folder, more, prepare, user), folder);
}

/* ---- fixtures ---- */

static void fixture_fails(const char *what, const char *said)
{
	fprintf(stderr, "fixtures: %s: %s\n", what, said);
	exit(EXIT_FAILURE);
}

static onn_array *numbers(onn_type type, size_t ndim, const size_t *shape, int step, int below)
{
	onn_array *wide, *a;
	if (onn_array_create(&wide, ONN_F64, ndim, shape))
		fixture_fails("an array", onn_last_error());
	double *x = onn_array_data(wide);
	for (size_t i = 0; i < onn_array_count(wide); i++)
		x[i] = (double)(i * (size_t)step % 101 % (size_t)below);
	if (onn_array_convert(&a, wide, type))
		fixture_fails("an array", onn_last_error());
	onn_array_destroy(wide);
	return a;
}

static void make_set(void)
{
	onn_archive *archive;
	onn_array *part[] = {numbers(ONN_U8, 3, (size_t[]){40, 6, 6}, 7, 100),
	    numbers(ONN_I32, 1, (size_t[]){40}, 1, 3),
	    numbers(ONN_U8, 3, (size_t[]){12, 6, 6}, 11, 100),
	    numbers(ONN_I32, 1, (size_t[]){12}, 1, 3)};
	static const char *const names[] = {"x", "y", "x_test", "y_test"};
	onn_status status = onn_archive_create(&archive);
	for (int i = 0; i < 4; i++) {
		status = status ? status : onn_archive_put(archive, names[i], part[i]);
		onn_array_destroy(part[i]);
	}
	if (status || onn_archive_save(archive, "fixtures/set.npz"))
		fixture_fails("set.npz", onn_last_error());
	onn_archive_destroy(archive);
}

/* From 0 .. 99 to 0 .. 1. */
static bool brightened(onn_array *grey)
{
	double *x = onn_array_data(grey);
	for (size_t i = 0; i < onn_array_count(grey); i++)
		x[i] /= 99;
	return true;
}

static void make_files(void)
{
	onn_array *field = numbers(ONN_C64, 2, (size_t[]){16, 16}, 7, 100),
	          *digit = numbers(ONN_U8, 2, (size_t[]){6, 6}, 7, 100), *grey = NULL;
	FILE *net = fopen("fixtures/net.json", "w"), *study = fopen("fixtures/study.json", "w");
	if (!net || !study || onn_array_convert(&grey, digit, ONN_F64) ||
	    onn_array_save(field, "fixtures/field.npy") ||
	    onn_array_save(digit, "fixtures/digit.npy") || !brightened(grey) ||
	    onn_image_save(grey, "fixtures/digit.png", 8))
		fixture_fails("files", onn_last_error());
	fputs("{\"layers\": [{\"layer\": \"encode\", \"grid\": 12}, {\"layer\": \"plate\"},"
	      "{\"layer\": \"space\", \"distance\": 1e-3}, {\"layer\": \"detect\", \"regions\": "
	      "[2, 2]},"
	      "{\"layer\": \"linear\", \"outputs\": 3}]}\n",
	    net);
	fclose(net);
	fputs(
	    "{\"name\": \"study\", \"data\": {\"dataset\": \"../fixtures/set.npz\"}, \"network\": "
	    "{\"model\": \"mlp\", \"hidden\": [4]}, \"training\": {\"batch\": 16}, \"x\": "
	    "{\"set\": "
	    "\"training.epochs\", \"values\": [1, 2]}, \"series\": [{\"name\": \"report\"}, "
	    "{\"name\": "
	    "\"cosine\", \"set\": {\"measure\": \"cosine\"}}, {\"name\": \"output\", \"flat\": "
	    "true, "
	    "\"set\": {\"measure\": \"output\"}}]}\n",
	    study);
	fclose(study);
	onn_array_destroy(field);
	onn_array_destroy(digit);
	onn_array_destroy(grey);
}

void use_make_fixtures(void)
{
	static const char *const runs[] = {"mlp", "d2nn", "design", NULL};
	char to[ROOM_PATH], from[ROOM_PATH];
	room_clear("fixtures");
	make_set();
	make_files();
	for (int i = 0; runs[i]; i++) {
		room_clear("made");
		outcome o = use_run(use_find(runs[i]), "made", NULL, NULL, NULL);
		if (o.code != 0)
			fixture_fails(runs[i], o.said);
		snprintf(to, sizeof to, "fixtures/%s", runs[i]);
		snprintf(from, sizeof from, "made/run");
		room_copy(to, from);
	}
}
