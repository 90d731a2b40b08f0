/*
 * onn compare: what onn simulate left in folders, side by side.
 */
#ifndef ONN_APPS_COMPARE_SYSTEMS_H
#define ONN_APPS_COMPARE_SYSTEMS_H

#include <onn/system.h>

#include "compare/compare.h"

enum { SYSTEMS_NAME = 128 };

/* A row of cameras.csv or scan.csv. */
typedef struct systems_row {
	double value; /* of the number that was scanned */
	char camera[ONN_SYSTEM_NAME];
	double z;
	onn_light_measure measure;
} systems_row;

typedef struct systems_run {
	const char *folder;         /* lent */
	char *text;                 /* system.json */
	onn_system *system;         /* the same */
	char scanned[SYSTEMS_NAME]; /* "lens.f"; "": one run */
	size_t count;
	systems_row *row;
} systems_run;

typedef struct systems_work {
	const command *c;
	systems_run *run;
	size_t count;
	bool cameras; /* a folder has several */
	/* settings of all that are not alike, "lens.f" */
	char (*differing)[SYSTEMS_NAME];
	size_t ndiffering;
} systems_work;

/* Whether onn simulate left it. */
bool systems_is_folder(const char *folder);
/* Table, CSV, figure, page, as asked for; an exit status. */
int systems_compare(const compare_request *s, const char *const folder[], size_t count);

/* load.c's own: a systems_work is cleared whatever came of it. */
int systems_load(systems_work *w, const char *const folder[], size_t count);
void systems_clear(systems_work *w);
/* The number that was scanned, NULL where none was; a setting, numbers with their units. */
const onn_setting *systems_scanned(const systems_work *w);
const char *systems_setting(char *text, size_t room, const systems_run *r, const char *name);

/* The table on standard output, as CSV, as JSON. */
void systems_print(const systems_work *w);
void systems_write_csv(FILE *file, const void *work);
int systems_print_json(const systems_work *w);
/* Measures by folder, or by the number that was scanned: a figure, and a page with it. */
int systems_draw(const systems_work *w, const char *path);
int systems_report(const systems_work *w, const char *path);

#endif
