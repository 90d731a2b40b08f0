/*
 * replay COUNT|--seeds FOLDER: the seeds of each target of the fuzzer, and so many inputs each that
 * they become by changes, the same every time; or the seeds as files for libFuzzer. A crash or a
 * failed check ends it.
 */
#define _GNU_SOURCE
#include "fuzz.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/philox.h"

enum { MOST_SEEDS = 16 };

static FILE *report;
static uint32_t drawn;

static size_t draw(size_t below)
{
	uint32_t out[4];
	onn_philox(out, 9, (uint32_t[]){drawn++, 0, 0, 0});
	return below ? out[0] % below : 0;
}

/* A bit, a byte, a number that lies, a piece cut out, doubled or taken from another seed, an end
 * cut off. */
static void change(fuzz_bytes *b, const uint8_t *other, size_t other_size)
{
	static const char *const word[] = {"\xff\xff\xff\xff", "\x7f\xff\xff\xff", "0", "-1",
	    "1e999", "nan", "999999999999", "[", "{", "null", "\"", ",", ":", "|", FUZZ_CUT};
	size_t at = draw(b->size), run = 1 + draw(24);
	run = run > b->size - at ? b->size - at : run;
	if (!b->size)
		return;
	switch (draw(9)) {
	case 0:
		b->size = at;
		break;
	case 1:
	case 2:
		b->data[at] ^= (uint8_t)(1 << draw(8));
		break;
	case 3:
		b->data[at] = (uint8_t)draw(256);
		break;
	case 4:
		memmove(b->data + at, b->data + at + run, b->size - at - run);
		b->size -= run;
		break;
	case 5:
	case 6: {
		const char *w = word[draw(sizeof word / sizeof *word)];
		fuzz_bytes tail = {0};
		fuzz_append(&tail, b->data + at + (draw(2) ? run : 0), b->size - at - run);
		b->size = at;
		fuzz_append(b, w, strlen(w));
		fuzz_append(b, tail.data, tail.size);
		free(tail.data);
		break;
	}
	case 7: {
		uint8_t copy[24];
		memcpy(copy, b->data + at, run);
		fuzz_append(b, copy, run);
		break;
	}
	default: {
		size_t from = draw(other_size);
		run = run > other_size - from ? other_size - from : run;
		run = run > b->size - at ? b->size - at : run;
		memcpy(b->data + at, other + from, run);
	}
	}
}

typedef struct seeds {
	uint8_t *data[MOST_SEEDS];
	size_t size[MOST_SEEDS], count;
} seeds;

static seeds seeds_of(const fuzz_target *t)
{
	seeds s = {0};
	while (s.count < MOST_SEEDS &&
	       (s.data[s.count] = fuzz_seed(&s.size[s.count], t->name, s.count)) != NULL)
		s.count++;
	return s;
}

static void replay(const fuzz_target *t, long count)
{
	seeds s = seeds_of(t);
	drawn = 0;
	for (size_t i = 0; i < s.count; i++)
		t->run(s.data[i], s.size[i]);
	for (long tried = 0; tried < count; tried++) {
		size_t i = draw(s.count), k = draw(s.count);
		fuzz_bytes b = {0};
		fuzz_append(&b, s.data[i], s.size[i]);
		for (size_t n = 1 + draw(4); n > 0; n--)
			change(&b, s.data[k], s.size[k]);
		t->run(b.data, b.size);
		free(b.data);
	}
	fprintf(report, "%s: %zu seeds, %ld changed\n", t->name, s.count, count);
	fflush(report);
	for (size_t i = 0; i < s.count; i++)
		free(s.data[i]);
}

static void write_seeds(const fuzz_target *t, const char *folder)
{
	char path[1024];
	seeds s = seeds_of(t);
	snprintf(path, sizeof path, "%s/%s", folder, t->name);
	mkdir(path, 0777);
	for (size_t i = 0; i < s.count; i++) {
		snprintf(path, sizeof path, "%s/%s/seed%zu", folder, t->name, i);
		FILE *file = fopen(path, "wb");
		FUZZ_CHECK(file && fwrite(s.data[i], 1, s.size[i], file) == s.size[i]);
		fclose(file);
		free(s.data[i]);
	}
}

/* What the command prints of wrong options goes nowhere. */
static void quiet(void)
{
	int none = open("/dev/null", O_WRONLY);
	if (none < 0 || dup2(none, STDOUT_FILENO) < 0)
		exit(EXIT_FAILURE);
	if (dup2(none, STDERR_FILENO) < 0)
		exit(EXIT_FAILURE);
}

/* Linked in the place of the command's main(). */
int __wrap_main(int argc, char **argv);
int __wrap_main(int argc, char **argv)
{
	size_t count = 0;
	while (fuzz_targets[count].name)
		count++;
	if (argc == 3 && !strcmp(argv[1], "--seeds")) {
		for (size_t i = 0; i < count; i++)
			write_seeds(&fuzz_targets[i], argv[2]);
		return EXIT_SUCCESS;
	}
	if (argc != 2)
		return fprintf(stderr, "usage: replay COUNT|--seeds FOLDER\n"), 2;
	report = fdopen(dup(STDOUT_FILENO), "w");
	FUZZ_CHECK(report);
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(fuzz_targets[i].name, "options"))
			quiet(); /* it is the last */
		replay(&fuzz_targets[i],
		    atol(argv[1]) / (fuzz_targets[i].fewer ? fuzz_targets[i].fewer : 1));
	}
	return EXIT_SUCCESS;
}
