/* Linux and its like: the machine, the locale, folders with a meaning. This and os_*.c are the
 * files to write again for another system. */
#define _GNU_SOURCE
#include "core/os.h"

#include <dlfcn.h>
#include <locale.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

/* ---- the machine ---- */

double onn_clock(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Containers limit time rather than processors: "200000 100000" in cpu.max means two of them. */
static int processors_by_quota(void)
{
	FILE *file = fopen("/sys/fs/cgroup/cpu.max", "re");
	if (!file)
		return 0;
	long quota = 0, period = 0;
	int count = 0;
	if (fscanf(file, "%ld %ld", &quota, &period) == 2 && quota > 0 && period > 0)
		count = (int)((quota + period - 1) / period);
	fclose(file);
	return count;
}

int onn_processors(void)
{
	cpu_set_t set;
	int count = sched_getaffinity(0, sizeof set, &set) == 0
	                ? CPU_COUNT(&set)
	                : (int)sysconf(_SC_NPROCESSORS_ONLN);
	int quota = processors_by_quota();
	if (quota > 0 && quota < count)
		count = quota;
	return count > 0 ? count : 1;
}

void onn_processor_name(char *text, size_t room)
{
	char line[512];
	if (room == 0)
		return;
	text[0] = 0;
	FILE *file = fopen("/proc/cpuinfo", "re");
	if (!file)
		return;
	while (fgets(line, sizeof line, file)) {
		const char *colon = strchr(line, ':');
		if (strncmp(line, "model name", 10) != 0 || !colon)
			continue;
		snprintf(text, room, "%.*s", (int)strcspn(colon + 2, "\n"), colon + 2);
		break;
	}
	fclose(file);
}

uint64_t onn_physical_memory(void)
{
	long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
	return pages > 0 && size > 0 ? (uint64_t)pages * (uint64_t)size : 0;
}

void *onn_huge_pages(size_t bytes)
{
	void *memory;
	if (posix_memalign(&memory, ONN_HUGE_PAGE, bytes))
		return NULL;
	madvise(memory, bytes, MADV_HUGEPAGE);
	return memory;
}

/* ---- the locale ---- */

struct onn_locale {
	locale_t plain, before;
};

onn_locale *onn_locale_plain(void)
{
	onn_locale *l = malloc(sizeof *l);
	locale_t plain = l ? newlocale(LC_ALL_MASK, "C", (locale_t)0) : (locale_t)0;

	if (!plain) {
		free(l);
		return NULL;
	}
	l->plain = plain;
	l->before = uselocale(plain);
	return l;
}

void onn_locale_restore(onn_locale *l)
{
	if (!l)
		return;
	uselocale(l->before);
	freelocale(l->plain);
	free(l);
}

/* ---- folders ---- */

bool onn_cache_directory(char *path, size_t room)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	int length;
	if (cache && cache[0] == '/') /* the specification ignores relative ones */
		length = snprintf(path, room, "%s/onn", cache);
	else if (home && home[0] == '/')
		length = snprintf(path, room, "%s/.cache/onn", home);
	else
		return false;
	if (length < 0 || (size_t)length >= room)
		return false;
	return onn_directory_own(path);
}

bool onn_library_directory(char *path, size_t room)
{
	/* Any object of the library serves as an address in it. */
	static const char here;
	Dl_info info;
	char full[4096];
	if (!dladdr(&here, &info) || !info.dli_fname || !realpath(info.dli_fname, full))
		return false;
	char *slash = strrchr(full, '/');
	if (!slash)
		return false;
	*slash = 0;
	int length = snprintf(path, room, "%s", full[0] ? full : "/");
	return length >= 0 && (size_t)length < room;
}
