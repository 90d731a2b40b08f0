/*
 * lies [--all | LIE... | USE...]: OpenCL devices that claim to be less than they are, or absurd
 * things, and hold to it. Each time the library's use comes to the numbers of the device c, or to
 * an error with a message. A use of the command is one on a device that hangs on the way.
 */
#define _DEFAULT_SOURCE /* setenv */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inject.h"
#include "room.h"
#include "use.h"

/* The first ones take no kernels of their own: these are in the suite. */
enum { QUICK_LIES = 11 };
static const char *const lies[] = {"texts=0", "texts=100000", "devices=0", "devices=1", "units=0",
    "units=4294967295", "available=0", "compiler=0", "global=0", "alloc=0", "alloc=1000", "group=1",
    "native=0 binary=4096", "group=64", "group=128", "group=0", "local=1024", "local=16384",
    "local=0", "fp64=0", "divide=6", "alloc=100000", "images=0", "unified=0", "align=8", "type=4",
    "type=8", "type=16", "type=4 group=64 local=32768 fp64=0 native=1 unified=0 divide=6",
    "alloc=67108864", "build=1", "build=2", "sleep=1", "sleep=2", "hang=0", "hang=7", "hang=40"};

static long faults, right, refused;

static char on_the_way[] = "hang=300";

/* What never ends does so soon; what is sound may then be too slow, and is refused. */
static void prepare(void *lie)
{
	if (strstr(lie, "sleep") || strstr(lie, "hang"))
		setenv("ONN_OPENCL_LIMIT", strcmp(lie, on_the_way) != 0 ? "2" : "30", 1);
	inject_lie(lie);
}

static void try_lie(const use *u, const char *device, const char *lie)
{
	setenv("ONN_DEVICE", device, 1);
	room_clear("room");
	outcome o = use_run(u, "room", NULL, prepare, (void *)(size_t)lie);
	const char *files = room_faults("room", false), *other = room_differs("room", "good", 1e-4);
	bool fault = o.late || o.code > 1 || *files ||
	             (o.code == 1 && strncmp(o.said, "onn", 3) != 0) || (o.code == 0 && *other);
	o.said[strcspn(o.said, "\n")] = 0;
	printf("%s%s, %s: %s%s\n", fault ? "FAULT: " : "", device, lie,
	    o.late   ? "it hangs"
	    : o.code ? o.said
	    : *other ? other
	             : "right",
	    files);
	faults += fault;
	right += o.code == 0;
	refused += o.code == 1;
}

/* A training and a design on a device that hangs on the way end, and say what there is to go on
 * from. */
static void try_hang(const char *name)
{
	setenv("ONN_DEVICE", "c", 1);
	use_make_fixtures();
	setenv("ONN_DEVICE", "opencl-pure:portable", 1);
	room_clear("room");
	outcome o = use_run(use_find(name), "room",
	    name[0] == 'd' ? "--steps 1000" : "--epochs 1000", prepare, on_the_way);
	bool fault = o.late || o.code != 1 || !strstr(o.said, "did not end") ||
	             !strstr(o.said, "last.npz holds what was done up to ");
	printf("%s%s, %s: %s\n", fault ? "FAULT: " : "", name, on_the_way,
	    o.late ? "it hangs" : o.said);
	faults += fault;
	refused += o.code == 1;
}

int __wrap_main(int argc, char **argv);
int __wrap_main(int argc, char **argv)
{
	static const char *const devices[] = {"opencl:portable", "opencl-pure:portable"};
	const use *u = use_find("api-run");
	inject_start();
	room_start();
	setenv("ONN_DEVICE", "c", 1);
	setenv("ONN_THREADS", "1", 1);
	setenv("ONN_OPENCL_CACHE", "0", 1);
	room_clear("room");
	outcome o = use_run(u, "room", NULL, NULL, NULL);
	room_copy("good", "room");
	if (o.code == 0) {
		setenv("ONN_DEVICE", devices[0], 1);
		o = use_run(u, "room", NULL, NULL, NULL);
		if (o.code == 1)
			return printf("skipped: %s", o.said), 77;
	}
	if (o.code != 0)
		return fprintf(stderr, "an honest device: %s", o.said), EXIT_FAILURE;
	bool whole = argc == 2 && !strcmp(argv[1], "--all");
	for (size_t i = 0;
	     i < (whole ? sizeof lies / sizeof *lies : QUICK_LIES) && argc <= 1 + whole; i++)
		for (size_t d = 0; d < (whole ? 2 : 1); d++)
			try_lie(u, devices[d], lies[i]);
	for (int i = 1; i < argc && !whole; i++)
		if (use_find(argv[i]))
			try_hang(argv[i]);
		else
			try_lie(u, devices[1], argv[i]);
	if (whole) {
		try_hang("mlp");
		try_hang("design");
	}
	printf("%ld right, %ld refused, %ld faults\n", right, refused, faults);
	return faults ? EXIT_FAILURE : EXIT_SUCCESS;
}
