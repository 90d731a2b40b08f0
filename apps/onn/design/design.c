/* onn design: from options to plates and back to a person. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "design.h"
#include "system.h"

static int usage_of_folder(const design_settings *s)
{
	if (s->resume && !s->out)
		return command_usage(
		    &command_design, "--resume needs --out DIR, the folder of the run");
	if (s->stl && !s->out)
		return command_usage(&command_design, "--stl needs --out DIR, where the solids go");
	return EXIT_OK;
}

/* Of a resumed run these are its own. */
static int usage_of_plates(const onn_design *d)
{
	if (d->update == ONN_DESIGN_UPDATE_GERCHBERG_SAXTON &&
	    d->modulation != ONN_DESIGN_MODULATION_PHASE)
		return command_usage(&command_design, "--update gerchberg-saxton is for plates of "
		                                      "phase; expected --modulation phase");
	return EXIT_OK;
}

/* ---- beginnings ---- */

static int open_device(design_run *r)
{
	onn_device_options options = ONN_DEVICE_OPTIONS_INIT;

	options.threads = (int)r->s->threads;
	options.profile = r->s->profile;
	onn_status status = onn_device_create(&r->device, r->s->device, &options);
	return status ? command_status(&command_design, status) : EXIT_OK;
}

/* A name that config.json keeps: a resumed run may start elsewhere. */
static int keep_path(char **full, const char **path)
{
	if (!*path)
		return EXIT_OK;
	*full = system_full_path(*path);
	if (!*full)
		return command_fail(&command_design, "cannot read %s", *path);
	*path = *full;
	return EXIT_OK;
}

static int check_folder(const design_settings *s)
{
	bool found = s->out && onn_design_config_exists(s->out);

	if (found && !s->resume)
		return command_fail(&command_design,
		    "%s holds a run; --resume goes on with it, another --out starts a new one",
		    s->out);
	if (s->resume && !found)
		return command_fail(
		    &command_design, "%s has no checkpoint last.npz to resume from", s->out);
	return EXIT_OK;
}

static int make_folder(const char *out, const char *name)
{
	char *path = path_join(out, name);
	bool fine = path && system_make_folder(path);
	int code = fine ? EXIT_OK
	                : command_fail(&command_design, "cannot make the folder %s: %s",
	                      path ? path : out, strerror(errno));

	free(path);
	return code;
}

static void announce(const design_run *r)
{
	const onn_design *d = onn_designer_design(r->designer);
	const onn_plan *step = onn_designer_plan(r->designer);
	int threads = onn_device_threads(r->device);
	onn_sampling sampling;

	printf("%zu %s plate%s of %zu x %zu pixels, %g mm apart, wavelength %g nm; %s\n", d->plates,
	    onn_design_modulation_name(d->modulation), d->plates == 1 ? "" : "s", d->pixels,
	    d->pixels, 1e3 * d->distance, 1e9 * d->wavelength, onn_type_name(d->precision));
	if (!onn_design_sampling(&sampling, d) && !sampling.enough)
		printf("the space between plates is sampled too coarsely: %s\n", sampling.why);
	printf("device %s: %s, %d thread%s; a step is a plan of %zu steps and %.1f MB\n",
	    onn_device_name(r->device), onn_device_description(r->device), threads,
	    threads == 1 ? "" : "s", onn_plan_steps(step), (double)onn_plan_bytes(step) / 1e6);
	fflush(stdout);
}

/* ---- ends ---- */

static int stopped(const design_run *r, int argc, char **argv)
{
	fprintf(stderr, "onn design: stopped by a signal after step %zu of %zu",
	    onn_designer_steps(r->designer), onn_designer_design(r->designer)->steps);
	if (!r->s->out) {
		fprintf(stderr, "; nothing is kept, since no --out was given\n");
		return EXIT_FAILED;
	}
	fprintf(stderr, "; saved. Go on with:\n");
	command_again(&command_design, argc, argv, r->s->resume ? "" : " --resume");
	return EXIT_FAILED;
}

static void print_result(
    const design_run *r, const onn_design_result *d, size_t before, double seconds)
{
	size_t done = onn_designer_steps(r->designer), taken = done - before;

	if (taken == 0 && before > 0)
		printf("%s is finished: nothing was left to do\n", r->s->out);
	printf("loss %.6g after %zu step%s; efficiency %.2f %%, PSNR %.2f dB, SSIM %.4f, "
	       "correlation %.5f\n",
	    d->loss, done, done == 1 ? "" : "s", 100 * d->likeness.efficiency, d->likeness.psnr,
	    d->likeness.ssim, d->likeness.correlation);
	if (taken && !r->s->quiet)
		printf("%zu steps in %.2f s, %.3g ms each, pictures and checkpoints included\n",
		    taken, seconds, 1e3 * seconds / (double)taken);
	if (!r->s->out && !r->s->quiet)
		printf("nothing is kept; --out DIR keeps the plates and the pictures\n");
}

static int finish(design_run *r, size_t before, double seconds)
{
	onn_design_result d;
	char *profile = r->s->profile ? onn_plan_profile(onn_designer_plan(r->designer)) : NULL;
	int code = design_report(&d, r);

	if (!code)
		print_result(r, &d, before, seconds);
	if (!code && profile)
		printf("\n%s", profile);
	onn_free(profile);
	return code;
}

/* ---- the whole ---- */

static int make_designer(design_run *r, const onn_design *design)
{
	onn_design_inputs in = ONN_DESIGN_INPUTS_INIT;
	onn_design_options options = ONN_DESIGN_OPTIONS_INIT;
	design_arrays arrays = {0};

	options.out = r->s->out;
	options.resume = r->s->resume;
	options.user = r;
	options.progress = design_progress;
	options.picture = r->s->out ? design_camera : NULL;
	int code = r->s->resume ? EXIT_OK : design_inputs_load(&arrays, &in, r->s, design);
	onn_status status =
	    code ? ONN_OK : onn_designer_create(&r->designer, design, &in, &options, r->device);
	design_inputs_clear(&arrays);
	return status ? command_status(&command_design, status) : code;
}

static int design_plates(design_run *r, const onn_design *design, int argc, char **argv)
{
	int code = make_designer(r, design);

	if (!code && r->s->out)
		code = make_folder(r->s->out, "camera");
	if (!code && r->s->out)
		code = make_folder(r->s->out, "plates");
	if (code)
		return code;
	if (!r->s->quiet)
		announce(r);
	size_t before = onn_designer_steps(r->designer);
	double begin = system_clock();
	onn_status status = onn_designer_run(r->designer);
	double seconds = system_clock() - begin;
	if (r->terminal)
		fputs("\r\033[K", stderr);
	if (status == ONN_CANCELLED)
		return stopped(r, argc, argv);
	return status ? command_status(&command_design, status) : finish(r, before, seconds);
}

static int design_all(
    design_run *r, design_settings *s, const command_line *line, int argc, char **argv)
{
	onn_design_config config = {.design = ONN_DESIGN_INIT};
	char *full[3] = {NULL, NULL, NULL};
	onn_status status = s->resume ? onn_design_config_load(&config, s->out) : ONN_OK;
	int code = status ? command_status(&command_design, status) : EXIT_OK;

	if (!code && strcmp(s->target, "smiley") != 0)
		code = keep_path(&full[0], &s->target);
	if (!code)
		code = keep_path(&full[1], &s->source);
	if (!code)
		code = keep_path(&full[2], &s->start);
	if (!code)
		code = design_take_options(s, &config, line);
	if (!code)
		code = command_needs(&command_design, line, s);
	if (!code)
		code = usage_of_plates(&config.design);
	if (!code)
		code = open_device(r);
	if (!code)
		code = design_plates(r, &config.design, argc, argv);
	for (size_t i = 0; i < sizeof full / sizeof *full; i++)
		free(full[i]);
	return code;
}

int design_command_run(int argc, char **argv)
{
	design_settings s = {0};
	command_line line;
	int code;

	if (!command_parse(&command_design, argc, argv, &s, &line, &code))
		return code;
	design_run r = {.s = &s, .terminal = system_is_terminal(stderr) && !s.quiet};
	code = usage_of_folder(&s);
	if (!code)
		code = check_folder(&s);
	if (!code) {
		system_catch_stop();
		code = design_all(&r, &s, &line, argc, argv);
	}
	onn_designer_destroy(r.designer);
	onn_device_destroy(r.device);
	command_release(&command_design, &s);
	return code;
}
