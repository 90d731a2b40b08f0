#define _POSIX_C_SOURCE 200809L /* strdup */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <dlfcn.h>

#include "ranks.h"
#include "system.h"

/* A number that a launcher sets; -1: none is set. */
static long launched(const char *const *variables)
{
	for (; *variables; variables++) {
		const char *text = getenv(*variables);
		if (text && *text)
			return strtol(text, NULL, 10);
	}
	return -1;
}

/* Open MPI's mpirun; MPICH's and Slurm's by PMI. */
static long number_of_this(void)
{
	return launched((const char *[]){"OMPI_COMM_WORLD_RANK", "PMI_RANK", NULL});
}

static long number_of_all(void)
{
	return launched((const char *[]){"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", NULL});
}

static bool apart; /* ranks_spread */

bool ranks_is_other(void) { return !apart && number_of_this() > 0; }
bool ranks_are_processes(void) { return !apart && number_of_all() > 1; }

/* ---- the library of groups of processes ---- */

typedef onn_status begin_function(onn_group *group, size_t *local, bool (*stop)(void));
typedef void end_function(bool failed);

static onn_group processes;
static end_function *end;

/* ISO C has no way from an object's address to a function's. */
static void find(void *library, const char *name, void *function)
{
	void *found = dlsym(library, name);
	memcpy(function, &found, sizeof found);
}

static int join(ranks *r, const command *c)
{
	begin_function *begin = NULL;
	void *library = dlopen("libonn_mpi.so.0", RTLD_NOW | RTLD_GLOBAL);

	if (library) {
		find(library, "onn_mpi_begin", &begin);
		find(library, "onn_mpi_end", &end);
	}
	if (!begin || !end)
		return ranks_is_other()
		           ? EXIT_FAILED
		           : command_fail(c,
		                 "started as one of %ld processes by a launcher of MPI, and this "
		                 "build of onn has no MPI (libonn_mpi.so.0); expected a build with "
		                 "it, or one process",
		                 number_of_all());
	onn_status status = begin(&processes, &r->local, system_stop_asked);
	if (status)
		return command_status(c, status);
	r->group = &processes;
	return EXIT_OK;
}

/* ---- devices ---- */

static int read_list(ranks *r, const command *c, const char *devices)
{
	r->count = 1;
	if (!devices)
		return EXIT_OK;
	r->text = strdup(devices);
	if (!r->text)
		return command_fail(c, "no memory");
	char *at = r->text;
	for (r->count = 0; at; r->count++) {
		char *comma = strchr(at, ',');
		if (comma)
			*comma = '\0';
		if (r->count == ONN_GROUP_MOST)
			return command_usage(
			    c, "--device has more than %d devices", ONN_GROUP_MOST);
		r->name[r->count] = at;
		at = comma ? comma + 1 : NULL;
	}
	return EXIT_OK;
}

/* Where processes share a machine with several GPUs and none is named, each takes the next. */
static int share_gpus(ranks *r, const command *c)
{
	onn_device_info *list;
	size_t count;
	onn_status status = onn_device_list(&list, &count);

	if (status)
		return command_status(c, status);
	r->text = calloc(ONN_GROUP_MOST, sizeof list->name);
	size_t gpus = 0;
	for (size_t i = 0; i < count && r->text && gpus < ONN_GROUP_MOST; i++)
		if (list[i].gpu) {
			r->name[gpus] = r->text + gpus * sizeof list->name;
			snprintf(r->name[gpus++], sizeof list->name, "%s", list[i].name);
		}
	onn_free(list);
	r->count = gpus ? gpus : 1;
	return r->text ? EXIT_OK : command_fail(c, "no memory");
}

int ranks_begin(ranks *r, const command *c, const char *devices)
{
	*r = (ranks){.count = 1};
	int code = read_list(r, c, devices);
	if (!code && ranks_are_processes())
		code = join(r, c);
	if (!code && r->group && !devices && device_is_auto(NULL))
		code = share_gpus(r, c);
	return code;
}

int ranks_spread(ranks *r, const command *c, const char *devices)
{
	int code = ranks_begin(r, c, devices);

	if (code || !r->group)
		return code;
	if (r->group->rank && !freopen("/dev/null", "w", stdout))
		return command_fail(c, "/dev/null cannot be written to");
	apart = true;
	return EXIT_OK;
}

int ranks_check_one(const command *c, const char *devices)
{
	if (!devices || !strchr(devices, ','))
		return EXIT_OK;
	return command_usage(c,
	    "--device is '%s', and there is one run; expected one device, or a list of runs",
	    devices);
}

const char *ranks_device(const ranks *r, size_t i)
{
	return r->name[r->group ? r->local % r->count : i];
}

void ranks_end(ranks *r, int code)
{
	if (r->group)
		end(code != EXIT_OK);
	free(r->text);
	*r = (ranks){.count = 1};
}
