/*
 * Uses of onn: its command with words, or a use of the library, each in a child of this program.
 */
#ifndef ONN_TESTS_FAULTS_USE_H
#define ONN_TESTS_FAULTS_USE_H

#include <stdbool.h>
#include <sys/types.h>

enum { USE_TEXT = 4000 };

enum {
	QUICK = 1,   /* with few calls: part of the suite */
	WRITES = 2,  /* a run, that can be stopped and gone on with */
	GOES_ON = 8, /* such a run goes on without being told to */
	MACHINE = 4  /* prints of the machine what it can find out */
};

typedef struct use {
	const char *name;
	const char *words; /* of the command, by spaces; its files are in ../fixtures */
	int (*work)(void); /* or a use of the library: an exit code */
	const char *begun; /* the folder of fixtures that `run` is a copy of, or NULL */
	unsigned flags;
} use;

/* Ends with a name of NULL. */
extern const use uses[];
const use *use_find(const char *name);

typedef struct outcome {
	int code;              /* the exit code, or 128 and the signal that ended it */
	bool late;             /* it did not end, and was made to */
	char said[USE_TEXT];   /* the beginning of its messages, */
	char result[USE_TEXT]; /* and of its output */
} outcome;

/* What is done in the child before; in its folder already. */
typedef void use_prepare(void *user);

/* Runs in folder, which is there. more: further words of the command, or NULL. */
outcome use_run(
    const use *u, const char *folder, const char *more, use_prepare *prepare, void *user);
/* The same in two: the child may be sent signals between. */
pid_t use_begin(
    const use *u, const char *folder, const char *more, use_prepare *prepare, void *user);
outcome use_end(pid_t child, const char *folder);

/* Makes ../fixtures, with trained runs; ends the program where that fails. */
void use_make_fixtures(void);

/* api.c, on the device ONN_DEVICE: from a graph to a saved archive and a trained network; without
 * the network. */
int api_work(void);
int api_run(void);

#endif
