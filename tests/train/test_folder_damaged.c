#define _DEFAULT_SOURCE /* mkdtemp */
/*
 * Every member and every field of a run's files, absent, of another kind or of another value, and
 * every length of them: what cannot be gone on with is an error that names the file and the field,
 * and nothing crashes. CK_FORK=no: a crash is one of this program's.
 */
#include <unistd.h>

#include <onn/archive.h>
#include <onn/device.h>

#include <cjson/cJSON.h>

#include "core/json.h"
#include "presets.h"
#include "train/training.h"

static const char good[] = "test_damaged_good", room[] = "test_damaged_run";
static onn_device *device;
static onn_dataset *set;
static size_t refused, accepted;

static onn_train_options training(const char *out, size_t epochs, bool resume)
{
	onn_train_options o = ONN_TRAIN_OPTIONS_INIT;
	o.epochs = epochs;
	o.batch = 16;
	o.out = out;
	o.resume = resume;
	return o;
}

static onn_status resume(void)
{
	onn_mlp m = network_for(set);
	onn_train_options o = training(room, 3, true);
	onn_train_result result;
	m.hidden[0] = 4;
	onn_status status = train_mlp(&result, &m, &o, set, device);
	onn_train_result_clear(&result);
	return status;
}

/* A run of two epochs of three. */
static void make_good(void)
{
	onn_mlp m = network_for(set);
	onn_train_options o = training(good, 2, false);
	m.hidden[0] = 4;
	clean(good);
	check_ok(train_mlp(NULL, &m, &o, set, device));
}

static void copy_files(void)
{
	static const char *const names[] = {
	    "config.json", "last.npz", "best.npz", "metrics.csv", "seconds.npy"};
	check_ok(onn_directory_make(room));
	for (size_t i = 0; i < COUNT(names); i++) {
		size_t bytes;
		char *data = read_text(good, names[i], &bytes);
		check_ok(onn_file_write(path_in(room, names[i]), data, bytes));
		onn_free(data);
	}
}

/* The good checkpoint with one member left out, and another put in its place: an array, or a text;
 * or neither. */
static void write_mutant(const char *member, const onn_array *array, const char *text)
{
	static const char *const texts[] = {"config.json", "model.json", "state.json"};
	onn_archive *from, *to;
	const char *name;
	check_ok(onn_archive_load(&from, path_in(good, "last.npz")));
	check_ok(onn_archive_create(&to));
	for (size_t i = 0; (name = onn_archive_name(from, i)) != NULL; i++)
		if (strcmp(name, member) != 0)
			check_ok(onn_archive_put(to, name, onn_archive_get(from, name)));
	for (size_t i = 0; i < COUNT(texts); i++)
		if (strcmp(texts[i], member) != 0)
			check_ok(onn_archive_put_text(
			    to, texts[i], onn_archive_get_text(from, texts[i])));
	if (array)
		check_ok(onn_archive_put(to, member, array));
	if (text)
		check_ok(onn_archive_put_text(to, member, text));
	check_ok(onn_archive_save(to, path_in(room, "last.npz")));
	onn_archive_destroy(from);
	onn_archive_destroy(to);
}

/* must: it has to be refused. */
static void check_resume(const char *field, const char *how, bool must)
{
	onn_status status = resume();
	const char *text = onn_last_error();
	if (!status) {
		ck_assert_msg(!must, "%s %s was accepted", field, how);
		accepted++;
		copy_files();
		return;
	}
	if (status == ONN_ERROR_NUMERIC && !must) /* numbers, but not to train with */
		return;
	ck_assert_msg(status == ONN_ERROR_FORMAT || status == ONN_ERROR_ARGUMENT, "%s %s: %s: %s",
	    field, how, onn_status_name(status), text);
	/* more epochs than the history has rows are the history's to say, and of an object that
	 * has become empty it is its first field that is missed */
	ck_assert_msg(strstr(text, "last.npz") && (strstr(text, field) || strstr(text, "history") ||
	                                              strstr(text, "there is no \"")),
	    "%s %s: %s", field, how, text);
	refused++;
}

/* ---- arrays ---- */

static onn_array *filled(const onn_array *like, onn_type type, double value)
{
	onn_array *a, *numbers;
	check_ok(onn_array_create(&numbers, ONN_F64, onn_array_ndim(like), onn_array_shape(like)));
	for (size_t i = 0; i < onn_array_count(numbers); i++)
		((double *)onn_array_data(numbers))[i] = value;
	check_ok(onn_array_convert(&a, numbers, type));
	onn_array_destroy(numbers);
	return a;
}

static void try_array(const char *name, const onn_array *a, const char *how, bool must)
{
	write_mutant(name, a, NULL);
	check_resume(name, how, must);
}

static void damage_array(const char *name, const onn_array *is)
{
	static const onn_type types[] = {ONN_U8, ONN_I32, ONN_U32, ONN_F32, ONN_F64, ONN_C64};
	size_t ndim = onn_array_ndim(is), shape[ONN_MAX_DIMS] = {0};
	onn_type own = onn_array_type(is);
	onn_array *a;
	write_mutant(name, NULL, NULL);
	check_resume(name, "absent", true);
	write_mutant(name, NULL, "text");
	check_resume(name, "a text", true);
	for (size_t i = 0; i < COUNT(types); i++) {
		a = filled(is, types[i], 1);
		if (types[i] != own)
			try_array(name, a, onn_type_name(types[i]), true);
		onn_array_destroy(a);
	}
	memcpy(shape, onn_array_shape(is), ndim * sizeof *shape);
	check_ok(onn_array_create(&a, own, ndim + 1, shape)); /* the last axis is of size 0 */
	try_array(name, a, "empty", true);
	onn_array_destroy(a);
	shape[ndim] = 1;
	check_ok(onn_array_create(&a, own, ndim + 1, shape));
	try_array(name, a, "with an axis more", true);
	onn_array_destroy(a);
	shape[0] += ndim ? 1 : 2;
	check_ok(onn_array_create(&a, own, ndim ? ndim : 1, shape));
	try_array(name, a, "longer", true);
	onn_array_destroy(a);
	for (int i = 0; i < 4; i++) {
		static const double value[] = {0, -1, 3e38, 0.5};
		a = filled(is, own, own == ONN_I32 ? (double)(i - 1) : value[i]);
		try_array(name, a, "of another value", false);
		onn_array_destroy(a);
	}
	for (int i = 0; i < 2 && own != ONN_I32; i++) {
		a = filled(is, own, i ? NAN : INFINITY);
		try_array(name, a, i ? "of NaN" : "of inf", true);
		onn_array_destroy(a);
	}
}

START_TEST(damaged_arrays_are_refused_by_name)
{
	onn_archive *archive;
	const char *name;
	check_ok(onn_archive_load(&archive, path_in(good, "last.npz")));
	copy_files();
	size_t count = 0;
	for (; (name = onn_archive_name(archive, count)) != NULL; count++)
		damage_array(name, onn_archive_get(archive, name));
	ck_assert_uint_gt(count, 8);
	onn_archive_destroy(archive);
}
END_TEST

/* ---- texts ---- */

/* The first of them for all, all for the few fields of state.json. */
static const char *const values[] = {"-1", "0.5", "1e300", "\"text\"", "{}", "null", "[9]", "0",
    "3", "17", "65536", "4294967297", "9007199254740993", "1e999", "-1e999", "\"\"", "[]", "true",
    "\"18446744073709551615\""};
enum { FIRST = 5 };

/* The k-th field of an object and of those in it, in their order, becomes another; NULL: it goes.
 * False: there are not so many. */
static bool damage_field(char name[64], cJSON *object, size_t *k, const char *value)
{
	for (cJSON *item = object->child; item; item = item->next) {
		if ((*k)-- == 0) {
			snprintf(name, 64, "%s", item->string);
			if (value)
				cJSON_ReplaceItemInObjectCaseSensitive(
				    object, name, cJSON_CreateRaw(value));
			else
				cJSON_DeleteItemFromObjectCaseSensitive(object, name);
			return true;
		}
		if (cJSON_IsObject(item) && damage_field(name, item, k, value))
			return true;
	}
	return false;
}

static char *damaged(char name[64], const char *text, size_t k, const char *value)
{
	cJSON *root = cJSON_Parse(text);
	ck_assert_ptr_nonnull(root);
	char *made = damage_field(name, root, &k, value) ? onn_json_finish(root) : NULL;
	if (!made)
		cJSON_Delete(root);
	return made;
}

/* What a text must have. A network's description may leave a field to its standard value, and what
 * came after version 0.1.0 its files lack. */
static bool is_needed(const char *member, const char *name)
{
	static const char *const free_ones[] = {"digest", "mlp"};
	static bool in_network;
	for (size_t i = 0; i < COUNT(free_ones); i++)
		if (strcmp(name, free_ones[i]) == 0)
			in_network = i > 0;
	if (strcmp(name, "training") == 0 || strcmp(member, "state.json") == 0)
		in_network = false;
	return !in_network && strcmp(member, "model.json") != 0 && strcmp(name, "digest") != 0;
}

static void damage_text(const char *member)
{
	onn_archive *archive;
	char name[64], *text;
	bool few = strcmp(member, "state.json") == 0;
	size_t count = few ? COUNT(values) : FIRST;
	check_ok(onn_archive_load(&archive, path_in(good, "last.npz")));
	const char *is = onn_archive_get_text(archive, member);
	for (size_t k = 0; (text = damaged(name, is, k, NULL)) != NULL; k++) {
		bool needed = is_needed(member, name);
		write_mutant(member, NULL, text);
		check_resume(name, "absent", needed);
		onn_free(text);
		for (size_t i = 0; i < count; i++) {
			text = damaged(name, is, k, values[i]);
			write_mutant(member, NULL, text);
			check_resume(name, values[i], false);
			onn_free(text);
		}
	}
	write_mutant(member, NULL, NULL);
	check_resume(member, "absent", true);
	for (size_t n = 0; n < strlen(is); n += few ? 1 : 61) {
		char *cut = calloc(1, n + 1);
		memcpy(cut, is, n);
		write_mutant(member, NULL, cut);
		check_resume("", "cut", is[n] != '\n');
		free(cut);
	}
	onn_archive_destroy(archive);
}

START_TEST(damaged_texts_are_refused_by_field)
{
	copy_files();
	refused = accepted = 0;
	damage_text("state.json");
	damage_text("config.json");
	damage_text("model.json");
	printf("%zu texts refused, %zu accepted\n", refused, accepted);
}
END_TEST

/* ---- files ---- */

static onn_status load_model(void)
{
	onn_model *model;
	onn_status status = onn_model_load(&model, path_in(room, "best.npz"));
	onn_model_destroy(model);
	return status;
}

static onn_status load_config(void)
{
	onn_train_config config;
	onn_status status = onn_train_config_load(&config, room);
	if (!status)
		onn_train_config_clear(&config);
	return status;
}

START_TEST(files_of_every_length_are_refused_by_name)
{
	static const struct {
		const char *name;
		onn_status (*use)(void);
	} file[] = {{"last.npz", resume}, {"best.npz", load_model}, {"config.json", load_config}};
	copy_files();
	for (size_t i = 0; i < COUNT(file); i++) {
		size_t bytes;
		char *data = read_text(good, file[i].name, &bytes);
		/* the end of the last line of a text may be missing */
		size_t whole = bytes - (data[bytes - 1] == '\n');
		for (size_t n = 0; n < whole; n++) {
			FILE *out = fopen(path_in(room, file[i].name), "wb");
			fwrite(data, 1, n, out);
			fclose(out);
			check_error(file[i].use(), ONN_ERROR_FORMAT, file[i].name);
		}
		check_ok(onn_file_write(path_in(room, file[i].name), data, bytes));
		check_ok(file[i].use());
		onn_free(data);
	}
}
END_TEST

/* Times and tables come second: they are made anew. */
START_TEST(what_does_not_count_may_be_damaged)
{
	static const char *const names[] = {
	    "seconds.npy", "metrics.csv", "best.npz", "config.json"};
	for (size_t i = 0; i < COUNT(names); i++) {
		copy_files();
		check_ok(onn_file_write(path_in(room, names[i]), "damaged", 7));
		check_ok(resume());
	}
}
END_TEST

/* A thousand small files are written and synced: a minute on a disk, a second in memory. */
static void go_to_memory(void)
{
	static char folder[] = "/dev/shm/onn-XXXXXX";
	if (access("/dev/shm", W_OK) == 0 && mkdtemp(folder))
		ck_assert_int_eq(chdir(folder), 0);
}

START_TEST(a_run_to_damage_is_made)
{
	go_to_memory();
	onn_device_options options = ONN_DEVICE_OPTIONS_INIT;
	options.threads = 1;
	check_ok(onn_device_create(&device, "c", &options));
	set = make_set(20, 10, 6);
	make_good();
}
END_TEST

START_TEST(and_taken_away)
{
	clean(good);
	clean(room);
	remove(good);
	remove(room);
	free_set(set);
	onn_device_destroy(device);
	char here[64];
	if (getcwd(here, sizeof here) && strncmp(here, "/dev/shm/onn-", 13) == 0)
		rmdir(here);
}
END_TEST

TESTS("folder_damaged", a_run_to_damage_is_made, damaged_arrays_are_refused_by_name,
    damaged_texts_are_refused_by_field, files_of_every_length_are_refused_by_name,
    what_does_not_count_may_be_damaged, and_taken_away)
