/* What cameras measured in several folders: a table for people, as CSV, as JSON. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "compare/systems.h"
#include "result.h"
#include "simulate/columns.h"

enum { MOST_ROWS = 40 /* on a screen */, WIDEST = 144 };

/* ---- for people ---- */

static int longest(const systems_work *w, bool cameras)
{
	size_t wide = 6;

	for (size_t i = 0; i < w->count; i++)
		for (size_t k = 0; k < w->run[i].count; k++) {
			const char *text = cameras ? w->run[i].row[k].camera : w->run[i].folder;
			wide = strlen(text) > wide ? strlen(text) : wide;
		}
	return (int)wide;
}

static int setting_width(const systems_work *w, size_t k)
{
	char text[96];
	size_t wide = strlen(w->differing[k]);

	for (size_t i = 0; i < w->count; i++) {
		systems_setting(text, sizeof text, &w->run[i], w->differing[k]);
		wide = strlen(text) > wide ? strlen(text) : wide;
	}
	return (int)wide;
}

static void print_measure(const systems_row *row)
{
	const onn_light_measure *m = &row->measure;
	char overlap[24] = "-";

	if (isfinite(m->overlap))
		snprintf(overlap, sizeof overlap, "%.6f", m->overlap);
	printf("  %10s  %6.2f %%  %6.2f %%  %16.6g  %12s  %12s  %8s", METRES(row->z, 4),
	    100 * m->share, 100 * m->inside, m->peak,
	    isfinite(m->fwhm[1]) ? METRES(m->fwhm[1], 4) : "-",
	    isfinite(m->width[1]) ? METRES(m->width[1], 4) : "-", overlap);
}

/* The heads; returns how many settings have room, the others are told below. */
static size_t print_head(const systems_work *w, int folder, int camera)
{
	int taken = printf("%-*s", folder, "folder");
	size_t k = 0;

	if (systems_scanned(w))
		taken += printf("  %14s", w->run[0].scanned);
	taken += printf("  %-*s  %10s  %8s  %8s  %16s  %12s  %12s  %8s", camera, "camera", "z",
	    "light", "inside", "peak, arb. units", "half width", "width", "overlap");
	for (; k < w->ndiffering && taken + 2 + setting_width(w, k) <= WIDEST; k++)
		taken += printf("  %*s", setting_width(w, k), w->differing[k]);
	putchar('\n');
	return k;
}

static void print_row(const systems_work *w, const systems_run *r, const systems_row *row,
    int folder, int camera, size_t settings)
{
	char text[96];

	printf("%-*s", folder, r->folder);
	if (systems_scanned(w))
		printf("  %14s",
		    onn_quantity_text(text, sizeof text, 6, row->value, systems_scanned(w)->unit));
	printf("  %-*s", camera, row->camera);
	print_measure(row);
	for (size_t k = 0; k < settings; k++)
		printf("  %*s", setting_width(w, k),
		    systems_setting(text, sizeof text, r, w->differing[k]));
	putchar('\n');
}

void systems_print(const systems_work *w)
{
	int folder = longest(w, false), camera = longest(w, true);
	size_t settings = print_head(w, folder, camera), rows = 0, all = 0;
	size_t most = MOST_ROWS / w->count > 2 ? MOST_ROWS / w->count : 2;
	char text[96];

	for (size_t i = 0; i < w->count; i++) {
		const systems_run *r = &w->run[i];
		size_t count = r->count;
		size_t shown = count < most || !*r->scanned ? count : most;
		for (size_t k = 0; k < shown; k++)
			print_row(w, r, &r->row[shown > 1 ? k * (count - 1) / (shown - 1) : 0],
			    folder, camera, settings);
		rows += shown;
		all += count;
	}
	if (rows < all)
		printf("these are %zu of %zu rows, evenly spaced; --csv FILE has all\n", rows, all);
	for (size_t k = settings; k < w->ndiffering; k++) {
		printf("%s%s:", k == settings ? "\n" : "", w->differing[k]);
		for (size_t i = 0; i < w->count; i++)
			printf("%s %s %s", i ? "," : "", w->run[i].folder,
			    systems_setting(text, sizeof text, &w->run[i], w->differing[k]));
		putchar('\n');
	}
}

/* ---- for programs ---- */

void systems_write_csv(FILE *file, const void *work)
{
	const systems_work *w = work;
	char text[256];

	fprintf(file, "folder%s%s,camera,z", *w->run[0].scanned ? "," : "", w->run[0].scanned);
	for (size_t k = 0; k < LIGHT_COLUMNS; k++)
		fprintf(file, ",%s", light_column_list[k].name);
	for (size_t k = 0; k < w->ndiffering; k++)
		fprintf(file, ",%s", w->differing[k]);
	fputc('\n', file);
	for (size_t i = 0; i < w->count; i++)
		for (size_t row = 0; row < w->run[i].count; row++) {
			const systems_row *at = &w->run[i].row[row];
			compare_put_csv(file, w->run[i].folder);
			if (*w->run[i].scanned)
				fprintf(file, ",%.12g", at->value);
			fprintf(file, ",%s,%.12g", at->camera, at->z);
			for (size_t k = 0; k < LIGHT_COLUMNS; k++)
				if (isfinite(light_column_get(&at->measure, k)))
					fprintf(file, ",%.12g", light_column_get(&at->measure, k));
				else
					fputc(',', file);
			for (size_t k = 0; k < w->ndiffering; k++) {
				fputc(',', file);
				compare_put_csv(file, systems_setting(text, sizeof text, &w->run[i],
				                          w->differing[k]));
			}
			fputc('\n', file);
		}
}

int systems_print_json(const systems_work *w)
{
	result r = result_begin(w->c);
	const onn_setting *scanned = systems_scanned(w);
	char text[256];

	for (size_t i = 0; i < w->count; i++)
		for (size_t row = 0; row < w->run[i].count; row++) {
			const systems_row *at = &w->run[i].row[row];
			result_row(&r, "cameras");
			result_text(&r, "folder", w->run[i].folder);
			if (*w->run[i].scanned)
				result_real(&r, w->run[i].scanned, at->value,
				    scanned ? scanned->unit : NULL);
			result_text(&r, "camera", at->camera);
			result_real(&r, "z", at->z, "m");
			for (size_t k = 0; k < LIGHT_COLUMNS; k++)
				result_real(&r, light_column_list[k].name,
				    light_column_get(&at->measure, k), light_column_list[k].unit);
			for (size_t k = 0; k < w->ndiffering; k++)
				result_text(&r, w->differing[k],
				    systems_setting(
				        text, sizeof text, &w->run[i], w->differing[k]));
			result_leave(&r);
		}
	return result_end(&r, EXIT_OK);
}
