/*
 * tamper [--all]: each field of the texts and each array of the files of a run made wrong in turn,
 * and the folder given to eval, predict, show and --resume; and a network's list. Each comes to
 * exit code 0, or 1 with a message, soon and in little memory. What has to be refused, and by which
 * name: tests/train/test_folder_damaged.c and tests/design/test_checkpoint.c.
 *
 * --all: every field absent and with every value; else some of the readers, each field once.
 */
#define _GNU_SOURCE
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cjson/cJSON.h>
#include <onn/archive.h>
#include <onn/array.h>

#include "core/os.h"
#include "room.h"
#include "use.h"

/* A file of a run, and who reads it. */
static const struct {
	bool quick;
	const char *run, *file;
	const char *words[3];
} readers[] = {
    {false, "mlp", "last.npz",
        {"train mlp --dataset ../fixtures/set.npz --hidden 4 --batch 16 --epochs 2 --out run "
         "--quiet --resume"}},
    {false, "mlp", "best.npz", {"eval run", "predict run ../fixtures/digit.npy"}},
    {false, "mlp", "config.json",
        {"eval run", "show run", "train mlp --out run --quiet --resume --epochs 2"}},
    {false, "d2nn", "last.npz", {"train d2nn --out run --quiet --resume --epochs 2"}},
    {false, "d2nn", "best.npz", {"eval run --misalign 1e-4", "predict run ../fixtures/digit.npy"}},
    {true, "d2nn", "config.json", {"eval run", "show run"}},
    {true, "design", "last.npz", {"design --out run --quiet --resume --steps 3"}},
    {true, "design", "config.json", {"design --out run --quiet --resume --steps 3", "eval run"}},
    {true, "", "net.json",
        {"show net.json --dataset ../fixtures/set.npz",
            "train net --network net.json --dataset ../fixtures/set.npz --epochs 1 --out new "
            "--quiet"}},
};

static const char *const values[] = {"-1", "0.5", "1e300", "\"text\"", "{}", "null", "[9]", "0",
    "3", "17", "65536", "4294967297", "9007199254740993", "1e999", "-1e999", "1e-320", "\"\"", "[]",
    "true", "[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]", "\"18446744073709551615\"", "\"c\""};
enum { VALUES = sizeof values / sizeof *values };

static bool all_values;
static long tried, accepted, refused, faults;
static char good[ROOM_PATH]; /* the run, whole */
static size_t reader;

static void fail(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, onn_last_error());
	exit(EXIT_FAILURE);
}

/* ---- reading what is wrong ---- */

static void little_memory(void *user)
{
	(void)user;
#ifndef ONN_SANITIZED /* which reserve terabytes */
	struct rlimit most = {(rlim_t)4 << 30, (rlim_t)4 << 30};
	setrlimit(RLIMIT_AS, &most);
#endif
}

/* The folder has been made in `made`, with the wrong file. */
static void have_it_read(const char *what, const char *how)
{
	for (int i = 0; i < 3 && readers[reader].words[i]; i++) {
		use u = {readers[reader].run, readers[reader].words[i], NULL, NULL, 0};
		room_copy("room", "made");
		outcome o = use_run(&u, "room", NULL, little_memory, NULL);
		tried++;
		accepted += o.code == 0;
		refused += o.code == 1;
		bool message = strncmp(o.said, "onn", 3) == 0 && strlen(o.said) > 20;
		if (!o.late && (o.code == 0 || (o.code <= 2 && message)))
			continue;
		faults++;
		fprintf(stderr, "FAULT: %s, %s: %s %s: %scode %d: %s\n", u.words,
		    readers[reader].file, what, how, o.late ? "it hangs, " : "", o.code, o.said);
	}
}

static const char *path_of(const char *folder)
{
	static char path[2 * ROOM_PATH];
	bool in_run = *readers[reader].run;
	snprintf(path, sizeof path, "%s/%s%s", folder, in_run ? "run/" : "", readers[reader].file);
	return path;
}

static void prepare(void)
{
	char from[ROOM_PATH];
	room_clear("made");
	snprintf(from, sizeof from, "fixtures/%s", readers[reader].run);
	if (*readers[reader].run)
		room_copy("made/run", from);
}

/* ---- texts ---- */

/* The k-th item of an object or array and of those in it becomes another value, or NULL: goes. The
 * name is for messages. */
static bool replace(char name[64], cJSON *within, size_t *k, const char *value)
{
	int place = 0;
	for (cJSON *item = within->child; item; item = item->next, place++) {
		if ((*k)-- == 0) {
			snprintf(name, 64, "%s", item->string ? item->string : "an element");
			if (value)
				cJSON_ReplaceItemViaPointer(within, item, cJSON_CreateRaw(value));
			else
				cJSON_Delete(cJSON_DetachItemViaPointer(within, item));
			if (value && *name &&
			    !cJSON_IsArray(within)) /* the raw item has no name yet */
				for (cJSON *i = within->child; i; i = i->next)
					if (!i->string)
						i->string = strdup(name);
			return true;
		}
		if ((cJSON_IsObject(item) || cJSON_IsArray(item)) && replace(name, item, k, value))
			return true;
	}
	return false;
}

/* To be freed with free(); NULL: it has not so many items. */
static char *with_item(char name[64], const char *text, size_t k, const char *value)
{
	cJSON *root = cJSON_Parse(text);
	if (!root)
		fail("a good text");
	char *made = replace(name, root, &k, value) ? cJSON_Print(root) : NULL;
	cJSON_Delete(root);
	return made;
}

/* give puts the changed text where it belongs. */
static void damage_text(const char *text, void (*give)(void *user, const char *changed), void *user)
{
	bool more = true;
	for (size_t k = 0; more; k++)
		for (size_t i = 0; i <= VALUES && more; i++) {
			char name[64], *changed;
			if (!all_values && i != k % (VALUES + 1))
				continue;
			changed = with_item(name, text, k, i < VALUES ? values[i] : NULL);
			more = changed != NULL;
			if (!more)
				continue;
			give(user, changed);
			have_it_read(name, i < VALUES ? values[i] : "absent");
			free(changed);
		}
}

static void write_text(void *user, const char *text)
{
	(void)user;
	if (onn_file_write(path_of("made"), text, strlen(text)))
		fail("a text");
}

/* ---- archives ---- */

static onn_archive *whole; /* what it was */
static const char *const texts[] = {"config.json", "model.json", "state.json"};

/* All members but one, for which there is an array or a text, or nothing. */
static void write_archive(const char *but, const onn_array *array, const char *text)
{
	onn_archive *to;
	const char *name, *is;
	onn_status status = onn_archive_create(&to);
	for (size_t i = 0; !status && (name = onn_archive_name(whole, i)) != NULL; i++)
		if (strcmp(name, but) != 0)
			status = onn_archive_put(to, name, onn_archive_get(whole, name));
	for (size_t i = 0; !status && i < sizeof texts / sizeof *texts; i++)
		if (strcmp(texts[i], but) != 0 &&
		    (is = onn_archive_get_text(whole, texts[i])) != NULL)
			status = onn_archive_put_text(to, texts[i], is);
	if (!status && array)
		status = onn_archive_put(to, but, array);
	if (!status && text)
		status = onn_archive_put_text(to, but, text);
	if (status || onn_archive_save(to, path_of("made")))
		fail("an archive");
	onn_archive_destroy(to);
}

static void write_member(void *user, const char *text) { write_archive(user, NULL, text); }

static void try_array(const char *name, onn_type type, size_t ndim, const size_t *shape,
    double value, const char *how)
{
	onn_array *wide, *a;
	if (onn_array_create(&wide, ONN_F64, ndim, shape))
		fail("an array");
	for (size_t i = 0; i < onn_array_count(wide); i++)
		((double *)onn_array_data(wide))[i] = value;
	if (onn_array_convert(&a, wide, type))
		fail("an array");
	write_archive(name, a, NULL);
	have_it_read(name, how);
	onn_array_destroy(wide);
	onn_array_destroy(a);
}

static void damage_array(const char *name)
{
	static const onn_type types[] = {ONN_U8, ONN_I32, ONN_F32, ONN_F64, ONN_C64};
	static const double numbers[] = {0, -1, .5, 3e38, NAN, INFINITY};
	const onn_array *is = onn_archive_get(whole, name);
	size_t ndim = onn_array_ndim(is), shape[ONN_MAX_DIMS] = {0}, n;
	onn_type own = onn_array_type(is);
	memcpy(shape, onn_array_shape(is), ndim * sizeof *shape);
	write_archive(name, NULL, NULL);
	have_it_read(name, "absent");
	write_archive(name, NULL, "text");
	have_it_read(name, "a text");
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (types[i] != own)
			try_array(name, types[i], ndim, shape, 1, "of another type");
	n = own == ONN_I32 || own == ONN_U8 ? 3 : sizeof numbers / sizeof *numbers;
	for (size_t i = 0; i < n; i++)
		try_array(name, own, ndim, shape, numbers[i], "of another value");
	try_array(name, own, ndim + 1, shape, 0, "empty");
	shape[ndim] = 1;
	try_array(name, own, ndim + 1, shape, 1, "with an axis more");
	shape[0] += ndim ? 1 : 2;
	try_array(name, own, ndim ? ndim : 1, shape, 1, "longer");
}

static void damage_archive(void)
{
	const char *name, *text;
	for (size_t i = 0; (name = onn_archive_name(whole, i)) != NULL; i++)
		damage_array(name);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if ((text = onn_archive_get_text(whole, texts[i])) != NULL)
			damage_text(text, write_member, (void *)(size_t)texts[i]);
}

int __wrap_main(int argc, char **argv);
int __wrap_main(int argc, char **argv)
{
	all_values = argc == 2 && !strcmp(argv[1], "--all");
	room_start();
	setenv("ONN_DEVICE", "c", 0);
	setenv("ONN_THREADS", "1", 0);
	use_make_fixtures();
	for (reader = 0; reader < sizeof readers / sizeof *readers; reader++) {
		long first = tried;
		if (!all_values && !readers[reader].quick)
			continue;
		prepare();
		snprintf(good, sizeof good, "fixtures/%s%s%s", readers[reader].run,
		    *readers[reader].run ? "/" : "", readers[reader].file);
		if (strstr(good, ".npz")) {
			if (onn_archive_load(&whole, good))
				fail(good);
			damage_archive();
			onn_archive_destroy(whole);
		} else {
			void *text;
			size_t bytes;
			if (onn_file_read(&text, &bytes, good))
				fail(good);
			damage_text(text, write_text, NULL);
			onn_free(text);
		}
		printf("%s: %ld read\n", good, tried - first);
		fflush(stdout);
	}
	printf(
	    "%ld read: %ld accepted, %ld refused, %ld faults\n", tried, accepted, refused, faults);
	return faults ? EXIT_FAILURE : EXIT_SUCCESS;
}
