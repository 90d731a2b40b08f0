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

/* -w: PoCL prints the number of warnings, such as those of x != x for an integer x. */
static const char *options_of(const onn_cl_device *d)
{
	return d->divide ? "-w -cl-std=CL1.2 -cl-fp32-correctly-rounded-divide-sqrt"
	                 : "-w -cl-std=CL1.2";
}

static void key_of(const onn_cl_device *d, const char *source, unsigned char *key)
{
	onn_sha256 sha;

	onn_sha256_start(&sha);
	onn_sha256_add(&sha, magic, sizeof magic);
	onn_sha256_add(&sha, d->identity, strlen(d->identity) + 1);
	onn_sha256_add(&sha, options_of(d), strlen(options_of(d)) + 1);
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

static bool build(const onn_cl_device *d, cl_program program)
{
	return clBuildProgram(program, 1, &d->id, options_of(d), NULL, NULL) == CL_SUCCESS;
}

/* NULL where the cache does not hold it, or what it holds is of no use. */
static cl_program load(const onn_cl_device *d, const unsigned char *key)
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
	if (program && (code || each || !build(d, program))) {
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

static onn_status compile_once(const onn_cl_device *d, const char *source, cl_program *out)
{
	cl_int code = 0;
	cl_program program = clCreateProgramWithSource(d->context, 1, &source, NULL, &code);

	if (!program)
		return onn_cl_error("onn_plan_create", "clCreateProgramWithSource", code);
	code = clBuildProgram(program, 1, &d->id, options_of(d), NULL, NULL);
	if (code) {
		onn_status status = build_error(d, program, code);
		clReleaseProgram(program);
		return status;
	}
	*out = program;
	return ONN_OK;
}

/*
 * Drivers share a cache of their own among processes; PoCL 3.1 then fails now and then without a
 * word from the compiler. Such a build is tried once more.
 */
static onn_status compile(const onn_cl_device *d, const char *source, cl_program *out)
{
	onn_status status = compile_once(d, source, out);

	if (status && !strstr(onn_last_error(), "error:"))
		status = compile_once(d, source, out);
	return status;
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
	unsigned char key[ONN_SHA256_BYTES];

	key_of(d, source, key);
	*program = recall(d, key);
	if (*program)
		return ONN_OK;
	/* what fails in the cache is nobody's error: the text of the last one stays */
	char text[1024];
	snprintf(text, sizeof text, "%s", onn_last_error());
	*program = load(d, key);
	if (!*program) {
		onn_status status = compile(d, source, program);
		if (status)
			return status;
		store(d, key, *program);
	}
	remember(d, key, *program);
	onn_error(ONN_OK, "%s", text);
	return ONN_OK;
}
