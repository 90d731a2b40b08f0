/*
 * What the command asks of the operating system: terminal, clock, signals, other programs. Nothing
 * else here includes a system header, getopt.h and workers.c apart.
 */
#ifndef ONN_APPS_SYSTEM_H
#define ONN_APPS_SYSTEM_H

#include <stdbool.h>
#include <stdio.h>

/* Before all else: standard descriptors that are closed are opened, lest a file gets their numbers
 * and messages go into it, and a file beyond the limit (ulimit -f) is an error, not a signal. */
void system_prepare(void);

/* Whether a person sees this stream, on a terminal that can go back to the start of a line. */
bool system_is_terminal(FILE *stream);
/* Columns of the terminal on standard error; 80 where it does not say. */
int system_columns(void);
/* Bytes of memory that the machine has; 0 where it does not say. */
double system_memory(void);
/* Seconds on a clock that never goes back. */
double system_clock(void);
/* "text: reason" on standard error, the reason that of the last failed call. */
void system_error(const char *text);

/* From here on the first SIGINT or SIGTERM is only noted; a second one of its kind ends the
 * process. */
void system_catch_stop(void);
/* From here on it ends this process at once, with this text, which stays where it is, and the
 * status of system_stop_code; or, as at the start, without a text. A file that is being written
 * then is whole or not there. */
void system_end_on_stop(const char *text);
/* The same .4 s later, the signal being noted: for work that may be anywhere, in a driver's
 * compiler, too, and whose folder is enough to go on from. Who has stopped in time says that it is
 * seen. */
void system_end_soon_on_stop(const char *text);
void system_stop_is_seen(void);
void system_let_stop(void);
bool system_stop_asked(void);
/* The exit status of what the noted signal stopped, as of a program that it ends: 130 for SIGINT,
 * 143 for SIGTERM; 1 where there was none. */
int system_stop_code(void);
/* The noted signal; SIGINT where there was none. */
int system_stop_signal(void);
/* How many threads devices have from here on, in programs that are started here, too. */
void system_set_threads(size_t threads);

/* The path from the root, links followed; free it. NULL: there is no such file, or no memory. */
char *system_full_path(const char *path);
/* Whether both are names of one file that is there, links followed. */
bool system_same_file(const char *path, const char *other);

/* Makes a folder, and those above it. False, with errno, where it is not there afterwards. */
bool system_make_folder(const char *path);
/* The folders in a folder, sorted, but those that begin with a point; each and the list are to be
 * freed. NULL: there is none, or no memory. */
char **system_folders(const char *path, size_t *count);
/* A stream that writes to an open file; closing it leaves that open. NULL with errno. */
FILE *system_stream(int file);

/*
 * Runs a program without a shell: standard input from the start of `in`, a file on disk, standard
 * output into `out`, another, which is emptied, standard error into `errors`. A signal from the
 * terminal does not reach it, but for a moment at its start. Returns its exit status; -1 where it
 * was ended by a signal; -2 where it could not be started (errno says why). `meanwhile`, NULL for
 * none, is called some twenty times a second until it ends.
 */
int system_run(const char *const argv[], FILE *in, FILE *out, FILE *errors,
    void (*meanwhile)(void *user), void *user);
/* Up to `room` bytes at `from` of a file that another program may be writing; how many. */
size_t system_read_at(void *to, size_t room, FILE *file, long from);

#endif
