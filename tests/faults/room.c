#define _GNU_SOURCE
#include "room.h"

#include <dirent.h>
#include <ftw.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <cjson/cJSON.h>
#include <onn/archive.h>
#include <onn/array.h>
#include <onn/image.h>

static char base[ROOM_PATH];
static pid_t owner;

static void die(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

static int drop(const char *path, const struct stat *info, int kind, struct FTW *place)
{
	(void)info, (void)kind;
	chmod(path, 0700);
	return place->level > 0 || strcmp(path, base) == 0 ? remove(path) : 0;
}

static int open_up(const char *path, const struct stat *info, int kind, struct FTW *place)
{
	(void)info, (void)place;
	return kind == FTW_D || kind == FTW_DNR ? chmod(path, 0700) : 0;
}

static void empty(const char *folder)
{
	nftw(folder, open_up, 16, FTW_PHYS);
	nftw(folder, drop, 16, FTW_PHYS | FTW_DEPTH);
}

static void leave(void)
{
	if (getpid() == owner && chdir("/") == 0)
		empty(base);
}

void room_start(void)
{
	const char *memory = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	char path[8192];
	snprintf(base, sizeof base, "%s/onn-faults-XXXXXX", memory);
	if (!mkdtemp(base) || chdir(base) || mkdir("bin", 0700))
		die(base);
	owner = getpid();
	atexit(leave);
	FILE *file = fopen("bin/gnuplot", "w");
	if (!file)
		die("bin/gnuplot");
	fputs("#!/bin/sh\ngrep -q '^exit error' && echo 'onn: no memory' >&2 && exit 1\n"
	      "printf '</svg>IEND\\256B\\140\\202'\n",
	    file);
	fclose(file);
	chmod("bin/gnuplot", 0700);
	snprintf(path, sizeof path, "%s/bin:%s", base, getenv("PATH") ? getenv("PATH") : "");
	setenv("PATH", path, 1);
}

void room_clear(const char *folder)
{
	empty(folder);
	if (access(folder, F_OK) != 0 && mkdir(folder, 0700))
		die(folder);
}

static void *contents(const char *path, size_t *bytes)
{
	FILE *file = fopen(path, "rb");
	struct stat info;
	char *data = NULL;
	if (!file || fstat(fileno(file), &info) || !(data = malloc((size_t)info.st_size + 1)))
		die(path);
	*bytes = fread(data, 1, (size_t)info.st_size, file);
	data[*bytes] = 0;
	fclose(file);
	return data;
}

static void copy_file(const char *to, const char *from)
{
	size_t bytes;
	void *data = contents(from, &bytes);
	FILE *file = fopen(to, "wb");
	if (!file || fwrite(data, 1, bytes, file) != bytes || fclose(file))
		die(to);
	free(data);
}

/* Calls what for each file within, in the order of names. */
static void each_file(const char *folder, const char *below,
    void (*what)(void *, const char *, const char *), void *user)
{
	char path[ROOM_PATH], name[ROOM_PATH];
	struct dirent **list;
	struct stat info;
	int n = scandir(folder, &list, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof path, "%s/%s", folder, list[i]->d_name);
		snprintf(name, sizeof name, "%s%s", below, list[i]->d_name);
		bool is_self = !strcmp(list[i]->d_name, ".") || !strcmp(list[i]->d_name, "..");
		free(list[i]);
		if (is_self || lstat(path, &info))
			continue;
		if (!S_ISDIR(info.st_mode)) {
			what(user, path, name);
			continue;
		}
		strcat(name, "/");
		each_file(path, name, what, user);
	}
	if (n >= 0)
		free(list);
}

static void copy_one(void *to, const char *path, const char *name)
{
	char full[2 * ROOM_PATH];
	snprintf(full, sizeof full, "%s/%s", (char *)to, name);
	for (char *p = strchr(full + strlen(to) + 1, '/'); p; p = strchr(p + 1, '/')) {
		*p = 0;
		mkdir(full, 0700);
		*p = '/';
	}
	copy_file(full, path);
}

void room_copy(const char *to, const char *from)
{
	char copy[ROOM_PATH];
	room_clear(to);
	snprintf(copy, sizeof copy, "%s", to);
	each_file(from, "", copy_one, copy);
}

/* ---- what they hold ---- */

static bool ends_in(const char *name, const char *tail)
{
	size_t n = strlen(name), m = strlen(tail);
	return n >= m && strcmp(name + n - m, tail) == 0;
}

static bool is_half_written(const char *name)
{
	const char *last = strrchr(name, '/') ? strrchr(name, '/') + 1 : name;
	return strncmp(last, ".onn-", 5) == 0;
}

/* Lines up to their fifth column. */
static size_t without_times(char *text)
{
	char *to = text;
	int commas = 0;
	for (char *p = text; *p; p++) {
		commas = *p == '\n' ? 0 : commas + (*p == ',');
		if (commas < 4)
			*to++ = *p;
	}
	return (size_t)(to - text);
}

static void add_line(void *stream, const char *path, const char *name)
{
	static const char *const timed[] = {
	    "summary.json", "seconds.npy", "seeds.csv", "interrupted.csv"};
	unsigned long sum = 0;
	size_t bytes;
	if (is_half_written(name))
		return;
	char *data = contents(path, &bytes);
	bool tells_time = false;
	for (size_t i = 0; i < sizeof timed / sizeof *timed; i++)
		tells_time |= ends_in(name, timed[i]);
	if (ends_in(name, "metrics.csv"))
		bytes = without_times(data);
	if (!tells_time)
		sum = crc32(0, (unsigned char *)data, (unsigned)bytes);
	fprintf(stream, "%s %08lx\n", name, sum);
	free(data);
}

char *room_digest(const char *folder)
{
	char *text;
	size_t bytes;
	FILE *stream = open_memstream(&text, &bytes);
	each_file(folder, "", add_line, stream);
	fclose(stream);
	return text;
}

/* ---- whether they are whole ---- */

static bool is_json(const char *path)
{
	size_t bytes;
	char *text = contents(path, &bytes);
	cJSON *root = cJSON_Parse(text);
	free(text);
	cJSON_Delete(root);
	return root != NULL;
}

static bool is_archive(const char *path)
{
	onn_archive *archive;
	const onn_array *array;
	const char *name;
	onn_status status = onn_archive_load(&archive, path);
	for (size_t i = 0; !status && (name = onn_archive_name(archive, i)) != NULL; i++)
		status = onn_archive_find(&array, archive, name);
	onn_archive_destroy(archive);
	return !status;
}

static bool is_array(const char *path, onn_status (*load)(onn_array **, const char *))
{
	onn_array *array;
	bool good = load(&array, path) == ONN_OK;
	onn_array_destroy(array);
	return good;
}

static bool ends_so(const char *path, const char *tail, size_t length)
{
	size_t bytes;
	char *data = contents(path, &bytes);
	bool good = bytes >= length && memcmp(data + bytes - length, tail, length) == 0;
	free(data);
	return good;
}

static bool is_stl(const char *path)
{
	size_t bytes;
	unsigned char *p = contents(path, &bytes);
	bool good =
	    bytes >= 84 && bytes == 84 + 50 * ((size_t)p[80] | (size_t)p[81] << 8 |
	                                          (size_t)p[82] << 16 | (size_t)p[83] << 24);
	free(p);
	return good;
}

static bool is_figure(const char *path)
{
	return ends_so(path, "</svg>IEND\256B`\202", 14); /* what bin/gnuplot writes */
}

static bool is_whole(const char *path)
{
	if (ends_in(path, ".json"))
		return is_json(path);
	if (ends_in(path, ".npz"))
		return is_archive(path);
	if (ends_in(path, ".npy"))
		return is_array(path, onn_array_load);
	if (ends_in(path, ".csv") || ends_in(path, ".md"))
		return ends_so(path, "\n", 1);
	if (ends_in(path, ".stl"))
		return is_stl(path);
	if (ends_in(path, ".svg"))
		return is_figure(path);
	if (ends_in(path, ".png"))
		return is_figure(path) || is_array(path, onn_image_load);
	return false;
}

/* ---- whether they say the same ---- */

static void widest(onn_array **wide, const onn_array *a)
{
	if (onn_array_convert(wide, a, ONN_C128))
		die(onn_last_error());
}

static bool near(const onn_array *a, const onn_array *b, double tolerance)
{
	onn_array *x, *y;
	double most = 0, worst = 0;
	if (!a || !b || onn_array_count(a) != onn_array_count(b))
		return false;
	widest(&x, a);
	widest(&y, b);
	const double *p = onn_array_const_data(x), *q = onn_array_const_data(y);
	for (size_t i = 0; i < 2 * onn_array_count(x); i++) {
		most = fabs(q[i]) > most ? fabs(q[i]) : most;
		worst = fabs(p[i] - q[i]) <= worst ? worst : fabs(p[i] - q[i]);
	}
	onn_array_destroy(x);
	onn_array_destroy(y);
	return worst <= tolerance * most;
}

static bool archives_near(const char *path, const char *good, double tolerance)
{
	onn_archive *a = NULL, *b = NULL;
	const char *name;
	bool same = !onn_archive_load(&a, path) && !onn_archive_load(&b, good);
	for (size_t i = 0; same && (name = onn_archive_name(b, i)) != NULL; i++)
		same = near(onn_archive_get(a, name), onn_archive_get(b, name), tolerance);
	onn_archive_destroy(a);
	onn_archive_destroy(b);
	return same;
}

static bool arrays_near(const char *path, const char *good, double tolerance)
{
	onn_array *a = NULL, *b = NULL;
	bool same = !onn_array_load(&a, path) && !onn_array_load(&b, good);
	same = same && near(a, b, tolerance);
	onn_array_destroy(a);
	onn_array_destroy(b);
	return same;
}

typedef struct comparison {
	FILE *stream;
	const char *folder;
	double tolerance;
} comparison;

static void compare(void *user, const char *good, const char *name)
{
	const comparison *c = user;
	char path[2 * ROOM_PATH];
	snprintf(path, sizeof path, "%s/%s", c->folder, name);
	if (access(path, F_OK) != 0)
		fprintf(c->stream, " %s is not there", name);
	else if ((ends_in(name, ".npz") && !archives_near(path, good, c->tolerance)) ||
	         (ends_in(name, ".npy") && !ends_in(name, "seconds.npy") &&
	             !arrays_near(path, good, c->tolerance)))
		fprintf(c->stream, " %s has other numbers", name);
}

const char *room_differs(const char *folder, const char *good, double tolerance)
{
	static char text[4096];
	comparison c = {fmemopen(text, sizeof text - 1, "w"), folder, tolerance};
	memset(text, 0, sizeof text);
	each_file(good, "", compare, &c);
	fclose(c.stream);
	return text;
}

static bool was_killed;

static void judge(void *stream, const char *path, const char *name)
{
	if (is_half_written(name)) {
		if (!was_killed)
			fprintf(stream, " %s was left", name);
	} else if (!is_whole(path))
		fprintf(stream, " %s is not whole", name);
}

const char *room_faults(const char *folder, bool killed)
{
	static char text[4096];
	FILE *stream = fmemopen(text, sizeof text - 1, "w");
	memset(text, 0, sizeof text);
	was_killed = killed;
	each_file(folder, "", judge, stream);
	fclose(stream);
	return text;
}
