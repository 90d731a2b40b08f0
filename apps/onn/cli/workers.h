/*
 * Processes of this program that work side by side: what jobs.c asks of the operating system.
 */
#ifndef ONN_APPS_WORKERS_H
#define ONN_APPS_WORKERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { WORKERS_MOST = 256, WORKERS_TEXTS = 2 };

typedef struct workers {
	size_t count, left;         /* left: not yet ended */
	long process[WORKERS_MOST]; /* 0: ended */
	/* What each writes to standard output and to standard error. */
	FILE *text[WORKERS_MOST][WORKERS_TEXTS];
	int news[2]; /* a pipe */
	bool broken; /* one was ended by a signal that it was not sent here */
} workers;

/* Zeros that this process has in common with those it starts afterwards; NULL with errno. */
void *workers_share(size_t bytes);
void workers_unshare(void *memory, size_t bytes);

/*
 * Starts processes, each of which does work(user, its number) and ends. They end with this one,
 * however it ends, and a signal from the terminal does not reach them. To be called before this
 * process has threads. False with errno; workers_end all the same.
 */
bool workers_start(workers *w, size_t count, void (*work)(void *user, size_t self), void *user);
/* In a worker: there is something to look at. */
void workers_tell(const workers *w);
/* Until there is, but no longer than so many seconds; counts who is left. */
void workers_wait(workers *w, double seconds);
/* How much a worker has written, all of it flushed, and a part of it, on a stream. */
long workers_written(size_t text);
void workers_show(const workers *w, size_t worker, size_t text, long from, long to, FILE *stream);
/* Sends the signal, 0: none, to those that are left, and waits until they have ended. */
void workers_end(workers *w, int signal);

/* What question(user) answers, 0 to 255, in a process of its own, so that nothing it starts or
 * loads stays here; -1: it could not be asked. */
int workers_ask(int (*question)(void *user), void *user);

#endif
