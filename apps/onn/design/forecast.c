/* What is known of a design before it runs, for those who wait for it. */
#include <math.h>
#include <stdio.h>

#include "design.h"
#include "system.h"

enum { PROBE_PIXELS = 512, PROBE_STEPS = 3 };

void design_announce(const design_run *r)
{
	const onn_design *d = &r->s->design;

	if (r->s->quiet && !r->s->dry)
		return;
	printf("%zu %s plate%s of %zu x %zu pixels, %g mm apart, wavelength %g nm; %s\n", d->plates,
	    onn_design_modulation_name(d->modulation), d->plates == 1 ? "" : "s", d->pixels,
	    d->pixels, 1e3 * d->distance, 1e9 * d->wavelength, onn_type_name(d->precision));
	fflush(stdout);
}

/* ---- sampling ---- */

static bool enough(void *user, size_t padding)
{
	onn_design d = *(const onn_design *)user;
	onn_sampling sampling;
	d.padding = padding;
	return !onn_design_sampling(&sampling, &d) && sampling.enough;
}

static void tell_sampling(const design_run *r)
{
	onn_design d = r->s->design;
	onn_sampling sampling;

	if (onn_design_sampling(&sampling, &d))
		return;
	if (!sampling.enough)
		sampling_warn(
		    &command_design, "the space between plates", sampling.why, enough, &d);
	else if (r->s->dry)
		printf("spaces are sampled finely enough: %s\n", sampling.why);
}

/* ---- reach ---- */

static void tell_reach(const design_run *r, const onn_design_forecast *f)
{
	const onn_design *d = &r->s->design;

	if (r->s->dry)
		printf(
		    "light can turn aside by %.3g mm on its way of %.3g m; %.1f %% of the target "
		    "lies beyond\n",
		    1e3 * f->reach, d->distance * (double)d->plates, 100 * f->unreached);
	if (f->unreached > .05) {
		fprintf(stderr,
		    "onn design: WARNING: %.0f %% of the target lies where the source's light "
		    "cannot get to: pixels of %.3g um turn it aside by %.3g mm on the whole way, "
		    "and there it stays dark; expected ",
		    100 * f->unreached, 1e6 * d->side / (double)d->pixels, 1e3 * f->reach);
		if (!r->s->source)
			fprintf(stderr, "an --aperture of %.3g, or ", f->aperture);
		fprintf(
		    stderr, "a --distance of %.3g, more --plates, or a finer pitch\n", f->distance);
	}
	if (f->padding)
		fprintf(stderr,
		    "onn design: WARNING: light can leave the grid, and comes in again on the "
		    "other side; expected --padding %zu\n",
		    f->padding);
}

/* ---- memory and time ---- */

static void tell_memory(const design_run *r, const onn_design_forecast *f)
{
	char of[40] = "";

	if (f->memory < INFINITY)
		snprintf(of, sizeof of, ", of %.1f GB", f->memory / 1e9);
	if (r->s->dry || (!r->s->quiet && f->bytes > 1e9))
		printf("memory: some %.3g GB%s\n", f->bytes / 1e9, of);
	fflush(stdout);
	if (f->bytes > .8 * f->memory)
		fprintf(stderr,
		    "onn design: WARNING: some %.3g GB of memory are needed%s; expected a smaller "
		    "--size or --padding, fewer --plates, or --checkpoint-planes\n",
		    f->bytes / 1e9, of);
}

/* Seconds of a step: of one like it, with two plates and no more than so many pixels. */
static onn_status probe(double *seconds, const design_run *r)
{
	onn_design d = r->s->design;
	onn_designer *designer = NULL;
	double part, start = 0;

	if (d.pixels > PROBE_PIXELS) {
		d.padding = d.padding * PROBE_PIXELS / d.pixels;
		d.side *= PROBE_PIXELS / (double)d.pixels;
		d.aperture = d.side;
		d.pixels = PROBE_PIXELS;
	}
	d.plates = d.plates > 2 ? 2 : d.plates;
	if (d.checkpoint_planes > d.plates)
		d.checkpoint_planes = 1;
	double n = (double)(d.pixels + 2 * d.padding);
	double wide = (double)(r->s->design.pixels + 2 * r->s->design.padding);
	part = n * n * log(n) * (double)d.plates /
	       (wide * wide * log(wide) * (double)r->s->design.plates);
	onn_status status = onn_designer_create(&designer, &d, NULL, NULL, r->device);
	/* the first step is slower */
	for (int i = 0; i <= PROBE_STEPS && !status; i++) {
		if (i == 1)
			start = system_clock();
		status = onn_designer_step(designer);
	}
	*seconds = (system_clock() - start) / PROBE_STEPS / part;
	onn_designer_destroy(designer);
	return status;
}

static int tell_time(const design_run *r)
{
	double seconds;
	onn_status status = probe(&seconds, r);

	if (status)
		return command_status(&command_design, status);
	printf("time: some %.3g s, %zu steps of %.3g ms on device %s, and what is written\n",
	    seconds * (double)r->s->design.steps, r->s->design.steps, 1e3 * seconds,
	    onn_device_name(r->device));
	return EXIT_OK;
}

int design_foresee(const design_run *r, const onn_design_inputs *inputs)
{
	onn_design_forecast f;
	onn_status status = onn_design_foresee(&f, &r->s->design, inputs, r->device);

	if (status)
		return command_status(&command_design, status);
	if (inputs)
		tell_reach(r, &f);
	tell_sampling(r);
	tell_memory(r, &f);
	if (!r->s->dry)
		return EXIT_OK;
	int code = f.bytes < f.memory ? tell_time(r) : EXIT_OK;
	printf("nothing was run, as --dry-run asks\n");
	return code;
}
