/*
 * kills COUNT [RUN...]: runs of all that writes, ended by SIGKILL, SIGINT and SIGTERM, COUNT times
 * each, at random moments and gone on with until they end. Every file is whole whenever they are
 * looked at; in the end there are the same as of a run that nobody stopped, to the byte, and
 * reports and figures are there.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/philox.h"
#include "room.h"
#include "use.h"

#define SET " --dataset ../fixtures/set.npz --batch 8 --out run --quiet"

/* So long that most signals find them at work, and the last ones write a file at once. */
static const use runs[] = {
    {"mlp", "train mlp --hidden 4 --epochs 20" SET, NULL, NULL, WRITES},
    {"mlp-seeds", "train mlp --hidden 4 --epochs 5 --seeds 3" SET, NULL, NULL, WRITES},
    {"d2nn", "train d2nn --size 12 --layers 2 --distance 1e-3 --epochs 8" SET, NULL, NULL, WRITES},
    {"net", "train net --network ../fixtures/net.json --epochs 8" SET, NULL, NULL, WRITES},
    {"reproduce", "reproduce --from ../fixtures/study.json --out run --quiet", NULL, NULL,
        WRITES | GOES_ON},
    {"design", "design --size 16 --steps 60 --save-every 5 --out run --quiet", NULL, NULL, WRITES},
    {"design-stl",
        "design --size 16 --plates 2 --steps 30 --save-every 3 --modulation phase --stl --out run "
        "--quiet",
        NULL, NULL, WRITES},
    {"source",
        "source out.npy --wavelength 532e-9 --pitch 8e-6 --size 200 --kind hermite-gauss --order 9",
        NULL, NULL, 0},
    {"propagate",
        "propagate ../fixtures/field.npy out.npy --wavelength 532e-9 --pitch 8e-6 --distance 2e-3",
        NULL, NULL, 0},
    {"propagate-png",
        "propagate ../fixtures/field.npy out.png --wavelength 532e-9 --pitch 8e-6 --distance 2e-3",
        NULL, NULL, 0},
    {"plot", "plot ../fixtures/field.npy --out field.svg", NULL, NULL, 0},
    {"show", "show ../fixtures/net.json --dataset ../fixtures/set.npz --plot strip.svg", NULL, NULL,
        0},
    {"response", "response --inputs 0:5:101 --plot response.svg", NULL, NULL, 0},
};

static uint32_t drawn;
static long faults;

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void wait_for(double seconds)
{
	nanosleep(
	    &(struct timespec){(time_t)seconds, (long)(1e9 * (seconds - (double)(time_t)seconds))},
	    NULL);
}

static void fault(const use *u, int sig, const char *what, const char *more)
{
	fprintf(stderr, "FAULT: %s, %s: %s %s\n", u->name, strsignal(sig), what, more);
	faults++;
}

/* Something to go on with. */
static bool has_checkpoint(const use *u)
{
	return u->flags & GOES_ON || access("room/run/last.npz", F_OK) == 0 ||
	       access("room/run/seed-0/last.npz", F_OK) == 0 ||
	       access("room/run/seed-1/last.npz", F_OK) == 0;
}

/* One run to its end, through signals while there are any left of *count. */
static void run_through(const use *u, int sig, long *count, double took, const char *good)
{
	outcome o = {0};
	const char *resume = u->flags & GOES_ON ? NULL : "--resume";
	room_clear("room");
	do {
		bool more = u->flags & WRITES && has_checkpoint(u);
		if (!more)
			room_clear("room");
		pid_t child = use_begin(u, "room", more ? resume : NULL, NULL, NULL);
		if (*count > 0) {
			wait_for(took * onn_philox_uniform(3, 0, 1, drawn++));
			kill(child, sig);
		}
		o = use_end(child, "room");
		bool by_signal = o.code == 128 + sig;
		bool by_itself = sig != SIGKILL && o.code == 1 && strstr(o.said, "o on with:");
		const char *files = room_faults("room", sig == SIGKILL);
		if (*files)
			fault(u, sig, "", files);
		/* what it started, gnuplot, holds its files until it is another program */
		if (o.code == 1 && strstr(o.said, "is in use by another run")) {
			wait_for(.01);
			continue;
		}
		if (o.late || (o.code != 0 && !by_signal && !by_itself))
			fault(u, sig, "it came to", o.said);
		if (o.code == 0 || faults > 20)
			break;
		--*count;
	} while (true);
	/* a gnuplot that was just being started may have held what the run would have taken away */
	bool swept = sig != SIGKILL || !(u->flags & WRITES) ||
	             use_run(u, "room", resume, NULL, NULL).code == 0;
	char *end = room_digest("room");
	if (!swept || *room_faults("room", sig == SIGKILL && !(u->flags & WRITES)) ||
	    strcmp(end, good) != 0)
		fault(u, sig, room_faults("room", false), end);
	free(end);
}

static void try_run(const use *u, long count)
{
	static const int signals[] = {SIGKILL, SIGINT, SIGTERM};
	room_clear("room");
	double begun = now();
	outcome o = use_run(u, "room", NULL, NULL, NULL);
	double took = now() - begun;
	if (o.code != 0) {
		fault(u, 0, "nobody stopped it, and it came to", o.said);
		return;
	}
	char *good = room_digest("room");
	for (int i = 0; i < 3; i++) {
		long left = count, ended = 0;
		for (; left > 0 && faults <= 20; ended++)
			run_through(u, signals[i], &left, took, good);
		printf("%-14s %-12s %ld signals, %ld runs to the end\n", u->name,
		    strsignal(signals[i]), count, ended);
		fflush(stdout);
	}
	free(good);
}

int __wrap_main(int argc, char **argv);
int __wrap_main(int argc, char **argv)
{
	if (argc < 2)
		return fprintf(stderr, "usage: kills COUNT [RUN...]\n"), 2;
	room_start();
	/* a shell has what it starts in the background ignore SIGINT, and so would the runs */
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	setenv("ONN_DEVICE", "c", 0);
	setenv("ONN_THREADS", "1", 0);
	use_make_fixtures();
	for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
		bool named = argc == 2;
		for (int k = 2; k < argc; k++)
			named |= !strcmp(argv[k], runs[i].name);
		if (named)
			try_run(&runs[i], atol(argv[1]));
	}
	printf("%ld faults\n", faults);
	return faults ? EXIT_FAILURE : EXIT_SUCCESS;
}
