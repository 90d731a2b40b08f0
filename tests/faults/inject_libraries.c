/*
 * The memory of the libraries that onn's own files go through fails with onn's own: their calls of
 * malloc come here, as this program's malloc stands before the C library's. Not with sanitizers,
 * whose malloc it would take the place of.
 */
#define _GNU_SOURCE
#include "inject.h"

#include <link.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

extern void *__libc_malloc(size_t bytes);
extern void *__libc_calloc(size_t count, size_t bytes);
extern void *__libc_realloc(void *old, size_t bytes);

/* Where their code is. */
static struct {
	uintptr_t from, to;
} range[8];
static size_t ranges;

static int learn(struct dl_phdr_info *info, size_t bytes, void *user)
{
	static const char *const names[] = {"/libzip.", "/libcjson.", "/libpng"};
	(void)bytes, (void)user;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		for (int k = 0; strstr(info->dlpi_name, names[i]) && k < info->dlpi_phnum; k++)
			if (info->dlpi_phdr[k].p_flags & PF_X &&
			    ranges < sizeof range / sizeof *range) {
				range[ranges].from = info->dlpi_addr + info->dlpi_phdr[k].p_vaddr;
				range[ranges].to = range[ranges].from + info->dlpi_phdr[k].p_memsz;
				ranges++;
			}
	return 0;
}

__attribute__((constructor)) static void start(void) { dl_iterate_phdr(learn, NULL); }

static bool fails(const char *function, const void *caller)
{
	for (size_t i = 0; i < ranges; i++)
		if ((uintptr_t)caller >= range[i].from && (uintptr_t)caller < range[i].to)
			return inject_fails(INJECT_MEMORY, function, caller);
	return false;
}

void *malloc(size_t bytes) { return fails("malloc", INJECT_CALLER) ? NULL : __libc_malloc(bytes); }
void *calloc(size_t count, size_t bytes)
{
	return fails("calloc", INJECT_CALLER) ? NULL : __libc_calloc(count, bytes);
}
void *realloc(void *old, size_t bytes)
{
	return fails("realloc", INJECT_CALLER) ? NULL : __libc_realloc(old, bytes);
}
