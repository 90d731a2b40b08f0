/*
 * Building programs, and keeping what was built: the latest in the device, all on disk.
 *
 * A file of the cache is a head, then the driver's binary. Its name is the SHA-256 of all that the
 * binary depends on; the head repeats that key and holds the binary's own SHA-256, so that nothing
 * damaged reaches a driver. What another user could have written is not used either: a binary is
 * code, and its checksum stands beside it. Whatever goes wrong with the cache, the program is built
 * from source.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/opencl/opencl_backend.h"
#include "core/sha256.h"

typedef struct head {
	char magic[8];
	unsigned char key[ONN_SHA256_BYTES];
	unsigned char digest[ONN_SHA256_BYTES];
	uint64_t bytes;
} head;

/* A change of the file's form, or of how programs are built, changes the number. */
static const char magic[8] = "onncl 1";

#define OPTIONS "-w -cl-std=CL1.2"
#define DIVIDE  " -cl-fp32-correctly-rounded-divide-sqrt"
#define PLAINLY " -cl-opt-disable"

/* -w: PoCL prints the number of warnings, such as those of x != x for an integer x. plainly:
 * without optimisation, which is where compilers fail. */
static const char *options_of(const onn_cl_device *d, bool plainly)
{
	static const char *const options[2][2] = {
	    {OPTIONS, OPTIONS PLAINLY}, {OPTIONS DIVIDE, OPTIONS DIVIDE PLAINLY}};

	return options[d->divide][plainly];
}

static void key_of(const onn_cl_device *d, const char *source, bool plainly, unsigned char *key)
{
	onn_sha256 sha;

	onn_sha256_start(&sha);
	onn_sha256_add(&sha, magic, sizeof magic);
	onn_sha256_add(&sha, d->identity, strlen(d->identity) + 1);
	onn_sha256_add(&sha, options_of(d, plainly), strlen(options_of(d, plainly)) + 1);
	onn_sha256_add(&sha, source, strlen(source));
	onn_sha256_finish(key, &sha);
}

static void digest_of(const void *data, size_t bytes, unsigned char *digest)
{
	onn_sha256 sha;

	onn_sha256_start(&sha);
	onn_sha256_add(&sha, data, bytes);
	onn_sha256_finish(digest, &sha);
}

bool onn_cl_cache_path(const unsigned char *key, const char *extension, char *path, size_t room)
{
	char folder[1024], name[ONN_SHA256_TEXT];

	if (!onn_cache_directory(folder, sizeof folder - 8))
		return false;
	strcat(folder, "/opencl");
	if (!onn_directory_own(folder))
		return false;
	onn_sha256_text(name, key);
	int length = snprintf(path, room, "%s/%s%s", folder, name, extension);
	return length > 0 && (size_t)length < room;
}

static bool path_of(const onn_cl_device *d, const unsigned char *key, char *path, size_t room)
{
	return d->cache && onn_cl_cache_path(key, ".bin", path, room);
}

/* ---- a driver's compiler, which may never come back ---- */

typedef struct building {
	cl_program program;
	cl_device_id id;
	const char *options;
	cl_int code;
} building;

static void build_there(void *argument)
{
	building *b = argument;

	b->code = clBuildProgram(b->program, 1, &b->id, b->options, NULL, NULL);
}

/* false: it did not end in time, and works on; the program is not to be released. */
static bool build(onn_cl_device *d, cl_program program, bool plainly, cl_int *code)
{
	building b = {program, d->id, options_of(d, plainly), CL_SUCCESS};
	const onn_patience patience = {d->limit, NULL, NULL};
	onn_watch *watch = NULL;
	bool returned = true;

	if (d->limit > 0 && !onn_watch_create(&watch))
		returned = onn_watch_call(watch, build_there, &b, sizeof b, &patience);
	else
		build_there(&b);
	onn_watch_destroy(watch);
	if (!returned) {
		atomic_store(&d->left, true);
		onn_cl_leave(d, plainly);
	}
	*code = b.code;
	return returned;
}

/* ---- the cache ---- */

/* NULL where the cache does not hold it, or what it holds is of no use. */
static cl_program load(onn_cl_device *d, const unsigned char *key, bool plainly)
{
	char path[1200];
	void *data = NULL;
	size_t bytes = 0, size;
	head h;
	unsigned char digest[ONN_SHA256_BYTES];
	const unsigned char *binary;
	cl_int each = 0, code = 0;
	cl_program program = NULL;

	if (!path_of(d, key, path, sizeof path) || !onn_file_own(path) ||
	    onn_file_read(&data, &bytes, path))
		return NULL;
	if (bytes < sizeof h)
		goto done;
	memcpy(&h, data, sizeof h);
	size = bytes - sizeof h;
	binary = (const unsigned char *)data + sizeof h;
	if (memcmp(h.magic, magic, sizeof magic) != 0 || memcmp(h.key, key, sizeof h.key) != 0 ||
	    h.bytes != size || size == 0)
		goto done;
	digest_of(binary, size, digest);
	if (memcmp(h.digest, digest, sizeof digest) != 0)
		goto done;
	program = clCreateProgramWithBinary(d->context, 1, &d->id, &size, &binary, &each, &code);
	if (program && !code && !each && !build(d, program, plainly, &code)) {
		program = NULL; /* the compiler still has it */
	} else if (program && (code || each)) {
		clReleaseProgram(program);
		program = NULL;
	}
done:
	onn_free(data);
	return program;
}

static void store(const onn_cl_device *d, const unsigned char *key, cl_program program)
{
	char path[1200];
	size_t size = 0;
	unsigned char *file = NULL, *binary;
	head h;

	if (!path_of(d, key, path, sizeof path) ||
	    clGetProgramInfo(program, CL_PROGRAM_BINARY_SIZES, sizeof size, &size, NULL) ||
	    size == 0 || !(file = malloc(sizeof h + size)))
		return;
	binary = file + sizeof h;
	if (clGetProgramInfo(program, CL_PROGRAM_BINARIES, sizeof binary, &binary, NULL) ==
	    CL_SUCCESS) {
		memset(&h, 0, sizeof h);
		memcpy(h.magic, magic, sizeof magic);
		memcpy(h.key, key, sizeof h.key);
		digest_of(binary, size, h.digest);
		h.bytes = size;
		memcpy(file, &h, sizeof h);
		onn_file_write_own(path, file, sizeof h + size); /* a failure costs time, later */
	}
	free(file);
}

static onn_status build_error(const onn_cl_device *d, cl_program program, cl_int code)
{
	size_t size = 0;
	char *log = NULL;
	onn_status status;

	clGetProgramBuildInfo(program, d->id, CL_PROGRAM_BUILD_LOG, 0, NULL, &size);
	log = calloc(1, size + 1);
	if (log)
		clGetProgramBuildInfo(program, d->id, CL_PROGRAM_BUILD_LOG, size, log, NULL);
	status = onn_error(ONN_ERROR_DEVICE,
	    "onn_plan_create: a kernel does not build on %s (%s); the compiler's log: %s",
	    d->base.name, onn_cl_error_name(code), log && *log ? log : "empty");
	free(log);
	return status;
}

static onn_status compile_once(
    onn_cl_device *d, const char *source, bool plainly, cl_program *out, bool *late)
{
	cl_int code = 0;
	cl_program program = clCreateProgramWithSource(d->context, 1, &source, NULL, &code);

	*late = false;
	if (!program)
		return onn_cl_error("onn_plan_create", "clCreateProgramWithSource", code);
	*late = !build(d, program, plainly, &code);
	if (*late)
		return onn_error(ONN_ERROR_DEVICE,
		    "onn_plan_create: a kernel was not built within %g s (ONN_OPENCL_LIMIT) on "
		    "device %s (%s)%s",
		    d->limit, d->base.name, d->base.description,
		    plainly ? ", and without optimisation neither; expected another driver, or "
		              "device c"
		            : "");
	if (code) {
		onn_status status = build_error(d, program, code);
		clReleaseProgram(program);
		return status;
	}
	*out = program;
	return ONN_OK;
}

static bool is_the_text_wrong(void) { return strstr(onn_last_error(), "error:") != NULL; }

static void say_plainly(onn_cl_device *d, const char *why)
{
	onn_cl_judge(d, "its compiler", why, "kernels without optimisation");
}

/*
 * Drivers share a cache of their own among processes; PoCL 3.1 then fails now and then without a
 * word from the compiler. Such a build is tried once more. What fails still, or takes too long, is
 * built without optimisation.
 */
static onn_status compile(onn_cl_device *d, const char *source, cl_program *out, bool *plainly)
{
	char first[1024];
	bool late, late_again;
	onn_status status = compile_once(d, source, false, out, &late);

	if (status && !late && !is_the_text_wrong())
		status = compile_once(d, source, false, out, &late);
	*plainly = status && (late || !is_the_text_wrong());
	if (!*plainly)
		return status;
	snprintf(first, sizeof first, "%s", onn_last_error());
	status = compile_once(d, source, true, out, &late_again);
	if (!status)
		say_plainly(d, late ? "a build takes too long" : "a build fails");
	else if (!late_again)
		status = onn_error(status, "%s", first);
	return status;
}

/* What was built before, in the one way or the other. */
static cl_program load_any(
    onn_cl_device *d, const char *source, const unsigned char *key, bool *plainly)
{
	unsigned char other[ONN_SHA256_BYTES];
	cl_program program = load(d, key, false);

	*plainly = !program && d->cache;
	if (!*plainly)
		return program;
	key_of(d, source, true, other);
	program = load(d, other, true);
	if (program)
		say_plainly(d, "a build took too long, or failed");
	return program;
}

static cl_program recall(onn_cl_device *d, const unsigned char *key)
{
	cl_program program = NULL;

	onn_mutex_lock(d->lock);
	for (size_t i = 0; i < ONN_CL_RECENT && !program; i++)
		if (d->recent[i].program && memcmp(d->recent[i].key, key, ONN_SHA256_BYTES) == 0)
			program = d->recent[i].program;
	if (program && clRetainProgram(program))
		program = NULL; /* not ours to release: it is built once more */
	onn_mutex_unlock(d->lock);
	return program;
}

static void remember(onn_cl_device *d, const unsigned char *key, cl_program program)
{
	if (clRetainProgram(program))
		return;
	onn_mutex_lock(d->lock);
	onn_cl_recent *r = &d->recent[d->next_recent++ % ONN_CL_RECENT];
	if (r->program)
		clReleaseProgram(r->program);
	memcpy(r->key, key, sizeof r->key);
	r->program = program;
	onn_mutex_unlock(d->lock);
}

onn_status onn_cl_program(cl_program *program, onn_cl_device *d, const char *source)
{
	unsigned char key[ONN_SHA256_BYTES], built[ONN_SHA256_BYTES];
	bool plainly;

	key_of(d, source, false, key);
	*program = recall(d, key);
	if (*program)
		return ONN_OK;
	/* what fails in the cache is nobody's error: the text of the last one stays */
	char text[1024];
	snprintf(text, sizeof text, "%s", onn_last_error());
	*program = load_any(d, source, key, &plainly);
	if (!*program) {
		onn_status status = compile(d, source, program, &plainly);
		if (status)
			return status;
		key_of(d, source, plainly, built);
		store(d, built, *program);
	}
	remember(d, key, *program);
	onn_error(ONN_OK, "%s", text);
	return ONN_OK;
}
