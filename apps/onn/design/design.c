/* onn design: from options to plates and back to a person. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onn/trainer.h>

#include "core/formats.h"
#include "design.h"
#include "record.h"
#include "sweep.h"
#include "result.h"
#include "system.h"

/* The options, and what they borrow from. */
typedef struct job {
	design_settings s;
	command_line line;
	onn_design_config config; /* of the run to resume, or of --config */
	char *full[3];            /* names of files, from the root */
} job;

/* ---- options ---- */

static int usage_of_folder(const design_settings *s)
{
	if (s->resume && !s->out)
		return command_usage(
		    &command_design, "--resume needs --out DIR, the folder of the run");
	if (s->stl && !s->out)
		return command_usage(&command_design, "--stl needs --out DIR, where the solids go");
	if (s->gds && !s->out)
		return command_usage(&command_design,
		    "--gds needs --out DIR, where the plates that it shows are kept");
	if ((s->zemax || design_shows_patterns(s)) && !s->out)
		return command_usage(&command_design, "--%s needs --out DIR, where the plates go",
		    s->zemax      ? "zemax"
		    : s->lut      ? "slm-lut"
		    : s->flatness ? "flatness"
		    : s->slm      ? "slm"
		                  : "slm-2pi-level");
	if (s->lut && s->panel.turn)
		return command_usage(&command_design, "--slm-2pi-level and --slm-lut both say what "
		                                      "levels show; expected one of them");
	if (s->film && !s->out)
		return command_usage(&command_design, "--film needs --out DIR, where it goes");
	if (s->unwrap && !s->out)
		return command_usage(
		    &command_design, "--unwrap needs --out DIR, where the heights go");
	if (s->json && s->dry)
		return command_usage(
		    &command_design, "--json is of a design that is made; given --dry-run");
	if (s->dry && s->resume)
		return command_usage(&command_design,
		    "--dry-run looks at a design before it begins; given --resume");
	return EXIT_OK;
}

static int usage_of_config(const job *j)
{
	if (j->s.config && j->s.resume)
		return command_usage(
		    &command_design, "--config begins a design, and --resume goes on with one");
	if (j->s.config && j->line.given[PRESET_ROW])
		return command_usage(&command_design,
		    "--preset chooses the settings that --config has; expected one of them");
	return EXIT_OK;
}

/* Of a run to resume, its own levels count. */
static int usage_of_gds(const job *j)
{
	const design_settings *s = &j->s;

	if (!s->gds && (s->mask.feature > 0 || s->mask.layers != ONN_GDS_LEVELS))
		return command_usage(
		    &command_design, "--gds-layers and --gds-feature are of --gds FILE.gds");
	if (s->gds && !s->design.levels)
		return command_usage(&command_design,
		    "--gds draws plates that have levels; expected --slm-levels, with --modulation "
		    "phase");
	if (s->gds && s->design.levels > 256 && s->mask.layers == ONN_GDS_LEVELS)
		return command_usage(&command_design,
		    "--gds: %u levels are more than the 256 layers that GDSII has; expected "
		    "--gds-layers masks",
		    s->design.levels);
	return EXIT_OK;
}

static int usage_of_plates(const onn_design *d)
{
	if (d->update == ONN_DESIGN_UPDATE_GERCHBERG_SAXTON &&
	    d->modulation != ONN_DESIGN_MODULATION_PHASE)
		return command_usage(&command_design, "--update gerchberg-saxton is for plates of "
		                                      "phase; expected --modulation phase");
	return EXIT_OK;
}

/* The library says it too, but knows no --resume. */
static int check_folder(const design_settings *s)
{
	bool found = s->out && onn_design_config_exists(s->out);

	if (found && !s->resume)
		return command_fail(&command_design,
		    "%s holds a run; --resume goes on with it, another --out starts a new one",
		    s->out);
	if (!s->resume || found)
		return EXIT_OK;
	int code = record_refuse_several(&command_design, s->out, true);
	return code ? code
	            : command_fail(
	                  &command_design, "%s has no checkpoint last.npz to resume from", s->out);
}

static const char *name_or_null(const char *name) { return *name ? name : NULL; }

/* A run to resume brings its own options along, and a new one those of --config. */
static int recall(job *j)
{
	design_settings *s = &j->s;
	onn_train_config training;
	onn_status status = s->config ? onn_design_config_read(&j->config, s->config)
	                              : onn_design_config_load(&j->config, s->out);

	if (!s->config && status == ONN_ERROR_FORMAT && !onn_train_config_load(&training, s->out)) {
		onn_train_config_clear(&training);
		return command_fail(&command_design,
		    "%s is a run of onn train; expected a design, of onn design", s->out);
	}
	if (!s->config && status == ONN_ERROR_FORMAT)
		status = onn_design_config_load(&j->config, s->out); /* its text once more */
	if (status)
		return command_status(&command_design, status);
	s->design = j->config.design;
	/* a resumed run has its target in the checkpoint */
	s->target = s->config && !*j->config.target ? "smiley" : name_or_null(j->config.target);
	s->source = name_or_null(j->config.source);
	s->start = name_or_null(j->config.start);
	s->device = j->config.device;
	s->threads = (uint64_t)j->config.threads;
	return EXIT_OK;
}

/* A name that config.json keeps: a resumed run may start elsewhere. */
static int keep_path(char **full, const char **path)
{
	char file[ONN_FORMAT_PATH];
	const char *member = NULL;
	bool parted = onn_format_ending(file, &member, *path) && member;

	*full = system_full_path(parted ? file : *path);
	if (!*full) {
		fputs("onn design: ", stderr);
		system_error(parted ? file : *path);
		return EXIT_FAILED;
	}
	if (parted) {
		size_t room = strlen(*full) + strlen(member) + 2;
		char *longer = realloc(*full, room);
		if (!longer)
			return command_status(&command_design, command_no_memory());
		snprintf(longer + strlen(longer), room - strlen(longer), ":%s", member);
		*full = longer;
	}
	*path = *full;
	return EXIT_OK;
}

static int keep_paths(job *j)
{
	const char **path[] = {&j->s.target, &j->s.source, &j->s.start};
	int code = EXIT_OK;

	for (size_t i = 0; i < sizeof path / sizeof *path && !code; i++)
		if (j->line.given[i] && (i > 0 || strcmp(*path[i], "smiley") != 0))
			code = keep_path(&j->full[i], path[i]);
	return code;
}

/* What is given, over the preset that is given. */
static bool fill(job *j, int *code)
{
	const command *c = &command_design;

	if (!command_fill(c, &j->line, &j->s, code))
		return false;
	if (!j->line.given[PRESET_ROW])
		return true;
	onn_design_use_preset(&j->s.design, j->s.choice.preset);
	return command_fill(c, &j->line, &j->s, code);
}

/*
 * First the defaults; then, of a run to resume or in --config, its configuration; then what is
 * given, which the library compares with the run to resume.
 */
static int take_options(job *j)
{
	const command *c = &command_design;
	design_settings *s = &j->s;
	int code;

	command_standard(c, s);
	if (!fill(j, &code))
		return code;
	code = usage_of_folder(s);
	if (!code)
		code = usage_of_config(j);
	if (!code && !s->dry)
		code = check_folder(s);
	if (!code && (s->resume || s->config))
		code = recall(j);
	if (!code && (s->resume || s->config))
		fill(j, &code);
	if (!code && !s->resume)
		code = command_needs(c, &j->line, s);
	if (!code && !s->resume)
		code = usage_of_plates(&s->design);
	if (!code)
		code = usage_of_gds(j);
	if (!code && s->gds)
		code = path_check_folder(c, s->gds);
	return code ? code : keep_paths(j);
}

/* ---- beginnings ---- */

static int open_device(design_run *r)
{
	onn_device_options options = ONN_DEVICE_OPTIONS_INIT;

	options.threads = (int)r->s->threads;
	options.profile = r->s->profile;
	onn_status status = device_open(&r->device, r->s->device, &options);
	return status ? command_status(&command_design, status) : EXIT_OK;
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
	const onn_plan *step = onn_designer_plan(r->designer);
	int threads = onn_device_threads(r->device);

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
		return system_stop_code();
	}
	fprintf(stderr, "; saved. Go on with:\n");
	command_again(&command_design, argc, argv, r->s->resume ? "" : " --resume");
	return system_stop_code();
}

static void add_numbers(result *r, const onn_design_result *n)
{
	result_real(r, "loss", n->loss, NULL);
	result_real(r, "scale", n->scale, NULL);
	result_real(r, "arriving", n->arriving, NULL);
	result_real(r, "efficiency", n->likeness.efficiency, NULL);
	result_real(r, "psnr", n->likeness.psnr, "dB");
	result_real(r, "ssim", n->likeness.ssim, NULL);
	result_real(r, "correlation", n->likeness.correlation, NULL);
	result_real(r, "mse", n->likeness.mse, NULL);
}

static int print_json(const design_run *run, const design_outcome *o, size_t before, double seconds)
{
	const onn_design *d = onn_designer_design(run->designer);
	result r = result_begin(&command_design);

	result_text(&r, "device", onn_device_name(run->device));
	result_whole(&r, "steps", onn_designer_steps(run->designer));
	result_whole(&r, "steps_before", before);
	result_real(&r, "seconds", seconds, "s");
	result_whole(&r, "plates", d->plates);
	result_whole(&r, "pixels", d->pixels);
	result_real(&r, "distance", d->distance, "m");
	result_real(&r, "wavelength", d->wavelength, "m");
	add_numbers(&r, &o->result);
	if (o->amplitudes) {
		result_real(&r, "gain", o->gain, NULL);
		result_enter(&r, "as_phases");
		add_numbers(&r, &o->phases);
		result_leave(&r);
	}
	if (run->s->out)
		result_text(&r, "out", run->s->out);
	return result_end(&r, EXIT_OK);
}

static void print_numbers(const onn_design_result *r)
{
	printf(
	    "efficiency %.2f %%, PSNR %.2f dB, SSIM %.4f, correlation %.5f; %.2f %% of the light "
	    "arrives\n",
	    100 * r->likeness.efficiency, r->likeness.psnr, r->likeness.ssim,
	    r->likeness.correlation, 100 * r->arriving);
}

static void print_result(
    const design_run *r, const design_outcome *o, size_t before, double seconds)
{
	size_t done = onn_designer_steps(r->designer), taken = done - before;
	char making[100];

	if (taken == 0 && before > 0 && !r->s->quiet)
		printf("%s is finished: nothing was left to do\n", r->s->out);
	printf("loss %.6g after %zu step%s; ", o->result.loss, done, done == 1 ? "" : "s");
	print_numbers(&o->result);
	if (o->amplitudes) {
		printf("%s; as phases alone, as in plates/: ",
		    design_making_text(making, sizeof making, o));
		print_numbers(&o->phases);
	}
	if (taken && !r->s->quiet)
		printf("%zu steps in %.2f s, %.3g ms each, pictures and checkpoints included\n",
		    taken, seconds, 1e3 * seconds / (double)taken);
	if (!r->s->out && !r->s->quiet)
		printf("nothing is kept; --out DIR keeps the plates and the pictures\n");
}

/* What a list of designs is compared by. */
static const char *const figure_name[] = {
    "loss", "psnr", "ssim", "correlation", "efficiency", "seconds"};
enum { FIGURES = sizeof figure_name / sizeof *figure_name };

static void note_outcome(double figure[FIGURES], const design_outcome *o, double seconds)
{
	const onn_likeness *l = &o->result.likeness;
	const double value[FIGURES] = {
	    o->result.loss, l->psnr, l->ssim, l->correlation, l->efficiency, seconds};

	memcpy(figure, value, sizeof value);
}

static int finish(design_run *r, size_t before, double seconds)
{
	design_outcome o;
	char *profile = r->s->profile ? onn_plan_profile(onn_designer_plan(r->designer)) : NULL;
	int code = design_report(&o, r);

	if (!code && r->figure)
		note_outcome(r->figure, &o, seconds);
	if (!code && r->s->json)
		code = print_json(r, &o, before, seconds);
	else if (!code)
		print_result(r, &o, before, seconds);
	if (!code && profile && !r->s->json)
		printf("\n%s", profile);
	onn_free(profile);
	return code;
}

/* ---- the whole ---- */

static int make_designer(design_run *r)
{
	const design_settings *s = r->s;
	onn_design_inputs in = ONN_DESIGN_INPUTS_INIT;
	onn_design_options options = ONN_DESIGN_OPTIONS_INIT;
	design_arrays arrays = {0};
	onn_status status = ONN_OK;

	options.out = s->out;
	options.resume = s->resume;
	options.user = r;
	options.progress = design_progress;
	options.picture = s->out ? design_camera : NULL;
	in.target_name = s->target;
	in.source_name = s->source;
	in.start_name = s->start;
	int code = EXIT_OK;
	design_announce(r);
	if (!s->resume)
		code = design_inputs_load(&arrays, &in, s);
	if (!code && !s->resume)
		code = design_foresee(r, &in);
	if (!code && !s->dry)
		status = onn_designer_create(&r->designer, &s->design, &in, &options, r->device);
	design_inputs_clear(&arrays);
	/* of a run to resume the library says first what it has otherwise */
	if (!code && !status && s->resume)
		code = design_foresee(r, NULL);
	return status ? command_status(&command_design, status) : code;
}

static int begin(design_run *r)
{
	int code = design_panel_load(r);

	if (!code)
		code = open_device(r);
	if (!code)
		code = make_designer(r);
	if (code || r->s->dry)
		return code;
	if (!code && r->s->out)
		code = make_folder(r->s->out, "camera");
	if (!code && r->s->out)
		code = make_folder(r->s->out, "plates");
	if (!code && !r->s->quiet)
		announce(r);
	return code;
}

static int design_plates(design_run *r, int argc, char **argv)
{
	size_t before = onn_designer_steps(r->designer);
	double start = system_clock();
	onn_status status = onn_designer_run(r->designer);
	double seconds = system_clock() - start;

	if (r->terminal)
		fputs("\r\033[K", stderr);
	if (status == ONN_CANCELLED)
		return stopped(r, argc, argv);
	return status ? command_status(&command_design, status) : finish(r, before, seconds);
}

static int run_one(double *figure, const void *what, int argc, char **argv)
{
	job *j = calloc(1, sizeof *j);
	design_run r = {.figure = figure};
	int code = EXIT_OK;

	(void)what;
	if (!j)
		return command_fail(&command_design, "no memory");
	r.s = &j->s;
	bool read = command_scan(&j->line, &command_design, argc, argv, &code);
	if (read && !figure && sweep_is_asked(&command_design, &j->line)) {
		const sweep_kind all = {&command_design, figure_name, FIGURES, FIGURES - 1, run_one,
		    NULL, "loss", 1, NULL, NULL, NULL};
		code = sweep_run(&all, &j->line);
	} else if (read && !ranks_is_other()) { /* one design the first process does */
		code = sweep_check_one(&command_design, &j->line);
		if (!code)
			code = take_options(j);
		if (!code)
			code = ranks_check_one(&command_design, j->s.device);
		if (!code && figure && j->s.gds)
			code =
			    command_usage(&command_design, "--gds is one file, and there are "
			                                   "several designs; expected one of them");
		j->s.quiet |= j->s.json;
		r.terminal = system_is_terminal(stderr) && !j->s.quiet;
		r.pace = j->s.pace;
		system_end_on_stop(
		    figure ? "onn design: stopped by a signal, with nothing to save; all runs of "
		             "the list go on by the same command as before\n"
		           : "onn design: stopped by a signal, with nothing to save\n");
		if (!code)
			code = begin(&r);
		if (!code && !j->s.dry)
			code = design_plates(&r, argc, argv);
	}
	onn_array_destroy(r.lut);
	onn_array_destroy(r.flatness);
	onn_designer_destroy(r.designer);
	device_close(r.device);
	command_release(&command_design, &j->s);
	for (size_t i = 0; i < sizeof j->full / sizeof *j->full; i++)
		free(j->full[i]);
	free(j);
	return code;
}

int design_run_command(int argc, char **argv) { return run_one(NULL, NULL, argc, argv); }
