/*
 * How a design begins: options, device, inputs, a run to go on with.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/options.h"
#include "design/designer.h"
#include "run/checkpoint.h"

static const char *const function = "onn_designer_create";

/* ---- memory ---- */

/* What a design holds at least. */
static double bytes_of(const onn_design *d)
{
	double n = (double)d->pixels, wide = n + 2 * (double)d->padding;
	double number = 2 * (double)onn_type_size(d->precision), plates = (double)d->plates;
	double segment = (double)d->checkpoint_planes;
	double kept = segment > 0 && segment < plates ? ceil(plates / segment) + segment : plates;
	double moments = d->update == ONN_DESIGN_UPDATE_ADAM ? 2 : 0;
	double part = d->modulation == ONN_DESIGN_MODULATION_PHASE ? 0.5 : 1;

	return number * (n * n * (plates * part * (1 + moments) + kept) + 3 * wide * wide);
}

/* Said before anything is tried: a system that promises memory which it has not would end the
 * program in the middle. */
static onn_status check_memory(const onn_designer *d)
{
	const onn_design *design = &d->config.design;
	double bytes = bytes_of(design);
	/* looking for devices takes a moment, and so much there is everywhere */
	double memory = bytes <= 1e9 ? INFINITY : onn_design_memory_of(d->device);

	if (bytes <= memory)
		return ONN_OK;
	return onn_error(ONN_ERROR_MEMORY,
	    "onn_designer_create: size %zu with %zu plates%s needs %.1f GB; device %s has %.1f GB",
	    design->pixels, design->plates, design->padding ? " and this padding" : "", bytes / 1e9,
	    onn_device_name(d->device), memory / 1e9);
}

/* ---- beginnings ---- */

static onn_status take_options(onn_designer *d, const onn_design_options *options)
{
	d->options = (onn_design_options)ONN_DESIGN_OPTIONS_INIT;
	onn_status status =
	    onn_options_take(&d->options, options, function, "ONN_DESIGN_OPTIONS_INIT");
	if (!status)
		status = onn_run_folder_open(&d->files, d->options.out, function);
	d->options.out = NULL;
	return status ? status : onn_run_folder_check(&d->files, d->options.resume);
}

/* The checkpoint to go on from, and what it says of its run. */
static onn_status open_run(
    onn_archive **archive, onn_designer *d, const onn_design *asked, const onn_design_inputs *in)
{
	char path[ONN_PATH_ROOM];
	const char *text;
	onn_status status = onn_run_folder_load(archive, &d->files);

	onn_run_folder_path(path, &d->files, "last.npz");
	if (!status)
		status = onn_checkpoint_text(&text, *archive, "config.json", path);
	if (!status)
		status = onn_design_config_parse(&d->config, text, path);
	if (!status)
		status = onn_design_config_compare(&d->config, asked, in, d->files.path);
	return status;
}

static onn_status check_device(onn_designer *d)
{
	onn_type precision = d->config.design.precision;

	if (!onn_device_supports(d->device, precision))
		return onn_error(ONN_ERROR_UNSUPPORTED,
		    "onn_designer_create: device %s has no %s; expected precision f32",
		    onn_device_name(d->device), onn_type_name(precision));
	snprintf(d->config.device, sizeof d->config.device, "%s", onn_device_name(d->device));
	d->config.threads = onn_device_threads(d->device);
	return check_memory(d);
}

/* archive: NULL for a run that begins. */
static onn_status prepare(onn_designer *d, const onn_design_inputs *in, onn_archive **archive)
{
	onn_status status = check_device(d);

	if (!status)
		status = *archive ? onn_designer_load_inputs(d, *archive)
		                  : onn_designer_take_inputs(d, in);
	if (!status)
		status = onn_design_model_build(&d->model, &d->config.design);
	if (!status)
		status = onn_history_reserve(&d->losses, d->config.design.steps + 1);
	if (!status)
		status = onn_designer_make_tensors(d);
	if (!status)
		status = *archive ? onn_designer_load_state(d, *archive)
		                  : onn_designer_take_start(d, in->start);
	/* it is as large as the state, and so is a step's memory */
	onn_archive_destroy(*archive);
	*archive = NULL;
	return status ? status : onn_designer_make_plans(d);
}

static onn_status begin(onn_designer *d)
{
	static const char *const left[] = {"metrics.csv", NULL};
	onn_status status = onn_designer_look(d, function);
	char *config = status ? NULL : onn_design_config_text(&d->config);

	if (!status)
		status = config ? onn_run_folder_start(&d->files, config, left)
		                : onn_error_memory(function, 1);
	onn_free(config);
	return status ? status : onn_designer_write_checkpoint(d);
}

static onn_status create(onn_designer *d, const onn_design *design, const onn_design_inputs *inputs,
    const onn_design_options *options)
{
	onn_design_inputs in = ONN_DESIGN_INPUTS_INIT;
	onn_design asked = ONN_DESIGN_INIT;
	onn_archive *archive = NULL;

	onn_status status = onn_options_take(&in, inputs, function, "ONN_DESIGN_INPUTS_INIT");
	if (!status)
		status = take_options(d, options);
	if (!status && !design && !d->options.resume)
		return onn_error(ONN_ERROR_ARGUMENT,
		    "%s: no design; expected one made by ONN_DESIGN_INIT", function);
	if (!status)
		status = onn_options_take(&asked, design, function, "ONN_DESIGN_INIT");
	/* a run says what it has otherwise before anything else is said of what is asked for */
	if (!status && d->options.resume)
		status = open_run(&archive, d, design ? &asked : NULL, &in);
	if (!status && d->options.resume)
		asked.rules = d->config.design.rules;
	if (!status && (design || !d->options.resume))
		d->config.design = asked;
	if (!status)
		status = onn_settings_check(onn_design_settings(), &d->config.design);
	if (!status)
		status = prepare(d, &in, &archive);
	onn_archive_destroy(archive);
	if (status)
		return status;
	return d->options.resume ? onn_designer_write_config(d) : begin(d);
}

onn_status onn_designer_create(onn_designer **designer, const onn_design *design,
    const onn_design_inputs *inputs, const onn_design_options *options, onn_device *device)
{
	static const onn_history_column loss = {"loss", "%.17g"};
	*designer = NULL;
	if (!device)
		return onn_error(ONN_ERROR_ARGUMENT, "%s: no device; expected one", function);
	onn_designer *d = calloc(1, sizeof *d);
	if (!d)
		return onn_error_memory(function, sizeof *d);
	d->device = device;
	d->losses = (onn_history){.index = "step",
	    .array = "loss",
	    .columns = 1,
	    .kept = 1,
	    .before = 1,
	    .column = &loss};
	onn_status status = create(d, design, inputs, options);
	if (status)
		onn_designer_destroy(d);
	else
		*designer = d;
	return status;
}
