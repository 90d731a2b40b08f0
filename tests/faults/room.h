/*
 * Folders that a use of onn works in, and what it leaves there.
 */
#ifndef ONN_TESTS_FAULTS_ROOM_H
#define ONN_TESTS_FAULTS_ROOM_H

#include <stdbool.h>
#include <stddef.h>

enum { ROOM_PATH = 512 };

/* A folder of this program's, in memory where there is one, and the current one from now on; taken
 * away when the program ends. In it bin/gnuplot, first of PATH, which writes how figures end. */
void room_start(void);
/* Empty, and there. */
void room_clear(const char *folder);
void room_copy(const char *to, const char *from);

/*
 * What the files hold but half-written ones, a line each, without what tells the time: of
 * metrics.csv the first four columns, of summary.json and the like that they are there. The caller
 * frees it.
 */
char *room_digest(const char *folder);

/* What differs in the folder from one that is good: files that are not there, and arrays that
 * differ by more than so much of their largest element; "" where nothing does. */
const char *room_differs(const char *folder, const char *good, double tolerance);

/* What is wrong with the files: half-written ones that were left, and such as their kind's reader
 * does not take; "" where nothing is. Half-written ones may be left by a process that was killed.
 * */
const char *room_faults(const char *folder, bool killed);

#endif
