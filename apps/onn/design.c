/* onn design: from options to plates and back to a person. */
#include <errno.h>
#include <math.h>
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
static int usage_of_plates(const design_settings *s)
{
	if (s->update == DESIGN_GERCHBERG_SAXTON && !s->modulation)
		return command_usage(&command_design, "--update gerchberg-saxton is for plates of "
		                                      "phase; expected --modulation phase");
	return EXIT_OK;
}

static void set_problem(design_problem *p, const design_settings *s)
{
	static const onn_evanescent evanescent[] = {
	    ONN_EVANESCENT_PASS, ONN_EVANESCENT_DECAY, ONN_EVANESCENT_DROP};

	*p = (design_problem){
	    .size = (size_t)s->size,
	    .plates = (size_t)s->plates,
	    .side = s->side,
	    .distance = s->distance,
	    .wavelength = s->wavelength,
	    .padding = (size_t)s->padding,
	    .evanescent = evanescent[s->evanescent],
	    .real = s->precision ? ONN_F64 : ONN_F32,
	    .phase = s->modulation == 1,
	    .levels = (unsigned)s->slm_levels,
	    .update = (design_update)s->update,
	    .loss = (design_loss)s->loss,
	    .rate = s->lr,
	    .keep_every = s->checkpoint_planes < s->plates ? (size_t)s->checkpoint_planes : 0,
	};
}

/* ---- memory ---- */

static double device_memory(const onn_device *device)
{
	onn_device_info *list = NULL;
	size_t count = 0;
	double memory = INFINITY;

	if (onn_device_list(&list, &count) == ONN_OK)
		for (size_t i = 0; i < count; i++)
			if (!strcmp(list[i].name, onn_device_name(device)) && list[i].memory)
				memory = (double)list[i].memory;
	onn_free(list);
	return memory;
}

/* What a design holds at least, said before anything is tried: a system that promises memory which
 * it has not would end the program in the middle. */
static int check_memory(const design_run *r)
{
	const design_problem *p = &r->problem;
	double n = (double)p->size, plane = n * n * 2 * (double)onn_type_size(p->real);
	double wide = n + 2 * (double)p->padding, plates = (double)p->plates;
	double kept =
	    p->keep_every ? ceil(plates / (double)p->keep_every) + (double)p->keep_every : plates;
	double moments = p->update == DESIGN_ADAM ? 2 : 0;
	double spectrum = 3 * wide * wide * 2 * (double)onn_type_size(p->real);
	double bytes = plane * (plates * (p->phase ? 0.5 : 1) * (1 + moments) + kept) + spectrum;
	/* looking for devices takes a moment, and so much there is everywhere */
	double memory = bytes <= 1e9 ? INFINITY : device_memory(r->device);

	if (bytes <= memory)
		return EXIT_OK;
	return command_fail(&command_design,
	    "--size %zu with %zu plates%s needs %.1f GB; device %s has %.1f GB", p->size, p->plates,
	    p->padding ? " and this padding" : "", bytes / 1e9, onn_device_name(r->device),
	    memory / 1e9);
}

/* ---- beginnings ---- */

static int open_device(design_run *r, design_settings *s)
{
	onn_device_options options = ONN_DEVICE_OPTIONS_INIT;

	options.threads = (int)s->threads;
	options.profile = s->profile;
	onn_status status = onn_device_create(&r->device, s->device, &options);
	if (status)
		return command_status(&command_design, status);
	if (!onn_device_supports(r->device, r->problem.real))
		return command_fail(&command_design,
		    "device %s has no %s; expected --precision f32", onn_device_name(r->device),
		    onn_type_name(r->problem.real));
	s->device = onn_device_name(r->device);
	s->threads = (uint64_t)onn_device_threads(r->device);
	return check_memory(r);
}

/* A name that config.json keeps: a resumed run may start elsewhere. */
static int keep_path(const char **path, char **full)
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
	char *last = s->out ? path_join(s->out, "last.npz") : NULL;
	int code = EXIT_OK;

	if (last && !s->resume && path_exists(last))
		code = command_fail(&command_design,
		    "%s holds a run; --resume goes on with it, another --out starts a new one",
		    s->out);
	else if (last && s->resume && !path_exists(last))
		code = command_fail(
		    &command_design, "%s has no checkpoint last.npz to resume from", s->out);
	free(last);
	return code;
}

static int make_folders(const char *out)
{
	static const char *const names[] = {"", "camera", "plates"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char *path = path_join(out, names[i]);
		bool fine = path && system_make_folder(path);
		if (!fine)
			command_fail(&command_design, "cannot make the folder %s: %s",
			    path ? path : out, strerror(errno));
		free(path);
		if (!fine)
			return EXIT_FAILED;
	}
	return EXIT_OK;
}

static void announce(const design_run *r)
{
	const design_problem *p = &r->problem;
	onn_sampling sampling;

	printf("%zu %s plate%s of %zu x %zu pixels, %g mm apart, wavelength %g nm; %s\n", p->plates,
	    p->phase ? "phase" : "complex", p->plates == 1 ? "" : "s", p->size, p->size,
	    1e3 * p->distance, 1e9 * p->wavelength, onn_type_name(p->real));
	if (!design_model_sampling(p, &sampling) && !sampling.enough)
		printf("the space between plates is sampled too coarsely: %s\n", sampling.why);
	printf("device %s: %s, %d thread%s; a step is a plan of %zu steps and %.1f MB\n",
	    onn_device_name(r->device), onn_device_description(r->device),
	    onn_device_threads(r->device), onn_device_threads(r->device) == 1 ? "" : "s",
	    onn_plan_steps(r->step), (double)onn_plan_bytes(r->step) / 1e6);
	fflush(stdout);
}

/* ---- ends ---- */

static int stopped(const design_run *r, int argc, char **argv)
{
	fprintf(stderr, "onn design: stopped by a signal after step %zu of %llu", r->done,
	    (unsigned long long)r->s->steps);
	if (!r->s->out) {
		fprintf(stderr, "; nothing is kept, since no --out was given\n");
		return EXIT_FAILED;
	}
	fprintf(stderr, "; saved. Go on with:\n");
	command_again(&command_design, argc, argv, r->s->resume ? "" : " --resume");
	return EXIT_FAILED;
}

static void print_result(const design_run *r, const design_result *d, size_t before, double seconds)
{
	size_t taken = r->done - before;

	if (taken == 0 && before > 0)
		printf("%s is finished: nothing was left to do\n", r->s->out);
	printf("loss %.6g after %zu step%s; efficiency %.2f %%, PSNR %.2f dB, SSIM %.4f, "
	       "correlation %.5f\n",
	    d->loss, r->done, r->done == 1 ? "" : "s", 100 * d->likeness.efficiency,
	    d->likeness.psnr, d->likeness.ssim, d->likeness.correlation);
	if (taken && !r->s->quiet)
		printf("%zu steps in %.2f s, %.3g ms each, pictures and checkpoints included\n",
		    taken, seconds, 1e3 * seconds / (double)taken);
	if (!r->s->out && !r->s->quiet)
		printf("nothing is kept; --out DIR keeps the plates and the pictures\n");
}

static int finish(design_run *r, size_t before, double seconds)
{
	design_result d;
	char *profile = r->s->profile ? onn_plan_profile(r->step) : NULL;
	int code = design_report(r, &d);

	if (!code)
		print_result(r, &d, before, seconds);
	if (!code && profile)
		printf("\n%s", profile);
	onn_free(profile);
	return code;
}

/* ---- the whole ---- */

/* archive: the checkpoint to go on from; freed as soon as it is read, for it is as large as the
 * state. */
static int design_plates(design_run *r, onn_archive **archive, int argc, char **argv)
{
	const design_settings *s = r->s;
	bool was_stopped = false;
	onn_status status = design_prepare(r);
	int code = status ? command_status(&command_design, status) : EXIT_OK;

	bool resumed = *archive != NULL;
	if (!code && resumed)
		code = design_checkpoint_state(r, *archive);
	onn_archive_destroy(*archive);
	*archive = NULL;
	if (!code && !resumed)
		code = design_check_start(r);
	if (!code && s->out)
		code = make_folders(s->out);
	if (!code && s->out)
		code = design_write_text(s->out, "config.json", r->config);
	if (!code && s->out && !resumed)
		code = design_checkpoint_write(r);
	if (code)
		return code;
	if (!s->quiet)
		announce(r);
	size_t before = r->done;
	double begin = system_clock();
	code = design_loop(r, &was_stopped);
	double seconds = system_clock() - begin;
	if (code)
		return code;
	return was_stopped ? stopped(r, argc, argv) : finish(r, before, seconds);
}

static int design_all(
    design_run *r, design_settings *s, const command_line *line, int argc, char **argv)
{
	onn_archive *archive = NULL;
	char *full[3] = {NULL, NULL, NULL};
	void *saved = NULL;
	onn_status status = s->resume ? design_checkpoint_open(&archive, s->out) : ONN_OK;
	int code = status ? command_status(&command_design, status) : EXIT_OK;

	if (!code && strcmp(s->target, "smiley") != 0 && (!s->resume || line->given[0]))
		code = keep_path(&s->target, &full[0]);
	if (!code)
		code = keep_path(&s->source, &full[1]);
	if (!code)
		code = keep_path(&s->start, &full[2]);
	if (!code && archive)
		code = design_config_take(
		    s, line, onn_archive_get_text(archive, "config.json"), s->out, &saved);
	if (!code)
		code = command_needs(&command_design, line, s);
	if (!code)
		code = usage_of_plates(s);
	set_problem(&r->problem, s);
	if (!code)
		code = open_device(r, s);
	if (!code)
		code = archive ? design_checkpoint_inputs(r, archive)
		               : design_inputs_load(&r->in, s, &r->problem);
	if (!code) {
		r->config = design_config_text(s);
		if (!r->config)
			code = command_fail(&command_design, "no memory");
	}
	if (!code)
		code = design_plates(r, &archive, argc, argv);
	onn_archive_destroy(archive);
	design_config_release(saved);
	for (size_t i = 0; i < sizeof full / sizeof *full; i++)
		free(full[i]);
	return code;
}

int design_command_run(int argc, char **argv)
{
	design_settings s = {0};
	design_run r = {.s = &s};
	command_line line;
	int code;

	if (!command_parse(&command_design, argc, argv, &s, &line, &code))
		return code;
	code = usage_of_folder(&s);
	if (!code)
		code = check_folder(&s);
	if (!code) {
		system_catch_stop();
		code = design_all(&r, &s, &line, argc, argv);
	}
	design_release(&r);
	command_release(&command_design, &s);
	return code;
}
