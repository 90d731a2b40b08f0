/*
 * --json: what a command prints, as one object on standard output. Numbers are in SI; the object
 * "units" names the units of those that have one.
 */
#ifndef ONN_APPS_RESULT_H
#define ONN_APPS_RESULT_H

#include "command.h"

struct cJSON;

/* An object under way. What lacks memory is told at its end. */
typedef struct result {
	const command *c;
	struct cJSON *object, *units;
	struct cJSON *at; /* where members go: the object, or a row of a list in it */
	bool no_memory;
} result;

/* Flags of commands; a bool `json` of their settings. */
#define JSON_ROW                                                                                   \
	{                                                                                          \
		OPTION("json", NONE, json), .help = "print one JSON object in place of text: "     \
		                                    "numbers in SI, and \"units\" of those that "  \
		                                    "have one"                                     \
	}

/* Begins with the command's name and the version. */
result result_begin(const command *c);
/* A number, null where it is not finite; unit: "m", NULL for a plain one. */
void result_real(result *r, const char *name, double value, const char *unit);
void result_reals(result *r, const char *name, const double *value, size_t count, const char *unit);
void result_whole(result *r, const char *name, uint64_t value);
void result_text(result *r, const char *name, const char *text);
void result_bool(result *r, const char *name, bool value);
/* What follows, up to result_leave, is a new row of the list `name`. */
void result_row(result *r, const char *name);
/* The same for an object of that name. */
void result_enter(result *r, const char *name);
void result_leave(result *r);
/* Makes an empty list, for one that may stay so. */
void result_list(result *r, const char *name);
/* Prints it, unless code says that the command failed, and frees it; an exit status. */
int result_end(result *r, int code);

#endif
