/*
 * Which OpenCL devices there are. A broken driver may abort or hang when it is asked, so a child
 * process asks first, once; only platforms that answered there are touched by this process.
 */
#include <ctype.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"

#include "backend/opencl/opencl_backend.h"
#include "core/memory.h"

enum { MAX_ROWS = 32, MAX_PLATFORMS = 32 };

typedef struct row {
	onn_device_info info;
	uint32_t platform, device; /* positions in the lists of clGetPlatformIDs, clGetDeviceIDs */
	bool native;
} row;

typedef struct found {
	uint32_t platforms, rows;
	bool broken; /* some driver did not come back */
	/* what platforms and devices are there and of no use: all, and those that should be */
	char useless[600], amiss[400];
	row row[MAX_ROWS];
} found;

/* Seconds: a driver may start a compiler. For all platforms, then for each. */
static const double patience = 15, short_patience = 5;

static void describe(row *r, cl_platform_id platform, cl_device_id id)
{
	char name[64] = "", version[64] = "";
	cl_ulong memory = 0;
	cl_uint units = 0;

	memset(r, 0, sizeof *r);
	onn_cl_device_text(r->info.description, sizeof r->info.description, id, CL_DEVICE_NAME);
	onn_cl_device_text(r->info.driver, sizeof r->info.driver, id, CL_DRIVER_VERSION);
	clGetPlatformInfo(platform, CL_PLATFORM_NAME, sizeof name - 1, name, NULL);
	clGetPlatformInfo(platform, CL_PLATFORM_VERSION, sizeof version - 1, version, NULL);
	snprintf(r->info.platform, sizeof r->info.platform, "%s%s%s", name, *version ? ", " : "",
	    version);
	clGetDeviceInfo(id, CL_DEVICE_GLOBAL_MEM_SIZE, sizeof memory, &memory, NULL);
	clGetDeviceInfo(id, CL_DEVICE_MAX_COMPUTE_UNITS, sizeof units, &units, NULL);
	r->info.memory = memory;
	r->info.units = units;
	r->info.fp64 = onn_cl_device_fp64(id);
	r->info.gpu = onn_cl_device_gpu(id);
	r->native = onn_cl_device_native(id);
}

static void add(char *list, size_t room, const char *text)
{
	const char *parts[] = {*list ? "; " : "", text};

	for (size_t i = 0; i < ONN_COUNT(parts); i++) {
		size_t used = strlen(list), more = strlen(parts[i]);
		more = more < room - used ? more : room - used - 1;
		memmove(list + used, parts[i], more);
		list[used + more] = '\0';
	}
}

/* A platform may have no device: that of a card that is not in this machine. PoCL has the
 * processor, and lacks it where it has no folder for what it compiles. */
static void note_empty(found *f, cl_platform_id platform, cl_int code)
{
	char name[64] = "", text[300];

	clGetPlatformInfo(platform, CL_PLATFORM_NAME, sizeof name - 1, name, NULL);
	bool pocl = strcmp(name, "Portable Computing Language") == 0;
	snprintf(text, sizeof text, "platform %s lists no device (%s)%s", name,
	    onn_cl_error_name(code),
	    pocl
	        ? ", perhaps for want of a cache folder that it can write (POCL_CACHE_DIR, or else "
	          "XDG_CACHE_HOME, or HOME/.cache)"
	        : "");
	add(f->useless, sizeof f->useless, text);
	if (pocl || code != CL_DEVICE_NOT_FOUND)
		add(f->amiss, sizeof f->amiss, text);
}

/* Whether a device can do our work, or else a note of why not. */
static bool is_of_use(found *f, cl_device_id id)
{
	cl_bool available = CL_TRUE, compiler = CL_TRUE;
	char name[100], text[200];

	clGetDeviceInfo(id, CL_DEVICE_AVAILABLE, sizeof available, &available, NULL);
	clGetDeviceInfo(id, CL_DEVICE_COMPILER_AVAILABLE, sizeof compiler, &compiler, NULL);
	if (available && compiler)
		return true;
	onn_cl_device_text(name, sizeof name, id, CL_DEVICE_NAME);
	snprintf(text, sizeof text, "device %s %s", name,
	    available ? "has no compiler" : "is not available");
	add(f->useless, sizeof f->useless, text);
	add(f->amiss, sizeof f->amiss, text);
	return false;
}

/* Asks platform number *argument, or all for -1. */
static size_t ask(void *argument, void *reply, size_t room)
{
	int wanted = *(const int *)argument;
	found *f = reply;
	cl_platform_id platform[MAX_PLATFORMS];
	cl_uint platforms = 0;

	if (room < sizeof *f)
		return 0;
	memset(f, 0, sizeof *f);
	if (clGetPlatformIDs(MAX_PLATFORMS, platform, &platforms))
		return sizeof *f; /* no platform at all is CL_PLATFORM_NOT_FOUND_KHR */
	if (platforms > MAX_PLATFORMS)
		platforms = MAX_PLATFORMS;
	f->platforms = platforms;
	for (cl_uint i = 0; i < platforms; i++) {
		cl_device_id device[MAX_ROWS];
		cl_uint devices = 0;
		if (wanted >= 0 && (cl_uint)wanted != i)
			continue;
		cl_int code =
		    clGetDeviceIDs(platform[i], CL_DEVICE_TYPE_ALL, MAX_ROWS, device, &devices);
		if (code || devices == 0) {
			note_empty(f, platform[i], code ? code : CL_DEVICE_NOT_FOUND);
			continue;
		}
		for (cl_uint j = 0; j < devices && j < MAX_ROWS && f->rows < MAX_ROWS; j++) {
			if (!is_of_use(f, device[j]))
				continue;
			row *r = &f->row[f->rows++];
			describe(r, platform[i], device[j]);
			r->platform = i;
			r->device = j;
		}
	}
	return sizeof *f;
}

static const char broken_driver[] = "an OpenCL driver ended or stopped the process that asked it";

/* Child process by child process where one for all platforms does not come back. */
static void probe_each(found *f, found *one)
{
	uint32_t platforms = MAX_PLATFORMS;

	memset(f, 0, sizeof *f);
	f->broken = true;
	add(f->useless, sizeof f->useless, broken_driver);
	add(f->amiss, sizeof f->amiss, broken_driver);
	for (int i = 0; i < (int)platforms; i++) {
		size_t replied;
		if (onn_in_child(one, sizeof *one, &replied, ask, &i, short_patience) ||
		    replied != sizeof *one) {
			/* none of the first two answers: the loader itself fails, not one platform
			 */
			if (i > 0 && f->platforms == 0)
				return;
			continue;
		}
		f->platforms = platforms = one->platforms;
		if (one->useless[0])
			add(f->useless, sizeof f->useless, one->useless);
		if (one->amiss[0])
			add(f->amiss, sizeof f->amiss, one->amiss);
		for (uint32_t j = 0; j < one->rows && f->rows < MAX_ROWS; j++)
			f->row[f->rows++] = one->row[j];
	}
}

static found *probe(void)
{
	found *f = calloc(2, sizeof *f); /* the second: room for probe_each */
	size_t replied;
	int all = -1;
	char text[1024];

	if (!f)
		return NULL;
	/* a platform that fails is left out, and is no error: the text of the last one stays */
	snprintf(text, sizeof text, "%s", onn_last_error());
	if (onn_in_child(f, sizeof *f, &replied, ask, &all, patience) || replied != sizeof *f)
		probe_each(f, f + 1);
	for (uint32_t i = 0; i < f->rows; i++)
		snprintf(f->row[i].info.name, sizeof f->row[i].info.name, "opencl:%u", (unsigned)i);
	onn_error(ONN_OK, "%s", text);
	return f;
}

/* Lent: what the first probe of this process found; NULL: no memory. */
static const found *devices(void)
{
	static _Atomic(found *) known;
	found *f = atomic_load(&known), *none = NULL;

	if (f)
		return f;
	f = probe();
	if (f && !atomic_compare_exchange_strong(&known, &none, f)) {
		free(f); /* another thread was faster */
		f = none;
	}
	return f;
}

bool onn_opencl_has_gpu(void)
{
	const found *f = devices();

	for (uint32_t i = 0; f && i < f->rows; i++)
		if (f->row[i].info.gpu)
			return true;
	return false;
}

const char *onn_opencl_amiss(void)
{
	const found *f = devices();

	return f ? f->amiss : "";
}

static void name_libraries(row *r)
{
	char host[100];

	if (r->native && onn_cl_choice("ONN_OPENCL_NATIVE", true)) {
		onn_c_libraries(host, sizeof host);
		snprintf(r->info.libraries, sizeof r->info.libraries, "native kernels, %s", host);
		return;
	}
	const char *products = "", *transforms = onn_cl_fft_library(r->info.gpu);
	if (onn_cl_gemm_wanted(r->info.gpu))
		products = "CLBlast";
	snprintf(r->info.libraries, sizeof r->info.libraries, "%s%s%s", products,
	    *products && *transforms ? ", " : "", transforms);
}

size_t onn_opencl_list(onn_device_info *list, size_t room)
{
	const found *f = devices();

	for (uint32_t i = 0; f && i < f->rows && i < room; i++) {
		row r = f->row[i];
		name_libraries(&r);
		onn_cl_verdicts(
		    r.info.trials, sizeof r.info.trials, r.info.description, r.info.driver);
		list[i] = r.info;
	}
	return f ? f->rows : 0;
}

static bool contains(const char *text, const char *part)
{
	size_t length = strlen(part);

	for (; strlen(text) >= length; text++) {
		size_t i = 0;
		while (i < length &&
		       tolower((unsigned char)text[i]) == tolower((unsigned char)part[i]))
			i++;
		if (i == length)
			return true;
	}
	return false;
}

/* rest is "", ":N" or ":NAME". NULL: there is none such. */
static const row *choose(const found *f, const char *rest)
{
	const char *name = rest + (*rest == ':');

	if (!*name) {
		for (uint32_t i = 0; i < f->rows; i++)
			if (f->row[i].info.gpu)
				return &f->row[i];
		return f->rows ? &f->row[0] : NULL;
	}
	if (strspn(name, "0123456789") == strlen(name)) {
		unsigned long number = strtoul(name, NULL, 10);
		return strlen(name) < 9 && number < f->rows ? &f->row[number] : NULL;
	}
	for (uint32_t i = 0; i < f->rows; i++)
		if (contains(f->row[i].info.description, name) ||
		    contains(f->row[i].info.platform, name))
			return &f->row[i];
	return NULL;
}

static onn_status no_such_device(const found *f, const char *rest, bool pure)
{
	char there[512] = "";
	size_t used = 0;

	if (f->rows == 0)
		return onn_error(f->broken ? ONN_ERROR_DEVICE : ONN_ERROR_ARGUMENT,
		    "onn_device_create: device opencl%s%.64s; no OpenCL platform has a device%s%s",
		    pure ? "-pure" : "", rest, f->useless[0] ? ": " : "", f->useless);
	for (uint32_t i = 0; i < f->rows && used < sizeof there; i++)
		used += (size_t)snprintf(there + used, sizeof there - used, "%s%s (%.60s)",
		    i ? ", " : "", f->row[i].info.name, f->row[i].info.description);
	return onn_error(ONN_ERROR_ARGUMENT,
	    "onn_device_create: device opencl%s%.64s; there are %s%s%s", pure ? "-pure" : "", rest,
	    there, f->useless[0] ? "; " : "", f->useless);
}

static onn_status find(const row *r, cl_platform_id *platform, cl_device_id *id)
{
	cl_platform_id platforms[MAX_PLATFORMS];
	cl_device_id list[MAX_ROWS];
	cl_uint count = 0;
	char name[sizeof r->info.description];

	cl_int code = clGetPlatformIDs(MAX_PLATFORMS, platforms, &count);
	if (code || r->platform >= count)
		return onn_cl_error("onn_device_create", "clGetPlatformIDs", code);
	*platform = platforms[r->platform];
	code = clGetDeviceIDs(*platform, CL_DEVICE_TYPE_ALL, MAX_ROWS, list, &count);
	if (code || r->device >= count)
		return onn_cl_error("onn_device_create", "clGetDeviceIDs", code);
	*id = list[r->device];
	onn_cl_device_text(name, sizeof name, *id, CL_DEVICE_NAME);
	if (strcmp(name, r->info.description) != 0)
		return onn_error(ONN_ERROR_DEVICE,
		    "onn_device_create: device %s was %s and now is %s", r->info.name,
		    r->info.description, name);
	return ONN_OK;
}

onn_status onn_opencl_open(
    onn_device **device, const char *rest, bool pure, const onn_device_options *options)
{
	const found *f = devices();
	const row *r;
	cl_platform_id platform;
	cl_device_id id;
	cl_int code;

	if (!f)
		return onn_error_memory("onn_device_create", sizeof *f);
	r = choose(f, rest);
	if (!r)
		return no_such_device(f, rest, pure);
	onn_status status = onn_cl_claim("onn_device_create");
	if (!status)
		status = find(r, &platform, &id);
	if (status)
		return status;
	cl_context_properties on[] = {CL_CONTEXT_PLATFORM, (cl_context_properties)platform, 0};
	cl_context context = clCreateContext(on, 1, &id, NULL, NULL, &code);
	if (!context)
		return onn_cl_error("onn_device_create", "clCreateContext", code);
	cl_command_queue queue = clCreateCommandQueue(
	    context, id, options->profile ? CL_QUEUE_PROFILING_ENABLE : 0, &code);
	if (!queue) {
		clReleaseContext(context);
		return onn_cl_error("onn_device_create", "clCreateCommandQueue", code);
	}
	status = onn_cl_device_make(device, context, id, queue, pure, options);
	if (status)
		return status;
	snprintf((*device)->name, sizeof(*device)->name, "opencl%s:%u", pure ? "-pure" : "",
	    (unsigned)(r - f->row));
	return ONN_OK;
}
