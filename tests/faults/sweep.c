/*
 * sweep KIND [--all] [--onward] [--depth N] [USE...]: has each call of a kind fail in turn, in uses
 * of the command and of the library. KIND is memory, files, disk or opencl. Each place in the code
 * fails once, or with --all each call; with --onward so do all calls after it. Without names: the
 * uses that are quick, or with --all all.
 *
 * Good is an exit code of 1 with a message that tells the cause, or the results of a run in which
 * nothing failed; no crash, no leak (in a sanitized build), no half-written file.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inject.h"
#include "room.h"
#include "use.h"

static struct {
	const char *name;
	inject_kind kind;
	bool onward; /* it does not mend */
	int code;
	const char *cause[2]; /* the message has the one or the other */
} kinds[] = {{"memory", INJECT_MEMORY, false, ENOMEM, {"could not be had", "memory"}},
    {"files", INJECT_FILES, false, ENOSPC, {"No space left", "disk full"}},
    {"disk", INJECT_DISK, true, ENOSPC, {"No space left", "disk full"}},
    {"opencl", INJECT_OPENCL, false, -5, {"", ""}}, {0}};

static inject_plan plan;
static const char *const *cause;
static bool all_calls;
static long tried, faults;

static int __attribute__((format(printf, 3, 4)))
fault(const use *u, const inject_result *r, const char *format, ...)
{
	va_list more;
	fprintf(stderr, "FAULT: %s, call %ld, %s: ", u->name, r->counted, r->function);
	va_start(more, format);
	vfprintf(stderr, format, more);
	va_end(more);
	fputc('\n', stderr);
	inject_print_place(r);
	faults++;
	return 1;
}

static void arm(void *user) { inject_arm(user); }

/* Without what follows a number of seconds' first digit, up to the line's end. */
static void drop_times(char *text)
{
	char *to = text;
	for (char *line = text; *line;) {
		size_t length = strcspn(line, "\n"), keep = length;
		for (size_t i = 1; i + 2 < length; i++)
			if (!strncmp(line + i, " s", 2) && isdigit((unsigned char)line[i - 1]) &&
			    keep == length)
				keep = strcspn(line, "0123456789");
		memmove(to, line, keep);
		to += keep;
		*to++ = '\n';
		line += length + (line[length] == '\n');
	}
	*to = 0;
}

/* OpenCL does in another way what it cannot do in one, and comes to other last digits. */
static const char *differs(const char *good)
{
	static char text[2 * ROOM_PATH];
	if (plan.kinds == INJECT_OPENCL)
		return room_differs("room", "good", 1e-4);
	char *now = room_digest("room");
	bool same = strcmp(now, good) == 0;
	snprintf(text, sizeof text, "%s%s", same ? "" : " files are\n", same ? "" : now);
	free(now);
	return text;
}

static void judge(const use *u, const outcome *o, const inject_result *r, const char *good,
    const char *good_result)
{
	const char *files = room_faults("room", false);
	bool prints_the_same = plan.kinds == INJECT_OPENCL || u->flags & MACHINE ||
	                       strcmp(o->result, good_result) == 0;
	if (o->late)
		fault(u, r, "it hangs");
	else if (o->code >= 128)
		fault(u, r, "it ends by signal %d: %s", o->code - 128, o->said);
	else if (o->code == 0 && *differs(good))
		fault(u, r, "it ends with 0 and%s", differs(good));
	else if (o->code == 0 && !prints_the_same)
		fault(u, r, "it ends with 0 and prints\n%sinstead of\n%s", o->result, good_result);
	else if (o->code == 1 && strncmp(o->said, "onn", 3) != 0)
		fault(u, r, "its message is \"%s\"", o->said);
	else if (o->code == 1 && !strstr(o->said, cause[0]) && !strstr(o->said, cause[1]))
		fault(u, r, "no \"%s\" in \"%s\"", cause[0], o->said);
	else if (o->code > 1)
		fault(u, r, "its exit code is %d: %s", o->code, o->said);
	if (*files)
		fault(u, r, "%s; exit code %d: %s", files, o->code, o->said);
}

static outcome run_once(const use *u, inject_plan *p)
{
	room_clear("room");
	if (u->begun) {
		char from[ROOM_PATH];
		snprintf(from, sizeof from, "fixtures/%s", u->begun);
		room_copy("room/run", from);
	}
	outcome o = use_run(u, "room", NULL, arm, p);
	drop_times(o.result);
	return o;
}

static void sweep(const use *u)
{
	inject_plan none = plan, p = plan;
	long first = tried, began = faults;
	none.at = 0;
	outcome o = run_once(u, &none);
	inject_result r = inject_result_now();
	long calls = r.counted;
	if (o.code != 0) {
		fault(u, &r, "it fails where nothing else does: %s", o.said);
		return;
	}
	char *good = room_digest("room"), good_result[USE_TEXT];
	room_copy("good", "room");
	strcpy(good_result, o.result);
	for (p.at = all_calls ? 1 : INJECT_EACH_PLACE;; p.at += all_calls) {
		o = run_once(u, &p);
		r = inject_result_now();
		if (r.failed == 0)
			break;
		tried++;
		judge(u, &o, &r, good, good_result);
	}
	printf("%-14s %6ld calls, %6ld failed in turn, %ld faults\n", u->name, calls, tried - first,
	    faults - began);
	fflush(stdout);
	free(good);
}

static int usage(void)
{
	fprintf(stderr,
	    "usage: sweep memory|files|disk|opencl [--all] [--onward] [--depth N] [USE...]\n");
	return 2;
}

/* Linked in the place of the command's main(), which is __real_main() then. */
int __wrap_main(int argc, char **argv);
int __wrap_main(int argc, char **argv)
{
	int i = 0;
	while (argc > 1 && kinds[i].name && strcmp(kinds[i].name, argv[1]) != 0)
		i++;
	if (argc < 2 || !kinds[i].name)
		return usage();
	plan = (inject_plan){
	    .kinds = kinds[i].kind, .code = kinds[i].code, .depth = 4, .onward = kinds[i].onward};
	cause = kinds[i].cause;
	for (i = 2; i < argc && argv[i][0] == '-'; i++)
		if (!strcmp(argv[i], "--all"))
			all_calls = true;
		else if (!strcmp(argv[i], "--onward"))
			plan.onward = true;
		else if (!strcmp(argv[i], "--depth") && i + 1 < argc)
			plan.depth = atoi(argv[++i]);
		else
			return usage();
	for (int k = i; k < argc; k++)
		if (!use_find(argv[k]))
			return usage();
	inject_start();
	room_start();
	setenv("ONN_DEVICE", "c", 0);
	setenv("ONN_THREADS", "1", 0);
	use_make_fixtures();
	for (const use *u = uses; u->name; u++) {
		bool named = i == argc && (all_calls || u->flags & QUICK);
		for (int k = i; k < argc; k++)
			named |= !strcmp(u->name, argv[k]);
		if (named)
			sweep(u);
	}
	printf("%ld failures in %zu places, %ld faults\n", tried, inject_places(), faults);
	return faults ? EXIT_FAILURE : EXIT_SUCCESS;
}
