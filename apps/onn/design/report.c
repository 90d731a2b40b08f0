/* What a design leaves behind: numbers, and what others draw and write. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "design.h"

static const double TURN = 6.283185307179586476925286766559;

/* ---- numbers ---- */

/* JSON has no infinity. */
static void put_number(FILE *file, const char *indent, const char *name, double x, const char *end)
{
	if (isfinite(x))
		fprintf(file, "%s\"%s\": %.17g%s\n", indent, name, x, end);
	else
		fprintf(file, "%s\"%s\": null%s\n", indent, name, end);
}

/* What plates/ holds, plate by plate. */
static void put_reliefs(FILE *file, const design_figures *f)
{
	const onn_design *d = onn_designer_design(f->run->designer);

	fprintf(
	    file, "\t\"unwrapped\": %s,\n\t\"plates\": [", f->run->s->unwrap ? "true" : "false");
	for (size_t k = 0; k < d->plates; k++) {
		const onn_relief *r = &f->relief[k];
		fprintf(file,
		    "%s\n\t\t{\"constant\": %.17g, \"range\": %.17g, \"picture_turns\": %zu, "
		    "\"steps\": %zu, \"vortices\": %zu}",
		    k ? "," : "", r->constant, r->range, design_picture_turns(r), r->steps,
		    r->vortices);
	}
	fputs("\n\t]\n", file);
}

/* Members of an object. */
static void put_result(FILE *file, const char *indent, const onn_design_result *r, const char *end)
{
	const onn_likeness *l = &r->likeness;

	put_number(file, indent, "loss", r->loss, ",");
	put_number(file, indent, "scale", r->scale, ",");
	put_number(file, indent, "arriving", r->arriving, ",");
	put_number(file, indent, "efficiency", l->efficiency, ",");
	put_number(file, indent, "psnr", l->psnr, ",");
	put_number(file, indent, "ssim", l->ssim, ",");
	put_number(file, indent, "correlation", l->correlation, ",");
	put_number(file, indent, "mse", l->mse, end);
}

static void put_summary(FILE *file, const void *user)
{
	const design_figures *f = user;

	fprintf(file, "{\n\t\"steps\": %zu,\n", onn_designer_steps(f->run->designer));
	put_result(file, "\t", f->result, ",");
	put_number(file, "\t", "gain", f->outcome->gain, ",");
	if (f->outcome->amplitudes) {
		fputs("\t\"as_phases\": {\n", file);
		put_result(file, "\t\t", &f->outcome->phases, "");
		fputs("\t},\n", file);
	}
	put_reliefs(file, f);
	fputs("}\n", file);
}

static void print_reliefs(const design_figures *f)
{
	const onn_design *d = onn_designer_design(f->run->designer);
	onn_relief all = {0};

	for (size_t k = 0; k < d->plates; k++) {
		all.pairs += f->relief[k].pairs;
		all.steps += f->relief[k].steps;
		all.vortices += f->relief[k].vortices;
		all.range = fmax(all.range, f->relief[k].range);
	}
	printf(
	    "reliefs of up to %.2f waves, with a step of more than half a wave between %.2f %% of "
	    "neighbouring pixels; %zu %s\n",
	    all.range / TURN, all.pairs ? 100 * (double)all.steps / (double)all.pairs : 0,
	    all.vortices, all.vortices == 1 ? "vortex" : "vortices");
}

/* What --gds came to, all plates together. */
static void print_cells(const design_run *r, const onn_gds_report *cell)
{
	size_t plates = onn_designer_design(r->designer)->plates, rectangles = 0, narrower = 0,
	       contacts = 0, layers = 0;
	double narrowest = 0;

	for (size_t k = 0; k < plates; k++) {
		const onn_gds_report *c = &cell[k];
		rectangles += c->rectangles;
		narrower += c->narrower;
		contacts += c->contacts;
		layers = c->layers > layers ? c->layers : layers;
		if (narrowest == 0 || (c->narrowest > 0 && c->narrowest < narrowest))
			narrowest = c->narrowest;
	}
	if (!r->s->quiet)
		printf("%s: %zu cell%s of up to %zu layer%s, %zu rectangles; the narrowest line is "
		       "%s, at %zu corners pixels meet without a side\n",
		    r->s->gds, plates, plates == 1 ? "" : "s", layers, layers == 1 ? "" : "s",
		    rectangles, METRES(narrowest, 4), contacts);
	if (narrower)
		fprintf(stderr,
		    "onn design: WARNING: %s: %zu line%s narrower than --gds-feature %s; expected "
		    "fewer levels or larger pixels\n",
		    r->s->gds, narrower, narrower == 1 ? " is" : "s are",
		    METRES(r->s->mask.feature, 4));
}

static int write_files(design_figures *f)
{
	onn_array *first = NULL, *last = NULL;
	size_t plates = onn_designer_design(f->run->designer)->plates;

	design_made made = {
	    calloc(plates, sizeof *made.relief), calloc(plates, sizeof *made.cell), 0};
	onn_status status = made.relief && made.cell
	                        ? design_plates_save(&made, &first, &last, f->run)
	                        : command_no_memory();
	f->relief = made.relief;
	if (!status && f->run->s->gds)
		print_cells(f->run, made.cell);
	if (!status && design_shows_patterns(f->run->s) && !f->run->s->quiet)
		printf("patterns for a modulator: phases are shown within %.3g rad\n", made.worst);
	int code =
	    status ? command_status(&command_design, status)
	           : path_write(&command_design, f->run->s->out, "summary.json", put_summary, f);
	f->first = first;
	f->last = last;
	if (!code)
		code = design_figures_draw(f);
	if (!code && !f->run->s->quiet)
		print_reliefs(f);
	free(made.relief);
	free(made.cell);
	onn_array_destroy(first);
	onn_array_destroy(last);
	return code;
}

const char *design_making_text(char *text, size_t room, const design_outcome *o)
{
	if (o->gain > 1)
		snprintf(text, room, "complex plates amplify up to %.4g: not for making", o->gain);
	else
		snprintf(text, room, "complex plates absorb, which heights cannot");
	return text;
}

int design_report(design_outcome *o, design_run *r)
{
	onn_array *picture = NULL, *target = NULL;
	onn_status status = onn_designer_result(&o->result, &picture, r->designer);

	o->gain = 1;
	o->amplitudes =
	    onn_designer_design(r->designer)->modulation == ONN_DESIGN_MODULATION_COMPLEX;
	/* the memory of a step is not needed any more, and what comes now needs as much */
	onn_designer_rest(r->designer);
	if (!status && o->amplitudes)
		status = onn_designer_result_of_phases(&o->phases, &o->gain, NULL, r->designer);
	if (!status)
		status = onn_array_convert(&target, onn_designer_target(r->designer), ONN_F64);
	int code = status ? command_status(&command_design, status) : EXIT_OK;
	if (!code && r->s->out) {
		design_figures f = {.run = r,
		    .outcome = o,
		    .result = &o->result,
		    .target = target,
		    .intensity = picture};
		code = write_files(&f);
	}
	onn_array_destroy(picture);
	onn_array_destroy(target);
	return code;
}
